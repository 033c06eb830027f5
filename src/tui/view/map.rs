//! The map: the loss as contours and shades, the racers' trails and heads over it, start and
//! minima; for one parameter the curve of the loss with the racers on it.
//!
//! [`model`] says what lies where; [`draw`] only draws.

use ratatui::layout::Rect;

use crate::landscape::{Basis, Map, Way};
use crate::race::snapshot::Progress;
use crate::race::trace::Moment;
use crate::runner::State;
use crate::tui::desk::{self, Desk};
use crate::tui::playhead::{Mark, measure};
use crate::tui::view::axis::Axis;
use crate::tui::view::curves::is_out;
use crate::tui::view::number::count;

mod draw;
pub mod ground;
mod profile;

pub use draw::{cell, draw, draw_ground, draw_profile, labels, stretches};
pub use profile::{Profile, curve, profile};

/// Columns left of the plot for the labels of an axis, where there is one.
const GUTTER: u16 = 6;

/// The ranges of a map: low and high along each axis.
pub type Bounds = [[f64; 2]; 2];

/// What lies where, in fractions of the plot's width and height from the lower left.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The racers' trails, in the scenario's order.
    pub trails: Vec<Trail>,
    /// The trails of the race that this one was changed from, with their racers' indices.
    pub ghosts: Vec<(usize, Vec<[f64; 2]>)>,
    /// The starts.
    pub starts: Vec<[f64; 2]>,
    /// The known minima that lie on the plot.
    pub minima: Vec<[f64; 2]>,
    /// The axes, where their numbers mean something.
    pub axes: Option<[Axis; 2]>,
}

/// One racer's trail.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Trail {
    /// Where it has been.
    pub points: Vec<[f64; 2]>,
    /// Where it is.
    pub head: Option<[f64; 2]>,
    /// Whether it is out of the race.
    pub out: bool,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// What the map shows, and what of the examples it is over, in words.
pub fn heading(map: &Map) -> [String; 2] {
    let title = match map.basis {
        Basis::Parameters if map.is_line() => format!("the loss over {}", map.axes[0]),
        Basis::Parameters => format!("map: {} across, {} up", map.axes[0], map.axes[1]),
        Basis::Principal { explained } => {
            format!("map: {:.0} % of the trails' variance", 100.0 * explained)
        }
    };
    let some = map.examples.filter(|sample| sample.used < sample.of);
    let note = some.map_or(String::new(), |sample| {
        let (used, of) = (count(sample.used as u64), count(sample.of as u64));
        format!("loss on {used} of {of} examples")
    });
    [title, note]
}

/// Whether the numbers on the axes mean something.
pub fn is_labelled(map: &Map) -> bool {
    map.basis == Basis::Parameters
}

/// Where the map itself lies in the area below its heading.
pub fn plot(area: Rect, labelled: bool) -> Rect {
    let (gutter, below) = if labelled { (GUTTER, 1) } else { (0, 0) };
    Rect {
        x: area.x.saturating_add(gutter),
        width: area.width.saturating_sub(gutter),
        height: area.height.saturating_sub(below),
        ..area
    }
}

/// The ranges that are shown in a plot of so many cells: `whole`, widened along one axis so that
/// both have the same scale if they are `alike`, and zoomed as the user wants.
pub fn bounds(whole: Bounds, settings: &desk::Map, alike: bool, cells: [u16; 2]) -> Bounds {
    // A cell is about twice as high as wide.
    let sides = [f64::from(cells[0].max(1)), 2.0 * f64::from(cells[1].max(1))];
    let spans = whole.map(|[low, high]| high - low);
    let scale = (spans[0] / sides[0]).max(spans[1] / sides[1]);
    let near = f64::from(settings.nearer).exp2();
    std::array::from_fn(|i| {
        let full = if alike { scale * sides[i] } else { spans[i] };
        let middle = whole[i][0].midpoint(whole[i][1]) + settings.moved[i] * full;
        [middle - full / near / 2.0, middle + full / near / 2.0]
    })
}

/// Where everything is at `mark` on a plot with these bounds.
pub fn model(
    state: &State,
    mark: Mark,
    desk: &Desk,
    ways: &[Way],
    minima: &[[f64; 2]],
    bounds: Bounds,
    labelled: bool,
) -> Chart {
    let place = |at: [f64; 2]| -> [f64; 2] {
        std::array::from_fn(|i| (at[i] - bounds[i][0]) / (bounds[i][1] - bounds[i][0]))
    };
    let on_plot = |at: &[f64; 2]| at.iter().all(|part| (0.0..=1.0).contains(part));
    let mut starts: Vec<[f64; 2]> = Vec::new();
    for (_, start) in ways.iter().filter_map(|way| way.points.first()) {
        let at = place(*start);
        if on_plot(&at) && !starts.contains(&at) {
            starts.push(at);
        }
    }
    Chart {
        trails: trails(state, mark, desk, ways, |at| Some(place(at))),
        ghosts: Vec::new(),
        starts,
        minima: minima.iter().map(|at| place(*at)).filter(on_plot).collect(),
        axes: labelled.then(|| bounds.map(|[low, high]| Axis::between(low, high))),
    }
}

