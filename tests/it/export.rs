//! `slalom export`: the files it makes of recordings, and what it refuses.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with recordings.
struct Place(TempDir);

impl Place {
    /// With a recording of each of these shipped scenarios.
    fn with(names: &[&str]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for name in names {
            let file = format!("{name}.jsonl");
            place.well(&[name, "--headless", "-q", "--record", &file]);
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_slalom"));
        command.args(arguments).current_dir(self.0.path());
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// A run that must end well.
    fn well(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            err(&output)
        );
        output
    }

    /// The names of what lies there, but for recordings.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| !name.contains(".jsonl")).collect();
        names.sort();
        names
    }
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn pictures_are_named_after_the_recording_or_as_asked() {
    let place = Place::with(&["beale"]);
    let output = place.well(&["export", "beale.jsonl", "--to", "svg"]);
    let names = [
        "beale-board.svg",
        "beale-curves.svg",
        "beale-frame.svg",
        "beale-map.svg",
    ];
    assert_eq!(place.files(), names);
    assert_eq!(
        err(&output).lines().count(),
        4,
        "each is told: {}",
        err(&output)
    );
    for name in names {
        let text = fs::read_to_string(place.path(name)).unwrap();
        assert!(roxmltree::Document::parse(&text).is_ok(), "{name}");
        assert!(text.contains("Momentum"), "{name}");
    }
    fs::create_dir(place.path("folder")).unwrap();
    for (arguments, file) in [
        (&["--to", "png", "-o", "out.png"][..], "out-map.png"),
        (&["--to", "png", "-o", "paper"], "paper-board.png"),
        (
            &["--to", "png", "-o", "folder", "--figure", "map"],
            "folder/beale-map.png",
        ),
        (
            &["--to", "png", "-o", "one.png", "--figure", "frame"],
            "one.png",
        ),
        (&["--to", "png", "--figure", "curves"], "beale-curves.png"),
    ] {
        let output = place.well(&[&["export", "beale.jsonl", "-q"], arguments].concat());
        assert_eq!(err(&output), "", "quiet");
        let bytes = fs::read(place.path(file)).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"), "{file}");
    }
    let printed = place.well(&[
        "export",
        "beale.jsonl",
        "--to",
        "png",
        "--figure",
        "board",
        "-o",
        "-",
    ]);
    assert!(printed.stdout.starts_with(b"\x89PNG"));
}

#[test]
fn a_picture_is_of_the_step_size_and_theme_that_are_asked_for() {
    let place = Place::with(&["beale"]);
    let of = |arguments: &[&str]| {
        let all = [
            &["export", "beale.jsonl", "--to", "svg", "-o", "-"],
            arguments,
        ]
        .concat();
        out(&place.well(&all))
    };
    let small = of(&["--figure", "frame", "--size", "80x24", "--at", "40"]);
    // 80 cells of 9, and a margin of 10.
    assert!(small.contains("width=\"740\"") && small.contains("step 40 of"));
    let [light, dark] = ["light", "dark"].map(|theme| of(&["--figure", "map", "--theme", theme]));
    assert!(light.contains("fill=\"#ffffff\"") && !dark.contains("fill=\"#ffffff\""));
    assert_eq!(of(&["--figure", "map"]), light, "figures are for paper");
    assert_ne!(
        of(&["--figure", "curves", "--at", "20"]),
        of(&["--figure", "curves"])
    );
}

#[test]
fn curves_go_to_standard_output_and_are_those_of_the_recording() {
    let place = Place::with(&["saddle"]);
    let table = out(&place.well(&["export", "saddle.jsonl", "--to", "csv"]));
    let mut rows = table.lines();
    assert!(
        rows.next()
            .unwrap()
            .ends_with("gradient_norm,position_1,position_2")
    );
    let recorded = fs::read_to_string(place.path("saddle.jsonl")).unwrap();
    let lines = recorded
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut losses: Vec<u64> = lines
        .filter_map(|l| Some(l["loss"].as_f64()?.to_bits()))
        .collect();
    let cell = |row: &str| {
        row.split(',')
            .nth(5)
            .unwrap()
            .parse::<f64>()
            .unwrap()
            .to_bits()
    };
    let mut exported: Vec<u64> = rows.map(cell).collect();
    losses.sort_unstable();
    exported.sort_unstable();
    assert_eq!(exported, losses);
    let text = out(&place.well(&["export", "saddle.jsonl", "--to", "json"]));
    let object: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(object["format"], "slalom.curves/1");
    let count = |racer: &Value| racer["loss"].as_array().unwrap().len();
    let counts = object["racers"].as_array().unwrap().iter().map(count);
    assert_eq!(counts.sum::<usize>(), losses.len());
    place.well(&["export", "saddle.jsonl", "--to", "csv", "-o", "t.csv"]);
    assert_eq!(fs::read_to_string(place.path("t.csv")).unwrap(), table);
}

#[test]
fn a_cast_is_the_same_each_time() {
    let place = Place::with(&["saddle"]);
    let cast = |name: &str| {
        place.well(&[
            "export",
            "saddle.jsonl",
            "--to",
            "cast",
            "--size",
            "80x24",
            "-o",
            name,
        ]);
        fs::read_to_string(place.path(name)).unwrap()
    };
    let text = cast("a.cast");
    assert_eq!(text, cast("b.cast"));
    let lines: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines[0]["width"], 80);
    assert_eq!(lines[0]["title"], "Saddle");
    assert!(lines.len() > 50);
    assert!(lines[1][2].as_str().unwrap().starts_with("\u{1b}[?1049h"));
}

