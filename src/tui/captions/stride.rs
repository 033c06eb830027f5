//! How far a step goes, against gradient descent's from the same start.

use crate::race::snapshot::Meta;
use crate::tui::captions::scene::{Run, Scene};
use crate::tui::captions::words::{caption, coordinate, times, value};
use crate::tui::captions::{Caption, Kind};

/// How many times as far a step must go.
const FARTHER: f64 = 10.0;

/// Over so many steps both must keep their direction.
const STEADY: usize = 5;

/// The first steps are looked at from here on.
const FROM: u64 = 8;

/// And up to here: later the racers are at too different places to compare their steps.
const TO: u64 = 1_000;

/// A racer that goes much further along a coordinate whose slope only begins to show, and that has
/// gained by it.
pub(super) fn stride(scene: &Scene<'_>, captions: &mut Vec<Caption>) {
    let plain = |run: &&Run<'_>| run.entered.optimizer == "gd";
    let Some(plain) = scene.runs.iter().find(plain).filter(|_| scene.meta.surface) else {
        return;
    };
    for step in FROM..=TO {
        let Some(here) = index(plain, step) else {
            return;
        };
        let found = scene
            .runs
            .iter()
            .filter(|run| run.racer != plain.racer && run.points[0] == plain.points[0])
            .filter_map(|run| further(run, plain, step, here))
            .max_by(|a, b| a.ratio.total_cmp(&b.ratio));
        if let Some(found) = found {
            captions.push(found.caption(scene.meta, plain));
            return;
        }
    }
}

/// The evaluation at `step`, if all of the last steps were evaluated.
fn index(run: &Run<'_>, step: u64) -> Option<usize> {
    let i = usize::try_from(step).ok()?;
    (run.steps.get(i) == Some(&step) && run.runs_at(step)).then_some(i)
}

struct Found<'a> {
    run: &'a Run<'a>,
    i: usize,
    k: usize,
    own: f64,
    others: f64,
    ratio: f64,
}

fn further<'a>(run: &'a Run<'a>, plain: &Run<'_>, step: u64, here: usize) -> Option<Found<'a>> {
    let i = index(run, step)?;
    let coordinates = 0..run.points[i].position.len();
    let lower = run.losses[i] < plain.losses[here];
    coordinates
        .filter(|_| lower)
        .filter_map(|k| {
            let (own, others) = (steady(run, i, k)?, steady(plain, here, k)?);
            let grows = others.abs() >= moved(plain, here + 1 - STEADY, k).abs();
            let (own, others) = (own.abs(), others.abs());
            let ratio = own / others;
            let far = grows && (FARTHER..f64::INFINITY).contains(&ratio);
            far.then_some(Found {
                run,
                i,
                k,
                own,
                others,
                ratio,
            })
        })
        .max_by(|a, b| a.ratio.total_cmp(&b.ratio))
}

/// How far the coordinate `k` moved in the step to the evaluation `i`.
fn moved(run: &Run<'_>, i: usize, k: usize) -> f64 {
    run.points[i].position[k] - run.points[i - 1].position[k]
}

/// How far it moved then, if it has kept its direction.
fn steady(run: &Run<'_>, i: usize, k: usize) -> Option<f64> {
    let now = moved(run, i, k);
    let same = |j: usize| moved(run, j, k) * now > 0.0;
    (i + 1 - STEADY..i).all(same).then_some(now)
}

impl Found<'_> {
    fn caption(&self, meta: &Meta, plain: &Run<'_>) -> Caption {
        let run = self.run;
        let axis = coordinate(meta, self.k, run.points[self.i].position.len());
        let (who, other) = (run.label(), plain.label());
        let (own, others, ratio) = (value(self.own), value(self.others), times(self.ratio));
        let ways = [
            format!("along {axis} {who} goes {own} a step, {other} {others}: {ratio} times as far"),
            format!("along {axis} {who} goes {ratio} times as far a step"),
        ];
        caption(run.moment(self.i), Some(run.racer), Kind::Stride, &ways)
    }
}
