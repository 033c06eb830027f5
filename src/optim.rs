//! Update rules: the trait, and the registry with one row for each.
//!
//! An optimizer sees the oracle and the block table, nothing else: no problem, no clock, no finish
//! line. From its registry row come the checks of a scenario, the help, `slalom list`, the README's
//! table and the tests. A new optimizer is one file and one row.

#![allow(clippy::inline_always)] // Updates are compiled into the loops they are called from.

use ndarray::ArrayViewMut1;

use crate::math::Real;
use crate::problem::oracle::Oracle;

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod adamw;
mod amsgrad;
mod blocks;
mod gd;
pub mod glide;
mod lbfgs;
mod lion;
mod method;
mod momentum;
mod muon;
mod nadam;
mod nesterov;
mod prodigy;
mod radam;
mod regime;
mod rmsprop;
mod rule;
pub mod schedule;
mod schedule_free;
mod soap;
pub mod written;

use glide::Glide;
pub use method::Method;
pub use regime::Regime;
use rule::moments;
pub use rule::{Average, Averaged, Rule, Text, decayed};
pub use schedule::Schedule;

/// An update rule with its memory. Works on one flat parameter vector of shape (dim).
pub trait Optimizer<F: Real>: Send {
    /// Moves `w` by one step, with as many gradients as it needs.
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>);
    /// Takes many steps at once, the very steps of [`step`](Self::step), and returns how many. A
    /// rule that cannot, because it asks for more than the gradient at `w`, takes none.
    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        let _ = (learning_rate, glide);
        0
    }
    /// Goes on with other settings of the same optimizer, and with the memory it has.
    fn adopt(&mut self, settings: &Settings);
    /// A copy with the same memory, to come back to.
    fn boxed(&self) -> Box<dyn Optimizer<F>>;
    /// The update of the parameter `index` in the last step, where it is another than the rule of
    /// the registry's row says: there are rules for matrices and for all else, and first steps.
    fn rule(&self, index: usize) -> Option<Rule> {
        let _ = index;
        None
    }
    /// Hands what the inspector shows to `show`, by name, as it is after a step with this learning
    /// rate: every vector and number that its rule names but for its hyperparameters. A number `t`
    /// is there where the rule's own count is not the racer's.
    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>);
}

/// Receives what goes on inside an optimizer.
pub trait Show<F: Real> {
    /// A vector of shape (dim), such as the first moment.
    fn vector(&mut self, name: &str, values: ndarray::ArrayView1<'_, F>);
    /// A number, such as a bias correction. Its name may be a formula of the rule: `1 - beta^t`.
    fn number(&mut self, name: &str, value: f64);
    /// The effective step of each coordinate, by its index, where the rule has one; see
    /// [`Rule::rate`].
    fn rate(&mut self, of: &dyn Fn(usize) -> F);
}

/// The registry: one row an optimizer, in the order they are listed: the five of the default field,
/// then the others.
pub const REGISTRY: &[Entry] = &[
    gd::GD,
    gd::SGD,
    momentum::ENTRY,
    rmsprop::ENTRY,
    adam::ENTRY,
    nesterov::ENTRY,
    adagrad::ENTRY,
    adadelta::ENTRY,
    amsgrad::ENTRY,
    adamw::ENTRY,
    nadam::ENTRY,
    radam::ENTRY,
    adamax::ENTRY,
    lion::ENTRY,
    muon::ENTRY,
    soap::ENTRY,
    schedule_free::SGD,
    schedule_free::ADAMW,
    prodigy::ENTRY,
    lbfgs::ENTRY,
];

/// One row of the registry.
#[derive(Debug)]
pub struct Entry {
    /// The name in scenarios: `adam`.
    pub id: &'static str,
    /// The name on screens: `Adam`.
    pub name: &'static str,
    /// What it does, in one line.
    pub idea: &'static str,
    /// Where it was published.
    pub paper: &'static str,
    /// The update with these settings, as text.
    pub rule: fn(&Settings) -> Rule,
    /// What a user of other tools should know before comparing numbers; may be empty.
    pub note: &'static str,
    /// Its hyperparameters beside the learning rate and the batch.
    pub hyperparameters: &'static [Hyperparameter],
    /// Whether it always takes the full batch.
    pub full_batch: bool,
    /// The learning rate that PyTorch, or else its authors, give as the default, for the form of the
    /// rule that these settings choose.
    pub default_rate: fn(&Settings) -> f64,
    /// Makes one for `f32` parameters; see [`Entry::build`].
    pub build_f32: fn(&Settings, usize) -> Box<dyn Optimizer<f32>>,
    /// Makes one for `f64` parameters; see [`Entry::build`].
    pub build_f64: fn(&Settings, usize) -> Box<dyn Optimizer<f64>>,
}

/// A hyperparameter: its name in scenarios, what it may be, and what it does.
#[derive(Debug)]
pub struct Hyperparameter {
    /// The name in scenarios: `beta1`.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// What it does, in one line.
    pub about: &'static str,
}

/// What a hyperparameter may be.
#[derive(Debug)]
pub enum Kind {
    /// A number with `low <= x < high`.
    Number {
        /// Its value where none is given.
        default: f64,
        /// The least value.
        low: f64,
        /// All values are below this.
        high: f64,
    },
    /// `true` or `false`.
    Switch {
        /// Its value where none is given.
        default: bool,
    },
    /// One of several words; the first is the default.
    Choice {
        /// The words.
        words: &'static [&'static str],
    },
}

/// The value of a hyperparameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// A switch.
    Switch(bool),
    /// A word.
    Word(String),
}

