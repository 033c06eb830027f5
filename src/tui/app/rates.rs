//! Whether rate strips are to be filled just now.

use ratatui::layout::Rect;

use super::App;
use crate::runner::Phase;
use crate::tui::desk::Strips;
use crate::tui::view;

impl App {
    /// Whether cores are to fill rate strips: where the screen of this size shows some, no race is
    /// being computed, and no start map is filled.
    pub fn wants_rates(&self, area: Rect) -> bool {
        let scouting = self.question().is_some_and(|question| {
            let found = self.scouted.as_ref().map(|found| &found.starts);
            !found.is_some_and(|starts| starts.question == *question && starts.is_full())
        });
        self.desk.rates == Strips::Shown
            && self.latest.phase != Phase::Computing
            && !scouting
            && view::has_room_for_rates(self, area)
    }
}
