//! What people are shown of the modes: a row for each racer with all of them side by side, how the
//! rates were chosen, and where the order flips.

use super::flips::sentences;
use crate::report::columns::{Column, or_dash, significant};
use crate::report::tuning::{protocol, remarks};
use crate::sweep::modes::{Kind, Mode, Modes, Placed};

const LEGEND: &str = "median: iterations to the target, a run that did not finish is never; k/n: k of n \
                      runs converged";

/// Where the default rates are from.
pub const DEFAULT: &str =
    "the rates that PyTorch or the authors give, in the form of the rule that is raced";

/// `seeds 7 to 26`.
pub fn seeds(modes: &Modes) -> String {
    let seed = modes.tuning.meta.seed;
    match modes.planned_seeds {
        1 => format!("seed {seed}"),
        n => format!("seeds {seed} to {}", seed + n - 1),
    }
}

/// The columns, and in them the racers in the order of their ranks when tuned.
pub(super) fn columns(modes: &Modes) -> Vec<Column> {
    let order = order(modes);
    let racers = &modes.tuning.racers;
    let labels = order
        .iter()
        .map(|&racer| racers[racer].entered.label.clone());
    let mut columns = vec![Column {
        name: "racer".to_owned(),
        number: false,
        cells: labels.collect(),
    }];
    let mut add = |name: &str, cell: &dyn Fn(usize) -> Option<String>| {
        columns.push(Column {
            name: name.to_owned(),
            number: true,
            cells: order.iter().map(|&racer| or_dash(cell(racer))).collect(),
        });
    };
    if modes.modes.is_empty() {
        add("tuned rate", &|racer| {
            racers[racer]
                .at_best()
                .map(|(_, point)| significant(point.rate))
        });
    }
    for mode in &modes.modes {
        let placed = |racer: usize| mode.racers[racer].as_ref();
        add(&format!("{} rate", mode.kind.name()), &|racer| {
            placed(racer).map(|placed| significant(placed.rate))
        });
        add("rank", &|racer| {
            placed(racer).map(|placed| placed.rank.to_string())
        });
        add("median", &|racer| placed(racer).map(median));
        add("k/n", &|racer| {
            let runs = &placed(racer)?.runs;
            Some(format!("{}/{}", runs.successes, runs.iterations.len()))
        });
    }
    columns
}

/// The racers by their rank in the first mode; of equals, and without a mode, as in the scenario.
fn order(modes: &Modes) -> Vec<usize> {
    let mut order: Vec<usize> = (0..modes.tuning.racers.len()).collect();
    if let Some(mode) = modes.modes.first() {
        let rank = |racer: &usize| mode.racers[*racer].as_ref().map_or(usize::MAX, |p| p.rank);
        order.sort_by_key(rank);
    }
    order
}

fn median(placed: &Placed) -> String {
    let median = placed.runs.median;
    median.map_or("never".to_owned(), |median| median.to_string())
}

/// Where the order flips, and on what terms all this was found.
pub fn notes(modes: &Modes) -> Vec<String> {
    let mut notes = sentences(modes);
    if !modes.modes.is_empty() {
        notes.push(LEGEND.to_owned());
    }
    let line = |(name, says): (&str, String)| match name {
        "" => says,
        name => format!("{name}: {says}"),
    };
    notes.extend(terms(modes).into_iter().map(line));
    notes.extend(cut_short(modes));
    let last = if modes.tuning.nothing_varies {
        "nothing here depends on the seed: one is enough"
    } else {
        "no mode is raced on a seed of the search, and only rates differ between modes"
    };
    notes.push(last.to_owned());
    notes
}

/// How the rates of each mode were chosen, by its name; and what is to be known of racers.
pub fn terms(modes: &Modes) -> Vec<(&'static str, String)> {
    let raced = |kind: Kind| modes.modes.iter().find(|mode| mode.kind == kind);
    let tuned = format!("each at its best rate; {}", protocol(&modes.tuning));
    let mut terms = vec![(Kind::Tuned.name(), tuned)];
    if let Some(mode) = raced(Kind::Default) {
        let name = Kind::Default.name();
        terms.push((name, DEFAULT.to_owned()));
        terms.extend(left_out(modes, mode).map(|without| (name, without)));
    }
    if let Some(same) = modes.same.filter(|_| raced(Kind::Same).is_some()) {
        let says = format!(
            "{}, of the rates that were tried the one at which most converge ({} of {}); of \
             equals the lowest sum of its ranks among each racer's rates",
            significant(same.rate),
            same.converge,
            modes.tuning.racers.len()
        );
        terms.push((Kind::Same.name(), says));
    }
    let tuned = modes.tuning.racers.iter();
    let remarks = tuned.flat_map(|racer| remarks(&modes.tuning, racer));
    terms.extend(remarks.map(|remark| ("", remark)));
    terms
}

/// Who has no default rate.
fn left_out(modes: &Modes, mode: &Mode) -> Option<String> {
    let racers = modes.tuning.racers.iter().zip(&mode.racers);
    let without = racers.filter(|(_, placed)| placed.is_none());
    let labels: Vec<&str> = without
        .map(|(racer, _)| racer.entered.label.as_str())
        .collect();
    (!labels.is_empty()).then(|| {
        format!(
            "without {}, whose rule is written in the scenario and has none",
            labels.join(", ")
        )
    })
}

/// What a stop has cut short.
fn cut_short(modes: &Modes) -> Option<String> {
    modes.stopped.then(|| {
        let all = modes.planned_seeds;
        let each = modes.modes.iter();
        let each: Vec<String> = each
            .map(|mode| format!("{} on {} of {all} seeds", mode.kind.name(), mode.seeds()))
            .collect();
        let raced = match each.as_slice() {
            [] => "no mode".to_owned(),
            each => each.join(", "),
        };
        format!("stopped before the end: raced were {raced}")
    })
}
