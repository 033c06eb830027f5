//! Signals while the screen is shown, and after it until the end of the process.
//!
//! They are waited for on a thread of their own: where a terminal hangs, the screen's thread cannot.
//! Nothing is saved or printed here.

use std::io;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use rustix::process::Signal;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGSTOP, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level;

use crate::tui::{Happening, terminal};

/// How long a screen that hangs in one write may take to notice a signal.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// Two signals closer than this are one: who sends a signal to a process and then to its group does
/// not mean twice.
pub const ECHO: Duration = Duration::from_millis(200);

/// The signals that are caught.
const CAUGHT: [i32; 7] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT, SIGTSTP, SIGWINCH];

/// The thread that waits for signals, if there is one already.
static WAITING: Mutex<Option<Handle>> = Mutex::new(None);

/// Whether the next TSTP is the one that we send to our own job.
static OURS: AtomicBool = AtomicBool::new(false);

/// Tells the screen to leave, and sees to it that it does.
#[derive(Clone)]
pub(super) struct Messenger {
    to: Sender<Happening>,
    /// Never holds anything; closed when the screen is gone.
    screen: Receiver<()>,
}

impl Messenger {
    /// To the screen that reads what `to` takes. It is gone when the sender that comes with it is.
    pub(super) fn new(to: Sender<Happening>) -> (Self, Sender<()>) {
        let (alive, screen) = bounded(0);
        (Self { to, screen }, alive)
    }

    /// Tells the screen of something; whether it is still there.
    pub(super) fn tell(&self, happening: Happening) -> bool {
        self.to.send(happening).is_ok()
    }

    /// Leaves as after `signal`.
    pub(super) fn leave(&self, signal: i32) {
        if self.tell(Happening::Signal(signal)) {
            self.insist(signal);
        }
    }

    /// Ends the process as after `signal`, if one and the same write to the terminal keeps the
    /// screen from doing what it was told.
    pub(super) fn insist(&self, signal: i32) {
        let screen = self.screen.clone();
        thread::spawn(move || {
            loop {
                let before = terminal::writing();
                let answer = screen.recv_timeout(PATIENCE);
                if answer == Err(RecvTimeoutError::Disconnected) {
                    return;
                }
                if before.is_some() && terminal::writing() == before {
                    end(signal);
                }
            }
        });
    }
}

/// Catches signals from here on to the end of the process, and tells `messenger`'s screen of them.
/// A HUP that whoever started us has ignored (nohup) stays ignored.
pub(super) fn catch(messenger: Messenger) -> io::Result<()> {
    let caught = |signal: &i32| *signal != SIGHUP || !is_ignored(SIGHUP);
    let mut signals = Signals::new(CAUGHT.into_iter().filter(caught))?;
    let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(before) = waiting.replace(signals.handle()) {
        before.close();
    }
    let wait = move || {
        let mut first = None;
        for signal in signals.forever() {
            receive(signal, &messenger, &mut first);
        }
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(wait)?;
    Ok(())
}

/// Does what a signal asks for; `first` is when the process was first asked to end.
fn receive(signal: i32, messenger: &Messenger, first: &mut Option<Instant>) {
    if signal == SIGTSTP && OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let ends = is_ending(signal);
    let shown = messenger.tell(Happening::Signal(signal));
    match (shown, *first) {
        (false, _) if signal == SIGTSTP => {
            let _ = stop();
        }
        (false, None) if is_impatient(signal, None) => end(signal),
        (_, Some(first)) if is_impatient(signal, Some(first.elapsed())) => end(signal),
        (true, None) if ends => messenger.insist(signal),
        _ => {}
    }
    if ends {
        first.get_or_insert_with(Instant::now);
    }
}

/// Whether a signal asks the process to end.
pub(super) fn is_ending(signal: i32) -> bool {
    matches!(signal, SIGINT | SIGTERM | SIGHUP | SIGQUIT)
}

/// Whether somebody who asks again, `since` the first time, wants an end at once. A terminal that is
/// closed sends HUP more than once.
fn is_impatient(signal: i32, since: Option<Duration>) -> bool {
    is_ending(signal) && signal != SIGHUP && since.is_none_or(|since| since >= ECHO)
}

/// Ends the process at once. The terminal may hang, and with it the giving back: it gets a moment.
fn end(signal: i32) -> ! {
    let (done, given_back) = bounded::<()>(0);
    thread::spawn(move || {
        terminal::restore();
        drop(done);
    });
    let _ = given_back.recv_timeout(PATIENCE / 5);
    process::exit(128 + signal)
}

/// Stops the process, until somebody continues it.
pub(super) fn stop() -> io::Result<()> {
    low_level::raise(SIGSTOP)
}

/// Stops the processes that were started together with this one, and then this one.
pub(super) fn stop_job() -> io::Result<()> {
    OURS.store(true, Ordering::SeqCst);
    rustix::process::kill_current_process_group(Signal::TSTP)?;
    stop()
}

/// Whether some shell started us as a job, and so can continue it. Not where we run in place of the
/// shell, as in `xterm -e slalom`.
pub(super) fn has_job_control() -> bool {
    let session = rustix::process::getsid(None);
    session.is_ok_and(|session| session != rustix::process::getpgrp())
}

/// Whether whoever started us has `signal` ignored; no where the system does not say.
pub fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 << (signal - 1) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_twice_wants_an_end_at_once() {
        let ms = Duration::from_millis;
        for (signal, since, impatient) in [
            (SIGINT, None, true),
            (SIGTERM, Some(ms(199)), false),
            (SIGTERM, Some(ms(200)), true),
            (SIGQUIT, Some(ms(5000)), true),
            (SIGHUP, None, false),
            (SIGHUP, Some(ms(5000)), false),
            (SIGCONT, Some(ms(5000)), false),
            (SIGWINCH, None, false),
            (SIGTSTP, None, false),
        ] {
            assert_eq!(is_impatient(signal, since), impatient, "{signal} {since:?}");
        }
    }
}
