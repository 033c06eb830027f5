//! The screen of one scenario on many seeds: every way out, and what stays behind.

use std::time::Duration;

use crate::terminal::person::Terminal;

#[test]
fn what_is_known_stays_behind_on_every_way_out() {
    for (signal, key, code) in [
        ("INT", "", 130),
        ("TERM", "", 143),
        ("", "q", 0),
        ("", "\x03", 130),
    ] {
        let mut terminal = Terminal::slalom(&["beale", "--seeds", "100000"]);
        terminal.until("in flight");
        terminal.until("Adam leads");
        if signal.is_empty() {
            terminal.press(key);
        } else {
            terminal.signal(signal);
        }
        assert_eq!(terminal.end(), code, "{signal}{key:?}");
        terminal.is_given_back();
        terminal.until("of 100000 seeds: these are the standings so far");
        terminal.until("median iterations");
    }
}

/// Its first seed takes longer than anybody waits: what it has come to is left behind.
#[test]
fn before_the_first_seed_is_done_there_is_its_race() {
    let endless = [
        "--set",
        "finish.loss=-1",
        "--set",
        "finish.steps=1000000000",
    ];
    let mut terminal = Terminal::slalom(&[&["beale", "--seeds", "3"][..], &endless].concat());
    terminal.until("loss on seed 7");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    terminal.until("left after 0 of 3 seeds");
    terminal.until("was still running");
}

#[test]
fn it_ends_with_the_last_seed_if_asked_to() {
    let flags = [
        "beale",
        "--seeds",
        "6",
        "--exit-on-finish",
        "--threads",
        "1",
    ];
    let mut terminal = Terminal::slalom(&flags);
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    terminal.until("6/6");
    let flags = ["rastrigin", "--seeds", "2", "--exit-on-finish"];
    let mut nobody = Terminal::slalom(&[&flags[..], &["--require-converged"]].concat());
    assert_eq!(nobody.end(), 1);
}

#[test]
fn nothing_is_written_once_all_is_known() {
    let mut terminal = Terminal::slalom(&["beale", "--seeds", "3"]);
    terminal.until("3 of 3 seeds");
    let written = |terminal: &Terminal| terminal.seen.lock().unwrap().0.len();
    // The frame may be under way still.
    std::thread::sleep(Duration::from_millis(300));
    let before = written(&terminal);
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(written(&terminal), before);
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}
