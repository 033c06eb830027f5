//! Which examples a step sees: a fresh permutation in each epoch, cut into batches, the last one
//! smaller.

use crate::problem::Batch;
use crate::random::{self, Purpose};

/// The batches of one batch size. Every racer of that size sees the same ones, whatever it does
/// with them.
#[derive(Clone, Debug)]
pub struct Batches {
    seed: u64,
    examples: usize,
    size: usize,
    epoch: Option<u64>,
    order: Vec<u32>,
}

impl Batches {
    /// Batches of `size` out of `rows` rows; a size of `examples` or more is all of them.
    /// On surfaces, which have no rows, `rows` is 0 and only the size counts.
    pub fn new(seed: u64, examples: usize, rows: usize, size: usize) -> Self {
        debug_assert!(
            rows == 0 || rows == examples,
            "a model's examples are its rows"
        );
        Self {
            seed,
            examples,
            size: size.min(examples),
            epoch: None,
            order: vec![0; rows],
        }
    }

    /// The batch of step `step`, counted from 1.
    pub fn batch(&mut self, step: u64) -> Batch<'_> {
        if self.size == self.examples {
            return Batch::All;
        }
        if self.order.is_empty() {
            return Batch::Mini {
                step,
                size: self.size,
                rows: &[],
            };
        }
        let in_epoch = self.in_epoch();
        let epoch = (step - 1) / in_epoch;
        if self.epoch != Some(epoch) {
            let mut rng = random::stream(self.seed, Purpose::Batches, epoch);
            random::permute(&mut rng, &mut self.order);
            self.epoch = Some(epoch);
        }
        let from = ((step - 1) % in_epoch) as usize * self.size;
        let rows = &self.order[from..self.order.len().min(from + self.size)];
        Batch::Mini {
            step,
            size: rows.len(),
            rows,
        }
    }

    /// Steps in an epoch.
    pub fn in_epoch(&self) -> u64 {
        self.examples.div_ceil(self.size) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(batch: Batch<'_>) -> Vec<u32> {
        match batch {
            Batch::All => panic!("a mini-batch was expected"),
            Batch::Mini { rows, .. } => rows.to_vec(),
        }
    }

    #[test]
    fn an_epoch_holds_every_row_once_and_its_last_batch_is_smaller() {
        let mut batches = Batches::new(3, 10, 10, 4);
        let sizes: Vec<usize> = (1..=3)
            .map(|step| rows(batches.batch(step)).len())
            .collect();
        assert_eq!(sizes, [4, 4, 2]);
        let mut epoch: Vec<u32> = (1..=3).flat_map(|step| rows(batches.batch(step))).collect();
        epoch.sort_unstable();
        assert_eq!(epoch, (0..10).collect::<Vec<u32>>());
    }

    #[test]
    fn a_batch_depends_on_its_step_alone() {
        let mut forwards = Batches::new(3, 10, 10, 4);
        let mut backwards = Batches::new(3, 10, 10, 4);
        let mut want: Vec<Vec<u32>> = (1..=9).map(|step| rows(forwards.batch(step))).collect();
        want.reverse();
        let got: Vec<Vec<u32>> = (1..=9)
            .rev()
            .map(|step| rows(backwards.batch(step)))
            .collect();
        assert_eq!(got, want);
        assert_ne!(want[0], want[3], "each epoch has an order of its own");
    }

    #[test]
    fn a_batch_of_all_examples_is_the_full_batch() {
        assert!(matches!(Batches::new(3, 10, 10, 10).batch(1), Batch::All));
        assert!(matches!(Batches::new(3, 256, 0, 256).batch(1), Batch::All));
    }
}
