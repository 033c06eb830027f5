//! Every way out gives the terminal back. (The smallest terminals are in `sizes`, stopping and
//! continuing in `stopped`.)

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use slalom::landscape::starts::Question;
use slalom::race::Race;
use slalom::race::retrace::Glance;
use slalom::runner::{Inspection, Mapped, Replay, Scouted, Source, State, stopwatch};
use slalom::scenario::check::{Options, check};
use slalom::scenario::shipped;
use slalom::tui::message::Wish;
use slalom::tui::terminal::Screen;
use slalom::tui::theme::Look;
use slalom::tui::{self, Stage};

use crate::terminal::person::{LONG, Terminal, command, find_last, shell};

#[test]
fn signals_and_keys() {
    for (signal, key, code) in [
        ("INT", "", 130),
        ("TERM", "", 143),
        ("HUP", "", 129),
        ("QUIT", "", 131),
        ("", "q", 0),
        ("", "\x03", 130),
    ] {
        let mut terminal = Terminal::slalom(&["beale"]);
        terminal.until("playing");
        if signal.is_empty() {
            terminal.press(key);
        } else {
            terminal.signal(signal);
        }
        assert_eq!(terminal.end(), code, "{signal}{key:?}");
        terminal.is_given_back();
        terminal.until("Momentum");
    }
}

#[test]
fn standard_output_that_is_closed() {
    // Nothing is seen then, but keys are read.
    let mut terminal = Terminal::start(80, 24, shell("exec slalom beale --tui >&-"));
    terminal.wait("raw", |terminal| !terminal.has_modes_of_before());
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    assert!(terminal.has_modes_of_before());
}

#[test]
fn standard_output_whose_reader_goes() {
    let line = "slalom beale --tui | head -c 4000; echo the end";
    let mut terminal = Terminal::start(80, 24, shell(line));
    terminal.until("the end");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    // While it is paused, nothing is written that could fail.
    let line = "slalom beale --tui | sleep 1; echo the end";
    let mut terminal = Terminal::start(80, 24, shell(line));
    terminal.press(" ");
    terminal.until("the end");
    assert_eq!(terminal.end(), 0);
    assert!(terminal.has_modes_of_before());
}

#[test]
fn an_error_at_the_start() {
    let mut terminal = Terminal::start(80, 24, shell("exec slalom beale --tui > /dev/full"));
    terminal.until("error: the screen failed: ");
    assert_eq!(terminal.end(), 4);
    assert!(terminal.has_modes_of_before());
    // Without any terminal.
    let slalom = env!("CARGO_BIN_EXE_slalom");
    let mut command = Command::new("setsid");
    command.args(["--wait", slalom, "beale", "--tui"]);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{complaint}");
    assert!(complaint.contains("no terminal"), "{complaint}");
    assert!(complaint.contains("--headless"), "{complaint}");
    assert_eq!(find_last(&output.stdout, "\x1b"), None, "nothing was begun");
}

#[test]
fn a_panic_of_the_screen() {
    let mut terminal = child("screen");
    terminal.until("the screen panics");
    assert_ne!(terminal.end(), 0);
    terminal.is_given_back();
    let seen = terminal.seen.lock().unwrap();
    let (back, told) = ("\x1b[?1049l", "the screen panics");
    assert!(find_last(&seen.0, back) < find_last(&seen.0, told));
}

#[test]
fn a_panic_of_another_thread() {
    let mut terminal = child("another");
    terminal.until("the screen failed as it should");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    assert!(terminal.has_written("the other panics"));
}

#[test]
fn a_panic_of_a_racer_is_none_of_the_screens() {
    let mut terminal = child("racer");
    terminal.until("playing");
    terminal.press("]]]]]]");
    terminal.until("finished");
    terminal.press("q");
    terminal.until("the screen was left");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    assert!(!terminal.has_written("the racer panics"));
}

