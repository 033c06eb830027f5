//! All eigenvectors of a symmetric matrix: Householder's reflections make it tridiagonal, the
//! implicit QL method makes that diagonal. The same matrix gives the same bits. Golub and Van Loan,
//! "Matrix computations", chapter 8.

use super::orthogonal::dot;

/// After so many turns for one eigenvalue what there is has to do; more than a few are never needed
/// but where a number is not finite.
const TURNS: usize = 60;

/// Puts the eigenvectors of the symmetric matrix `a` (row-major, n * n) in the place of its rows, as
/// rows of length 1, and returns their eigenvalues; largest first.
///
/// # Panics
/// Unless `a` is n * n long.
pub fn eigenvectors(a: &mut [f64], n: usize) -> Vec<f64> {
    assert_eq!(a.len(), n * n, "it is square");
    // What is next to nothing would vanish in its squares.
    let largest = a
        .iter()
        .fold(f64::MIN_POSITIVE, |most, x| most.max(x.abs()));
    for x in &mut *a {
        *x /= largest;
    }
    let (mut diagonal, mut beside) = tridiagonal(a, n);
    diagonalize(&mut diagonal, &mut beside, a, n);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| diagonal[j].total_cmp(&diagonal[i]));
    let rows = order.iter().flat_map(|&i| &a[i * n..(i + 1) * n]);
    let sorted: Vec<f64> = rows.copied().collect();
    a.copy_from_slice(&sorted);
    order.iter().map(|&i| largest * diagonal[i]).collect()
}

/// Reduces `a` to a tridiagonal matrix T with a = Q T Q^T. Returns the diagonal of T and what is
/// beside it, with a 0 at the end, and leaves the columns of Q as rows of `a`.
fn tridiagonal(a: &mut [f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut diagonal, mut beside) = (vec![0.0; n], vec![0.0; n]);
    let mut mirrors = vec![0.0; n * n];
    let mut image = vec![0.0; n];
    for k in 0..n {
        diagonal[k] = a[k * n + k];
        if k + 1 == n {
            break;
        }
        // The mirror sends what is right of the diagonal in row k to its first element.
        let mirror = &mut mirrors[k * n + k + 1..(k + 1) * n];
        mirror.copy_from_slice(&a[k * n + k + 1..(k + 1) * n]);
        let length = dot(mirror, mirror).sqrt();
        beside[k] = if mirror[0] < 0.0 { length } else { -length };
        mirror[0] -= beside[k];
        let square = dot(mirror, mirror);
        if square == 0.0 {
            continue;
        }
        // The rest from both sides: a - v q^T - q v^T.
        let image = &mut image[k + 1..];
        for (image, row) in image.iter_mut().zip(a.chunks_exact(n).skip(k + 1)) {
            *image = 2.0 / square * dot(&row[k + 1..], mirror);
        }
        let half = dot(image, mirror) / square;
        for (q, v) in image.iter_mut().zip(&*mirror) {
            *q -= half * v;
        }
        for (i, row) in a.chunks_exact_mut(n).skip(k + 1).enumerate() {
            let (v, q) = (mirror[i], image[i]);
            let pairs = mirror.iter().zip(&*image);
            for (x, (mirror, image)) in row[k + 1..].iter_mut().zip(pairs) {
                *x -= v * image + q * mirror;
            }
        }
    }
    // Q is the product of the mirrors; its columns as rows, last mirror first.
    a.fill(0.0);
    for k in (0..n).rev() {
        a[k * n + k] = 1.0;
        let mirror = &mirrors[k * n..(k + 1) * n];
        let square = dot(mirror, mirror);
        if square == 0.0 {
            continue;
        }
        for row in a.chunks_exact_mut(n).skip(k) {
            let share = 2.0 / square * dot(row, mirror);
            for (x, v) in row.iter_mut().zip(mirror) {
                *x -= share * v;
            }
        }
    }
    (diagonal, beside)
}

