//! `slalom compare` and `slalom verify`, as scripts meet them.

use std::fs;

use serde_json::Value;

use crate::command::{Place, err, out};

/// A race that takes milliseconds and differs from seed to seed.
const NOISY: &str = r#"
title = "Noisy"
seed = 5
[surface]
function = "booth"
start = [-8, 8]
noise = 1.0
[finish]
loss = 1e-2
steps = 400
[[racer]]
optimizer = "gd"
learning_rate = 0.1
[[racer]]
optimizer = "sgd"
learning_rate = 0.05
[[racer]]
optimizer = "adam"
learning_rate = 0.5
"#;

/// A folder with the race in it.
fn place() -> Place {
    let place = Place::new();
    place.write("noisy.toml", NOISY);
    place
}

fn read(place: &Place, name: &str) -> String {
    fs::read_to_string(place.path(name)).unwrap()
}

/// The code, standard output and standard error of a run.
fn said(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    let output = place.run(arguments);
    (output.status.code().unwrap(), out(&output), err(&output))
}

/// Keeps what a race comes to as JSON.
fn keep(place: &Place, name: &str, arguments: &[&str]) {
    let json = place.printed(&[arguments, &["--format", "json"]].concat());
    place.write(name, json);
}

#[test]
fn results_are_set_side_by_side() {
    let place = place();
    keep(&place, "one.json", &["noisy.toml", "--seeds", "6"]);
    keep(
        &place,
        "two.json",
        &[
            "noisy.toml",
            "--set",
            "surface.start=[4,4]",
            "--only",
            "sgd,adam",
        ],
    );
    let table = place.printed(&["compare", "one.json", "two.json"]);
    for want in [
        "Median iterations to the target on 2 workloads",
        "\nAdam  ",
        "GD (gd) is left out: it is not in noisy: two",
        "different numbers of seeds: 6 (noisy: one), 1 (noisy: two)",
    ] {
        assert!(table.contains(want), "{want}:\n{table}");
    }
    assert!(!table.contains("\nGD   "), "{table}");
    let json = place.printed(&["compare", "one.json", "two.json", "--format", "json"]);
    let object: Value = serde_json::from_str(&json).unwrap();
    let one: Value = serde_json::from_str(&read(&place, "one.json")).unwrap();
    for racer in object["racers"].as_array().unwrap() {
        let racers = one["racers"].as_array().unwrap();
        let own = racers.iter().find(|own| own["label"] == racer["label"]);
        let median = &own.unwrap()["seeds"]["median"];
        assert_eq!(racer["times"][0].as_f64(), median.as_f64());
    }
    let csv = place.printed(&["compare", "one.json", "two.json", "--format", "csv"]);
    assert_eq!(csv.lines().count(), 5, "{csv}");
}

#[test]
fn what_is_no_result_is_refused_by_name() {
    let place = place();
    keep(&place, "good.json", &["noisy.toml"]);
    place.printed(&["noisy.toml", "--headless", "--record", "race.jsonl"]);
    let good = read(&place, "good.json");
    place.write("cut.json", &good[..good.len() / 2]);
    place.write(
        "future.json",
        good.replace("slalom.result/1", "slalom.result/2"),
    );
    fs::write(place.path("binary.json"), b"\xff\xfe").unwrap();
    for (file, code, want) in [
        ("none.json", 4, "error: cannot read none.json: "),
        (".", 4, "error: . is not a regular file"),
        ("/dev/zero", 4, "error: /dev/zero is not a regular file"),
        ("noisy.toml", 3, "noisy.toml: not a slalom result: "),
        ("cut.json", 3, "cut.json: not a slalom result: EOF"),
        (
            "binary.json",
            3,
            "binary.json: not a slalom result: it is not UTF-8",
        ),
        (
            "future.json",
            3,
            "future.json: its format is `slalom.result/2`",
        ),
        (
            "race.jsonl",
            3,
            "race.jsonl: this is a recording: `slalom replay",
        ),
    ] {
        let (got, out, err) = said(&place, &["compare", "good.json", file]);
        assert_eq!(got, code, "{file}: {err}");
        assert!(err.starts_with(want), "{file}: {err}");
        assert!(out.is_empty(), "{file}: {out}");
    }
    assert_eq!(said(&place, &["compare"]).0, 2);
}

