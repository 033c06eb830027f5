//! A scenario's text as a tree of keys and values, each with its place. No key has a meaning here.

use toml::de::{DeTable, DeValue};

use super::mistake::{Mistake, Place};
use crate::text;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands; for a section its header.
    pub place: Place,
}

/// A TOML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer; one of more than 128 bits is the nearest that has so many.
    Integer(i128),
    /// A number with a point or an exponent; may be infinite or not a number.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date or a time, as text.
    Date(String),
    /// A list, or an array of sections.
    List(Vec<Node>),
    /// A section, or a table in braces.
    Table(Table),
}

/// Keys and values in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The entries; every key is there once.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub place: Place,
    /// Its value.
    pub node: Node,
}

impl Table {
    /// The entry called `key`.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Sets `key`, whether it is there or not.
    pub fn set(&mut self, key: &str, place: Place, node: Node) -> &mut Node {
        let known = self.entries.iter().position(|entry| entry.key == key);
        let at = known.unwrap_or(self.entries.len());
        let entry = Entry {
            key: key.to_owned(),
            place,
            node,
        };
        if known.is_some() {
            self.entries[at] = entry;
        } else {
            self.entries.push(entry);
        }
        &mut self.entries[at].node
    }
}

impl Value {
    /// The value as a message shows it.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{}\"", text::shorten(text, 40)),
            Self::Integer(integer) => integer.to_string(),
            Self::Float(float) => format!("{float:?}").to_lowercase(),
            Self::Boolean(boolean) => boolean.to_string(),
            Self::Date(date) => date.clone(),
            Self::List(_) => "a list".to_owned(),
            Self::Table(_) => "a table".to_owned(),
        }
    }
}

/// Reads TOML: as much of the tree as can be made out, and all that is wrong with the syntax.
pub fn parse(text: &str) -> (Table, Vec<Mistake>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let at = |span: std::ops::Range<usize>| Place {
        origin: 0,
        start: span.start,
        end: span.end,
    };
    let mistakes = errors.iter().map(|error| {
        let place = error.span().map_or(Place::default(), at);
        let message = text::shorten(error.message(), 200);
        let (message, expected) = match message.split_once(", expected ") {
            Some((message, expected)) => (message.to_owned(), format!("expected {expected}")),
            None => (message, "expected TOML that can be read".to_owned()),
        };
        Mistake::new(place, message, expected)
    });
    (convert_table(table.get_ref(), &at), mistakes.collect())
}

/// Reads one TOML value; it stands, with all its parts, at `place`. `None` if it is not TOML.
pub fn parse_value(text: &str, place: Place) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    Some(convert(value.get_ref(), place, &|_| place))
}

fn convert_table(table: &DeTable<'_>, at: &dyn Fn(std::ops::Range<usize>) -> Place) -> Table {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            place: at(key.span()),
            node: convert(value.get_ref(), at(value.span()), at),
        })
        .collect();
    entries.sort_by_key(|entry| entry.place);
    Table { entries }
}

fn convert(
    value: &DeValue<'_>,
    place: Place,
    at: &dyn Fn(std::ops::Range<usize>) -> Place,
) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => {
            let digits = integer.as_str();
            let most = if digits.starts_with('-') {
                i128::MIN
            } else {
                i128::MAX
            };
            Value::Integer(i128::from_str_radix(digits, integer.radix()).unwrap_or(most))
        }
        // What is too large for a float becomes infinite here and is refused as that.
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| convert(item.get_ref(), at(item.span()), at))
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(convert_table(table, at)),
    };
    Node { value, place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_have_places() {
        let text = "seed = 7\n[[racer]]\nbatch = \"all\"\n";
        let (table, mistakes) = parse(text);
        assert_eq!(mistakes, []);
        let slice = |place: Place| &text[place.start..place.end];
        let seed = table.get("seed").expect("it is there");
        assert_eq!((slice(seed.place), slice(seed.node.place)), ("seed", "7"));
        let racers = table.get("racer").expect("it is there");
        let Value::List(racers) = &racers.node.value else {
            panic!("an array of sections is a list")
        };
        assert_eq!(slice(racers[0].place), "[[racer]]");
    }

    #[test]
    fn numbers_of_any_size_are_read() {
        let value = |text: &str| parse_value(text, Place::default()).map(|node| node.value);
        assert_eq!(value("1_000"), Some(Value::Integer(1000)));
        assert_eq!(value("0x10"), Some(Value::Integer(16)));
        assert_eq!(value(&"9".repeat(99)), Some(Value::Integer(i128::MAX)));
        assert_eq!(value("1e999"), Some(Value::Float(f64::INFINITY)));
        assert_eq!(value("+1_0.5e-3"), Some(Value::Float(0.0105)));
        assert_eq!(value("abc"), None);
    }

    #[test]
    fn all_errors_of_syntax_are_found() {
        let (table, mistakes) = parse("a = \nb = 2\nb = 3\nc = [1,\n");
        assert!(mistakes.len() >= 3, "{mistakes:?}");
        assert!(table.get("b").is_some());
    }
}
