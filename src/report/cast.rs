//! A recording of a terminal in the asciicast format, version 2: a header, then a line for each time
//! something was written.

use serde_json::json;

/// The recording of a terminal of so many columns and rows; `events` are seconds and what was written
/// then.
pub fn write(title: &str, [columns, rows]: [u16; 2], events: &[(f64, String)]) -> String {
    let header = json!({
        "version": 2,
        "width": columns,
        "height": rows,
        "title": title,
        "env": { "TERM": "xterm-256color" },
    });
    let events = events.iter().map(|(at, written)| json!([at, "o", written]));
    let mut text = format!("{header}\n");
    for event in events {
        text += &format!("{event}\n");
    }
    text
}
