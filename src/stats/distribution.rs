//! The empirical distribution of iterations over seeds and targets: of all pairs of a seed and a
//! target, the share that is reached within so many iterations (Hansen et al., "COCO: a platform for
//! comparing continuous optimizers in a black-box setting", 2021). A curve further to the left is
//! quicker, a higher one reaches more.
//!
//! Its band is for the choice of the seeds. The targets of one seed are reached by the same run, so
//! bounds for independent values (Dvoretzky, Kiefer and Wolfowitz, 1956) do not hold for the pairs,
//! and for the seeds alone they are far too wide: instead whole seeds are drawn anew (the bootstrap of
//! Efron, 1979). Of few seeds that is a little narrow: with 20 it covers the truth in about 93 of 100
//! places instead of 95.

use crate::random::{Purpose, stream, uniform};
use crate::stats::median_ranks;

/// How often seeds are drawn anew; the 25th and the 975th of the shares bound the middle 95 %.
const DRAWS: usize = 999;

/// The ranks of the bounds, from 0.
const BOUNDS: [usize; 2] = [24, 974];

/// What share of the pairs a racer reaches within how many iterations.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// How many seeds it is over.
    pub runs: usize,
    /// How many targets each of them has.
    pub targets: usize,
    /// The iterations at which pairs are reached, in ascending order, each once.
    pub steps: Vec<u64>,
    /// The share of the pairs that is reached within each of them.
    pub share: Vec<f64>,
    /// The 95 % band of each share; none below 6 seeds.
    pub band: Option<Vec<[f64; 2]>>,
}

/// A pair that is reached: within how many iterations, and on which seed.
type Reached = (u64, usize);

impl Distribution {
    /// Of a racer's iterations to each target, as many on each seed; `None` is never. There is none of
    /// no seeds, and without targets.
    pub fn new(seeds: &[&[Option<u64>]]) -> Option<Self> {
        let (runs, targets) = (seeds.len(), seeds.first()?.len());
        let pairs = Some(runs * targets).filter(|pairs| *pairs > 0)?;
        let pair = |(seed, hits): (usize, &&[Option<u64>])| {
            let reached = hits.iter().flatten().map(move |&at| (at, seed));
            reached.collect::<Vec<Reached>>()
        };
        let mut reached: Vec<Reached> = seeds.iter().enumerate().flat_map(pair).collect();
        reached.sort_unstable();
        let together: Vec<&[Reached]> = reached.chunk_by(|a, b| a.0 == b.0).collect();
        let once = vec![1; runs];
        let enough = median_ranks(runs).is_some();
        Some(Self {
            runs,
            targets,
            steps: together.iter().map(|pairs| pairs[0].0).collect(),
            share: sums(&together, &once)
                .map(|count| share(count, pairs))
                .collect(),
            band: enough.then(|| band(&together, runs, pairs)),
        })
    }

    /// The share that is reached within so many iterations.
    pub fn at(&self, step: u64) -> f64 {
        let reached = self.steps.partition_point(|at| *at <= step);
        reached.checked_sub(1).map_or(0.0, |last| self.share[last])
    }

    /// The band of that share.
    pub fn band_at(&self, step: u64) -> Option<[f64; 2]> {
        let reached = self.steps.partition_point(|at| *at <= step);
        let last =
            |band: &Vec<[f64; 2]>| reached.checked_sub(1).map_or([0.0; 2], |last| band[last]);
        self.band.as_ref().map(last)
    }
}

/// The pairs reached up to each iteration, where each seed counts so many times.
fn sums(together: &[&[Reached]], times: &[u32]) -> impl Iterator<Item = u32> {
    together.iter().scan(0, |sum, pairs| {
        *sum += pairs.iter().map(|&(_, seed)| times[seed]).sum::<u32>();
        Some(*sum)
    })
}

fn share(count: u32, pairs: usize) -> f64 {
    f64::from(count) / pairs as f64
}

