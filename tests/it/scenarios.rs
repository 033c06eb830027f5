//! What a valid text becomes: defaults, labels, flags, digests.

use slalom::optim::Setting;
use slalom::problem::mlp::{Init, Loss};
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::mistake::Report;
use slalom::scenario::shipped::template;
use slalom::scenario::{Scenario, Task};

const SURFACE: &str = "\
title = \"A test\"

[surface]
function = \"beale\"
start = [1, 1]

[finish]
loss = 1e-4
steps = 100

[[racer]]
optimizer = \"gd\"
learning_rate = 1

[[racer]]
optimizer = \"adam\"
learning_rate = 0.1

[[racer]]
label = \"slow.one\"
optimizer = \"adam\"
learning_rate = 0.01
";

fn read(text: &str, set: &[&str], only: &[&str]) -> Result<Scenario, Report> {
    let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    let source = Source {
        file: "test.toml".to_owned(),
        name: "test".to_owned(),
        text: text.to_owned(),
        folder: "nowhere".into(),
    };
    let options = Options {
        set: owned(set),
        only: owned(only),
        seed: None,
        max_memory: 1 << 30,
        ..Options::default()
    };
    check(&source, &options)
}

fn valid(text: &str, set: &[&str], only: &[&str]) -> Scenario {
    read(text, set, only).unwrap_or_else(|report| panic!("{report}"))
}

fn labels(scenario: &Scenario) -> Vec<&str> {
    scenario.racers.iter().map(|racer| &*racer.label).collect()
}

fn model(kind: &str, data: &str) -> String {
    format!(
        "title = \"A test\"\n[model]\n{kind}\n[data]\n{data}\n[finish]\nloss = 0.1\nsteps = 9\n\
         [[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1\n"
    )
}

#[test]
fn defaults_fill_in_what_is_not_said() {
    let scenario = valid(SURFACE, &[], &[]);
    assert_eq!((scenario.seed, scenario.finish.hold), (0, 1));
    assert_eq!(scenario.examples(), 256);
    assert_eq!(scenario.racers[0].batch, None);
    assert_eq!(scenario.racers[1].batch, Some(1));
    let adam = &scenario.racers[1].settings.0;
    assert!(adam.contains(&("beta2".into(), Setting::Number(0.999))));
}

#[test]
fn each_kind_of_model_has_its_own_defaults() {
    let task = |kind, data| match valid(&model(kind, data), &[], &[]).task {
        Task::Model(task) => (task.model.loss, task.model.init),
        Task::Surface(_) => panic!("a model was given"),
    };
    let (iris, line, moons) = (
        "source = \"iris\"",
        "source = \"line\"",
        "source = \"moons\"",
    );
    assert_eq!(
        task("kind = \"linear\"", line),
        (Loss::SquaredError, Init::Zeros)
    );
    assert_eq!(
        task("kind = \"logistic\"", moons),
        (Loss::CrossEntropy, Init::Zeros)
    );
    assert_eq!(
        task("kind = \"mlp\"\nhidden = [4]", iris),
        (Loss::CrossEntropy, Init::He)
    );
    let tanh = "kind = \"mlp\"\nhidden = [4]\nactivation = \"tanh\"";
    assert_eq!(task(tanh, line), (Loss::SquaredError, Init::Xavier));
    let normal = "kind = \"softmax\"\ninit = { normal = 1 }\nloss = \"squared-error\"";
    assert_eq!(task(normal, iris), (Loss::SquaredError, Init::Normal(1.0)));
}

#[test]
fn labels_are_numbered_from_the_second() {
    let racer = |more: &str| format!("[[racer]]\noptimizer = \"gd\"\nlearning_rate = 1\n{more}");
    let text = SURFACE.to_owned() + &racer("") + &racer("label = \"GD 3\"\n") + &racer("");
    let scenario = valid(&text, &[], &[]);
    let want = ["GD", "Adam", "slow.one", "GD 2", "GD 3", "GD 4"];
    assert_eq!(labels(&scenario), want);
}

#[test]
fn set_changes_what_its_path_names() {
    let set = [
        "finish.loss=0.5",
        "title=Another title",
        "about=\"quoted\"",
        "surface.start=[2, 3.5]",
        "show.map=false",
        "racer.gd.learning_rate=2e-3",
        "racer.SLOW.ONE.learning_rate=0.3",
        "racer.2.batch=all",
        "racer.2.beta1=0.5",
    ];
    let scenario = valid(SURFACE, &set, &[]);
    assert_eq!(scenario.finish.target.value, 0.5);
    assert_eq!(scenario.title, "Another title");
    assert_eq!(scenario.about, "quoted");
    assert!(!scenario.show.map);
    let rates: Vec<f64> = scenario.racers.iter().map(|r| r.learning_rate).collect();
    assert_eq!(rates, [2e-3, 0.1, 0.3]);
    assert_eq!(scenario.racers[1].batch, None);
    assert_eq!(
        scenario.racers[1].settings.0[0],
        ("beta1".into(), Setting::Number(0.5))
    );
    assert_eq!(scenario.set, set);
}

#[test]
fn set_can_replace_a_word_by_a_table() {
    let text = model("kind = \"softmax\"\ninit = \"he\"", "source = \"iris\"");
    let scenario = valid(&text, &["model.init.normal=0.1"], &[]);
    let Task::Model(task) = &scenario.task else {
        panic!("a model was given")
    };
    assert_eq!(task.model.init, Init::Normal(0.1));
}

