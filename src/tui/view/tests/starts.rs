//! The start map: its screens, what it costs, and what is said where there is none.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::landscape::starts::{Starts, Trials};
use crate::runner::Scouted;
use crate::scenario::Scenario;
use crate::tui::desk::Tells;
use crate::tui::frame::frame;

/// Bytes of a frame, on average: while the map is being filled, in five parts, and with a full one
/// while the race is played; by size.
const LIMITS: [(u16, u16, usize, usize); 3] = [
    (200, 50, 11_000, 1_500),
    (120, 35, 4_000, 1_000),
    (80, 24, 2_700, 700),
];

/// The five on the surface of four minima; `more` goes into the text's finish line.
pub fn himmelblau(more: &str) -> Scenario {
    on("himmelblau", more)
}

fn on(surface: &str, more: &str) -> Scenario {
    let racer = |(optimizer, rate): (&str, f64)| {
        format!("[[racer]]\noptimizer = \"{optimizer}\"\nlearning_rate = {rate}\n")
    };
    let racers = [
        ("gd", 0.01),
        ("sgd", 0.01),
        ("momentum", 0.02),
        ("rmsprop", 0.02),
        ("adam", 0.1),
    ];
    let racers = racers.map(racer).concat();
    fixture::written(&format!(
        "title = \"Starts\"\n[surface]\nfunction = \"{surface}\"\nstart = [0.5, -0.5]\n\
         [finish]\nloss = 1e-3\nsteps = 1000\n{more}\n{racers}"
    ))
}

/// A race on `scenario`, paused at a part of its way, with the start map of this racer shown.
fn app_on(scenario: &Scenario, racer: usize, look: Look) -> App {
    let mut app = app_of(&Arc::new(fixture::raced(scenario, 1.0)), look);
    app.playhead.scrub(0.4, &app.shown);
    app.places = board::places(&app.shown.snapshot, app.playhead.mark());
    app.desk.show(Figure::Starts);
    app.desk.selected = Some(racer);
    app
}

/// What is found of the map that is wanted, when so many of its starts have been raced.
fn found(app: &App, scenario: &Scenario, count: impl Fn(usize) -> usize) -> Option<Arc<Scouted>> {
    let mut starts = Starts::new(app.question()?.clone());
    let trials = Trials::new(scenario).expect("two variables");
    starts.go_on(&trials, count(starts.all()), &AtomicBool::new(false));
    Some(Arc::new(Scouted {
        starts,
        seconds: 0.05,
    }))
}

/// The whole map that is wanted.
pub fn scouted(app: &App, scenario: &Scenario) -> Option<Arc<Scouted>> {
    found(app, scenario, |all| all)
}

/// A screen of this size with the whole map.
fn screen(app: &mut App, scenario: &Scenario, width: u16, height: u16) -> Buffer {
    app.prepare(Rect::new(0, 0, width, height));
    app.scouted = scouted(app, scenario);
    drawn(app, width, height)
}

#[test]
fn start_maps_at_four_sizes() {
    let colour = fixture::look(true);
    let ascii = Look {
        glyphs: Glyphs::Ascii,
        ..fixture::look(false)
    };
    for (name, surface, tells, look) in [
        ("starts", "himmelblau", Tells::Basins, colour),
        ("starts-iterations", "himmelblau", Tells::Iterations, colour),
        ("starts-ascii", "himmelblau", Tells::Basins, ascii),
        ("starts-lost", "rastrigin", Tells::Basins, colour),
    ] {
        let scenario = on(surface, "");
        let mut app = app_on(&scenario, 4, look);
        app.desk.map.tells = Some(tells);
        kept::keep_each(name, |width, height| {
            let buffer = screen(&mut app, &scenario, width, height);
            assert!(look.glyphs != Glyphs::Ascii || text(&buffer).is_ascii());
            buffer
        });
    }
}

#[test]
fn each_basin_has_its_number_and_its_colour() {
    let scenario = himmelblau("");
    for colour in [true, false] {
        let mut app = app_on(&scenario, 0, fixture::look(colour));
        let theme = app.theme;
        // Its letter may stand on a minimum.
        app.desk.hide(0);
        let buffer = screen(&mut app, &scenario, 120, 35);
        for basin in 0..4 {
            let digit = (basin + 1).to_string();
            let bold = |cell: &&ratatui::buffer::Cell| {
                cell.symbol() == digit && cell.modifier.contains(Modifier::BOLD)
            };
            assert!(buffer.content.iter().any(|cell| bold(&cell)), "{digit}");
            let own = theme.basin(basin).fg;
            let area = |cell: &&ratatui::buffer::Cell| match own {
                Some(own) => cell.bg == own,
                None => cell.symbol() == digit,
            };
            assert!(buffer.content.iter().filter(area).count() > 50, "{digit}");
        }
    }
}

