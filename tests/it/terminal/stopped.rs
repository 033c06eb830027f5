//! Stopped and continued, by a signal or by the shell: the terminal is given back in between, and
//! drawn anew after it.

use crate::terminal::person::{Terminal, shell};

fn paused() -> Terminal {
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.until("playing");
    terminal.press(" ");
    terminal.until("paused");
    terminal
}

fn leaves(mut terminal: Terminal) {
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn stopped_unawares_and_continued_it_draws_anew() {
    let terminal = paused();
    terminal.signal("STOP");
    terminal.is_stopped();
    terminal.wipe();
    terminal.signal("CONT");
    terminal.until("A Adam");
    leaves(terminal);
}

#[test]
fn suspended_by_a_signal_it_gives_the_terminal_back_before() {
    let terminal = paused();
    for _ in 0..2 {
        terminal.signal("TSTP");
        terminal.is_stopped();
        terminal.is_given_back();
        terminal.wipe();
        terminal.signal("CONT");
        terminal.until("A Adam");
        assert!(!terminal.has_modes_of_before(), "keys are read one by one");
    }
    leaves(terminal);
}

#[test]
fn suspended_by_its_key_it_gives_the_terminal_to_the_shell() {
    let line = "set -m; slalom beale; echo the shell is back; read -r line; fg; echo again";
    let mut terminal = Terminal::start(80, 24, shell(line));
    terminal.until("playing");
    terminal.press("\x1a");
    terminal.until("the shell is back");
    terminal.is_given_back();
    terminal.press("\r");
    terminal.until("A Adam");
    terminal.press("q");
    terminal.until("again");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn where_no_shell_could_continue_it_the_key_does_nothing() {
    let mut terminal = paused();
    terminal.press("\x1a.");
    terminal.press(" ");
    terminal.until("playing");
    leaves(terminal);
}
