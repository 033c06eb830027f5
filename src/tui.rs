//! The screen: the only file that reads keys from, or draws to, the terminal.
//!
//! Keys, signals and resizes arrive as events on one channel; a frame is drawn at most so often, in
//! one write, and only if a cell has changed. What the keys mean ([`keys`]), what they change
//! ([`app`]) and what that looks like ([`view`]) are pure. The race is only looked at, through
//! [`Source`]: whether it is being computed or was recorded makes no difference here.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{self, Event};
use ratatui::crossterm::{cursor, queue, style, terminal};
use ratatui::layout::Rect;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::{Handle, Signals};

use crate::runner::{Source, THREAD_NAME};
use crate::tui::app::{App, Flow};
use crate::tui::theme::Theme;

pub mod app;
pub mod captions;
#[cfg(test)]
mod fixture;
pub mod identity;
pub mod keys;
pub mod playhead;
pub mod theme;
pub mod view;

/// Begin and end of a synchronized update (DEC private mode 2026): a terminal that knows it shows
/// the frame at once.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// How long a screen that hangs in a write to a lost terminal may take to notice a signal.
const PATIENCE: Duration = Duration::from_millis(500);

/// A frame moves the playhead by at most so much: what was stopped goes on where it was.
const LONGEST: Duration = Duration::from_secs(1);

/// Whether the terminal is ours, and has to be given back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// How the screen is shown.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Frames a second at most; at least 1.
    pub fps: u32,
    /// Whether colours are used.
    pub colour: bool,
    /// Whether to leave when the race has been shown to its end.
    pub exit_on_finish: bool,
}

/// Why the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The quit key.
    Quit,
    /// A signal with this number, or the key that stands for it (ctrl+c for 2).
    Signal(i32),
}

/// What happens to the screen.
enum Happening {
    Terminal(io::Result<Event>),
    Signal(i32),
}

/// Shows `source` until someone leaves, and gives the terminal back. The race itself goes on: to
/// stop it, and to print what it came to, is the caller's part.
///
/// Keys come from standard input, or from the controlling terminal where standard input is none.
/// INT, TERM, HUP and QUIT are caught from here on to the end of the process, so the caller should
/// end soon. Where the screen cannot answer one within half a second, because the terminal no
/// longer takes what is written, the process ends at once with 128 and the signal's number.
///
/// # Errors
/// If there is no terminal, or it can no longer be read or written, or another thread panicked.
pub fn run(source: &dyn Source, options: Options) -> io::Result<Exit> {
    // crossterm would drop bold and dim along with the colours; what is used is the theme's
    // business.
    style::force_color_output(true);
    let (sender, happenings) = unbounded();
    let _signals = SignalThread::start(sender.clone())?;
    let _hook = PanicHook::install();
    let mut screen = Screen::take()?;
    let _keys = KeyThread::start(sender)?;
    let left = play(source, options, &happenings, &mut screen);
    restore();
    left.or_else(|error| signal_behind(&happenings).map(Exit::Signal).ok_or(error))
}

