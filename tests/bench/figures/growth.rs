//! How time grows with parameters, examples and racers, on all threads.

use slalom::race::Race;
use slalom::runner;

use crate::entrance::{examples, on, pace, racer, scenario};
use crate::rounds::median;
use crate::table::Table;

/// Prints steps a second along the three axes.
pub fn measure(table: &mut Table) {
    parameters(table);
    rows(table);
    racers(table);
}

/// Steps a second of this race.
fn speed(model: &str, racers: &str, rows: usize, features: usize, slice: u64) -> (f64, usize) {
    let task = format!("[model]\n{model}\n[data]\nsource = \"digits\"\nscale = \"none\"");
    let scenario = on(
        scenario(&task, 1_000_000_000, racers),
        &examples(rows, features),
    );
    let mut race = Race::new(&scenario, &runner::stopwatch);
    let paces = (0..4).map(|_| pace(&mut race, slice, 0.4));
    (median(paces.skip(1).collect()), race.meta().parameters)
}

/// One racer, networks of growing size.
fn parameters(table: &mut Table) {
    const WORK: &str = "steps a second by parameters (Adam, batch 64, 1,000 examples)";
    let mlp = |hidden: &str| format!("kind = \"mlp\"\nhidden = {hidden}");
    let cases = [
        ("kind = \"softmax\"\nbias = false".to_owned(), 1),
        ("kind = \"softmax\"".to_owned(), 9),
        (mlp("[13]"), 64),
        (mlp("[133]"), 64),
        (mlp("[1333]"), 64),
        (mlp("[970, 960]"), 64),
        (mlp("[3100, 3100]"), 64),
    ];
    for (model, features) in cases {
        let (steps, parameters) = speed(
            &model,
            &racer("adam", 1e-5, Some(64)),
            1_000,
            features,
            6_400,
        );
        table.add(WORK, &parameters.to_string(), "steps/s", steps);
        table.add(
            WORK,
            &parameters.to_string(),
            "million parameters/s",
            steps * parameters as f64 / 1e6,
        );
    }
}

/// One racer by mini-batches and one by full gradients, on more and more examples.
fn rows(table: &mut Table) {
    const WORK: &str = "steps a second by examples (64-32-10)";
    let model = "kind = \"mlp\"\nhidden = [32]";
    for rows in [100, 1_000, 10_000, 100_000, 1_000_000] {
        let case = rows.to_string();
        let (mini, _) = speed(model, &racer("sgd", 0.01, Some(64)), rows, 64, 6_400);
        let (full, _) = speed(model, &racer("gd", 0.01, None), rows, 64, 1);
        table.add(WORK, &case, "sgd, batch 64", mini);
        table.add(WORK, &case, "gd, all examples", full);
        table.add(
            WORK,
            &case,
            "gd, million examples/s",
            full * rows as f64 / 1e6,
        );
    }
}

/// More and more of the same racers.
fn racers(table: &mut Table) {
    const WORK: &str = "racer-steps a second by racers (64-32-32-32-10 sigmoid, Adam, batch 64)";
    let model = "kind = \"mlp\"\nhidden = [32, 32, 32]\nactivation = \"sigmoid\"";
    for count in [1, 2, 4, 8, 16, 32, 64] {
        let racers = racer("adam", 1e-4, Some(64)).repeat(count);
        let (steps, _) = speed(model, &racers, 1_000, 64, 6_400);
        table.add(WORK, &count.to_string(), "racer-steps/s", steps);
        table.add(
            WORK,
            &count.to_string(),
            "steps/s of each",
            steps / count as f64,
        );
    }
}
