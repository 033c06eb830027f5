//! Whether one racer is quicker than another on the same seeds: the signed-rank test (Wilcoxon,
//! "Individual comparisons by ranking methods", 1945), and Holm's correction for many tests.
//!
//! A run that did not finish is later than every number, so a pair in which one finished differs by
//! more than any pair in which both did. Nothing here chooses who is compared with whom.

use std::cmp::Ordering;

/// The most pairs for which the distribution of the rank sum is counted out; beyond that it is as
/// good as normal.
pub const EXACT: usize = 50;

/// What the test says about two racers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// How many pairs differ; the others say nothing and are left out, as in Wilcoxon's paper.
    pub differ: usize,
    /// Who is quicker, by the sums of ranks: `Less` for the first.
    pub quicker: Ordering,
    /// How often chance alone makes the sums of ranks as unequal as this, or more so (two-sided).
    pub p: f64,
}

/// The test on iterations-to-converge of two racers, one pair a seed; `None` is never.
///
/// The differences are ranked by their size, equal sizes with the mean of their ranks; the sum of the
/// ranks in which the first was quicker is compared with what fair coins for the signs would make of
/// it. Up to [`EXACT`] pairs all outcomes of the coins are counted; beyond that the sum is taken as
/// normal, its variance corrected for ties, its distance from the mean by the half step between two
/// values (continuity).
pub fn signed_rank(first: &[Option<u64>], second: &[Option<u64>]) -> SignedRank {
    let pairs = first.iter().zip(second);
    let mut differences: Vec<(u64, bool)> = pairs.filter_map(|(&a, &b)| difference(a, b)).collect();
    differences.sort_unstable();
    let ranks = doubled_ranks(&differences);
    let signed = differences.iter().zip(&ranks);
    let quicker = signed.filter(|((_, quicker), _)| *quicker);
    let (sum, total): (u64, u64) = (quicker.map(|(_, rank)| rank).sum(), ranks.iter().sum());
    let less = sum.min(total - sum);
    SignedRank {
        differ: ranks.len(),
        quicker: (total - sum).cmp(&sum),
        p: if ranks.len() <= EXACT {
            exact(&ranks, less)
        } else {
            normal(&ranks, less)
        },
    }
}

/// By how much two runs differ, and whether the first was quicker; `None` if they do not differ.
fn difference(a: Option<u64>, b: Option<u64>) -> Option<(u64, bool)> {
    match (a, b) {
        (Some(a), Some(b)) => (a != b).then(|| (a.abs_diff(b), a < b)),
        (None, None) => None,
        (a, _) => Some((u64::MAX, a.is_some())),
    }
}

/// Twice the ranks of sorted differences, so that the mean of two ranks is a whole number.
fn doubled_ranks(differences: &[(u64, bool)]) -> Vec<u64> {
    let mut ranks = Vec::with_capacity(differences.len());
    for ties in differences.chunk_by(|a, b| a.0 == b.0) {
        let before = ranks.len();
        let rank = 2 * before + 1 + ties.len();
        ranks.resize(before + ties.len(), rank as u64);
    }
    ranks
}

/// Twice the probability that fair coins give a sum of at most `less`, by how many ways there are to
/// each sum.
fn exact(ranks: &[u64], less: u64) -> f64 {
    let most = less as usize;
    let mut share = vec![0.0; most + 1];
    share[0] = 1.0;
    for &rank in ranks {
        let rank = rank as usize;
        for sum in (0..=most).rev() {
            let with = sum.checked_sub(rank).map_or(0.0, |rest| share[rest]);
            share[sum] = 0.5 * (share[sum] + with);
        }
    }
    (2.0 * share.iter().sum::<f64>()).min(1.0)
}

