//! Results as Markdown, for documents and issues.

use super::Results;
use super::columns::{Column, columns, notes, target, title};

pub(super) fn write(results: &Results) -> String {
    let head = [target(results)];
    document(&title(results), &head, &columns(results), &notes(results))
}

/// A heading, paragraphs, a table, and a list of notes.
pub(super) fn document(
    title: &str,
    head: &[String],
    columns: &[Column],
    notes: &[String],
) -> String {
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![format!("## {}", escape(title)), String::new()];
    for paragraph in head {
        lines.extend([escape(paragraph), String::new()]);
    }
    lines.extend([
        line(columns.iter().map(|column| escape(&column.name)).collect()),
        line(
            columns
                .iter()
                .map(|column| if column.number { "---:" } else { "---" }.to_owned())
                .collect(),
        ),
    ]);
    for row in 0..rows {
        lines.push(line(
            columns
                .iter()
                .map(|column| escape(&column.cells[row]))
                .collect(),
        ));
    }
    lines.push(String::new());
    lines.extend(notes.iter().map(|note| format!("- {}", escape(note))));
    lines.join("\n") + "\n"
}

/// `text` without a meaning in Markdown: a label with a bar would be two cells.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\' | '#'
        ) {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}
