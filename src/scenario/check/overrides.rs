//! Flags that change a scenario before it is checked: `--set`, `--seed`, and `--only`, which
//! chooses racers.

use super::entrants;
use crate::scenario::mistake::{Mistake, Place};
use crate::scenario::raw::{self, Node, Table, Value};

/// The flag `flag` (its number from 1) `--set PATH=VALUE`, whose text is `text`, applied to `root`.
pub(super) fn set(root: &mut Table, text: &str, flag: usize) -> Result<(), Mistake> {
    let begin = "--set ".len();
    let at = |start, end| Place {
        origin: flag,
        start,
        end,
    };
    let path_and_value = &text[begin..];
    let Some((path, value)) = path_and_value.split_once('=') else {
        return Err(Mistake::new(
            at(begin, text.len()),
            "--set needs a path and a value",
            "expected PATH=VALUE, such as finish.loss=0.01",
        ));
    };
    let key = at(begin, begin + path.len());
    let place = at(key.end + 1, text.len());
    let node = raw::parse_value(value, place).unwrap_or_else(|| Node {
        value: Value::Text(value.trim().to_owned()),
        place,
    });
    let path = path.trim();
    if let Some(rest) = path.strip_prefix("racer.") {
        return set_racer(root, rest, key, node);
    }
    let steps: Vec<&str> = path.split('.').map(str::trim).collect();
    if steps.iter().any(|step| step.is_empty()) {
        return Err(Mistake::new(
            key,
            "a name in the path is empty",
            "expected SECTION.KEY, such as finish.loss",
        ));
    }
    insert(root, &steps, key, node);
    Ok(())
}

/// Whether `PATH=VALUE` replaces the list of racers.
pub(super) fn is_of_all_racers(set: &str) -> bool {
    set.split_once('=')
        .is_some_and(|(path, _)| path.trim() == "racer")
}

/// Sets what is at `steps` under `table`; sections that are not there are made.
fn insert(table: &mut Table, steps: &[&str], key: Place, node: Node) {
    let Some((last, sections)) = steps.split_last() else {
        return;
    };
    let mut table = table;
    for section in sections {
        let is_section = matches!(
            table.get(section).map(|entry| &entry.node.value),
            Some(Value::Table(_))
        );
        if !is_section {
            let empty = Node {
                value: Value::Table(Table::default()),
                place: key,
            };
            table.set(section, key, empty);
        }
        let entry = table.entries.iter_mut().find(|entry| entry.key == *section);
        let Some(Value::Table(inner)) = entry.map(|entry| &mut entry.node.value) else {
            unreachable!("it was a section, or made one");
        };
        table = inner;
    }
    table.set(last, key, node);
}

/// The parts of a racer's path after `racer.`: `NAME.KEY`, or `NAME.learning_rate.KEY` for a part of
/// its schedule. The name may have points of its own.
pub(super) fn parts(path: &str) -> Option<(&str, Option<&str>, &str)> {
    let (name, key) = path.rsplit_once('.')?;
    let (name, key) = (name.trim(), key.trim());
    Some(
        match name
            .strip_suffix(RATE)
            .and_then(|name| name.trim_end().strip_suffix('.'))
        {
            Some(name) => (name.trim(), Some(RATE), key),
            None => (name, None, key),
        },
    )
}

/// A racer's learning rate.
const RATE: &str = "learning_rate";

/// The peak of a schedule.
pub(super) const PEAK: &str = "peak";

/// Sets a racer's key; `path` is as in [`parts`].
fn set_racer(root: &mut Table, path: &str, key: Place, node: Node) -> Result<(), Mistake> {
    let Some((name, schedule, last)) = parts(path) else {
        return Err(Mistake::new(
            key,
            "the path names no key of a racer",
            "expected racer.NAME.KEY, such as racer.adam.learning_rate",
        ));
    };
    let entry = root.entries.iter_mut().find(|entry| entry.key == "racer");
    let racers = match entry.map(|entry| &mut entry.node.value) {
        Some(Value::List(racers)) => racers,
        _ => &mut vec![],
    };
    let found = entrants::find(name, racers);
    let racer = found.map_err(|(message, expected)| Mistake::new(key, message, expected))?;
    let Value::Table(table) = &mut racers[racer].value else {
        return Ok(());
    };
    let Some(rate) = schedule else {
        table.set(last, key, node);
        return Ok(());
    };
    // A number that becomes a schedule is its peak.
    let known = table.get(rate).map(|entry| entry.node.clone());
    let is_table = |node: &Node| matches!(node.value, Value::Table(_));
    insert(table, &[rate, last], key, node);
    if let (Some(peak), true) = (known.filter(|node| !is_table(node)), last != PEAK) {
        insert(table, &[rate, PEAK], key, peak);
    }
    Ok(())
}

/// `--seed N`.
pub(super) fn seed(root: &mut Table, seed: u64, text: &str, flag: usize) {
    let place = Place {
        origin: flag,
        start: "--seed ".len(),
        end: text.len(),
    };
    let node = Node {
        value: Value::Integer(i128::from(seed)),
        place,
    };
    root.set("seed", place, node);
}

/// The racers that the names of `--only` mean, in the scenario's order; all where there is no name.
/// Each name is the text of a flag from number `flag` on; the last `added` racers come from `--add`.
pub(super) fn only(
    names: &[String],
    (racers, added): (&[Node], usize),
    flag: usize,
    mistakes: &mut Vec<Mistake>,
) -> Vec<usize> {
    if names.is_empty() {
        return (0..racers.len()).collect();
    }
    let mut chosen = vec![];
    for (flag, name) in (flag..).zip(names) {
        let start = "--only ".len();
        let place = Place {
            origin: flag,
            start,
            end: start + name.len(),
        };
        match entrants::find_own(name.trim(), racers, added) {
            Ok(racer) => chosen.push(racer),
            Err((message, expected)) => mistakes.push(Mistake::new(place, message, expected)),
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