#[test]
fn a_result_is_verified_by_racing_again() {
    let place = place();
    let flags = [
        "--seeds",
        "4",
        "--only",
        "gd,adam",
        "--set",
        "finish.steps=300",
    ];
    keep(&place, "many.json", &[&["noisy.toml"][..], &flags].concat());
    keep(&place, "beale.json", &["beale", "--seed", "3"]);
    let verify = |file: &str| said(&place, &["verify", file, "--scenario", "noisy.toml"]);
    let (code, out, err) = verify("many.json");
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.starts_with("the same: noisy, seeds 5 to 8: ")
            && out.ends_with(" numbers, all but seconds\n"),
        "{out}"
    );
    // A result without curves and distributions, as older ones are.
    let mut older: Value = serde_json::from_str(&read(&place, "many.json")).unwrap();
    for racer in older["racers"].as_array_mut().unwrap() {
        for name in ["curve", "distribution"] {
            assert!(racer.as_object_mut().unwrap().remove(name).is_some());
        }
    }
    older["version"] = "0.0.9".into();
    place.write("older.json", older.to_string());
    let (code, out, err) = verify("older.json");
    assert_eq!(code, 0);
    assert!(err.starts_with("note: raced by slalom 0.0.9"), "{err}");
    assert!(
        out.contains("\nnot compared, not in older.json: racers."),
        "{out}"
    );
    let lacks = "racers.Adam.curve, racers.Adam.distribution";
    assert!(out.contains(lacks), "{out}");
    let quiet = ["verify", "older.json", "--scenario", "noisy.toml", "-q"];
    assert_eq!(said(&place, &quiet), (0, out, String::new()));
    let add = ["--add", "lion:learning_rate=0.1"];
    keep(&place, "added.json", &[&["noisy.toml"][..], &add].concat());
    assert_eq!(verify("added.json").0, 0);
    let beale = place.printed(&["verify", "beale.json", "--threads", "1"]);
    assert!(beale.starts_with("the same: beale, seed 3: "), "{beale}");
    assert_eq!(beale.lines().count(), 1, "all is compared: {beale}");

    let (code, out, err) = said(&place, &["verify", "many.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("the name of its scenario, `noisy`"), "{err}");

    let many = read(&place, "many.json");
    let mut value: Value = serde_json::from_str(&many).unwrap();
    let loss = value["racers"][1]["final_loss"].as_f64().unwrap();
    value["racers"][1]["final_loss"] = (loss * (1.0 + f64::EPSILON)).into();
    value["racers"][0]["seconds"] = 99.into();
    place.write("touched.json", value.to_string());
    let (code, out, _) = verify("touched.json");
    assert_eq!(code, 1);
    let label = value["racers"][1]["label"].as_str().unwrap();
    let want = format!("not the same: racers.{label}.final_loss is {loss:?}, kept was ");
    assert!(out.starts_with(&want), "{out}");

    place.write("noisy.toml", NOISY.replace("noise = 1.0", "noise = 1.5"));
    let (code, out, err) = verify("many.json");
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(
        err.contains("many.json: not what was raced: the digest of noisy"),
        "{err}"
    );
    place.write("noisy.toml", NOISY.replace("noise =", "nose ="));
    assert_eq!(verify("many.json").0, 3, "a scenario that is refused");
    place.write(
        "noisy.toml",
        NOISY.replace("steps = 400", "steps = 400\nseconds = 60"),
    );
    keep(&place, "timed.json", &["noisy.toml"]);
    let (code, _, err) = verify("timed.json");
    assert_eq!(code, 3);
    assert!(err.contains("no two runs of it are the same"), "{err}");
}

/// What was taken out of a file by hand is named, and it is no success.
#[test]
fn a_result_that_lacks_something_is_not_the_same() {
    let place = place();
    keep(&place, "whole.json", &["noisy.toml", "--seeds", "3"]);
    let whole: Value = serde_json::from_str(&read(&place, "whole.json")).unwrap();
    let verify = |value: &Value| {
        place.write("less.json", value.to_string());
        said(&place, &["verify", "less.json", "--scenario", "noisy.toml"])
    };
    assert_eq!(verify(&whole).0, 0);

    let mut fewer = whole.clone();
    fewer["racers"]
        .as_array_mut()
        .unwrap()
        .retain(|racer| racer["label"] != "Adam");
    let (code, out, err) = verify(&fewer);
    assert_eq!((code, err.as_str()), (1, ""));
    assert!(
        out.starts_with("the same, but not all of it: noisy, seeds 5 to 7: "),
        "{out}"
    );
    assert!(
        out.ends_with("\nnot compared, not in less.json: all of Adam\n"),
        "{out}"
    );

    let mut bare = whole.clone();
    bare.as_object_mut().unwrap().remove("lead").unwrap();
    for racer in bare["racers"].as_array_mut().unwrap() {
        let racer = racer.as_object_mut().unwrap();
        racer.retain(|name, _| ["label", "optimizer", "outcome", "seeds"].contains(&name.as_str()));
    }
    let (code, out, _) = verify(&bare);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("not in less.json: lead, racers."), "{out}");

    for racer in bare["racers"].as_array_mut().unwrap() {
        racer.as_object_mut().unwrap().remove("seeds").unwrap();
    }
    bare["version"] = "0.0.1".into();
    bare.as_object_mut().unwrap().retain(|name, _| {
        ["format", "version", "scenario", "seed", "racers"].contains(&name.as_str())
    });
    let (code, out, _) = verify(&bare);
    assert_eq!(code, 1, "nothing was compared: {out}");
    assert!(out.contains("seed 5: 0 numbers"), "{out}");
}

