//! What people are told of a search for learning rates: its protocol in a line, a row for each racer,
//! and what should be known before its rates are used.

use super::strip::{LEGEND, strip};
use crate::report::columns::{Column, or_dash, short, significant};
use crate::sweep::tune::entries::shown;
use crate::sweep::tune::grid::{Edge, Grid, rate};
use crate::sweep::tune::{SHARES, Tuned, Tuning};

/// For whom the rates were, where it was for all.
const EVERY: &str = "every racer";

/// `19 rates for every racer, 10^(k/3) from 1e-5 to 10; seeds 100008 to 100010; full budget; 285 runs`.
pub fn protocol(tuning: &Tuning) -> String {
    let budget = if tuning.halving {
        format!("successive halving, {}", shares())
    } else {
        "the full budget for every run".to_owned()
    };
    let runs = tuning.runs;
    format!(
        "{}; {}; {budget}; {runs} runs",
        rates(tuning, EVERY),
        seeds(tuning)
    )
}

/// `19 rates for every racer, 10^(k/3) from 1e-5 to 10`.
fn rates(tuning: &Tuning, whom: &str) -> String {
    let (grid, all) = (tuning.grid, tuning.configurations);
    let [low, high] = ends(grid);
    let span = format!("10^(k/3) from {low} to {high}");
    if all == grid.thirds() {
        format!("{all} rates for {whom}, {span}")
    } else {
        let n = grid.thirds();
        format!("{all} configurations for {whom}, over {n} rates {span}")
    }
}

fn ends(grid: Grid) -> [String; 2] {
    [grid.low, grid.high].map(|k| crate::text::short(rate(k, 1)))
}

fn seeds(tuning: &Tuning) -> String {
    match tuning.seeds[..] {
        [only] => format!("seed {only}"),
        [first, .., last] => format!("seeds {first} to {last}"),
        [] => "no seed".to_owned(),
    }
}

/// `1/9, 1/3 and all of the budget`.
fn shares() -> String {
    let parts = SHARES.iter().filter(|share| **share > 1);
    let parts: Vec<String> = parts.map(|share| format!("1/{share}")).collect();
    format!("{} and all of the budget", parts.join(", "))
}

/// The columns: a row for each racer, in the scenario's order.
pub fn columns(tuning: &Tuning) -> Vec<Column> {
    let mut columns = vec![];
    let mut add = |name: &str, number, cell: &dyn Fn(&Tuned) -> String| {
        let cells = tuning.racers.iter().map(cell).collect();
        columns.push(Column {
            name: name.to_owned(),
            number,
            cells,
        });
    };
    add("racer", false, &|racer| racer.entered.label.clone());
    add("best rate", true, &|racer| {
        or_dash(racer.at_best().map(|(_, point)| significant(point.rate)))
    });
    if tuning.racers.iter().any(|racer| racer.curves.len() > 1) {
        add("with", false, &|racer| match racer.over() {
            [] => "-".to_owned(),
            over => shown(over),
        });
    }
    add("median iterations", true, &|racer| {
        let point = racer.at_best().map(|(_, point)| point);
        or_dash(point.map(|point| match point.runs.median {
            Some(median) => median.to_string(),
            None => "never".to_owned(),
        }))
    });
    add("converged", true, &|racer| {
        let point = racer.at_best().map(|(_, point)| &point.runs);
        or_dash(point.map(|runs| format!("{}/{}", runs.successes, runs.iterations.len())))
    });
    add("rates that work", true, &|racer| {
        let known = if tuning.halving { "at least " } else { "" };
        or_dash(racer.at_best().map(|(curve, _)| {
            let width = curve.band().map_or(0, |band| band.width);
            format!("{known}{width} of {}", curve.points.len())
        }))
    });
    let end = |i: usize| {
        move |racer: &Tuned| {
            let band = racer.at_best().and_then(|(curve, _)| curve.band());
            or_dash(band.map(|band| significant(band.ends[i])))
        }
    };
    add("from", true, &end(0));
    add("to", true, &end(1));
    add("rates", false, &|racer| {
        let best = racer.best.map(|best| (best.curve, best.point));
        let (curve, point) = best.map_or((0, None), |(curve, point)| (curve, Some(point)));
        strip(&racer.curves[curve], point)
    });
    columns
}

