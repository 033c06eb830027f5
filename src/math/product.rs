//! Products of matrices, by the widest multiply-adds that the processor at hand has.
//!
//! The one place with `unsafe`: the kernels of the crate `gemm` take pointers. They are up to 40 %
//! faster here than those of `ndarray`, which have no AVX-512 and copy narrow matrices.
#![allow(unsafe_code)]

use gemm::{Parallelism, gemm};
use ndarray::{ArrayView2, ArrayViewMut2};

use super::Real;

/// `c` = `a` `b`, or `c` + `a` `b` if `adds`; on one thread. Shapes (m, k), (k, n) and (m, n).
///
/// # Panics
/// If the shapes do not fit.
pub fn product<F: Real>(
    a: ArrayView2<'_, F>,
    b: ArrayView2<'_, F>,
    adds: bool,
    mut c: ArrayViewMut2<'_, F>,
) {
    let ((m, k), n) = (a.dim(), b.ncols());
    assert!(b.nrows() == k && c.dim() == (m, n), "the shapes fit");
    let (kept, one) = (if adds { F::one() } else { F::zero() }, F::one());
    let (c_strides, a_strides, b_strides) =
        ([c.strides()[1], c.strides()[0]], a.strides(), b.strides());
    // SAFETY: the views are live for the whole call, `c` is borrowed by it alone, and for each of
    // them every index below its shape, times its strides, lies in its memory: that is what a view
    // is. What is read and written has indices below m, n and k, which were just compared.
    unsafe {
        gemm(
            m,
            n,
            k,
            c.as_mut_ptr(),
            c_strides[0],
            c_strides[1],
            adds,
            a.as_ptr(),
            a_strides[1],
            a_strides[0],
            b.as_ptr(),
            b_strides[1],
            b_strides[0],
            kept,
            one,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    fn check<F: Real>() {
        let filled = |rows: usize, columns: usize, by: usize| {
            Array2::from_shape_fn((rows, columns), |(i, j)| {
                F::of(((i * 7 + j * by) % 11) as f64 - 5.0)
            })
        };
        for (m, k, n) in [
            (1, 1, 1),
            (3, 5, 2),
            (64, 784, 10),
            (17, 300, 33),
            (4, 0, 3),
            (0, 2, 2),
        ] {
            let (a, b, c) = (filled(m, k, 3), filled(k, n, 5), filled(m, n, 2));
            // Small whole numbers: every order of summation is exact.
            for adds in [false, true] {
                let start = if adds {
                    c.clone()
                } else {
                    Array2::zeros((m, n))
                };
                let want = a.dot(&b) + start;
                let mut got = c.clone();
                product(a.view(), b.view(), adds, got.view_mut());
                assert_eq!(got, want, "{m} {k} {n}");
                let (at, bt) = (
                    a.t().as_standard_layout().into_owned(),
                    b.t().as_standard_layout().into_owned(),
                );
                let mut got = c.clone();
                product(at.t(), bt.t(), adds, got.view_mut());
                assert_eq!(got, want, "{m} {k} {n}, transposed");
            }
        }
    }

    #[test]
    fn products_are_those_of_the_definition() {
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn what_is_not_a_number_in_the_place_of_the_result_is_gone() {
        let (a, b) = (
            Array2::from_elem((2, 2), 1.0),
            Array2::from_elem((2, 2), 2.0),
        );
        let mut c = Array2::from_elem((2, 2), f64::NAN);
        product(a.view(), b.view(), false, c.view_mut());
        assert!(c.iter().all(|&c| c == 4.0));
    }

    #[test]
    #[should_panic(expected = "the shapes fit")]
    fn shapes_that_do_not_fit_are_refused() {
        let (a, mut c) = (Array2::<f32>::zeros((2, 3)), Array2::zeros((2, 3)));
        product(a.view(), a.view(), false, c.view_mut());
    }
}
