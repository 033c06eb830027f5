//! Golden texts of results made by hand.

use serde_json::Value;

use super::*;
use crate::race::standing::sample::{converged, on_a_surface, snapshot, unfinished};
use crate::stats::Run;

fn race() -> Snapshot {
    let mut race = snapshot(vec![
        unfinished(0.312_345_67),
        converged(116, 7249, 0.0114),
        converged(116, 7249, 0.021),
    ]);
    let meta = std::sync::Arc::make_mut(&mut race.meta);
    meta.racers[1].label = "Ädäm|東京".to_owned();
    race
}

fn seeds(n: u64) -> Sweep {
    let run = |iterations: Option<u64>| Run {
        iterations,
        steps: iterations.unwrap_or(2000),
    };
    let hits = |from: u64| (0..n).map(move |i| run((i > 0).then_some(from + i)));
    Sweep {
        first: race(),
        runs: vec![
            (0..n).map(|_| run(None)).collect(),
            hits(200).collect(),
            hits(100).collect(),
        ],
        planned: n,
        nothing_varies: false,
        bands: vec![],
        targets: vec![],
        distributions: vec![],
    }
}

#[test]
fn a_table_is_aligned_by_what_a_terminal_shows() {
    let want = "\
Digits, seed 7
target: training loss <= 0.05, within 2000 steps

rank  racer        rate  batch  iterations  samples  epochs  seconds  best loss  test acc.  outcome
   1  Ädäm|東京  0.0464     64         116     7249    5.04  0.01140    0.04000     25.0 %  converged
   1  C          0.0464     64         116     7249    5.04  0.02100    0.04000     25.0 %  converged
   3  A          0.0464    all           -        -       -        -     0.3123     25.0 %  DNF, limit

A did not finish within 2000 steps: its best loss is 0.3123
one race, not a ranking: --seeds N races on N seeds
";
    assert_eq!(Results::new(&race()).write(Format::Table), want);
}

#[test]
fn a_surface_has_no_epochs_and_a_stopped_race_says_who_was_running() {
    let want = "\
Digits, seed 7
target: loss <= 0.05, within 2000 steps

rank  racer    rate  batch  iterations  samples  seconds  best loss  outcome
   1  B      0.0464     64           -        -        -  4.94e-324  running
   2  A      0.0464    all           -        -        -     0.3000  DNF, diverged at 2

B was still running at step 1: its best loss is 4.94e-324
A diverged at step 2: the loss is not finite
one race, not a ranking: --seeds N races on N seeds
";
    assert_eq!(Results::new(&on_a_surface()).write(Format::Table), want);
}

#[test]
fn several_seeds_are_ordered_by_their_medians() {
    let want = "\
Digits, seeds 7 to 26
target: training loss <= 0.05, within 2000 steps

racer        rate  batch  converged  median iterations  95 % interval  expected iterations
C          0.0464     64      19/20              110.5     106 to 115                215.3
Ädäm|東京  0.0464     64      19/20              210.5     206 to 215                315.3
A          0.0464    all       0/20              never          never                    -

C leads Ädäm|東京 (p < 0.0001) and A (p < 0.0001): more than luck
p: Wilcoxon signed-rank over 20 paired seeds, two-sided, by Holm's correction for 3 pairs
expected iterations (expected running time): those of all seeds, failures included, divided by successes
";
    let got = Results::of_seeds(&seeds(20)).write(Format::Table);
    assert_eq!(got, want);
    let few = Results::of_seeds(&seeds(5)).write(Format::Table);
    assert!(few.contains("\nno interval below 6 seeds\n"), "{few}");
    let one = Results::of_seeds(&seeds(1)).write(Format::Table);
    assert!(one.contains("one race, not a ranking"), "{one}");
}

#[test]
fn where_nobody_converged_there_is_nothing_to_rank() {
    let mut sweep = seeds(20);
    for run in sweep.runs.iter_mut().flatten() {
        run.iterations = None;
    }
    let results = Results::of_seeds(&sweep);
    let want = "\
racer        rate  batch  converged  median iterations  95 % interval  expected iterations
Ädäm|東京  0.0464     64       0/20              never          never                    -
C          0.0464     64       0/20              never          never                    -
A          0.0464    all       0/20              never          never                    -

nobody converged on any of 20 seeds: nothing to rank
";
    let table = results.write(Format::Table);
    assert!(table.ends_with(want), "{table}");
    let markdown = results.write(Format::Markdown);
    assert!(markdown.contains("nothing to rank"), "{markdown}");
}

