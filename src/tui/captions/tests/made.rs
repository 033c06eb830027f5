//! Each trigger on races made by hand: where it fires, with what words, and where it does not.

use std::sync::Arc;

use super::run;
use crate::optim::Setting;
use crate::problem::Part;
use crate::race::snapshot::{Meta, Outcome, Progress, Snapshot};
use crate::race::trace::Evaluation;
use crate::runner::Phase;
use crate::scenario::{Metric, Target};
use crate::tui::captions::{Kind, all};
use crate::tui::fixture::{evaluation, progress, state};

/// A model race to 0.05 that still runs: labels, and the loss of each at step 0, 1, 2, ...; GD on
/// all examples.
fn model(racers: &[(&str, &[f64])]) -> Snapshot {
    let racers = racers.iter().map(|(label, losses)| {
        let points = losses.iter().enumerate();
        let points: Vec<_> = points
            .map(|(i, &loss)| evaluation(i as u64, i as u64, loss))
            .collect();
        (*label, progress(&points, None))
    });
    race(racers.collect())
}

fn race(racers: Vec<(&str, Progress)>) -> Snapshot {
    let (labels, racers): (Vec<_>, Vec<_>) = racers.into_iter().unzip();
    let mut race = state(&labels, racers, 0.05, Phase::Computing).snapshot;
    for entered in &mut meta(&mut race).racers {
        if entered.label == "GD" {
            entered.batch = None;
        }
    }
    race
}

fn meta(race: &mut Snapshot) -> &mut Meta {
    Arc::make_mut(&mut race.meta)
}

fn surface(mut race: Snapshot) -> Snapshot {
    meta(&mut race).surface = true;
    race
}

/// Losses by a rule.
fn losses(steps: u32, loss: impl Fn(f64) -> f64) -> Vec<f64> {
    (0..=steps).map(|step| loss(f64::from(step))).collect()
}

/// Whether the captions of `kind` are `want`.
fn check(why: &str, race: &Snapshot, kind: Kind, want: &[&str]) {
    let all = all(race);
    let got: Vec<&str> = all
        .iter()
        .filter(|caption| caption.kind == kind)
        .map(|caption| &*caption.text)
        .collect();
    assert_eq!(got, want, "{why}");
}

/// Stays at 2.3 up to a step, then falls by a tenth a step.
fn stays(until: f64) -> impl Fn(f64) -> f64 {
    move |step| (2.3 - 0.1 * (step - until).max(0.0)).max(0.1)
}

#[test]
fn start_says_what_is_to_be_reached() {
    let target = |metric, on, value| Target { metric, value, on };
    for (target, want) in [
        (target(Metric::Loss, Part::Test, 0.2), "test loss 0.2"),
        (
            target(Metric::Accuracy, Part::Train, 0.95),
            "accuracy 95.0 %",
        ),
        (
            target(Metric::Accuracy, Part::Test, 0.905),
            "test accuracy 90.5 %",
        ),
    ] {
        let mut race = model(&[("GD", &[2.0]), ("Adam", &[3.0])]);
        meta(&mut race).target = target;
        let want = format!("two racers start at losses of 2 to 3 on 1,437 examples; target {want}");
        check("targets", &race, Kind::Start, &[&want]);
    }
}

#[test]
fn descent_needs_others_that_stay() {
    let [early, late] = [4.0, 20.0].map(|until| losses(12, stays(until)));
    let race = model(&[("GD", &late), ("Momentum", &late), ("Adam", &early)]);
    let want = ["step 7: Adam comes down first: loss 2; the other two at 2.3 or more"];
    check("one of three", &race, Kind::Descent, &want);
    let race = model(&[("GD", &late), ("RMSProp", &early), ("Adam", &early)]);
    check("two of three", &race, Kind::Descent, &[]);
    let at_once = losses(12, stays(0.0));
    let race = model(&[("GD", &late), ("Momentum", &late), ("Adam", &at_once)]);
    check("at once", &race, Kind::Descent, &[]);
}

