//! The program as scripts meet it: what it prints where, and how it ends.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A race that takes milliseconds: two racers, of whom one finishes.
const QUICK: &str = r#"
title = "Quick"
[surface]
function = "booth"
start = [-8, 8]
[finish]
loss = 1e-6
steps = 300
[[racer]]
optimizer = "gd"
learning_rate = 0.1
[[racer]]
optimizer = "adam"
learning_rate = 1e-4
"#;

/// A folder for one test, and the program started in it.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.write("quick.toml", QUICK);
        place
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_slalom"));
        command.args(arguments).current_dir(self.0.path());
        command.stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The standard output of a run that must end well.
    pub fn printed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            err(&output)
        );
        out(&output)
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.printed(arguments)).unwrap()
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// A place with files of every kind that is refused.
fn trouble() -> Place {
    let place = Place::new();
    place.write("wrong.toml", QUICK.replace("adam", "adma"));
    place.write("empty.toml", "");
    place.write("binary.toml", b"title = \"\xff\"");
    place.write("large.toml", vec![b'#'; 2 << 20]);
    place.write("my thesis", "do not overwrite");
    place.write("ragged.csv", "a,b\n1,2\n3\n");
    let model = QUICK
        .replace(
            "[surface]\nfunction = \"booth\"\nstart = [-8, 8]",
            "[model]\nkind = \"linear\"\n[data]\nsource = \"ragged.csv\"",
        )
        .replace("optimizer = \"adam\"", "batch = 1\noptimizer = \"adam\"");
    place.write("ragged.toml", &model);
    place.write("missing.toml", model.replace("ragged.csv", "none.csv"));
    fs::create_dir(place.path("folder.toml")).unwrap();
    place
}

#[test]
fn racers_can_be_added_and_are_in_the_recording() {
    let place = Place::new();
    let add = ["quick.toml", "--add", "lion:learning_rate=0.01,beta1=0.5"];
    let more = ["--add", "gd:learning_rate=0.2,label=second", "--format"];
    let all = [&add[..], &more, &["json", "--record", "race.jsonl"]].concat();
    let raced = place.json(&all);
    let labels = |result: &Value| -> Vec<String> {
        let racers = result["racers"].as_array().unwrap().iter();
        let mut labels: Vec<String> = racers
            .map(|racer| racer["label"].as_str().unwrap().to_owned())
            .collect();
        labels.sort();
        labels
    };
    assert_eq!(labels(&raced), ["Adam", "GD", "Lion", "second"]);
    let again = place.json(&["replay", "race.jsonl", "--format", "json"]);
    assert_eq!(again["racers"], raced["racers"]);
    let wrong = place.run(&["quick.toml", "--add", "lien:learning_rate=1", "--headless"]);
    assert_eq!(wrong.status.code(), Some(3));
    assert!(
        err(&wrong).contains("did you mean `lion`?"),
        "{}",
        err(&wrong)
    );
}

