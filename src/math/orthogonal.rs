//! Matrices made orthogonal: the orthogonal factor of a QR decomposition by Householder's
//! reflections, and the nearest orthogonal matrix, roughly, by Newton and Schulz's iteration.

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2};

use super::product::product;
use super::{Real, norm};

/// Puts orthonormal rows in the place of the `n` rows of the square matrix `a` (row-major): each in
/// the span of the rows up to its own, also where those are not independent. That is Q of the QR
/// decomposition of the transpose. `room` holds as many numbers as `a`, and is written over.
///
/// # Panics
/// Unless both are n * n long.
pub fn orthonormalize<F: Real>(a: &mut [F], room: &mut [F], n: usize) {
    assert!(a.len() == n * n && room.len() == n * n, "both are square");
    let two = F::one() + F::one();
    // Row k becomes the mirror vector of reflection k, from its element k on.
    for k in 0..n {
        let (done, below) = a.split_at_mut((k + 1) * n);
        let mirror = &mut done[k * n + k..];
        let length = norm(ArrayView1::from(&*mirror));
        if length == 0.0 {
            mirror.fill(F::zero());
            continue;
        }
        // Rows that are next to nothing would vanish in their squares.
        for x in &mut *mirror {
            *x = F::of(x.get() / length);
        }
        mirror[0] += if mirror[0] < F::zero() {
            -F::one()
        } else {
            F::one()
        };
        let scale = two / dot(mirror, mirror);
        for row in below.chunks_exact_mut(n) {
            reflect(mirror, scale, &mut row[k..]);
        }
    }
    // The reflections of the unit vectors, last reflection first, are the rows.
    room.fill(F::zero());
    for k in (0..n).rev() {
        room[k * n + k] = F::one();
        let mirror = &a[k * n + k..(k + 1) * n];
        let square = dot(mirror, mirror);
        if square > F::zero() {
            for row in room[k * n..].chunks_exact_mut(n) {
                reflect(mirror, two / square, &mut row[k..]);
            }
        }
    }
    a.copy_from_slice(room);
}

/// The scalar product of two rows.
pub fn dot<F: Real>(a: &[F], b: &[F]) -> F {
    ArrayView1::from(a).dot(&ArrayView1::from(b))
}

/// `row` in the mirror across the direction `mirror`; `scale` is 2 over the square of its length.
fn reflect<F: Real>(mirror: &[F], scale: F, row: &mut [F]) {
    let share = scale * dot(mirror, row);
    for (x, m) in row.iter_mut().zip(mirror) {
        *x -= share * *m;
    }
}

/// Coefficients of the iteration x = a x + (b A + c A^2) x with A = x x^T: those of Keller Jordan's
/// Muon, whose slope at 0 is as steep as possible. Singular values end between about 0.7 and 1.2.
const COEFFICIENTS: [f64; 3] = [3.4445, -4.7750, 2.0315];

/// How often it is iterated.
const ROUNDS: usize = 5;

/// Puts U V^T, roughly, in the place of `x` = U S V^T: its singular values become about 1, and its
/// singular vectors stay. Zero stays zero. `room` has [`newton_schulz_room`] numbers.
///
/// # Panics
/// If the room is smaller.
pub fn newton_schulz<F: Real>(mut x: ArrayViewMut2<'_, F>, room: &mut [F]) {
    let [a, b, c] = COEFFICIENTS.map(F::of);
    let squares: f64 = x.iter().map(|x| x.get() * x.get()).sum();
    let length = F::of(squares.sqrt() + 1e-7);
    x.mapv_inplace(|x| x / length);
    // The smaller of the two squares: x^T has the same singular values.
    let mut x = if x.nrows() > x.ncols() {
        x.reversed_axes()
    } else {
        x
    };
    let (n, count) = (x.nrows(), x.len());
    let (gram, rest) = room.split_at_mut(n * n);
    let (square, rest) = rest.split_at_mut(n * n);
    let shape = "the room is as large as is asked for";
    for _ in 0..ROUNDS {
        let mut gram = ArrayViewMut2::from_shape((n, n), &mut *gram).expect(shape);
        let mut square = ArrayViewMut2::from_shape((n, n), &mut *square).expect(shape);
        product(x.view(), x.t(), false, gram.view_mut());
        product(gram.view(), gram.view(), false, square.view_mut());
        square.zip_mut_with(&gram, |s, g| *s = b * *g + c * *s);
        let mut image = ArrayViewMut2::from_shape(x.raw_dim(), &mut rest[..count]).expect(shape);
        product(square.view(), x.view(), false, image.view_mut());
        x.zip_mut_with(&image, |x, i| *x = a * *x + *i);
    }
}

