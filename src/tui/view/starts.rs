//! The start map: where a racer ends up from each start, or how long it takes, with the known minima,
//! the race's own start and the racer's trail on it.
//!
//! [`model`] says what each start is drawn as; [`draw`] only draws.

use ndarray::Array2;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::landscape::Map;
use crate::landscape::starts::{Cell, End, Starts};
use crate::runner::{Mapped, Phase, Scouted, State};
use crate::tui::desk::Tells;
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::Theme;
use crate::tui::view::map;
use crate::tui::view::number::{count, fitted, seconds};

mod draw;
#[cfg(test)]
mod tests;

pub use draw::draw;

/// Numbers of iterations that are told apart.
pub const LEVELS: usize = 8;

/// So many starts decide which levels there are.
const SAMPLE: usize = 400;

/// The ends of the levels leave out this share of the starts on either side: a few that take for ever
/// would press all others into one.
const BEYOND: f64 = 0.03;

/// Columns of a heading beside its title and its note.
const AROUND: usize = 9;

/// Below so many rows nothing is said about the colours.
const LEGEND_ROWS: u16 = 6;

/// What a start is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It leads to the minimum of this number, from 0; where none is known, to the target.
    Basin(usize),
    /// It takes so many iterations, in levels from 0.
    Level(usize),
    /// It does not finish: 0 for the limit, 1 where there is no slope, 2 beyond all bounds.
    Lost(usize),
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// A mark for each start; none where nothing is known yet. Shape (rows, columns), row 0 at the
    /// top.
    pub marks: Array2<Option<Mark>>,
    /// What the marks mean.
    pub legend: Vec<Item>,
    /// The known minima on the plot by their number, in fractions of its width and height from the
    /// lower left.
    pub minima: Vec<(usize, [f64; 2])>,
}

/// A part of the legend: marks between words.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Item {
    /// What stands before the marks.
    pub before: String,
    /// The marks.
    pub marks: Vec<Mark>,
    /// What stands behind them, where there is room for it, and where there is not.
    pub after: [String; 2],
}

/// Why there is no start map, as a line to show; none if there can be one.
pub fn refusal(state: &State) -> Option<String> {
    let meta = &state.snapshot.meta;
    let parameters = count(meta.parameters as u64);
    if !meta.surface {
        return Some(format!(
            "no start map: starts are raced on surfaces of two parameters; this model has {parameters}"
        ));
    }
    match &state.map {
        Mapped::Absent { why } => {
            let why = why.as_deref().unwrap_or("the scenario says: no map");
            Some(why.to_owned())
        }
        Mapped::Drawn(map) if map.is_line() => {
            Some("no start map: one parameter has a line of starts, and no plane".to_owned())
        }
        Mapped::Pending | Mapped::Drawn(_) if state.phase == Phase::Computing => {
            Some("the starts are raced when the race itself has been: it comes first".to_owned())
        }
        Mapped::Drawn(_) if meta.parameters == 2 => None,
        Mapped::Pending | Mapped::Drawn(_) => Some(format!(
            "no start map: starts are raced on surfaces of two parameters; this one has {parameters}"
        )),
    }
}

/// What is told of starts on `map`, if nobody has chosen.
pub fn usual(map: &Map) -> Tells {
    if map.minima.len() > 1 {
        Tells::Basins
    } else {
        Tells::Iterations
    }
}

/// Where the starts lie in the area below the heading, and where the legend.
pub fn parts(area: Rect) -> [Rect; 2] {
    let legend = u16::from(area.height >= LEGEND_ROWS);
    let above = Rect {
        height: area.height - legend,
        ..area
    };
    let below = Rect {
        y: above.bottom(),
        height: legend,
        ..area
    };
    [map::plot(above, true), below]
}

/// Columns and rows of starts on so many cells.
pub fn shape([columns, rows]: [u16; 2], theme: Theme, tells: Tells) -> [usize; 2] {
    let rows = usize::from(rows) * if has_halves(theme, tells) { 2 } else { 1 };
    [usize::from(columns), rows]
}

/// Whether a cell shows two starts, as halves of different colours.
fn has_halves(theme: Theme, tells: Tells) -> bool {
    let coloured = match tells {
        Tells::Basins => theme.has_colour(),
        Tells::Iterations => theme.has_levels(),
    };
    coloured && theme.glyphs() != Glyphs::Ascii
}

/// The title of the pane, and a note that fits beside it into so many columns: whose starts, how many,
/// what is told, how long it took, and which keys change it.
pub fn heading(label: &str, found: Option<&Scouted>, tells: Tells, columns: u16) -> [String; 2] {
    let starts = match found {
        None => "all".to_owned(),
        Some(found) if found.starts.is_full() => count(found.starts.all() as u64),
        Some(Scouted { starts, .. }) => {
            let [done, all] = [starts.done(), starts.all()].map(|n| count(n as u64));
            format!("{done} of {all}")
        }
    };
    let (title, other) = match tells {
        Tells::Basins => (format!("{label}: where {starts} starts lead"), "iterations"),
        Tells::Iterations => (format!("{label}: iterations from {starts} starts"), "where"),
    };
    let took = found.map_or(String::new(), |found| seconds(found.seconds));
    let notes = [
        format!("{took}   c {other}   j next racer"),
        format!("{took}   c {other}"),
        took,
    ];
    let room = usize::from(columns).saturating_sub(AROUND + title.width());
    let note = notes.into_iter().find(|note| note.width() <= room);
    [title, note.unwrap_or_default()]
}

