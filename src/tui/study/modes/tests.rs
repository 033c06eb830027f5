//! Modes of a small race at some moments: what the screen says of them, and what it looks like.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::race::untimed;
use crate::scenario::check::{Options, check};
use crate::scenario::shipped;
use crate::sweep::modes;
use crate::sweep::modes::sofar::{Known, SoFar};
use crate::sweep::tune::entries;
use crate::tui::fixture::look;
use crate::tui::ground::Ground;
use crate::tui::study::view;
use crate::tui::view::tests::kept::keep_each;

/// A race in its modes, as far as it had come at some moments.
struct Raced {
    scenario: Scenario,
    plan: Plan,
    known: Vec<Known>,
}

/// Beale's race on six seeds, on one thread, so that it goes the same way each time: in the search, in
/// the second mode, and at its end.
fn raced() -> Raced {
    let source = shipped::find("beale").expect("it ships").source();
    let options = Options {
        set: vec!["finish.steps=1000".to_owned()],
        ..Options::default()
    };
    let scenario = check(&source, &options).expect("it is valid");
    let fields = entries::fields(&scenario, &source, &options, &[]).expect("nothing is over");
    let plan = Plan::new(&scenario, fields, 6, 1).expect("it is small");
    let told = Mutex::new((SoFar::new(&plan), vec![]));
    let watch = |stage: modes::Stage<'_>| {
        let mut told = told.lock().expect("nobody panics");
        let (so_far, known) = &mut *told;
        so_far.take(stage);
        let at = |known: &Known| match known.racing {
            None => known.search.done == 50,
            Some((kind, done)) => kind == modes::Kind::Default && done == 3,
        };
        if known.len() < 2 {
            let now = so_far.known(&plan);
            if at(&now) && (known.len() == 1) == now.racing.is_some() {
                known.push(now);
            }
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let stop = AtomicBool::new(false);
    pool.expect("the system starts a thread")
        .install(|| modes::run(&scenario, &plan, &untimed, &stop, &watch));
    let (so_far, mut known) = told.into_inner().expect("nobody panicked");
    known.push(so_far.known(&plan));
    assert_eq!(known.len(), 3);
    Raced {
        scenario,
        plan,
        known,
    }
}

impl Raced {
    fn study(&self, moment: usize) -> ModesStudy<'_> {
        let now = Contrasted {
            known: Arc::new(self.known[moment].clone()),
            seconds: 10.0 * (moment + 1) as f64,
            searched: (moment > 0).then_some(15.0),
            over: moment == 2,
            threads: 2,
        };
        ModesStudy::new(&self.scenario, &self.plan, move || now.clone())
    }
}

fn drawn(study: &ModesStudy<'_>, desk: &mut Desk, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    desk.prepare(buffer.area);
    view::draw(study, desk, &mut buffer);
    buffer
}

fn desk() -> Desk {
    Desk::new(look(true), Ground::Dark)
}

#[test]
fn modes_at_four_sizes() {
    let raced = raced();
    for (moment, name) in ["search", "racing", "end"].into_iter().enumerate() {
        let study = raced.study(moment);
        keep_each(&format!("modes-{name}"), |width, height| {
            drawn(&study, &mut desk(), width, height)
        });
    }
    let study = raced.study(2);
    let mut desk = desk();
    for (pane, name) in PANES.into_iter().enumerate().skip(1) {
        desk.focus = pane;
        keep_each(&format!("modes-{name}"), |width, height| {
            drawn(&study, &mut desk, width, height)
        });
    }
}

#[test]
fn columns_are_the_ranks_of_the_modes() {
    let raced = raced();
    let known = &raced.known[2];
    let modes = known.modes.as_ref().expect("the search is over");
    let orders = Orders::new(known);
    for (column, mode) in orders.columns.iter().zip(&modes.modes) {
        assert_eq!(column.len(), 5);
        let placed = |entry: &orders::Entry| mode.racers[entry.racer].as_ref().unwrap();
        assert!(column.is_sorted_by_key(|entry| placed(entry).rank));
        for entry in column {
            assert_eq!(entry.rate, placed(entry).rate);
            assert_eq!(entry.median, placed(entry).runs.median);
        }
    }
    let searching = Orders::new(&raced.known[0]);
    assert!(searching.columns[1].is_empty() && searching.flipping.is_empty());
    let medians: Vec<_> = searching.columns[0]
        .iter()
        .map(|entry| entry.median)
        .collect();
    let never = |median: &Option<f64>| median.unwrap_or(f64::INFINITY);
    assert!(medians.is_sorted_by_key(never) && !medians.is_empty());
}

#[test]
fn flips_are_counted_as_they_are_told() {
    let raced = raced();
    let known = &raced.known[2];
    let flips = &known
        .modes
        .as_ref()
        .expect("the search is over")
        .orders
        .flips;
    let said = said::flips(known);
    let sentences = said
        .iter()
        .filter(|(_, says)| says.contains(" is ahead of "));
    assert_eq!(sentences.count(), flips.len());
    let sure = said.iter().filter(|(worth, _)| *worth == "sure").count();
    let counted = format!("{} pairs flip, {sure} by more than luck", flips.len());
    assert_eq!(said::counted(known), counted);
    assert_eq!(said::counted(&raced.known[0]), "");
}

#[test]
fn no_size_is_too_small() {
    let raced = raced();
    for moment in 0..3 {
        let study = raced.study(moment);
        let mut desk = desk();
        for pane in 0..3 {
            desk.focus = pane;
            for (width, height) in (0..=12).flat_map(|w| (0..=10).map(move |h| (7 * w, 3 * h))) {
                let buffer = drawn(&study, &mut desk, width, height);
                let blank = buffer.content.iter().all(|cell| cell.symbol() == " ");
                assert_eq!(blank, buffer.area.is_empty(), "{width}x{height}");
            }
        }
    }
}

#[test]
fn time_left_is_told_of_the_search_and_then_of_the_modes() {
    let raced = raced();
    let status = |moment: usize| raced.study(moment).status().join(", ");
    assert!(status(0).starts_with("10 s, about "), "{}", status(0));
    assert!(
        status(0).ends_with("search: 50 of 95 runs"),
        "{}",
        status(0)
    );
    assert_eq!(
        status(1),
        "20 s, about 5 s left, default: 3 of 6 seeds raced"
    );
    assert_eq!(status(2), "done in 30 s");
}
