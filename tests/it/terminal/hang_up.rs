//! A lost terminal harms no run: the program ends, and its recording is whole.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::terminal::person::{Terminal, shell};

/// A race that only a hang-up ends, recorded in `record`. Without `heard`, HUP is ignored, as nohup
/// has it.
fn endless(record: &Path, heard: bool) -> Terminal {
    let trap = if heard { "" } else { "trap '' HUP; " };
    let race = "exec slalom beale --set finish.loss=-1 --set finish.steps=1000000000";
    let record_to = "--record \"$RECORD\" --record-every 10000";
    let mut command = shell(&format!("{trap}{race} {record_to}"));
    command.env("RECORD", record);
    Terminal::start(80, 24, command)
}

/// Hangs up on a race; how long it took to end.
fn hang_up(heard: bool, paused: bool) -> Duration {
    let folder = TempDir::new().unwrap();
    let record = folder.path().join("race.jsonl");
    let mut terminal = endless(&record, heard);
    terminal.until("A Adam");
    if paused {
        terminal.press(" ");
        terminal.until("paused");
    }
    let gone = terminal.hang_up();
    assert_eq!(terminal.end(), 129);
    let took = gone.elapsed();
    is_whole(&record);
    took
}

/// Whether a recording can be replayed, and nothing is missing from it.
fn is_whole(record: &Path) {
    let slalom = env!("CARGO_BIN_EXE_slalom");
    let replay = Command::new(slalom)
        .args(["replay", "--headless"])
        .arg(record)
        .output();
    let replay = replay.unwrap();
    let complaint = String::from_utf8_lossy(&replay.stderr);
    assert_eq!((replay.status.code(), &*complaint), (Some(0), ""));
    let standings = String::from_utf8_lossy(&replay.stdout);
    assert!(standings.contains("running"), "{standings}");
}

fn hang_ups(heard: bool) {
    let mut took: Vec<_> = (0..25).map(|i| hang_up(heard, i % 2 == 1)).collect();
    took.sort();
    let (median, most) = (took[took.len() / 2], took[took.len() - 1]);
    println!("hang-up to end: median {median:?}, at most {most:?} (HUP heard: {heard})");
}

#[test]
fn a_lost_terminal_ends_the_program_with_its_recording_whole() {
    hang_ups(true);
}

#[test]
fn so_it_does_where_the_signal_is_ignored() {
    hang_ups(false);
}

#[test]
fn a_hang_up_that_is_ignored_is_no_hang_up_while_the_terminal_stands() {
    let folder = TempDir::new().unwrap();
    let mut terminal = endless(&folder.path().join("race.jsonl"), false);
    terminal.until("A Adam");
    terminal.signal("HUP");
    terminal.press(" ");
    terminal.until("paused");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn a_terminal_that_takes_nothing_any_more_keeps_no_one() {
    for (key, signal, code) in [("", "TERM", 143), ("\x03", "", 130)] {
        let mut terminal = Terminal::slalom(&["beale", "--fps", "60"]);
        terminal.until("playing");
        // The program hangs once the line is full: a whole frame for each of these keys is far more
        // than it holds.
        terminal.frozen.store(true, Relaxed);
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(3) {
            terminal.press("\x0c");
            std::thread::sleep(Duration::from_millis(20));
        }
        if signal.is_empty() {
            terminal.press(key);
        } else {
            terminal.signal(signal);
        }
        assert_eq!(terminal.end(), code, "{key:?} {signal}");
        terminal.frozen.store(false, Relaxed);
    }
}
