//! The keys of a study, in one table as those of a race.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use crate::tui::keys::{Group, Key, control, meaning, plain, special};
use crate::tui::message::{Message, Toward};

/// All keys.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    // panes
    special(KeyCode::Tab, Message::NextPane, "tab", "pane", "focus on the next pane", Group::Panes),
    plain('1', Message::Page(0), "1", "first", "the first pane", Group::Panes),
    plain('2', Message::Page(1), "2", "second", "the second pane", Group::Panes),
    plain('3', Message::Page(2), "3", "third", "the third pane", Group::Panes),
    plain('z', Message::Zoom, "z", "zoom", "the pane in focus alone, and all again", Group::Panes),
    // racers
    plain('j', Message::Racer(Toward::On), "j", "racer", "select the next racer", Group::Racers),
    plain('k', Message::Racer(Toward::Back), "k", "racer", "select the racer before", Group::Racers),
    special(KeyCode::Down, Message::Down, "down", "next", "the next racer", Group::Racers),
    special(KeyCode::Up, Message::Up, "up", "before", "the racer before", Group::Racers),
    plain('v', Message::Hide, "v", "hide", "hide the selected racer's lines, or show them", Group::Racers),
    // program
    plain('?', Message::Help, "?", "help", "these keys", Group::Program),
    special(KeyCode::Esc, Message::Close, "esc", "close", "close what is open", Group::Program),
    plain('t', Message::Theme, "t", "theme", "the next theme", Group::Program),
    plain('q', Message::Quit, "q", "quit", "quit, leaving what is known so far behind", Group::Program),
    control('c', Message::Interrupt, "ctrl+c", "quit at once", "quit at once", Group::Program),
    control('z', Message::Suspend, "ctrl+z", "suspend", "suspend; `fg` comes back", Group::Program),
    control('l', Message::Repaint, "ctrl+l", "repaint", "draw everything anew", Group::Program),
];

/// What a key that was pressed means in a study, if anything.
pub fn message(event: KeyEvent) -> Option<Message> {
    meaning(KEYS, event)
}