/// What is drawn of `starts` on a surface with these known minima.
pub fn model(starts: &Starts, minima: &[[f64; 2]], tells: Tells) -> Chart {
    let [columns, rows] = starts.question.shape;
    let levels = Levels::of(starts);
    let mark = |cell: Cell| match (cell.end, tells) {
        (End::Limit, _) => Mark::Lost(0),
        (End::Stalled, _) => Mark::Lost(1),
        (End::Diverged, _) => Mark::Lost(2),
        (_, Tells::Iterations) => Mark::Level(levels.level(cell.iterations)),
        (End::Minimum(number), Tells::Basins) => Mark::Basin(usize::from(number)),
        (End::Target, Tells::Basins) => Mark::Basin(0),
    };
    let marks = Array2::from_shape_fn((rows, columns), |(row, column)| {
        let place = starts.question.place([column, rows - 1 - row]);
        starts.at(place).map(mark)
    });
    let counted = |wanted: Mark| starts.known().filter(|cell| mark(*cell) == wanted).count();
    let item = |mark: Mark, [long, short]: [&str; 2]| {
        let number = counted(mark);
        let share = share(number, starts.done());
        (number > 0).then(|| Item {
            marks: vec![mark],
            after: [long, short].map(|word| format!("{word} {share}").trim_start().to_owned()),
            ..Item::default()
        })
    };
    let lost = ["limit", "stalled", "diverged"].into_iter().enumerate();
    let lost = lost.filter_map(|(number, word)| item(Mark::Lost(number), [word; 2]));
    let finished: Vec<Item> = match tells {
        Tells::Iterations => levels.item(starts).into_iter().collect(),
        Tells::Basins if minima.is_empty() => item(Mark::Basin(0), ["target met"; 2])
            .into_iter()
            .collect(),
        Tells::Basins => {
            let named = minima.iter().enumerate().filter_map(|(number, [x, y])| {
                let [x, y] = [x, y].map(|at| fitted(*at, 2, 5));
                item(Mark::Basin(number), [&format!("({x}, {y})"), ""])
            });
            named.collect()
        }
    };
    let place = |at: &[f64; 2]| -> [f64; 2] {
        let bounds = starts.question.bounds;
        std::array::from_fn(|i| (at[i] - bounds[i][0]) / (bounds[i][1] - bounds[i][0]))
    };
    let on_plot = |place: &[f64; 2]| place.iter().all(|part| (0.0..=1.0).contains(part));
    let numbered = minima.iter().map(place).enumerate();
    Chart {
        marks,
        legend: finished.into_iter().chain(lost).collect(),
        minima: numbered.filter(|(_, place)| on_plot(place)).collect(),
    }
}

/// A part of a whole, in per cent; never none and never all where it is neither.
fn share(part: usize, whole: usize) -> String {
    let per_cent = 100.0 * part as f64 / whole.max(1) as f64;
    match per_cent {
        p if part > 0 && p < 0.5 => "<1 %".to_owned(),
        p if part < whole && p >= 99.5 => ">99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// Numbers of iterations in levels, each so many times the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Levels {
    /// Where the first ends, and the last begins.
    low: f64,
    high: f64,
}

impl Levels {
    /// Levels for the starts that have finished, by the first of them: so they stay when others come.
    fn of(starts: &Starts) -> Self {
        let finished = starts.first(SAMPLE).filter(|cell| cell.end.is_finish());
        let mut iterations: Vec<u64> = finished.map(|cell| cell.iterations).collect();
        if iterations.is_empty() {
            return Self {
                low: 1.0,
                high: 2.0,
            };
        }
        let last = iterations.len() - 1;
        let beyond = (BEYOND * last as f64) as usize;
        let mut at = |place: usize| *iterations.select_nth_unstable(place).1 as f64;
        let low = at(beyond).max(1.0);
        let high = at(last - beyond);
        Self {
            low: rounded(low, f64::floor),
            high: rounded(high.max(1.5 * low), f64::ceil),
        }
    }

    fn level(self, iterations: u64) -> usize {
        let part = (iterations as f64 / self.low).ln() / (self.high / self.low).ln();
        let inner = (LEVELS - 2) as f64;
        (1.0 + part * inner).clamp(0.0, (LEVELS - 1) as f64) as usize
    }

    fn item(self, starts: &Starts) -> Option<Item> {
        let any = starts.known().any(|cell| cell.end.is_finish());
        let [low, high] = [self.low, self.high].map(|n| count(n as u64));
        any.then(|| Item {
            before: format!("under {low}"),
            marks: (0..LEVELS).map(Mark::Level).collect(),
            after: [format!("{high} and more iterations"), format!("{high} it")],
        })
    }
}

/// A number of iterations with at most two digits before its noughts, the second an even one.
fn rounded(value: f64, round: fn(f64) -> f64) -> f64 {
    let step = 10_f64.powf(value.log10().floor()) / 5.0;
    (round(value / step.max(1.0)) * step.max(1.0)).max(1.0)
}
