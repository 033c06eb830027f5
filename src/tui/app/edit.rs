//! The editor's part of the state: which field is chosen, what is typed into it, and what becomes of
//! it. What may be changed, and to what, the scenario decides.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Position, Rect};

use super::App;
use crate::scenario::Pace;
use crate::scenario::edit::Edit;
use crate::scenario::edit::field::{Field, Key, Part};
use crate::tui::desk::{Overlay, Pane, Sheet};
use crate::tui::ghost::Ghost;
use crate::tui::keys;
use crate::tui::message::{Flow, Message, Toward, Wish};
use crate::tui::view;

/// The most characters that are typed into a field.
const LONGEST: usize = 20;

/// A scenario being changed, and where.
#[derive(Debug)]
pub struct Editor {
    /// The scenario.
    pub edit: Edit,
    /// Its fields as they now are.
    pub fields: Vec<Field>,
    /// Which of them is chosen.
    pub chosen: usize,
    /// What has been typed into that, if it has not been taken yet.
    pub typed: Option<String>,
    /// Why the last change was refused.
    pub refused: Option<String>,
}

/// What stays of a race when a changed one takes its place.
#[derive(Debug)]
pub(super) enum Parting {
    /// The new one begins at the start.
    Start,
    /// It goes on where the old one was shown.
    Fork,
}

impl Editor {
    /// With the learning rate of the `selected` racer chosen, or the first field.
    fn new(edit: Edit, selected: Option<usize>) -> Self {
        let fields = edit.fields();
        let rate = selected.map(|racer| Key::Racer(racer, Part::LearningRate));
        let chosen = fields.iter().position(|field| Some(field.key) == rate);
        Self {
            fields,
            edit,
            chosen: chosen.unwrap_or(0),
            typed: None,
            refused: None,
        }
    }

    /// What the chosen field stands for.
    pub fn key(&self) -> Option<Key> {
        self.fields.get(self.chosen).map(|field| field.key)
    }

    /// The start that the chosen field is a coordinate of.
    pub fn start(&self) -> Option<&[f64]> {
        self.edit.start(self.key()?)
    }

    /// How many fields are no longer as they were.
    pub fn changes(&self) -> usize {
        self.fields.iter().filter(|f| f.was.is_some()).count()
    }

    /// Says why a change was refused, or shows what it did, and stays on the field.
    fn show(&mut self, done: Result<(), String>) -> bool {
        self.refused = done.err();
        let key = self.key();
        self.fields = self.edit.fields();
        let same = self.fields.iter().position(|field| Some(field.key) == key);
        self.chosen = same.unwrap_or(self.chosen).min(self.fields.len() - 1);
        self.refused.is_none()
    }

    /// Takes what was typed; whether nothing is left to be typed.
    fn take(&mut self) -> bool {
        let (Some(typed), Some(key)) = (&self.typed, self.key()) else {
            return true;
        };
        let done = self.edit.set(key, typed.trim());
        let taken = self.show(done);
        if taken {
            self.typed = None;
        }
        taken
    }

    fn step(&mut self, up: bool) {
        if let (true, Some(key)) = (self.take(), self.key()) {
            let done = self.edit.step(key, up);
            self.show(done);
        }
    }

    fn choose(&mut self, chosen: usize) {
        if self.take() {
            self.refused = None;
            self.chosen = chosen.min(self.fields.len() - 1);
        }
    }

    /// Chooses the first field of the next racer, or of the one before.
    fn choose_racer(&mut self, toward: Toward) {
        let begins = |i: &usize| {
            let racer = |i: usize| self.fields[i].key.racer();
            *i == 0 || racer(*i) != racer(i - 1)
        };
        let mut begins = (0..self.fields.len()).filter(begins);
        let next = match toward {
            Toward::On => begins.find(|i| *i > self.chosen),
            Toward::Back => begins.take_while(|i| *i < self.chosen).last(),
        };
        self.choose(next.unwrap_or(self.chosen));
    }

    fn place(&mut self, at: &[f64]) {
        let on_start = |field: &Field| field.key.coordinate().is_some();
        let first = self.fields.iter().position(on_start);
        if !self.fields.get(self.chosen).is_some_and(on_start) {
            self.chosen = first.unwrap_or(self.chosen);
        }
        self.typed = None;
        if let Some(key) = self.key() {
            let done = self.edit.place(key, at);
            self.show(done);
        }
    }

