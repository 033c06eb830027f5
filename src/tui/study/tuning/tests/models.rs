//! What the panes' models say.

use super::*;
use crate::tui::view::strip::Cell;

#[test]
fn a_racer_is_known_by_its_best_so_far_and_at_the_end_by_what_was_found() {
    let search = beale(&["gd", "adam"], &[], &[10, 40]);
    let shown = |look: usize| search.study(look).shown;
    let early = shown(0);
    assert_eq!(early.racers[1].best, None, "GD goes first");
    assert!(
        early.racers[1]
            .cells
            .iter()
            .all(|cell| *cell == Cell::Unknown)
    );
    assert_eq!(early.terms.title, "standings so far");
    let end = search.end().shown;
    let gd = &end.racers[0];
    let best = gd.best.as_ref().expect("it converges");
    // As the search for Beale is known to end.
    assert_eq!((best.median, best.converged), (Some(193.0), [3, 3]));
    assert_eq!(best.rate, grid_rate(-4));
    assert_eq!(gd.best_cell, Some(11), "15 - 4 cells from the left");
    assert_eq!(gd.cells.len(), 19);
    assert_eq!(gd.curve.len(), 19);
    let working = gd.curve.iter().filter(|(_, median)| median.is_some());
    assert_eq!(working.count(), best.working[0]);
    let order: Vec<usize> = end.terms.standings.iter().map(|place| place.0).collect();
    assert_eq!((order, end.terms.title), (vec![1, 0], "standings"));
}

fn grid_rate(third: i32) -> f64 {
    crate::sweep::tune::grid::rate(third, 1)
}

#[test]
fn the_status_says_how_many_runs_there_are_and_when_all_are_done() {
    let search = beale(&["gd", "momentum"], &[], &[1, 40]);
    let status = |look: usize| search.study(look).status();
    assert_eq!(
        status(0),
        [
            "0 in flight",
            "0 of 114 runs",
            "12 s, time left not known yet"
        ]
    );
    // One planned, then one begun and one done in turn: 20 begun, 19 done of 114, a sixth of the work.
    assert_eq!(
        status(1),
        [
            "1 in flight",
            "19 of 114 runs",
            "24 s, about 2 min 0 s left"
        ]
    );
    let end = search.end();
    assert_eq!(end.status(), ["114 runs", "done in 36 s"]);
    assert!(end.is_over() && !search.study(1).is_over());
}

#[test]
fn the_best_combination_is_shown_with_what_it_is() {
    let search = beale(&["gd", "adam"], &["beta1=0.5,0.9"], &[]);
    let racers = search.end().shown.racers;
    let [gd, adam] = &racers[..] else {
        panic!("there are two");
    };
    assert_eq!((gd.over.as_str(), gd.cells.len()), ("", 38));
    assert!(adam.over.starts_with("beta1=0."), "{}", adam.over);
    assert_eq!(adam.cells.len(), 19);
}

#[test]
fn a_grid_that_grew_is_shown_whole_and_said_to_have_grown() {
    let search = flat(500, "1e-9");
    let study = search.end();
    assert!(study.shown.grid.high > Grid::FIRST.high);
    assert_eq!(study.shown.racers[0].cells.len(), study.shown.grid.thirds());
    let terms = &study.shown.terms.terms;
    let says = |name: &str| terms.iter().find(|term| term.0 == name).map(|term| &term.1);
    let grown = says("grid").expect("it grew");
    assert!(grown.starts_with("began as 1e-5 to 10 and grew"), "{grown}");
    assert_eq!(says("edge"), None, "the best lies inside");
}

#[test]
fn curves_rise_to_never_beside_what_works_and_nowhere_else() {
    let search = beale(&["gd"], &[], &[]);
    let study = search.end();
    let curves = sensitivity::model(study.shown.grid, &study.shown.racers, 1000);
    let [line] = &curves.lines[..] else {
        panic!("there is one racer");
    };
    let [stroke] = &line.strokes[..] else {
        panic!("its rates work in one band: {line:?}");
    };
    let working = study.shown.racers[0]
        .best
        .as_ref()
        .expect("it works")
        .working[0];
    assert_eq!(stroke.len(), working + 2);
    let never = |spot: Option<&sensitivity::Spot>| spot.is_some_and(|spot| spot.1.is_none());
    assert!(never(stroke.first()) && never(stroke.last()));
    assert!(stroke.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let head = line.head.expect("it has a best");
    let lowest = stroke.iter().filter_map(|spot| spot.1).fold(1.0, f64::min);
    assert_eq!(head.1, Some(lowest));
}

#[test]
fn who_never_converges_has_its_letter_on_the_line_of_those() {
    let search = flat(2, "-1");
    let study = search.end();
    let curves = sensitivity::model(study.shown.grid, &study.shown.racers, 2);
    assert!(curves.lines[0].strokes.is_empty());
    assert!(matches!(curves.lines[0].head, Some((_, None))));
    let racer = &study.shown.racers[0];
    assert_eq!(racer.best_cell, None);
    // The best by its loss is told as in the table.
    let best = racer.best.as_ref().expect("all runs are done");
    assert_eq!(best.median, None);
    assert!(rates::rate(best.rate).parse::<f64>().is_ok());
}
