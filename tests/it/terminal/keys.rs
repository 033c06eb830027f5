//! What is shown, and what keys do.

use std::time::Duration;

use crate::terminal::person::{Terminal, find_last, shell};

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
fn keys_pause_step_change_the_speed_and_restart() {
    let mut terminal = Terminal::slalom(&["beale"]);
    terminal.until("playing");
    terminal.press("r ");
    terminal.until("paused");
    terminal.press("r ");
    terminal.until("paused · step 0 of");
    terminal.press("...");
    terminal.until("paused · step 3 of");
    terminal.is_settled();
    let before = terminal.written();
    std::thread::sleep(Duration::from_secs(2));
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
fn keys_come_from_the_terminal_where_the_scenario_comes_from_standard_input() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/beale.toml");
    let mut command = shell("exec slalom - < \"$SCENARIO\"");
    command.env("SCENARIO", file);
    let mut terminal = Terminal::start(80, 24, command);
    terminal.until("playing");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn the_start_map_is_filled_in_the_background() {
    let mut terminal = Terminal::slalom(&["saddle"]);
    terminal.until("playing");
    terminal.press("b");
    terminal.wait("the full map", |terminal| {
        let screen = terminal.screen();
        let title = screen.lines().find(|line| line.contains("iterations from"));
        title.is_some_and(|title| title.contains("starts") && !title.contains(" of "))
    });
    terminal.until("and more iterations");
    terminal.press("c");
    terminal.until("starts lead");
    terminal.until("target met 100 %");
    terminal.press("bq");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_race_is_changed_forked_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = shell("cd \"$FOLDER\" && exec slalom beale");
    command.env("FOLDER", folder.path());
    let mut terminal = Terminal::start(120, 35, command);
    terminal.until("playing");
    terminal.press("r .....");
    terminal.until("paused · step 5 of");
    terminal.press("ej\x1b[B");
    terminal.until("how far a step goes");
    terminal.press("\x1b[C");
    terminal.until("was 0.0464");
    terminal.press("f");
    terminal.until("forked at step 5");
    terminal.press("W");
    terminal.until("written to beale-edited.toml");
    terminal.press("e\x1b[C\r");
    terminal.until("· edited ·");
    terminal.press("W");
    terminal.until("written to beale-edited-2.toml");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.until("Beale, seed 7, edited");
    for (file, rate, remark) in [
        ("beale-edited.toml", "learning_rate = 0.1\n", true),
        ("beale-edited-2.toml", "learning_rate = 0.215\n", false),
    ] {
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains(rate) && text.contains("# Watch the corner."),
            "{text}"
        );
        assert_eq!(
            text.contains("After step 5 GD went on with learning_rate 0.1 (was 0.0464)."),
            remark
        );
        let mut slalom = assert_cmd::Command::new(env!("CARGO_BIN_EXE_slalom"));
        slalom.arg("check").arg(path).assert().success();
    }
}
