//! What the relief costs, and that it can be drawn on any screen.

use super::*;
use crate::tui::desk::Figure;
use crate::tui::frame::frame;

/// Bytes a frame, on average, while the relief turns and the race is played; by size.
const LIMITS: [(u16, u16, usize); 3] = [(200, 50, 9_000), (120, 35, 4_500), (80, 24, 3_200)];

/// Frames of a race played from its middle.
fn mean_bytes(app: &mut App, width: u16, height: u16) -> usize {
    const FRAMES: usize = 40;
    let mut shown = drawn(app, width, height);
    let mut bytes = 0;
    for _ in 0..FRAMES {
        app.tick(Duration::from_millis(100), Arc::clone(&app.shown));
        let now = drawn(app, width, height);
        bytes += frame(Some(&shown), &now).unwrap().len();
        shown = now;
    }
    bytes / FRAMES
}

fn relief_of(name: &str) -> App {
    let look = Look {
        theme: ThemeName::Dark,
        ..fixture::look(true)
    };
    let mut app = app_of(&Arc::new(fixture::shipped(name, 1.0)), look);
    app.playhead.scrub(0.3, &app.shown);
    app.playhead.paused = false;
    app.desk.show(Figure::Relief);
    app
}

#[test]
fn turning_stays_within_its_bytes_and_standing_costs_none() {
    for name in ["beale", "saddle", "rosenbrock"] {
        for (width, height, limit) in LIMITS {
            let mut app = relief_of(name);
            let mean = mean_bytes(&mut app, width, height);
            assert!(mean <= limit, "{name} at {width}x{height}: {mean}");
            app.playhead.paused = true;
            assert_eq!(mean_bytes(&mut app, width, height), 0, "{name}, paused");
        }
    }
}

#[test]
fn no_screen_is_too_small_and_no_race_too_flat() {
    for name in ["beale", "line", "one-weight"] {
        let mut app = relief_of(name);
        for (width, height) in (0..=10).flat_map(|width| (0..=10).map(move |h| (width, h))) {
            drawn(&mut app, width, height);
        }
        let words = text(&drawn(&mut app, 120, 35)).contains("one parameter has no relief");
        assert_eq!(words, name == "one-weight");
    }
    let mut app = play(race(2000, Phase::Computed, true), 7.5, true);
    app.desk.show(Figure::Relief);
    assert!(text(&drawn(&mut app, 120, 35)).contains("the scenario says: no map"));
}
