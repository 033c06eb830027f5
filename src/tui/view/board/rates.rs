//! The rate strips of the leaderboard: how each racer does at every learning rate, so that whoever
//! reads the board sees that nobody picked the rates.

use crate::optim::Setting;
use crate::race::snapshot::{Entered, Snapshot};
use crate::runner::Rates;
use crate::tui::playhead::Mark;
use crate::tui::theme::Theme;
use crate::tui::view::board::Board;
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

/// What the cells say, in one line.
pub fn legend(theme: Theme) -> String {
    let shades = [
        Cell::Works(0),
        Cell::Works(1),
        Cell::Works(2),
        Cell::Works(3),
    ];
    let shades = shades.map(|cell| strip::shown(cell, theme).0).concat();
    let [never, diverged] = [Cell::Never, Cell::Diverges].map(|cell| strip::shown(cell, theme).0);
    format!("{shades} fast to slow, {never} never, {diverged} diverged, letter in use")
}
