//! What the model of the curves says, in numbers.

use std::sync::Arc;

use super::*;
use crate::race::snapshot::Progress;
use crate::runner::Phase;
use crate::scenario::Metric;
use crate::tui::fixture::{evaluation, progress, race, state};

fn at(at: f64) -> Mark {
    Mark {
        pace: Pace::Iterations,
        at,
    }
}

fn shown(state: &State, mark: Mark, columns: usize) -> Curves {
    model(state, mark, &Desk::default(), columns)
}

fn run(losses: impl IntoIterator<Item = f64>) -> Progress {
    let numbered = losses.into_iter().zip(0..);
    let trace: Vec<_> = numbered
        .map(|(loss, step)| evaluation(step, step, loss))
        .collect();
    progress(&trace, None)
}

#[test]
fn the_axis_doubles_when_it_is_full() {
    let snapshot = race(0, Phase::Computed, false).snapshot;
    let full = |position: f64| across(at(position), &snapshot, false, 0).range()[1];
    let ends = [0.0, 20.0, 20.5, 40.0, 300.0, 1e9].map(full);
    assert_eq!(ends, [20.0, 20.0, 40.0, 40.0, 320.0, 1_342_177_280.0]);
}

#[test]
fn the_axis_ends_with_the_race_once_that_is_known() {
    let stopped = |outcome| Progress {
        outcome,
        ..run((0..=300).map(|step| 0.99_f64.powi(step)))
    };
    let end = |outcome| {
        let state = state(&["a"], vec![stopped(outcome)], 0.05, Phase::Computed);
        across(at(290.0), &state.snapshot, false, 0).range()[1]
    };
    assert_eq!(end(None), 320.0);
    let cause = "300 steps".to_owned();
    assert_eq!(end(Some(Outcome::Limit { cause })), 306.0);
}

#[test]
fn a_target_beyond_the_axis_says_so() {
    let label = |target: f64| {
        let state = state(&["a"], vec![run([1.0, 0.5])], target, Phase::Computed);
        shown(&state, at(1.0), 100).target.unwrap().label
    };
    assert_eq!(label(0.7), "target 0.7");
    assert_eq!(label(1e-300), "target 1e-300, below");
    assert_eq!(label(1e9), "target 1e9, above");
}

#[test]
fn what_decides_the_race_is_shown_first() {
    let mut state = race(2000, Phase::Computed, false);
    assert!(shown(&state, at(100.0), 100).heading.starts_with("loss"));
    let target = &mut Arc::make_mut(&mut state.snapshot.meta).target;
    (target.metric, target.value) = (Metric::Accuracy, 0.95);
    let curves = shown(&state, at(100.0), 100);
    assert_eq!(curves.heading, "accuracy against iterations");
    assert_eq!(curves.target.unwrap().label, "target 0.95");
}

#[test]
fn no_head_hides_the_target() {
    // The curve comes down to the target where its text stands else, and stays there.
    let state = state(
        &["a"],
        vec![run((0..13).map(|i| if i < 2 { 1.0 } else { 0.051 }))],
        0.05,
        Phase::Computed,
    );
    let curves = shown(&state, at(12.0), 100);
    let identities = crate::tui::identity::identities(&state.snapshot.meta.racers);
    let area = ratatui::layout::Rect::new(0, 0, 60, 12);
    let mut buffer = ratatui::buffer::Buffer::empty(area);
    draw(
        &curves,
        &identities,
        crate::tui::fixture::theme(true),
        area,
        &mut buffer,
    );
    let rows = buffer.content.chunks(60);
    let line = |row: &[ratatui::buffer::Cell]| {
        row.iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect::<String>()
    };
    let row = rows.map(line).find(|row| row.contains("target 0.05 "));
    let row = row.expect("the target is legible");
    assert!(
        row.chars().skip(45).collect::<String>().contains("target"),
        "{row}"
    );
}

