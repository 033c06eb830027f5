//! Draws the editor; decides nothing about it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Paragraph, Widget, Wrap};
use unicode_width::UnicodeWidthStr;

use super::{Entry, FOOT, Line, Sheet};
use crate::text::shorten;
use crate::tui::theme::Theme;
use crate::tui::view::status;

/// Cells of a field's name, and of its value with the air behind it where there is room for that.
const NAME: u16 = 18;
const VALUE: u16 = 11;
const ROOMY: u16 = 42;

/// Draws the editor below its heading.
pub fn draw(sheet: &Sheet, theme: Theme, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let fields = foot(sheet, theme, area, buffer);
    let columns = sheet.columns.len().max(1) as u16;
    let width = area.width / columns;
    for (number, lines) in (0..columns).zip(&sheet.columns) {
        for (row, line) in (0..fields.height).zip(lines) {
            let place = Rect {
                x: fields.x + number * width,
                y: fields.y + row,
                width,
                height: 1,
            };
            draw_line(line, theme, place, buffer);
        }
    }
}

/// Draws in the last lines of `area` what the sheet says of the chosen field, and returns what is
/// left above. A refusal that is too long for one line has both, and what is too long of the field
/// takes the blank one too.
fn foot(sheet: &Sheet, theme: Theme, area: Rect, buffer: &mut Buffer) -> Rect {
    let foot = FOOT.min(area.height - 1);
    let rest = Rect {
        height: area.height - foot,
        ..area
    };
    let lines = |from_below: u16, height: u16| Rect {
        y: area.bottom() - from_below,
        height,
        ..area
    };
    let long = sheet.refused && sheet.says.width() > usize::from(area.width);
    if long && foot >= 2 {
        let words = Paragraph::new(sheet.says.as_str()).style(theme.strong());
        words.wrap(Wrap { trim: true }).render(lines(2, 2), buffer);
        return rest;
    }
    let says = if sheet.refused {
        theme.strong()
    } else {
        theme.quiet()
    };
    status::draw_text(&sheet.says, says, lines(1, 1), buffer);
    let fits = sheet.about.width() <= usize::from(area.width);
    if fits && foot >= 2 {
        status::draw_text(&sheet.about, theme.text(), lines(2, 1), buffer);
    } else if foot >= 2 {
        let words = Paragraph::new(sheet.about.as_str()).style(theme.text());
        let place = lines(foot, foot - 1);
        words.wrap(Wrap { trim: true }).render(place, buffer);
    }
    rest
}

fn draw_line(line: &Line, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let room = usize::from(area.width);
    match line {
        Line::Blank => {}
        Line::Head(None, name) => {
            buffer.set_stringn(area.x, area.y, name, room, theme.strong());
        }
        Line::Head(Some(identity), label) => {
            let letter = identity.letter.to_string();
            let style = theme.marker(identity.colour);
            let (x, _) = buffer.set_stringn(area.x, area.y, letter, room, style);
            let left = usize::from(area.right().saturating_sub(x + 1));
            let style = theme.racer(identity.colour);
            buffer.set_stringn(x + 1, area.y, label, left, style);
        }
        Line::Field(entry) => draw_entry(entry, theme, area, buffer),
    }
}

/// Name, value, and what it was.
fn draw_entry(entry: &Entry, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let mut put = |from: u16, text: &str, style| {
        let end = if from < NAME - 1 { NAME } else { area.width };
        let room = usize::from(end.min(area.width).saturating_sub(from + 1));
        let x = area.x + from.min(area.width.saturating_sub(1));
        buffer.set_stringn(x, area.y, text, room, style).0 - area.x
    };
    let name = if entry.chosen {
        theme.text()
    } else {
        theme.quiet()
    };
    // Those of a written rule may be longer than the column.
    put(2, &shorten(&entry.name, usize::from(NAME) - 3), name);
    let changed = entry.was.is_some();
    let value = if changed {
        theme.strong()
    } else {
        theme.text()
    };
    let mark = if changed { "*" } else { " " };
    put(NAME - 1, mark, theme.strong());
    let value = if entry.chosen {
        value.patch(theme.selected())
    } else {
        value
    };
    let text = match (entry.chosen, entry.typed) {
        (true, true) => format!("{}_", entry.value),
        _ => entry.value.clone(),
    };
    let end = put(NAME, &text, value);
    if let Some(was) = &entry.was {
        let column = if area.width < ROOMY { 0 } else { NAME + VALUE };
        put((end + 1).max(column), &format!("was {was}"), theme.quiet());
    }
}

/// Marks the start that is being changed at a place of the plot (in fractions of it).
pub fn draw_cursor(at: [f64; 2], theme: Theme, plot: Rect, buffer: &mut Buffer) {
    if plot.is_empty() {
        return;
    }
    let last = [plot.width - 1, plot.height - 1].map(f64::from);
    let x = plot.x + (at[0] * last[0]).round() as u16;
    let y = plot.y + ((1.0 - at[1]) * last[1]).round() as u16;
    let style = Style::reset().patch(theme.focus());
    buffer[(x, y)].set_symbol("+").set_style(style);
}
