//! The leaderboard as a table: which columns fit, and what stands in them. It decides nothing else.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use crate::scenario::Pace;
use crate::tui::glyphs::Glyphs;
use crate::tui::identity::Identity;
use crate::tui::theme::Theme;
use crate::tui::view::board::{Board, Row, Stand, Test, rates};
use crate::tui::view::number::{count, fitted, short};
use crate::tui::view::strip;

/// Below so many columns numbers are shortened, and there are no rate strips.
pub const COMPACT: u16 = 60;

/// Below so many gaps are shortened, and numbers by a cell.
const DENSE: u16 = 90;

/// Room that is rather left to the cause of a state than taken by the seconds.
const CAUSE: u16 = 30;

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Rank,
    Racer,
    Loss,
    Gradient,
    Iterations,
    Samples,
    Seconds,
    Gap,
    Test,
    Rate,
    Rates,
    State,
}

/// Columns in the order in which they leave when the width shrinks, the last first; what decides
/// the ranks stays longer than its place here says.
const BY_WEIGHT: [Column; 12] = [
    Column::Rank,
    Column::Racer,
    Column::Loss,
    Column::State,
    Column::Iterations,
    Column::Gap,
    Column::Samples,
    Column::Rates,
    Column::Gradient,
    Column::Test,
    Column::Rate,
    Column::Seconds,
];

/// Columns from left to right.
const BY_PLACE: [Column; 12] = [
    Column::Rank,
    Column::Racer,
    Column::Rate,
    Column::Rates,
    Column::Loss,
    Column::Gradient,
    Column::Iterations,
    Column::Samples,
    Column::Seconds,
    Column::Gap,
    Column::Test,
    Column::State,
];

/// How the board is laid out in a width.
struct Layout<'a> {
    board: &'a Board,
    compact: bool,
    dense: bool,
    /// Whether racers have their shapes beside their letters.
    marked: bool,
    /// Cells for the longest label.
    label: u16,
    gap: u16,
}

/// Draws as many columns and rows as fit into `area`; where rows do not fit, the last line says how
/// many.
pub fn draw(board: &Board, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let layout = Layout::new(board, area.width, theme);
    let columns = layout.columns(area.width);
    let heading = u16::from(area.height > 1);
    if heading > 0 {
        layout.line(&columns, None, theme, area, area.y, buffer);
    }
    let selected = board.rows.iter().position(|row| row.selected);
    let shown = window(board.rows.len(), selected, area.height);
    let (fit, cut) = (shown.len(), shown.len() < board.rows.len());
    for (row, y) in board.rows[shown.clone()].iter().zip(area.y + heading..) {
        layout.line(&columns, Some(row), theme, area, y, buffer);
    }
    let used = heading + fit as u16;
    if area.height > used + 1 + fit as u16 {
        let below = Rect {
            y: area.y + used + 1,
            height: area.height - used - 1,
            ..area
        };
        let strips = layout.has_strips() && !columns.contains(&Column::Rates);
        settings(board, strips, theme, below, buffer);
    }
    if cut && area.height > heading + fit as u16 {
        let more = match shown.start {
            0 => format!("and {} more", board.rows.len() - fit),
            above => format!("{above} above, {} below", board.rows.len() - shown.end),
        };
        let y = area.bottom() - 1;
        buffer.set_stringn(area.x, y, more, area.width.into(), theme.quiet());
    }
}

/// Whether a board this wide has rate strips in its rows.
pub fn has_strips(board: &Board, width: u16, theme: Theme) -> bool {
    let columns = Layout::new(board, width, theme).columns(width);
    columns.contains(&Column::Rates)
}

/// Which of so many rows are shown on a board of this height: the first ones, or those that end with
/// the selected one, if it would not be among them.
pub fn window(rows: usize, selected: Option<usize>, height: u16) -> Range<usize> {
    let room = usize::from(height - u16::from(height > 1));
    let cut = rows > room && room > 1;
    let fit = rows.min(room - usize::from(cut));
    let first = selected.map_or(0, |row| (row + 1).saturating_sub(fit));
    first..first + fit
}

