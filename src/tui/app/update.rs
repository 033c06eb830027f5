//! What keys and the mouse change.

use ratatui::crossterm::event::{MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::App;
use crate::scenario::shipped::SHIPPED;
use crate::tui::desk::{Figure, Overlay, Pane, SMOOTHINGS, Sheet, next_pace};
use crate::tui::message::{Flow, Message, Toward, Wish};
use crate::tui::view::board::Place;
use crate::tui::view::gallery::cards;
use crate::tui::view::{self, curves};

/// A key moves the playhead by this part of the way, and the value cursor by this of the width.
const SCRUB: f64 = 0.02;

impl App {
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
    pub(super) fn play(&mut self, message: Message) {
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
            Message::Rates => self.ask_for_rates(),
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
    pub(super) fn select(&mut self, toward: Toward) {
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
