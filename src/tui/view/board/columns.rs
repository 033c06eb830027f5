//! The columns of the leaderboard: which of them fit into a width, how wide they are, and what stands in
//! each. Nothing is drawn here.

use unicode_width::UnicodeWidthStr;

use crate::scenario::Pace;
use crate::tui::glyphs::Glyphs;
use crate::tui::identity::Identity;
use crate::tui::theme::Theme;
use crate::tui::view::board::{Board, Row, Stand, Test, rates};
use crate::tui::view::number::{brief, count, fitted};

/// Below so many columns numbers are shortened, and there are no rate strips.
pub const COMPACT: u16 = 60;

/// Below so many gaps are shortened, and numbers by a cell.
const DENSE: u16 = 90;

/// Room that is rather left to the cause of a state than taken by the seconds.
const CAUSE: u16 = 30;

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Its rank.
    Rank,
    /// Its letter and label.
    Racer,
    /// Its loss.
    Loss,
    /// The gradient's norm.
    Gradient,
    /// Its iterations.
    Iterations,
    /// Its samples.
    Samples,
    /// Its seconds.
    Seconds,
    /// How far it is behind.
    Gap,
    /// What is known of the test part.
    Test,
    /// Its learning rate.
    Rate,
    /// Its rate strip.
    Rates,
    /// How it stands.
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
pub struct Layout<'a> {
    board: &'a Board,
    compact: bool,
    dense: bool,
    /// Whether racers have their shapes beside their letters.
    marked: bool,
    /// Cells for the longest label.
    label: u16,
    /// Cells between two columns.
    pub gap: u16,
}

impl<'a> Layout<'a> {
    /// Of a board this wide.
    pub fn new(board: &'a Board, width: u16, theme: Theme) -> Self {
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
    pub fn has_strips(&self) -> bool {
        !self.compact && self.board.rows.iter().any(|row| row.strip.is_some())
    }

    /// What decides the ranks.
    pub fn decisive(&self) -> Column {
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

    /// The columns that fit, from left to right.
    pub fn columns(&self, width: u16) -> Vec<Column> {
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

    /// Cells of a column.
    pub fn width(&self, column: Column) -> u16 {
        let digits = |most: u64| count(most).len() as u16;
        let heading = self.heading(column).len() as u16;
        match column {
            Column::Rank => self.board.rows.len().to_string().len() as u16,
            Column::Racer => self.label + self.before_label(),
            Column::Loss | Column::Gradient if self.compact => 6,
            Column::Loss | Column::Gradient if self.dense => 8,
            Column::Seconds | Column::Rate => 7,
            Column::Rates => rates::HEADING.len() as u16,
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

    /// What stands above a column.
    pub fn heading(&self, column: Column) -> &'static str {
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

    /// What stands in a row's cell.
    pub fn text(&self, column: Column, row: &Row, glyphs: Glyphs) -> String {
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
            Column::Rate => {
                let cells = self.width(column);
                row.rate.map_or("-".to_owned(), |rate| brief(rate, cells))
            }
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
