//! A raster of dots, several to a cell, with a style for each cell. What the dots look like is the
//! glyphs' business; what they show, the caller's.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::glyphs::Glyphs;
use crate::tui::identity::Dash;

/// Dots over an area. Where lines share a cell, the style of the later holds for the dots of both.
#[derive(Debug)]
pub struct Dots {
    glyphs: Glyphs,
    columns: usize,
    rows: usize,
    cells: Vec<(u8, Style)>,
}

impl Dots {
    /// An empty raster for an area of so many cells.
    pub fn new(glyphs: Glyphs, columns: u16, rows: u16) -> Self {
        let (columns, rows) = (usize::from(columns), usize::from(rows));
        Self {
            glyphs,
            columns,
            rows,
            cells: vec![(0, Style::new()); columns * rows],
        }
    }

    /// The dot nearest to a place given in fractions of the width from the left and of the height
    /// from the bottom.
    pub fn nearest(&self, at: [f64; 2]) -> [usize; 2] {
        let [across, down] = self.glyphs.dots();
        let dot = |fraction: f64, dots: usize| {
            (fraction.clamp(0.0, 1.0) * dots.saturating_sub(1) as f64).round() as usize
        };
        [
            dot(at[0], self.columns * across),
            dot(1.0 - at[1], self.rows * down),
        ]
    }

    /// The cell that a dot is in: its column and row.
    pub fn cell(&self, [x, y]: [usize; 2]) -> [u16; 2] {
        let [across, down] = self.glyphs.dots();
        [(x / across) as u16, (y / down) as u16]
    }

    /// Sets one dot; outside of the area it does nothing.
    pub fn set(&mut self, [x, y]: [usize; 2], style: Style) {
        let [across, down] = self.glyphs.dots();
        let (column, row) = (x / across, y / down);
        if column < self.columns && row < self.rows {
            let bit = y % down * across + x % across;
            let cell = &mut self.cells[row * self.columns + column];
            *cell = (cell.0 | 1 << bit, style);
        }
    }

    /// Sets the dots of a straight line, ends included.
    pub fn line(&mut self, from: [usize; 2], to: [usize; 2], style: Style) {
        self.path(&[from, to], Dash::SOLID, style);
    }

    /// Sets the dots of straight lines from each point to the next, ends included, as far as `dash`
    /// sets those at their distance from the first point along the lines. One point is one dot.
    pub fn path(&mut self, points: &[[usize; 2]], dash: Dash, style: Style) {
        let mut along = 0.0;
        if let ([first], true) = (points, dash.is_set(0)) {
            self.set(*first, style);
        }
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let sides = [0, 1].map(|i| from[i].abs_diff(to[i]));
            let steps = sides[0].max(sides[1]);
            let length = (sides[0] as f64).hypot(sides[1] as f64);
            for i in 0..=steps {
                let part = i as f64 / steps.max(1) as f64;
                if dash.is_set((along + part * length).round() as usize) {
                    self.set(
                        [0, 1].map(|side| between(from[side], to[side], part)),
                        style,
                    );
                }
            }
            along += length;
        }
    }

    /// The cells of a row: their dots, a bit for each, and their style.
    pub fn row(&self, row: u16) -> &[(u8, Style)] {
        let from = (usize::from(row) * self.columns).min(self.cells.len());
        &self.cells[from..(from + self.columns).min(self.cells.len())]
    }

    /// Draws the cells that have dots into `area`.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        for (i, (bits, style)) in self.cells.iter().enumerate() {
            let (x, y) = (i % self.columns, i / self.columns);
            let place = (area.x + x as u16, area.y + y as u16);
            if let Some(cell) = buffer.cell_mut(place).filter(|_| *bits != 0) {
                cell.set_char(self.glyphs.cell(*bits)).set_style(*style);
            }
        }
    }
}

/// The dot at a part (0..1) of the way from `a` to `b`.
fn between(a: usize, b: usize, part: f64) -> usize {
    (a as f64 + (b as f64 - a as f64) * part).round() as usize
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;
    use crate::tui::ground::Ground;
    use crate::tui::identity::Identity;
    use crate::tui::theme::{Colour, Theme, ThemeName};

    #[test]
    fn a_line_from_corner_to_corner() {
        for (glyphs, want) in [
            (Glyphs::Braille, "⠑⢄"),
            (Glyphs::Block, "▀▄"),
            (Glyphs::Octant, "\u{1cd04}\u{1cd80}"),
            (Glyphs::Ascii, "'."),
        ] {
            let mut dots = Dots::new(glyphs, 2, 1);
            dots.line(
                dots.nearest([0.0, 1.0]),
                dots.nearest([1.0, 0.0]),
                Style::new(),
            );
            let mut buffer = Buffer::empty(Rect::new(0, 0, 2, 1));
            dots.draw(buffer.area, &mut buffer);
            assert_eq!(buffer, Buffer::with_lines([want]), "{glyphs:?}");
        }
    }

    #[test]
    fn dashes_go_on_around_corners() {
        let theme = Theme::new(ThemeName::Mono, Ground::Unknown, Colour::None);
        let identity = Identity {
            letter: '?',
            colour: 1,
        };
        let mut dots = Dots::new(Glyphs::Ascii, 12, 3);
        let corner = [[0, 0], [11, 0], [11, 5], [8, 5]];
        dots.path(&corner, identity.dash(theme), Style::new());
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
        dots.draw(buffer.area, &mut buffer);
        // Nine dots and three gaps: the second dash begins below the corner.
        let want = ["'''''''''  .", "           :", "        ...:"];
        assert_eq!(buffer, Buffer::with_lines(want));
    }

    #[test]
    fn the_later_style_has_the_cell() {
        let mut dots = Dots::new(Glyphs::Braille, 1, 1);
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
        for glyphs in Glyphs::ALL {
            for (columns, rows) in [(0, 0), (1, 0), (0, 3), (1, 1)] {
                let mut dots = Dots::new(glyphs, columns, rows);
                dots.line([0, 0], [40, 40], Style::new());
                let mut buffer = Buffer::empty(Rect::new(0, 0, 3, 3));
                dots.draw(Rect::new(2, 2, columns, rows), &mut buffer);
                let marked = buffer.content.iter().filter(|cell| cell.symbol() != " ");
                assert_eq!(marked.count(), usize::from(columns * rows == 1));
            }
        }
    }
}
