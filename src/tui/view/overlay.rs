//! Boxes over the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget};

use crate::tui::theme::Theme;

/// Clears `area` and draws a frame with a title around it; what is inside.
pub fn frame(title: &str, theme: Theme, area: Rect, buffer: &mut Buffer) -> Rect {
    let area = area.intersection(buffer.area);
    Clear.render(area, buffer);
    if area.width < 2 || area.height < 2 {
        return Rect::new(area.x, area.y, 0, 0);
    }
    let style = theme.rule();
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    let glyphs = theme.glyphs();
    let line = glyphs.horizontal().repeat(usize::from(area.width) - 2);
    let [upper_left, upper_right, lower_left, lower_right] = glyphs.corners();
    for (y, corners) in [
        (area.y, [upper_left, upper_right]),
        (bottom, [lower_left, lower_right]),
    ] {
        buffer.set_string(area.x, y, corners[0], style);
        buffer.set_string(area.x + 1, y, &line, style);
        buffer.set_string(right, y, corners[1], style);
    }
    for y in area.y + 1..bottom {
        buffer.set_string(area.x, y, glyphs.vertical(), style);
        buffer.set_string(right, y, glyphs.vertical(), style);
    }
    let room = usize::from(area.width).saturating_sub(4);
    let style = Style::reset().patch(theme.strong());
    buffer.set_stringn(area.x + 2, area.y, format!(" {title} "), room, style);
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// A box of at most this size in the middle of `area`.
pub fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let x = area.x + (area.width - width) / 2;
    Rect::new(x, area.y + (area.height - height) / 2, width, height)
}
