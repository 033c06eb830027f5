//! Update rules as text: those of the registry against their code, what is refused with its place, and
//! races by them.

use std::sync::Arc;

use ndarray::{Array1, ArrayView1, ArrayViewMut1};
use proptest::prelude::*;
use slalom::optim::written::Written;
use slalom::optim::{Average, Averaged, Build, Entry, Method, Optimizer, REGISTRY, Settings};
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::surface::{SURFACES, Slope};
use slalom::problem::{Batch, Block, Part, Problem, Score, Work};
use slalom::race::retrace::{Glance, Retrace};
use slalom::race::snapshot::Outcome;
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source};
use slalom::scenario::edit::Edit;
use slalom::scenario::edit::field::{Key, Part as Field};

use crate::inspector::all_settings;
use crate::races::{digest, run, scenario};

/// A slope with one given gradient.
struct Given(Array1<f64>);

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
        Array1::zeros(self.0.len())
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
        g.assign(&self.0);
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

fn step(optimizer: &mut dyn Optimizer<f64>, w: &mut Array1<f64>, rate: f64, g: &Array1<f64>) {
    let (mut own, mut work, mut cost) = (g.clone(), Work::default(), Cost::default());
    let problem = Given(g.clone());
    let mut slope = Oracle::new(&problem, Batch::All, &mut own, &mut work, &mut cost);
    optimizer.step(w.view_mut(), rate, &mut slope);
}

fn read(lines: &[&str]) -> Written {
    let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
    let rule = Written::read(&lines).rule;
    rule.unwrap_or_else(|misfits| panic!("{lines:?}: {misfits:?}"))
}

/// The optimizer that the text of a row of the registry is.
fn as_text<F: Build>(entry: &Entry, settings: &Settings, dim: usize) -> Box<dyn Optimizer<F>> {
    let lines = (entry.rule)(settings).lines;
    let rule = read(&lines.iter().map(|line| &**line).collect::<Vec<_>>());
    let value = |name: &String| {
        let known = settings.0.iter().find(|(known, _)| known == name);
        known.expect("the optimizer has it").clone()
    };
    let own = Settings(rule.hyperparameters().iter().map(value).collect());
    Method::Written(Arc::new(rule)).build(&own, dim)
}

/// Rules that no text can be: they see matrices, sums, or points beside the one they are at.
pub const STRUCTURED: [&str; 6] = [
    "muon",
    "soap",
    "schedule-free-sgd",
    "schedule-free-adamw",
    "prodigy",
    "lbfgs",
];

/// Both take the gradients where the code is, so that no surface makes much of the last bit.
#[test]
fn every_rule_of_the_registry_is_its_code_on_every_surface() {
    for entry in REGISTRY
        .iter()
        .filter(|entry| !STRUCTURED.contains(&entry.id))
    {
        for settings in all_settings(entry) {
            for surface in SURFACES {
                let dim = surface.start.len();
                let slope = Slope::new(surface, surface.start.to_vec(), 0.0, 1, 0);
                let mut code = f64::build(entry, &settings, dim);
                let mut text = as_text::<f64>(entry, &settings, dim);
                let (mut a, mut b) = (slope.start(), slope.start());
                let mut g = Array1::zeros(dim);
                for t in 1..=300 {
                    slope.gradient(a.view(), Batch::All, g.view_mut(), &mut Work::default());
                    step(&mut *code, &mut a, 1e-3, &g);
                    step(&mut *text, &mut b, 1e-3, &g);
                    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-11 * a.abs().max(1.0);
                    let case = format!("{} {settings:?} on {}", entry.id, surface.id);
                    let finite = a.iter().all(|a| a.is_finite());
                    assert!(
                        !finite || a.iter().zip(&b).all(near),
                        "{case}, {t}: {a} {b}"
                    );
                }
            }
        }
    }
}

