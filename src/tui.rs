//! The screen: the only room that reads keys from, or draws to, the terminal.
//!
//! Keys, signals and resizes arrive as events on one channel; a frame is drawn at most so often, in
//! one write, and only if a cell has changed. What the keys mean ([`keys`]), what they change
//! ([`app`]) and what that looks like ([`view`]) are pure. The race is only looked at, through
//! [`Source`]: whether it is being computed or was recorded makes no difference here.
//!
//! Many races at once, as in a search for learning rates, have a screen of their own ([`study`]).
//!
//! The terminal is taken and given back in [`terminal`] alone. Three threads stand beside the
//! screen's, because each of them may wait where the others must not: for keys (`input`), for
//! signals (`signals`), and for the terminal to go away (`watchdog`).

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use ratatui::crossterm::event::Event;
use signal_hook::consts::{SIGCONT, SIGINT, SIGTSTP, SIGWINCH};

use crate::landscape::starts::Question;
use crate::race::retrace::Glance;
use crate::runner::{Inspection, Rates, Scouted, Source};
use crate::scenario::edit::Edit;
use crate::tui::app::App;
use crate::tui::cadence::Cadence;
use crate::tui::message::{Flow, Wish};
use crate::tui::picture::save::{Album, Saver};
use crate::tui::session::Happening;
use crate::tui::terminal::Screen;
use crate::tui::theme::Look;

pub mod app;
pub mod cadence;
pub mod captions;
pub mod desk;
pub mod files;
#[cfg(test)]
mod fixture;
mod frame;
pub mod ghost;
pub mod glyphs;
pub mod ground;
pub mod identity;
mod input;
pub mod keys;
mod late;
pub mod message;
mod panics;
pub mod picture;
pub mod playhead;
mod session;
pub mod signals;
pub mod study;
pub mod terminal;
pub mod terrain;
pub mod theme;
pub mod view;
mod watchdog;

/// A frame moves the playhead by at most so much: what was stopped goes on where it was.
const LONGEST: Duration = Duration::from_secs(1);

/// How the screen is shown.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Frames a second at most; at least 1.
    pub fps: u32,
    /// Theme, colours and glyphs.
    pub look: Look,
    /// Whether to leave when the race has been shown to its end.
    pub exit_on_finish: bool,
    /// Whether the terminal may be asked for its background, where it answers at once.
    pub ask_ground: bool,
}

/// What the screen is opened on.
pub trait Stage {
    /// Where the states come from that are shown.
    fn source(&self) -> &dyn Source;
    /// Opens another race instead of this one.
    ///
    /// # Errors
    /// Why it cannot, in words for the user; the race goes on.
    fn open(&mut self, wish: Wish) -> Result<(), String>;
    /// From now on fills the start map of this question, or none; never waits. What there is of it.
    fn scout(&mut self, question: Option<&Question>) -> Option<Arc<Scouted>>;
    /// From now on fills rate strips, or rests; never waits. What there is of them, or why there are
    /// none; nothing where nobody can tell.
    fn rates(&mut self, _: bool) -> Option<Result<Arc<Rates>, String>> {
        None
    }
    /// Looks into optimizers, from now on where these glances say, or nowhere; never waits for what
    /// is found.
    fn inspect(&mut self, glances: &[Glance]) -> Inspection;
    /// What is raced, to be changed.
    ///
    /// # Errors
    /// Why it cannot be changed, in words for the user.
    fn edit(&self) -> Result<Edit, String> {
        Err("this race cannot be changed".to_owned())
    }
    /// Writes `edit`, or else what is raced, to a new file; says where.
    ///
    /// # Errors
    /// Why it cannot, in words for the user.
    fn write(&self, _: Option<&Edit>) -> Result<String, String> {
        Err("this race cannot be written".to_owned())
    }
}

/// Why the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The quit key.
    Quit,
    /// A signal with this number, or what stands for it (ctrl+c for 2, a lost terminal for 1).
    Signal(i32),
}

