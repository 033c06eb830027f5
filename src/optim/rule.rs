//! An update rule as people read it: lines of text with names in them, and what those names stand
//! for. The inspector puts numbers in their places; nothing is computed here.

use std::borrow::Cow;

/// A name or a formula: built in, or given by a scenario.
pub type Text = Cow<'static, str>;

/// An optimizer's update with particular settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Assignments in their order: `w` parameters, `g` gradient, `t` the step from 1. Every other
    /// name is a hyperparameter, or a vector that [`internals`](super::Optimizer::internals) shows;
    /// to the right of its own assignment, and before it, it is the value before the step.
    pub lines: Vec<Text>,
    /// What every coordinate goes along, where that is known: the step is `-rate * direction`, and
    /// what weight decay takes off.
    pub direction: Option<&'static str>,
    /// By how much: the effective step of a coordinate.
    pub rate: Option<&'static str>,
    /// The moving averages among its vectors.
    pub averages: Vec<Average>,
}

/// A line of a rule where parameters decay beside it; any but that of `w` stays as it is.
pub fn decayed(line: &str) -> String {
    let decay = if line.starts_with("w = ") {
        " - learning_rate * weight_decay * w"
    } else {
        ""
    };
    line.to_owned() + decay
}

/// A vector that is a moving average.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Average {
    /// The vector's name in the rule.
    pub name: Text,
    /// The hyperparameter that says how much of it stays.
    pub beta: Text,
    /// What is averaged.
    pub of: Averaged,
    /// Whether a new value counts in full, so that it is 1 / (1 - beta) times an average.
    pub is_sum: bool,
    /// What it is divided by so that its start at zero does not show, as in the rule: the name of
    /// one of the numbers.
    pub correction: Text,
    /// Whether the rule does so.
    pub is_corrected: bool,
}

/// Adam's averages, both corrected: m of gradients, and v of their squares.
pub(super) fn moments() -> [Average; 2] {
    let average = |name: &'static str, beta: &'static str, of, correction: &'static str| Average {
        name: name.into(),
        beta: beta.into(),
        of,
        is_sum: false,
        correction: correction.into(),
        is_corrected: true,
    };
    [
        average("m", "beta1", Averaged::Gradients, "1 - beta1^t"),
        average("v", "beta2", Averaged::Squares, "1 - beta2^t"),
    ]
}

/// What a moving average is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Averaged {
    /// Gradients.
    Gradients,
    /// Their squares, coordinate by coordinate.
    Squares,
}
