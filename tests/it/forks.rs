//! Racers that go over to something else in the midst of a race.

use slalom::optim::{self, Setting};
use slalom::race::retrace::{Glance, Look, Retrace};
use slalom::race::snapshot::{Outcome, Progress, Snapshot};
use slalom::race::trace::Evaluation;
use slalom::race::{Race, untimed};
use slalom::scenario::{Entrant, Fork, Scenario};

use crate::races::{scenario, shipped};

fn run(scenario: &Scenario, slice: u64) -> Snapshot {
    let mut race = Race::new(scenario, &untimed);
    while !race.finished() {
        race.advance(slice);
    }
    race.snapshot()
}

/// A fork that changes nothing.
fn same(racer: &Entrant, after: u64) -> Fork {
    Fork {
        after,
        ..racer.legs().remove(0)
    }
}

/// All that a racer was evaluated as, and how it ended.
fn evaluations(racer: &Progress) -> (Vec<Evaluation>, Option<Outcome>) {
    (racer.trace.points().to_vec(), racer.outcome.clone())
}

/// A shipped race that nobody finishes in so many steps.
fn cut(name: &str, steps: u64) -> Scenario {
    let mut race = shipped(name);
    race.finish.steps = Some(steps);
    race.finish.target.value = 0.0;
    race
}

/// Five racers on a surface with noise, and on the digits.
fn races() -> [Scenario; 2] {
    [cut("beale", 60), cut("digits-softmax", 40)]
}

#[test]
fn a_fork_that_changes_nothing_changes_no_bit() {
    for race in races() {
        let whole = run(&race, 1000);
        for after in (0..=60).step_by(if race.examples() > 1000 { 13 } else { 1 }) {
            let mut forked = race.clone();
            for racer in &mut forked.racers {
                racer.forks = vec![same(racer, after)];
            }
            let got = run(&forked, 777);
            for (a, b) in whole.racers.iter().zip(&got.racers) {
                assert_eq!(evaluations(a), evaluations(b), "{} {after}", race.name);
                assert_eq!((a.samples, a.steps), (b.samples, b.steps));
            }
        }
    }
}

#[test]
fn until_the_fork_nothing_differs_and_then_the_batches_are_the_same() {
    for race in races() {
        let mut forked = race.clone();
        for racer in &mut forked.racers {
            racer.forks = vec![Fork {
                learning_rate: 0.5 * racer.learning_rate,
                ..same(racer, 20)
            }];
        }
        assert_ne!(forked.digest(), race.digest());
        let [whole, other] = [&race, &forked].map(|race| run(race, 1000));
        for (a, b) in whole.racers.iter().zip(&other.racers) {
            let until = |racer: &Progress, last: u64| -> Vec<Evaluation> {
                let points = racer.trace.points().iter();
                points.filter(|at| at.step <= last).cloned().collect()
            };
            assert_eq!(until(a, 20), until(b, 20));
            assert_ne!(until(a, 30), until(b, 30));
            // The first gradient after the fork is taken where both still stand, and on the same
            // batch, or else its norm would differ.
            let norm = |racer: &Progress| {
                let points = racer.trace.points().iter();
                points.clone().find(|at| at.step == 21)?.gradient_norm
            };
            assert_eq!(norm(a), norm(b));
            assert_eq!(a.gradient_evaluations, b.gradient_evaluations);
        }
    }
}

#[test]
fn who_is_done_before_the_fork_stays_as_it_was() {
    let race = shipped("beale");
    let whole = run(&race, 1000);
    let last = |racer: &Progress| racer.steps;
    let after = whole.racers.iter().map(last).min().unwrap();
    let mut forked = race.clone();
    for racer in &mut forked.racers {
        racer.forks = vec![Fork {
            learning_rate: 1e-9,
            ..same(racer, after)
        }];
    }
    let got = run(&forked, 1000);
    for (a, b) in whole.racers.iter().zip(&got.racers) {
        assert_eq!(evaluations(a) == evaluations(b), a.steps == after);
    }
}

/// A race on (x^2 + 50 y^2) / 2, whose gradient is (x, 50 y), and where its racer was at each step.
fn in_the_ravine(racer: &str, fork: impl Fn(&Entrant) -> Fork) -> Vec<[f64; 2]> {
    let mut race = scenario(&format!(
        "title = \"test\"\n[surface]\nfunction = \"ravine\"\nstart = [-4, 1]\n\
         [finish]\nloss = 0\nsteps = 12\n[[racer]]\n{racer}"
    ));
    race.racers[0].forks = vec![fork(&race.racers[0])];
    let snapshot = run(&race, 1000);
    let points = snapshot.racers[0].trace.points().iter();
    points.map(|at| [at.position[0], at.position[1]]).collect()
}

fn agree(got: &[[f64; 2]], want: &[[f64; 2]]) {
    assert_eq!(got.len(), want.len());
    for (step, (a, b)) in got.iter().zip(want).enumerate() {
        for i in 0..2 {
            let gap = (a[i] - b[i]).abs();
            assert!(
                gap <= 1e-12 * b[i].abs().max(1e-3),
                "step {step}: {a:?} {b:?}"
            );
        }
    }
}

