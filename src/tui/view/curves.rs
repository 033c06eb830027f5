//! Curves: what each racer's loss (or accuracy, gradient norm, distance to the minimum) was up to
//! the playhead, against what the playhead counts.
//!
//! [`model`] chooses axes, smooths and thins the points; [`draw`] only draws.

use crate::problem::Part;
use crate::race::snapshot::{Outcome, Progress, Snapshot};
use crate::race::trace::Evaluation;
use crate::runner::State;
use crate::scenario::Pace;
use crate::tui::desk::{Desk, Quantity, SMOOTHINGS};
use crate::tui::playhead::{Mark, end, measure};
use crate::tui::view::axis::{Axis, Scale, Tick};
use crate::tui::view::number;

mod draw;
mod ghosts;
mod quantity;
#[cfg(test)]
mod tests;

pub use draw::{columns, draw, draw_readout};
pub use ghosts::ghosts;
pub use quantity::{quantities, quantity};

/// The chart's content, in fractions of its width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// What is counted across.
    pub x: Axis,
    /// What is shown.
    pub y: Axis,
    /// What is shown, how, and against what, in words.
    pub heading: String,
    /// What does not lie on the chart, in words; empty if nothing.
    pub beyond: String,
    /// The target's height and text, where it is a target of what is shown.
    pub target: Option<Tick>,
    /// A curve for each racer, in the scenario's order.
    pub series: Vec<Series>,
    /// The curves of the race that this one was changed from, with their racers' indices.
    pub ghosts: Vec<(usize, Vec<[f64; 2]>)>,
    /// The value cursor, if it is on.
    pub cursor: Option<Cursor>,
}

/// One racer's curve.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Series {
    /// Its points from left to right, at most two a column.
    pub points: Vec<[f64; 2]>,
    /// The same before smoothing; empty without.
    pub raw: Vec<[f64; 2]>,
    /// The last point, where it is now; none if no value was finite.
    pub head: Option<[f64; 2]>,
    /// Where values lie beyond the upper (true) or the lower edge.
    pub clipped: Vec<(f64, bool)>,
    /// Whether it is out of the race.
    pub out: bool,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// A place on the x axis, and what every racer had there.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// Where, as a fraction of the width.
    pub at: f64,
    /// Where, in words.
    pub label: String,
    /// The value of each racer that has come there, by its index.
    pub values: Vec<(usize, f64)>,
}

/// The curves up to `mark`, for a chart of so many columns of dots.
pub fn model(state: &State, mark: Mark, desk: &Desk, columns: usize) -> Curves {
    let (snapshot, settings) = (&state.snapshot, &desk.curves);
    let shown = quantity(state, settings);
    let minima = quantity::minima(state);
    let value = |evaluation: &Evaluation| shown.of(evaluation, &minima);
    let x = across(mark, snapshot, settings.log_x, settings.nearer);
    let y = quantity::axis(state, mark, shown, settings, &minima);
    let mut lost = 0;
    let series: Vec<Series> = snapshot
        .racers
        .iter()
        .enumerate()
        .map(|(racer, progress)| {
            if !desk.shows(racer) {
                return Series::default();
            }
            let values = window(progress, mark, &x, value);
            lost += values.iter().filter(|point| !point[1].is_finite()).count();
            let weight = SMOOTHINGS[settings.smoothing];
            Series {
                out: is_out(mark.see(progress).outcome),
                selected: desk.selected == Some(racer),
                ..series(&values, weight, &x, &y, columns)
            }
        })
        .collect();
    let cursor = settings.cursor.map(|at| {
        let place = Mark {
            at: x.value(at).min(mark.at),
            ..mark
        };
        let racers = snapshot.racers.iter().enumerate();
        let values = racers.filter(|(racer, _)| desk.shows(*racer));
        let values = values.filter_map(|(racer, progress)| {
            let last = place.past(progress).last()?;
            Some((racer, value(last)?))
        });
        Cursor {
            at,
            label: at_label(place),
            values: values.collect(),
        }
    });
    Curves {
        heading: heading(shown, [x.scale(), y.scale()], settings.smoothing, mark.pace),
        beyond: beyond(&series, lost),
        target: target(snapshot, shown, &y),
        series,
        ghosts: Vec::new(),
        cursor,
        x,
        y,
    }
}

/// Whether a racer that ended so did not finish.
pub fn is_out(outcome: Option<&Outcome>) -> bool {
    outcome.is_some_and(|outcome| *outcome != Outcome::Converged)
}

fn heading(shown: Quantity, scales: [Scale; 2], smoothing: usize, pace: Pace) -> String {
    let [across, up] = scales.map(|scale| match scale {
        Scale::Linear => "",
        Scale::Log => " (log)",
        Scale::Asinh(_) => " (asinh)",
    });
    let smoothed = match smoothing {
        0 => String::new(),
        i => format!(", smoothed by {}", SMOOTHINGS[i]),
    };
    let (shown, unit) = (shown.name(), unit(pace));
    format!("{shown}{up} against {unit}{across}{smoothed}")
}

/// What a pace counts, in words.
pub fn unit(pace: Pace) -> &'static str {
    match pace {
        Pace::Iterations => "iterations",
        Pace::Samples => "samples",
        Pace::Time => "seconds",
    }
}

fn at_label(mark: Mark) -> String {
    match mark.pace {
        Pace::Iterations => format!("step {}", number::count(mark.at as u64)),
        Pace::Samples => format!("sample {}", number::count(mark.at as u64)),
        Pace::Time => number::seconds(mark.at),
    }
}

