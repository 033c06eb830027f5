//! A race walked once more is the race, bit for bit, from wherever one looks.

use super::checkpoints::{Checkpoints, Place};
use super::*;
use crate::race::snapshot::Snapshot;
use crate::race::{Race, untimed};
use crate::random::{self, Purpose};
use crate::scenario::check::{Options, check};
use crate::scenario::shipped;

fn scenario(name: &str, set: &[&str]) -> Scenario {
    let source = shipped::find(name).expect("it ships").source();
    let options = Options {
        set: set.iter().map(|&set| set.to_owned()).collect(),
        ..Options::default()
    };
    check(&source, &options).expect("it is valid")
}

fn raced(scenario: &Scenario) -> Snapshot {
    let mut race = Race::new(scenario, &untimed);
    while !race.finished() {
        race.advance(10_000);
    }
    race.snapshot()
}

fn glance(racer: usize, step: u64) -> Glance {
    Glance {
        racer,
        step,
        coordinate: Some(0),
        window: 40,
    }
}

/// Looks at evaluations of all racers, forwards and then back and forth at random.
fn check_against_the_race(name: &str, set: &[&str]) {
    let scenario = scenario(name, set);
    let snapshot = raced(&scenario);
    let mut retrace = Retrace::new(&scenario);
    let mut chance = random::stream(1, Purpose::Noise, 1);
    for (racer, progress) in snapshot.racers.iter().enumerate() {
        let points = progress.trace.points();
        let forwards = (1..points.len()).step_by(points.len() / 40 + 1);
        let scrubbed = (0..40)
            .map(|_| 1 + (random::uniform(&mut chance) * (points.len() - 1) as f64) as usize);
        for i in forwards.chain(scrubbed.collect::<Vec<_>>()) {
            let point = &points[i];
            let look = retrace.look(glance(racer, point.step), &mut |_| true);
            let look = look.expect("it was not stopped");
            let case = format!("{name}: racer {racer} at step {}", point.step);
            assert_eq!(look.step, point.step, "{case}");
            let norm = look.spreads[0].norm;
            let gap = (norm - point.gradient_norm.expect("there was a step")).abs();
            assert!(gap <= 1e-12 * norm, "{case}: |g| is {norm}");
            for (w, coordinate) in point.position.iter().zip(&look.coordinates) {
                assert_eq!(w.to_bits(), coordinate.w[1].to_bits(), "{case}");
            }
            let steps: Vec<u64> = look.past.iter().map(|past| past.step).collect();
            let first = point.step.saturating_sub(39).max(1);
            assert_eq!(steps, (first..=point.step).collect::<Vec<_>>(), "{case}");
        }
    }
}

#[test]
fn what_is_retraced_is_what_was_raced() {
    check_against_the_race("beale", &[]);
    check_against_the_race("ravine", &["surface.noise=0.1"]);
    check_against_the_race("moons", &["model.precision=f64", "finish.steps=300"]);
    check_against_the_race("digits-softmax", &["finish.steps=60"]);
}

#[test]
fn the_past_is_the_same_from_wherever_one_comes() {
    let scenario = scenario("ravine", &["surface.noise=0.1"]);
    let look = |retrace: &mut Retrace, step| {
        let look = retrace.look(glance(1, step), &mut |_| true);
        look.expect("it was not stopped").past
    };
    let all = look(&mut Retrace::new(&scenario), 40);
    let (mut averages, betas) = ([0.0; 3], BETAS);
    for past in &all {
        for (average, beta) in averages.iter_mut().zip(betas) {
            *average = beta * *average + (1.0 - beta) * past.g;
        }
        assert_eq!(past.averages, averages, "at step {}", past.step);
    }
    let mut other = Retrace::new(&scenario);
    for step in [300, 20, 35, 299, 40] {
        let past = look(&mut other, step);
        assert_eq!(past, look(&mut Retrace::new(&scenario), step), "{step}");
    }
}

#[test]
fn a_walk_can_be_stopped_and_goes_on() {
    let scenario = scenario("beale", &[]);
    let mut retrace = Retrace::new(&scenario);
    let mut walked = Vec::new();
    let stopped = retrace.look(glance(0, 50), &mut |step| {
        walked.push(step);
        step < 20
    });
    assert!(stopped.is_none());
    let look = retrace.look(glance(0, 50), &mut |step| {
        walked.push(step);
        true
    });
    assert_eq!(look.map(|look| look.past.len()), Some(40));
    assert_eq!(walked, (0..=20).chain(20..49).collect::<Vec<_>>());
}

#[test]
fn the_parameter_with_the_largest_gradient_is_found() {
    let scenario = scenario("ravine", &[]);
    let coordinate = None;
    let any = Glance {
        coordinate,
        ..glance(0, 1)
    };
    let look = Retrace::new(&scenario).look(any, &mut |_| true);
    let look = look.expect("it was not stopped");
    let sizes: Vec<f64> = look.coordinates.iter().map(|c| c.g.abs()).collect();
    assert_eq!(look.coordinates[look.coordinate].name, "y", "{sizes:?}");
    assert!(sizes[1] > sizes[0]);
    assert_eq!(look.past.last().map(|past| past.g.abs()), Some(sizes[1]));
}

#[test]
fn before_the_first_step_there_are_no_numbers() {
    let scenario = scenario("digits-softmax", &[]);
    let look = Retrace::new(&scenario).look(glance(4, 0), &mut |_| true);
    let look = look.expect("it was not stopped");
    assert!(look.coordinates.is_empty() && look.numbers.is_empty());
    assert_eq!(look.rule.lines.len(), 3);
}

#[test]
fn checkpoints_are_few_and_never_far() {
    let scenario = scenario("ravine", &[]);
    let Task::Surface(task) = &scenario.task else {
        panic!("it is a surface")
    };
    let racer = &scenario.racers[1];
    let slope = Arc::new(slope(&scenario, task, start(task, racer)));
    let rules = Rules::new(&scenario, racer);
    let mut course = Course::<f64>::new(slope, true, racer, rules, scenario.seed);
    let mut place = Place::start(course.start(racer));
    let mut checkpoints = Checkpoints::new(place.clone(), 1, 2_000);
    let most = checkpoints.most();
    assert!((4..20).contains(&most), "{most}");
    for step in 1..=10_000 {
        course.step(&mut place.state);
        checkpoints.pass(&place);
        assert!(checkpoints.len() <= most);
        let gap = step - checkpoints.before(step).state.step;
        assert!(gap <= (4 * step / most as u64).max(32), "{gap} at {step}");
    }
    assert_eq!(checkpoints.before(31).state.step, 0);
}
