//! How near to the best a racer is over many workloads: the time-to-target score (Dahl et al.,
//! "Benchmarking Neural Network Training Algorithms", 2023) by performance profiles (Dolan and Moré,
//! "Benchmarking optimization software with performance profiles", 2002).
//!
//! Times are in any unit, the same for all racers of a workload; `None` is never.

/// The score counts times of up to so many times the best; beyond that a time is as good as never.
pub const FARTHEST: f64 = 4.0;

/// The time of a racer with several trials in each of several studies: the median over the studies of
/// the best trial.
pub fn time_to_target(studies: &[Vec<Option<u64>>]) -> Option<f64> {
    let best = studies.iter().map(|trials| trials.iter().flatten().min());
    let mut best: Vec<Option<u64>> = best.map(Option::<&u64>::copied).collect();
    best.sort_by_key(|time| time.unwrap_or(u64::MAX));
    super::median(&best)
}

/// The times of the racers of one workload, each over the best of them.
pub fn ratios(times: &[Option<f64>]) -> Vec<Option<f64>> {
    let best = times
        .iter()
        .flatten()
        .copied()
        .fold(f64::INFINITY, f64::min);
    // A start at the target takes no time: who does not start there is beyond every multiple of that.
    let over = |time: f64| if time == best { 1.0 } else { time / best };
    times.iter().map(|time| time.map(over)).collect()
}

/// The performance profile rho(tau) of a racer with these ratios: the share of the workloads in which
/// it takes at most `tau` times the best time.
pub fn share_within(ratios: &[Option<f64>], tau: f64) -> f64 {
    let within = ratios.iter().flatten().filter(|&&ratio| ratio <= tau);
    within.count() as f64 / ratios.len() as f64
}

/// The score of a racer with these ratios: the mean of its profile between 1 and [`FARTHEST`]. 1 is
/// the best everywhere, 0 is never within reach of it.
pub fn score(ratios: &[Option<f64>]) -> f64 {
    // A workload is in the profile from its ratio on.
    let width = FARTHEST - 1.0;
    let counted = ratios
        .iter()
        .flatten()
        .map(|ratio| (FARTHEST - ratio).max(0.0));
    // From zero, since the sum of nothing is -0.
    counted.fold(0.0, |sum, part| sum + part) / (width * ratios.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: Option<u64> = None;

    /// Racer A takes 10, 20 and for ever on three workloads, racer B 20, 20 and 30.
    fn two_racers() -> [Vec<Option<f64>>; 2] {
        let workloads = [
            [Some(10.0), Some(20.0)],
            [Some(20.0), Some(20.0)],
            [None, Some(30.0)],
        ];
        let each = workloads.map(|times| ratios(&times));
        [0, 1].map(|racer| each.iter().map(|ratios| ratios[racer]).collect())
    }

    #[test]
    fn who_solves_nothing_has_a_score_of_plain_zero() {
        assert_eq!(score(&[None, None]).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn ratios_are_to_the_best_of_the_workload() {
        let [a, b] = two_racers();
        assert_eq!(a, [Some(1.0), Some(1.0), None]);
        assert_eq!(b, [Some(2.0), Some(1.0), Some(1.0)]);
        assert_eq!(ratios(&[None, None]), [None, None]);
        let at_the_target = ratios(&[Some(0.0), Some(3.0), Some(0.0)]);
        assert_eq!(at_the_target, [Some(1.0), Some(f64::INFINITY), Some(1.0)]);
    }

    #[test]
    fn a_profile_is_the_share_of_workloads_within_reach() {
        let [a, b] = two_racers();
        let profile = |ratios: &[_]| [1.0, 1.9, 2.0, 4.0].map(|tau| share_within(ratios, tau));
        let (two, all) = (2.0 / 3.0, 1.0);
        assert_eq!(profile(&a), [two; 4]);
        assert_eq!(profile(&b), [two, two, all, all]);
    }

    #[test]
    fn the_score_is_the_mean_of_the_profile() {
        let [a, b] = two_racers();
        assert!((score(&a) - 0.6667).abs() < 5e-5);
        assert!((score(&b) - 0.8889).abs() < 5e-5);
        // The mean itself, summed up in small steps.
        let middles = (0..3000).map(|i| 1.0 + (f64::from(i) + 0.5) / 1000.0);
        let mean = middles.map(|tau| share_within(&b, tau)).sum::<f64>() / 3000.0;
        assert!((score(&b) - mean).abs() < 1e-9, "{mean}");
        let far = [Some(4.0), Some(4.1), Some(f64::INFINITY), None];
        assert_eq!(score(&far), 0.0);
    }

    #[test]
    fn a_time_is_the_median_of_the_best_trials() {
        let studies = [
            vec![Some(30), Some(10)],
            vec![NEVER, Some(40)],
            vec![Some(20), NEVER],
        ];
        assert_eq!(time_to_target(&studies), Some(20.0));
        let half = [vec![Some(10)], vec![NEVER]];
        assert_eq!(
            time_to_target(&half),
            None,
            "one of the two middle values is never"
        );
    }
}
