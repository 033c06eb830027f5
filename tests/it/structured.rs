//! Optimizers that see more than one parameter at a time: matrices, sums over all parameters, points
//! beside the one they are at. Their iterates against numbers computed elsewhere, and their ways
//! through whole races.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, ArrayViewMut1};
use slalom::optim::{self, Build, Setting, Settings};
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::surface::{self, SURFACES, Slope};
use slalom::problem::{Batch, Block, Part, Problem, Score, Work};
use slalom::race::snapshot::{Outcome, Snapshot};
use slalom::scenario::Scenario;

use crate::races::{digest, run, scenario};
use crate::rules::STRUCTURED as IDS;

/// Least squares in the matrices A and C and the vector b: the mean over five examples of half the
/// square of x A + b - y, and of z C - v.
struct Matrices([Block; 3]);

/// Numbers without structure, the same as in `structured.py`.
fn filled(rows: usize, columns: usize, seed: f64) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(i, j)| {
        ((7 * i + 3 * j + i * i) as f64 + seed).sin()
    })
}

impl Matrices {
    fn new() -> Self {
        let mut offset = 0;
        Self([[4, 3], [1, 3], [3, 2]].map(|[rows, columns]| {
            let block = Block {
                name: "block".to_owned(),
                offset,
                rows,
                columns,
            };
            offset += rows * columns;
            block
        }))
    }
}

impl Problem<f64> for Matrices {
    fn blocks(&self) -> &[Block] {
        &self.0
    }
    fn examples(&self) -> usize {
        5
    }
    fn rows(&self) -> usize {
        0
    }
    fn start(&self) -> Array1<f64> {
        let blocks = self.0.iter();
        let all = blocks.flat_map(|block| filled(block.rows, block.columns, 5.0));
        all.collect()
    }
    fn work(&self) -> Work<f64> {
        Work::default()
    }
    fn gradient(
        &self,
        w: ArrayView1<'_, f64>,
        batch: Batch<'_>,
        g: ArrayViewMut1<'_, f64>,
        work: &mut Work<f64>,
    ) {
        self.gradient_and_loss(w, batch, g, work);
    }
    fn gradient_and_loss(
        &self,
        w: ArrayView1<'_, f64>,
        _: Batch<'_>,
        mut g: ArrayViewMut1<'_, f64>,
        _: &mut Work<f64>,
    ) -> f64 {
        let w = w.to_vec();
        let [a, b, c] = [0, 1, 2].map(|k| {
            let Block {
                offset,
                rows,
                columns,
                ..
            } = self.0[k];
            let part = &w[offset..offset + rows * columns];
            ArrayView2::from_shape((rows, columns), part).unwrap()
        });
        let [x, y] = [filled(5, 4, 1.0), filled(5, 3, 2.0)];
        let [z, v] = [filled(5, 3, 3.0), filled(5, 2, 4.0)];
        let first = x.dot(&a) + b - y;
        let second = z.dot(&c) - v;
        let parts = [
            x.t().dot(&first),
            first
                .sum_axis(ndarray::Axis(0))
                .insert_axis(ndarray::Axis(0)),
            z.t().dot(&second),
        ];
        let all = parts.iter().flat_map(|part| part / 5.0);
        g.assign(&all.collect::<Array1<f64>>());
        ((&first * &first).sum() + (&second * &second).sum()) / 10.0
    }
    fn evaluate(&self, _: ArrayView1<'_, f64>, _: Part, _: &mut Work<f64>) -> Option<Score> {
        None
    }
}

