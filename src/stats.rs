//! What can be said about racers from many seeds: medians, their intervals, expected running times;
//! and in the files beside this one, what a lead, a claim and a score over many workloads are worth.
//!
//! A run that did not finish counts as never, whatever stopped it: later than every number. Nothing
//! here knows why a run ended, or how numbers are printed.

pub mod bootstrap;
pub mod claim;
pub mod distribution;
pub mod flip;
pub mod lead;
pub mod paired;
pub mod profile;

/// One racer's run on one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its iterations-to-converge; `None` is never.
    pub iterations: Option<u64>,
    /// All steps it took.
    pub steps: u64,
}

/// One racer's runs on several seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Iterations-to-converge on each seed, in the seeds' order; `None` is never.
    pub iterations: Vec<Option<u64>>,
    /// How many runs converged.
    pub successes: usize,
    /// The median of the iterations, `None` for never.
    pub median: Option<f64>,
    /// The 95 % interval of the median, each end `None` for never; no interval below 6 runs.
    pub interval: Option<[Option<u64>; 2]>,
    /// All steps of all runs, divided by the successes; `None` without a success.
    pub expected_running_time: Option<f64>,
}

impl Summary {
    /// Sums up `runs`, one a seed.
    pub fn new(runs: &[Run]) -> Self {
        let iterations: Vec<_> = runs.iter().map(|run| run.iterations).collect();
        let mut sorted = iterations.clone();
        sorted.sort_by_key(|count| count.unwrap_or(u64::MAX));
        let successes = iterations.iter().flatten().count();
        let spent: u64 = runs.iter().map(|run| run.steps).sum();
        Self {
            successes,
            median: median(&sorted),
            interval: median_ranks(runs.len())
                .map(|(low, high)| [sorted[low - 1], sorted[high - 1]]),
            expected_running_time: (successes > 0).then(|| spent as f64 / successes as f64),
            iterations,
        }
    }
}

/// The middle value, or the mean of the two middle values, one of which may be never.
fn median(sorted: &[Option<u64>]) -> Option<f64> {
    let n = sorted.len();
    let (low, high) = (*sorted.get(n.checked_sub(1)? / 2)?, *sorted.get(n / 2)?);
    Some((low? as f64).midpoint(high? as f64))
}

/// Which order statistics (from 1) of `n` values cover the median with at least 95 %; there are none
/// below n = 6.
///
/// The median lies below the k-th value with probability P(B < k), B binomial with n trials of 1/2:
/// the largest k for which that is at most 2.5 %, and its mirror image.
pub fn median_ranks(n: usize) -> Option<(usize, usize)> {
    // In logarithms, since 1/2^n underflows for n above 1,074.
    let mut log_share = -(n as f64) * std::f64::consts::LN_2;
    let (mut below, mut rank) = (libm::exp(log_share), 0);
    while below <= 0.025 {
        rank += 1;
        log_share += libm::log((n + 1 - rank) as f64 / rank as f64);
        below += libm::exp(log_share);
    }
    (rank > 0).then(|| (rank, n + 1 - rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: Option<u64> = None;

    fn runs(hits: &[Option<u64>], budget: u64) -> Vec<Run> {
        hits.iter()
            .map(|&iterations| Run {
                iterations,
                steps: iterations.unwrap_or(budget),
            })
            .collect()
    }

    #[test]
    fn expected_running_times_count_the_steps_of_failures() {
        let time = |hits: &[_]| Summary::new(&runs(hits, 1000)).expected_running_time;
        assert_eq!(time(&[Some(100), NEVER, Some(200), NEVER]), Some(1150.0));
        assert_eq!(time(&[Some(100), Some(200), NEVER]), Some(650.0));
        assert_eq!(time(&[NEVER, NEVER]), None);
    }

    #[test]
    fn a_run_that_did_not_finish_is_later_than_every_number() {
        let median = |hits: &[_]| Summary::new(&runs(hits, 1000)).median;
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[Some(7)]), Some(7.0));
        assert_eq!(median(&[NEVER, Some(3), Some(1)]), Some(3.0));
        assert_eq!(
            median(&[Some(4), Some(1), NEVER, Some(3)]),
            Some(3.5),
            "the mean of the two middle values"
        );
        assert_eq!(median(&[Some(1), NEVER]), None, "half of it is never");
        assert_eq!(median(&[NEVER, Some(1), NEVER]), None);
    }

    #[test]
    fn the_interval_is_of_order_statistics() {
        assert!((0..6).all(|n| median_ranks(n).is_none()));
        assert_eq!(median_ranks(6), Some((1, 6)));
        assert_eq!(median_ranks(20), Some((6, 15)));
        // Tables of the sign test: 10 -> 2, 25 -> 8, 50 -> 18, 100 -> 40.
        for (n, rank) in [(10, 2), (25, 8), (50, 18), (100, 40)] {
            assert_eq!(median_ranks(n), Some((rank, n + 1 - rank)), "{n}");
        }
        let (low, high) = median_ranks(10_000).expect("above 6");
        assert_eq!((low, high), (4902, 5099), "no underflow");
    }

    #[test]
    fn an_end_of_the_interval_may_be_never() {
        let mut hits: Vec<Option<u64>> = (101..=114).map(Some).collect();
        hits.extend([NEVER; 6]);
        hits.reverse();
        let summary = Summary::new(&runs(&hits, 1000));
        assert_eq!(summary.successes, 14);
        assert_eq!(summary.interval, Some([Some(106), NEVER]));
        assert_eq!(summary.median, Some(110.5));
        assert_eq!(summary.iterations, hits, "in the order of the seeds");
        assert_eq!(Summary::new(&runs(&[Some(1); 5], 9)).interval, None);
    }
}