#[test]
fn markdown_keeps_a_bar_in_a_label_inside_its_cell() {
    let got = Results::new(&race()).write(Format::Markdown);
    let lines: Vec<&str> = got.lines().collect();
    assert_eq!(lines[0], "## Digits, seed 7");
    assert_eq!(
        lines[5],
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    );
    let row = r"| 1 | Ädäm\|東京 | 0.0464 | 64 | 116 | 7249 | 5.04 | 0.01140 | 0.04000 | 25.0 % | converged |";
    assert_eq!(lines[6], row);
}

#[test]
fn json_is_as_promised() {
    let text = Results::new(&race()).write(Format::Json);
    let value: Value = serde_json::from_str(&text).unwrap();
    let compact = value.to_string();
    let head = r#"{"format":"slalom.result/1","version":"0.1.0","scenario":{"name":"digits","title":"Digits","digest":"00ff","set":["finish.steps=2000"]},"seed":7,"target":{"loss":0.05,"on":"train"},"evaluate_every":{"64":2,"all":1},"examples":1437,"racers":["#;
    assert!(compact.starts_with(head), "{compact}");
    let winner = r#"{"label":"Ädäm|東京","optimizer":"adam","hyperparameters":{"learning_rate":0.0464,"epsilon":1e-8,"bias_correction":true,"form":"ema"},"batch":64,"rank":1,"outcome":"converged","cause":null,"first_hit":116,"iterations_to_converge":116,"samples_to_converge":7249,"epochs_to_converge":5.044537230340988,"steps":116,"samples":7249,"gradient_evaluations":116,"seconds":0.0114,"initial_loss":2.5,"final_loss":0.04,"best_loss":0.04,"test_loss":0.14,"test_accuracy":0.25}"#;
    assert!(compact.contains(winner), "{compact}");
    let last = &value["racers"][2];
    assert_eq!(last["batch"], Value::Null, "gd has no batch");
    assert_eq!(last["cause"], "2000 steps");
    for nulls in [
        "first_hit",
        "iterations_to_converge",
        "samples_to_converge",
        "epochs_to_converge",
    ] {
        assert_eq!(last[nulls], Value::Null, "{nulls}");
    }
}

#[test]
fn json_has_null_for_what_is_not_finite_and_for_epochs_on_surfaces() {
    let text = Results::new(&on_a_surface()).write(Format::Json);
    let value: Value = serde_json::from_str(&text).unwrap();
    let lost = &value["racers"][1];
    assert_eq!(lost["final_loss"], Value::Null);
    assert_eq!(lost["best_loss"].as_f64(), Some(0.1 + 0.2), "to the bit");
    assert_eq!(lost["test_accuracy"], Value::Null);
    assert_eq!(value["racers"][0]["outcome"], "running");
    assert_eq!(value["racers"][0]["best_loss"].as_f64(), Some(5e-324));
}

#[test]
fn json_of_seeds_says_never_with_null() {
    let text = Results::of_seeds(&seeds(6)).write(Format::Json);
    let value: Value = serde_json::from_str(&text).unwrap();
    let seeds = |racer: usize| value["racers"][racer]["seeds"].to_string();
    assert_eq!(
        seeds(0),
        r#"{"runs":6,"successes":5,"median":103.5,"interval":[101,null],"expected_running_time":503.0,"iterations":[null,101,102,103,104,105]}"#
    );
    assert_eq!(
        seeds(2),
        r#"{"runs":6,"successes":0,"median":null,"interval":[null,null],"expected_running_time":null,"iterations":[null,null,null,null,null,null]}"#
    );
}

