//! The keys of a race: one table of what is pressed, what it means and how that is called. The footer,
//! the help and the README come from it.
//!
//! No key is read here.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::tui::message::{Message, Toward};

/// A row of the table.
#[derive(Debug)]
pub struct Key {
    /// What is pressed.
    pub code: KeyCode,
    /// Whether control is held.
    pub control: bool,
    /// What it means.
    pub message: Message,
    /// How the key is called.
    pub name: &'static str,
    /// What it does, in a word or two, for the footer.
    pub word: &'static str,
    /// What it does, in a line.
    pub help: &'static str,
    /// What it is about.
    pub group: Group,
}

/// What a key is about: the help is arranged so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The playhead.
    Playing,
    /// The panes.
    Panes,
    /// The curves.
    Curves,
    /// The map.
    Map,
    /// The racers.
    Racers,
    /// The program.
    Program,
}

impl Group {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 6] = [
        Self::Playing,
        Self::Panes,
        Self::Curves,
        Self::Map,
        Self::Racers,
        Self::Program,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Playing => "playing",
            Self::Panes => "panes",
            Self::Curves => "loss curves",
            Self::Map => "map",
            Self::Racers => "racers",
            Self::Program => "program",
        }
    }
}

/// All keys.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    // playing
    plain(' ', Message::Pause, "space", "pause", "pause, and go on", Group::Playing),
    plain('.', Message::Step(Toward::On, 1), ".", "step", "one evaluation on", Group::Playing),
    plain(',', Message::Step(Toward::Back, 1), ",", "back", "one evaluation back", Group::Playing),
    plain('>', Message::Step(Toward::On, 10), ">", "ten on", "ten on", Group::Playing),
    plain('<', Message::Step(Toward::Back, 10), "<", "ten back", "ten back", Group::Playing),
    plain('[', Message::Slower, "[", "slower", "half the speed", Group::Playing),
    plain(']', Message::Faster, "]", "faster", "twice the speed", Group::Playing),
    special(KeyCode::Left, Message::Left, "left", "back", "scrub back, or move what has the focus", Group::Playing),
    special(KeyCode::Right, Message::Right, "right", "on", "scrub on, or move what has the focus", Group::Playing),
    special(KeyCode::Home, Message::ToStart, "home", "start", "to the start", Group::Playing),
    special(KeyCode::End, Message::ToEnd, "end", "end", "to the end, or along with the computing", Group::Playing),
    plain('x', Message::CountBy, "x", "count by", "count iterations, samples or seconds", Group::Playing),
    plain('r', Message::Restart, "r", "restart", "play from the start", Group::Playing),
    plain('n', Message::NextSeed, "n", "next seed", "race again with the next seed", Group::Playing),
    // panes
    special(KeyCode::Tab, Message::NextPane, "tab", "pane", "focus on the next pane", Group::Panes),
    plain('1', Message::Page(0), "1", "loss", "the loss curves", Group::Panes),
    plain('2', Message::Page(1), "2", "map", "the map", Group::Panes),
    plain('3', Message::Page(2), "3", "board", "the leaderboard", Group::Panes),
    plain('4', Message::Page(3), "4", "story", "what has happened", Group::Panes),
    plain('z', Message::Zoom, "z", "zoom", "the pane in focus alone, and all again", Group::Panes),
    plain('+', Message::Nearer, "+", "nearer", "see less of the chart or map, but closer", Group::Panes),
    plain('-', Message::Farther, "-", "farther", "see more of it", Group::Panes),
    plain('0', Message::Whole, "0", "whole", "see the whole of it", Group::Panes),
    // curves
    plain('y', Message::Metric, "y", "y axis", "loss, accuracy, gradient norm, distance to minimum", Group::Curves),
    plain('l', Message::LogY, "l", "log", "y logarithmic or linear", Group::Curves),
    plain('L', Message::LogX, "L", "log x", "x logarithmic or linear", Group::Curves),
    plain('s', Message::Smooth, "s", "smooth", "smooth by 0.6, 0.9, 0.97, or not", Group::Curves),
    plain('o', Message::Cursor, "o", "cursor", "a value cursor, moved with left and right", Group::Curves),
    // map
    plain('c', Message::Contours, "c", "colours", "contours, shading or both; what a start map tells", Group::Map),
    plain('d', Message::Relief, "d", "relief", "the ground in three dimensions, or from above", Group::Map),
    plain('b', Message::Starts, "b", "starts", "where each start leads, or the map again", Group::Map),
    // racers
    plain('j', Message::Racer(Toward::On), "j", "racer", "select the next racer", Group::Racers),
    plain('k', Message::Racer(Toward::Back), "k", "racer", "select the racer before", Group::Racers),
    special(KeyCode::Down, Message::Down, "down", "next", "the next racer or parameter; on the map, move it", Group::Racers),
    special(KeyCode::Up, Message::Up, "up", "before", "the racer or parameter before; on the map, move it", Group::Racers),
    plain('v', Message::Hide, "v", "hide", "hide the selected racer's lines, or show them", Group::Racers),
    plain('R', Message::Rates, "R", "rates", "how each racer does at every learning rate, or not", Group::Racers),
    plain('i', Message::Inspect, "i", "inspect", "inside the selected racer's optimizer", Group::Racers),
    plain('=', Message::Compare, "=", "compare", "in the inspector, another racer beside it, or none", Group::Racers),
    plain('e', Message::Edit, "e", "edit", "change racers, batch or start, and race again", Group::Racers),
    plain('f', Message::Fork, "f", "fork", "from the playhead on as in the editor", Group::Racers),
    // program
    plain('?', Message::Help, "?", "help", "these keys", Group::Program),
    plain('g', Message::Gallery, "g", "gallery", "the other scenarios", Group::Program),
    special(KeyCode::Enter, Message::Enter, "enter", "race it", "race the chosen scenario, or the edited one", Group::Program),
    special(KeyCode::Esc, Message::Close, "esc", "close", "close what is open", Group::Program),
    plain('w', Message::Save, "w", "save", "save pictures of the screen and its figures", Group::Program),
    plain('W', Message::Write, "W", "write", "write the scenario, as edited, to a file", Group::Program),
    plain('t', Message::Theme, "t", "theme", "the next theme", Group::Program),
    plain('m', Message::Mouse, "m", "mouse", "the mouse on or off: click to focus, wheel to zoom", Group::Program),
    plain('q', Message::Quit, "q", "quit", "quit, leaving the standings behind", Group::Program),
    control('c', Message::Interrupt, "ctrl+c", "quit at once", "quit at once", Group::Program),
    control('z', Message::Suspend, "ctrl+z", "suspend", "suspend; `fg` comes back", Group::Program),
    control('l', Message::Repaint, "ctrl+l", "repaint", "draw everything anew", Group::Program),
];

