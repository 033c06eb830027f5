//! What can stand on the y axis, what suits a race, and how far the axis goes.

use std::ops::Range;

use crate::race::snapshot::Snapshot;
use crate::race::trace::Evaluation;
use crate::runner::{Mapped, State};
use crate::scenario::{Metric, Target};
use crate::tui::desk::{self, Quantity};
use crate::tui::playhead::Mark;
use crate::tui::view::axis::{Axis, Scale};

/// Losses may rise to so many times that of the start before the chart stops growing.
const RISE: f64 = 100.0;

/// Where a race is about less than this factor in the loss, logarithms would show a flat line.
const NARROW: f64 = 1.5;

/// An even axis has room for so many times what the race is about above the starts.
const ROOM: f64 = 5.0;

/// About zero an axis of both signs is even within this part of the largest value.
const EVEN: f64 = 1e-3;

impl Quantity {
    /// Its name on the axis.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Accuracy => "accuracy",
            Self::Gradient => "|grad|",
            Self::Distance => "distance to the minimum",
        }
    }

    /// Its value in an evaluation; `minima` are the known ones.
    pub fn of(self, evaluation: &Evaluation, minima: &[Vec<f64>]) -> Option<f64> {
        match self {
            Self::Loss => Some(evaluation.loss),
            Self::Accuracy => evaluation.accuracy,
            Self::Gradient => evaluation.gradient_norm,
            Self::Distance => minima
                .iter()
                .map(|minimum| distance(minimum, &evaluation.position))
                .min_by(f64::total_cmp),
        }
    }
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f64>().sqrt()
}

/// What can be shown of a race.
pub fn quantities(state: &State) -> Vec<Quantity> {
    let first = state.snapshot.racers.first().map(|racer| &racer.latest);
    let mut all = vec![Quantity::Loss];
    if first.is_some_and(|first| first.accuracy.is_some()) {
        all.push(Quantity::Accuracy);
    }
    if !minima(state).is_empty() {
        all.push(Quantity::Distance);
    }
    all.push(Quantity::Gradient);
    all
}

/// What the finish line is a value of.
pub fn of_the_target(target: &Target) -> Quantity {
    match target.metric {
        Metric::Loss => Quantity::Loss,
        Metric::Accuracy => Quantity::Accuracy,
    }
}

/// What is shown: as chosen, or else what decides the race. Where losses of zero and below have no
/// logarithm, the distance to the minimum has one.
pub fn quantity(state: &State, settings: &desk::Curves) -> Quantity {
    let all = quantities(state);
    let decides = of_the_target(&state.snapshot.meta.target);
    let suits = if has_logarithm(&state.snapshot) || !all.contains(&Quantity::Distance) {
        decides
    } else {
        Quantity::Distance
    };
    let chosen = settings.quantity.filter(|chosen| all.contains(chosen));
    chosen.unwrap_or(suits)
}

/// The known minima of the surface that is raced on.
pub fn minima(state: &State) -> Vec<Vec<f64>> {
    match &state.map {
        Mapped::Drawn(map) if state.snapshot.meta.surface => {
            let dim = state.snapshot.meta.parameters.min(2);
            map.minima.iter().map(|at| at[..dim].to_vec()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether no loss of zero or below is to be expected.
fn has_logarithm(snapshot: &Snapshot) -> bool {
    let target = snapshot.meta.target;
    let positive = target.metric != Metric::Loss || target.value > 0.0;
    positive && starts(snapshot).all(|start| !start.loss.is_finite() || start.loss > 0.0)
}

fn starts(snapshot: &Snapshot) -> impl Iterator<Item = &Evaluation> {
    let racers = snapshot.racers.iter();
    racers.filter_map(|racer| racer.trace.points().first())
}

/// The axis for `quantity`: from the starts to the target and whatever has been seen so far. What
/// is above the start by far more than the race is about (a divergence) lies beyond it.
pub fn axis(
    state: &State,
    mark: Mark,
    quantity: Quantity,
    settings: &desk::Curves,
    minima: &[Vec<f64>],
) -> Axis {
    let snapshot = &state.snapshot;
    let value = |evaluation: &Evaluation| quantity.of(evaluation, minima);
    let seen = snapshot.racers.iter().flat_map(|racer| mark.past(racer));
    let seen = span(seen.filter_map(value));
    let starts = span(starts(snapshot).filter_map(value));
    match quantity {
        Quantity::Accuracy => Axis::between(0.0, 1.0),
        Quantity::Loss => losses(snapshot, starts, seen, settings.linear_y),
        Quantity::Gradient | Quantity::Distance if settings.linear_y => {
            Axis::around(Scale::Linear, 0.0, seen.end)
        }
        Quantity::Gradient | Quantity::Distance => {
            Axis::around(Scale::Log, seen.start.max(seen.end * 1e-12), seen.end)
        }
    }
}

fn losses(snapshot: &Snapshot, starts: Range<f64>, seen: Range<f64>, linear: bool) -> Axis {
    let target = snapshot.meta.target;
    let target = (target.metric == Metric::Loss).then_some(target.value);
    let little = target.is_some_and(|target| starts.end < NARROW * target);
    let narrow = little && has_logarithm(snapshot);
    if linear || narrow {
        let low = target.unwrap_or(starts.start).min(starts.start);
        let room = ROOM * (starts.end - low).max(1e-9);
        let (bottom, top) = (low - room, starts.end + room);
        let (low, high) = (low.min(seen.start), starts.end.max(seen.end));
        return Axis::around(Scale::Linear, low.max(bottom), high.min(top));
    }
    if has_logarithm(snapshot) {
        let low = target.unwrap_or(starts.start / 10.0).min(seen.start);
        let high = seen.end.min(starts.end * RISE).max(starts.end);
        return Axis::around(Scale::Log, low, high);
    }
    let low = target.unwrap_or(starts.start).min(starts.start);
    let size = low.abs().max(starts.end.abs()).max(1e-9);
    let low = seen.start.max(-RISE * size).min(low);
    let high = seen.end.min(RISE * size).max(starts.end);
    Axis::around(Scale::Asinh(EVEN * size), low, high)
}

/// The lowest and the highest finite value; 1 if there is none.
fn span(values: impl Iterator<Item = f64>) -> Range<f64> {
    let finite = values.filter(|value| value.is_finite());
    finite
        .map(|value| value..value)
        .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
        .unwrap_or(1.0..1.0)
}
