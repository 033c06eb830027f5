//! Update rules against numbers computed elsewhere: PyTorch's trajectories, Keras's golden vectors,
//! and the properties that tie the rules to each other.

use ndarray::{Array1, ArrayView1, ArrayViewMut1, array};
use slalom::optim::{self, Build, Setting, Settings};
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::surface::{self, Slope};
use slalom::problem::{Batch, Block, Part, Problem, Score, Work};

/// A slope that returns given gradients, one a step.
struct Given {
    gradients: Vec<Array1<f64>>,
    step: std::sync::atomic::AtomicUsize,
}

impl Problem<f64> for Given {
    fn blocks(&self) -> &[Block] {
        &[]
    }
    fn examples(&self) -> usize {
        1
    }
    fn rows(&self) -> usize {
        0
    }
    fn start(&self) -> Array1<f64> {
        Array1::ones(self.gradients[0].len())
    }
    fn work(&self) -> Work<f64> {
        Work::default()
    }
    fn gradient(
        &self,
        _: ArrayView1<'_, f64>,
        _: Batch<'_>,
        mut g: ArrayViewMut1<'_, f64>,
        _: &mut Work<f64>,
    ) {
        let step = self.step.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        g.assign(&self.gradients[step]);
    }
    fn gradient_and_loss(
        &self,
        w: ArrayView1<'_, f64>,
        batch: Batch<'_>,
        g: ArrayViewMut1<'_, f64>,
        work: &mut Work<f64>,
    ) -> f64 {
        self.gradient(w, batch, g, work);
        0.0
    }
    fn evaluate(&self, _: ArrayView1<'_, f64>, _: Part, _: &mut Work<f64>) -> Option<Score> {
        None
    }
}

/// All iterates of `steps` steps, the start first.
fn iterates(
    problem: &dyn Problem<f64>,
    id: &str,
    settings: &Settings,
    learning_rate: f64,
    steps: usize,
) -> Vec<Array1<f64>> {
    let entry = optim::find(id).unwrap();
    let mut w = problem.start();
    let mut optimizer = f64::build(entry, settings, w.len());
    let (mut g, mut work, mut cost) = (Array1::zeros(w.len()), problem.work(), Cost::default());
    let mut all = vec![w.clone()];
    for _ in 0..steps {
        let mut slope = Oracle::new(problem, Batch::All, &mut g, &mut work, &mut cost);
        optimizer.step(w.view_mut(), learning_rate, &mut slope);
        all.push(w.clone());
    }
    all
}

fn defaults(id: &str) -> Settings {
    Settings::defaults(optim::find(id).unwrap())
}

fn slope(id: &str, start: &[f64]) -> Slope {
    Slope::new(surface::find(id).unwrap(), start.to_vec(), 0.0, 256, 0)
}

#[test]
fn every_rule_follows_pytorch_step_for_step() {
    let text = include_str!("../data/oracle/trajectories.json");
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 78);
    for case in cases {
        let id = case["optimizer"].as_str().unwrap();
        let given = case["settings"].as_object().unwrap();
        let mut settings = defaults(id);
        // Nesterov's momentum has one form here.
        let others = given.iter().filter(|(name, _)| {
            *name != "learning_rate" && (id, name.as_str()) != ("nesterov", "form")
        });
        for (name, value) in others {
            let setting = match value.as_f64() {
                Some(number) => Setting::Number(number),
                None if value.as_str().unwrap().starts_with("ema") => Setting::Word("ema".into()),
                None => Setting::Word("heavy-ball".into()),
            };
            settings = settings.with(name, setting);
        }
        let start: Vec<f64> = case["start"]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap())
            .collect();
        let problem = slope(case["surface"].as_str().unwrap(), &start);
        let rate = given["learning_rate"].as_f64().unwrap();
        let all = iterates(&problem, id, &settings, rate, 100);
        for mark in case["marks"].as_array().unwrap() {
            let step = mark["step"].as_u64().unwrap() as usize;
            let w = &all[step];
            let score = problem
                .evaluate(w.view(), Part::Train, &mut Work::default())
                .unwrap();
            for (name, got) in [("x", w[0]), ("y", w[1]), ("loss", score.loss)] {
                // PyTorch's own numbers may have left the finite ones: then ours must have, too.
                let Some(want) = mark[name].as_f64() else {
                    assert!(!got.is_finite(), "{case}: {name} at {step}: {got}");
                    continue;
                };
                let tolerance = 1e-9 * want.abs().max(1e-6);
                assert!(
                    (got - want).abs() <= tolerance,
                    "{} {given:?} on {}: {name} at step {step} is {got}, not {want}",
                    id,
                    case["surface"],
                );
            }
        }
    }
}