#[test]
fn the_memory_stays_with_the_optimizer() {
    let text = "optimizer = \"adam\"\nlearning_rate = 0.1";
    let got = in_the_ravine(text, |racer| Fork {
        learning_rate: 0.3,
        settings: racer.settings.clone().with("beta1", Setting::Number(0.5)),
        ..same(racer, 5)
    });
    let (mut w, mut m, mut v) = ([-4.0, 1.0], [0.0; 2], [0.0; 2]);
    let (mut left1, mut left2) = (1.0, 1.0);
    let mut want = vec![w];
    for step in 1..=12 {
        let (rate, beta1) = if step <= 5 { (0.1, 0.9) } else { (0.3, 0.5) };
        (left1, left2) = (left1 * beta1, left2 * 0.999);
        let g = [w[0], 50.0 * w[1]];
        for i in 0..2 {
            m[i] = beta1 * m[i] + (1.0 - beta1) * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            let root: f64 = v[i] / (1.0 - left2);
            w[i] -= rate * (m[i] / (1.0 - left1)) / (root.sqrt() + 1e-8);
        }
        want.push(w);
    }
    agree(&got, &want);
}

#[test]
fn another_optimizer_begins_without_memory() {
    let text = "optimizer = \"gd\"\nlearning_rate = 0.01";
    let momentum = optim::find("momentum").unwrap();
    let got = in_the_ravine(text, |racer| Fork {
        optimizer: momentum.into(),
        learning_rate: 0.05,
        settings: optim::Settings::defaults(momentum),
        ..same(racer, 4)
    });
    let (mut w, mut v) = ([-4.0, 1.0], [0.0; 2]);
    let mut want = vec![w];
    for step in 1..=12 {
        let g = [w[0], 50.0 * w[1]];
        for i in 0..2 {
            v[i] = if step <= 4 {
                0.0
            } else {
                0.9 * v[i] + 0.1 * g[i]
            };
            w[i] -= if step <= 4 { 0.01 * g[i] } else { 0.05 * v[i] };
        }
        want.push(w);
    }
    agree(&got, &want);
}

#[test]
fn a_fork_of_a_fork_keeps_the_first() {
    let race = cut("rosenbrock", 30);
    let after = |steps: &[(u64, f64)]| {
        let mut forked = race.clone();
        for racer in &mut forked.racers {
            let fork = |(after, part): &(u64, f64)| Fork {
                learning_rate: part * racer.learning_rate,
                ..same(racer, *after)
            };
            racer.forks = steps.iter().map(fork).collect();
        }
        run(&forked, 1000)
    };
    let (one, two) = (after(&[(5, 0.5)]), after(&[(5, 0.5), (9, 0.1)]));
    for (a, b) in one.racers.iter().zip(&two.racers) {
        let [a, b] = [a, b].map(|racer| racer.trace.points());
        assert_eq!(a[..10], b[..10]);
        assert_ne!(a[10], b[10]);
    }
}

#[test]
fn the_inspector_follows_a_fork() {
    let mut race = cut("beale", 40);
    let adam = optim::find("adam").expect("it is registered");
    race.racers.truncate(1);
    race.racers[0].forks = vec![Fork {
        optimizer: adam.into(),
        learning_rate: 0.05,
        settings: optim::Settings::defaults(adam),
        ..same(&race.racers[0], 20)
    }];
    let got = run(&race, 1000);
    let mut retrace = Retrace::new(&race);
    let mut look = |step| {
        let glance = Glance {
            racer: 0,
            step,
            coordinate: Some(0),
            window: 30,
        };
        retrace
            .look(glance, &mut |_| true)
            .expect("nobody stops it")
    };
    let rate = |look: &Look| look.numbers[0].clone();
    let [before, after, later] = [20, 21, 25].map(&mut look);
    assert_eq!(rate(&before), ("learning_rate".to_owned(), 0.0464));
    assert_eq!(rate(&after), ("learning_rate".to_owned(), 0.05));
    assert_eq!((before.rule.lines.len(), after.rule.lines.len()), (1, 3));
    // The first step of a fresh Adam: both averages begin at zero, and its step is its rate.
    let x = &after.coordinates[0];
    assert!(
        x.vectors
            .iter()
            .all(|(_, [old, new])| *old == 0.0 && *new != 0.0)
    );
    assert!((x.step().abs() - 0.05).abs() < 1e-6);
    let known = later.past.iter().filter(|past| !past.vectors.is_empty());
    assert_eq!(known.count(), 5, "what gd remembered has other names");
    for point in got.racers[0].trace.points().iter().filter(|at| at.step > 0) {
        let found = look(point.step);
        let at: Vec<f64> = found.coordinates.iter().map(|c| c.w[1]).collect();
        assert_eq!(at, point.position.to_vec(), "step {}", point.step);
    }
}
