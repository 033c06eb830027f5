//! What the processor can do: copies and multiply-adds a second, on one core and on all.

use std::hint::black_box;

use ndarray::Array2;
use ndarray::linalg::general_mat_mul;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use crate::rounds::{Rounds, seconds};
use crate::table::Table;

/// Prints the figures of the machine.
pub fn measure(table: &mut Table) {
    let all = rayon::current_num_threads();
    for threads in [1, all] {
        let case = if threads == 1 {
            "one core".to_owned()
        } else {
            format!("{all} cores")
        };
        let found = Rounds::of(&mut [
            &mut || multiply_adds(threads) / 1e9,
            &mut || products(threads, [1024, 1024, 1024]) / 1e9,
            &mut || products(threads, [64, 784, 128]) / 1e9,
            &mut || copied(threads) / 1e9,
        ]);
        let metrics = [
            "multiply-adds, GFLOP/s",
            "product 1024x1024x1024, GFLOP/s",
            "product 64x784x128, GFLOP/s",
            "copy, GB/s",
        ];
        for (i, metric) in metrics.into_iter().enumerate() {
            table.add("the machine", &case, metric, found.median(i));
        }
    }
}

/// The most floating-point operations a second in `f32` that `threads` threads were seen to do, two
/// a multiply-add.
pub fn multiply_adds(threads: usize) -> f64 {
    let loops = 4_000_000;
    let time = seconds(|| {
        (0..threads).into_par_iter().for_each(|_| {
            black_box(Arch::new().dispatch(MultiplyAdds { loops }));
        });
    });
    let lanes = Arch::new().dispatch(Lanes);
    (threads * loops * CHAINS * lanes * 2) as f64 / time
}

/// So many multiply-adds do not wait for each other.
const CHAINS: usize = 10;

struct MultiplyAdds {
    loops: usize,
}

impl WithSimd for MultiplyAdds {
    type Output = f32;

    #[inline(always)]
    #[allow(clippy::inline_always)] // Else it would be compiled for every x86-64.
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (shrink, add) = (simd.splat_f32s(0.999_9), simd.splat_f32s(1e-4));
        // All different, and unknown to the compiler: or else one chain would do for all.
        let mut sums = black_box([0.0_f32; CHAINS]).map(|start| simd.splat_f32s(start));
        for _ in 0..self.loops {
            for sum in &mut sums {
                *sum = simd.mul_add_e_f32s(*sum, shrink, add);
            }
        }
        let total = sums.into_iter().reduce(|a, b| simd.add_f32s(a, b));
        simd.reduce_sum_f32s(total.expect("there are chains"))
    }
}

struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    #[allow(clippy::inline_always)] // As above.
    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}

/// Floating-point operations a second of a product of these dimensions, one on each thread.
fn products(threads: usize, [rows, inner, columns]: [usize; 3]) -> f64 {
    let work = 2 * rows * inner * columns;
    let times = (400_000_000 / work).max(1);
    let matrices = || {
        let filled = |shape: (usize, usize)| Array2::from_elem(shape, 0.5_f32);
        (
            filled((rows, inner)),
            filled((inner, columns)),
            filled((rows, columns)),
        )
    };
    let mut each: Vec<_> = (0..threads).map(|_| matrices()).collect();
    let time = seconds(|| {
        each.par_iter_mut().with_max_len(1).for_each(|(a, b, c)| {
            (0..times).for_each(|_| general_mat_mul(1.0, a, b, 0.0, c));
        });
    });
    (threads * times * work) as f64 / time
}

/// Bytes read and written a second by copies that do not fit into any cache.
fn copied(threads: usize) -> f64 {
    let (size, times) = (1 << 26, 4);
    let mut each: Vec<_> = (0..threads)
        .map(|_| (vec![1_u8; size], vec![2_u8; size]))
        .collect();
    let time = seconds(|| {
        each.par_iter_mut().with_max_len(1).for_each(|(from, to)| {
            for _ in 0..times {
                to.copy_from_slice(black_box(from));
            }
        });
    });
    (2 * threads * times * size) as f64 / time
}