/// By the paper's algorithm, with gradients of two parameters that are the same for both.
#[test]
fn lion_is_what_its_paper_says() {
    let text = include_str!("../data/oracle/lion.json");
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let pair = |value: &serde_json::Value| {
        let number = |i: usize| value[i].as_f64().unwrap();
        array![number(0), number(1)]
    };
    let pairs = |value: &serde_json::Value| -> Vec<Array1<f64>> {
        value.as_array().unwrap().iter().map(pair).collect()
    };
    let gradients = pairs(&file["gradients"]);
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 3);
    for case in cases {
        let given = case["settings"].as_object().unwrap();
        let mut settings = defaults("lion");
        for (name, value) in given.iter().filter(|(name, _)| *name != "learning_rate") {
            settings = settings.with(name, Setting::Number(value.as_f64().unwrap()));
        }
        let problem = Given {
            gradients: gradients.clone(),
            step: 0.into(),
        };
        let rate = given["learning_rate"].as_f64().unwrap();
        let all = iterates(&problem, "lion", &settings, rate, gradients.len());
        let wanted = pairs(&case["w"]);
        assert_eq!(wanted.len(), gradients.len());
        for (t, (got, want)) in (1..).zip(all[1..].iter().zip(&wanted)) {
            assert!(
                close(got, want, 1e-12),
                "{given:?} at step {t}: {got} {want}"
            );
        }
    }
}

#[test]
fn golden_vectors_of_keras() {
    let ramp = |k: usize| Array1::from_shape_fn(10, |i| 0.1 + 0.1 * i as f64 * k as f64);
    let gradients: Vec<_> = [Array1::from_elem(10, 0.01)]
        .into_iter()
        .chain((0..4).map(|_| ramp(1)))
        .collect();
    let check = |id: &str, settings: &Settings, rate: f64, want: &[(f64, f64)]| {
        let problem = Given {
            gradients: gradients.clone(),
            step: 0.into(),
        };
        let all = iterates(&problem, id, settings, rate, 5);
        for (back, want) in want.iter().rev().enumerate() {
            let got = &all[5 - back];
            assert!(
                (got[0] - want.0).abs() < 5e-4,
                "{id} {settings:?}: {got} {want:?}"
            );
            assert!(
                (got[9] - want.1).abs() < 5e-4,
                "{id} {settings:?}: {got} {want:?}"
            );
        }
    };
    let sgd = [
        (0.9999, 0.9999),
        (0.9989, 0.9899),
        (0.9979, 0.9799),
        (0.9969, 0.9699),
        (0.9959, 0.9599),
    ];
    check("sgd", &defaults("sgd"), 0.01, &sgd);
    check("gd", &defaults("gd"), 0.01, &sgd);
    let ema = defaults("momentum");
    let heavy_ball = ema.clone().with("form", Setting::Word("heavy-ball".into()));
    check("momentum", &ema, 0.01, &[(0.9991, 0.9909)]);
    check("momentum", &heavy_ball, 0.01, &[(0.9905, 0.9091)]);
    let adam = defaults("adam");
    let uncorrected = adam.clone().with("bias_correction", Setting::Switch(false));
    check("adam", &adam, 1e-3, &[(0.9954, 0.9955)]);
    check("adam", &uncorrected, 1e-3, &[(0.9784, 0.9790)]);
    check("nesterov", &defaults("nesterov"), 0.01, &[(0.9874, 0.8781)]);

    // There the sum of squares starts at 0.3: here a first gradient has brought it there.
    let first = Array1::from_elem(10, 0.3_f64.sqrt());
    let problem = Given {
        gradients: [first].into_iter().chain(gradients.clone()).collect(),
        step: 0.into(),
    };
    let settings = defaults("adagrad").with("epsilon", Setting::Number(1e-6));
    let all = iterates(&problem, "adagrad", &settings, 0.2, 6);
    let adagrad = [
        (0.9963, 0.9963),
        (0.9604, 0.8209),
        (0.9251, 0.6891),
        (0.8903, 0.5790),
        (0.8560, 0.4825),
    ];
    for (w, want) in all[2..].iter().zip(adagrad) {
        let moved = 1.0 + w - &all[1];
        assert!((moved[0] - want.0).abs() < 5e-4, "{moved} {want:?}");
        assert!((moved[9] - want.1).abs() < 5e-4, "{moved} {want:?}");
    }
}

fn close(a: &Array1<f64>, b: &Array1<f64>, tolerance: f64) -> bool {
    a.iter()
        .zip(b)
        .all(|(a, b)| (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-300))
}

#[test]
fn ema_is_heavy_ball_at_a_scaled_rate_step_for_step() {
    let beta = 0.9;
    let ema = defaults("momentum");
    let heavy_ball = ema.clone().with("form", Setting::Word("heavy-ball".into()));
    for (id, start, rate) in [("ravine", [-4.0, 1.0], 0.1), ("booth", [-8.0, 8.0], 0.5)] {
        let problem = slope(id, &start);
        let a = iterates(&problem, "momentum", &ema, rate, 60);
        let b = iterates(&problem, "momentum", &heavy_ball, rate * (1.0 - beta), 60);
        // The two round differently: what cancels to nearly 0 is measured against the start.
        for (a, b) in a.iter().zip(&b) {
            assert!(
                (a - b).iter().all(|d| d.abs() <= 1e-12 * 8.0),
                "{id}: {a} {b}"
            );
        }
    }
}

