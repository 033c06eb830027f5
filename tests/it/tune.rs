//! `slalom tune`: what it finds, that its budgets are equal, and what it leaves in files.

use std::fs;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use slalom::race::untimed;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::{Scenario, shipped};
use slalom::sweep::tune::crew::Advance;
use slalom::sweep::tune::{self, APART, Plan, Tuning, entries};

use crate::command::{Place, err, kill, out};

/// A model that is tuned in an instant: two racers, one of whom takes all examples.
const SMALL: &str = r#"
title = "Small"
seed = 4
[model]
kind = "logistic"
[data]
source = "moons"
rows = 60
[finish]
loss = 0.32
steps = 60
[[racer]]
optimizer = "gd"
learning_rate = 0.1
[[racer]]
optimizer = "adam" # mine
learning_rate = 0.1 # a guess
batch = 16
"#;

/// A surface that is tuned in an instant: its numbers are the same on every machine, those of models
/// are not.
const SLOPE: &str = r#"
title = "Slope"
seed = 4
[surface]
function = "booth"
start = [0, 0]
noise = 4
[finish]
loss = 0.02
steps = 200
[[racer]]
optimizer = "gd"
learning_rate = 0.1
[[racer]]
optimizer = "adam"
learning_rate = 0.1
batch = 16
"#;

/// One variable and one racer, on a parabola of this curvature.
fn parabola(curvature: &str) -> String {
    format!(
        "title = \"Parabola\"\n[surface]\nformula = \"{curvature} * x^2 / 2\"\nvariables = [\"x\"]\n\
         start = [1]\n[finish]\nloss = 1e-9\nsteps = 2000\n[[racer]]\noptimizer = \"gd\"\n\
         learning_rate = 1\n"
    )
}

fn place() -> Place {
    let place = Place::new();
    place.write("small.toml", SMALL);
    place
}

/// The racer with this label.
fn racer<'a>(result: &'a Value, label: &str) -> &'a Value {
    let racers = result["racers"].as_array().unwrap();
    racers.iter().find(|racer| racer["label"] == label).unwrap()
}

/// The points of a racer's first curve.
fn points<'a>(result: &'a Value, label: &str) -> &'a [Value] {
    racer(result, label)["curves"][0]["points"]
        .as_array()
        .unwrap()
}

#[test]
fn beale_without_noise_is_solved_as_computed_elsewhere() {
    let noiseless = ["--set", "surface.noise=0", "--set", "finish.hold=1"];
    let tune = ["tune", "beale", "--seeds", "1", "--format", "json"];
    let result = Place::new().json(&[&tune[..], &noiseless].concat());
    for (label, iterations, third) in [
        ("GD", 193, -4.0),
        ("Momentum", 96, -2.0),
        ("Adam", 53, -2.0),
    ] {
        let best = &racer(&result, label)["best"];
        let (rate, want) = (
            best["learning_rate"].as_f64().unwrap(),
            10_f64.powf(third / 3.0),
        );
        assert!((rate - want).abs() < 1e-12 * want, "{label}: {rate}");
        assert_eq!(best["median"], iterations, "{label}");
        assert_eq!(
            (&best["by"], &best["edge"]),
            (&"iterations".into(), &Value::Null)
        );
    }
    assert_eq!(result["protocol"]["seeds_matter"], false);
}

#[test]
fn a_point_is_what_a_race_at_its_rate_on_its_seeds_is() {
    let place = place();
    let result = place.json(&["tune", "small.toml", "--seeds", "2", "--format", "json"]);
    let seeds = result["protocol"]["seeds"].as_array().unwrap();
    assert_eq!(seeds[..], [4 + APART, 5 + APART].map(Value::from));
    for label in ["GD", "Adam"] {
        let best = &racer(&result, label)["best"];
        let rate = best["learning_rate"].as_f64().unwrap();
        let point = points(&result, label)
            .iter()
            .find(|point| point["learning_rate"] == rate);
        let set = format!("racer.{label}.learning_rate={rate}");
        let (first, race) = (
            (4 + APART).to_string(),
            ["race", "small.toml", "--format", "json"],
        );
        let flags = [
            "--seed", &first, "--seeds", "2", "--only", label, "--set", &set,
        ];
        let raced = place.json(&[&race[..], &flags].concat());
        let raced = &raced["racers"][0]["seeds"];
        assert_eq!(point.unwrap()["iterations"], raced["iterations"], "{label}");
        assert_eq!(best["median"], raced["median"], "{label}");
        assert!(raced["median"].is_number(), "{label}");
    }
}

