//! What stands behind the last layer: predictions, losses, and where the gradient starts.

use ndarray::{ArrayViewMut1, ArrayViewMut2};

use super::Loss;
use crate::math::Real;
use crate::math::activation::{sigmoid, softmax};

/// How the last layer's numbers become predictions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// One number, as it is.
    Linear,
    /// One sigmoid: the probability of the second of two classes.
    Logistic,
    /// One softmax output a class.
    Softmax,
}

/// What is to be predicted, one an example.
#[derive(Clone, Debug)]
pub enum Answers<F> {
    /// Numbers.
    Numbers(Vec<F>),
    /// Classes.
    Classes(Vec<u32>),
}

/// Sums over examples.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Of the losses, without the l2 term.
    pub loss: f64,
    /// Examples classified rightly.
    pub right: usize,
}

impl Output {
    /// Judges the last layer's numbers `z`, shape (examples, outputs), in place: afterwards each
    /// row holds the derivative of that example's loss with respect to its `z`. `row(i)` tells
    /// which answer belongs to row i.
    pub fn judge<F: Real>(
        self,
        loss: Loss,
        mut z: ArrayViewMut2<'_, F>,
        answers: &Answers<F>,
        row: impl Fn(usize) -> usize,
    ) -> Tally {
        let mut tally = Tally::default();
        for (i, z) in z.rows_mut().into_iter().enumerate() {
            let (loss, right) = match answers {
                Answers::Numbers(numbers) => (number(z, numbers[row(i)]), false),
                Answers::Classes(classes) => {
                    let class = classes[row(i)] as usize;
                    match self {
                        Self::Logistic => two_classes(loss, z, class),
                        _ => many_classes(loss, z, class),
                    }
                }
            };
            tally.loss += loss;
            tally.right += usize::from(right);
        }
        tally
    }
}

fn number<F: Real>(mut z: ArrayViewMut1<'_, F>, y: F) -> f64 {
    let error = z[0] - y;
    z[0] = error + error;
    error.get() * error.get()
}

fn two_classes<F: Real>(loss: Loss, mut z: ArrayViewMut1<'_, F>, class: usize) -> (f64, bool) {
    let (before, y) = (z[0].get(), F::of(class as f64));
    let right = (before > 0.0) == (class == 1);
    let p = &mut z.as_slice_mut().expect("rows are contiguous")[..1];
    sigmoid(p, None);
    let error = p[0] - y;
    match loss {
        Loss::CrossEntropy => {
            p[0] = error;
            // log(1 + e^z) - y z, without overflow.
            let log = libm::log1p(libm::exp(-before.abs()));
            (before.max(0.0) + log - y.get() * before, right)
        }
        Loss::SquaredError => {
            p[0] = (error + error) * p[0] * (F::one() - p[0]);
            (error.get() * error.get(), right)
        }
    }
}

fn many_classes<F: Real>(loss: Loss, mut z: ArrayViewMut1<'_, F>, class: usize) -> (f64, bool) {
    let z = z.as_slice_mut().expect("rows are contiguous");
    let own = z[class];
    // On equal numbers the first class wins, whichever is right.
    let right = z
        .iter()
        .enumerate()
        .all(|(k, &z)| z < own || (z == own && k >= class));
    let log_sum = softmax(z);
    match loss {
        Loss::CrossEntropy => {
            z[class] -= F::one();
            (log_sum - own.get(), right)
        }
        Loss::SquaredError => {
            let (mut sum, mut inner) = (0.0, F::zero());
            for (k, &p) in z.iter().enumerate() {
                let error = if k == class { p - F::one() } else { p };
                sum += error.get() * error.get();
                inner += (error + error) * p;
            }
            for (k, p) in z.iter_mut().enumerate() {
                let error = if k == class { *p - F::one() } else { *p };
                *p *= error + error - inner;
            }
            (sum, right)
        }
    }
}