/// The racers' trails up to `mark` along their `ways`, where `place` puts each place on the plot.
fn trails(
    state: &State,
    mark: Mark,
    desk: &Desk,
    ways: &[Way],
    place: impl Fn([f64; 2]) -> Option<[f64; 2]>,
) -> Vec<Trail> {
    let racers = state.snapshot.racers.iter().zip(ways).enumerate();
    let trail = |(racer, (progress, way)): (usize, (&Progress, &Way))| {
        if !desk.shows(racer) {
            return Trail::default();
        }
        let (points, head) = so_far(&way.points, mark);
        Trail {
            points: points.into_iter().filter_map(&place).collect(),
            head: head.and_then(&place),
            out: is_out(mark.see(progress).outcome),
            selected: desk.selected == Some(racer),
        }
    };
    racers.map(trail).collect()
}

/// Where ways lie from end to end on a plot with these bounds.
pub fn ghosts<'a>(
    ways: impl Iterator<Item = (usize, &'a Way)>,
    bounds: Bounds,
) -> Vec<(usize, Vec<[f64; 2]>)> {
    let part = |at: f64, [low, high]: [f64; 2]| (at - low) / (high - low);
    let place = |(_, [x, y]): &(Moment, [f64; 2])| [part(*x, bounds[0]), part(*y, bounds[1])];
    ways.map(|(racer, way)| (racer, way.points.iter().map(place).collect()))
        .collect()
}

/// The places of a way up to `mark`, and where on it the racer is: between two that lie more than a
/// step apart, on the line between them.
fn so_far(way: &[(Moment, [f64; 2])], mark: Mark) -> (Vec<[f64; 2]>, Option<[f64; 2]>) {
    let past = way.partition_point(|(moment, _)| mark.reached(*moment));
    let mut points: Vec<[f64; 2]> = way[..past].iter().map(|(_, at)| *at).collect();
    if let (Some((before, from)), Some((after, to))) = (way[..past].last(), way.get(past))
        && after.step > before.step + 1
    {
        let [low, high] = [*before, *after].map(|moment| measure(mark.pace, moment));
        let part = ((mark.at - low) / (high - low)).clamp(0.0, 1.0);
        points.push(std::array::from_fn(|i| from[i] + part * (to[i] - from[i])));
    }
    let head = points.last().copied();
    (points, head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Pace;

    #[test]
    fn both_axes_have_the_same_scale_where_they_are_alike() {
        let square = [[-1.0, 1.0], [-1.0, 1.0]];
        let whole = desk::Map::default();
        assert_eq!(
            bounds(square, &whole, true, [40, 10]),
            [[-2.0, 2.0], [-1.0, 1.0]]
        );
        assert_eq!(
            bounds(square, &whole, true, [10, 10]),
            [[-1.0, 1.0], [-2.0, 2.0]]
        );
        assert_eq!(bounds(square, &whole, false, [40, 10]), square);
        let near = desk::Map {
            nearer: 1,
            moved: [0.25, 0.0],
            ..whole
        };
        assert_eq!(
            bounds(square, &near, false, [40, 10]),
            [[0.0, 1.0], [-0.5, 0.5]]
        );
    }

    #[test]
    fn a_racer_is_on_the_line_between_two_places_it_was_seen_at() {
        let at = |step: u64, x: f64| {
            let moment = Moment {
                step,
                ..Moment::default()
            };
            (moment, [x, 0.0])
        };
        let way = [at(0, 0.0), at(1, 1.0), at(5, 3.0)];
        let head = |at: f64| {
            let pace = Pace::Iterations;
            so_far(&way, Mark { pace, at }).1
        };
        assert_eq!(head(0.5), Some([0.0, 0.0]), "a step is not divided");
        assert_eq!(head(3.0), Some([2.0, 0.0]));
        assert_eq!(head(9.0), Some([3.0, 0.0]));
        assert_eq!(
            so_far(
                &[],
                Mark {
                    pace: Pace::Time,
                    at: 1.0
                }
            )
            .1,
            None
        );
    }
}
