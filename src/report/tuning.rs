//! The search for learning rates as bytes: a table for people, JSON (`slalom.tuning/1`) and CSV with
//! the whole curve of every racer, Markdown. Nothing here prints, or knows a terminal.

use super::{Format, columns, csv, markdown, table};
use crate::sweep::tune::Tuning;

mod json;
mod points;
mod strip;
mod words;

pub use words::{comment, protocol, remarks};

/// What came out of `tuning`, written as `format`, with a line break at the end.
pub fn write(tuning: &Tuning, format: Format) -> String {
    let meta = &tuning.meta;
    let title = format!("{}, learning rates", meta.title);
    let target = columns::goal(meta.surface, meta.target, meta.hold, meta.limit);
    let head = [target, words::protocol(tuning)];
    match format {
        Format::Table => {
            let rows = table::layout(&words::columns(tuning));
            let parts = [vec![title], head.into(), vec![String::new()], rows];
            let mut lines = parts.concat();
            lines.push(String::new());
            lines.extend(words::notes(tuning));
            lines.join("\n") + "\n"
        }
        Format::Markdown => {
            let (columns, notes) = (words::columns(tuning), words::notes(tuning));
            markdown::document(&title, &head, &columns, &notes)
        }
        Format::Json => json::write(tuning),
        Format::Csv => csv::table(points::rows(tuning)),
    }
}
