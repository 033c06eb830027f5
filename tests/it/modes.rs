//! `slalom modes`: that each mode is the race it says, what it finds, and what it refuses.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::command::{Place, err, kill, out};

/// A surface, whose numbers are the same on every machine, with a racer of each kind.
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
optimizer = "momentum"
learning_rate = 0.1
batch = 16
[[racer]]
optimizer = "adam"
learning_rate = 0.1
batch = 16
[[racer]]
label = "Mine"
rule = ["w = w - learning_rate * sign(g)"]
learning_rate = 0.1
batch = 16
"#;

fn place() -> Place {
    let place = Place::new();
    place.write("slope.toml", SLOPE);
    place
}

#[test]
fn modes_are_written_as_expected() {
    let place = place();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/modes");
    for (name, format) in [
        ("table.txt", "table"),
        ("markdown.md", "markdown"),
        ("rows.csv", "csv"),
        ("result.json", "json"),
    ] {
        let got = place.printed(&["modes", "slope.toml", "--seeds", "16", "--format", format]);
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
fn a_mode_is_the_race_at_its_rates() {
    let place = place();
    let modes = place.json(&["modes", "slope.toml", "--seeds", "6", "--format", "json"]);
    let tuned = place.json(&["tune", "slope.toml", "--format", "json"]);
    for mode in modes["modes"].as_array().unwrap() {
        let racers = mode["racers"].as_array().unwrap().iter();
        let racers: Vec<&Value> = racers.filter(|racer| racer["rank"].is_number()).collect();
        let label = |racer: &Value| racer["label"].as_str().unwrap().to_owned();
        let mut flags: Vec<String> = ["race", "slope.toml", "--seeds", "6", "--format", "json"]
            .map(str::to_owned)
            .to_vec();
        for racer in &racers {
            let (label, rate) = (label(racer), racer["learning_rate"].as_f64().unwrap());
            flags.push("--set".to_owned());
            flags.push(format!("racer.{label}.learning_rate={rate}"));
        }
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let raced = place.json(&flags);
        for racer in racers {
            let all = raced["racers"].as_array().unwrap();
            let own = all.iter().find(|own| own["label"] == racer["label"]);
            for member in ["median", "interval", "successes", "iterations"] {
                assert_eq!(racer[member], own.unwrap()["seeds"][member], "{mode}");
            }
        }
    }
    let best = |racer: &Value| racer["best"]["learning_rate"].clone();
    let best: Vec<Value> = tuned["racers"]
        .as_array()
        .unwrap()
        .iter()
        .map(best)
        .collect();
    let first = modes["modes"][0]["racers"].as_array().unwrap();
    let rates = first.iter().map(|racer| racer["learning_rate"].clone());
    assert_eq!(rates.collect::<Vec<_>>(), best);
    assert_eq!(
        modes["modes"][1]["racers"][3].get("rank"),
        None,
        "no default"
    );
    let scored = modes["seed"].as_u64().unwrap() + 6;
    let searched = modes["search"]["seeds"].as_array().unwrap();
    assert!(searched.iter().all(|seed| seed.as_u64().unwrap() >= scored));
}

#[test]
fn modes_are_the_same_on_any_number_of_threads() {
    let place = place();
    let print = |threads: &str| {
        let flags = ["--seeds", "6", "--format", "json", "--threads", threads];
        place.printed(&[&["modes", "slope.toml"][..], &flags].concat())
    };
    assert_eq!(print("1"), print("3"));
}

#[test]
fn one_seed_is_enough_where_nothing_varies_and_then_there_is_no_luck() {
    let place = place();
    let modes = [
        "modes",
        "slope.toml",
        "--set",
        "surface.noise=0",
        "--format",
        "json",
    ];
    let modes = place.json(&modes);
    assert_eq!(modes["seeds_planned"], 1);
    assert_eq!(modes["seeds_matter"], false);
    for flip in modes["flips"].as_array().unwrap() {
        assert_eq!(flip["verdict"], "nothing_varies", "{flip}");
    }
    let few = ["modes", "slope.toml", "--seeds", "2", "--format", "json"];
    for flip in place.json(&few)["flips"].as_array().unwrap() {
        assert_ne!(flip["verdict"], "more_than_luck", "{flip}");
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = place();
    place.write("broken.toml", SLOPE.replace("noise", "nose"));
    for (arguments, code, message) in [
        (&["none"][..], 2, "none"),
        (&["./none.toml"], 4, "none.toml"),
        (&["broken.toml"], 3, "broken.toml:"),
        (&["slope.toml", "--only", "lion"], 3, "lion"),
        (&["slope.toml", "--seeds", "0"], 2, "0 is not in 1..=100000"),
        (&["slope.toml", "--seeds", "100001"], 2, "100001"),
        (
            &["slope.toml", "--tuning-seeds", "0"],
            2,
            "0 is not in 1..=1000",
        ),
        (
            &["slope.toml", "--seed", "9223372036854775807"],
            2,
            "choose a lower --seed",
        ),
        (&[], 2, "<SCENARIO>"),
    ] {
        let output = place.run(&[&["modes"], arguments].concat());
        let said = err(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(message), "{arguments:?}: {said}");
        assert_eq!(out(&output), "", "{arguments:?}");
    }
}

#[test]
fn a_signal_ends_modes_with_what_is_known() {
    let place = place();
    let long = SLOPE.replace("loss = 0.02\nsteps = 200", "loss = -1\nsteps = 1000000000");
    place.write("long.toml", long);
    let mut command = place.command(&["modes", "long.toml"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    kill(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", err(&output));
    let said = err(&output);
    assert!(
        said.contains("stopped by ctrl+c (INT): this is what"),
        "{said}"
    );
    let printed = out(&output);
    assert!(printed.contains("raced were no mode"), "{printed}");
}
