//! What stands behind the last layer: predictions, losses, and where the gradient starts.

use std::ops::AddAssign;

use super::Loss;
use crate::math::Real;
use crate::math::activation::{sigmoid, softmax};
use crate::math::vector::vectorized;

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
    /// Judges the last layer's numbers `z`, rows of `outputs` numbers, in place: afterwards each
    /// row holds the derivative of that example's loss with respect to its `z`. `row(i)` tells
    /// which answer belongs to row i.
    pub fn judge<F: Real>(
        self,
        loss: Loss,
        z: &mut [F],
        outputs: usize,
        answers: &Answers<F>,
        row: impl Fn(usize) -> usize,
    ) -> Tally {
        let rows = z.chunks_exact_mut(outputs).enumerate();
        vectorized(
            #[inline(always)]
            || match answers {
                Answers::Numbers(numbers) => Tally::of(rows, |i, z| number(z, numbers[row(i)])),
                Answers::Classes(classes) => match self {
                    Self::Logistic => {
                        Tally::of(rows, |i, z| two_classes(loss, z, classes[row(i)] as usize))
                    }
                    _ => Tally::of(rows, |i, z| many_classes(loss, z, classes[row(i)] as usize)),
                },
            },
        )
    }
}

impl Tally {
    /// The sums over `rows` of what `judge` finds: a loss, and whether the class is right.
    #[inline]
    fn of<'a, F: 'a>(
        rows: impl Iterator<Item = (usize, &'a mut [F])>,
        judge: impl Fn(usize, &mut [F]) -> (f64, bool),
    ) -> Self {
        let mut tally = Self::default();
        for (i, z) in rows {
            let (loss, right) = judge(i, z);
            tally += Self {
                loss,
                right: usize::from(right),
            };
        }
        tally
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.loss += other.loss;
        self.right += other.right;
    }
}

#[inline]
fn number<F: Real>(z: &mut [F], y: F) -> (f64, bool) {
    let error = z[0] - y;
    z[0] = error + error;
    (error.get() * error.get(), false)
}

#[inline]
fn two_classes<F: Real>(loss: Loss, z: &mut [F], class: usize) -> (f64, bool) {
    let (before, y) = (z[0].get(), F::of(class as f64));
    let right = (before > 0.0) == (class == 1);
    let p = sigmoid(z[0]);
    let error = p - y;
    match loss {
        Loss::CrossEntropy => {
            z[0] = error;
            // log(1 + e^z) - y z, without overflow.
            let log = libm::log1p(libm::exp(-before.abs()));
            (before.max(0.0) + log - y.get() * before, right)
        }
        Loss::SquaredError => {
            z[0] = (error + error) * p * (F::one() - p);
            (error.get() * error.get(), right)
        }
    }
}

#[inline]
fn many_classes<F: Real>(loss: Loss, z: &mut [F], class: usize) -> (f64, bool) {
    let own = z[class];
    // On equal numbers the first class wins, whichever is right.
    let (before, after) = z.split_at(class);
    let right = before.iter().all(|&z| z < own) && after.iter().all(|&z| z <= own);
    let (most, sum) = softmax(z);
    match loss {
        Loss::CrossEntropy => {
            z[class] -= F::one();
            (most.get() + libm::log(sum.get()) - own.get(), right)
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
