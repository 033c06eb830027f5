//! `cargo bench --bench rules`: what an update costs by an optimizer in code, and by its rule as text.
//!
//! The two take turns on the same parameters and gradients, and the gradient costs nothing. Figures
//! are medians of many rounds on one thread; what counts is the ratio.

#![allow(clippy::print_stdout)]

use std::sync::Arc;
use std::time::Instant;

use ndarray::{Array1, ArrayView1, ArrayViewMut1};
use slalom::optim::written::Written;
use slalom::optim::{Build, Entry, Method, Optimizer, REGISTRY, Setting, Settings};
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::{Batch, Block, Part, Problem, Score, Work};

const ROUNDS: usize = 31;

/// A slope whose gradient is whatever stands in the buffer.
struct Still(usize);

impl<F: Build> Problem<F> for Still {
    fn blocks(&self) -> &[Block] {
        &[]
    }
    fn examples(&self) -> usize {
        1
    }
    fn rows(&self) -> usize {
        0
    }
    fn start(&self) -> Array1<F> {
        Array1::from_elem(self.0, F::of(0.5))
    }
    fn work(&self) -> Work<F> {
        Work::default()
    }
    fn gradient(
        &self,
        _: ArrayView1<'_, F>,
        _: Batch<'_>,
        _: ArrayViewMut1<'_, F>,
        _: &mut Work<F>,
    ) {
    }
    fn evaluate(&self, _: ArrayView1<'_, F>, _: Part, _: &mut Work<F>) -> Option<Score> {
        None
    }
}

fn main() {
    println!("| update | parameters | in code, us | as text, us | ratio |");
    println!("| --- | --- | --- | --- | --- |");
    for dim in [2, 1_000, 100_000] {
        for entry in REGISTRY.iter().filter(|entry| entry.id != "sgd") {
            row::<f32>(entry, "f32", dim);
            row::<f64>(entry, "f64", dim);
        }
    }
}

/// The rule of `entry` as a scenario would give it.
fn written(entry: &Entry, settings: &Settings) -> (Method, Settings) {
    let lines: Vec<String> = (entry.rule)(settings)
        .lines
        .iter()
        .map(ToString::to_string)
        .collect();
    let rule = Written::read(&lines).rule.expect("it is a rule");
    let value = |name: &String| {
        let known = settings.0.iter().find(|(known, _)| known == name);
        known.expect("it is a hyperparameter").clone()
    };
    let own: Vec<_> = rule.hyperparameters().iter().map(value).collect();
    assert!(
        own.iter()
            .all(|(_, value)| matches!(value, Setting::Number(_)))
    );
    (Method::Written(Arc::new(rule)), Settings(own))
}

fn row<F: Build>(entry: &'static Entry, float: &str, dim: usize) {
    let settings = Settings::defaults(entry);
    let code = Method::from(entry).build::<F>(&settings, dim);
    let (method, settings) = written(entry, &settings);
    let text = method.build::<F>(&settings, dim);
    let steps = (2_000_000 / dim).clamp(20, 20_000);
    let mut both = [code, text];
    let mut figures = [vec![], vec![], vec![]];
    for _ in 0..ROUNDS {
        let [a, b] = &mut both;
        let times = [a, b].map(|optimizer| time(&mut **optimizer, dim, steps));
        figures[0].push(times[0]);
        figures[1].push(times[1]);
        figures[2].push(times[1] / times[0]);
    }
    let [code, text, ratio] = figures.map(median);
    let name = entry.id;
    println!("| {name}, {float} | {dim} | {code:.3} | {text:.3} | {ratio:.2} |");
}

/// Microseconds of an update.
fn time<F: Build>(optimizer: &mut dyn Optimizer<F>, dim: usize, steps: usize) -> f64 {
    let problem = Still(dim);
    let mut w: Array1<F> = problem.start();
    let mut g = Array1::from_shape_fn(dim, |i| F::of((i as f64).sin()));
    let (mut work, mut cost) = (problem.work(), Cost::default());
    let begin = Instant::now();
    for _ in 0..steps {
        let mut slope = Oracle::new(&problem, Batch::All, &mut g, &mut work, &mut cost);
        optimizer.step(w.view_mut(), F::of(1e-6), &mut slope);
    }
    begin.elapsed().as_secs_f64() * 1e6 / steps as f64
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
