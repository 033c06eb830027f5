//! What the screen knows, and how messages and time change it. Nothing is read or drawn here.

use std::sync::Arc;
use std::time::Duration;

use ratatui::crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::landscape::starts::Question;
use crate::runner::{Phase, Rates, Scouted, State};
use crate::scenario::Pace;
use crate::scenario::shipped::SHIPPED;
use crate::tui::app::edit::{Editor, Parting};
use crate::tui::captions::{Caption, captions};
use crate::tui::desk::{Desk, Figure, Overlay, Pane, SMOOTHINGS, Sheet, next_pace};
use crate::tui::ghost::Ghost;
use crate::tui::ground::Ground;
use crate::tui::message::{Flow, Message, Toward, Wish};
use crate::tui::playhead::Playhead;
use crate::tui::terrain::Terrain;
use crate::tui::theme::{Look, Theme, ThemeName};
use crate::tui::view;
use crate::tui::view::board::{self, Place};
use crate::tui::view::curves;
use crate::tui::view::gallery::{Card, cards};

pub mod edit;
mod inspect;
mod rates;
mod starts;
mod turn;
use inspect::Inspector;
use turn::Turn;

/// While it plays, rows of the leaderboard move at most so often, so that they can be read: how they
/// stand may lag behind the playhead, and differ from how they stand on another screen that has come to
/// the same place at another time. Paused, they stand as the playhead says and nothing else.
const ROWS_STAND: Duration = Duration::from_secs(1);

/// What there is to say about a race under way is looked for at most so often: for many racers that
/// takes its time.
const CAPTIONS_STAND: Duration = Duration::from_secs(1);

