//! `--add OPTIMIZER:KEY=VALUE,...`: a racer beside those of the text. It has the keys of any
//! `[[racer]]`; where it has no batch, it takes that of the first racer that has one.

use std::ops::Range;

use toml_edit::{
    Array, ArrayOfTables, DocumentMut, InlineTable, Item, TableLike, Value as Written,
};

use super::entrants;
use super::racers::MOST;
use crate::optim;
use crate::scenario::edit::document;
use crate::scenario::mistake::{Mistake, Place};
use crate::scenario::raw::{self, Node, Table, Value};
use crate::text::shorten;

/// What the flag is to look like.
const EXPECTED: &str = "expected OPTIMIZER:KEY=VALUE,..., such as adamw:learning_rate=0.01";

const BATCH: &str = "batch";

/// A part of the flag: its bytes in what follows `--add`.
type Part = Range<usize>;

/// The optimizer, and each key with its value.
#[derive(Debug, PartialEq)]
struct Parts {
    optimizer: Part,
    settings: Vec<[Part; 2]>,
}

/// Enters the racer of the flag `flag` (its number from 1) `--add ...`, whose text is `text`, after
/// those of `root`.
pub(super) fn enter(root: &mut Table, text: &str, flag: usize, mistakes: &mut Vec<Mistake>) {
    let begin = "--add ".len();
    let place = |part: &Part| Place {
        origin: flag,
        start: begin + part.start,
        end: begin + part.end,
    };
    let add = &text[begin..];
    let parts = match parts(add) {
        Ok(parts) => parts,
        Err((part, message, expected)) => {
            mistakes.push(Mistake::new(place(&part), message, expected));
            return;
        }
    };
    let whole = place(&(0..add.len()));
    let id = &add[parts.optimizer.clone()];
    let mut racer = Table::default();
    let name = Node {
        value: Value::Text(id.to_owned()),
        place: place(&parts.optimizer),
    };
    racer.set("optimizer", name.place, name);
    for [key, value] in &parts.settings {
        let (key, written) = (place(key), &add[value.clone()]);
        let name = &text[key.start..key.end];
        let node = raw::parse_value(written, place(value)).unwrap_or_else(|| Node {
            value: Value::Text(written.to_owned()),
            place: place(value),
        });
        if racer.get(name).is_some() {
            let message = format!("`{}` is given twice", shorten(name, 40));
            mistakes.push(Mistake::new(key, message, "expected every key once"));
        }
        racer.set(name, key, node);
    }
    if root.get("racer").is_none() {
        let none = Node {
            value: Value::List(vec![]),
            place: whole,
        };
        root.set("racer", whole, none);
    }
    let entry = root.entries.iter_mut().find(|entry| entry.key == "racer");
    let Some(Value::List(racers)) = entry.map(|entry| &mut entry.node.value) else {
        let expected = "expected a scenario with sections [[racer]]";
        mistakes.push(Mistake::new(whole, "there is no list of racers", expected));
        return;
    };
    let batch = racers.iter().find_map(|node| match &node.value {
        Value::Table(table) => table.get(BATCH),
        _ => None,
    });
    if let Some(batch) = batch.filter(|_| takes_batch(id) && racer.get(BATCH).is_none()) {
        let node = Node {
            value: batch.node.value.clone(),
            place: whole,
        };
        racer.set(BATCH, whole, node);
    }
    let racer = Node {
        value: Value::Table(racer),
        place: whole,
    };
    mistakes.extend(takes_a_name(&racer, racers));
    racers.push(racer);
}

