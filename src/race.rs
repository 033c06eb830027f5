//! The race: lanes advance in slices, in parallel on rayon, and record what they see.
//!
//! Pure: no clock (a stopwatch is handed in), file, thread handle, terminal or TOML. It cannot
//! fail: once a scenario is valid, divergence and even a panicking racer are outcomes, not errors.
//! Same scenario and seed, same bits, whatever the number of threads and the length of the slices.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::optim::{Build, Method, Setting};
use crate::problem::Problem;
use crate::problem::mlp::Mlp;
use crate::problem::surface::Slope;
use crate::scenario::{Entrant, Fork, ModelTask, Scenario, SurfaceTask, Task};

mod course;
pub mod fault;
pub mod finish;
pub mod footing;
pub mod ground;
pub mod lane;
pub mod retrace;
pub mod snapshot;
pub mod standing;
pub mod trace;
pub mod trail;

use finish::Rules;
use footing::Footing;
use ground::Ground;
use lane::{Lane, Racer};
use snapshot::{Entered, Forked, Meta, Progress, Snapshot};
use trace::Evaluation;
use trail::Spacing;

/// How often a racer has its turn in a slice: with more turns nobody waits long for the last one, but
/// a racer that changes its core finds nothing in the cache there.
const TURNS: u64 = 4;

/// A racer's own clock: runs while it steps, stands while it is evaluated. It counts what a clock on
/// the wall does: cores without a racer help with gradients over many examples, and then a step is
/// over sooner.
pub trait Stopwatch: Send {
    /// Lets it run.
    fn start(&mut self);
    /// Lets it stand.
    fn stop(&mut self);
    /// Seconds it has run in all.
    fn seconds(&self) -> f64;
}

/// A stopwatch that stands at zero, for races that nobody times.
pub fn untimed() -> Box<dyn Stopwatch> {
    Box::new(Untimed)
}

struct Untimed;

impl Stopwatch for Untimed {
    fn start(&mut self) {}

    fn stop(&mut self) {}

    fn seconds(&self) -> f64 {
        0.0
    }
}

/// Something that happened to a racer, for recordings.
#[derive(Clone, Debug)]
pub enum Fresh {
    /// It was evaluated.
    Evaluation(Evaluation),
    /// It is done.
    Outcome(Box<Progress>),
}

/// A race under way.
pub struct Race {
    meta: Arc<Meta>,
    lanes: Vec<Box<dyn Lane>>,
}

impl Race {
    /// All racers of `scenario` at their start. Each gets a stopwatch from `clock`.
    pub fn new(scenario: &Scenario, clock: &dyn Fn() -> Box<dyn Stopwatch>) -> Self {
        let ground = Ground::new(scenario);
        let lane = |racer| ground.lane(racer, clock());
        let lanes = scenario.racers.iter().map(lane).collect();
        let parameters = ground.parameters();
        Self {
            meta: Arc::new(meta(scenario, parameters)),
            lanes,
        }
    }

    /// What does not change during the race.
    pub fn meta(&self) -> &Arc<Meta> {
        &self.meta
    }

    /// Lets every racer that is not done go on for about `work` examples (steps, on surfaces), at
    /// least one step. Runs on the rayon pool it is called in.
    ///
    /// Threads take turns with the racers from one queue: five racers keep two threads busy to the
    /// end. They are no jobs of the pool, so that nobody who waits for a part of a gradient goes
    /// off with another racer meanwhile while the first one's clock runs.
    pub fn advance(&mut self, work: u64) {
        let turns = work.clamp(1, TURNS);
        let going = |lane: &&mut Box<dyn Lane>| lane.progress().outcome.is_none();
        let lanes = self.lanes.iter_mut().filter(going);
        let queue: VecDeque<_> = lanes.map(|lane| (lane, turns)).collect();
        let threads = queue.len().min(rayon::current_num_threads());
        let queue = Mutex::new(queue);
        let queue = || queue.lock().unwrap_or_else(PoisonError::into_inner);
        let take_turns = |_| {
            loop {
                let next = queue().pop_front();
                let Some((lane, left)) = next else { break };
                lane.advance(work.div_ceil(turns));
                if left > 1 {
                    queue().push_back((lane, left - 1));
                }
            }
        };
        let threads = (0..threads).into_par_iter().with_max_len(1);
        threads.for_each(take_turns);
    }

    /// Whether every racer is done.
    pub fn finished(&self) -> bool {
        self.lanes
            .iter()
            .all(|lane| lane.progress().outcome.is_some())
    }

    /// How far each racer has come, in the scenario's order.
    pub fn racers(&self) -> impl Iterator<Item = &Progress> {
        self.lanes.iter().map(|lane| lane.progress())
    }

    /// The race as far as it has come.
    pub fn snapshot(&self) -> Snapshot {
        let racers = self
            .lanes
            .iter()
            .map(|lane| lane.progress().clone())
            .collect();
        Snapshot {
            meta: Arc::clone(&self.meta),
            racers,
        }
    }

    /// From now on keeps every evaluation, beginning with the start's, until it is drained.
    /// To be called before the first slice.
    pub fn keep_fresh(&mut self) {
        self.lanes.iter_mut().for_each(|lane| lane.keep_fresh());
    }

