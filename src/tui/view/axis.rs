//! Axes of a chart: from values to places, and the ticks between.

use crate::tui::view::number;

/// How values lie on an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By their logarithms; values of zero and below lie at the low end.
    Log,
    /// By the inverse hyperbolic sine of their number of these units: evenly about zero, by their
    /// logarithms far from it, on both sides.
    Asinh(f64),
}

impl Scale {
    /// The scale's coordinate of a value.
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log => value.ln(),
            Self::Asinh(unit) => (value / unit).asinh(),
        }
    }
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
    /// Over `low..high`, evenly.
    pub fn between(low: f64, high: f64) -> Self {
        let [low, high] = [low, high].map(|v| if v.is_finite() { v } else { 0.0 });
        Self {
            scale: Scale::Linear,
            low,
            high: high.max(low + 1e-9 * low.abs().max(1.0)),
        }
    }

    /// From a positive `low` to `high`, by logarithms.
    pub fn log_between(low: f64, high: f64) -> Self {
        let low = low.clamp(1e-280, 1e290);
        let high = if high.is_finite() { high } else { low };
        Self {
            scale: Scale::Log,
            low,
            high: high.max(2.0 * low),
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
            Scale::Asinh(unit) => {
                let unit = unit.clamp(1e-280, 1e280);
                let outwards = |value: f64| round_up((value.abs() * 1.05).clamp(unit, 1e290));
                let low = if low < 0.0 { -outwards(low) } else { 0.0 };
                let up = high > 0.0 || low == 0.0;
                Self {
                    scale: Scale::Asinh(unit),
                    low,
                    high: if up { outwards(high) } else { 0.0 },
                }
            }
        }
    }

    /// The part of a linear axis between these fractions of it.
    pub fn part(&self, from: f64, to: f64) -> Self {
        let at = |part: f64| self.low + part * (self.high - self.low);
        Self::between(at(from), at(to))
    }

    /// How values lie.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The lowest and the highest value.
    pub fn range(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    /// The value that lies at a place.
    pub fn value(&self, place: f64) -> f64 {
        let part = |low: f64, high: f64| low + place * (high - low);
        match self.scale {
            Scale::Linear => part(self.low, self.high),
            Scale::Log => part(self.low.ln(), self.high.ln()).exp(),
            Scale::Asinh(unit) => {
                unit * part(self.scale.of(self.low), self.scale.of(self.high)).sinh()
            }
        }
    }

    /// Where a value lies: 0 at the low end, 1 at the high end, at an end what lies beyond it.
    /// `None` for what is not a number or infinite.
    pub fn place(&self, value: f64) -> Option<f64> {
        value.is_finite().then(|| {
            let [low, high] = [self.low, self.high].map(|end| self.scale.of(end));
            let value = self.scale.of(value.clamp(self.low, self.high));
            ((value - low) / (high - low)).clamp(0.0, 1.0)
        })
    }

    /// Whether a value lies on the axis, rather than beyond an end.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// At most `most` labelled places (at least two are tried for): round values, on a logarithmic
    /// axis powers of ten, and their doubles and halves where those are few.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        let values = match self.scale {
            Scale::Linear => self.even(most),
            Scale::Log => self.powers(most),
            Scale::Asinh(unit) => self.both_sides(unit, most),
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

    /// Zero, and powers of ten on either side that lie far enough apart.
    fn both_sides(&self, unit: f64, most: usize) -> Vec<f64> {
        let largest = self.low.abs().max(self.high.abs());
        let (first, last) = (unit.log10().ceil() as i32, largest.log10().floor() as i32);
        let every = |stride: i32| -> Vec<f64> {
            let powers = (first..=last).filter(|power| (last - power).rem_euclid(stride) == 0);
            let sides = powers.flat_map(|power| [-1.0, 1.0].map(|side| side * decimal(1.0, power)));
            let mut values: Vec<f64> = sides.chain([0.0]).filter(|v| self.holds(*v)).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        (1..=(last - first).max(1) + 1)
            .map(every)
            .find(|values| values.len() <= most.max(2))
            .unwrap_or_else(|| vec![0.0])
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
            labels(&Axis::between(0.0, 320.0), 8),
            "0 50 100 150 200 250 300"
        );
        let saddle = Axis::around(Scale::Asinh(0.01), -900.0, 2.0);
        assert_eq!(saddle.range(), [-1000.0, 5.0]);
        assert_eq!(labels(&saddle, 8), "-1000 -10 -0.1 0 0.1");
    }

    #[test]
    fn places_are_fractions_whatever_the_value() {
        let axis = Axis::around(Scale::Log, 0.1, 10.0);
        assert_eq!(axis.place(f64::NAN), None);
        assert_eq!(axis.place(f64::INFINITY), None);
        assert_eq!([axis.place(-3.0), axis.place(1e30)], [Some(0.0), Some(1.0)]);
        let middle = axis.place(1.0).unwrap();
        assert!(middle > 0.4 && middle < 0.6, "{middle}");
        for scale in [Scale::Linear, Scale::Log, Scale::Asinh(0.1)] {
            let axis = Axis::around(scale, 0.1, 10.0);
            let there_and_back = axis.value(axis.place(3.0).unwrap());
            assert!((there_and_back - 3.0).abs() < 1e-12, "{scale:?}");
        }
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
        for scale in [Scale::Linear, Scale::Log, Scale::Asinh(1e-3)] {
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
