//! What is around an update rule: schedules, clipping and weight decay, in races.

use slalom::optim::schedule::SCHEDULES;
use slalom::optim::{Schedule, Setting};
use slalom::race::Race;
use slalom::race::retrace::{Glance, Retrace};
use slalom::race::snapshot::{Outcome, Snapshot};
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source, check};

fn read(text: &str, set: &[&str]) -> Scenario {
    let source = Source {
        file: "race.toml".to_owned(),
        name: "race".to_owned(),
        text: text.to_owned(),
        folder: std::path::PathBuf::new(),
    };
    let options = Options {
        set: set.iter().map(|set| (*set).to_owned()).collect(),
        ..Options::default()
    };
    check(&source, &options).unwrap_or_else(|report| panic!("{report}"))
}

fn run(scenario: &Scenario, slice: u64) -> Snapshot {
    let mut race = Race::new(scenario, &slalom::runner::stopwatch);
    while !race.finished() {
        race.advance(slice);
    }
    race.snapshot()
}

/// A race on a surface that nobody finishes.
fn on(function: &str, start: [f64; 2], steps: u64, racers: &[&str]) -> Scenario {
    let racers: Vec<String> = racers
        .iter()
        .map(|racer| format!("[[racer]]\n{racer}\n"))
        .collect();
    let text = format!(
        "title = \"x\"\n[surface]\nfunction = \"{function}\"\nstart = {start:?}\n\
         [finish]\nloss = -1e9\nsteps = {steps}\n{}",
        racers.concat()
    );
    read(&text, &[])
}

#[test]
fn rates_are_those_of_pytorch_and_optax() {
    let text = include_str!("../data/oracle/schedules.json");
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let mut seen: Vec<&str> = Vec::new();
    for case in cases {
        let keys = case["keys"].as_object().unwrap();
        let settings: Vec<(String, Setting)> = keys
            .iter()
            .map(|(key, value)| {
                let number = value.as_f64().map(Setting::Number);
                let word = || Setting::Word(value.as_str().unwrap_or_default().to_owned());
                (format!("learning_rate.{key}"), number.unwrap_or_else(word))
            })
            .collect();
        let schedule = Schedule::among(&settings);
        let peak = case["peak"].as_f64().unwrap();
        let rates = case["rates"].as_array().unwrap();
        assert_eq!(rates.len(), 60);
        for (t, want) in (1..).zip(rates) {
            let (got, want) = (schedule.rate(peak, t), want.as_f64().unwrap());
            let gap = (got - want).abs();
            assert!(
                gap <= 1e-11 * peak,
                "{keys:?}: {got} and not {want} at step {t}"
            );
        }
        seen.push(schedule.row().id);
    }
    for row in &SCHEDULES[1..] {
        assert!(seen.contains(&row.id), "{}", row.id);
    }
}

#[test]
fn weights_decay_once_beside_adam_and_in_adamw() {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../data/oracle/trajectories.json")).unwrap();
    let cases = file["cases"].as_array().unwrap().iter();
    let cases: Vec<_> = cases.filter(|c| c["optimizer"] == "adamw").collect();
    assert_eq!(cases.len(), 6);
    for (case, id) in cases
        .iter()
        .flat_map(|case| [(case, "adam"), (case, "adamw")])
    {
        let given = case["settings"].as_object().unwrap();
        let settings: Vec<String> = given.iter().map(|(k, v)| format!("{k} = {v}")).collect();
        let racer = format!("optimizer = \"{id}\"\n{}", settings.join("\n"));
        let start = [0, 1].map(|i| case["start"][i].as_f64().unwrap());
        let scenario = on(case["surface"].as_str().unwrap(), start, 100, &[&racer]);
        let snapshot = run(&scenario, 1000);
        let points = snapshot.racers[0].trace.points();
        for mark in case["marks"].as_array().unwrap() {
            let step = mark["step"].as_u64().unwrap();
            let point = points.iter().find(|point| point.step == step).unwrap();
            for (i, name) in ["x", "y"].into_iter().enumerate() {
                let (got, want) = (point.position[i], mark[name].as_f64().unwrap());
                let fits = (got - want).abs() <= 1e-9 * want.abs().max(1e-6);
                assert!(fits, "{}: {got} and not {want} at {step}", case["surface"]);
            }
        }
    }
}