#[test]
fn adam_without_momentum_and_correction_is_rmsprop() {
    let beta = Setting::Number(0.95);
    let adam = defaults("adam")
        .with("beta1", Setting::Number(0.0))
        .with("beta2", beta.clone())
        .with("bias_correction", Setting::Switch(false));
    let rmsprop = defaults("rmsprop").with("beta", beta);
    let problem = slope("beale", &[1.0, 1.5]);
    let a = iterates(&problem, "adam", &adam, 0.01, 50);
    let b = iterates(&problem, "rmsprop", &rmsprop, 0.01, 50);
    assert!(a.iter().zip(&b).all(|(a, b)| close(a, b, 1e-12)));
}

#[test]
fn first_steps_are_signs() {
    let tiny = Setting::Number(1e-300);
    let problem = slope("beale", &[1.0, 1.5]);
    let adam = iterates(
        &problem,
        "adam",
        &defaults("adam").with("epsilon", tiny.clone()),
        0.01,
        1,
    );
    assert!(close(&adam[1], &array![0.99, 1.49], 1e-12));
    let rmsprop = iterates(
        &problem,
        "rmsprop",
        &defaults("rmsprop").with("epsilon", tiny),
        0.01,
        1,
    );
    let step = 0.01 / (0.1_f64).sqrt();
    assert!(close(&rmsprop[1], &array![1.0 - step, 1.5 - step], 1e-12));
}

#[test]
fn scaling_the_loss_leaves_adaptive_rules_where_they_were() {
    let steep: Vec<_> = (0..20)
        .map(|k| array![f64::from(k) - 3.5, 0.1 * f64::from(k) + 1.0])
        .collect();
    let scaled: Vec<_> = steep.iter().map(|g| g * 1000.0).collect();
    let run = |gradients: &[Array1<f64>], id: &str, rate| {
        let problem = Given {
            gradients: gradients.to_vec(),
            step: 0.into(),
        };
        let mut settings = defaults(id);
        if !matches!(id, "gd" | "lion") {
            settings = settings.with("epsilon", Setting::Number(1e-300));
        }
        iterates(&problem, id, &settings, rate, 20).pop().unwrap()
    };
    for id in [
        "adam", "rmsprop", "adagrad", "amsgrad", "adamw", "nadam", "adamax", "lion",
    ] {
        assert!(
            close(&run(&steep, id, 0.01), &run(&scaled, id, 0.01), 1e-12),
            "{id}"
        );
    }
    assert!(close(
        &run(&steep, "gd", 0.01),
        &run(&scaled, "gd", 0.01 / 1000.0),
        1e-12
    ));
    assert!(!close(
        &run(&steep, "gd", 0.01),
        &run(&scaled, "gd", 0.01),
        1e-3
    ));
}

#[test]
fn rates_above_the_bound_of_a_quadratic_diverge_and_below_do_not() {
    // (x^2 + 100 y^2) / 2: largest curvature 100.
    let problem = slope("bowl", &[1.0, 1.0]);
    let beta = 0.9;
    let ema = defaults("momentum");
    let heavy_ball = ema.clone().with("form", Setting::Word("heavy-ball".into()));
    let bounds = [
        ("gd", defaults("gd"), 2.0 / 100.0),
        ("momentum", heavy_ball, 2.0 * (1.0 + beta) / 100.0),
        ("momentum", ema, 2.0 * (1.0 + beta) / ((1.0 - beta) * 100.0)),
    ];
    for (id, settings, bound) in bounds {
        let reach = |rate: f64| {
            let end = iterates(&problem, id, &settings, rate, 4000).pop().unwrap();
            end.iter().fold(0.0_f64, |most, x| most.max(x.abs()))
        };
        assert!(reach(bound * 0.99) < 1.0, "{id} {settings:?}");
        let above = reach(bound * 1.01);
        assert!(
            above > 1e6 || !above.is_finite(),
            "{id} {settings:?}: {above}"
        );
    }
}

#[test]
fn best_rates_on_a_quadratic_take_the_steps_theory_says() {
    let problem = slope("bowl", &[1.0, 1.0]);
    let k: f64 = 100.0;
    let best = 2.0 / (1.0 + k);
    let (root, one) = (k.sqrt(), 1.0);
    let heavy = 4.0 / (root + one).powi(2);
    let beta = ((root - one) / (root + one)).powi(2);
    let heavy_ball = defaults("momentum")
        .with("beta", Setting::Number(beta))
        .with("form", Setting::Word("heavy-ball".into()));
    let first = |id: &str, settings: &Settings, rate: f64| {
        let all = iterates(&problem, id, settings, rate, 1000);
        let value = |w: &Array1<f64>| {
            problem
                .evaluate(w.view(), Part::Train, &mut Work::default())
                .unwrap()
                .loss
        };
        all.iter().position(|w| value(w) <= 1e-6).unwrap()
    };
    assert_eq!(first("gd", &defaults("gd"), best), 444);
    assert_eq!(first("momentum", &heavy_ball, heavy), 69);
}
