//! Steps on a surface of two variables, beside loops written out by hand.

use std::hint::black_box;

use slalom::race::Race;
use slalom::runner;

use crate::entrance::{pace, racer, scenario};
use crate::python::Python;
use crate::rounds::{Rounds, seconds};
use crate::table::Table;

const STEPS: u64 = 2_000_000;

/// A loop over so many steps at a learning rate; returns the last losses.
type Hand = fn(u64, f64) -> Vec<f64>;

/// Prints the figures of the five on Rosenbrock's function.
pub fn measure(table: &mut Table, python: Option<&mut Python>) {
    const WORK: &str = "steps on rosenbrock, f64, one thread";
    let hand: [(&str, f64, Hand, f64); 4] = [
        ("gd", 1e-3, gd, 0.6),
        ("momentum", 1e-3, momentum, 0.75),
        ("rmsprop", 1e-3, rmsprop, 0.8),
        ("adam", 1e-3, adam, 0.8),
    ];
    let mut python = python;
    for (optimizer, rate, hand, goal) in hand {
        let task = "[surface]\nfunction = \"rosenbrock\"\nstart = [-1.2, 1]";
        let scenario = scenario(task, 1, &racer(optimizer, rate, None));
        let mut race = Race::new(&scenario, &runner::stopwatch);
        let mut ours = || pace(&mut race, STEPS, 0.0) / 1e6;
        let mut theirs = || {
            let time = seconds(|| hand(black_box(STEPS), black_box(rate)));
            STEPS as f64 / time / 1e6
        };
        let case = format!("jax-surface {optimizer}");
        let mut jax = || 1e-6 / python.as_mut().map_or(1.0, |python| python.seconds(&case));
        let found = Rounds::of(&mut [&mut ours, &mut theirs, &mut jax]);
        table.add(WORK, optimizer, "million steps/s", found.median(0));
        table.add(WORK, optimizer, "by hand", found.median(1));
        table.add(WORK, optimizer, "ratio", found.ratio(0, 1));
        table.add(WORK, optimizer, "goal", goal);
        if python.is_some() {
            table.add(WORK, optimizer, "JAX", found.median(2));
            table.add(WORK, optimizer, "ratio to JAX", found.ratio(0, 2));
        }
    }
}

/// Rosenbrock's gradient.
fn gradient([x, y]: [f64; 2]) -> [f64; 2] {
    let b = y - x * x;
    [-2.0 * (1.0 - x) - 400.0 * x * b, 200.0 * b]
}

/// Runs `update` and keeps the loss of each step in a ring.
fn descend(steps: u64, mut update: impl FnMut(&mut f64, f64, usize)) -> Vec<f64> {
    let mut w = [-1.2, 1.0];
    let mut losses = vec![0.0; 4096];
    for step in 0..steps as usize {
        let g = gradient(w);
        update(&mut w[0], g[0], 0);
        update(&mut w[1], g[1], 1);
        let (a, b) = (1.0 - w[0], w[1] - w[0] * w[0]);
        losses[step % 4096] = a * a + 100.0 * b * b;
    }
    losses
}

fn gd(steps: u64, rate: f64) -> Vec<f64> {
    descend(steps, |w, g, _| *w -= rate * g)
}

fn momentum(steps: u64, rate: f64) -> Vec<f64> {
    let mut v = [0.0; 2];
    descend(steps, move |w, g, i| {
        v[i] = 0.9 * v[i] + 0.1 * g;
        *w -= rate * v[i];
    })
}

fn rmsprop(steps: u64, rate: f64) -> Vec<f64> {
    let mut s = [0.0_f64; 2];
    descend(steps, move |w, g, i| {
        s[i] = 0.9 * s[i] + 0.1 * g * g;
        *w -= rate * g / (s[i].sqrt() + 1e-8);
    })
}

fn adam(steps: u64, rate: f64) -> Vec<f64> {
    let (mut m, mut v) = ([0.0; 2], [0.0_f64; 2]);
    let (mut power1, mut power2) = (1.0, 1.0);
    descend(steps, move |w, g, i| {
        if i == 0 {
            power1 *= 0.9;
            power2 *= 0.999;
        }
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        *w -= rate * (m[i] / (1.0 - power1)) / ((v[i] / (1.0 - power2)).sqrt() + 1e-8);
    })
}
