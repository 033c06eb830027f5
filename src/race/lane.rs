//! One racer on its way: it steps, looks up now and then, and records what it sees. What it does
//! never depends on another lane, a thread, or how its steps are cut into slices.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ndarray::{Array1, ArrayView1};
use smallvec::SmallVec;

use crate::math::{self, Real};
use crate::optim::{Build, Optimizer};
use crate::problem::batches::Batches;
use crate::problem::oracle::{Cost, Oracle};
use crate::problem::{Batch, Part, Problem, Work};
use crate::race::finish::{self, Rules};
use crate::race::snapshot::{Outcome, Progress};
use crate::race::trace::{Evaluation, Trace};
use crate::race::{Fresh, Stopwatch};
use crate::scenario::Entrant;

/// Intervals between evaluations of up to so many steps are replayed step by step, longer ones by
/// bisection.
const SCANNED: u64 = 16;

/// On surfaces reading a clock costs more than a step and its evaluation together: it runs through
/// both there, and after so many steps it is read only once in so many.
const CLOCKED: u64 = 64;

/// A lane whatever the float it computes in.
pub trait Lane: Send {
    /// Goes on until about `work` examples have passed through the model (steps, on a surface), at
    /// least one step, or until the racer is done.
    fn advance(&mut self, work: u64);
    /// How far it has come.
    fn progress(&self) -> &Progress;
    /// From now on keeps every evaluation until it is drained.
    fn keep_fresh(&mut self);
    /// What has happened since the last call.
    fn drain(&mut self) -> Vec<Fresh>;
}

/// What a step changes, and so what must be kept to come back to it.
struct State<F: Real> {
    step: u64,
    w: Array1<F>,
    optimizer: Box<dyn Optimizer<F>>,
    cost: Cost,
}

impl<F: Real> Clone for State<F> {
    fn clone(&self) -> Self {
        let (w, optimizer) = (self.w.clone(), self.optimizer.boxed());
        Self {
            step: self.step,
            w,
            optimizer,
            cost: self.cost,
        }
    }
}

/// What surrounds a racer: the slope, its batches, its rules, and buffers.
struct Course<F: Real> {
    problem: Arc<dyn Problem<F>>,
    surface: bool,
    learning_rate: F,
    rules: Rules,
    batches: Batches,
    gradient: Array1<F>,
    work: Work<F>,
}

/// A racer with everything it needs.
pub struct Runner<F: Real> {
    course: Course<F>,
    now: State<F>,
    /// The state at the last evaluation, where steps lie between evaluations.
    before: Option<State<F>>,
    clock: Box<dyn Stopwatch>,
    /// Evaluations in a row that met the target.
    streak: u64,
    progress: Progress,
    fresh: Option<Vec<Fresh>>,
}

impl<F: Build> Runner<F> {
    /// `racer` at the start of `problem`, evaluated there. `surface` says that positions are to be
    /// recorded and that an evaluation costs no more than reading a clock.
    pub fn new(
        problem: Arc<dyn Problem<F>>,
        surface: bool,
        racer: &Entrant,
        rules: Rules,
        seed: u64,
        clock: Box<dyn Stopwatch>,
    ) -> Self {
        let (dim, examples) = (problem.dim(), problem.examples());
        let mut course = Course {
            surface,
            learning_rate: F::of(racer.learning_rate),
            batches: Batches::new(
                seed,
                examples,
                problem.rows(),
                racer.batch.unwrap_or(examples),
            ),
            gradient: Array1::zeros(dim),
            work: problem.work(),
            rules,
            problem,
        };
        let now = State {
            step: 0,
            w: course.problem.start(),
            optimizer: F::build(racer.optimizer, &racer.settings, dim),
            cost: Cost::default(),
        };
        let start = course.evaluate(&now, 0.0);
        let progress = Progress {
            trace: Trace::default(),
            best_loss: start.loss,
            latest: start.clone(),
            steps: 0,
            samples: 0,
            gradient_evaluations: 0,
            seconds: 0.0,
            first_hit: None,
            convergence: None,
            outcome: None,
        };
        let before = (course.rules.evaluate_every > 1).then(|| now.clone());
        let mut lane = Self {
            course,
            now,
            before,
            clock,
            streak: 0,
            progress,
            fresh: None,
        };
        lane.judge(start);
        lane
    }

