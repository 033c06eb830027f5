//! Results as CSV, for spreadsheets and data frames: a header and a row a racer. Numbers read back to
//! the same bits; what there is not is an empty cell.

use super::{Batch, Results, Row};
use crate::optim::Setting;
use crate::race::snapshot::Outcome;

/// The columns of every table.
const HEADER: [&str; 24] = [
    "scenario",
    "seed",
    "label",
    "optimizer",
    "hyperparameters",
    "batch",
    "evaluate_every",
    "rank",
    "outcome",
    "cause",
    "first_hit",
    "iterations_to_converge",
    "samples_to_converge",
    "epochs_to_converge",
    "seconds_to_converge",
    "steps",
    "samples",
    "gradient_evaluations",
    "seconds",
    "initial_loss",
    "final_loss",
    "best_loss",
    "test_loss",
    "test_accuracy",
];

/// The column behind all others: those before keep their places.
const CLIPPED: &str = "clipped";

/// The columns that several seeds add.
const SEEDS: [&str; 7] = [
    "runs",
    "successes",
    "median",
    "interval_low",
    "interval_high",
    "expected_running_time",
    "iterations",
];

pub(super) fn write(results: &Results) -> String {
    let seeds = results.seeds().map_or(&[] as &[&str], |_| &SEEDS);
    let header = HEADER.iter().chain(seeds).chain(&[CLIPPED]);
    let header = header.map(|&name| name.to_owned()).collect();
    let rows = results.racers.iter().map(|row| record(results, row));
    table(std::iter::once(header).chain(rows))
}

/// Rows of the same length, as CSV.
pub(super) fn table(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(vec![]);
    for row in rows {
        writer
            .write_record(row)
            .expect("all rows have the same length and go to memory");
    }
    let bytes = writer.into_inner().expect("it goes to memory");
    String::from_utf8(bytes).expect("all cells are text")
}

fn record(results: &Results, row: &Row) -> Vec<String> {
    let to_converge = row.to_converge;
    let cause = row.outcome.as_ref().and_then(Outcome::cause);
    let mut cells = vec![
        results.name.clone(),
        results.seed.to_string(),
        row.label.clone(),
        row.optimizer.clone(),
        hyperparameters(row),
        match row.batch {
            Batch::Full | Batch::All => "all".to_owned(),
            Batch::Mini(batch) => batch.to_string(),
        },
        row.evaluate_every.to_string(),
        row.rank.to_string(),
        row.word().to_owned(),
        cause.unwrap_or_default().to_owned(),
        whole(row.first_hit),
        whole(to_converge.map(|counts| counts.iterations)),
        whole(to_converge.map(|counts| counts.samples)),
        number(to_converge.and_then(|counts| counts.epochs)),
        number(to_converge.map(|counts| counts.seconds)),
        row.steps.to_string(),
        row.samples.to_string(),
        row.gradient_evaluations.to_string(),
        number(Some(row.seconds)),
        number(Some(row.initial_loss)),
        number(Some(row.final_loss)),
        number(Some(row.best_loss)),
        number(row.test_loss),
        number(row.test_accuracy),
    ];
    if let Some(seeds) = &row.seeds {
        let iterations: Vec<String> = seeds.iterations.iter().copied().map(never).collect();
        cells.extend([
            seeds.iterations.len().to_string(),
            seeds.successes.to_string(),
            seeds
                .median
                .map_or("never".to_owned(), |median| number(Some(median))),
            seeds.interval.map_or(String::new(), |[low, _]| never(low)),
            seeds
                .interval
                .map_or(String::new(), |[_, high]| never(high)),
            number(seeds.expected_running_time),
            iterations.join(" "),
        ]);
    }
    cells.push(whole(row.clipped));
    cells
}

/// `learning_rate=0.01 beta=0.9`.
fn hyperparameters(row: &Row) -> String {
    let pairs: Vec<String> = row
        .hyperparameters
        .iter()
        .map(|(name, value)| match value {
            Setting::Number(x) => format!("{name}={}", number(Some(*x))),
            Setting::Switch(on) => format!("{name}={on}"),
            Setting::Word(word) => format!("{name}={word}"),
        })
        .collect();
    pairs.join(" ")
}

fn whole(count: Option<u64>) -> String {
    count.map_or(String::new(), |count| count.to_string())
}

fn never(count: Option<u64>) -> String {
    count.map_or("never".to_owned(), |count| count.to_string())
}

/// The shortest text that reads back to the same number; `NaN`, `inf` and `-inf` as most readers know
/// them.
pub(super) fn number(x: Option<f64>) -> String {
    match x {
        None => String::new(),
        Some(x) if x == 0.0 || (1e-5..1e16).contains(&x.abs()) || !x.is_finite() => x.to_string(),
        Some(x) => format!("{x:e}"),
    }
}
