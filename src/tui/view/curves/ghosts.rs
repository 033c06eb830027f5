//! What racers did before they were changed, on the chart of what they do now.

use super::{Curves, quantity, series, window};
use crate::race::snapshot::Progress;
use crate::runner::State;
use crate::scenario::Pace;
use crate::tui::desk::Desk;
use crate::tui::playhead::Mark;

/// The curves of `racers` (with their indices) to their ends, on the axes of `curves` which was made of `state`; each
/// with so many columns of dots, and as points from left to right.
pub fn ghosts<'a>(
    curves: &Curves,
    state: &State,
    pace: Pace,
    desk: &Desk,
    racers: impl Iterator<Item = (usize, &'a Progress)>,
    columns: usize,
) -> Vec<(usize, Vec<[f64; 2]>)> {
    let shown = quantity(state, &desk.curves);
    let minima = quantity::minima(state);
    let whole = Mark {
        pace,
        at: f64::INFINITY,
    };
    let curve = |(racer, progress): (usize, &Progress)| {
        let values = window(progress, whole, &curves.x, |at| shown.of(at, &minima));
        let holds = |point: &[f64; 2]| curves.y.holds(point[1]);
        let values: Vec<[f64; 2]> = values.into_iter().filter(holds).collect();
        (
            racer,
            series(&values, 0.0, &curves.x, &curves.y, columns).points,
        )
    };
    racers.map(curve).collect()
}
