//! What things are drawn with: dots, lines and signs, by what the terminal's font can be expected
//! to have. Each sign is one cell wide. Names that people gave are never changed.

use ratatui::symbols::pixel::{OCTANTS, QUADRANTS};

/// A set of glyphs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Braille dots, two by four to a cell.
    #[default]
    Braille,
    /// Quadrants of blocks, two by two to a cell.
    Block,
    /// Octants of blocks (Unicode 16), two by four to a cell; few fonts have them yet.
    Octant,
    /// Nothing but ASCII.
    Ascii,
}

/// Shapes for racers, all of one cell, and none of them an emoji.
const MARKERS: [&str; 8] = ["●", "■", "▲", "◆", "▼", "★", "✚", "✕"];
const ASCII_MARKERS: [&str; 8] = ["o", "#", "^", "*", "v", "x", "+", "%"];

const SPARKS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const ASCII_SPARKS: [&str; 8] = ["_", ".", "-", "~", "=", "+", "*", "#"];

const SHADINGS: [&str; 5] = [" ", "░", "▒", "▓", "█"];
const ASCII_SHADINGS: [&str; 5] = [" ", ".", ":", "%", "#"];

impl Glyphs {
    /// All sets.
    pub const ALL: [Self; 4] = [Self::Braille, Self::Block, Self::Octant, Self::Ascii];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Braille => "braille",
            Self::Block => "block",
            Self::Octant => "octant",
            Self::Ascii => "ascii",
        }
    }

    /// The set of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|glyphs| glyphs.name() == name)
    }

    /// Dots in a cell, across and down.
    pub fn dots(self) -> [usize; 2] {
        match self {
            Self::Braille | Self::Octant => [2, 4],
            Self::Block => [2, 2],
            Self::Ascii => [1, 2],
        }
    }

    /// The character for a cell with these dots: bit 0 is the first dot of the first row, bit 1 the
    /// next dot of that row. Bits beyond [`Self::dots`] have no meaning.
    pub fn cell(self, bits: u8) -> char {
        let bits = usize::from(bits);
        match self {
            Self::Braille => braille(bits),
            Self::Block => QUADRANTS[bits & 0b1111],
            Self::Octant => OCTANTS[bits & 0xff],
            Self::Ascii => [' ', '\'', '.', ':'][bits & 0b11],
        }
    }

    /// A vertical line.
    pub fn vertical(self) -> &'static str {
        self.or("│", "|")
    }

    /// A horizontal line.
    pub fn horizontal(self) -> &'static str {
        self.or("─", "-")
    }

    /// Where a chart's axes meet, at the lower left.
    pub fn origin(self) -> &'static str {
        self.or("└", "+")
    }

    /// A tick on the vertical axis, its label at the left.
    pub fn tick_left(self) -> &'static str {
        self.or("┤", "+")
    }

    /// A tick on the horizontal axis, its label below.
    pub fn tick_down(self) -> &'static str {
        self.or("┬", "+")
    }

    /// Corners of a pane: upper left, upper right, lower left, lower right.
    pub fn corners(self) -> [&'static str; 4] {
        ["┌", "┐", "└", "┘"].map(|corner| self.or(corner, "+"))
    }

    /// Where rules meet: open to the right (├), to the left (┤), downwards (┬), upwards (┴), and to
    /// all sides (┼).
    pub fn junctions(self) -> [&'static str; 5] {
        ["├", "┤", "┬", "┴", "┼"].map(|junction| self.or(junction, "+"))
    }

    /// Arrows to the left, upwards, to the right, downwards.
    pub fn arrows(self) -> [&'static str; 4] {
        match self {
            Self::Ascii => ["<", "^", ">", "v"],
            _ => ["←", "↑", "→", "↓"],
        }
    }

    /// What stands for text that was cut off.
    pub fn ellipsis(self) -> &'static str {
        self.or("…", "~")
    }

    /// What stands between two parts of a line, with its spaces: three cells.
    pub fn between(self) -> &'static str {
        self.or(" · ", " | ")
    }

    /// One bar of a sparkline, from 0 for the lowest to 7; what is above counts as 7.
    pub fn spark(self, level: usize) -> &'static str {
        let bars = if self == Self::Ascii {
            ASCII_SPARKS
        } else {
            SPARKS
        };
        bars[level.min(bars.len() - 1)]
    }

    /// A cell that is filled by so many quarters; what is above 4 counts as 4.
    pub fn shading(self, quarters: usize) -> &'static str {
        let cells = if self == Self::Ascii {
            ASCII_SHADINGS
        } else {
            SHADINGS
        };
        cells[quarters.min(cells.len() - 1)]
    }

    /// At a chart's edge: what lies above it.
    pub fn above(self) -> &'static str {
        self.or("▲", "^")
    }

    /// At a chart's edge: what lies below it.
    pub fn below(self) -> &'static str {
        self.or("▼", "v")
    }

    /// A cell of the target line.
    pub fn target(self) -> &'static str {
        self.or("┄", "-")
    }

    /// A racer as a ball on the relief.
    pub fn ball(self) -> &'static str {
        self.or("●", "o")
    }

    /// The minimum on the map.
    pub fn minimum(self) -> &'static str {
        "+"
    }

    /// The start on the map.
    pub fn start(self) -> &'static str {
        self.or("○", "o")
    }

    /// On the start map: a start that led nowhere in time, to a place without slope, and out of all
    /// bounds.
    pub fn lost(self) -> [&'static str; 3] {
        [self.or("·", "-"), "=", self.or("×", "x")]
    }

    /// The shape with this number; they repeat past eight.
    pub fn marker(self, number: usize) -> &'static str {
        let place = number % MARKERS.len();
        self.or(MARKERS[place], ASCII_MARKERS[place])
    }

    fn or(self, drawn: &'static str, ascii: &'static str) -> &'static str {
        if self == Self::Ascii { ascii } else { drawn }
    }
}