fn target(snapshot: &Snapshot, shown: Quantity, y: &Axis) -> Option<Tick> {
    let target = snapshot.meta.target;
    if quantity::of_the_target(&target) != shown {
        return None;
    }
    let value = number::short(target.value);
    let on = match target.on {
        Part::Train => "",
        Part::Test => " on test",
    };
    let beyond = match y.range() {
        [_, high] if target.value > high => ", above",
        [low, _] if target.value < low => ", below",
        _ => "",
    };
    Some(Tick {
        at: y.place(target.value)?,
        label: format!("target {value}{on}{beyond}"),
    })
}

/// The x axis: it doubles when it is full, so that a frame seldom moves what stands, up to the end of
/// the race once that is known. Seen nearer, it shows a window of 1 / 2^nearer that moves on by its
/// half.
fn across(mark: Mark, snapshot: &Snapshot, log: bool, nearer: u32) -> Axis {
    let first = match mark.pace {
        Pace::Iterations => 20.0,
        Pace::Samples => 20.0 * snapshot.meta.examples as f64,
        Pace::Time => 1e-3,
    };
    let doublings = (mark.at / first).log2().ceil().clamp(0.0, 200.0);
    let over = snapshot.racers.iter().all(|racer| racer.outcome.is_some());
    let known = Some(end(snapshot, mark.pace)).filter(|end| over && *end > 0.0 && *end >= mark.at);
    let end = (first * doublings.exp2()).min(known.map_or(f64::INFINITY, |end| ROOM * end));
    if log {
        return Axis::log_between(first_count(mark.pace, snapshot), end);
    }
    let width = end / f64::from(nearer).exp2();
    let halves = (mark.at / (width / 2.0)).ceil() - 2.0;
    let low = (halves.max(0.0) * width / 2.0).min(end - width);
    Axis::between(low, low + width)
}

/// How long the axis is when all of the race is on it, in parts of the race.
const ROOM: f64 = 1.02;

/// The least that any racer has counted after its first evaluation.
fn first_count(pace: Pace, snapshot: &Snapshot) -> f64 {
    let second = |racer: &Progress| Some(measure(pace, racer.trace.points().get(1)?.moment()));
    let counts = snapshot.racers.iter().filter_map(second);
    let least = counts.filter(|count| *count > 0.0).min_by(f64::total_cmp);
    least.unwrap_or(1.0)
}

/// Counts and values of a racer up to `mark`, as far as they lie on the x axis.
fn window(
    progress: &Progress,
    mark: Mark,
    x: &Axis,
    value: impl Fn(&Evaluation) -> Option<f64>,
) -> Vec<[f64; 2]> {
    let past = mark.past(progress).iter();
    let counted = past.filter_map(|point| {
        let at = measure(mark.pace, point.moment());
        let on = at <= x.range()[1] && (x.scale() == Scale::Log || at >= x.range()[0]);
        on.then_some([at, value(point)?])
    });
    counted.collect()
}

/// The curve through `values`, smoothed with `weight` for the past.
fn series(values: &[[f64; 2]], weight: f64, x: &Axis, y: &Axis, columns: usize) -> Series {
    let smoothed = (weight > 0.0).then(|| smooth(values, weight));
    let shown = smoothed.as_deref().unwrap_or(values);
    let place = |&[at, value]: &[f64; 2]| Some([x.place(at)?, y.place(value)?]);
    // Thinned by the values themselves: most need no logarithm then.
    let placed = |values: &[[f64; 2]]| -> Vec<[f64; 2]> {
        let finite = values.iter().filter(|[_, value]| value.is_finite());
        let across = finite.filter_map(|&[at, value]| Some([x.place(at)?, value]));
        let kept = thin(across, columns).into_iter();
        kept.filter_map(|[at, value]| Some([at, y.place(value)?]))
            .collect()
    };
    let clipped = shown
        .iter()
        .filter(|[_, value]| value.is_finite() && !y.holds(*value));
    Series {
        head: shown.iter().rev().find_map(place),
        points: placed(shown),
        raw: if smoothed.is_some() {
            placed(values)
        } else {
            Vec::new()
        },
        clipped: clipped
            .filter_map(|[at, value]| Some((x.place(*at)?, *value > y.range()[1])))
            .collect(),
        ..Series::default()
    }
}

/// Exponentially weighted averages, corrected for their start at zero; what is not finite is left
/// out.
fn smooth(values: &[[f64; 2]], weight: f64) -> Vec<[f64; 2]> {
    let (mut average, mut share) = (0.0, 1.0);
    let finite = values.iter().filter(|[_, value]| value.is_finite());
    finite
        .map(|&[at, value]| {
            average = weight * average + (1.0 - weight) * value;
            share *= weight;
            [at, average / (1.0 - share)]
        })
        .collect()
}

/// What is not on the chart, in words.
fn beyond(series: &[Series], lost: usize) -> String {
    let clipped = |above: bool| {
        let all = series.iter().flat_map(|series| &series.clipped);
        all.filter(|clipped| clipped.1 == above).count()
    };
    let parts = [
        (clipped(true), "above"),
        (clipped(false), "below"),
        (lost, "not finite"),
    ];
    let said = parts.iter().filter(|(count, _)| *count > 0);
    let said: Vec<_> = said
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    said.join(", ")
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
