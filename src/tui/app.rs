//! What the screen knows, and how time and messages ([`update`]) change it. Nothing is read or drawn
//! here.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use crate::landscape::starts::Question;
use crate::runner::{Phase, Rates, Scouted, State};
use crate::scenario::Pace;
use crate::tui::app::edit::{Editor, Parting};
use crate::tui::captions::{Caption, captions};
use crate::tui::desk::{Desk, Figure, Overlay};
use crate::tui::ghost::Ghost;
use crate::tui::ground::Ground;
use crate::tui::playhead::Playhead;
use crate::tui::terrain::Terrain;
use crate::tui::theme::{Look, Theme, ThemeName};
use crate::tui::view;
use crate::tui::view::board::{self, Place};
use crate::tui::view::gallery::Card;

pub mod edit;
mod inspect;
mod rates;
mod starts;
mod turn;
mod update;
use inspect::Inspector;
use turn::Turn;

/// While it plays, rows of the leaderboard move at most so often, so that they can be read: how they
/// stand may lag behind the playhead, and differ from how they stand on another screen that has come to
/// the same place at another time. Paused, they stand as the playhead says and nothing else.
const ROWS_STAND: Duration = Duration::from_secs(1);

/// What there is to say about a race under way is looked for at most so often: for many racers that
/// takes its time.
const CAPTIONS_STAND: Duration = Duration::from_secs(1);

/// The state of the screen.
#[derive(Debug)]
pub struct App {
    /// The state that is shown; stands still while paused.
    pub shown: Arc<State>,
    /// The newest state.
    latest: Arc<State>,
    /// How far into it the screen shows.
    pub playhead: Playhead,
    /// The rows of the leaderboard.
    pub places: Vec<Place>,
    /// How the user has arranged the screen.
    pub desk: Desk,
    /// What there is to say about the shown state.
    pub captions: Vec<Caption>,
    /// Colours and glyphs.
    pub theme: Theme,
    /// What they were chosen by.
    look: Look,
    /// The terminal's background.
    ground: Ground,
    /// What is kept of the map.
    pub terrain: Terrain,
    /// The gallery's cards; none before it is first opened.
    pub cards: Vec<Card>,
    /// The start map that is wanted.
    question: Option<Question>,
    /// What there is of it.
    pub scouted: Option<Arc<Scouted>>,
    /// How racers do at every learning rate, or why that is not tried; none where nobody can try.
    pub rates: Option<Result<Arc<Rates>, String>>,
    /// What is looked at in optimizers.
    inspector: Inspector,
    /// Why a wish could not be granted, or what came of one.
    pub refusal: Option<String>,
    /// The scenario being changed, once somebody has asked for it.
    pub editor: Option<Editor>,
    /// The race that this one was changed from.
    pub ghost: Option<Ghost>,
    /// What is to stay when the next race takes the place of this one.
    parting: Option<Parting>,
    /// How long the rows have stood.
    stood: Duration,
    /// How long the captions have stood.
    said: Duration,
    /// How long all have stopped; none before.
    over: Option<Duration>,
    /// Whether the board has turned to the samples and back, or somebody has chosen.
    turned: Turn,
}

impl App {
    /// A screen that plays from the start.
    pub fn new(state: Arc<State>, look: Look, ground: Ground) -> Self {
        let playhead = Playhead::new(state.snapshot.meta.pace);
        let mut terrain = Terrain::default();
        terrain.follow(&state);
        Self {
            places: board::places(&state.snapshot, playhead.mark()),
            captions: captions(&state.snapshot),
            latest: Arc::clone(&state),
            shown: state,
            playhead,
            desk: Desk::default(),
            theme: look.theme(ground),
            look,
            ground,
            terrain,
            cards: Vec::new(),
            question: None,
            scouted: None,
            rates: None,
            inspector: Inspector::default(),
            refusal: None,
            editor: None,
            ghost: None,
            parting: None,
            stood: Duration::ZERO,
            said: Duration::ZERO,
            over: None,
            turned: Turn::Before,
        }
    }

    /// The ground that the theme is for, as far as it is known.
    pub fn ground(&self) -> Ground {
        match self.look.theme {
            ThemeName::Dark => Ground::Dark,
            ThemeName::Light => Ground::Light,
            _ => self.ground,
        }
    }

    /// Another race, from its start, on the same screen.
    pub fn open(&mut self, state: Arc<State>) {
        let new = Self::new(state, self.look, self.ground);
        let mut before = std::mem::replace(self, new);
        if let Some(parting) = before.parting.take() {
            self.stay(parting, before);
        } else {
            self.desk = before.desk;
            self.desk.renew();
        }
    }

    /// Has everything ready that is drawn on a screen of this size and would take longer than a
    /// frame may, and the help no farther than to its end.
    pub fn prepare(&mut self, area: Rect) {
        if let Overlay::Help(line) = self.desk.overlay {
            self.desk.overlay = Overlay::Help(line.min(view::last_of_help(area)));
        }
        self.ask_for_starts(area);
        if self.desk.map.figure == Figure::Relief {
            self.terrain.prepare_shape(&self.shown, &self.desk);
        } else if let Some(cells) = view::map_cells(self, area) {
            let glyphs = self.theme.glyphs();
            self.terrain.prepare(&self.shown, &self.desk, glyphs, cells);
        }
    }

    /// Lets `elapsed` pass, with `latest` the newest state.
    pub fn tick(&mut self, elapsed: Duration, latest: Arc<State>) {
        self.latest = latest;
        self.said += elapsed;
        if !self.playhead.paused {
            self.show_latest();
        }
        self.playhead.advance(elapsed, &self.shown);
        if self.desk.map.figure == Figure::Relief && !self.playhead.paused {
            self.desk.map.camera.tick(elapsed.as_secs_f64());
        }
        self.glance(elapsed);
        self.stood += elapsed;
        if self.playhead.paused || self.stood >= ROWS_STAND {
            self.arrange_rows();
        }
        self.turn(elapsed);
    }

    fn show_latest(&mut self) {
        if !Arc::ptr_eq(&self.shown, &self.latest) {
            self.shown = Arc::clone(&self.latest);
            if self.shown.phase != Phase::Computing || self.said >= CAPTIONS_STAND {
                self.captions = captions(&self.shown.snapshot);
                self.said = Duration::ZERO;
            }
            self.terrain.follow(&self.shown);
            if let Some(ghost) = &mut self.ghost {
                ghost.follow(&self.shown.map);
            }
        }
    }

    fn arrange_rows(&mut self) {
        let places = board::places(&self.shown.snapshot, self.playhead.mark());
        if places != self.places {
            self.places = places;
            self.stood = Duration::ZERO;
        }
    }

    /// Whether the race is over and has been shown to its end.
    pub fn is_over(&self) -> bool {
        !self.playhead.paused && self.is_at_end()
    }

    /// Whether the race is over and its end is shown.
    pub fn is_at_end(&self) -> bool {
        let over = self.shown.phase != Phase::Computing;
        over && self.playhead.at_edge(&self.shown)
    }

    fn count_by(&mut self, pace: Pace) {
        self.playhead.count_by(pace, &self.shown);
        self.stood = ROWS_STAND;
        self.arrange_rows();
    }
}

#[cfg(test)]
mod tests;
