//! What a racer steps by: an optimizer of the registry, or a rule that its scenario gives.

use std::sync::Arc;

use super::written::{Machine, Written};
use super::{Build, Entry, Hyperparameter, Optimizer, Rule, Settings};

/// What a racer steps by.
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    /// An optimizer of the registry.
    Shipped(&'static Entry),
    /// A rule that a scenario gives.
    Written(Arc<Written>),
}

impl From<&'static Entry> for Method {
    fn from(entry: &'static Entry) -> Self {
        Self::Shipped(entry)
    }
}

impl Method {
    /// The name of written rules in results.
    pub const WRITTEN: &'static str = "rule";

    /// The name in results: in the registry, or [`Method::WRITTEN`].
    pub fn id(&self) -> &'static str {
        match self {
            Self::Shipped(entry) => entry.id,
            Self::Written(_) => Self::WRITTEN,
        }
    }

    /// What it does, in one line.
    pub fn idea(&self) -> &'static str {
        match self {
            Self::Shipped(entry) => entry.idea,
            Self::Written(_) => "steps by the rule that the scenario gives",
        }
    }

    /// The learning rate that is its published default with these settings; a written rule has none.
    pub fn default_rate(&self, settings: &Settings) -> Option<f64> {
        match self {
            Self::Shipped(entry) => Some((entry.default_rate)(settings)),
            Self::Written(_) => None,
        }
    }

    /// Whether it always takes the full batch.
    pub fn full_batch(&self) -> bool {
        match self {
            Self::Shipped(entry) => entry.full_batch,
            Self::Written(_) => false,
        }
    }

    /// What is known of its hyperparameter `name`: nothing of those of a written rule, which may be
    /// any finite number.
    pub fn hyperparameter(&self, name: &str) -> Option<&'static Hyperparameter> {
        match self {
            Self::Shipped(entry) => entry.hyperparameters.iter().find(|row| row.name == name),
            Self::Written(_) => None,
        }
    }

    /// The rule that a scenario gives, if it is one.
    pub fn written(&self) -> Option<&Written> {
        match self {
            Self::Shipped(_) => None,
            Self::Written(rule) => Some(rule),
        }
    }

    /// The update with these settings, as text.
    pub fn rule(&self, settings: &Settings) -> Rule {
        match self {
            Self::Shipped(entry) => (entry.rule)(settings),
            Self::Written(rule) => rule.rule(),
        }
    }

    /// One with `settings` for `dim` parameters, its memory at zero.
    pub fn build<F: Build>(&self, settings: &Settings, dim: usize) -> Box<dyn Optimizer<F>> {
        match self {
            Self::Shipped(entry) => F::build(entry, settings, dim),
            Self::Written(rule) => Box::new(Machine::<F>::new(Arc::clone(rule), settings, dim)),
        }
    }
}
