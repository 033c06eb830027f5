//! The modes as one JSON object of the format `slalom.modes/1`, for programs: its members, their order
//! and their nulls are stable. Numbers read back to the same bits; what is not finite is null, and so
//! is a median that is never.

use serde_json::{Value, json};

use crate::report::json::{count, target};
use crate::report::lead::{TEST, word};
use crate::stats::lead::LEVEL;
use crate::sweep::modes::{Flipped, Kind, Mode, Modes, Placed};
use crate::sweep::tune::grid::rate;

/// The format's name and version.
const FORMAT: &str = "slalom.modes/1";

pub fn write(modes: &Modes) -> String {
    let (tuning, orders) = (&modes.tuning, &modes.orders);
    let meta = &tuning.meta;
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
        "search": {
            "rates": [rate(tuning.grid.low, 1), rate(tuning.grid.high, 1)],
            "per_decade": 3,
            "seeds": tuning.seeds,
            "seeds_planned": tuning.planned_seeds,
            "runs": tuning.runs,
        },
        "seeds_planned": modes.planned_seeds,
        "seeds_matter": !tuning.nothing_varies,
        "complete": !modes.stopped,
        "modes": modes.modes.iter().map(|mode| self::mode(modes, mode)).collect::<Vec<_>>(),
        "test": TEST,
        "correction": "Holm",
        "level": LEVEL,
        "tests": orders.tests,
        "flips": orders.flips.iter().map(|flip| self::flip(modes, flip)).collect::<Vec<_>>(),
    });
    format!("{object:#}\n")
}

fn mode(modes: &Modes, mode: &Mode) -> Value {
    let same = modes.same.filter(|_| mode.kind == Kind::Same);
    let racers = modes.tuning.racers.iter().zip(&mode.racers);
    let racers = racers.map(|(racer, placed)| {
        let entered = &racer.entered;
        let mut object = json!({ "label": entered.label, "optimizer": entered.optimizer });
        if let (Some(object), Some(placed)) = (object.as_object_mut(), placed) {
            object.extend(self::placed(placed));
        }
        object
    });
    json!({
        "mode": mode.kind.name(),
        "seeds": mode.seeds(),
        "learning_rate": same.map(|same| same.rate),
        "converge_in_search": same.map(|same| same.converge),
        "racers": racers.collect::<Vec<_>>(),
    })
}

/// The members of a racer that was raced.
fn placed(placed: &Placed) -> Vec<(String, Value)> {
    let runs = &placed.runs;
    let members = [
        ("learning_rate", json!(placed.rate)),
        ("rank", json!(placed.rank)),
        ("runs", json!(runs.iterations.len())),
        ("successes", json!(runs.successes)),
        ("median", json!(runs.median.map(count))),
        ("interval", json!(runs.interval)),
        ("expected_running_time", json!(runs.expected_running_time)),
        ("iterations", json!(runs.iterations)),
    ];
    members.map(|(name, value)| (name.to_owned(), value)).into()
}

fn flip(modes: &Modes, flip: &Flipped) -> Value {
    let label = |racer: usize| &modes.tuning.racers[racer].entered.label;
    let sides = flip.racers.into_iter().zip(&flip.sides);
    let sides = sides.flat_map(|(racer, sides)| {
        sides.iter().map(move |side| {
            json!({
                "mode": modes.modes[side.mode].kind.name(),
                "ahead": label(racer),
                "differ": side.differ,
                "p": side.p,
                "p_corrected": side.corrected,
                "verdict": word(side.verdict),
            })
        })
    });
    json!({
        "racers": flip.racers.map(label),
        "verdict": word(flip.verdict),
        "modes": sides.collect::<Vec<_>>(),
    })
}
