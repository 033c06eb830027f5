//! Whole screens: what they show, and that no size is too small.

use std::sync::Arc;
use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::style::{Color, Modifier};

use super::*;
use crate::race::snapshot::Outcome;
use crate::runner::{Phase, State};
use crate::tui::fixture::{self, evaluation, progress, race};
use crate::tui::glyphs::Glyphs;
use crate::tui::ground::Ground;
use crate::tui::message::Flow;
use crate::tui::theme::{Colour, Look, ThemeName};

mod editor;
mod inspector;
pub mod kept;
mod rates;
mod relief;
pub mod starts;
mod story;

/// The sizes that screens are designed for.
const SIZES: [(u16, u16); 4] = [(200, 50), (120, 35), (80, 24), (40, 12)];

/// A screen on a dark ground.
fn app_of(state: &Arc<State>, look: Look) -> App {
    App::new(Arc::clone(state), look, Ground::Dark)
}

fn play(state: State, seconds: f64, colour: bool) -> App {
    let state = Arc::new(state);
    let mut app = app_of(&state, fixture::look(colour));
    app.tick(Duration::from_secs_f64(seconds), state);
    app
}

fn drawn(app: &mut App, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    app.prepare(buffer.area);
    draw(app, &mut buffer);
    buffer
}

/// Presses keys: `u`, `d`, `l`, `r` and `h` are up, down, left, right and home, a line break is
/// enter, others are themselves. What the last asks for.
fn press(app: &mut App, keys: &str) -> Flow {
    let mut flow = Flow::Continue;
    for key in keys.chars() {
        let code = match key {
            'u' => KeyCode::Up,
            'd' => KeyCode::Down,
            'l' => KeyCode::Left,
            'r' => KeyCode::Right,
            'h' => KeyCode::Home,
            '\n' => KeyCode::Enter,
            key => KeyCode::Char(key),
        };
        flow = app.press(KeyEvent::new(code, KeyModifiers::NONE));
    }
    flow
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
fn the_target_can_be_read_though_curves_cross_it() {
    for part in [0.05, 0.4, 1.0] {
        let screen = text(&drawn(&mut kept::at("beale", part), 120, 35));
        assert!(screen.contains("target 1e-4"), "{screen}");
    }
}

#[test]
fn racers_have_their_letter_and_colour_on_chart_and_board() {
    let mut app = play(race(2000, Phase::Computed, true), 7.5, true);
    let theme = app.theme;
    for (width, height) in SIZES {
        let buffer = drawn(&mut app, width, height);
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
    for colour in [true, false] {
        let mut app = play(race(2000, Phase::Computed, true), 7.5, colour);
        for (width, height) in SIZES {
            let buffer = drawn(&mut app, width, height);
            assert!(buffer.content.iter().all(|cell| cell.bg == Color::Reset));
            let plain = buffer.content.iter().all(|cell| cell.fg == Color::Reset);
            assert_eq!(plain, !colour, "{width}x{height}");
        }
    }
}

#[test]
fn in_ascii_everything_is_ascii() {
    let look = Look {
        theme: ThemeName::Auto,
        colour: Colour::Indexed256,
        glyphs: Glyphs::Ascii,
    };
    let states = ["beale", "one-weight"].map(|name| fixture::shipped(name, 0.5));
    for state in states
        .into_iter()
        .chain([race(2000, Phase::Computed, true)])
    {
        let mut app = app_of(&Arc::new(state), look);
        let sizes = (0..=60).map(|n| (3 * n, n)).chain([(13, 4), (39, 12)]);
        for (width, height) in sizes {
            for overlay in [Overlay::None, Overlay::Help(0), Overlay::Gallery(7)] {
                app.desk.overlay = overlay;
                let text = text(&drawn(&mut app, width, height));
                assert!(text.is_ascii(), "{width}x{height}\n{text}");
            }
        }
    }
}

#[test]
fn at_the_start_all_heads_stand_side_by_side() {
    let mut app = play(race(0, Phase::Computing, false), 0.0, true);
    assert!(text(&drawn(&mut app, 80, 24)).contains("│GBMRA"));
}

#[test]
fn every_page_names_the_others() {
    let mut app = app_of(
        &Arc::new(fixture::shipped("beale", 1.0)),
        fixture::look(true),
    );
    for pane in Pane::ALL {
        app.desk.focus = pane;
        let text = text(&drawn(&mut app, 80, 24));
        let names = ["1 loss", "2 map", "3 board", "4 story"];
        for (name, other) in names.into_iter().zip(Pane::ALL) {
            assert!(other == pane || text.contains(name), "{name}: {text}");
        }
    }
}

#[test]
fn the_podium_is_a_line_where_it_would_hide_the_curves() {
    let mut app = play(race(2000, Phase::Computed, true), 60.0, true);
    app.desk.zoomed = true;
    for (width, boxed) in [(80, false), (120, true)] {
        let text = text(&drawn(&mut app, width, 30));
        assert_eq!(text.contains("┌─"), boxed, "{text}");
        assert!(text.contains("one race, not a ranking"), "{text}");
    }
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
    let mut apps: Vec<App> = (0..losses.len())
        .map(|i| play(many(i), 9.0, true))
        .collect();
    apps.push(play(race(2000, Phase::Computed, true), 7.5, true));
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
        for app in &mut apps {
            for pane in Pane::ALL {
                app.desk.focus = pane;
                app.desk.zoomed = !app.desk.zoomed;
                drawn(app, width, height);
            }
        }
    }
}
