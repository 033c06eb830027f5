//! The standings as a table: which columns fit, what stands in them, and below it what the lead is worth.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::tui::glyphs::Glyphs;
use crate::tui::identity::Identity;
use crate::tui::study::seeds::standings::{Row, Standings};
use crate::tui::theme::Theme;
use crate::tui::view::axis::Axis;
use crate::tui::view::board::table::window;
use crate::tui::view::dots::Dots;
use crate::tui::view::help::wrapped;
use crate::tui::view::number::count;

/// Cells between two columns.
const GAP: u16 = 2;

/// Cells that the dots of the seeds take at least, and at most.
const DOTS: [u16; 2] = [18, 72];

/// A screen is high that has so many rows.
const HIGH: u16 = 26;

/// A column of text: its head, whether it is aligned to the right, and its cells.
struct Column {
    head: &'static str,
    is_number: bool,
    cells: Vec<String>,
    /// The last to leave where there is no room has the lowest.
    weight: usize,
}

impl Column {
    fn width(&self) -> u16 {
        let cells = self.cells.iter().map(|cell| cell.width());
        cells.chain([self.head.width()]).max().unwrap_or(0) as u16
    }
}

/// Rows that the standings take in all, with their heading, on a screen of this size: in a low one the
/// most important of the sentences alone, in a high one all, apart from the table.
pub fn height(standings: &Standings, screen: Rect) -> u16 {
    let notes = lines(standings, screen.width).len() as u16;
    let notes = if screen.height < HIGH {
        notes.min(2)
    } else {
        notes + 1
    };
    2 + standings.rows.len() as u16 + notes
}

/// What stands below the table, in lines of this width.
fn lines(standings: &Standings, width: u16) -> Vec<String> {
    let room = usize::from(width.max(1));
    let notes = standings.notes.iter();
    notes.flat_map(|note| wrapped(note, room)).collect()
}

/// Draws as many columns, rows and sentences as fit into `area`.
pub fn draw(
    standings: &Standings,
    identities: &[Identity],
    selected: Option<usize>,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    if area.is_empty() {
        return;
    }
    let rows = &standings.rows;
    let columns = fitting(columns(rows, identities), area.width);
    let chosen = rows.iter().position(|row| Some(row.racer) == selected);
    let shown = window(rows.len(), chosen, area.height);
    let head = u16::from(area.height > 1);
    if head > 0 {
        let cells = columns.iter().map(|column| column.head);
        line(&columns, cells, |_| theme.quiet(), area, area.y, buffer);
    }
    let used = columns
        .iter()
        .map(|column| column.width() + GAP)
        .sum::<u16>();
    let strip = Rect {
        x: area.x + used,
        width: area.width.saturating_sub(used).min(DOTS[1]),
        ..area
    };
    let axis = (strip.width >= DOTS[0]).then(|| axis(rows)).flatten();
    if let Some(axis) = axis.filter(|_| head > 0) {
        ends(&axis, theme, strip, buffer);
    }
    for (place, y) in shown.clone().zip(area.y + head..area.bottom()) {
        let row = &rows[place];
        let style = styles(row, identities[row.racer], theme);
        let cells = columns.iter().map(|column| column.cells[place].as_str());
        line(&columns, cells, &style, area, y, buffer);
        if let Some(axis) = &axis {
            let cells = Rect {
                y,
                height: 1,
                ..strip
            };
            seeds(row, axis, style(RACER), theme, cells, buffer);
        }
        if chosen == Some(place) {
            buffer.set_style(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                theme.selected(),
            );
        }
    }
    let below = (area.y + head + shown.len() as u16)..area.bottom();
    let cut = rows.len() - shown.len();
    let more = (cut > 0).then(|| format!("and {cut} more"));
    let mut notes: Vec<String> = more
        .into_iter()
        .chain(lines(standings, area.width))
        .collect();
    let apart = usize::from(below.len() > notes.len());
    if notes.len() > below.len() {
        notes.truncate(below.len());
        if let Some(last) = notes.last_mut() {
            *last = broken_off(last, area.width, theme.glyphs());
        }
    }
    for (y, text) in below.skip(apart).zip(notes) {
        buffer.set_stringn(area.x, y, text, area.width.into(), theme.text());
    }
}

