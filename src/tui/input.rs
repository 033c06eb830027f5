//! Reads keys on a thread of its own: where the terminal goes away, reading from it never returns.
//!
//! What a key means is not known here, but for ctrl+c: it counts also where the screen hangs.

use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyModifiers};
use rustix::event::PollFlags;
use signal_hook::consts::SIGINT;

use crate::tui::ground::Answer;
use crate::tui::late::Swallow;
use crate::tui::session::Happening;
use crate::tui::signals::Messenger;
use crate::tui::terminal::{self, Look};

/// How long one wait for a key lasts, before the thread sees whether it is still wanted.
const WAIT: Duration = Duration::from_millis(50);

/// How long crossterm may look for an event that is there; with no time at all it does not look.
const MOMENT: Duration = Duration::from_millis(1);

/// Reads keys until it is dropped.
pub(super) struct KeyThread(Arc<AtomicBool>);

impl KeyThread {
    /// Tells `messenger`'s screen of keys, beginning with those that were `typed` before, and
    /// without what may still come of the terminal's `answer`.
    pub(super) fn start(messenger: Messenger, answer: &Answer) -> io::Result<Self> {
        let tty = terminal::input()?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let typed = typed(&answer.typed);
        let mut swallow = Swallow::new(answer.rest, Instant::now());
        let read = move || {
            let mut wanted = typed.into_iter().all(|key| pass(Ok(key), &messenger));
            while wanted && !stopped.load(Ordering::Relaxed) {
                // crossterm does not tell of a terminal that is gone, so it is asked only where there
                // is something to read.
                match terminal::look(&[tty.as_fd()], PollFlags::IN, WAIT) {
                    Look::Nothing => {}
                    // The watchdog sees it too.
                    Look::Lost => break,
                    Look::Ready => wanted = read(&mut swallow, &messenger),
                }
            }
        };
        thread::Builder::new().name("keys".to_owned()).spawn(read)?;
        Ok(Self(stop))
    }
}

impl Drop for KeyThread {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Reads the events that are there; whether anybody wants the next.
fn read(swallow: &mut Swallow, messenger: &Messenger) -> bool {
    loop {
        let event = match event::poll(MOMENT) {
            Ok(false) => return true,
            Ok(true) => event::read(),
            Err(error) => Err(error),
        };
        let swallowed = matches!(event, Ok(Event::Key(key)) if swallow.takes(key, Instant::now()));
        if !swallowed && !pass(event, messenger) {
            return false;
        }
    }
}

/// Passes an event on; whether anybody wants the next.
fn pass(event: io::Result<Event>, messenger: &Messenger) -> bool {
    let failed = event.is_err();
    let interrupts = matches!(event, Ok(Event::Key(key)) if is_interrupt(key));
    let told = messenger.tell(Happening::Terminal(event));
    if told && interrupts {
        messenger.insist(SIGINT);
    }
    told && !failed
}

fn is_interrupt(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers == KeyModifiers::CONTROL
}

/// The keys that were pressed before they could be read: characters, up to the first that is none.
fn typed(bytes: &[u8]) -> Vec<Event> {
    let key = |byte: &u8| {
        let (c, held) = match byte {
            b' '..=b'~' => (*byte, KeyModifiers::NONE),
            1..=26 => (byte - 1 + b'a', KeyModifiers::CONTROL),
            _ => return None,
        };
        Some(Event::Key(KeyEvent::new(KeyCode::Char(c.into()), held)))
    };
    bytes.iter().map_while(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_before_is_pressed_then() {
        let pressed = |bytes: &[u8]| -> Vec<(KeyCode, KeyModifiers)> {
            let keys = typed(bytes)
                .into_iter()
                .filter_map(|event| event.as_key_event());
            keys.map(|key| (key.code, key.modifiers)).collect()
        };
        let plain = |c| (KeyCode::Char(c), KeyModifiers::NONE);
        let control = |c| (KeyCode::Char(c), KeyModifiers::CONTROL);
        assert_eq!(pressed(b" q"), [plain(' '), plain('q')]);
        assert_eq!(pressed(b"\x03\x1a"), [control('c'), control('z')]);
        assert_eq!(pressed(b"[\x1b[A"), [plain('[')]);
    }
}
