//! What people are shown of results: headings, columns of cells, and reasons, without a layout. The
//! table and the Markdown lay out the same.

use super::{Batch, Results, Row, lead};
use crate::optim::{Schedule, Setting};
use crate::problem::Part;
use crate::race::snapshot::Outcome;
use crate::scenario::{Metric, Target};

/// What the column of expected iterations is.
pub const EXPECTED: &str = "expected iterations (expected running time): \
                            those of all seeds, failures included, divided by successes";

/// A column: its name, and a cell a racer.
pub(super) struct Column {
    pub name: String,
    /// Whether its cells are numbers, to be aligned to the right.
    pub number: bool,
    pub cells: Vec<String>,
}

/// The line above everything: `Digits, seed 7`.
pub(super) fn title(results: &Results) -> String {
    let (title, seed) = (&results.title, results.seed);
    let title = match results.seeds() {
        Some(n) if n > 1 => format!("{title}, seeds {seed} to {}", seed + n as u64 - 1),
        _ => format!("{title}, seed {seed}"),
    };
    let departure = results.departure.iter().map(String::as_str);
    let streamed = results.streamed.then_some("data streamed from its file");
    [title.as_str()]
        .into_iter()
        .chain(departure)
        .chain(streamed)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What was to be reached: `target: training loss <= 0.05 within 2000 steps`.
pub(super) fn target(results: &Results) -> String {
    goal(results.surface, results.target, results.hold, results.limit)
}

/// The same of a target to be held for so many evaluations within so many steps.
pub(super) fn goal(surface: bool, target: Target, hold: u64, limit: u64) -> String {
    let part = match (surface, target.on) {
        (true, _) => "",
        (false, Part::Train) => "training ",
        (false, Part::Test) => "test ",
    };
    let metric = match target.metric {
        Metric::Loss => "loss <=",
        Metric::Accuracy => "accuracy >=",
    };
    let hold = match hold {
        1 => String::new(),
        hold => format!(", held for {hold} evaluations"),
    };
    let value = target.value;
    format!("target: {part}{metric} {value}{hold}, within {limit} steps")
}

/// The columns, and the rows they are about in the order they are shown.
pub(super) fn columns(results: &Results) -> Vec<Column> {
    if results.seeds().is_some_and(|n| n > 1) {
        seeds(results)
    } else {
        race(results)
    }
}

fn race(results: &Results) -> Vec<Column> {
    let mut columns = vec![];
    let rows: Vec<&Row> = results.racers.iter().collect();
    let mut add = |name, number, cell: &dyn Fn(&Row) -> String| {
        columns.push(column(&rows, name, number, cell));
    };
    add("rank", true, &|row| row.rank.to_string());
    add("racer", false, &|row| row.label.clone());
    add("rate", true, &rate);
    add("batch", true, &batch);
    add("iterations", true, &|row| {
        or_dash(row.to_converge.map(|counts| counts.iterations.to_string()))
    });
    add("samples", true, &|row| {
        or_dash(row.to_converge.map(|counts| counts.samples.to_string()))
    });
    if !results.surface {
        add("epochs", true, &|row| {
            let epochs = row.to_converge.and_then(|counts| counts.epochs);
            or_dash(epochs.map(|epochs| format!("{epochs:.2}")))
        });
    }
    add("seconds", true, &|row| {
        or_dash(row.to_converge.map(|counts| seconds(counts.seconds)))
    });
    add("best loss", true, &|row| short(row.best_loss));
    if results.racers.iter().any(|row| row.test_accuracy.is_some()) {
        add("test acc.", true, &|row| {
            or_dash(row.test_accuracy.map(percent))
        });
    }
    add("outcome", false, &outcome);
    columns
}

/// The columns on several seeds.
fn seeds(results: &Results) -> Vec<Column> {
    let rows: Vec<_> = results
        .racers
        .iter()
        .filter_map(|row| Some((row, row.seeds.as_ref()?)))
        .collect();
    let labels: Vec<&Row> = rows.iter().map(|(row, _)| *row).collect();
    let mut columns = vec![
        column(&labels, "racer", false, &|row| row.label.clone()),
        column(&labels, "rate", true, &rate),
        column(&labels, "batch", true, &batch),
    ];
    let mut add = |name, cell: &dyn Fn(&crate::stats::Summary) -> String| {
        columns.push(Column {
            name: str::to_owned(name),
            number: true,
            cells: rows.iter().map(|(_, seeds)| cell(seeds)).collect(),
        });
    };
    let never = |count: Option<u64>| count.map_or("never".to_owned(), |count| count.to_string());
    add("converged", &|seeds| {
        format!("{}/{}", seeds.successes, seeds.iterations.len())
    });
    add("median iterations", &|seeds| {
        seeds
            .median
            .map_or("never".to_owned(), |median| median.to_string())
    });
    add("95 % interval", &|seeds| {
        or_dash(seeds.interval.map(|ends| match ends {
            [None, None] => never(None),
            [low, high] => format!("{} to {}", never(low), never(high)),
        }))
    });
    add("expected iterations", &|seeds| {
        or_dash(seeds.expected_running_time.map(|time| format!("{time:.1}")))
    });
    columns
}

fn column(rows: &[&Row], name: &str, number: bool, cell: &dyn Fn(&Row) -> String) -> Column {
    let cells = rows.iter().map(|row| cell(row)).collect();
    Column {
        name: name.to_owned(),
        number,
        cells,
    }
}

/// Why racers did not finish, one line each; and what one race, or a lead over several, is worth.
pub(super) fn notes(results: &Results) -> Vec<String> {
    if let Some(n) = results.seeds().filter(|&n| n > 1) {
        let few = (n < 6).then(|| "no interval below 6 seeds".to_owned());
        let seeds = || results.racers.iter().filter_map(|row| row.seeds.as_ref());
        let expects = seeds().any(|seeds| seeds.expected_running_time.is_some());
        let expected = expects.then(|| EXPECTED.to_owned());
        let stopped = results.planned.filter(|planned| n < *planned).map(|planned| {
            format!(
                "stopped after {n} of {planned} seeds: what is said of luck holds for a number of seeds \
                 chosen beforehand"
            )
        });
        let notes = stopped.into_iter().chain(few).chain(lead::notes(results));
        return notes.chain(expected).collect();
    }
    let mut notes: Vec<String> = results.racers.iter().filter_map(reason).collect();
    notes.push("one race, not a ranking: --seeds N races on N seeds".to_owned());
    notes
}

fn reason(row: &Row) -> Option<String> {
    let label = &row.label;
    let how = match row.outcome.as_ref() {
        Some(Outcome::Converged) => return None,
        Some(Outcome::Diverged { step, cause }) => {
            return Some(format!("{label} diverged at step {step}: {cause}"));
        }
        Some(Outcome::Error { cause }) => {
            return Some(format!("{label} failed, {cause}"));
        }
        Some(Outcome::Limit { cause }) => format!("did not finish within {cause}"),
        Some(Outcome::Stalled { cause: None }) => "stalled, its gradient nearly zero".to_owned(),
        Some(Outcome::Stalled { cause: Some(on) }) => {
            format!("stalled, its gradient nearly zero ({on})")
        }
        None => format!("was still running at step {}", row.steps),
    };
    let reached = match row.first_hit {
        Some(step) if row.outcome.is_some() => {
            format!("it met the target at step {step}, but did not hold it")
        }
        _ => format!("its best loss is {}", short(row.best_loss)),
    };
    Some(format!("{label} {how}: {reached}"))
}

fn rate(row: &Row) -> String {
    let rate = row
        .hyperparameters
        .iter()
        .find_map(|(name, value)| match value {
            Setting::Number(rate) if name == "learning_rate" => Some(significant(*rate)),
            _ => None,
        });
    let schedule = Schedule::among(&row.hyperparameters);
    match rate {
        Some(peak) if !schedule.is_constant() => format!("{} {peak}", schedule.name()),
        rate => or_dash(rate),
    }
}

fn batch(row: &Row) -> String {
    match row.batch {
        Batch::Full | Batch::All => "all".to_owned(),
        Batch::Mini(batch) => batch.to_string(),
    }
}

fn outcome(row: &Row) -> String {
    match &row.outcome {
        Some(Outcome::Diverged { step, .. }) => format!("DNF, diverged at {step}"),
        Some(outcome @ (Outcome::Limit { .. } | Outcome::Error { .. })) => {
            format!("DNF, {}", outcome.word())
        }
        Some(Outcome::Stalled { cause: Some(cause) }) => format!("DNF, stalled: {cause}"),
        Some(Outcome::Stalled { cause: None }) => "DNF, stalled".to_owned(),
        Some(Outcome::Converged) | None => row.word().to_owned(),
    }
}

pub(super) fn or_dash(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "-".to_owned())
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// Seconds to four significant digits, or to the microsecond.
fn seconds(x: f64) -> String {
    if x < 1e-3 {
        format!("{x:.6}")
    } else {
        short(x)
    }
}

/// `x` to four significant digits, in columns that line up.
pub(super) fn short(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        "0".to_owned()
    } else if !x.is_finite() {
        x.to_string()
    } else if (1e-3..1e5).contains(&size) {
        let decimals = 3 - (libm::log10(size).floor() as i32);
        format!("{x:.0$}", decimals.max(0) as usize)
    } else {
        format!("{x:.2e}")
    }
}

/// `x` to four significant digits, without zeros at the end.
pub(super) fn significant(x: f64) -> String {
    let text = short(x);
    match text.split_once('e') {
        None if text.contains('.') => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
        Some((digits, power)) => {
            let digits = digits.trim_end_matches('0').trim_end_matches('.');
            format!("{digits}e{power}")
        }
    }
}