/// Unicode counts the upper three rows of dots by columns, and the fourth row last.
fn braille(bits: usize) -> char {
    const WEIGHTS: [u32; 8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
    let dots = WEIGHTS.iter().enumerate();
    let sum: u32 = dots
        .filter(|(i, _)| bits >> i & 1 == 1)
        .map(|(_, weight)| weight)
        .sum();
    char::from_u32(0x2800 + sum).unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

    use super::*;

    /// Every sign of a set.
    fn signs(glyphs: Glyphs) -> Vec<&'static str> {
        let mut signs = vec![
            glyphs.vertical(),
            glyphs.horizontal(),
            glyphs.origin(),
            glyphs.tick_left(),
            glyphs.tick_down(),
            glyphs.ellipsis(),
            glyphs.above(),
            glyphs.below(),
            glyphs.target(),
            glyphs.ball(),
            glyphs.minimum(),
            glyphs.start(),
        ];
        signs.extend(glyphs.corners());
        signs.extend(glyphs.junctions());
        signs.extend(glyphs.arrows());
        signs.extend(glyphs.lost());
        signs.extend((0..20).map(|i| glyphs.spark(i)));
        signs.extend((0..20).map(|i| glyphs.shading(i)));
        signs.extend((0..20).map(|i| glyphs.marker(i)));
        signs
    }

    fn cells(glyphs: Glyphs) -> Vec<char> {
        let [across, down] = glyphs.dots();
        (0..1_u32 << (across * down))
            .map(|bits| glyphs.cell(bits as u8))
            .collect()
    }

    #[test]
    fn every_sign_is_one_cell_wide_and_ascii_is_ascii() {
        for glyphs in Glyphs::ALL {
            assert_eq!(glyphs.between().width(), 3);
            assert!(signs(glyphs).iter().all(|sign| sign.width() == 1));
            assert!(cells(glyphs).iter().all(|cell| cell.width() == Some(1)));
            let ascii = signs(glyphs).iter().all(|sign| sign.is_ascii())
                && cells(glyphs).iter().all(char::is_ascii)
                && glyphs.between().is_ascii();
            assert_eq!(ascii, glyphs == Glyphs::Ascii);
            assert_eq!(Glyphs::parse(glyphs.name()), Some(glyphs));
        }
    }

    #[test]
    fn every_pattern_of_dots_has_its_own_character() {
        for glyphs in Glyphs::ALL {
            let cells = cells(glyphs);
            let different: HashSet<_> = cells.iter().collect();
            assert_eq!(different.len(), cells.len(), "{glyphs:?}");
            assert!(matches!(cells[0], ' ' | '\u{2800}'), "no dot is no mark");
        }
    }

    #[test]
    fn dots_stand_where_they_are_set() {
        // From the first row down, from the left.
        let singly = |glyphs: Glyphs| -> String {
            let [across, down] = glyphs.dots();
            (0..across * down).map(|i| glyphs.cell(1 << i)).collect()
        };
        assert_eq!(singly(Glyphs::Braille), "⠁⠈⠂⠐⠄⠠⡀⢀");
        assert_eq!(singly(Glyphs::Block), "▘▝▖▗");
        assert_eq!(singly(Glyphs::Ascii), "'.");
        assert_eq!(Glyphs::Braille.cell(0xff), '⣿');
    }

    /// Unicode numbers the dots of an octant by rows, gave U+1CD00 to U+1CDE5 to the patterns in
    /// their order, and left out those that it had already.
    #[test]
    fn octants_are_those_of_unicode() {
        // As pictures: rows from above, two dots each.
        let had = [
            (0b00_00_00_00, ' '),
            (0b11_11_11_11, '█'),
            (0b00_00_11_11, '▀'),
            (0b11_11_00_00, '▄'),
            (0b01_01_01_01, '▌'),
            (0b10_10_10_10, '▐'),
            (0b00_00_01_01, '▘'),
            (0b00_00_10_10, '▝'),
            (0b01_01_00_00, '▖'),
            (0b10_10_00_00, '▗'),
            (0b10_10_01_01, '▚'),
            (0b01_01_10_10, '▞'),
            (0b01_01_11_11, '▛'),
            (0b10_10_11_11, '▜'),
            (0b11_11_01_01, '▙'),
            (0b11_11_10_10, '▟'),
            (0b11_00_00_00, '▂'),
            (0b11_11_11_00, '▆'),
            (0b00_00_00_11, '\u{1fb82}'),
            (0b00_11_11_11, '\u{1fb85}'),
            (0b00_00_00_01, '\u{1cea8}'),
            (0b00_00_00_10, '\u{1ceab}'),
            (0b01_00_00_00, '\u{1cea3}'),
            (0b10_00_00_00, '\u{1cea0}'),
            (0b00_01_01_00, '\u{1fbe6}'),
            (0b00_10_10_00, '\u{1fbe7}'),
        ];
        let mut next = 0x1cd00_u32..;
        for bits in 0..=255_u8 {
            let known = had.iter().find(|(pattern, _)| *pattern == bits);
            let want = known.map_or_else(|| char::from_u32(next.next()?), |(_, c)| Some(*c));
            assert_eq!(Some(Glyphs::Octant.cell(bits)), want, "{bits:#010b}");
        }
        assert_eq!(next.next(), Some(0x1cde6));
    }

    #[test]
    fn eight_markers_sparks_and_five_shadings_differ() {
        for glyphs in Glyphs::ALL {
            let different = |signs: Vec<&str>| signs.iter().collect::<HashSet<_>>().len();
            assert_eq!(different((0..8).map(|i| glyphs.marker(i)).collect()), 8);
            assert_eq!(different((0..8).map(|i| glyphs.spark(i)).collect()), 8);
            assert_eq!(different((0..5).map(|i| glyphs.shading(i)).collect()), 5);
        }
    }
}
