//! Signals while nothing but numbers is shown: the first asks the race to stop, the second ends the
//! process at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;

use crate::cli::exit;
use crate::tui::signals::is_ignored;

/// The signals that were caught.
pub(super) struct Signals {
    stop: Arc<AtomicBool>,
    which: Arc<AtomicUsize>,
}

impl Signals {
    /// Catches INT, TERM, HUP and QUIT from here on; a HUP that is to be ignored (by nohup) stays so.
    pub(super) fn catch() -> io::Result<Self> {
        let signals = Self {
            stop: Arc::default(),
            which: Arc::default(),
        };
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            if signal == SIGHUP && is_ignored(signal) {
                continue;
            }
            let code = i32::from(exit::SIGNAL) + signal;
            // In this order: the first signal finds the flag unset.
            flag::register_conditional_shutdown(signal, code, Arc::clone(&signals.stop))?;
            flag::register_usize(signal, Arc::clone(&signals.which), signal as usize)?;
            flag::register(signal, Arc::clone(&signals.stop))?;
        }
        Ok(signals)
    }

    /// Set once a signal has come.
    pub(super) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// The number of the signal that has come, if any has.
    pub(super) fn caught(&self) -> Option<u8> {
        let came = self.stop.load(Ordering::Relaxed);
        came.then(|| self.which.load(Ordering::Relaxed) as u8)
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