/// The signal that came with an error, if any: of a terminal that goes away, a write may tell before
/// the signal does.
fn signal_behind(happenings: &Receiver<Happening>) -> Option<i32> {
    let deadline = Instant::now() + PATIENCE / 5;
    loop {
        match happenings.recv_deadline(deadline) {
            Ok(Happening::Signal(signal)) if signal != SIGCONT => return Some(signal),
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}

/// Lets time, keys and signals come in, until one of them means to leave.
fn play(
    source: &dyn Source,
    options: Options,
    happenings: &Receiver<Happening>,
    screen: &mut Screen,
) -> io::Result<Exit> {
    let theme = Theme::new(options.colour);
    let frame = Duration::from_secs(1) / options.fps.max(1);
    let mut app = App::new(source.latest());
    let mut shown = Instant::now();
    screen.draw(|buffer| view::draw(&app, theme, buffer))?;
    loop {
        let left = frame.saturating_sub(shown.elapsed());
        if left.is_zero() {
            let elapsed = shown.elapsed();
            shown += elapsed;
            app.tick(elapsed.min(LONGEST), source.latest());
            screen.draw(|buffer| view::draw(&app, theme, buffer))?;
            if options.exit_on_finish && app.is_over() {
                return Ok(Exit::Quit);
            }
        } else if let Ok(happening) = happenings.recv_timeout(left)
            && let Some(exit) = answer(happening, &mut app, screen)?
        {
            return Ok(exit);
        }
    }
}

/// Does what a happening asks for; what is seen of it comes with the next frame.
fn answer(happening: Happening, app: &mut App, screen: &mut Screen) -> io::Result<Option<Exit>> {
    let flow = match happening {
        Happening::Signal(SIGCONT) => {
            screen.enter()?;
            Flow::Continue
        }
        Happening::Signal(signal) => return Ok(Some(Exit::Signal(signal))),
        Happening::Terminal(event) => match event? {
            Event::Key(key) => keys::message(key).map_or(Flow::Continue, |m| app.update(m)),
            Event::Resize(..) => Flow::Repaint,
            _ => Flow::Continue,
        },
    };
    match flow {
        Flow::Continue => {}
        Flow::Quit => return Ok(Some(Exit::Quit)),
        Flow::Interrupt => return Ok(Some(Exit::Signal(SIGINT))),
        Flow::Suspend => screen.suspend()?,
        Flow::Repaint => screen.shown = None,
    }
    Ok(None)
}

/// The terminal while it is ours.
struct Screen {
    /// Standard output without a lock, which a writer that hangs would hold.
    out: File,
    /// What the terminal shows; none where that is not known.
    shown: Option<Buffer>,
}

impl Screen {
    /// Takes the terminal: raw mode, the alternate screen, no cursor.
    fn take() -> io::Result<Self> {
        let out = output()?;
        let mut screen = Self { out, shown: None };
        screen.enter()?;
        Ok(screen)
    }

    /// Takes the terminal as it is, also where it is half ours, as after having been stopped.
    fn enter(&mut self) -> io::Result<()> {
        terminal::disable_raw_mode()?;
        terminal::enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        self.shown = None;
        let mut bytes = Vec::new();
        queue!(bytes, terminal::EnterAlternateScreen, cursor::Hide)?;
        self.out.write_all(&bytes)
    }

    /// Gives the terminal back and stops the program, until the shell continues it.
    fn suspend(&mut self) -> io::Result<()> {
        restore();
        signal_hook::low_level::raise(SIGTSTP)?;
        self.enter()
    }

    /// Brings the terminal to what `view` draws, in one write, or none if nothing has changed.
    fn draw(&mut self, view: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        if !TAKEN.load(Ordering::SeqCst) {
            return Err(io::Error::other("a thread has panicked"));
        }
        let area = match &self.shown {
            Some(shown) => shown.area,
            None => size()?,
        };
        let mut now = Buffer::empty(area);
        view(&mut now);
        let bytes = frame(self.shown.as_ref(), &now)?;
        self.out.write_all(&bytes)?;
        self.shown = Some(now);
        Ok(())
    }
}

/// What brings a terminal from what it shows (nothing known, if `None`) to `now`; empty if nothing
/// has changed.
fn frame(shown: Option<&Buffer>, now: &Buffer) -> io::Result<Vec<u8>> {
    let mut bytes = BEGIN.to_vec();
    let empty = Buffer::empty(now.area);
    let changes = shown.unwrap_or(&empty).diff(now);
    if shown.is_none() {
        queue!(bytes, terminal::Clear(terminal::ClearType::All))?;
    } else if changes.is_empty() {
        return Ok(Vec::new());
    }
    CrosstermBackend::new(&mut bytes).draw(changes.into_iter())?;
    bytes.extend_from_slice(END);
    Ok(bytes)
}

/// The terminal's size; of one that does not know it, the usual.
fn size() -> io::Result<Rect> {
    Ok(match terminal::size()? {
        (0, _) | (_, 0) => Rect::new(0, 0, 80, 24),
        (columns, rows) => Rect::new(0, 0, columns, rows),
    })
}

fn output() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Gives the terminal back, if it is ours. There is nobody to tell of errors: it may be gone.
fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = terminal::disable_raw_mode();
        let mut bytes = END.to_vec();
        let _ = queue!(
            bytes,
            style::ResetColor,
            cursor::Show,
            terminal::LeaveAlternateScreen
        );
        let _ = output().and_then(|mut out| out.write_all(&bytes));
    }
}

