//! Points in parameter space on their way to principal directions: centred, and multiplied with each
//! other, a range of their parameters at a time.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use ndarray::{Array1, Array2, Axis};
use rayon::prelude::*;

use crate::math::Real;

/// Parameters that are gone through at a time, so that points of millions are never copied whole.
const COLUMNS: usize = 2048;

/// Points to lay a plane through, gone through by ranges of their parameters.
pub struct Cloud<'a, F> {
    /// The points, each of the same dim.
    pub points: &'a [&'a [F]],
    /// Set when nobody wants the plane any more.
    pub stop: &'a AtomicBool,
}

impl<F: Real> Cloud<'_, F> {
    /// The products of all points, as seen from their mean, shape (points, points).
    pub fn gram(&self, dim: usize) -> Option<Array2<f64>> {
        let parts = self.in_parts(dim, |_, from_mean| from_mean.dot(&from_mean.t()))?;
        let n = self.points.len();
        // Summed in order: the same bits on any number of threads.
        Some(
            parts
                .iter()
                .fold(Array2::zeros((n, n)), |sum, part| sum + part),
        )
    }

    /// The points' mean, and the directions that belong to the eigenvectors of the gram matrix, not
    /// yet of length 1; 0 where there is none.
    pub fn directions(
        &self,
        dim: usize,
        eigen: &[(f64, Array1<f64>)],
    ) -> Option<(Array1<f64>, [Array1<f64>; 2])> {
        let parts = self.in_parts(dim, |mean, from_mean| {
            let along = |i: usize| match eigen.get(i) {
                Some((value, v)) => from_mean.t().dot(v) / value.sqrt(),
                None => Array1::zeros(mean.len()),
            };
            [along(0), along(1), mean]
        })?;
        let joined = |i: usize| {
            parts
                .iter()
                .flat_map(|part| part[i].iter().copied())
                .collect()
        };
        Some((joined(2), [joined(0), joined(1)]))
    }

    /// What `part` makes of each range of parameters, in order: of their mean, shape (range), and
    /// of the points as seen from there, shape (points, range). `None` once `stop` is set.
    fn in_parts<T: Send>(
        &self,
        dim: usize,
        part: impl Fn(Array1<f64>, Array2<f64>) -> T + Sync,
    ) -> Option<Vec<T>> {
        let starts: Vec<usize> = (0..dim).step_by(COLUMNS).collect();
        starts
            .into_par_iter()
            .map(|from| {
                let range = from..dim.min(from + COLUMNS);
                let (mean, from_mean) = self.centred(range);
                (!self.stop.load(Ordering::Relaxed)).then(|| part(mean, from_mean))
            })
            .collect()
    }

    fn centred(&self, range: Range<usize>) -> (Array1<f64>, Array2<f64>) {
        // Differences from the first point are exact for points that are the same.
        let first = &self.points[0][range.clone()];
        let mut from_mean = Array2::from_shape_fn((self.points.len(), range.len()), |(i, j)| {
            self.points[i][range.start + j].get() - first[j].get()
        });
        let mean = from_mean.mean_axis(Axis(0)).expect("there are points");
        from_mean -= &mean;
        let first: Array1<f64> = first.iter().map(|w| w.get()).collect();
        (first + mean, from_mean)
    }
}