/// As with the optimizers that ship: of many parameters no memory stays below the normal numbers.
#[test]
fn memory_that_fades_away_ends_at_zero() {
    for (dim, left) in [(2, true), (100, false)] {
        let rule = read(&["v = 0.5*v + g", "w = w - learning_rate*v"]);
        let method = Method::Written(Arc::new(rule));
        let mut optimizer = method.build::<f64>(&Settings(vec![]), dim);
        let (mut w, one) = (Array1::zeros(dim), Array1::ones(dim));
        step(&mut *optimizer, &mut w, 0.1, &one);
        for _ in 0..1030 {
            step(&mut *optimizer, &mut w, 0.1, &Array1::zeros(dim));
        }
        let before = w.clone();
        step(&mut *optimizer, &mut w, f64::MAX, &Array1::zeros(dim));
        assert_eq!(w != before, left, "{dim} parameters");
    }
}

fn surface(racers: &[&str]) -> Scenario {
    let racers = format!("[[racer]]\n{}", racers.join("\n[[racer]]\n"));
    scenario(&format!(
        "title = \"x\"\nseed = 3\n[surface]\nfunction = \"rosenbrock\"\nstart = [-1.2, 1]\nnoise = 0.01\n\
         [finish]\nloss = 1e-4\nhold = 10\nsteps = 2000\n{racers}\n"
    ))
}

const MOMENTUM: &str =
    "rule = [\"v = beta*v + (1-beta)*g\", \"w = w - learning_rate*v\"]\nbeta = 0.9";
const ADAM: &str = "rule = [\"m = beta1*m + (1-beta1)*g\", \"v = beta2*v + (1-beta2)*g^2\", \
     \"w = w - learning_rate*(m/(1-beta1^t))/(sqrt(v/(1-beta2^t)) + epsilon)\"]\n\
     beta1 = 0.9\nbeta2 = 0.999\nepsilon = 1e-8";
const RMSPROP: &str = "rule = [\"s = beta*s + (1-beta)*g*g\", \
     \"w = w - learning_rate*g/(sqrt(s) + epsilon)\"]\nbeta = 0.9\nepsilon = 1e-8";

#[test]
fn a_rule_that_says_the_same_runs_the_same_race() {
    let both = |rate: f64, rule: &str, id: &str| {
        let text = format!("{rule}\nlearning_rate = {rate}");
        let code = format!("optimizer = \"{id}\"\nlearning_rate = {rate}");
        run(&surface(&[&text, &code]), 100)
    };
    let snapshot = both(0.0215, MOMENTUM, "momentum");
    let points = |racer: usize| -> Vec<u64> {
        let points = snapshot.racers[racer].trace.points().iter();
        points.map(|point| point.loss.to_bits()).collect()
    };
    assert_eq!(points(0), points(1), "momentum is the same to the last bit");
    for (rate, rule, id) in [(1.0, ADAM, "adam"), (0.001, RMSPROP, "rmsprop")] {
        let snapshot = both(rate, rule, id);
        let [text, code] = [0, 1].map(|racer: usize| snapshot.racers[racer].clone());
        assert_eq!(text.outcome, code.outcome, "{id}");
        let step = |racer: &slalom::race::snapshot::Progress| {
            racer.convergence.as_ref().map(|point| point.step)
        };
        assert_eq!(step(&text), step(&code), "{id}");
        let (a, b) = (text.latest.loss, code.latest.loss);
        assert!((a - b).abs() <= 1e-6 * b, "{id}: {a} {b}");
    }
}

/// In single precision the text has 1 - beta from double precision, the code from single.
#[test]
fn a_network_learns_as_by_the_code() {
    let text = format!(
        "title = \"x\"\n[model]\nkind = \"mlp\"\nhidden = [40]\n[data]\nsource = \"iris\"\n\
         [finish]\nloss = 1e-9\nsteps = 100\n\
         [[racer]]\noptimizer = \"adam\"\nlearning_rate = 0.01\nbatch = 16\n\
         [[racer]]\n{ADAM}\nlearning_rate = 0.01\nbatch = 16\n"
    );
    let scenario = scenario(&text);
    let snapshot = run(&scenario, 1000);
    let [code, text] = [0, 1].map(|racer: usize| snapshot.racers[racer].latest.loss);
    assert!((code - text).abs() < 1e-3 * code, "{code} {text}");
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().expect("it can be built");
        for slice in [1, 777] {
            let other = pool.install(|| run(&scenario, slice));
            assert_eq!(digest(&other), digest(&snapshot), "{threads} {slice}");
        }
    }
}

