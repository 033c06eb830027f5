//! The leaderboard: who leads at the playhead, and how each racer is doing.
//!
//! [`places`] and [`model`] decide what is said; [`draw`] chooses the columns that fit and draws
//! them.

use std::cmp::Ordering;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::race::snapshot::{Outcome, Snapshot};
use crate::tui::playhead::{Mark, Seen};
use crate::tui::theme::Theme;
use crate::tui::view::curves::is_out;
use crate::tui::view::number::{count, fitted};

/// Below so many columns numbers and gaps are shortened.
const COMPACT: u16 = 60;

/// Headings of the column for the test part.
const ACCURACY: &str = "test acc.";
const LOSS: &str = "test loss";

/// A row's racer and its rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its index in the snapshot.
    pub racer: usize,
    /// Its rank from 1; equals share one (1, 1, 3).
    pub rank: usize,
}

/// The racers in their order at `mark`: those that have converged by their iterations, then the
/// others by their current loss (one that is not a number last); equals in the scenario's order.
pub fn places(snapshot: &Snapshot, mark: Mark) -> Vec<Place> {
    let keys: Vec<_> = snapshot
        .racers
        .iter()
        .map(|progress| key(mark.see(progress)))
        .collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| compare(keys[a], keys[b]));
    let rank = |i: usize| {
        let same = |&&other: &&usize| compare(keys[other], keys[order[i]]).is_eq();
        1 + i - order[..i].iter().rev().take_while(same).count()
    };
    (0..order.len())
        .map(|i| Place {
            racer: order[i],
            rank: rank(i),
        })
        .collect()
}

/// What ranks a racer: whether it is still to converge, and the count or loss that decides among
/// those.
fn key(seen: Seen<'_>) -> (bool, f64) {
    match seen.convergence {
        Some(evaluation) => (false, evaluation.step as f64),
        None if seen.latest.loss.is_finite() => (true, seen.latest.loss),
        None => (true, f64::INFINITY),
    }
}

fn compare(a: (bool, f64), b: (bool, f64)) -> Ordering {
    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
}

/// The leaderboard's content.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// A row for each racer, in the order of their places.
    pub rows: Vec<Row>,
    /// What the last column of numbers shows: accuracy or loss on the test part.
    pub test: Option<&'static str>,
    /// The most iterations and samples there can be: how wide their columns must be.
    pub most: [u64; 2],
}

/// One racer's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its index in the snapshot.
    pub racer: usize,
    /// Its rank from 1.
    pub rank: usize,
    /// Its letter.
    pub letter: char,
    /// Its name.
    pub label: String,
    /// Its current loss.
    pub loss: f64,
    /// The norm of the gradient last used.
    pub gradient: Option<f64>,
    /// Iterations to converge, or taken so far.
    pub iterations: u64,
    /// Samples to converge, or taken so far.
    pub samples: u64,
    /// Accuracy (0..1) or loss on the test part.
    pub test: Option<f64>,
    /// How it stands, in a word.
    pub state: &'static str,
    /// Why, where there is more to say.
    pub cause: Option<String>,
    /// Whether it has converged.
    pub converged: bool,
    /// Whether it is out of the race.
    pub out: bool,
}

/// The rows of `places` at `mark`.
pub fn model(snapshot: &Snapshot, mark: Mark, places: &[Place], letters: &[char]) -> Board {
    let first = snapshot.racers.first().map(|racer| &racer.latest);
    let accuracy = first.is_some_and(|first| first.test_accuracy.is_some());
    let loss = first.is_some_and(|first| first.test_loss.is_some());
    let row = |place: &Place| {
        let progress = &snapshot.racers[place.racer];
        let seen = mark.see(progress);
        let counted = seen.convergence.unwrap_or(seen.latest);
        Row {
            racer: place.racer,
            rank: place.rank,
            letter: letters[place.racer],
            label: snapshot.meta.racers[place.racer].label.clone(),
            loss: seen.latest.loss,
            gradient: seen.latest.gradient_norm,
            iterations: counted.step,
            samples: counted.samples,
            test: if accuracy {
                seen.latest.test_accuracy
            } else {
                seen.latest.test_loss
            },
            state: seen.outcome.map_or("running", Outcome::word),
            cause: seen.outcome.and_then(cause),
            converged: seen.convergence.is_some(),
            out: is_out(seen.outcome),
        }
    };
    let (limit, examples) = (snapshot.meta.limit, snapshot.meta.examples);
    Board {
        rows: places.iter().map(row).collect(),
        test: match (accuracy, loss) {
            (true, _) => Some(ACCURACY),
            (false, true) => Some(LOSS),
            (false, false) => None,
        },
        most: [limit, limit.saturating_mul(examples)],
    }
}

/// What stands behind the word of a state.
fn cause(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Diverged { step, cause } => Some(format!("{cause} at {}", count(*step))),
        other => other.cause().map(str::to_owned),
    }
}

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Rank,
    Racer,
    Loss,
    Gradient,
    Iterations,
    Samples,
    Test,
    State,
}

