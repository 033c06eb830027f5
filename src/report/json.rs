//! Results as one JSON object of the format `slalom.result/1`, for programs: its members, their
//! order and their nulls are stable. Numbers read back to the same bits; what is not finite is null.
//!
//! Members that are there only where they say something: `scenario.set` with `--set`, `scenario.add` with `--add`,
//! `scenario.departure` of a race that was changed on the screen, a racer's `forks`, its `seeds`,
//! `curve` and `distribution`, and the `lead` with `--seeds`.

use serde_json::{Map, Value, json};

use super::{Batch, Results, Row, lead};
use crate::optim::Setting;
use crate::optim::schedule::COUNTS;
use crate::problem::Part;
use crate::race::snapshot::Forked;
use crate::scenario::{Metric, Target};
use crate::stats::Summary;
use crate::stats::distribution::Distribution;
use crate::sweep::band::Band;

/// The format's name and version.
pub(super) const FORMAT: &str = "slalom.result/1";

pub(super) fn write(results: &Results) -> String {
    let racers = results
        .racers
        .iter()
        .map(|row| racer(row, &results.targets));
    let racers: Vec<Value> = racers.collect();
    let mut object = json!({
        "format": FORMAT,
        "version": results.version,
        "scenario": {
            "name": results.name,
            "title": results.title,
            "digest": results.digest,
        },
        "seed": results.seed,
        "target": target(results.target),
        "evaluate_every": evaluate_every(&results.racers),
        "examples": results.examples,
        "racers": racers,
    });
    if results.seeds().is_some_and(|n| n > 1) {
        object["lead"] = lead::json(results);
    }
    if !results.set.is_empty() {
        object["scenario"]["set"] = results.set.clone().into();
    }
    if !results.add.is_empty() {
        object["scenario"]["add"] = results.add.clone().into();
    }
    if let Some(departure) = &results.departure {
        object["scenario"]["departure"] = departure.as_str().into();
    }
    if results.streamed {
        object["streamed"] = true.into();
    }
    format!("{object:#}\n")
}

pub(super) fn target(target: Target) -> Value {
    let metric = match target.metric {
        Metric::Loss => "loss",
        Metric::Accuracy => "accuracy",
    };
    let on = match target.on {
        Part::Train => "train",
        Part::Test => "test",
    };
    json!({ metric: target.value, "on": on })
}

/// Steps between evaluations by batch: the smallest batch first, all examples last.
fn evaluate_every(racers: &[Row]) -> Map<String, Value> {
    let mut every: Vec<(u64, u64)> = racers
        .iter()
        .map(|row| match row.batch {
            Batch::Mini(batch) => (batch, row.evaluate_every),
            Batch::Full | Batch::All => (u64::MAX, row.evaluate_every),
        })
        .collect();
    every.sort_unstable();
    let name = |batch| match batch {
        u64::MAX => "all".to_owned(),
        batch => batch.to_string(),
    };
    every
        .into_iter()
        .map(|(batch, steps)| (name(batch), steps.into()))
        .collect()
}

fn racer(row: &Row, targets: &[f64]) -> Value {
    let hyperparameters = named(&row.hyperparameters);
    let to_converge = row.to_converge;
    let mut object = json!({
        "label": row.label,
        "optimizer": row.optimizer,
        "hyperparameters": hyperparameters,
        "batch": match row.batch {
            Batch::Full => Value::Null,
            Batch::All => "all".into(),
            Batch::Mini(batch) => batch.into(),
        },
        "rank": row.rank,
        "outcome": row.word(),
        "cause": row.outcome.as_ref().and_then(|outcome| outcome.cause()),
        "first_hit": row.first_hit,
        "iterations_to_converge": to_converge.map(|counts| counts.iterations),
        "samples_to_converge": to_converge.map(|counts| counts.samples),
        "epochs_to_converge": to_converge.and_then(|counts| counts.epochs),
        "steps": row.steps,
        "samples": row.samples,
        "gradient_evaluations": row.gradient_evaluations,
        "seconds": row.seconds,
        "initial_loss": row.initial_loss,
        "final_loss": row.final_loss,
        "best_loss": row.best_loss,
        "test_loss": row.test_loss,
        "test_accuracy": row.test_accuracy,
    });
    if !row.rule.is_empty() {
        object["rule"] = json!(row.rule);
    }
    if !row.forks.is_empty() {
        let fork = |fork: &Forked| {
            let mut object = json!({
                "after": fork.after,
                "optimizer": fork.optimizer,
                "hyperparameters": named(&fork.hyperparameters),
                "batch": match fork.batch {
                    Some(batch) => batch.into(),
                    None if fork.full_batch => Value::Null,
                    None => "all".into(),
                },
            });
            if !fork.rule.is_empty() {
                object["rule"] = json!(fork.rule);
            }
            object
        };
        object["forks"] = row.forks.iter().map(fork).collect();
    }
    if let Some(clipped) = row.clipped {
        object["clipped"] = clipped.into();
    }
    if let Some(summary) = &row.seeds {
        object["seeds"] = seeds(summary);
    }
    if let Some(band) = &row.curve {
        object["curve"] = curve(band);
    }
    if let Some(reached) = &row.distribution {
        object["distribution"] = distribution(reached, targets);
    }
    object
}

/// Hyperparameters by name. A learning rate with a schedule is an object: its peak, and the rest.
pub(super) fn named(hyperparameters: &[(String, Setting)]) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, value) in hyperparameters {
        let Some((whole, part)) = name.split_once('.') else {
            all.insert(name.clone(), setting(value));
            continue;
        };
        let known = all.entry(whole).or_insert(Value::Null);
        if !known.is_object() {
            *known = json!({ "peak": known.take() });
        }
        known[part] = match value {
            Setting::Number(x) if COUNTS.contains(&part) => json!(*x as u64),
            value => setting(value),
        };
    }
    all
}

pub(super) fn setting(value: &Setting) -> Value {
    match value {
        Setting::Number(x) => json!(x),
        Setting::Switch(on) => json!(on),
        Setting::Word(word) => json!(word),
    }
}

fn seeds(summary: &Summary) -> Value {
    json!({
        "runs": summary.iterations.len(),
        "successes": summary.successes,
        "median": summary.median.map(count),
        "interval": summary.interval,
        "expected_running_time": summary.expected_running_time,
        "iterations": summary.iterations,
    })
}

/// The median loss at step 0, `every`, twice `every`, ..., and its interval.
fn curve(band: &Band) -> Value {
    json!({
        "runs": band.runs,
        "every": band.every,
        "median": band.median,
        "interval": band.interval,
    })
}

/// What share of all pairs of a seed and one of the `targets` is reached within each of the `steps`.
fn distribution(reached: &Distribution, targets: &[f64]) -> Value {
    json!({
        "runs": reached.runs,
        "targets": targets,
        "steps": reached.steps,
        "share": reached.share,
        "band": reached.band,
    })
}

/// A median: a whole number as one, since all it is made of are.
pub(super) fn count(median: f64) -> Value {
    if median.fract() == 0.0 {
        json!(median as u64)
    } else {
        json!(median)
    }
}