#[test]
fn every_iterate_is_that_of_the_definition() {
    let text = include_str!("../data/oracle/structured.json");
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let mut seen = Vec::new();
    for case in cases {
        let word = |key: &str| case[key].as_str().unwrap();
        let entry = optim::find(word("optimizer")).unwrap();
        let mut settings = Settings::defaults(entry);
        for (name, value) in case["settings"].as_object().unwrap() {
            let setting = match value {
                serde_json::Value::Bool(on) => Setting::Switch(*on),
                serde_json::Value::String(word) => Setting::Word(word.clone()),
                number => Setting::Number(number.as_f64().unwrap()),
            };
            settings = settings.with(name, setting);
        }
        let problem: Box<dyn Problem<f64>> = match word("problem") {
            "matrices" => Box::new(Matrices::new()),
            id => {
                let start = if id == "beale" {
                    [1.0, 1.0]
                } else {
                    [-1.2, 1.0]
                };
                Box::new(Slope::new(
                    surface::find(id).unwrap(),
                    start.to_vec(),
                    0.0,
                    256,
                    0,
                ))
            }
        };
        let mut w = problem.start();
        let mut optimizer = f64::build(entry, &settings, w.len());
        let (mut g, mut work, mut cost) = (Array1::zeros(w.len()), problem.work(), Cost::default());
        let rate = case["learning_rate"].as_f64().unwrap();
        let mut step = 0;
        for mark in case["marks"].as_array().unwrap() {
            while step < mark["step"].as_u64().unwrap() {
                let mut slope = Oracle::new(&*problem, Batch::All, &mut g, &mut work, &mut cost);
                optimizer.step(w.view_mut(), rate, &mut slope);
                step += 1;
            }
            let wanted: Vec<f64> = serde_json::from_value(mark["w"].clone()).unwrap();
            for (i, (got, want)) in w.iter().zip(wanted).enumerate() {
                assert!(
                    (got - want).abs() <= 1e-9 * want.abs().max(1e-3),
                    "{} on {} {}: w[{i}] at step {step} is {got}, not {want}",
                    entry.id,
                    word("problem"),
                    case["settings"],
                );
            }
            if let Some(gradients) = mark["gradients"].as_u64() {
                assert_eq!(
                    cost.gradients,
                    gradients,
                    "{} at step {step}",
                    word("problem")
                );
            }
        }
        seen.push((entry.id, word("problem")));
    }
    for id in IDS {
        for problem in ["rosenbrock", "beale", "matrices"] {
            assert!(seen.contains(&(id, problem)), "{id} on {problem}");
        }
    }
}

/// `racers` with lines of TOML each, on `task`.
fn on(task: &str, finish: &str, racers: &[String]) -> Scenario {
    scenario(&format!(
        "title = \"test\"\nseed = 3\n{task}\n[finish]\n{finish}\n[[racer]]\n{}\n",
        racers.join("\n[[racer]]\n")
    ))
}

fn racer(id: &str, rate: f64, keys: &str) -> String {
    format!("optimizer = \"{id}\"\nlearning_rate = {rate}\n{keys}\n")
}

/// The same race in slices and pools of other sizes.
fn is_the_same_however_it_is_run(race: &Scenario) -> Snapshot {
    let want = run(race, 100_000);
    for (threads, slice) in [(1, 1), (2, 777), (3, 20_000)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let got = pool.build().unwrap().install(|| run(race, slice));
        assert_eq!(digest(&got), digest(&want), "{threads} threads, {slice}");
        for (a, b) in got.racers.iter().zip(&want.racers) {
            assert_eq!(a.gradient_evaluations, b.gradient_evaluations);
        }
    }
    want
}

const NETWORK: &str = "[model]\nkind = \"mlp\"\nhidden = [12, 8]\nactivation = \"tanh\"\n\
                       [data]\nsource = \"iris\"\ntest = 0";

#[test]
fn slices_and_threads_change_no_bit_of_a_network() {
    for keys in [
        "batch = 16",
        "batch = \"all\"",
        "batch = 16\nclip_norm = 0.5\nweight_decay = 0.01",
    ] {
        let rate = |id: &str| if id == "prodigy" { 1.0 } else { 0.02 };
        let racers = IDS.map(|id| racer(id, rate(id), keys));
        let race = on(NETWORK, "loss = 1e-9\nsteps = 40", &racers);
        let snapshot = is_the_same_however_it_is_run(&race);
        for racer in &snapshot.racers {
            let (start, end) = (racer.trace.points()[0].loss, racer.latest.loss);
            assert!(end < 0.95 * start, "{keys}: {start} to {end}");
        }
    }
}

