//! The rates of all racers, a row each: the darker a cell, the sooner the racer converges at that
//! rate. Where there is room for it a rate has several columns, and a row a blank line below it.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::racer::{Best, Racer};
use crate::sweep::tune::curve::GRADES;
use crate::sweep::tune::grid::{self, Grid};
use crate::tui::identity::Identity;
use crate::tui::study::desk::Desk;
use crate::tui::theme::Theme;
use crate::tui::view::number::{count, short, significant};
use crate::tui::view::strip::{self, Cell};

/// The lines about the rows: the heads of columns, the scale, and what the cells say.
const ABOUT: u16 = 3;

/// The most rows that a racer takes, the last of them blank.
const TALLEST: u16 = 3;

/// The head of the names.
const HEAD: &str = "racer";

/// What is said beside the strip: its head, and its cells with two spaces before.
const FACTS: [(&str, u16); 4] = [
    ("best rate", 11),
    ("iterations", 12),
    ("converged", 11),
    ("working", 10),
];

/// How a row may be laid out, the best way first: columns of a third of a decade, facts, and the most
/// columns of names.
const WAYS: [(u16, usize, u16); 9] = [
    (3, 4, 30),
    (2, 4, 24),
    (2, 3, 16),
    (2, 2, 16),
    (2, 2, 10),
    (1, 2, 10),
    (1, 1, 7),
    (1, 1, 0),
    (1, 0, 0),
];

/// How many rows the pane wants in an area of so many, where there is more to show than it.
pub fn height(racers: usize, all: u16) -> u16 {
    let racers = racers.min(usize::from(u16::MAX / 8)) as u16;
    let tall = |rows: &u16| ABOUT + racers * rows <= all * 9 / 20;
    ABOUT + racers * (1..=TALLEST).rev().find(tall).unwrap_or(1)
}

/// Where the parts of a row lie.
#[derive(Clone, Copy, Debug)]
struct Way {
    strip: u16,
    columns: u16,
    facts: usize,
}

impl Way {
    fn new(grid: Grid, racers: &[Racer], room: u16) -> Self {
        let longest = racers.iter().map(|racer| name(racer).width() as u16).max();
        let thirds = grid.thirds() as u16;
        let ways = WAYS.map(|(wide, facts, most)| {
            let name = longest.unwrap_or(0).max(HEAD.len() as u16).min(most);
            let said: u16 = FACTS[..facts].iter().map(|fact| fact.1).sum();
            let strip = 2 + name + u16::from(name > 0);
            let way = Self {
                strip,
                columns: thirds * wide,
                facts,
            };
            (way, strip + thirds * wide + said)
        });
        let fits = ways.iter().find(|(_, width)| *width <= room);
        let (way, _) = fits.unwrap_or(&ways[ways.len() - 1]);
        Self {
            columns: way.columns.min(room.saturating_sub(way.strip)),
            ..*way
        }
    }
}

/// A racer and what it is shown with.
fn name(racer: &Racer) -> String {
    format!("{} {}", racer.label, racer.over)
        .trim_end()
        .to_owned()
}

/// Draws the pane. Where racers are too many the selected one is among those that are shown.
pub fn draw(
    grid: Grid,
    racers: &[Racer],
    identities: &[Identity],
    desk: &Desk,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let way = Way::new(grid, racers, area.width);
    let all = racers.len() as u16;
    // Rows go before the scale, that before what cells say, and that before heads.
    let spare = area.height.saturating_sub(all);
    let head = u16::from(spare >= 3);
    let about = spare.clamp(1, ABOUT).min(area.height - 1);
    let rows = area.height - about;
    let tall = (rows / all.max(1)).clamp(1, TALLEST);
    let fit = usize::from(rows / tall).min(racers.len());
    let first = desk
        .selected
        .map_or(0, |racer| (racer + 1).saturating_sub(fit));
    let line = |y: u16| Rect {
        y: area.y + y,
        height: 1,
        ..area
    };
    if head > 0 {
        heads(way, theme, line(0), buffer);
    }
    let mut y = head;
    for racer in first..first + fit {
        let place = Rect {
            height: tall,
            ..line(y)
        };
        let known = (&racers[racer], identities[racer]);
        row(known, way, desk, racer, theme, place, buffer);
        y += tall;
    }
    scale(grid, way, theme, line(y), buffer);
    if about > 1 {
        let hidden = racers.len() - fit;
        if hidden > 0 {
            let more = format!("and {hidden} racers more");
            buffer.set_stringn(
                area.x,
                area.y + y + 1,
                more,
                area.width.into(),
                theme.quiet(),
            );
        } else {
            let rest = area.height.saturating_sub(y + 1);
            let below = Rect {
                height: rest,
                ..line(y + 1)
            };
            legend(theme, below, buffer);
        }
    }
}