#[test]
fn every_ending_has_its_code() {
    let place = trouble();
    for (arguments, code, message) in [
        (&["quick.toml"][..], 0, ""),
        (
            &["quick.toml", "--only", "gd", "--require-converged"],
            0,
            "",
        ),
        (&["quick.toml", "--require-converged"], 1, ""),
        (
            &["quick.toml", "--require-converged", "--seeds", "2"],
            1,
            "nothing here depends on the seed",
        ),
        (&["race", "quick.toml", "-q"], 0, ""),
        (&["--version"], 0, ""),
        (&["--help"], 0, ""),
        (&["--sneeds", "3"], 2, "--seeds"),
        (&["digts"], 2, "did you mean `digits`?"),
        (&["quick"], 2, "there is no scenario `quick`"),
        (&["quick"], 2, "for the file of that name: quick.toml"),
        (
            &["digits", "quick.toml"],
            2,
            "unexpected argument `quick.toml`: a race has one scenario",
        ),
        (&["list", "racers"], 2, "possible values"),
        (
            &[
                "quick.toml",
                "--seed",
                "9223372036854775807",
                "--seeds",
                "2",
            ],
            2,
            "2^63",
        ),
        (&["wrong.toml"], 3, "did you mean `adam`?"),
        (&["check", "wrong.toml"], 3, "wrong.toml:13:13: "),
        (
            &["check", "quick.toml", "none.toml", "wrong.toml"],
            4,
            "none.toml",
        ),
        (&["empty.toml"], 3, "empty.toml:1:1: "),
        (&["binary.toml"], 3, "binary.toml:1:10: "),
        (&["large.toml"], 3, "large.toml:1:1: "),
        (&["ragged.toml"], 3, "ragged.toml:6:10: "),
        (&["missing.toml"], 3, "missing.toml:6:10: "),
        (
            &["quick.toml", "--set", "finish.loss=x"],
            3,
            "--set finish.loss=x",
        ),
        (&["quick.toml", "--only", "sgd"], 3, "--only sgd"),
        (&["digits", "--max-memory", "1kB"], 3, "--max-memory"),
        (&["none.toml"], 4, "cannot read none.toml"),
        (&["./folder.toml"], 4, "is a folder"),
        (&["/dev/zero"], 4, "not a regular file"),
        (
            &["quick.toml", "--record", "none/x.jsonl"],
            4,
            "none/x.jsonl",
        ),
        (
            &["quick.toml", "--record", "my thesis"],
            4,
            "will not be overwritten",
        ),
        (&["replay", "none.jsonl"], 4, "none.jsonl"),
        (
            &["replay", "quick.toml"],
            3,
            "quick.toml:1: not a slalom recording",
        ),
    ] {
        let output = place.run(arguments);
        let errors = err(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(message), "{arguments:?}: {errors}");
        assert_eq!(
            errors.is_empty(),
            message.is_empty(),
            "{arguments:?}: {errors}"
        );
        assert!(code < 2 || out(&output).is_empty() || arguments[0] == "check");
    }
    assert_eq!(
        fs::read(place.path("my thesis")).unwrap(),
        b"do not overwrite"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_refused_without_waiting_for_a_writer() {
    let place = Place::new();
    let made = Command::new("mkfifo")
        .arg(place.path("pipe.toml"))
        .status()
        .unwrap();
    assert!(made.success());
    for arguments in [&["pipe.toml"][..], &["replay", "pipe.toml"]] {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(4));
        assert!(
            err(&output).contains("not a regular file"),
            "{}",
            err(&output)
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn writes_that_fail_are_reported() {
    let place = Place::new();
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let output = place
        .command(&["quick.toml"])
        .stdout(full())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(err(&output).contains("cannot write to standard output: No space left"));
    let output = place.run(&["quick.toml", "--record", "/dev/full"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(
        err(&output).contains("/dev/full: No space left"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let place = Place::new();
    let mut child = place
        .command(&["list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), err(&output)),
        (Some(0), String::new())
    );
}

#[test]
fn standard_input_is_a_scenario() {
    let place = Place::new();
    let mut child = place
        .command(&["-", "--format", "csv"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(QUICK.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        out(&output).contains("\nstdin,0,GD,gd,learning_rate=0.1,all,1,1,converged,,43,43,"),
        "{}",
        out(&output)
    );
}

#[test]
fn the_default_race_is_digits_and_all_five_converge() {
    let place = Place::new();
    let table = place.printed(&["--require-converged"]);
    assert!(
        table.starts_with("Digits, seed 7\ntarget: training loss <= 0.05, within 2000 steps\n"),
        "{table}"
    );
    assert_eq!(table.matches("converged").count(), 5, "{table}");
    assert!(table.contains("one race, not a ranking"));
}

const TOP: [&str; 8] = [
    "format",
    "version",
    "scenario",
    "seed",
    "target",
    "evaluate_every",
    "examples",
    "racers",
];

const RACER: [&str; 20] = [
    "label",
    "optimizer",
    "hyperparameters",
    "batch",
    "rank",
    "outcome",
    "cause",
    "first_hit",
    "iterations_to_converge",
    "samples_to_converge",
    "epochs_to_converge",
    "steps",
    "samples",
    "gradient_evaluations",
    "seconds",
    "initial_loss",
    "final_loss",
    "best_loss",
    "test_loss",
    "test_accuracy",
];

#[test]
fn json_has_exactly_the_promised_members_in_order() {
    let place = Place::new();
    let result = place.json(&[
        "digits-softmax",
        "--set",
        "finish.steps=3",
        "--format",
        "json",
    ]);
    assert_eq!(keys(&result), TOP);
    assert_eq!(result["format"], "slalom.result/1");
    let scenario = ["name", "title", "digest"];
    assert_eq!(
        keys(&result["scenario"]),
        [&scenario[..], &["set"]].concat()
    );
    assert_eq!(
        result["scenario"]["digest"].as_str().map(str::len),
        Some(64)
    );
    assert_eq!(keys(&result["target"])[1], "on");
    for racer in result["racers"].as_array().unwrap() {
        assert_eq!(keys(racer), RACER);
        assert_eq!(keys(&racer["hyperparameters"])[0], "learning_rate");
        assert_eq!(racer["batch"].is_null(), racer["optimizer"] == "gd");
        assert!(racer["test_accuracy"].is_f64());
    }
    let surface = place.json(&["quick.toml", "--format", "json"]);
    assert_eq!(keys(&surface["scenario"]), scenario, "nothing was set");
    let [gd, adam] = [0, 1].map(|i| &surface["racers"][i]);
    assert_eq!(
        (
            gd["iterations_to_converge"].as_u64(),
            gd["samples"].as_u64()
        ),
        (Some(43), Some(43 * 256))
    );
    assert_eq!(adam["outcome"], "limit");
    for null in ["cause", "epochs_to_converge", "test_loss", "test_accuracy"] {
        assert!(gd[null].is_null(), "{null}");
    }
    for null in ["first_hit", "iterations_to_converge", "samples_to_converge"] {
        assert!(adam[null].is_null(), "{null}");
    }
}

#[test]
fn seeds_are_summed_up_and_the_other_members_are_the_firsts() {
    let place = Place::new();
    let arguments = ["moons", "--format", "json", "--seed", "3"];
    let many = place.json(&[&arguments[..], &["--seeds", "6", "--threads", "3"]].concat());
    let again = place.json(&[&arguments[..], &["--seeds", "6", "--threads", "1"]].concat());
    let one = place.json(&arguments);
    assert_eq!(keys(&many), [&TOP[..], &["lead"]].concat());
    assert_eq!(many["lead"], again["lead"]);
    let racers = |result: &Value| result["racers"].as_array().unwrap().clone();
    for ((racer, again), one) in racers(&many).iter().zip(racers(&again)).zip(racers(&one)) {
        let added = ["seeds", "curve", "distribution"];
        assert_eq!(keys(racer), [&RACER[..], &added].concat());
        for name in ["curve", "distribution"] {
            assert_eq!(racer[name], again[name], "whatever the number of threads");
            assert_eq!(racer[name]["runs"], 6);
        }
        assert_eq!(
            keys(&racer["curve"]),
            ["runs", "every", "median", "interval"]
        );
        is_a_distribution(racer, &many["target"]["loss"]);
        let seeds = &racer["seeds"];
        let members = [
            "runs",
            "successes",
            "median",
            "interval",
            "expected_running_time",
            "iterations",
        ];
        assert_eq!(keys(seeds), members);
        assert_eq!(seeds, &again["seeds"], "whatever the number of threads");
        assert_eq!(seeds["runs"], 6);
        assert_eq!(seeds["iterations"][0], one["iterations_to_converge"]);
        assert_eq!(racer["final_loss"], one["final_loss"]);
        let third = place.json(&["moons", "--format", "json", "--seed", "5"]);
        let third = racers(&third)
            .into_iter()
            .find(|other| other["label"] == racer["label"])
            .unwrap();
        assert_eq!(seeds["iterations"][2], third["iterations_to_converge"]);
    }
}

/// Whether a racer's distribution over six seeds is one: it rises, its band is around it, and its last
/// target is the finish line, which is reached on as many seeds as the others of that count.
fn is_a_distribution(racer: &Value, line: &Value) {
    let own = &racer["distribution"];
    assert_eq!(keys(own), ["runs", "targets", "steps", "share", "band"]);
    let targets = own["targets"].as_array().unwrap();
    assert_eq!((targets.len(), targets.last()), (10, Some(line)));
    let steps: Vec<_> = own["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(Value::as_u64)
        .collect();
    assert!(steps.is_sorted_by(|a, b| a < b));
    let share = own["share"]
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap());
    let share: Vec<f64> = share.collect();
    assert!(share.is_sorted_by(|a, b| a < b) && share.len() == steps.len());
    for (share, bounds) in share.iter().zip(own["band"].as_array().unwrap()) {
        let [low, high] = [0, 1].map(|end| bounds[end].as_f64().unwrap());
        assert!(low <= *share && *share <= high);
    }
    let iterations = racer["seeds"]["iterations"].as_array().unwrap();
    if iterations.iter().all(Value::is_u64) {
        let last = iterations.iter().map(Value::as_u64).max().unwrap();
        assert_eq!((share.last(), steps.last()), (Some(&1.0), Some(&last)));
    }
}

#[test]
fn a_recording_replays_to_the_same_results() {
    let place = Place::new();
    for scenario in ["quick.toml", "digits"] {
        for format in ["table", "json", "csv", "markdown"] {
            let raced = place.run(&[scenario, "--format", format, "--record", "race.jsonl"]);
            assert!(err(&raced).contains("slalom replay race.jsonl"));
            let replayed = place.printed(&["replay", "race.jsonl", "--format", format]);
            assert_eq!(out(&raced), replayed, "{scenario}");
        }
    }
    let whole = fs::read_to_string(place.path("race.jsonl")).unwrap();
    place.printed(&[
        "digits",
        "--record",
        "race.jsonl",
        "--record-every",
        "10",
        "-q",
    ]);
    let thin = fs::read_to_string(place.path("race.jsonl")).unwrap();
    assert!(
        thin.lines().count() * 4 < whole.lines().count(),
        "overwritten, and thinned"
    );
    let table = |path: &str| place.printed(&["replay", path]);
    place.write("torn.jsonl", &whole[..whole.len() - 10]);
    let torn = place.run(&["replay", "torn.jsonl"]);
    assert!(
        err(&torn).starts_with("warning: torn.jsonl: line "),
        "{}",
        err(&torn)
    );
    assert!(err(&torn).contains("cut short"));
    assert!(out(&torn).contains("running") && !table("race.jsonl").contains("running"));
}

#[test]
fn new_scenarios_are_valid_and_shipped_ones_can_be_copied() {
    let place = Place::new();
    for name in ["mine", "", "it's \"quoted\" \\ \u{1b}[2J", "digits"] {
        place.write("new.toml", place.printed(&["new", name]));
        let line = place.printed(&["check", "new.toml"]);
        assert!(line.starts_with("new.toml: valid, "), "{line}");
    }
    assert!(
        place
            .printed(&["check", "new.toml"])
            .contains("\"Digits\", 5 racers")
    );
    assert_eq!(place.printed(&["check", "-q", "new.toml", "digits"]), "");
}

#[test]
fn lists_come_from_the_registries() {
    let place = Place::new();
    let all = place.json(&["list", "--json"]);
    assert_eq!(
        keys(&all),
        [
            "scenarios",
            "optimizers",
            "schedules",
            "surfaces",
            "datasets"
        ]
    );
    let names = |kind: &str| -> Vec<String> {
        let rows = all[kind].as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("scenarios")[0], "digits");
    let registry = slalom::optim::REGISTRY.iter().map(|entry| entry.id);
    assert_eq!(names("optimizers"), registry.collect::<Vec<_>>());
    let text = place.printed(&["list"]);
    for kind in [
        "scenarios",
        "optimizers",
        "schedules",
        "surfaces",
        "datasets",
    ] {
        let section = place.printed(&["list", kind]);
        assert!(text.contains(&section));
        for name in names(kind) {
            assert!(section.contains(&format!("\n  {name} ")), "{name}");
        }
        let object = place.json(&["list", kind, "--json"]);
        assert_eq!(keys(&object), [kind]);
    }
}

/// A race that only a signal ends, and its racers well under way.
fn endless(place: &Place, arguments: &[&str]) -> Child {
    let change = "finish.loss=-1";
    let endless = [
        "quick.toml",
        "--set",
        change,
        "--set",
        "finish.steps=1000000000",
    ];
    let record = ["--record", "endless.jsonl", "--record-every", "100000"];
    let arguments = [&endless[..], &record, arguments].concat();
    let mut command = place.command(&arguments);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    let lines =
        || fs::read_to_string(place.path("endless.jsonl")).map_or(0, |text| text.lines().count());
    while lines() < 3 {
        assert!(
            begin.elapsed() < Duration::from_mins(1),
            "nothing was recorded"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

pub fn kill(child: &Child, signal: &str) {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Whether whoever started these tests ignores HUP, as nohup does: then so does what they start, as
/// it should.
fn hang_ups_are_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.map(|mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    mask.is_some_and(|mask| mask & 1 == 1)
}

#[test]
fn signals_end_a_race_with_the_standings_so_far_and_its_recording() {
    for (signal, code, name) in [
        ("-INT", 130, "ctrl+c (INT)"),
        ("-TERM", 143, "TERM"),
        ("-HUP", 129, "HUP"),
        ("-QUIT", 131, "QUIT"),
    ] {
        if name == "HUP" && hang_ups_are_ignored() {
            continue;
        }
        let place = Place::new();
        let child = endless(&place, &[]);
        kill(&child, signal);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", err(&output));
        assert!(err(&output).contains("these are the standings so far"));
        assert!(err(&output).contains(name), "{}", err(&output));
        assert_eq!(
            out(&output).matches("running\n").count(),
            2,
            "{}",
            out(&output)
        );
        let replayed = place.run(&["replay", "endless.jsonl"]);
        assert_eq!(
            (replayed.status.code(), err(&replayed)),
            (Some(0), String::new())
        );
        let steps = |text: &str| {
            text.lines()
                .filter(|line| line.contains("still running"))
                .map(|line| line.split(':').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            steps(&out(&replayed)),
            steps(&out(&output)),
            "the last evaluations are there"
        );
    }
}

/// `timeout` and some queues signal the process, and at once its group again.
#[test]
fn a_signal_and_its_echo_are_one() {
    let place = Place::new();
    let child = endless(&place, &[]);
    let both = format!("kill -TERM {0}; kill -INT {0}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &both])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    let code = output.status.code();
    assert!(code == Some(143) || code == Some(130), "{code:?}");
    assert!(err(&output).contains("these are the standings so far"));
    assert_eq!(out(&output).matches("running\n").count(), 2);
}

/// The sentences and the standings of a plain race.
fn plain(place: &Place, arguments: &[&str]) -> (Vec<String>, String) {
    let output = place.run(&[arguments, &["--plain"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(
        !text.contains(|c: char| c.is_control() && c != '\n'),
        "{text:?}"
    );
    let (sentences, table) = text.split_once("\n\n").unwrap();
    (
        sentences.lines().map(str::to_owned).collect(),
        table.to_owned(),
    )
}

#[test]
fn a_plain_race_is_told_in_sentences_before_the_standings() {
    let place = Place::new();
    for (name, want) in [
        (
            "beale",
            &[
                "five racers start at loss 14.2; target 1e-4, to hold for 10 evaluations",
                "step 4: Adam overshoots: its loss rose from 6.2 at step 2 to 14.4, and turns",
                "step 5: GD leads: loss 1.18, the next at 1.91",
                "step 7: Momentum overshoots: its loss rose from 2.98 at step 4 to 6.98, and turns",
                "step 18: Adam is first halfway to the target (on a log scale): loss 0.00923",
                "step 106: Adam converges first, after 106 samples",
                "step 115: Momentum is 2nd, 9 steps behind Adam (115 samples)",
                "step 193: GD is 3rd, 87 steps behind Adam (49,408 samples)",
                "step 346: zig-zag: RMSProp's y turned in 30 of the last 40 steps",
                "step 430: Mini-batch GD is 4th, 324 steps behind Adam (430 samples)",
                "step 787: RMSProp is 5th, 681 steps behind Adam (787 samples)",
                "RMSProp needs 787 steps, 7.4 times Adam's 106",
                "by samples GD falls from 3rd to 5th: it took 49,408 for Adam's 106",
            ][..],
        ),
        (
            "saddle",
            &[
                "five racers start at loss 1; target -1, to hold for 10 evaluations",
                "step 7: Heavy-ball leads: loss 0.335, the next at 0.721",
                "step 8: along y RMSProp goes 0.0191 a step, GD 2.3e-6: 8,300 times as far",
                "step 24: Heavy-ball overshoots: its loss rose from 1.23e-4 at step 14 to \
                 0.0871, and turns",
                "step 41: RMSProp takes the lead from Heavy-ball: loss -0.135 against 0.00379",
                "step 64: Heavy-ball is on flat ground: |g| 0.0894, loss -0.0019, far above \
                 the target -1",
                "step 75: RMSProp converges first, after 75 samples",
                "step 79: Heavy-ball gets off the flat after 15 steps, at loss -0.0466; \
                 RMSProp was as low at step 38",
                "step 80: Adam is 2nd, 5 steps behind RMSProp (80 samples)",
                "step 95: Heavy-ball is 3rd, 20 steps behind RMSProp (95 samples)",
                "step 137: Momentum (ema) is on flat ground: |g| 0.0779; RMSProp, Adam and \
                 Heavy-ball reached -1",
                "step 159: GD is on flat ground: |g| 0.0823, loss 0.00162; RMSProp, Adam and \
                 Heavy-ball reached -1",
                "step 266: GD passes Momentum (ema), the best still racing: loss -3.55e-4 \
                 against -7.19e-5",
                "step 319: GD gets off the flat after 160 steps, at loss -0.00307; RMSProp was \
                 as low at step 36",
                "step 323: Momentum (ema) gets off the flat after 186 steps, at loss -5.2e-4",
                "step 466: GD is 4th, 391 steps behind RMSProp (119,296 samples)",
                "step 543: Momentum (ema) is 5th, 468 steps behind RMSProp (543 samples)",
                "Momentum (ema) needs 543 steps, 7.2 times RMSProp's 75",
                "by samples GD falls from 4th to 5th: it took 119,296 for RMSProp's 75",
            ],
        ),
    ] {
        let (sentences, table) = plain(&place, &[name]);
        assert_eq!(sentences, want, "{name}");
        let headless = place.printed(&[name, "--headless"]);
        let heads = |table: &str| table.lines().next().map(str::to_owned);
        assert_eq!(heads(&table), heads(&headless));
        assert_eq!(table.lines().count(), headless.lines().count());
    }
}

#[test]
fn a_plain_race_can_be_changed_recorded_and_replayed() {
    let place = Place::new();
    let change = [
        "beale",
        "--only",
        "adam,gd",
        "--seed",
        "3",
        "--set",
        "finish.steps=100",
    ];
    let record = ["--record", "race.jsonl", "-q"];
    let raced = plain(&place, &[&change[..], &record].concat());
    assert_eq!(
        raced.0[0],
        "two racers start at loss 14.2; target 1e-4, to hold for 10 evaluations"
    );
    let limits = raced
        .0
        .iter()
        .filter(|text| text.starts_with("step 100: "))
        .count();
    assert_eq!(limits, 2, "{:?}", raced.0);
    assert!(raced.1.contains("seed 3"), "{}", raced.1);
    assert_eq!(plain(&place, &["replay", "race.jsonl"]), raced);
    let seeds = place.run(&["beale", "--plain", "--seeds", "2"]);
    assert_eq!(seeds.status.code(), Some(2));
}

#[test]
fn a_signal_ends_a_plain_race_with_what_was_said_and_the_standings() {
    let place = Place::new();
    let child = endless(&place, &["--plain"]);
    kill(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", err(&output));
    let text = out(&output);
    assert!(
        text.starts_with("two racers start at loss 170; target -1\nstep "),
        "{text}"
    );
    assert_eq!(text.matches("running\n").count(), 2, "{text}");
    assert!(err(&output).contains("these are the standings so far"));
}

#[test]
fn a_stopped_sweep_counts_the_seeds_before_the_first_unfinished_one() {
    let place = Place::new();
    let mut command = place.command(&["digits", "--seeds", "100000", "--format", "json"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(4));
    kill(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert!(err(&output).contains("of 100000 seeds"), "{}", err(&output));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let Some(seeds) = result["racers"][0].get("seeds") else {
        return; // A machine so slow that not even the first seed was done.
    };
    assert_eq!(
        seeds["runs"].as_u64(),
        seeds["iterations"].as_array().map(|all| all.len() as u64)
    );
}

#[test]
fn nobody_reads_what_a_hostile_scenario_says_to_the_terminal() {
    let place = Place::new();
    let hostile = QUICK
        .replace(
            "title = \"Quick\"",
            "title = \"a\\u001B]0;x\\u0007b\\u202E\"",
        )
        .replace(
            "optimizer = \"gd\"",
            "optimizer = \"gd\"\nlabel = \"g\\u009B2Jd\"",
        );
    place.write("hostile \u{1b}[31m.toml", hostile);
    for arguments in [
        &["./hostile \u{1b}[31m.toml"][..],
        &["./hostile \u{1b}[31m.toml", "--format", "markdown"],
        &["check", "./hostile \u{1b}[31m.toml"],
        &["check", "./\u{1b}[31m.toml"],
        &["\u{1b}[31m"],
        &["replay", "\u{1b}[31m"],
        &["quick.toml", "--set", "\u{1b}[31m=1"],
    ] {
        let output = place.run(arguments);
        let text = out(&output) + &err(&output);
        let unsafe_mark = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!text.contains(unsafe_mark), "{arguments:?}: {text:?}");
    }
}

#[test]
fn the_shipped_path_of_a_scenario_works_like_its_name() {
    let place = Place::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/moons.toml");
    let by_path = place.json(&[path.to_str().unwrap(), "--format", "json"]);
    let by_name = place.json(&["race", "moons", "--format", "json"]);
    assert_eq!(by_path["scenario"], by_name["scenario"]);
    assert_eq!(
        by_path["racers"][0]["final_loss"],
        by_name["racers"][0]["final_loss"]
    );
}
