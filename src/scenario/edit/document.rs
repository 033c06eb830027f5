//! A scenario's text as a document that is changed in place: what is not touched keeps its comments
//! and its layout.

use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value};

/// The table of the racer with this index.
pub fn racer(document: &mut DocumentMut, index: usize) -> Option<&mut dyn TableLike> {
    match document.get_mut("racer")? {
        Item::ArrayOfTables(tables) => Some(tables.get_mut(index)? as &mut dyn TableLike),
        Item::Value(Value::Array(racers)) => {
            let table = racers.get_mut(index)?.as_inline_table_mut()?;
            Some(table as &mut dyn TableLike)
        }
        _ => None,
    }
}

/// The table of a section.
pub fn section<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut dyn TableLike> {
    document.get_mut(name)?.as_table_like_mut()
}

/// Sets `key`, whether it is there or not; a comment behind its value stays.
pub fn put(table: &mut dyn TableLike, key: &str, value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(known) => {
            let decor = known.decor().clone();
            *known = value;
            *known.decor_mut() = decor;
        }
        None => drop(table.insert(key, Item::Value(value))),
    }
}

/// Sets `key` of the table that `outer` is. Where that is no table yet it becomes one, with what it
/// was as its `first`.
pub fn put_inside(table: &mut dyn TableLike, outer: &str, first: &str, key: &str, value: Value) {
    if !table.get(outer).is_some_and(Item::is_table_like) {
        let mut inner = InlineTable::new();
        if let Some(was) = table.get(outer).and_then(Item::as_value) {
            inner.insert(first, was.clone().decorated(" ", ""));
        }
        put(table, outer, inner.into());
    }
    if let Some(inner) = table.get_mut(outer).and_then(Item::as_table_like_mut) {
        put(inner, key, value);
    }
}

/// The value that `text` means: TOML, or a number as it is written elsewhere (`.5`), or else just
/// text.
pub fn value(text: &str) -> Value {
    let number = || text.parse::<f64>().ok().filter(|x| x.is_finite());
    let value = text.parse().ok().or_else(|| number().map(Value::from));
    let mut value = value.unwrap_or_else(|| text.into());
    value.decor_mut().clear();
    value
}

/// A list of numbers, one of them as it is written in `text`.
pub fn point(numbers: &[f64], index: usize, text: &str) -> Value {
    let numbers = numbers.iter().enumerate();
    let list: Array = numbers
        .map(|(i, number)| {
            if i == index {
                value(text)
            } else {
                value(&crate::text::short(*number))
            }
        })
        .collect();
    list.into()
}
