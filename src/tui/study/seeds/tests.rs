//! The screen of many seeds: its models by value, and what is drawn, at every size.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::runner;
use crate::scenario::Scenario;
use crate::scenario::check::{Options, check};
use crate::scenario::shipped;
use crate::sweep::sofar::{News, SoFar};
use crate::sweep::{self, band::Band};
use crate::tui::fixture::look;
use crate::tui::ground::Ground;
use crate::tui::message::{Flow, Message, Toward};
use crate::tui::study::{keys::KEYS, view};
use crate::tui::view::tests::kept::keep_each;

fn scenario(name: &str, set: &[&str]) -> Scenario {
    let options = Options {
        set: set.iter().map(|&set| set.to_owned()).collect(),
        ..Options::default()
    };
    let source = shipped::find(name).expect("it ships").source();
    check(&source, &options).expect("it is valid")
}

/// The first so many of 20 seeds, and two in flight; over with the last.
fn seen(scenario: &Scenario, counted: u64) -> Seeded {
    let news = Mutex::new(vec![]);
    let go_on = AtomicBool::new(false);
    let watch = |told: News| news.lock().expect("nobody panics").push(told);
    sweep::run(scenario, counted.max(1), &runner::stopwatch, &go_on, &watch);
    let mut so_far = SoFar::new(20, scenario.racers.len());
    let news = news.into_inner().expect("nobody panics");
    let done = |told: &&News| matches!(told, News::Done(..));
    news.iter()
        .filter(done)
        .take(counted as usize)
        .for_each(|told| so_far.take(told));
    Seeded {
        meta: Arc::new(crate::race::meta(scenario, 0)),
        planned: 20,
        nothing_varies: sweep::nothing_varies(scenario),
        begun: (counted + 2).min(20),
        done: counted,
        tally: so_far.tally(),
        threads: 2,
        took: (counted == 20).then_some(6.25),
    }
}

fn study(seen: Seeded) -> Seeds<'static> {
    let seen = Arc::new(seen);
    Seeds::new(move || (Arc::clone(&seen), 4.125))
}

fn desk() -> Desk {
    Desk::new(look(true), Ground::Dark)
}

fn drawn(study: &Seeds, desk: &mut Desk, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    desk.prepare(buffer.area);
    view::draw(study, desk, &mut buffer);
    buffer
}

fn text(buffer: &Buffer) -> String {
    buffer
        .content
        .iter()
        .map(ratatui::buffer::Cell::symbol)
        .collect()
}

#[test]
fn seeds_at_four_sizes() {
    let beale = scenario("beale", &[]);
    for (name, counted) in [("seeds-running", 12), ("seeds-few", 4), ("seeds", 20)] {
        let study = study(seen(&beale, counted));
        keep_each(name, |width, height| {
            drawn(&study, &mut desk(), width, height)
        });
    }
    let nobody = study(seen(&scenario("rastrigin", &["finish.steps=60"]), 7));
    keep_each("seeds-nobody", |width, height| {
        drawn(&nobody, &mut desk(), width, height)
    });
}

#[test]
fn the_first_seed_is_told_of_and_no_size_is_too_small() {
    let beale = scenario("beale", &[]);
    let [first, over] = [0, 20].map(|counted| study(seen(&beale, counted)));
    assert!(text(&drawn(&first, &mut desk(), 80, 24)).contains("seed 7 is about to start"));
    let mut under_way = seen(&beale, 1);
    under_way.tally.runs.iter_mut().for_each(Vec::clear);
    let under_way = study(under_way);
    let shown = text(&drawn(&under_way, &mut desk(), 80, 24));
    assert!(shown.contains("loss on seed 7") && shown.contains("0 of 20 seeds"));
    for study in [&first, &under_way, &over] {
        for (width, height) in (0..=10).flat_map(|width| (0..=10).map(move |h| (width, h))) {
            for focus in 0..3 {
                let mut desk = desk();
                desk.focus = focus;
                let buffer = drawn(study, &mut desk, width, height);
                assert_eq!(text(&buffer).trim().is_empty(), buffer.area.is_empty());
            }
        }
    }
}

