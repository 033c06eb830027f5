//! The terminal while it is ours: taken, written to, and given back, once, on every way out.
//!
//! No key is read here, and nothing is decided about what is shown or when.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::crossterm::{cursor, event, queue, style, terminal};
use ratatui::layout::Rect;
use rustix::event::{PollFd, PollFlags, Timespec};

use crate::tui::frame::{END, enter, frame};
use crate::tui::ground::Ground;
use crate::tui::signals;

/// Reports of buttons pressed, moved and let go, in the form without limits. Not of every movement:
/// over a slow link that would be the larger part of what is sent.
const MOUSE: &[u8] = b"\x1b[?1002h\x1b[?1006h";

/// No terminal is larger than this, whatever it says: a frame takes memory by the cell.
const LARGEST: (u16, u16) = (2000, 1000);

/// How long a frame that is being written may hold up the giving back.
const PATIENCE: Duration = Duration::from_millis(50);

/// Whether the terminal is ours, and has to be given back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Held while something is written, so that nothing comes after the giving back.
static LINE: Mutex<()> = Mutex::new(());

/// How many writes have been begun.
static WRITES: AtomicUsize = AtomicUsize::new(0);

/// The terminal while it is ours. Dropped, it gives it back.
#[derive(Debug)]
pub struct Screen {
    /// Standard output without a lock, which a writer that hangs would hold.
    out: File,
    /// What the terminal shows; none where that is not known.
    shown: Option<Buffer>,
    mouse: bool,
    /// What the terminal's background is like.
    pub ground: Ground,
}

impl Screen {
    /// Takes the terminal: raw mode, the alternate screen, no cursor.
    ///
    /// # Errors
    /// If there is no terminal, or it cannot be written; then it is as it was before.
    pub fn take() -> io::Result<Self> {
        let mut screen = Self {
            out: output()?,
            shown: None,
            mouse: false,
            ground: Ground::Unknown,
        };
        screen.enter().map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("no terminal can be taken for it ({error}); --headless needs none"),
            )
        })?;
        Ok(screen)
    }

    /// Takes the terminal as it is, also where it is half ours, as after having been stopped. In the
    /// background this stops the process, until it is called to the foreground.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn enter(&mut self) -> io::Result<()> {
        terminal::disable_raw_mode()?;
        terminal::enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        self.shown = None;
        let mut bytes = enter()?;
        if self.mouse {
            bytes.extend_from_slice(MOUSE);
        }
        self.write(&bytes).map(drop)
    }

    /// Gives the terminal back and stops the process, until somebody continues it.
    ///
    /// # Errors
    /// If the terminal is gone by then.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        signals::stop()?;
        self.enter()
    }

    /// The same together with the processes that were started with this one, as ctrl+z does where it
    /// is no key. Where no shell could continue it, nothing is done.
    ///
    /// # Errors
    /// If the terminal is gone by then.
    pub fn suspend_job(&mut self) -> io::Result<()> {
        if !signals::has_job_control() {
            return Ok(());
        }
        restore();
        signals::stop_job()?;
        self.enter()
    }

    /// Whether the terminal is to report the mouse. It is remembered when the program is stopped
    /// and continued, and ends with the screen.
    ///
    /// # Errors
    /// If the terminal cannot be written.
    pub fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        if on {
            self.write(MOUSE).map(drop)
        } else {
            let mut bytes = Vec::new();
            queue!(bytes, event::DisableMouseCapture)?;
            self.write(&bytes).map(drop)
        }
    }

    /// The size of what the terminal shows, if that is known.
    pub fn area(&self) -> Option<Rect> {
        self.shown.as_ref().map(|shown| shown.area)
    }

    /// Whether the terminal reports the mouse.
    pub fn captures_mouse(&self) -> bool {
        self.mouse
    }

    /// Forgets what the terminal shows: the next frame is a whole one, at the size it then has.
    pub fn repaint(&mut self) {
        self.shown = None;
    }

    /// Brings the terminal to what `view` draws, in one write, or none if nothing has changed. How
    /// long the write took, if there was one.
    ///
    /// # Errors
    /// If the terminal is gone, or another thread has panicked.
    pub fn draw(&mut self, view: impl FnOnce(&mut Buffer)) -> io::Result<Option<Duration>> {
        let area = match &self.shown {
            Some(shown) => shown.area,
            None => size()?,
        };
        let mut now = Buffer::empty(area);
        view(&mut now);
        let bytes = frame(self.shown.as_ref(), &now)?;
        let took = self.write(&bytes)?;
        self.shown = Some(now);
        Ok((!bytes.is_empty()).then_some(took))
    }

    /// Writes `bytes` if the terminal is still ours; how long that took.
    fn write(&mut self, bytes: &[u8]) -> io::Result<Duration> {
        let _line = LINE.lock();
        if !TAKEN.load(Ordering::SeqCst) {
            return Err(io::Error::other("a thread has panicked"));
        }
        WRITES.fetch_add(1, Ordering::SeqCst);
        let begin = Instant::now();
        self.out.write_all(bytes)?;
        Ok(begin.elapsed())
    }
}

