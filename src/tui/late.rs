//! Swallows a late answer of the terminal to the question of [`ground`](crate::tui::ground), which
//! would be read as keys: alt+], then its digits and letters one by one.
//!
//! No key is read here.

use std::time::{Duration, Instant};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::tui::ground::Rest;

/// The bytes of an answer come together.
const GAP: Duration = Duration::from_millis(100);

/// Tells the keys of an answer from those that somebody presses.
#[derive(Debug)]
pub(super) struct Swallow {
    rest: Rest,
    /// When the last key of an answer came, or the question was given up.
    last: Instant,
}

impl Swallow {
    /// Of an answer of which so much may still come at `now`.
    pub(super) fn new(rest: Rest, now: Instant) -> Self {
        Self { rest, last: now }
    }

    /// Whether a key that came at `now` belongs to the answer, and means nothing.
    pub(super) fn takes(&mut self, key: KeyEvent, now: Instant) -> bool {
        match self.rest {
            Rest::All if is_begin(key) => {
                (self.rest, self.last) = (Rest::End, now);
                true
            }
            Rest::All | Rest::Nothing => false,
            Rest::End if now.duration_since(self.last) > GAP => {
                self.rest = Rest::Nothing;
                false
            }
            Rest::End => self.goes_on(key, now),
        }
    }

    /// The same inside an answer.
    fn goes_on(&mut self, key: KeyEvent, now: Instant) -> bool {
        self.last = now;
        let is_end = is_end(key);
        let inside = is_end || is_inside(key);
        if is_end || !inside {
            self.rest = Rest::Nothing;
        }
        inside
    }
}

/// `ESC ]`.
fn is_begin(key: KeyEvent) -> bool {
    key.code == KeyCode::Char(']') && key.modifiers == KeyModifiers::ALT
}

/// BEL, or `ESC \`, the two of which may have come apart.
fn is_end(key: KeyEvent) -> bool {
    match key.code {
        KeyCode::Char('g') => key.modifiers == KeyModifiers::CONTROL,
        KeyCode::Char('\\') => true,
        _ => false,
    }
}

/// What an answer is made of, and the ESC of its end.
fn is_inside(key: KeyEvent) -> bool {
    let held = key.modifiers.difference(KeyModifiers::SHIFT);
    match key.code {
        KeyCode::Esc => true,
        KeyCode::Char(c) => {
            (held.is_empty() || is_begin(key)) && (c.is_ascii_hexdigit() || "rgba:/;#]".contains(c))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes as the keys that they are read as.
    fn keys(text: &str) -> Vec<KeyEvent> {
        let mut keys = Vec::new();
        let mut held = KeyModifiers::NONE;
        for c in text.chars() {
            match c {
                '\x1b' => held = KeyModifiers::ALT,
                '\x03' | '\x07' => {
                    let letter = char::from(c as u8 - 1 + b'a');
                    keys.push(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL));
                }
                c => keys.push(KeyEvent::new(
                    KeyCode::Char(c),
                    std::mem::replace(&mut held, KeyModifiers::NONE),
                )),
            }
        }
        keys
    }

    /// What is left of `text`, in which a `~` is a while without a key.
    fn left(rest: Rest, text: &str) -> String {
        let mut now = Instant::now();
        let mut swallow = Swallow::new(rest, now);
        let mut left = String::new();
        for key in keys(text) {
            now += Duration::from_millis(1);
            let KeyCode::Char(c) = key.code else {
                unreachable!("only such are made")
            };
            if c == '~' {
                now += GAP;
            } else if !swallow.takes(key, now) {
                left.push(c);
            }
        }
        left
    }

    #[test]
    fn an_answer_is_swallowed_and_no_key_is() {
        use Rest::{All, End, Nothing};
        for (rest, text, expected) in [
            (All, "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\q", "q"),
            (All, "\x1b]11;rgb:1e1e/1e1e/2e2e\x07q", "q"),
            (All, "r]\x1b]11;rgba:F/F/F/F\x07r]", "r]r]"),
            // Of one question there is one answer.
            (All, "\x1b]11;#fff\x07\x1b]r", "]r"),
            // Of an answer that has begun, the begin does not come again.
            (End, "]11;rgb:1e1e/1e1e/2e2e\x1b\\r", "r"),
            (End, "gb:1e1e/1e1e/2e2e\x07r", "r"),
            (End, "e\x1b\\r", "r"),
            (End, "\\r", "r"),
            (End, "~r", "r"),
            // Half an answer takes no key that comes later, nor one that is in no answer.
            (All, "\x1b]11;rgb:1e~r", "r"),
            (All, "\x1b]11;r\x03r", "cr"),
            (All, "\x1b]q", "q"),
            // Who has not asked takes nothing.
            (Nothing, "\x1b]11;rgb\x07", "]11;rgbg"),
        ] {
            assert_eq!(left(rest, text), expected, "{text:?}");
        }
    }
}
