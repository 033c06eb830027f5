//! What is said of starts.

use std::sync::atomic::AtomicBool;

use super::*;
use crate::landscape::starts::{Question, Trials};
use crate::tui::fixture;
use crate::tui::view::tests::starts::himmelblau;

fn starts(shape: [usize; 2]) -> Starts {
    let trials = Trials::new(&himmelblau("")).expect("two variables");
    let mut starts = Starts::new(Question {
        racer: 0,
        bounds: [[-5.0, 5.0]; 2],
        shape,
    });
    starts.go_on(&trials, usize::MAX / 2, &AtomicBool::new(false));
    starts
}

/// Minimum 0 lies at the upper right, 1 upper left, 2 lower left, 3 lower right.
const MINIMA: [[f64; 2]; 4] = [[3.0, 2.0], [-2.8, 3.1], [-3.8, -3.3], [3.6, -1.8]];

#[test]
fn marks_lie_as_their_minima_do_and_shares_make_a_whole() {
    let chart = model(&starts([20, 20]), &MINIMA, Tells::Basins);
    for (number, place) in &chart.minima {
        let [column, row] = [place[0], 1.0 - place[1]].map(|part| (part * 20.0) as usize);
        assert_eq!(chart.marks[(row, column)], Some(Mark::Basin(*number)));
    }
    assert_eq!(chart.minima.len(), 4);
    let words: Vec<&String> = chart.legend.iter().map(|item| &item.after[0]).collect();
    assert!(words[0].starts_with("(3.0, 2.0) "), "{words:?}");
    let per_cent = |item: &Item| item.after[1].split(' ').next().and_then(|n| n.parse().ok());
    let shares: Vec<u32> = chart.legend.iter().filter_map(per_cent).collect();
    assert!(
        (98..=102).contains(&shares.iter().sum::<u32>()),
        "{shares:?}"
    );
}

#[test]
fn more_iterations_are_never_a_lower_level() {
    let starts = starts([20, 20]);
    let chart = model(&starts, &MINIMA, Tells::Iterations);
    let mut known: Vec<(u64, usize)> = Vec::new();
    for ((row, column), mark) in chart.marks.indexed_iter() {
        let place = starts.question.place([column, 19 - row]);
        if let (Some(cell), Some(Mark::Level(level))) = (starts.at(place), mark) {
            known.push((cell.iterations, *level));
        }
    }
    known.sort_unstable();
    assert!(known.is_sorted_by_key(|(_, level)| level));
    let different = known.chunk_by(|a, b| a.1 == b.1).count();
    assert!(different >= 5, "{different} levels of {LEVELS}");
    let [item] = &chart.legend[..] else {
        panic!("{:?}", chart.legend)
    };
    assert_eq!(item.marks.len(), LEVELS);
}

#[test]
fn levels_end_at_round_numbers() {
    for (value, low, high) in [
        (1.0, 1.0, 1.0),
        (7.3, 7.0, 8.0),
        (13.0, 12.0, 14.0),
        (97.0, 96.0, 98.0),
        (1234.0, 1200.0, 1400.0),
    ] {
        assert_eq!(
            [rounded(value, f64::floor), rounded(value, f64::ceil)],
            [low, high]
        );
    }
    let levels = Levels {
        low: 10.0,
        high: 1000.0,
    };
    for (iterations, level) in [
        (0, 0),
        (9, 0),
        (10, 1),
        (99, 3),
        (101, 4),
        (999, 6),
        (1001, 7),
    ] {
        assert_eq!(levels.level(iterations), level, "{iterations}");
    }
}

#[test]
fn a_share_is_none_or_all_only_where_it_is() {
    for (part, whole, says) in [
        (0, 100, "0 %"),
        (1, 1000, "<1 %"),
        (6, 1000, "1 %"),
        (999, 1000, ">99 %"),
        (7, 7, "100 %"),
        (0, 0, "0 %"),
    ] {
        assert_eq!(share(part, whole), says, "{part} of {whole}");
    }
}

#[test]
fn a_heading_says_what_fits_beside_it() {
    let found = Scouted {
        starts: starts([20, 20]),
        seconds: 0.25,
    };
    for (columns, note) in [
        (80, "0.25 s   c iterations   j next racer"),
        (60, "0.25 s   c iterations"),
        (42, "0.25 s"),
        (30, ""),
    ] {
        let got = heading("Adam", Some(&found), Tells::Basins, columns);
        assert_eq!(got, ["Adam: where 400 starts lead", note], "{columns}");
    }
    let [title, _] = heading("Adam", None, Tells::Iterations, 80);
    assert_eq!(title, "Adam: iterations from all starts");
}

#[test]
fn what_is_usual_depends_on_the_minima() {
    for (name, tells) in [("beale", Tells::Iterations), ("saddle", Tells::Iterations)] {
        let Mapped::Drawn(map) = fixture::shipped(name, 0.1).map else {
            panic!("{name} has a map")
        };
        assert_eq!(usual(&map), tells);
    }
    let Mapped::Drawn(map) = fixture::raced(&himmelblau(""), 0.1).map else {
        panic!("it has a map")
    };
    assert_eq!(usual(&map), Tells::Basins);
}
