//! Whether rate strips are to be filled just now.

use ratatui::layout::Rect;

use super::App;
use crate::runner::Phase;
use crate::sweep::tune::scan::Scan;
use crate::tui::desk::Strips;
use crate::tui::view;

/// Strips that take more seconds than this wait until somebody asks: on a server that others use
/// nobody's cores should be busy for hours unasked.
const LONG: f64 = 600.0;

impl App {
    /// Whether cores are to fill rate strips: where the screen of this size shows some, no race is
    /// being computed, no start map is filled, and it does not take long or somebody asked for it.
    pub fn wants_rates(&self, area: Rect) -> bool {
        let scouting = self.question().is_some_and(|question| {
            let found = self.scouted.as_ref().map(|found| &found.starts);
            !found.is_some_and(|starts| starts.question == *question && starts.is_full())
        });
        self.desk.rates != Strips::Off
            && self.rates_wait().is_none()
            && self.latest.phase != Phase::Computing
            && !scouting
            && view::has_room_for_rates(self, area)
    }

    /// Where rate strips wait for somebody to ask for them, about how many seconds they will take: as
    /// long as the race for every rate, on the threads that computed it.
    pub fn rates_wait(&self) -> Option<f64> {
        let state = &self.latest;
        let race: f64 = state
            .snapshot
            .racers
            .iter()
            .map(|racer| racer.seconds)
            .sum();
        let all = race * Scan::rates().len() as f64 / state.threads.max(1) as f64;
        let waits = self.desk.rates == Strips::Unasked && state.phase != Phase::Computing;
        Some(all).filter(|all| waits && *all > LONG)
    }

    /// Fills rate strips that wait, takes away those that are there, or brings them back.
    pub(super) fn ask_for_rates(&mut self) {
        self.desk.rates = match self.desk.rates {
            Strips::Unasked if self.rates_wait().is_some() => Strips::Asked,
            Strips::Unasked | Strips::Asked => Strips::Off,
            Strips::Off => Strips::Asked,
        };
    }
}
