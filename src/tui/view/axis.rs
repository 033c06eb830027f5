//! Axes of a chart: from values to places, and the ticks between.

use crate::tui::view::number;

/// How values lie on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their logarithms; values of zero and below lie at the low end.
    Log,
}

/// A range of values, always finite and never empty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    scale: Scale,
    low: f64,
    high: f64,
}

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where: 0 at the low end, 1 at the high end.
    pub at: f64,
    /// Its value as text.
    pub label: String,
}

impl Axis {
    /// From zero to `high`, evenly.
    pub fn from_zero(high: f64) -> Self {
        let high = if high.is_finite() {
            high.max(1e-9)
        } else {
            1.0
        };
        Self {
            scale: Scale::Linear,
            low: 0.0,
            high,
        }
    }

    /// Over `low..high` and a little more, to round values.
    pub fn around(scale: Scale, low: f64, high: f64) -> Self {
        let (low, high) = (low.min(high), high.max(low));
        match scale {
            Scale::Linear => {
                let [low, high] = [low, high].map(|value| value.clamp(-1e300, 1e300));
                let size = low.abs().max(high.abs());
                let span = if size > 0.0 {
                    (high - low).max(1e-6 * size)
                } else {
                    1.0
                };
                let step = round_up((span / 8.0).max(1e-300));
                Self {
                    scale,
                    low: (low / step - 0.2).floor() * step,
                    high: (high / step + 0.2).ceil() * step,
                }
            }
            Scale::Log => {
                let high = round_up(high.clamp(1e-280, 1e300) * 1.05);
                let low = round_down(low.clamp(high * 1e-18, high * 0.5) * 0.8);
                Self { scale, low, high }
            }
        }
    }

    /// How values lie.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The lowest and the highest value.
    #[cfg(test)]
    fn range(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    /// Where a value lies: 0 at the low end, 1 at the high end, at an end what lies beyond it.
    /// `None` for what is not a number or infinite.
    pub fn place(&self, value: f64) -> Option<f64> {
        let part = |value: f64| (value - self.low) / (self.high - self.low);
        value.is_finite().then(|| match self.scale {
            Scale::Linear => part(value).clamp(0.0, 1.0),
            Scale::Log => {
                let value = value.clamp(self.low, self.high);
                (value / self.low).ln() / (self.high / self.low).ln()
            }
        })
    }

    /// At most `most` labelled places (at least two are tried for): round values, on a logarithmic
    /// axis powers of ten, and their doubles and halves where those are few.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let values = match self.scale {
            Scale::Linear => self.even(most),
            Scale::Log => self.powers(most),
        };
        let tick = |value| {
            Some(Tick {
                at: self.place(value)?,
                label: number::short(value),
            })
        };
        values.into_iter().filter_map(tick).collect()
    }

    fn even(&self, most: usize) -> Vec<f64> {
        let step = round_up((self.high - self.low) / most.max(2) as f64);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step + 1e-9).floor() as i64;
        // Divided by a whole number, 3 steps of a tenth are 0.3 and not 0.30000000000000004.
        let value = |i: i64| {
            if step < 1.0 {
                i as f64 / (1.0 / step).round()
            } else {
                i as f64 * step
            }
        };
        (first..=last).map(value).collect()
    }

    fn powers(&self, most: usize) -> Vec<f64> {
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let inside = |value: &f64| (self.low * 0.999..=self.high * 1.001).contains(value);
        let every = |stride: i32, digits: &[f64]| -> Vec<f64> {
            (first..=last)
                .filter(|power| power.rem_euclid(stride) == 0)
                .flat_map(|power| digits.iter().map(move |digit| decimal(*digit, power)))
                .filter(inside)
                .collect()
        };
        let fine = every(1, &[1.0, 2.0, 5.0]);
        if fine.len() <= most.max(2) {
            return fine;
        }
        // Every `last - first` powers there are at most two.
        (1..=(last - first).max(1))
            .map(|stride| every(stride, &[1.0]))
            .find(|values| values.len() <= most.max(2))
            .unwrap_or_default()
    }
}

/// `digit` times a power of ten, rounded once.
fn decimal(digit: f64, power: i32) -> f64 {
    if power < 0 {
        digit / 10_f64.powi(-power)
    } else {
        digit * 10_f64.powi(power)
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below a positive `value`.
pub fn round_up(value: f64) -> f64 {
    let power = value.log10().floor() as i32;
    [1.0, 2.0, 5.0]
        .map(|digit| decimal(digit, power))
        .into_iter()
        .find(|round| *round >= value * (1.0 - 1e-12))
        .unwrap_or_else(|| decimal(1.0, power + 1))
}

/// The largest of 1, 2 and 5 times a power of ten that is not above a positive `value`.
fn round_down(value: f64) -> f64 {
    let power = value.log10().floor() as i32;
    [5.0, 2.0, 1.0]
        .map(|digit| decimal(digit, power))
        .into_iter()
        .find(|round| *round <= value * (1.0 + 1e-12))
        .unwrap_or_else(|| decimal(5.0, power - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis, most: usize) -> String {
        let labels: Vec<_> = axis.ticks(most).into_iter().map(|t| t.label).collect();
        labels.join(" ")
    }

    #[test]
    fn ranges_are_round_and_ticks_few() {
        let digits = Axis::around(Scale::Log, 0.05, 2.4);
        assert_eq!(digits.range(), [0.02, 5.0]);
        assert_eq!(labels(&digits, 8), "0.02 0.05 0.1 0.2 0.5 1 2 5");
        assert_eq!(labels(&digits, 5), "0.1 1");
        let deep = Axis::around(Scale::Log, 1e-12, 150.0);
        assert_eq!(labels(&deep, 5), "1e-12 1e-9 1e-6 0.001 1");
        let line = Axis::around(Scale::Linear, -1.0, 1.0);
        assert_eq!(line.range(), [-1.5, 1.5]);
        assert_eq!(labels(&line, 6), "-1.5 -1 -0.5 0 0.5 1 1.5");
        assert_eq!(
            labels(&Axis::from_zero(320.0), 8),
            "0 50 100 150 200 250 300"
        );
    }

    #[test]
    fn places_are_fractions_whatever_the_value() {
        let axis = Axis::around(Scale::Log, 0.1, 10.0);
        assert_eq!(axis.place(f64::NAN), None);
        assert_eq!(axis.place(f64::INFINITY), None);
        assert_eq!([axis.place(-3.0), axis.place(1e30)], [Some(0.0), Some(1.0)]);
        let middle = axis.place(1.0).unwrap();
        assert!(middle > 0.4 && middle < 0.6, "{middle}");
    }

    #[test]
    fn strange_ranges_are_never_empty() {
        let strange = [
            0.0,
            -0.0,
            1.0,
            -5.0,
            1e-320,
            f64::MIN_POSITIVE,
            1e308,
            -1e308,
        ];
        for scale in [Scale::Linear, Scale::Log] {
            for low in strange {
                for high in strange {
                    let axis = Axis::around(scale, low, high);
                    let [from, to] = axis.range();
                    assert!(from < to, "{scale:?} {low} {high}: {from} {to}");
                    assert!(axis.ticks(6).len() < 12, "{scale:?} {low} {high}");
                    let place = axis.place(low).unwrap_or(0.5);
                    assert!(
                        (0.0..=1.0).contains(&place),
                        "{scale:?} {low} {high}: {place}"
                    );
                }
            }
        }
    }
}
