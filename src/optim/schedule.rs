//! The learning rate over the steps of a race: a share of its peak, step by step.
//!
//! Pure and in double precision, whatever the racer computes in. Everything but the peak is
//! relative to it, so that a schedule at half the peak is half the rate everywhere.

use std::f64::consts::PI;

use super::Setting;

#[cfg(test)]
mod tests;

/// One schedule: its name in scenarios, its formula and its keys.
#[derive(Debug)]
pub struct Row {
    /// The name in scenarios: `cosine`.
    pub id: &'static str,
    /// The rate of step t, as text; `top` is the first step at the peak.
    pub formula: &'static str,
    /// Where it was published; may be empty.
    pub paper: &'static str,
    /// Its keys beside `peak` and `schedule`.
    pub keys: &'static [&'static str],
}

/// All schedules, in the order they are listed.
pub const SCHEDULES: &[Row] = &[
    Row {
        id: "constant",
        formula: "peak",
        paper: "",
        keys: &["warmup"],
    },
    Row {
        id: "step",
        formula: "peak * factor^floor((t - top) / every)",
        paper: "",
        keys: &["warmup", "factor", "every"],
    },
    Row {
        id: "exponential",
        formula: "peak * factor^((t - top) / every)",
        paper: "",
        keys: &["warmup", "factor", "every"],
    },
    Row {
        id: "cosine",
        formula: "peak * (end_factor + (1 - end_factor) * (1 + cos(pi * (t - top) / (steps + 1 - top))) / 2)",
        paper: "Loshchilov and Hutter 2017",
        keys: &["warmup", "steps", "end_factor"],
    },
    Row {
        id: "inverse-sqrt",
        formula: "peak * sqrt(top / t)",
        paper: "Vaswani et al. 2017",
        keys: &["warmup"],
    },
    Row {
        id: "one-cycle",
        formula: "half a cosine from peak / div_factor up to peak over the share pct_start of the steps, \
                  then one down to peak / div_factor / final_div_factor; momentum stays as it is",
        paper: "Smith and Topin 2018",
        keys: &["steps", "pct_start", "div_factor", "final_div_factor"],
    },
];

/// The keys whose values are counts of steps.
pub const COUNTS: [&str; 3] = ["warmup", "every", "steps"];

/// What a racer's hyperparameters are called that say how its learning rate changes.
const PREFIX: &str = "learning_rate.";

/// A learning rate over the steps of a race. By itself it stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Schedule {
    /// So many steps lead up to the peak in a straight line, the last of them at it: step t has the
    /// rate peak * t / warmup. Always 0 for one-cycle.
    pub warmup: u64,
    /// What comes from there on.
    pub shape: Shape,
}

/// How a learning rate goes on from its peak.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Shape {
    /// It stays.
    #[default]
    Constant,
    /// Once in a while it falls: factor^floor(k / every), k steps after the peak.
    Step {
        /// What is left of it each time, above 0 and below 1.
        factor: f64,
        /// Steps between.
        every: u64,
    },
    /// It decays evenly: factor^(k / every), k steps after the peak.
    Exponential {
        /// What is left of it after each `every` steps, above 0 and below 1.
        factor: f64,
        /// So many steps.
        every: u64,
    },
    /// It follows half a cosine down, and stays at its end. Loshchilov and Hutter, "SGDR: stochastic
    /// gradient descent with warm restarts" (2017), without the restarts.
    Cosine {
        /// The last step before the end is reached, counted from the start of the race.
        steps: u64,
        /// The share of the peak at the end, 0 to 1.
        end_factor: f64,
    },
    /// It falls with the root of the step: sqrt(top / t), `top` the first step at the peak. Vaswani
    /// et al., "Attention is all you need" (2017).
    InverseSqrt,
    /// Half a cosine up and a longer one down, far below where it began. Smith and Topin,
    /// "Super-convergence" (2018), in the form that is in use: two phases, both cosines. Only the rate
    /// cycles: in the paper, and by `PyTorch`'s `cycle_momentum`, momentum falls as the rate rises and
    /// comes back as it falls; here it stays as it is.
    OneCycle {
        /// The steps of the cycle; then the rate stays.
        steps: u64,
        /// The share of the steps that leads up, 0 to 1.
        pct_start: f64,
        /// The peak is so many times the first rate, at least 1.
        div_factor: f64,
        /// The first rate is so many times the last, at least 1.
        final_div_factor: f64,
    },
}

impl Schedule {
    /// Whether every step has the same rate.
    pub fn is_constant(&self) -> bool {
        *self == Self::default()
    }

