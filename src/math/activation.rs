//! Activations of hidden layers and of outputs, forward and with their derivatives, each in one
//! pass over a layer's numbers.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use super::Real;
use super::vector::vectorized;

/// Numbers that are worked on at once, or a little more: they stay in the cache.
const BLOCK: usize = 1024;

/// What an activation works on: rows of as many numbers as the layer has units.
pub struct Units<'a, F> {
    /// The layer's product before, its activations afterwards; one row an example.
    pub z: &'a mut [F],
    /// How many units there are.
    pub width: usize,
    /// One number a unit, added before the activation; none for layers without.
    pub biases: Option<&'a [F]>,
    /// Where the derivatives go, as many as `z`, if they are asked for.
    pub slopes: Option<&'a mut [F]>,
}

impl<F: Real> Units<'_, F> {
    /// The biases and nothing else: the last layer's numbers.
    pub fn shift(self) {
        vectorized(|| add(self.z, self.width, self.biases));
    }

    /// max(0, z); its derivative is 0 at 0.
    pub fn relu(self) {
        let (zero, one) = (F::zero(), F::one());
        // Written so that NaN stays NaN: a broken network must not look healthy.
        self.pass(
            |z| if z < zero { zero } else { z },
            |z, _| if z > zero { one } else { zero },
        );
    }

    /// The hyperbolic tangent; its derivative is 1 - tanh^2.
    pub fn tanh(self) {
        self.pass(F::quick_tanh, |_, a| F::one() - a * a);
    }

    /// 1 / (1 + e^-z); its derivative is a (1 - a).
    pub fn sigmoid(self) {
        self.pass(sigmoid, |_, a| a * (F::one() - a));
    }

    /// z P(z) with the normal distribution function P by erf (Hendrycks and Gimpel 2016); its
    /// derivative is P(z) + z p(z).
    pub fn gelu(self) {
        let (half, root) = (F::of(0.5), F::of(FRAC_1_SQRT_2));
        let scale = F::of(1.0 / TAU.sqrt());
        let below = |z: F| half * (F::one() + (z * root).quick_erf());
        self.pass(
            |z| z * below(z),
            |z, _| below(z) + z * scale * (-half * z * z).quick_exp(),
        );
    }

    /// Adds the biases, keeps the derivative `d(z, f(z))` where it is asked for, and puts `f(z)` in
    /// the place of `z`.
    fn pass(self, f: impl Fn(F) -> F, d: impl Fn(F, F) -> F) {
        let Self {
            z,
            width,
            biases,
            slopes,
        } = self;
        let block = width * BLOCK.div_ceil(width);
        vectorized(
            #[inline(always)]
            || match slopes {
                Some(slopes) => {
                    for (z, slopes) in z.chunks_mut(block).zip(slopes.chunks_mut(block)) {
                        add(z, width, biases);
                        for (z, slope) in z.iter_mut().zip(slopes) {
                            let a = f(*z);
                            *slope = d(*z, a);
                            *z = a;
                        }
                    }
                }
                None => {
                    for z in z.chunks_mut(block) {
                        add(z, width, biases);
                        for z in z {
                            *z = f(*z);
                        }
                    }
                }
            },
        );
    }
}

/// Adds the biases, if there are any, to each row.
#[inline(always)]
#[allow(clippy::inline_always)] // Into the vectorized loops, or it would not be part of them.
fn add<F: Real>(z: &mut [F], width: usize, biases: Option<&[F]>) {
    if let Some(biases) = biases {
        for row in z.chunks_exact_mut(width) {
            for (z, &b) in row.iter_mut().zip(biases) {
                *z += b;
            }
        }
    }
}

/// 1 / (1 + e^-z).
#[inline]
pub fn sigmoid<F: Real>(z: F) -> F {
    F::one() / (F::one() + (-z).quick_exp())
}
