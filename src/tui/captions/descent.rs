//! The first stretch: who comes down from the start's loss first, who stays on a plateau, and when
//! each leaves it.

use crate::race::trace::Moment;
use crate::tui::captions::scene::{Run, Scene};
use crate::tui::captions::words::{caption, names, number, steps, value};
use crate::tui::captions::{Caption, Kind};

/// A racer has come down when its loss is below this share of its start's.
const DOWN: f64 = 0.9;

/// Nobody is said to come down first within fewer steps: then there was nothing to come down from.
const SOON: u64 = 4;

/// A plateau is found where a racer's losses stay so near to their mean,
const LEVEL: f64 = 0.03;

/// for so many evaluations,
const LONG: usize = 6;

/// and above this share of its start's loss; further down a loss that stays is slow progress.
const HIGH: f64 = 0.75;

/// Who is so near to its loss is on it.
const ON: f64 = 0.08;

/// Who is below this share of its loss has left it,
const LEFT: f64 = 0.95;

/// if its loss fell so many times as fast in the last third of the time as in the first: else it
/// was slow, and still is.
const FASTER: f64 = 1.5;

/// Evaluations in a row whose losses lie near to each other.
struct Stretch {
    from: usize,
    to: usize,
    sum: f64,
    low: f64,
    high: f64,
}

impl Stretch {
    fn new(i: usize, loss: f64) -> Self {
        Self {
            from: i,
            to: i,
            sum: loss,
            low: loss,
            high: loss,
        }
    }

    fn mean(&self) -> f64 {
        self.sum / (self.to - self.from + 1) as f64
    }

    /// Takes the next evaluation if it lies near enough, or else begins anew with it.
    fn take(&mut self, i: usize, loss: f64) {
        let (low, high, sum) = (self.low.min(loss), self.high.max(loss), self.sum + loss);
        let mean = sum / (i - self.from + 1) as f64;
        let near = low >= mean * (1.0 - LEVEL) && high <= mean * (1.0 + LEVEL);
        *self = if near {
            Self {
                from: self.from,
                to: i,
                sum,
                low,
                high,
            }
        } else {
            Self::new(i, loss)
        };
    }

    /// Whether it is long: in evaluations, and against all that was before it.
    fn is_long(&self, run: &Run<'_>) -> bool {
        let (from, to) = (run.steps[self.from], run.steps[self.to]);
        self.to - self.from >= LONG && to >= 2 * from
    }
}

/// The evaluation at which it is clear that a racer is on a plateau, and the plateau's loss.
fn flat(run: &Run<'_>) -> Option<(usize, f64)> {
    let start = run.losses[0];
    if !(start > 0.0 && start.is_finite()) {
        return None;
    }
    let mut stretch = Stretch::new(0, start);
    for (i, &loss) in run.losses.iter().enumerate().skip(1) {
        // Infinite, or so low that there is no plateau any more.
        if !loss.is_finite() || loss < LEFT * HIGH * start {
            return None;
        }
        stretch.take(i, loss);
        if stretch.mean() > HIGH * start && stretch.is_long(run) {
            return Some((i, stretch.mean()));
        }
    }
    None
}

/// A plateau on which at least half of the racers are.
struct Plateau<'s, 'a> {
    at: Moment,
    loss: f64,
    /// Who is on it.
    on: Vec<&'s Run<'a>>,
    /// Who is below it already.
    past: Vec<&'s Run<'a>>,
}

impl<'s, 'a> Plateau<'s, 'a> {
    /// The first there is.
    fn find(scene: &'s Scene<'a>) -> Option<Self> {
        let clear = |run: &'s Run<'a>| flat(run).map(|(i, loss)| (run.moment(i), loss));
        let mut clear: Vec<_> = scene.runs.iter().filter_map(clear).collect();
        clear.sort_by_key(|(at, _)| at.step);
        let plateau = |(at, loss)| Self::seen(scene, at, loss);
        let half = |plateau: &Self| 2 * plateau.on.len() >= scene.runs.len();
        clear.into_iter().map(plateau).find(half)
    }

    fn seen(scene: &'s Scene<'a>, at: Moment, loss: f64) -> Self {
        let share = |run: &&Run<'_>| run.loss_at(at.step).map_or(f64::NAN, |own| own / loss);
        let on =
            |run: &&Run<'_>| run.runs_at(at.step) && (1.0 - ON..=1.0 + ON).contains(&share(run));
        Self {
            at,
            loss,
            on: scene.runs.iter().filter(on).collect(),
            past: scene
                .runs
                .iter()
                .filter(|run| share(run) < 1.0 - ON)
                .collect(),
        }
    }

    /// The evaluation of `run` that is below it.
    fn left(&self, run: &Run<'_>) -> Option<usize> {
        let below = |&loss: &f64| loss < LEFT * self.loss;
        let from = if self.is_past(run) {
            0
        } else {
            run.at(self.at.step)?
        };
        run.losses[from..].iter().position(below).map(|i| from + i)
    }

    fn is_past(&self, run: &Run<'_>) -> bool {
        self.past.iter().any(|past| past.racer == run.racer)
    }

