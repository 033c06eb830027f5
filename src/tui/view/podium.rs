//! The podium, when all racers have stopped: who was first, second and third.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use crate::scenario::Pace;
use crate::tui::identity::Identity;
use crate::tui::theme::Theme;
use crate::tui::view::board::{Board, Row, Stand, columns::shortened};
use crate::tui::view::number::{count, seconds};

/// Columns of a step, and its height by rank.
const STEP: u16 = 16;
const HEIGHTS: [u16; 3] = [4, 3, 2];

/// Columns and rows of the whole, with its frame.
pub const SIZE: [u16; 2] = [3 * STEP + 4, 8];

/// What a ranking of one seed is not.
const CAVEAT: &str = "one race, not a ranking";

/// The first three that converged.
#[derive(Clone, Debug, PartialEq)]
pub struct Podium {
    steps: Vec<Step>,
    /// What decided, in words.
    by: String,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    rank: usize,
    identity: Identity,
    label: String,
    result: String,
}

/// The podium of a race whose final leaderboard is `board`; none if nobody converged.
pub fn model(board: &Board) -> Option<Podium> {
    let step = |row: &Row| Step {
        rank: row.rank,
        identity: row.identity,
        label: row.label.clone(),
        result: match board.by {
            Pace::Iterations => count(row.iterations),
            Pace::Samples => count(row.samples),
            Pace::Time => seconds(row.seconds),
        },
    };
    let converged = board
        .rows
        .iter()
        .filter(|row| row.stand == Stand::Converged);
    let steps: Vec<Step> = converged.take(3).map(step).collect();
    let by = match board.by {
        Pace::Iterations => "iterations to converge",
        Pace::Samples => "samples to converge",
        Pace::Time => "seconds to converge",
    };
    (!steps.is_empty()).then(|| Podium {
        steps,
        by: by.to_owned(),
    })
}

/// The podium in one line of at most so many cells.
pub fn line(podium: &Podium, cells: usize) -> String {
    let one = |step: &Step| format!("{} {} {}", step.rank, step.label, step.result);
    let steps: Vec<String> = podium.steps.iter().map(one).collect();
    let all = steps.join("  ");
    let long = format!("{all}  {}: {CAVEAT}", podium.by);
    let middle = format!("{all}  {CAVEAT}");
    let fits = |text: &String| text.width() <= cells;
    [long, middle, all]
        .into_iter()
        .find(fits)
        .unwrap_or_default()
}

/// Draws the podium into `area`, which should have [`SIZE`].
pub fn draw(podium: &Podium, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let area = frame(&podium.by, theme, area, buffer);
    // The first in the middle, the second at its left, the third at its right.
    for (step, column) in podium.steps.iter().zip([1, 0, 2]) {
        let height = HEIGHTS[(step.rank - 1).min(2)];
        let x = area.x + 1 + column * STEP;
        let top = area.bottom().saturating_sub(height);
        let colour = theme.racer(step.identity.colour);
        let label = shortened(&step.label, STEP - 2, theme.glyphs());
        let label = format!("{} {label}", step.identity.letter);
        let bold = colour.add_modifier(Modifier::BOLD);
        centred(&label, x, top.saturating_sub(1), bold, buffer);
        let block = Rect::new(x + 1, top, STEP - 2, height).intersection(area);
        for y in block.top()..block.bottom() {
            buffer.set_string(
                block.x,
                y,
                theme.glyphs().shading(4).repeat(block.width.into()),
                colour,
            );
        }
        let on = colour.add_modifier(Modifier::REVERSED);
        centred(&format!(" {} ", step.result), x, top, on, buffer);
    }
}

fn centred(text: &str, x: u16, y: u16, style: ratatui::style::Style, buffer: &mut Buffer) {
    let width = (text.width() as u16).min(STEP);
    let at = x + (STEP - width) / 2;
    buffer.set_stringn(at, y, text, width.into(), style);
}

/// A frame with what decided below and the caveat above; what is inside.
fn frame(by: &str, theme: Theme, area: Rect, buffer: &mut Buffer) -> Rect {
    let inside = super::overlay::frame(CAVEAT, theme, area, buffer);
    let note = format!(" {by} ");
    let at = area.right().saturating_sub(note.width() as u16 + 2);
    buffer.set_string(at, area.bottom() - 1, note, theme.quiet());
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::theme;

    #[test]
    fn names_stand_whole_and_long_ones_say_that_they_are_cut() {
        let step = |rank: usize, label: &str| Step {
            rank,
            identity: Identity {
                letter: 'A',
                colour: rank,
            },
            label: label.to_owned(),
            result: "115".to_owned(),
        };
        let podium = Podium {
            steps: vec![
                step(1, "Mini-batch GD"),
                step(2, "a name of 24 characters."),
                step(3, "Adam"),
            ],
            by: "iterations to converge".to_owned(),
        };
        let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE[0], SIZE[1]));
        draw(&podium, theme(true), buffer.area, &mut buffer);
        let text: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        for name in ["A Mini-batch GD ", " A a name of 24 …", " A Adam "] {
            assert!(text.contains(name), "{name}: {text}");
        }
    }
}
