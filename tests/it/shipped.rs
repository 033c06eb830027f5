//! Every shipped scenario is valid.

use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::shipped::SHIPPED;
use slalom::scenario::{Scenario, Task};

fn read(name: &str, text: &str) -> Scenario {
    let source = Source {
        file: format!("{name}.toml"),
        name: name.to_owned(),
        text: text.to_owned(),
        folder: "nowhere".into(),
    };
    let options = Options {
        set: vec![],
        only: vec![],
        seed: None,
        max_memory: 1 << 30,
        ..Options::default()
    };
    check(&source, &options).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn shipped_scenarios_are_valid_and_say_what_to_watch() {
    for shipped in SHIPPED {
        let scenario = read(shipped.name, shipped.text);
        assert!(shipped.text.starts_with("# Watch "), "{}", shipped.name);
        assert!(!scenario.about.is_empty(), "{}", shipped.name);
        if let Task::Surface(_) = scenario.task {
            assert_eq!(scenario.finish.hold, 10, "{}", shipped.name);
        }
    }
}

#[test]
fn digits_leaves_1437_examples_to_train_on() {
    let Some(digits) = SHIPPED.first() else {
        panic!("the default scenario is shipped")
    };
    let scenario = read(digits.name, digits.text);
    assert_eq!(scenario.examples(), 1437);
    let Task::Model(task) = &scenario.task else {
        panic!("digits is a model")
    };
    let split = task.data.split(task.test, task.scale, scenario.seed);
    assert_eq!(split.train.x.dim(), (1437, 64));
    assert_eq!(split.test.map(|test| test.x.dim()), Some((360, 64)));
}
