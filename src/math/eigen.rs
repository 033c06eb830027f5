//! The leading eigenvectors of a symmetric matrix, by iterating a small subspace. The same matrix
//! gives the same bits.

use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Vectors iterated at a time: the more, the fewer rounds.
const BLOCK: usize = 8;

/// Rounds after which what there is has to do; equal eigenvalues have no vectors to converge to.
const ROUNDS: usize = 200;

/// How far an image may lie from its multiple of the vector, as a share of the eigenvalue.
const PRECISION: f64 = 1e-9;

/// Eigenvalues of less than this share of the largest are rounding.
const ROUNDING: f64 = 1e-13;

/// The `most` (at most 8) largest eigenvalues of `a`, largest first, each with its eigenvector of
/// length 1; fewer where `a` has a lower rank. `a` is symmetric, finite, without negative
/// eigenvalues.
pub fn leading(a: ArrayView2<'_, f64>, most: usize) -> Vec<(f64, Array1<f64>)> {
    let mut q = orthonormal(start(a.nrows()));
    for round in 1.. {
        let image = a.dot(&q);
        let (values, turn) = jacobi(q.t().dot(&image));
        let (vectors, images) = (q.dot(&turn), image.dot(&turn));
        let largest = values.first().copied().unwrap_or(0.0);
        let found = values
            .iter()
            .take_while(|&&value| value > ROUNDING * largest);
        let found: Vec<f64> = found.take(most).copied().collect();
        let settled = found.iter().enumerate().all(|(i, &value)| {
            let miss = &images.column(i) - &(&vectors.column(i) * value);
            length(&miss) <= PRECISION * value + ROUNDING * largest
        });
        if settled || round == ROUNDS {
            let vectors = found.iter().zip(vectors.columns());
            return vectors.map(|(&value, v)| (value, v.to_owned())).collect();
        }
        q = orthonormal(images);
    }
    unreachable!("the rounds end above")
}

/// Columns without structure, to begin with.
fn start(n: usize) -> Array2<f64> {
    let golden = 0.618_033_988_749_894_9;
    Array2::from_shape_fn((n, n.min(BLOCK)), |(i, j)| {
        ((i * BLOCK + j + 1) as f64 * golden).fract() - 0.5
    })
}

fn length(v: &Array1<f64>) -> f64 {
    v.dot(v).sqrt()
}

/// The columns of `a` made orthogonal and of length 1; those that are nothing but zeros go.
fn orthonormal(a: Array2<f64>) -> Array2<f64> {
    let mut done: Vec<Array1<f64>> = vec![];
    for column in a.columns() {
        let mut v = column.to_owned();
        // The second time takes out what rounding has left in the first.
        for _ in 0..2 {
            for q in &done {
                let share = q.dot(&v);
                v.scaled_add(-share, q);
            }
            let length = length(&v);
            if length > 0.0 {
                v /= length;
            }
        }
        if length(&v) > 0.5 {
            done.push(v);
        }
    }
    let views: Vec<_> = done.iter().map(|q| q.view()).collect();
    if views.is_empty() {
        return Array2::zeros((a.nrows(), 0));
    }
    ndarray::stack(Axis(1), &views).expect("the columns are equally long")
}

/// All eigenvalues of the small symmetric matrix `a`, largest first, and their eigenvectors as
/// columns, by Jacobi's rotations.
fn jacobi(mut a: Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let n = a.nrows();
    let mut v = Array2::eye(n);
    for _ in 0..30 {
        let mut turned = false;
        for p in 0..n {
            for q in p + 1..n {
                if a[[p, q]].abs() > 1e-16 * (a[[p, p]].abs() + a[[q, q]].abs()) {
                    rotate(&mut a, &mut v, p, q);
                    turned = true;
                }
            }
        }
        if !turned {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[[j, j]].total_cmp(&a[[i, i]]));
    let values = order.iter().map(|&i| a[[i, i]]).collect();
    (values, v.select(Axis(1), &order))
}

/// Turns the plane of the axes `p` and `q` so that `a[p, q]` becomes 0.
fn rotate(a: &mut Array2<f64>, v: &mut Array2<f64>, p: usize, q: usize) {
    let theta = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for k in 0..a.nrows() {
        let (kp, kq) = (a[[k, p]], a[[k, q]]);
        (a[[k, p]], a[[k, q]]) = (c * kp - s * kq, s * kp + c * kq);
    }
    for k in 0..a.nrows() {
        let (pk, qk) = (a[[p, k]], a[[q, k]]);
        (a[[p, k]], a[[q, k]]) = (c * pk - s * qk, s * pk + c * qk);
        let (kp, kq) = (v[[k, p]], v[[k, q]]);
        (v[[k, p]], v[[k, q]]) = (c * kp - s * kq, s * kp + c * kq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The symmetric matrix with these eigenvalues, in a basis that is turned in every plane.
    fn with_eigenvalues(values: &[f64]) -> (Array2<f64>, Array2<f64>) {
        let n = values.len();
        let turned = orthonormal(Array2::from_shape_fn((n, n), |(i, j)| {
            ((7 * i * n + 3 * j + 1) as f64).sin()
        }));
        assert_eq!(turned.ncols(), n);
        let diagonal = Array2::from_diag(&Array1::from(values.to_vec()));
        (turned.dot(&diagonal).dot(&turned.t()), turned)
    }

    #[test]
    fn known_eigenvalues_come_back() {
        let falling: Vec<f64> = (0..40).map(|i| 0.8_f64.powi(i)).collect();
        let table: [&[f64]; 6] = [
            &[3.0],
            &[5.0, 1.0],
            &[1e6, 1e-3, 0.0],
            &[4.0, 3.0, 0.0, 0.0, 0.0],
            &[9.0, 8.9, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
            &falling,
        ];
        for values in table {
            let (a, basis) = with_eigenvalues(values);
            let found = leading(a.view(), 2);
            let want = values.iter().filter(|&&value| value > 0.0).count().min(2);
            assert_eq!(found.len(), want, "{values:?}");
            for (i, (value, v)) in found.iter().enumerate() {
                assert!((value - values[i]).abs() < 1e-9 * values[0], "{values:?}");
                let along = v.dot(&basis.column(i)).abs();
                assert!((along - 1.0).abs() < 1e-6, "{values:?}: {along}");
            }
        }
    }

    #[test]
    fn equal_eigenvalues_have_some_vectors_and_zero_has_none() {
        let found = leading(Array2::eye(20).view(), 2);
        assert_eq!(found.len(), 2);
        assert!(found[0].1.dot(&found[1].1).abs() < 1e-12);
        assert!(leading(Array2::zeros((5, 5)).view(), 2).is_empty());
        assert!(leading(Array2::zeros((0, 0)).view(), 2).is_empty());
    }
}
