//! What there is to say when all racers are done.

use crate::race::snapshot::Progress;
use crate::race::standing::{Scoreboard, standings};
use crate::race::trace::{Evaluation, Moment};
use crate::tui::captions::scene::{Scene, convergence};
use crate::tui::captions::words::{caption, names, ordinal, times, value};
use crate::tui::captions::{Caption, Kind};
use crate::tui::view::number::count;

/// Nothing is said of a last racer that needs less than this many times the first one's steps.
const FAR: f64 = 1.5;

/// The end of the race by every count.
fn end(scene: &Scene<'_>) -> Option<Moment> {
    let all = |of: fn(&Progress) -> Moment| scene.snapshot.racers.iter().map(of);
    let last = |progress: &Progress| progress.latest.moment();
    scene.snapshot.finished().then(|| {
        all(last).fold(Moment::default(), |end, moment| Moment {
            step: end.step.max(moment.step),
            samples: end.samples.max(moment.samples),
            seconds: end.seconds.max(moment.seconds),
        })
    })
}

/// The last against the first.
pub(super) fn gap(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let Some(at) = end(scene) else { return };
    let converged = scene.runs.iter().filter_map(|run| {
        let steps = convergence(run.progress)?.step;
        Some((steps, run))
    });
    let mut order: Vec<_> = converged.collect();
    order.sort_by_key(|(steps, _)| *steps);
    let [(least, first), .., (most, last)] = order[..] else {
        return;
    };
    let ratio = most as f64 / least as f64;
    if least == 0 || ratio < FAR {
        return;
    }
    let (who, ratio) = (last.label(), times(ratio));
    let (most, least) = (count(most), count(least));
    let ways = [
        format!(
            "{who} needs {most} steps, {ratio} times {}'s {least}",
            first.label()
        ),
        format!("{who} needs {ratio} times the steps of {}", first.label()),
    ];
    captions.push(caption(at, Some(last.racer), Kind::Gap, &ways));
}

/// The racers on the test part, where they stopped.
pub(super) fn test(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let Some(at) = end(scene) else { return };
    let accuracy = |at: &Evaluation| at.test_accuracy;
    let loss = |at: &Evaluation| at.test_loss;
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let said = compare(scene, "test accuracy", accuracy, percent, 1.0)
        .or_else(|| compare(scene, "test loss", loss, value, -1.0));
    captions.extend(said.map(|(racer, ways)| caption(at, racer, Kind::Test, &ways)));
}

/// Best and worst of what `of` has, more of it being better if `sign` is positive.
fn compare(
    scene: &Scene<'_>,
    what: &str,
    of: impl Fn(&Evaluation) -> Option<f64>,
    say: impl Fn(f64) -> String,
    sign: f64,
) -> Option<(Option<usize>, Vec<String>)> {
    let finite = |x: &f64| x.is_finite();
    let mut order: Vec<_> = scene
        .runs
        .iter()
        .filter_map(|run| Some((of(&run.progress.latest).filter(finite)?, run)))
        .collect();
    order.sort_by(|a, b| (sign * b.0).total_cmp(&(sign * a.0)));
    let (&(best, first), &(worst, last)) = (order.first()?, order.last()?);
    let (best, worst) = (say(best), say(worst));
    let like = |x: &String| {
        let alike = order.iter().filter(|(other, _)| say(*other) == *x);
        names(&alike.map(|(_, run)| run.label()).collect::<Vec<_>>())
    };
    let ways = if best == worst {
        let who = if order.len() == 1 {
            first.label()
        } else {
            "all"
        };
        vec![format!("{what} where they stopped: {who} {best}")]
    } else {
        let (firsts, lasts) = (like(&best), like(&worst));
        vec![
            format!("{what} where they stopped: {firsts} {best} (best), {lasts} {worst} (worst)"),
            format!("{what}: {firsts} {best} (best), {lasts} {worst} (worst)"),
            format!("{what}: {firsts} {best}, {lasts} {worst}"),
            format!("{what}: {} {best}, {} {worst}", first.label(), last.label()),
            format!("{what}: {worst} to {best}"),
        ]
    };
    Some((Some(first.racer), ways))
}

/// Who falls furthest when samples are counted.
pub(super) fn samples(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let Some(at) = end(scene) else { return };
    let by_steps = standings(scene.snapshot, Scoreboard::Iterations);
    let by_samples = standings(scene.snapshot, Scoreboard::Samples);
    let run = |racer: usize| scene.runs.iter().find(|run| run.racer == racer);
    let falls = by_samples.iter().filter_map(|place| {
        let before = by_steps.iter().find(|was| was.racer == place.racer)?;
        let run = run(place.racer)?;
        let took = convergence(run.progress)?.samples;
        let fall = place
            .rank
            .checked_sub(before.rank)
            .filter(|&fall| fall > 0)?;
        Some((fall, run, before.rank, place.rank, took))
    });
    let Some((_, faller, from, to, took)) = falls.max_by_key(|(fall, ..)| *fall) else {
        return;
    };
    let Some(winner) = by_samples.first().and_then(|place| run(place.racer)) else {
        return;
    };
    let best = convergence(winner.progress).map_or(0, |at| at.samples);
    let (who, from, to) = (faller.label(), ordinal(from), ordinal(to));
    let fall = format!("by samples {who} falls from {from} to {to}");
    let (took, best) = (count(took), count(best));
    let ways = [
        format!("{fall}: it took {took} for {}'s {best}", winner.label()),
        fall,
    ];
    captions.push(caption(at, Some(faller.racer), Kind::Samples, &ways));
}
