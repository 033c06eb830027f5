//! The racers' orders in the modes, side by side: a line leads each racer from its place in one mode
//! to that in the next, so that where the order flips lines cross.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::stats::lead::Verdict;
use crate::sweep::modes::sofar::Known;
use crate::sweep::modes::{Kind, Mode};
use crate::tui::identity::Identity;
use crate::tui::study::desk::Desk;
use crate::tui::study::tuning::rates::{median, rate};
use crate::tui::theme::Theme;
use crate::tui::view::dots::Dots;

/// What the modes are called above their columns, and where these are narrow.
const NAMES: [[&str; 2]; 3] = [
    ["tuned", "tuned"],
    ["default rates", "default"],
    ["one rate for all", "same"],
];

/// What an entry says, the most first: the columns of its racer's name, which stands in the first mode
/// only, of its rate and of its median.
const WAYS: [[u16; 3]; 4] = [[18, 9, 9], [14, 9, 8], [2, 9, 8], [2, 0, 8]];

/// Racers are at most so many rows apart.
const MOST_APART: usize = 4;

/// The columns of a letter.
const LETTER: u16 = 2;

/// The columns that lines need at least.
const LINES: u16 = 4;

/// A racer in a mode.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its index.
    pub racer: usize,
    /// Its learning rate.
    pub rate: f64,
    /// The median of its iterations, `None` for never.
    pub median: Option<f64>,
}

/// What is shown of the orders.
#[derive(Clone, Debug, PartialEq)]
pub struct Orders {
    /// The modes in the order they are raced, and in each the racers that have a rate by their rank;
    /// empty where nothing is known.
    pub columns: [Vec<Entry>; 3],
    /// The racers that have a part in a flip that is more than luck.
    pub flipping: Vec<usize>,
}

impl Orders {
    /// What is known of them. While the search goes on the first column has the best rates so far, with
    /// their medians on the seeds of the search.
    pub fn new(known: &Known) -> Self {
        let Some(modes) = &known.modes else {
            let racers = known.best.iter().enumerate();
            let best = racers.filter_map(|(racer, best)| {
                let best = best.as_ref()?;
                Some(Entry {
                    racer,
                    rate: best.rate,
                    median: best.median,
                })
            });
            let mut best: Vec<Entry> = best.collect();
            let place = |entry: &Entry| entry.median.unwrap_or(f64::INFINITY);
            best.sort_by(|a, b| place(a).total_cmp(&place(b)));
            return Self {
                columns: [best, vec![], vec![]],
                flipping: vec![],
            };
        };
        let sure = |verdict| matches!(verdict, Verdict::MoreThanLuck | Verdict::NothingVaries);
        let flips = modes.orders.flips.iter();
        let flips = flips.filter(|flip| sure(flip.verdict));
        Self {
            columns: Kind::ALL.map(|kind| {
                let mode = modes.modes.iter().find(|mode| mode.kind == kind);
                mode.map_or(vec![], column)
            }),
            flipping: flips.flat_map(|flip| flip.racers).collect(),
        }
    }
}

/// The racers of a mode by their rank; of equals in the scenario's order.
fn column(mode: &Mode) -> Vec<Entry> {
    let racers = mode.racers.iter().enumerate();
    let placed = racers.filter_map(|(racer, placed)| Some((racer, placed.as_ref()?)));
    let mut placed: Vec<_> = placed.collect();
    placed.sort_by_key(|(_, placed)| placed.rank);
    let entry = |(racer, placed): (usize, &crate::sweep::modes::Placed)| Entry {
        racer,
        rate: placed.rate,
        median: placed.runs.median,
    };
    placed.into_iter().map(entry).collect()
}

/// The rows that so many racers are best shown in.
pub fn height(racers: usize) -> u16 {
    1 + u16::try_from(2 * racers).unwrap_or(u16::MAX - 1)
}

