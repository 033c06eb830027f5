//! A slope whose gradient costs nothing: it is what stands in its place already.

use ndarray::{Array1, ArrayView1, ArrayViewMut1};
use slalom::math::Real;
use slalom::problem::{Batch, Block, Part, Problem, Score, Work};

/// A problem of which updates alone are measured.
pub struct Still {
    blocks: [Block; 1],
}

impl Still {
    /// One of so many parameters.
    pub fn of(parameters: usize) -> Self {
        Self {
            blocks: [Block {
                name: "all".to_owned(),
                offset: 0,
                rows: 1,
                columns: parameters,
            }],
        }
    }
}

impl<F: Real> Problem<F> for Still {
    fn blocks(&self) -> &[Block] {
        &self.blocks
    }
    fn examples(&self) -> usize {
        1
    }
    fn rows(&self) -> usize {
        0
    }
    fn start(&self) -> Array1<F> {
        Array1::zeros(self.blocks[0].columns)
    }
    fn work(&self) -> Work<F> {
        Work::default()
    }
    fn gradient(
        &self,
        _: ArrayView1<'_, F>,
        _: Batch<'_>,
        _: ArrayViewMut1<'_, F>,
        _: &mut Work<F>,
    ) {
    }
    fn gradient_and_loss(
        &self,
        _: ArrayView1<'_, F>,
        _: Batch<'_>,
        _: ArrayViewMut1<'_, F>,
        _: &mut Work<F>,
    ) -> f64 {
        0.0
    }
    fn evaluate(&self, _: ArrayView1<'_, F>, _: Part, _: &mut Work<F>) -> Option<Score> {
        None
    }
}
