//! Training steps of networks on 60,000 made examples of the size of MNIST, one thread.

use std::hint::black_box;
use std::sync::Arc;

use ndarray::Array2;
use ndarray::linalg::general_mat_mul;
use rayon::{ThreadPool, ThreadPoolBuilder};
use slalom::problem::dataset::Dataset;
use slalom::race::Race;
use slalom::runner;

use crate::entrance::{FIVE, network, on, pace, racer, scenario};
use crate::python::Python;
use crate::rounds::{Rounds, seconds};
use crate::table::Table;

/// The network, the batch, the rule, and the goals beside PyTorch and JAX.
const CASES: [(&str, usize, &str, [Option<f64>; 2]); 7] = [
    ("tanh", 64, "adam", [Some(2.2), Some(1.3)]),
    ("tanh", 64, "gd", [Some(2.2), None]),
    ("tanh", 256, "adam", [Some(1.4), Some(1.05)]),
    ("relu", 64, "adam", [Some(2.2), Some(1.3)]),
    ("relu", 256, "adam", [Some(1.4), Some(1.05)]),
    ("softmax", 64, "adam", [Some(4.5), None]),
    ("tanh", ALL, "adam", [Some(1.1), None]),
];

/// As many as there are examples.
const ALL: usize = 60_000;

/// Prints the figures of single steps.
pub fn steps(table: &mut Table, data: &Arc<Dataset>, mut python: Option<&mut Python>) {
    const WORK: &str = "a training step, 784 inputs, f32, one thread";
    let pool = threads(1);
    for (kind, batch, rule, goals) in CASES {
        let shape = if kind == "softmax" {
            "784-10"
        } else {
            "784-128-10"
        };
        let size = if batch == ALL {
            "all".to_owned()
        } else {
            batch.to_string()
        };
        let case = format!("{shape} {kind}, batch {size}, {rule}");
        let optimizer = if rule == "gd" { "sgd" } else { rule };
        let racer = racer(optimizer, 1e-3, Some(batch.min(1_000)));
        let mut scenario = on(scenario(&network(kind), 1_000_000_000, &racer), data);
        scenario.racers[0].batch = (batch < ALL).then_some(batch);
        let mut race = Race::new(&scenario, &runner::stopwatch);
        let slice = (10 * batch).min(ALL) as u64;
        let mut ours = || 1e6 / pool.install(|| pace(&mut race, slice, 0.3));
        let mut products = Products::of(kind, batch);
        let mut math = || products.microseconds();
        let [torch, jax] =
            ["torch", "jax"].map(|name| format!("{name}-network {kind} {size} {rule}"));
        let mut asked = |case: &str| 1e6 * python.as_mut().map_or(1.0, |p| p.seconds(case));
        // Python forgets a case when it is asked for another: in turn only between ours and theirs.
        let found = Rounds::of(&mut [&mut ours, &mut math, &mut || asked(&torch)]);
        table.add(WORK, &case, "microseconds", found.median(0));
        table.add(WORK, &case, "its products alone", found.median(1));
        table.add(WORK, &case, "share of their speed", found.ratio(1, 0));
        if python.is_some() {
            let mut asked = |case: &str| 1e6 * python.as_mut().map_or(1.0, |p| p.seconds(case));
            let beside = Rounds::of(&mut [&mut ours, &mut || asked(&jax)]);
            table.add(WORK, &case, "PyTorch", found.median(2));
            table.add(WORK, &case, "times as fast", found.ratio(2, 0));
            if let Some(goal) = goals[0] {
                table.add(WORK, &case, "goal", goal);
            }
            table.add(WORK, &case, "JAX", beside.median(1));
            table.add(WORK, &case, "times as fast as JAX", beside.ratio(1, 0));
            if let Some(goal) = goals[1] {
                table.add(WORK, &case, "goal to JAX", goal);
            }
        }
    }
}

/// Prints the figures of five racers together, on one thread and on all.
pub fn five(table: &mut Table, data: &Arc<Dataset>, mut python: Option<&mut Python>) {
    const WORK: &str = "five racers, 784-128-10 tanh, batch 64";
    let racers = FIVE.map(|(id, rate)| {
        let id = if id == "gd" { "sgd" } else { id };
        racer(id, rate, Some(64))
    });
    let scenario = on(
        scenario(&network("tanh"), 1_000_000_000, &racers.concat()),
        data,
    );
    let all = rayon::current_num_threads();
    let (one, many) = (threads(1), threads(all));
    let (mut alone, mut together) = (
        Race::new(&scenario, &runner::stopwatch),
        Race::new(&scenario, &runner::stopwatch),
    );
    let slice = 640;
    let mut single = || one.install(|| pace(&mut alone, slice, 0.5));
    let mut ours = || many.install(|| pace(&mut together, slice, 0.5));
    let mut torch = || {
        1.0 / python
            .as_mut()
            .map_or(1.0, |python| python.seconds("torch-five 64"))
    };
    let found = Rounds::of(&mut [&mut single, &mut ours, &mut torch]);
    table.add(WORK, "one thread", "racer-steps/s", found.median(0));
    let case = format!("{all} threads");
    table.add(WORK, &case, "racer-steps/s", found.median(1));
    table.add(WORK, &case, "times one thread", found.ratio(1, 0));
    table.add(WORK, &case, "goal", 1.85);
    if python.is_some() {
        table.add(
            WORK,
            "PyTorch, its own threads",
            "racer-steps/s",
            found.median(2),
        );
        table.add(WORK, &case, "times PyTorch", found.ratio(1, 2));
        table.add(WORK, &case, "goal to PyTorch", 5.0);
    }
}

/// A pool of so many threads.
pub fn threads(count: usize) -> ThreadPool {
    let pool = ThreadPoolBuilder::new().num_threads(count).build();
    pool.expect("threads can be started")
}

/// The matrix products of one training step, and nothing else.
struct Products {
    shapes: Vec<[Array2<f32>; 3]>,
    times: usize,
}

impl Products {
    /// Those of a network of this kind: forward and for the gradient of each layer, and for the
    /// deltas of the hidden one. Full batches go in chunks of 256, as in the program.
    fn of(kind: &str, batch: usize) -> Self {
        let rows = batch.min(256);
        let layers = match kind {
            "softmax" => vec![(784, 10)],
            _ => vec![(784, 128), (128, 10)],
        };
        let filled = |rows: usize, columns: usize| Array2::from_elem((rows, columns), 0.01_f32);
        let mut shapes = vec![];
        for (l, (inputs, outputs)) in layers.into_iter().enumerate() {
            shapes.push([
                filled(rows, inputs),
                filled(inputs, outputs),
                filled(rows, outputs),
            ]);
            let transposed = filled(rows, inputs).reversed_axes();
            shapes.push([transposed, filled(rows, outputs), filled(inputs, outputs)]);
            if l > 0 {
                let transposed = filled(inputs, outputs).reversed_axes();
                shapes.push([filled(rows, outputs), transposed, filled(rows, inputs)]);
            }
        }
        Self {
            shapes,
            times: batch.div_ceil(256),
        }
    }

    /// What they take.
    fn microseconds(&mut self) -> f64 {
        let rounds = 1 + 300 / self.times;
        let time = seconds(|| {
            for _ in 0..rounds * self.times {
                for [a, b, c] in &mut self.shapes {
                    general_mat_mul(1.0, black_box(&*a), b, 0.0, c);
                }
            }
        });
        1e6 * time / rounds as f64
    }
}
