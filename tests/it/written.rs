//! Races by written rules beyond their steps: forks, recordings and results.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use slalom::optim::written::Written;
use slalom::optim::{self, Method, Setting, Settings};
use slalom::race::retrace::{Glance, Retrace};
use slalom::race::snapshot::Snapshot;
use slalom::recording::{self, Writer};
use slalom::report::{Format, Results};
use slalom::scenario::check::{Options, Source};
use slalom::scenario::edit::Edit;
use slalom::scenario::edit::field::{Key, Part};
use slalom::scenario::{Fork, Scenario};

use crate::races::{digest, run, scenario};

const MOMENTUM: [&str; 2] = ["v = beta*v + (1 - beta)*g", "w = w - learning_rate*v"];

/// A race on (x^2 + 50 y^2) / 2, whose gradient is (x, 50 y): by a rule, and by the code of the same.
fn in_the_ravine() -> Scenario {
    scenario(&format!(
        "title = \"test\"\n[surface]\nfunction = \"ravine\"\nstart = [-4, 1]\n\
         [finish]\nloss = 0\nsteps = 12\n\
         [[racer]]\nlabel = \"Mine\"\nrule = {MOMENTUM:?}\nlearning_rate = 0.05\nbeta = 0.9\n\
         [[racer]]\noptimizer = \"momentum\"\nlearning_rate = 0.05\n"
    ))
}

/// Where a racer was at each step.
fn way(snapshot: &Snapshot, racer: usize) -> Vec<Vec<f64>> {
    let points = snapshot.racers[racer].trace.points().iter();
    points.map(|point| point.position.to_vec()).collect()
}

fn written(lines: &[&str]) -> Method {
    let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
    Method::Written(Arc::new(Written::read(&lines).rule.expect("it is a rule")))
}

/// Both are changed in the editor and forked: the text is read anew, and its memory stays.
#[test]
fn a_fork_of_a_rule_is_that_of_its_code() {
    let race = in_the_ravine();
    let source = Source {
        file: "x.toml".to_owned(),
        name: "x".to_owned(),
        text: race.text.to_string(),
        folder: PathBuf::new(),
    };
    let mut edit = Edit::new(&source, &Options::default(), &race).expect("it can be");
    for racer in [0, 1] {
        edit.set(Key::Racer(racer, Part::Hyperparameter(0)), "0.5")
            .expect("it is a beta");
        edit.set(Key::Racer(racer, Part::LearningRate), "0.02")
            .expect("it is a rate");
    }
    let forked = edit.forked(&race, &[Some(5), Some(5)]).expect("it can be");
    let (whole, got) = (run(&race, 1000), run(&forked, 1000));
    assert_eq!(way(&got, 0), way(&got, 1), "as by its code");
    assert_eq!(way(&got, 0)[..=5], way(&whole, 0)[..=5]);
    assert_ne!(way(&got, 0)[6], way(&whole, 0)[6]);
    // v before the fork, with beta 0.9, and then with 0.5.
    let (mut w, mut v) = ([-4.0, 1.0], [0.0; 2]);
    for step in 1..=12 {
        let (rate, beta) = if step <= 5 { (0.05, 0.9) } else { (0.02, 0.5) };
        let g = [w[0], 50.0 * w[1]];
        for i in 0..2 {
            v[i] = beta * v[i] + (1.0 - beta) * g[i];
            w[i] -= rate * v[i];
        }
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12;
        let at = &way(&got, 0)[step];
        assert!(at.iter().zip(&w).all(near), "step {step}: {at:?} {w:?}");
    }
}

/// Another rule begins without memory and counts its steps from 1.
fn handed_over() -> Scenario {
    let mut race = in_the_ravine();
    race.racers.truncate(1);
    let gd = optim::find("gd").expect("it is registered");
    let own = &mut race.racers[0];
    let mean = Fork {
        after: 4,
        optimizer: written(&["s = s + g", "w = w - learning_rate*scale*s/t"]),
        settings: Settings(vec![("scale".into(), Setting::Number(0.5))]),
        ..own.legs().remove(0)
    };
    let plain = Fork {
        after: 8,
        optimizer: gd.into(),
        settings: Settings::defaults(gd),
        learning_rate: 0.01,
        ..mean.clone()
    };
    own.forks = vec![mean, plain];
    race
}

