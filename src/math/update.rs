//! One pass over parameters, their gradient and what an update rule remembers of each: all are read
//! and written once.

use std::array::from_fn;
use std::mem::take;

use ndarray::{ArrayView1, ArrayViewMut1};

use crate::math::Real;
use crate::math::vector::vectorized;

/// For fewer parameters it does not pay to find out what the processor can do.
pub const MANY: usize = 32;

/// Of more parameters, an idle core may take a half.
const MOST: usize = 1 << 19;

/// Calls `update` with each parameter, its element of each `memory`, and its gradient. It may come
/// to them in any order, on several threads.
///
/// Of many parameters, what is left in a memory below the smallest normal number becomes 0: an
/// average whose gradients have stopped, as those of a dead unit do, would stay there for good, and
/// processors take several times as long for such numbers.
///
/// `update` owns what it knows (`move`): what it had to look up elsewhere might be what it writes
/// to, for all that the compiler knows, and there would be no vector instructions.
///
/// # Panics
/// Unless all are contiguous, and memory and gradient as long as the parameters.
#[inline(always)]
#[allow(clippy::inline_always)] // With the number of parameters known, a loop of two steps is none.
pub fn each<F: Real, const N: usize>(
    w: ArrayViewMut1<'_, F>,
    memory: [&mut [F]; N],
    g: ArrayView1<'_, F>,
    update: impl Fn(&mut F, [&mut F; N], F) + Copy + Sync + 'static,
) {
    let w = w.into_slice().expect("parameters are contiguous");
    let g = g.to_slice().expect("gradients are contiguous");
    if w.len() < MANY {
        pass(w, memory, g, update, |m| m);
    } else {
        many(w, memory, g, update);
    }
}

#[inline(never)]
fn many<F: Real, const N: usize>(
    w: &mut [F],
    mut memory: [&mut [F]; N],
    g: &[F],
    update: impl Fn(&mut F, [&mut F; N], F) + Copy + Sync,
) {
    if w.len() <= MOST {
        return vectorized(
            #[inline(always)]
            || pass(w, memory, g, update, normal),
        );
    }
    let half = w.len() / 2;
    let (w, g) = (w.split_at_mut(half), g.split_at(half));
    let first = from_fn(|i| {
        let (first, second) = take(&mut memory[i]).split_at_mut(half);
        memory[i] = second;
        first
    });
    rayon::join(
        || many(w.0, first, g.0, update),
        || many(w.1, memory, g.1, update),
    );
}

#[inline(always)]
#[allow(clippy::inline_always)] // Else it would not be compiled for the processor at hand.
fn pass<F: Real, const N: usize>(
    w: &mut [F],
    memory: [&mut [F]; N],
    g: &[F],
    update: impl Fn(&mut F, [&mut F; N], F),
    keep: impl Fn(F) -> F,
) {
    let count = w.len();
    let g = &g[..count];
    let mut memory = memory.map(|m| &mut m[..count]);
    for i in 0..count {
        let mut own: [F; N] = from_fn(|k| memory[k][i]);
        update(&mut w[i], own.each_mut(), g[i]);
        for (m, own) in memory.iter_mut().zip(own) {
            m[i] = keep(own);
        }
    }
}

/// `x`, or 0 below the smallest normal number.
#[inline(always)]
#[allow(clippy::inline_always)] // As above.
pub fn normal<F: Real>(x: F) -> F {
    if x.abs() < F::min_positive_value() {
        F::zero()
    } else {
        x
    }
}

#[cfg(test)]
mod tests {
    use ndarray::aview1;

    use super::*;

    #[test]
    fn every_parameter_is_met_once_with_what_belongs_to_it() {
        for count in [0, 1, 2, MANY - 1, MANY, 1000, MOST, MOST + 1, 3 * MOST + 7] {
            let mut w: Vec<f32> = (0..count).map(|i| i as f32).collect();
            let (g, mut a, mut b) = (w.clone(), w.clone(), vec![0.0; count]);
            let view = ArrayViewMut1::from(&mut w);
            each(view, [&mut a, &mut b], aview1(&g), |w, [a, b], g| {
                *b += 1.0 + *a - g;
                *a += g;
                *w += 2.0 * g;
            });
            assert!(b.iter().all(|&b| b == 1.0), "{count}");
            let tripled = |(i, &w): (usize, &f32)| w == 3.0 * i as f32;
            assert!(w.iter().enumerate().all(tripled), "{count}");
        }
    }

    #[test]
    fn an_average_that_fades_away_ends_at_zero() {
        let mut m = vec![0.0_f32; 1000];
        m[7] = 1.0;
        m[9] = f32::NAN;
        let (mut w, g) = (m.clone(), vec![0.0; 1000]);
        for _ in 0..1000 {
            let view = ArrayViewMut1::from(&mut w);
            each(view, [&mut m], aview1(&g), |_, [m], _| *m *= 0.9);
            assert!(!m.iter().any(|m| m.is_subnormal()));
        }
        assert_eq!(m[7], 0.0);
        assert!(m[9].is_nan(), "what is no number stays to be seen");
    }
}
