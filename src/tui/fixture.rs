//! Races made by hand and themes, for the tests of the screen.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use smallvec::SmallVec;

use crate::landscape::Landscape;
use crate::optim::{REGISTRY, Setting};
use crate::problem::Part;
use crate::race::snapshot::{Entered, Meta, Outcome, Progress, Snapshot};
use crate::race::trace::{Evaluation, Trace};
use crate::race::trail::Trail;
use crate::race::{Race, Stopwatch};
use crate::runner::{Mapped, Phase, Rates, State};
use crate::scenario::check::{Options, Source, check};
use crate::scenario::edit::Edit;
use crate::scenario::{Metric, Pace, Scenario, Target, shipped};
use crate::sweep::tune::crew::Advance;
use crate::sweep::tune::scan::Scan;
use crate::sweep::tune::sofar::SoFar;
use crate::tui::ground::Ground;
use crate::tui::theme::{Colour, Look, Theme};

/// The racers of [`race`]: name, batch, and the step at which each is to meet the target.
pub const RACERS: [(&str, Option<u64>, u64); 5] = [
    ("GD", None, 180),
    ("Mini-batch GD", Some(64), 300),
    ("Momentum", Some(64), 200),
    ("RMSProp", Some(64), 130),
    ("Adam", Some(64), 116),
];

/// The step at which [`race`]'s `RMSProp` diverges instead, if told to.
pub const DIVERGED: u64 = 90;

/// A look with colours, or one without.
pub fn look(colour: bool) -> Look {
    let colour = if colour {
        Colour::Indexed256
    } else {
        Colour::None
    };
    Look {
        colour,
        ..Look::default()
    }
}

/// That look where the ground is unknown.
pub fn theme(colour: bool) -> Theme {
    look(colour).theme(Ground::Unknown)
}

/// An evaluation with this loss.
pub fn evaluation(step: u64, samples: u64, loss: f64) -> Evaluation {
    Evaluation {
        step,
        samples,
        seconds: step as f64 * 1e-4,
        loss,
        accuracy: Some(0.9),
        test_loss: Some(2.0 * loss),
        test_accuracy: Some(0.5 + 0.4 * (-loss).exp()),
        gradient_norm: (step > 0).then_some(loss / 3.0),
        position: SmallVec::new(),
    }
}

/// A racer that was evaluated so, and ended so.
pub fn progress(evaluations: &[Evaluation], outcome: Option<Outcome>) -> Progress {
    let mut trace = Trace::default();
    for evaluation in evaluations {
        trace.push(evaluation.clone());
    }
    let latest = evaluations[evaluations.len() - 1].clone();
    let convergence = (outcome == Some(Outcome::Converged)).then(|| latest.clone());
    Progress {
        best_loss: evaluations
            .iter()
            .map(|e| e.loss)
            .fold(f64::INFINITY, f64::min),
        steps: latest.step,
        samples: latest.samples,
        gradient_evaluations: latest.step,
        clipped: None,
        seconds: latest.seconds,
        first_hit: convergence.as_ref().map(|e| e.step),
        trace,
        trail: Trail::default(),
        latest,
        convergence,
        outcome,
    }
}

/// A stopwatch on which every look takes a microsecond.
#[derive(Default)]
struct Ticks(std::cell::Cell<u32>);

impl Stopwatch for Ticks {
    fn start(&mut self) {}

    fn stop(&mut self) {}

    fn seconds(&self) -> f64 {
        self.0.set(self.0.get() + 1);
        f64::from(self.0.get()) * 1e-6
    }
}

/// A shipped scenario. Models compute in `f64`, so that what is drawn is the same on every
/// processor.
pub fn scenario(name: &str) -> Scenario {
    let source = shipped::find(name).expect("it ships").source();
    let set = if source.text.contains("[model]") {
        vec!["model.precision=f64".to_owned()]
    } else {
        Vec::new()
    };
    let options = Options {
        set,
        ..Options::default()
    };
    check(&source, &options).expect("it is valid")
}

/// A shipped scenario, raced until a part of its steps is taken, with its map.
pub fn shipped(name: &str, part: f64) -> State {
    raced(&scenario(name), part)
}

/// The scenario of that text.
pub fn written(text: &str) -> Scenario {
    let source = Source {
        file: "test.toml".to_owned(),
        name: "test".to_owned(),
        text: text.to_owned(),
        folder: std::path::PathBuf::new(),
    };
    check(&source, &Options::default()).expect("it is valid")
}

