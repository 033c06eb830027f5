//! Loss curves: what each racer's loss was up to the playhead, against what the playhead counts.
//!
//! [`model`] chooses axes and thins the points; [`draw`] only draws.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::problem::Part;
use crate::race::snapshot::{Outcome, Snapshot};
use crate::race::trace::Evaluation;
use crate::scenario::{Metric, Pace};
use crate::tui::glyphs::Glyphs;
use crate::tui::identity::Identity;
use crate::tui::playhead::{Mark, measure};
use crate::tui::theme::Theme;
use crate::tui::view::axis::{Axis, Scale, Tick};
use crate::tui::view::dots::Dots;
use crate::tui::view::number;

/// Losses may rise to so many times that of the start before the chart stops growing.
const RISE: f64 = 100.0;

/// Cells for a label across, and down.
const TICK_SPACE: [u16; 2] = [12, 2];

/// Columns left of the plot: a label of at most six characters, a space, and the axis. The same for
/// all values, so that the plot does not jump.
const GUTTER: u16 = 8;

/// The chart's content, in fractions of its width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// What is counted across.
    pub x: Axis,
    /// The loss.
    pub y: Axis,
    /// What the x axis counts.
    pub unit: &'static str,
    /// The target's height and text; none for an accuracy.
    pub target: Option<Tick>,
    /// A curve for each racer, in the scenario's order.
    pub series: Vec<Series>,
}

/// One racer's curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its points from left to right, at most two a column.
    pub points: Vec<[f64; 2]>,
    /// The last point, where it is now; none if no loss was finite.
    pub head: Option<[f64; 2]>,
    /// Whether it is out of the race.
    pub out: bool,
}

/// The curves up to `mark`, for a chart of so many columns of dots.
pub fn model(snapshot: &Snapshot, mark: Mark, columns: usize) -> Curves {
    let x = Axis::from_zero(extent(mark, snapshot.meta.examples));
    let y = losses(snapshot, mark);
    let series = snapshot.racers.iter().map(|progress| {
        let past = mark.past(progress).iter();
        let finite = past.filter_map(|point| {
            let at = x.place(measure(mark.pace, point.moment()))?;
            Some([at, y.place(point.loss)?])
        });
        Series {
            head: finite.clone().next_back(),
            points: thin(finite, columns),
            out: is_out(mark.see(progress).outcome),
        }
    });
    let target = snapshot.meta.target;
    let target = (target.metric == Metric::Loss).then(|| Tick {
        at: y.place(target.value).unwrap_or(0.0),
        label: match target.on {
            Part::Train => format!("target {}", number::short(target.value)),
            Part::Test => format!("target {} on test", number::short(target.value)),
        },
    });
    Curves {
        unit: match mark.pace {
            Pace::Iterations => "iterations",
            Pace::Samples => "samples",
            Pace::Time => "seconds",
        },
        target,
        series: series.collect(),
        x,
        y,
    }
}

/// Whether a racer that ended so did not finish.
pub fn is_out(outcome: Option<&Outcome>) -> bool {
    outcome.is_some_and(|outcome| *outcome != Outcome::Converged)
}

/// How far the x axis goes: it doubles when it is full, so that a frame seldom moves what stands.
fn extent(mark: Mark, examples: u64) -> f64 {
    let first = match mark.pace {
        Pace::Iterations => 20.0,
        Pace::Samples => 20.0 * examples as f64,
        Pace::Time => 1e-3,
    };
    let doublings = (mark.at / first).log2().ceil().clamp(0.0, 200.0);
    first * doublings.exp2()
}

/// The axis of losses: from the starts to the target and whatever has been seen so far. What is
/// above the start by far more than the race is about (a divergence) lies at the edge.
fn losses(snapshot: &Snapshot, mark: Mark) -> Axis {
    let starts = span(
        snapshot
            .racers
            .iter()
            .filter_map(|r| r.trace.points().first()),
    );
    let seen = span(snapshot.racers.iter().flat_map(|r| mark.past(r)));
    let target = snapshot.meta.target;
    let target = (target.metric == Metric::Loss).then_some(target.value);
    if starts.start > 0.0 && target.is_none_or(|target| target > 0.0) {
        let low = target.unwrap_or(starts.start / 10.0).min(seen.start);
        let high = seen.end.min(starts.end * RISE).max(starts.end);
        Axis::around(Scale::Log, low, high)
    } else {
        let low = target.unwrap_or(starts.start).min(starts.start);
        let room = 3.0 * (starts.end - low).max(1e-9);
        let (bottom, top) = (low - room, starts.end + room);
        let (low, high) = (low.min(seen.start), starts.end.max(seen.end));
        Axis::around(Scale::Linear, low.max(bottom), high.min(top))
    }
}

/// The lowest and the highest finite loss; 1 if there is none.
fn span<'a>(points: impl Iterator<Item = &'a Evaluation>) -> Range<f64> {
    let finite = points
        .map(|point| point.loss)
        .filter(|loss| loss.is_finite());
    finite
        .map(|loss| loss..loss)
        .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
        .unwrap_or(1.0..1.0)
}

