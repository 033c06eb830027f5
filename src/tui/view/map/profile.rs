//! The map of one parameter: the curve of the loss over it, with the racers on the curve.

use super::{Trail, trails};
use crate::landscape::Way;
use crate::runner::State;
use crate::tui::desk::Desk;
use crate::tui::playhead::Mark;
use crate::tui::view::axis::{Axis, Scale};

/// The curve of the loss over one parameter, with the racers on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The curve, in fractions of the plot.
    pub curve: Vec<[f64; 2]>,
    /// The parameter, and the loss.
    pub axes: [Axis; 2],
    /// The racers' trails, in the scenario's order: from where to where they went.
    pub trails: Vec<Trail>,
}

/// The profile of `losses` at the middles of as many equal parts of `bounds`, and where every racer
/// is on it at `mark`, whose `ways` lead along the parameter.
pub fn profile(
    (losses, bounds): (&[f64], [f64; 2]),
    ways: &[Way],
    state: &State,
    mark: Mark,
    desk: &Desk,
) -> Profile {
    let (curve, axes) = curve(losses, bounds);
    let place = |[at, _]: [f64; 2]| {
        let x = (at - bounds[0]) / (bounds[1] - bounds[0]);
        Some([x, height(&curve, x)?])
    };
    Profile {
        trails: trails(state, mark, desk, ways, place),
        curve,
        axes,
    }
}

/// The curve through `losses`, and the axes it lies on.
pub fn curve(losses: &[f64], bounds: [f64; 2]) -> (Vec<[f64; 2]>, [Axis; 2]) {
    let finite = losses.iter().copied().filter(|loss| loss.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), loss| {
        (low.min(loss), high.max(loss))
    });
    let x = Axis::between(bounds[0], bounds[1]);
    let y = Axis::around(Scale::Linear, low, high);
    let place =
        |(i, loss): (usize, &f64)| Some([(i as f64 + 0.5) / losses.len() as f64, y.place(*loss)?]);
    let points = losses.iter().enumerate().filter_map(place).collect();
    (points, [x, y])
}

/// How high a curve is at `x`: between two of its points on the line between them, beyond its ends as
/// high as there. None if it has no points.
fn height(curve: &[[f64; 2]], x: f64) -> Option<f64> {
    let after = curve.partition_point(|point| point[0] < x);
    let before = curve.get(after.checked_sub(1).unwrap_or(after));
    let [from, to] = [before?, curve.get(after).or(before)?];
    let span = to[0] - from[0];
    let part = if span > 0.0 {
        (x - from[0]) / span
    } else {
        0.0
    };
    Some(from[1] + part.clamp(0.0, 1.0) * (to[1] - from[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_lies_on_its_axes() {
        let (points, [x, y]) = curve(&[4.0, f64::NAN, 0.0, 1.0], [-2.0, 2.0]);
        assert_eq!(points.len(), 3);
        assert_eq!(x.range(), [-2.0, 2.0]);
        assert_eq!(points[1], [0.625, y.place(0.0).unwrap()]);
    }

    #[test]
    fn racers_are_as_high_as_the_curve() {
        let curve = [[0.25, 0.0], [0.5, 1.0], [0.75, 0.5]];
        let heights = [-1.0, 0.25, 0.375, 0.5, 0.625, 0.75, 2.0].map(|x| height(&curve, x));
        assert_eq!(heights, [0.0, 0.0, 0.5, 1.0, 0.75, 0.5, 0.5].map(Some));
        assert_eq!(height(&[], 0.5), None);
    }
}