fn heads(way: Way, theme: Theme, area: Rect, buffer: &mut Buffer) {
    if way.strip > 2 {
        let room = usize::from(way.strip - 3);
        buffer.set_stringn(area.x + 2, area.y, HEAD, room, theme.quiet());
    }
    let mut x = area.x + way.strip + way.columns;
    for (head, width) in &FACTS[..way.facts] {
        x += width;
        buffer.set_string(x - head.len() as u16, area.y, head, theme.quiet());
    }
}

fn row(
    (racer, identity): (&Racer, Identity),
    way: Way,
    desk: &Desk,
    number: usize,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let style = if desk.shows(number) {
        theme.racer(identity.colour)
    } else {
        theme.out()
    };
    let chosen = if desk.selected == Some(number) {
        theme.selected()
    } else {
        Style::new()
    };
    let letter = identity.letter.to_string();
    let strong = theme.marker(identity.colour).patch(chosen);
    buffer.set_stringn(area.x, area.y, letter, area.width.into(), strong);
    if way.strip > 2 {
        let room = usize::from(way.strip - 3);
        let name = cut(&name(racer), room, theme);
        buffer.set_stringn(area.x + 2, area.y, name, room, style.patch(chosen));
    }
    let place = Rect {
        x: area.x + way.strip,
        width: way.columns.min(area.width.saturating_sub(way.strip)),
        height: area.height.saturating_sub(1).max(1),
        ..area
    };
    cells(racer, identity, theme, place, buffer);
    let Some(best) = &racer.best else { return };
    let mut x = area.x + way.strip + way.columns;
    for (fact, (_, width)) in facts(best).iter().zip(&FACTS[..way.facts]) {
        x += width;
        let at = x.saturating_sub(fact.width() as u16);
        buffer.set_string(at, area.y, fact, theme.text());
    }
}

/// `text` in at most so many columns.
fn cut(text: &str, room: usize, theme: Theme) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + 1 + c.to_string().width() > room {
            break;
        }
        kept.push(c);
    }
    kept + theme.glyphs().ellipsis()
}

/// What is said of a best rate.
fn facts(best: &Best) -> [String; FACTS.len()] {
    let [converged, runs] = best.converged;
    let [working, tried] = best.working;
    [
        rate(best.rate),
        median(best.median),
        format!("{converged}/{runs}"),
        format!("{working} of {tried}"),
    ]
}

/// The rate, in three digits but without zeros to fill them up.
pub fn rate(rate: f64) -> String {
    let digits = significant(rate, 3).parse();
    digits.map_or_else(|_| short(rate), short)
}

/// A median as people count.
pub fn median(median: Option<f64>) -> String {
    match median {
        None => "never".to_owned(),
        Some(whole) if whole.fract() == 0.0 => count(whole as u64),
        Some(half) => format!("{}.5", count(half as u64)),
    }
}

/// Which rates lie in which columns, where so many of each are spread over each other.
fn spread(rates: usize, columns: u16) -> Vec<(Range<usize>, Range<u16>)> {
    let wide = usize::from(columns);
    if rates <= wide {
        let column = |rate: usize| (rate * wide / rates.max(1)) as u16;
        let all = 0..rates;
        all.map(|rate| (rate..rate + 1, column(rate)..column(rate + 1)))
            .collect()
    } else {
        let rate = |column: u16| usize::from(column) * rates / wide;
        let all = 0..columns;
        all.map(|column| (rate(column)..rate(column + 1), column..column + 1))
            .collect()
    }
}

/// What is said of several rates in one cell: the best of them.
fn best_of(cells: &[Cell]) -> Cell {
    let rank = |cell: &&Cell| match cell {
        Cell::Works(grade) => *grade,
        Cell::Flying => GRADES.len(),
        Cell::Never => GRADES.len() + 1,
        Cell::Diverges => GRADES.len() + 2,
        Cell::Unknown => GRADES.len() + 3,
    };
    cells
        .iter()
        .min_by_key(rank)
        .copied()
        .unwrap_or(Cell::Unknown)
}

