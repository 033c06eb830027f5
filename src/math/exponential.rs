//! Exponential, hyperbolic tangent and error function in `f32`: sums and products without a branch, which the
//! compiler turns into vector instructions in loops over slices. Within 2 units in the last place.

use std::f32::consts::LOG2_E;

/// Adding and subtracting 1.5 * 2^23 rounds to a whole number, which then stands in the low bits.
const ROUND: f32 = 12_582_912.0;
/// ln 2 in two parts; the first has few bits, so that its product with a whole number is exact.
const LN2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);

/// `e^x`: 0 below -104, infinite above 89, NaN for NaN.
///
/// As 2^n e^r with n whole and |r| <= ln 2 / 2; e^r by a polynomial of degree 6 (Cephes).
#[inline]
pub fn exp(x: f32) -> f32 {
    let x = x.clamp(-104.0, 89.0);
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN2.0 - n * LN2.1;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_6e-1;
    let p = p * r + 0.5;
    let e_r = p * r * r + r + 1.0;
    // In two factors: 2^n alone leaves the range of normal numbers at both ends.
    let n = shifted
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .cast_signed();
    let half = n >> 1;
    e_r * power_of_two(half) * power_of_two(n.wrapping_sub(half))
}

/// 2^n for -126 <= n <= 127.
#[inline]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) as u32) << 23)
}

/// `tanh x`: an odd polynomial near 0 (Cephes), 1 - 2 / (e^2|x| + 1) with the sign of x elsewhere.
#[inline]
pub fn tanh(x: f32) -> f32 {
    let xx = x * x;
    let p = -5.704_988_7e-3;
    let p = p * xx + 2.063_909e-2;
    let p = p * xx - 5.373_971_6e-2;
    let p = p * xx + 1.333_144_2e-1;
    let p = p * xx - 3.333_328e-1;
    let near = p * xx * x + x;
    let far = (1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0)).copysign(x);
    if x.abs() < 0.625 { near } else { far }
}

/// The error function: x (1 + an even polynomial) near 0, 1 - e^-q with the sign of x elsewhere,
/// where q(|x|) is a polynomial for -ln(1 - erf |x|). Both are minimax fits; from 4 on it is 1.
#[inline]
pub fn erf(x: f32) -> f32 {
    let xx = x * x;
    let p = -6.090_356e-4;
    let p = p * xx + 5.011_962_3e-3;
    let p = p * xx - 2.677_890_8e-2;
    let p = p * xx + 1.128_214_1e-1;
    let p = p * xx - 3.761_252_5e-1;
    let p = p * xx + 1.283_791_5e-1;
    let near = p * x + x;
    let size = x.abs().clamp(0.0, 4.0);
    let q = -2.141_539_3e-4;
    let q = q * size + 3.216_452e-3;
    let q = q * size - 2.289_512_8e-2;
    let q = q * size + 1.052_705_05e-1;
    let q = q * size + 6.357_112_5e-1;
    let q = q * size + 1.128_516_6;
    let far = (1.0 - exp(-q * size)).copysign(x);
    if x.abs() < 0.9 { near } else { far }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;
    use crate::math::vector::vectorized;

    /// The largest distance from `want` in units in the last place of the right value.
    fn worst(low: f32, high: f32, got: fn(f32) -> f32, want: fn(f64) -> f64) -> f64 {
        let n = 1_000_000;
        let xs = (0..=n).map(|i| low + (high - low) * (i as f32 / n as f32));
        xs.map(|x| {
            let want = want(f64::from(x));
            let unit = f64::from((want as f32).abs().next_up()) - f64::from((want as f32).abs());
            (f64::from(got(x)) - want).abs() / unit
        })
        .fold(0.0, f64::max)
    }

    #[test]
    fn exp_is_within_two_units_in_the_last_place() {
        let error = worst(-87.0, 88.7, exp, libm::exp);
        assert!(error < 2.0, "{error}");
    }

    #[test]
    fn tanh_is_within_two_units_in_the_last_place() {
        let error = worst(-10.0, 10.0, tanh, libm::tanh);
        assert!(error < 2.0, "{error}");
    }

    #[test]
    fn erf_is_within_two_units_in_the_last_place() {
        let error = worst(-5.0, 5.0, erf, libm::erf);
        assert!(error < 2.0, "{error}");
    }

    #[test]
    fn the_ends_are_right() {
        let ends = [-200.0, f32::NEG_INFINITY, 0.0, 200.0, f32::INFINITY];
        assert_eq!(ends.map(exp), [0.0, 0.0, 1.0, f32::INFINITY, f32::INFINITY]);
        assert_eq!(ends.map(tanh), [-1.0, -1.0, 0.0, 1.0, 1.0]);
        assert_eq!(ends.map(erf), [-1.0, -1.0, 0.0, 1.0, 1.0]);
        let nan = [exp, tanh, erf].map(|f| f(f32::NAN).is_nan());
        assert_eq!(nan, [true; 3]);
    }

    #[test]
    fn loops_in_vector_instructions_give_the_same_bits() {
        fn check(f: impl Fn(f32) -> f32) {
            let xs: Vec<f32> = (-5000..5000).map(|i| 0.021 * i as f32).collect();
            let mut vector = xs.clone();
            vectorized(|| vector.iter_mut().for_each(|x| *x = f(*x)));
            let one_by_one: Vec<f32> = xs.iter().map(|&x| black_box(f(black_box(x)))).collect();
            assert_eq!(vector, one_by_one);
        }
        check(exp);
        check(tanh);
        check(erf);
    }
}