#[test]
fn a_rule_that_blows_up_is_a_dnf() {
    let racer = "rule = [\"w = w + learning_rate*g^3\"]\nlearning_rate = 1";
    let snapshot = run(&surface(&[racer]), 10);
    let outcome = snapshot.racers[0].outcome.clone();
    assert!(
        matches!(outcome, Some(Outcome::Diverged { .. })),
        "{outcome:?}"
    );
}

/// Walks a rule through gradients, one parameter for each.
fn walked(lines: &[&str], steps: usize, g: &[f64]) -> Vec<f64> {
    let rule = read(lines);
    assert!(rule.hyperparameters().is_empty());
    let mut optimizer: Box<dyn Optimizer<f64>> =
        Method::Written(Arc::new(rule)).build(&Settings::default(), g.len());
    let (mut w, g) = (Array1::zeros(g.len()), Array1::from(g.to_vec()));
    for _ in 0..steps {
        step(&mut *optimizer, &mut w, 1.0, &g);
    }
    w.to_vec()
}

#[test]
fn names_are_what_they_were_before_the_step_until_their_line() {
    let step = "w = w - learning_rate*g*0";
    for (lines, steps, want) in [
        // The step's number, and a number of the rule's own.
        (vec!["w = w + learning_rate*t*g"], 3, 6.0),
        (vec!["n = n + 1", "w = w + learning_rate*n*g"], 3, 6.0),
        (vec!["w = w + learning_rate*n*g", "n = n + 1"], 3, 3.0),
        // Vectors that are assigned to each other.
        (
            vec!["a = b", "b = b + g", "w = w + learning_rate*a"],
            3,
            3.0,
        ),
        (
            vec!["b = b + g", "a = b", "w = w + learning_rate*a"],
            3,
            6.0,
        ),
        (vec!["w = 5", "a = w + learning_rate*g", "b = g"], 1, 5.0),
        (vec![step, "a = w + g", "b = a"], 1, 0.0),
        (vec!["p = q", "q = t", "w = p*g*learning_rate"], 3, 2.0),
        // What a line after has assigned to is still read by those that have its name from before.
        (
            vec![
                "q = d",
                "c = v",
                "v = v + g",
                "d = c",
                "w = w + learning_rate*q",
            ],
            3,
            1.0,
        ),
        (
            vec![
                "q = d",
                "c = n",
                "n = n + 1",
                "d = c",
                "w = w + learning_rate*q*g",
            ],
            3,
            1.0,
        ),
        (
            vec!["q = d", "a = w", "w = w + learning_rate*(g + q)", "d = a"],
            3,
            4.0,
        ),
        (
            vec!["x = a", "a = b + g", "b = x", "w = w + learning_rate*b"],
            4,
            4.0,
        ),
        (
            vec!["w = w + sign(g)*max(g, 2) + min(0, learning_rate)"],
            1,
            2.0,
        ),
    ] {
        // More than a block, and fewer than pay for vector instructions.
        for dim in [1, 700] {
            let w = walked(&lines, steps, &vec![1.0; dim]);
            assert!(w.iter().all(|w| *w == want), "{lines:?}: {}", w[0]);
        }
    }
}