/// The racers' settings, one a line, where there is room below the board; with their rate strips,
/// where these are wanted and had no room in it.
fn settings(board: &Board, strips: bool, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let words = if strips { 4 + strip_width() } else { 2 };
    if strips {
        let heading = format!("{}  {}", rates::HEADING, rates::legend(theme));
        let room = usize::from(area.width.saturating_sub(2));
        buffer.set_stringn(area.x + 2, area.y - 1, heading, room, theme.quiet());
    }
    for (row, y) in board.rows.iter().zip(area.top()..area.bottom()) {
        let letter = row.identity.letter.to_string();
        let style = theme.racer(row.identity.colour);
        buffer.set_stringn(area.x, y, letter, usize::from(area.width), style);
        if strips {
            draw_strip(
                row,
                theme,
                Rect::new(area.x + 2, y, strip_width(), 1),
                buffer,
            );
        }
        let room = usize::from(area.width.saturating_sub(words));
        let text = shortened(&row.settings, room as u16, theme.glyphs());
        buffer.set_stringn(area.x + words, y, text, room, theme.quiet());
    }
}

/// A racer's strip, with its letter on the rate in use.
fn draw_strip(row: &Row, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let Some(strip) = &row.strip else {
        return;
    };
    strip::draw(strip, theme, area, buffer);
    let used = strip.used.map(|cell| (area.x + cell as u16, area.y));
    if let Some(cell) = used.and_then(|at| buffer.cell_mut(at)) {
        let style = theme.racer(row.identity.colour);
        cell.set_char(row.identity.letter)
            .set_style(style.add_modifier(Modifier::REVERSED));
    }
}

fn strip_width() -> u16 {
    rates::HEADING.len() as u16
}

impl<'a> Layout<'a> {
    fn new(board: &'a Board, width: u16, theme: Theme) -> Self {
        let compact = width < COMPACT;
        let longest = board.rows.iter().map(|row| row.label.width()).max();
        let longest = longest.unwrap_or(0).max(5) as u16;
        let mut layout = Self {
            board,
            compact,
            label: longest,
            gap: if width < DENSE { 1 } else { 2 },
            dense: width < DENSE,
            marked: Identity::needs_marker(board.rows.len(), theme) && !compact,
        };
        // Names give way before a column of the smallest board has to go.
        let smallest = layout.by_weight().into_iter().take(5);
        let needed: u16 = smallest.map(|c| layout.gap + layout.width(c)).sum();
        let over = (needed - layout.gap).saturating_sub(width);
        if longest.saturating_sub(over) >= 8 {
            layout.label -= over;
        }
        layout
    }

    /// Whether racers have rate strips, in this column or below.
    fn has_strips(&self) -> bool {
        !self.compact && self.board.rows.iter().any(|row| row.strip.is_some())
    }

    /// What decides the ranks.
    fn decisive(&self) -> Column {
        match self.board.by {
            Pace::Iterations => Column::Iterations,
            Pace::Samples => Column::Samples,
            Pace::Time => Column::Seconds,
        }
    }

    fn by_weight(&self) -> Vec<Column> {
        let mut columns = BY_WEIGHT.to_vec();
        columns.retain(|column| *column != self.decisive());
        columns.insert(4, self.decisive());
        columns
    }

    fn columns(&self, width: u16) -> Vec<Column> {
        let mut left = width + self.gap;
        let mut fitting = Vec::new();
        for column in self.by_weight() {
            let wanted = self.gap + self.width(column);
            let spare = if column == Column::Seconds && column != self.decisive() {
                CAUSE
            } else {
                0
            };
            let is_there = match column {
                Column::Test => self.board.test.is_some(),
                Column::Rates => self.has_strips(),
                _ => true,
            };
            if !is_there {
                continue;
            }
            // What has no room for its strips in the table may have some below it.
            if wanted + spare > left && column != Column::Rates {
                break;
            }
            if wanted + spare <= left {
                left -= wanted;
                fitting.push(column);
            }
        }
        let placed = BY_PLACE.into_iter();
        placed.filter(|column| fitting.contains(column)).collect()
    }

    fn width(&self, column: Column) -> u16 {
        let digits = |most: u64| count(most).len() as u16;
        let heading = self.heading(column).len() as u16;
        match column {
            Column::Rank => self.board.rows.len().to_string().len() as u16,
            Column::Racer => self.label + self.before_label(),
            Column::Loss | Column::Gradient if self.compact => 6,
            Column::Loss | Column::Gradient if self.dense => 8,
            Column::Seconds | Column::Rate => 7,
            Column::Rates => strip_width(),
            Column::Gap => 8,
            Column::Loss | Column::Gradient | Column::Test | Column::State => 9,
            Column::Iterations => digits(self.board.most[0]).max(heading),
            Column::Samples => digits(self.board.most[1]).max(heading),
        }
    }

