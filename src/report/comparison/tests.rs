//! Comparisons of results made by hand.

use serde_json::{Value, json};

use super::*;

fn result(name: &str, seed: u64, racers: &[(&str, &str, &[Option<u64>])]) -> Kept {
    let racers: Vec<Value> = racers
        .iter()
        .map(|(label, optimizer, iterations)| {
            json!({
                "label": label,
                "optimizer": optimizer,
                "outcome": if iterations[0].is_some() { "converged" } else { "limit" },
                "iterations_to_converge": iterations[0],
                "seeds": { "iterations": iterations },
            })
        })
        .collect();
    let text = json!({
        "format": "slalom.result/1",
        "version": "0.1.0",
        "seed": seed,
        "scenario": { "name": name, "title": name, "digest": format!("{name}{seed}") },
        "racers": racers,
    });
    Kept::parse(&text.to_string()).expect("it is well formed")
}

/// Compares results from the files a, b, c, ...
fn compare(results: &[Kept]) -> Result<Comparison, String> {
    let files = ('a'..='z').map(String::from).take(results.len());
    Comparison::new(results, &files.collect::<Vec<_>>())
}

const NEVER: Option<u64> = None;

/// The vector of the reference: A takes 10, 20 and for ever, B 20, 20 and 30.
fn three() -> Vec<Kept> {
    let workload = |name, a, b| {
        let racers: [(&str, &str, &[_]); 2] = [("A", "adam", &[a]), ("B|1", "gd", &[b])];
        result(name, 0, &racers)
    };
    vec![
        workload("one", Some(10), Some(20)),
        workload("two", Some(20), Some(20)),
        workload("three", NEVER, Some(30)),
    ]
}

#[test]
fn a_table_has_times_profiles_and_scores() {
    let comparison = compare(&three()).unwrap();
    let want = "\
Median iterations to the target on 3 workloads

racer  optimizer        one        two      three  rho(1)  rho(1.5)  rho(2)  rho(4)   score
B|1    gd         20 (2.00)  20 (1.00)  30 (1.00)    0.67      0.67    1.00    1.00  0.8889
A      adam       10 (1.00)  20 (1.00)      never    0.67      0.67    0.67    0.67  0.6667

in brackets: over the best of the workload; rho(t): the share of workloads solved within t times the best; score: its mean for t from 1 to 4
A is ahead of B|1 on one; B|1 is on three
one seed each: races, not rankings
";
    assert_eq!(comparison.write(Format::Table), want);
    let markdown = comparison.write(Format::Markdown);
    assert!(markdown.starts_with("## Median iterations"), "{markdown}");
    let row =
        r"| B\|1 | gd | 20 (2.00) | 20 (1.00) | 30 (1.00) | 0.67 | 0.67 | 1.00 | 1.00 | 0.8889 |";
    assert!(markdown.contains(row), "{markdown}");
    let csv = comparison.write(Format::Csv);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(lines[1], "one,0,1,B|1,gd,20,2,0.8888888888888888");
    assert_eq!(lines[6], "three,0,1,A,adam,never,,0.6666666666666666");
}

#[test]
fn json_has_the_whole_profile() {
    let text = compare(&three()).unwrap().write(Format::Json);
    let object: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(object["format"], "slalom.comparison/1");
    assert_eq!(object["workloads"][2]["name"], "three");
    let [b, a] = [&object["racers"][0], &object["racers"][1]];
    assert_eq!(a["times"], json!([10.0, 20.0, null]));
    assert_eq!(a["profile"], json!([{ "tau": 1.0, "share": 2.0 / 3.0 }]));
    let steps = json!([{ "tau": 1.0, "share": 2.0 / 3.0 }, { "tau": 2.0, "share": 1.0 }]);
    assert_eq!(b["profile"], steps);
}

#[test]
fn a_time_is_the_median_over_the_seeds() {
    let adam: &[_] = &[Some(10), NEVER, Some(14), Some(12)];
    let gd: &[_] = &[Some(26), NEVER, NEVER, NEVER];
    let comparison = compare(&[result("x", 7, &[("A", "adam", adam), ("G", "gd", gd)])]);
    let racers = comparison.unwrap().racers;
    assert_eq!((racers[0].times[0], racers[0].score), (Some(13.0), 1.0));
    assert_eq!((racers[1].times[0], racers[1].score), (None, 0.0));
}

#[test]
fn a_workload_that_nobody_solves_ranks_nobody() {
    let never: &[_] = &[NEVER; 2];
    let some: &[_] = &[Some(3); 2];
    let both = |name, runs| result(name, 7, &[("A", "adam", runs), ("B", "gd", runs)]);
    let comparison = compare(&[both("x", some), both("y", never), both("z", never)]).unwrap();
    assert_eq!(
        comparison.remarks,
        ["every racer's median is never on y, z: nothing to rank there"]
    );
    let table = compare(&[both("y", never)]).unwrap().write(Format::Table);
    assert!(
        !table.contains("-0.0") && table.contains("nothing to rank"),
        "{table}"
    );
}

#[test]
fn what_does_not_match_is_said() {
    let one: &[_] = &[Some(3)];
    let two: &[_] = &[Some(4), Some(5)];
    let mut results = [
        result(
            "x",
            7,
            &[("A", "adam", one), ("B", "gd", one), ("C", "sgd", one)],
        ),
        result("y", 0, &[("A", "adam", two), ("B", "momentum", two)]),
        result("x", 7, &[("A", "adam", one), ("B", "gd", one)]),
    ];
    results[1].version = "0.2.0".to_owned();
    results[1].racers[0].outcome = "running".to_owned();
    results[2].scenario.departure = Some("edited".to_owned());
    let comparison = compare(&results).unwrap();
    assert_eq!(comparison.racers.len(), 1);
    let want = [
        "B (gd) is left out: it is not in y",
        "C (sgd) is left out: it is not in y, x: c",
        "B (momentum) is left out: it is not in x: a, x: c",
        "different versions of slalom: 0.1.0 (x: a, x: c), 0.2.0 (y)",
        "different numbers of seeds: 1 (x: a, x: c), 2 (y)",
        "different first seeds: 7 (x: a, x: c), 0 (y)",
        "x: a and x: c are the same race, and count twice",
        "y was stopped before its end: whoever was still running counts as never",
        "x: c departs from its scenario: edited",
    ];
    assert_eq!(comparison.remarks, want);
    let strangers = [
        result("x", 7, &[("A", "adam", one)]),
        result("y", 7, &[("A", "gd", one)]),
    ];
    let refused = compare(&strangers).unwrap_err();
    assert!(refused.contains("no racer is in all"), "{refused}");
}
