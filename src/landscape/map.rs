//! A map: what is drawn of a landscape, and where things are on it.

use std::sync::Arc;

use ndarray::Array2;

use super::grid::{FINE, Grid};
use super::relief::Relief;
use crate::math::Real;
use crate::problem::plane::Plane;

/// A plane through parameter space with the loss on it. Never changes: a race that goes on gets a
/// new one.
#[derive(Clone, Debug)]
pub struct Map {
    /// The plane, with its coordinates.
    pub plane: Arc<Plane>,
    /// What is to be shown: low and high of each axis, finite, low < high. The second axis of a map
    /// of one parameter is -1..1.
    pub bounds: [[f64; 2]; 2],
    /// What the axes are called; the second of a map of one parameter is empty.
    pub axes: [String; 2],
    /// Where the loss is known to be lowest, as places in the plane; the second coordinate of a map
    /// of one parameter is 0.
    pub minima: Vec<[f64; 2]>,
    /// What the axes are.
    pub basis: Basis,
    /// The most steps that any racer had taken when the map was made.
    pub steps: u64,
    /// How many of the training part's examples the loss is over; none on surfaces.
    pub examples: Option<Sample>,
    pub(super) relief: Arc<Relief>,
    /// Where the loss is too dear to compute it for each picture.
    pub(super) grid: Option<Grid>,
}

/// What the axes of a map are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Basis {
    /// The parameters themselves: the map leaves nothing out.
    Parameters,
    /// The two first principal directions of the racers' trails.
    Principal {
        /// The share of the trails' variance that lies in the plane, 0..1.
        explained: f64,
    },
}

/// Some of the examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// So many.
    pub used: usize,
    /// Of so many.
    pub of: usize,
}

impl Map {
    /// Whether the map is of one parameter: a curve.
    pub fn is_line(&self) -> bool {
        self.plane.axes() == 1
    }

    /// The losses at the centres of the cells that `bounds` (low and high of each axis) are cut
    /// into, `shape` being columns and rows; shape (rows, columns), row 0 at the low end of the
    /// second axis. One row for a map of one parameter.
    ///
    /// Where the axes are the parameters this is exact for any bounds (for a model, in pictures of
    /// more than 1,536 cells, interpolated from so many); else it is interpolated from the coarse
    /// grid that was computed once, and not a number outside of the map's own bounds. Losses may be
    /// infinite.
    ///
    /// # Panics
    /// Never: what it expects holds for any bounds and shape.
    pub fn ground(&self, bounds: [[f64; 2]; 2], shape: [usize; 2]) -> Array2<f64> {
        let [columns, rows] = if self.is_line() { [shape[0], 1] } else { shape };
        let centre = |axis: usize, i: usize, count: usize| {
            let [low, high] = bounds[axis];
            low + (high - low) * (i as f64 + 0.5) / count as f64
        };
        let place = |row, column| [centre(0, column, columns), centre(1, row, rows)];
        let dear = self.examples.is_some() && columns * rows > FINE[0] * FINE[1];
        let fine =
            (self.grid.is_none() && dear).then(|| Grid::fine(&self.relief, &self.plane, bounds));
        if let Some(grid) = self.grid.as_ref().or(fine.as_ref()) {
            return Array2::from_shape_fn((rows, columns), |(row, column)| {
                grid.at(place(row, column))
            });
        }
        let rows_of = |row| (0..columns).map(move |column| place(row, column));
        let places: Vec<[f64; 2]> = (0..rows).flat_map(rows_of).collect();
        let losses = self.relief.losses_now(&self.plane, &places);
        Array2::from_shape_fn((rows, columns), |(row, column)| {
            losses[row * columns + column]
        })
    }

    /// Where on the map the parameters `w` lie: a position on a surface, or what a trail has kept.
    /// `None` for those that are not finite, or of another problem.
    pub fn place_of<F: Real>(&self, w: &[F]) -> Option<[f64; 2]> {
        let place = (w.len() == self.plane.dim()).then(|| self.plane.project(w));
        place.filter(|place| place.iter().all(|x| x.is_finite()))
    }
}