    /// The learning rate of step `t`, from 1, at this peak. Never negative, and above 0 as long as
    /// the schedule lasts, but for what a double cannot hold.
    pub fn rate(&self, peak: f64, t: u64) -> f64 {
        let t = t.max(1);
        let top = self.warmup.max(1);
        if t < top {
            return peak * t as f64 / top as f64;
        }
        let after = t - top;
        peak * match self.shape {
            Shape::Constant => 1.0,
            Shape::Step { factor, every } => libm::pow(factor, (after / every.max(1)) as f64),
            Shape::Exponential { factor, every } => {
                libm::pow(factor, after as f64 / every.max(1) as f64)
            }
            Shape::Cosine { steps, end_factor } => {
                let down = steps.saturating_add(1).saturating_sub(top).max(1);
                cosine([1.0, end_factor], after.min(down) as f64 / down as f64)
            }
            Shape::InverseSqrt => (top as f64 / t as f64).sqrt(),
            Shape::OneCycle {
                steps,
                pct_start,
                div_factor,
                final_div_factor,
            } => {
                let first = 1.0 / div_factor;
                let last = steps.saturating_sub(1) as f64;
                let turn = pct_start * steps as f64 - 1.0;
                let now = ((t - 1) as f64).min(last);
                if now <= turn {
                    cosine([first, 1.0], if turn > 0.0 { now / turn } else { 1.0 })
                } else {
                    cosine(
                        [1.0, first / final_div_factor],
                        (now - turn) / (last - turn),
                    )
                }
            }
        }
    }

    /// Its row among the schedules.
    pub fn row(&self) -> &'static Row {
        let place = match self.shape {
            Shape::Constant => 0,
            Shape::Step { .. } => 1,
            Shape::Exponential { .. } => 2,
            Shape::Cosine { .. } => 3,
            Shape::InverseSqrt => 4,
            Shape::OneCycle { .. } => 5,
        };
        &SCHEDULES[place]
    }

    /// What it is called in a table: `cosine`, or `warm-up` for one that does nothing else.
    pub fn name(&self) -> &'static str {
        match self.shape {
            Shape::Constant if self.warmup > 0 => "warm-up",
            _ => self.row().id,
        }
    }

    /// The value of one of its keys.
    fn number(&self, key: &str) -> f64 {
        let warmup = self.warmup as f64;
        match (key, self.shape) {
            ("warmup", _) => warmup,
            ("factor", Shape::Step { factor, .. } | Shape::Exponential { factor, .. }) => factor,
            ("every", Shape::Step { every, .. } | Shape::Exponential { every, .. }) => every as f64,
            ("steps", Shape::Cosine { steps, .. } | Shape::OneCycle { steps, .. }) => steps as f64,
            ("end_factor", Shape::Cosine { end_factor, .. }) => end_factor,
            ("pct_start", Shape::OneCycle { pct_start, .. }) => pct_start,
            ("div_factor", Shape::OneCycle { div_factor, .. }) => div_factor,
            (
                "final_div_factor",
                Shape::OneCycle {
                    final_div_factor, ..
                },
            ) => final_div_factor,
            (key, shape) => unreachable!("{shape:?} has no `{key}`"),
        }
    }

    /// All that it is, as hyperparameters of a racer: `learning_rate.schedule` and the keys of its
    /// row. Nothing for a rate that stays.
    pub fn settings(&self) -> Vec<(String, Setting)> {
        if self.is_constant() {
            return vec![];
        }
        let row = self.row();
        let id = Setting::Word(row.id.to_owned());
        let keys = row.keys.iter();
        let numbers = keys.map(|key| (*key, Setting::Number(self.number(key))));
        std::iter::once(("schedule", id))
            .chain(numbers)
            .map(|(key, value)| (PREFIX.to_owned() + key, value))
            .collect()
    }

    /// The schedule that is among a racer's hyperparameters; a rate that stays where there is none.
    pub fn among(hyperparameters: &[(String, Setting)]) -> Self {
        let find = |key: &str| {
            let mut all = hyperparameters.iter();
            let (_, value) = all.find(|(name, _)| name.strip_prefix(PREFIX) == Some(key))?;
            Some(value)
        };
        let number = |key: &str, or: f64| match find(key) {
            Some(Setting::Number(x)) => *x,
            _ => or,
        };
        let count = |key: &str| number(key, 1.0) as u64;
        let Some(Setting::Word(id)) = find("schedule") else {
            return Self::default();
        };
        let shape = match id.as_str() {
            "step" => Shape::Step {
                factor: number("factor", 1.0),
                every: count("every"),
            },
            "exponential" => Shape::Exponential {
                factor: number("factor", 1.0),
                every: count("every"),
            },
            "cosine" => Shape::Cosine {
                steps: count("steps"),
                end_factor: number("end_factor", 0.0),
            },
            "inverse-sqrt" => Shape::InverseSqrt,
            "one-cycle" => Shape::OneCycle {
                steps: count("steps").max(1),
                pct_start: number("pct_start", 0.0),
                div_factor: number("div_factor", 1.0),
                final_div_factor: number("final_div_factor", 1.0),
            },
            _ => Shape::Constant,
        };
        let warmup = number("warmup", 0.0) as u64;
        Self { warmup, shape }
    }
}

/// From one value to another along half a cosine; `share` of the way.
fn cosine([from, to]: [f64; 2], share: f64) -> f64 {
    to + (from - to) * (1.0 + libm::cos(PI * share)) / 2.0
}
