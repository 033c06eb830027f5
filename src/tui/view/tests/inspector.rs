//! The inspector on whole screens: its kept pictures, what it costs, and that it fits any size.

use super::kept::{at, keep};
use super::*;
use crate::race::retrace::Retrace;
use crate::runner::{Answer, Inspection};
use crate::tui::frame::frame;
use crate::tui::message::{Message, Toward};

/// Bytes a frame, on average, while a race is played; by size.
const LIMITS: [(u16, u16, usize); 3] = [(200, 50, 1_500), (120, 35, 1_000), (80, 24, 700)];

/// Answers what the screen asks, as the thread beside it would, until it asks nothing new.
pub fn answer(app: &mut App, retrace: &mut Retrace) {
    let mut asked = None;
    while asked.as_deref() != Some(app.glances()) {
        let glances = app.glances().to_vec();
        let looks = glances
            .iter()
            .map(|glance| retrace.look(*glance, &mut |_| true));
        let looks = looks.map(|look| look.expect("it goes on")).collect();
        app.inspected(Inspection {
            answer: Some(Arc::new(Answer { looks })),
            ..Inspection::default()
        });
        app.tick(Duration::ZERO, Arc::clone(&app.shown));
        asked = Some(glances);
    }
}

/// A shipped race, paused at a part of its way, with the inspector open.
fn inspecting(name: &str, part: f64) -> (App, Retrace) {
    let mut app = at(name, part);
    app.playhead.paused = true;
    app.update(Message::Inspect);
    app.tick(Duration::ZERO, Arc::clone(&app.shown));
    let mut retrace = Retrace::new(&fixture::scenario(name));
    answer(&mut app, &mut retrace);
    (app, retrace)
}

#[test]
fn the_inspector_at_four_sizes() {
    for (name, part) in [("beale", 0.04), ("ravine", 0.05), ("moons", 0.3)] {
        let (mut app, mut retrace) = inspecting(name, part);
        keep(&format!("inspector-{name}"), &mut app);
        app.update(Message::Compare);
        app.tick(Duration::ZERO, Arc::clone(&app.shown));
        answer(&mut app, &mut retrace);
        keep(&format!("inspector-two-{name}"), &mut app);
    }
}

#[test]
fn playing_stays_within_its_bytes_and_standing_costs_none() {
    const FRAMES: usize = 60;
    for name in ["beale", "ravine", "moons"] {
        for (width, height, limit) in LIMITS {
            let (mut app, mut retrace) = inspecting(name, 0.02);
            app.playhead.paused = false;
            let mut mean = || {
                let mut shown = drawn(&mut app, width, height);
                let mut bytes = 0;
                for _ in 0..FRAMES {
                    app.tick(Duration::from_millis(100), Arc::clone(&app.shown));
                    answer(&mut app, &mut retrace);
                    let now = drawn(&mut app, width, height);
                    bytes += frame(Some(&shown), &now).unwrap().len();
                    shown = now;
                }
                app.playhead.paused = true;
                bytes / FRAMES
            };
            let playing = mean();
            assert!(playing <= limit, "{name} at {width}x{height}: {playing}");
            assert_eq!(mean(), 0, "{name}, paused");
        }
    }
}

#[test]
fn no_size_is_too_small_and_no_number_too_strange() {
    for name in ["beale", "one-weight", "moons"] {
        let (mut app, mut retrace) = inspecting(name, 0.5);
        for two in [false, true] {
            let sizes = (0..=10).flat_map(|width| (0..=10).map(move |height| (width, height)));
            let edges = [
                (40, 12),
                (59, 15),
                (60, 16),
                (99, 28),
                (100, 28),
                (300, 16),
                (61, 200),
            ];
            for (width, height) in sizes.chain(edges) {
                for _ in 0..2 {
                    app.desk.zoomed = !app.desk.zoomed;
                    drawn(&mut app, width, height);
                }
            }
            if !two {
                app.update(Message::Compare);
                app.tick(Duration::ZERO, Arc::clone(&app.shown));
                answer(&mut app, &mut retrace);
            }
        }
    }
    let (mut app, _) = inspecting("beale", 0.5);
    let answer = app.inspection().answer.clone().expect("it was answered");
    for strange in [f64::NAN, f64::INFINITY, 1e300, -1e-320] {
        let mut look = answer.looks[0].clone();
        for coordinate in &mut look.coordinates {
            (coordinate.g, coordinate.rate, coordinate.w) = (strange, Some(strange), [strange; 2]);
        }
        look.past.iter_mut().for_each(|past| past.g = strange);
        let looks = vec![look];
        app.inspected(Inspection {
            answer: Some(Arc::new(Answer { looks })),
            ..Inspection::default()
        });
        for (width, height) in SIZES {
            drawn(&mut app, width, height);
        }
    }
}

#[test]
fn while_it_recomputes_it_keeps_the_last_answer_and_says_so() {
    let (mut app, _) = inspecting("beale", 0.04);
    let found = app.inspection().clone();
    let working = Some([1_200, 30_000]);
    app.inspected(Inspection { working, ..found });
    let screen = text(&drawn(&mut app, 120, 35));
    assert!(
        screen.contains("recomputing: step 1,200 of 30,000"),
        "{screen}"
    );
    assert!(screen.contains("gradient g"), "{screen}");
    app.inspected(Inspection::refused("nothing to recompute from"));
    let screen = text(&drawn(&mut app, 120, 35));
    assert!(screen.contains("nothing to recompute from"), "{screen}");
}

#[test]
fn in_ascii_it_is_ascii() {
    let (mut app, _) = inspecting("moons", 0.3);
    let look = Look {
        glyphs: Glyphs::Ascii,
        ..fixture::look(true)
    };
    app.theme = look.theme(Ground::Dark);
    for (width, height) in SIZES {
        let text = text(&drawn(&mut app, width, height));
        assert!(text.is_ascii(), "{text}");
    }
}

#[test]
fn the_numbers_are_those_of_the_playhead_also_when_it_is_scrubbed() {
    let (mut app, mut retrace) = inspecting("beale", 0.04);
    app.desk.selected = Some(0);
    for message in [
        Message::Step(Toward::Back, 10),
        Message::Step(Toward::On, 1),
        Message::Right,
        Message::Left,
        Message::ToEnd,
        Message::ToStart,
    ] {
        app.update(message);
        app.tick(Duration::ZERO, Arc::clone(&app.shown));
        answer(&mut app, &mut retrace);
        let seen = app.playhead.mark().see(&app.shown.snapshot.racers[0]);
        let answer = app.inspection().answer.clone().expect("it was answered");
        assert_eq!(answer.looks[0].step, seen.latest.step, "after {message:?}");
        if seen.latest.step > 0 {
            let w: Vec<f64> = answer.looks[0].coordinates.iter().map(|c| c.w[1]).collect();
            assert_eq!(w, seen.latest.position.to_vec(), "after {message:?}");
        }
    }
}
