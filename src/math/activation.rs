//! Activations of hidden layers and of outputs, forward and with their derivatives.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use crate::math::Real;

/// max(0, z), in place; the derivative (0 at 0) goes to `slope` where there is one.
pub fn relu<F: Real>(z: &mut [F], slope: Option<&mut [F]>) {
    if let Some(slope) = slope {
        for (d, z) in slope.iter_mut().zip(z.iter()) {
            *d = if *z > F::zero() { F::one() } else { F::zero() };
        }
    }
    for z in z {
        // Written so that NaN stays NaN: a broken network must not look healthy.
        *z = if *z < F::zero() { F::zero() } else { *z };
    }
}

/// The hyperbolic tangent, in place; the derivative 1 - tanh^2 goes to `slope` where there is one.
pub fn tanh<F: Real>(z: &mut [F], slope: Option<&mut [F]>) {
    F::tanh_all(z);
    if let Some(slope) = slope {
        for (d, a) in slope.iter_mut().zip(z.iter()) {
            *d = F::one() - *a * *a;
        }
    }
}

/// 1 / (1 + e^-z), in place; the derivative a (1 - a) goes to `slope` where there is one.
pub fn sigmoid<F: Real>(z: &mut [F], slope: Option<&mut [F]>) {
    for z in z.iter_mut() {
        *z = -*z;
    }
    F::exp_all(z);
    for z in z.iter_mut() {
        *z = F::one() / (F::one() + *z);
    }
    if let Some(slope) = slope {
        for (d, a) in slope.iter_mut().zip(z.iter()) {
            *d = *a * (F::one() - *a);
        }
    }
}

/// z P(z) with the normal distribution function P by erf, in place (Hendrycks and Gimpel 2016); the
/// derivative P(z) + z p(z) goes to `slope` where there is one.
pub fn gelu<F: Real>(z: &mut [F], slope: Option<&mut [F]>) {
    let half = F::of(0.5);
    let below = |z: F| half * (F::one() + (z * F::of(FRAC_1_SQRT_2)).erf());
    if let Some(slope) = slope {
        for (d, z) in slope.iter_mut().zip(z.iter()) {
            *d = -half * *z * *z;
        }
        F::exp_all(slope);
        let scale = F::of(1.0 / TAU.sqrt());
        for (d, z) in slope.iter_mut().zip(z.iter()) {
            *d = below(*z) + *z * scale * *d;
        }
    }
    for z in z {
        *z *= below(*z);
    }
}

/// Softmax of one row, in place: e^z / sum e^z. Returns the logarithm of that sum for the row as it
/// was, computed from its maximum on so that nothing overflows.
pub fn softmax<F: Real>(z: &mut [F]) -> f64 {
    let most = z.iter().fold(F::neg_infinity(), |most, &z| most.max(z));
    for z in z.iter_mut() {
        *z -= most;
    }
    F::exp_all(z);
    let sum: F = z.iter().copied().sum();
    for z in z.iter_mut() {
        *z /= sum;
    }
    most.get() + libm::log(sum.get())
}
