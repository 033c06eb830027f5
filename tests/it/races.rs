//! Whole races: counts known from elsewhere, the same bits on any number of threads, and the ways a
//! race can end.

use std::path::PathBuf;

use ndarray::{Array1, Array2, ArrayViewMut1};
use slalom::optim::{Entry, Method, Optimizer, Settings, Show};
use slalom::problem::dataset::{Examples, Split, Target};
use slalom::problem::mlp::{Activation, Architecture, Init, Loss, Mlp, ModelKind};
use slalom::problem::oracle::Oracle;
use slalom::problem::{Batch, Part, Problem};
use slalom::race::snapshot::{Outcome, Progress, Snapshot};
use slalom::race::{Race, Stopwatch, untimed};
use slalom::random::{self, Purpose};
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::shipped::find;

pub fn scenario(text: &str) -> Scenario {
    let source = Source {
        file: "test.toml".to_owned(),
        name: "test".to_owned(),
        text: text.to_owned(),
        folder: PathBuf::new(),
    };
    check(&source, &Options::default()).unwrap_or_else(|report| panic!("{report}"))
}

pub fn shipped(name: &str) -> Scenario {
    scenario(find(name).unwrap().text)
}

pub fn run(scenario: &Scenario, slice: u64) -> Snapshot {
    let mut race = Race::new(scenario, &untimed);
    while !race.finished() {
        race.advance(slice);
    }
    race.snapshot()
}

/// A race on a surface, evaluated at each step, with `racers` as lines of TOML.
fn surface(function: &str, start: &str, finish: &str, racers: &[&str]) -> Scenario {
    let racers = format!("[[racer]]\n{}", racers.join("\n[[racer]]\n"));
    scenario(&format!(
        "title = \"test\"\n[surface]\nfunction = \"{function}\"\nstart = {start}\n\
         [finish]\n{finish}\n{racers}"
    ))
}

fn converged(racer: &Progress) -> Option<u64> {
    let outcome = racer.outcome.as_ref().unwrap();
    assert_eq!(*outcome == Outcome::Converged, racer.convergence.is_some());
    racer.convergence.as_ref().map(|evaluation| evaluation.step)
}

#[test]
fn counts_known_from_an_independent_computation() {
    let grid = |k: i32| 10.0_f64.powf(f64::from(k) / 3.0);
    let check = |function: &str, start: &str, target: &str, cells: &[(&str, i32, u64)]| {
        let racers: Vec<String> = cells
            .iter()
            .map(|(id, k, _)| format!("optimizer = \"{id}\"\nlearning_rate = {}", grid(*k)))
            .collect();
        let racers: Vec<&str> = racers.iter().map(String::as_str).collect();
        let race = surface(
            function,
            start,
            &format!("loss = {target}\nsteps = 20000"),
            &racers,
        );
        for (racer, (id, _, want)) in run(&race, 777).racers.iter().zip(cells) {
            assert_eq!(converged(racer), Some(*want), "{id} on {function}");
            assert_eq!(racer.first_hit, Some(*want));
            assert_eq!(racer.steps, *want);
            assert_eq!(racer.gradient_evaluations, *want);
            assert_eq!(racer.samples, want * if *id == "gd" { 256 } else { 1 });
        }
    };
    let (gd, momentum, rmsprop, adam) = ("gd", "momentum", "rmsprop", "adam");
    let bowl = [
        (gd, -6, 653),
        (momentum, -2, 122),
        (rmsprop, -2, 7),
        (adam, 0, 1),
    ];
    check("bowl", "[1, 1]", "1e-6", &bowl);
    let booth = [
        (gd, -3, 43),
        (momentum, 0, 133),
        (rmsprop, -1, 45),
        (adam, 1, 144),
    ];
    check("booth", "[-8, 8]", "1e-6", &booth);
    let beale = [(gd, -4, 193), (momentum, -2, 96), (adam, -2, 53)];
    check("beale", "[1, 1]", "1e-4", &beale);
    let rosenbrock = [
        (gd, -9, 9339),
        (momentum, -5, 293),
        (rmsprop, -10, 7978),
        (adam, 0, 397),
    ];
    check("rosenbrock", "[-1.2, 1]", "1e-4", &rosenbrock);
    let himmelblau = [
        (gd, -5, 24),
        (momentum, -7, 141),
        (rmsprop, -2, 19),
        (adam, 0, 154),
    ];
    check("himmelblau", "[0, 0]", "1e-6", &himmelblau);
}

