//! Everything known so far about a race, immutable and in bounded memory. Headless, screen, replay
//! and export read this and nothing else, so none of them can tell a live race from a recording.

use std::borrow::Cow;
use std::sync::Arc;

use crate::optim::Setting;
use crate::race::trace::{Evaluation, Trace};
use crate::race::trail::Trail;
use crate::scenario::{Pace, Target};
use crate::text::count;

/// A race as far as it has come.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What does not change during the race.
    pub meta: Arc<Meta>,
    /// The racers, in the scenario's order.
    pub racers: Vec<Progress>,
}

/// What does not change during a race.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Meta {
    /// slalom's version that ran the race.
    pub version: String,
    /// The scenario's short name.
    pub name: String,
    /// The scenario's title.
    pub title: String,
    /// What to watch.
    pub about: String,
    /// SHA-256 of the resolved scenario, in hexadecimal.
    pub digest: String,
    /// The scenario's TOML text.
    pub text: Arc<str>,
    /// Changes made to it by `--set`.
    pub set: Vec<String>,
    /// Racers that `--add` entered; they are in the text.
    pub add: Vec<String>,
    /// Whether the scenario was changed after it was read: the text is no longer its file's.
    pub edited: bool,
    /// The seed of this race.
    pub seed: u64,
    /// What ends the race for a racer.
    pub target: Target,
    /// For how many evaluations in a row.
    pub hold: u64,
    /// The most steps any racer may take.
    pub limit: u64,
    /// What a full gradient costs in samples.
    pub examples: u64,
    /// Whether features stayed in their file while racers learned from them.
    pub streamed: bool,
    /// Whether this is a surface (two parameters are not evidence about networks; there are no
    /// epochs).
    pub surface: bool,
    /// The number of parameters.
    pub parameters: usize,
    /// What a surface's parameters are called; empty for models, and for recordings that do not say.
    pub variables: Vec<String>,
    /// Whether the scenario ends on wall-clock seconds, so that outcomes cannot be reproduced.
    pub timed: bool,
    /// Seconds from the start to the last convergence at normal speed.
    pub show_seconds: f64,
    /// What advances evenly on the screen.
    pub pace: Pace,
    /// The racers.
    pub racers: Vec<Entered>,
}

/// A racer as it was entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Entered {
    /// Its unique name.
    pub label: String,
    /// Its optimizer's name in the registry, or [`Method::WRITTEN`](crate::optim::Method::WRITTEN).
    pub optimizer: String,
    /// The lines of its rule, where the scenario gives it.
    pub rule: Vec<String>,
    /// All hyperparameters, the learning rate first.
    pub hyperparameters: Vec<(String, Setting)>,
    /// Examples a gradient; `None` for all.
    pub batch: Option<u64>,
    /// Whether the optimizer always takes the full batch, so that a batch is not its choice (gd).
    pub full_batch: bool,
    /// Steps between evaluations.
    pub evaluate_every: u64,
    /// What it went over to in the midst of the race, in the order of the steps.
    pub forks: Vec<Forked>,
}

/// What a racer went over to in the midst of a race.
#[derive(Clone, Debug, PartialEq)]
pub struct Forked {
    /// The last step before it.
    pub after: u64,
    /// The optimizer's name in the registry, or [`Method::WRITTEN`](crate::optim::Method::WRITTEN).
    pub optimizer: String,
    /// The lines of its rule, where the scenario gives it.
    pub rule: Vec<String>,
    /// All hyperparameters, the learning rate first.
    pub hyperparameters: Vec<(String, Setting)>,
    /// Examples a gradient; `None` for all.
    pub batch: Option<u64>,
    /// Whether the optimizer always takes the full batch.
    pub full_batch: bool,
}

/// How far one racer has come.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Its evaluations, decimated. Never empty: step 0 is evaluated before the first snapshot.
    pub trace: Trace,
    /// Its parameters on the way, if somebody watches; always empty on surfaces, where evaluations
    /// have positions.
    pub trail: Trail,
    /// Its latest evaluation (for a racer that is done: its last).
    pub latest: Evaluation,
    /// The lowest training loss of any evaluation (the highest accuracy is not needed for ranks).
    pub best_loss: f64,
    /// Steps taken.
    pub steps: u64,
    /// Gradients of single examples taken.
    pub samples: u64,
    /// Gradients taken.
    pub gradient_evaluations: u64,
    /// Gradients that were clipped; `None` where none may be.
    pub clipped: Option<u64>,
    /// Seconds on its own clock.
    pub seconds: f64,
    /// The first step at which the target was met, held or not.
    pub first_hit: Option<u64>,
    /// The first evaluation of the stretch that converged.
    pub convergence: Option<Evaluation>,
    /// How it ended; `None` while it runs.
    pub outcome: Option<Outcome>,
}

/// How a race ended for a racer.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The target was met and held.
    Converged,
    /// Something became infinite or not a number, or the loss left all bounds.
    Diverged {
        /// The step that did it.
        step: u64,
        /// What became of what: `loss is not finite`.
        cause: String,
    },
    /// At the limit with a gradient of nearly zero.
    Stalled {
        /// What the racer sits on, on surfaces: saddle, local minimum or flat.
        cause: Option<String>,
    },
    /// At the limit: steps, epochs or seconds.
    Limit {
        /// Which limit.
        cause: String,
    },
    /// The racer's code panicked, or its data could not be read any more.
    Error {
        /// Which of the two, with the panic's message, or why not.
        cause: String,
    },
}

impl Meta {
    /// The step after which racers last went over to something else, if any did.
    pub fn forked_at(&self) -> Option<u64> {
        let forks = self.racers.iter().flat_map(|racer| &racer.forks);
        forks.map(|fork| fork.after).max()
    }

    /// How the race departs from its scenario's file, in words, if it does.
    pub fn departure(&self) -> Option<String> {
        match self.forked_at() {
            Some(step) => Some(format!("forked at step {}", count(step))),
            None => self.edited.then(|| "edited".to_owned()),
        }
    }
}

impl Entered {
    /// What it is when it has taken so many steps: itself, or what it has gone over to.
    pub fn at(&self, step: u64) -> Cow<'_, Self> {
        let Some(fork) = self.forks.iter().rfind(|fork| fork.after <= step) else {
            return Cow::Borrowed(self);
        };
        Cow::Owned(Self {
            optimizer: fork.optimizer.clone(),
            rule: fork.rule.clone(),
            hyperparameters: fork.hyperparameters.clone(),
            batch: fork.batch,
            full_batch: fork.full_batch,
            ..self.clone()
        })
    }
}

impl Outcome {
    /// The word in results: converged, diverged, stalled, limit or error.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Converged => "converged",
            Self::Diverged { .. } => "diverged",
            Self::Stalled { .. } => "stalled",
            Self::Limit { .. } => "limit",
            Self::Error { .. } => "error",
        }
    }

    /// Why, where there is more to say.
    pub fn cause(&self) -> Option<&str> {
        match self {
            Self::Converged => None,
            Self::Stalled { cause } => cause.as_deref(),
            Self::Diverged { cause, .. } | Self::Limit { cause } | Self::Error { cause } => {
                Some(cause)
            }
        }
    }
}

impl Snapshot {
    /// Whether every racer is done.
    pub fn finished(&self) -> bool {
        self.racers.iter().all(|racer| racer.outcome.is_some())
    }
}
