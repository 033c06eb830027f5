//! What the inspector says, of real races.

use super::*;
use crate::race::retrace::{Glance, Retrace};
use crate::scenario::check::{Options, check};
use crate::scenario::shipped;
use crate::tui::fixture;

/// The page of a racer of a shipped race at a step.
fn page(name: &str, racer: usize, step: u64, coordinate: usize) -> (Look, Page) {
    let scenario = fixture::scenario(name);
    let snapshot = fixture::shipped(name, 1.0).snapshot;
    let glance = Glance {
        racer,
        step,
        coordinate: Some(coordinate),
        window: 120,
    };
    let look = Retrace::new(&scenario).look(glance, &mut |_| true);
    let look = look.expect("it goes on");
    let page = model(&look, &snapshot);
    (look, page)
}

#[test]
fn the_rule_has_this_steps_numbers_in_it() {
    let (look, page) = page("beale", 4, 2, 0);
    let chosen = &look.coordinates[0];
    let text = |value: f64| number::significant(value, 4);
    let [m, v] = [0, 1].map(|i| chosen.vectors[i].1.map(text));
    let g = text(chosen.g);
    assert_eq!(page.rule[0].names, "m = beta1 * m + (1 - beta1) * g");
    assert_eq!(page.rule[0].left, "m");
    let want = format!("0.9 * {} + 0.1 * {g} = {}", m[0], m[1]);
    assert_eq!(page.rule[0].numbers, want);
    let squared = format!("({g})^2");
    let want = format!("0.999 * {} + 0.001 * {squared} = {}", v[0], v[1]);
    assert_eq!(page.rule[1].numbers, want);
    let [before, after] = chosen.w.map(text);
    let want = format!(
        "{before} - 1 * ({} / 0.19) / (sqrt({} / 0.001999) + 1e-8) = {after}",
        m[1], v[1]
    );
    assert_eq!(page.rule[2].numbers, want);
    assert!(chosen.g < 0.0, "or no brackets would be needed");
}

#[test]
fn the_words_above_a_plot_end_where_the_room_does() {
    let (_, page) = page("beale", 4, 2, 0);
    let plot = Plot {
        title: "0.9: last 10, cancels 94 %, lags".to_owned(),
        short: "0.9: cancels 94 %, lags".to_owned(),
        ..page.averages[1].clone()
    };
    assert_eq!(plot.words(32), plot.title);
    assert_eq!(plot.words(31), plot.short);
    assert_eq!(plot.words(23), plot.short);
    assert_eq!(plot.words(22), "0.9: cancels 94 %");
    // There is nothing left to leave out.
    assert_eq!(plot.words(5), "0.9: cancels 94 %");
}

#[test]
fn columns_are_the_variables_or_what_all_parameters_are_like() {
    let (look, surface) = page("beale", 3, 9, 1);
    assert_eq!(surface.columns, ["y", "x"]);
    let names: Vec<&str> = surface.rows.iter().map(|row| row.0.as_str()).collect();
    let want = ["gradient g", "squares s", "effective step", "step taken"];
    assert_eq!(names, want);
    let y = &look.coordinates[1];
    assert_eq!(surface.rows[2].1[0], y.rate);
    assert_eq!(surface.rows[3].1[0], Some(y.w[1] - y.w[0]));
    let (look, network) = page("digits-softmax", 2, 9, 3);
    assert_eq!(network.columns.len(), 5);
    assert_eq!(network.rows[0].1[1], Some(look.spreads[0].norm));
    assert_eq!(network.rows[2].0, "effective step");
    assert_eq!(network.rows[2].1[1], None, "effective steps have no norm");
    assert!(
        network.parameter.contains("layer 1 weights [1, 4]"),
        "{network:?}"
    );
}

#[test]
fn notes_say_how_far_averages_reach_and_what_is_corrected() {
    let (_, adam) = page("beale", 4, 1, 0);
    let want = [
        "m spans 1/(1 - 0.9) = 10 gradients",
        "  corrected by 1/(1 - beta1^t) = 10.0",
        "v spans 1/(1 - 0.999) = 1,000 squares",
        "  corrected by 1/(1 - beta2^t) = 1000",
    ];
    assert_eq!(adam.notes[..4], want);
    let (_, momentum) = page("beale", 2, 1, 0);
    let want = [
        "v spans 1/(1 - 0.9) = 10 gradients",
        "  not corrected, else times 10.0",
        "the step turns 0 degrees from -g",
    ];
    assert_eq!(momentum.notes, want);
}