#[test]
fn leaving_the_saddle_takes_as_long_as_theory_and_an_independent_computation_say() {
    // Steps until abs(y) > 1, all at rate 0.01, for starts at distance y0 from the ridge.
    let table: [(&str, [u64; 3]); 5] = [
        ("gd", [233, 466, 931]),
        ("momentum", [276, 543, 1079]),
        ("momentum\"\nform = \"heavy-ball", [49, 95, 185]),
        ("rmsprop", [72, 72, 73]),
        ("adam", [76, 77, 77]),
    ];
    let finish = "loss = -1e300\nsteps = 1200";
    for (column, y0) in [1e-2, 1e-4, 1e-8].into_iter().enumerate() {
        for (id, want) in table {
            let racer = format!("optimizer = \"{id}\"\nlearning_rate = 0.01");
            let start = format!("[1, {y0}]");
            let race = surface("saddle", &start, finish, &[&racer]);
            let snapshot = run(&race, 1);
            let points = snapshot.racers[0].trace.points();
            assert_eq!(points.len(), 1201, "every step is kept");
            let left = points.iter().find(|point| point.position[1].abs() > 1.0);
            assert_eq!(
                left.map(|point| point.step),
                Some(want[column]),
                "{id} from {y0}"
            );
        }
    }
}

#[test]
fn on_the_ridge_itself_everybody_stalls_at_the_saddle() {
    let racers = [
        "optimizer = \"gd\"\nlearning_rate = 0.01",
        "optimizer = \"adam\"\nlearning_rate = 0.01",
    ];
    let race = surface("saddle", "[1, 0]", "loss = -1\nsteps = 3000", &racers);
    for racer in run(&race, 100).racers {
        let saddle = Outcome::Stalled {
            cause: Some("saddle".to_owned()),
        };
        assert_eq!(racer.outcome, Some(saddle));
    }
}

#[test]
fn the_bits_are_the_same_on_any_number_of_threads_and_any_slice() {
    for name in ["digits", "batches", "rosenbrock", "moons"] {
        let mut scenario = shipped(name);
        scenario.finish.steps = Some(scenario.finish.steps.unwrap().min(150));
        let mut digests = vec![];
        for threads in [1, 2, 3, 4, 8] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            for slice in [1, 5_000, 1_000_000] {
                // Every slice on one thread count is enough for the slow scenarios.
                if slice == 1 && threads > 2 {
                    continue;
                }
                digests.push(pool.install(|| digest(&run(&scenario, slice))));
            }
        }
        assert!(digests.iter().all(|digest| *digest == digests[0]), "{name}");
    }
}

