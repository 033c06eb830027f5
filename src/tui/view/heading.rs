//! The line above a pane: its number and title on a rule, and a note at the right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::tui::desk::{Desk, Pane};
use crate::tui::theme::Theme;

/// Draws the heading of `pane` on the first row of `area`; the rest of it.
pub fn draw(
    pane: Pane,
    title: &str,
    note: &str,
    desk: &Desk,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) -> Rect {
    let below = Rect {
        y: area.y + area.height.min(1),
        height: area.height.saturating_sub(1),
        ..area
    };
    if area.is_empty() {
        return below;
    }
    let width = usize::from(area.width);
    buffer.set_string(
        area.x,
        area.y,
        theme.glyphs().horizontal().repeat(width),
        theme.rule(),
    );
    let style = if desk.focus == pane {
        theme.focus()
    } else {
        theme.strong()
    };
    let number = format!(" {} ", pane.number());
    let x = area.x + 1;
    buffer.set_stringn(x, area.y, &number, width.saturating_sub(1), theme.quiet());
    let room = width.saturating_sub(6);
    let x = x + number.len() as u16;
    let (end, _) = buffer.set_stringn(x, area.y, title, room, style);
    if end < area.right() {
        buffer.set_string(end, area.y, " ", theme.rule());
    }
    let note = format!(" {note} ");
    let at = area.right().saturating_sub(note.width() as u16 + 1);
    if note.trim() != "" && at > end + 1 {
        buffer.set_string(at, area.y, note, theme.quiet());
    }
    below
}