#[test]
fn racers_go_over_from_rule_to_rule_and_to_an_optimizer() {
    let race = handed_over();
    let got = run(&race, 1000);
    let (mut w, mut v, mut s) = ([-4.0, 1.0], [0.0; 2], [0.0; 2]);
    for step in 1..=12 {
        let g = [w[0], 50.0 * w[1]];
        for i in 0..2 {
            if step <= 4 {
                v[i] = 0.9 * v[i] + 0.1 * g[i];
                w[i] -= 0.05 * v[i];
            } else if step <= 8 {
                s[i] += g[i];
                w[i] -= 0.05 * 0.5 * s[i] / (step - 4) as f64;
            } else {
                w[i] -= 0.01 * g[i];
            }
        }
        let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12;
        let at = &way(&got, 0)[step];
        assert!(at.iter().zip(&w).all(near), "step {step}: {at:?} {w:?}");
    }
    let mut retrace = Retrace::new(&race);
    let mut rule = |step| {
        let glance = Glance {
            racer: 0,
            step,
            coordinate: Some(0),
            window: 3,
        };
        let look = retrace.look(glance, &mut |_| true).expect("it goes on");
        look.rule.lines[0].to_string()
    };
    let lines = [4, 5, 8, 9].map(&mut rule);
    let gd = "w = w - learning_rate * g";
    assert_eq!(lines, [MOMENTUM[0], "s = s + g", "s = s + g", gd]);
}

fn json(snapshot: &Snapshot) -> Value {
    let text = Results::new(snapshot).write(Format::Json);
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn results_say_the_rule() {
    let all = json(&run(&in_the_ravine(), 1000));
    let find = |label: &str| {
        let racers = all["racers"].as_array().expect("there are some");
        racers.iter().find(|racer| racer["label"] == label).cloned()
    };
    let mine = find("Mine").expect("it raced");
    assert_eq!(mine["optimizer"], "rule");
    assert_eq!(mine["rule"], json!(MOMENTUM));
    let numbers = json!({ "learning_rate": 0.05, "beta": 0.9 });
    assert_eq!(mine["hyperparameters"], numbers);
    let code = find("Momentum").expect("it raced");
    assert_eq!(code.get("rule"), None, "its optimizer says it");

    let forked = json(&run(&handed_over(), 1000));
    let forks = &forked["racers"][0]["forks"];
    let rule = json!(["s = s + g", "w = w - learning_rate*scale*s/t"]);
    assert_eq!(forks[0]["rule"], rule);
    assert_eq!(forks[0]["optimizer"], "rule");
    assert_eq!(forks[0]["hyperparameters"]["scale"], 0.5);
    assert_eq!(forks[1].get("rule"), None);
}

/// Read back, it says the same of every racer, and its text is a race that runs the same way.
#[test]
fn a_recording_comes_back_with_its_rules() {
    let raced = run(&in_the_ravine(), 1000);
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("race.jsonl");
    let mut writer = Writer::create(&path, &raced.meta, 1).expect("it can be created");
    for (i, racer) in raced.racers.iter().enumerate() {
        for point in racer.trace.points() {
            writer.evaluation(i, point).expect("it is written");
        }
        writer.outcome(i, racer).expect("it is written");
    }
    writer.close().expect("it is written");
    let (read, warning) = recording::read(&path).expect("it is a recording");
    assert_eq!(warning, None);
    assert_eq!(read.meta, raced.meta);
    assert_eq!(read.meta.racers[0].rule, MOMENTUM);
    assert_eq!(json(&read), json(&raced));
    assert_eq!(digest(&read), digest(&raced));
    let again = run(&scenario(&read.meta.text), 1000);
    assert_eq!(digest(&again), digest(&raced));
}
