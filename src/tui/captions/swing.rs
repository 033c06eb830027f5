//! Back and forth: zig-zags across a ravine, overshooting, and the noise of mini-batches.

use crate::optim::Setting;
use crate::race::snapshot::Entered;
use crate::tui::captions::scene::{Run, Scene};
use crate::tui::captions::words::{caption, coordinate, value};
use crate::tui::captions::{Caption, Kind};
use crate::tui::view::number::{count, short};

/// Turns are counted over so many steps.
const STEPS: u32 = 40;

/// A zig-zag turns in at least so many of them.
const TURNS: u32 = 30;

/// A turn counts if both moves are at least this share of the whole step: a coordinate that hardly
/// moves any more turns for nothing.
const SHARE: f64 = 0.05;

/// An overshoot is a rise to this many times the lowest loss: on surfaces, and on models, where
/// mini-batches make every loss rise a little.
const RISE: (f64, f64) = (1.5, 4.0);

/// And by this share of the way from the start to the target.
const WAY: f64 = 0.02;

/// Rises are counted over so many evaluations.
const SEEN: u32 = 20;

/// A loss is noisy if it rises in at least so many of them.
const RISES: u32 = 6;

/// A zig-zag, and how the others keep their direction.
pub(super) fn zig_zag(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    if !scene.meta.surface {
        return;
    }
    let found = scene.runs.iter().filter_map(|run| {
        let axes = 0..run.points[0].position.len();
        let first = axes
            .filter_map(|k| Some((first_zig_zag(run, k)?, k)))
            .min()?;
        Some((run.steps[first.0], run, first.0, first.1))
    });
    let Some((step, run, i, k)) = found.min_by_key(|(step, ..)| *step) else {
        return;
    };
    let turns = turns(run, i, k);
    let axis = coordinate(scene.meta, k, run.points[i].position.len());
    let steadiest = scene
        .runs
        .iter()
        .filter(|other| other.racer != run.racer && other.runs_at(step))
        .filter_map(|other| Some((turns_at(other, step, k)?, other)))
        .filter(|(least, _)| 2 * least < turns)
        // Momentum is what damps it; that others do not turn can have other reasons.
        .min_by_key(|(least, other)| (other.entered.optimizer != "momentum", *least));
    let who = run.label();
    // The moves of plain gradient descent are its slopes.
    let plain = ["gd", "sgd"].contains(&run.entered.optimizer.as_str());
    let what = if plain {
        format!("{who}'s dJ/d{axis} changed sign")
    } else {
        format!("{who}'s {axis} turned")
    };
    let of = if plain { "of" } else { "of the last" };
    let alone = format!("zig-zag: {what} in {turns} {of} {STEPS} steps");
    let against = steadiest.map(|(least, other)| match (plain, beta(other.entered), least) {
        (true, Some(beta), _) => {
            let share = cancelled(run, i, k, beta);
            let (other, beta) = (other.label(), short(beta));
            format!("{alone}; {other}'s beta {beta} cancels {share:.0} %")
        }
        (_, _, 0) => format!("{alone}, {}'s in none", other.label()),
        _ => format!("{alone}, {}'s in {least}", other.label()),
    });
    let ways = [
        against.unwrap_or_else(|| alone.clone()),
        alone,
        format!("zig-zag: {what} in {turns} of {STEPS}"),
    ];
    captions.push(caption(run.moment(i), Some(run.racer), Kind::ZigZag, &ways));
}

/// Whether the coordinate `k` turned back in the step to the evaluation `i`.
fn turns_back(run: &Run<'_>, i: usize, k: usize) -> bool {
    if i < 2 || !run.follows(i) || !run.follows(i - 1) {
        return false;
    }
    let [before, middle, now] = [i - 2, i - 1, i].map(|j| &run.points[j].position);
    let (first, second) = (middle[k] - before[k], now[k] - middle[k]);
    let squares = now.iter().zip(middle).map(|(a, b)| (a - b) * (a - b));
    let least = SHARE * squares.sum::<f64>().sqrt();
    first * second < 0.0 && first.abs() >= least && second.abs() >= least
}

/// The first evaluation at which `k` has turned often enough.
fn first_zig_zag(run: &Run<'_>, k: usize) -> Option<usize> {
    let mut window = 0_u64;
    (1..run.points.len()).find(|&i| {
        window = push(window, turns_back(run, i, k), STEPS);
        i >= STEPS as usize && window.count_ones() >= TURNS
    })
}

/// How often `k` turned in the last steps up to the evaluation `i`.
fn turns(run: &Run<'_>, i: usize, k: usize) -> u32 {
    let from = (i + 1).saturating_sub(STEPS as usize);
    (from..=i).filter(|&j| turns_back(run, j, k)).count() as u32
}

/// The same at `step`, if every one of the last steps was evaluated.
fn turns_at(run: &Run<'_>, step: u64, k: usize) -> Option<u32> {
    let i = run.at(step)?;
    let all = (i + 1)
        .checked_sub(STEPS as usize)
        .is_some_and(|from| run.steps[i] == step && run.steps[from] + u64::from(STEPS) == step + 1);
    all.then(|| turns(run, i, k))
}