/// Turns the tridiagonal matrix until nothing is beside its diagonal, and the `rows` with it.
fn diagonalize(diagonal: &mut [f64], beside: &mut [f64], rows: &mut [f64], n: usize) {
    let sizes = diagonal.iter().chain(&*beside).map(|x| x.abs());
    let rounding = f64::EPSILON * sizes.fold(0.0, f64::max);
    for low in 0..n {
        for _ in 0..TURNS {
            // The block from `low` on that hangs together.
            let small = |i: &usize| {
                let around = diagonal[*i].abs() + diagonal[*i + 1].abs();
                beside[*i].abs() <= f64::EPSILON * around + f64::EPSILON * rounding
            };
            let high = (low..n - 1).find(small).unwrap_or(n - 1);
            if high == low {
                break;
            }
            turn(low, high, diagonal, beside, rows, n);
        }
    }
}

/// One implicit QL step with Wilkinson's shift over the block from `low` to `high`.
fn turn(low: usize, high: usize, d: &mut [f64], e: &mut [f64], rows: &mut [f64], n: usize) {
    let slope = (d[low + 1] - d[low]) / (2.0 * e[low]);
    let shift = d[low] - e[low] / (slope + slope.hypot(1.0).copysign(slope));
    let mut bulge = d[high] - shift;
    let (mut sine, mut cosine, mut passed) = (1.0, 1.0, 0.0);
    for i in (low..high).rev() {
        let (opposite, adjacent) = (sine * e[i], cosine * e[i]);
        let length = opposite.hypot(bulge);
        e[i + 1] = length;
        if length == 0.0 {
            // It has come apart here by itself.
            d[i + 1] -= passed;
            e[high] = 0.0;
            return;
        }
        (sine, cosine) = (opposite / length, bulge / length);
        let rest = d[i + 1] - passed;
        let mixed = (d[i] - rest) * sine + 2.0 * cosine * adjacent;
        passed = sine * mixed;
        d[i + 1] = rest + passed;
        bulge = cosine * mixed - adjacent;
        let (upper, lower) = rows[i * n..(i + 2) * n].split_at_mut(n);
        for (a, b) in upper.iter_mut().zip(lower) {
            (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
        }
    }
    d[low] -= passed;
    e[low] = bulge;
    e[high] = 0.0;
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    fn check(a: &Array2<f64>, case: &str) -> Vec<f64> {
        let n = a.nrows();
        let mut vectors = a.clone();
        let values = eigenvectors(vectors.as_slice_mut().expect("it is in order"), n);
        assert!(values.is_sorted_by(|a, b| a >= b), "{case}: {values:?}");
        let largest = values.iter().fold(1e-300_f64, |most, x| most.max(x.abs()));
        let gram = vectors.dot(&vectors.t());
        let images = vectors.dot(a);
        for ((i, j), image) in images.indexed_iter() {
            let want = f64::from(u8::from(i == j));
            assert!((gram[[i, j]] - want).abs() < 1e-12, "{case}: {i} {j}");
            let miss = image - values[i] * vectors[[i, j]];
            assert!(miss.abs() < 1e-12 * largest, "{case}: {i} {j} {miss}");
        }
        values
    }

    #[test]
    fn vectors_are_orthonormal_and_stretched_by_their_values() {
        for n in [1, 2, 3, 7, 40] {
            let b = Array2::from_shape_fn((n, n), |(i, j)| {
                ((5 * i * n + 3 * j + i * i + 1) as f64).sin()
            });
            check(&(&b + &b.t()), &format!("{n}"));
            check(&b.dot(&b.t()), &format!("gram of {n}"));
            // Of rank 1, and of rank n / 2.
            let thin = b.slice(ndarray::s![.., ..1]);
            check(&thin.dot(&thin.t()), &format!("rank 1 of {n}"));
            let half = b.slice(ndarray::s![.., ..n.div_ceil(2)]);
            let values = check(&(half.dot(&half.t()) * 1e-250), &format!("half of {n}"));
            assert!(values[n - 1] > -1e-262);
        }
    }

    #[test]
    fn equal_zero_and_diagonal_ones_too() {
        assert_eq!(check(&Array2::zeros((4, 4)), "zero"), [0.0; 4]);
        assert_eq!(check(&Array2::eye(5), "one"), [1.0; 5]);
        let diagonal = ndarray::arr1(&[1.0, -3.0, 2.0, 2.0]);
        let values = check(&Array2::from_diag(&diagonal), "diagonal");
        assert_eq!(values, [2.0, 2.0, 1.0, -3.0]);
    }

    #[test]
    fn what_is_not_finite_comes_to_an_end() {
        let mut a = vec![f64::NAN; 36];
        assert_eq!(eigenvectors(&mut a, 6).len(), 6);
    }
}