#[test]
fn what_is_around_the_rule_has_its_numbers_too() {
    let source = shipped::find("beale").expect("it ships").source();
    let set = ["learning_rate.warmup=8", "clip_norm=5", "weight_decay=0.5"];
    let options = Options {
        set: set.map(|set| format!("racer.gd.{set}")).to_vec(),
        ..Options::default()
    };
    let scenario = check(&source, &options).expect("it is valid");
    let snapshot = fixture::raced(&scenario, 1.0).snapshot;
    let glance = Glance {
        racer: 0,
        step: 2,
        coordinate: Some(0),
        window: 10,
    };
    let look = Retrace::new(&scenario).look(glance, &mut |_| true);
    let page = model(&look.expect("it goes on"), &snapshot);
    let rule = &page.rule[0];
    let want = "w = w - learning_rate * g - learning_rate * weight_decay * w";
    assert_eq!(rule.names, want);
    assert!(rule.numbers.contains(" - 0.0116 * 0.5 * "), "{rule:?}");
    let says = "clipped 2 of 2 gradients, this one from ";
    assert!(
        page.notes[0].starts_with(says) && page.notes[0].ends_with(" to 5"),
        "{page:?}"
    );
    assert_eq!(
        page.notes.len(),
        2,
        "it agrees with the race: {:?}",
        page.notes
    );
}

#[test]
fn before_the_first_step_the_rule_has_no_numbers() {
    let (_, page) = page("beale", 4, 0, 0);
    assert!(page.rule.iter().all(|line| line.numbers.is_empty()));
    assert_eq!(page.notes, ["the first step puts numbers into the rule"]);
    assert_eq!((page.own, page.averages.len()), (None, 0));
}

#[test]
fn a_plot_moves_on_by_its_half_and_keeps_what_lies_on_it() {
    for (step, want) in [
        (1, [0.0, 25.0]),
        (25, [0.0, 25.0]),
        (26, [0.0, 50.0]),
        (100, [0.0, 100.0]),
        (101, [50.0, 150.0]),
        (150, [50.0, 150.0]),
        (151, [100.0, 200.0]),
    ] {
        let (_, page) = page("ravine", 1, step, 1);
        let plot = page.own.expect("there is a step");
        assert_eq!(plot.x.range(), want, "at step {step}");
        let first = want[0].max(1.0);
        assert_eq!(plot.raw.len() as f64, step as f64 - first + 1.0);
        assert!(plot.title.contains("nothing is averaged"), "{}", plot.title);
    }
}

/// Gradient descent near the limit of the ravine's steep side goes to and fro on it.
#[test]
fn a_zigzag_is_cancelled_by_what_averages_longer() {
    let mut scenario = fixture::scenario("ravine");
    scenario.racers[0].learning_rate = 0.0399;
    let glance = Glance {
        racer: 0,
        step: 150,
        coordinate: Some(1),
        window: 120,
    };
    let look = Retrace::new(&scenario).look(glance, &mut |_| true);
    let look = look.expect("it goes on");
    let page = model(&look, &fixture::shipped("ravine", 1.0).snapshot);
    let titles: Vec<&str> = page
        .averages
        .iter()
        .map(|plot| plot.short.as_str())
        .collect();
    let cancels = |title: &str| -> f64 {
        let rest = title
            .split("cancels ")
            .nth(1)
            .unwrap_or_else(|| panic!("{title}"));
        rest.split(' ')
            .next()
            .and_then(|n| n.parse().ok())
            .expect("a number")
    };
    let [short, middle, long] = [0, 1, 2].map(|i: usize| cancels(titles[i]));
    assert!(short < middle && middle < long, "{titles:?}");
    assert!(long > 90.0, "{titles:?}");
}

#[test]
fn what_was_raced_elsewhere_is_told_apart() {
    let scenario = fixture::scenario("beale");
    let mut snapshot = fixture::shipped("beale", 1.0).snapshot;
    let glance = Glance {
        racer: 0,
        step: 5,
        coordinate: Some(0),
        window: 10,
    };
    let look = Retrace::new(&scenario).look(glance, &mut |_| true);
    let look = look.expect("it goes on");
    let says = |snapshot: &Snapshot| {
        let notes = model(&look, snapshot).notes;
        notes
            .iter()
            .any(|note| note.contains("differs from the recording"))
    };
    assert!(!says(&snapshot));
    snapshot.racers[0] = snapshot.racers[1].clone();
    assert!(says(&snapshot), "these are the positions of another racer");
}
