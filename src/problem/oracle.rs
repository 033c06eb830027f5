//! The only way an optimizer sees the slope. It counts what is asked.

use ndarray::{Array1, ArrayView1};

use crate::math::{self, Real};
use crate::problem::{Batch, Block, Problem, Work};

/// What the gradients asked for have cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Gradients evaluated.
    pub gradients: u64,
    /// Examples those went over.
    pub samples: u64,
}

/// One step's view of the slope: every gradient asked of it is over the same batch.
pub struct Oracle<'a, F: Real> {
    problem: &'a dyn Problem<F>,
    batch: Batch<'a>,
    gradient: &'a mut Array1<F>,
    work: &'a mut Work<F>,
    cost: &'a mut Cost,
}

impl<'a, F: Real> Oracle<'a, F> {
    /// An oracle for one step. `gradient` (shape (dim)) keeps the gradient last asked for.
    pub fn new(
        problem: &'a dyn Problem<F>,
        batch: Batch<'a>,
        gradient: &'a mut Array1<F>,
        work: &'a mut Work<F>,
        cost: &'a mut Cost,
    ) -> Self {
        Self {
            problem,
            batch,
            gradient,
            work,
            cost,
        }
    }

    /// The gradient of the mean loss over this step's batch at `w`, both of shape (dim).
    pub fn gradient(&mut self, w: ArrayView1<'_, F>) -> ArrayView1<'_, F> {
        self.cost.gradients += 1;
        self.cost.samples += match self.batch {
            Batch::All => self.problem.examples() as u64,
            Batch::Mini { size, .. } => size as u64,
        };
        self.problem
            .gradient(w, self.batch, self.gradient.view_mut(), self.work);
        self.gradient.view()
    }

    /// The parts of the parameter vector, for rules that see matrices.
    pub fn blocks(&self) -> &[Block] {
        self.problem.blocks()
    }

    /// The norm of the gradient last asked for.
    pub fn norm(&self) -> f64 {
        math::norm(self.gradient.view())
    }
}
