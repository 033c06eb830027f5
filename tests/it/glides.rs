//! Steps that are taken many at a time are the very steps that are taken one by one: slices of one
//! step leave no room to glide, and a race that is recorded looks at each step.

use slalom::optim::{self, REGISTRY, Settings};
use slalom::problem::surface::SURFACES;
use slalom::race::snapshot::{Outcome, Snapshot};
use slalom::race::{Race, untimed};
use slalom::scenario::{Fork, Scenario};

use crate::races::{digest, scenario};

fn run(scenario: &Scenario, slice: u64, is_recorded: bool) -> Snapshot {
    let mut race = Race::new(scenario, &untimed);
    if is_recorded {
        race.keep_fresh();
    }
    while !race.finished() {
        race.advance(slice);
        race.drain(|_, _| {});
    }
    race.snapshot()
}

/// Everything that a race says of its racers, to the last bit.
fn all(snapshot: &Snapshot) -> String {
    let racers = snapshot.racers.iter().map(|racer| {
        let numbers = [racer.steps, racer.samples, racer.gradient_evaluations];
        let losses = [racer.best_loss, racer.latest.loss].map(f64::to_bits);
        format!("{numbers:?} {losses:?} {:?}\n", racer.convergence)
    });
    digest(snapshot) + &racers.collect::<String>()
}

/// Runs it both ways, and in slices that end anywhere; returns how it ended.
fn check(name: &str, scenario: &Scenario) -> Vec<Outcome> {
    let want = run(scenario, 1, false);
    for (slice, is_recorded) in [(1_000_000, false), (50, false), (1_000_000, true)] {
        let got = run(scenario, slice, is_recorded);
        let is_same = all(&got) == all(&want);
        assert!(
            is_same,
            "{name} in slices of {slice}, recorded: {is_recorded}"
        );
    }
    let outcomes = want.racers.into_iter().map(|racer| racer.outcome);
    outcomes
        .map(|outcome| outcome.expect("the race is over"))
        .collect()
}

/// All optimizers at these rates, and a written rule.
fn racers(rates: &[f64]) -> String {
    let more = ["sgd\"\nbatch = \"4", "momentum\"\nform = \"heavy-ball"];
    let kinds = REGISTRY.iter().map(|entry| entry.id);
    let kinds: Vec<&str> = kinds.chain(more).collect();
    let racer = |rate: &f64| {
        let of =
            |kind: &&str| format!("[[racer]]\noptimizer = \"{kind}\"\nlearning_rate = {rate}\n");
        kinds
            .iter()
            .map(of)
            .collect::<String>()
            .replace("\"4\"", "4")
    };
    let own = |rate: &f64| {
        format!(
            "[[racer]]\nrule = [\"n = n + 1\", \"v = beta*v + g\", \"w = w - learning_rate*v/sqrt(n + t)\"]\n\
             beta = 0.9\nlearning_rate = {rate}\n"
        )
    };
    rates
        .iter()
        .map(racer)
        .chain(rates.iter().map(own))
        .collect()
}

fn on(function: &str, start: &[f64], finish: &str, racers: &str) -> Scenario {
    scenario(&format!(
        "title = \"test\"\n[surface]\nfunction = \"{function}\"\nstart = {start:?}\n\
         [finish]\n{finish}\n{racers}"
    ))
}

#[test]
fn every_optimizer_glides_as_it_steps_on_every_surface() {
    let mut seen = [0; 4];
    for surface in SURFACES {
        let low = (surface.value)(surface.minima.first().unwrap_or(&surface.start));
        let high = (surface.value)(surface.start);
        // Never met; met by the fast; met, left and met again.
        let targets = [
            (-1e9, 1),
            (low + 1e-3 * (high - low), 1),
            (low + 0.05 * (high - low), 7),
        ];
        for (target, hold) in targets {
            let finish = format!("loss = {target:?}\nhold = {hold}\nsteps = 700");
            for rates in [&[1e-3, 0.03][..], &[1.5]] {
                let race = on(surface.id, surface.start, &finish, &racers(rates));
                for outcome in check(surface.id, &race) {
                    seen[match outcome {
                        Outcome::Converged => 0,
                        Outcome::Diverged { .. } => 1,
                        Outcome::Stalled { .. } => 2,
                        _ => 3,
                    }] += 1;
                }
            }
        }
    }
    assert!(seen.iter().all(|&count| count > 20), "{seen:?}");
}

#[test]
fn long_traces_are_decimated_alike() {
    let racers = "[[racer]]\noptimizer = \"momentum\"\nform = \"heavy-ball\"\nlearning_rate = 0.002\n\
         [[racer]]\noptimizer = \"rmsprop\"\nlearning_rate = 0.01\n\
         [[racer]]\noptimizer = \"adam\"\nlearning_rate = 0.001\n";
    let finish = "loss = -1\nsteps = 40000";
    check(
        "rosenbrock",
        &on("rosenbrock", &[-1.2, 1.0], finish, racers),
    );
}

#[test]
fn formulas_noise_and_other_numbers_of_variables_too() {
    let tasks = [
        "formula = \"x^2 + 3*sin(y)^2\"\nvariables = [\"x\", \"y\"]\nstart = [2, 1]",
        "formula = \"x^2 + y^2 + z^4\"\nvariables = [\"x\", \"y\", \"z\"]\nstart = [2, 1, 1]",
        "function = \"beale\"\nstart = [1, 1]\nnoise = 0.5",
    ];
    for task in tasks {
        let race = scenario(&format!(
            "title = \"test\"\n[surface]\n{task}\n[finish]\nloss = 1e-4\nsteps = 500\n{}",
            racers(&[0.01])
        ));
        check(task, &race);
    }
}

/// Forks before the first glide, at the end of one, and in the midst of one.
#[test]
fn a_fork_ends_a_glide_where_it_is() {
    let adam = optim::find("adam").expect("it is registered");
    let finish = "loss = -1e9\nsteps = 700";
    let whole = on("rosenbrock", &[-1.2, 1.0], finish, &racers(&[1e-3, 3e-4]));
    let points = |race: &Scenario, upto: u64| -> Vec<String> {
        let snapshot = run(race, 1_000_000, false);
        let racers = snapshot.racers.iter().map(|racer| {
            let points = racer.trace.points().iter();
            let points: Vec<_> = points.take_while(|point| point.step <= upto).collect();
            format!("{points:?}")
        });
        racers.collect()
    };
    for after in [[30, 64], [100, 101], [255, 256], [300, 417]] {
        let mut race = whole.clone();
        for racer in &mut race.racers {
            let slower = Fork {
                after: after[0],
                learning_rate: 0.5 * racer.learning_rate,
                ..racer.legs().remove(0)
            };
            let other = Fork {
                after: after[1],
                optimizer: adam.into(),
                settings: Settings::defaults(adam),
                learning_rate: 1e-3,
                ..slower.clone()
            };
            racer.forks = vec![slower, other];
        }
        check(&format!("forks after {after:?}"), &race);
        assert_eq!(points(&race, after[0]), points(&whole, after[0]));
        let later = [&race, &whole].map(|race| points(race, after[0] + 1));
        let [forked, plain] = later;
        // L-BFGS may be at the minimum by then, where nothing moves it.
        let moving = race.racers.iter().map(|racer| racer.label != "L-BFGS");
        let other = forked.iter().zip(&plain).map(|(a, b)| a != b);
        assert!(moving.zip(other).all(|(moving, other)| other || !moving));
    }
}
