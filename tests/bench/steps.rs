//! `cargo bench`: how many steps a second.
//!
//! Surfaces and updates are measured against loops written out by hand in this file, the two in
//! turn, and what counts is the ratio. Figures are medians of many rounds on one thread.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};
use slalom::math::vector::vectorized;
use slalom::optim::{self, Build, Settings};
use slalom::problem::dataset::{Dataset, Target};
use slalom::problem::formula::{Formula, Scratch};
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::surface::{SURFACES, Surface};
use slalom::problem::{Batch, Block, Part, Problem, Score, Work};
use slalom::race::Race;
use slalom::random::{self, Purpose};
use slalom::runner;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::{Scenario, Task};

const ROUNDS: usize = 7;

/// Steps on a surface in one round, and rounds there: on a machine that does other things as well
/// many are better than long ones.
const STEPS: u64 = 1_000_000;
const SHORT_ROUNDS: usize = 21;

const ROSENBROCK: &str = "[surface]\nfunction = \"rosenbrock\"\nstart = [-1.2, 1]";

fn main() {
    // On a thread of the pool nothing has to be handed over to another.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("the system starts threads").install(tables);
}

fn tables() {
    println!("| rosenbrock, f64 | million steps/s | by hand | ratio |");
    println!("| --- | --- | --- | --- |");
    let hand: [(&str, Hand); 5] = [
        ("gd", gd),
        ("sgd", gd),
        ("momentum", momentum),
        ("rmsprop", rmsprop),
        ("adam", adam),
    ];
    for (optimizer, hand) in hand {
        surface(optimizer, hand);
    }
    println!();
    println!("| another surface, adam | million steps/s |");
    println!("| --- | --- |");
    let text = "(1 - x)^2 + 100*(y - x^2)^2";
    written("rosenbrock as a formula", text, &["x", "y"]);
    written(
        "three variables",
        &format!("{text} + z^2"),
        &["x", "y", "z"],
    );
    println!();
    println!("| update alone, adam, f32 | GB/s | by hand | ratio |");
    println!("| --- | --- | --- | --- |");
    [10_000, 1_000_000, 10_000_000].into_iter().for_each(update);
    println!();
    println!("| value and gradient, ns | in code | by formula | ratio |");
    println!("| --- | --- | --- | --- |");
    SURFACES.iter().for_each(formula);
    println!();
    println!("| network, f32, batch 64 | training steps/s | microseconds a step |");
    println!("| --- | --- | --- |");
    let digits = "[data]\nsource = \"digits\"";
    let deep = "hidden = [32, 32, 32]\nactivation = \"sigmoid\"";
    network(
        "digits 64-32-32-32-10 sigmoid",
        &format!("kind = \"mlp\"\n{deep}\n{digits}"),
        None,
    );
    network(
        "digits 64-32-10 relu",
        &format!("kind = \"mlp\"\nhidden = [32]\n{digits}"),
        None,
    );
    network(
        "digits 64-10 softmax",
        &format!("kind = \"softmax\"\n{digits}"),
        None,
    );
    let wide = format!("kind = \"mlp\"\nhidden = [128]\nactivation = \"tanh\"\n{digits}");
    network("60,000 x 784: 784-128-10 tanh", &wide, Some(images()));
}

/// A racer that never arrives: its target lies below everything.
fn scenario(task: &str, racer: &str) -> Scenario {
    let text =
        format!("title = \"bench\"\n{task}\n[finish]\nloss = -1\nsteps = 1000000000\n{racer}\n");
    let source = Source {
        file: "bench.toml".to_owned(),
        name: "bench".to_owned(),
        text,
        folder: PathBuf::new(),
    };
    check(&source, &Options::default()).unwrap_or_else(|report| panic!("{report}"))
}