/// 3,000 examples are 12 chunks: more than go side by side, and the last is shorter.
#[test]
fn a_pass_over_many_examples_has_the_same_bits_on_any_number_of_threads() {
    let mut rng = random::stream(1, Purpose::Made, 0);
    let (examples, classes) = (3_000, 7);
    let labels = (0..examples as u32).map(|i| i % classes).collect();
    let names = (0..classes).map(|k| k.to_string()).collect();
    let train = Examples {
        x: Array2::from_shape_simple_fn((examples, 300), || random::normal(&mut rng)).into(),
        target: Target::Classes { labels, names },
    };
    let architecture = Architecture {
        kind: ModelKind::Mlp,
        hidden: vec![33, 20],
        activation: Activation::Tanh,
        loss: Loss::CrossEntropy,
        init: Init::Xavier,
        bias: true,
        l2: 0.01,
    };
    let network = Mlp::<f32>::new(&architecture, &Split { train, test: None }, 0);
    let w = network.start();
    let rows: Vec<u32> = (0..examples as u32).rev().collect();
    let batch = Batch::Mini {
        step: 1,
        size: 2_900,
        rows: &rows[..2_900],
    };
    let pass = |threads: usize, abreast: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let mut work = network.work();
        assert_eq!(work.passages.len(), 8);
        work.passages.truncate(abreast);
        pool.unwrap().install(|| {
            let mut bits = vec![];
            for batch in [Batch::All, batch] {
                let mut g = Array1::from_elem(w.len(), f32::NAN);
                network.gradient(w.view(), batch, g.view_mut(), &mut work);
                assert!(g.iter().all(|g| g.is_finite()));
                bits.extend(g.iter().map(|g| u64::from(g.to_bits())));
            }
            let score = network.evaluate(w.view(), Part::Train, &mut work).unwrap();
            bits.push(score.loss.to_bits());
            bits
        })
    };
    let want = pass(1, 1);
    for threads in [1, 2, 3, 4, 8] {
        for abreast in [1, 2, 5, 8] {
            let got = pass(threads, abreast);
            assert!(got == want, "{threads} threads, {abreast} chunks abreast");
        }
    }
}

/// Everything a race produced but its seconds, to the last bit.
pub fn digest(snapshot: &Snapshot) -> String {
    let mut all = String::new();
    for racer in &snapshot.racers {
        for point in racer.trace.points() {
            let bits = |x: Option<f64>| x.map(f64::to_bits);
            all += &format!(
                "{} {} {} {:?} {:?} {:?} {:?} {:?}\n",
                point.step,
                point.samples,
                point.loss.to_bits(),
                bits(point.accuracy),
                bits(point.test_loss),
                bits(point.test_accuracy),
                bits(point.gradient_norm),
                point.position,
            );
        }
        all += &format!(
            "{:?} {:?} {}\n",
            racer.outcome, racer.first_hit, racer.steps
        );
    }
    assert!(all.len() > 200);
    all
}

#[test]
fn racers_of_one_batch_size_see_the_same_batches_and_noise() {
    let twin = "optimizer = \"sgd\"\nlearning_rate = 0.001\nbatch = 4";
    let text = format!(
        "title = \"twins\"\nseed = 3\n[surface]\nfunction = \"beale\"\nstart = [1, 1]\nnoise = 2\n\
         [finish]\nloss = 1e-9\nsteps = 200\n[[racer]]\n{twin}\n[[racer]]\n{twin}\n\
         [[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.001"
    );
    let snapshot = run(&scenario(&text), 10);
    let losses = |racer: usize| -> Vec<f64> {
        snapshot.racers[racer]
            .trace
            .points()
            .iter()
            .map(|point| point.loss)
            .collect()
    };
    assert_eq!(losses(0), losses(1));
    assert_ne!(losses(0), losses(2), "gd sees no noise");
}

#[test]
fn a_batch_of_all_examples_is_full_batch_gradient_descent() {
    let text = "title = \"all\"\n[model]\nkind = \"softmax\"\n[data]\nsource = \"iris\"\n\
         [finish]\nloss = 0.001\nsteps = 30\n\
         [[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1\n\
         [[racer]]\noptimizer = \"sgd\"\nlearning_rate = 0.1\nbatch = \"all\"\n\
         [[racer]]\noptimizer = \"sgd\"\nlearning_rate = 0.1\nbatch = 120\n";
    let snapshot = run(&scenario(text), 10);
    let losses = |racer: usize| -> Vec<u64> {
        snapshot.racers[racer]
            .trace
            .points()
            .iter()
            .map(|point| point.loss.to_bits())
            .collect()
    };
    assert_eq!(losses(0).len(), 31);
    assert_eq!(losses(0), losses(1));
    assert_eq!(losses(0), losses(2));
    assert!(
        snapshot
            .racers
            .iter()
            .all(|racer| racer.samples == 30 * 120)
    );
}