#[test]
fn averages_are_known_by_their_form() {
    let averages = |lines: &[&str]| read(lines).rule().averages;
    let want = |name: &'static str, of, is_sum, is_corrected| Average {
        name: name.into(),
        beta: "b".into(),
        of,
        is_sum,
        correction: "1 - b^t".into(),
        is_corrected,
    };
    let step = "w = w - learning_rate*x";
    let corrected = "w = w - learning_rate*x/(1 - b^t)";
    let (gradients, squares) = (Averaged::Gradients, Averaged::Squares);
    for (line, step, of, is_sum, is_corrected) in [
        ("x = b*x + (1-b)*g", step, gradients, false, false),
        ("x = g*(1-b) + x*b", corrected, gradients, false, true),
        ("x = b*x + g", step, gradients, true, false),
        ("x = b*x + (1-b)*g^2", step, squares, false, false),
        ("x = (1-b)*g*g + b*x", corrected, squares, false, true),
    ] {
        let got = averages(&[line, step]);
        assert_eq!(got, [want("x", of, is_sum, is_corrected)], "{line}");
    }
    for line in [
        "x = x + g^2",
        "x = b*g + (1-b)*g",
        "x = b*x + c*g",
        "x = b*x + g^3",
    ] {
        assert_eq!(averages(&[line, step]), [], "{line}");
    }
}

#[test]
fn the_inspector_sees_into_a_written_rule() {
    let racer = format!("{ADAM}\nlearning_rate = 0.1");
    let glance = Glance {
        racer: 0,
        step: 7,
        coordinate: Some(1),
        window: 10,
    };
    let looked = |racer: &str| {
        let mut retrace = Retrace::new(&surface(&[racer]));
        retrace.look(glance, &mut |_| true).expect("it goes on")
    };
    let text = looked(&racer);
    let code = looked("optimizer = \"adam\"\nlearning_rate = 0.1");
    assert_eq!(text.rule.averages, code.rule.averages);
    assert_eq!(text.coordinates[0].rate, None);
    for (a, b) in text.coordinates.iter().zip(&code.coordinates) {
        assert_eq!(a.vectors.len(), 2);
        for ((name, a), (other, b)) in a.vectors.iter().zip(&b.vectors) {
            let near = a
                .iter()
                .zip(b)
                .all(|(a, b)| (a - b).abs() <= 1e-9 * b.abs());
            assert!(name == other && near, "{name}: {a:?} {b:?}");
        }
    }
    for (name, value) in &code.numbers {
        let own = text.numbers.iter().find(|(own, _)| own == name);
        let own = own.unwrap_or_else(|| panic!("no {name}")).1;
        assert!((own - value).abs() < 1e-12, "{name}");
    }
}

#[test]
fn a_rule_can_be_edited_and_comes_back() {
    let racer = format!("{ADAM}\nlearning_rate = 0.1");
    let scenario = surface(&[&racer]);
    let source = Source {
        file: "x.toml".to_owned(),
        name: "x".to_owned(),
        text: scenario.text.to_string(),
        folder: std::path::PathBuf::new(),
    };
    let mut edit = Edit::new(&source, &Options::default(), &scenario).expect("it can be");
    edit.set(Key::Racer(0, Field::Hyperparameter(1)), "0.5")
        .expect("it is a number");
    let beta2 = |edit: &Edit| {
        let fields = edit.fields();
        let beta2 = fields.into_iter().find(|field| field.name == "beta2");
        beta2.map(|field| (field.value, field.was))
    };
    let changed = Some(("0.5".to_owned(), Some("0.999".to_owned())));
    assert_eq!(beta2(&edit), changed);
    edit.set(Key::Racer(0, Field::Optimizer), "gd")
        .expect("it is one");
    assert_eq!(
        (beta2(&edit), edit.racers()[0].label.as_str()),
        (None, "GD")
    );
    edit.step(Key::Racer(0, Field::Optimizer), false)
        .expect("the rule is before");
    assert_eq!(edit.racers()[0].label, "Rule");
    assert!(!edit.is_changed(), "{:?}", edit.fields());
    assert_eq!(edit.scenario().resolved(), scenario.resolved());
    assert!(
        scenario
            .resolved()
            .contains("racer.1.rule = [\"m = beta1*m")
    );
}

/// A mistake: the line, the text from there on and the message.
type Wrong = (usize, &'static str, &'static str);