#[test]
fn a_lead_is_told_with_its_numbers() {
    let mut sweep = seeds(5);
    sweep.planned = 9;
    let cut = Results::of_seeds(&sweep).write(Format::Table);
    let want = "\nstopped after 5 of 9 seeds: what is said of luck holds for ";
    assert!(cut.contains(want), "{cut}");
    let few = Results::of_seeds(&seeds(5));
    assert!(!few.write(Format::Table).contains("stopped"));
    let says = few.write(Format::Markdown);
    let want = r"- C leads Ädäm\|東京 and A: too few seeds to tell it from luck, 7 or more can";
    assert!(says.contains(&format!("{want}\n")), "{says}");
    let mut sweep = seeds(6);
    sweep.first = snapshot(vec![converged(1, 1, 0.1); 2]);
    // The second is quicker by one on five seeds, and slower by much on the last.
    let runs = |counts: [u64; 6]| {
        counts
            .map(|count| Run {
                iterations: Some(count),
                steps: count,
            })
            .to_vec()
    };
    sweep.runs = vec![
        runs([11, 12, 13, 14, 15, 16]),
        runs([10, 11, 12, 13, 14, 99]),
    ];
    let results = Results::of_seeds(&sweep);
    let table = results.write(Format::Table);
    let want = "\
B leads A (p = 0.53): may be luck
p: Wilcoxon signed-rank over 6 paired seeds, two-sided
expected iterations (expected running time): those of all seeds, failures included, divided by successes
";
    assert!(table.ends_with(want), "{table}");
    let json: Value = serde_json::from_str(&results.write(Format::Json)).unwrap();
    let want = r#"{"leader":"B","test":"Wilcoxon signed-rank","correction":"Holm","level":0.05,"pairs":1,"runs":6,"over":[{"label":"A","differ":6,"p":0.53125,"p_corrected":0.53125,"verdict":"may_be_luck"}]}"#;
    assert_eq!(json["lead"].to_string(), want);
    let csv = results.write(Format::Csv);
    let ends: Vec<&str> = csv
        .lines()
        .map(|line| line.rsplit_once(' ').map_or(line, |(_, end)| end))
        .collect();
    assert_eq!(
        ends[1..],
        ["99,leader,,", "16,may_be_luck,0.53125,"],
        "{csv}"
    );
    sweep.runs[1] = sweep.runs[0].clone();
    let table = Results::of_seeds(&sweep).write(Format::Table);
    assert!(
        table.contains("\nA and B are equal on all 6 seeds\n"),
        "{table}"
    );
    sweep.runs = vec![runs([7; 6]), runs([9; 6])];
    sweep.nothing_varies = true;
    let table = Results::of_seeds(&sweep).write(Format::Table);
    let want = "A leads B: no luck in it, the seed changes nothing\n";
    assert!(table.contains(want), "{table}");
    sweep.runs = vec![
        vec![
            Run {
                iterations: None,
                steps: 9
            };
            6
        ];
        2
    ];
    let json: Value = serde_json::from_str(&Results::of_seeds(&sweep).write(Format::Json)).unwrap();
    assert_eq!(json.get("lead"), Some(&Value::Null), "nobody leads");
    let one: Value = serde_json::from_str(&Results::new(&race()).write(Format::Json)).unwrap();
    assert_eq!(one.get("lead"), None);
}

#[test]
fn csv_has_a_header_and_numbers_that_read_back() {
    let text = Results::of_seeds(&seeds(6)).write(Format::Csv);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 3);
    let cell = |row: usize, name: &str| {
        let at = names.iter().position(|known| known == name).unwrap();
        rows[row][at].to_owned()
    };
    let settings = "learning_rate=0.0464 epsilon=1e-8 bias_correction=true form=ema";
    assert_eq!(cell(0, "hyperparameters"), settings);
    assert_eq!(cell(0, "epochs_to_converge").parse(), Ok(7249.0 / 1437.0));
    assert_eq!(cell(1, "interval_high"), "never");
    assert_eq!(cell(2, "iterations"), "never never never never never never");
    assert_eq!(
        (cell(2, "epochs_to_converge"), cell(2, "batch")),
        (String::new(), "all".to_owned())
    );
    let surface = Results::new(&on_a_surface()).write(Format::Csv);
    assert!(
        surface.contains(",5e-324,") && surface.contains(",NaN,"),
        "{surface}"
    );
    assert!(!surface.contains("runs"), "only with seeds");
    // Behind all others, so that they keep their places.
    assert_eq!(names.iter().next_back(), Some("clipped"));
    assert_eq!(cell(0, "clipped"), "", "nothing is to be clipped");
}

