//! Broken scenarios and data files, each with the whole report it must get.
//!
//! A case is a file in `tests/data/broken` and its report in a file of the same name that ends in
//! `.expected`. A scenario's first lines may give flags, as `# with --set finish.loss=abc`. A CSV
//! or TSV file is the data of the scenario in [`AROUND_CSV`]. With the environment variable
//! `UPDATE_EXPECTED` set, the reports are written instead of compared.

use std::fs;
use std::path::{Path, PathBuf};

use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::mistake::Report;

const AROUND_CSV: &str = "\
title = \"Broken data\"

[model]
kind = \"softmax\"

[data]
source = \"FILE\"
test = 0

[finish]
loss = 0.1
steps = 10

[[racer]]
optimizer = \"gd\"
learning_rate = 0.1
";

fn options(text: &str) -> Options {
    let mut options = Options {
        set: vec![],
        only: vec![],
        seed: None,
        max_memory: 1 << 30,
        ..Options::default()
    };
    for line in text.lines() {
        let Some(flag) = line.strip_prefix("# with ") else {
            break;
        };
        match flag.split_once(' ') {
            Some(("--set", value)) => options.set.push(value.to_owned()),
            Some(("--only", name)) => options.only.push(name.to_owned()),
            Some(("--add", racer)) => options.add.push(racer.to_owned()),
            Some(("--seed", seed)) => options.seed = Some(seed.parse().expect("a seed")),
            _ => panic!("unknown flag: {flag}"),
        }
    }
    options
}

/// The report on the case at `path`.
fn report(path: &Path) -> Report {
    let file = path.file_name().expect("it has a name").to_string_lossy();
    let (name, ending) = file.rsplit_once('.').expect("it has an ending");
    let text = if matches!(ending, "csv" | "tsv") {
        AROUND_CSV.replace("FILE", &file)
    } else {
        match String::from_utf8(fs::read(path).expect("it can be read")) {
            Ok(text) => text,
            Err(error) => return Report::not_utf8(&file, error.as_bytes()),
        }
    };
    let source = Source {
        file: format!("{name}.toml"),
        name: name.to_owned(),
        folder: path.parent().expect("it has a folder").into(),
        text,
    };
    check(&source, &options(&source.text)).expect_err(&format!("{file} is broken"))
}

#[test]
fn every_broken_file_gets_its_report() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/broken");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_none_or(|ending| ending != "expected"))
        .collect();
    cases.sort();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let mut wrong = vec![];
    for case in cases {
        let expected = case.with_extension("expected");
        let got = report(&case).to_string();
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(&expected, &got).expect("it can be written");
        }
        let want = fs::read_to_string(&expected).unwrap_or_default();
        if got != want {
            wrong.push(format!("{}:\n{got}\nexpected:\n{want}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