#[test]
fn a_story_of_all_keys() {
    let study = study(seen(&scenario("beale", &[]), 20));
    let mut desk = desk();
    let press = |message: Message, desk: &mut Desk| {
        let flow = desk.update(message, study.panes().len(), study.racers());
        (flow, text(&drawn(&study, desk, 120, 35)))
    };
    let start = press(Message::Repaint, &mut desk).1;
    assert!(start.contains("95 % band of Adam"), "the leader's");
    let (_, momentum) = press(Message::Racer(Toward::On), &mut desk);
    let label = &study.seen.meta.racers[0].label;
    assert!(momentum.contains(&format!("95 % band of {label}")));
    let (_, hidden) = press(Message::Hide, &mut desk);
    assert!(!hidden.contains("% band"), "hidden");
    press(Message::Hide, &mut desk);
    let (_, alone) = press(Message::Zoom, &mut desk);
    assert!(alone.contains("median loss") && !alone.contains("targets reached"));
    let (_, table) = press(Message::Page(2), &mut desk);
    assert!(table.contains("standings over 20 seeds") && !table.contains("median loss"));
    press(Message::Close, &mut desk);
    assert_eq!(press(Message::Close, &mut desk).1, {
        desk.focus = 2;
        text(&drawn(&study, &mut desk, 120, 35))
    });
    for key in KEYS {
        let (flow, _) = press(key.message, &mut desk);
        assert_eq!(flow == Flow::Quit, key.message == Message::Quit);
    }
}

/// The time that goes by is shown only while there is something to wait for.
#[test]
fn nothing_changes_on_the_screen_while_nothing_comes() {
    let seen = Arc::new(seen(&scenario("beale", &[]), 20));
    let clock = std::cell::Cell::new(5.0);
    let mut study = Seeds::new(|| {
        clock.set(clock.get() + 1.0);
        (Arc::clone(&seen), clock.get())
    });
    let mut screens = (0..3).map(|_| {
        study.follow();
        drawn(&study, &mut desk(), 120, 35)
    });
    let first = screens.next();
    assert!(screens.all(|screen| Some(&screen) == first.as_ref()));
}

#[test]
fn the_status_says_how_far_it_is_and_how_long_it_takes() {
    let beale = scenario("beale", &[]);
    let mut running = seen(&beale, 12);
    assert_eq!(
        study(running.clone()).status(),
        [
            "2 threads",
            "4.12 s, about 3 s left",
            "2 in flight",
            "12 of 20 seeds"
        ]
    );
    for (done, left) in [(20, "about 0 s"), (1, "about 79 s")] {
        running.done = done;
        assert_eq!(super::left(&running, 4.125).as_deref(), Some(left));
    }
    running.done = 0;
    assert_eq!(super::left(&running, 4.125), None, "nobody knows");
    let over = study(seen(&beale, 20)).status();
    assert_eq!(over, ["computed in 6.25 s on 2 threads", "20 of 20 seeds"]);
}

#[test]
fn standings_below_six_seeds_are_no_ranking() {
    let beale = scenario("beale", &[]);
    let few = Standings::new(&seen(&beale, 5));
    assert!(
        few.rows
            .iter()
            .all(|row| row.rank.is_none() && row.interval == "-")
    );
    assert!(
        few.notes
            .iter()
            .any(|note| note.contains("no ranking below 6 seeds"))
    );
    let six = Standings::new(&seen(&beale, 6));
    let ranks: Vec<_> = six.rows.iter().map(|row| row.rank).collect();
    assert_eq!(ranks, [1, 2, 3, 4, 5].map(Some));
    assert_eq!(
        six.rows[1].lead, "too few seeds",
        "of five racers nine are needed"
    );
    let twenty = Standings::new(&seen(&beale, 20));
    let first = &twenty.rows[0];
    let cells = [
        &first.label,
        &first.converged,
        &first.median,
        &first.interval,
        &first.lead,
    ];
    assert_eq!(cells, ["Adam", "20/20", "114.5", "107 to 119", "leads"]);
    assert_eq!(twenty.rows[1].lead, "may be luck, p = 0.60");
    assert_eq!(first.iterations.len(), 20);
}

#[test]
fn sentences_without_room_are_broken_off_visibly() {
    let study = study(seen(&scenario("beale", &[]), 20));
    let mut desk = desk();
    desk.focus = TABLE;
    desk.zoomed = true;
    let whole = text(&drawn(&study, &mut desk, 100, 18));
    assert!(
        whole.contains("successes") && !whole.contains('…'),
        "{whole}"
    );
    let broken = text(&drawn(&study, &mut desk, 100, 11));
    assert!(broken.contains("more than luck …") && !broken.contains("may be luck …"));
}