#[test]
fn the_standings_left_behind_are_short() {
    let many = snapshot(vec![unfinished(1.0); 20]);
    let short = Results::new(&many).short();
    assert!(short.lines().count() <= 11, "{short}");
    assert!(short.contains("... and 15 more"), "{short}");
    assert!(short.contains("A did not finish within 2000 steps: its best loss is 1.000\n"));
    assert!(short.contains("... and 19 more did not finish"), "{short}");
    assert!(
        !Results::new(&snapshot(vec![converged(1, 1, 0.1)]))
            .short()
            .contains("more")
    );
}

#[test]
fn all_have_converged_only_if_every_run_has() {
    assert!(Results::new(&snapshot(vec![converged(1, 1, 0.1)])).all_converged());
    assert!(!Results::new(&race()).all_converged());
    let mut sweep = seeds(3);
    sweep.first = snapshot(vec![
        converged(1, 1, 0.1),
        converged(1, 1, 0.1),
        converged(1, 1, 0.1),
    ]);
    assert!(!Results::of_seeds(&sweep).all_converged());
}

/// Every number of the curves is that of the trace, to the last bit.
#[test]
fn curves_read_back_to_the_same_numbers() {
    let mut race = on_a_surface();
    let label = "a,\"b\"\n<&>".to_owned();
    std::sync::Arc::make_mut(&mut race.meta).racers[0].label = label;
    let table = curves::csv(&race);
    let mut reader = ::csv::Reader::from_reader(table.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        header[..6].join(" "),
        "racer optimizer step samples seconds loss"
    );
    assert_eq!(header[10..], ["position_1", "position_2"]);
    let mut rows = reader
        .records()
        .map(|row| row.expect("all rows have the same length"));
    let object: Value = serde_json::from_str(&curves::json(&race)).unwrap();
    assert_eq!(object["format"], "slalom.curves/1");
    assert_eq!(object["scenario"]["digest"], race.meta.digest);
    for (i, (entered, progress)) in race.meta.racers.iter().zip(&race.racers).enumerate() {
        let racer = &object["racers"][i];
        assert_eq!(racer["label"], entered.label);
        for (k, at) in progress.trace.points().iter().enumerate() {
            let row = rows.next().expect("a row for each evaluation");
            assert_eq!(row[0], entered.label);
            assert_eq!(row[2], at.step.to_string());
            let [x, y] = [at.position[0], at.position[1]];
            for (column, want) in [(4, at.seconds), (5, at.loss), (10, x), (11, y)] {
                let got: f64 = row[column].parse().unwrap();
                assert_eq!(got.to_bits(), want.to_bits(), "{}", header[column]);
            }
            assert_eq!(row[9].is_empty(), at.gradient_norm.is_none());
            assert_eq!(racer["step"][k], at.step);
            assert_eq!(
                racer["loss"][k].as_f64(),
                Some(at.loss).filter(|l| l.is_finite())
            );
            assert_eq!(racer["position"][1][k].as_f64(), Some(y));
        }
        let length = progress.trace.points().len();
        for name in [
            "samples",
            "seconds",
            "accuracy",
            "test_loss",
            "gradient_norm",
        ] {
            assert_eq!(racer[name].as_array().map(Vec::len), Some(length), "{name}");
        }
    }
    assert!(rows.next().is_none());
}

#[test]
fn a_cast_is_a_header_and_a_line_for_each_event() {
    let hostile = "\u{1b}[2J\u{7}\"\n\u{9b}";
    let events = [(0.0, "\u{1b}[?25l".to_owned()), (1.5, hostile.to_owned())];
    let file = cast::write(hostile, [80, 24], &events);
    assert!(!file.contains(|c: char| c != '\n' && c.is_control() && c != '\u{9b}'));
    let lines: Vec<Value> = file
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let header = &lines[0];
    assert_eq!(
        (&header["version"], &header["width"], &header["height"]),
        (&2.into(), &80.into(), &24.into())
    );
    assert_eq!(header["env"]["TERM"], "xterm-256color");
    assert_eq!(lines[2], serde_json::json!([1.5, "o", hostile]));
}