/// Draws the three columns and the lines between them, with the racers' labels and looks.
pub fn draw(
    orders: &Orders,
    (labels, identities): (&[String], &[Identity]),
    desk: &Desk,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let first = |way: &[u16; 3]| way.iter().sum::<u16>();
    let other = |way: &[u16; 3]| LETTER + way[1] + way[2];
    let entries = |way: &[u16; 3]| first(way) + 2 * other(way);
    let fits = |way: &[u16; 3]| area.width >= entries(way) + 2 * LINES;
    let way = WAYS.into_iter().find(fits);
    let way = way.unwrap_or(WAYS[WAYS.len() - 1]);
    let gap = area.width.saturating_sub(entries(&way)) / 2;
    let wide = [first(&way), other(&way), other(&way)];
    let second = area.x + wide[0] + gap;
    let left = [area.x, second, second + wide[1] + gap];
    let most = orders.columns.iter().map(Vec::len).max().unwrap_or(0);
    let rows = area.height - 1;
    // Where there is room racers are some rows apart, so that lines have more of a slope.
    let apart = (usize::from(rows) / most.max(1)).clamp(1, MOST_APART) as u16;
    let fit = usize::from(rows / apart);
    let row = |place: usize| area.y + 1 + place as u16 * apart;
    for (i, column) in orders.columns.iter().enumerate() {
        let room = usize::from(area.right().saturating_sub(left[i]).min(wide[i]));
        let name = NAMES[i].into_iter().find(|name| name.len() < room);
        let name = name.unwrap_or(NAMES[i][1]);
        buffer.set_stringn(left[i], area.y, name, room, theme.strong());
        if column.is_empty() && rows > 0 {
            buffer.set_stringn(left[i], area.y + 1, "not yet", room, theme.quiet());
        }
        for (place, entry) in column.iter().take(fit).enumerate() {
            let at = Rect::new(left[i], row(place), room as u16, 1);
            let (label, identity) = (&labels[entry.racer], identities[entry.racer]);
            let selected = desk.selected == Some(entry.racer);
            let name = if i == 0 { way[0] } else { LETTER };
            let way = [name, way[1], way[2]];
            draw_entry(entry, label, identity, selected, way, theme, at, buffer);
        }
    }
    if gap < 2 {
        return;
    }
    for i in 0..2 {
        let between = Rect {
            x: left[i] + wide[i],
            y: area.y + 1,
            width: gap.saturating_sub(1),
            height: rows,
        };
        let mut dots = Dots::new(theme.glyphs(), between.width, between.height);
        let place = |side: usize, racer: usize| {
            let column = orders.columns[i + side].iter().take(fit);
            column.clone().position(|entry| entry.racer == racer)
        };
        let shown = orders.columns[i].iter().map(|entry| entry.racer);
        let shown = shown.filter(|racer| desk.shows(*racer));
        // What is more than luck and the selected one lie over the others.
        let strong =
            |racer: &usize| orders.flipping.contains(racer) || desk.selected == Some(*racer);
        let mut shown: Vec<usize> = shown.collect();
        shown.sort_by_key(strong);
        for racer in shown {
            let (Some(from), Some(to)) = (place(0, racer), place(1, racer)) else {
                continue;
            };
            let height = |place: usize| {
                let middle = f64::from(row(place) - between.y) + 0.5;
                1.0 - middle / f64::from(between.height)
            };
            let ends = [[0.0, height(from)], [1.0, height(to)]];
            let ends = ends.map(|end| dots.nearest(end));
            let identity = identities[racer];
            let style = if strong(&racer) {
                theme.racer(identity.colour)
            } else {
                theme.raw(identity.colour)
            };
            dots.path(&ends, identity.dash(theme), style);
        }
        dots.draw(between, buffer);
    }
}

/// `A Adam     0.215     53`.
#[allow(clippy::too_many_arguments)] // What an entry looks like hangs on all of them.
fn draw_entry(
    entry: &Entry,
    label: &str,
    identity: Identity,
    selected: bool,
    [name, rates, medians]: [u16; 3],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let mut marker = theme.marker(identity.colour);
    if selected {
        marker = marker.add_modifier(Modifier::REVERSED);
    }
    let room = usize::from(area.width);
    buffer.set_stringn(area.x, area.y, identity.letter.to_string(), room, marker);
    if name > 3 {
        let room = usize::from(name.min(area.width) - 3);
        let style = theme.racer(identity.colour);
        buffer.set_stringn(area.x + 2, area.y, label, room, style);
    }
    let mut right = |end: u16, text: String, style| {
        let x = (area.x + end.min(area.width)).saturating_sub(text.chars().count() as u16 + 1);
        buffer.set_stringn(x.max(area.x + 1), area.y, text, room, style);
    };
    if rates > 0 {
        right(name + rates, rate(entry.rate), theme.quiet());
    }
    right(name + rates + medians, median(entry.median), theme.text());
}
