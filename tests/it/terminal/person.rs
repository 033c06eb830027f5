//! A person at a terminal: starts programs on a pseudo-terminal, types, resizes, hangs up, and looks.

use std::io::{Read, Write};
use std::num::NonZero;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long anything may take on a busy machine.
pub const LONG: Duration = Duration::from_mins(1);

/// Variables that say what the terminal of these tests is like, which is not that of the program's.
const ELSEWHERE: [&str; 9] = [
    "NO_COLOR",
    "COLORTERM",
    "COLORFGBG",
    "SSH_CONNECTION",
    "SSH_TTY",
    "TMUX",
    "STY",
    "LC_ALL",
    "LANG",
];

pub struct Terminal {
    pty: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    /// All that was written, and the screen it makes.
    pub seen: Arc<Mutex<(Vec<u8>, vt100::Parser)>>,
    modes: String,
    hung: Arc<AtomicBool>,
    /// Whether this side takes nothing of what is written.
    pub frozen: Arc<AtomicBool>,
    /// Tells when the last handle of this side is closed.
    closed: Receiver<Instant>,
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}

/// At least one.
fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

fn parser(cols: u16, rows: u16) -> vt100::Parser {
    vt100::Parser::new(cells(rows), cells(cols), 0)
}

/// A command line in a terminal of a common kind.
pub fn command(line: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(line[0]);
    command.args(&line[1..]);
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command
}

/// The program with these arguments.
pub fn slalom(arguments: &[&str]) -> CommandBuilder {
    command(&[&[env!("CARGO_BIN_EXE_slalom")], arguments].concat())
}

/// A line for the shell, in which `slalom` is the program.
pub fn shell(line: &str) -> CommandBuilder {
    let program = format!("'{}'", env!("CARGO_BIN_EXE_slalom"));
    command(&["sh", "-c", &line.replace("slalom", &program)])
}

impl Terminal {
    /// Starts slalom with these arguments on a terminal of 80x24.
    pub fn slalom(arguments: &[&str]) -> Self {
        Self::start(80, 24, slalom(arguments))
    }