#[test]
fn on_every_surface_they_stay_finite_or_say_that_they_do_not() {
    let outcomes = AtomicU64::new(0);
    for surface in SURFACES {
        for noise in [0.0, 0.3] {
            // A saddle has no lowest point, and what noise tilts may have none.
            let is_bottomless = noise > 0.0 || surface.id == "saddle";
            let racers: Vec<String> = [1e-3, 0.1, 30.0]
                .iter()
                .flat_map(|&rate| IDS.map(|id| racer(id, rate, "")))
                .collect();
            let task = format!(
                "[surface]\nfunction = \"{}\"\nstart = {:?}\nnoise = {noise}",
                surface.id, surface.start
            );
            let snapshot = run(&on(&task, "loss = -1e300\nsteps = 300", &racers), 1000);
            for (lines, racer) in racers.iter().zip(&snapshot.racers) {
                let case = format!("{} {noise}: {lines}", surface.id);
                let is_finite = racer.latest.position.iter().all(|x| x.is_finite());
                match racer.outcome.as_ref().unwrap() {
                    Outcome::Limit { .. } | Outcome::Stalled { .. } => {
                        assert!(is_finite && racer.latest.loss.is_finite(), "{case}");
                        assert_eq!(racer.steps, 300, "{case}");
                    }
                    Outcome::Diverged { step, .. } => {
                        let may = is_bottomless || !lines.contains("lbfgs");
                        assert!(*step <= 300 && may, "{case}");
                        outcomes.fetch_add(1, Ordering::Relaxed);
                    }
                    Outcome::Converged => assert!(is_bottomless, "{case}"),
                    other @ Outcome::Error { .. } => panic!("{case}: {other:?}"),
                }
            }
        }
    }
    assert!(outcomes.into_inner() > 5, "some rates are too high");
}

#[test]
fn each_falls_on_the_surfaces_that_are_easy() {
    for (id, rate) in IDS.into_iter().zip([3.0, 0.1, 0.1, 0.3, 1.0, 1.0]) {
        let task = "[surface]\nfunction = \"booth\"\nstart = [-8, 8]";
        let race = on(task, "loss = 1e-6\nsteps = 5000", &[racer(id, rate, "")]);
        let snapshot = run(&race, 1000);
        let racer = &snapshot.racers[0];
        assert_eq!(racer.outcome, Some(Outcome::Converged), "{id}: {racer:?}");
    }
}

#[test]
fn every_point_that_is_tried_is_a_gradient_over_the_batch() {
    let racers = ["batch = 16", "batch = \"all\""].map(|batch| racer("lbfgs", 1.0, batch));
    let snapshot = run(&on(NETWORK, "loss = 1e-9\nsteps = 30", &racers), 1000);
    let [mini, full] = [0, 1].map(|i: usize| &snapshot.racers[i]);
    // One where the step begins, and one tried at least.
    assert!(mini.gradient_evaluations >= 2 * mini.steps, "{mini:?}");
    // The last point's is known, and not asked for again.
    assert!(full.gradient_evaluations > full.steps, "{full:?}");
    assert!(full.gradient_evaluations < 2 * full.steps, "{full:?}");
    assert_eq!(full.samples, 150 * full.gradient_evaluations);
    // The last batch of an epoch has six examples.
    let most = 16 * mini.gradient_evaluations;
    assert!((most / 2..most).contains(&mini.samples), "{mini:?}");
}

#[test]
fn a_budget_in_epochs_holds_for_those_that_ask_often() {
    let racers: Vec<String> = ["sgd", "adam", "lbfgs"]
        .map(|id| racer(id, 0.1, "batch = 16"))
        .into();
    let race = on(
        NETWORK,
        "loss = 1e-9\nepochs = 2.5\nevaluate_every = 1000",
        &racers,
    );
    let snapshot = is_the_same_however_it_is_run(&race);
    let budget = 375;
    for racer in &snapshot.racers {
        // A step that has begun is ended: L-BFGS asks at most 26 times for it.
        assert!(
            (budget..budget + 26 * 16).contains(&racer.samples),
            "{racer:?}"
        );
        let Some(Outcome::Limit { cause }) = &racer.outcome else {
            panic!("{racer:?}");
        };
        assert_eq!(cause, "2.5 epochs");
    }
    assert_eq!(snapshot.racers[0].steps, 25);
    assert!(snapshot.racers[2].steps < 15, "{:?}", snapshot.racers[2]);
}