    fn run(&mut self, work: u64) {
        let mut spent = 0;
        self.clock.start();
        while spent < work && self.progress.outcome.is_none() {
            spent += self.course.step(&mut self.now);
            let step = self.now.step;
            let broken = self.course.broken(&self.now);
            if broken.is_none() && !self.course.due(step) {
                continue;
            }
            if self.course.surface {
                if step < CLOCKED || step.is_multiple_of(CLOCKED) {
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
        } else {
            let seconds = rules
                .seconds
                .filter(|&seconds| self.progress.seconds >= seconds)?;
            format!("{seconds} seconds")
        };
        let start = self.course.full_gradient(&self.course.problem.start());
        let here = self.course.full_gradient(&self.now.w);
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
    }
}

impl<F: Build> Lane for Runner<F> {
    fn advance(&mut self, work: u64) {
        if self.progress.outcome.is_some() {
            return;
        }
        // A broken optimizer is its own fault and nobody else's: the others go on.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.run(work))) {
            self.clock.stop();
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let cause = text.or_else(|| panic.downcast_ref::<String>().cloned());
            let cause = cause.unwrap_or_else(|| "panicked".to_owned());
            self.end(Outcome::Error { cause });
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

    fn drain(&mut self) -> Vec<Fresh> {
        self.fresh.as_mut().map(std::mem::take).unwrap_or_default()
    }
}

impl<F: Real> Course<F> {
    /// One step of `state`. Returns how many examples it went over (1 on a surface).
    fn step(&mut self, state: &mut State<F>) -> u64 {
        state.step += 1;
        let batch = self.batches.batch(state.step);
        let before = state.cost.samples;
        let (gradient, work) = (&mut self.gradient, &mut self.work);
        let mut oracle = Oracle::new(&*self.problem, batch, gradient, work, &mut state.cost);
        state
            .optimizer
            .step(state.w.view_mut(), self.learning_rate, &mut oracle);
        if self.surface {
            1
        } else {
            state.cost.samples - before
        }
    }

    /// Whether the state after `step` steps is to be evaluated.
    fn due(&self, step: u64) -> bool {
        let Rules {
            evaluate_every,
            steps,
            ..
        } = self.rules;
        evaluate_every == 1 || step.is_multiple_of(evaluate_every) || step == steps
    }

    /// What has become of the parameters, if they are no numbers any more.
    fn broken(&self, state: &State<F>) -> Option<&'static str> {
        if !math::all_finite(self.gradient.view()) {
            Some("the gradient is not finite")
        } else if !math::all_finite(state.w.view()) {
            Some("a parameter is not finite")
        } else {
            None
        }
    }

    /// Evaluates `state`; `seconds` are on its clock.
    fn evaluate(&mut self, state: &State<F>, seconds: f64) -> Evaluation {
        let w = state.w.view();
        let train = self.problem.evaluate(w, Part::Train, &mut self.work);
        let train = train.expect("every problem has a training part");
        let test = self.problem.evaluate(w, Part::Test, &mut self.work);
        Evaluation {
            step: state.step,
            samples: state.cost.samples,
            seconds,
            loss: train.loss,
            accuracy: train.accuracy,
            test_loss: test.map(|test| test.loss),
            test_accuracy: test.and_then(|test| test.accuracy),
            gradient_norm: (state.step > 0).then(|| math::norm(self.gradient.view())),
            position: if self.surface {
                point(w)
            } else {
                SmallVec::new()
            },
        }
    }

    /// Finds the first step that meets the target between `from`, which was evaluated as `unmet`,
    /// and the evaluation `met`. Returns the state there.
    fn replay(
        &mut self,
        from: State<F>,
        unmet: &Evaluation,
        met: &Evaluation,
    ) -> (State<F>, Evaluation) {
        let (first, last) = (from.step, met.step);
        let seconds = |step: u64| {
            let share = (step - first) as f64 / (last - first) as f64;
            unmet.seconds + share * (met.seconds - unmet.seconds)
        };
        let (mut low, mut high) = (from, last);
        loop {
            let gap = high - low.step;
            let stride = if last - first <= SCANNED {
                1
            } else {
                (gap / 2).max(1)
            };
            let mut probe = low.clone();
            for _ in 0..stride {
                self.step(&mut probe);
            }
            let evaluation = self.evaluate(&probe, seconds(probe.step));
            if probe.step == last || (self.rules.met(&evaluation) && stride == 1) {
                return (probe, evaluation);
            }
            if self.rules.met(&evaluation) {
                high = probe.step;
            } else {
                low = probe;
            }
        }
    }

    /// The norm of the full gradient at `w`, without noise.
    fn full_gradient(&mut self, w: &Array1<F>) -> f64 {
        let mut g = Array1::zeros(w.len());
        self.problem
            .gradient(w.view(), Batch::All, g.view_mut(), &mut self.work);
        math::norm(g.view())
    }
}

/// The parameters as a position. Two at most are kept in place; more would be allocated.
fn point<F: Real>(w: ArrayView1<'_, F>) -> SmallVec<[f64; 2]> {
    match w.len() {
        1 => SmallVec::from_buf_and_len([w[0].get(), 0.0], 1),
        2 => SmallVec::from_buf([w[0].get(), w[1].get()]),
        _ => w.iter().map(|w| w.get()).collect(),
    }
}
