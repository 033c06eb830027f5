//! The start map against real races.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::race::Race;
use crate::scenario::check::{Options, Source, check};

/// A scenario of all five optimizers.
fn scenario(surface: &str, finish: &str) -> Scenario {
    let racer = |(optimizer, rate): (&str, f64)| {
        format!("[[racer]]\noptimizer = \"{optimizer}\"\nlearning_rate = {rate}\n")
    };
    let racers = [
        ("gd", 0.01),
        ("sgd", 0.01),
        ("momentum", 0.01),
        ("rmsprop", 0.01),
        ("adam", 0.1),
    ];
    let racers = racers.map(racer).concat();
    let text = format!("title = \"x\"\n[surface]\n{surface}\n[finish]\n{finish}\n{racers}");
    let source = Source {
        file: "x.toml".to_owned(),
        name: "x".to_owned(),
        text,
        folder: std::path::PathBuf::new(),
    };
    check(&source, &Options::default()).expect("it is valid")
}

fn himmelblau() -> Scenario {
    let surface = "function = \"himmelblau\"\nstart = [0, 0]\nnoise = 0.1";
    scenario(surface, "loss = 1e-3\nhold = 5\nsteps = 2000")
}

fn question(racer: usize, shape: [usize; 2]) -> Question {
    Question {
        racer,
        bounds: [[-5.0, 5.0]; 2],
        shape,
    }
}

fn filled(scenario: &Scenario, question: Question) -> Starts {
    let trials = Trials::new(scenario).expect("a surface of two variables");
    let mut starts = Starts::new(question);
    starts.go_on(&trials, usize::MAX / 2, &AtomicBool::new(false));
    assert!(starts.is_full());
    starts
}

/// The race of `scenario` from another start, to its end.
fn raced(scenario: &Scenario, start: [f64; 2]) -> race::snapshot::Snapshot {
    let mut scenario = scenario.clone();
    let Task::Surface(task) = &mut scenario.task else {
        panic!("a surface")
    };
    task.start = start.to_vec();
    let mut race = Race::new(&scenario, &race::untimed);
    while !race.finished() {
        race.advance(777);
    }
    race.snapshot()
}

#[test]
fn himmelblau_has_four_basins_and_its_cells_are_those_of_real_races() {
    let scenario = himmelblau();
    for racer in 0..scenario.racers.len() {
        let starts = filled(&scenario, question(racer, [24, 20]));
        let ends: HashSet<u8> = starts
            .known()
            .filter_map(|cell| match cell.end {
                End::Minimum(number) => Some(number),
                _ => None,
            })
            .collect();
        assert_eq!(ends.len(), 4, "racer {racer}: {ends:?}");
        let Task::Surface(task) = &scenario.task else {
            panic!("a surface")
        };
        for cell in [[3, 17], [20, 4]] {
            let start = starts.question.place(cell);
            let got = starts.at(start).expect("it is full");
            let progress = &raced(&scenario, start).racers[racer];
            let convergence = progress.convergence.as_ref().expect("it converged");
            assert_eq!(got.iterations, convergence.step, "racer {racer}, {cell:?}");
            let End::Minimum(number) = got.end else {
                panic!("racer {racer}, {cell:?}: {got:?}")
            };
            let minimum = task.function.minima()[usize::from(number)];
            let position = &progress.latest.position;
            let far = (minimum[0] - position[0]).hypot(minimum[1] - position[1]);
            assert!(far < 0.1, "racer {racer}, {cell:?} is {far} away");
        }
    }
}