    /// Cells for the letter, and the shape where it is needed.
    fn before_label(&self) -> u16 {
        if self.marked { 4 } else { 2 }
    }

    fn heading(&self, column: Column) -> &'static str {
        match column {
            Column::Rank => "#",
            Column::Racer => "racer",
            Column::Loss => "loss",
            Column::Gradient => "|grad|",
            Column::Iterations if self.compact => "iter",
            Column::Iterations => "iterations",
            Column::Samples => "samples",
            Column::Seconds => "seconds",
            Column::Gap => "gap",
            Column::Rate => "rate",
            Column::Rates => rates::HEADING,
            Column::Test => match self.board.test {
                Some(Test::Accuracy) => "test acc.",
                Some(Test::Loss) => "test loss",
                None => "",
            },
            Column::State => "state",
        }
    }

    fn text(&self, column: Column, row: &Row, glyphs: Glyphs) -> String {
        let digits = if self.compact { 3 } else { 4 };
        let value = |value| fitted(value, digits, self.width(column));
        match column {
            Column::Rank => row.rank.to_string(),
            Column::Racer => {
                let label = shortened(&row.label, self.label, glyphs);
                let letter = row.identity.letter;
                if self.marked {
                    format!("{letter} {} {label}", row.identity.marker(glyphs))
                } else {
                    format!("{letter} {label}")
                }
            }
            Column::Loss => value(row.loss),
            Column::Gradient => row.gradient.map_or("-".to_owned(), value),
            Column::Iterations => count(row.iterations),
            Column::Samples => count(row.samples),
            Column::Seconds => value(row.seconds),
            Column::Gap => row.gap.clone(),
            Column::Rate => row.rate.map_or("-".to_owned(), short),
            Column::Rates => String::new(),
            Column::Test => match (row.test, self.board.test) {
                (Some(share), Some(Test::Accuracy)) if share.is_finite() => {
                    format!("{:.1} %", 100.0 * share)
                }
                (Some(loss), Some(Test::Loss)) => value(loss),
                _ => "-".to_owned(),
            },
            Column::State if self.compact && row.stand == Stand::Running => row
                .spark
                .iter()
                .map(|level| glyphs.spark(usize::from(*level)))
                .collect(),
            Column::State => row.state[0].clone(),
        }
    }

    /// One line of the board: the headings, or a row.
    fn line(
        &self,
        columns: &[Column],
        row: Option<&Row>,
        theme: Theme,
        area: Rect,
        y: u16,
        buffer: &mut Buffer,
    ) {
        let mut x = area.x;
        for &column in columns {
            let width = self.width(column);
            let text = row.map_or(self.heading(column).to_owned(), |row| {
                self.text(column, row, theme.glyphs())
            });
            let style = match row {
                Some(row) => style(column, row, theme),
                None if column == self.decisive() => theme.strong(),
                None => theme.quiet(),
            };
            let left = matches!(column, Column::Racer | Column::State);
            let before = width.saturating_sub(text.width() as u16);
            let at = if left { x } else { x + before };
            buffer.set_stringn(at, y, text, (x + width).saturating_sub(at).into(), style);
            if let (Some(row), Column::Rates) = (row, column) {
                draw_strip(row, theme, Rect::new(x, y, width, 1), buffer);
            }
            x += width + self.gap;
        }
        if let Some(row) = row.filter(|_| columns.contains(&Column::State)) {
            // The state is the last column: as much of it as there is room for.
            let at = x.saturating_sub(self.gap + 9);
            let room = usize::from(area.right().saturating_sub(at));
            let longer = row.state.iter().skip(1).rev();
            if let Some(text) = longer
                .clone()
                .find(|text| text.width() <= room && row.stand == Stand::Out)
            {
                buffer.set_string(at, y, text, style(Column::State, row, theme));
            }
        }
        if row.is_some_and(|row| row.selected) {
            let line = Rect::new(area.x, y, area.width, 1);
            buffer.set_style(line, theme.selected());
        }
    }
}

fn style(column: Column, row: &Row, theme: Theme) -> Style {
    match column {
        _ if row.stand == Stand::Out || row.hidden => theme.out(),
        Column::State if row.stand == Stand::Running => theme.racer(row.identity.colour),
        Column::Racer => theme.racer(row.identity.colour),
        Column::Iterations | Column::Samples | Column::Seconds | Column::State | Column::Gap
            if row.stand == Stand::Converged =>
        {
            theme.strong()
        }
        _ => theme.text(),
    }
}