impl AsFd for Screen {
    /// Where frames are written to.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.out.as_fd()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, if it is ours: line mode and echo, the cursor, the main screen, no
/// mouse. There is nobody to tell of errors: it may be gone.
pub fn restore() {
    // In the background the terminal is the shell's, and to touch it would stop the process.
    if !TAKEN.swap(false, Ordering::SeqCst) || !is_foreground() {
        return;
    }
    let _ = terminal::disable_raw_mode();
    let mut bytes = END.to_vec();
    let _ = queue!(
        bytes,
        style::ResetColor,
        event::DisableMouseCapture,
        cursor::Show,
        terminal::LeaveAlternateScreen
    );
    let _line = line(PATIENCE);
    let told = output().and_then(|mut out| out.write_all(&bytes));
    if told.is_err() {
        // Standard output may be a pipe to the terminal that nobody reads any more.
        let _ = input().and_then(|mut tty| tty.write_all(&bytes));
    }
}

/// The number of the write that is in progress, if one is.
pub(super) fn writing() -> Option<usize> {
    let busy = matches!(LINE.try_lock(), Err(TryLockError::WouldBlock));
    busy.then(|| WRITES.load(Ordering::SeqCst))
}

/// The line, if it comes free within `patience`.
fn line(patience: Duration) -> Option<MutexGuard<'static, ()>> {
    let deadline = Instant::now() + patience;
    loop {
        match LINE.try_lock() {
            Ok(line) => return Some(line),
            Err(TryLockError::Poisoned(line)) => return Some(line.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Where keys come from: standard input, or the controlling terminal where that is none.
pub(super) fn input() -> io::Result<File> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Ok(File::from(stdin.as_fd().try_clone_to_owned()?));
    }
    File::options().read(true).write(true).open("/dev/tty")
}

/// Whether no other process group has the terminal.
fn is_foreground() -> bool {
    let owner = input().map(rustix::termios::tcgetpgrp);
    !matches!(owner, Ok(Ok(group)) if group != rustix::process::getpgrp())
}

/// What a look at the terminal tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// There is something to read.
    Ready,
    /// Nothing came within the time.
    Nothing,
    /// The terminal is gone.
    Lost,
}

/// Waits until one of `lines` has what is asked for, or is gone, at most for `patience`; nothing is
/// read.
pub(super) fn look(lines: &[BorrowedFd<'_>], asked: PollFlags, patience: Duration) -> Look {
    let mut polled: Vec<_> = lines.iter().map(|fd| PollFd::new(fd, asked)).collect();
    let patience = Timespec::try_from(patience).ok();
    if rustix::event::poll(&mut polled, patience.as_ref()).is_err() {
        // A signal came first.
        return Look::Nothing;
    }
    let came = polled.iter().map(PollFd::revents);
    let came = came.fold(PollFlags::empty(), |all, one| all | one);
    if came.intersects(PollFlags::HUP | PollFlags::ERR) {
        Look::Lost
    } else if came.intersects(asked | PollFlags::NVAL) {
        // A line that we hold is never invalid: where a system says so, it cannot poll terminals.
        Look::Ready
    } else {
        Look::Nothing
    }
}

/// The terminal's size; of one that does not know it, the usual.
fn size() -> io::Result<Rect> {
    let (columns, rows) = terminal::size()?;
    Ok(sensible(columns, rows))
}

fn sensible(columns: u16, rows: u16) -> Rect {
    match (columns, rows) {
        (0, _) | (_, 0) => Rect::new(0, 0, 80, 24),
        (columns, rows) => Rect::new(0, 0, columns.min(LARGEST.0), rows.min(LARGEST.1)),
    }
}

fn output() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_neither_nothing_nor_without_end() {
        for (said, taken) in [
            ((0, 0), (80, 24)),
            ((0, 50), (80, 24)),
            ((120, 0), (80, 24)),
            ((1, 1), (1, 1)),
            ((500, 200), (500, 200)),
            ((u16::MAX, u16::MAX), LARGEST),
        ] {
            let area = sensible(said.0, said.1);
            assert_eq!((area.width, area.height), taken, "{said:?}");
        }
    }

    #[test]
    fn a_pipe_is_looked_at_without_being_read() -> io::Result<()> {
        let (reader, mut writer) = io::pipe()?;
        let look = |asked| look(&[reader.as_fd()], asked, Duration::ZERO);
        assert_eq!(look(PollFlags::IN), Look::Nothing);
        writer.write_all(b"q")?;
        assert_eq!(look(PollFlags::IN), Look::Ready);
        assert_eq!(look(PollFlags::empty()), Look::Nothing);
        drop(writer);
        assert_eq!(look(PollFlags::empty()), Look::Lost);
        Ok(())
    }
}
