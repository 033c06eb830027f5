//! Kernels over ndarray views, for `f32` and `f64`: no policy, no state.

use ndarray::{ArrayView1, NdFloat};
use vector::vectorized;

pub mod activation;
pub mod eigen;
pub mod exponential;
pub mod orthogonal;
pub mod product;
pub mod symmetric;
pub mod update;
pub mod vector;

/// The floating-point type that a race computes in: `f64` on surfaces, `f32` or `f64` for models.
pub trait Real: NdFloat + Default + std::iter::Sum {
    /// `x` rounded to this type.
    fn of(x: f64) -> Self;
    /// This number as an `f64`, exactly.
    fn get(self) -> f64;
    /// `e^x`. In `f32` fit for loops in [`vector::vectorized`], as are the next two.
    fn quick_exp(self) -> Self;
    /// The hyperbolic tangent.
    fn quick_tanh(self) -> Self;
    /// The error function erf(x) = 2/sqrt(pi) times the integral of `e^(-t^2)` from 0 to x.
    fn quick_erf(self) -> Self;
}

impl Real for f32 {
    fn of(x: f64) -> Self {
        x as Self
    }
    fn get(self) -> f64 {
        f64::from(self)
    }
    #[inline]
    fn quick_exp(self) -> Self {
        exponential::exp(self)
    }
    #[inline]
    fn quick_tanh(self) -> Self {
        exponential::tanh(self)
    }
    #[inline]
    fn quick_erf(self) -> Self {
        exponential::erf(self)
    }
}

impl Real for f64 {
    fn of(x: f64) -> Self {
        x
    }
    fn get(self) -> f64 {
        self
    }
    fn quick_exp(self) -> Self {
        libm::exp(self)
    }
    fn quick_tanh(self) -> Self {
        libm::tanh(self)
    }
    fn quick_erf(self) -> Self {
        libm::erf(self)
    }
}

/// The Euclidean norm of `x`, summed in `f64` from the first element to the last.
///
/// Not finite if and only if an element is not finite (or, in `f64`, the square of one overflows).
pub fn norm<F: Real>(x: ArrayView1<'_, F>) -> f64 {
    x.iter().map(|&x| x.get() * x.get()).sum::<f64>().sqrt()
}

/// 1 or -1, or 0 for 0; what is not a number stays.
#[inline]
pub fn sign<F: Real>(x: F) -> F {
    if x > F::zero() {
        F::one()
    } else if x < F::zero() {
        -F::one()
    } else {
        x
    }
}

/// Whether every element of `x` is a finite number.
pub fn all_finite<F: Real>(x: ArrayView1<'_, F>) -> bool {
    let check = |x: &[F]| x.iter().fold(true, |all, x| all & x.is_finite());
    match x.to_slice() {
        Some(x) if x.len() > 32 => vectorized(|| check(x)),
        Some(x) => check(x),
        None => x.iter().all(|x| x.is_finite()),
    }
}