#[test]
fn while_it_is_filled_the_heading_counts_and_the_picture_stands() {
    let scenario = himmelblau("");
    let mut app = app_on(&scenario, 4, fixture::look(true));
    app.prepare(Rect::new(0, 0, 200, 50));
    app.scouted = found(&app, &scenario, |all| all / 16);
    let buffer = drawn(&mut app, 200, 50);
    let starts = &app.scouted.as_ref().expect("it is there").starts;
    let (done, all) = (starts.done() as u64, starts.all() as u64);
    let [done, all] = [done, all].map(number::count);
    let says = format!("Adam: where {done} of {all} starts lead");
    assert!(text(&buffer).contains(&says), "{}", text(&buffer));
    let coloured = buffer.content.iter().filter(|cell| cell.bg != Color::Reset);
    assert!(coloured.count() > 1_000);
}

#[test]
fn filling_stays_within_its_bytes_and_a_full_map_costs_what_a_map_costs() {
    for tells in [Tells::Basins, Tells::Iterations] {
        let scenario = himmelblau("");
        for (width, height, filling, full) in LIMITS {
            let mut app = app_on(&scenario, 4, fixture::look(true));
            app.desk.map.tells = Some(tells);
            let mut shown = drawn(&mut app, width, height);
            let mut bytes = 0;
            for part in 1..=5 {
                app.scouted = found(&app, &scenario, |all| all * part / 5);
                let now = drawn(&mut app, width, height);
                bytes += frame(Some(&shown), &now).unwrap().len();
                shown = now;
            }
            assert!(bytes / 5 <= filling, "{width}x{height}: {}", bytes / 5);
            let again = drawn(&mut app, width, height);
            assert_eq!(frame(Some(&shown), &again).unwrap().len(), 0, "paused");
            app.playhead.paused = false;
            let mut bytes = 0;
            for _ in 0..40 {
                app.tick(Duration::from_millis(100), Arc::clone(&app.shown));
                let now = drawn(&mut app, width, height);
                bytes += frame(Some(&shown), &now).unwrap().len();
                shown = now;
            }
            assert!(bytes / 40 <= full, "{width}x{height}: {}", bytes / 40);
        }
    }
}

#[test]
fn no_screen_is_too_small_for_starts() {
    for surface in ["himmelblau", "saddle"] {
        let scenario = on(surface, "");
        for colour in [true, false] {
            let mut app = app_on(&scenario, 1, fixture::look(colour));
            for zoomed in [false, true] {
                app.desk.zoomed = zoomed;
                for (width, height) in (0..=10).flat_map(|width| (0..=10).map(move |h| (width, h)))
                {
                    screen(&mut app, &scenario, width, height);
                    screen(&mut app, &scenario, 4 * width, 2 * height);
                }
            }
        }
    }
}

#[test]
fn where_there_is_none_it_says_why() {
    let said = |state: State| {
        let mut app = app_of(&Arc::new(state), fixture::look(true));
        app.desk.show(Figure::Starts);
        let text = text(&drawn(&mut app, 200, 50));
        assert_eq!(app.question(), None);
        text
    };
    let computing = State {
        phase: Phase::Computing,
        ..fixture::shipped("beale", 0.1)
    };
    for (state, says) in [
        (fixture::shipped("moons", 0.1), "surfaces of two parameters"),
        (fixture::shipped("line", 0.1), "this model has 2"),
        (fixture::shipped("one-weight", 1.0), "a line of starts"),
        (computing, "when the race itself has been"),
    ] {
        let text = said(state);
        let words: Vec<&str> = text.split_whitespace().collect();
        let pane: String = words.join(" ");
        let first: Vec<&str> = says.split(' ').take(2).collect();
        assert!(pane.contains(&first.join(" ")), "{says}:\n{text}");
    }
}

#[test]
fn another_racer_another_part_and_another_theme_are_another_question() {
    let scenario = himmelblau("");
    let mut app = app_on(&scenario, 4, fixture::look(true));
    let mut asked = |change: &dyn Fn(&mut App)| {
        change(&mut app);
        app.prepare(Rect::new(0, 0, 120, 35));
        app.question().cloned().expect("it is shown")
    };
    let first = asked(&|_| {});
    assert_eq!(first.racer, 4);
    assert_eq!(asked(&|app| app.playhead.paused = false), first);
    assert_eq!(
        asked(&|app| app.desk.map.tells = Some(Tells::Iterations)),
        first
    );
    let nearer = asked(&|app| app.desk.map.nearer = 1);
    assert!(nearer.bounds[0][0] > first.bounds[0][0]);
    assert_eq!(asked(&|app| app.desk.selected = Some(2)).racer, 2);
    let letters = asked(&|app| app.theme = fixture::theme(false));
    assert_eq!(letters.shape[1] * 2, first.shape[1]);
}
