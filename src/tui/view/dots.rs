//! A raster of braille dots, two by four to a cell, with a style for each cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Dots in a cell, across and down.
pub const DOTS: [usize; 2] = [2, 4];

/// The bit of each dot of a braille character, by column and row.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Dots over an area. Where lines share a cell, the style of the later holds for the dots of both.
#[derive(Debug)]
pub struct Dots {
    columns: usize,
    rows: usize,
    cells: Vec<(u8, Style)>,
}

impl Dots {
    /// An empty raster for an area of so many cells.
    pub fn new(columns: u16, rows: u16) -> Self {
        let (columns, rows) = (usize::from(columns), usize::from(rows));
        Self {
            columns,
            rows,
            cells: vec![(0, Style::new()); columns * rows],
        }
    }

    /// The dot nearest to a place given in fractions of the width from the left and of the height
    /// from the bottom.
    pub fn nearest(&self, at: [f64; 2]) -> [usize; 2] {
        let dot = |fraction: f64, dots: usize| {
            (fraction.clamp(0.0, 1.0) * dots.saturating_sub(1) as f64).round() as usize
        };
        [
            dot(at[0], self.columns * DOTS[0]),
            dot(1.0 - at[1], self.rows * DOTS[1]),
        ]
    }

    /// Sets one dot; outside of the area it does nothing.
    pub fn set(&mut self, [x, y]: [usize; 2], style: Style) {
        let (column, row) = (x / DOTS[0], y / DOTS[1]);
        if column < self.columns && row < self.rows {
            let cell = &mut self.cells[row * self.columns + column];
            *cell = (cell.0 | BITS[x % DOTS[0]][y % DOTS[1]], style);
        }
    }

    /// Sets the dots of a straight line, ends included.
    pub fn line(&mut self, from: [usize; 2], to: [usize; 2], style: Style) {
        let length = from[0].abs_diff(to[0]).max(from[1].abs_diff(to[1]));
        let between = |a: usize, b: usize, i: usize| {
            let part = i as f64 / length.max(1) as f64;
            (a as f64 + (b as f64 - a as f64) * part).round() as usize
        };
        for i in 0..=length {
            let dot = [between(from[0], to[0], i), between(from[1], to[1], i)];
            self.set(dot, style);
        }
    }

    /// Draws the cells that have dots into `area`.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        for (i, (bits, style)) in self.cells.iter().enumerate() {
            let (x, y) = (i % self.columns, i / self.columns);
            let place = (area.x + x as u16, area.y + y as u16);
            if let Some(cell) = buffer.cell_mut(place).filter(|_| *bits != 0) {
                let glyph = char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' ');
                cell.set_char(glyph).set_style(*style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Color;

    #[test]
    fn a_line_from_corner_to_corner() {
        let mut dots = Dots::new(2, 1);
        dots.line(
            dots.nearest([0.0, 1.0]),
            dots.nearest([1.0, 0.0]),
            Style::new(),
        );
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
        dots.draw(buffer.area, &mut buffer);
        assert_eq!(buffer, Buffer::with_lines(["⠑⢄"]));
    }

    #[test]
    fn the_later_style_has_the_cell() {
        let mut dots = Dots::new(1, 1);
        dots.set([0, 0], Color::Red.into());
        dots.set([1, 3], Color::Blue.into());
        let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
        dots.draw(buffer.area, &mut buffer);
        assert_eq!(
            (buffer[(0, 0)].symbol(), buffer[(0, 0)].fg),
            ("⢁", Color::Blue)
        );
    }

    #[test]
    fn nothing_is_drawn_outside() {
        for (columns, rows) in [(0, 0), (1, 0), (0, 3), (1, 1)] {
            let mut dots = Dots::new(columns, rows);
            dots.line([0, 0], [40, 40], Style::new());
            let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 3));
            dots.draw(Rect::new(2, 2, columns, rows), &mut buffer);
        }
    }
}
