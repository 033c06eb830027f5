//! Snapshots made by hand, for the tests of ranks, reports and recordings.

use std::sync::Arc;

use smallvec::smallvec;

use crate::optim::Setting;
use crate::problem::Part;
use crate::race::snapshot::{Entered, Meta, Outcome, Progress, Snapshot};
use crate::race::trace::{Evaluation, Trace};
use crate::race::trail::Trail;
use crate::scenario::{Metric, Pace, Target};

/// An evaluation of a model.
pub fn evaluation(step: u64, samples: u64, seconds: f64, loss: f64) -> Evaluation {
    Evaluation {
        step,
        samples,
        seconds,
        loss,
        accuracy: Some(0.5),
        test_loss: Some(loss + 0.1),
        test_accuracy: Some(0.25),
        gradient_norm: (step > 0).then_some(0.1),
        position: smallvec![],
    }
}

/// A racer that was evaluated at `points`, the last of which ended it so.
pub fn racer(points: &[Evaluation], outcome: Option<Outcome>) -> Progress {
    let latest = points[points.len() - 1].clone();
    let mut trace = Trace::default();
    for point in points {
        trace.push(point.clone());
    }
    let convergence = (outcome == Some(Outcome::Converged)).then(|| latest.clone());
    Progress {
        trace,
        trail: Trail::default(),
        best_loss: points
            .iter()
            .map(|point| point.loss)
            .fold(f64::NAN, f64::min),
        steps: latest.step,
        samples: latest.samples,
        gradient_evaluations: latest.step,
        clipped: None,
        seconds: latest.seconds,
        first_hit: convergence.as_ref().map(|at| at.step),
        convergence,
        outcome,
        latest,
    }
}

/// A racer that started at a loss of 2.5 and converged with 0.04.
pub fn converged(step: u64, samples: u64, seconds: f64) -> Progress {
    let points = [
        evaluation(0, 0, 0.0, 2.5),
        evaluation(step, samples, seconds, 0.04),
    ];
    racer(&points, Some(Outcome::Converged))
}

/// A racer that reached its 2000 steps with `loss` as its best.
pub fn unfinished(loss: f64) -> Progress {
    let points = [
        evaluation(0, 0, 0.0, loss),
        evaluation(2000, 128_000, 1.5, loss),
    ];
    let cause = "2000 steps".to_owned();
    racer(&points, Some(Outcome::Limit { cause }))
}

/// A race of models with these racers, called `A`, `B`, ...; the first takes all examples.
pub fn snapshot(racers: Vec<Progress>) -> Snapshot {
    let entered = (0..racers.len()).map(entered).collect();
    let meta = Meta {
        version: "0.1.0".to_owned(),
        name: "digits".to_owned(),
        title: "Digits".to_owned(),
        about: "Who leaves the plateau first?".to_owned(),
        digest: "00ff".to_owned(),
        text: "title = \"Digits\"\n".into(),
        set: vec!["finish.steps=2000".to_owned()],
        add: vec![],
        edited: false,
        seed: 7,
        target: Target {
            metric: Metric::Loss,
            value: 0.05,
            on: Part::Train,
        },
        hold: 1,
        limit: 2000,
        examples: 1437,
        streamed: false,
        surface: false,
        parameters: 3466,
        variables: vec![],
        timed: false,
        show_seconds: 15.0,
        pace: Pace::Iterations,
        racers: entered,
    };
    Snapshot {
        meta: Arc::new(meta),
        racers,
    }
}

fn entered(i: usize) -> Entered {
    let letter = (b'A' + i as u8) as char;
    let number = |name: &str, x| (name.to_owned(), Setting::Number(x));
    Entered {
        label: letter.to_string(),
        optimizer: if i == 0 { "gd" } else { "adam" }.to_owned(),
        rule: vec![],
        hyperparameters: vec![
            number("learning_rate", 0.0464),
            number("epsilon", 1e-8),
            ("bias_correction".to_owned(), Setting::Switch(true)),
            ("form".to_owned(), Setting::Word("ema".to_owned())),
        ],
        batch: (i > 0).then_some(64),
        full_batch: i == 0,
        evaluate_every: if i == 0 { 1 } else { 2 },
        forks: vec![],
    }
}

/// A race on a surface of two variables: one racer that diverged, one that still runs.
pub fn on_a_surface() -> Snapshot {
    let at = |step: u64, loss: f64, position: [f64; 2]| Evaluation {
        accuracy: None,
        test_loss: None,
        test_accuracy: None,
        position: position.into(),
        ..evaluation(step, step, step as f64 * 1e-6, loss)
    };
    let lost = [
        at(0, 24.2, [-1.2, 1.0]),
        at(1, 0.1 + 0.2, [1.0 / 3.0, -0.0]),
        at(2, f64::NAN, [f64::NAN, 1e308]),
    ];
    let outcome = Outcome::Diverged {
        step: 2,
        cause: "the loss is not finite".to_owned(),
    };
    let runs = [at(0, 24.2, [-1.2, 1.0]), at(1, 5e-324, [1.0, 2.0])];
    let mut race = snapshot(vec![racer(&lost, Some(outcome)), racer(&runs, None)]);
    let meta = Arc::make_mut(&mut race.meta);
    (meta.surface, meta.parameters, meta.examples) = (true, 2, 256);
    for entered in &mut meta.racers {
        entered.evaluate_every = 1;
    }
    race
}