/// The bounds of the share at each iteration, from seeds drawn anew. All racers draw the same.
fn band(together: &[&[Reached]], runs: usize, pairs: usize) -> Vec<[f64; 2]> {
    let mut drawn: Vec<Vec<u32>> = vec![Vec::with_capacity(DRAWS); together.len()];
    for draw in 0..DRAWS {
        let mut random = stream(0, Purpose::Resample, draw as u64);
        let mut times = vec![0; runs];
        for _ in 0..runs {
            times[(uniform(&mut random) * runs as f64) as usize] += 1;
        }
        for (counts, count) in drawn.iter_mut().zip(sums(together, &times)) {
            counts.push(count);
        }
    }
    let bounds = |mut counts: Vec<u32>| {
        counts.sort_unstable();
        BOUNDS.map(|rank| share(counts[rank], pairs))
    };
    drawn.into_iter().map(bounds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::normal;

    const NEVER: Option<u64> = None;

    fn distribution(seeds: &[Vec<Option<u64>>]) -> Option<Distribution> {
        Distribution::new(&seeds.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn shares_are_of_all_pairs() {
        // Six pairs: two within 3 iterations, four within 7, one never.
        let seeds = [
            vec![Some(3), Some(7), Some(9)],
            vec![Some(3), Some(7), NEVER],
        ];
        let got = distribution(&seeds).expect("there are some");
        assert_eq!((got.runs, got.targets), (2, 3));
        assert_eq!(got.steps, [3, 7, 9]);
        assert_eq!(got.share, [2.0 / 6.0, 4.0 / 6.0, 5.0 / 6.0]);
        assert_eq!(got.band, None, "two are too few");
        let at = [0, 2, 3, 6, 7, 8, 9, 1000].map(|step| (6.0 * got.at(step)).round());
        assert_eq!(at, [0.0, 0.0, 2.0, 2.0, 4.0, 4.0, 5.0, 5.0]);
    }

    #[test]
    fn nothing_reached_is_a_distribution_of_zero_and_no_seeds_are_none() {
        let never = distribution(&vec![vec![NEVER; 2]; 6]).expect("there are six");
        assert_eq!((never.steps.len(), never.at(9)), (0, 0.0));
        assert_eq!(never.band_at(9), Some([0.0; 2]));
        assert_eq!(distribution(&[]), None);
        assert_eq!(distribution(&[vec![], vec![]]), None, "no targets");
        let start = distribution(&[vec![Some(0)]]).expect("one");
        assert_eq!(start.at(0), 1.0, "the start is at the target");
    }

    /// Where one seed of six is quicker, a draw of six has it `k` times with the probability of a
    /// binomial with six trials of 1/6: 0 times 33.5 %, at least 4 times 0.9 %, at least 3 times
    /// 6.2 %. So the bounds are none and three of six.
    #[test]
    fn the_band_is_that_of_seeds_drawn_anew() {
        let seeds: Vec<_> = (0..6)
            .map(|seed| vec![Some(if seed == 2 { 5 } else { 9 }); 2])
            .collect();
        let got = distribution(&seeds).expect("six");
        assert_eq!(
            (got.steps.clone(), got.share.clone()),
            (vec![5, 9], vec![2.0 / 12.0, 1.0])
        );
        assert_eq!(got.band, Some(vec![[0.0, 0.5], [1.0, 1.0]]));
        assert_eq!(got.band_at(4), Some([0.0; 2]));
        assert_eq!(got.band_at(5), Some([0.0, 0.5]));
        assert_eq!(distribution(&seeds), Some(got), "the same every time");
    }

    /// Racers whose seeds are slow or quick in all their targets, by a logarithmic normal of width 0.5:
    /// then the share within t is the mean over the targets of a normal distribution's.
    #[test]
    fn the_band_covers_the_truth_nearly_as_often_as_it_says() {
        let usual = [100.0, 200.0, 400.0, 800.0];
        let normal_below = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
        let truth = |t: f64| {
            let shares = usual.map(|at: f64| normal_below(libm::log(t / at) / 0.5));
            shares.iter().sum::<f64>() / usual.len() as f64
        };
        let mut random = stream(3, Purpose::Noise, 0);
        let (trials, places) = (100, [100, 200, 300, 500, 800]);
        let mut covered = 0;
        for _ in 0..trials {
            let seeds: Vec<Vec<Option<u64>>> = (0..20)
                .map(|_| {
                    let slow = libm::exp(0.5 * normal(&mut random));
                    let hits = usual.map(|at| Some((at * slow).ceil() as u64));
                    hits.to_vec()
                })
                .collect();
            let got = distribution(&seeds).expect("twenty");
            for at in places {
                let [low, high] = got.band_at(at).expect("twenty are enough");
                covered += usize::from((low..=high).contains(&truth(at as f64)));
            }
        }
        let share = covered as f64 / (trials * places.len()) as f64;
        assert!((0.89..=0.97).contains(&share), "{share}");
    }
}
