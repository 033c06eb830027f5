//! The keys: one table of what is pressed, what it means and how that is called. The footer comes
//! from it.
//!
//! No key is read here.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::tui::app::Message;

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
    /// What it does, in a word or two.
    pub help: &'static str,
    /// Whether the footer shows it; at most six are.
    pub footer: bool,
}

/// All keys, those of the footer in its order.
pub const KEYS: &[Key] = &[
    plain('q', Message::Quit, "q", "quit"),
    plain(' ', Message::Pause, "space", "pause"),
    plain('.', Message::Step, ".", "step"),
    plain('[', Message::Slower, "[", "slower"),
    plain(']', Message::Faster, "]", "faster"),
    plain('r', Message::Restart, "r", "restart"),
    control('c', Message::Interrupt, "ctrl+c", "quit at once"),
    control('z', Message::Suspend, "ctrl+z", "suspend"),
    control('l', Message::Repaint, "ctrl+l", "repaint"),
];

const fn plain(code: char, message: Message, name: &'static str, help: &'static str) -> Key {
    Key {
        code: KeyCode::Char(code),
        control: false,
        message,
        name,
        help,
        footer: true,
    }
}

const fn control(code: char, message: Message, name: &'static str, help: &'static str) -> Key {
    Key {
        code: KeyCode::Char(code),
        control: true,
        message,
        name,
        help,
        footer: false,
    }
}

/// What a key that was pressed means, if anything. Shift is part of the character.
pub fn message(event: KeyEvent) -> Option<Message> {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let other = event
        .modifiers
        .difference(KeyModifiers::CONTROL | KeyModifiers::SHIFT);
    if event.kind == KeyEventKind::Release || !other.is_empty() {
        return None;
    }
    KEYS.iter()
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
    fn no_two_rows_are_the_same_key() {
        for (i, key) in KEYS.iter().enumerate() {
            let same = |other: &&Key| (other.code, other.control) == (key.code, key.control);
            assert!(!KEYS[..i].iter().any(|k| same(&k)), "{}", key.name);
        }
    }

    #[test]
    fn the_footer_has_at_most_six() {
        assert!(KEYS.iter().filter(|key| key.footer).count() <= 6);
    }
}