#[test]
fn the_same_comes_out_on_any_number_of_threads() {
    let place = place();
    for arguments in [
        &["small.toml"][..],
        &["small.toml", "--halving"],
        &["small.toml", "--over", "beta1=0.5,0.9", "--seeds", "1"],
        &["beale", "--only", "gd,sgd,momentum", "--halving"],
        &["beale", "--only", "sgd,adam"],
    ] {
        let tune = |threads: &str| {
            let flags = ["--format", "json", "--threads", threads];
            place.printed(&[&["tune"], arguments, &flags].concat())
        };
        let want = tune("1");
        for threads in ["2", "3", "8"] {
            assert_eq!(tune(threads), want, "{arguments:?} on {threads} threads");
        }
    }
}

#[test]
fn every_racer_has_the_same_runs_whatever_it_is_tried_with() {
    let place = place();
    let over = ["--over", "beta1=0.5,0.8,0.9", "--over", "beta2=0.9,0.99"];
    let tune = ["tune", "small.toml", "--seeds", "2", "--format", "json"];
    let result = place.json(&[&tune[..], &over].concat());
    let rates = (result["protocol"]["rates"]["last"].clone(), 6);
    let configurations = result["protocol"]["configurations"].as_u64().unwrap() as usize;
    assert!(configurations.is_multiple_of(rates.1), "{configurations}");
    for label in ["GD", "Adam"] {
        let curves = racer(&result, label)["curves"].as_array().unwrap();
        let all = curves
            .iter()
            .flat_map(|curve| curve["points"].as_array().unwrap());
        let all: Vec<_> = all.collect();
        assert_eq!(all.len(), configurations, "{label}");
        assert!(all.iter().all(|point| point["runs"] == 2), "{label}");
    }
    assert_eq!(racer(&result, "GD")["curves"].as_array().unwrap().len(), 1);
    assert_eq!(
        racer(&result, "Adam")["curves"].as_array().unwrap().len(),
        6
    );
    let best = &racer(&result, "Adam")["best"]["hyperparameters"];
    let tried = |name: &str, values: &[f64]| values.contains(&best[name].as_f64().unwrap());
    assert!(
        tried("beta1", &[0.5, 0.8, 0.9]) && tried("beta2", &[0.9, 0.99]),
        "{best}"
    );
    let table = place.printed(&[&["tune", "small.toml", "--seeds", "2"][..], &over].concat());
    assert!(
        table.contains("GD has no such hyperparameter, and "),
        "{table}"
    );
}

#[test]
fn the_grid_grows_towards_a_best_rate_on_its_edge_and_says_where_it_must_not() {
    let place = Place::new();
    for (curvature, best, last, edge) in [
        // The rate that is right at once is one by the curvature.
        ("1", 1.0, [1e-5, 10.0], Value::Null),
        ("1e-3", 1e3, [1e-5, 1e4], Value::Null),
        ("1e5", 1e-5, [1e-6, 10.0], Value::Null),
        ("1e-6", 1e4, [1e-5, 1e4], "high".into()),
        ("1e11", 1e-8, [1e-8, 10.0], "low".into()),
    ] {
        place.write("parabola.toml", parabola(curvature));
        let result = place.json(&["tune", "parabola.toml", "--format", "json"]);
        let found = &racer(&result, "GD")["best"];
        assert_eq!(found["learning_rate"], best, "{curvature}");
        assert_eq!(found["edge"], edge, "{curvature}");
        assert_eq!(
            result["protocol"]["rates"]["last"],
            Value::from(last.to_vec()),
            "{curvature}"
        );
        assert_eq!(
            result["protocol"]["rates"]["first"],
            Value::from(vec![1e-5, 10.0])
        );
        let table = place.printed(&["tune", "parabola.toml"]);
        let flagged = table.contains("edge of the grid: a rate beyond may be better");
        assert_eq!(flagged, edge != Value::Null, "{table}");
        assert_eq!(
            table.contains("grew for all racers"),
            last != [1e-5, 10.0],
            "{table}"
        );
    }
}

#[test]
fn who_finishes_nowhere_is_named_with_its_lowest_loss() {
    let place = Place::new();
    let result = place.json(&["tune", "rastrigin", "--only", "gd", "--format", "json"]);
    let best = &racer(&result, "GD")["best"];
    assert_eq!(
        (&best["by"], &best["median"]),
        (&"loss".into(), &Value::Null)
    );
    let losses = points(&result, "GD").iter();
    let losses = losses.map(|point| point["best_loss"].as_f64().unwrap_or(f64::INFINITY));
    let lowest = losses.fold(f64::INFINITY, f64::min);
    assert_eq!(best["best_loss"], lowest);
    assert_eq!(best["band"]["rates"], 0);
    let table = place.printed(&["tune", "rastrigin", "--only", "gd"]);
    assert!(
        table.contains("at no rate does the median run of GD converge: "),
        "{table}"
    );
}