/// Of the points in one column the lowest and the highest, in their order.
fn thin(points: impl Iterator<Item = [f64; 2]>, columns: usize) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::with_capacity(2 * columns);
    let column = |at: f64| (at * columns.saturating_sub(1) as f64).round() as usize;
    let mut open = 0;
    for point in points {
        if kept
            .get(open)
            .is_some_and(|first| column(first[0]) != column(point[0]))
        {
            open = kept.len();
        }
        kept.push(point);
        if kept.len() - open > 2 {
            drop_middle(&mut kept, open);
        }
    }
    kept
}

/// Of the three points from `open` on, drops one that lies between the others in height.
fn drop_middle(kept: &mut Vec<[f64; 2]>, open: usize) {
    let between = |i: usize| {
        let [a, b] = [(i + 1) % 3, (i + 2) % 3].map(|k| kept[open + k][1]);
        let own = kept[open + i][1];
        (a.min(b)..=a.max(b)).contains(&own)
    };
    let middle = (0..3).find(|&i| between(i)).unwrap_or(0);
    kept.remove(open + middle);
}

/// Draws `curves` with their axes into `area`, the racers' letters at the heads.
pub fn draw(
    curves: &Curves,
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let plot = plot(area);
    if plot.width < 4 || plot.height < 2 {
        return;
    }
    axes(curves, plot, theme, buffer);
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    let style = |i: usize| {
        if curves.series[i].out {
            theme.out()
        } else {
            theme.racer(identities[i].colour)
        }
    };
    target(curves, theme, &mut dots);
    for (i, series) in curves.series.iter().enumerate() {
        let places: Vec<_> = series.points.iter().map(|&at| dots.nearest(at)).collect();
        dots.path(&places, identities[i].dash(theme), style(i));
    }
    dots.draw(plot, buffer);
    target_label(curves, theme, &dots, plot, buffer);
    heads(curves, identities, style, &dots, plot, buffer);
}

/// Where the curves themselves lie: between the labels at the left and those below.
fn plot(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(GUTTER),
        y: area.y,
        width: area.width.saturating_sub(GUTTER + 1),
        height: area.height.saturating_sub(2),
    }
}

/// How many columns of dots a chart in this area has.
pub fn columns(area: Rect, glyphs: Glyphs) -> usize {
    usize::from(plot(area).width) * glyphs.dots()[0]
}

fn axes(curves: &Curves, plot: Rect, theme: Theme, buffer: &mut Buffer) {
    let (style, glyphs) = (theme.quiet(), theme.glyphs());
    let (axis, bottom) = (plot.x - 1, plot.bottom());
    for y in plot.y..bottom {
        buffer.set_string(axis, y, glyphs.vertical(), style);
    }
    for tick in curves.y.ticks(usize::from(plot.height / TICK_SPACE[1])) {
        let y = plot.y + ((1.0 - tick.at) * f64::from(plot.height - 1)).round() as u16;
        let x = axis.saturating_sub(1 + tick.label.len() as u16);
        buffer.set_string(x, y, &tick.label, style);
        buffer.set_string(axis, y, glyphs.tick_left(), style);
    }
    buffer.set_string(axis, bottom, glyphs.origin(), style);
    let line = glyphs.horizontal().repeat(plot.width.into());
    buffer.set_string(plot.x, bottom, line, style);
    for tick in curves.x.ticks(usize::from(plot.width / TICK_SPACE[0])) {
        let x = plot.x + (tick.at * f64::from(plot.width - 1)).round() as u16;
        buffer.set_string(x, bottom, glyphs.tick_down(), style);
        let width = tick.label.len() as u16;
        let at =
            (x - (width / 2).min(x)).clamp(plot.x, plot.right().saturating_sub(width).max(plot.x));
        buffer.set_string(at, bottom + 1, &tick.label, style);
    }
    let scale = match curves.y.scale() {
        Scale::Linear => "",
        Scale::Log => " (log)",
    };
    let heading = format!("loss{scale} against {}", curves.unit);
    let width = heading.len() as u16;
    if width < plot.width {
        buffer.set_string(plot.right() - width, plot.y, heading, style);
    }
}

/// Every other dot at the target's height; the curves are drawn over it.
fn target(curves: &Curves, theme: Theme, dots: &mut Dots) {
    if let Some(target) = &curves.target {
        let [right, y] = dots.nearest([1.0, target.at]);
        for x in (0..=right).step_by(2) {
            dots.set([x, y], theme.target());
        }
    }
}

/// The target's value on the line at the left, which the curves reach last.
fn target_label(curves: &Curves, theme: Theme, dots: &Dots, plot: Rect, buffer: &mut Buffer) {
    if let Some(target) = &curves.target {
        let y = plot.y + dots.cell(dots.nearest([0.0, target.at]))[1];
        let text = format!(" {} ", target.label);
        if text.len() + 2 < usize::from(plot.width) {
            buffer.set_string(plot.x + 1, y, text, theme.target());
        }
    }
}

