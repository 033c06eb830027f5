//! How far performance profiles and scores would move on other seeds: the bootstrap (Efron,
//! "Bootstrap methods: another look at the jackknife", 1979).
//!
//! In each resample the seeds of every workload are drawn again, with replacement, the same draw for
//! all racers, since they ran on the same seeds. The workloads stay as they are: what is said holds
//! for them, not for others.

use rand::rngs::ChaCha8Rng;

use super::profile::{ratios, score};
use crate::random::{Purpose, stream, uniform};

/// How many resamples there are.
pub const RESAMPLES: usize = 1000;

/// So many resamples are beyond each end of a 95 % interval.
const BEYOND: usize = RESAMPLES / 40;

/// Fewer seeds than this say nothing about others; see [`super::median_ranks`].
pub const FEWEST: usize = 6;

/// The 95 % intervals of one racer's score and profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// That of the score.
    pub score: [f64; 2],
    /// Where the profile comes to the share of one workload, of two, and so on: the earliest and the
    /// latest of these times over the best; `None` is never. So the upper end of its band has these
    /// steps at the first times, the lower end at the second.
    pub steps: Vec<[Option<f64>; 2]>,
}

/// The spread of each racer, whose iterations-to-converge on every seed of every workload are
/// `workloads[workload][racer][seed]`; `None` if a workload has fewer than [`FEWEST`] seeds.
pub fn spread(workloads: &[Vec<&[Option<u64>]>]) -> Option<Vec<Spread>> {
    let seeds = |workload: &Vec<&[Option<u64>]>| workload.first().map_or(0, |runs| runs.len());
    if workloads.iter().any(|workload| seeds(workload) < FEWEST) {
        return None;
    }
    let racers = workloads.first()?.len();
    let mut scores = vec![vec![]; racers];
    let mut times = vec![vec![vec![]; workloads.len()]; racers];
    for resample in 0..RESAMPLES {
        let mut rng = stream(0, Purpose::Resample, resample as u64);
        let drawn = workloads.iter().map(|workload| {
            let drawn = draw(&mut rng, seeds(workload));
            ratios(&medians(workload, &drawn))
        });
        let drawn: Vec<Vec<Option<f64>>> = drawn.collect();
        for racer in 0..racers {
            let mut own: Vec<Option<f64>> = drawn.iter().map(|ratios| ratios[racer]).collect();
            scores[racer].push(score(&own));
            own.sort_unstable_by(|a, b| number(*a).total_cmp(&number(*b)));
            for (times, time) in times[racer].iter_mut().zip(own) {
                times.push(number(time));
            }
        }
    }
    let each = scores.into_iter().zip(times);
    let spread = each.map(|(scores, times)| Spread {
        score: interval(scores),
        steps: times
            .into_iter()
            .map(|times| interval(times).map(|time| Some(time).filter(|time| time.is_finite())))
            .collect(),
    });
    Some(spread.collect())
}

/// Never is later than every number.
fn number(time: Option<f64>) -> f64 {
    time.unwrap_or(f64::INFINITY)
}

/// As many seeds as there are, drawn with replacement.
fn draw(rng: &mut ChaCha8Rng, seeds: usize) -> Vec<usize> {
    let one = |_| (uniform(rng) * seeds as f64) as usize;
    (0..seeds).map(one).collect()
}

/// The median of each racer over these of its seeds.
fn medians(workload: &[&[Option<u64>]], seeds: &[usize]) -> Vec<Option<f64>> {
    let median = |runs: &&[Option<u64>]| {
        let mut taken: Vec<Option<u64>> = seeds.iter().map(|&seed| runs[seed]).collect();
        taken.sort_unstable_by_key(|count| count.unwrap_or(u64::MAX));
        super::median(&taken)
    };
    workload.iter().map(median).collect()
}

/// Where the middle 95 % of the resamples lie.
fn interval(mut values: Vec<f64>) -> [f64; 2] {
    values.sort_unstable_by(f64::total_cmp);
    [values[BEYOND], values[values.len() - 1 - BEYOND]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs<const N: usize>(counts: [u64; N]) -> Vec<Option<u64>> {
        counts.map(Some).to_vec()
    }

    #[test]
    fn what_does_not_vary_has_no_spread() {
        let (a, b) = (runs([10; 6]), runs([20; 6]));
        let workload = vec![a.as_slice(), b.as_slice()];
        let spread = spread(&[workload.clone(), workload]).expect("there are enough seeds");
        assert_eq!(spread[0].score, [1.0, 1.0]);
        assert_eq!(spread[1].score, [2.0 / 3.0; 2]);
        assert_eq!(spread[0].steps, [[Some(1.0); 2]; 2]);
        assert_eq!(spread[1].steps, [[Some(2.0); 2]; 2]);
    }

    #[test]
    fn few_seeds_have_no_spread() {
        let (few, enough) = (runs([1; 5]), runs([1; 6]));
        assert_eq!(spread(&[vec![&enough[..]], vec![&few[..]]]), None);
        assert!(spread(&[vec![&enough[..]]]).is_some());
        assert_eq!(spread(&[]), None);
    }

    /// The median of 7 draws is 1 if at least 4 of them are: of 3 in 7, by the binomial in 0.3469 of all
    /// resamples.
    #[test]
    fn resamples_are_as_often_beyond_as_the_binomial_says() {
        let mut quicker = 0;
        let a = [Some(1), Some(9), Some(1), Some(9), Some(9), Some(1), None];
        for resample in 0..RESAMPLES {
            let mut rng = stream(0, Purpose::Resample, resample as u64);
            let drawn = draw(&mut rng, a.len());
            quicker += usize::from(medians(&[&a], &drawn)[0] == Some(1.0));
        }
        let share = quicker as f64 / RESAMPLES as f64;
        assert!((share - 0.3469).abs() < 0.045, "{share}");
    }

    #[test]
    fn racers_are_drawn_on_the_same_seeds() {
        let (a, b) = (
            runs([10, 200, 30, 400, 50, 600]),
            runs([20, 400, 60, 800, 100, 1200]),
        );
        let spread = spread(&[vec![&a[..], &b[..]]]).expect("there are enough seeds");
        assert_eq!(
            spread[1].score,
            [2.0 / 3.0; 2],
            "twice the other on each seed"
        );
    }

    #[test]
    fn a_step_that_may_never_come_has_no_latest_time() {
        let sure = runs([10; 8]);
        let mut half: Vec<Option<u64>> = runs([20; 8]);
        half[..4].fill(None);
        let spread = spread(&[vec![&sure[..], &half[..]]]).expect("there are enough seeds");
        assert_eq!(spread[1].steps, [[Some(2.0), None]]);
        assert_eq!(spread[1].score, [0.0, 2.0 / 3.0]);
    }
}