/// The beta of momentum, if this is momentum.
fn beta(entered: &Entered) -> Option<f64> {
    let mut settings = entered.hyperparameters.iter();
    let found = settings.find(|(name, _)| entered.optimizer == "momentum" && name == "beta");
    match found {
        Some((_, Setting::Number(beta))) => Some(*beta),
        _ => None,
    }
}

/// How much of the last moves along `k` up to the evaluation `i` a moving average with `beta`
/// leaves out, in percent: the length of its moves against theirs.
fn cancelled(run: &Run<'_>, i: usize, k: usize, beta: f64) -> f64 {
    let from = (i + 1).saturating_sub(STEPS as usize).max(1);
    let (mut average, mut left, mut all) = (0.0_f64, 0.0, 0.0);
    for j in from..=i {
        let step = run.points[j].position[k] - run.points[j - 1].position[k];
        average = beta * average + (1.0 - beta) * step;
        left += average.abs();
        all += step.abs();
    }
    100.0 * (1.0 - left / all)
}

/// The last `length` bits, with one more.
fn push(window: u64, bit: bool, length: u32) -> u64 {
    (window << 1 | u64::from(bit)) & ((1 << length) - 1)
}

/// Who shoots past and comes back, the first time.
pub(super) fn overshoots(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let factor = if scene.meta.surface { RISE.0 } else { RISE.1 };
    for run in &scene.runs {
        let way = WAY * (run.losses[0] - scene.target().unwrap_or(0.0));
        let Some((low, high, i)) = overshoot(run, factor, way) else {
            continue;
        };
        let (who, from, to) = (run.label(), run.steps[low], value(run.losses[high]));
        let (low, from) = (value(run.losses[low]), count(from));
        let ways = [
            format!("{who} overshoots: its loss rose from {low} at step {from} to {to}, and turns"),
            format!("{who} overshoots: loss {low}, then {to}"),
            format!("{who} overshoots"),
        ];
        captions.push(caption(
            run.moment(i),
            Some(run.racer),
            Kind::Overshoot,
            &ways,
        ));
    }
}

/// The lowest loss, the highest after it, and the evaluation at which it has turned.
fn overshoot(run: &Run<'_>, factor: f64, least: f64) -> Option<(usize, usize, usize)> {
    let losses = &run.losses;
    let (mut low, mut high) = (0, 0);
    for (i, &loss) in losses.iter().enumerate() {
        if !loss.is_finite() || loss <= 0.0 {
            return None;
        }
        let fell = losses[low] < 0.5 * losses[0];
        let rose = losses[high] >= factor * losses[low] && losses[high] - losses[low] >= least;
        if fell && rose && loss < losses[high] {
            return Some((low, high, i));
        }
        if loss < losses[low] {
            (low, high) = (i, i);
        } else if loss > losses[high] {
            high = i;
        }
    }
    None
}

/// A mini-batch racer goes up and down where a full-batch racer only goes down.
pub(super) fn noise(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    if scene.meta.surface {
        return;
    }
    let full = scene.runs.iter().filter(|run| run.entered.batch.is_none());
    let calm: Vec<(&Run<'_>, Vec<bool>)> = full.map(|run| (run, calm(run))).collect();
    if calm.is_empty() {
        return;
    }
    let mini = scene.runs.iter().filter(|run| run.entered.batch.is_some());
    let found = mini.filter_map(|run| first_noise(run, &calm));
    let Some((run, rises, i, other)) = found.min_by_key(|(run, _, i, _)| run.steps[*i]) else {
        return;
    };
    let (who, other) = (run.label(), other.label());
    let ways = [
        format!("{who}'s loss rose in {rises} of its last {SEEN} evaluations, {other}'s in none"),
        format!("{who}'s loss rose in {rises} of {SEEN} evaluations"),
        format!("{who}'s loss rose {rises} times in {SEEN}"),
    ];
    captions.push(caption(run.moment(i), Some(run.racer), Kind::Noise, &ways));
}

/// At which evaluations `run`'s loss has not risen in any of the last ones.
fn calm(run: &Run<'_>) -> Vec<bool> {
    windows(run).map(|window| window == Some(0)).collect()
}

/// In which of the last evaluations the loss has risen, at each evaluation; `None` at the first.
fn windows(run: &Run<'_>) -> impl Iterator<Item = Option<u64>> {
    let mut window = 0;
    (0..run.losses.len()).map(move |i| {
        let rose = i > 0 && run.losses[i] > run.losses[i - 1];
        window = push(window, rose, SEEN);
        (i >= SEEN as usize).then_some(window)
    })
}

/// The first evaluation at which `run` is noisy and one of the others calm.
fn first_noise<'a>(
    run: &'a Run<'a>,
    others: &[(&'a Run<'a>, Vec<bool>)],
) -> Option<(&'a Run<'a>, u32, usize, &'a Run<'a>)> {
    windows(run).enumerate().find_map(|(i, window)| {
        let rises = window?.count_ones();
        let is_calm = |(other, calm): &&(&Run<'_>, Vec<bool>)| {
            let step = run.steps[i];
            other.runs_at(step) && other.at(step).is_some_and(|j| calm[j])
        };
        let (other, _) = others.iter().filter(|_| rises >= RISES).find(is_calm)?;
        Some((run, rises, i, *other))
    })
}