pub(super) const fn plain(
    code: char,
    message: Message,
    name: &'static str,
    word: &'static str,
    help: &'static str,
    group: Group,
) -> Key {
    special(KeyCode::Char(code), message, name, word, help, group)
}

pub(super) const fn control(
    code: char,
    message: Message,
    name: &'static str,
    word: &'static str,
    help: &'static str,
    group: Group,
) -> Key {
    let key = plain(code, message, name, word, help, group);
    Key {
        control: true,
        ..key
    }
}

pub(super) const fn special(
    code: KeyCode,
    message: Message,
    name: &'static str,
    word: &'static str,
    help: &'static str,
    group: Group,
) -> Key {
    Key {
        code,
        control: false,
        message,
        name,
        word,
        help,
        group,
    }
}

/// What a key that was pressed means in a race, if anything.
pub fn message(event: KeyEvent) -> Option<Message> {
    meaning(KEYS, event)
}

/// What a key that was pressed means by a table, if anything. Shift is part of the character.
pub fn meaning(keys: &[Key], event: KeyEvent) -> Option<Message> {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let other = event
        .modifiers
        .difference(KeyModifiers::CONTROL | KeyModifiers::SHIFT);
    if event.kind == KeyEventKind::Release || !other.is_empty() {
        return None;
    }
    keys.iter()
        .find(|key| key.code == event.code && key.control == control)
        .map(|key| key.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_says_what_the_table_says() {
        for key in KEYS {
            let held = if key.control {
                KeyModifiers::CONTROL
            } else {
                KeyModifiers::NONE
            };
            assert_eq!(message(KeyEvent::new(key.code, held)), Some(key.message));
            let alt = KeyEvent::new(key.code, held | KeyModifiers::ALT);
            assert_eq!(message(alt), None, "alt+{}", key.name);
            let released = KeyEvent::new_with_kind(key.code, held, KeyEventKind::Release);
            assert_eq!(message(released), None, "{} let go", key.name);
        }
    }

    #[test]
    fn no_two_rows_are_the_same_key_or_the_same_message() {
        for (i, key) in KEYS.iter().enumerate() {
            let same = |other: &&Key| {
                (other.code, other.control) == (key.code, key.control)
                    || other.message == key.message
            };
            assert!(!KEYS[..i].iter().any(|k| same(&k)), "{}", key.name);
        }
    }

    #[test]
    fn the_groups_stand_together_in_their_order() {
        let groups: Vec<_> = KEYS.iter().map(|key| key.group).collect();
        let of = |group| Group::ALL.iter().position(|g| *g == group);
        assert!(groups.is_sorted_by_key(|group| of(*group)));
    }
}