#[test]
fn halving_finds_the_same_here_with_fewer_steps() {
    let place = place();
    for scenario in ["beale", "small.toml"] {
        let tune = ["tune", scenario, "--only", "gd,adam", "--format", "json"];
        let full = place.json(&tune);
        let halved = place.json(&[&tune[..], &["--halving"]].concat());
        for label in ["GD", "Adam"] {
            let best = |result: &Value| racer(result, label)["best"]["learning_rate"].clone();
            assert_eq!(best(&halved), best(&full), "{label} on {scenario}");
        }
        let steps = |result: &Value, of: &str| result["protocol"][of].as_u64().unwrap();
        let taken = steps(&halved, "steps_taken");
        assert!(
            2 * taken < steps(&full, "steps_taken"),
            "{scenario}: {taken}"
        );
        assert!(
            2 * taken < steps(&halved, "steps_at_full_budget"),
            "{scenario}"
        );
        let cut = points(&halved, "Adam")
            .iter()
            .filter(|point| point["complete"] == false);
        assert!(cut.count() > 0, "{scenario}: somebody was left behind");
    }
    let table = place.printed(&["tune", "beale", "--halving"]);
    assert!(
        table.contains("successive halving took ") && table.contains("its risk: "),
        "{table}"
    );
}

#[test]
fn results_are_written_as_expected() {
    let place = Place::new();
    place.write("slope.toml", SLOPE);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tune");
    for (name, format) in [
        ("table.txt", "table"),
        ("markdown.md", "markdown"),
        ("curves.csv", "csv"),
        ("result.json", "json"),
    ] {
        let got = place.printed(&["tune", "slope.toml", "--format", format]);
        let path = folder.join(name);
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &got).unwrap();
        }
        let want = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(got, want, "{name}");
    }
}

#[test]
fn best_rates_come_into_the_file_and_all_else_stays() {
    let place = place();
    let read = || fs::read_to_string(place.path("small.toml")).unwrap();
    let tune = ["tune", "small.toml", "--seeds", "1", "--format", "json"];
    let output = place.run(&[&tune[..], &["--write"]].concat());
    assert!(err(&output).contains("the best rates were written to small.toml"));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let written = read();
    let rate = |label: &str| {
        racer(&result, label)["best"]["learning_rate"]
            .as_f64()
            .unwrap()
    };
    let untouched = written
        .replacen(
            &format!("learning_rate = {}\n", rate("GD")),
            "learning_rate = 0.1\n",
            1,
        )
        .replacen(
            &format!("= {} # a guess", rate("Adam")),
            "= 0.1 # a guess",
            1,
        );
    let comment: Vec<&str> = untouched
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    assert!(comment[0].starts_with("# Tuned by `slalom tune`: 19 rates for every racer, "));
    assert!(
        comment.concat().contains(&format!("seed {}", 4 + APART)),
        "{written}"
    );
    let without: Vec<&str> = untouched
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert_eq!(without.join("\n") + "\n", SMALL);
    // Only one racer, again, with another hyperparameter.
    let only = ["--only", "adam", "--over", "beta1=0.5,0.6", "--write", "-q"];
    let output = place.run(&[&["tune", "small.toml", "--seeds", "1"][..], &only].concat());
    assert_eq!(
        (output.status.code(), err(&output)),
        (Some(0), String::new())
    );
    let again = read();
    assert_eq!(again.matches("# Tuned by").count(), 1, "{again}");
    assert!(again.contains(" for Adam, over "), "{again}");
    assert!(again.contains("\nbeta1 = 0."), "{again}");
    assert!(
        again.contains(&format!("learning_rate = {}\n", rate("GD"))),
        "{again}"
    );
    assert_eq!(place.run(&["check", "small.toml"]).status.code(), Some(0));
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let place = place();
    let text = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    place.write("windows.toml", &text);
    let tune = ["tune", "windows.toml", "--seeds", "1", "--write"];
    assert_eq!(place.run(&tune).status.code(), Some(0));
    let written = fs::read_to_string(place.path("windows.toml")).unwrap();
    assert!(written.starts_with('\u{feff}') && written.contains("# Tuned by"));
    let ends = written.matches("\r\n").count();
    assert_eq!(written.matches('\n').count(), ends, "{written:?}");
}