/// The same, with the sum taken as normal. Sums, like ranks, are doubled.
fn normal(ranks: &[u64], less: u64) -> f64 {
    let n = ranks.len() as f64;
    let mean = n * (n + 1.0) / 4.0;
    let ties = ranks.chunk_by(|a, b| a == b).map(|ties| ties.len() as f64);
    let tied: f64 = ties.map(|t| t * t * t - t).sum();
    let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - tied / 48.0;
    let away = (mean - 0.5 * less as f64 - 0.5).max(0.0);
    libm::erfc(away / libm::sqrt(2.0 * variance))
}

/// Probabilities of several tests, each raised so far that among all that stay at or below a level,
/// one is there by chance with at most that probability (Holm, "A simple sequentially rejective
/// multiple test procedure", 1979).
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    let mut corrected = vec![0.0; probabilities.len()];
    let mut least = 0.0_f64;
    for (place, &test) in order.iter().enumerate() {
        let tests_left = (order.len() - place) as f64;
        least = least.max((tests_left * probabilities[test]).min(1.0));
        corrected[test] = least;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(counts: &[u64]) -> Vec<Option<u64>> {
        counts.iter().copied().map(Some).collect()
    }

    #[test]
    fn ties_share_the_mean_of_their_ranks() {
        let ranks = doubled_ranks(&[
            (1, true),
            (4, true),
            (4, false),
            (4, true),
            (u64::MAX, true),
        ]);
        assert_eq!(ranks, [2, 6, 6, 6, 10]);
    }

    #[test]
    fn who_is_quicker_has_the_larger_sum_of_ranks() {
        let test = signed_rank(&some(&[1, 2, 3, 9]), &some(&[2, 4, 6, 9]));
        // All three that differ: two of eight outcomes are as far from the middle.
        assert_eq!(
            (test.differ, test.quicker, test.p),
            (3, Ordering::Less, 0.25)
        );
        let other_way = signed_rank(&some(&[2, 4, 6, 9]), &some(&[1, 2, 3, 9]));
        assert_eq!((other_way.quicker, other_way.p), (Ordering::Greater, 0.25));
        let even = signed_rank(&some(&[1, 2]), &some(&[2, 1]));
        assert_eq!((even.quicker, even.p), (Ordering::Equal, 1.0));
    }

    #[test]
    fn never_is_the_worst_and_twice_never_is_no_difference() {
        let (first, second) = ([None, Some(9), Some(9)], [None, None, Some(1_000_000_000)]);
        let test = signed_rank(&first, &second);
        assert_eq!(
            (test.differ, test.quicker, test.p),
            (2, Ordering::Less, 0.5)
        );
        let test = signed_rank(&[None, Some(1), Some(2)], &some(&[3, 3, 3]));
        assert_eq!(test.quicker, Ordering::Equal, "ranks 3 against 1 and 2");
    }

    #[test]
    fn the_normal_distribution_takes_over_smoothly() {
        let first = some(&(0..50).map(|i| 100 + 37 * i % 50).collect::<Vec<_>>());
        let second = some(&(0..50).map(|i| 105 + 11 * i % 50).collect::<Vec<_>>());
        let differences = first.iter().zip(&second);
        let mut differences: Vec<_> = differences
            .filter_map(|(&a, &b)| difference(a, b))
            .collect();
        differences.sort_unstable();
        let ranks = doubled_ranks(&differences);
        let less = ranks.iter().sum::<u64>() / 3;
        let (exact, normal) = (exact(&ranks, less), normal(&ranks, less));
        assert!((exact / normal - 1.0).abs() < 0.03, "{exact} {normal}");
    }

    #[test]
    fn holms_correction_steps_down() {
        // By hand: 4 * 0.01, 3 * 0.02 and at least that, 2 * 0.03 and at least that, 0.5.
        assert_eq!(holm(&[0.03, 0.01, 0.5, 0.02]), [0.06, 0.04, 0.5, 0.06]);
        assert_eq!(holm(&[0.4, 0.5]), [0.8, 0.8]);
        assert_eq!(holm(&[0.6, 0.7]), [1.0, 1.0]);
        assert_eq!(holm(&[]), [0.0; 0]);
    }
}