#[test]
fn a_recording_is_verified_line_by_line() {
    let place = place();
    let flags = [
        "--headless",
        "--only",
        "sgd,adam",
        "--seed",
        "9",
        "--record-every",
        "3",
    ];
    place.printed(&[&["noisy.toml", "--record", "race.jsonl"][..], &flags].concat());
    let race = read(&place, "race.jsonl");
    let lines = race.lines().count() - 1;
    // The recording holds the text: what became of the file is of no concern.
    place.write("noisy.toml", "");
    let out = place.printed(&["verify", "race.jsonl", "--threads", "2"]);
    let want = format!(
        "the same: noisy, seed 9: {lines} recorded lines\nnot compared, not in race.jsonl: "
    );
    let rest = out.strip_prefix(&want).expect(&out);
    assert!(
        rest.ends_with(" evaluations between those recorded\n"),
        "{out}"
    );

    let cut = &race[..race.len() * 2 / 3];
    place.write("cut.jsonl", cut);
    let (code, out, err) = said(&place, &["verify", "cut.jsonl"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.starts_with("warning: cut.jsonl: line "), "{err}");
    assert!(out.starts_with("the same: noisy, seed 9: "), "{out}");
    assert!(out.contains("not in cut.jsonl: the end of "), "{out}");
    let without = |start: &str| {
        let kept = race.lines().filter(|line| !line.starts_with(start));
        let kept: Vec<&str> = kept.collect();
        place.write("less.jsonl", kept.join("\n"));
        said(&place, &["verify", "less.jsonl"])
    };
    let (code, out, _) = without("{\"racer\":1,");
    assert_eq!(code, 1, "of one racer nothing is left: {out}");
    assert!(out.contains("not in less.jsonl: all of Adam, "), "{out}");
    let (code, out, _) = without("{\"racer\":");
    assert_eq!(code, 1, "{out}");
    assert_eq!(
        out,
        "the same, but not all of it: noisy, seed 9: 0 recorded lines\n\
         not compared, not in less.jsonl: all of Mini-batch GD, all of Adam\n"
    );

    let touch = |line: usize, member: &str, value: Value| {
        let mut all: Vec<String> = race.lines().map(str::to_owned).collect();
        let mut object: Value = serde_json::from_str(&all[line]).unwrap();
        assert!(object.get(member).is_some(), "{object}");
        object[member] = value;
        all[line] = object.to_string();
        place.write("touched.jsonl", all.join("\n"));
        said(&place, &["verify", "touched.jsonl"])
    };
    let (code, out, _) = touch(5, "loss", 0.125.into());
    assert_eq!(code, 1);
    assert!(
        out.contains(": loss is ") && out.ends_with(", recorded was 0.125\n"),
        "{out}"
    );
    assert_eq!(touch(lines, "seconds", 9.into()).0, 0, "seconds may differ");
    let (code, out, _) = touch(lines, "gradient_evaluations", 1.into());
    assert_eq!(code, 1);
    assert!(out.contains("gradient_evaluations is "), "{out}");
    let header = race.replacen("\"seed\":9", "\"seed\":8", 1);
    place.write("touched.jsonl", &header);
    let (code, _, err) = said(&place, &["verify", "touched.jsonl"]);
    assert_eq!(code, 3);
    assert!(err.contains("not what was raced"), "{err}");
}

#[test]
fn profiles_are_drawn_where_they_are_asked_for() {
    let place = place();
    keep(&place, "one.json", &["noisy.toml", "--seeds", "8"]);
    keep(
        &place,
        "two.json",
        &["noisy.toml", "--seeds", "8", "--set", "surface.start=[4,4]"],
    );
    let results = ["compare", "one.json", "two.json"];
    let figure = |file: &str| said(&place, &[&results[..], &["--figure", file]].concat());
    let (code, out, err) = figure("profile.svg");
    assert_eq!((code, err.as_str()), (0, "wrote profile.svg\n"));
    let quiet = [&results[..], &["--figure", "profile.svg", "-q"]].concat();
    assert_eq!(said(&place, &quiet), (0, out.clone(), String::new()));
    assert!(out.contains("95 % interval"), "{out}");
    let svg = read(&place, "profile.svg");
    for want in [
        "Performance profiles on 2 workloads",
        ">Adam<",
        ">GD<",
        ">score ",
    ] {
        assert!(svg.contains(want), "{want}: {svg}");
    }
    let marked = format!("\u{feff}{}", read(&place, "one.json"));
    place.write("one.json", marked);
    assert_eq!(figure("profile.svg").0, 0, "it is replaced");
    assert_eq!(read(&place, "profile.svg"), svg, "and drawn as before");
    assert_eq!(figure("profile.png").0, 0);
    let png = fs::read(place.path("profile.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    for (file, code, want) in [
        (
            "profile.pdf",
            2,
            "expected a file that ends in .svg or .png",
        ),
        ("profile", 2, "expected a file that ends in .svg or .png"),
        ("none/profile.svg", 4, "cannot write none/profile.svg: "),
    ] {
        let (got, _, err) = figure(file);
        assert_eq!(got, code, "{file}: {err}");
        assert!(err.contains(want), "{file}: {err}");
    }
    let json = place.printed(&[&results[..], &["--format", "json"]].concat());
    let object: Value = serde_json::from_str(&json).unwrap();
    for racer in object["racers"].as_array().unwrap() {
        let ends = |value: &Value| value.as_f64().unwrap();
        let [low, high] = [0, 1].map(|end| ends(&racer["score_interval"][end]));
        assert!(
            low <= high && (0.0..=1.0).contains(&low) && high <= 1.0,
            "{racer}"
        );
        let band = racer["profile_band"].as_array().unwrap();
        assert_eq!(band.len(), 2, "a step a workload");
        for step in band {
            assert!(ends(&step["from"]) <= ends(&step["to"]), "{step}");
        }
    }
}
