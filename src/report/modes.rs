//! The modes of a race side by side as bytes: a table for people, JSON (`slalom.modes/1`) and CSV with
//! every run, Markdown. Nothing here prints, or knows a terminal.

use super::{Format, columns, csv, markdown, table};
use crate::sweep::modes::Modes;

pub mod flips;
mod json;
mod rows;
pub mod words;

/// What came out of `modes`, written as `format`, with a line break at the end.
pub fn write(modes: &Modes, format: Format) -> String {
    let meta = &modes.tuning.meta;
    let title = format!("{}, {}", meta.title, words::seeds(modes));
    let target = columns::goal(meta.surface, meta.target, meta.hold, meta.limit);
    match format {
        Format::Table => {
            let mut lines = vec![title, target, String::new()];
            lines.extend(table::layout(&words::columns(modes)));
            lines.push(String::new());
            lines.extend(words::notes(modes));
            lines.join("\n") + "\n"
        }
        Format::Markdown => {
            let (columns, notes) = (words::columns(modes), words::notes(modes));
            markdown::document(&title, &[target], &columns, &notes)
        }
        Format::Json => json::write(modes),
        Format::Csv => csv::table(rows::rows(modes)),
    }
}
