//! Every shipped scenario is valid.

use slalom::race::Race;
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

/// How shipped races end, racer by racer; `None` for who does not finish.
fn ends(name: &str) -> Vec<(String, Option<u64>)> {
    let shipped = slalom::scenario::shipped::find(name).expect("it ships");
    let scenario = read(name, shipped.text);
    let mut race = Race::new(&scenario, &slalom::runner::stopwatch);
    while !race.finished() {
        race.advance(100_000);
    }
    let snapshot = race.snapshot();
    let racers = snapshot.racers.iter().zip(&snapshot.meta.racers);
    racers
        .map(|(racer, entered)| {
            let converged = racer.convergence.as_ref();
            (entered.label.clone(), converged.map(|point| point.step))
        })
        .collect()
}

#[test]
fn surfaces_come_out_as_their_files_say() {
    const NEVER: Option<u64> = None;
    let five = ["GD", "Mini-batch GD", "Momentum", "RMSProp", "Adam"];
    for (name, want) in [
        ("booth", [Some(33), Some(51), Some(139), NEVER, Some(127)]),
        ("himmelblau", [15, 14, 138, 16, 132].map(Some)),
        ("two-wells", [NEVER, NEVER, Some(57), NEVER, NEVER]),
        (
            "three-hump",
            [Some(14), Some(14), Some(97), NEVER, Some(111)],
        ),
        ("rastrigin", [NEVER; 5]),
        ("ackley", [NEVER, NEVER, Some(40), NEVER, Some(25)]),
        (
            "styblinski-tang",
            [NEVER, NEVER, NEVER, Some(187), Some(63)],
        ),
        ("bowl", [424, 423, 124, 17, 122].map(Some)),
        ("rotated-bowl", [430, 425, 111, 715, 110].map(Some)),
    ] {
        let want: Vec<_> = five.map(str::to_owned).into_iter().zip(want).collect();
        assert_eq!(ends(name), want, "{name}");
    }
    let want = [
        ("GD", 1582),
        ("Momentum (ema)", 1667),
        ("Heavy-ball", 273),
        ("RMSProp", 119),
        ("Adam", 203),
    ];
    let want = want.map(|(label, steps)| (label.to_owned(), Some(steps)));
    assert_eq!(ends("bounded-saddle"), want);
}

/// Noise keeps a constant rate from the target, and a tenth of it is too slow.
#[test]
fn every_schedule_meets_what_no_constant_rate_does() {
    let want = [
        ("constant", None),
        ("a tenth", None),
        ("step", Some(443)),
        ("exponential", Some(276)),
        ("inverse-sqrt", Some(794)),
        ("cosine", Some(794)),
        ("one-cycle", Some(794)),
    ];
    let want = want.map(|(label, steps)| (label.to_owned(), steps));
    assert_eq!(ends("schedules"), want);
}

#[test]
fn scaling_the_wines_is_worth_more_than_the_optimizer() {
    let raw = ends("wine-raw");
    let finished: Vec<bool> = raw.iter().map(|(_, steps)| steps.is_some()).collect();
    assert_eq!(finished, [false, false, false, true, true], "{raw:?}");
    let scaled = ends("wine-scaled");
    let quick = |steps: &Option<u64>| steps.is_some_and(|steps| steps <= 10);
    assert!(scaled.iter().all(|(_, steps)| quick(steps)), "{scaled:?}");
}

/// The written rules finish with the five, and that with a denominator before the bare sign.
#[test]
fn own_rules_race_against_the_five() {
    let ends = ends("own-rule");
    let steps = |label: &str| {
        let (_, steps) = ends.iter().find(|(own, _)| own == label)?;
        *steps
    };
    assert_eq!(ends.len(), 7);
    assert!(ends.iter().all(|(_, steps)| steps.is_some()), "{ends:?}");
    assert!(steps("Adam by |g|") < steps("Sign momentum"), "{ends:?}");
    assert!(steps("Sign momentum") < steps("Mini-batch GD"), "{ends:?}");
}

/// The loss is 400 + (w + 1)^2: 404 is at w = 1, and 400 at -1.
#[test]
fn adam_forgets_the_outlier_and_amsgrad_does_not() {
    let shipped = slalom::scenario::shipped::find("counterexample").expect("it ships");
    let scenario = read(shipped.name, shipped.text);
    let mut race = Race::new(&scenario, &slalom::runner::stopwatch);
    while !race.finished() {
        race.advance(100_000);
    }
    let snapshot = race.snapshot();
    let racers = snapshot.racers.iter().zip(&snapshot.meta.racers);
    for (racer, entered) in racers {
        let loss = racer.latest.loss;
        let forgets = ["RMSProp", "AdaMax", "Adam"].contains(&&*entered.label);
        let ends = if forgets { 403.5..404.5 } else { 400.0..400.05 };
        assert!(ends.contains(&loss), "{}: {loss}", entered.label);
        assert_eq!(racer.convergence.is_none(), forgets, "{}", entered.label);
    }
}

/// At batches of 500 it saves more than half of the steps, and at 8 nothing to speak of.
#[test]
fn momentum_pays_where_batches_are_large() {
    let ends = ends("noisy-quadratic");
    let steps = |label: &str| {
        let racer = ends.iter().find(|(own, _)| own == label);
        racer.and_then(|(_, steps)| *steps).expect(label)
    };
    assert!(2 * steps("Momentum, batch 500") < steps("SGD, batch 500"));
    assert!(2 * steps("Momentum, batch 8") > steps("SGD, batch 8"));
    assert!(steps("Schedule-free, batch 8") < steps("SGD, batch 8"));
}
