//! The search as one JSON object of the format `slalom.tuning/1`, for programs: its members, their
//! order and their nulls are stable. Numbers read back to the same bits; what is not finite is null,
//! and so is a median that is never.

use serde_json::{Map, Value, json};

use crate::optim::Setting;
use crate::report::json::{count, named, setting, target};
use crate::sweep::tune::curve::{Curve, Point};
use crate::sweep::tune::grid::{Edge, Grid, rate};
use crate::sweep::tune::{SHARES, Tuned, Tuning};

/// The format's name and version.
const FORMAT: &str = "slalom.tuning/1";

pub fn write(tuning: &Tuning) -> String {
    let meta = &tuning.meta;
    let racers: Vec<Value> = tuning.racers.iter().map(racer).collect();
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
        "hold": meta.hold,
        "steps": meta.limit,
        "protocol": protocol(tuning),
        "complete": !tuning.stopped,
        "racers": racers,
    });
    format!("{object:#}\n")
}

fn protocol(tuning: &Tuning) -> Value {
    let ends = |grid: Grid| json!([rate(grid.low, 1), rate(grid.high, 1)]);
    json!({
        "rates": { "first": ends(Grid::FIRST), "last": ends(tuning.grid), "per_decade": 3 },
        "configurations": tuning.configurations,
        "seeds": tuning.seeds,
        "seeds_planned": tuning.planned_seeds,
        "seeds_matter": !tuning.nothing_varies,
        "halving": tuning.halving.then(|| SHARES.map(|share| 1.0 / share as f64)),
        "runs": tuning.runs,
        "steps_taken": tuning.steps,
        "steps_at_full_budget": tuning.full_steps,
    })
}

fn racer(racer: &Tuned) -> Value {
    let entered = &racer.entered;
    let curves: Vec<Value> = racer.curves.iter().map(curve).collect();
    let edge = racer.best.and_then(|best| best.edge);
    json!({
        "label": entered.label,
        "optimizer": entered.optimizer,
        "batch": match entered.batch {
            Some(batch) => batch.into(),
            None if entered.full_batch => Value::Null,
            None => "all".into(),
        },
        "best": racer.at_best().map(|(curve, point)| json!({
            "learning_rate": point.rate,
            "hyperparameters": named(&entered.hyperparameters),
            "by": if point.works() { "iterations" } else { "loss" },
            "median": point.runs.median.map(count),
            "runs": point.runs.iterations.len(),
            "successes": point.runs.successes,
            "best_loss": point.best_loss,
            "edge": edge.map(|edge| match edge {
                Edge::Low => "low",
                Edge::High => "high",
            }),
            "band": band(curve),
        })),
        "curves": curves,
    })
}

fn band(curve: &Curve) -> Value {
    let of = curve.points.len();
    let Some(band) = curve.band() else {
        return json!({ "rates": 0, "of": of, "low": null, "high": null, "unbroken": null });
    };
    let ([low, high], unbroken) = (band.ends, band.unbroken);
    json!({ "rates": band.width, "of": of, "low": low, "high": high, "unbroken": unbroken })
}

fn curve(curve: &Curve) -> Value {
    let points: Vec<Value> = curve.points.iter().map(point).collect();
    json!({ "over": over(&curve.over), "points": points })
}

fn point(point: &Point) -> Value {
    json!({
        "learning_rate": point.rate,
        "complete": point.known,
        "runs": point.runs.iterations.len(),
        "successes": point.runs.successes,
        "diverged": point.diverged,
        "median": point.runs.median.map(count),
        "best_loss": point.best_loss,
        "iterations": point.runs.iterations,
    })
}

/// Hyperparameters that were tried, by the names that they were given by.
fn over(settings: &[(String, Setting)]) -> Map<String, Value> {
    let each = settings.iter();
    each.map(|(name, value)| (name.clone(), setting(value)))
        .collect()
}
