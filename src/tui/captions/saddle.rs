//! Flat ground far above the target: who waits there, and when the slope is back.

use crate::tui::captions::scene::{Run, Scene};
use crate::tui::captions::words::{caption, names, steps, value};
use crate::tui::captions::{Caption, Kind};
use crate::tui::view::number::{count, short};

/// The ground is flat when the gradient is below this share of the start's,
const FLAT: f64 = 0.05;

/// for so many evaluations,
const LONG: usize = 10;

/// and the loss more than this share of the way above the target.
const ABOVE: f64 = 0.25;

/// The slope is back when the gradient is so many times its smallest.
const BACK: f64 = 4.0;

/// Who waits, and who gets away.
pub(super) fn waits(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let Some(target) = scene.target().filter(|_| scene.meta.surface) else {
        return;
    };
    for run in &scene.runs {
        let Some((i, norm)) = wait(run, target) else {
            continue;
        };
        let who = run.label();
        let (slope, loss, target) = (value(norm), value(run.losses[i]), short(target));
        let flat = format!("{who} is on flat ground");
        let there = format!("{flat}: |g| {slope}, loss {loss}");
        let mut ways = match others_there(scene, run, i) {
            Some(others) => vec![
                format!("{there}; {others} reached {target}"),
                format!("{flat}: |g| {slope}; {others} reached {target}"),
            ],
            None => vec![format!("{there}, far above the target {target}")],
        };
        ways.extend([there, format!("{flat}: |g| {slope}"), flat]);
        captions.push(caption(run.moment(i), Some(run.racer), Kind::Flat, &ways));
        captions.extend(release(scene, run, i, norm));
    }
}

/// The evaluation at which it is clear that a racer is on flat ground, and the gradient's norm.
fn wait(run: &Run<'_>, target: f64) -> Option<(usize, f64)> {
    let least = target + ABOVE * (run.losses[0] - target);
    let mut start = None;
    let mut long = 0;
    run.points.iter().enumerate().find_map(|(i, point)| {
        let norm = point.gradient_norm?;
        let flat = norm < FLAT * *start.get_or_insert(norm) && point.loss > least;
        long = if flat { long + 1 } else { 0 };
        (long >= LONG).then_some((i, norm))
    })
}

/// Who has had the target's loss when `run` is at the evaluation `i`, the earliest first.
fn others_there(scene: &Scene<'_>, run: &Run<'_>, i: usize) -> Option<String> {
    let target = scene.target()?;
    let others = scene.runs.iter().filter(|other| other.racer != run.racer);
    let mut there: Vec<(u64, &str)> = others
        .filter_map(|other| {
            let j = other.losses.iter().position(|&loss| loss <= target)?;
            Some((other.steps[j], other.label()))
        })
        .filter(|(step, _)| *step <= run.steps[i])
        .collect();
    there.sort_unstable();
    let labels: Vec<&str> = there.iter().map(|(_, label)| *label).collect();
    (!labels.is_empty()).then(|| names(&labels))
}

/// When the slope is back, and who was as low before.
fn release(scene: &Scene<'_>, run: &Run<'_>, from: usize, norm: f64) -> Option<Caption> {
    let seen = run.losses[..=from].iter().copied();
    let lowest = seen.fold(f64::INFINITY, f64::min);
    let mut smallest = norm;
    let i = (from..run.points.len()).find(|&i| {
        let Some(norm) = run.points[i].gradient_norm else {
            return false;
        };
        smallest = smallest.min(norm);
        norm >= BACK * smallest && run.losses[i] < lowest
    })?;
    let (loss, step) = (run.losses[i], run.steps[i]);
    let others = scene.runs.iter().filter(|other| other.racer != run.racer);
    let as_low = others.filter_map(|other| {
        let j = other.losses.iter().position(|&there| there <= loss)?;
        Some((other.steps[j], other.label()))
    });
    let earliest = as_low.min().filter(|(earlier, _)| *earlier < step);
    let (who, wait) = (run.label(), steps(step - run.steps[from]));
    let leaves = format!(
        "{who} gets off the flat after {wait}, at loss {}",
        value(loss)
    );
    let than = earliest
        .map(|(earlier, other)| format!("{leaves}; {other} was as low at step {}", count(earlier)));
    let ways = [
        than.unwrap_or_else(|| leaves.clone()),
        leaves,
        format!("{who} gets off the flat ground"),
    ];
    Some(caption(
        run.moment(i),
        Some(run.racer),
        Kind::Release,
        &ways,
    ))
}