/// Values of all of an optimizer's hyperparameters (the learning rate is not among them), in the
/// registry's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings(pub Vec<(Text, Setting)>);

impl PartialEq for Entry {
    /// Whether they are the same row.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Kind {
    /// The value where none is given.
    pub fn default(&self) -> Setting {
        match self {
            Self::Number { default, .. } => Setting::Number(*default),
            Self::Switch { default } => Setting::Switch(*default),
            Self::Choice { words } => Setting::Word(words[0].to_owned()),
        }
    }
}

impl Settings {
    /// All of `entry`'s defaults.
    pub fn defaults(entry: &Entry) -> Self {
        Self(
            entry
                .hyperparameters
                .iter()
                .map(|row| (row.name.into(), row.kind.default()))
                .collect(),
        )
    }

    /// The same with `name` set to `value`.
    ///
    /// # Panics
    /// If the optimizer has no such hyperparameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: Setting) -> Self {
        let slot = self.0.iter_mut().find(|(known, _)| *known == name);
        slot.unwrap_or_else(|| panic!("no hyperparameter `{name}`"))
            .1 = value;
        self
    }

    fn get(&self, name: &str) -> &Setting {
        &self
            .0
            .iter()
            .find(|(known, _)| *known == name)
            .expect("settings hold every row of their entry")
            .1
    }

    fn number<F: Real>(&self, name: &str) -> F {
        match self.get(name) {
            Setting::Number(x) => F::of(*x),
            other => unreachable!("`{name}` is a number, not {other:?}"),
        }
    }

    fn switch(&self, name: &str) -> bool {
        match self.get(name) {
            Setting::Switch(on) => *on,
            other => unreachable!("`{name}` is a switch, not {other:?}"),
        }
    }

    fn is(&self, name: &str, word: &str) -> bool {
        *self.get(name) == Setting::Word(word.to_owned())
    }
}

/// The registry's row called `id`, if there is one.
pub fn find(id: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|entry| entry.id == id)
}

/// Floats that optimizers can be built for.
pub trait Build: Real {
    /// An optimizer of `entry` with `settings` for `dim` parameters, its memory at zero.
    fn build(entry: &Entry, settings: &Settings, dim: usize) -> Box<dyn Optimizer<Self>>;
}

impl Build for f32 {
    fn build(entry: &Entry, settings: &Settings, dim: usize) -> Box<dyn Optimizer<Self>> {
        (entry.build_f32)(settings, dim)
    }
}

impl Build for f64 {
    fn build(entry: &Entry, settings: &Settings, dim: usize) -> Box<dyn Optimizer<Self>> {
        (entry.build_f64)(settings, dim)
    }
}

const BIAS_CORRECTION: &str =
    "divide the moving averages by 1 - beta^t, so that their start at zero does not show";

/// The hyperparameter epsilon, the same in every adaptive rule.
const EPSILON: Hyperparameter = Hyperparameter {
    name: "epsilon",
    kind: Kind::Number {
        default: 1e-8,
        low: 0.0,
        high: f64::INFINITY,
    },
    about: "added to the root in the denominator",
};

/// A decay rate of a moving average: at least 0, below 1.
const fn decay(name: &'static str, default: f64, about: &'static str) -> Hyperparameter {
    Hyperparameter {
        name,
        kind: Kind::Number {
            default,
            low: 0.0,
            high: 1.0,
        },
        about,
    }
}

/// A hyperparameter of 0 or more.
const fn from_zero(name: &'static str, default: f64, about: &'static str) -> Hyperparameter {
    Hyperparameter {
        name,
        kind: Kind::Number {
            default,
            low: 0.0,
            high: f64::INFINITY,
        },
        about,
    }
}

/// The hyperparameter `weight_decay` of rules that have one of their own. The key of this name that
/// every racer has then means this one, and [`Regime::weight_decay`] is 0.
const fn weight_decay(default: f64) -> Hyperparameter {
    let about = "the share of every weight that a step takes off, times the learning rate";
    from_zero("weight_decay", default, about)
}

/// The switch `bias_correction`.
const fn bias_correction(default: bool) -> Hyperparameter {
    Hyperparameter {
        name: "bias_correction",
        kind: Kind::Switch { default },
        about: BIAS_CORRECTION,
    }
}

/// 1 - beta^t for t = 1, 2, ... by a running product: `powi` in every step would cost more than the
/// step.
#[derive(Clone, Copy, Debug)]
struct Correction<F> {
    beta: F,
    power: F,
    on: bool,
}

impl<F: Real> Correction<F> {
    fn new(beta: F, on: bool) -> Self {
        Self {
            beta,
            power: F::one(),
            on,
        }
    }

    /// Goes on as `other` would, after the steps it has gone: 1 - beta1 beta2 ... betat is the sum
    /// of the weights in a moving average also where beta has changed on the way.
    fn adopt(&mut self, other: Self) {
        let power = self.power;
        *self = Self { power, ..other };
    }

    /// Goes one step on and returns 1 - beta^t, or 1 where the correction is off.
    fn advance(&mut self) -> F {
        let power = self.power * self.beta;
        // 1 - beta^t is 1 long before; processors are slow at numbers that are smaller yet.
        self.power = if power < F::min_positive_value() {
            F::zero()
        } else {
            power
        };
        self.divisor()
    }

    /// What a moving average is divided by: 1 where the correction is off.
    fn divisor(&self) -> F {
        if self.on { self.share() } else { F::one() }
    }

    /// 1 - beta^t, on or off: how much of a moving average is there already.
    fn share(&self) -> F {
        F::one() - self.power
    }
}