    pub fn start(cols: u16, rows: u16, command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(cols, rows)).unwrap();
        let modes = format!("{:?}", pair.master.get_termios());
        let child = pair.slave.spawn_command(command).unwrap();
        let seen = Arc::new(Mutex::new((Vec::new(), parser(cols, rows))));
        let (theirs, mut out) = (Arc::clone(&seen), pair.master.try_clone_reader().unwrap());
        let hung = Arc::new(AtomicBool::new(false));
        let frozen = Arc::new(AtomicBool::new(false));
        let (away, still) = (Arc::clone(&hung), Arc::clone(&frozen));
        let (close, closed) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            while !away.load(Relaxed)
                && let Ok(count @ 1..) = out.read(&mut bytes)
            {
                while still.load(Relaxed) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                let mut seen = theirs.lock().unwrap();
                seen.0.extend_from_slice(&bytes[..count]);
                seen.1.process(&bytes[..count]);
            }
            drop(out);
            let _ = close.send(Instant::now());
        });
        Self {
            keys: Some(pair.master.take_writer().unwrap()),
            pty: Some(pair.master),
            child,
            seen,
            modes,
            hung,
            frozen,
            closed,
        }
    }

    /// What the screen shows, without the spaces at the ends of its lines.
    pub fn screen(&self) -> String {
        let contents = self.seen.lock().unwrap().1.screen().contents();
        let lines: Vec<_> = contents.lines().map(str::trim_end).collect();
        lines.join("\n")
    }

    /// What was written since `begin` bytes were.
    pub fn written_since(&self, begin: usize) -> Vec<u8> {
        self.seen.lock().unwrap().0[begin..].to_vec()
    }

    pub fn written(&self) -> usize {
        self.seen.lock().unwrap().0.len()
    }

    pub fn has_written(&self, what: &str) -> bool {
        find_last(&self.seen.lock().unwrap().0, what).is_some()
    }

    /// Waits until something is so.
    pub fn wait(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !is_so(self) {
            let screen = self.screen();
            assert!(begin.elapsed() < LONG, "never {what}:\n{screen}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the screen shows `text`.
    pub fn until(&self, text: &str) {
        self.wait(text, |terminal| terminal.screen().contains(text));
    }

    /// Pauses a race at its start; the screen.
    pub fn pause_at_start(&mut self) -> String {
        self.until("playing");
        self.press("r ");
        self.until("paused");
        self.press("r ");
        self.until("paused · step 0 of");
        self.is_settled();
        self.screen()
    }

    /// Waits until nothing has been written for longer than anything takes to move while paused.
    pub fn is_settled(&self) {
        self.wait("settled", |terminal| {
            let before = terminal.written();
            std::thread::sleep(Duration::from_millis(1500));
            terminal.written() == before
        });
    }

    pub fn press(&mut self, keys: &str) {
        let to = self.keys.as_mut().unwrap();
        to.write_all(keys.as_bytes()).unwrap();
        to.flush().unwrap();
    }

    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn signal(&self, name: &str) {
        let process = self.process().to_string();
        let kill = Command::new("kill").args(["-s", name, &process]).status();
        assert!(kill.unwrap().success());
    }

    /// Waits until the process is stopped.
    pub fn is_stopped(&self) {
        let stat = format!("/proc/{}/stat", self.process());
        self.wait("stopped", |_| {
            let stat = std::fs::read_to_string(&stat).unwrap();
            stat.rsplit(')').next().unwrap().starts_with(" T ")
        });
    }

    pub fn resize(&self, cols: u16, rows: u16) {
        let mut seen = self.seen.lock().unwrap();
        seen.1.screen_mut().set_size(cells(rows), cells(cols));
        drop(seen);
        self.pty.as_ref().unwrap().resize(size(cols, rows)).unwrap();
    }

    /// Forgets what the screen shows.
    pub fn wipe(&self) {
        let mut seen = self.seen.lock().unwrap();
        let (rows, cols) = seen.1.screen().size();
        seen.1 = vt100::Parser::new(rows, cols, 0);
    }

    /// Hangs up: all handles of this side are closed; when the last was. Whatever the program writes
    /// next it writes while the line goes.
    pub fn hang_up(&mut self) -> Instant {
        self.hung.store(true, Relaxed);
        // The reader sees it with the next frame.
        self.press("\x0c");
        (self.pty, self.keys) = (None, None);
        self.closed.recv_timeout(LONG).unwrap()
    }

    /// Waits for the end; the exit code.
    pub fn end(&mut self) -> u32 {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            if begin.elapsed() > LONG {
                self.child.kill().unwrap();
                panic!("it did not end; the screen was\n{}", self.screen());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether keys are line by line and echoed, as before.
    pub fn has_modes_of_before(&self) -> bool {
        let pty = self.pty.as_ref().unwrap();
        format!("{:?}", pty.get_termios()) == self.modes
    }

    /// Waits until everything is as it was: the main screen, the cursor, no mouse, no update left
    /// open, line mode and echo.
    pub fn is_given_back(&self) {
        self.wait("given back", |terminal| {
            let seen = terminal.seen.lock().unwrap();
            let last = |mode: &str| {
                let at = |end: &str| find_last(&seen.0, &format!("\x1b[?{mode}{end}"));
                (at("h"), at("l"))
            };
            let (cursor, main, update) = (last("25"), last("1049"), last("2026"));
            let mouse = ["1000", "1002", "1003", "1006", "1015"].map(last);
            cursor.0 > cursor.1
                && main.1 > main.0
                && update.1 > update.0
                && mouse.into_iter().all(|(on, off)| on.is_none() || off > on)
                && terminal.has_modes_of_before()
        });
    }
}

impl Drop for Terminal {
    /// Leaves no process behind where a test fails.
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

pub fn find_last(bytes: &[u8], what: &str) -> Option<usize> {
    bytes
        .windows(what.len())
        .rposition(|window| window == what.as_bytes())
}

/// How often `what` was written.
pub fn count(bytes: &[u8], what: &str) -> usize {
    let windows = bytes.windows(what.len());
    windows.filter(|window| *window == what.as_bytes()).count()
}
