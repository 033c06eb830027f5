//! The terminal for as long as a screen is shown on it: taken, listened to, and given back.
//!
//! What is shown, and what keys mean, is not known here.

use std::io;
use std::os::fd::AsFd;
use std::time::Instant;

use crossbeam_channel::{Receiver, unbounded};
use ratatui::crossterm::event::Event;
use ratatui::crossterm::style;
use signal_hook::consts::SIGHUP;

use crate::tui::ground::{self, Answer};
use crate::tui::input::KeyThread;
use crate::tui::panics::PanicHook;
use crate::tui::signals::{self, Messenger};
use crate::tui::terminal::{self, Screen};
use crate::tui::watchdog::{self, Watchdog};
use crate::tui::{Exit, Options};

/// What happens to a screen.
pub(super) enum Happening {
    Terminal(io::Result<Event>),
    Signal(i32),
}

/// Takes the terminal for `play`, and gives it back when that is done. See [`run`](super::run) for
/// signals and errors.
pub(super) fn hold(
    options: Options,
    play: impl FnOnce(&Receiver<Happening>, &mut Screen) -> io::Result<Exit>,
) -> io::Result<Exit> {
    // crossterm would drop bold and dim along with the colours; what is used is the theme's
    // business.
    style::force_color_output(true);
    let (sender, happenings) = unbounded();
    let (messenger, _alive) = Messenger::new(sender);
    signals::catch(messenger.clone())?;
    let _hook = PanicHook::install();
    let mut screen = Screen::take()?;
    let _watchdog = Watchdog::start(&screen, messenger.clone())?;
    let answer = if options.ask_ground {
        ask_ground(&screen)?
    } else {
        Answer::default()
    };
    screen.ground = answer.ground;
    let _keys = KeyThread::start(messenger, &answer)?;
    let left = play(&happenings, &mut screen);
    terminal::restore();
    left.or_else(|error| {
        if watchdog::has_lost(&screen) {
            return Ok(Exit::Signal(SIGHUP));
        }
        signal_behind(&happenings).map(Exit::Signal).ok_or(error)
    })
}

fn ask_ground(screen: &Screen) -> io::Result<Answer> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let input = terminal::input()?;
    Ok(ground::ask(&set, input.as_fd(), screen.as_fd()))
}

/// The signal that came with an error, if any: of a terminal that goes away, a write may tell before
/// the signal does.
fn signal_behind(happenings: &Receiver<Happening>) -> Option<i32> {
    let deadline = Instant::now() + signals::PATIENCE / 5;
    loop {
        match happenings.recv_deadline(deadline) {
            Ok(Happening::Signal(signal)) if signals::is_ending(signal) => return Some(signal),
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}