/// A letter at the end of each curve; where two would share a cell, the later takes the nearest
/// free one beside.
fn heads(
    curves: &Curves,
    identities: &[Identity],
    style: impl Fn(usize) -> Style,
    dots: &Dots,
    plot: Rect,
    buffer: &mut Buffer,
) {
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for (i, series) in curves.series.iter().enumerate() {
        let Some(head) = series.head else { continue };
        let [column, row] = dots.cell(dots.nearest(head));
        let at = [plot.x + column, plot.y + row];
        let beside = (0..plot.width)
            .flat_map(|off| [at[0] + off, at[0].saturating_sub(off)])
            .filter(|x| (plot.x..plot.right()).contains(x));
        let free = beside.map(|x| (x, at[1])).find(|at| !taken.contains(at));
        if let (Some(place), Some(identity)) = (free, identities.get(i)) {
            taken.push(place);
            let bold = style(i).add_modifier(Modifier::BOLD);
            buffer.set_string(place.0, place.1, identity.letter.to_string(), bold);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::snapshot::Progress;
    use crate::runner::Phase;
    use crate::tui::fixture::{evaluation, progress, race, state};

    fn at(at: f64) -> Mark {
        Mark {
            pace: Pace::Iterations,
            at,
        }
    }

    fn run(losses: impl IntoIterator<Item = f64>) -> Progress {
        let numbered = losses.into_iter().zip(0..);
        let trace: Vec<_> = numbered
            .map(|(loss, step)| evaluation(step, step, loss))
            .collect();
        progress(&trace, None)
    }

    #[test]
    fn the_axis_doubles_when_it_is_full() {
        let full = |position: f64| extent(at(position), 1437);
        let ends = [0.0, 20.0, 20.5, 40.0, 300.0, 1e9].map(full);
        assert_eq!(ends, [20.0, 20.0, 40.0, 40.0, 320.0, 1_342_177_280.0]);
    }

    #[test]
    fn curves_end_at_the_playhead() {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let curves = model(&snapshot, at(150.0), 200);
        assert_eq!(curves.y.scale(), Scale::Log);
        let heads: Vec<f64> = curves
            .series
            .iter()
            .map(|s| s.head.unwrap()[0] * 160.0)
            .collect();
        let rounded: Vec<f64> = heads.iter().map(|at| at.round()).collect();
        assert_eq!(rounded, [150.0, 150.0, 150.0, 89.0, 116.0]);
        let out: Vec<bool> = curves.series.iter().map(|s| s.out).collect();
        assert_eq!(out, [false, false, false, true, false]);
        let target = curves.target.unwrap();
        assert_eq!(target.label, "target 0.05");
        assert!((curves.series[4].head.unwrap()[1] - target.at).abs() < 0.001);
    }

    #[test]
    fn at_most_two_points_a_column_and_the_extremes_among_them() {
        let noisy = (0..3000).map(|i| match i {
            1234 => 9.0,
            2345 => 0.06,
            i => 1.0 + 0.5 * f64::from(i).sin(),
        });
        let state = state(&["a"], vec![run(noisy)], 0.05, Phase::Computed);
        let curves = model(&state.snapshot, at(2999.0), 150);
        let points = &curves.series[0].points;
        let mut columns = [0; 150];
        for point in points {
            columns[(point[0] * 149.0).round() as usize] += 1;
        }
        assert_eq!(columns.iter().max(), Some(&2));
        assert!(points.is_sorted_by(|a, b| a[0] < b[0]));
        for loss in [9.0, 0.06] {
            let height = curves.y.place(loss).unwrap();
            assert!(points.iter().any(|point| point[1] == height), "{loss}");
        }
    }

    #[test]
    fn what_is_not_a_number_is_dropped_and_what_explodes_lies_at_the_edge() {
        let wild = run([1.0, f64::NAN, 0.5, f64::INFINITY, 1e30, 0.2]);
        let state = state(&["a"], vec![wild], 0.05, Phase::Computed);
        let curves = model(&state.snapshot, at(5.0), 100);
        let heights: Vec<f64> = curves.series[0].points.iter().map(|p| p[1]).collect();
        assert_eq!(heights.len(), 4);
        assert_eq!(heights[2], 1.0);
        assert!(heights.iter().all(|height| (0.0..=1.0).contains(height)));
        let nothing = run([f64::NAN]);
        let state = super::tests::state(&["a"], vec![nothing], 0.05, Phase::Computed);
        let curves = model(&state.snapshot, at(0.0), 100);
        assert_eq!(
            (curves.series[0].head, curves.series[0].points.len()),
            (None, 0)
        );
    }

    #[test]
    fn losses_of_zero_and_below_have_a_linear_axis_from_the_start_on() {
        let scale = |start: f64, target: f64| {
            let state = state(&["a"], vec![run([start, -0.5])], target, Phase::Computed);
            let scale = |position| model(&state.snapshot, at(position), 100).y.scale();
            assert_eq!(scale(0.0), scale(1.0), "chosen once");
            scale(0.0)
        };
        assert_eq!(scale(1.0, -1.0), Scale::Linear);
        assert_eq!(scale(-1.0, 0.5), Scale::Linear);
        assert_eq!(scale(1.0, 1e-6), Scale::Log);
    }
}