/// Who is added may not take the label of one that has its optimizer's name for want of another: that
/// one would be called otherwise, and other flags that name it would mean the new one.
fn takes_a_name(racer: &Node, racers: &[Node]) -> Option<Mistake> {
    let (label, place) = entrants::explicit_label(racer)?;
    let unnamed = |(node, known): (&Node, Option<String>)| {
        known.as_ref() == Some(&label) && entrants::explicit_label(node).is_none()
    };
    let racers = &racers[..racers.len().min(MOST)];
    let labels = entrants::labels(racers);
    racers.iter().zip(labels).any(unnamed).then(|| {
        let message = format!("a racer of the scenario is called \"{label}\"");
        Mistake::new(place, message, "expected a label of its own for each racer")
    })
}

/// Refuses the racer of the flag `flag` beside a `--set` that replaces them all.
pub(super) fn refuse(text: &str, flag: usize) -> Mistake {
    let place = Place {
        origin: flag,
        start: "--add ".len(),
        end: text.len(),
    };
    let message = "`--set racer` replaces all racers";
    Mistake::new(place, message, "expected this one in its list")
}

/// The text of a scenario with the racers of `--add` in it; both are known to be valid.
pub(super) fn written(text: &str, add: &[String]) -> String {
    let mut document: DocumentMut = text.parse().expect("it has been read");
    for add in add {
        write(&mut document, add).expect("they have been entered");
    }
    document.to_string()
}

/// Writes the racer of one flag after those of `document`.
pub(super) fn write(document: &mut DocumentMut, add: &str) -> Option<()> {
    let parts = parts(add).ok()?;
    let id = &add[parts.optimizer];
    let mut racer = InlineTable::new();
    racer.insert("optimizer", id.into());
    for [key, value] in parts.settings {
        racer.insert(&add[key], document::value(&add[value]));
    }
    let batch = |table: &mut dyn TableLike| table.get(BATCH)?.as_value().cloned();
    let batch = (0..)
        .map_while(|i| document::racer(document, i).map(batch))
        .find_map(|batch| batch);
    if let Some(batch) = batch.filter(|_| takes_batch(id) && !racer.contains_key(BATCH)) {
        racer.insert(BATCH, batch.decorated(" ", ""));
    }
    match document
        .entry("racer")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
    {
        Item::ArrayOfTables(tables) => {
            let mut table = racer.into_table();
            table.decor_mut().set_prefix("\n");
            tables.push(table);
        }
        Item::Value(Written::Array(racers)) => push(racers, racer),
        _ => return None,
    }
    Some(())
}

fn push(racers: &mut Array, racer: InlineTable) {
    let last = racers.iter().last();
    let before = last.and_then(|last| last.decor().prefix()?.as_str());
    let before = before.unwrap_or(" ").to_owned();
    racers.push_formatted(Written::from(racer).decorated(before, ""));
}

/// Whether an optimizer can have a batch.
fn takes_batch(id: &str) -> bool {
    optim::find(id).is_some_and(|entry| !entry.full_batch)
}

/// `add` in its parts, or what is wrong with it, where, and what would be right.
fn parts(add: &str) -> Result<Parts, (Part, String, &'static str)> {
    let colon = add.find(':').unwrap_or(add.len());
    let optimizer = trimmed(add, 0..colon);
    let id = &add[optimizer.clone()];
    if id.is_empty() {
        let message = "--add names no optimizer".to_owned();
        return Err((0..add.len(), message, EXPECTED));
    }
    if id.contains([',', '=']) {
        let message = "there is no `:` after the optimizer".to_owned();
        return Err((optimizer, message, EXPECTED));
    }
    let mut settings = Vec::new();
    let rest = (colon + 1).min(add.len())..add.len();
    for setting in between_commas(add, rest) {
        let sign = add[setting.clone()].find('=');
        let sign = sign.map(|sign| setting.start + sign);
        let key = trimmed(add, setting.start..sign.unwrap_or(setting.start));
        let (Some(sign), false) = (sign, key.is_empty()) else {
            let message = format!("`{}` sets nothing", shorten(&add[setting.clone()], 40));
            return Err((
                setting,
                message,
                "expected KEY=VALUE, such as learning_rate=0.01",
            ));
        };
        settings.push([key, trimmed(add, sign + 1..setting.end)]);
    }
    Ok(Parts {
        optimizer,
        settings,
    })
}

