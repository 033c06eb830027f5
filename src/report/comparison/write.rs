//! A comparison as a table, JSON, CSV and Markdown.

use serde_json::{Value, json};

use super::{Compared, Comparison};
use crate::report::columns::{Column, or_dash};
use crate::report::csv::{number, table as csv_table};
use crate::report::markdown::document;
use crate::report::table::layout;
use crate::stats::bootstrap::RESAMPLES;
use crate::stats::profile::{FARTHEST, share_within};

/// The format's name and version.
const FORMAT: &str = "slalom.comparison/1";

/// Where people are shown the profile.
const SHOWN: [f64; 4] = [1.0, 1.5, 2.0, FARTHEST];

const LEGEND: &str = "in brackets: over the best of the workload; rho(t): the share of workloads solved \
                      within t times the best; score: its mean for t from 1 to 4";

pub(super) fn table(comparison: &Comparison) -> String {
    let mut lines = vec![title(comparison), String::new()];
    lines.extend(layout(&columns(comparison)));
    lines.push(String::new());
    lines.extend(notes(comparison));
    lines.join("\n") + "\n"
}

pub(super) fn markdown(comparison: &Comparison) -> String {
    let (title, columns) = (title(comparison), columns(comparison));
    document(&title, &[], &columns, &notes(comparison))
}

fn title(comparison: &Comparison) -> String {
    let workloads = match comparison.workloads.len() {
        1 => "one workload".to_owned(),
        n => format!("{n} workloads"),
    };
    format!("Median iterations to the target on {workloads}")
}

fn notes(comparison: &Comparison) -> Vec<String> {
    let remarks = comparison.remarks.iter().cloned();
    let interval = has_spread(comparison).then(|| {
        format!(
            "95 % interval: of the score, by {RESAMPLES} resamples of the seeds (bootstrap); it is \
             about these workloads, not about others"
        )
    });
    let legend = [LEGEND.to_owned()].into_iter().chain(interval);
    legend.chain(remarks).collect()
}

/// Whether all workloads have seeds enough for intervals.
fn has_spread(comparison: &Comparison) -> bool {
    comparison.racers.iter().any(|racer| racer.spread.is_some())
}

fn columns(comparison: &Comparison) -> Vec<Column> {
    let column = |name: &str, number: bool, cell: &dyn Fn(&Compared) -> String| Column {
        name: name.to_owned(),
        number,
        cells: comparison.racers.iter().map(cell).collect(),
    };
    let mut columns = vec![
        column("racer", false, &|racer| racer.label.clone()),
        column("optimizer", false, &|racer| racer.optimizer.clone()),
    ];
    for (i, workload) in comparison.workloads.iter().enumerate() {
        columns.push(column(
            &workload.name,
            true,
            &|racer| match (racer.times[i], racer.ratios[i]) {
                (Some(time), Some(ratio)) => format!("{time} ({ratio:.2})"),
                _ => "never".to_owned(),
            },
        ));
    }
    for tau in SHOWN {
        columns.push(column(&format!("rho({tau})"), true, &|racer| {
            format!("{:.2}", share_within(&racer.ratios, tau))
        }));
    }
    columns.push(column("score", true, &|racer| {
        format!("{:.4}", racer.score)
    }));
    if has_spread(comparison) {
        columns.push(column("95 % interval", true, &|racer| {
            let interval = racer.spread.as_ref().map(|spread| spread.score);
            or_dash(interval.map(|[low, high]| format!("{low:.4} to {high:.4}")))
        }));
    }
    columns
}

pub(super) fn json(comparison: &Comparison) -> String {
    let workloads = comparison.workloads.iter().map(|workload| {
        json!({
            "name": workload.name,
            "digest": workload.digest,
            "version": workload.version,
            "seed": workload.seed,
            "runs": workload.runs,
        })
    });
    let racers = comparison.racers.iter().map(|racer| {
        json!({
            "label": racer.label,
            "optimizer": racer.optimizer,
            "score": racer.score,
            "score_interval": racer.spread.as_ref().map(|spread| spread.score),
            "times": racer.times,
            "ratios": racer.ratios,
            "profile": profile(racer),
            "profile_band": band(racer),
        })
    });
    let object = json!({
        "format": FORMAT,
        "time": "median iterations to converge",
        "workloads": workloads.collect::<Vec<_>>(),
        "racers": racers.collect::<Vec<_>>(),
        "remarks": comparison.remarks,
    });
    format!("{object:#}\n")
}

/// The whole profile, a step function: each `tau` at which it rises, and the share from there on.
fn profile(racer: &Compared) -> Vec<Value> {
    let ratios = racer.ratios.iter().flatten().copied();
    let mut steps: Vec<f64> = ratios.filter(|ratio| ratio.is_finite()).collect();
    steps.sort_by(f64::total_cmp);
    steps.dedup();
    let share = |tau: f64| json!({ "tau": tau, "share": share_within(&racer.ratios, tau) });
    steps.into_iter().map(share).collect()
}

/// The 95 % band of the profile: of each share of the workloads the earliest and the latest `tau` at
/// which the profile comes to it, null for never; all null where there are too few seeds.
fn band(racer: &Compared) -> Value {
    let Some(spread) = &racer.spread else {
        return Value::Null;
    };
    let all = spread.steps.len() as f64;
    let steps = spread.steps.iter().enumerate();
    steps
        .map(|(i, [from, to])| json!({ "share": (i + 1) as f64 / all, "from": from, "to": to }))
        .collect()
}

/// A row a workload and racer.
pub(super) fn csv(comparison: &Comparison) -> String {
    let header = [
        "workload",
        "seed",
        "runs",
        "label",
        "optimizer",
        "time",
        "ratio",
        "score",
    ];
    let workloads = comparison.workloads.iter().enumerate();
    let rows = workloads.flat_map(|(i, workload)| {
        comparison.racers.iter().map(move |racer| {
            let time = racer.times[i].map_or("never".to_owned(), |time| number(Some(time)));
            vec![
                workload.name.clone(),
                workload.seed.to_string(),
                workload.runs.to_string(),
                racer.label.clone(),
                racer.optimizer.clone(),
                time,
                number(racer.ratios[i]),
                number(Some(racer.score)),
            ]
        })
    });
    csv_table(std::iter::once(header.map(str::to_owned).to_vec()).chain(rows))
}
