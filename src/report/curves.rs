//! What every racer went through, for plotting elsewhere: CSV with a row for each evaluation, or one
//! JSON object of the format `slalom.curves/1`. Numbers read back to the same bits.

use serde_json::{Value, json};

use super::csv::{number, table};
use super::json::target;
use crate::race::snapshot::{Entered, Meta, Outcome, Progress, Snapshot};
use crate::race::trace::Evaluation;

/// The format's name and version.
const FORMAT: &str = "slalom.curves/1";

/// The columns before those of the position.
const COLUMNS: [&str; 10] = [
    "racer",
    "optimizer",
    "step",
    "samples",
    "seconds",
    "loss",
    "accuracy",
    "test_loss",
    "test_accuracy",
    "gradient_norm",
];

/// A header and a row for each evaluation, racer by racer; what there is not is an empty cell. On
/// surfaces the position follows, a column for each parameter.
pub fn csv(snapshot: &Snapshot) -> String {
    let positions = (1..=parameters(&snapshot.meta)).map(|i| format!("position_{i}"));
    let header = COLUMNS.iter().map(|&name| name.to_owned()).chain(positions);
    let racers = snapshot.meta.racers.iter().zip(&snapshot.racers);
    let rows = racers.flat_map(|(entered, progress)| {
        let points = progress.trace.points().iter();
        points.map(move |evaluation| row(entered, evaluation))
    });
    table(std::iter::once(header.collect()).chain(rows))
}

fn row(entered: &Entered, at: &Evaluation) -> Vec<String> {
    let first = [
        entered.label.clone(),
        entered.optimizer.clone(),
        at.step.to_string(),
        at.samples.to_string(),
        number(Some(at.seconds)),
        number(Some(at.loss)),
        number(at.accuracy),
        number(at.test_loss),
        number(at.test_accuracy),
        number(at.gradient_norm),
    ];
    let position = at.position.iter().map(|x| number(Some(*x)));
    first.into_iter().chain(position).collect()
}

/// How many parameters have a column.
fn parameters(meta: &Meta) -> usize {
    if meta.surface { meta.parameters } else { 0 }
}

/// One object in one line: the race, and of each racer an array for each quantity; what is not finite
/// or not known is null.
pub fn json(snapshot: &Snapshot) -> String {
    let meta = &snapshot.meta;
    let racers = meta.racers.iter().zip(&snapshot.racers);
    let object = json!({
        "format": FORMAT,
        "version": meta.version,
        "scenario": {
            "name": meta.name,
            "title": meta.title,
            "digest": meta.digest,
        },
        "seed": meta.seed,
        "target": target(meta.target),
        "examples": meta.examples,
        "racers": racers.map(|(entered, progress)| racer(meta, entered, progress)).collect::<Vec<_>>(),
    });
    format!("{object}\n")
}

fn racer(meta: &Meta, entered: &Entered, progress: &Progress) -> Value {
    let points = progress.trace.points();
    let array = |of: fn(&Evaluation) -> Value| points.iter().map(of).collect::<Value>();
    let position = |i: usize| {
        let along = points.iter().map(|at| at.position.get(i).copied());
        along.collect::<Value>()
    };
    json!({
        "label": entered.label,
        "optimizer": entered.optimizer,
        "outcome": progress.outcome.as_ref().map_or("running", Outcome::word),
        "step": array(|at| at.step.into()),
        "samples": array(|at| at.samples.into()),
        "seconds": array(|at| at.seconds.into()),
        "loss": array(|at| at.loss.into()),
        "accuracy": array(|at| at.accuracy.into()),
        "test_loss": array(|at| at.test_loss.into()),
        "test_accuracy": array(|at| at.test_accuracy.into()),
        "gradient_norm": array(|at| at.gradient_norm.into()),
        "position": (0..parameters(meta)).map(position).collect::<Vec<_>>(),
    })
}
