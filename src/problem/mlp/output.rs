//! What stands behind the last layer: predictions, losses, and where the gradient starts.

use std::ops::AddAssign;

use super::Loss;
use crate::math::Real;
use crate::math::activation::sigmoid;
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
        vectorized(
            #[inline(always)]
            || match answers {
                Answers::Numbers(numbers) => {
                    Tally::of(z, outputs, |i, z| number(z, numbers[row(i)]))
                }
                Answers::Classes(classes) => {
                    let class = |i| classes[row(i)] as usize;
                    match self {
                        Self::Logistic => {
                            Tally::of(z, outputs, |i, z| two_classes(loss, z, class(i)))
                        }
                        _ => many_classes(loss, z, outputs, class),
                    }
                }
            },
        )
    }
}

impl Tally {
    /// The sums over the rows of `z`, `outputs` numbers each, of what `judge` finds: a loss, and
    /// whether the class is right.
    #[inline(always)]
    #[allow(clippy::inline_always)] // Else it would not be compiled for the processor at hand.
    fn of<F>(z: &mut [F], outputs: usize, judge: impl Fn(usize, &mut [F]) -> (f64, bool)) -> Self {
        let mut tally = Self::default();
        for (i, z) in z.chunks_exact_mut(outputs).enumerate() {
            let (loss, right) = judge(i, z);
            tally.loss += loss;
            tally.right += usize::from(right);
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

/// Softmax of each row of `z`, and the loss's derivatives in its place. The rows go through each of
/// three passes together: a row of ten classes would fill no vector.
#[inline(always)]
#[allow(clippy::inline_always)] // As above.
fn many_classes<F: Real>(
    loss: Loss,
    z: &mut [F],
    outputs: usize,
    class: impl Fn(usize) -> usize,
) -> Tally {
    // e^z over the sum of e^z, computed from the greatest z on: nothing overflows.
    let mut tally = Tally::of(z, outputs, |i, z| {
        let (class, own) = (class(i), z[class(i)]);
        // On equal numbers the first class wins, whichever is right.
        let (before, after) = z.split_at(class);
        let right = before.iter().all(|&z| z < own) && after.iter().all(|&z| z <= own);
        let most = z.iter().fold(F::neg_infinity(), |most, &z| most.max(z));
        for z in z.iter_mut() {
            *z -= most;
        }
        let lead = match loss {
            Loss::CrossEntropy => most.get() - own.get(),
            Loss::SquaredError => 0.0,
        };
        (lead, right)
    });
    for z in z.iter_mut() {
        *z = z.quick_exp();
    }
    tally += Tally::of(z, outputs, |i, z| {
        let class = class(i);
        let sum: F = z.iter().copied().sum();
        for z in z.iter_mut() {
            *z /= sum;
        }
        let loss = match loss {
            Loss::CrossEntropy => {
                z[class] -= F::one();
                libm::log(sum.get())
            }
            Loss::SquaredError => squared_error(z, class),
        };
        (loss, false)
    });
    tally
}

/// The sum of squares of `p` less 1 for the class; its derivatives by what softmax made `p` of, in
/// the place of `p`.
fn squared_error<F: Real>(p: &mut [F], class: usize) -> f64 {
    let (mut sum, mut inner) = (0.0, F::zero());
    for (k, &p) in p.iter().enumerate() {
        let error = if k == class { p - F::one() } else { p };
        sum += error.get() * error.get();
        inner += (error + error) * p;
    }
    for (k, p) in p.iter_mut().enumerate() {
        let error = if k == class { *p - F::one() } else { *p };
        *p *= error + error - inner;
    }
    sum
}
