//! Whole screens: what they show, and that no size is too small.

use std::sync::Arc;
use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Color, Modifier};

use super::*;
use crate::race::snapshot::Outcome;
use crate::runner::{Phase, State};
use crate::tui::fixture::{self, evaluation, progress, race};
use crate::tui::ground::Ground;
use crate::tui::keys;

const SCREENS: [(u16, u16, &str); 4] = [
    (
        200,
        50,
        include_str!("../../../tests/data/screens/200x50.txt"),
    ),
    (
        120,
        35,
        include_str!("../../../tests/data/screens/120x35.txt"),
    ),
    (
        80,
        24,
        include_str!("../../../tests/data/screens/80x24.txt"),
    ),
    (
        40,
        12,
        include_str!("../../../tests/data/screens/40x12.txt"),
    ),
];

fn app_of(state: &Arc<State>) -> App {
    App::new(Arc::clone(state), fixture::look(true), Ground::Unknown)
}

fn play(state: State, seconds: f64) -> App {
    let state = Arc::new(state);
    let mut app = app_of(&state);
    app.tick(Duration::from_secs_f64(seconds), state);
    app
}

fn drawn(app: &App, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(app, &mut buffer);
    buffer
}

fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width.max(1));
    let mut text = String::new();
    for row in buffer.content.chunks(width) {
        let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[test]
fn whole_screens_look_as_kept() {
    for (width, height, want) in SCREENS {
        let app = play(race(2000, Phase::Computed, true), 7.5);
        let got = text(&drawn(&app, width, height));
        assert!(got == want, "{width}x{height} is now\n{got}");
    }
}

#[test]
fn racers_have_their_letter_and_colour_on_chart_and_board() {
    let app = play(race(2000, Phase::Computed, true), 7.5);
    let theme = fixture::theme(true);
    for (width, height, _) in SCREENS {
        let buffer = drawn(&app, width, height);
        let has = |letter: &str, racer: usize| {
            let style = if letter == "R" {
                theme.out()
            } else {
                theme.racer(racer)
            };
            let cells = buffer.content.iter().filter(|cell| cell.symbol() == letter);
            cells.filter(|cell| Some(cell.fg) == style.fg).count()
        };
        let least = if width >= 60 { 2 } else { 1 };
        for (racer, letter) in ["G", "B", "M", "R", "A"].into_iter().enumerate() {
            assert!(has(letter, racer) >= least, "{letter} at {width}x{height}");
        }
        let title = buffer.content.iter().find(|cell| cell.symbol() == "D");
        assert_eq!(title.map(|cell| cell.modifier), Some(Modifier::BOLD));
    }
}

#[test]
fn grounds_are_the_terminals_own_and_without_colour_so_is_everything() {
    let app = play(race(2000, Phase::Computed, true), 7.5);
    for (width, height, _) in SCREENS {
        for colour in [true, false] {
            let buffer = drawn(&app, width, height);
            assert!(buffer.content.iter().all(|cell| cell.bg == Color::Reset));
            let plain = buffer.content.iter().all(|cell| cell.fg == Color::Reset);
            assert_eq!(plain, !colour, "{width}x{height}");
        }
    }
}

#[test]
fn at_the_start_all_heads_stand_side_by_side() {
    let app = app_of(&Arc::new(race(0, Phase::Computing, false)));
    assert!(text(&drawn(&app, 80, 24)).contains("│GBMRA"));
}

#[test]
fn no_size_and_no_race_is_too_small_or_too_strange() {
    let name = "Ω".repeat(24);
    let names: Vec<String> = (0..64).map(|i| format!("{i} {name}")).collect();
    let labels: Vec<&str> = names.iter().map(String::as_str).collect();
    let losses = [f64::NAN, f64::INFINITY, 0.0, -1e300, 1e300, 1e-320, 1.0];
    let many = |start: usize| {
        let one = |i: usize| {
            let at = |step: usize| losses[(start + i + step) % losses.len()];
            let trace: Vec<_> = (0..5)
                .map(|n| evaluation(n as u64, 1 << 60, at(n)))
                .collect();
            let cause = name.clone();
            progress(
                &trace,
                i.is_multiple_of(2).then_some(Outcome::Error { cause }),
            )
        };
        let racers = (0..64).map(one).collect();
        fixture::state(&labels, racers, losses[2 + start % 5], Phase::Recorded)
    };
    let mut apps: Vec<App> = (0..losses.len()).map(|i| play(many(i), 9.0)).collect();
    apps.push(play(race(2000, Phase::Computed, true), 7.5));
    let sizes = (0..=10).flat_map(|width| (0..=10).map(move |height| (width, height)));
    let edges = [
        (20, 5),
        (39, 12),
        (40, 11),
        (59, 40),
        (60, 15),
        (60, 16),
        (300, 16),
        (61, 200),
    ];
    for (width, height) in sizes.chain(edges) {
        for app in &apps {
            drawn(app, width, height);
        }
    }
}

#[test]
fn a_story_of_keys() {
    let state = Arc::new(race(2000, Phase::Computed, true));
    let mut app = app_of(&state);
    let mut after = |keys: &str, seconds: f64, says: &str| {
        for key in keys.chars() {
            let event = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
            app.update(keys::message(event).expect("a key of the table"));
        }
        app.tick(Duration::from_secs_f64(seconds), Arc::clone(&state));
        let screen = text(&drawn(&app, 80, 24));
        assert!(
            screen.contains(says),
            "after {keys:?} no {says:?} in\n{screen}"
        );
    };
    after("", 0.0, "playing 20 it/s · step 0 of 300");
    after("", 2.0, "step 40 of 300");
    after(" ", 2.0, "paused · step 40 of 300");
    after(".", 2.0, "paused · step 41 of 300");
    after(" ]", 0.5, "playing 40 it/s · step 61 of 300");
    after("[[", 0.1, "playing 10 it/s · step 62 of 300");
    after(
        "",
        3.0,
        "5  R RMSProp              NaN        NaN          90      5,760  diverged",
    );
    after(
        "",
        3.0,
        "1  A Adam             0.04990    0.01663         116      7,424  converged",
    );
    after("", 30.0, "finished · step 300 of 300");
    after("r", 0.0, "playing 10 it/s · step 0 of 300");
}
