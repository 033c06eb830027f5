//! What the commands say of datasets: `check`, `list`, and a race that leaves rows out.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const SHOES: &str = r#"title = "Shoes"
[model]
kind = "mlp"
hidden = [4]
[data]
source = "shoes.csv"
categories = ["colour", "brand"]
missing = "drop"
test = 0
scale = "min-max"
[finish]
loss = 1e-9
steps = 3
[[racer]]
optimizer = "gd"
learning_rate = 0.1
"#;

/// The program on a copy of the shoes and their scenario.
fn slalom(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csv/shoes.csv");
    fs::copy(data, folder.path().join("shoes.csv")).unwrap();
    fs::write(folder.path().join("shoes.toml"), SHOES).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_slalom"));
    command.args(arguments).current_dir(folder.path());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    output
}

fn printed(arguments: &[&str]) -> String {
    String::from_utf8(slalom(arguments).stdout).unwrap()
}

#[test]
fn check_says_what_was_made_of_a_file() {
    let want = "\
shoes.toml: valid, \"Shoes\", 1 racer
  data      shoes.csv: 156 bytes, commas between columns, a header
  left out  3 rows in which a value is missing
  examples  3, all to train on
  features  6: 2 from `colour`, 2 from `brand`
  range     0 to 80.5, then scaled to 0..1
  target    2 classes: no (2), yes (1)
  model     mlp 6-4-2, 38 parameters in f32
  memory    about ";
    let said = printed(&["check", "shoes.toml"]);
    assert!(said.starts_with(want), "{said}");
    assert_eq!(said.lines().count(), 9, "{said}");
    let surface = "\
beale.toml: valid, \"Beale\", 5 racers
  loss      (1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2
  start     x = 1, y = 1
  there     loss 14.2, length of the gradient 27.75
  lowest    0
  noise     standard deviation 0.01 in the gradient of an example
  examples  256, what a full gradient costs
";
    assert_eq!(printed(&["check", "beale"]), surface);
    let numbers = printed(&["check", "line"]);
    assert!(
        numbers.contains("\n  target    a number from 4.981 to 11.49\n"),
        "{numbers}"
    );
}

#[test]
fn a_race_without_a_screen_says_what_is_left_out() {
    let note = "note: shoes.csv: left out 3 rows in which a value is missing\n";
    let said = |more: &[&str]| {
        let output = slalom(&[&["shoes.toml", "--headless"], more].concat());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&[]).contains(note), "{}", said(&[]));
    assert!(said(&["--seeds", "2"]).contains(note));
    assert!(!said(&["-q"]).contains("left out"));
    let fewer = [
        "--set",
        "data.columns=[1, 2]",
        "--set",
        "data.categories=[2]",
    ];
    assert!(
        said(&fewer).contains("left out 1 row in which"),
        "{}",
        said(&fewer)
    );
}

#[test]
fn sets_are_listed_with_their_figures() {
    let text = printed(&["list", "datasets"]);
    let iris = "
                       150 examples, 4 features from 0.1 to 7.9
                       3 classes: setosa (50), versicolor (50), virginica (50)
                       Fisher 1936, UCI Machine Learning Repository
";
    assert!(text.contains(iris), "{text}");

    let listed = printed(&["list", "datasets", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let sets = listed["datasets"].as_array().unwrap();
    let set = |name: &str| sets.iter().find(|set| set["name"] == name).unwrap();
    assert_eq!(set("digits")["examples"], 1797);
    assert_eq!(set("digits")["features"].as_array().unwrap().len(), 64);
    assert_eq!(set("digits")["range"], json!([0.0, 16.0]));
    assert_eq!(set("digits")["constant"], 3);
    let classes = json!([
        { "name": "malignant", "examples": 212 },
        { "name": "benign", "examples": 357 },
    ]);
    assert_eq!(
        set("breast_cancer")["target"],
        json!({ "kind": "classes", "classes": classes })
    );
    assert_eq!(set("line")["target"]["kind"], "number");
    for set in sets {
        assert!(!set["from"].as_str().unwrap().is_empty());
    }
}