/// A scenario, raced until a part of its steps is taken, with its map.
pub fn raced(scenario: &Scenario, part: f64) -> State {
    let mut race = Race::new(scenario, &|| Box::new(Ticks::default()));
    let landscape = Landscape::of_race(scenario, &mut race);
    let limit = part * race.meta().limit as f64;
    let steps = |race: &Race| race.snapshot().racers.iter().map(|r| r.steps).max();
    while !race.finished() && steps(&race).unwrap_or(0) as f64 <= limit {
        race.advance(10_000);
    }
    let snapshot = race.snapshot();
    let map = landscape
        .ok()
        .and_then(|l| l.map(&snapshot, &AtomicBool::new(false)));
    State {
        phase: if snapshot.finished() {
            Phase::Computed
        } else {
            Phase::Computing
        },
        map: map.map_or(Mapped::Pending, |map| Mapped::Drawn(Arc::new(map))),
        snapshot,
        seconds: 0.25,
        threads: 2,
    }
}

/// The rate strips of a race of `scenario`, full.
pub fn rates(scenario: &Scenario) -> Rates {
    let scan = Scan::new(scenario, 1).expect("it has strips");
    let so_far = Mutex::new(SoFar::default());
    let watch = |advance: &Advance, news| {
        let mut so_far = so_far.lock().expect("nobody panics");
        so_far.take(advance, news);
    };
    let clock = || Box::new(Ticks::default()) as Box<dyn Stopwatch>;
    let all = scan.go_on(&clock, &AtomicBool::new(false), &watch);
    Rates {
        rates: Scan::rates(),
        places: scan.places(&so_far.into_inner().expect("nobody panicked")),
        is_full: all.is_continue(),
    }
}

/// A shipped scenario, as it is raced by [`shipped`], to be changed.
pub fn edit(name: &str) -> Edit {
    let source = shipped::find(name).expect("it ships").source();
    let options = Options::default();
    let scenario = check(&source, &options).expect("it is valid");
    Edit::new(&source, &options, &scenario).expect("it can be changed")
}

/// The optimizer that is called so on the screen; Adam for other labels.
fn optimizer(label: &str) -> &'static str {
    let entry = REGISTRY.iter().find(|entry| entry.name == label);
    entry.map_or("adam", |entry| entry.id)
}

/// A race of the racers with these labels, as far as `racers` have come.
pub fn state(labels: &[&str], racers: Vec<Progress>, target: f64, phase: Phase) -> State {
    let entered = labels.iter().map(|label| Entered {
        label: (*label).to_owned(),
        optimizer: optimizer(label).to_owned(),
        rule: vec![],
        hyperparameters: vec![("learning_rate".to_owned(), Setting::Number(0.0464))],
        batch: Some(64),
        full_batch: false,
        evaluate_every: 1,
        forks: Vec::new(),
    });
    let meta = Meta {
        version: "0".to_owned(),
        name: "digits".to_owned(),
        title: "Digits".to_owned(),
        about: String::new(),
        digest: String::new(),
        text: "".into(),
        set: Vec::new(),
        add: Vec::new(),
        edited: false,
        seed: 7,
        target: Target {
            metric: Metric::Loss,
            value: target,
            on: Part::Train,
        },
        hold: 1,
        limit: 2000,
        examples: 1437,
        streamed: false,
        surface: false,
        parameters: 4522,
        variables: vec![],
        timed: false,
        show_seconds: 15.0,
        pace: Pace::Iterations,
        racers: entered.collect(),
    };
    State {
        snapshot: Snapshot {
            meta: Arc::new(meta),
            racers,
        },
        phase,
        seconds: 0.04,
        threads: 2,
        map: Mapped::Absent { why: None },
    }
}

/// The loss of a racer that is on a plateau until a third of its way and meets 0.05 at the step
/// `meets`.
fn loss(step: u64, meets: u64) -> f64 {
    let way = step as f64 / meets as f64;
    if step == meets {
        0.0499
    } else if way < 1.0 / 3.0 {
        2.3
    } else {
        2.3 * (0.05_f64 / 2.3).powf(1.5 * (way - 1.0 / 3.0)).max(0.0218)
    }
}

/// Five racers that all converge (but `RMSProp`, if it is to diverge), as they are after `steps`
/// steps.
pub fn race(steps: u64, phase: Phase, diverges: bool) -> State {
    let racers = RACERS.iter().map(|&(label, batch, meets)| {
        let out = diverges && label == "RMSProp";
        let end = if out { DIVERGED } else { meets };
        let evaluations: Vec<_> = (0..=end.min(steps))
            .map(|step| {
                let broken = out && step == DIVERGED;
                let loss = if broken { f64::NAN } else { loss(step, meets) };
                evaluation(step, step * batch.unwrap_or(1437), loss)
            })
            .collect();
        let outcome = (end <= steps).then(|| {
            if !out {
                return Outcome::Converged;
            }
            let cause = "loss is not finite".to_owned();
            Outcome::Diverged {
                step: DIVERGED,
                cause,
            }
        });
        progress(&evaluations, outcome)
    });
    state(&RACERS.map(|racer| racer.0), racers.collect(), 0.05, phase)
}
