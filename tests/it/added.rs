//! Racers that the command line enters: beside those of the scenario, in its text from then on.

use slalom::optim::Setting;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::edit::Edit;
use slalom::scenario::edit::field::{Key, Part};
use slalom::scenario::shipped;
use slalom::scenario::{Entrant, Scenario};

use crate::races::{digest, run};

fn source(name: &str) -> Source {
    shipped::find(name).unwrap().source()
}

fn options(add: &[&str], only: &[&str], set: &[&str]) -> Options {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Options {
        add: owned(add),
        only: owned(only),
        set: owned(set),
        ..Options::default()
    }
}

fn read(name: &str, options: &Options) -> Scenario {
    check(&source(name), options).unwrap_or_else(|report| panic!("{report}"))
}

fn labels(scenario: &Scenario) -> Vec<&str> {
    let racers = scenario.racers.iter();
    racers.map(|racer| racer.label.as_str()).collect()
}

fn number(racer: &Entrant, name: &str) -> f64 {
    let known = racer.settings.0.iter().find(|(own, _)| own == name);
    match known.unwrap().1 {
        Setting::Number(x) => x,
        _ => panic!("{name} is no number"),
    }
}

#[test]
fn who_is_added_races_after_the_others_and_like_them() {
    let add = [
        "adamw:learning_rate=0.01,weight_decay=0.1",
        "adam:learning_rate={ peak = 0.1, schedule = \"cosine\" },label=slow",
        "gd:learning_rate=0.3",
        "sgd:batch=32,learning_rate=0.3",
    ];
    let scenario = read("digits", &options(&add, &[], &[]));
    let plain = read("digits", &Options::default());
    let own = plain.racers.len();
    assert_eq!(labels(&scenario)[..own], labels(&plain));
    assert_eq!(
        labels(&scenario)[own..],
        ["AdamW", "slow", "GD 2", "Mini-batch GD 2"]
    );
    let [adamw, adam, gd, sgd] = &scenario.racers[own..] else {
        panic!("there are four")
    };
    assert_eq!(number(adamw, "weight_decay"), 0.1);
    assert_eq!(adamw.regime.weight_decay, 0.0, "it decays once");
    let usual = plain.racers.iter().find_map(|racer| racer.batch);
    assert_eq!([adamw.batch, adam.batch], [usual, usual]);
    assert_eq!([gd.batch, sgd.batch], [None, Some(32)]);
    assert!(!adam.regime.schedule.is_constant());
}

#[test]
fn other_flags_can_name_it_and_do_not_leave_it_out() {
    let add = ["lion:learning_rate=0.01", "adam:learning_rate=0.2"];
    let set = ["racer.lion.beta1=0.5", "racer.adam 2.learning_rate=0.3"];
    // `adam` could be both; `Adam` is the label of one.
    let scenario = read("beale", &options(&add, &["Adam", "gd"], &set));
    assert_eq!(labels(&scenario), ["GD", "Adam", "Lion", "Adam 2"]);
    assert_eq!(number(&scenario.racers[2], "beta1"), 0.5);
    assert_eq!(scenario.racers[3].learning_rate, 0.3);
    let named = read("beale", &options(&add, &["Lion"], &[]));
    assert_eq!(labels(&named), ["Lion", "Adam 2"]);
    // `--only` chooses among the scenario's own first.
    let own = read(
        "beale",
        &options(&["gd:learning_rate=0.01,label=slow"], &["gd"], &[]),
    );
    assert_eq!(labels(&own), ["GD", "slow"]);
}

#[test]
fn the_scenarios_text_then_has_it_and_races_the_same() {
    for name in ["beale", "moons", "schedules"] {
        let scenario = read(name, &options(&["lion:learning_rate=0.01"], &[], &[]));
        let source = Source {
            text: scenario.text.to_string(),
            ..source(name)
        };
        let again = check(&source, &Options::default()).unwrap();
        assert_eq!(again.resolved(), scenario.resolved());
        assert_eq!(labels(&again), labels(&scenario));
        assert!(scenario.set.is_empty());
    }
    let scenario = read("beale", &options(&["lion:learning_rate=0.01"], &[], &[]));
    let own = run(&read("beale", &Options::default()), 1000);
    let more = run(&scenario, 1000);
    let same = digest(&more).starts_with(&digest(&own));
    assert!(same, "the others race as without it");
}

#[test]
fn it_can_be_edited_and_written() {
    let options = options(
        &["adamw:learning_rate=0.01"],
        &["gd"],
        &["finish.loss=1e-3"],
    );
    let scenario = read("beale", &options);
    let mut edit = Edit::new(&source("beale"), &options, &scenario).unwrap();
    assert_eq!(edit.scenario().resolved(), scenario.resolved());
    edit.set(Key::Racer(1, Part::LearningRate), "0.02").unwrap();
    assert_eq!(edit.racers()[1].learning_rate, 0.02);
    let text = edit.scenario().text;
    assert_eq!(text.matches("[[racer]]").count(), 2, "{text}");
}

/// To an optimizer that has no decay of its own, the weights go on decaying beside it.
#[test]
fn weight_decay_stays_with_a_racer_that_changes_its_optimizer() {
    let add = ["adamw:learning_rate=0.01,weight_decay=0.2,beta1=0.5"];
    let options = options(&add, &["gd"], &[]);
    let scenario = read("beale", &options);
    let mut edit = Edit::new(&source("beale"), &options, &scenario).unwrap();
    edit.set(Key::Racer(1, Part::Optimizer), "sgd").unwrap();
    assert_eq!(edit.racers()[1].regime.weight_decay, 0.2);
    edit.set(Key::Racer(1, Part::Optimizer), "lion").unwrap();
    assert_eq!(edit.racers()[1].regime.weight_decay, 0.0);
    assert_eq!(number(&edit.racers()[1], "weight_decay"), 0.2);
}
