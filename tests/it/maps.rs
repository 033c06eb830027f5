//! Maps as the screen gets them: with which state they come.

use std::sync::Arc;
use std::time::Duration;

use slalom::landscape::Landscape;
use slalom::race::Race;
use slalom::race::snapshot::Snapshot;
use slalom::runner::{Mapped, Options, Phase, Runner, Source, State, stopwatch};
use slalom::scenario::Scenario;

use crate::races::{digest, shipped};

fn start(scenario: &Scenario, watched: bool) -> Runner {
    let mut race = Race::new(scenario, &stopwatch);
    let landscape = if watched {
        Landscape::of_race(scenario, &mut race)
    } else {
        Err(None)
    };
    let options = Options {
        threads: 2,
        landscape,
        ..Options::default()
    };
    Runner::start(race, options)
}

/// The first state, and the last one.
fn run(scenario: &Scenario, watched: bool) -> (Arc<State>, Arc<State>) {
    let runner = start(scenario, watched);
    let first = runner.latest();
    let mut state = Arc::clone(&first);
    while state.phase == Phase::Computing {
        runner.wait(Duration::from_millis(5));
        state = runner.latest();
    }
    // Whoever sees a race computed sees its last map.
    let seen = steps(&state);
    let last = runner.stop().unwrap();
    assert_eq!(seen, steps(&last));
    (first, last)
}

/// Up to which step the race is mapped.
fn steps(state: &State) -> Option<u64> {
    match &state.map {
        Mapped::Drawn(map) => Some(map.steps),
        Mapped::Absent { .. } | Mapped::Pending => None,
    }
}

fn longest(snapshot: &Snapshot) -> Option<u64> {
    snapshot.racers.iter().map(|racer| racer.steps).max()
}

#[test]
fn a_surface_is_mapped_in_the_first_state() {
    for name in ["beale", "saddle", "one-weight"] {
        let (first, last) = run(&shipped(name), true);
        assert_eq!((steps(&first), steps(&last)), (Some(0), Some(0)), "{name}");
    }
}

#[test]
fn a_model_is_mapped_when_it_is_said_to_be_computed() {
    for name in ["digits-softmax", "line", "moons"] {
        let (first, last) = run(&shipped(name), true);
        assert!(matches!(first.map, Mapped::Pending) || steps(&first).is_some());
        assert_eq!(steps(&last), longest(&last.snapshot), "{name}");
    }
}

#[test]
fn nobody_watches_nothing_is_mapped_and_the_race_is_the_same() {
    for name in ["beale", "digits-softmax"] {
        let (_, watched) = run(&shipped(name), true);
        let (_, headless) = run(&shipped(name), false);
        assert!(matches!(headless.map, Mapped::Absent { why: None }));
        let kept = |racer: &slalom::race::snapshot::Progress| racer.trail.points().len();
        assert!(
            headless
                .snapshot
                .racers
                .iter()
                .all(|racer| kept(racer) == 0)
        );
        assert_eq!(digest(&watched.snapshot), digest(&headless.snapshot));
    }
}

#[test]
fn a_race_that_goes_nowhere_says_so() {
    let mut scenario = shipped("digits-softmax");
    for racer in &mut scenario.racers {
        racer.learning_rate = 1e300;
    }
    let (_, last) = run(&scenario, true);
    let Mapped::Absent { why: Some(why) } = &last.map else {
        panic!("{:?}", last.map)
    };
    assert_eq!(&**why, "no map: no racer got anywhere");
}
