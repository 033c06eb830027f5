//! Results as a table for people: columns aligned by the width of what a terminal shows.

use unicode_width::UnicodeWidthStr;

use super::Results;
use super::columns::{Column, columns, notes, target, title};

/// The rows of [`short`]'s table.
const ROWS: usize = 5;

pub(super) fn write(results: &Results) -> String {
    let mut lines = vec![title(results), target(results), String::new()];
    lines.extend(layout(&columns(results)));
    lines.push(String::new());
    lines.extend(notes(results));
    lines.join("\n") + "\n"
}

/// At most eleven lines.
pub(super) fn short(results: &Results) -> String {
    let mut lines = vec![format!("{}, {}", title(results), target(results))];
    let all = layout(&columns(results));
    let more = all.len().saturating_sub(1 + ROWS);
    lines.extend(all.into_iter().take(1 + ROWS));
    if more > 0 {
        lines.push(format!("... and {more} more"));
    }
    let mut notes = notes(results);
    let last = notes.split_off(notes.len() - 1);
    let reasons = notes.len();
    if reasons > 1 {
        notes.truncate(1);
        notes.push(format!("... and {} more did not finish", reasons - 1));
    }
    lines.extend(notes);
    lines.extend(last);
    lines.join("\n") + "\n"
}

/// A line for the heads, and one for each row.
pub(super) fn layout(columns: &[Column]) -> Vec<String> {
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let mut lines = vec![String::new(); rows + 1];
    for (i, column) in columns.iter().enumerate() {
        let cells: Vec<&str> = [column.name.as_str()]
            .into_iter()
            .chain(column.cells.iter().map(String::as_str))
            .collect();
        let width = cells.iter().map(|cell| cell.width()).max().unwrap_or(0);
        for (line, cell) in lines.iter_mut().zip(cells) {
            let gap = " ".repeat(width - cell.width());
            let between = if i == 0 { "" } else { "  " };
            let (before, after) = if column.number {
                (gap, String::new())
            } else {
                (String::new(), gap)
            };
            line.extend([between, &before, cell, &after]);
        }
    }
    lines
        .into_iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}