#[test]
fn curves_end_at_the_playhead() {
    let state = race(2000, Phase::Computed, true);
    let curves = shown(&state, at(150.0), 200);
    assert_eq!(curves.y.scale(), Scale::Log);
    let heads: Vec<f64> = curves
        .series
        .iter()
        .map(|s| s.head.unwrap()[0] * 160.0)
        .collect();
    let rounded: Vec<f64> = heads.iter().map(|at| at.round()).collect();
    assert_eq!(rounded, [150.0, 150.0, 150.0, 89.0, 116.0]);
    let out: Vec<bool> = curves.series.iter().map(|s| s.out).collect();
    assert_eq!(out, [false, false, false, true, false]);
    let target = curves.target.unwrap();
    assert_eq!(target.label, "target 0.05");
    assert!((curves.series[4].head.unwrap()[1] - target.at).abs() < 0.001);
}

#[test]
fn at_most_two_points_a_column_and_the_extremes_among_them() {
    let noisy = (0..3000).map(|i| match i {
        1234 => 9.0,
        2345 => 0.06,
        i => 1.0 + 0.5 * f64::from(i).sin(),
    });
    let state = state(&["a"], vec![run(noisy)], 0.05, Phase::Computed);
    let curves = shown(&state, at(2999.0), 150);
    let points = &curves.series[0].points;
    let mut columns = [0; 150];
    for point in points {
        columns[(point[0] * 149.0).round() as usize] += 1;
    }
    assert_eq!(columns.iter().max(), Some(&2));
    assert!(points.is_sorted_by(|a, b| a[0] < b[0]));
    for loss in [9.0, 0.06] {
        let height = curves.y.place(loss).unwrap();
        assert!(points.iter().any(|point| point[1] == height), "{loss}");
    }
}

#[test]
fn what_is_not_a_number_is_dropped_and_what_explodes_lies_at_the_edge() {
    let wild = run([1.0, f64::NAN, 0.5, f64::INFINITY, 1e30, 0.2]);
    let state = state(&["a"], vec![wild], 0.05, Phase::Computed);
    let curves = shown(&state, at(5.0), 100);
    let heights: Vec<f64> = curves.series[0].points.iter().map(|p| p[1]).collect();
    assert_eq!(heights.len(), 4);
    assert_eq!(heights[2], 1.0);
    assert_eq!(curves.beyond, "1 above, 2 not finite");
    assert_eq!(curves.series[0].clipped, [(0.2, true)]);
    assert!(heights.iter().all(|height| (0.0..=1.0).contains(height)));
    let nothing = run([f64::NAN]);
    let state = super::tests::state(&["a"], vec![nothing], 0.05, Phase::Computed);
    let curves = shown(&state, at(0.0), 100);
    assert_eq!(
        (curves.series[0].head, curves.series[0].points.len()),
        (None, 0)
    );
}

#[test]
fn losses_of_zero_and_below_have_an_asinh_axis_from_the_start_on() {
    let scale = |start: f64, target: f64| {
        let state = state(&["a"], vec![run([start, -0.5])], target, Phase::Computed);
        let scale = |position| shown(&state, at(position), 100).y.scale();
        assert_eq!(scale(0.0), scale(1.0), "chosen once");
        scale(0.0)
    };
    assert_eq!(scale(1.0, -1.0), Scale::Asinh(1e-3));
    assert_eq!(scale(-1.0, 0.5), Scale::Asinh(1e-3));
    assert_eq!(scale(1.0, 1e-6), Scale::Log);
}

/// Between 400 and 404 logarithms would show one flat line.
#[test]
fn a_race_about_little_of_the_loss_has_an_even_axis() {
    let axis = |start: f64, target: f64| {
        let state = state(&["a"], vec![run([start, 404.0])], target, Phase::Computed);
        let shown = |position| shown(&state, at(position), 100).y;
        assert_eq!(shown(0.0).scale(), shown(1.0).scale(), "chosen once");
        shown(1.0)
    };
    let even = axis(401.0, 400.05);
    assert_eq!(even.scale(), Scale::Linear);
    let apart = even.place(404.0).unwrap() - even.place(400.05).unwrap();
    assert!(apart > 0.5, "{even:?}");
    assert_eq!(axis(401.0, 200.0).scale(), Scale::Log);
}

