//! Draws the axes of a chart, with their labels; decides nothing about them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::theme::Theme;
use crate::tui::view::axis::Axis;
use crate::tui::view::dots::Dots;

/// Cells for a label across, and down.
const TICK_SPACE: [u16; 2] = [12, 2];

/// Columns left of the plot: a label of at most six characters, a space, and the axis. The same for
/// all values, so that the plot does not jump.
const GUTTER: u16 = 8;

/// Where the chart itself lies: between the labels at the left and those below.
pub fn plot(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(GUTTER),
        y: area.y,
        width: area.width.saturating_sub(GUTTER + 1),
        height: area.height.saturating_sub(2),
    }
}

/// Draws both axes into `area`; where the chart itself lies, if there is room for one.
pub fn draw(x: &Axis, y: &Axis, theme: Theme, area: Rect, buffer: &mut Buffer) -> Option<Rect> {
    let plot = plot(area);
    if plot.width < 4 || plot.height < 2 {
        return None;
    }
    upward(y, plot, theme, buffer);
    across(x, plot, theme, buffer);
    Some(plot)
}

fn upward(y: &Axis, plot: Rect, theme: Theme, buffer: &mut Buffer) {
    let (style, glyphs) = (theme.quiet(), theme.glyphs());
    let axis = plot.x - 1;
    for y in plot.y..plot.bottom() {
        buffer.set_string(axis, y, glyphs.vertical(), style);
    }
    // A tick stands in the row of the dots that lie at its value.
    let rows = Dots::new(glyphs, 1, plot.height);
    for tick in y.ticks(usize::from(plot.height / TICK_SPACE[1])) {
        let y = plot.y + rows.cell(rows.nearest([0.0, tick.at]))[1];
        let x = axis.saturating_sub(1 + tick.label.len() as u16);
        buffer.set_string(x, y, &tick.label, style);
        buffer.set_string(axis, y, glyphs.tick_left(), style);
    }
}

fn across(x: &Axis, plot: Rect, theme: Theme, buffer: &mut Buffer) {
    let (style, glyphs) = (theme.quiet(), theme.glyphs());
    let bottom = plot.bottom();
    buffer.set_string(plot.x - 1, bottom, glyphs.origin(), style);
    let line = glyphs.horizontal().repeat(plot.width.into());
    buffer.set_string(plot.x, bottom, line, style);
    let columns = Dots::new(glyphs, plot.width, 1);
    for tick in x.ticks(usize::from(plot.width / TICK_SPACE[0])) {
        let x = plot.x + columns.cell(columns.nearest([tick.at, 0.0]))[0];
        buffer.set_string(x, bottom, glyphs.tick_down(), style);
        let width = tick.label.len() as u16;
        let at =
            (x - (width / 2).min(x)).clamp(plot.x, plot.right().saturating_sub(width).max(plot.x));
        buffer.set_string(at, bottom + 1, &tick.label, style);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;
    use crate::tui::fixture::theme;
    use crate::tui::view::axis::Scale;

    /// A line at a tick's value runs through the tick's row, whatever the height.
    #[test]
    fn ticks_stand_in_the_rows_of_the_dots_at_their_values() {
        let x = Axis::between(0.0, 100.0);
        let y = Axis::around(Scale::Log, 0.05, 5.0);
        for ascii in [false, true] {
            let theme = theme(!ascii);
            for height in 6..40 {
                let mut buffer = Buffer::empty(Rect::new(0, 0, 60, height));
                let plot = draw(&x, &y, theme, buffer.area, &mut buffer).expect("there is room");
                for tick in y.ticks(usize::from(plot.height / TICK_SPACE[1])) {
                    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
                    let at = [0.0, 1.0].map(|x| dots.nearest([x, tick.at]));
                    dots.line(at[0], at[1], Style::new());
                    let has_dot = |row: &u16| dots.has([0, *row]);
                    let row = (0..plot.height).find(has_dot).expect("it is drawn");
                    let left = plot.x - 1 - tick.label.len() as u16 - 1;
                    let label: String = (left..plot.x - 2)
                        .map(|x| buffer[(x, plot.y + row)].symbol())
                        .collect();
                    assert_eq!(label, tick.label, "{height}");
                }
            }
        }
    }
}
