//! Which start map is wanted: of which racer, over which part of the plane, how fine, and what its
//! colours tell.

use ratatui::layout::Rect;

use super::App;
use crate::landscape::starts::Question;
use crate::runner::Mapped;
use crate::tui::desk::{Figure, Tells};
use crate::tui::message::Toward;
use crate::tui::view::{self, map, starts};

impl App {
    /// The start map that is wanted, as the screen was last prepared.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// The racer whose starts are shown: the selected one.
    pub fn starter(&self) -> usize {
        self.desk.selected.unwrap_or(0)
    }

    /// What the colours of the starts say.
    pub fn tells(&self) -> Tells {
        let usual = match &self.shown.map {
            Mapped::Drawn(map) => starts::usual(map),
            _ => Tells::Basins,
        };
        self.desk.map.tells.unwrap_or(usual)
    }

    /// Shows the start map, of the leader if nobody is selected, or the map again.
    pub(super) fn show_starts(&mut self) {
        self.desk.show(Figure::Starts);
        let shown = self.desk.map.figure == Figure::Starts && self.desk.selected.is_none();
        if shown && starts::refusal(&self.shown).is_none() {
            self.select(Toward::On);
        }
    }

    /// Lets the colours say the other thing.
    pub(super) fn tell_other(&mut self) {
        self.desk.map.tells = Some(self.tells().other());
    }

    /// Decides what is wanted on a screen of this size.
    pub(super) fn ask_for_starts(&mut self, area: Rect) {
        self.question = self.question_wanted(area);
    }

    fn question_wanted(&self, area: Rect) -> Option<Question> {
        let Mapped::Drawn(map) = &self.shown.map else {
            return None;
        };
        if self.desk.map.figure != Figure::Starts || starts::refusal(&self.shown).is_some() {
            return None;
        }
        let cells = view::start_cells(self, area)?;
        let shape = starts::shape(cells, self.theme, self.tells());
        (shape[0] * shape[1] > 0).then(|| Question {
            racer: self.starter(),
            bounds: map::bounds(map.bounds, &self.desk.map, true, cells),
            shape,
        })
    }
}
