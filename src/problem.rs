//! What a racer can ask of the slope it runs down.
//!
//! A [`Problem`] is shared by all racers and never changes: the step number, not a shared
//! generator, decides the batch and the noise, so every racer meets the same gates in the same
//! order. No racer, finish line, file (but for [`dataset`], which reads one) or thread is known
//! here.

use ndarray::{Array1, ArrayView1, ArrayViewMut1, aview_mut1, aview1};

use crate::math::Real;

pub mod batches;
pub mod dataset;
pub mod formula;
pub mod mlp;
pub mod oracle;
pub mod plane;
pub mod surface;

/// A named part of the flat parameter vector: a matrix of weights, or a vector (one row) of biases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What the part is, such as `layer 1 weights`.
    pub name: String,
    /// Where it begins in the flat vector.
    pub offset: usize,
    /// Rows of the matrix: inputs.
    pub rows: usize,
    /// Columns of the matrix: outputs.
    pub columns: usize,
}

/// The examples that one gradient is taken over.
#[derive(Clone, Copy, Debug)]
pub enum Batch<'a> {
    /// All examples of the training part, in file order, without noise.
    All,
    /// A mini-batch of `size` examples.
    Mini {
        /// The step it belongs to, from 1; it decides the noise of a surface.
        step: u64,
        /// How many examples.
        size: usize,
        /// Their rows in the training part; empty on surfaces, which have no rows.
        rows: &'a [u32],
    },
}

/// Which examples an evaluation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The training part.
    Train,
    /// The held-out part.
    Test,
}

/// What an evaluation found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// J: the mean loss, with the l2 term on the training part.
    pub loss: f64,
    /// The share of examples classified rightly, 0..1; none for a numeric target and on surfaces.
    pub accuracy: Option<f64>,
}

/// Buffers that a problem reuses from call to call, one set for each racer. What they hold between
/// two calls has no meaning.
#[derive(Clone, Debug, Default)]
pub struct Work<F> {
    /// What a network keeps of the examples that pass through it.
    pub passages: Vec<mlp::Passage<F>>,
    /// What a formula keeps of its operations.
    pub scratch: formula::Scratch,
}

/// A function to minimise: a surface, or a model on a dataset.
pub trait Problem<F: Real>: Send + Sync {
    /// The number of parameters.
    fn dim(&self) -> usize {
        self.blocks()
            .iter()
            .map(|block| block.rows * block.columns)
            .sum()
    }
    /// The parts of the parameter vector, in order and without gaps.
    fn blocks(&self) -> &[Block];
    /// How many examples a full gradient goes over; its cost in samples.
    fn examples(&self) -> usize;
    /// How many rows the training part has for batches to be drawn from; 0 on surfaces.
    fn rows(&self) -> usize;
    /// The initial parameters, shape (dim).
    fn start(&self) -> Array1<F>;
    /// Buffers for one racer's gradients and evaluations.
    fn work(&self) -> Work<F>;
    /// Writes the gradient of the mean loss over `batch` at `w` (and of the l2 term) to `g`; all of
    /// shape (dim).
    fn gradient(
        &self,
        w: ArrayView1<'_, F>,
        batch: Batch<'_>,
        g: ArrayViewMut1<'_, F>,
        work: &mut Work<F>,
    );
    /// The same, and returns the loss that it is the gradient of: the mean over `batch`, with the l2
    /// term, and on a surface with what its noise comes to.
    fn gradient_and_loss(
        &self,
        w: ArrayView1<'_, F>,
        batch: Batch<'_>,
        g: ArrayViewMut1<'_, F>,
        work: &mut Work<F>,
    ) -> f64;
    /// The loss over a whole part at `w`; `None` where there is no such part.
    fn evaluate(&self, w: ArrayView1<'_, F>, part: Part, work: &mut Work<F>) -> Option<Score>;
    /// Whether it has two parameters, and the gradient over `batch` is the same at each step: then
    /// [`slope`](Self::slope) says all there is to know.
    fn is_smooth(&self, batch: Batch<'_>) -> bool {
        let _ = batch;
        false
    }
    /// The full gradient at `[x, y]`, and to `loss` that of the training part there: the numbers of
    /// [`gradient`](Self::gradient) and [`evaluate`](Self::evaluate) in one call, which takes and
    /// returns them in registers.
    fn slope(&self, x: F, y: F, loss: &mut f64, work: &mut Work<F>) -> (F, F) {
        let (w, mut g) = ([x, y], [F::zero(); 2]);
        self.gradient(aview1(&w), Batch::All, aview_mut1(&mut g), work);
        let score = self.evaluate(aview1(&w), Part::Train, work);
        *loss = score.expect("every problem has a training part").loss;
        g.into()
    }
    /// What the gradient at `w` being (nearly) zero means, such as `saddle`, where the problem can
    /// tell.
    fn stationary_point(&self, w: ArrayView1<'_, F>) -> Option<&'static str> {
        let _ = w;
        None
    }
}