#[test]
fn a_race_that_was_changed_says_so() {
    let mut race = race();
    let says = |race: &Snapshot| {
        let results = Results::new(race);
        let json: Value = serde_json::from_str(&results.write(Format::Json)).unwrap();
        let title = results.short().lines().next().unwrap().to_owned();
        (title, json)
    };
    let (title, json) = says(&race);
    assert!(title.starts_with("Digits, seed 7, target"), "{title}");
    assert_eq!(json["scenario"].get("departure"), None);
    std::sync::Arc::make_mut(&mut race.meta).edited = true;
    let (title, json) = says(&race);
    assert!(title.starts_with("Digits, seed 7, edited, "), "{title}");
    assert_eq!(json["scenario"]["departure"], "edited");
    std::sync::Arc::make_mut(&mut race.meta).racers[1].forks = vec![Forked {
        after: 1040,
        optimizer: "sgd".to_owned(),
        rule: vec![],
        hyperparameters: vec![("learning_rate".to_owned(), Setting::Number(0.5))],
        batch: None,
        full_batch: false,
    }];
    let (title, json) = says(&race);
    assert!(title.contains(", forked at step 1,040, "), "{title}");
    let label = race.meta.racers[1].label.as_str();
    for racer in json["racers"].as_array().unwrap() {
        let fork = serde_json::json!({
            "after": 1040,
            "optimizer": "sgd",
            "hyperparameters": { "learning_rate": 0.5 },
            "batch": "all",
        });
        let own = (racer["label"] == label).then(|| serde_json::json!([fork]));
        assert_eq!(racer.get("forks"), own.as_ref());
    }
    let entered = &race.meta.racers[1];
    assert_eq!(*entered.at(1039), *entered);
    assert_eq!(entered.at(1040).optimizer, "sgd");
}

#[test]
fn a_schedule_is_an_object_and_clipped_gradients_are_counted() {
    let mut race = race();
    let json = |race: &Snapshot| -> Value {
        let text = Results::new(race).write(Format::Json);
        serde_json::from_str(&text).expect("it is JSON")
    };
    let plain = json(&race)["racers"][0].clone();
    assert_eq!(plain.get("clipped"), None);
    let schedule = crate::optim::Schedule {
        warmup: 5,
        shape: crate::optim::schedule::Shape::Cosine {
            steps: 2000,
            end_factor: 0.1,
        },
    };
    let regime = crate::optim::Regime {
        schedule,
        clip_norm: Some(1.0),
        weight_decay: 0.01,
    };
    let [mut first, last] = regime.settings(0.5);
    first.extend(last);
    for entered in &mut std::sync::Arc::make_mut(&mut race.meta).racers {
        entered.hyperparameters.clone_from(&first);
    }
    for racer in &mut race.racers {
        racer.clipped = Some(12);
    }
    let racer = &json(&race)["racers"][0];
    assert_eq!(racer["clipped"], 12);
    let want = serde_json::json!({
        "learning_rate": {
            "peak": 0.5, "schedule": "cosine", "warmup": 5, "steps": 2000, "end_factor": 0.1
        },
        "clip_norm": 1.0,
        "weight_decay": 0.01,
    });
    assert_eq!(racer["hyperparameters"], want);
    assert!(racer["hyperparameters"]["learning_rate"]["steps"].is_u64());
    let table = Results::new(&race).write(Format::Table);
    assert!(table.contains(" cosine 0.5 "), "{table}");
    let csv = Results::new(&race).write(Format::Csv);
    let mut lines = csv.lines().map(|line| line.rsplit(',').next().unwrap());
    assert_eq!(lines.next(), Some("clipped"));
    assert!(lines.all(|last| last == "12"), "{csv}");
    let says = "learning_rate=0.5 learning_rate.schedule=cosine learning_rate.warmup=5";
    assert!(csv.contains(says), "{csv}");
}
