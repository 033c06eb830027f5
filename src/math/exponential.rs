//! A vectorised exponential for `f32`.

/// `e^x` for each element, in place.
pub fn exp_all(xs: &mut [f32]) {
    for x in xs {
        *x = libm::expf(*x);
    }
}
