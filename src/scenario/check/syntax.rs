//! Where the TOML itself is broken: one slip of the pen should not look like many.

use std::collections::BTreeSet;

use crate::scenario::mistake::{Mistake, Place};
use crate::scenario::raw::{Node, Table, Value};

/// The errors of syntax in `broken` without their echoes: what comes after a list that nobody
/// closed, the keys of a section that is there twice, and all but the first error of a line.
pub(super) fn tidy(text: &str, tree: &Table, broken: Vec<Mistake>) -> Vec<Mistake> {
    let lines = Lines::of(text);
    let open = unclosed(tree, &broken);
    let swallowed = |mistake: &Mistake| open.is_some_and(|list| mistake.place.start > list.start);
    let mut rest: Vec<Mistake> = broken.into_iter().filter(|m| !swallowed(m)).collect();
    if let Some(list) = open {
        let opening = Place {
            end: list.start + 1,
            ..list
        };
        rest.push(Mistake::new(
            opening,
            "the list is not closed",
            "expected `]` after its last item",
        ));
    }
    rest.sort_by_key(|mistake| mistake.place);

    let (mut seen, mut echoes) = (BTreeSet::new(), BTreeSet::new());
    rest.retain(|mistake| {
        let line = lines.number(mistake.place.start);
        let echo = is_duplicate(mistake) && echoes.contains(&line);
        if is_duplicate(mistake) && lines.is_header(line) {
            echoes.extend(lines.section(line));
        }
        seen.insert(line) && !echo
    });
    rest
}

fn is_duplicate(mistake: &Mistake) -> bool {
    mistake.message == "duplicate key"
}

/// The first list that reaches to an error which says that it is not closed; all after it is
/// swallowed by it.
fn unclosed(tree: &Table, broken: &[Mistake]) -> Option<Place> {
    let open = broken
        .iter()
        .filter(|error| error.message.starts_with("unclosed array"));
    let ends: Vec<usize> = open.map(|error| error.place.start).collect();
    let reaches = |list: &Place| ends.iter().any(|end| (list.start..=list.end).contains(end));
    let values = tree.entries.iter().map(|entry| &entry.node);
    values.flat_map(lists).filter(reaches).min()
}

/// The places of all lists in `node`.
fn lists(node: &Node) -> Vec<Place> {
    match &node.value {
        Value::List(items) => {
            let mut places = vec![node.place];
            places.extend(items.iter().flat_map(lists));
            places
        }
        Value::Table(table) => {
            let values = table.entries.iter().map(|entry| &entry.node);
            values.flat_map(lists).collect()
        }
        _ => vec![],
    }
}

/// Takes from `mistakes` those that may be but the echo of an error of syntax in `broken`: whatever
/// is missing, what stands on a line with an error, and, where that line is a section's header,
/// what stands in the section.
pub(super) fn forgive(text: &str, broken: &[Mistake], mistakes: &mut Vec<Mistake>) {
    if broken.is_empty() {
        return;
    }
    let lines = Lines::of(text);
    let mut blind = BTreeSet::new();
    for error in broken {
        let line = lines.number(error.place.start);
        if blind.insert(line) && lines.is_header(line) {
            blind.extend(lines.section(line));
        }
    }
    mistakes.retain(|mistake| {
        let place = mistake.place;
        let first = lines.number(place.start);
        let last = lines.number(place.end).max(first);
        place.origin > 0 || !mistake.missing && blind.range(first..=last).next().is_none()
    });
}

/// The lines of a text, numbered from 1.
struct Lines<'a> {
    lines: Vec<&'a str>,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut next = 0;
        let starts = lines.iter().map(|line| {
            let start = next;
            next += line.len();
            start
        });
        Self {
            starts: starts.collect(),
            lines,
        }
    }

    /// The number of the line with this byte.
    fn number(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start <= byte).max(1)
    }

    fn is_header(&self, number: usize) -> bool {
        self.lines
            .get(number - 1)
            .is_some_and(|line| line.trim_start().starts_with('['))
    }

    /// The lines after a header, up to the next.
    fn section(&self, header: usize) -> impl Iterator<Item = usize> {
        (header + 1..=self.lines.len()).take_while(|&line| !self.is_header(line))
    }
}