#[test]
fn smoothing_is_corrected_for_its_start_and_keeps_the_raw_curve() {
    let values: Vec<[f64; 2]> = (0..50).map(|i| [f64::from(i), 3.0]).collect();
    let smoothed = smooth(&values, 0.9);
    assert!(
        smoothed
            .iter()
            .all(|[_, value]| (value - 3.0).abs() < 1e-12)
    );
    let jump = smooth(&[[0.0, 1.0], [1.0, f64::NAN], [2.0, 0.0]], 0.6);
    assert_eq!(jump.len(), 2);
    assert!((jump[1][1] - 0.24 / 0.64).abs() < 1e-12, "{jump:?}");
    let state = race(2000, Phase::Computed, false);
    let mut desk = Desk::default();
    desk.curves.smoothing = 2;
    let curves = model(&state, at(100.0), &desk, 100);
    assert!(curves.heading.ends_with("smoothed by 0.9"));
    assert_eq!(
        curves.series[4].raw,
        shown(&state, at(100.0), 100).series[4].points
    );
    assert_ne!(curves.series[4].raw, curves.series[4].points);
}

#[test]
fn the_cursor_reads_every_racer_that_is_shown() {
    let state = race(2000, Phase::Computed, false);
    let mut desk = Desk::default();
    (desk.curves.cursor, desk.hidden) = (Some(0.25), vec![1]);
    let curves = model(&state, at(150.0), &desk, 100);
    let cursor = curves.cursor.unwrap();
    assert_eq!(cursor.label, "step 40");
    let racers: Vec<usize> = cursor.values.iter().map(|value| value.0).collect();
    assert_eq!(racers, [0, 2, 3, 4]);
    let loss = state.snapshot.racers[4].trace.points()[40].loss;
    assert_eq!(cursor.values[3].1, loss);
    assert_eq!(curves.series[1], Series::default(), "hidden");
    desk.curves.cursor = Some(1.0);
    let cursor = model(&state, at(150.0), &desk, 100).cursor.unwrap();
    assert_eq!(cursor.label, "step 150", "never beyond the playhead");
}

#[test]
fn nearer_is_a_window_with_the_playhead_in_it() {
    let state = race(2000, Phase::Computed, false);
    let mut desk = Desk::default();
    desk.curves.nearer = 2;
    for position in [0.0, 19.0, 20.0, 39.9, 40.0, 120.0, 159.0, 160.0] {
        let [low, high] = model(&state, at(position), &desk, 100).x.range();
        assert!(
            low <= position && position <= high,
            "{position}: {low} to {high}"
        );
        let whole = shown(&state, at(position), 100).x.range()[1];
        assert!(((high - low) / whole - 0.25).abs() < 1e-9 && low >= 0.0);
    }
}

#[test]
fn x_can_be_logarithmic() {
    let state = race(2000, Phase::Computed, false);
    let mut desk = Desk::default();
    desk.curves.log_x = true;
    let curves = model(&state, at(100.0), &desk, 100);
    assert_eq!(curves.x.range(), [1.0, 160.0]);
    let points = &curves.series[0].points;
    assert_eq!(points[0][0], 0.0, "the start lies at the left");
    assert!(points.is_sorted_by(|a, b| a[0] <= b[0]));
}

#[test]
fn other_quantities_have_their_own_axes() {
    let state = race(2000, Phase::Computed, false);
    assert_eq!(
        quantities(&state),
        [Quantity::Loss, Quantity::Accuracy, Quantity::Gradient]
    );
    let mut desk = Desk::default();
    desk.curves.quantity = Some(Quantity::Accuracy);
    let curves = model(&state, at(100.0), &desk, 100);
    assert_eq!(curves.y.range(), [0.0, 1.0]);
    assert_eq!(
        (curves.target, curves.heading.as_str()),
        (None, "accuracy against iterations")
    );
    assert_eq!(curves.series[0].head.unwrap()[1], 0.9);
    desk.curves.quantity = Some(Quantity::Gradient);
    let curves = model(&state, at(100.0), &desk, 100);
    assert_eq!(curves.heading, "|grad| (log) against iterations");
    desk.curves.quantity = Some(Quantity::Distance);
    let curves = model(&state, at(100.0), &desk, 100);
    assert!(
        curves.heading.starts_with("loss"),
        "a network has no known minimum"
    );
}