#[test]
fn where_no_way_leads_down_nothing_is_asked_any_more() {
    let task = |start: &str| format!("[surface]\nfunction = \"bowl\"\nstart = {start}");
    let of = |start: &str| {
        let race = on(
            &task(start),
            "loss = -1\nsteps = 5000",
            &[racer("lbfgs", 1.0, "")],
        );
        let snapshot = run(&race, 1000);
        let racer = &snapshot.racers[0];
        assert!(
            matches!(racer.outcome, Some(Outcome::Stalled { .. })),
            "{racer:?}"
        );
        assert_eq!(racer.steps, 5000);
        racer.gradient_evaluations
    };
    assert_eq!(of("[0, 0]"), 1);
    let asked = of("[1, 1]");
    assert!((5..200).contains(&asked), "{asked}");
}

#[test]
fn a_matrix_and_what_is_none_have_rules_of_their_own() {
    use slalom::race::retrace::{Glance, Retrace};
    let racers = ["muon", "soap"].map(|id| racer(id, 0.02, "batch = 16"));
    let race = on(NETWORK, "loss = 1e-9\nsteps = 30", &racers);
    let mut retrace = Retrace::new(&race);
    let mut rule = |racer: usize, coordinate: usize, step: u64| {
        let glance = Glance {
            racer,
            step,
            coordinate: Some(coordinate),
            window: 10,
        };
        let look = retrace.look(glance, &mut |_| true).unwrap();
        let shown = &look.coordinates[0];
        let lines = look.rule.lines.concat();
        let kind = if lines.contains("newton_schulz") {
            "orthogonal"
        } else if lines.contains("L^T") {
            "turned"
        } else if lines.contains("sqrt(v") {
            "adam"
        } else {
            "none"
        };
        (kind, shown.w[0] != shown.w[1])
    };
    // Weights of the first layer, its biases, weights of the last layer.
    let places = [0, 4 * 12 + 3, 4 * 12 + 12 + 12 * 8 + 8 + 1];
    assert_eq!(
        places.map(|i| rule(0, i, 5)),
        [("orthogonal", true), ("adam", true), ("adam", true)]
    );
    assert_eq!(
        places.map(|i| rule(1, i, 5)),
        [("turned", true), ("adam", true), ("turned", true)]
    );
    assert_eq!(
        rule(1, 0, 1),
        ("none", false),
        "the first gradient moves nothing"
    );
}

#[test]
fn the_average_needs_no_schedule() {
    let task = "[surface]\nfunction = \"booth\"\nstart = [-8, 8]\nnoise = 20";
    let racers = ["sgd", "schedule-free-sgd"].map(|id| racer(id, 0.1, ""));
    let snapshot = run(&on(task, "loss = -1\nsteps = 20000", &racers), 1000);
    let [plain, averaged] = [0, 1].map(|i: usize| snapshot.racers[i].latest.loss);
    // Plain steps end in a cloud as wide as the rate; the average in the middle of it.
    assert!(averaged * 10.0 < plain, "{averaged} {plain}");
}

#[test]
fn prodigy_finds_the_rate_whatever_it_starts_from() {
    let task = "[surface]\nfunction = \"booth\"\nstart = [-8, 8]";
    let racers = ["d0 = 1e-9", "d0 = 1e-6", "d0 = 1e-3"].map(|keys| racer("prodigy", 1.0, keys));
    let snapshot = run(&on(task, "loss = 1e-4\nsteps = 5000", &racers), 1000);
    for racer in &snapshot.racers {
        assert_eq!(racer.outcome, Some(Outcome::Converged), "{racer:?}");
    }
}
