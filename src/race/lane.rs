//! One racer on its way: it steps, looks up now and then, and records what it sees. What it does
//! never depends on another lane, a thread, or how its steps are cut into slices.

use std::sync::Arc;

use ndarray::aview1;
use smallvec::SmallVec;

use crate::math::{self, Real};
use crate::optim::Build;
use crate::optim::glide::Note;
use crate::race::course::{Course, State, position};
use crate::race::fault::guarded;
use crate::race::finish::{self, Rules};
use crate::race::footing::Footing;
use crate::race::snapshot::{Outcome, Progress};
use crate::race::trace::{Evaluation, Moment, Trace};
use crate::race::trail::{Spacing, Trail};
use crate::race::{Fresh, Stopwatch};
use crate::scenario::Entrant;

/// On surfaces reading a clock costs more than a step and its evaluation together: it runs through
/// both there, and is read at each of so many first steps ...
const FIRST: u64 = 64;

/// ... and then once in so many.
const CLOCKED: u64 = 256;

/// A lane whatever the float it computes in.
pub trait Lane: Send {
    /// Goes on until about `work` examples have passed through the model (steps, on a surface), at
    /// least one step, or until the racer is done.
    fn advance(&mut self, work: u64);
    /// How far it has come.
    fn progress(&self) -> &Progress;
    /// From now on keeps every evaluation until it is drained.
    fn keep_fresh(&mut self);
    /// From now on keeps its parameters at steps that are so far apart; nothing on surfaces.
    fn keep_trail(&mut self, spacing: Spacing);
    /// What has happened since the last call.
    fn drain(&mut self) -> Vec<Fresh>;
}

/// A racer with everything it needs.
pub struct Racer<F: Real> {
    footing: Arc<Footing<F>>,
    course: Course<F>,
    now: State<F>,
    /// The state at the last evaluation, where steps lie between evaluations.
    before: Option<State<F>>,
    clock: Box<dyn Stopwatch>,
    /// Evaluations in a row that met the target.
    streak: u64,
    progress: Progress,
    fresh: Option<Vec<Fresh>>,
    /// What the last glide has gone through.
    losses: Vec<f64>,
    notes: Vec<Note<F>>,
}

impl<F: Build> Racer<F> {
    /// `racer` at the start of `footing`, evaluated there.
    pub fn new(
        footing: Arc<Footing<F>>,
        racer: &Entrant,
        rules: Rules,
        seed: u64,
        clock: Box<dyn Stopwatch>,
    ) -> Self {
        let problem = Arc::clone(&footing.problem);
        let mut course = Course::new(problem, footing.surface, racer, rules, seed);
        let now = course.start(racer);
        let look = || attempt(|| course.evaluate(&now, 0.0));
        let (start, failed) = match footing.evaluation(look) {
            Ok(start) => (start, None),
            Err(outcome) => (Evaluation::unknown(SmallVec::new()), Some(outcome)),
        };
        let progress = Progress {
            trace: Trace::default(),
            trail: Trail::default(),
            best_loss: start.loss,
            latest: start.clone(),
            steps: 0,
            samples: 0,
            gradient_evaluations: 0,
            clipped: None,
            seconds: 0.0,
            first_hit: None,
            convergence: None,
            outcome: None,
        };
        let before = (course.rules.evaluate_every > 1).then(|| now.clone());
        let mut lane = Self {
            footing,
            course,
            now,
            before,
            clock,
            streak: 0,
            progress,
            fresh: None,
            losses: Vec::new(),
            notes: Vec::new(),
        };
        match failed {
            None => lane.judge(start),
            Some(outcome) => {
                lane.record(start);
                lane.end(outcome);
            }
        }
        lane
    }

    fn run(&mut self, work: u64) {
        let mut spent = 0;
        self.clock.start();
        while spent < work && self.progress.outcome.is_none() {
            spent += match self.glide(work - spent) {
                0 => self.course.step(&mut self.now),
                taken => taken,
            };
            let step = self.now.step;
            if step >= self.progress.trail.next() {
                self.leave_waypoint();
            }
            let broken = self.course.broken(&self.now);
            let is_spent = self.course.rules.spent(self.now.cost.samples).is_some();
            if broken.is_none() && !self.course.due(step) && !is_spent {
                continue;
            }
            if self.course.surface {
                if step < FIRST || step.is_multiple_of(CLOCKED) {
                    self.progress.seconds = self.clock.seconds();
                }
            } else {
                self.clock.stop();
                self.progress.seconds = self.clock.seconds();
                spent += self.course.problem.examples() as u64 / 3;
            }
            let evaluation = self.course.evaluate(&self.now, self.progress.seconds);
            if let Some(cause) = broken {
                let cause = cause.to_owned();
                self.record(evaluation);
                self.end(Outcome::Diverged { step, cause });
            } else {
                self.judge(evaluation);
                if let Some(before) = &mut self.before {
                    before.clone_from(&self.now);
                }
            }
            if !self.course.surface {
                self.clock.start();
            }
        }
        self.clock.stop();
        if self.course.surface {
            self.progress.seconds = self.clock.seconds();
        }
    }