/// Limits, stalls, divergence, sparse evaluations and surfaces without a known minimum.
#[test]
fn every_end_is_that_of_a_real_race() {
    let table = [
        ("saddle", "loss = -1\nhold = 10\nsteps = 300", 1.5),
        ("saddle", "loss = -1e9\nsteps = 40", 1.5),
        ("rastrigin", "loss = 1e-3\nsteps = 2000", 5.0),
        ("bounded-saddle", "loss = -9\nsteps = 3000", 2.0),
        ("rosenbrock", "loss = 1e-2\nsteps = 500", 2.0),
        (
            "himmelblau",
            "loss = 1e-2\nhold = 2\nsteps = 500\nevaluate_every = 30",
            5.0,
        ),
    ];
    let mut seen = HashSet::new();
    for (surface, finish, view) in table {
        let surface = format!("function = \"{surface}\"\nstart = [1, 1]");
        let scenario = scenario(&surface, finish);
        for racer in 0..scenario.racers.len() {
            let question = Question {
                bounds: [[-view, view]; 2],
                ..question(racer, [3, 4])
            };
            let starts = filled(&scenario, question);
            for cell in (0..12).map(|i| [i % 3, i / 3]) {
                let start = starts.question.place(cell);
                let got = starts.at(start).expect("it is full");
                let progress = &raced(&scenario, start).racers[racer];
                let fits = match progress.outcome.as_ref().expect("it is over") {
                    Outcome::Converged => got.end.is_finish(),
                    Outcome::Limit { .. } => got.end == End::Limit,
                    Outcome::Stalled { .. } => got.end == End::Stalled,
                    _ => got.end == End::Diverged,
                };
                let step = progress.convergence.as_ref().map(|at| at.step);
                let place = format!("{surface}, {finish}, racer {racer} from {start:?}");
                assert!(fits, "{place}: {got:?}, {:?}", progress.outcome);
                assert_eq!(got.iterations, step.unwrap_or(progress.steps), "{place}");
                seen.insert(format!("{:?}", got.end));
            }
        }
    }
    for end in ["Target", "Minimum(0)", "Limit", "Stalled", "Diverged"] {
        assert!(seen.contains(end), "no trial ended so: {end}");
    }
}

#[test]
fn coarse_starts_come_first_and_stand_for_their_neighbours() {
    let scenario = himmelblau();
    let trials = Trials::new(&scenario).expect("a surface of two variables");
    let mut starts = Starts::new(question(0, [40, 36]));
    starts.go_on(&trials, 9, &AtomicBool::new(false));
    let first = starts.at(starts.question.place([16, 16]));
    assert!(first.is_some());
    assert_eq!(starts.at(starts.question.place([31, 31])), first);
    assert_eq!(starts.at([5.1, 0.0]), None, "beyond the bounds");
    assert_eq!((starts.done(), starts.known().count()), (9, 9));
}

#[test]
fn a_trial_that_is_not_wanted_any_more_ends_and_leaves_nothing() {
    let scenario = scenario(
        "function = \"saddle\"\nstart = [1, 1]",
        "loss = -1e300\nsteps = 1000000000",
    );
    let trials = Trials::new(&scenario).expect("a surface of two variables");
    let (mut starts, stop) = (Starts::new(question(0, [8, 8])), AtomicBool::new(true));
    starts.go_on(&trials, 64, &stop);
    assert_eq!((starts.done(), starts.known().count()), (0, 0));
}

#[test]
fn only_surfaces_of_two_variables_have_a_start_map() {
    for (name, want) in [("beale", true), ("one-weight", false), ("line", false)] {
        let source = crate::scenario::shipped::find(name)
            .expect("it ships")
            .source();
        let scenario = check(&source, &Options::default()).expect("it is valid");
        assert_eq!(Trials::new(&scenario).is_some(), want, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn neither_threads_nor_slices_change_a_cell(
        columns in 1_usize..40,
        rows in 1_usize..20,
        slice in 1_usize..300,
        threads in 1_usize..5,
    ) {
        let scenario = himmelblau();
        let whole = filled(&scenario, question(4, [columns, rows]));
        let trials = Trials::new(&scenario).expect("a surface of two variables");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let mut starts = Starts::new(question(4, [columns, rows]));
        while !starts.is_full() {
            pool.install(|| starts.go_on(&trials, slice, &AtomicBool::new(false)));
        }
        prop_assert_eq!(&starts.cells, &whole.cells);
        prop_assert_eq!(starts.known().count(), columns * rows);
        for cell in (0..columns * rows).map(|i| [i % columns, i / columns]) {
            prop_assert_eq!(starts.question.cell(starts.question.place(cell)), Some(cell));
        }
    }
}

#[test]
fn the_first_starts_are_the_same_whatever_else_is_known() {
    let scenario = himmelblau();
    let trials = Trials::new(&scenario).expect("a surface of two variables");
    let full = filled(&scenario, question(0, [40, 30]));
    let mut starts = Starts::new(question(0, [40, 30]));
    starts.go_on(&trials, 10, &AtomicBool::new(false));
    let first = |starts: &Starts, count| starts.first(count).collect::<Vec<_>>();
    assert_eq!(first(&starts, 10), first(&full, 10));
    assert_eq!(first(&starts, 99).len(), 10);
    assert_eq!(first(&full, usize::MAX).len(), full.all());
}
