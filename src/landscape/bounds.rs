//! What part of the plane a map shows: never empty, never infinite, and every start is on it.

use crate::problem::plane::Plane;
use crate::scenario::SurfaceTask;

/// Low and high of each axis; the second of a line is -1..1.
pub type Bounds = [[f64; 2]; 2];

/// What stays free on each side, as a share of what is shown.
const MARGIN: f64 = 0.15;

/// The same where the usual picture is made larger for a start beside it.
const SMALL_MARGIN: f64 = 0.05;

/// The axes of a principal plane have the same unit: neither shows less than so much of what the
/// other does.
const NARROWEST: f64 = 0.1;

/// Differences of bounds stay finite.
const LARGEST: f64 = 1e300;

/// The second axis of a line.
const NO_AXIS: [f64; 2] = [-1.0, 1.0];

/// The part that the scenario wants to be seen, or else the surface's usual picture, if it has one.
pub fn usual(task: &SurfaceTask) -> Option<Bounds> {
    let view = task.function.view();
    let own = (view > 0.0).then_some([[-view, view]; 2]);
    let [first, second] = task.view.or(own)?;
    Some(match task.start.len() {
        1 => [first, NO_AXIS],
        _ => [first, second],
    })
}

/// `bounds`, made larger for the `starts` that lie outside.
pub fn with(bounds: Bounds, starts: impl Iterator<Item = [f64; 2]>) -> Bounds {
    let starts: Vec<[f64; 2]> = starts.collect();
    let mut bounds = bounds;
    for (axis, side) in bounds.iter_mut().enumerate() {
        let (mut low, mut high) = (side[0], side[1]);
        for start in starts.iter().filter(|start| start[axis].is_finite()) {
            (low, high) = (low.min(start[axis]), high.max(start[axis]));
        }
        let margin = SMALL_MARGIN * (high - low).min(LARGEST);
        if low < side[0] {
            side[0] = low - margin;
        }
        if high > side[1] {
            side[1] = high + margin;
        }
        *side = side.map(|end| end.clamp(-LARGEST, LARGEST));
    }
    bounds
}

/// Bounds of `plane` that hold all `places`; `None` if there are none.
pub fn around(places: impl Iterator<Item = [f64; 2]>, plane: &Plane) -> Option<Bounds> {
    let mut ends = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
    let finite = |place: &[f64; 2]| place.iter().all(|x| x.abs() <= LARGEST);
    for place in places.filter(finite) {
        for (end, x) in ends.iter_mut().zip(place) {
            *end = [end[0].min(x), end[1].max(x)];
        }
    }
    if ends[0][0] > ends[0][1] {
        return None;
    }
    let extents = ends.map(|[low, high]| high - low);
    let widest = extents[0].max(extents[1]);
    let mut bounds = ends;
    for (side, extent) in bounds.iter_mut().zip(extents) {
        let middle = side[0].midpoint(side[1]);
        let narrowest = match plane.explained() {
            Some(_) => NARROWEST * widest,
            None => 0.0,
        };
        // Too small a difference is rounding; around a single point something is to be seen too.
        let shown = extent.max(narrowest);
        let shown = if shown > 1e-9 * middle.abs().max(f64::MIN_POSITIVE) {
            (1.0 + 2.0 * MARGIN) * shown
        } else {
            middle.abs().max(1.0)
        };
        *side = [middle - shown / 2.0, middle + shown / 2.0];
    }
    if plane.axes() == 1 {
        bounds[1] = NO_AXIS;
    }
    Some(bounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_hold_what_they_are_to_show_and_are_never_empty() {
        let plane = Plane::parameters(2);
        let table: [&[[f64; 2]]; 6] = [
            &[[0.0, 0.0]],
            &[[3.0, -1e-300], [3.0, 1e-300]],
            &[[0.0, 0.0], [2.0, 1.0], [f64::NAN, 5.0], [1e308, -1e308]],
            &[[-1e299, 1e299], [1e299, -1e299]],
            &[[1e17, 0.0], [1e17, 1.0]],
            &[[5e-324, 0.0], [0.0, 5e-324]],
        ];
        for places in table {
            let bounds = around(places.iter().copied(), &plane).expect("there are places");
            for (axis, [low, high]) in bounds.into_iter().enumerate() {
                assert!(
                    low < high && (high - low).is_finite(),
                    "{places:?}: {bounds:?}"
                );
                let held = places
                    .iter()
                    .filter(|p| p.iter().all(|x| x.abs() < LARGEST));
                for place in held {
                    assert!(
                        low <= place[axis] && place[axis] <= high,
                        "{places:?}: {bounds:?}"
                    );
                }
            }
        }
        let want = [[-0.3, 2.3], [-0.15, 1.15]];
        let got = around([[0.0, 0.0], [2.0, 1.0]].into_iter(), &plane).expect("two places");
        for (got, want) in got.iter().flatten().zip(want.iter().flatten()) {
            assert!((got - want).abs() < 1e-12);
        }
        assert_eq!(around([[f64::NAN; 2]].into_iter(), &plane), None);
        let line = around([[4.0, 0.0]].into_iter(), &Plane::parameters(1));
        assert_eq!(line, Some([[2.0, 6.0], [-1.0, 1.0]]));
    }

    #[test]
    fn starts_beside_the_usual_picture_are_shown_too() {
        let usual = [[-2.0, 2.0]; 2];
        assert_eq!(with(usual, [[1.0, -2.0]].into_iter()), usual);
        let larger = with(usual, [[8.0, 0.0], [f64::NAN, -3.0]].into_iter());
        assert_eq!(larger, [[-2.0, 8.5], [-3.25, 2.0]]);
        let huge = with(usual, [[f64::MAX, -f64::MAX]].into_iter());
        for [low, high] in huge {
            assert!(low < high && (high - low).is_finite(), "{huge:?}");
        }
    }
}