#[test]
fn a_plateau_that_holds_all_of_two_holds_both() {
    let late = losses(60, |step| if step < 40.0 { 2.3 } else { 0.1 });
    let race = model(&[("GD", &late), ("Momentum", &late)]);
    let all = all(&race);
    let plateau = all.iter().find(|caption| caption.kind == Kind::Plateau);
    let text = &plateau.expect("there is one").text;
    assert!(text.ends_with(" holds both"), "{text}");
}

#[test]
fn plateaus_are_long_and_high_and_are_left_at_once() {
    let [early, late, last] = [4.0, 20.0, 30.0].map(|until| losses(60, stays(until)));
    let race = model(&[("GD", &late), ("Momentum", &last), ("Adam", &early)]);
    check(
        "two of three",
        &race,
        Kind::Plateau,
        &["step 6: a plateau at loss 2.3 holds GD and Momentum; Adam is past it"],
    );
    check(
        "who leaves it",
        &race,
        Kind::Departure,
        &[
            "step 22: GD leaves the plateau, at loss 2.1, 16 steps after Adam",
            "step 32: Momentum leaves the plateau last, at loss 2.1, 26 steps after Adam",
        ],
    );
    for (why, loss) in [
        (
            "a steady descent",
            losses(60, |step| 2.3 * 0.97_f64.powf(step)),
        ),
        (
            "low down",
            losses(60, |step| if step < 3.0 { 2.3 } else { 1.5 }),
        ),
        ("up and down", losses(60, |step| 2.3 + 0.2 * (step % 2.0))),
        ("never positive", losses(60, |_| -1.0)),
    ] {
        let race = model(&[("GD", &loss), ("Adam", &loss)]);
        check(why, &race, Kind::Plateau, &[]);
        check(why, &race, Kind::Departure, &[]);
    }
    let slow = losses(200, |step| 2.3 * 0.999_f64.powf(step));
    check(
        "slow, and still slow",
        &model(&[("GD", &slow)]),
        Kind::Departure,
        &[],
    );
}

/// A racer on a surface that goes by these positions, with loss and gradient by a rule.
fn along(
    positions: &[[f64; 2]],
    loss: impl Fn(usize) -> f64,
    norm: impl Fn(usize) -> f64,
) -> Progress {
    let point = |(i, position): (usize, &[f64; 2])| Evaluation {
        position: (*position).into(),
        gradient_norm: (i > 0).then(|| norm(i)),
        ..evaluation(i as u64, i as u64, loss(i))
    };
    progress(
        &positions.iter().enumerate().map(point).collect::<Vec<_>>(),
        None,
    )
}

#[test]
fn strides_are_compared_where_a_slope_only_begins() {
    let go = |step: f64, grows: f64| -> Vec<[f64; 2]> {
        (0..30)
            .map(|i| [1.0, step * (grows.powi(i) - 1.0) / (grows - 1.0)])
            .collect()
    };
    let down = |by: f64| move |i: usize| 2.0 - by * i as f64;
    let race = |plain: &[[f64; 2]], other: &[[f64; 2]], by: f64| {
        surface(race(vec![
            ("GD", along(plain, down(0.01), |_| 1.0)),
            ("Adam", along(other, down(by), |_| 1.0)),
        ]))
    };
    let (slow, fast, near) = (go(1e-4, 1.01), go(1e-2, 1.001), go(5e-4, 1.01));
    check(
        "further, and lower",
        &race(&slow, &fast, 0.02),
        Kind::Stride,
        &["step 8: along y Adam goes 0.0101 a step, GD 1.07e-4: 94 times as far"],
    );
    check("not lower", &race(&slow, &fast, 0.005), Kind::Stride, &[]);
    check(
        "not much further",
        &race(&slow, &near, 0.02),
        Kind::Stride,
        &[],
    );
    check(
        "that slope ends",
        &race(&go(1e-4, 0.9), &fast, 0.02),
        Kind::Stride,
        &[],
    );
}