/// Reads keys on a thread of its own: where the terminal goes away, reading from it never returns.
struct KeyThread(Arc<AtomicBool>);

impl KeyThread {
    fn start(to: Sender<Happening>) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let next = move || {
            while !stopped.load(Ordering::Relaxed) {
                let event = match event::poll(Duration::from_millis(50)) {
                    Ok(false) => continue,
                    Ok(true) => event::read(),
                    Err(error) => Err(error),
                };
                let failed = event.is_err();
                if to.send(Happening::Terminal(event)).is_err() || failed {
                    break;
                }
            }
        };
        thread::Builder::new().name("keys".to_owned()).spawn(next)?;
        Ok(Self(stop))
    }
}

impl Drop for KeyThread {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits for signals on a thread of its own, and for the screen to answer them.
struct SignalThread {
    handle: Handle,
    /// Goes with the screen; the thread sees that.
    _alive: Sender<()>,
}

impl SignalThread {
    fn start(to: Sender<Happening>) -> io::Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT])?;
        let handle = signals.handle();
        let (alive, screen) = bounded::<()>(0);
        let wait = move || {
            for signal in signals.forever() {
                let told = to.send(Happening::Signal(signal)).is_ok();
                if told && signal != SIGCONT {
                    let answer = screen.recv_timeout(PATIENCE);
                    if answer == Err(RecvTimeoutError::Timeout) {
                        give_up(signal);
                    }
                }
            }
        };
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(wait)?;
        Ok(Self {
            handle,
            _alive: alive,
        })
    }
}

impl Drop for SignalThread {
    fn drop(&mut self) {
        self.handle.close();
    }
}

/// Ends the process when the screen hangs. So may the restoring, once its write comes to the same
/// terminal.
fn give_up(signal: i32) -> ! {
    thread::spawn(restore);
    thread::sleep(PATIENCE / 5);
    std::process::exit(128 + signal)
}

/// What was to be done on a panic before the screen came.
type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// Gives the terminal back before a panic is reported. A racer's panic is caught by the race and is
/// an outcome: it neither ends the screen nor is it printed over it.
struct PanicHook(Arc<Hook>);

impl PanicHook {
    fn install() -> Self {
        let previous: Arc<Hook> = Arc::from(panic::take_hook());
        let hook = Arc::clone(&previous);
        panic::set_hook(Box::new(move |info| {
            let thread = thread::current();
            if !thread.name().is_some_and(|n| n.starts_with(THREAD_NAME)) {
                restore();
                hook(info);
            }
        }));
        Self(previous)
    }
}

impl Drop for PanicHook {
    fn drop(&mut self) {
        if !thread::panicking() {
            let previous = Arc::clone(&self.0);
            panic::set_hook(Box::new(move |info| previous(info)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_synchronized_update_and_no_change_is_no_frame() -> io::Result<()> {
        let before = Buffer::with_lines(["Adam 12"]);
        let after = Buffer::with_lines(["Adam 13"]);
        assert_eq!(frame(Some(&after), &after)?, b"");
        let bytes = frame(Some(&before), &after)?;
        let inside = bytes.strip_prefix(BEGIN).and_then(|b| b.strip_suffix(END));
        let inside = inside.expect("begins and ends so");
        assert!(inside.starts_with(b"\x1b[1;7H3"), "only the digit is drawn");
        let whole = frame(None, &after)?;
        assert!(whole.starts_with(b"\x1b[?2026h\x1b[2J"));
        assert!(whole.windows(4).any(|bytes| bytes == b"Adam"));
        Ok(())
    }
}