#[test]
fn hold_starts_the_count_at_the_first_step_of_the_stretch() {
    // Adam's first visit below 1e-4 on beale is a dip of one step: 53, against 106 with hold 3.
    let adam = "optimizer = \"adam\"\nlearning_rate = 0.21544346900318834";
    let finish = "loss = 1e-4\nhold = 3\nsteps = 20000";
    let snapshot = run(&surface("beale", "[1, 1]", finish, &[adam]), 7);
    let racer = &snapshot.racers[0];
    assert_eq!(racer.first_hit, Some(53));
    assert_eq!(converged(racer), Some(106));
    assert_eq!(
        racer.steps, 108,
        "a racer stops at the step that completes the hold"
    );
}

#[test]
fn intervals_between_evaluations_are_replayed() {
    let racers = ["optimizer = \"gd\"\nlearning_rate = 0.1"];
    for every in [1, 2, 5, 16, 17, 40, 100, 1000] {
        for hold in [1, 2] {
            let finish =
                format!("loss = 1e-6\nsteps = 20000\nevaluate_every = {every}\nhold = {hold}");
            let snapshot = run(&surface("booth", "[-8, 8]", &finish, &racers), 3);
            let racer = &snapshot.racers[0];
            assert_eq!(converged(racer), Some(43), "every {every}, hold {hold}");
            let grid = 43_u64.div_ceil(every) * every;
            let stop = if hold == 1 { 43 } else { grid + every };
            assert_eq!(racer.steps, stop, "every {every}, hold {hold}");
            assert_eq!(racer.samples, stop * 256);
            let steps: Vec<u64> = racer
                .trace
                .points()
                .iter()
                .map(|point| point.step)
                .collect();
            assert!(steps.is_sorted_by(|a, b| a < b), "{steps:?}");
        }
    }
}

/// A clock that goes on by a second whenever it is stopped.
struct Ticking(f64);

impl Stopwatch for Ticking {
    fn start(&mut self) {}
    fn stop(&mut self) {
        self.0 += 1.0;
    }
    fn seconds(&self) -> f64 {
        self.0
    }
}

#[test]
fn a_replayed_step_has_the_seconds_between_its_neighbours() {
    let text = "title = \"clock\"\n[model]\nkind = \"softmax\"\n[data]\nsource = \"iris\"\n\
         [finish]\nloss = 0.3\nsteps = 1000\nevaluate_every = 7\n\
         [[racer]]\noptimizer = \"sgd\"\nlearning_rate = 0.1\nbatch = 20";
    for slice in [1, 1_000_000] {
        let mut race = Race::new(&scenario(text), &|| Box::new(Ticking(0.0)));
        while !race.finished() {
            race.advance(slice);
        }
        let racer = &race.snapshot().racers[0];
        let points = racer.trace.points();
        assert!(
            !converged(racer).unwrap().is_multiple_of(7),
            "a step between two evaluations"
        );
        assert!(points.is_sorted_by(|a, b| a.seconds < b.seconds));
        let [.., before, last] = points else {
            panic!("{points:?}")
        };
        assert!(last.seconds < before.seconds + 1.0 || slice == 1);
    }
}

#[test]
fn a_start_at_the_target_takes_no_iterations() {
    let racer = "optimizer = \"gd\"\nlearning_rate = 0.1";
    let snapshot = run(
        &surface("booth", "[1, 3]", "loss = 1e-6\nsteps = 10", &[racer]),
        3,
    );
    assert_eq!(converged(&snapshot.racers[0]), Some(0));
    assert_eq!(snapshot.racers[0].samples, 0);
}

