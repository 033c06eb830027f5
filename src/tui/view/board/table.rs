//! The leaderboard as a table: rows of columns, and below them, where there is room, the racers'
//! settings. It decides nothing else than what of that fits.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use crate::tui::theme::Theme;
use crate::tui::view::board::columns::{Column, Layout, shortened};
use crate::tui::view::board::{Board, Row, Stand, rates};
use crate::tui::view::strip;

/// Draws as many columns and rows as fit into `area`; where rows do not fit, the last line says how
/// many.
pub fn draw(board: &Board, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let layout = Layout::new(board, area.width, theme);
    let columns = layout.columns(area.width);
    let heading = u16::from(area.height > 1);
    if heading > 0 {
        line(&layout, &columns, None, theme, area, area.y, buffer);
    }
    let selected = board.rows.iter().position(|row| row.selected);
    let shown = window(board.rows.len(), selected, area.height);
    let (fit, cut) = (shown.len(), shown.len() < board.rows.len());
    for (row, y) in board.rows[shown.clone()].iter().zip(area.y + heading..) {
        line(&layout, &columns, Some(row), theme, area, y, buffer);
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

/// The racers' settings, one a line, where there is room below the board; with their rate strips,
/// where these are wanted and had no room in it.
fn settings(board: &Board, strips: bool, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let words = if strips { 4 + strip_width() } else { 2 };
    if strips {
        let mut heading = rates::legend(board.rates_wait, theme).style(theme.quiet());
        heading
            .spans
            .insert(0, format!("{}  ", rates::HEADING).into());
        let room = area.width.saturating_sub(2);
        buffer.set_line(area.x + 2, area.y - 1, &heading, room);
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

fn strip_width() -> u16 {
    rates::HEADING.len() as u16
}

/// One line of the board: the headings, or a row.
fn line(
    layout: &Layout,
    columns: &[Column],
    row: Option<&Row>,
    theme: Theme,
    area: Rect,
    y: u16,
    buffer: &mut Buffer,
) {
    let mut x = area.x;
    for &column in columns {
        let width = layout.width(column);
        let text = row.map_or(layout.heading(column).to_owned(), |row| {
            layout.text(column, row, theme.glyphs())
        });
        let style = match row {
            Some(row) => style(column, row, theme),
            None if column == layout.decisive() => theme.strong(),
            None => theme.quiet(),
        };
        let left = matches!(column, Column::Racer | Column::State);
        let before = width.saturating_sub(text.width() as u16);
        let at = if left { x } else { x + before };
        buffer.set_stringn(at, y, text, (x + width).saturating_sub(at).into(), style);
        if let (Some(row), Column::Rates) = (row, column) {
            draw_strip(row, theme, Rect::new(x, y, width, 1), buffer);
        }
        x += width + layout.gap;
    }
    if let Some(row) = row.filter(|_| columns.contains(&Column::State)) {
        // The state is the last column: as much of it as there is room for.
        let at = x.saturating_sub(layout.gap + 9);
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
