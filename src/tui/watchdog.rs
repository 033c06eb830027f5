//! Sees that the terminal is gone, also where no signal says so and nothing is written, as when
//! SIGHUP is ignored and the screen is paused. Nothing is read here.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::event::PollFlags;
use signal_hook::consts::SIGHUP;

use crate::tui::signals::Messenger;
use crate::tui::terminal::{self, Look, Screen};

/// How long one look lasts. A terminal that goes ends it at once; the next one is for systems where
/// it does not.
const LOOK: Duration = Duration::from_millis(250);

/// Watches the terminal until it is dropped.
pub(super) struct Watchdog(Arc<AtomicBool>);

impl Watchdog {
    /// Leaves as if SIGHUP had come when the terminal that `screen` writes to, or the one that keys
    /// come from, is gone.
    pub(super) fn start(screen: &Screen, messenger: Messenger) -> io::Result<Self> {
        let lines = lines(screen)?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let watch = move || {
            while !stopped.load(Ordering::Relaxed) {
                if is_lost(&lines, LOOK) {
                    messenger.leave(SIGHUP);
                    break;
                }
            }
        };
        thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(watch)?;
        Ok(Self(stop))
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether the terminal is gone already.
pub(super) fn has_lost(screen: &Screen) -> bool {
    lines(screen).is_ok_and(|lines| is_lost(&lines, Duration::ZERO))
}

fn lines(screen: &Screen) -> io::Result<[OwnedFd; 2]> {
    Ok([
        terminal::input()?.into(),
        screen.as_fd().try_clone_to_owned()?,
    ])
}

fn is_lost(lines: &[OwnedFd], patience: Duration) -> bool {
    let lines: Vec<BorrowedFd<'_>> = lines.iter().map(AsFd::as_fd).collect();
    terminal::look(&lines, PollFlags::empty(), patience) == Look::Lost
}
