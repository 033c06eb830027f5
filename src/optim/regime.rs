//! How an optimizer is driven, whatever its rule: the learning rate over time, gradients clipped
//! before the rule sees them, weights that decay beside it.

use super::{Schedule, Setting};

/// What is around an update rule. By itself, nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regime {
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Gradients longer than this are scaled down to it, above 0. Pascanu, Mikolov and Bengio, "On
    /// the difficulty of training recurrent neural networks" (2013).
    pub clip_norm: Option<f64>,
    /// Each step takes this share, times the learning rate of the step, off every parameter as it
    /// was before the step; 0 for nothing. No part of the loss, unlike `l2` of a model. Loshchilov
    /// and Hutter, "Decoupled weight decay regularization" (2019).
    pub weight_decay: f64,
}

impl Regime {
    /// The hyperparameters of a racer around those of its optimizer: the learning rate with its
    /// schedule, which come first, and the others, which come last and only where they are on.
    pub fn settings(&self, learning_rate: f64) -> [Vec<(String, Setting)>; 2] {
        let rate = ("learning_rate".to_owned(), Setting::Number(learning_rate));
        let mut first = vec![rate];
        first.extend(self.schedule.settings());
        let decay = Some(self.weight_decay).filter(|decay| *decay > 0.0);
        let last = [("clip_norm", self.clip_norm), ("weight_decay", decay)];
        let last = last.into_iter().filter_map(|(name, value)| {
            let value = Setting::Number(value?);
            Some((name.to_owned(), value))
        });
        [first, last.collect()]
    }
}
