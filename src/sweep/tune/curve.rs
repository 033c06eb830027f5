//! What a racer's runs over the rates say: which rates work, how many in a row, and which is best.

use std::cmp::Ordering;

use super::grid::Edge;
use crate::optim::Setting;
use crate::stats::{Run, Summary};

/// One run: a racer at a rate, on a seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Its iterations-to-converge, and all its steps.
    pub run: Run,
    /// The lowest training loss it saw.
    pub best_loss: f64,
    /// Whether it diverged.
    pub diverged: bool,
    /// Whether it was given its full budget; one that was not may yet have converged.
    pub whole: bool,
}

/// A racer's runs at one rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The learning rate.
    pub rate: f64,
    /// The runs, one a seed in the seeds' order; fewer where the tuning was stopped.
    pub runs: Summary,
    /// How many of them diverged.
    pub diverged: usize,
    /// The median over the runs of the lowest training loss; infinite without a run.
    pub best_loss: f64,
    /// All steps of all runs.
    pub steps: u64,
    /// Whether its median is known: all its runs are there, and each was given its full budget or
    /// enough of them converged without.
    pub known: bool,
}

/// A racer's runs over all rates, with the same other hyperparameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The other hyperparameters that were tried, as they are here.
    pub over: Vec<(String, Setting)>,
    /// A point a rate, in ascending order.
    pub points: Vec<Point>,
}

/// The rates of a curve that work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// How many.
    pub width: usize,
    /// The lowest and the highest.
    pub ends: [f64; 2],
    /// Whether all rates between these work.
    pub unbroken: bool,
}

/// Up to so many times the best median, each grade of a rate that works; the best grade first.
pub const GRADES: [f64; 4] = [1.5, 3.0, 10.0, f64::INFINITY];

/// The grade of a median where the best is `lowest`. A start at the target has a median of 0: one more
/// on both sides.
pub fn grade(median: f64, lowest: f64) -> usize {
    let times = (median + 1.0) / (lowest + 1.0);
    let found = GRADES.iter().position(|most| times <= *most);
    found.unwrap_or(GRADES.len() - 1)
}

/// The best rate of a racer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Best {
    /// On which of its curves.
    pub curve: usize,
    /// At which point of it.
    pub point: usize,
    /// Where it lies at an end of the grid and is better than what is next to it, or diverges at
    /// every rate, so that one beyond may be better still.
    pub edge: Option<Edge>,
}

impl Point {
    /// The `trials` at `rate` of a racer that was to have `seeds` runs.
    pub fn new(rate: f64, trials: &[Trial], seeds: usize) -> Self {
        let runs: Vec<Run> = trials.iter().map(|trial| trial.run).collect();
        let losses = trials.iter().map(|trial| trial.best_loss);
        let summary = Summary::new(&runs);
        let known = summary.median.is_some() || trials.iter().all(|trial| trial.whole);
        Self {
            rate,
            diverged: trials.iter().filter(|trial| trial.diverged).count(),
            best_loss: median(losses.collect()),
            steps: runs.iter().map(|run| run.steps).sum(),
            known: known && trials.len() == seeds,
            runs: summary,
        }
    }

    /// Whether the median run is known to converge.
    pub fn works(&self) -> bool {
        self.known && self.runs.median.is_some()
    }

    /// Whether most of its runs diverged.
    pub fn diverges(&self) -> bool {
        2 * self.diverged > self.runs.iterations.len()
    }

    /// By its median, never after every number; where both are never, by the lowest loss.
    pub fn compare(&self, other: &Self) -> Ordering {
        let median = |point: &Self| point.runs.median.unwrap_or(f64::INFINITY);
        let by_median = median(self).total_cmp(&median(other));
        if self.works() || other.works() {
            return by_median;
        }
        self.best_loss.total_cmp(&other.best_loss)
    }
}

/// The middle value, or the mean of the two middle values; what is no number is infinite.
fn median(mut values: Vec<f64>) -> f64 {
    for value in &mut values {
        *value = if value.is_nan() {
            f64::INFINITY
        } else {
            *value
        };
    }
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::INFINITY,
        n => values[(n - 1) / 2].midpoint(values[n / 2]),
    }
}

impl Curve {
    /// The rates that work, if any does.
    pub fn band(&self) -> Option<Band> {
        let works: Vec<usize> = (0..self.points.len())
            .filter(|&i| self.points[i].works())
            .collect();
        let (first, last) = (*works.first()?, *works.last()?);
        Some(Band {
            width: works.len(),
            ends: [first, last].map(|i| self.points[i].rate),
            unbroken: works.len() == last - first + 1,
        })
    }

    /// How many rates in a row work around this one, itself among them.
    fn width(&self, point: usize) -> usize {
        let works = |i: &usize| self.points[*i].works();
        let below = (0..point).rev().take_while(works).count();
        let from_here = (point..self.points.len()).take_while(works).count();
        if works(&point) { below + from_here } else { 0 }
    }

    /// The end of what was tried that a point lies at, if it is better than the point next to it; the
    /// low end also if it diverges even there.
    fn edge(&self, point: usize) -> Option<Edge> {
        let tried = |point: &&Point| !point.runs.iterations.is_empty();
        let below = self.points[..point].iter().rfind(tried);
        let above = self.points[point + 1..].iter().find(tried);
        let better = |than: &Point| self.points[point].compare(than).is_lt();
        match (below, above) {
            (None, Some(above)) if better(above) || self.points[point].diverges() => {
                Some(Edge::Low)
            }
            (Some(below), None) if better(below) => Some(Edge::High),
            _ => None,
        }
    }
}

