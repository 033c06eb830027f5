//! How far performance profiles and scores would move on other seeds: the bootstrap (Efron,
//! "Bootstrap methods: another look at the jackknife", 1979).
//!
//! In each resample the seeds of every workload are drawn again, with replacement, the same draw for
//! all racers, since they ran on the same seeds. The workloads stay as they are: what is said holds
//! for them, not for others.

use rand::rngs::ChaCha8Rng;

use super::profile::{FARTHEST, ratios, score, share_within};
use crate::random::{Purpose, stream, uniform};

/// How many resamples there are.
pub const RESAMPLES: usize = 1000;

/// So many resamples are beyond each end of a 95 % interval.
const BEYOND: usize = RESAMPLES / 40;

/// Fewer seeds than this say nothing about others; see [`super::median_ranks`].
pub const FEWEST: usize = 6;

/// At so many places, evenly spaced in the logarithm from 1 to [`FARTHEST`], a profile's band is known.
const PLACES: usize = 97;

/// The 95 % intervals of one racer's profile and score.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// That of the score.
    pub score: [f64; 2],
    /// That of the profile at each of [`taus`].
    pub profile: Vec<[f64; 2]>,
}

/// The places at which bands are known.
pub fn taus() -> Vec<f64> {
    let part = |i: usize| i as f64 / (PLACES - 1) as f64;
    (0..PLACES).map(|i| libm::pow(FARTHEST, part(i))).collect()
}

/// The spread of each racer, whose iterations-to-converge on every seed of every workload are
/// `workloads[workload][racer][seed]`; `None` if a workload has fewer than [`FEWEST`] seeds.
pub fn spread(workloads: &[Vec<&[Option<u64>]>]) -> Option<Vec<Spread>> {
    let seeds = |workload: &Vec<&[Option<u64>]>| workload.first().map_or(0, |runs| runs.len());
    if workloads.iter().any(|workload| seeds(workload) < FEWEST) {
        return None;
    }
    let racers = workloads.first()?.len();
    let taus = taus();
    let mut scores = vec![vec![]; racers];
    let mut shares = vec![vec![vec![]; taus.len()]; racers];
    for resample in 0..RESAMPLES {
        let mut rng = stream(0, Purpose::Resample, resample as u64);
        let drawn = workloads.iter().map(|workload| {
            let drawn = draw(&mut rng, seeds(workload));
            ratios(&medians(workload, &drawn))
        });
        let drawn: Vec<Vec<Option<f64>>> = drawn.collect();
        for racer in 0..racers {
            let own: Vec<Option<f64>> = drawn.iter().map(|ratios| ratios[racer]).collect();
            scores[racer].push(score(&own));
            for (shares, &tau) in shares[racer].iter_mut().zip(&taus) {
                shares.push(share_within(&own, tau));
            }
        }
    }
    let each = scores.into_iter().zip(shares);
    let spread = each.map(|(scores, shares)| Spread {
        score: interval(scores),
        profile: shares.into_iter().map(interval).collect(),
    });
    Some(spread.collect())
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
        for (tau, share) in taus().into_iter().zip(&spread[1].profile) {
            let want = if tau >= 2.0 { 1.0 } else { 0.0 };
            assert_eq!(*share, [want; 2], "{tau}");
        }
        assert_eq!(
            (taus()[0], taus()[PLACES / 2], taus()[PLACES - 1]),
            (1.0, 2.0, 4.0)
        );
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
}