/// A line behind which there is more than is shown: it ends in an ellipsis.
fn broken_off(line: &str, width: u16, glyphs: Glyphs) -> String {
    let room = usize::from(width.saturating_sub(2));
    let mut line = line.to_owned();
    while line.width() > room && line.pop().is_some() {}
    format!("{} {}", line.trim_end(), glyphs.ellipsis())
}

/// The head of the column that has the racers' names.
const RACER: &str = "racer";

fn columns(rows: &[Row], identities: &[Identity]) -> Vec<Column> {
    let column = |head, is_number, weight, cell: &dyn Fn(&Row) -> String| Column {
        head,
        is_number,
        weight,
        cells: rows.iter().map(cell).collect(),
    };
    let named = |row: &Row| format!("{} {}", identities[row.racer].letter, row.label);
    let rank = |row: &Row| row.rank.map_or(String::new(), |rank| rank.to_string());
    vec![
        column("#", true, 3, &rank),
        column(RACER, false, 0, &named),
        column("converged", true, 2, &|row| row.converged.clone()),
        column("median", true, 1, &|row| row.median.clone()),
        column("95 % interval", true, 4, &|row| row.interval.clone()),
        column("expected iterations", true, 6, &|row| row.expected.clone()),
        column("the lead", false, 5, &|row| row.lead.clone()),
    ]
}

/// The columns that fit, in their order.
fn fitting(mut columns: Vec<Column>, width: u16) -> Vec<Column> {
    columns
        .retain(|column| column.head == RACER || column.cells.iter().any(|cell| !cell.is_empty()));
    let used = |columns: &[Column]| {
        columns
            .iter()
            .map(|column| column.width() + GAP)
            .sum::<u16>()
    };
    while columns.len() > 1 && used(&columns) > width + GAP {
        let last = (0..columns.len()).max_by_key(|&i| columns[i].weight);
        columns.remove(last.unwrap_or(0));
    }
    columns
}

/// The style of a racer's cell below a head: its own for the name, bold for who leads.
fn styles(row: &Row, identity: Identity, theme: Theme) -> impl Fn(&'static str) -> Style {
    let leads = row.lead == "leads" && row.rank == Some(1);
    move |head: &'static str| {
        let own = if head == RACER {
            theme.racer(identity.colour)
        } else {
            theme.text()
        };
        if leads {
            own.patch(theme.leader())
        } else {
            own
        }
    }
}

fn line<'a>(
    columns: &[Column],
    cells: impl Iterator<Item = &'a str>,
    style: impl Fn(&'static str) -> Style,
    area: Rect,
    y: u16,
    buffer: &mut Buffer,
) {
    let mut x = area.x;
    for (column, cell) in columns.iter().zip(cells) {
        let width = column.width();
        let indent = if column.is_number {
            width - cell.width() as u16
        } else {
            0
        };
        let room = usize::from(area.right().saturating_sub(x + indent));
        buffer.set_stringn(x + indent, y, cell, room, style(column.head));
        x += width + GAP;
    }
}

/// From the fewest iterations of all to the most, by logarithms.
fn axis(rows: &[Row]) -> Option<Axis> {
    let all = || rows.iter().flat_map(|row| &row.iterations);
    let (low, high) = (*all().min()?, *all().max()?);
    Some(Axis::log_between(low.max(1) as f64, high as f64))
}

/// The ends of the axis above the dots.
fn ends(axis: &Axis, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let [low, high] = axis.range().map(|end| count(end.round() as u64));
    let words = format!("{low} iterations, seed by seed");
    let fits = words.len() + 2 + high.len() <= usize::from(area.width);
    let left = if fits { &words } else { &low };
    buffer.set_string(area.x, area.y, left, theme.quiet());
    let x = area.right().saturating_sub(high.len() as u16);
    buffer.set_string(x, area.y, high, theme.quiet());
}

/// A dot for each seed at its iterations, those of one place over each other.
fn seeds(row: &Row, axis: &Axis, style: Style, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let mut dots = Dots::new(theme.glyphs(), area.width, area.height);
    let places = row
        .iterations
        .iter()
        .filter_map(|&at| axis.place(at as f64));
    let mut columns: Vec<[usize; 2]> = places.map(|at| dots.nearest([at, 0.0])).collect();
    columns.sort_unstable();
    for stack in columns.chunk_by(|a, b| a == b) {
        for (up, [x, bottom]) in stack.iter().enumerate() {
            if let Some(y) = bottom.checked_sub(up) {
                dots.set([*x, y], style);
            }
        }
    }
    dots.draw(area, buffer);
}
