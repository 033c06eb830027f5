//! The screen of `slalom modes`: what it shows, and what it leaves behind on its ways out.

use crate::terminal::person::Terminal;

#[test]
fn modes_are_watched_to_their_end_and_leave_their_table() {
    let mut terminal = Terminal::slalom(&["modes", "beale", "--only", "gd,adam", "--seeds", "6"]);
    terminal.until("done in ");
    for seen in ["default rates", "1 orders", "2 flips", "3 terms"] {
        terminal.until(seen);
    }
    terminal.is_settled();
    terminal.press("j2z3?");
    terminal.until("hide the selected racer's");
    terminal.press("?q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    terminal.until("tuned rate");
    terminal.until("no mode is raced on a seed of the search");
}

#[test]
fn who_leaves_early_gets_what_is_known() {
    let endless = [
        "--set",
        "finish.loss=-1",
        "--set",
        "finish.steps=1000000000",
    ];
    for (signal, key, code) in [("", "q", 0), ("", "\x03", 130), ("TERM", "", 143)] {
        let mut terminal = Terminal::slalom(&[&["modes", "beale"][..], &endless].concat());
        terminal.until("search: 0 of 285 runs");
        if signal.is_empty() {
            terminal.press(key);
        } else {
            terminal.signal(signal);
        }
        assert_eq!(terminal.end(), code, "{signal}{key:?}");
        terminal.is_given_back();
        terminal.until("left before the end");
    }
}
