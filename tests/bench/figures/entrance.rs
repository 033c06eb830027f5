//! Scenarios that are made for measuring: racers that never arrive.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use ndarray::Array2;
use slalom::problem::dataset::{Dataset, Reading, Target};
use slalom::race::Race;
use slalom::random::{self, Purpose};
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::{Scenario, Task};

/// The five, each with a rate at which none of them blows up on any of the networks here.
pub const FIVE: [(&str, f64); 5] = [
    ("gd", 0.01),
    ("sgd", 0.01),
    ("momentum", 0.01),
    ("rmsprop", 0.0001),
    ("adam", 0.0001),
];

/// A scenario with this task (sections of TOML) and these racers, evaluated once in so many steps;
/// the target lies below everything.
pub fn scenario(task: &str, evaluate_every: u64, racers: &str) -> Scenario {
    let text = format!(
        "title = \"bench\"\n{task}\n[finish]\nloss = -1\nsteps = 1000000000\n\
         evaluate_every = {evaluate_every}\n{racers}\n"
    );
    let source = Source {
        file: "bench.toml".to_owned(),
        name: "bench".to_owned(),
        text,
        folder: PathBuf::new(),
    };
    check(&source, &Options::default()).unwrap_or_else(|report| panic!("{report}"))
}

/// A racer's section.
pub fn racer(optimizer: &str, rate: f64, batch: Option<usize>) -> String {
    let batch = batch.map_or(String::new(), |batch| format!("batch = {batch}\n"));
    format!("[[racer]]\noptimizer = \"{optimizer}\"\nlearning_rate = {rate}\n{batch}")
}

/// The keys of a network on data that [`on`] puts in.
pub fn network(kind: &str) -> String {
    let model = match kind {
        "softmax" => "kind = \"softmax\"".to_owned(),
        activation => format!("kind = \"mlp\"\nhidden = [128]\nactivation = \"{activation}\""),
    };
    format!("[model]\n{model}\n[data]\nsource = \"digits\"\nscale = \"none\"")
}

/// The same on other data, all of it to learn from.
pub fn on(mut scenario: Scenario, data: &Arc<Dataset>) -> Scenario {
    if let Task::Model(task) = &mut scenario.task {
        task.data = Arc::clone(data);
        task.test = 0.0;
    }
    scenario
}

/// Made examples of ten classes, features between 0 and 1.
pub fn examples(rows: usize, features: usize) -> Arc<Dataset> {
    let mut rng = random::stream(1, Purpose::Made, 0);
    let labels = (0..rows as u32).map(|i| i % 10).collect();
    let names = (0..10).map(|k| k.to_string()).collect();
    Arc::new(Dataset {
        source: "made".to_owned(),
        features: Array2::from_shape_simple_fn((rows, features), || random::uniform(&mut rng)),
        names: (0..features).map(|i| format!("x{i}")).collect(),
        target: Target::Classes { labels, names },
        reading: Reading::default(),
    })
}

/// Steps a second of all racers of `race` together, which goes on for at least `seconds`, in
/// slices of about `work`.
pub fn pace(race: &mut Race, work: u64, seconds: f64) -> f64 {
    let steps = |race: &Race| -> u64 {
        let racers = race.snapshot().racers;
        racers.iter().map(|racer| racer.steps).sum()
    };
    let before = steps(race);
    let begin = Instant::now();
    loop {
        race.advance(work);
        let spent = begin.elapsed().as_secs_f64();
        if spent >= seconds {
            return (steps(race) - before) as f64 / spent;
        }
    }
}