#[test]
fn what_blows_up_is_called_diverged_with_its_step() {
    let racers = [
        "optimizer = \"gd\"\nlearning_rate = 1",
        "optimizer = \"gd\"\nlearning_rate = 1e300",
    ];
    let snapshot = run(
        &surface(
            "rosenbrock",
            "[-1.2, 1]",
            "loss = 1e-4\nsteps = 1000",
            &racers,
        ),
        50,
    );
    for racer in &snapshot.racers {
        let Some(Outcome::Diverged { step, cause }) = &racer.outcome else {
            panic!("{:?}", racer.outcome)
        };
        assert_eq!(*step, racer.steps);
        assert!(!cause.is_empty());
        assert!(racer.convergence.is_none());
    }
}

#[test]
fn the_limit_is_a_limit_in_steps_or_in_epochs() {
    let text = |finish: &str| {
        format!(
            "title = \"limit\"\n[model]\nkind = \"softmax\"\n[data]\nsource = \"iris\"\n\
             [finish]\nloss = 0.0001\n{finish}\n\
             [[racer]]\noptimizer = \"sgd\"\nlearning_rate = 0.01\nbatch = 50"
        )
    };
    let steps = |finish: &str| {
        let snapshot = run(&scenario(&text(finish)), 10);
        assert_eq!(
            snapshot.racers[0].outcome.as_ref().map(Outcome::word),
            Some("limit")
        );
        (snapshot.racers[0].steps, snapshot.racers[0].samples)
    };
    // 120 training rows: batches of 50, 50 and 20.
    assert_eq!(steps("steps = 7"), (7, 2 * 120 + 50));
    assert_eq!(steps("epochs = 2"), (6, 240));
    assert_eq!(steps("epochs = 1.5"), (5, 120 + 100));
    assert_eq!(steps("steps = 100\nepochs = 2"), (6, 240));
}

#[test]
fn the_default_race_converges_for_all_five() {
    let snapshot = run(&shipped("digits"), 50_000);
    for (racer, entered) in snapshot.racers.iter().zip(&snapshot.meta.racers) {
        assert!(
            converged(racer).is_some(),
            "{}: {:?}",
            entered.label,
            racer.outcome
        );
        assert!(
            racer
                .latest
                .test_accuracy
                .is_some_and(|accuracy| accuracy > 0.85)
        );
    }
    assert_eq!(snapshot.racers.len(), 5);
    assert_eq!(snapshot.meta.examples, 1437);
}

/// An optimizer that breaks at its hundredth step.
struct Broken(u32);

impl Optimizer<f64> for Broken {
    fn adopt(&mut self, _: &Settings) {}

    fn step(&mut self, _: ArrayViewMut1<'_, f64>, _: f64, _: &mut Oracle<'_, f64>) {
        self.0 += 1;
        assert!(self.0 < 100, "out of order");
    }
    fn boxed(&self) -> Box<dyn Optimizer<f64>> {
        Box::new(Self(self.0))
    }
    fn internals(&self, _: f64, _: &mut dyn Show<f64>) {}
}

static BROKEN: Entry = Entry {
    id: "broken",
    name: "Broken",
    idea: "",
    paper: "",
    rule: |_| unreachable!("nobody looks into it"),
    note: "",
    hyperparameters: &[],
    full_batch: true,
    default_rate: |_| 1.0,
    build_f32: |_, _| unreachable!("surfaces are computed in f64"),
    build_f64: |_, _| Box::new(Broken(0)),
};

#[test]
fn a_racer_that_panics_is_one_error_and_the_others_go_on() {
    let gd = "optimizer = \"gd\"\nlearning_rate = 0.001";
    let mut scenario = surface(
        "rosenbrock",
        "[-1.2, 1]",
        "loss = 1e-4\nsteps = 20000",
        &[gd, gd],
    );
    scenario.racers[0].optimizer = Method::Shipped(&BROKEN);
    let snapshot = run(&scenario, 1000);
    let cause = "a fault in its code: out of order".to_owned();
    assert_eq!(snapshot.racers[0].outcome, Some(Outcome::Error { cause }));
    assert_eq!(converged(&snapshot.racers[1]), Some(9339));
}