    /// Takes as many steps as need not be looked at one by one, and records all but the last, which
    /// is yet to be judged. Returns how many; there may be none.
    fn glide(&mut self, work: u64) -> u64 {
        let (rules, before) = (&self.course.rules, (self.now.step, self.now.cost.samples));
        let is_watched = self.streak > 0 || self.fresh.is_some() || rules.evaluate_every > 1;
        if is_watched || !self.course.surface || before.0 < FIRST {
            return 0;
        }
        let Some(between) = rules.between(self.start().loss) else {
            return 0;
        };
        let clocked = CLOCKED - before.0 % CLOCKED;
        let most = work.min(clocked).min(rules.steps - before.0);
        let log = (&mut self.losses, &mut self.notes);
        let taken = self.course.glide(&mut self.now, most, between, log);
        self.note(before, taken.saturating_sub(1));
        taken as u64
    }

    /// Records the first so many steps of a glide, which began after so many steps and samples.
    fn note(&mut self, (step, samples): (u64, u64), count: usize) {
        let (losses, notes) = (&self.losses[..count], &self.notes[..count]);
        let price = (self.now.cost.samples - samples) / (self.now.step - step).max(1);
        let (seconds, best) = (self.progress.seconds, &mut self.progress.best_loss);
        *best = losses
            .iter()
            .fold(*best, |best, &loss| if loss < best { loss } else { best });
        self.progress.trace.extend(losses, |i| Evaluation {
            step: step + 1 + i as u64,
            samples: samples + price * (1 + i as u64),
            seconds,
            loss: losses[i],
            accuracy: None,
            test_loss: None,
            test_accuracy: None,
            gradient_norm: Some(math::norm(aview1(&notes[i].g))),
            position: position(aview1(&notes[i].w)),
        });
    }

    /// Keeps the present parameters, while the clock stands.
    fn leave_waypoint(&mut self) {
        self.clock.stop();
        let (moment, w) = (self.moment(self.clock.seconds()), self.parameters());
        self.progress.trail.push(moment, w);
        self.clock.start();
    }

    /// Ends the trail, which is on, with the present parameters.
    fn end_trail(&mut self) {
        let latest = self.latest();
        let seconds = if latest.step == self.now.step {
            latest.seconds
        } else {
            self.clock.seconds()
        };
        let (moment, w) = (self.moment(seconds), self.parameters());
        self.progress.trail.end(moment, w);
    }

    fn moment(&self, seconds: f64) -> Moment {
        Moment {
            step: self.now.step,
            samples: self.now.cost.samples,
            seconds,
        }
    }

    fn parameters(&self) -> Arc<[f32]> {
        self.now.w.iter().map(|w| w.get() as f32).collect()
    }

    /// Decides what an evaluation of the present state means, and records it.
    fn judge(&mut self, evaluation: Evaluation) {
        if let Some(outcome) = finish::diverged(self.start().loss, &evaluation) {
            self.record(evaluation);
            return self.end(outcome);
        }
        if !self.course.rules.met(&evaluation) {
            self.streak = 0;
            self.progress.convergence = None;
            self.record(evaluation);
        } else if self.streak > 0 {
            self.streak += 1;
            self.record(evaluation);
        } else {
            self.streak = 1;
            self.begin_stretch(evaluation);
        }
        if self.streak >= self.course.rules.hold {
            self.end(Outcome::Converged);
        } else if let Some(outcome) = self.limit() {
            self.end(outcome);
        }
    }