/// A key moves the playhead by this part of the way, and the value cursor by this of the width.
const SCRUB: f64 = 0.02;

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

    /// Does what a message asks for, and says what is left to the terminal.
    pub fn update(&mut self, message: Message) -> Flow {
        self.refusal = None;
        self.parting = None;
        match message {
            Message::Quit => return Flow::Quit,
            Message::Interrupt => return Flow::Interrupt,
            Message::Suspend => return Flow::Suspend,
            Message::Repaint => return Flow::Repaint,
            Message::NextSeed => return Flow::Open(Wish::NextSeed),
            Message::Save => return Flow::Save,
            Message::Mouse => {
                self.desk.mouse = !self.desk.mouse;
                return Flow::Mouse(self.desk.mouse);
            }
            Message::Theme => {
                self.look.theme = self.look.theme.next();
                self.theme = self.look.theme(self.ground);
            }
            Message::Help => self.toggle(Overlay::Help(0)),
            Message::Gallery => {
                let name = &self.shown.snapshot.meta.name;
                let own = SHIPPED.iter().position(|shipped| shipped.name == name);
                if self.cards.is_empty() {
                    self.cards = cards(self.theme.glyphs());
                }
                self.toggle(Overlay::Gallery(own.unwrap_or(0)));
            }
            Message::Close => self.close(),
            Message::Edit if self.desk.overlay == Overlay::None => return self.toggle_editor(),
            Message::Fork if self.desk.overlay == Overlay::None => return self.fork(),
            Message::Write => return Flow::Write,
            message if self.is_editing() => return self.change(message),
            message => match self.desk.overlay {
                Overlay::None => self.play(message),
                Overlay::Help(line) => self.scroll_help(message, line),
                Overlay::Gallery(chosen) => return self.choose(message, chosen),
            },
        }
        Flow::Continue
    }

    fn toggle(&mut self, overlay: Overlay) {
        let open = std::mem::discriminant(&self.desk.overlay) == std::mem::discriminant(&overlay);
        self.desk.overlay = if open { Overlay::None } else { overlay };
    }

    fn close(&mut self) {
        if self.desk.overlay != Overlay::None {
            self.desk.overlay = Overlay::None;
        } else if self.desk.curves.cursor.is_some() {
            self.desk.curves.cursor = None;
        } else if self.desk.sheet != Sheet::Curves {
            self.desk.sheet = Sheet::Curves;
        } else if self.desk.map.figure != Figure::Plan {
            self.desk.map.figure = Figure::Plan;
        } else if self.desk.zoomed {
            self.desk.zoomed = false;
        } else if self.is_at_end() {
            self.desk.podium_closed = true;
        } else {
            self.desk.selected = None;
        }
    }

    fn scroll_help(&mut self, message: Message, line: u16) {
        let line = match message {
            Message::Down | Message::Racer(Toward::On) => line.saturating_add(1),
            Message::Up | Message::Racer(Toward::Back) => line.saturating_sub(1),
            _ => line,
        };
        self.desk.overlay = Overlay::Help(line);
    }

    fn choose(&mut self, message: Message, chosen: usize) -> Flow {
        let last = SHIPPED.len() - 1;
        let chosen = match message {
            Message::Down | Message::Right | Message::Racer(Toward::On) => (chosen + 1).min(last),
            Message::Up | Message::Left | Message::Racer(Toward::Back) => chosen.saturating_sub(1),
            Message::ToStart => 0,
            Message::ToEnd => last,
            Message::Enter => {
                self.desk.overlay = Overlay::None;
                return Flow::Open(Wish::Scenario(SHIPPED[chosen].name));
            }
            _ => chosen,
        };
        self.desk.overlay = Overlay::Gallery(chosen);
        Flow::Continue
    }

    /// What concerns the race and its panes.
    fn play(&mut self, message: Message) {
        match message {
            Message::Pause => self.playhead.paused = !self.playhead.paused,
            Message::Step(toward, count) => self.step(toward, count),
            Message::Slower => self.playhead.slower(),
            Message::Faster => self.playhead.faster(),
            Message::Restart => self.playhead.restart(),
            Message::ToStart => self.playhead.scrub(-1.0, &self.shown),
            Message::ToEnd => self.playhead.scrub(1.0, &self.shown),
            Message::CountBy => {
                self.turn_back();
                self.count_by(next_pace(self.playhead.mark().pace));
            }
            Message::Left => self.go([-1.0, 0.0]),
            Message::Right => self.go([1.0, 0.0]),
            Message::Up => self.go([0.0, 1.0]),
            Message::Down => self.go([0.0, -1.0]),
            Message::Racer(toward) => self.select(toward),
            Message::Hide => {
                if let Some(racer) = self.desk.selected {
                    self.desk.hide(racer);
                }
            }
            message => self.look(message),
        }
    }

    /// What concerns how the panes are shown.
    fn look(&mut self, message: Message) {
        if self.look_inside(message) {
            return;
        }
        let desk = &mut self.desk;
        let curves = &mut desk.curves;
        match message {
            Message::NextPane => desk.focus = Pane::ALL[desk.focus.number() % Pane::ALL.len()],
            Message::Page(number) => desk.focus = Pane::ALL[number.min(Pane::ALL.len() - 1)],
            Message::Zoom => desk.zoomed = !desk.zoomed,
            Message::Nearer => {
                if (desk.focus, desk.map.nearer) == (Pane::Map, 0) {
                    desk.map.moved = self.terrain.middle().unwrap_or_default();
                }
                desk.zoom(1);
            }
            Message::Farther => desk.zoom(-1),
            Message::Whole => desk.whole(),
            Message::LogY => curves.linear_y = !curves.linear_y,
            Message::LogX => curves.log_x = !curves.log_x,
            Message::Smooth => curves.smoothing = (curves.smoothing + 1) % SMOOTHINGS.len(),
            Message::Relief => desk.show(Figure::Relief),
            Message::Starts => self.show_starts(),
            Message::Rates => desk.rates = desk.rates.other(),
            Message::Contours if desk.map.figure == Figure::Starts => self.tell_other(),
            Message::Contours => desk.map.contours = desk.map.contours.next(),
            Message::Metric => {
                let all = curves::quantities(&self.shown);
                let now = curves::quantity(&self.shown, curves);
                let i = all.iter().position(|quantity| *quantity == now);
                curves.quantity = Some(all[i.map_or(0, |i| i + 1) % all.len()]);
            }
            Message::Cursor => {
                curves.cursor = match curves.cursor {
                    None => Some(0.5),
                    Some(_) => None,
                };
                desk.focus = Pane::Curves;
            }
            _ => {}
        }
    }

    /// What the arrows move: the value cursor, the map, the selection, or the playhead.
    fn go(&mut self, [x, y]: [f64; 2]) {
        if y != 0.0 && self.inspects() {
            return self.choose_coordinate(if y > 0.0 { Toward::Back } else { Toward::On });
        }
        let desk = &mut self.desk;
        match (desk.focus, &mut desk.curves.cursor) {
            (Pane::Curves, Some(cursor)) if x != 0.0 => {
                *cursor = (*cursor + x * SCRUB).clamp(0.0, 1.0);
            }
            (Pane::Map, _) if desk.map.figure == Figure::Relief => desk.map.camera.go([x, y]),
            (Pane::Map, _) if desk.map.nearer > 0 => {
                let step = 0.25 / f64::from(desk.map.nearer).exp2();
                let moved = &mut desk.map.moved;
                *moved = [moved[0] + x * step, moved[1] + y * step].map(|m| m.clamp(-0.5, 0.5));
            }
            _ if y != 0.0 => self.select(if y > 0.0 { Toward::Back } else { Toward::On }),
            _ => self.playhead.scrub(x * SCRUB, &self.shown),
        }
    }

    /// Selects a racer in the order of the rows; past either end none.
    fn select(&mut self, toward: Toward) {
        let racers = &self.places;
        let row = self
            .desk
            .selected
            .and_then(|racer| racers.iter().position(|place| place.racer == racer));
        let row = match (row, toward) {
            (None, Toward::On) => Some(0),
            (None, Toward::Back) => Some(racers.len() - 1),
            (Some(row), Toward::On) => Some(row + 1),
            (Some(row), Toward::Back) => row.checked_sub(1),
        };
        self.desk.selected = row.and_then(|row| racers.get(row)).map(|place| place.racer);
    }

    /// What the mouse does on a screen of this size: a click gives a pane the focus and selects a
    /// row of the board, the wheel zooms.
    pub fn point(&mut self, mouse: MouseEvent, area: Rect) {
        let at = Position::new(mouse.column, mouse.row);
        let Some(panes) = view::panes(self, area) else {
            return;
        };
        let over = |pane: &Pane| panes.of(*pane).is_some_and(|pane| pane.contains(at));
        let Some(pane) = Pane::ALL.into_iter().find(over) else {
            return;
        };
        match mouse.kind {
            MouseEventKind::Down(_) if pane == Pane::Map && self.start_at(at, area) => {}
            MouseEventKind::Down(_) => {
                self.desk.focus = pane;
                let selected = |place: &Place| Some(place.racer) == self.desk.selected;
                let selected = self.places.iter().position(selected);
                let row = panes.row(at, self.places.len(), selected);
                let row = row.and_then(|row| self.places.get(row));
                self.desk.selected = row.map(|place| place.racer).or(self.desk.selected);
            }
            MouseEventKind::ScrollUp | MouseEventKind::ScrollDown => {
                self.desk.focus = pane;
                let nearer = mouse.kind == MouseEventKind::ScrollUp;
                self.desk.zoom(if nearer { 1 } else { -1 });
            }
            _ => {}
        }
    }

    /// Pauses some evaluations on or back; takes the newest state only where the shown one has no
    /// further.
    fn step(&mut self, toward: Toward, count: u8) {
        self.playhead.paused = true;
        for _ in 0..count {
            match toward {
                Toward::Back => drop(self.playhead.step_back(&self.shown.snapshot)),
                Toward::On if self.playhead.step(&self.shown.snapshot) => {}
                Toward::On => {
                    self.show_latest();
                    self.playhead.step(&self.shown.snapshot);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
