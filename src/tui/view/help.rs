//! The help: all keys of a table, in as many columns as fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::keys::{Group, Key};
use crate::tui::theme::Theme;
use crate::tui::view::overlay;

/// Cells of a key's name, and of a column at most.
const NAME: u16 = 7;
const COLUMN: u16 = 62;
/// Cells of a column at least: below, long lines are wrapped, and there is but one column.
const NARROW: u16 = 36;

/// What stands on a line.
enum Line {
    Group(Group),
    Key(&'static str, String),
    More(String),
    Blank,
}

/// Lines in columns: which line stands where, by column and row.
type Placed = Vec<(usize, u16, u16)>;

/// The box of the help, and what is in it.
struct Help {
    lines: Vec<Line>,
    /// How many columns, and the cells of each.
    columns: u16,
    width: u16,
    frame: Rect,
}

impl Help {
    /// The help over the middle of `area`, as high as it needs to be.
    fn new(keys: &'static [Key], area: Rect) -> Self {
        let columns = (area.width.saturating_sub(4) / NARROW).clamp(1, 2);
        let width = (area.width.saturating_sub(2) / columns).min(COLUMN);
        let lines = lines(keys, width.saturating_sub(NAME + 2).into());
        let whole = |height: &u16| shows_all(&lines, *height, columns, 0);
        let height = (1..area.height).find(whole).unwrap_or(area.height);
        Self {
            frame: overlay::middle(area, columns * width + 2, height + 2),
            lines,
            columns,
            width,
        }
    }

    /// The first line from which on all others are shown.
    fn last(&self) -> u16 {
        let height = self.frame.height.saturating_sub(2);
        let lines = 0..self.lines.len();
        let last = |first: &usize| shows_all(&self.lines, height, self.columns, *first);
        lines.clone().find(last).unwrap_or(lines.len()) as u16
    }
}

fn lines(keys: &'static [Key], room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let has = |group: &Group| keys.iter().any(|key| key.group == *group);
    for group in Group::ALL.into_iter().filter(has) {
        lines.push(Line::Group(group));
        for key in keys.iter().filter(|key| key.group == group) {
            let mut parts = wrapped(key.help, room).into_iter();
            lines.push(Line::Key(key.name, parts.next().unwrap_or_default()));
            lines.extend(parts.map(Line::More));
        }
        lines.push(Line::Blank);
    }
    lines.pop();
    lines
}

/// Words in lines of at most so many characters.
pub(in crate::tui) fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= room => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Where the lines from `first` on stand: no column begins with a blank line, and a group's name
/// stands with its first key.
fn placed(lines: &[Line], height: u16, columns: u16, first: usize) -> Placed {
    let (mut column, mut row) = (0, 0);
    let mut placed = Placed::new();
    for (i, line) in lines.iter().enumerate().skip(first) {
        let alone = matches!(line, Line::Group(_)) && row + 1 == height && row > 0;
        if row >= height || alone {
            (column, row) = (column + 1, 0);
        }
        if column >= columns || height == 0 {
            break;
        }
        if row > 0 || !matches!(line, Line::Blank) {
            placed.push((i, column, row));
            row += 1;
        }
    }
    placed
}

fn shows_all(lines: &[Line], height: u16, columns: u16, first: usize) -> bool {
    let placed = placed(lines, height, columns, first);
    placed.last().is_some_and(|(i, ..)| i + 1 == lines.len())
}

/// The line that the help on a screen of this size begins with, where it has been moved so far that
/// the last is seen.
pub fn last(keys: &'static [Key], area: Rect) -> u16 {
    Help::new(keys, area).last()
}

/// Draws the keys over the middle of `area`, from line `first` on where they do not all fit.
pub fn draw(keys: &'static [Key], first: u16, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let help = Help::new(keys, area);
    let inside = overlay::frame("keys", theme, help.frame, buffer);
    let last = help.last();
    let first = usize::from(first.min(last));
    for (i, column, row) in placed(&help.lines, inside.height, help.columns, first) {
        let (x, y) = (inside.x + 1 + column * help.width, inside.y + row);
        let room = usize::from(help.width.saturating_sub(2));
        let text = |text: &str, buffer: &mut Buffer| {
            let room = room.saturating_sub(usize::from(NAME));
            buffer.set_stringn(x + NAME, y, text, room, theme.text());
        };
        match &help.lines[i] {
            Line::Group(group) => {
                buffer.set_stringn(x, y, group.name(), room, theme.focus());
            }
            Line::Key(name, help) => {
                buffer.set_stringn(x, y, name, room, theme.key());
                text(help, buffer);
            }
            Line::More(help) => text(help, buffer),
            Line::Blank => {}
        }
    }
    if last > 0 {
        let note = " up and down: more ";
        let x = help.frame.right().saturating_sub(note.len() as u16 + 2);
        buffer.set_string(x, help.frame.bottom() - 1, note, theme.quiet());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::theme;
    use crate::tui::keys::KEYS;

    fn shown(first: u16, width: u16, height: u16) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        draw(KEYS, first, theme(true), buffer.area, &mut buffer);
        let cells = buffer.content.iter().map(ratatui::buffer::Cell::symbol);
        cells.collect::<String>()
    }

    #[test]
    fn every_word_of_it_can_be_read_at_every_size() {
        for (width, height) in [(200, 50), (120, 35), (80, 24), (60, 16), (40, 12)] {
            let last = last(KEYS, Rect::new(0, 0, width, height));
            let all: String = (0..=last)
                .map(|first| shown(first, width, height))
                .collect();
            for key in KEYS {
                for word in key.help.split(' ') {
                    assert!(all.contains(word), "{word} at {width}x{height}");
                }
            }
            assert!(shown(last, width, height).contains("draw everything"));
            assert_eq!(shown(999, width, height), shown(last, width, height));
        }
    }

    #[test]
    fn no_name_of_a_group_stands_alone_at_the_end_of_a_column() {
        let lines = lines(KEYS, 51);
        for height in 2..60 {
            for (i, _, row) in placed(&lines, height, 2, 0) {
                let group = matches!(lines[i], Line::Group(_));
                assert!(!group || row + 1 < height, "{height}");
            }
        }
    }
}
