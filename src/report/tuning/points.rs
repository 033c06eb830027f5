//! Every rate of every racer as a row of a table: the whole curves, for spreadsheets and data frames.

use crate::report::csv::{hyperparameters, never, number};
use crate::sweep::tune::curve::{Curve, Point};
use crate::sweep::tune::{Tuned, Tuning};

const HEADER: [&str; 13] = [
    "scenario",
    "label",
    "optimizer",
    "over",
    "learning_rate",
    "best",
    "complete",
    "runs",
    "successes",
    "diverged",
    "median",
    "best_loss",
    "iterations",
];

/// The header, and a row a point.
pub fn rows(tuning: &Tuning) -> impl Iterator<Item = Vec<String>> {
    let header = HEADER.map(str::to_owned).to_vec();
    let points = tuning.racers.iter().flat_map(move |racer| {
        let curves = racer.curves.iter();
        curves.flat_map(move |curve| {
            let points = curve.points.iter();
            points.map(move |point| row(tuning, racer, curve, point))
        })
    });
    std::iter::once(header).chain(points)
}

fn row(tuning: &Tuning, racer: &Tuned, curve: &Curve, point: &Point) -> Vec<String> {
    let best = racer
        .at_best()
        .is_some_and(|(_, best)| std::ptr::eq(best, point));
    let runs = &point.runs;
    let iterations: Vec<String> = runs.iterations.iter().copied().map(never).collect();
    let median = match runs.median {
        Some(median) => number(Some(median)),
        None => "never".to_owned(),
    };
    let some = !iterations.is_empty();
    vec![
        tuning.meta.name.clone(),
        racer.entered.label.clone(),
        racer.entered.optimizer.clone(),
        hyperparameters(&curve.over),
        number(Some(point.rate)),
        best.to_string(),
        point.known.to_string(),
        iterations.len().to_string(),
        runs.successes.to_string(),
        point.diverged.to_string(),
        if some { median } else { String::new() },
        number(some.then_some(point.best_loss)),
        iterations.join(" "),
    ]
}
