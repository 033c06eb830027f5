//! The one rate for all racers: of those that the search has tried, the one at which most racers
//! converge. It is the kindest that can be found, so that whoever fails there is not failed by an
//! arbitrary choice.

use crate::sweep::tune::Tuning;
use crate::sweep::tune::curve::Point;

/// One rate for all racers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Same {
    /// The rate.
    pub rate: f64,
    /// How many racers converge at it: their median run on the seeds of the search.
    pub converge: usize,
}

impl Same {
    /// The rate at which most racers of a search converge. Of equals the one with the lowest sum of
    /// ranks, a racer's rank of a rate being its place among all the rates of that racer; then the
    /// lower rate. `None` if at no rate all racers were run to the end.
    pub fn of(tuning: &Tuning) -> Option<Self> {
        let racers = tuning.racers.iter();
        let curves: Vec<&[Point]> = racers
            .map(|racer| racer.curves[0].points.as_slice())
            .collect();
        choose(&curves)
    }
}

/// The same of the points of each racer, which are at the same rates.
fn choose(curves: &[&[Point]]) -> Option<Same> {
    let rates = 0..curves.first()?.len();
    let known = |rate: &usize| curves.iter().all(|points| points[*rate].known);
    let merit = |rate: usize| {
        let converge = curves.iter().filter(|points| points[rate].works()).count();
        let ranks = curves
            .iter()
            .map(|points| rank(points, rate))
            .sum::<usize>();
        (usize::MAX - converge, ranks)
    };
    let best = rates.filter(known).min_by_key(|&rate| merit(rate))?;
    Some(Same {
        rate: curves[0][best].rate,
        converge: curves.iter().filter(|points| points[best].works()).count(),
    })
}

/// The place of a rate among all rates of a racer, from 1.
fn rank(points: &[Point], rate: usize) -> usize {
    let known = points.iter().filter(|point| point.known);
    1 + known
        .filter(|point| point.compare(&points[rate]).is_lt())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Run;
    use crate::sweep::tune::curve::Trial;

    /// A racer's runs at the rates 1, 2, ...: iterations, 0 for never.
    fn points(iterations: &[u64]) -> Vec<Point> {
        let point = |(i, &count): (usize, &u64)| {
            let trial = Trial {
                run: Run {
                    iterations: (count > 0).then_some(count),
                    steps: 100,
                },
                best_loss: 1.0,
                diverged: false,
                whole: true,
            };
            Point::new((i + 1) as f64, &[trial], 1)
        };
        iterations.iter().enumerate().map(point).collect()
    }

    fn chosen(racers: &[&[u64]]) -> Option<(f64, usize)> {
        let points: Vec<Vec<Point>> = racers.iter().map(|counts| points(counts)).collect();
        let curves: Vec<&[Point]> = points.iter().map(Vec::as_slice).collect();
        choose(&curves).map(|same| (same.rate, same.converge))
    }

    #[test]
    fn most_converge_then_the_ranks_decide_then_the_lower_rate() {
        let most: [&[u64]; 3] = [&[9, 0, 5], &[3, 8, 0], &[0, 7, 0]];
        assert_eq!(chosen(&most[..2]), Some((1.0, 2)));
        // At each of the first two rates two converge; ranks are 2 + 1 + 2 and 3 + 2 + 1.
        assert_eq!(chosen(&most), Some((1.0, 2)));
        // The sum of the ranks of the second rate is 1 + 2, of the first 2 + 3, of the third 3 + 1.
        assert_eq!(chosen(&[&[20, 10, 30], &[50, 40, 1]]), Some((2.0, 2)));
        assert_eq!(chosen(&[&[7, 8], &[8, 7]]), Some((1.0, 2)));
        assert_eq!(chosen(&[&[0, 0], &[0, 0]]), Some((1.0, 0)));
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn a_rate_that_was_not_run_to_the_end_is_not_chosen() {
        let mut first = points(&[5, 6]);
        first[0].known = false;
        let second = points(&[5, 0]);
        let same = choose(&[&first, &second]).expect("one is known");
        assert_eq!((same.rate, same.converge), (2.0, 1));
        first[1].known = false;
        assert_eq!(choose(&[&first, &second]), None);
    }
}
