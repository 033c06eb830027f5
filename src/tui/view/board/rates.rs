//! The rate strips of the leaderboard: how each racer does at every learning rate, so that whoever
//! reads the board sees that nobody picked the rates.

use ratatui::text::{Line, Span};

use crate::optim::Setting;
use crate::race::snapshot::{Entered, Snapshot};
use crate::runner::Rates;
use crate::tui::playhead::Mark;
use crate::tui::theme::Theme;
use crate::tui::view::board::Board;
use crate::tui::view::number;
use crate::tui::view::strip::{self, Cell};

/// What stands above a strip: its ends and what is between them, in as many cells.
pub const HEADING: &str = "1e-5 rates tried 10";

/// Gives the rows of `board` their strips, as far as `rates` are known.
pub fn put(board: &mut Board, snapshot: &Snapshot, mark: Mark, rates: &Rates) {
    for row in &mut board.rows {
        let progress = &snapshot.racers[row.racer];
        let entered = snapshot.meta.racers[row.racer].at(mark.see(progress).latest.step);
        let places = rates.places.get(row.racer).map_or(&[][..], Vec::as_slice);
        row.strip = Some(strip::model(&rates.rates, places, peak(&entered)));
    }
}

/// The learning rate as entered: the peak of its schedule.
pub fn peak(entered: &Entered) -> Option<f64> {
    match entered.hyperparameters.first()? {
        (name, Setting::Number(peak)) if name == "learning_rate" => Some(*peak),
        _ => None,
    }
}

/// What the cells say, in one line, the shades as they are in the cells; where they wait, how they are
/// asked for and how many seconds that takes.
pub fn legend(wait: Option<f64>, theme: Theme) -> Line<'static> {
    if let Some(seconds) = wait {
        let time = number::waiting(seconds);
        return Line::from(format!("not tried yet: R does, in about {time}"));
    }
    let shades = [
        Cell::Works(0),
        Cell::Works(1),
        Cell::Works(2),
        Cell::Works(3),
    ];
    let shown = |cell| {
        let (glyph, style) = strip::shown(cell, theme);
        Span::styled(glyph, style)
    };
    let mut line = Line::from_iter(shades.map(shown));
    line.push_span(" fast to slow, ");
    line.push_span(shown(Cell::Never));
    line.push_span(" never, ");
    line.push_span(shown(Cell::Diverges));
    line.push_span(" diverged, letter in use");
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::ground::Ground;
    use crate::tui::theme::{Colour, ThemeName};

    #[test]
    fn the_legend_has_the_shades_of_the_cells_and_reads_without_colour() {
        for (name, colour) in [
            (ThemeName::Dark, Colour::Indexed256),
            (ThemeName::Light, Colour::Indexed256),
            (ThemeName::Auto, Colour::None),
        ] {
            let theme = Theme::new(name, Ground::Unknown, colour);
            let line = legend(None, theme);
            for (grade, span) in line.spans[..4].iter().enumerate() {
                let (glyph, style) = strip::shown(Cell::Works(grade), theme);
                assert_eq!((&*span.content, span.style), (glyph, style));
            }
            let coloured = line.spans[..4].iter().all(|span| span.style.fg.is_some());
            assert_eq!(coloured, colour != Colour::None);
            let text: String = line.spans.iter().map(|span| &*span.content).collect();
            assert!(text.starts_with("█▓▒░ fast to slow, · never"), "{text}");
        }
    }
}