/// Rules, and what is wrong in each.
const REFUSED: &[(&[&str], &[Wrong])] = &[
    (&["w"], &[(0, "", "the line has no `=`")]),
    (&[""], &[(0, "", "the line has no `=`")]),
    (&["w - g"], &[(0, "", "the line has no `=`")]),
    (&["= g"], &[(0, "= g", "nothing is assigned to")]),
    (&["  = g"], &[(0, "= g", "nothing is assigned to")]),
    (&["w += g"], &[(0, "w += g", "`w +` cannot be assigned to")]),
    (
        &["w -= learning_rate*g"],
        &[(0, "w -= learning_rate*g", "`w -` cannot be assigned to")],
    ),
    (
        &["w * = g"],
        &[(0, "w * = g", "`w *` cannot be assigned to")],
    ),
    (&["2 = g"], &[(0, "2 = g", "`2` cannot be assigned to")]),
    (&["2v = g"], &[(0, "2v = g", "`2v` cannot be assigned to")]),
    (&["_v = g"], &[(0, "_v = g", "`_v` cannot be assigned to")]),
    (
        &["v w = g"],
        &[(0, "v w = g", "`v w` cannot be assigned to")],
    ),
    (
        &["v[0] = g"],
        &[(0, "v[0] = g", "`v[0]` cannot be assigned to")],
    ),
    (&["v' = g"], &[(0, "v' = g", "`v'` cannot be assigned to")]),
    (
        &["(v) = g"],
        &[(0, "(v) = g", "`(v)` cannot be assigned to")],
    ),
    (
        &["v, w = g"],
        &[(0, "v, w = g", "`v, w` cannot be assigned to")],
    ),
    (&["w := g"], &[(0, "w := g", "`w :` cannot be assigned to")]),
    (
        &["w == g"],
        &[(0, "= g", "`=` has no meaning in a formula")],
    ),
    (
        &["w = v = g"],
        &[(0, "= g", "`=` has no meaning in a formula")],
    ),
    (
        &["w = g; v = g"],
        &[(0, "; v = g", "`;` has no meaning in a formula")],
    ),
    (&["w ="], &[(0, "", "the formula ends too early")]),
    (
        &["w = w - learning_rate*g", "g = g"],
        &[(1, "g = g", "`g` has a meaning of its own in rules")],
    ),
    (
        &["w = w - learning_rate*g", "t = g"],
        &[(1, "t = g", "`t` has a meaning of its own in rules")],
    ),
    (
        &["w = w - learning_rate*g", "learning_rate = g"],
        &[(
            1,
            "learning_rate = g",
            "`learning_rate` has a meaning of its own in rules",
        )],
    ),
    (
        &["w = w - learning_rate*g", "pi = g"],
        &[(1, "pi = g", "`pi` has a meaning of its own in rules")],
    ),
    (
        &["w = w - learning_rate*g", "e = g"],
        &[(1, "e = g", "`e` has a meaning of its own in rules")],
    ),
    (
        &["w = w - learning_rate*g", "sqrt = g"],
        &[(1, "sqrt = g", "`sqrt` has a meaning of its own in rules")],
    ),
    (
        &["w = w - learning_rate*g", "max = g"],
        &[(1, "max = g", "`max` has a meaning of its own in rules")],
    ),
    (
        &["w = w - learning_rate*g", "sign = g"],
        &[(1, "sign = g", "`sign` has a meaning of its own in rules")],
    ),
    (
        &["w = w - learning_rate*g", "w = w - learning_rate*g"],
        &[(1, "w = w - learning_rate*g", "`w` is assigned twice")],
    ),
    (
        &["v = g", "v = g", "w = w - learning_rate*g"],
        &[(1, "v = g", "`v` is assigned twice")],
    ),
    (
        &["v = g", "v = g", "v = g", "w = w - learning_rate*g"],
        &[
            (1, "v = g", "`v` is assigned twice"),
            (2, "v = g", "`v` is assigned twice"),
        ],
    ),
    (
        &["xxxxxxxxxxxxxxxxxxxxxxxxx = g", "w = w - learning_rate*g"],
        &[(
            0,
            "xxxxxxxxxxxxxxxxxxxxxxxxx = g",
            "`xxxxxxxxxxxxxxxxxxxxxxxxx` cannot be a name",
        )],
    ),
    (
        &["w = w - learning_rate*g*yyyyyyyyyyyyyyyyyyyyyyyyy"],
        &[(
            0,
            "yyyyyyyyyyyyyyyyyyyyyyyyy",
            "`yyyyyyyyyyyyyyyyyyyyyyyyy` cannot be a name",
        )],
    ),
    (
        &["w = w - learning_rate*g*_a"],
        &[(0, "_a", "`_a` cannot be a name")],
    ),
    (
        &["w = w - learning_rate*"],
        &[(0, "", "the formula ends too early")],
    ),
    (
        &["w = w - learning_rate*g", "v = "],
        &[(1, "", "the formula ends too early")],
    ),
    (
        &["w = w - learning_rate*g", "v = (g"],
        &[(1, "(g", "this bracket is not closed")],
    ),
    (
        &["w = w - learning_rate*g", "v = g)"],
        &[(1, ")", "`)` cannot stand here")],
    ),
    (
        &["w = w - learning_rate*g", "v = 2g"],
        &[(1, "g", "`g` cannot stand here")],
    ),
    (
        &["w = w - learning_rate*g", "v = g g"],
        &[(1, "g", "`g` cannot stand here")],
    ),
    (
        &["w = w - learning_rate*g", "v = g**2"],
        &[(1, "*2", "`*` cannot stand here")],
    ),
    (
        &["w = w - learning_rate*g", "v = g^^2"],
        &[(1, "^2", "`^` cannot stand here")],
    ),
    (
        &["w = w - learning_rate*g", "v = *g"],
        &[(1, "*g", "`*` cannot stand here")],
    ),
    (
        &["w = w - learning_rate*g", "v = g,g"],
        &[(1, ",g", "`,` cannot stand here")],
    ),
    (
        &["w = w - learning_rate*g", "v = sqt(g)"],
        &[(1, "sqt(g)", "there is no function `sqt`")],
    ),
    (
        &["w = w - learning_rate*g", "v = g(2)"],
        &[(1, "g(2)", "`g` is no function")],
    ),
    (
        &["w = w - learning_rate*g", "v = w(2)"],
        &[(1, "w(2)", "`w` is no function")],
    ),
    (
        &["w = w - learning_rate*g", "v = v(2)"],
        &[(1, "v(2)", "`v` is no function")],
    ),
    (
        &["w = w - learning_rate*g", "v = sqrt"],
        &[(1, "sqrt", "`sqrt` has no argument")],
    ),
    (
        &["w = w - learning_rate*g", "v = sqrt()"],
        &[(1, "sqrt()", "`sqrt` cannot have 0 arguments")],
    ),
    (
        &["w = w - learning_rate*g", "v = sign(g, 2)"],
        &[(1, "sign(g, 2)", "`sign` cannot have 2 arguments")],
    ),
    (
        &["w = w - learning_rate*g", "v = max(g)"],
        &[(1, "max(g)", "`max` cannot have 1 argument")],
    ),
    (
        &["w = w - learning_rate*g", "v = 1e999"],
        &[(1, "1e999", "`1e999` is not a number")],
    ),
    (
        &["w = w - learning_rate*g", "v = g²"],
        &[(1, "²", "`²` has no meaning in a formula")],
    ),
    (
        &["w = w - learning_rate*g", "v = |g|"],
        &[(1, "|g|", "`|` has no meaning in a formula")],
    ),
    (
        &["w = w - learning_rate*g", "v = g > 0"],
        &[(1, "> 0", "`>` has no meaning in a formula")],
    ),
    (
        &["w = w - learning_rate*g", "v = g % 2"],
        &[(1, "% 2", "`%` has no meaning in a formula")],
    ),
    (
        &["w = w - learning_rate*g", "v = g[0]"],
        &[(1, "[0]", "`[` has no meaning in a formula")],
    ),
    (
        &["w = w - learning_rate*g", "v = {g}"],
        &[(1, "{g}", "`{` has no meaning in a formula")],
    ),
    (
        &["w = w - learning_rate*g", "v = g @ w"],
        &[(1, "@ w", "`@` has no meaning in a formula")],
    ),
    (
        &["w = w - learning_rate*g", "v = g # all"],
        &[(1, "# all", "`#` has no meaning in a formula")],
    ),
    (&[], &[(usize::MAX, "", "no line assigns `w`")]),
    (
        &["v = g*learning_rate"],
        &[(usize::MAX, "", "no line assigns `w`")],
    ),
    (
        &["w = w - learning_rate"],
        &[(0, "w = w - learning_rate", "the rule does not read `g`")],
    ),
    (
        &["w = w - g"],
        &[(0, "w = w - g", "the rule does not read `learning_rate`")],
    ),
    (
        &["W = W - learning_rate*g"],
        &[(usize::MAX, "", "no line assigns `w`")],
    ),
    (
        &["v = sqt(g)", "w = w - learning_rate*(g"],
        &[
            (0, "sqt(g)", "there is no function `sqt`"),
            (1, "(g", "this bracket is not closed"),
        ],
    ),
];

