//! What the inspector looks at: which racers, at which of their steps, and which parameter. What it
//! finds comes from elsewhere.

use std::time::Duration;

use super::App;
use crate::race::retrace::Glance;
use crate::race::snapshot::Progress;
use crate::runner::Inspection;
use crate::scenario::Pace;
use crate::tui::desk::{Pane, Sheet};
use crate::tui::message::{Message, Toward};
use crate::tui::playhead::Mark;

/// While the race plays, numbers stand so long: faster ones cannot be read.
const NUMBERS_STAND: Duration = Duration::from_millis(500);

/// Steps of the past that are looked at: some more than are shown.
const WINDOW: u64 = 120;

/// The keys that go far among the parameters go so far.
const STRIDE: usize = 16;

/// What is looked at, and what was found.
#[derive(Debug, Default)]
pub struct Inspector {
    glances: Vec<Glance>,
    found: Inspection,
    /// How long the glances have stood.
    stood: Duration,
}

impl App {
    /// Whether the inspector is open and has the focus.
    pub(super) fn inspects(&self) -> bool {
        self.desk.sheet == Sheet::Inspector && self.desk.focus == Pane::Curves
    }

    /// What is to be looked at; empty while the inspector is closed.
    pub fn glances(&self) -> &[Glance] {
        &self.inspector.glances
    }

    /// Takes in what was found.
    pub fn inspected(&mut self, found: Inspection) {
        if self.desk.sheet == Sheet::Inspector && self.desk.inspect.coordinate.is_none() {
            let first = found.answer.iter().find_map(|answer| answer.looks.first());
            let wanted = self.glances().first().map(|glance| glance.racer);
            let moved = first.filter(|look| look.step > 0 && Some(look.racer) == wanted);
            self.desk.inspect.coordinate = moved.map(|look| look.coordinate);
        }
        self.inspector.found = found;
    }

    /// What was last found.
    pub fn inspection(&self) -> &Inspection {
        &self.inspector.found
    }

    /// The racers that are looked into: the selected one, or else the leader, and the one beside it.
    pub fn looked_into(&self) -> Vec<usize> {
        let leader = self.places.first().map(|place| place.racer);
        let first = self.desk.selected.or(leader);
        let second = self.desk.inspect.compared;
        let second = second.filter(|second| Some(*second) != first);
        first.into_iter().chain(second).collect()
    }

    /// Lets `elapsed` pass, and looks anew where it is time or somebody has chosen.
    pub(super) fn glance(&mut self, elapsed: Duration) {
        self.inspector.stood += elapsed;
        let wanted = self.glances_wanted();
        let chosen = |glance: &Glance| (glance.racer, glance.coordinate);
        let same = wanted
            .iter()
            .map(chosen)
            .eq(self.glances().iter().map(chosen));
        let stands = !self.playhead.paused && !self.is_at_end();
        if same && stands && self.inspector.stood < NUMBERS_STAND {
            return;
        }
        if wanted != self.inspector.glances {
            self.inspector.glances = wanted;
            self.inspector.stood = Duration::ZERO;
        }
    }

    fn glances_wanted(&self) -> Vec<Glance> {
        if self.desk.sheet != Sheet::Inspector {
            return Vec::new();
        }
        let coordinate = self.desk.inspect.coordinate;
        // Both are looked at in the same parameter: until that is known, only one.
        let racers = self.looked_into().into_iter();
        let racers = racers.take(if coordinate.is_some() { 2 } else { 1 });
        let glance = |racer: usize| Glance {
            racer,
            step: taken(self.playhead.mark(), &self.shown.snapshot.racers[racer]),
            coordinate,
            window: WINDOW,
        };
        racers.map(glance).collect()
    }

    /// Does what concerns the inspector; whether it did.
    pub(super) fn look_inside(&mut self, message: Message) -> bool {
        match message {
            Message::Inspect => self.desk.lay(Sheet::Inspector),
            Message::Compare => self.compare(),
            Message::Nearer if self.inspects() => self.choose_far(Toward::On),
            Message::Farther if self.inspects() => self.choose_far(Toward::Back),
            Message::Whole if self.inspects() => self.desk.inspect.coordinate = None,
            _ => return false,
        }
        true
    }

    /// Selects who is looked into: for whoever has chosen something it stays the same when another
    /// takes the lead.
    fn keep_racer(&mut self) {
        self.desk.selected = self.looked_into().first().copied();
    }

    /// Another racer beside the selected one: the next in the rows, and after the last none.
    fn compare(&mut self) {
        if self.desk.sheet != Sheet::Inspector {
            self.desk.lay(Sheet::Inspector);
        }
        self.keep_racer();
        let rows: Vec<usize> = self.places.iter().map(|place| place.racer).collect();
        let Some(&first) = self.looked_into().first() else {
            return;
        };
        let row = |racer: usize| rows.iter().position(|row| *row == racer).unwrap_or(0);
        // In the order of the rows from the first on, and around.
        let distance = |racer: usize| (row(racer) + rows.len() - row(first)) % rows.len();
        let now = self.desk.inspect.compared.map_or(0, distance);
        let next = rows.iter().find(|racer| distance(**racer) == now + 1);
        self.desk.inspect.compared = next.copied();
    }

    /// The parameter before or after; from the last on to the first.
    pub(super) fn choose_coordinate(&mut self, toward: Toward) {
        self.keep_racer();
        let parameters = self.shown.snapshot.meta.parameters.max(1);
        let step = match toward {
            Toward::On => 1,
            Toward::Back => parameters - 1,
        };
        let now = &mut self.desk.inspect.coordinate;
        *now = now.map(|now| (now + step) % parameters);
    }

    fn choose_far(&mut self, toward: Toward) {
        for _ in 0..STRIDE {
            self.choose_coordinate(toward);
        }
    }
}

/// How many steps a racer has taken at `mark`: counting iterations the very number, else that of its
/// last evaluation there.
fn taken(mark: Mark, progress: &Progress) -> u64 {
    match mark.pace {
        Pace::Iterations => (mark.at as u64).min(progress.steps),
        Pace::Samples | Pace::Time => mark.see(progress).latest.step,
    }
}
