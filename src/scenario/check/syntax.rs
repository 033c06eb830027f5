//! Which mistakes count where the TOML itself is broken: one slip of the pen should not look like many.

use std::collections::BTreeSet;

use crate::scenario::mistake::Mistake;

/// Takes from `mistakes` those that may be but the echo of an error of syntax in `broken`: whatever is missing, what
/// stands on a line with an error, and, where that line is a section's header, what stands in the section.
pub(super) fn forgive(text: &str, broken: &[Mistake], mistakes: &mut Vec<Mistake>) {
    if broken.is_empty() {
        return;
    }
    let mut begin = 0;
    let starts: Vec<usize> = text
        .split_inclusive('\n')
        .map(|line| {
            let start = begin;
            begin += line.len();
            start
        })
        .collect();
    let line_of = |byte: usize| starts.partition_point(|&start| start <= byte);
    let is_header = |line: usize| {
        let line = text[starts[line - 1]..].lines().next();
        line.is_some_and(|line| line.trim_start().starts_with('['))
    };
    let mut blind = BTreeSet::new();
    for error in broken {
        let line = line_of(error.place.start).max(1);
        blind.insert(line);
        if is_header(line) {
            blind.extend((line + 1..=starts.len()).take_while(|&line| !is_header(line)));
        }
    }
    mistakes.retain(|mistake| {
        let place = mistake.place;
        let (first, last) = (line_of(place.start), line_of(place.end));
        place.origin > 0
            || !mistake.missing && blind.range(first..=last.max(first)).next().is_none()
    });
}
