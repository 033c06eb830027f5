//! The median over the seeds of each racer's loss, against iterations.

use crate::runner::Seeded;
use crate::scenario::Metric;
use crate::sweep::band::Band;
use crate::tui::study::desk::Desk;
use crate::tui::study::seeds::chart::{Chart, Line};
use crate::tui::view::axis::{Axis, Scale, Tick};
use crate::tui::view::number::short;

/// Losses so many times above those at the start lie beyond the chart.
const RISE: f64 = 3.0;

/// Where losses have no logarithm, so small a part of the largest lies evenly about zero.
const EVEN: f64 = 1e-3;

/// The chart, where the band of one racer is filled; `None` as long as no seed counts.
pub fn chart(seen: &Seeded, desk: &Desk, filled: Option<usize>) -> Option<Chart> {
    let bands = seen.tally.bands.iter().enumerate();
    let bands = bands.filter_map(|(racer, band)| Some((racer, band.as_ref()?)));
    let bands: Vec<(usize, &Band)> = bands.filter(|(racer, _)| desk.shows(*racer)).collect();
    let y = losses(seen, &bands)?;
    let x = iterations(seen)?;
    let mut lines: Vec<Line> = bands
        .iter()
        .map(|&(racer, band)| line(racer, band, filled == Some(racer), [&x, &y]))
        .collect();
    lines.sort_by_key(|line| filled == Some(line.racer));
    let target = seen.meta.target;
    let shown = target.metric == Metric::Loss && y.holds(target.value);
    Some(Chart {
        target: y.place(target.value).filter(|_| shown).map(|at| Tick {
            at,
            label: format!("target {}", short(target.value)),
        }),
        x,
        y,
        lines,
    })
}

/// From the first step after the start that is known of a racer to the last of all, by logarithms. The
/// start lies at the left end.
pub fn iterations(seen: &Seeded) -> Option<Axis> {
    let bands = || seen.tally.bands.iter().flatten();
    let first = bands().map(|band| band.every).min()?;
    let runs = seen.tally.runs.iter().flatten();
    // While the first seed is under way the axis doubles when it is full, so that what stands seldom
    // moves.
    let last = runs.map(|run| run.steps).max().or_else(|| {
        let ends = bands().map(|band| band.every * band.median.len() as u64);
        ends.max().map(u64::next_power_of_two)
    });
    Some(Axis::log_between(first as f64, last? as f64))
}

/// From the highest start down to the target, and whatever medians are lower.
fn losses(seen: &Seeded, bands: &[(usize, &Band)]) -> Option<Axis> {
    let medians = bands.iter().flat_map(|(_, band)| &band.median).copied();
    let finite = medians.filter(|loss| loss.is_finite());
    let starts = bands.iter().filter_map(|(_, band)| band.median.first());
    let start = starts.copied().fold(f64::NEG_INFINITY, f64::max);
    let target = seen.meta.target;
    let goal = (target.metric == Metric::Loss).then_some(target.value);
    let (low, high) = finite
        .chain(goal)
        .map(|loss| (loss, loss))
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let size = start.abs().max(low.abs());
    Some(if low > 0.0 {
        Axis::around(Scale::Log, low, high.min(RISE * start))
    } else {
        Axis::around(Scale::Asinh(EVEN * size), low, high.min(RISE * size))
    })
}

fn line(racer: usize, band: &Band, filled: bool, [x, y]: [&Axis; 2]) -> Line {
    let steps = (0..).map(|i| i * band.every);
    // A line ends where a racer is at infinity.
    let edge = |losses: &mut dyn Iterator<Item = f64>| -> Vec<[f64; 2]> {
        let known = losses.zip(steps.clone());
        let places = known.map_while(|(loss, step)| Some([x.place(step as f64)?, y.place(loss)?]));
        places.collect()
    };
    let points = edge(&mut band.median.iter().copied());
    let bounds = |end: usize| {
        let interval = band.interval.iter().flatten();
        edge(&mut interval.map(|bounds| bounds[end]).take(points.len()))
    };
    Line {
        racer,
        band: [bounds(0), bounds(1)],
        filled,
        head: points.last().copied(),
        points,
    }
}
