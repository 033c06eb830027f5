//! The board's one turn to the samples, some time after the end of a race.

use std::time::Duration;

use crate::scenario::Pace;
use crate::tui::app::App;
use crate::tui::view::board;

/// When all have stopped, the board stays so long with the iterations, and then so long with the
/// samples.
const BEFORE_TURN: Duration = Duration::from_secs(4);
const AFTER_TURN: Duration = Duration::from_secs(14);

/// Where the one turn of the board to the samples stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Before,
    There { log_x: bool },
    Done,
}

impl App {
    /// Once, some time after the end, counts by samples for a while.
    pub(super) fn turn(&mut self, elapsed: Duration) {
        self.over = self
            .is_over()
            .then(|| self.over.map_or(Duration::ZERO, |over| over + elapsed));
        let Some(over) = self.over else {
            return;
        };
        match self.turned {
            Turn::Before if over >= BEFORE_TURN => {
                self.turned = Turn::Done;
                if board::differs_by_samples(&self.shown.snapshot, self.playhead.mark()) {
                    self.turned = Turn::There {
                        log_x: self.desk.curves.log_x,
                    };
                    // Full batches would press all others into a corner.
                    self.desk.curves.log_x = true;
                    self.count_by(Pace::Samples);
                }
            }
            Turn::There { .. } if over >= AFTER_TURN => {
                self.turn_back();
                self.count_by(Pace::Iterations);
            }
            _ => {}
        }
    }

    /// Leaves the x axis as it was before the turn; there will be no other.
    pub(super) fn turn_back(&mut self) {
        if let Turn::There { log_x } = self.turned {
            self.desk.curves.log_x = log_x;
        }
        self.turned = Turn::Done;
    }

    /// Whether the board counts by samples of its own accord.
    pub fn has_turned(&self) -> bool {
        matches!(self.turned, Turn::There { .. })
    }
}
