//! What an update costs by a rule as text, beside the same optimizer in code; one thread.

use std::sync::Arc;

use ndarray::Array1;
use slalom::optim::written::Written;
use slalom::optim::{Build, Entry, Method, Optimizer, REGISTRY, Settings};
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::{Batch, Work};

use crate::networks::threads;
use crate::rounds::{Rounds, seconds};
use crate::still::Still;
use crate::table::Table;

/// Prints the figures of the registry's optimizers at their defaults.
pub fn measure(table: &mut Table) {
    for parameters in [2, 100_000] {
        // `gd` and `sgd` have the same rule.
        for entry in REGISTRY.iter().filter(|entry| entry.id != "sgd") {
            update::<f32>(table, entry, "f32", parameters);
            update::<f64>(table, entry, "f64", parameters);
        }
    }
}

fn update<F: Build>(table: &mut Table, entry: &'static Entry, float: &str, parameters: usize) {
    const WORK: &str = "update by a rule as text";
    let settings = Settings::defaults(entry);
    let mut code = Method::from(entry).build::<F>(&settings, parameters);
    let (method, settings) = written(entry, &settings);
    let mut text = method.build::<F>(&settings, parameters);
    let pool = threads(1);
    let mut ours = || pool.install(|| microseconds(&mut *code, parameters));
    let mut theirs = || pool.install(|| microseconds(&mut *text, parameters));
    let found = Rounds::of(&mut [&mut ours, &mut theirs]);
    let case = format!("{}, {float}, {parameters} parameters", entry.id);
    table.add(WORK, &case, "in code, microseconds", found.median(0));
    table.add(WORK, &case, "as text", found.median(1));
    table.add(WORK, &case, "ratio", found.ratio(1, 0));
}

/// The rule of `entry` as a scenario would give it.
fn written(entry: &Entry, settings: &Settings) -> (Method, Settings) {
    let lines = (entry.rule)(settings).lines;
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let rule = Written::read(&lines).rule.expect("it is a rule");
    let value = |name: &String| {
        let known = settings.0.iter().find(|(known, _)| known == name);
        known.expect("it is a hyperparameter").clone()
    };
    let own = rule.hyperparameters().iter().map(value).collect();
    (Method::Written(Arc::new(rule)), Settings(own))
}

/// What an update takes.
fn microseconds<F: Build>(optimizer: &mut dyn Optimizer<F>, parameters: usize) -> f64 {
    let steps = (2_000_000 / parameters).clamp(20, 20_000);
    let still = Still::of(parameters);
    let mut w = Array1::from_elem(parameters, F::of(0.5));
    let mut g = Array1::from_shape_fn(parameters, |i| F::of((i as f64).sin()));
    let (mut work, mut cost) = (Work::default(), Cost::default());
    let time = seconds(|| {
        for _ in 0..steps {
            let mut slope = Oracle::new(&still, Batch::All, &mut g, &mut work, &mut cost);
            optimizer.step(w.view_mut(), F::of(1e-6), &mut slope);
        }
    });
    1e6 * time / steps as f64
}