/// The strip: shades fill their cells, signs stand in the middle, and the best has the racer's letter.
fn cells(racer: &Racer, identity: Identity, theme: Theme, area: Rect, buffer: &mut Buffer) {
    for (rates, columns) in spread(racer.cells.len(), area.width) {
        let is_best = racer.best_cell.is_some_and(|best| rates.contains(&best));
        let cell = best_of(&racer.cells[rates]);
        let (glyph, style) = strip::shown(cell, theme);
        let fills = matches!(cell, Cell::Works(_));
        let middle = columns.start + (columns.end - columns.start - 1) / 2;
        for (x, y) in columns.flat_map(|x| (0..area.height).map(move |y| (x, y))) {
            let at = (area.x + x, area.y + y);
            let central = x == middle && y == 0;
            if is_best {
                let style = theme
                    .marker(identity.colour)
                    .add_modifier(Modifier::REVERSED);
                let letter = if central { identity.letter } else { ' ' };
                buffer[at].set_char(letter).set_style(style);
            } else if fills || central {
                buffer.set_string(at.0, at.1, glyph, style);
            }
        }
    }
}

/// The rates below the strips: powers of ten, as many as have room.
fn scale(grid: Grid, way: Way, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let thirds = grid.thirds() as u32;
    let (left, room) = (area.x + way.strip, way.columns);
    let mut free = left.saturating_sub(1);
    for third in (grid.low..=grid.high).filter(|third| third % 3 == 0) {
        let label = short(grid::rate(third, 1));
        let width = label.len() as u16;
        let from = (third - grid.low) as u32;
        let middle = ((2 * from + 1) * u32::from(room) / (2 * thirds)) as u16;
        let x = (left + middle).saturating_sub(width / 2);
        let x = x.clamp(left, (left + room).saturating_sub(width).max(left));
        if x >= free && x + width <= left + room {
            buffer.set_string(x, area.y, label, theme.quiet());
            free = x + width + 1;
        }
    }
}

/// A sign, how it looks, and what it says.
type Entry = (&'static str, Style, String);

/// What the cells say, in as many words and lines as have room.
fn legend(theme: Theme, area: Rect, buffer: &mut Buffer) {
    let width = |entries: &[Entry]| entries.iter().map(|entry| 4 + entry.2.len()).sum::<usize>();
    let ways = [
        ["best so far", " times its iterations", "to "],
        ["best", " times", "to "],
        ["best", "x", ""],
    ];
    let ways = ways.map(|words| entries(theme, words));
    let fits = |entries: &&Vec<Entry>| width(entries) <= usize::from(area.width) + 2;
    let fitting = ways.iter().find(fits).unwrap_or(&ways[ways.len() - 1]);
    let (mut x, mut y) = (area.x, area.y);
    for (glyph, style, says) in fitting {
        let width = 2 + says.len() as u16;
        if x + width > area.right() {
            (x, y) = (area.x, y + 1);
        }
        if y >= area.bottom() {
            break;
        }
        buffer.set_string(x, y, glyph, *style);
        buffer.set_string(x + 2, y, says, theme.quiet());
        x += width + 2;
    }
}

/// All cells there are, with words for the best, for how many times its iterations, and before that.
fn entries(theme: Theme, [best, times, to]: [&str; 3]) -> Vec<Entry> {
    let reversed = theme.strong().add_modifier(Modifier::REVERSED);
    let mut entries = vec![("A", reversed, best.to_owned())];
    let mut add = |cell, says: String| {
        let (glyph, style) = strip::shown(cell, theme);
        entries.push((glyph, style, says));
    };
    for (grade, most) in GRADES.iter().enumerate() {
        // Only the first needs to say what it is so many of.
        let unit = if grade == 0 { times } else { "" };
        let says = if most.is_finite() {
            format!("{to}{}{unit}", short(*most))
        } else {
            "more".to_owned()
        };
        add(Cell::Works(grade), says);
    }
    add(Cell::Never, "never".to_owned());
    add(Cell::Diverges, "diverges".to_owned());
    add(Cell::Flying, "running".to_owned());
    entries
}
