//! A column of text as numbers: each different text is one, in the order of their names.

use std::collections::BTreeMap;

use super::rows::Rows;
use crate::problem::dataset::{About, Refusal};
use crate::text;

/// A name longer than this is not one.
const LONGEST: usize = 200;

/// The texts met so far, and the number of each in the order of their first examples.
#[derive(Default)]
pub(super) struct Labels(BTreeMap<String, u32>);

impl Labels {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The number of the text in a cell, which may be met for the first time.
    pub fn number(&mut self, rows: &Rows, column: usize, about: About) -> Result<u32, Refusal> {
        let cell = rows.cell(column, about)?;
        if let Some(&number) = self.0.get(cell) {
            return Ok(number);
        }
        let refuse = |message: String, expected| {
            let message = format!("{} {message}", rows.place(column));
            Err(Refusal::new(about, message, expected))
        };
        if cell.len() > LONGEST {
            return refuse(
                format!("holds a text of {} bytes", cell.len()),
                "expected the name of a class, at most 200 bytes",
            );
        }
        let name = text::clean(cell);
        if name.is_empty() {
            return refuse(
                "holds nothing that can be shown".to_owned(),
                "expected the name of a class",
            );
        }
        let next = self.0.len() as u32;
        Ok(*self.0.entry(name).or_insert(next))
    }

    /// The names in order, and for each number given before the place of its name.
    pub fn sorted(self) -> (Vec<String>, Vec<u32>) {
        let places = places(self.0.values().copied());
        (self.0.into_keys().collect(), places)
    }
}

/// For each number its place in `order`, which holds the numbers from 0 once each.
pub(super) fn places(order: impl Iterator<Item = u32>) -> Vec<u32> {
    let order: Vec<u32> = order.collect();
    let mut places = vec![0; order.len()];
    for (place, number) in (0..).zip(order) {
        places[number as usize] = place;
    }
    places
}
