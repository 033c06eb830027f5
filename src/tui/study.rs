//! The screen of many races: a search for learning rates, or one scenario on many seeds.
//!
//! What is shown of them is a [`Study`]'s part. Here is what all have in common: the loop, the keys
//! ([`keys`]), how the panes are arranged ([`desk`]) and the lines around them ([`view`]).

use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::Event;
use ratatui::layout::Rect;
use signal_hook::consts::{SIGCONT, SIGINT, SIGTSTP, SIGWINCH};

use crate::tui::cadence::Cadence;
use crate::tui::message::Flow;
use crate::tui::session::{self, Happening};
use crate::tui::terminal::Screen;
use crate::tui::theme::Theme;
use crate::tui::{Exit, Options};

pub mod desk;
pub mod keys;
pub mod modes;
pub mod seeds;
pub mod tuning;
pub mod view;

use desk::Desk;

/// What a study has to show, in panes.
pub trait Study {
    /// Takes in what has come since the last time.
    fn follow(&mut self);
    /// Whether nothing more will come.
    fn is_over(&self) -> bool;
    /// What is studied and by what terms, the most important first.
    fn title(&self) -> Vec<String>;
    /// How far it has come, the least important first.
    fn status(&self) -> Vec<String>;
    /// How many racers take part.
    fn racers(&self) -> usize;
    /// The panes' names, in a word or two, in the order of their numbers.
    fn panes(&self) -> &'static [&'static str];
    /// Where the panes lie in `area`, each with its heading; one that is left out is shown alone when
    /// it has the focus. Empty where there is room for one only.
    fn arrange(&self, area: Rect) -> Vec<(usize, Rect)>;
    /// What stands above a pane, and at the right of that.
    fn heading(&self, pane: usize, desk: &Desk) -> [String; 2];
    /// Draws what is below a pane's heading.
    fn draw(&self, pane: usize, desk: &Desk, theme: Theme, area: Rect, buffer: &mut Buffer);
}

/// Shows `study` until someone leaves, and gives the terminal back. Keys, signals and the terminal are
/// dealt with as in [`run`](super::run); the study itself goes on.
///
/// # Errors
/// If there is no terminal, or it can no longer be read or written, or another thread panicked.
pub fn run(study: &mut dyn Study, options: Options) -> io::Result<Exit> {
    session::hold(options, |happenings, screen| {
        play(study, options, happenings, screen)
    })
}

/// Lets time, keys and signals come in, until one of them means to leave.
fn play(
    study: &mut dyn Study,
    options: Options,
    happenings: &Receiver<Happening>,
    screen: &mut Screen,
) -> io::Result<Exit> {
    let mut cadence = Cadence::new(options.fps);
    let mut desk = Desk::new(options.look, screen.ground);
    let mut resized = false;
    let mut shown = Instant::now();
    draw(study, &mut desk, screen)?;
    loop {
        match happenings.recv_timeout(cadence.left(shown.elapsed(), resized)) {
            Ok(Happening::Signal(SIGWINCH)) => resized = true,
            Ok(happening) => {
                if let Some(exit) = answer(happening, study, &mut desk, screen)? {
                    return Ok(exit);
                }
            }
            Err(_) => {
                shown = Instant::now();
                study.follow();
                if std::mem::take(&mut resized) {
                    screen.repaint();
                }
                if let Some(took) = draw(study, &mut desk, screen)? {
                    cadence.wrote(took);
                }
                if options.exit_on_finish && study.is_over() {
                    return Ok(Exit::Quit);
                }
            }
        }
    }
}

fn draw(study: &dyn Study, desk: &mut Desk, screen: &mut Screen) -> io::Result<Option<Duration>> {
    screen.draw(|buffer| {
        desk.prepare(buffer.area);
        view::draw(study, desk, buffer);
    })
}

/// Does what a happening asks for; what is seen of it comes with the next frame.
fn answer(
    happening: Happening,
    study: &dyn Study,
    desk: &mut Desk,
    screen: &mut Screen,
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
            Event::Key(key) => keys::message(key).map_or(Flow::Continue, |message| {
                desk.update(message, study.panes().len(), study.racers())
            }),
            _ => Flow::Continue,
        },
    };
    match flow {
        Flow::Quit => return Ok(Some(Exit::Quit)),
        Flow::Interrupt => return Ok(Some(Exit::Signal(SIGINT))),
        Flow::Suspend => screen.suspend_job()?,
        Flow::Repaint => screen.repaint(),
        // Nothing else is asked for here.
        _ => {}
    }
    Ok(None)
}