/// Steps a second of the one racer of `race`, which goes on for about `work`.
fn pace(race: &mut Race, work: u64) -> f64 {
    let before = race.snapshot().racers[0].steps;
    let begin = Instant::now();
    race.advance(work);
    let seconds = begin.elapsed().as_secs_f64();
    (race.snapshot().racers[0].steps - before) as f64 / seconds
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn surface(optimizer: &str, hand: Hand) {
    let scenario = scenario(ROSENBROCK, &each_step(optimizer));
    let (mut ours, mut theirs, mut ratios) = (vec![], vec![], vec![]);
    for _ in 0..SHORT_ROUNDS {
        let mut race = Race::new(&scenario, &runner::stopwatch);
        let a = pace(&mut race, STEPS);
        let begin = Instant::now();
        black_box(hand(black_box(STEPS), black_box(0.001)));
        let b = STEPS as f64 / begin.elapsed().as_secs_f64();
        ours.push(a / 1e6);
        theirs.push(b / 1e6);
        ratios.push(a / b);
    }
    let (ours, theirs, ratio) = (median(ours), median(theirs), median(ratios));
    println!("| {optimizer} | {ours:.1} | {theirs:.1} | {ratio:.2} |");
}

/// A racer that is evaluated at each step.
fn each_step(optimizer: &str) -> String {
    format!("evaluate_every = 1\n[[racer]]\noptimizer = \"{optimizer}\"\nlearning_rate = 0.001")
}

/// Adam on a formula from -1.2, 1, 1, ...
fn written(name: &str, formula: &str, variables: &[&str]) {
    let mut start = vec![1.0; variables.len()];
    start[0] = -1.2;
    let task =
        format!("[surface]\nformula = \"{formula}\"\nvariables = {variables:?}\nstart = {start:?}");
    let scenario = scenario(&task, &each_step("adam"));
    let paces = (0..SHORT_ROUNDS).map(|_| {
        let mut race = Race::new(&scenario, &runner::stopwatch);
        pace(&mut race, STEPS) / 1e6
    });
    println!("| {name} | {:.1} |", median(paces.collect()));
}

/// Adam's update of so many parameters, against the same arithmetic in one loop.
fn update(parameters: usize) {
    let entry = optim::find("adam").expect("it is registered");
    let mut optimizer = f32::build(entry, &Settings::defaults(entry), parameters);
    let mut g = Array1::from_shape_fn(parameters, |i| (i % 97) as f32 * 0.01 - 0.5);
    let mut w = Array1::zeros(parameters);
    let (mut work, mut cost) = (Work::default(), Cost::default());
    let mut hand = [(); 3].map(|()| vec![0.0_f32; parameters]);
    let (mut power1, mut power2) = (1.0_f32, 1.0_f32);
    let calls = (1_000_000 / parameters).max(1);
    let mut time = |call: &mut dyn FnMut(&mut Array1<f32>)| {
        let begin = Instant::now();
        (0..calls).for_each(|_| call(&mut g));
        28e-9 * (parameters * calls) as f64 / begin.elapsed().as_secs_f64()
    };
    let (mut ours, mut theirs, mut ratios) = (vec![], vec![], vec![]);
    for _ in 0..SHORT_ROUNDS {
        let a = time(&mut |g| {
            let mut slope = Oracle::new(&Level, Batch::All, g, &mut work, &mut cost);
            optimizer.step(w.view_mut(), 0.001, &mut slope);
        });
        let b = time(&mut |g| {
            (power1, power2) = (power1 * 0.9, power2 * 0.999);
            let rates = (0.001 / (1.0 - power1), (1.0 - power2).sqrt());
            adam_pass(&mut hand, g.as_slice().expect("it is contiguous"), rates);
        });
        ours.push(a);
        theirs.push(b);
        ratios.push(a / b);
    }
    let (ours, theirs, ratio) = (median(ours), median(theirs), median(ratios));
    println!("| {parameters} parameters | {ours:.1} | {theirs:.1} | {ratio:.2} |");
}

/// One pass of Adam over w, m and v.
fn adam_pass([w, m, v]: &mut [Vec<f32>; 3], g: &[f32], (rate, root): (f32, f32)) {
    vectorized(
        #[inline(always)]
        || {
            for (((w, m), v), g) in w.iter_mut().zip(m).zip(v).zip(g) {
                *m = 0.9 * *m + 0.1 * g;
                *v = 0.999 * *v + 0.001 * g * g;
                *w -= rate * *m / (v.sqrt() / root + 1e-8);
            }
        },
    );
}

/// A slope that leaves the gradient as it is.
struct Level;

impl Problem<f32> for Level {
    fn blocks(&self) -> &[Block] {
        &[]
    }
    fn examples(&self) -> usize {
        1
    }
    fn rows(&self) -> usize {
        0
    }
    fn start(&self) -> Array1<f32> {
        Array1::default(0)
    }
    fn work(&self) -> Work<f32> {
        Work::default()
    }
    fn gradient(
        &self,
        _: ArrayView1<'_, f32>,
        _: Batch<'_>,
        _: ArrayViewMut1<'_, f32>,
        _: &mut Work<f32>,
    ) {
    }
    fn evaluate(&self, _: ArrayView1<'_, f32>, _: Part, _: &mut Work<f32>) -> Option<Score> {
        None
    }
}

/// The value and the gradient of a shipped surface, in code and by its formula.
fn formula(surface: &Surface) {
    let names: Vec<String> = surface
        .variables
        .iter()
        .map(|&name| name.to_owned())
        .collect();
    let formula = Formula::parse(surface.formula, &names).expect("a test parses them all");
    let mut scratch = Scratch::default();
    let mut gradient = surface.start.to_vec();
    let rounds = 100_000;
    let mut time = |call: &mut dyn FnMut(&[f64], &mut [f64]) -> f64| {
        let begin = Instant::now();
        for _ in 0..rounds {
            black_box(call(black_box(surface.start), &mut gradient));
        }
        begin.elapsed().as_secs_f64() / f64::from(rounds) * 1e9
    };
    let (mut code, mut text, mut ratios) = (vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let a = time(&mut |point, gradient| surface.gradient(point, gradient));
        let b = time(&mut |point, gradient| formula.gradient(point, gradient, &mut scratch));
        code.push(a);
        text.push(b);
        ratios.push(b / a);
    }
    let (code, text, ratio) = (median(code), median(text), median(ratios));
    println!("| {} | {code:.0} | {text:.0} | {ratio:.1} |", surface.id);
}

fn network(name: &str, model: &str, data: Option<Dataset>) {
    let racer = "evaluate_every = 1000000000\n[[racer]]\noptimizer = \"adam\"\nlearning_rate = 0.001\nbatch = 64";
    let mut scenario = scenario(&format!("[model]\n{model}"), racer);
    if let (Task::Model(task), Some(data)) = (&mut scenario.task, data) {
        task.data = Arc::new(data);
        task.test = 0.0;
    }
    let mut race = Race::new(&scenario, &runner::stopwatch);
    let paces = (0..=ROUNDS)
        .map(|_| pace(&mut race, 60_000))
        .skip(1)
        .collect();
    let steps = median(paces);
    println!("| {name} | {steps:.0} | {:.1} |", 1e6 / steps);
}

/// 60,000 made examples of the size of MNIST.
fn images() -> Dataset {
    let mut rng = random::stream(1, Purpose::Made, 0);
    let rows = 60_000;
    let features = Array2::from_shape_simple_fn((rows, 784), || random::uniform(&mut rng));
    let labels = (0..rows as u32).map(|i| i % 10).collect();
    let names = (0..10).map(|k| k.to_string()).collect();
    Dataset {
        source: "made".to_owned(),
        features,
        names: (0..784).map(|i| format!("pixel {i}")).collect(),
        target: Target::Classes { labels, names },
    }
}

/// A loop over so many steps at a learning rate; returns the last losses.
type Hand = fn(u64, f64) -> Vec<f64>;

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
