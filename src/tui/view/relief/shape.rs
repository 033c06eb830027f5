//! The ground of the relief: how high it is and how much light falls on it, computed once for its
//! bounds. Whoever looks at it, and from where, does not matter here.

use ndarray::Array2;

use crate::tui::view::map::ground::{Detail, heights};

/// Corners of the grid along each axis.
pub const SIDE: usize = 72;

/// Where the light comes from: over the ground's left upper corner, as on printed maps.
const LIGHT: [f64; 3] = [-0.5, 0.5, 0.7];

/// How steep a slope looks to the light: heights are drawn flatter than they are lit.
const RELIEF: f64 = 1.6;

/// The ground on a grid of [`SIDE`] corners along each axis.
#[derive(Debug)]
pub struct Shape {
    /// Heights, 0 for the lowest and 1 for the highest; not a number where the loss is none. Shape
    /// (SIDE, SIDE), row 0 at the low end of the second axis.
    pub heights: Array2<f64>,
    /// The share of the corners on which less light falls, 0..1; of the same shape.
    pub light: Array2<f64>,
}

impl Shape {
    /// The shape of a ground with these losses, shape (SIDE, SIDE).
    pub fn new(losses: &Array2<f64>) -> Self {
        let heights = heights(losses, Detail::COARSE);
        let finite = heights.iter().copied().filter(|height| height.is_finite());
        let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), height| {
            (low.min(height), high.max(height))
        });
        let heights = heights.mapv(|height| {
            let part = (height - low) / (high - low).max(f64::MIN_POSITIVE);
            if part.is_finite() { part } else { f64::NAN }
        });
        let light = spread(&Array2::from_shape_fn(heights.dim(), |at| {
            light(&heights, at)
        }));
        Self { heights, light }
    }

    /// The height at a place in fractions of the bounds, between the four corners around it; not a
    /// number where one of them is none.
    pub fn height(&self, at: [f64; 2]) -> f64 {
        let side = self.heights.nrows();
        let place = at.map(|part| (part * side as f64 - 0.5).clamp(0.0, (side - 1) as f64));
        let low = place.map(|p| (p as usize).min(side.saturating_sub(2)));
        let [x, y] = [place[0] - low[0] as f64, place[1] - low[1] as f64];
        let of = |row: usize, column: usize| self.heights[(low[1] + row, low[0] + column)];
        let along = |row| of(row, 0) * (1.0 - x) + of(row, 1) * x;
        along(0) * (1.0 - y) + along(1) * y
    }
}

/// The light on a corner: the cosine between what stands upright on it and the way to the light.
fn light(heights: &Array2<f64>, (row, column): (usize, usize)) -> f64 {
    let last = heights.nrows() - 1;
    let slope = |from: (usize, usize), to: (usize, usize), apart: usize| {
        RELIEF * (heights[to] - heights[from]) * last as f64 / apart.max(1) as f64 / 2.0
    };
    let (left, right) = (column.saturating_sub(1), (column + 1).min(last));
    let (below, above) = (row.saturating_sub(1), (row + 1).min(last));
    let across = slope((row, left), (row, right), right - left);
    let up = slope((below, column), (above, column), above - below);
    let length = (across * across + up * up + 1.0).sqrt();
    let bright = LIGHT.iter().map(|part| part * part).sum::<f64>().sqrt();
    let cosine = (LIGHT[2] - across * LIGHT[0] - up * LIGHT[1]) / (length * bright);
    if cosine.is_finite() {
        cosine.max(0.0)
    } else {
        0.0
    }
}

/// The share of all values that are less than each: steep ground is mostly in the dark or in full
/// light, and would show nothing of its form otherwise.
fn spread(light: &Array2<f64>) -> Array2<f64> {
    let mut sorted: Vec<f64> = light.iter().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let all = sorted.len().max(1) as f64;
    light.mapv(|light| sorted.partition_point(|other| *other < light) as f64 / all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(loss: impl Fn(f64, f64) -> f64) -> Shape {
        let at = |i: usize| (i as f64 + 0.5) / SIDE as f64 * 2.0 - 1.0;
        Shape::new(&Array2::from_shape_fn((SIDE, SIDE), |(row, column)| {
            loss(at(column), at(row))
        }))
    }

    #[test]
    fn a_saddle_is_high_along_one_axis_and_low_along_the_other() {
        let saddle = over(|x, y| x * x - y * y);
        let [middle, side, end] =
            [[0.5, 0.5], [0.99, 0.5], [0.5, 0.99]].map(|at| saddle.height(at));
        assert!((middle - 0.5).abs() < 0.01, "{middle}");
        assert!(side > 0.95 && end < 0.05, "{side} {end}");
    }

    #[test]
    fn heights_between_corners_lie_between_theirs() {
        let plane = over(|x, _| (2.0 + x).exp());
        let at = |part| plane.height([part, 0.3]);
        assert!(at(0.0) < at(0.1) && at(0.1) < at(0.11) && at(0.11) < at(1.0));
        assert_eq!(at(1.0), at(0.999));
    }

    #[test]
    fn slopes_towards_the_light_are_bright() {
        let hill = over(|x, y| -(x * x + y * y));
        let of = |u: f64, v: f64| hill.light[[(v * 71.0) as usize, (u * 71.0) as usize]];
        assert!(of(0.25, 0.75) > of(0.5, 0.5), "towards it");
        assert!(of(0.5, 0.5) > of(0.75, 0.25), "away from it");
        let flat = over(|_, _| 3.0);
        assert!(flat.light.iter().all(|light| *light == flat.light[[0, 0]]));
    }

    #[test]
    fn what_is_no_number_is_a_hole() {
        let torn = over(|x, _| if x > 0.5 { f64::NAN } else { x });
        assert!(torn.height([0.9, 0.5]).is_nan() && torn.height([0.2, 0.5]).is_finite());
        assert!(torn.light.iter().all(|light| light.is_finite()));
    }
}
