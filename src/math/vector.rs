//! The best vector instructions of the processor at hand, chosen when the program runs. A plain
//! build knows only those of every x86-64; loops that run in here are compiled for AVX2 as well.

use pulp::{Arch, WithSimd};

/// Runs `work`, whose loops over slices become vector instructions. All that `work` calls must be
/// inlined into it to have a part in that, and `work` itself, which where it is long must say so:
/// `#[inline(always)]`. Sums and products come out the same with any
/// instructions: the compiler neither reorders nor fuses them.
///
/// To find out what the processor has costs some nanoseconds: not for a handful of numbers.
#[inline]
pub fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(Work(work))
}

struct Work<W>(W);

impl<R, W: FnOnce() -> R> WithSimd for Work<W> {
    type Output = R;

    #[inline(always)]
    #[allow(clippy::inline_always)] // Else it would be compiled for every x86-64 after all.
    fn with_simd<S: pulp::Simd>(self, _: S) -> R {
        (self.0)()
    }
}
