//! What is around a racer's rule, as it is changed: the schedule of its learning rate, the clipping
//! of its gradients, the decay of its weights.

use toml_edit::{InlineTable, Item, TableLike, Value};

use super::{document, ladder};
use crate::optim::schedule::{Row, SCHEDULES};
use crate::scenario::Entrant;
use crate::text::short;

/// What says that gradients are not clipped.
pub(super) const OFF: &str = "off";

/// Where nothing says when a rate falls it falls to this part, so often in a race.
const FALLS: (f64, u64) = (0.1, 3);

/// Gradients longer than this need not be clipped, for all that a key offers.
const LONGEST: f64 = 100.0;

/// Below this a decay is none, for all that a key offers.
const LEAST: f64 = 1e-5;

/// Gives `racer`, who is `now` and takes so many `steps` at most, another schedule: the peak stays,
/// and what it had of this schedule in `original`, in the beginning, comes back.
pub(super) fn put_schedule(
    racer: &mut dyn TableLike,
    original: &dyn TableLike,
    now: &Entrant,
    steps: u64,
    id: &str,
) {
    let peak = document::value(&short(now.learning_rate));
    let own = original.get(RATE).and_then(Item::as_table_like);
    let was = |key: &str| own?.get(key)?.as_value().cloned();
    let word = |value: Value| value.as_str().map(str::to_owned);
    let is_own = own.is_some() && was(SCHEDULE).and_then(word).as_deref().unwrap_or(CONSTANT) == id;
    if id == CONSTANT && !is_own {
        return document::put(racer, RATE, peak);
    }
    let mut rate = InlineTable::new();
    rate.insert("peak", peak);
    rate.insert(SCHEDULE, id.into());
    if is_own {
        let keys = SCHEDULES.iter().filter(|row| row.id == id);
        for key in keys.flat_map(|row| row.keys) {
            if let Some(value) = was(key) {
                rate.insert(*key, value);
            }
        }
    } else if has(id, "every") {
        let (factor, times) = FALLS;
        let every = (steps / times).max(1);
        rate.insert("factor", factor.into());
        rate.insert("every", i64::try_from(every).unwrap_or(i64::MAX).into());
    }
    document::put(racer, RATE, rate.into());
}

const RATE: &str = "learning_rate";
const SCHEDULE: &str = "schedule";
const CONSTANT: &str = "constant";

fn has(id: &str, key: &str) -> bool {
    let rows = SCHEDULES.iter().filter(|row: &&Row| row.id == id);
    rows.flat_map(|row| row.keys).any(|known| *known == key)
}

/// The next length that gradients are clipped to: past the longest they are not.
pub(super) fn next_clip(clip_norm: Option<f64>, up: bool) -> Option<String> {
    match (clip_norm, up) {
        (None, true) => None,
        (None, false) => Some(short(LONGEST)),
        (Some(norm), true) if norm >= LONGEST => Some(OFF.to_owned()),
        (Some(norm), up) => ladder::thirds(norm, up).map(short),
    }
}

/// The next decay of weights: below the least there is none.
pub(super) fn next_decay(decay: f64, up: bool) -> Option<String> {
    match (decay, up) {
        (0.0, true) => Some(short(LEAST)),
        (0.0, false) => None,
        (decay, false) if decay <= LEAST => Some("0".to_owned()),
        (decay, up) => ladder::thirds(decay, up).map(short),
    }
}
