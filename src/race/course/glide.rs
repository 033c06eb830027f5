//! Many steps of a racer at once, where its slope is smooth and its leg goes on.

use ndarray::aview1;

use super::{Course, State};
use crate::optim::glide::{Glide, Note};
use crate::optim::{Build, Regime};
use crate::problem::Batch;

impl<F: Build> Course<F> {
    /// Takes steps of `state`, at most so many, until one after which the loss is not `between` the
    /// bounds, or a number not finite. Returns how many; none where steps have to be taken one by
    /// one. What lies between two of them is left in `losses` and `notes`.
    pub fn glide(
        &mut self,
        state: &mut State<F>,
        most: u64,
        between: [f64; 2],
        (losses, notes): (&mut Vec<f64>, &mut Vec<Note<F>>),
    ) -> usize {
        let next = self.legs.partition_point(|leg| leg.after <= state.step);
        let until = self.legs.get(next).map_or(u64::MAX, |next| next.after);
        let most = most.min(until - state.step) as usize;
        let leg = &mut self.legs[next - 1];
        let is_first = next > 1 && leg.after == state.step;
        let batch = leg.batches.batch(state.step + 1);
        let is_plain = leg.regime == Regime::default();
        if is_first || most < 2 || !is_plain || !self.problem.is_smooth(batch) {
            return 0;
        }
        losses.resize(most, 0.0);
        notes.resize(most, Note::default());
        let w = state.w.as_slice_mut().and_then(|w| w.try_into().ok());
        let mut glide = Glide {
            problem: &*self.problem,
            work: &mut self.work,
            w: w.expect("smooth slopes have two parameters"),
            between,
            losses,
            notes,
        };
        let taken = state.optimizer.glide(leg.learning_rate, &mut glide);
        if taken > 0 {
            self.gradient.assign(&aview1(&notes[taken - 1].g));
        }
        let price = match batch {
            Batch::All => self.problem.examples(),
            Batch::Mini { size, .. } => size,
        };
        state.step += taken as u64;
        state.cost.gradients += taken as u64;
        state.cost.samples += (taken * price) as u64;
        taken
    }
}