#[test]
fn what_is_wrong_is_said_with_its_place() {
    assert!(REFUSED.len() >= 60);
    for (lines, wanted) in REFUSED {
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        let misfits = Written::read(&lines).rule.expect_err(&lines.concat());
        let place = |misfit: &slalom::optim::written::Misfit| {
            let line = misfit.line.unwrap_or(usize::MAX);
            let text = lines
                .get(line)
                .map_or("", |text| &text[misfit.fault.span.start..]);
            (line, text.to_owned(), misfit.fault.message.clone())
        };
        let got: Vec<_> = misfits.iter().map(place).collect();
        let wanted = wanted
            .iter()
            .map(|(line, text, message)| (*line, (*text).to_owned(), (*message).to_owned()));
        let mut wanted: Vec<_> = wanted.collect();
        let mut sorted = got.clone();
        sorted.sort();
        wanted.sort();
        assert_eq!(sorted, wanted, "{lines:?}");
        for misfit in &misfits {
            assert!(misfit.fault.expected.starts_with("expected "), "{misfit:?}");
        }
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let line = |i: usize| format!("v{i} = g");
    let step = "w = w - learning_rate*g".to_owned();
    let lines: Vec<String> = (0..31).map(line).chain([step.clone()]).collect();
    assert!(Written::read(&lines).rule.is_ok());
    let lines: Vec<String> = (0..32).map(line).chain([step.clone()]).collect();
    let misfits = Written::read(&lines).rule.expect_err("there are 33");
    assert_eq!(misfits[0].fault.message, "the rule has 33 lines");
    let deep = format!("v = {}g{}", "(".repeat(150), ")".repeat(150));
    let misfits = Written::read(&[deep, step])
        .rule
        .expect_err("it is too deep");
    assert_eq!(
        misfits[0].fault.message,
        "too many brackets inside each other"
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(lines in proptest::collection::vec("[ -~\u{e9}²]{0,24}", 0..5)) {
        let _ = Written::read(&lines);
    }

    #[test]
    fn no_rule_makes_it_panic(
        words in proptest::collection::vec("[wgvtab]|[-+*/^(),=]|sqrt\\(|max\\(|1|learning_rate", 1..20)
    ) {
        let lines = [format!("v = {}", words.concat()), "w = w - learning_rate*(g + v)".to_owned()];
        if let Ok(rule) = Written::read(&lines).rule {
            let value = |name: &String| (name.clone().into(), slalom::optim::Setting::Number(0.5));
            let settings = Settings(rule.hyperparameters().iter().map(value).collect());
            let mut optimizer: Box<dyn Optimizer<f64>> =
                Method::Written(Arc::new(rule)).build(&settings, 3);
            step(&mut *optimizer, &mut Array1::ones(3), 0.1, &Array1::from(vec![1.0, -1.0, 0.0]));
        }
    }
}
