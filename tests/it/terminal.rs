//! The real program on a pseudo-terminal: what it shows, what its keys do, and that the terminal is
//! given back on every way out.

use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long anything may take on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// A person at a terminal.
struct Terminal {
    pty: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    /// All that was written, and the screen it makes.
    seen: Arc<Mutex<(Vec<u8>, vt100::Parser)>>,
    modes: String,
    hung: Arc<AtomicBool>,
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

/// The environment of a terminal with 256 colours and braille, whatever that of the tests is.
fn usual(command: &mut CommandBuilder) {
    for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "C.UTF-8");
}

impl Terminal {
    fn start(cols: u16, rows: u16, line: &[&str]) -> Self {
        let mut command = CommandBuilder::new(line[0]);
        command.args(&line[1..]);
        usual(&mut command);
        Self::with(cols, rows, command)
    }

    fn with(cols: u16, rows: u16, command: CommandBuilder) -> Self {
        let pair = native_pty_system().openpty(size(cols, rows)).unwrap();
        let modes = format!("{:?}", pair.master.get_termios());
        let child = pair.slave.spawn_command(command).unwrap();
        let seen = Arc::new(Mutex::new((Vec::new(), parser(cols, rows))));
        let (theirs, mut out) = (Arc::clone(&seen), pair.master.try_clone_reader().unwrap());
        let hung = Arc::new(AtomicBool::new(false));
        let away = Arc::clone(&hung);
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65536];
            while let (false, Ok(count @ 1..)) = (away.load(Relaxed), out.read(&mut bytes)) {
                let mut seen = theirs.lock().unwrap();
                seen.0.extend_from_slice(&bytes[..count]);
                seen.1.process(&bytes[..count]);
            }
        });
        Self {
            keys: Some(pair.master.take_writer().unwrap()),
            pty: Some(pair.master),
            child,
            seen,
            modes,
            hung,
        }
    }

    fn slalom(arguments: &[&str]) -> Self {
        let line: Vec<&str> = [&[env!("CARGO_BIN_EXE_slalom")], arguments].concat();
        Self::start(80, 24, &line)
    }

    fn screen(&self) -> String {
        self.seen.lock().unwrap().1.screen().contents()
    }

    fn written(&self) -> usize {
        self.seen.lock().unwrap().0.len()
    }

    /// Waits until the screen shows `text`.
    fn until(&self, text: &str) {
        let begin = Instant::now();
        while !self.screen().contains(text) {
            let screen = self.screen();
            assert!(begin.elapsed() < LONG, "never showed {text:?}:\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn press(&mut self, keys: &str) {
        let to = self.keys.as_mut().unwrap();
        to.write_all(keys.as_bytes()).unwrap();
        to.flush().unwrap();
    }

    fn signal(&self, name: &str) {
        let process = self.child.process_id().unwrap().to_string();
        let kill = std::process::Command::new("kill")
            .args(["-s", name, &process])
            .status();
        assert!(kill.unwrap().success());
    }

    fn resize(&self, cols: u16, rows: u16) {
        self.seen
            .lock()
            .unwrap()
            .1
            .screen_mut()
            .set_size(cells(rows), cells(cols));
        self.pty.as_ref().unwrap().resize(size(cols, rows)).unwrap();
    }

    /// Waits for the end; the exit code.
    fn end(&mut self) -> u32 {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            if begin.elapsed() > LONG {
                self.child.kill().unwrap();
                panic!("it did not end; the screen was\n{}", self.screen());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether everything is as it was: the main screen, the cursor, no update left open, line mode
    /// and echo.
    fn is_given_back(&self) {
        let pty = self.pty.as_ref().unwrap();
        assert_eq!(format!("{:?}", pty.get_termios()), self.modes);
        let begin = Instant::now();
        let restored = || {
            let seen = self.seen.lock().unwrap();
            let last = |mode: &str| {
                let at = |end: &str| find_last(&seen.0, &format!("\x1b[?{mode}{end}"));
                (at("h"), at("l"))
            };
            let (cursor, main, update) = (last("25"), last("1049"), last("2026"));
            cursor.0 > cursor.1 && main.1 > main.0 && update.1 > update.0
        };
        while !restored() {
            assert!(begin.elapsed() < LONG, "the screen is not given back");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn find_last(bytes: &[u8], what: &str) -> Option<usize> {
    bytes
        .windows(what.len())
        .rposition(|window| window == what.as_bytes())
}

#[test]
fn a_race_is_shown_and_its_standings_are_left_behind() {
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.until("playing");
    for text in [
        "Beale",
        "target",
        "A Adam",
        "|grad|",
        "space pause",
        "computed in",
    ] {
        terminal.until(text);
    }
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    terminal.until("Momentum");
    let seen = terminal.seen.lock().unwrap();
    let after = &seen.0[find_last(&seen.0, "\x1b[?1049l").unwrap()..];
    assert!(
        String::from_utf8_lossy(after).contains("Adam"),
        "after the screen"
    );
}

#[test]
fn every_way_out_gives_the_terminal_back() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let mut terminal = Terminal::slalom(&["beale"]);
        terminal.until("playing");
        terminal.signal(signal);
        assert_eq!(terminal.end(), code, "{signal}");
        terminal.is_given_back();
    }
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.until("playing");
    terminal.press("\x03");
    assert_eq!(terminal.end(), 130, "ctrl+c");
    terminal.is_given_back();
}

#[test]
fn a_lost_terminal_ends_the_program() {
    for _ in 0..10 {
        let mut terminal = Terminal::slalom(&["beale"]);
        terminal.until("playing");
        // All handles of the other side go, the reader's with the next frame: the line is dead.
        (terminal.pty, terminal.keys) = (None, None);
        terminal.hung.store(true, Relaxed);
        let begin = Instant::now();
        assert_eq!(terminal.end(), 129);
        assert!(begin.elapsed() < Duration::from_secs(2));
    }
}

#[test]
fn stopped_and_continued_it_draws_anew() {
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.until("playing");
    terminal.press(" ");
    terminal.until("paused");
    terminal.signal("STOP");
    terminal.seen.lock().unwrap().1 = parser(80, 24);
    terminal.signal("CONT");
    terminal.until("A Adam");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn keys_pause_step_change_the_speed_and_restart() {
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.until("playing");
    terminal.press("r ");
    terminal.until("paused");
    terminal.press("r ");
    terminal.until("paused · step 0 of");
    terminal.press("...");
    terminal.until("paused · step 3 of");
    let before = terminal.written();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(
        terminal.written(),
        before,
        "while paused nothing is written"
    );
    terminal.press("]]]]]]]]]] ");
    terminal.until("finished");
    terminal.press("[[[[[[[[[[[[[r");
    terminal.until("playing");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn any_size_will_do() {
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.until("playing");
    for step in 0..100_u16 {
        terminal.resize(1 + step * 37 % 300, 1 + step * 11 % 90);
        std::thread::sleep(Duration::from_millis(3));
    }
    terminal.resize(120, 35);
    terminal.until("q quit");
    terminal.until("A Adam");
    terminal.until("loss (log) against iterations");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn keys_come_from_the_terminal_where_the_scenario_comes_from_standard_input() {
    let program = env!("CARGO_BIN_EXE_slalom");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/beale.toml");
    let line = format!("exec '{program}' - < '{file}'");
    let mut terminal = Terminal::start(80, 24, &["sh", "-c", &line]);
    terminal.until("playing");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn without_colour_there_is_none_but_bold_stays() {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_slalom"));
    command.args(["race", "beale"]);
    usual(&mut command);
    command.env("NO_COLOR", "1");
    let mut terminal = Terminal::with(80, 24, command);
    terminal.until("playing");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    let seen = terminal.seen.lock().unwrap();
    assert_eq!(find_last(&seen.0, "38;5;"), None);
    assert!(find_last(&seen.0, "\x1b[1m").is_some());
}

#[test]
fn flags_and_locale_choose_colours_and_glyphs() {
    // Flags, a variable, its value, whether all is ASCII, and what colours begin with.
    for (flags, name, value, ascii, colour) in [
        (&[][..], "LC_ALL", "C", true, Some("38;5;")),
        (&["--glyphs", "block"], "LC_ALL", "C", false, Some("38;5;")),
        (
            &["--ascii", "--theme", "mono"],
            "LC_ALL",
            "C.UTF-8",
            true,
            None,
        ),
        (
            &["--color", "always"],
            "NO_COLOR",
            "1",
            false,
            Some("38;5;"),
        ),
        (
            &["--theme", "light"],
            "COLORTERM",
            "truecolor",
            false,
            Some("38;5;198"),
        ),
    ] {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_slalom"));
        command.args(["race", "beale"]);
        command.args(flags);
        usual(&mut command);
        command.env(name, value);
        let mut terminal = Terminal::with(80, 24, command);
        terminal.until("playing");
        terminal.press("q");
        assert_eq!(terminal.end(), 0);
        let seen = terminal.seen.lock().unwrap();
        assert_eq!(seen.0.is_ascii(), ascii, "{flags:?} {name}={value}");
        let found = find_last(&seen.0, colour.unwrap_or("38;5;")).is_some();
        assert_eq!(found, colour.is_some(), "{flags:?} {name}={value}");
    }
}