#[test]
fn whoever_asks_again_gets_an_end_at_once() {
    // Left by its key, or by a signal; then something takes long, and a signal comes.
    for (first, again, code) in [("", "TERM", 143), ("", "INT", 130), ("TERM", "INT", 130)] {
        let mut terminal = child("nobody, but the end takes long");
        terminal.until("playing");
        if first.is_empty() {
            terminal.press("q");
        } else {
            terminal.signal(first);
        }
        terminal.until("the screen was left");
        // A terminal that is closed may tell so more than once: that hurries nobody.
        terminal.signal("HUP");
        std::thread::sleep(Duration::from_millis(300));
        terminal.signal(again);
        assert_eq!(terminal.end(), code, "{first} {again}");
        terminal.is_given_back();
        assert!(!terminal.has_written("the end"), "it took its time");
    }
}

#[test]
fn a_mouse_that_was_captured() {
    const ON: &str = "\x1b[?1002h";
    let mut terminal = child("nobody, and there is a mouse");
    terminal.wait("captured", |terminal| terminal.has_written(ON));
    terminal.is_stopped();
    terminal.is_given_back();
    let before = terminal.written();
    terminal.signal("CONT");
    terminal.until("the screen was left");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    let after = terminal.written_since(before);
    assert!(find_last(&after, ON).is_some(), "captured again");
}

/// The variable that tells [`in_a_child`] who panics.
const WHO: &str = "WHO_PANICS";

/// The screen in a process of its own, where somebody panics.
fn child(who: &str) -> Terminal {
    let tests = std::env::current_exe().unwrap();
    let arguments = ["terminal::ways_out::in_a_child", "--exact", "--ignored"];
    let line = [&[tests.to_str().unwrap()], &arguments[..], &["--nocapture"]].concat();
    let mut command = command(&line);
    command.env(WHO, who);
    Terminal::start(80, 24, command)
}

/// A race that is over, at the tenth look at which somebody panics.
struct Panicking {
    race: Replay,
    who: String,
    looks: AtomicUsize,
}

impl Source for Panicking {
    fn latest(&self) -> Arc<State> {
        let looks = self.looks.fetch_add(1, Ordering::Relaxed);
        if looks == 10 && !self.who.starts_with("nobody") {
            let thread = match self.who.as_str() {
                "racer" => "racer 1",
                "another" => "other",
                _ => panic!("the screen panics"),
            };
            let panic = || {
                panic!(
                    "the {} panics",
                    &std::thread::current().name().unwrap()[..5]
                )
            };
            let thread = std::thread::Builder::new().name(thread.to_owned());
            assert!(thread.spawn(panic).unwrap().join().is_err());
        }
        self.race.latest()
    }
}

impl Stage for Panicking {
    fn source(&self) -> &dyn Source {
        self
    }

    fn open(&mut self, _: Wish) -> Result<(), String> {
        Err("no other race".to_owned())
    }

    fn scout(&mut self, _: Option<&Question>) -> Option<Arc<Scouted>> {
        None
    }

    fn inspect(&mut self, _: &[Glance]) -> Inspection {
        Inspection::default()
    }
}

#[test]
#[ignore = "a part of the tests above, which start it on a terminal"]
fn in_a_child() {
    let who = std::env::var(WHO).expect("this is no test of its own");
    let long = who.ends_with("takes long");
    if who.ends_with("mouse") {
        let mut screen = Screen::take().unwrap();
        screen.capture_mouse(true).unwrap();
        screen.suspend().unwrap();
        assert!(screen.captures_mouse());
        drop(screen);
        println!("the screen was left");
        return;
    }
    let source = shipped::find("beale").unwrap().source();
    let scenario = check(&source, &Options::default()).unwrap();
    let mut race = Race::new(&scenario, &stopwatch);
    while !race.finished() {
        race.advance(1_000);
    }
    let mut stage = Panicking {
        race: Replay::new(race.snapshot(), Mapped::absent(None)),
        who,
        looks: AtomicUsize::new(0),
    };
    let options = tui::Options {
        fps: 60,
        look: Look::default(),
        exit_on_finish: false,
        ask_ground: true,
    };
    match tui::run(&mut stage, options) {
        Ok(exit) => println!("the screen was left: {exit:?}"),
        Err(error) => println!("the screen failed as it should: {error}"),
    }
    if long {
        std::thread::sleep(LONG);
        println!("the end");
    }
}
