//! The loss on a grid, and what lies between its points: bilinear, in the logarithm where all is
//! positive.

use std::sync::atomic::AtomicBool;

use ndarray::Array2;

use super::bounds::Bounds;
use super::relief::Relief;
use crate::problem::plane::Plane;

/// Columns and rows of the grid that is computed once for a map of a network.
pub const COARSE: [usize; 2] = [32, 16];

/// Those of the grid that is computed for each picture of a model of one or two parameters.
pub const FINE: [usize; 2] = [48, 32];

/// A grid whose outermost points lie on the bounds.
#[derive(Clone, Debug)]
pub struct Grid {
    bounds: Bounds,
    /// The losses, or their logarithms, shape (rows, columns); row 0 at the low end.
    values: Array2<f64>,
    logarithmic: bool,
}

impl Grid {
    /// The losses over `bounds` of `plane` on the coarse grid; `None` once `stop` is set.
    pub fn coarse(
        relief: &Relief,
        plane: &Plane,
        bounds: Bounds,
        stop: &AtomicBool,
    ) -> Option<Self> {
        let losses = relief.losses(plane, &places(bounds, COARSE), stop)?;
        Some(Self::of(bounds, shaped(losses, COARSE)))
    }

    /// The losses over `bounds` of `plane` on the fine grid.
    pub fn fine(relief: &Relief, plane: &Plane, bounds: Bounds) -> Self {
        let losses = relief.losses_now(plane, &places(bounds, FINE));
        Self::of(bounds, shaped(losses, FINE))
    }

    fn of(bounds: Bounds, mut values: Array2<f64>) -> Self {
        let logarithmic = values.iter().all(|loss| *loss > 0.0 || loss.is_nan());
        if logarithmic {
            values.map_inplace(|loss| *loss = loss.ln());
        }
        Self {
            bounds,
            values,
            logarithmic,
        }
    }

    /// The loss at a place, from the points around it; not a number outside of the bounds.
    pub fn at(&self, place: [f64; 2]) -> f64 {
        let (rows, columns) = self.values.dim();
        let (Some((column, right)), Some((row, up))) =
            (self.cell(place, 0, columns), self.cell(place, 1, rows))
        else {
            return f64::NAN;
        };
        let corners = [
            (row, column, (1.0 - up) * (1.0 - right)),
            (row, column + 1, (1.0 - up) * right),
            (row + 1, column, up * (1.0 - right)),
            (row + 1, column + 1, up * right),
        ];
        // A corner that has no say may be infinite.
        let said = corners.iter().filter(|(_, _, share)| *share > 0.0);
        let value = said.map(|&(row, column, share)| share * self.values[[row, column]]);
        let value: f64 = value.sum();
        if self.logarithmic { value.exp() } else { value }
    }

    /// Between which of `count` points along an axis the place lies: the lower one, and how far it
    /// is from there to the next, 0..1.
    fn cell(&self, place: [f64; 2], axis: usize, count: usize) -> Option<(usize, f64)> {
        let [low, high] = self.bounds[axis];
        let at = (place[axis] - low) / (high - low) * (count - 1) as f64;
        let cell = (at as usize).min(count - 2);
        let inside = (0.0..=(count - 1) as f64).contains(&at);
        inside.then_some((cell, at - cell as f64))
    }
}

/// The points of a grid of `shape`, columns and rows, whose outermost ones lie on `bounds`; row by
/// row from the low end.
fn places(bounds: Bounds, [columns, rows]: [usize; 2]) -> Vec<[f64; 2]> {
    let along = |[low, high]: [f64; 2], i: usize, count: usize| {
        low + (high - low) * i as f64 / (count - 1) as f64
    };
    let place = |i| {
        let x = along(bounds[0], i % columns, columns);
        [x, along(bounds[1], i / columns, rows)]
    };
    (0..columns * rows).map(place).collect()
}

fn shaped(losses: Vec<f64>, [columns, rows]: [usize; 2]) -> Array2<f64> {
    Array2::from_shape_vec((rows, columns), losses).expect("a loss for each place")
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn between_points_the_loss_is_interpolated() {
        let bounds = [[0.0, 2.0], [10.0, 11.0]];
        let table = [
            // values (low row first), place, expected
            (array![[0.0, 1.0, 2.0], [4.0, 5.0, 6.0]], [0.5, 10.5], 2.5),
            (array![[0.0, 1.0, 2.0], [4.0, 5.0, 6.0]], [2.0, 11.0], 6.0),
            (array![[0.0, 1.0, 2.0], [4.0, 5.0, 6.0]], [2.0, 10.0], 2.0),
            (
                array![[1.0, 100.0, 1.0], [1.0, 100.0, 1.0]],
                [0.5, 10.3],
                10.0,
            ),
            (
                array![[1.0, 4.0, f64::INFINITY], [1.0, 4.0, f64::NAN]],
                [1.0, 10.0],
                4.0,
            ),
        ];
        for (values, place, want) in table {
            let got = Grid::of(bounds, values.clone()).at(place);
            assert!((got - want).abs() < 1e-12, "{values} at {place:?}: {got}");
        }
        let grid = Grid::of(bounds, array![[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]);
        for outside in [
            [-0.1, 10.5],
            [1.0, 11.1],
            [f64::NAN, 10.5],
            [1.0, f64::INFINITY],
        ] {
            assert!(grid.at(outside).is_nan());
        }
    }
}
