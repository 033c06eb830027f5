//! Signals while nothing but numbers is shown: the first asks the race to stop, the second ends the
//! process at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;
use std::time::Instant;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator;
use signal_hook::low_level;

use crate::cli::exit;
use crate::tui::signals::{ECHO, is_ignored};

/// The signals that were caught.
pub(super) struct Signals {
    stop: Arc<AtomicBool>,
    which: Arc<AtomicU8>,
}

impl Signals {
    /// Catches INT, TERM, HUP and QUIT from here on; a HUP that is to be ignored (by nohup) stays so.
    pub(super) fn catch() -> io::Result<Self> {
        let signals = Self {
            stop: Arc::default(),
            which: Arc::default(),
        };
        let (stop, which) = (Arc::clone(&signals.stop), Arc::clone(&signals.which));
        let caught = [SIGHUP, SIGINT, SIGQUIT, SIGTERM].into_iter();
        let caught = caught.filter(|&signal| signal != SIGHUP || !is_ignored(signal));
        let mut coming = iterator::Signals::new(caught)?;
        let wait = move || {
            let mut patience = Patience::default();
            for signal in coming.forever() {
                if !patience.bears(Instant::now()) {
                    low_level::exit(i32::from(exit::SIGNAL) + signal);
                }
                if !stop.load(Ordering::Relaxed) {
                    which.store(signal as u8, Ordering::Relaxed);
                    stop.store(true, Ordering::Release);
                }
            }
        };
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(wait)?;
        Ok(signals)
    }

    /// Set once a signal has come.
    pub(super) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// The number of the signal that has come, if any has.
    pub(super) fn caught(&self) -> Option<u8> {
        let came = self.stop.load(Ordering::Acquire);
        came.then(|| self.which.load(Ordering::Relaxed))
    }
}

/// Bears the first signal and its echoes, and no other.
#[derive(Default)]
struct Patience {
    first: Option<Instant>,
}

impl Patience {
    fn bears(&mut self, now: Instant) -> bool {
        let first = *self.first.get_or_insert(now);
        now.saturating_duration_since(first) < ECHO
    }
}

/// How people call a signal.
pub(super) fn name(signal: u8) -> &'static str {
    match i32::from(signal) {
        SIGHUP => "a hang-up (HUP)",
        SIGINT => "ctrl+c (INT)",
        SIGQUIT => "QUIT",
        _ => "TERM",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_echo_is_no_second_signal() {
        let mut patience = Patience::default();
        let first = Instant::now();
        let bears: Vec<bool> = [0, 0, 100, 300]
            .map(|later| patience.bears(first + Duration::from_millis(later)))
            .to_vec();
        assert_eq!(bears, [true, true, true, false]);
    }
}