#[test]
fn a_mistake_in_a_flag_names_the_flag() {
    let report = read(SURFACE, &["finish.loss=abc"], &[]).expect_err("no number");
    let shown = report.to_string();
    assert!(
        shown.starts_with("--set finish.loss=abc: `loss` cannot be \"abc\"\n"),
        "{shown}"
    );
    assert_eq!(report.mistakes().len(), 1);
}

#[test]
fn only_keeps_racers_in_the_scenarios_order() {
    assert_eq!(
        labels(&valid(SURFACE, &[], &["SLOW.one", "1"])),
        ["GD", "slow.one"]
    );
    assert_eq!(labels(&valid(SURFACE, &[], &["gd", "GD"])), ["GD"]);
    let ambiguous = read(SURFACE, &[], &["adam"]).expect_err("there are two");
    assert!(
        ambiguous
            .to_string()
            .contains("one of 2 (Adam), 3 (slow.one)")
    );
}

#[test]
fn a_label_in_the_text_goes_before_an_optimizer() {
    let text = SURFACE.replace("slow.one", "gd");
    assert_eq!(
        labels(&valid(&text, &["racer.gd.batch=2"], &["gd"])),
        ["gd"]
    );
}

#[test]
fn the_template_is_valid_under_any_name() {
    for name in [
        "my-race",
        "",
        "a \"quoted\" \\ name",
        "\u{1b}[31m",
        &"x".repeat(200),
    ] {
        let scenario = valid(&template(name), &[], &[]);
        assert_eq!(scenario.racers.len(), 5);
    }
    assert_eq!(valid(&template("my-race"), &[], &[]).title, "my-race");
}

#[test]
fn the_digest_is_that_of_what_decides_the_numbers() {
    let digest = |set: &[&str]| valid(SURFACE, set, &[]).digest();
    let plain = digest(&[]);
    assert_eq!(plain.len(), 64);
    let same = [
        "title=Other",
        "show.seconds=3",
        "racer.2.label=Other",
        "racer.2.beta1=0.9",
        "surface.examples=256",
    ];
    for set in same {
        assert_eq!(digest(&[set]), plain, "{set}");
    }
    let other = [
        "seed=1",
        "surface.noise=0.1",
        "finish.loss=1e-3",
        "racer.2.beta1=0.8",
        "racer.2.batch=2",
        "racer.2.start=[1, 2]",
    ];
    for set in other {
        assert_ne!(digest(&[set]), plain, "{set}");
    }
}

#[test]
fn the_digest_of_a_file_is_that_of_its_examples() {
    let folder = tempfile::tempdir().expect("a folder");
    let digest = |file: &str, text: &str| {
        let path = folder.path().join(file);
        std::fs::write(&path, text).expect("it can be written");
        let data = format!("source = {path:?}");
        valid(&model("kind = \"softmax\"", &data), &[], &[]).digest()
    };
    let first = digest("a.csv", "1,2,x\n3,4,y\n5,6,x\n");
    assert_eq!(
        digest("b.csv", "p,q,class\n1.0,2.0,u\n3,4,v\n5,6,u\n"),
        first
    );
    assert_ne!(digest("c.csv", "1,2,x\n3,4,y\n5,6,y\n"), first);
    // However they were chosen.
    let path = folder.path().join("d.csv");
    let rows = "n,a,b,class\nr,1,2,x\n\nr,?,2,y\ns,3,4,y\ns,5,6,x\n";
    std::fs::write(&path, rows).expect("it can be written");
    let data = format!("source = {path:?}\nmissing = \"drop\"\ncolumns = [2, \"b\"]");
    let chosen = valid(&model("kind = \"softmax\"", &data), &[], &[]);
    assert_eq!(chosen.digest(), first);
    let more = ["data.columns=[1, 2, 3]", "data.categories=[1]"];
    assert_ne!(valid(&chosen.text, &more, &[]).digest(), first);
}

#[test]
fn a_pipe_as_data_is_refused_without_waiting() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()));
    let text = model("kind = \"softmax\"", &format!("source = {pipe:?}"));
    let report = read(&text, &[], &[]).expect_err("a pipe");
    assert!(report.to_string().contains("is not a regular file"));
}

#[test]
fn hostile_texts_are_refused_quickly() {
    let many_racers = "[[racer]]\noptimizer = \"gd\"\n".repeat(30_000);
    let many_keys: Vec<String> = (0..60_000).map(|i| format!("key{i} = 1\n")).collect();
    let many_keys = many_keys.concat();
    let brackets = "[".repeat(1 << 19);
    let headers = "[[[[\nx = = =\n".repeat(50_000);
    let dots = format!("{}x = 1", "a.".repeat(1 << 18));
    for text in [many_racers, many_keys, brackets, headers, dots] {
        let start = std::time::Instant::now();
        let report = read(&text, &["racer.gd.batch=1"], &["gd"]).expect_err("it is broken");
        assert!(!report.to_string().is_empty());
        let seconds = start.elapsed().as_secs_f64();
        assert!(seconds < 5.0, "{seconds} s for {}", &text[..20]);
    }
    let large = "#".repeat((1 << 20) + 1);
    let report = read(&large, &[], &[]).expect_err("too large");
    assert!(report.to_string().starts_with("test.toml:1:1: "));
}