/// A name in at most so many cells; a cut one ends in an ellipsis.
pub fn shortened(label: &str, cells: u16, glyphs: Glyphs) -> String {
    let cells = usize::from(cells);
    if label.width() <= cells {
        return label.to_owned();
    }
    let mut short = label.to_owned();
    while short.width() + 1 > cells && short.pop().is_some() {}
    short + glyphs.ellipsis()
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;
    use ratatui::style::Color;

    use super::*;
    use crate::runner::Phase;
    use crate::scenario::Pace;
    use crate::tui::desk::Desk;
    use crate::tui::fixture::{race, theme};
    use crate::tui::identity::identities;
    use crate::tui::playhead::Mark;
    use crate::tui::view::board::{model, places};

    fn board() -> Board {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let (pace, at) = (Pace::Iterations, 150.0);
        let mark = Mark { pace, at };
        let places = places(&snapshot, mark);
        let identities = identities(&snapshot.meta.racers);
        model(&snapshot, mark, &places, &identities, &Desk::default())
    }

    fn drawn(width: u16, height: u16) -> String {
        let board = board();
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        draw(&board, theme(true), buffer.area, &mut buffer);
        let rows = buffer.content.chunks(usize::from(width.max(1)));
        let line = |row: &[Cell]| row.iter().map(Cell::symbol).collect();
        let lines: Vec<String> = rows.map(line).collect();
        lines
            .iter()
            .map(|line| line.trim_end())
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn wide_boards_say_everything() {
        assert_eq!(
            drawn(140, 6),
            "\
#  racer               rate       loss     |grad|  iterations    samples       gap  test acc.  state
1  A Adam            0.0464    0.04990    0.01663         116      7,424               88.1 %  converged
2  G GD              0.0464     0.1302    0.04340         150    215,550       >34     85.1 %  running
3  M Momentum        0.0464     0.2101    0.07005         150      9,600       >34     82.4 %  running
4  B Mini-batch GD   0.0464     0.8832     0.2944         150      9,600       >34     66.5 %  running
5  R RMSProp         0.0464        NaN        NaN          90      5,760         -          -  DNF NaN at 90: loss is not finite"
        );
    }

    #[test]
    fn columns_leave_one_by_one_and_nothing_is_cut() {
        assert_eq!(
            drawn(40, 6),
            "\
# racer             loss  iter state
1 A Adam          0.0499   116 converged
2 G GD             0.130   150 ████▇▆▅▄▃
3 M Momentum       0.210   150 ████▇▆▅▅▄
4 B Mini-batch GD  0.883   150 ██████▇▇▆
5 R RMSProp          NaN    90 DNF NaN"
        );
        assert_eq!(
            drawn(26, 4),
            "\
# racer             loss
1 A Adam          0.0499
2 G GD             0.130
and 3 more"
        );
        assert_eq!(drawn(1, 1), "1");
    }

    #[test]
    fn the_selected_racer_is_always_seen() {
        assert_eq!(window(64, None, 12), 0..10);
        assert_eq!(window(64, Some(9), 12), 0..10);
        assert_eq!(window(64, Some(10), 12), 1..11);
        assert_eq!(window(64, Some(63), 12), 54..64);
        assert_eq!(window(5, Some(4), 6), 0..5);
        assert_eq!([window(5, Some(4), 2), window(5, None, 0)], [4..5, 0..0]);
        let mut board = board();
        board.rows[3].selected = true;
        let mut buffer = Buffer::empty(Rect::new(0, 0, 26, 4));
        draw(&board, theme(true), buffer.area, &mut buffer);
        let text: String = buffer.content.iter().map(Cell::symbol).collect();
        assert!(text.contains("B Mini-batch GD"), "{text}");
        assert!(text.contains("2 above, 1 below"), "{text}");
    }

    #[test]
    fn the_style_says_who_and_how() {
        let board = board();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 118, 6));
        let theme = theme(true);
        draw(&board, theme, buffer.area, &mut buffer);
        let style = |x: u16, y: u16| {
            let cell = &buffer[(x, y)];
            (Some(cell.fg), cell.modifier)
        };
        let want = |style: Style| (style.fg.or(Some(Color::Reset)), style.add_modifier);
        assert_eq!(style(3, 1), want(theme.racer(4)), "Adam's letter");
        assert_eq!(style(58, 1), want(theme.strong()), "Adam's count is final");
        assert_eq!(style(58, 2), want(theme.text()), "GD's is not");
        assert_eq!(style(3, 5), want(theme.out()), "RMSProp is out");
    }
}