    /// Whether `run`'s loss falls faster where it leaves, at the evaluation `i`, than before.
    fn is_left_behind(&self, run: &Run<'_>, i: usize) -> bool {
        let from = run.at(self.at.step).unwrap_or(0);
        let third = (i - from).div_ceil(3);
        let fall = |from: usize, to: usize| {
            (run.losses[from] - run.losses[to]) / (run.steps[to] - run.steps[from]) as f64
        };
        third > 0 && fall(i - third, i) > FASTER * fall(from, from + third)
    }
}

/// The first to come down, where most others stay.
pub(super) fn first(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let down = |run: &Run<'_>| {
        let below = |&loss: &f64| loss < DOWN * run.losses[0];
        run.losses.iter().position(below).map(|i| run.steps[i])
    };
    let all: Vec<_> = scene.runs.iter().map(|run| (run, down(run))).collect();
    let steps = all.iter().filter_map(|(_, down)| *down);
    let Some(step) = steps.min().filter(|&step| step >= SOON) else {
        return;
    };
    let is_first = |(_, down): &&(&Run<'_>, Option<u64>)| *down == Some(step);
    let (firsts, others): (Vec<_>, Vec<_>) = all.iter().partition(is_first);
    let is_seen = |run: &Run<'_>| run.at(step).is_some_and(|i| i >= 2) && run.losses[0] > 0.0;
    if firsts.len() > others.len() || !scene.runs.iter().all(is_seen) {
        return;
    }
    let loss = |(run, _): &&(&Run<'_>, Option<u64>)| run.loss_at(step);
    let low = others.iter().filter_map(loss).fold(f64::INFINITY, f64::min);
    let losses: Vec<String> = firsts.iter().filter_map(loss).map(value).collect();
    let losses: Vec<&str> = losses.iter().map(String::as_str).collect();
    let labels: Vec<&str> = firsts.iter().map(|(run, _)| run.label()).collect();
    let (who, losses, low) = (names(&labels), names(&losses), value(low));
    let come = if labels.len() == 1 { "comes" } else { "come" };
    let rest = match others.len() {
        1 => others[0].0.label().to_owned(),
        n => format!("the other {}", number(n)),
    };
    let ways = [
        format!("{who} {come} down first: loss {losses}; {rest} at {low} or more"),
        format!("{who} {come} down first: loss {losses}"),
        format!("{who} {come} down first"),
    ];
    let run = firsts[0].0;
    let at = run.moment(run.at(step).unwrap_or(0));
    captions.push(caption(at, Some(run.racer), Kind::Descent, &ways));
}

/// Half of the racers are on a plateau.
pub(super) fn plateau(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let Some(plateau) = Plateau::find(scene) else {
        return;
    };
    let labels = |runs: &[&Run<'_>]| -> String {
        names(&runs.iter().map(|run| run.label()).collect::<Vec<_>>())
    };
    let (on, of, loss) = (plateau.on.len(), scene.runs.len(), value(plateau.loss));
    let held = match on {
        2 if on == of => "both".to_owned(),
        3.. if on == of => format!("all {}", number(of)),
        _ => labels(&plateau.on),
    };
    let past = match plateau.past.len() {
        0 => String::new(),
        1 => format!("; {} is past it", labels(&plateau.past)),
        _ => format!("; {} are past it", labels(&plateau.past)),
    };
    let ways = [
        format!("a plateau at loss {loss} holds {held}{past}"),
        format!("a plateau at loss {loss} holds {held}"),
        format!("a plateau at loss {loss} holds {on} of {of}{past}"),
        format!("a plateau at loss {loss} holds {on} of {of}"),
    ];
    captions.push(caption(plateau.at, None, Kind::Plateau, &ways));
}

/// Who leaves it.
pub(super) fn departures(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let Some(plateau) = Plateau::find(scene) else {
        return;
    };
    let left = |run: &Run<'_>| plateau.left(run).map(|i| run.steps[i]);
    let all: Vec<_> = scene.runs.iter().map(|run| (run, left(run))).collect();
    for run in &plateau.on {
        let Some(i) = plateau
            .left(run)
            .filter(|&i| plateau.is_left_behind(run, i))
        else {
            continue;
        };
        let step = run.steps[i];
        let before = |(_, left): &&(&Run<'_>, Option<u64>)| left.is_some_and(|left| left < step);
        let is_gone = |other: &&(&Run<'_>, Option<u64>)| {
            other.0.racer == run.racer || before(other) || !other.0.runs_at(step)
        };
        let is_later = |(other, left): &&(&Run<'_>, Option<u64>)| {
            other.racer == run.racer || left.is_none_or(|left| left > step)
        };
        let first = all.iter().filter(before).min_by_key(|(_, left)| *left);
        let (who, loss) = (run.label(), value(run.losses[i]));
        let place = match first {
            None if all.iter().all(|other| is_later(&other)) && all.len() > 1 => " first",
            Some(_) if all.iter().all(|other| is_gone(&other)) => " last",
            _ => "",
        };
        let leaves = format!("{who} leaves the plateau{place}");
        let than = first.and_then(|(other, left)| {
            let later = steps(step - (*left)?);
            Some(format!(", {later} after {}", other.label()))
        });
        let ways = [
            format!("{leaves}, at loss {loss}{}", than.unwrap_or_default()),
            format!("{leaves}, at loss {loss}"),
            leaves,
        ];
        let at = run.moment(i);
        captions.push(caption(at, Some(run.racer), Kind::Departure, &ways));
    }
}
