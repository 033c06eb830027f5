//! Scenarios that were changed on the screen, as files elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use slalom::race::trace::Evaluation;
use slalom::race::{Race, untimed};
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::edit::Edit;
use slalom::scenario::edit::field::{Key, Part};

/// The scenario in `text` with paths relative to `folder`, and `options`, to be changed.
fn edit(text: &str, folder: &Path, options: &Options) -> Edit {
    let source = Source {
        file: "some.toml".to_owned(),
        name: "some".to_owned(),
        text: text.to_owned(),
        folder: folder.to_owned(),
    };
    let scenario = check(&source, options).unwrap_or_else(|report| panic!("{report}"));
    Edit::new(&source, options, &scenario).unwrap()
}

/// The scenario that is written for a file in another folder, read again.
fn elsewhere(edit: &Edit) -> Scenario {
    let source = Source {
        file: "some-edited.toml".to_owned(),
        name: "some-edited".to_owned(),
        text: edit.file(&edit.scenario()).unwrap(),
        folder: PathBuf::from("/"),
    };
    check(&source, &Options::default()).unwrap_or_else(|report| panic!("{report}"))
}

fn evaluations(scenario: &Scenario) -> Vec<Vec<Evaluation>> {
    let mut race = Race::new(scenario, &untimed);
    while !race.finished() {
        race.advance(1000);
    }
    let racers = race.snapshot().racers;
    let points = racers.iter().map(|racer| racer.trace.points().to_vec());
    points.collect()
}

#[test]
fn what_is_written_races_the_same_from_any_folder_and_without_the_flags() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<String> = (0..40).map(|i| format!("{i},{}\n", 2 * i)).collect();
    let rows = rows.concat();
    fs::write(folder.path().join("some.csv"), &rows).unwrap();
    let text = "title = \"test\" # mine\n[model]\nkind = \"linear\"\n\
                [data]\nsource = \"some.csv\" # here\n[finish]\nloss = 1e-9\nsteps = 50\n\
                [[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1\n\
                [[racer]]\noptimizer = \"adam\"\nlearning_rate = 0.1\nbatch = 8\n";
    let options = Options {
        set: vec![
            "racer.adam.beta1=0.8".to_owned(),
            "data.test=0.1".to_owned(),
        ],
        only: vec!["adam".to_owned()],
        seed: Some(3),
        ..Options::default()
    };
    let mut edit = edit(text, folder.path(), &options);
    // Not read again: a change opens no file.
    fs::remove_file(folder.path().join("some.csv")).unwrap();
    edit.set(Key::Racer(0, Part::LearningRate), "0.3").unwrap();
    edit.step(Key::Racer(0, Part::Batch), true).unwrap();
    fs::write(folder.path().join("some.csv"), &rows).unwrap();
    let written = elsewhere(&edit);
    assert!(written.text.contains("title = \"test\" # mine"));
    assert!(written.text.contains("some.csv\" # here"));
    assert!(written.text.contains("batch = 16"));
    assert_eq!(written.seed, 3);
    assert_eq!(written.digest(), edit.scenario().digest());
    assert_eq!(evaluations(&written), evaluations(&edit.scenario()));
}
