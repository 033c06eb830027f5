//! The question for the background: an answer does no harm, however late it comes.

use std::time::Duration;

use crate::terminal::person::{Terminal, slalom};

const QUESTION: &str = "\x1b]11;?";

/// Has an `r` for restart and a `]` for faster in it, if it is read as keys.
const ANSWER: &str = "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\";

fn at_step_3(terminal: &mut Terminal) {
    terminal.pause_at_start();
    terminal.press("...");
    terminal.until("paused · step 3 of");
}

fn goes_on(mut terminal: Terminal) {
    terminal.press(".");
    terminal.until("paused · step 4 of");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn a_late_answer_is_not_typed_into_the_program() {
    for end in ["\x1b\\", "\x07"] {
        let mut terminal = Terminal::slalom(&["beale"]);
        terminal.wait("asked", |terminal| terminal.has_written(QUESTION));
        std::thread::sleep(Duration::from_millis(500));
        at_step_3(&mut terminal);
        terminal.press(&ANSWER.replace("\x1b\\", end));
        goes_on(terminal);
    }
}

#[test]
fn an_answer_in_time_is_not_either_and_keys_before_it_count() {
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.press(" ");
    terminal.wait("asked", |terminal| terminal.has_written(QUESTION));
    terminal.press(ANSWER);
    terminal.until("paused · step 0 of");
    terminal.press("...");
    terminal.until("paused · step 3 of");
    goes_on(terminal);
}

#[test]
fn elsewhere_nothing_is_asked_and_nothing_is_swallowed() {
    for (name, value) in [
        ("SSH_TTY", "/dev/pts/1"),
        ("SSH_CONNECTION", "::1 1 ::1 22"),
        ("TMUX", "/tmp/tmux"),
        ("TERM", "screen-256color"),
    ] {
        let mut command = slalom(&["beale"]);
        command.env(name, value);
        let mut terminal = Terminal::start(80, 24, command);
        at_step_3(&mut terminal);
        terminal.press(ANSWER);
        terminal.until("playing");
        assert!(!terminal.has_written(QUESTION), "{name}");
        terminal.press("q");
        assert_eq!(terminal.end(), 0);
    }
}
