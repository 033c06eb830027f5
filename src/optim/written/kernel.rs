//! Loops that do one operation for a block of coordinates: plain slices and no branch inside, so that
//! the compiler turns them into vector instructions.
//!
//! Sums, products, quotients and roots are those of `F`; powers and transcendental functions are
//! computed in `f64` and rounded, but for `exp` and `tanh`, which [`Real`] has quick ones of.

use crate::math::update::normal;
use crate::math::{Real, sign};
use crate::problem::formula::{Binary, Unary};

/// What an operation is of: a number for each coordinate of a block, or one for all.
#[derive(Clone, Copy)]
pub enum Operand<'a, F> {
    /// One for each coordinate.
    Each(&'a [F]),
    /// The same for all.
    All(F),
}

/// Writes `a` to `to`.
#[inline(always)]
#[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
pub fn copy<F: Real>(a: Operand<'_, F>, to: &mut [F]) {
    match a {
        Operand::Each(a) => to.copy_from_slice(a),
        Operand::All(a) => to.fill(a),
    }
}

/// Writes `a` to `to`, and 0 for what is below the smallest normal number.
#[inline(always)]
#[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
pub fn copy_normal<F: Real>(a: Operand<'_, F>, to: &mut [F]) {
    match a {
        Operand::Each(a) => {
            for (to, a) in to.iter_mut().zip(a) {
                *to = normal(*a);
            }
        }
        Operand::All(a) => to.fill(normal(a)),
    }
}

/// Writes a function of `a` to `to`.
#[inline(always)]
#[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
pub fn unary<F: Real>(function: Unary, a: Operand<'_, F>, to: &mut [F]) {
    copy(a, to);
    match function {
        Unary::Negative => in_place(to, |x| -x),
        Unary::Sqrt => in_place(to, F::sqrt),
        Unary::Abs => in_place(to, F::abs),
        Unary::Sign => in_place(to, sign),
        Unary::Exp => in_place(to, F::quick_exp),
        Unary::Tanh => in_place(to, F::quick_tanh),
        _ => in_place(to, |x| F::of(function.value(x.get()))),
    }
}

/// Writes a function of `a` and `b` to `to`.
#[inline(always)]
#[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
pub fn binary<F: Real>(function: Binary, a: Operand<'_, F>, b: Operand<'_, F>, to: &mut [F]) {
    match function {
        Binary::Plus => each(a, b, to, |x, y| x + y),
        Binary::Minus => each(a, b, to, |x, y| x - y),
        Binary::Times => each(a, b, to, |x, y| x * y),
        Binary::Over => each(a, b, to, |x, y| x / y),
        Binary::Power => each(a, b, to, |x, y| F::of(function.value(x.get(), y.get()))),
        Binary::Least => each(a, b, to, |x, y| pick(x, y, x < y)),
        Binary::Most => each(a, b, to, |x, y| pick(x, y, x > y)),
    }
}

#[inline(always)]
#[allow(clippy::inline_always)] // Else its loop would have no part in `vectorized`.
fn in_place<F: Real>(to: &mut [F], function: impl Fn(F) -> F) {
    for x in to {
        *x = function(*x);
    }
}

#[inline(always)]
#[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
fn each<F: Real>(a: Operand<'_, F>, b: Operand<'_, F>, to: &mut [F], function: impl Fn(F, F) -> F) {
    match (a, b) {
        (Operand::Each(a), Operand::Each(b)) => {
            for ((to, a), b) in to.iter_mut().zip(a).zip(b) {
                *to = function(*a, *b);
            }
        }
        (Operand::Each(a), Operand::All(b)) => {
            for (to, a) in to.iter_mut().zip(a) {
                *to = function(*a, b);
            }
        }
        (Operand::All(a), Operand::Each(b)) => {
            for (to, b) in to.iter_mut().zip(b) {
                *to = function(a, *b);
            }
        }
        (Operand::All(a), Operand::All(b)) => to.fill(function(a, b)),
    }
}

/// The first or the second; what is not a number stays to be seen.
#[inline]
fn pick<F: Real>(x: F, y: F, first: bool) -> F {
    if first || x.is_nan() { x } else { y }
}