/// Columns in the order in which they leave when the width shrinks, the last first.
const BY_WEIGHT: [Column; 8] = [
    Column::Rank,
    Column::Racer,
    Column::Loss,
    Column::State,
    Column::Iterations,
    Column::Samples,
    Column::Gradient,
    Column::Test,
];

/// Columns from left to right.
const BY_PLACE: [Column; 8] = [
    Column::Rank,
    Column::Racer,
    Column::Loss,
    Column::Gradient,
    Column::Iterations,
    Column::Samples,
    Column::Test,
    Column::State,
];

/// How the board is laid out in a width.
struct Layout<'a> {
    board: &'a Board,
    compact: bool,
    /// Cells for the longest label.
    label: u16,
    gap: u16,
}

/// Draws as many columns and rows as fit into `area`; where rows do not fit, the last line says how
/// many.
pub fn draw(board: &Board, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let layout = Layout::new(board, area.width);
    let columns = layout.columns(area.width);
    let heading = u16::from(area.height > 1);
    if heading > 0 {
        layout.line(&columns, None, theme, area, area.y, buffer);
    }
    let room = usize::from(area.height - heading.min(area.height));
    let cut = board.rows.len() > room && room > 1;
    let fit = board.rows.len().min(room - usize::from(cut));
    for (row, y) in board.rows[..fit].iter().zip(area.y + heading..) {
        layout.line(&columns, Some(row), theme, area, y, buffer);
    }
    if cut {
        let more = format!("and {} more", board.rows.len() - fit);
        let y = area.bottom() - 1;
        buffer.set_stringn(area.x, y, more, area.width.into(), theme.quiet());
    }
}

impl<'a> Layout<'a> {
    fn new(board: &'a Board, width: u16) -> Self {
        let compact = width < COMPACT;
        let longest = board.rows.iter().map(|row| row.label.width()).max();
        let longest = longest.unwrap_or(0).max(5) as u16;
        let mut layout = Self {
            board,
            compact,
            label: longest,
            gap: if compact { 1 } else { 2 },
        };
        // Names give way before a column of the smallest board has to go.
        let needed: u16 = BY_WEIGHT[..5]
            .iter()
            .map(|c| layout.gap + layout.width(*c))
            .sum();
        let over = (needed - layout.gap).saturating_sub(width);
        if longest.saturating_sub(over) >= 8 {
            layout.label -= over;
        }
        layout
    }

    fn columns(&self, width: u16) -> Vec<Column> {
        let mut left = width + self.gap;
        let mut fitting = Vec::new();
        for column in BY_WEIGHT {
            let wanted = self.gap + self.width(column);
            if wanted > left {
                break;
            }
            if column != Column::Test || self.board.test.is_some() {
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
            Column::Racer => self.label + 2,
            Column::Loss | Column::Gradient if self.compact => 6,
            Column::Loss | Column::Gradient | Column::Test | Column::State => 9,
            Column::Iterations => digits(self.board.most[0]).max(heading),
            Column::Samples => digits(self.board.most[1]).max(heading),
        }
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
            Column::Test => self.board.test.unwrap_or(""),
            Column::State => "state",
        }
    }

    fn text(&self, column: Column, row: &Row) -> String {
        let digits = if self.compact { 3 } else { 4 };
        let value = |value| fitted(value, digits, self.width(column));
        match column {
            Column::Rank => row.rank.to_string(),
            Column::Racer => format!("{} {}", row.letter, shortened(&row.label, self.label)),
            Column::Loss => value(row.loss),
            Column::Gradient => row.gradient.map_or("-".to_owned(), value),
            Column::Iterations => count(row.iterations),
            Column::Samples => count(row.samples),
            Column::Test => match (row.test, self.board.test) {
                (Some(share), Some(ACCURACY)) if share.is_finite() => {
                    format!("{:.1} %", 100.0 * share)
                }
                (Some(loss), Some(LOSS)) => value(loss),
                _ => "-".to_owned(),
            },
            Column::State => row.state.to_owned(),
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
                self.text(column, row)
            });
            let style = row.map_or(theme.quiet(), |row| style(column, row, theme));
            let left = matches!(column, Column::Racer | Column::State);
            let before = width.saturating_sub(text.width() as u16);
            let at = if left { x } else { x + before };
            buffer.set_stringn(at, y, text, (x + width).saturating_sub(at).into(), style);
            x += width + self.gap;
        }
        let cause = row.filter(|_| columns.contains(&Column::State));
        if let Some((row, cause)) = cause.and_then(|row| Some((row, row.cause.as_ref()?))) {
            // Right behind the word, where there is room for all of it.
            let at = x.saturating_sub(self.gap + 9) + row.state.len() as u16;
            let text = format!(": {cause}");
            if text.width() <= usize::from(area.right().saturating_sub(at)) {
                buffer.set_string(at, y, text, style(Column::State, row, theme));
            }
        }
    }
}

