//! `[finish]` and `[show]`: when a racer is done, and how the race is played.

use super::MANY;
use super::section::{Given, Section, integer, number};
use crate::problem::Part;
use crate::scenario::mistake::Mistake;
use crate::scenario::raw::{Node, Table, Value};
use crate::scenario::{Finish, Metric, Pace, Show, Target};

const KEYS: &[&str] = &[
    "loss",
    "accuracy",
    "on",
    "hold",
    "steps",
    "epochs",
    "seconds",
    "evaluate_every",
];

/// What a finish line must fit.
#[derive(Debug, Default)]
pub(super) struct Ground {
    /// Whether it is a surface, which has no epochs, no accuracy and no test part.
    pub surface: bool,
    /// Whether examples have classes, if that is known.
    pub classes: Option<bool>,
    /// Whether there is a test part, if that is known.
    pub test: Option<bool>,
    /// Steps in an epoch of the racer with the smallest batch, if that is known.
    pub steps_an_epoch: Option<u64>,
}

pub(super) fn check(node: &Node, ground: &Ground, mistakes: &mut Vec<Mistake>) -> Option<Finish> {
    let mut section = Section::open("[finish]", node, KEYS, mistakes)?;
    let on = section.word("on", &[("train", Part::Train), ("test", Part::Test)]);
    let target = target(&mut section, ground, on);
    let hold = section.integer("hold", 1, MANY);
    let evaluate_every = section.integer("evaluate_every", 1, MANY);
    let seconds = section.number("seconds", "a number above 0, up to 1e9", |x| {
        x > 0.0 && x <= MANY as f64
    });
    if section.get("epochs").is_none() {
        let or = if ground.surface { "" } else { ", or `epochs`" };
        section.require("steps", &format!("an integer from 1 to {MANY}{or}"));
    }
    let steps = section.integer("steps", 1, MANY);
    let epochs = epochs(&mut section, ground);
    Some(Finish {
        target: target?,
        hold: hold.map_or(1, |hold| hold.value),
        steps: steps.map(|steps| steps.value),
        epochs,
        seconds: seconds.map(|seconds| seconds.value),
        evaluate_every: evaluate_every.map(|every| every.value),
    })
}

/// The most steps and epochs of the race, as far as they can be read, for what goes by them. What is
/// wrong with them is told elsewhere.
pub(super) fn limits(root: &Table) -> (Option<u64>, Option<f64>) {
    let Some(Value::Table(table)) = root.get("finish").map(|entry| &entry.node.value) else {
        return (None, None);
    };
    let value = |key| Some(&table.get(key)?.node.value);
    let steps = value("steps").and_then(|steps| integer(steps, 1, MANY));
    (steps, value("epochs").and_then(number))
}

fn target(section: &mut Section<'_>, ground: &Ground, on: Option<Given<Part>>) -> Option<Target> {
    if section.get("accuracy").is_none() {
        section.require("loss", "a number to fall to, or `accuracy`, to rise to");
    }
    let loss = section.number("loss", "a finite number", |_| true);
    let accuracy = section.number("accuracy", "a share from 0 to 1", |x| {
        (0.0..=1.0).contains(&x)
    });
    if section.get("loss").is_some() {
        section.forbid(
            "accuracy",
            "[finish] has `loss` and `accuracy`",
            "expected one of them",
        );
    } else if ground.surface {
        section.forbid(
            "accuracy",
            "a surface has no accuracy",
            "expected `loss` instead",
        );
    } else if ground.classes == Some(false) {
        section.forbid(
            "accuracy",
            "a numeric target has no accuracy",
            "expected `loss` instead",
        );
    }
    if let Some(Given {
        value: Part::Test,
        place,
    }) = on
        && (ground.surface || ground.test == Some(false))
    {
        let (message, expected) = if ground.surface {
            ("a surface has no test part", "expected \"train\"")
        } else {
            (
                "there is no test part",
                "expected \"train\", or `test` above 0 in [data]",
            )
        };
        section.report(Mistake::new(place, message, expected));
    }
    let (metric, value) = match (loss, accuracy) {
        (Some(loss), _) => (Metric::Loss, loss.value),
        (None, Some(accuracy)) => (Metric::Accuracy, accuracy.value),
        (None, None) => return None,
    };
    Some(Target {
        metric,
        value,
        on: on.map_or(Part::Train, |on| on.value),
    })
}

fn epochs(section: &mut Section<'_>, ground: &Ground) -> Option<f64> {
    if ground.surface {
        section.forbid(
            "epochs",
            "a surface has no epochs",
            "expected `steps` instead",
        );
        return None;
    }
    let most = MANY / ground.steps_an_epoch.unwrap_or(1).max(1);
    let expected = format!("a number above 0, up to {most} (10^9 steps)");
    section
        .number("epochs", &expected, |x| x > 0.0 && x <= most as f64)
        .map(|epochs| epochs.value)
}

/// `[show]`, or its defaults where there is no such section.
pub(super) fn show(node: Option<&Node>, mistakes: &mut Vec<Mistake>) -> Show {
    let section =
        node.and_then(|node| Section::open("[show]", node, &["seconds", "pace", "map"], mistakes));
    let mut show = Show {
        seconds: 15.0,
        pace: Pace::Iterations,
        map: true,
    };
    let Some(mut section) = section else {
        return show;
    };
    let day = 86_400.0;
    if let Some(seconds) = section.number("seconds", "a number above 0, up to 86400", |x| {
        x > 0.0 && x <= day
    }) {
        show.seconds = seconds.value;
    }
    let paces = [
        ("iterations", Pace::Iterations),
        ("samples", Pace::Samples),
        ("time", Pace::Time),
    ];
    if let Some(pace) = section.word("pace", &paces) {
        show.pace = pace.value;
    }
    let map = section.read("map", "\"auto\", true or false", |value| match value {
        Value::Boolean(on) => Some(*on),
        Value::Text(auto) if auto == "auto" => Some(true),
        _ => None,
    });
    if let Some(map) = map {
        show.map = map.value;
    }
    show
}