/// The parts of `part` between its commas, but for those in brackets and quotes; none of nothing.
fn between_commas(text: &str, part: Part) -> Vec<Part> {
    let (mut parts, mut start) = (Vec::new(), part.start);
    let (mut depth, mut quote) = (0_usize, None);
    for (i, c) in text[part.clone()].char_indices() {
        let at = part.start + i;
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '"' | '\'' => quote = Some(c),
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(trimmed(text, start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = trimmed(text, start..part.end);
    if !(parts.is_empty() && last.is_empty()) {
        parts.push(last);
    }
    parts
}

/// The part without the blanks around it.
fn trimmed(text: &str, part: Part) -> Part {
    let inside = &text[part.clone()];
    let start = part.end - inside.trim_start().len();
    start..start + inside.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_has_an_optimizer_and_settings() {
        let read = |add: &str| {
            let parts = parts(add).map_err(|(part, ..)| add[part].to_owned())?;
            let settings = parts.settings.into_iter();
            let settings = settings.map(|setting| setting.map(|part| add[part].to_owned()));
            Ok::<_, String>((
                add[parts.optimizer].to_owned(),
                settings.collect::<Vec<_>>(),
            ))
        };
        let settings = |add: &str| read(add).map(|(_, settings)| settings.concat().join("|"));
        assert_eq!(read("lion"), Ok(("lion".to_owned(), vec![])));
        assert_eq!(read(" lion : "), Ok(("lion".to_owned(), vec![])));
        for (add, want) in [
            ("adam:learning_rate=0.1", "learning_rate|0.1"),
            ("adam: beta1 = 0.5 , label = a b ", "beta1|0.5|label|a b"),
            ("sgd:start=[1, 2],batch=3", "start|[1, 2]|batch|3"),
            (
                "sgd:learning_rate={ peak = 1, warmup = 2 }",
                "learning_rate|{ peak = 1, warmup = 2 }",
            ),
            ("sgd:label=\"a, 'b\",batch=", "label|\"a, 'b\"|batch|"),
            ("sgd:label=a:b=c", "label|a:b=c"),
        ] {
            assert_eq!(settings(add).as_deref(), Ok(want), "{add}");
        }
        for (add, want) in [
            ("", ""),
            (":batch=1", ":batch=1"),
            ("adam,learning_rate=1", "adam,learning_rate=1"),
            ("adam=1", "adam=1"),
            ("adam:0.1", "0.1"),
            ("adam:beta1=1,", ""),
            ("adam:=1", "=1"),
        ] {
            assert_eq!(settings(add), Err(want.to_owned()), "{add}");
        }
    }

    #[test]
    fn a_racer_comes_into_the_text_after_the_others() {
        let add = ["lion:learning_rate=0.1,label=a b".to_owned()];
        let sections = "[[racer]]\noptimizer = \"sgd\"\nbatch = 8 # few\n\n[show]\nseconds = 5\n";
        let want = "[[racer]]\noptimizer = \"sgd\"\nbatch = 8 # few\n\n[[racer]]\n\
                    optimizer = \"lion\"\nlearning_rate = 0.1\nlabel = \"a b\"\nbatch = 8\n\n\
                    [show]\nseconds = 5\n";
        assert_eq!(written(sections, &add), want);
        let list = "racer = [\n  { optimizer = \"gd\" },\n]\n";
        let want = "racer = [\n  { optimizer = \"gd\" },\n  \
                    { optimizer = \"lion\", learning_rate = 0.1, label = \"a b\" },\n]\n";
        assert_eq!(written(list, &add), want);
        let want =
            "seed = 1\n\n[[racer]]\noptimizer = \"lion\"\nlearning_rate = 0.1\nlabel = \"a b\"\n";
        assert_eq!(written("seed = 1\n", &add), want);
    }
}
