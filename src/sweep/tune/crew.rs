//! The threads that make the runs: one run at a time each, those of the first seed first, and of a
//! seed the long ones, so that no thread is left with a long run at the end.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::curve::Trial;
use super::entries::Field;
use super::grid;
use crate::race::finish::Rules;
use crate::race::ground::Ground;
use crate::race::lane::Lane;
use crate::race::snapshot::{Outcome, Progress};
use crate::scenario::{Entrant, Scenario, Task};
use crate::sweep::{Clock, SLICE, count};

/// How far a tuning has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    /// Runs that are to be made, as far as that is known.
    pub planned: u64,
    /// Runs that have been begun.
    pub begun: u64,
    /// Runs that are done.
    pub done: u64,
    /// The examples (steps, on surfaces) that all planned runs take at most.
    pub work: u64,
    /// Those that the runs which are done could have taken.
    pub work_done: u64,
}

/// What a watcher is told of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum News {
    /// There are more runs to make.
    Planned,
    /// A run has begun, or goes on.
    Begun(Key),
    /// A run on the seed of this index is done, with this; or done for now, in a halving.
    Done(Key, usize, Trial),
}

/// Whom a crew tells how far it has come and why, from any of its threads.
pub type Watch<'a> = &'a (dyn Fn(&Advance, News) + Sync);

/// What a run is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The racer, by its index.
    pub racer: usize,
    /// Which of its combinations.
    pub entry: usize,
    /// The number of its rate; see [`grid::rate`].
    pub tick: i32,
}

/// A run, as far as it has come.
pub struct Job {
    /// What it is of.
    pub key: Key,
    /// On which seed, by its index.
    pub seed: usize,
    racer: Entrant,
    /// The most steps it may take.
    pub budget: u64,
    /// What it takes at most, in examples.
    work: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Where it goes on.
    lane: Option<Box<dyn Lane>>,
    trial: Option<Trial>,
}

impl Job {
    /// A run that has not begun.
    pub fn new(scenario: &Scenario, fields: &[Field], key: Key, seed: usize) -> Self {
        let field = &fields[key.racer];
        let racer = Entrant {
            learning_rate: grid::rate(key.tick, field.parts),
            ..field.entries[key.entry].racer.clone()
        };
        let (budget, work) = cost(scenario, &racer);
        Self {
            key,
            seed,
            racer,
            budget,
            work,
            state: Mutex::default(),
        }
    }

    /// What has come out of it, if it has been made.
    pub fn trial(&self) -> Option<Trial> {
        lock(&self.state).trial
    }
}

/// The most steps of a run, and what they cost.
fn cost(scenario: &Scenario, racer: &Entrant) -> (u64, u64) {
    let Rules {
        steps,
        evaluate_every,
        ..
    } = Rules::new(scenario, racer);
    let Task::Model(_) = &scenario.task else {
        return (steps, steps);
    };
    let examples = scenario.examples() as u64;
    let batch = racer.batch.map_or(examples, |batch| batch as u64);
    // An evaluation has no backward pass.
    let evaluations = (steps / evaluate_every).saturating_mul(examples / 3);
    let work = steps.saturating_mul(batch).saturating_add(evaluations);
    (steps, work)
}

/// What the threads share.
pub struct Crew<'a> {
    scenario: &'a Scenario,
    seeds: &'a [u64],
    clock: Clock<'a>,
    stop: &'a AtomicBool,
    watch: Watch<'a>,
    advance: Mutex<Advance>,
    /// The ground of each seed, as long as a thread is on it.
    grounds: Vec<Mutex<Weak<Ground>>>,
}

impl<'a> Crew<'a> {
    /// A crew without work.
    pub fn new(
        scenario: &'a Scenario,
        seeds: &'a [u64],
        clock: Clock<'a>,
        stop: &'a AtomicBool,
        watch: Watch<'a>,
    ) -> Self {
        Self {
            scenario,
            seeds,
            clock,
            stop,
            watch,
            advance: Mutex::default(),
            grounds: seeds.iter().map(|_| Mutex::default()).collect(),
        }
    }