/// What should be known before the rates are used.
pub fn notes(tuning: &Tuning) -> Vec<String> {
    let mut notes = vec![LEGEND.to_owned()];
    notes.extend(tuning.stopped.then(|| {
        let (n, all) = (tuning.seeds.len(), tuning.planned_seeds);
        format!("stopped before the end: {n} of {all} seeds count, and the best is of what was run")
    }));
    notes.extend(grown(tuning));
    for racer in &tuning.racers {
        notes.extend(remarks(tuning, racer));
    }
    if tuning.halving {
        notes.push(format!("successive halving took {}", saved(tuning)));
        notes.push(
            "its risk: a rate that is slow at first is left behind though it might have won, and \
             how many rates work is not known"
                .to_owned(),
        );
    }
    if tuning.nothing_varies {
        notes.push("nothing here depends on the seed: one is enough".to_owned());
    }
    notes.push(format!(
        "no race is scored on the seeds of tuning: `--seeds` begins at {}",
        tuning.meta.seed
    ));
    notes
}

/// `4521 steps, 24.1 % of the 18759 that all runs could have taken`.
fn saved(tuning: &Tuning) -> String {
    let (steps, full) = (tuning.steps, tuning.full_steps);
    let share = 100.0 * steps as f64 / (full as f64).max(1.0);
    format!("{steps} steps, {share:.1} % of the {full} that all runs could have taken")
}

/// That the grid has grown.
fn grown(tuning: &Tuning) -> Option<String> {
    let [low, high] = ends(Grid::FIRST);
    (tuning.grid != Grid::FIRST).then(|| {
        format!(
            "the grid was {low} to {high}, and grew for all racers: a best rate lay on its edge"
        )
    })
}

/// What is to be known of one racer.
pub fn remarks(tuning: &Tuning, racer: &Tuned) -> Vec<String> {
    let label = &racer.entered.label;
    let mut remarks = vec![];
    if let Some((curve, point)) = racer.at_best() {
        if !point.works() {
            let loss = short(point.best_loss);
            remarks.push(format!(
                "at no rate does the median run of {label} converge: its best is where the median of its lowest losses is \
                 lowest, {loss}"
            ));
        }
        if curve.band().is_some_and(|band| !band.unbroken) && !tuning.halving {
            remarks.push(format!(
                "{label} does not work at every rate between the ends of its band"
            ));
        }
    } else {
        remarks.push(format!("{label} was run to the end at no rate"));
    }
    let edge = racer.best.and_then(|best| best.edge);
    if let Some(edge) = edge.filter(|_| !tuning.stopped) {
        let side = match edge {
            Edge::Low => "lower",
            Edge::High => "upper",
        };
        remarks.push(format!(
            "{label} is best at the {side} edge of the grid: a rate beyond may be better"
        ));
    }
    let parts = tuning.configurations / tuning.grid.thirds() / racer.curves.len();
    if parts > 1 {
        let (rates, thirds) = (racer.curves[0].points.len(), 3 * parts);
        let each = match racer.curves.len() {
            1 => "no such hyperparameter".to_owned(),
            n => format!("{n} combinations"),
        };
        remarks.push(format!(
            "{label} has {each}, and {rates} rates instead, 10^(k/{thirds}): as many configurations \
             as the others"
        ));
    }
    remarks
}

/// The protocol as lines of a comment in a scenario with so many racers.
pub fn comment(tuning: &Tuning, racers: usize) -> Vec<String> {
    let labels = tuning.racers.iter().map(|racer| &*racer.entered.label);
    let whom = match labels.collect::<Vec<_>>()[..] {
        ref all if all.len() == racers => EVERY.to_owned(),
        [ref some @ .., last] if !some.is_empty() => format!("{} and {last}", some.join(", ")),
        ref one => one.concat(),
    };
    let mut lines = vec![
        format!("{}, {}.", rates(tuning, &whom), seeds(tuning)),
        if tuning.halving {
            format!(
                "Successive halving: {}, {}; a rate that is slow at first may have been left behind though it \
                 would have won.",
                shares(),
                saved(tuning)
            )
        } else {
            "Every run had the full budget.".to_owned()
        },
        "The lowest median of iterations-to-converge won; a run that did not finish counted as never."
            .to_owned(),
    ];
    for racer in &tuning.racers {
        lines.extend(
            remarks(tuning, racer)
                .into_iter()
                .map(|remark| format!("{remark}.")),
        );
    }
    lines
}
