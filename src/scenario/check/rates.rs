//! `learning_rate`, `clip_norm` and `weight_decay` of a racer: how fast it goes, and what is around
//! its rule.

use super::section::Section;
use super::{MANY, narrow};
use crate::optim::Regime;
use crate::optim::schedule::{SCHEDULES, Schedule, Shape};
use crate::scenario::mistake::Mistake;
use crate::scenario::raw::{Node, Value};

const RATE: &str = "learning_rate";

/// A key of every racer, unless its optimizer has a hyperparameter of this name.
pub(super) const DECAY: &str = "weight_decay";

/// The learning rate, or its peak, and what is around the rule, of a racer that takes `steps` at
/// most (if that is known) and computes in single precision or not. Where its optimizer `decays` by
/// itself, the key `weight_decay` is one of its hyperparameters, and nothing decays beside it.
pub(super) fn check(
    section: &mut Section<'_>,
    steps: Option<u64>,
    single: bool,
    decays: bool,
) -> Option<(f64, Regime)> {
    section.require(RATE, "a number above 0");
    let clip_norm = section.number("clip_norm", "a number above 0", |x| x > 0.0);
    let weight_decay = (!decays).then(|| {
        section.number(DECAY, "a number, 0 or more", |x| {
            x >= 0.0 && narrow(x, single).is_finite()
        })
    });
    let faulty = |key, given: bool| section.get(key).is_some() && !given;
    let faulty = faulty("clip_norm", clip_norm.is_some())
        || weight_decay.is_some_and(|given| faulty(DECAY, given.is_some()));
    let node = &section.get(RATE)?.node;
    let (peak, schedule) = match &node.value {
        Value::Table(_) => scheduled(section, node, steps, single),
        Value::List(_) => {
            let table = "a number above 0, or { peak = 0.1, schedule = \"cosine\" }";
            section.refuse(RATE, node, table);
            return None;
        }
        _ => (rate(section, RATE, single), Some(Schedule::default())),
    };
    let regime = Regime {
        schedule: schedule?,
        clip_norm: clip_norm.map(|norm| norm.value),
        weight_decay: weight_decay.flatten().map_or(0.0, |decay| decay.value),
    };
    Some((peak?, regime)).filter(|_| !faulty)
}

/// A learning rate that stays above 0 in the precision of the racer.
fn rate(section: &mut Section<'_>, key: &str, single: bool) -> Option<f64> {
    let node = &section.get(key)?.node;
    let rate = section.number(key, "a number above 0", |x| x > 0.0)?.value;
    let rounded = narrow(rate, single);
    if rounded > 0.0 && rounded.is_finite() {
        return Some(rate);
    }
    section.refuse(
        key,
        node,
        "a number above 0 in single precision, or precision = \"f64\"",
    );
    None
}

/// A table: the peak, and the schedule.
fn scheduled(
    section: &mut Section<'_>,
    node: &Node,
    steps: Option<u64>,
    single: bool,
) -> (Option<f64>, Option<Schedule>) {
    let mut keys = vec!["peak", "schedule"];
    for key in SCHEDULES.iter().flat_map(|row| row.keys) {
        if !keys.contains(key) {
            keys.push(key);
        }
    }
    let Some(mut table) = section.open_inner(RATE, node, &keys) else {
        return (None, None);
    };
    table.require("peak", "a number above 0");
    let peak = rate(&mut table, "peak", single);
    (peak, schedule(&mut table, steps))
}

fn schedule(table: &mut Section<'_>, steps: Option<u64>) -> Option<Schedule> {
    let ids: Vec<&str> = SCHEDULES.iter().map(|row| row.id).collect();
    let row = match table.get("schedule") {
        Some(_) => &SCHEDULES[table.choice("schedule", &ids)?.value],
        None => &SCHEDULES[0],
    };
    let all = SCHEDULES.iter().flat_map(|row| row.keys);
    let mut foreign: Vec<&str> = all.copied().filter(|key| !row.keys.contains(key)).collect();
    foreign.sort_unstable();
    foreign.dedup();
    let known = format!("expected {}", super::section::one_of(row.keys));
    for key in &foreign {
        table.forbid(
            key,
            &format!("a {} schedule has no `{key}`", row.id),
            &known,
        );
    }
    let sound = foreign.iter().all(|key| table.get(key).is_none());
    let given = table.integer("warmup", 0, MANY);
    let warmup = given.map_or(0, |warmup| warmup.value);
    let shape = shape(table, row.id, steps)?;
    if let (Some(given), Shape::Cosine { steps, .. }) = (given, shape)
        && given.value >= steps
    {
        let message = format!("`warmup` cannot be {warmup}");
        let expected = format!("expected less than the {steps} steps of the schedule");
        table.report(Mistake::new(given.place, message, expected));
        return None;
    }
    let there = table.get("warmup").is_none() || given.is_some();
    Some(Schedule { warmup, shape }).filter(|_| sound && there)
}

fn shape(table: &mut Section<'_>, id: &str, steps: Option<u64>) -> Option<Shape> {
    let limit = steps.unwrap_or(MANY);
    Some(match id {
        "step" => {
            let (factor, every) = decay(table);
            Shape::Step {
                factor: factor?,
                every: every?,
            }
        }
        "exponential" => {
            let (factor, every) = decay(table);
            Shape::Exponential {
                factor: factor?,
                every: every?,
            }
        }
        "cosine" => {
            let steps = count(table, "steps", limit);
            let end_factor = number(table, "end_factor", 0.0, SHARE, |x| {
                (0.0..=1.0).contains(&x)
            });
            Shape::Cosine {
                steps: steps?,
                end_factor: end_factor?,
            }
        }
        "inverse-sqrt" => Shape::InverseSqrt,
        "one-cycle" => {
            let steps = count(table, "steps", limit);
            let pct_start = number(table, "pct_start", 0.3, SHARE, |x| (0.0..=1.0).contains(&x));
            let [first, last] = [("div_factor", 25.0), ("final_div_factor", 1e4)]
                .map(|(key, or)| number(table, key, or, "a number, 1 or more", |x| x >= 1.0));
            Shape::OneCycle {
                steps: steps?,
                pct_start: pct_start?,
                div_factor: first?,
                final_div_factor: last?,
            }
        }
        _ => Shape::Constant,
    })
}

const SHARE: &str = "a number from 0 to 1";

/// `factor` and `every`, which have no defaults.
fn decay(table: &mut Section<'_>) -> (Option<f64>, Option<u64>) {
    let below = "a number above 0 and below 1";
    table.require("factor", below);
    table.require("every", "a number of steps, 1 or more");
    let factor = table.number("factor", below, |x| x > 0.0 && x < 1.0);
    let every = table.integer("every", 1, MANY);
    (
        factor.map(|factor| factor.value),
        every.map(|every| every.value),
    )
}

/// A count of steps, `or` where it is not there; `None` where it is faulty.
fn count(table: &mut Section<'_>, key: &str, or: u64) -> Option<u64> {
    match table.get(key) {
        Some(_) => table.integer(key, 1, MANY).map(|count| count.value),
        None => Some(or),
    }
}

/// A number, `or` where it is not there; `None` where it is faulty.
fn number(
    table: &mut Section<'_>,
    key: &str,
    or: f64,
    expected: &str,
    fits: impl FnOnce(f64) -> bool,
) -> Option<f64> {
    match table.get(key) {
        Some(_) => table.number(key, expected, fits).map(|number| number.value),
        None => Some(or),
    }
}
