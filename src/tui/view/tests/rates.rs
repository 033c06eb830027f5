//! The rate strips of the leaderboard: where they are, what they say, and when they are filled.

use super::kept::{at, keep, keep_each};
use super::*;
use crate::runner::Rates;

/// A shipped race paused on its way, with full strips.
fn with_strips(name: &str) -> App {
    let mut app = at(name, 0.4);
    let rates = fixture::rates(&fixture::scenario(name));
    assert!(rates.is_full);
    app.rates = Some(Ok(Arc::new(rates)));
    app
}

/// Strips that nobody has begun to fill.
pub fn empty() -> Rates {
    Rates {
        rates: crate::sweep::tune::scan::Scan::rates(),
        places: vec![vec![]; 5],
        is_full: false,
    }
}

#[test]
fn strips_at_four_sizes() {
    keep("rates-beale", &mut with_strips("beale"));
    keep("rates-one-weight", &mut with_strips("one-weight"));
    let mut app = with_strips("beale");
    app.desk.focus = Pane::Board;
    app.desk.zoomed = true;
    keep_each("rates-alone", |width, height| {
        drawn(&mut app, width, height)
    });
}

#[test]
fn the_key_takes_them_away_and_the_board_is_as_it_was() {
    let (mut with, mut without) = (with_strips("beale"), at("beale", 0.4));
    for (width, height) in SIZES {
        let there = drawn(&mut with, width, height);
        assert_eq!(there, drawn(&mut with, width, height), "nothing changes");
        let plain = drawn(&mut without, width, height);
        let wide = width >= 120;
        assert_eq!(text(&there).contains("1e-5 rates tried 10"), wide);
        assert_eq!(there != plain, wide, "{width}x{height}");
        press(&mut with, "R");
        assert_eq!(drawn(&mut with, width, height), plain);
        press(&mut with, "R");
        assert_eq!(drawn(&mut with, width, height), there);
    }
    press(&mut with, "R");
    with.open(Arc::new(fixture::shipped("saddle", 1.0)));
    assert_eq!(with.desk.rates, Strips::Off, "also in the next race");
}

#[test]
fn the_letter_stands_on_the_rate_in_use_from_the_first_frame_on() {
    let mut app = at("beale", 0.4);
    app.rates = Some(Ok(Arc::new(empty())));
    let screen = text(&drawn(&mut app, 120, 35));
    let row = |racer: &str| -> String {
        let line = screen.lines().find(|line| line.contains(racer));
        let heading = screen.lines().find(|line| line.contains("rates tried"));
        let (line, heading) = (line.expect("it races"), heading.expect("it is there"));
        let from = heading.find("1e-5").expect("the axis begins there");
        line.chars().skip(from).take(19).collect()
    };
    assert_eq!(row("A Adam"), "               A   ");
    assert_eq!(row("R RMSProp"), "        R          ");
}

#[test]
fn where_there_are_none_the_board_says_why() {
    let mut app = at("beale", 0.4);
    app.rates = Some(Err("racers change on their way".to_owned()));
    let says = "rates not tried: racers change on their way";
    assert!(text(&drawn(&mut app, 120, 35)).contains(says));
    press(&mut app, "R");
    assert!(!text(&drawn(&mut app, 120, 35)).contains("not tried"));
}

#[test]
fn they_are_filled_only_where_they_are_seen_and_cores_are_idle() {
    let sized = |width, height| Rect::new(0, 0, width, height);
    let mut app = at("beale", 0.4);
    for (width, height) in SIZES {
        app.prepare(sized(width, height));
        assert_eq!(app.wants_rates(sized(width, height)), width >= 80);
    }
    let wide = sized(120, 35);
    press(&mut app, "R");
    assert!(!app.wants_rates(wide), "switched off");
    press(&mut app, "R");
    app.desk.zoomed = true;
    assert!(!app.wants_rates(wide), "the curves alone");
    app.desk.zoomed = false;
    app.desk.show(Figure::Starts);
    app.prepare(wide);
    assert!(!app.wants_rates(wide), "a start map is filled");
    app.desk.show(Figure::Starts);
    app.prepare(wide);
    assert!(app.wants_rates(wide));
    let racing = play(race(30, Phase::Computing, false), 1.0, true);
    assert!(!racing.wants_rates(wide), "the race is being computed");
}

/// The race takes this many seconds, on two threads.
fn long(seconds: f64) -> App {
    let mut state = fixture::shipped("beale", 1.0);
    state.snapshot.racers[0].seconds = seconds;
    let mut app = play(state, 1.0, true);
    app.rates = Some(Ok(Arc::new(empty())));
    app
}

#[test]
fn what_takes_long_waits_to_be_asked_for() {
    let wide = Rect::new(0, 0, 120, 35);
    assert!(long(30.0).wants_rates(wide), "five minutes");
    let mut app = long(120.0);
    assert!(!app.wants_rates(wide), "nineteen");
    let says = "rates not tried yet: R does, in about 19 min 0 s";
    assert!(text(&drawn(&mut app, 120, 35)).contains(says));
    press(&mut app, "R");
    assert!(app.wants_rates(wide));
    assert!(text(&drawn(&mut app, 120, 35)).contains("fast to slow"));
    press(&mut app, "R");
    assert_eq!(
        (app.desk.rates, app.wants_rates(wide)),
        (Strips::Off, false)
    );
    press(&mut app, "R");
    assert!(app.wants_rates(wide), "asked for again");
}

#[test]
fn in_ascii_strips_are_ascii() {
    let mut app = with_strips("beale");
    app.theme = Look {
        glyphs: Glyphs::Ascii,
        ..fixture::look(true)
    }
    .theme(Ground::Dark);
    app.desk.focus = Pane::Board;
    for zoomed in [false, true] {
        app.desk.zoomed = zoomed;
        for (width, height) in SIZES {
            let text = text(&drawn(&mut app, width, height));
            assert!(text.is_ascii(), "{width}x{height}\n{text}");
        }
    }
}