#[test]
fn a_network_has_no_map_and_a_torn_recording_is_drawn_as_far_as_it_goes() {
    let place = Place::with(&["line", "saddle"]);
    let output = place.well(&["export", "line.jsonl", "--to", "svg"]);
    assert!(
        err(&output).contains("a recording keeps no parameters"),
        "{}",
        err(&output)
    );
    assert_eq!(
        place.files(),
        ["line-board.svg", "line-curves.svg", "line-frame.svg"]
    );
    let alone = place.run(&["export", "line.jsonl", "--to", "svg", "--figure", "map"]);
    assert_eq!(alone.status.code(), Some(3));
    let whole = fs::read(place.path("saddle.jsonl")).unwrap();
    // In the middle of a line, wherever the middle of the file is.
    let half = whole[..whole.len() / 2].trim_ascii_end();
    fs::write(place.path("torn.jsonl"), &half[..half.len() - 1]).unwrap();
    for to in ["svg", "png", "cast", "csv", "json"] {
        let output = place.well(&["export", "torn.jsonl", "--to", to]);
        assert!(
            err(&output).contains("warning: torn.jsonl: line "),
            "{}",
            err(&output)
        );
    }
    assert!(place.files().contains(&"torn-map.svg".to_owned()));
}

#[test]
fn what_is_refused_is_told_and_nothing_is_lost() {
    let place = Place::with(&["saddle"]);
    fs::write(place.path("notes.jsonl"), "my notes").unwrap();
    let before = fs::read(place.path("saddle.jsonl")).unwrap();
    let svg = ["export", "saddle.jsonl", "--to", "svg"];
    for (arguments, code, says) in [
        (&["export", "saddle.jsonl"][..], 2, "--to"),
        (&["export", "saddle.jsonl", "--to", "gif"], 2, "svg"),
        (
            &["export", "none.jsonl", "--to", "csv"],
            4,
            "cannot read none.jsonl",
        ),
        (
            &["export", "notes.jsonl", "--to", "csv"],
            3,
            "not a slalom recording",
        ),
        (
            &[&svg[..], &["-o", "-"]].concat(),
            2,
            "say which with --figure",
        ),
        (&[&svg[..], &["--size", "12"]].concat(), 2, "120x35"),
        (
            &[&svg[..], &["--figure", "map", "--size", "80x24"]].concat(),
            2,
            "--figure frame",
        ),
        (
            &["export", "saddle.jsonl", "--to", "csv", "--at", "3"],
            2,
            "--at is for",
        ),
        (
            &["export", "saddle.jsonl", "--to", "cast", "--figure", "map"],
            2,
            "--figure is for",
        ),
        (
            &["export", "saddle.jsonl", "--to", "json", "--theme", "dark"],
            2,
            "--theme is for",
        ),
        (
            &[
                "export",
                "saddle.jsonl",
                "--to",
                "csv",
                "-o",
                "saddle.jsonl",
            ],
            2,
            "the recording itself",
        ),
        (
            &["export", "saddle.jsonl", "--to", "csv", "-o", "no/a.csv"],
            4,
            "cannot write no/a.csv",
        ),
        (
            &["export", "saddle.jsonl", "--to", "csv", "-o", "/dev/null"],
            4,
            "not a regular file",
        ),
        (
            &["export", "saddle.jsonl", "--to", "svg", "-o", "/dev/null"],
            4,
            "not a regular file",
        ),
    ] {
        let output = place.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            err(&output)
        );
        assert!(
            err(&output).contains(says),
            "{arguments:?}: {}",
            err(&output)
        );
        assert!(output.stdout.is_empty());
    }
    assert_eq!(fs::read(place.path("saddle.jsonl")).unwrap(), before);
    assert_eq!(place.files(), Vec::<String>::new());
}