    /// The first evaluation of a stretch that meets the target: finds the very step that does,
    /// since the evaluation before, and records both.
    fn begin_stretch(&mut self, evaluation: Evaluation) {
        let mut first = evaluation.clone();
        let between = |before: &&State<F>| before.step + 1 < evaluation.step;
        if let Some(before) = self.before.as_ref().filter(between).cloned() {
            // Not the progress's, which is brought up to date only between slices.
            let unmet = self.latest().clone();
            let (state, hit) = self.course.replay(before, &unmet, &evaluation);
            if self.course.rules.hold == 1 {
                self.now = state;
            }
            first = hit;
        }
        self.progress.first_hit.get_or_insert(first.step);
        self.progress.convergence = Some(first.clone());
        let on_its_own = first.step < evaluation.step;
        self.record(first);
        if on_its_own && self.course.rules.hold > 1 {
            self.record(evaluation);
        }
    }

    /// Whether a limit is reached, and what the racer sits on then.
    fn limit(&mut self) -> Option<Outcome> {
        let rules = &self.course.rules;
        let cause = if self.now.step >= rules.steps {
            rules.limit.clone()
        } else if let Some(limit) = rules.spent(self.now.cost.samples) {
            limit.to_owned()
        } else {
            let seconds = rules
                .seconds
                .filter(|&seconds| self.progress.seconds >= seconds)?;
            format!("{seconds} seconds")
        };
        let course = &mut self.course;
        let here = course.full_gradient(&self.now.w);
        let problem = Arc::clone(&course.problem);
        let start = self.footing.norm(|| course.full_gradient(&problem.start()));
        Some(if finish::vanished(here, start) {
            let cause = self.course.problem.stationary_point(self.now.w.view());
            Outcome::Stalled {
                cause: cause.map(str::to_owned),
            }
        } else {
            Outcome::Limit { cause }
        })
    }

    fn start(&self) -> &Evaluation {
        self.progress
            .trace
            .points()
            .first()
            .unwrap_or(&self.progress.latest)
    }

    fn latest(&self) -> &Evaluation {
        self.progress
            .trace
            .points()
            .last()
            .unwrap_or(&self.progress.latest)
    }

    fn record(&mut self, evaluation: Evaluation) {
        if evaluation.loss < self.progress.best_loss {
            self.progress.best_loss = evaluation.loss;
        }
        if let Some(fresh) = &mut self.fresh {
            fresh.push(Fresh::Evaluation(evaluation.clone()));
        }
        self.progress.trace.push(evaluation);
    }

    fn end(&mut self, outcome: Outcome) {
        self.progress.outcome = Some(outcome);
        if self.progress.outcome != Some(Outcome::Converged) {
            self.progress.convergence = None;
        }
        if self.progress.trail.is_on() {
            self.end_trail();
        }
    }

    /// Brings the counts up to date.
    fn count(&mut self) {
        self.progress.latest = self.latest().clone();
        if !self.course.surface {
            self.progress.seconds = self.progress.latest.seconds;
        }
        self.progress.steps = self.now.step;
        self.progress.samples = self.now.cost.samples;
        self.progress.gradient_evaluations = self.now.cost.gradients;
        self.progress.clipped = self.course.clips().then_some(self.now.cost.clipped);
    }
}

impl<F: Build> Lane for Racer<F> {
    fn advance(&mut self, work: u64) {
        if self.progress.outcome.is_some() {
            return;
        }
        if let Err(outcome) = attempt(|| self.run(work)) {
            self.clock.stop();
            self.end(outcome);
        }
        self.count();
        if let (Some(fresh), Some(_)) = (&mut self.fresh, &self.progress.outcome) {
            fresh.push(Fresh::Outcome(Box::new(self.progress.clone())));
        }
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    fn keep_fresh(&mut self) {
        let points = self.progress.trace.points().iter().cloned();
        let mut fresh: Vec<_> = points.map(Fresh::Evaluation).collect();
        if self.progress.outcome.is_some() {
            fresh.push(Fresh::Outcome(Box::new(self.progress.clone())));
        }
        self.fresh = Some(fresh);
    }

    fn keep_trail(&mut self, spacing: Spacing) {
        if self.course.surface {
            return;
        }
        self.progress.trail = Trail::with(spacing);
        let (moment, w) = (self.moment(self.progress.seconds), self.parameters());
        self.progress.trail.push(moment, w);
        if self.progress.outcome.is_some() {
            self.end_trail();
        }
    }

    fn drain(&mut self) -> Vec<Fresh> {
        self.fresh.as_mut().map(std::mem::take).unwrap_or_default()
    }
}

/// What `work` gives, or the outcome of a racer that breaks in it: the others go on.
fn attempt<T>(work: impl FnOnce() -> T) -> Result<T, Outcome> {
    guarded(work).map_err(|cause| Outcome::Error { cause })
}
