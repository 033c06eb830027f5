//! A scenario: what is raced, by whom, until when. Always valid: whoever holds one need not check
//! it again.
//!
//! Text becomes a [`raw`] tree with places, [`check`] turns that into a [`Scenario`] or into all
//! its [`mistake`]s at once. No race, clock or terminal is known here.

use std::sync::Arc;

use crate::optim::{Method, Regime, Settings};
use crate::problem::Part;
use crate::problem::dataset::{Dataset, Scale};
use crate::problem::mlp::Architecture;
use crate::problem::surface::Function;

pub mod check;
pub mod edit;
pub mod mistake;
pub mod raw;
mod resolved;
pub mod shipped;

/// A valid scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// A short name: of the shipped scenario, or of the file without its ending.
    pub name: String,
    /// One line for the head of the screen.
    pub title: String,
    /// What to watch.
    pub about: String,
    /// Where all chance comes from.
    pub seed: u64,
    /// What is minimised.
    pub task: Task,
    /// When a racer is done.
    pub finish: Finish,
    /// Who races; at least one, at most 64, all with different labels.
    pub racers: Vec<Entrant>,
    /// How it is shown.
    pub show: Show,
    /// The TOML text it was read from, with the racers that `--add` has entered.
    pub text: Arc<str>,
    /// Changes made to the text by `--set`, as given.
    pub set: Vec<String>,
    /// Racers that `--add` entered, as given.
    pub add: Vec<String>,
    /// Whether it was changed after it was read, so that it is no longer what its file says.
    pub edited: bool,
}

/// What is minimised.
#[derive(Clone, Debug)]
pub enum Task {
    /// An analytic function.
    Surface(SurfaceTask),
    /// A model on a dataset.
    Model(ModelTask),
}

/// A race on a surface.
#[derive(Clone, Debug)]
pub struct SurfaceTask {
    /// What is minimised.
    pub function: Function,
    /// Where racers start; one number a variable.
    pub start: Vec<f64>,
    /// Standard deviation of one example's gradient noise; a batch of b sees noise / sqrt(b).
    pub noise: f64,
    /// What a full gradient costs in samples.
    pub examples: usize,
    /// The part of the plane to show, `[[x low, x high], [y low, y high]]`, if the scenario says
    /// so.
    pub view: Option<[[f64; 2]; 2]>,
}

/// A race of models on a dataset.
#[derive(Clone, Debug)]
pub struct ModelTask {
    /// The model.
    pub model: Architecture,
    /// All examples, before splitting and scaling.
    pub data: Arc<Dataset>,
    /// The share held out, `0 <= test < 1`.
    pub test: f64,
    /// How features are scaled, fitted on the training part.
    pub scale: Scale,
    /// The type it computes in.
    pub precision: Precision,
}

/// The floating-point type of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Single precision.
    F32,
    /// Double precision.
    F64,
}

/// What ends the race for a racer.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    /// What is to be reached.
    pub target: Target,
    /// For how many evaluations in a row.
    pub hold: u64,
    /// At most so many steps. One of `steps` and `epochs` is there.
    pub steps: Option<u64>,
    /// At most so many epochs.
    pub epochs: Option<f64>,
    /// At most so many seconds of the racer's own clock.
    pub seconds: Option<f64>,
    /// Steps between evaluations; by default [`crate::race::finish::evaluate_every`] decides for
    /// each racer.
    pub evaluate_every: Option<u64>,
}

/// The value to reach, and where it is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Loss (to fall to) or accuracy (to rise to).
    pub metric: Metric,
    /// The value.
    pub value: f64,
    /// On which part.
    pub on: Part,
}

/// What a target is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Met at or below the value.
    Loss,
    /// Met at or above the value.
    Accuracy,
}

/// One racer as entered.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// Its name on screens and in results; unique.
    pub label: String,
    /// What it steps by.
    pub optimizer: Method,
    /// Its learning rate, above 0: the peak of its schedule.
    pub learning_rate: f64,
    /// What is around its rule.
    pub regime: Regime,
    /// All its other hyperparameters.
    pub settings: Settings,
    /// How many examples a gradient is over; `None` for all.
    pub batch: Option<usize>,
    /// Its own starting point on a surface.
    pub start: Option<Vec<f64>>,
    /// What it goes over to in the midst of the race, in the order of the steps. No file says so.
    pub forks: Vec<Fork>,
}

/// What a racer goes over to after some steps. Its place, its counts and its rules stay; so does
/// its optimizer's memory where the optimizer is the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Fork {
    /// The last step before it.
    pub after: u64,
    /// What it steps by.
    pub optimizer: Method,
    /// Its learning rate, above 0: the peak of its schedule, which goes by the steps of the race.
    pub learning_rate: f64,
    /// What is around its rule.
    pub regime: Regime,
    /// All its other hyperparameters.
    pub settings: Settings,
    /// How many examples a gradient is over; `None` for all.
    pub batch: Option<usize>,
}

/// How a race is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// Seconds from the start to the last convergence at normal speed.
    pub seconds: f64,
    /// What advances evenly.
    pub pace: Pace,
    /// Whether a map is drawn where there can be one.
    pub map: bool,
}

/// What advances evenly while a race is played, and what the chart's x axis counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Pace {
    /// All racers at the same step.
    #[default]
    Iterations,
    /// All racers at the same number of gradients of single examples.
    Samples,
    /// As they really ran.
    Time,
}

/// Steps in an epoch over `examples` in batches (`None` for all at once).
pub fn steps_an_epoch(examples: usize, batch: Option<usize>) -> u64 {
    batch.map_or(1, |batch| examples.div_ceil(batch) as u64)
}

/// The first step by which all `examples` have been seen `epochs` times in such batches.
pub fn steps_in(epochs: f64, examples: usize, batch: Option<usize>) -> u64 {
    let size = batch.unwrap_or(examples) as f64;
    let rest = (epochs.fract() * examples as f64 / size).ceil() as u64;
    (epochs.trunc() as u64)
        .saturating_mul(steps_an_epoch(examples, batch))
        .saturating_add(rest)
        .max(1)
}

impl Entrant {
    /// How it steps, in the order of the steps: as it starts, then what it goes over to.
    pub fn legs(&self) -> Vec<Fork> {
        let mut legs = vec![Fork {
            after: 0,
            optimizer: self.optimizer.clone(),
            learning_rate: self.learning_rate,
            regime: self.regime,
            settings: self.settings.clone(),
            batch: self.batch,
        }];
        legs.extend(self.forks.iter().cloned());
        legs
    }
}

impl Scenario {
    /// The examples that models learn from, if there are any.
    pub fn data(&self) -> Option<&Arc<Dataset>> {
        match &self.task {
            Task::Surface(_) => None,
            Task::Model(task) => Some(&task.data),
        }
    }

    /// What a full gradient costs in samples: the rows of the training part, or a surface's
    /// `examples`.
    pub fn examples(&self) -> usize {
        match &self.task {
            Task::Surface(task) => task.examples,
            Task::Model(task) => task.data.train_rows(task.test),
        }
    }
}