#[test]
fn a_zig_zag_turns_nearly_every_time() {
    let go = |turn: fn(i32) -> bool| -> Vec<[f64; 2]> {
        let mut y = 1.0;
        (0..60)
            .map(|i| {
                y = if turn(i) { -y } else { y };
                [f64::from(i) * 0.1, y]
            })
            .collect()
    };
    let (always, rarely) = (go(|_| true), go(|i| i % 10 == 0));
    let race = |a: &[[f64; 2]], b: &[[f64; 2]]| {
        let run = |positions| along(positions, |_| 1.0, |_| 1.0);
        surface(race(vec![("GD", run(a)), ("Momentum", run(b))]))
    };
    check(
        "GD turns",
        &race(&always, &rarely),
        Kind::ZigZag,
        &["step 40: zig-zag: GD's dJ/dy changed sign in 39 of 40 steps, Momentum's in none"],
    );
    let mut named = race(&always, &rarely);
    meta(&mut named).variables = vec!["speed".to_owned(), "angle".to_owned()];
    check(
        "GD turns, by the variable's own name",
        &named,
        Kind::ZigZag,
        &["step 40: zig-zag: GD's dJ/dangle changed sign in 39 of 40 steps, Momentum's in none"],
    );
    let mut averaged = race(&always, &rarely);
    let beta = ("beta".to_owned(), Setting::Number(0.5));
    meta(&mut averaged).racers[1].hyperparameters.push(beta);
    // Moves of 2 and -2 in turn, averaged with 0.5, are 1 at first and come to 2/3 and -2/3: of 40
    // moves a little less than two thirds cancel.
    check(
        "Momentum with its beta",
        &averaged,
        Kind::ZigZag,
        &[
            "step 40: zig-zag: GD's dJ/dy changed sign in 39 of 40 steps; Momentum's beta 0.5 cancels 66 %",
        ],
    );
    meta(&mut averaged).racers[0].optimizer = "adam".to_owned();
    check(
        "its moves are not its slopes",
        &averaged,
        Kind::ZigZag,
        &["step 40: zig-zag: GD's y turned in 39 of the last 40 steps, Momentum's in none"],
    );
    check("nobody does", &race(&rarely, &rarely), Kind::ZigZag, &[]);
    let tiny: Vec<_> = always.iter().map(|[x, y]| [*x, 1e-3 * y]).collect();
    check("hardly at all", &race(&tiny, &rarely), Kind::ZigZag, &[]);
}

#[test]
fn an_overshoot_falls_rises_and_turns() {
    let fall = [10.0, 4.0, 1.0];
    for (why, rest, on_surfaces, on_models) in [
        ("by half", &[1.6, 1.2][..], true, false),
        ("fourfold", &[4.5, 1.2], true, true),
        ("has not turned yet", &[4.5, 4.6], false, false),
        ("less than half", &[1.4, 1.2], false, false),
    ] {
        let race = model(&[("GD", &[&fall[..], rest].concat())]);
        let text = format!(
            "step 4: GD overshoots: its loss rose from 1 at step 2 to {}, and turns",
            rest[0]
        );
        let want = |fires: bool| if fires { vec![text.as_str()] } else { vec![] };
        check(why, &race, Kind::Overshoot, &want(on_models));
        check(why, &surface(race), Kind::Overshoot, &want(on_surfaces));
    }
    let small = model(&[("GD", &[10.0, 1.0, 0.01, 0.1, 0.01])]);
    check("too small to see", &surface(small), Kind::Overshoot, &[]);
    let first = model(&[("GD", &[1.0, 9.0, 1.0])]);
    check("before any fall", &surface(first), Kind::Overshoot, &[]);
}