/// On (x^2 + 50 y^2) / 2 a step of gradient descent is a product.
#[test]
fn every_step_has_the_rate_of_its_schedule() {
    let rates = "{ peak = 0.03, schedule = \"cosine\", warmup = 4, end_factor = 0.1 }";
    let racer = format!("optimizer = \"gd\"\nlearning_rate = {rates}\nweight_decay = 2.0");
    let scenario = on("ravine", [-4.0, 1.0], 40, &[&racer]);
    let schedule = scenario.racers[0].regime.schedule;
    let snapshot = run(&scenario, 7);
    let [mut x, mut y] = [-4.0, 1.0];
    for point in snapshot.racers[0].trace.points().iter().skip(1) {
        let rate = schedule.rate(0.03, point.step);
        (x, y) = (x * (1.0 - rate * 3.0), y * (1.0 - rate * 52.0));
        let gap = (point.position[0] - x).abs() + (point.position[1] - y).abs();
        assert!(gap < 1e-12, "step {}: {gap}", point.step);
    }
    let text = scenario.resolved();
    assert!(
        text.contains("racer.1.learning_rate.steps = 40.0\n"),
        "{text}"
    );
}

#[test]
fn long_gradients_are_clipped_and_recorded_as_they_were() {
    let racer = "optimizer = \"sgd\"\nlearning_rate = 0.01";
    let clips = format!("{racer}\nclip_norm = 5");
    let never = format!("{racer}\nclip_norm = 1e9\nlabel = \"never\"");
    let scenario = on("ravine", [-4.0, 1.0], 30, &[racer, &clips, &never]);
    let snapshot = run(&scenario, 1000);
    let [free, clipped, never] = [0, 1, 2].map(|i| &snapshot.racers[i]);
    assert_eq!((free.clipped, never.clipped), (None, Some(0)));
    assert_eq!(
        free.trace.points()[30].position,
        never.trace.points()[30].position
    );
    let [mut x, mut y] = [-4.0_f64, 1.0_f64];
    let mut count = 0;
    for point in clipped.trace.points().iter().skip(1) {
        let norm = x.hypot(50.0 * y);
        assert!((point.gradient_norm.unwrap() - norm).abs() < 1e-12);
        let scale = if norm > 5.0 { 5.0 / norm } else { 1.0 };
        count += u64::from(norm > 5.0);
        (x, y) = (x - 0.01 * scale * x, y - 0.01 * scale * 50.0 * y);
        let gap = (point.position[0] - x).abs() + (point.position[1] - y).abs();
        assert!(gap < 1e-12, "step {}: {gap}", point.step);
    }
    assert!((1..30).contains(&count), "{count}");
    assert_eq!(clipped.clipped, Some(count));
}

#[test]
fn a_gradient_that_is_not_finite_diverges_though_it_is_clipped() {
    let racer = "optimizer = \"gd\"\nlearning_rate = 1e200\nclip_norm = 1e150";
    let scenario = on("beale", [1.0, 1.5], 50, &[racer]);
    let snapshot = run(&scenario, 1000);
    let outcome = &snapshot.racers[0].outcome;
    assert!(
        matches!(outcome, Some(Outcome::Diverged { .. })),
        "{outcome:?}"
    );
}

const DIGITS: &str = "title = \"x\"\nseed = 3\n[model]\nkind = \"softmax\"\n[data]\nsource = \"digits\"\n\
    [finish]\nloss = 0.15\nepochs = 12\n";

/// A race of networks with everything at once: whatever the slices, the same bits, and the race
/// retraced has them too.
#[test]
fn slices_and_retraces_change_no_bit() {
    let rates = "{ peak = 0.5, schedule = \"one-cycle\" }";
    let text = format!(
        "{DIGITS}[[racer]]\noptimizer = \"momentum\"\nbatch = 64\nlearning_rate = {rates}\n\
         clip_norm = 0.5\nweight_decay = 1e-3\n\
         [[racer]]\noptimizer = \"adam\"\nbatch = 64\nweight_decay = 0.1\n\
         learning_rate = {{ peak = 0.01, schedule = \"step\", factor = 0.5, every = 50, warmup = 9 }}\n"
    );
    let scenario = read(&text, &["finish.loss=0.01"]);
    let whole = run(&scenario, 10_000_000);
    let sliced = run(&scenario, 100);
    let mut retrace = Retrace::new(&scenario);
    for (i, (a, b)) in whole.racers.iter().zip(&sliced.racers).enumerate() {
        let facts = |racer: &slalom::race::snapshot::Progress| {
            let points = racer.trace.points().iter();
            let losses: Vec<_> = points.map(|p| (p.step, p.loss, p.gradient_norm)).collect();
            (losses, racer.clipped)
        };
        assert_eq!(facts(a), facts(b));
        for step in [40, 200] {
            let glance = Glance {
                racer: i,
                step,
                coordinate: Some(5),
                window: 3,
            };
            let look = retrace.look(glance, &mut |_| true).unwrap();
            let schedule = scenario.racers[i].regime.schedule;
            let rate = schedule.rate(scenario.racers[i].learning_rate, step);
            assert_eq!(look.numbers[0].1, f64::from(rate as f32), "at {step}");
            let point = a.trace.points().iter().find(|point| point.step == step);
            if let (Some(point), Some(clipping)) = (point, look.clipping) {
                assert_eq!(point.gradient_norm, Some(clipping.norm), "at {step}");
                let norm = look.spreads[0].norm;
                assert!((norm - clipping.norm.min(0.5)).abs() < 1e-6, "{norm}");
            }
        }
    }
    assert!(whole.racers[0].clipped.is_some_and(|clipped| clipped > 0));
}