    /// From now on keeps the racers' parameters at log-spaced steps, in 64 MiB in all at most. On
    /// surfaces there is nothing to keep: evaluations have positions. Changes no bit of the race.
    /// To be called before the first slice.
    ///
    /// # Errors
    /// Why there is no map, where that leaves too few points to draw one from.
    pub fn keep_trails(&mut self) -> Result<(), String> {
        if self.meta.surface {
            return Ok(());
        }
        let Meta {
            parameters, limit, ..
        } = *self.meta;
        let spacing = Spacing::new(self.lanes.len(), parameters, limit)?;
        self.lanes
            .iter_mut()
            .for_each(|lane| lane.keep_trail(spacing));
        Ok(())
    }

    /// The most steps that any racer has taken.
    pub fn steps(&self) -> u64 {
        let steps = self.lanes.iter().map(|lane| lane.progress().steps);
        steps.max().unwrap_or(0)
    }

    /// Hands over what has happened since the last call, racer by racer.
    pub fn drain(&mut self, mut each: impl FnMut(usize, Fresh)) {
        for (racer, lane) in self.lanes.iter_mut().enumerate() {
            lane.drain()
                .into_iter()
                .for_each(|fresh| each(racer, fresh));
        }
    }
}

/// The lane of `racer` of `scenario`, whose task is `task`, from `start` (one number a variable).
pub fn surface_lane(
    scenario: &Scenario,
    task: &SurfaceTask,
    racer: &Entrant,
    start: Vec<f64>,
    clock: Box<dyn Stopwatch>,
) -> Racer<f64> {
    let slope = Arc::new(slope(scenario, task, start));
    let rules = Rules::new(scenario, racer);
    let footing = Arc::new(Footing::new(slope, true));
    Racer::new(footing, racer, rules, scenario.seed, clock)
}

/// Where `racer` starts on the surface.
fn start(task: &SurfaceTask, racer: &Entrant) -> Vec<f64> {
    racer.start.as_ref().unwrap_or(&task.start).clone()
}

/// The surface as a racer from `start` meets it.
fn slope(scenario: &Scenario, task: &SurfaceTask, start: Vec<f64>) -> Slope {
    let function = task.function.clone();
    Slope::new(function, start, task.noise, task.examples, scenario.seed)
}

/// The model with its data, which all racers share.
fn network<F: Build>(scenario: &Scenario, task: &ModelTask) -> Arc<dyn Problem<F>> {
    let split = task.data.split(task.test, task.scale, scenario.seed);
    Arc::new(Mlp::new(&task.model, &split, scenario.seed))
}

/// What does not change during a race of `scenario`, whose problem has so many parameters.
pub fn meta(scenario: &Scenario, parameters: usize) -> Meta {
    let limit = scenario
        .racers
        .iter()
        .map(|racer| Rules::new(scenario, racer).steps)
        .max();
    let variables = match &scenario.task {
        Task::Surface(task) => task.function.variables(),
        Task::Model(_) => vec![],
    };
    Meta {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        about: scenario.about.clone(),
        digest: scenario.digest(),
        text: Arc::clone(&scenario.text),
        set: scenario.set.clone(),
        add: scenario.add.clone(),
        edited: scenario.edited,
        seed: scenario.seed,
        target: scenario.finish.target,
        hold: scenario.finish.hold,
        limit: limit.unwrap_or(0),
        examples: scenario.examples() as u64,
        streamed: scenario
            .data()
            .is_some_and(|data| data.features.is_streamed()),
        surface: matches!(scenario.task, Task::Surface(_)),
        parameters,
        variables: variables.into_iter().map(str::to_owned).collect(),
        timed: scenario.finish.seconds.is_some(),
        show_seconds: scenario.show.seconds,
        pace: scenario.show.pace,
        racers: scenario
            .racers
            .iter()
            .map(|racer| entered(scenario, racer))
            .collect(),
    }
}

/// `racer` as it is entered in a race of `scenario`.
pub fn entered(scenario: &Scenario, racer: &Entrant) -> Entered {
    let forked = |fork: &Fork| Forked {
        after: fork.after,
        optimizer: fork.optimizer.id().to_owned(),
        rule: rule(&fork.optimizer),
        hyperparameters: hyperparameters(fork),
        batch: fork.batch.map(|batch| batch as u64),
        full_batch: fork.optimizer.full_batch(),
    };
    Entered {
        label: racer.label.clone(),
        optimizer: racer.optimizer.id().to_owned(),
        rule: rule(&racer.optimizer),
        hyperparameters: hyperparameters(&racer.legs()[0]),
        batch: racer.batch.map(|batch| batch as u64),
        full_batch: racer.optimizer.full_batch(),
        evaluate_every: finish::evaluate_every(scenario, racer),
        forks: racer.forks.iter().map(forked).collect(),
    }
}

/// The lines of a rule that the scenario gives.
fn rule(optimizer: &Method) -> Vec<String> {
    let written = optimizer.written();
    written.map_or(vec![], |rule| rule.lines().to_vec())
}

/// All hyperparameters by name, the learning rate first.
fn hyperparameters(leg: &Fork) -> Vec<(String, Setting)> {
    let [mut all, last] = leg.regime.settings(leg.learning_rate);
    let own = leg.settings.0.iter();
    all.extend(own.map(|(name, value)| (name.to_string(), value.clone())));
    all.extend(last);
    all
}
