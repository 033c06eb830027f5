//! The line above a pane: its number and title on a rule, and a note at the right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::tui::theme::Theme;

/// What a heading says.
pub struct Heading<'a> {
    /// The pane's number, as on its key.
    pub number: usize,
    /// What it shows.
    pub title: &'a str,
    /// What stands at the right, if there is room.
    pub note: Line<'a>,
    /// Whether the pane has the focus.
    pub focused: bool,
}

impl Heading<'_> {
    /// Draws it on the first row of `area`; the rest of that.
    pub fn draw(&self, theme: Theme, area: Rect, buffer: &mut Buffer) -> Rect {
        let below = Rect {
            y: area.y + area.height.min(1),
            height: area.height.saturating_sub(1),
            ..area
        };
        if area.is_empty() {
            return below;
        }
        let rule = |from: u16, to: u16, buffer: &mut Buffer| {
            let line = theme.glyphs().horizontal();
            let cells = usize::from(to.min(area.right()).saturating_sub(from));
            buffer.set_string(from, area.y, line.repeat(cells), theme.rule());
        };
        let text = |text: &str, x: u16, style: Style, buffer: &mut Buffer| {
            let room = usize::from(area.right().saturating_sub(x));
            buffer.set_stringn(x, area.y, text, room, style).0
        };
        let style = if self.focused {
            theme.focus()
        } else {
            theme.strong()
        };
        rule(area.x, area.x + 1, buffer);
        let number = format!(" {} ", self.number);
        let x = text(&number, area.x + 1, theme.quiet(), buffer);
        let end = text(self.title, x, style, buffer) + 1;
        rule(end, area.right(), buffer);
        let width = self.note.width() as u16;
        let at = area.right().saturating_sub(width + 3);
        if width > 0 && at > end {
            let mut note = self.note.clone().style(theme.quiet());
            note.spans.insert(0, " ".into());
            note.push_span(" ");
            buffer.set_line(at, area.y, &note, width + 2);
        }
        below
    }
}