#[test]
fn a_file_is_replaced_whole_and_keeps_its_permissions() {
    let place = Place::with(&["saddle"]);
    fs::write(place.path("t.csv"), "before").unwrap();
    fs::set_permissions(place.path("t.csv"), fs::Permissions::from_mode(0o600)).unwrap();
    place.well(&["export", "saddle.jsonl", "--to", "csv", "-o", "t.csv"]);
    assert!(
        fs::read_to_string(place.path("t.csv"))
            .unwrap()
            .starts_with("racer,optimizer,")
    );
    let mode = fs::metadata(place.path("t.csv"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(place.files(), ["t.csv"], "nothing else is left");
}

#[test]
fn no_name_in_a_recording_commands_a_terminal_or_ends_an_element() {
    let place = Place::with(&["saddle"]);
    let recorded = fs::read_to_string(place.path("saddle.jsonl")).unwrap();
    let label = r#"\u001b[2J</text>,\"&\u009b1m\u202e\u0007"#;
    let (header, lines) = recorded.split_once('\n').unwrap();
    let header = header.replace("\"Heavy-ball\"", &format!("\"{label}\""));
    assert!(header.contains(label));
    fs::write(place.path("hostile.jsonl"), header + "\n" + lines).unwrap();
    for (to, says) in [
        ("csv", "\"[2J</text>,\"\"&1m\""),
        ("json", "[2J</text>,\\\"&1m"),
        ("cast", "[2J</text>,\\\"&1m"),
    ] {
        let output = place.well(&["export", "hostile.jsonl", "--to", to, "-o", "-"]);
        let text = out(&output);
        assert!(
            !text.contains(|c: char| c != '\n' && c.is_control()),
            "{to}"
        );
        assert!(text.contains(says), "{to}");
    }
    place.well(&["export", "hostile.jsonl", "--to", "svg"]);
    for name in place.files() {
        let text = fs::read_to_string(place.path(&name)).unwrap();
        assert!(roxmltree::Document::parse(&text).is_ok(), "{name}");
        assert!(
            !text.contains(|c: char| c != '\n' && c.is_control()),
            "{name}"
        );
        assert!(text.contains("[2J&lt;/text&gt;,&quot;&amp;1m"), "{name}");
    }
}