#[test]
fn the_comment_of_a_halving_says_what_it_risks_and_saved() {
    let place = place();
    let tune = ["tune", "small.toml", "--seeds", "1", "--write"];
    let output = place.run(&[&tune[..], &["--halving", "--format", "json"]].concat());
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = fs::read_to_string(place.path("small.toml")).unwrap();
    let comment = text.lines().filter_map(|line| line.strip_prefix("# "));
    let comment = comment.collect::<Vec<_>>().join(" ");
    let steps = &result["protocol"]["steps_taken"];
    assert!(comment.contains(&format!(", {steps} steps, ")), "{comment}");
    assert!(
        comment.contains("a rate that is slow at first may have been left behind"),
        "{comment}"
    );
}

#[test]
fn curves_are_drawn_where_they_are_asked_for() {
    let place = place();
    let tune = ["tune", "small.toml", "--seeds", "2", "--figure"];
    let output = place.run(&[&tune[..], &["rates.svg"]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert!(err(&output).ends_with("wrote rates.svg\n"));
    let svg = fs::read_to_string(place.path("rates.svg")).unwrap();
    let found = place.json(&["tune", "small.toml", "--seeds", "2", "--format", "json"]);
    let best = &racer(&found, "Adam")["best"];
    let median = best["median"].as_f64().unwrap();
    for want in [
        ">never<".to_owned(),
        ">GD<".to_owned(),
        "19 rates for every racer".to_owned(),
        format!(">{median} at "),
    ] {
        assert!(svg.contains(&want), "{want}: {svg}");
    }
    let output = place.run(&[&tune[..], &["rates.png", "-q"]].concat());
    assert_eq!(err(&output), "");
    let png = fs::read(place.path("rates.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let output = place.run(&[&tune[..], &["rates.pdf"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "nothing is computed");
    assert!(err(&output).contains("expected a file that ends in .svg or .png"));
}

#[test]
fn a_figure_marks_no_rate_where_none_converges_and_its_caption_is_whole() {
    let place = place();
    let figure = |flags: &[&str]| {
        let tune = ["tune", "small.toml", "-q", "--figure", "rates.svg"];
        place.printed(&[&tune[..], flags].concat());
        fs::read_to_string(place.path("rates.svg")).unwrap()
    };
    // The legend has a disc for gradient descent, and its best rate another.
    let marks = |svg: &str| svg.matches("stroke-width=\"7.92\"").count();
    let some = figure(&[]);
    assert_eq!(marks(&some), 2, "{some}");
    assert!(some.contains("bands over all of them<"), "{some}");
    let none = figure(&["--set", "finish.loss=1e-9"]);
    assert_eq!(marks(&none), 1, "{none}");
    assert!(none.contains(">never, lowest loss at "), "{none}");
    // The iterations that runs could have taken.
    assert!(none.contains(">10<") && none.contains(">50<"), "{none}");
}

#[test]
fn a_racer_that_is_added_is_tuned_with_the_others() {
    let place = place();
    let tune = ["tune", "small.toml", "--seeds", "1", "--only", "adam"];
    let add = ["--add", "lion:learning_rate=1", "--format", "json"];
    let found = place.json(&[&tune[..], &add].concat());
    let racers = found["racers"].as_array().unwrap();
    let labels: Vec<&str> = racers.iter().filter_map(|r| r["label"].as_str()).collect();
    assert_eq!(labels, ["Adam", "Lion"]);
}

#[test]
fn what_cannot_be_tuned_or_written_is_refused_before_anything_is_computed() {
    let place = place();
    place.write("broken.toml", SMALL.replace("adam", "adma"));
    for (arguments, code, message) in [
        (
            &["beale", "--write"][..],
            2,
            "slalom new beale > beale.toml",
        ),
        (&["-", "--write"], 2, "standard input cannot be written to"),
        (
            &["small.toml", "--write", "--set", "seed=1"],
            2,
            "cannot be used with",
        ),
        (
            &["small.toml", "--write", "--seed", "3"],
            2,
            "cannot be used with",
        ),
        (
            &["small.toml", "--write", "--add", "lion:learning_rate=1"],
            2,
            "cannot be used with",
        ),
        (&["none.toml", "--write"], 4, "cannot read none.toml"),
        (&["broken.toml"], 3, "did you mean `adam`?"),
        (&["beal"], 2, "did you mean `beale`?"),
        (
            &["small.toml", "--over", "beta1"],
            2,
            "--over beta1: expected NAME=VALUE",
        ),
        (
            &["small.toml", "--over", "beta=0.5"],
            3,
            "did you mean `beta",
        ),
        (
            &["small.toml", "--over", "beta1=2"],
            3,
            "--over cannot be tried of Adam:\n--set racer.2.beta1=2",
        ),
        (&["small.toml", "--seeds", "0"], 2, "0 is not in 1..=1000"),
        (
            &["small.toml", "--seed", "9223372036854775807"],
            2,
            "choose a lower --seed",
        ),
        (&[], 2, "<SCENARIO>"),
    ] {
        let output = place.run(&[&["tune"], arguments].concat());
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            err(&output)
        );
        assert!(
            err(&output).contains(message),
            "{arguments:?}: {}",
            err(&output)
        );
        assert_eq!(out(&output), "", "{arguments:?}");
    }
    assert_eq!(fs::read_to_string(place.path("small.toml")).unwrap(), SMALL);
}

#[test]
fn a_signal_ends_a_search_with_what_is_known() {
    let place = place();
    place.write(
        "long.toml",
        SMALL.replace("loss = 0.32\nsteps = 60", "loss = 1e-9\nsteps = 100000000"),
    );
    let before = fs::read(place.path("long.toml")).unwrap();
    let mut command = place.command(&["tune", "long.toml", "--write"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    kill(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", err(&output));
    assert!(
        err(&output).contains("stopped by ctrl+c (INT) after "),
        "{}",
        err(&output)
    );
    assert!(
        err(&output).contains("long.toml stays as it is"),
        "{}",
        err(&output)
    );
    assert!(
        out(&output).contains("stopped before the end: 1 of 3 seeds count"),
        "{}",
        out(&output)
    );
    assert!(out(&output).contains("?????"), "{}", out(&output));
    assert_eq!(fs::read(place.path("long.toml")).unwrap(), before);
}

#[test]
fn a_search_that_takes_more_memory_than_it_may_says_how_it_would_fit() {
    let place = place();
    let limits = ["--max-memory", "64MiB", "--seeds", "1000"];
    for (more, instead) in [
        (&["--threads", "1000"][..], "expected --threads "),
        (&["--halving", "--threads", "1"], "expected no --halving"),
    ] {
        let output = place.run(&[&["tune", "digits"], &limits[..], more].concat());
        assert_eq!(output.status.code(), Some(3), "{}", err(&output));
        let said = err(&output);
        assert!(said.contains("the search would take about "), "{said}");
        assert!(said.contains(instead), "{said}");
        assert_eq!(out(&output), "");
    }
}

/// A search on one thread that is stopped after so many runs.
fn stopped_after(runs: u64) -> Tuning {
    let source = Source {
        text: SMALL.to_owned(),
        ..shipped::find("moons").unwrap().source()
    };
    let options = Options::default();
    let scenario: Scenario = check(&source, &options).unwrap();
    let fields = entries::fields(&scenario, &source, &options, &[]).unwrap();
    let plan = Plan::new(&scenario, fields, 3, false).unwrap();
    let (stop, most) = (AtomicBool::new(false), AtomicU64::new(0));
    let watch = |advance: &Advance, _| {
        assert!(advance.begun - advance.done <= 1 && advance.begun <= advance.planned);
        assert!(advance.work_done <= advance.work);
        most.fetch_max(advance.done, Ordering::Relaxed);
        stop.store(advance.done >= runs, Ordering::Relaxed);
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let tuning = pool.install(|| tune::run(&scenario, &plan, &untimed, &stop, &watch));
    assert_eq!(most.load(Ordering::Relaxed), runs);
    tuning
}

#[test]
fn a_stopped_search_counts_whole_seeds_and_judges_no_rate_that_was_not_run() {
    for (runs, seeds, counted) in [(0, 1, 0), (5, 1, 5), (38, 1, 38), (50, 1, 38), (80, 2, 76)] {
        let tuning = stopped_after(runs);
        assert!(tuning.stopped, "{runs}");
        assert_eq!(
            (tuning.seeds.len(), tuning.runs),
            (seeds, counted),
            "{runs}"
        );
        for racer in &tuning.racers {
            let points = &racer.curves[0].points;
            let known = points.iter().filter(|point| point.known).count();
            assert_eq!(racer.best.is_some(), known > 0, "{runs}");
            assert_eq!(points.len(), 19, "{runs}");
        }
    }
}