/// Shows `stage` until someone leaves, and gives the terminal back. The race itself goes on: to
/// stop it, and to print what it came to, is the caller's part.
///
/// Keys come from standard input, or from the controlling terminal where standard input is none.
/// INT, TERM, HUP and QUIT are caught from here on to the end of the process, so the caller should
/// end soon: INT, TERM or QUIT that comes later, or a second time, ends the process at once with 128
/// and its number. So does the first, where the screen cannot answer it within half a second because
/// the terminal no longer takes what is written. A terminal that is gone counts as HUP, also where
/// HUP is ignored.
///
/// # Errors
/// If there is no terminal, or it can no longer be read or written, or another thread panicked.
pub fn run(stage: &mut dyn Stage, options: Options) -> io::Result<Exit> {
    session::hold(options, |happenings, screen| {
        let left = play(stage, options, happenings, screen);
        stage.scout(None);
        stage.rates(false);
        left
    })
}

/// Lets time, keys and signals come in, until one of them means to leave.
fn play(
    stage: &mut dyn Stage,
    options: Options,
    happenings: &Receiver<Happening>,
    screen: &mut Screen,
) -> io::Result<Exit> {
    let mut cadence = Cadence::new(options.fps);
    let mut app = App::new(stage.source().latest(), options.look, screen.ground);
    let mut saver = Saver::default();
    let mut resized = false;
    let mut shown = Instant::now();
    draw(&mut app, stage, screen)?;
    loop {
        let left = cadence.left(shown.elapsed(), resized);
        // What has come goes first, also where the time is up: a slow machine is no reason to be
        // deaf.
        match happenings.recv_timeout(left) {
            Ok(Happening::Signal(SIGWINCH)) => resized = true,
            Ok(happening) => {
                if let Some(exit) = answer(happening, stage, &mut app, screen, &mut saver)? {
                    return Ok(exit);
                }
            }
            Err(_) => {
                let elapsed = shown.elapsed();
                shown += elapsed;
                app.tick(elapsed.min(LONGEST), stage.source().latest());
                app.refusal = saver.done().or_else(|| app.refusal.take());
                let inspection = stage.inspect(app.glances());
                app.inspected(inspection);
                if std::mem::take(&mut resized) {
                    screen.repaint();
                }
                if let Some(took) = draw(&mut app, stage, screen)? {
                    cadence.wrote(took);
                }
                if options.exit_on_finish && app.is_over() {
                    return Ok(Exit::Quit);
                }
            }
        }
    }
}

fn draw(app: &mut App, stage: &mut dyn Stage, screen: &mut Screen) -> io::Result<Option<Duration>> {
    screen.draw(|buffer| {
        app.prepare(buffer.area);
        app.scouted = stage.scout(app.question());
        app.rates = stage.rates(app.wants_rates(buffer.area));
        view::draw(app, buffer);
    })
}

/// Does what a happening asks for; what is seen of it comes with the next frame.
fn answer(
    happening: Happening,
    stage: &mut dyn Stage,
    app: &mut App,
    screen: &mut Screen,
    saver: &mut Saver,
) -> io::Result<Option<Exit>> {
    let flow = match happening {
        Happening::Signal(SIGCONT) => {
            screen.enter()?;
            Flow::Continue
        }
        Happening::Signal(SIGTSTP) => {
            screen.suspend()?;
            Flow::Continue
        }
        Happening::Signal(signal) => return Ok(Some(Exit::Signal(signal))),
        Happening::Terminal(event) => match event? {
            Event::Key(key) => app.press(key),
            Event::Mouse(mouse) => {
                screen
                    .area()
                    .into_iter()
                    .for_each(|area| app.point(mouse, area));
                Flow::Continue
            }
            // A new size is told by its signal.
            _ => Flow::Continue,
        },
    };
    match flow {
        Flow::Continue => {}
        Flow::Quit => return Ok(Some(Exit::Quit)),
        Flow::Interrupt => return Ok(Some(Exit::Signal(SIGINT))),
        Flow::Suspend => screen.suspend_job()?,
        Flow::Repaint => screen.repaint(),
        Flow::Mouse(on) => screen.capture_mouse(on)?,
        Flow::Save => {
            let album = screen.area().map(|area| Album::of(app, area));
            app.refusal = album.and_then(|album| saver.save(album));
        }
        Flow::Open(wish) => match stage.open(wish) {
            Ok(()) => app.open(stage.source().latest()),
            Err(refusal) => app.refusal = Some(refusal),
        },
        Flow::Edit => match stage.edit() {
            Ok(edit) => app.edit(edit),
            Err(refusal) => app.refusal = Some(refusal),
        },
        Flow::Write => {
            let edit = app.editor.as_ref().map(|editor| &editor.edit);
            app.refusal = Some(stage.write(edit).unwrap_or_else(|refusal| refusal));
        }
    }
    Ok(None)
}
