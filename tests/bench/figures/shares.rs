//! What share of a race is outside of the mathematics: the rest is gradients, updates, evaluations.

use std::sync::Arc;

use ndarray::Array1;
use slalom::problem::batches::Batches;
use slalom::problem::dataset::Dataset;
use slalom::problem::mlp::Mlp;
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::{Part, Problem};
use slalom::race::Race;
use slalom::runner;
use slalom::scenario::{Scenario, Task};

use crate::entrance::{network, on, racer, scenario};
use crate::networks::threads;
use crate::rounds::{Rounds, seconds};
use crate::table::Table;

/// Prints the share for a small and for a large network.
pub fn measure(table: &mut Table, data: &Arc<Dataset>) {
    let deep = "[model]\nkind = \"mlp\"\nhidden = [32, 32, 32]\nactivation = \"sigmoid\"\n\
                [data]\nsource = \"digits\"";
    let racer = racer("adam", 1e-3, Some(64));
    share(
        table,
        "digits, 64-32-32-32-10",
        2_000,
        &scenario(deep, 2, &racer),
    );
    let wide = on(scenario(&network("tanh"), 1_000, &racer), data);
    share(table, "60,000 examples, 784-128-10", 1_000, &wide);
}

/// Steps of Adam as the race takes them, and the same calls in a bare loop.
fn share(table: &mut Table, case: &str, steps: u64, scenario: &Scenario) {
    const WORK: &str = "share of a race outside of the mathematics, one thread";
    let Task::Model(task) = &scenario.task else {
        unreachable!("it is a network")
    };
    let pool = threads(1);
    let every = scenario.finish.evaluate_every.expect("it is given");
    let split = task.data.split(task.test, task.scale, scenario.seed);
    let problem = Mlp::<f32>::new(&task.model, &split, scenario.seed);
    let entrant = &scenario.racers[0];
    let mut bare = || {
        let mut optimizer = entrant
            .optimizer
            .build::<f32>(&entrant.settings, problem.dim());
        let (mut w, mut g) = (problem.start(), Array1::zeros(problem.dim()));
        let (mut work, mut cost) = (problem.work(), Cost::default());
        let (rows, rate) = (problem.rows(), entrant.learning_rate as f32);
        let mut batches = Batches::new(scenario.seed, rows, rows, 64);
        seconds(|| {
            for step in 1..=steps {
                let batch = batches.batch(step);
                let mut slope = Oracle::new(&problem, batch, &mut g, &mut work, &mut cost);
                optimizer.step(w.view_mut(), rate, &mut slope);
                if step.is_multiple_of(every) {
                    problem.evaluate(w.view(), Part::Train, &mut work);
                    problem.evaluate(w.view(), Part::Test, &mut work);
                }
            }
        })
    };
    let mut whole = || {
        let mut race = Race::new(scenario, &runner::stopwatch);
        let mut time = 0.0;
        while race.steps() < steps {
            time += pool.install(|| seconds(|| race.advance(6_400)));
        }
        time * steps as f64 / race.steps() as f64
    };
    let found = Rounds::of(&mut [&mut whole, &mut bare]);
    let each = 1e6 / steps as f64;
    table.add(
        WORK,
        case,
        "race, microseconds a step",
        each * found.median(0),
    );
    table.add(WORK, case, "mathematics alone", each * found.median(1));
    table.add(WORK, case, "share outside", 1.0 - 1.0 / found.ratio(0, 1));
}