    /// Whether it was told to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Brings these runs to one part in `share` of their budgets, on the rayon pool this is called
    /// in; what is not done by then waits. Breaks where it was stopped before all were there.
    pub fn make(&self, jobs: &mut [&Job], share: u64) -> ControlFlow<()> {
        jobs.sort_by_key(|job| (job.seed, std::cmp::Reverse(job.work)));
        self.make_in_order(jobs, share)
    }

    /// The same, the first of `jobs` first.
    pub fn make_in_order(&self, jobs: &[&Job], share: u64) -> ControlFlow<()> {
        self.tell(News::Planned, |advance| {
            advance.planned += jobs.len() as u64;
            advance.work = jobs.iter().fold(advance.work, |sum, job| {
                sum.saturating_add(job.work / share)
            });
        });
        let next = AtomicUsize::new(0);
        let all = rayon::broadcast(|_| {
            let mut on: Option<(usize, Arc<Ground>)> = None;
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let ground = match on.take() {
                    Some((seed, ground)) if seed == job.seed => ground,
                    left => {
                        drop(left);
                        self.ground(job.seed)
                    }
                };
                self.tell(News::Begun(job.key), |advance| advance.begun += 1);
                let trial = self.run(job, &ground, share)?;
                on = Some((job.seed, ground));
                self.tell(News::Done(job.key, job.seed, trial), |advance| {
                    advance.done += 1;
                    advance.work_done = advance.work_done.saturating_add(job.work / share);
                });
            }
            ControlFlow::Continue(())
        });
        all.into_iter()
            .find(ControlFlow::is_break)
            .unwrap_or(ControlFlow::Continue(()))
    }

    /// The ground of a seed, made by the first thread that gets there.
    fn ground(&self, seed: usize) -> Arc<Ground> {
        let mut kept = lock(&self.grounds[seed]);
        kept.upgrade().unwrap_or_else(|| {
            let seed = self.seeds[seed];
            let ground = Arc::new(Ground::new(&Scenario {
                seed,
                ..self.scenario.clone()
            }));
            *kept = Arc::downgrade(&ground);
            ground
        })
    }

    fn run(&self, job: &Job, ground: &Ground, share: u64) -> ControlFlow<(), Trial> {
        let mut state = lock(&job.state);
        let kept = state.lane.take();
        let mut lane = kept.unwrap_or_else(|| ground.lane(&job.racer, (self.clock)()));
        let until = (job.budget / share).max(1);
        loop {
            let progress = lane.progress();
            if progress.outcome.is_some() || share > 1 && progress.steps >= until {
                break;
            }
            if self.stopped() {
                state.lane = Some(lane);
                return ControlFlow::Break(());
            }
            let left = until - progress.steps.min(until);
            lane.advance(self.slice(share, left));
        }
        let trial = trial(lane.progress());
        state.trial = Some(trial);
        if lane.progress().outcome.is_none() {
            state.lane = Some(lane);
        }
        ControlFlow::Continue(trial)
    }

    /// How far a run goes at once, where `left` steps are left of its share. On a model steps are
    /// told from evaluations by going one at a time; only the whole budget needs no such care.
    fn slice(&self, share: u64, left: u64) -> u64 {
        match &self.scenario.task {
            _ if share == 1 => SLICE,
            Task::Surface(_) => left.min(SLICE),
            Task::Model(_) => 1,
        }
    }

    fn tell(&self, news: News, change: impl FnOnce(&mut Advance)) {
        let mut advance = lock(&self.advance);
        change(&mut advance);
        (self.watch)(&advance, news);
    }
}

fn trial(progress: &Progress) -> Trial {
    Trial {
        run: count(progress),
        best_loss: progress.best_loss,
        diverged: matches!(progress.outcome, Some(Outcome::Diverged { .. })),
        whole: progress.outcome.is_some(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