/// The best point of a racer's curves: the lowest median, or where none works the lowest loss. Of
/// equals the one amid more working rates in a row; then the lower rate; then the earlier curve. A
/// point whose median is not known is not compared; `None` where all are such.
pub fn best(curves: &[Curve]) -> Option<Best> {
    let places = curves.iter().enumerate().flat_map(|(c, curve)| {
        let points = curve.points.iter().enumerate();
        let known = points.filter(|(_, point)| point.known);
        known.map(move |(p, _)| (c, p))
    });
    let point = |(c, p): (usize, usize)| &curves[c].points[p];
    let width = |(c, p): (usize, usize)| curves[c].width(p);
    let (curve, at) = places.min_by(|&a, &b| {
        let by_rate = || point(a).rate.total_cmp(&point(b).rate);
        let by_width = || width(b).cmp(&width(a));
        point(a)
            .compare(point(b))
            .then_with(by_width)
            .then_with(by_rate)
    })?;
    Some(Best {
        curve,
        point: at,
        edge: curves[curve].edge(at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A curve with one run a rate: the iterations, or else the loss.
    fn curve(runs: &[Result<u64, f64>]) -> Curve {
        let points = (0..).zip(runs).map(|(tick, run)| {
            let iterations = run.ok();
            let trial = Trial {
                run: Run {
                    iterations,
                    steps: iterations.unwrap_or(100),
                },
                best_loss: run.err().unwrap_or(0.0),
                diverged: false,
                whole: true,
            };
            Point::new(f64::from(tick), &[trial], 1)
        });
        Curve {
            over: vec![],
            points: points.collect(),
        }
    }

    const NEVER: Result<u64, f64> = Err(1.0);

    /// Curve, point and edge of the best.
    fn found(curves: &[Curve]) -> (usize, usize, Option<Edge>) {
        let best = best(curves).expect("medians are known");
        (best.curve, best.point, best.edge)
    }

    #[test]
    fn the_lowest_median_wins_wherever_it_lies() {
        let inside = curve(&[NEVER, Ok(9), Ok(4), Ok(7), NEVER]);
        assert_eq!(found(std::slice::from_ref(&inside)), (0, 2, None));
        let low = curve(&[Ok(1), Ok(2), NEVER]);
        assert_eq!(found(std::slice::from_ref(&low)), (0, 0, Some(Edge::Low)));
        let high = curve(&[NEVER, Ok(2), Ok(1)]);
        assert_eq!(found(&[inside, high]), (1, 2, Some(Edge::High)));
    }

    #[test]
    fn of_equals_the_one_in_the_wider_band_wins_then_the_lower_rate() {
        let gap = curve(&[Ok(5), NEVER, Ok(9), Ok(5), Ok(5)]);
        assert_eq!(found(std::slice::from_ref(&gap)), (0, 3, None));
        let wider = curve(&[NEVER, Ok(9), Ok(9), Ok(9), Ok(5)]);
        assert_eq!(found(&[gap.clone(), wider]), (1, 4, Some(Edge::High)));
        let band = gap.band().expect("rates work");
        assert_eq!(
            (band.width, band.ends, band.unbroken),
            (4, [0.0, 4.0], false)
        );
    }

    #[test]
    fn an_end_that_is_no_better_than_its_neighbour_is_no_edge() {
        assert_eq!(found(&[curve(&[Ok(0), Ok(0), Ok(0)])]), (0, 0, None));
        assert_eq!(found(&[curve(&[NEVER, NEVER])]), (0, 0, None));
        let mut diverging = curve(&[NEVER, NEVER]);
        for point in &mut diverging.points {
            point.diverged = 1;
        }
        assert_eq!(found(&[diverging]), (0, 0, Some(Edge::Low)));
    }

    #[test]
    fn who_finishes_nowhere_is_judged_by_its_loss() {
        let never = curve(&[Err(3.0), Err(f64::NAN), Err(0.5), Err(2.0)]);
        assert_eq!(found(std::slice::from_ref(&never)), (0, 2, None));
        assert_eq!(never.band(), None);
        assert_eq!(found(&[curve(&[Err(3.0), Err(2.0)])]).2, Some(Edge::High));
    }

    #[test]
    fn what_was_not_run_to_its_end_is_not_compared() {
        let mut stopped = curve(&[Ok(5), Err(0.0), Ok(6)]);
        stopped.points[0].known = false;
        stopped.points[1].known = false;
        assert_eq!(found(std::slice::from_ref(&stopped)).1, 2);
        stopped.points[2].known = false;
        assert_eq!(best(&[stopped]), None);
    }

    #[test]
    fn a_median_is_known_as_soon_as_enough_runs_converged() {
        let trial = |iterations: Option<u64>, whole| Trial {
            run: Run {
                iterations,
                steps: 9,
            },
            best_loss: 1.0,
            diverged: false,
            whole,
        };
        let (hit, cut, miss) = (trial(Some(4), true), trial(None, false), trial(None, true));
        for (trials, median, known) in [
            (&[hit, cut, hit][..], Some(4.0), true),
            (&[hit, cut, miss], None, false),
            (&[hit, miss, miss], None, true),
            (&[hit, hit], Some(4.0), false),
            (&[], None, false),
        ] {
            let point = Point::new(0.1, trials, 3);
            assert_eq!(
                (point.runs.median, point.known),
                (median, known),
                "{trials:?}"
            );
        }
    }

    #[test]
    fn the_median_of_losses_takes_what_is_no_number_as_the_worst() {
        assert_eq!(median(vec![f64::NAN, 2.0, 1.0]), 2.0);
        assert_eq!(median(vec![f64::NAN, 2.0]), f64::INFINITY);
        assert_eq!(median(vec![1.0, 2.0]), 1.5);
        assert_eq!(median(vec![]), f64::INFINITY);
    }
}
