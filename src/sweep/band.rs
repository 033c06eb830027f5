//! The curve of the middle over several seeds: at evenly spaced steps the median of a racer's losses,
//! and the 95 % interval of the median.
//!
//! Memory is bounded: of each seed at most [`POINTS`] losses are kept, of at most [`SEEDS`] seeds, the
//! first ones; later seeds would hardly move the median of so many. A racer that is done stays at its
//! last loss, one that diverged or failed at infinity.

use crate::race::snapshot::{Outcome, Progress};
use crate::stats::median_ranks;

/// The most seeds whose curves are kept.
pub const SEEDS: usize = 100;

/// The most losses of a curve that are kept.
pub const POINTS: u64 = 256;

/// The losses of one racer on one seed at evenly spaced steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Thinned {
    /// Steps from one loss to the next, a power of two.
    every: u64,
    /// The loss at step 0, `every`, twice `every`, ...
    losses: Vec<f64>,
    /// The loss from then on.
    after: f64,
}

/// The middle of several seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// How many seeds it is of.
    pub runs: usize,
    /// Steps from one point to the next.
    pub every: u64,
    /// The median loss at step 0, `every`, twice `every`, ...; infinite where half of them are.
    pub median: Vec<f64>,
    /// The 95 % interval of each median; none below 6 seeds.
    pub interval: Option<Vec<[f64; 2]>>,
}

impl Thinned {
    /// The curve of a racer as far as it has come.
    pub fn new(progress: &Progress) -> Self {
        let mut every = 1;
        while progress.steps / every >= POINTS {
            every *= 2;
        }
        let at = |step: u64| {
            let known = progress.trace.last_where(|at| at.step <= step);
            worst(known.unwrap_or(&progress.latest).loss)
        };
        let gone = matches!(
            progress.outcome,
            Some(Outcome::Diverged { .. } | Outcome::Error { .. })
        );
        Self {
            every,
            losses: (0..=progress.steps / every)
                .map(|i| at(i * every))
                .collect(),
            after: if gone {
                f64::INFINITY
            } else {
                worst(progress.latest.loss)
            },
        }
    }

    fn last_step(&self) -> u64 {
        (self.losses.len() as u64 - 1) * self.every
    }

    fn at(&self, step: u64) -> f64 {
        let known = self.losses.get((step / self.every) as usize);
        known.copied().unwrap_or(self.after)
    }
}

/// A loss that is not a number is as bad as can be.
fn worst(loss: f64) -> f64 {
    if loss.is_nan() { f64::INFINITY } else { loss }
}

impl Band {
    /// The middle of a racer's curves, one a seed; `None` of none.
    pub fn new(curves: &[&Thinned]) -> Option<Self> {
        let every = curves.iter().map(|curve| curve.every).max()?;
        let last = curves.iter().map(|curve| curve.last_step()).max()?;
        let ranks = median_ranks(curves.len());
        let (mut median, mut interval) = (vec![], vec![]);
        for step in (0..=last).step_by(every as usize) {
            let mut losses: Vec<f64> = curves.iter().map(|curve| curve.at(step)).collect();
            losses.sort_by(f64::total_cmp);
            let (below, above) = (losses[(losses.len() - 1) / 2], losses[losses.len() / 2]);
            median.push(below.midpoint(above));
            interval.extend(ranks.map(|(low, high)| [losses[low - 1], losses[high - 1]]));
        }
        Some(Self {
            runs: curves.len(),
            every,
            median,
            interval: ranks.map(|_| interval),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::standing::sample::{evaluation, racer};

    const CONVERGED: Option<Outcome> = Some(Outcome::Converged);

    /// A racer whose loss is `height` over its step plus one, evaluated at each of `steps` steps.
    fn hyperbola(height: f64, steps: u64, outcome: Option<Outcome>) -> Progress {
        let at = |step: u64| evaluation(step, step, 0.0, height / (step + 1) as f64);
        racer(&(0..=steps).map(at).collect::<Vec<_>>(), outcome)
    }

    fn band(racers: &[Progress]) -> Band {
        let curves: Vec<Thinned> = racers.iter().map(Thinned::new).collect();
        Band::new(&curves.iter().collect::<Vec<_>>()).expect("there are some")
    }

    #[test]
    fn each_point_is_the_median_of_its_step() {
        let heights = [3.0, 1.0, 2.0, 6.0, 5.0, 4.0];
        let six = heights.map(|height| hyperbola(height, 10, CONVERGED));
        let band = band(&six);
        assert_eq!((band.runs, band.every, band.median.len()), (6, 1, 11));
        let interval = band.interval.expect("6 are enough");
        for (step, (median, ends)) in band.median.iter().zip(interval).enumerate() {
            let part = (step + 1) as f64;
            assert!((median - 3.5 / part).abs() < 1e-12, "{step}: {median}");
            assert_eq!(ends, [1.0 / part, 6.0 / part]);
        }
        assert_eq!(Band::new(&[]), None);
    }

    #[test]
    fn long_races_are_thinned_and_meet_on_the_coarsest_grid() {
        let long = hyperbola(1.0, 100_000, None);
        let thinned = Thinned::new(&long);
        assert!(thinned.losses.len() as u64 <= POINTS);
        assert_eq!(thinned.every, 512);
        let band = band(&[long, hyperbola(2.0, 1000, CONVERGED)]);
        assert_eq!((band.every, band.median.len()), (512, 196));
        assert_eq!(band.median[0], 1.5);
        assert_eq!(band.interval, None, "two are too few");
        let (long, short) = (1.0 / 513.0, 2.0 / 513.0);
        assert!((band.median[1] / (0.5 * (long + short)) - 1.0).abs() < 0.05);
        // The short one has stayed where it stopped.
        let (long, short) = (1.0 / 99_841.0, 2.0 / 1001.0);
        assert!((band.median[195] / (0.5 * (long + short)) - 1.0).abs() < 0.05);
    }

    #[test]
    fn who_diverged_is_at_infinity_from_then_on() {
        let cause = "the loss is not finite".to_owned();
        let gone = hyperbola(1.0, 3, Some(Outcome::Diverged { step: 3, cause }));
        let two = [gone.clone(), gone];
        let rest = [5.0, 6.0, 7.0].map(|height| hyperbola(height, 9, CONVERGED));
        let five: Vec<Progress> = two.into_iter().chain(rest).collect();
        let band = band(&five);
        assert_eq!(band.median[3], 5.0 / 4.0, "the third of 1, 1, 5, 6, 7");
        assert_eq!(
            band.median[4],
            7.0 / 5.0,
            "the third of 5, 6, 7, infinite twice"
        );
        let most = super::tests::band(&five[..3]);
        assert_eq!(most.median[4], f64::INFINITY);
    }
}