/// How much room [`newton_schulz`] needs for a matrix of this shape.
pub fn newton_schulz_room(rows: usize, columns: usize) -> usize {
    let least = rows.min(columns);
    2 * least * least + rows * columns
}

/// `image` = `left` `x` `right`^T, by way of `room`; shapes (m, m), (m, n), (n, n).
///
/// # Panics
/// If the room is smaller than `x`, or the shapes do not fit.
pub fn sandwich<F: Real>(
    left: ArrayView2<'_, F>,
    x: ArrayView2<'_, F>,
    right: ArrayView2<'_, F>,
    room: &mut [F],
    image: ArrayViewMut2<'_, F>,
) {
    let mut middle = ArrayViewMut2::from_shape(x.raw_dim(), &mut room[..x.len()])
        .expect("the room is as large as the matrix");
    product(left, x, false, middle.view_mut());
    product(middle.view(), right.reversed_axes(), false, image);
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    fn filled(rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns), |(i, j)| {
            ((7 * i * columns + 3 * j + i * i + 1) as f64).sin()
        })
    }

    fn orthonormal_rows(a: &Array2<f64>) -> Array2<f64> {
        let n = a.nrows();
        let (mut q, mut room) = (a.clone(), vec![f64::NAN; n * n]);
        orthonormalize(q.as_slice_mut().expect("it is in order"), &mut room, n);
        q
    }

    fn is_identity(a: &Array2<f64>, within: f64) -> bool {
        let eye = Array2::<f64>::eye(a.nrows());
        a.iter().zip(&eye).all(|(a, b)| (a - b).abs() <= within)
    }

    #[test]
    fn rows_are_orthonormal_and_in_the_span_of_those_before() {
        for n in [1, 2, 3, 8, 33] {
            let a = filled(n, n);
            let q = orthonormal_rows(&a);
            assert!(is_identity(&q.dot(&q.t()), 1e-13), "{n}");
            // a = R^T q with R^T lower triangular.
            let shares = a.dot(&q.t());
            for ((i, j), share) in shares.indexed_iter() {
                assert!(j <= i || share.abs() < 1e-12, "{n}: {i} {j} {share}");
            }
        }
    }

    #[test]
    fn dependent_rows_are_orthonormal_all_the_same() {
        let mut a = filled(6, 6);
        let twice = &a.row(1) * 2.0;
        a.row_mut(2).assign(&twice);
        a.row_mut(4).fill(0.0);
        let faint = filled(5, 5) * 1e-200;
        for a in [a, Array2::zeros((4, 4)), Array2::ones((5, 5)), faint] {
            let q = orthonormal_rows(&a);
            assert!(is_identity(&q.dot(&q.t()), 1e-13), "{a} {q}");
        }
    }

    #[test]
    fn rows_that_are_next_to_nothing_are_orthonormal_in_single_precision() {
        for scale in [1e-3, 1e-25, 1e-38, 1e-44] {
            let a = filled(8, 8).mapv(|x| (x * scale) as f32);
            let (mut q, mut room) = (a.clone(), vec![f32::NAN; 64]);
            orthonormalize(q.as_slice_mut().expect("it is in order"), &mut room, 8);
            let q = q.mapv(f64::from);
            assert!(is_identity(&q.dot(&q.t()), 1e-5), "{scale} {q}");
        }
    }

    #[test]
    fn singular_values_come_near_1_and_vectors_stay() {
        for (rows, columns) in [(1, 1), (2, 2), (4, 7), (7, 4), (20, 12)] {
            let n = rows.min(columns);
            let (u, v) = (
                orthonormal_rows(&filled(rows, rows)),
                orthonormal_rows(&filled(columns, columns)),
            );
            let mut middle = Array2::zeros((rows, columns));
            for i in 0..n {
                middle[[i, i]] = 0.1 + i as f64;
            }
            let mut x = u.t().dot(&middle).dot(&v);
            let mut room = vec![f64::NAN; newton_schulz_room(rows, columns)];
            newton_schulz(x.view_mut(), &mut room);
            let found = u.dot(&x).dot(&v.t());
            for ((i, j), value) in found.indexed_iter() {
                let wanted = if i == j { 0.3..1.3 } else { -1e-10..1e-10 };
                assert!(wanted.contains(value), "{rows} {columns}: {i} {j} {value}");
            }
        }
        let mut zero = Array2::<f32>::zeros((3, 2));
        newton_schulz(zero.view_mut(), &mut vec![0.0; newton_schulz_room(3, 2)]);
        assert!(zero.iter().all(|x| *x == 0.0));
    }
}
