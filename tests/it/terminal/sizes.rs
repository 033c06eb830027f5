//! Sizes: any will do, and many changes cost few frames.

use std::time::Duration;

use crate::terminal::person::{Terminal, count, slalom};

/// What every whole frame begins with.
const WHOLE: &str = "\x1b[2J";

#[test]
fn any_size_will_do() {
    let head = "title = \"Many\"\n[surface]\nfunction = \"beale\"\nstart = [1, 1]\n\
                [finish]\nloss = 1e-4\nsteps = 3000\n";
    let racer = |i| format!("[[racer]]\noptimizer = \"adam\"\nlabel = \"racer {i}\"\n");
    let racers = (1..=32).map(|i| racer(i) + "learning_rate = 0.1\n");
    let text = head.to_owned() + &racers.collect::<String>();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("many.toml");
    std::fs::write(&file, text).unwrap();
    let mut terminal = Terminal::slalom(&[file.to_str().unwrap()]);
    let before = terminal.pause_at_start();
    for i in 0..500_u32 {
        terminal.resize((1 + i * 337 % 500) as u16, (1 + i * 119 % 200) as u16);
        std::thread::sleep(Duration::from_millis(10));
    }
    terminal.resize(80, 24);
    terminal.wait("as before", |terminal| terminal.screen() == before);
    terminal.press(".");
    terminal.until("step 1 of");
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
}

#[test]
fn many_changes_of_size_cost_few_frames() {
    for fps in ["10", "60"] {
        let mut terminal = Terminal::start(80, 24, slalom(&["beale", "--fps", fps]));
        let (before, begin) = (terminal.pause_at_start(), terminal.written());
        let started = std::time::Instant::now();
        for i in 1..=49 {
            terminal.resize(80 + i, 24 + i / 4);
            std::thread::sleep(Duration::from_millis(20));
        }
        terminal.resize(80, 24);
        terminal.wait("as before", |terminal| terminal.screen() == before);
        let frames = count(&terminal.written_since(begin), WHOLE);
        let seconds = started.elapsed().as_secs_f64();
        println!("50 resizes in {seconds:.2} s at --fps {fps}: {frames} whole frames");
        // At most ten a second, and the last.
        assert!(frames as f64 <= 10.0 * seconds + 2.0, "{frames}");
        terminal.press("q");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn the_smallest_terminal_is_given_back_too() {
    for (cols, rows) in [(1, 1), (2, 1), (1, 30), (200, 1)] {
        let mut terminal = Terminal::start(cols, rows, slalom(&["beale"]));
        terminal.wait("drawn", |terminal| terminal.has_written(WHOLE));
        terminal.press("q");
        assert_eq!(terminal.end(), 0);
        terminal.is_given_back();
    }
}
