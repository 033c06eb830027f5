//! The only source of chance: `stream(seed, purpose, step)`.
//!
//! Nothing here is shared between racers. Whoever needs chance names its purpose and step and gets
//! a generator of its own, so the order in which threads run cannot change what anybody draws.

use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

/// What random numbers are drawn for. The numbers are part of the format: changing one changes
/// every race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The split into training and test part.
    Split = 1,
    /// The initial parameters of a model.
    Initial = 2,
    /// The order of the examples in an epoch; its step is the epoch.
    Batches = 3,
    /// The gradient noise of a surface.
    Noise = 4,
    /// The points of a made dataset; always from seed 0.
    Made = 5,
    /// Which seeds are drawn anew, to tell what the choice of the seeds does; always from seed 0, its
    /// step is the draw.
    Resample = 6,
}

/// A `ChaCha8` generator that depends on nothing but `seed`, `purpose` and `step`.
pub fn stream(seed: u64, purpose: Purpose, step: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&(purpose as u64).to_le_bytes());
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(step);
    rng
}

/// A uniform number in [0, 1) with 53 random bits.
pub fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A standard normal number, by Box and Muller (1958).
///
/// On libm rather than `rand_distr`, whose logarithm is the platform's and differs between
/// processors.
pub fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - uniform(rng)));
    radius * libm::cos(std::f64::consts::TAU * uniform(rng))
}

/// Fills `order` with the numbers 0 .. its length in random order, by Fisher and Yates' shuffle.
///
/// # Panics
/// If the length does not fit in 32 bits; datasets are limited far below.
pub fn permute(rng: &mut ChaCha8Rng, order: &mut [u32]) {
    let n = u32::try_from(order.len()).expect("datasets have fewer than 2^32 rows");
    for (slot, i) in order.iter_mut().zip(0..n) {
        *slot = i;
    }
    order.shuffle(rng);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_depend_on_seed_purpose_and_step_alone() {
        let first = |seed, purpose, step| stream(seed, purpose, step).next_u64();
        assert_eq!(first(7, Purpose::Noise, 3), first(7, Purpose::Noise, 3));
        let mut all = vec![];
        for seed in 0..3 {
            for purpose in [Purpose::Split, Purpose::Initial, Purpose::Noise] {
                all.extend((0..3).map(|step| first(seed, purpose, step)));
            }
        }
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 27);
    }

    #[test]
    fn normal_numbers_have_mean_zero_and_variance_one() {
        let mut rng = stream(1, Purpose::Noise, 0);
        let draws: Vec<f64> = (0..100_000).map(|_| normal(&mut rng)).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e5;
        assert!(mean.abs() < 0.01, "{mean}");
        assert!((variance - 1.0).abs() < 0.02, "{variance}");
    }

    #[test]
    fn a_permutation_holds_every_number_once() {
        let mut order = [0; 100];
        permute(&mut stream(1, Purpose::Batches, 0), &mut order);
        assert_ne!(order.to_vec(), (0..100).collect::<Vec<u32>>());
        order.sort_unstable();
        assert_eq!(order.to_vec(), (0..100).collect::<Vec<u32>>());
    }
}
