//! Kinds of terminals: without colours, without a cursor, inside tmux.

use std::process::Command;

use crate::terminal::person::{Terminal, count, find_last, slalom};

#[test]
fn every_kind_shows_the_race() {
    for (name, value) in [
        ("TERM", "linux"),
        ("TERM", "xterm"),
        ("TERM", "vt100"),
        ("TERM", "no-such-terminal"),
        ("LC_ALL", "C"),
        ("COLORTERM", "truecolor"),
        ("COLORFGBG", "0;15"),
    ] {
        let mut command = slalom(&["beale"]);
        command.env(name, value);
        shows_the_race(Terminal::start(80, 24, command));
    }
    let mut command = slalom(&["beale"]);
    command.env_remove("TERM");
    shows_the_race(Terminal::start(80, 24, command));
}

fn shows_the_race(mut terminal: Terminal) {
    terminal.until("playing");
    terminal.until("Adam  ");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn without_colour_there_is_none_but_bold_stays() {
    let mut command = slalom(&["race", "beale"]);
    command.env("NO_COLOR", "1");
    let mut terminal = Terminal::start(80, 24, command);
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
        let mut command = slalom(&[&["race", "beale"], flags].concat());
        command.env(name, value);
        let mut terminal = Terminal::start(80, 24, command);
        terminal.until("playing");
        terminal.press("q");
        assert_eq!(terminal.end(), 0);
        let seen = terminal.seen.lock().unwrap();
        assert_eq!(seen.0.is_ascii(), ascii, "{flags:?} {name}={value}");
        let found = find_last(&seen.0, colour.unwrap_or("38;5;")).is_some();
        assert_eq!(found, colour.is_some(), "{flags:?} {name}={value}");
    }
}

#[test]
fn a_terminal_that_cannot_place_the_cursor_gets_sentences_and_standings() {
    let dumb = |arguments: &[&str]| {
        let mut command = slalom(arguments);
        command.env("TERM", "dumb");
        Terminal::start(120, 24, command)
    };
    for (arguments, told) in [(&["beale"][..], 1), (&["beale", "--headless"], 0)] {
        let mut terminal = dumb(arguments);
        assert_eq!(terminal.end(), 0);
        terminal.until("Adam");
        assert!(!terminal.has_written("\x1b[?1049h"), "{arguments:?}");
        assert!(terminal.has_modes_of_before());
        let sentences = count(&terminal.written_since(0), "five racers start");
        assert_eq!(sentences, told, "{arguments:?}");
    }
    let mut terminal = dumb(&["beale", "--tui"]);
    terminal.until("playing");
    assert!(!terminal.has_written("\x1b]11;?"), "it is asked nothing");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
#[ignore = "needs tmux"]
fn inside_tmux_it_shows_the_race_and_gives_the_pane_back() {
    let folder = tempfile::TempDir::new().unwrap();
    let socket = folder.path().join("tmux");
    let tmux = |arguments: &[&str]| {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&socket).args(arguments);
        let output = command.env_remove("TMUX").output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    };
    let until = |text: &str| {
        let begin = std::time::Instant::now();
        loop {
            let pane = tmux(&["capture-pane", "-p"]);
            if pane.contains(text) {
                return pane;
            }
            let long = crate::terminal::person::LONG;
            assert!(begin.elapsed() < long, "never showed {text:?}:\n{pane}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    tmux(&[
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-x",
        "100",
        "-y",
        "30",
        "sh",
    ]);
    let program = env!("CARGO_BIN_EXE_slalom");
    let line = format!("PS1=; clear; '{program}' beale; echo ended with $?");
    tmux(&["send-keys", "-l", &line]);
    tmux(&["send-keys", "Enter"]);
    until("playing");
    until("A Adam");
    tmux(&["send-keys", "Space"]);
    until("paused");
    tmux(&["send-keys", "q"]);
    let pane = until("ended with 0");
    assert!(
        pane.contains("Momentum") && !pane.contains("space pause"),
        "{pane}"
    );
    let flags = tmux(&[
        "display-message",
        "-p",
        "#{alternate_on} #{cursor_flag} #{mouse_any_flag}",
    ]);
    assert_eq!(flags.trim(), "0 1 0");
    tmux(&["kill-server"]);
}