#[test]
fn where_nobody_converged_nobody_has_a_rank() {
    let nobody = Standings::new(&seen(&scenario("rastrigin", &["finish.steps=60"]), 7));
    let row = &nobody.rows[0];
    assert_eq!((row.rank, row.interval.as_str()), (None, "never"));
    let weight = Standings::new(&seen(&scenario("one-weight", &[]), 6));
    let leads: Vec<&str> = weight.rows.iter().map(|row| row.lead.as_str()).collect();
    assert_eq!(leads, ["equal", "equal"], "on every seed: nobody leads");
    assert_eq!(
        nobody.notes,
        ["nobody converged on any of 7 seeds: nothing to rank"]
    );
}

/// A racer whose median goes 100, 10, 1 at steps 0, 10 and 100, and one at infinity from step 1 on.
fn two() -> Seeded {
    let mut seen = seen(&scenario("beale", &["finish.loss=0.01"]), 1);
    let band = |every, median: &[f64], interval: Option<Vec<[f64; 2]>>| Band {
        runs: 6,
        every,
        median: median.to_vec(),
        interval,
    };
    let mut falls = vec![10.0; 11];
    (falls[0], falls[10]) = (100.0, 1.0);
    let edges = falls.iter().map(|loss| [loss / 10.0, loss * 2.0]).collect();
    seen.tally.bands = vec![
        Some(band(10, &falls, Some(edges))),
        Some(band(1, &[100.0, f64::INFINITY], None)),
    ];
    seen.tally.runs.truncate(2);
    for runs in &mut seen.tally.runs {
        runs[0].steps = 100;
    }
    seen
}

#[test]
fn medians_lie_where_their_values_are() {
    let chart = median::chart(&two(), &desk(), Some(0)).expect("there are some");
    assert_eq!(
        chart.x,
        crate::tui::view::axis::Axis::log_between(1.0, 100.0)
    );
    let [lost, falls] = [&chart.lines[0], &chart.lines[1]];
    assert_eq!(
        (lost.racer, falls.racer),
        (1, 0),
        "the filled one lies above"
    );
    assert_eq!(
        (lost.points.len(), lost.band[0].len(), lost.filled),
        (1, 0, false)
    );
    let back = |[x, y]: [f64; 2]| [chart.x.value(x), chart.y.value(y)].map(f64::round);
    assert_eq!(back(falls.points[1]), [10.0, 10.0]);
    assert_eq!(back(falls.points[10]), [100.0, 1.0]);
    assert_eq!(falls.head, Some(falls.points[10]));
    assert_eq!(back(falls.band[1][1]), [10.0, 20.0]);
    assert_eq!(back(falls.band[0][1]), [10.0, 1.0]);
    let target = chart.target.expect("it is one of losses");
    assert_eq!(target.label, "target 0.01");
    assert!((chart.y.value(target.at) - 0.01).abs() < 1e-12);
    let mut hides = desk();
    hides.hidden.insert(0);
    assert_eq!(
        median::chart(&two(), &hides, None)
            .expect("one")
            .lines
            .len(),
        1
    );
}

#[test]
fn shares_go_up_in_stairs_and_end_at_the_whole() {
    let mut seen = two();
    let hits = |all: [Option<u64>; 2]| crate::stats::distribution::Distribution::new(&[&all]);
    seen.tally.distributions = vec![hits([Some(10), Some(100)]), hits([Some(0), None])];
    let chart = reached::chart(&seen, &desk(), Some(1)).expect("there are some");
    let [whole, half] = [&chart.lines[0], &chart.lines[1]];
    let corners = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5], [1.0, 0.5], [1.0, 1.0]];
    assert_eq!(whole.points, corners);
    assert_eq!(whole.head, Some([1.0, 1.0]));
    assert_eq!(
        half.points,
        [[0.0, 0.0], [0.0, 0.0], [0.0, 0.5], [1.0, 0.5]]
    );
    assert_eq!(half.head, Some([1.0, 0.5]), "at its right end");
    assert!(half.band.iter().all(Vec::is_empty), "one seed has none");
    assert_eq!(reached::targets(&seen), "share of 2 targets a seed");
}