/// Where evaluations are apart, the interval in which the target is met is replayed by the same
/// rates.
#[test]
fn the_step_of_the_finish_does_not_depend_on_the_evaluations() {
    let rates = "{ peak = 0.5, schedule = \"exponential\", factor = 0.5, every = 40, warmup = 30 }";
    let text = format!(
        "{DIGITS}[[racer]]\noptimizer = \"sgd\"\nbatch = 64\nlearning_rate = {rates}\nclip_norm = 1\n"
    );
    let step = |every: u64| {
        let set = [
            format!("finish.evaluate_every={every}"),
            "finish.loss=0.4".to_owned(),
        ];
        let set: Vec<&str> = set.iter().map(String::as_str).collect();
        let snapshot = run(&read(&text, &set), 1_000_000);
        let racer = &snapshot.racers[0];
        (racer.convergence.as_ref().map(|at| at.step), racer.clipped)
    };
    let each = step(1);
    assert!(each.0.is_some_and(|step| step > 5), "{each:?}");
    for every in [2, 7, 16] {
        assert_eq!(step(every), each);
    }
}

#[test]
fn steps_of_a_schedule_are_those_of_the_race() {
    let racer = "[[racer]]\noptimizer = \"sgd\"\nbatch = 100\nlearning_rate = { peak = 1, schedule = \"cosine\" }";
    let text = format!("{DIGITS}{racer}");
    let steps = |set: &[&str]| {
        let text = read(&text, set).resolved();
        let line = text
            .lines()
            .find(|line| line.contains("learning_rate.steps"));
        line.unwrap().to_owned()
    };
    // 1,437 examples in batches of 100 are 15 steps an epoch.
    let is = |steps: &str| format!("racer.1.learning_rate.steps = {steps}");
    assert_eq!(steps(&[]), is("180.0"));
    assert_eq!(steps(&["finish.steps=99"]), is("99.0"));
    assert_eq!(steps(&["racer.1.batch=200"]), is("96.0"));
    assert_eq!(steps(&["racer.sgd.learning_rate.steps=50"]), is("50.0"));
}

#[test]
fn flags_change_the_rate_the_peak_or_the_schedule() {
    let racer =
        "[[racer]]\noptimizer = \"sgd\"\nlabel = \"a.b\"\nbatch = 100\nlearning_rate = RATE";
    let text = |rate: &str| format!("{DIGITS}{racer}").replace("RATE", rate);
    let scheduled = text("{ peak = 1, schedule = \"cosine\", warmup = 5 }");
    let rate = |text: &str, set: &str| {
        let racer = read(text, &[set]).racers.remove(0);
        let schedule = racer.regime.schedule;
        (racer.learning_rate, schedule.row().id, schedule.warmup)
    };
    assert_eq!(
        rate(&scheduled, "racer.a.b.learning_rate=0.5"),
        (0.5, "constant", 0)
    );
    assert_eq!(
        rate(&scheduled, "racer.sgd.learning_rate.peak=0.5"),
        (0.5, "cosine", 5)
    );
    assert_eq!(
        rate(&scheduled, "racer.a.b.learning_rate.peak=0.5"),
        (0.5, "cosine", 5)
    );
    let constant = text("0.3");
    assert_eq!(
        rate(&constant, "racer.1.learning_rate.schedule=cosine"),
        (0.3, "cosine", 0)
    );
    assert_eq!(
        rate(&constant, "racer.1.learning_rate.warmup=7"),
        (0.3, "constant", 7)
    );
    assert_eq!(
        rate(&constant, "racer.1.learning_rate.peak=2"),
        (2.0, "constant", 0)
    );
}

/// What is off is as if it were not there.
#[test]
fn nothing_around_a_rule_changes_nothing() {
    let racer = "optimizer = \"adam\"\nlearning_rate = ";
    let plain = on("beale", [1.0, 1.5], 60, &[&format!("{racer}0.1")]);
    let around = format!("{racer}{{ peak = 0.1 }}\nweight_decay = 0");
    let around = on("beale", [1.0, 1.5], 60, &[&around]);
    assert_eq!(plain.digest(), around.digest());
    let [plain, around] = [plain, around].map(|scenario| run(&scenario, 1000));
    assert_eq!(plain.meta.racers, around.meta.racers);
}
