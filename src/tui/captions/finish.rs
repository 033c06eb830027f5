//! The start, and how it ends for each racer.

use crate::problem::Part;
use crate::race::snapshot::Outcome;
use crate::race::trace::{Evaluation, Moment};
use crate::scenario::Metric;
use crate::tui::captions::scene::{Scene, convergence};
use crate::tui::captions::words::{caption, names, number, ordinal, steps, value};
use crate::tui::captions::{Caption, Kind};
use crate::tui::view::number::{count, short};

/// What is raced.
pub(super) fn start(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let finite = |loss: &f64| loss.is_finite();
    let losses = scene.runs.iter().map(|run| run.losses[0]).filter(finite);
    let (low, high) = losses.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), loss| {
        (low.min(loss), high.max(loss))
    });
    let loss = if low > high {
        "without a finite loss".to_owned()
    } else if low == high {
        format!("at loss {}", value(low))
    } else {
        format!("at losses of {} to {}", value(low), value(high))
    };
    let who = match scene.runs.len() {
        0 => return,
        1 => "one racer starts".to_owned(),
        n => format!("{} racers start", number(n)),
    };
    let (meta, target) = (scene.meta, target(scene));
    let hold = match meta.hold {
        1 => String::new(),
        hold => format!(", to hold for {} evaluations", count(hold)),
    };
    let on = if meta.surface {
        String::new()
    } else {
        format!(" on {} examples", count(meta.examples))
    };
    let ways = [
        format!("{who} {loss}{on}; target {target}{hold}"),
        format!("{who} {loss}; target {target}{hold}"),
        format!("{who} {loss}; target {target}"),
    ];
    captions.push(caption(Moment::default(), None, Kind::Start, &ways));
}

fn target(scene: &Scene<'_>) -> String {
    let target = scene.meta.target;
    let part = match (target.on, target.metric) {
        (Part::Train, Metric::Loss) => return short(target.value),
        (Part::Train, Metric::Accuracy) => "accuracy",
        (Part::Test, Metric::Loss) => return format!("test loss {}", short(target.value)),
        (Part::Test, Metric::Accuracy) => "test accuracy",
    };
    format!("{part} {:.1} %", 100.0 * target.value)
}

/// Who converges, in the order of the finish; those that do at the same step together.
pub(super) fn finishes(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let converged = scene.runs.iter().filter_map(|run| {
        let at = convergence(run.progress)?;
        Some((run.racer, run.label(), at))
    });
    let mut order: Vec<_> = converged.collect();
    order.sort_by_key(|(_, _, at)| at.step);
    let mut ahead = 0;
    let first = order.first().map(|&(_, label, at)| (label, at.step));
    for tied in order.chunk_by(|(_, _, a), (_, _, b)| a.step == b.step) {
        let labels: Vec<&str> = tied.iter().map(|(_, label, _)| *label).collect();
        let (racer, _, at) = tied[0];
        let ways = match first {
            Some(first) if ahead > 0 => later(&labels, ahead + 1, first, at),
            _ => earliest(&labels, scene.runs.len(), at),
        };
        captions.push(caption(at.moment(), Some(racer), Kind::Finish, &ways));
        ahead += tied.len();
    }
}

fn earliest(labels: &[&str], of: usize, at: &Evaluation) -> Vec<String> {
    let who = names(labels);
    let samples = count(at.samples);
    match labels {
        [_] if of == 1 => vec![
            format!("{who} converges, after {samples} samples"),
            format!("{who} converges"),
        ],
        [_] => vec![
            format!("{who} converges first, after {samples} samples"),
            format!("{who} converges first"),
        ],
        _ => vec![
            format!("{who} converge first, at the same step"),
            format!("{who} converge first"),
            format!("{} racers converge first", number(labels.len())),
        ],
    }
}

fn later(labels: &[&str], rank: usize, first: (&str, u64), at: &Evaluation) -> Vec<String> {
    let (place, who) = (ordinal(rank), names(labels));
    let who = match labels {
        [_] => format!("{who} is {place}"),
        _ => format!("{who} are {place}"),
    };
    let (behind, samples) = (steps(at.step - first.1), count(at.samples));
    let after = match labels {
        [_] => format!(" ({samples} samples)"),
        _ => String::new(),
    };
    vec![
        format!("{who}, {behind} behind {}{after}", first.0),
        format!("{who}, {behind} behind {}", first.0),
        format!("{who}, {behind} behind"),
    ]
}

/// Who does not finish, and why.
pub(super) fn failures(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    for run in &scene.runs {
        let (who, progress) = (run.label(), run.progress);
        let best = value(progress.best_loss);
        let Some(outcome) = &progress.outcome else {
            continue;
        };
        let ways = match outcome {
            Outcome::Converged => continue,
            Outcome::Diverged { cause, .. } => {
                let before = run.points.iter().rev().nth(1);
                let was = before.map_or_else(String::new, |point| {
                    let (loss, step) = (value(point.loss), count(point.step));
                    format!(" (it was {loss} at step {step})")
                });
                vec![
                    format!("{who} diverges: {cause}{was}"),
                    format!("{who} diverges: {cause}"),
                ]
            }
            Outcome::Stalled { cause } => {
                let on = cause
                    .as_ref()
                    .map_or_else(String::new, |on| format!(" ({on})"));
                let best = format!("best loss {best}");
                vec![
                    format!("{who} has stalled, its gradient nearly zero{on}: {best}"),
                    format!("{who} has stalled{on}: {best}"),
                ]
            }
            Outcome::Limit { cause } => {
                let reached = match progress.first_hit {
                    Some(hit) => {
                        format!("met the target at step {}, but did not hold it", count(hit))
                    }
                    None => format!("best loss {best}"),
                };
                vec![
                    format!("{who} does not finish within {cause}: {reached}"),
                    format!("{who} does not finish: {reached}"),
                    format!("{who} does not finish: best loss {best}"),
                ]
            }
            Outcome::Error { cause } => {
                vec![format!("{who} fails, {cause}"), format!("{who} fails")]
            }
        };
        let at = progress.latest.moment();
        captions.push(caption(at, Some(run.racer), Kind::Failure, &ways));
    }
}
