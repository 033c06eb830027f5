//! Trails of parameters: what they keep, where they end, and that a race does not notice them.

use slalom::race::snapshot::{Outcome, Progress, Snapshot};
use slalom::race::{Race, untimed};
use slalom::scenario::shipped::SHIPPED;
use slalom::scenario::{Scenario, Task};

use crate::races::{digest, scenario, shipped};

fn run(scenario: &Scenario, slice: u64, trails: bool) -> Snapshot {
    let mut race = Race::new(scenario, &untimed);
    if trails {
        race.keep_trails().unwrap();
    }
    while !race.finished() {
        race.advance(slice);
    }
    race.snapshot()
}

fn steps(racer: &Progress) -> Vec<u64> {
    let points = racer.trail.points().iter();
    points.map(|point| point.moment.step).collect()
}

#[test]
fn a_race_has_the_same_bits_with_and_without_trails() {
    for shipped in SHIPPED {
        let mut scenario = scenario(shipped.text);
        scenario.finish.steps = scenario.finish.steps.map(|steps| steps.min(120));
        let without = run(&scenario, 5_000, false);
        assert!(
            without.racers.iter().all(|racer| steps(racer).is_empty()),
            "{}: nobody watches",
            shipped.name
        );
        let surface = matches!(scenario.task, Task::Surface(_));
        for slice in [1, 777_777] {
            let with = run(&scenario, slice, true);
            assert_eq!(digest(&without), digest(&with), "{}", shipped.name);
            for racer in &with.racers {
                assert_eq!(steps(racer).is_empty(), surface, "{}", shipped.name);
            }
        }
    }
}

#[test]
fn a_trail_leads_from_the_start_to_the_last_step() {
    let snapshot = run(&shipped("digits"), 50_000, true);
    for racer in &snapshot.racers {
        let steps = steps(racer);
        assert!(steps.is_sorted_by(|a, b| a < b));
        assert_eq!((steps[0], steps[steps.len() - 1]), (0, racer.steps));
        // 64 MiB for five trails of 4,522 numbers.
        assert!((50..=739).contains(&steps.len()), "{}", steps.len());
        for point in racer.trail.points() {
            assert_eq!(point.w.len(), 4522);
        }
        let last = &racer.trail.points()[steps.len() - 1];
        assert_eq!(last.moment, racer.latest.moment());
    }
    let starts = snapshot.racers.iter().map(|racer| &racer.trail.points()[0]);
    let starts: Vec<_> = starts.map(|start| &start.w).collect();
    assert!(starts.iter().all(|start| *start == starts[0]));
}

#[test]
fn a_racer_that_converged_between_two_evaluations_ends_there() {
    let text = |every: u64, hold: u64| {
        format!(
            "title = \"iris\"\n[model]\nkind = \"softmax\"\n[data]\nsource = \"iris\"\n\
             [finish]\nloss = 0.3\nsteps = 1000\nevaluate_every = {every}\nhold = {hold}\n\
             [[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1"
        )
    };
    let each = run(&scenario(&text(1, 1)), 100, true);
    let (want, way) = (each.racers[0].steps, each.racers[0].trail.points());
    assert_eq!(steps(&each.racers[0]), (0..=want).collect::<Vec<_>>());
    for every in [7, 40, 400] {
        assert!(!want.is_multiple_of(every), "{want} lies between two");
        for slice in [1, 1_000_000] {
            let racer = &run(&scenario(&text(every, 1)), slice, true).racers[0];
            assert_eq!(racer.outcome, Some(Outcome::Converged));
            assert_eq!(
                steps(racer),
                (0..=want).collect::<Vec<_>>(),
                "every {every}"
            );
            let ends = racer.trail.points().iter().zip(way);
            assert!(ends.into_iter().all(|(got, want)| got.w == want.w));
            let seconds = racer.trail.points().iter().map(|p| p.moment.seconds);
            assert!(seconds.is_sorted());
        }
        let held = &run(&scenario(&text(every, 3)), 1_000, true).racers[0];
        assert_eq!(steps(held).last(), Some(&held.steps), "every {every}");
        assert!(held.steps > want);
    }
}

#[test]
fn racers_that_blow_up_or_never_start_have_an_end() {
    let text = |loss: f64, rate: f64| {
        format!(
            "title = \"line\"\n[model]\nkind = \"linear\"\n[data]\nsource = \"line\"\nscale = \"none\"\n\
             [finish]\nloss = {loss}\nsteps = 1000\n\
             [[racer]]\noptimizer = \"sgd\"\nlearning_rate = {rate}\nbatch = 20"
        )
    };
    let lost = &run(&scenario(&text(0.1, 1e30)), 1_000, true).racers[0];
    assert!(matches!(lost.outcome, Some(Outcome::Diverged { .. })));
    assert_eq!(steps(lost).last(), Some(&lost.steps));
    let there = &run(&scenario(&text(1e9, 0.1)), 1_000, true).racers[0];
    assert_eq!(steps(there), [0]);
}

#[test]
fn trails_that_do_not_fit_are_refused() {
    let text = "title = \"wide\"\n[model]\nkind = \"mlp\"\nhidden = [20000, 200]\n\
                [data]\nsource = \"iris\"\n[finish]\nloss = 0.1\nsteps = 10\n\
                [[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1";
    let mut race = Race::new(&scenario(text), &untimed);
    let reason = race.keep_trails().unwrap_err();
    let want = "no map: a trail of 4,100,803 parameters needs more than 64 MiB";
    assert_eq!(reason, want);
    assert!(race.snapshot().racers[0].trail.points().is_empty());
}