    /// What a key does to what is typed; whether it did anything.
    fn type_in(&mut self, code: KeyCode) -> bool {
        let value = self.fields.get(self.chosen).map(|field| &field.value);
        match (code, &mut self.typed) {
            (KeyCode::Char(c), Some(typed)) => {
                if typed.chars().count() < LONGEST && !crate::text::is_unsafe(c) {
                    typed.push(c);
                }
            }
            (KeyCode::Char(c), None) if c.is_ascii_digit() || matches!(c, '.' | '-') => {
                self.typed = Some(c.to_string());
            }
            (KeyCode::Backspace, typed) => {
                let mut text = typed.take().or(value.cloned()).unwrap_or_default();
                text.pop();
                *typed = Some(text);
            }
            (KeyCode::Esc, typed @ Some(_)) => *typed = None,
            (KeyCode::Enter, Some(_)) => {
                self.take();
                return true;
            }
            _ => return false,
        }
        self.refused = None;
        true
    }
}

impl App {
    /// What a key does that was pressed: it is typed, or else it means what the table says.
    pub fn press(&mut self, key: KeyEvent) -> Flow {
        let held = key.modifiers.difference(KeyModifiers::SHIFT);
        if self.is_editing()
            && key.kind != KeyEventKind::Release
            && held.is_empty()
            && let Some(editor) = &mut self.editor
            && editor.type_in(key.code)
        {
            self.refusal = None;
            return Flow::Continue;
        }
        keys::message(key).map_or(Flow::Continue, |message| self.update(message))
    }

    /// Whether keys go to the editor.
    pub fn is_editing(&self) -> bool {
        let on_top = (&self.desk.overlay, self.desk.focus) == (&Overlay::None, Pane::Curves);
        on_top && self.desk.sheet == Sheet::Editor && self.editor.is_some()
    }

    /// Opens the editor on `edit`.
    pub fn edit(&mut self, edit: Edit) {
        self.editor = Some(Editor::new(edit, self.desk.selected));
        if self.desk.sheet != Sheet::Editor {
            self.desk.lay(Sheet::Editor);
        }
    }

    /// Opens the editor, or closes it; the first time for a race, its scenario is asked for.
    pub(super) fn toggle_editor(&mut self) -> Flow {
        if self.desk.sheet != Sheet::Editor && self.editor.is_none() {
            return Flow::Edit;
        }
        self.desk.lay(Sheet::Editor);
        Flow::Continue
    }

    /// What a message means in the editor; that of others is what it is without one.
    pub(super) fn change(&mut self, message: Message) -> Flow {
        let Some(editor) = &mut self.editor else {
            return Flow::Continue;
        };
        match message {
            Message::Up => editor.choose(editor.chosen.saturating_sub(1)),
            Message::Down => editor.choose(editor.chosen + 1),
            Message::ToStart => editor.choose(0),
            Message::ToEnd => editor.choose(usize::MAX),
            Message::Racer(toward) => editor.choose_racer(toward),
            Message::Left => editor.step(false),
            Message::Right => editor.step(true),
            Message::Enter if editor.take() => {
                self.parting = Some(Parting::Start);
                return Flow::Open(Wish::Edited(Box::new(editor.edit.clone())));
            }
            Message::Enter => {}
            message => self.play(message),
        }
        Flow::Continue
    }

    /// From here on as in the editor.
    pub(super) fn fork(&mut self) -> Flow {
        let Some(editor) = &mut self.editor else {
            self.refusal = Some("nothing is changed yet: e opens the editor".to_owned());
            return Flow::Continue;
        };
        if !editor.take() {
            return Flow::Continue;
        }
        let edit = Box::new(editor.edit.clone());
        self.parting = Some(Parting::Fork);
        Flow::Open(Wish::Fork(edit, self.steps_so_far()))
    }

    /// How many steps each racer has taken where the playhead is; `None` for those that are done.
    fn steps_so_far(&self) -> Vec<Option<u64>> {
        let mark = self.playhead.mark();
        let racers = self.shown.snapshot.racers.iter();
        let steps = racers.map(|progress| {
            let seen = mark.see(progress);
            let step = match mark.pace {
                Pace::Iterations => mark.at as u64,
                Pace::Samples | Pace::Time => seen.latest.step,
            };
            seen.outcome.is_none().then_some(step)
        });
        steps.collect()
    }

    /// Takes over what stays of the race `before`, which was changed into the one that is shown now.
    pub(super) fn stay(&mut self, parting: Parting, before: Self) {
        let mut ghost = Ghost::new(before.latest, &self.shown);
        ghost.follow(&self.shown.map);
        self.ghost = Some(ghost);
        self.editor = before.editor;
        self.cards = before.cards;
        self.desk = before.desk;
        self.desk.sheet = Sheet::Curves;
        self.desk.podium_closed = false;
        if let Parting::Fork = parting {
            self.playhead = before.playhead;
            self.playhead.paused = false;
        }
    }

    /// Starts at a place of the map that was clicked on, if a start can be changed; whether it can.
    pub(super) fn start_at(&mut self, at: Position, area: Rect) -> bool {
        if !self.is_editing() {
            return false;
        }
        let Some(place) = view::map_place(self, area, at) else {
            return false;
        };
        match &mut self.editor {
            Some(editor) => editor.place(&place),
            None => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests;