#[test]
fn noise_is_what_full_batches_do_not_have() {
    let calm = losses(40, |step| 2.0 - 0.01 * step);
    let noisy = losses(40, |step| 2.0 - 0.01 * step + 0.1 * (step % 3.0));
    let want = ["step 20: Adam's loss rose in 14 of its last 20 evaluations, GD's in none"];
    let race = model(&[("GD", &calm), ("Adam", &noisy)]);
    check("mini-batches", &race, Kind::Noise, &want);
    check("on a surface", &surface(race), Kind::Noise, &[]);
    let both = model(&[("GD", &noisy), ("Adam", &noisy)]);
    check("both", &both, Kind::Noise, &[]);
    let none = model(&[("GD", &calm), ("Adam", &calm)]);
    check("neither", &none, Kind::Noise, &[]);
}

#[test]
fn flat_ground_is_far_above_the_target() {
    let steps = [[0.0, 0.0]; 80];
    let norm = |i: usize| if (20..60).contains(&i) { 1e-3 } else { 1.0 };
    let race = |loss: fn(usize) -> f64, norm: fn(usize) -> f64| {
        surface(race(vec![("GD", along(&steps, loss, norm))]))
    };
    let high = race(|i| 2.0 - 0.01 * i as f64, norm);
    let flat = "step 29: GD is on flat ground: |g| 0.001, loss 1.71, far above the target 0.05";
    check("high up", &high, Kind::Flat, &[flat]);
    let off = "step 60: GD gets off the flat after 31 steps, at loss 1.4";
    check("and away", &high, Kind::Release, &[off]);
    let low = race(|i| 2.0 * 0.9_f64.powf(i as f64), norm);
    check("near the target", &low, Kind::Flat, &[]);
    let passing = race(|_| 2.0, |i| if i % 10 < 8 { 1e-3 } else { 1.0 });
    check("only passing", &passing, Kind::Flat, &[]);
    check(
        "a fall to the minimum",
        &run("one-weight", &[]),
        Kind::Flat,
        &[],
    );
}

#[test]
fn a_lead_must_last() {
    let ahead = losses(60, |_| 1.0);
    let passes = losses(60, |step| if step < 30.0 { 2.0 } else { 0.5 });
    check(
        "passed at 30, sure an eighth later",
        &model(&[("GD", &ahead), ("Adam", &passes)]),
        Kind::Lead,
        &[
            "step 4: GD leads: loss 1, the next at 2",
            "step 34: Adam takes the lead from GD: loss 0.5 against 1",
        ],
    );
    let noisy = losses(60, |step| if step % 3.0 < 2.0 { 0.9 } else { 1.1 });
    let race = model(&[("GD", &ahead), ("Adam", &noisy)]);
    check("up and down", &race, Kind::Lead, &[]);
    let near = losses(60, |_| 0.99);
    let race = model(&[("GD", &ahead), ("Adam", &near)]);
    check("side by side", &race, Kind::Lead, &[]);
}

#[test]
fn halfway_is_the_first_on_the_log_scale() {
    let [slow, fast] = [0.9_f64, 0.5].map(|by| losses(30, |step| 5.0 * by.powf(step)));
    let race = model(&[("GD", &slow), ("Adam", &fast)]);
    let want = "step 4: Adam is first halfway to the target (on a log scale): loss 0.312";
    check("one", &race, Kind::Halfway, &[want]);
    let mut below = model(&[("GD", &slow)]);
    meta(&mut below).target.value = -1.0;
    check("no logarithm", &below, Kind::Halfway, &[]);
    let mut narrow = model(&[("GD", &slow)]);
    meta(&mut narrow).target.value = 3.0;
    check("hardly a way", &narrow, Kind::Halfway, &[]);
}

