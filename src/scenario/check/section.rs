//! Reading one section: its keys, their kinds and ranges. Every fault becomes a mistake; a key that
//! is absent or faulty reads as `None`, so that checking goes on and no fault is reported twice.

use crate::scenario::mistake::{Mistake, Place};
use crate::scenario::raw::{Entry, Node, Table, Value};
use crate::text;

/// A valid value, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<T> {
    pub value: T,
    pub place: Place,
}

/// A section being read.
pub(super) struct Section<'a> {
    /// How messages call it: `[finish]`.
    name: &'static str,
    table: &'a Table,
    /// Its header.
    place: Place,
    mistakes: &'a mut Vec<Mistake>,
}

impl<'a> Section<'a> {
    /// The section in `node`, which may hold `keys` and no other. `None` if it is no section.
    pub fn open(
        name: &'static str,
        node: &'a Node,
        keys: &[&str],
        mistakes: &'a mut Vec<Mistake>,
    ) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            let message = format!("{name} cannot be {}", node.value.shown());
            mistakes.push(Mistake::new(node.place, message, "expected a section"));
            return None;
        };
        Some(Self::over(name, table, node.place, keys, mistakes))
    }

    /// The table in `node`, a value of this section, called `name`.
    pub fn open_inner<'b>(
        &'b mut self,
        name: &'static str,
        node: &'b Node,
        keys: &[&str],
    ) -> Option<Section<'b>> {
        Section::open(name, node, keys, self.mistakes)
    }

    /// The section with the entries of `table`.
    pub fn over(
        name: &'static str,
        table: &'a Table,
        place: Place,
        keys: &[&str],
        mistakes: &'a mut Vec<Mistake>,
    ) -> Self {
        for entry in &table.entries {
            if !keys.contains(&&*entry.key) {
                let key = text::shorten(&entry.key, 40);
                let message = format!("unknown key `{key}` in {name}");
                let expected = format!("expected {}", one_of(keys));
                mistakes.push(
                    Mistake::new(entry.place, message, expected)
                        .near(&entry.key, keys.iter().copied()),
                );
            }
        }
        Self {
            name,
            table,
            place,
            mistakes,
        }
    }

    /// The entry of `key`, whatever its value.
    pub fn get(&self, key: &str) -> Option<&'a Entry> {
        self.table.get(key)
    }

    /// Where the value of `key` stands, or else the section's header.
    pub fn place(&self, key: &str) -> Place {
        self.get(key).map_or(self.place, |entry| entry.node.place)
    }

    /// Reports that `key` has a wrong value.
    pub fn refuse(&mut self, key: &str, node: &Node, expected: &str) {
        let message = format!("`{key}` cannot be {}", node.value.shown());
        self.mistakes.push(Mistake::new(
            node.place,
            message,
            format!("expected {expected}"),
        ));
    }

    /// Reports any mistake.
    pub fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// Reports `key` if it is there, with why it may not be.
    pub fn forbid(&mut self, key: &str, message: &str, expected: &str) {
        if let Some(entry) = self.get(key) {
            self.mistakes
                .push(Mistake::new(entry.place, message, expected));
        }
    }

    /// Reports that `key` is missing if it is not there.
    pub fn require(&mut self, key: &str, expected: &str) {
        if self.get(key).is_none() {
            let message = format!("{} has no `{key}`", self.name);
            self.mistakes.push(Mistake::missing(
                self.place,
                message,
                format!("expected `{key}`: {expected}"),
            ));
        }
    }

    /// Reads `key` with `read`, which says what fits; `expected` describes that.
    pub fn read<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<Given<T>> {
        let node = &self.get(key)?.node;
        let place = node.place;
        let value = read(&node.value);
        if value.is_none() {
            self.refuse(key, node, expected);
        }
        value.map(|value| Given { value, place })
    }

    /// A finite number that `fits`.
    pub fn number(
        &mut self,
        key: &str,
        expected: &str,
        fits: impl FnOnce(f64) -> bool,
    ) -> Option<Given<f64>> {
        self.read(key, expected, |value| number(value).filter(|x| fits(*x)))
    }

    /// An integer from `low` to `high`.
    pub fn integer(&mut self, key: &str, low: u64, high: u64) -> Option<Given<u64>> {
        let expected = format!("an integer from {low} to {high}");
        self.read(key, &expected, |value| integer(value, low, high))
    }

    /// A text of `low` to `high` characters, cleaned.
    pub fn text(&mut self, key: &str, low: usize, high: usize) -> Option<Given<String>> {
        let expected = match (low, high) {
            (_, usize::MAX) => "a text".to_owned(),
            _ => format!("a text of {low} to {high} characters"),
        };
        self.read(key, &expected, |value| match value {
            Value::Text(text) => {
                let text = text::clean(text);
                (low..=high).contains(&text.chars().count()).then_some(text)
            }
            _ => None,
        })
    }

    /// `true` or `false`.
    pub fn switch(&mut self, key: &str) -> Option<Given<bool>> {
        self.read(key, "true or false", |value| match value {
            Value::Boolean(on) => Some(*on),
            _ => None,
        })
    }

    /// One of several words.
    pub fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<Given<T>> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let index = self.choice(key, &names)?;
        Some(Given {
            value: words[index.value].1,
            place: index.place,
        })
    }

    /// The place of a word among `words`.
    pub fn choice(&mut self, key: &str, words: &[&str]) -> Option<Given<usize>> {
        let node = &self.get(key)?.node;
        let word = match &node.value {
            Value::Text(word) => word,
            _ => "",
        };
        if let Some(value) = words.iter().position(|&known| known == word) {
            return Some(Given {
                value,
                place: node.place,
            });
        }
        let message = format!("`{key}` cannot be {}", node.value.shown());
        let expected = format!("expected {}", one_of(words));
        self.report(Mistake::new(node.place, message, expected).near(word, words.iter().copied()));
        None
    }

    /// A list of finite numbers, `count` of them if that is known.
    pub fn point(&mut self, key: &str, count: Option<usize>) -> Option<Vec<f64>> {
        let node = &self.get(key)?.node;
        let expected = match count {
            Some(1) => "a list of 1 finite number".to_owned(),
            Some(count) => format!("a list of {count} finite numbers, one a variable"),
            None => "a list of finite numbers, one a variable".to_owned(),
        };
        let Value::List(items) = &node.value else {
            self.refuse(key, node, &expected);
            return None;
        };
        if count.is_some_and(|count| count != items.len()) {
            let message = format!("`{key}` cannot be a list of {}", items.len());
            self.report(Mistake::new(
                node.place,
                message,
                format!("expected {expected}"),
            ));
            return None;
        }
        self.items(key, items, "a finite number", number)
    }

    /// The items of a list, each read with `read`.
    pub fn items<T>(
        &mut self,
        key: &str,
        items: &[Node],
        expected: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Option<Vec<T>> {
        let values: Vec<Option<T>> = items
            .iter()
            .map(|item| {
                let value = read(&item.value);
                if value.is_none() {
                    let message = format!("`{key}` cannot hold {}", item.value.shown());
                    let expected = format!("expected {expected}");
                    self.report(Mistake::new(item.place, message, expected));
                }
                value
            })
            .collect();
        values.into_iter().collect()
    }
}

/// The finite number in `value`; an integer is one too.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(x) if x.is_finite() => Some(*x),
        Value::Integer(x) => Some(*x as f64),
        _ => None,
    }
}

/// The integer in `value`, if it is from `low` to `high`.
pub(super) fn integer(value: &Value, low: u64, high: u64) -> Option<u64> {
    match value {
        Value::Integer(x) => u64::try_from(*x).ok().filter(|x| (low..=high).contains(x)),
        _ => None,
    }
}

/// `a`, `a or b`, `one of a, b, c`.
pub(super) fn one_of(names: &[&str]) -> String {
    match names {
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} or {other}"),
        _ => format!("one of {}", names.join(", ")),
    }
}
