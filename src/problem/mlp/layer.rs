//! A layer of a network: where it lies in the flat vector, and its three products.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

use crate::math::Real;

/// Where a layer's weights, shape (inputs, outputs), and biases lie in the flat vector.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// How many numbers come in.
    pub inputs: usize,
    /// How many units there are.
    pub outputs: usize,
    /// Where its weights begin; its biases follow.
    pub offset: usize,
    /// Whether it has biases.
    pub is_biased: bool,
}

impl Layer {
    /// Where its weights lie.
    pub fn weights(&self) -> Range<usize> {
        self.offset..self.offset + self.inputs * self.outputs
    }

    /// Where its biases lie; empty if it has none.
    pub fn biases(&self) -> Range<usize> {
        let from = self.weights().end;
        from..from + if self.is_biased { self.outputs } else { 0 }
    }

    fn matrix<'a, F>(&self, w: &'a [F]) -> ArrayView2<'a, F> {
        let shape = (self.inputs, self.outputs);
        ArrayView2::from_shape(shape, &w[self.weights()]).expect("as many as its shape says")
    }

    /// Writes `input` times the weights in `w` to `z`.
    pub fn forward<F: Real>(&self, w: &[F], input: ArrayView2<'_, F>, z: &mut [F]) {
        product(input, self.matrix(w), F::zero(), z);
    }

    /// Writes `delta`, the loss's derivative by the layer's numbers, times the transposed weights
    /// in `w` to `back`: the derivative by its inputs.
    pub fn back<F: Real>(&self, w: &[F], delta: ArrayView2<'_, F>, back: &mut [F]) {
        product(delta, self.matrix(w).reversed_axes(), F::zero(), back);
    }
}

/// Adds the transposed `input` times `delta` to `g`: the loss's derivative by the weights that these
/// inputs meet. `is_first` puts it in the place of what is there.
pub fn collect<F: Real>(
    input: ArrayView2<'_, F>,
    delta: ArrayView2<'_, F>,
    g: &mut [F],
    is_first: bool,
) {
    let keep = if is_first { F::zero() } else { F::one() };
    product(input.reversed_axes(), delta, keep, g);
}

/// `c` = `a` `b` + `keep` `c`, where `c` is a matrix row by row.
fn product<F: Real>(a: ArrayView2<'_, F>, b: ArrayView2<'_, F>, keep: F, c: &mut [F]) {
    let shape = (a.nrows(), b.ncols());
    let mut c = ArrayViewMut2::from_shape(shape, c).expect("as many as its shape says");
    general_mat_mul(F::one(), &a, &b, keep, &mut c);
}