/// Racers that converged after so many steps and samples.
fn finished(racers: &[(&'static str, u64, u64, f64)]) -> Snapshot {
    let racers = racers.iter().map(|&(label, step, samples, accuracy)| {
        let end = Evaluation {
            test_accuracy: Some(accuracy),
            ..evaluation(step, samples, 0.04)
        };
        (
            label,
            progress(&[evaluation(0, 0, 2.0), end], Some(Outcome::Converged)),
        )
    });
    race(racers.collect())
}

#[test]
fn finishes_are_counted_and_the_end_is_summed_up() {
    let race = finished(&[
        ("GD", 100, 143_700, 0.9),
        ("Momentum", 130, 8_320, 0.95),
        ("RMSProp", 130, 8_300, 0.95),
        ("Adam", 200, 12_800, 0.9),
    ]);
    check(
        "places",
        &race,
        Kind::Finish,
        &[
            "step 100: GD converges first, after 143,700 samples",
            "step 130: Momentum and RMSProp are 2nd, 30 steps behind GD",
            "step 200: Adam is 4th, 100 steps behind GD (12,800 samples)",
        ],
    );
    check(
        "gap",
        &race,
        Kind::Gap,
        &["Adam needs 200 steps, 2.0 times GD's 100"],
    );
    let test = "test accuracy where they stopped: Momentum and RMSProp 95.0 % (best), GD and Adam 90.0 % (worst)";
    check("test", &race, Kind::Test, &[test]);
    let samples = "by samples GD falls from 1st to 4th: it took 143,700 for RMSProp's 8,300";
    check("samples", &race, Kind::Samples, &[samples]);
    let near = finished(&[("A", 100, 100, 0.9), ("B", 149, 149, 0.9)]);
    check("near", &near, Kind::Gap, &[]);
    check("the same order", &near, Kind::Samples, &[]);
    check(
        "alike",
        &near,
        Kind::Test,
        &["test accuracy where they stopped: all 90.0 %"],
    );
    let mut running = finished(&[("A", 100, 100, 0.9), ("B", 300, 3, 0.9)]);
    running.racers[1].outcome = None;
    for kind in [Kind::Gap, Kind::Test, Kind::Samples] {
        check("not over", &running, kind, &[]);
    }
}

#[test]
fn failures_say_why_with_numbers() {
    let cause = || "2000 steps".to_owned();
    let points = [
        evaluation(0, 0, 2.0),
        evaluation(1_200, 9, 0.4),
        evaluation(2_000, 9, 0.5),
    ];
    for (outcome, hit, want) in [
        (
            Outcome::Diverged {
                step: 2_000,
                cause: "the loss is not finite".to_owned(),
            },
            None,
            "diverges: the loss is not finite (it was 0.4 at step 1,200)",
        ),
        (
            Outcome::Stalled {
                cause: Some("saddle".to_owned()),
            },
            None,
            "has stalled, its gradient nearly zero (saddle): best loss 0.4",
        ),
        (
            Outcome::Limit { cause: cause() },
            None,
            "does not finish within 2000 steps: best loss 0.4",
        ),
        (
            Outcome::Limit { cause: cause() },
            Some(1_100),
            "does not finish within 2000 steps: met the target at step 1,100, but did not hold it",
        ),
        (
            Outcome::Error {
                cause: "a fault in its code: oh".to_owned(),
            },
            None,
            "fails, a fault in its code: oh",
        ),
    ] {
        let mut racer = progress(&points, Some(outcome));
        racer.first_hit = hit;
        let want = format!("step 2,000: GD {want}");
        check(
            "failure",
            &race(vec![("GD", racer)]),
            Kind::Failure,
            &[&want],
        );
    }
}

#[test]
fn every_trigger_is_described_once() {
    use crate::tui::captions::TRIGGERS;
    let mut names: Vec<&str> = TRIGGERS.iter().map(|trigger| trigger.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TRIGGERS.len());
    assert!(TRIGGERS.iter().all(|trigger| !trigger.says.is_empty()));
}
