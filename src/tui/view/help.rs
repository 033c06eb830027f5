//! The help: all keys, from the one table, in as many columns as fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::keys::{Group, KEYS};
use crate::tui::theme::Theme;
use crate::tui::view::overlay;

/// Cells of a key's name, and of a column at most.
const NAME: u16 = 7;
const COLUMN: u16 = 62;
/// Cells of a column at least.
const NARROW: u16 = 36;

/// What stands on a line.
enum Line {
    Group(Group),
    Key(&'static str, &'static str),
    Blank,
}

fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    for group in Group::ALL {
        lines.push(Line::Group(group));
        let keys = KEYS.iter().filter(|key| key.group == group);
        lines.extend(keys.map(|key| Line::Key(key.name, key.help)));
        lines.push(Line::Blank);
    }
    lines.pop();
    lines
}

/// Draws the keys over the middle of `area`, from line `first` on where they do not all fit.
pub fn draw(first: u16, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let lines = lines();
    let columns = (area.width.saturating_sub(4) / NARROW).clamp(1, 2);
    let width = ((area.width.saturating_sub(2)) / columns).min(COLUMN);
    let needed = (lines.len() as u16).div_ceil(columns) + 2;
    let frame = overlay::middle(area, columns * width + 2, needed.min(area.height));
    let inside = overlay::frame("keys", theme, frame, buffer);
    let room = usize::from(inside.height) * usize::from(columns);
    let first = usize::from(first).min(lines.len().saturating_sub(room));
    for (i, line) in lines.iter().skip(first).take(room).enumerate() {
        let column = (i / usize::from(inside.height.max(1))) as u16;
        let x = inside.x + 1 + column * width;
        let y = inside.y + (i % usize::from(inside.height.max(1))) as u16;
        let room = usize::from(width.saturating_sub(2));
        match line {
            Line::Group(group) => {
                buffer.set_stringn(x, y, group.name(), room, theme.focus());
            }
            Line::Key(name, help) => {
                buffer.set_stringn(x, y, name, room, theme.key());
                let room = room.saturating_sub(usize::from(NAME));
                buffer.set_stringn(x + NAME, y, help, room, theme.text());
            }
            Line::Blank => {}
        }
    }
    if lines.len() > room {
        let note = " up and down: more ";
        let x = frame.right().saturating_sub(note.len() as u16 + 2);
        buffer.set_string(x, frame.bottom() - 1, note, theme.quiet());
    }
}