fn style(column: Column, row: &Row, theme: Theme) -> Style {
    match column {
        _ if row.out => theme.out(),
        Column::Racer => theme.racer(row.racer),
        Column::Iterations | Column::Samples | Column::State if row.converged => theme.strong(),
        _ => theme.text(),
    }
}

/// A name in at most so many cells; a cut one ends in an ellipsis.
fn shortened(label: &str, cells: u16) -> String {
    let cells = usize::from(cells);
    if label.width() <= cells {
        return label.to_owned();
    }
    let mut short = label.to_owned();
    while short.width() + 1 > cells && short.pop().is_some() {}
    short + "…"
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;
    use ratatui::style::Color;

    use super::*;
    use crate::runner::Phase;
    use crate::scenario::Pace;
    use crate::tui::fixture::{self, evaluation, progress, race};

    fn at(at: f64) -> Mark {
        Mark {
            pace: Pace::Iterations,
            at,
        }
    }

    fn ranks(snapshot: &Snapshot, mark: Mark) -> Vec<(usize, usize)> {
        let places = places(snapshot, mark);
        places
            .iter()
            .map(|place| (place.racer, place.rank))
            .collect()
    }

    #[test]
    fn ranks_are_those_at_the_playhead() {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let all_first = [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)];
        assert_eq!(ranks(&snapshot, at(0.0)), all_first);
        let at_80 = [(4, 1), (3, 2), (0, 3), (2, 4), (1, 5)];
        assert_eq!(ranks(&snapshot, at(80.0)), at_80, "RMSProp is still second");
        let at_120 = [(4, 1), (0, 2), (2, 3), (1, 4), (3, 5)];
        assert_eq!(ranks(&snapshot, at(120.0)), at_120, "RMSProp has diverged");
        assert_eq!(ranks(&snapshot, at(2000.0)), at_120, "by iterations");
    }

    #[test]
    fn who_converged_is_before_a_lower_loss_and_equals_share_a_rank() {
        let run = |steps: u64, loss: f64, outcome| {
            let trace: Vec<_> = (0..=steps)
                .map(|step| evaluation(step, step, loss))
                .collect();
            progress(&trace, outcome)
        };
        let converged = Some(Outcome::Converged);
        let racers = vec![
            run(9, 0.001, None),
            run(9, 0.05, converged.clone()),
            run(9, f64::NAN, None),
            run(9, 0.04, converged),
        ];
        let state = fixture::state(&["a", "b", "c", "d"], racers, 0.05, Phase::Computed);
        let want = [(1, 1), (3, 1), (0, 3), (2, 4)];
        assert_eq!(ranks(&state.snapshot, at(9.0)), want);
    }

    fn drawn(width: u16, height: u16) -> String {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let (mark, letters) = (at(150.0), ['G', 'B', 'M', 'R', 'A']);
        let board = model(&snapshot, mark, &places(&snapshot, mark), &letters);
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        draw(&board, Theme::new(true), buffer.area, &mut buffer);
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
            drawn(118, 6),
            "\
#  racer                 loss     |grad|  iterations    samples  test acc.  state
1  A Adam             0.04990    0.01663         116      7,424     88.1 %  converged
2  G GD                0.1302    0.04340         150    215,550     85.1 %  running
3  M Momentum          0.2101    0.07005         150      9,600     82.4 %  running
4  B Mini-batch GD     0.8832     0.2944         150      9,600     66.5 %  running
5  R RMSProp              NaN        NaN          90      5,760          -  diverged: loss is not finite at 90"
        );
    }

    #[test]
    fn columns_leave_one_by_one_and_nothing_is_cut() {
        assert_eq!(
            drawn(40, 6),
            "\
# racer             loss  iter state
1 A Adam          0.0499   116 converged
2 G GD             0.130   150 running
3 M Momentum       0.210   150 running
4 B Mini-batch GD  0.883   150 running
5 R RMSProp          NaN    90 diverged"
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
    fn the_style_says_who_and_how() {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let (mark, letters) = (at(150.0), ['G', 'B', 'M', 'R', 'A']);
        let board = model(&snapshot, mark, &places(&snapshot, mark), &letters);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 118, 6));
        let theme = Theme::new(true);
        draw(&board, theme, buffer.area, &mut buffer);
        let style = |x: u16, y: u16| {
            let cell = &buffer[(x, y)];
            (Some(cell.fg), cell.modifier)
        };
        let want = |style: Style| (style.fg.or(Some(Color::Reset)), style.add_modifier);
        assert_eq!(style(3, 1), want(theme.racer(4)), "Adam's letter");
        assert_eq!(style(50, 1), want(theme.strong()), "Adam's count is final");
        assert_eq!(style(50, 2), want(theme.text()), "GD's is not");
        assert_eq!(style(3, 5), want(theme.out()), "RMSProp is out");
    }
}
