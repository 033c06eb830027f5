//! Boxes over the panes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
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
    let line = "─".repeat(usize::from(area.width) - 2);
    for (y, [left_corner, right_corner]) in [(area.y, ["╭", "╮"]), (bottom, ["╰", "╯"])] {
        buffer.set_string(area.x, y, left_corner, style);
        buffer.set_string(area.x + 1, y, &line, style);
        buffer.set_string(right, y, right_corner, style);
    }
    for y in area.y + 1..bottom {
        buffer.set_string(area.x, y, "│", style);
        buffer.set_string(right, y, "│", style);
    }
    let room = usize::from(area.width).saturating_sub(4);
    buffer.set_stringn(
        area.x + 2,
        area.y,
        format!(" {title} "),
        room,
        theme.strong(),
    );
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// A box of at most this size in the middle of `area`.
pub fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let x = area.x + (area.width - width) / 2;
    Rect::new(x, area.y + (area.height - height) / 2, width, height)
}
