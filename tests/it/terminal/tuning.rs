//! The screen of `slalom tune`: what it shows, and what it leaves behind on its ways out.

use std::fs;

use crate::command::Place;
use crate::terminal::person::{Terminal, shell};

/// Two racers on a surface; `steps` says how long it takes.
fn bowl(steps: &str) -> String {
    format!(
        "title = \"Bowl\"\n[surface]\nfunction = \"booth\"\nstart = [0, 0]\n[finish]\nloss = -1\n\
         steps = {steps}\n[[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1 # a guess\n\
         [[racer]]\noptimizer = \"adam\"\nlearning_rate = 0.1\n"
    )
}

/// `slalom tune` with these arguments in `place`.
fn tune(place: &Place, arguments: &str) -> Terminal {
    let folder = place.path("").display().to_string();
    let line = format!("cd '{folder}'; exec slalom tune {arguments}");
    Terminal::start(120, 35, shell(&line))
}

#[test]
fn a_search_is_watched_to_its_end_and_leaves_its_table() {
    let place = Place::new();
    place.write("bowl.toml", bowl("30").replace("loss = -1", "loss = 0.5"));
    let mut terminal = tune(&place, "bowl.toml --write");
    terminal.until("done in ");
    for seen in [
        "Bowl, learning rates",
        "1 rates",
        "2 iterations by rate",
        "3 protocol",
    ] {
        terminal.until(seen);
    }
    terminal.is_settled();
    terminal.press("j2z3?");
    terminal.until("hide the selected racer's lines");
    terminal.press("?q");
    assert_eq!(terminal.end(), 0);
    terminal.is_given_back();
    terminal.until("rates: @ best");
    terminal.until("the best rates were written to");
    let text = fs::read_to_string(place.path("bowl.toml")).unwrap();
    assert!(text.contains("# a guess") && !text.contains("learning_rate = 0.1 # a guess"));
}

#[test]
fn who_leaves_early_gets_what_is_known_and_the_file_stays() {
    let place = Place::new();
    let text = bowl("1000000000");
    place.write("long.toml", &text);
    for (key, signal, code) in [("q", "", 0), ("\x03", "", 130), ("", "TERM", 143)] {
        let mut terminal = tune(&place, "long.toml --write");
        terminal.until("in flight");
        if signal.is_empty() {
            terminal.press(key);
        } else {
            terminal.signal(signal);
        }
        assert_eq!(terminal.end(), code, "{key:?}{signal}");
        terminal.is_given_back();
        terminal.until("left after ");
        terminal.until("stopped before the end");
        assert_eq!(fs::read_to_string(place.path("long.toml")).unwrap(), text);
    }
}

#[test]
fn the_screen_is_left_by_itself_where_that_is_asked_for_and_not_opened_where_none_is_wanted() {
    let place = Place::new();
    place.write("bowl.toml", bowl("30"));
    let mut terminal = tune(&place, "bowl.toml --exit-on-finish");
    assert_eq!(terminal.end(), 0);
    assert!(terminal.has_written("standings"));
    terminal.until("rates: @ best");
    for flags in ["--headless", "--format csv", "--plain"] {
        let mut terminal = tune(&place, &format!("bowl.toml {flags}"));
        assert_eq!(terminal.end(), 0, "{flags}");
        assert!(!terminal.has_written("standings"), "{flags}");
    }
}
