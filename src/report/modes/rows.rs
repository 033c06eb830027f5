//! Every racer in every mode as a row of a table, for spreadsheets and data frames.

use crate::report::csv::{never, number};
use crate::sweep::modes::{Mode, Modes, Placed};

const HEADER: [&str; 13] = [
    "scenario",
    "mode",
    "label",
    "optimizer",
    "learning_rate",
    "rank",
    "runs",
    "successes",
    "median",
    "interval_low",
    "interval_high",
    "expected_running_time",
    "iterations",
];

/// The header, and a row for each racer that was raced in a mode.
pub fn rows(modes: &Modes) -> impl Iterator<Item = Vec<String>> {
    let header = HEADER.map(str::to_owned).to_vec();
    let each = modes.modes.iter().flat_map(move |mode| {
        let racers = 0..modes.tuning.racers.len();
        racers.filter_map(move |racer| Some(row(modes, mode, racer, mode.racers[racer].as_ref()?)))
    });
    std::iter::once(header).chain(each)
}

fn row(modes: &Modes, mode: &Mode, racer: usize, placed: &Placed) -> Vec<String> {
    let entered = &modes.tuning.racers[racer].entered;
    let runs = &placed.runs;
    let iterations: Vec<String> = runs.iterations.iter().copied().map(never).collect();
    let median = runs.median.map(|median| number(Some(median)));
    vec![
        modes.tuning.meta.name.clone(),
        mode.kind.name().to_owned(),
        entered.label.clone(),
        entered.optimizer.clone(),
        number(Some(placed.rate)),
        placed.rank.to_string(),
        iterations.len().to_string(),
        runs.successes.to_string(),
        median.unwrap_or_else(|| "never".to_owned()),
        runs.interval.map_or(String::new(), |[low, _]| never(low)),
        runs.interval.map_or(String::new(), |[_, high]| never(high)),
        number(runs.expected_running_time),
        iterations.join(" "),
    ]
}
