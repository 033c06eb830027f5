//! One pass over parameters, their gradient and what an update rule remembers of each.

use ndarray::{ArrayView1, ArrayViewMut1};

use crate::math::vector::vectorized;

/// For fewer parameters it is not worth finding out what the processor can do.
const MANY: usize = 32;

/// Calls `update` with each parameter, its element of each `memory`, and its gradient.
///
/// # Panics
/// Unless all are of one length and contiguous.
#[inline(always)]
pub fn each<F: Copy, const N: usize>(
    w: ArrayViewMut1<'_, F>,
    memory: [&mut [F]; N],
    g: ArrayView1<'_, F>,
    update: impl Fn(&mut F, [&mut F; N], F),
) {
    let w = w.into_slice().expect("parameters are contiguous");
    let g = g.to_slice().expect("gradients are contiguous");
    if w.len() < MANY {
        pass(w, memory, g, update);
    } else {
        many(w, memory, g, update);
    }
}

#[inline(never)]
fn many<F: Copy, const N: usize>(
    w: &mut [F],
    memory: [&mut [F]; N],
    g: &[F],
    update: impl Fn(&mut F, [&mut F; N], F),
) {
    vectorized(
        #[inline(always)]
        || pass(w, memory, g, update),
    );
}

#[inline(always)]
fn pass<F: Copy, const N: usize>(
    w: &mut [F],
    memory: [&mut [F]; N],
    g: &[F],
    update: impl Fn(&mut F, [&mut F; N], F),
) {
    let count = w.len();
    let g = &g[..count];
    let mut memory = memory.map(|m| &mut m[..count]);
    for i in 0..count {
        update(&mut w[i], memory.each_mut().map(|m| &mut m[i]), g[i]);
    }
}
