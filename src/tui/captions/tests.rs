//! The captions of races: what holds for all of them, and the texts of shipped ones.

use std::sync::Arc;

use super::*;
use crate::race::Race;
use crate::race::snapshot::{Outcome, Progress};
use crate::race::trace::Trace;
use crate::runner::Phase;
use crate::scenario::check::{Options, check};
use crate::scenario::shipped;
use crate::tui::fixture;
use crate::tui::playhead::{Mark, measure};

mod made;

/// A shipped race to its end, changed as by `--set`.
pub(super) fn run(name: &str, set: &[&str]) -> Snapshot {
    let set = set.iter().map(|&set| set.to_owned()).collect();
    let options = Options {
        set,
        ..Options::default()
    };
    let source = shipped::find(name).unwrap().source();
    let scenario = check(&source, &options).unwrap();
    let mut race = Race::new(&scenario, &crate::runner::stopwatch);
    while !race.finished() {
        race.advance(1000);
    }
    race.snapshot()
}

/// `snapshot` as it was when every racer still in the race was at `step`.
fn cut(snapshot: &Snapshot, step: u64) -> Snapshot {
    let mark = Mark {
        pace: crate::scenario::Pace::Iterations,
        at: step as f64,
    };
    let before = |racer: &Progress| {
        if mark.see(racer).outcome.is_some() {
            return racer.clone();
        }
        let mut trace = Trace::default();
        for point in mark.past(racer) {
            trace.push(point.clone());
        }
        Progress {
            latest: trace.points()[trace.points().len() - 1].clone(),
            trace,
            convergence: None,
            outcome: None,
            ..racer.clone()
        }
    };
    Snapshot {
        meta: Arc::clone(&snapshot.meta),
        racers: snapshot.racers.iter().map(before).collect(),
    }
}

fn texts(captions: &[Caption]) -> Vec<&str> {
    captions
        .iter()
        .map(|caption| caption.text.as_str())
        .collect()
}

/// What holds for the captions of every race.
fn check_all(snapshot: &Snapshot, name: &str) {
    let (all, shown) = (all(snapshot), captions(snapshot));
    let steps: Vec<u64> = all.iter().map(|caption| caption.at.step).collect();
    assert!(steps.is_sorted(), "{name}: {steps:?}");
    assert_eq!(all[0].kind, Kind::Start);
    for (i, caption) in all.iter().enumerate() {
        let Caption {
            text, short, at, ..
        } = caption;
        assert!(text.chars().count() <= LONG, "{name}: {text}");
        assert!(short.chars().count() <= SHORT, "{name}: {short}");
        assert!(!text.contains(crate::text::is_unsafe), "{name}: {text}");
        let numbered = at.step > 0 && !caption.kind.is_final();
        assert_eq!(text.starts_with("step "), numbered, "{name}: {text}");
        let same = |other: &&Caption| {
            let about = (other.kind, other.racer) == (caption.kind, caption.racer);
            other.text == *text || about && caption.kind != Kind::Lead
        };
        let twin = all[..i].iter().find(same);
        assert_eq!(twin, None, "{name}: said twice, {text}");
        let seen = |racer: &Progress| {
            let mut points = racer.trace.points().iter().chain(&racer.convergence);
            points.any(|point| point.moment() == *at)
        };
        let known = snapshot.racers.iter().any(seen);
        assert!(known || caption.kind.is_final(), "{name}: {text}");
    }
    assert!(shown.iter().all(|caption| all.contains(caption)), "{name}");
    let majors = |captions: &[Caption]| captions.iter().filter(|c| c.kind.is_major()).count();
    assert_eq!(majors(&shown), majors(&all), "{name}");
    let length = snapshot.racers.iter().map(|racer| racer.latest.step).max();
    let apart = (APART * length.unwrap() as f64) as u64;
    let minors: Vec<&Caption> = shown.iter().filter(|c| !c.kind.is_major()).collect();
    for pair in minors.windows(2) {
        assert!(
            pair[1].at.step - pair[0].at.step > apart,
            "{name}: {pair:?}"
        );
    }
}

#[test]
fn captions_of_shipped_races_are_in_order_short_and_said_once() {
    for name in [
        "moons",
        "line",
        "batches",
        "cold-start",
        "digits-relu",
        "digits-softmax",
    ] {
        check_all(&run(name, &[]), name);
    }
    for name in [
        "digits",
        "beale",
        "rosenbrock",
        "saddle",
        "ravine",
        "one-weight",
    ] {
        check_all(&run(name, &[]), name);
    }
}

#[test]
fn no_caption_knows_what_comes_after_its_step() {
    for name in [
        "digits",
        "cold-start",
        "line",
        "beale",
        "saddle",
        "ravine",
        "one-weight",
    ] {
        let whole = run(name, &[]);
        let all = all(&whole);
        let steps = all.iter().map(|caption| caption.at.step);
        let mut cuts: Vec<u64> = steps
            .flat_map(|step| [step.saturating_sub(1), step])
            .collect();
        cuts.dedup();
        for step in cuts {
            let known = |c: &&Caption| c.at.step <= step && !c.kind.is_final();
            let want: Vec<&str> = all.iter().filter(known).map(|c| c.text.as_str()).collect();
            let before = super::all(&cut(&whole, step));
            let got = before.iter().filter(|caption| !caption.kind.is_final());
            let got: Vec<&str> = got.map(|caption| caption.text.as_str()).collect();
            assert_eq!(got, want, "{name} at step {step}");
        }
    }
}

#[test]
fn the_playhead_reaches_captions_one_by_one_and_the_last_ones_at_the_end() {
    use crate::scenario::Pace;
    let race = run("beale", &[]);
    let captions = captions(&race);
    let end = |pace| {
        let all = race.racers.iter();
        all.map(move |racer| measure(pace, racer.latest.moment()))
            .fold(0.0, f64::max)
    };
    for pace in [Pace::Iterations, Pace::Samples, Pace::Time] {
        let at = |at: f64| Mark { pace, at };
        let reached = |mark: Mark| captions.iter().filter(|c| mark.reached(c.at)).count();
        let last = captions
            .iter()
            .filter(|caption| caption.kind.is_final())
            .count();
        assert_eq!((reached(at(0.0)), last), (1, 2));
        assert_eq!(reached(at(end(pace))), captions.len());
        assert!(reached(at(0.999 * end(pace))) <= captions.len() - last);
    }
}

#[test]
fn hopeless_races_of_64_and_empty_ones_are_fine() {
    let losses = [
        f64::NAN,
        f64::INFINITY,
        -1e300,
        0.0,
        1e300,
        2.0,
        1.0,
        f64::NEG_INFINITY,
    ];
    let racer = |r: usize| {
        let points: Vec<_> = (0..300)
            .map(|i| fixture::evaluation(i, i, losses[(i as usize * (r + 1) + r) % 8]))
            .collect();
        let outcome = [
            Outcome::Converged,
            Outcome::Error {
                cause: "x".repeat(500),
            },
            Outcome::Stalled { cause: None },
        ];
        fixture::progress(&points[..100 + 3 * r], outcome.get(r % 4).cloned())
    };
    let labels: Vec<String> = (0..64).map(|i| format!("{i:#<24}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    for surface in [false, true] {
        let racers = (0..64).map(racer).collect();
        let mut race = fixture::state(&labels, racers, 0.05, Phase::Computed).snapshot;
        Arc::make_mut(&mut race.meta).surface = surface;
        check_all(&race, "hopeless");
    }
    let point = [fixture::evaluation(0, 0, f64::NAN)];
    let alone = fixture::progress(&point, None);
    let race = fixture::state(&["A"], vec![alone], 0.05, Phase::Computing).snapshot;
    assert_eq!(
        texts(&all(&race)),
        ["one racer starts without a finite loss on 1,437 examples; target 0.05"]
    );
    let race = fixture::state(&[], Vec::new(), 0.05, Phase::Computing).snapshot;
    assert_eq!(all(&race), []);
}

#[test]
fn the_race_on_beale() {
    let want = [
        "five racers start at loss 14.2; target 1e-4, to hold for 10 evaluations",
        "step 4: Adam overshoots: its loss rose from 6.2 at step 2 to 14.4, and turns",
        "step 5: GD leads: loss 1.18, the next at 1.91",
        "step 7: Momentum overshoots: its loss rose from 2.98 at step 4 to 6.98, and turns",
        "step 18: Adam is first halfway to the target (on a log scale): loss 0.00923",
        "step 106: Adam converges first, after 106 samples",
        "step 115: Momentum is 2nd, 9 steps behind Adam (115 samples)",
        "step 193: GD is 3rd, 87 steps behind Adam (49,408 samples)",
        "step 346: zig-zag: RMSProp's y turned in 30 of the last 40 steps",
        "step 430: Mini-batch GD is 4th, 324 steps behind Adam (430 samples)",
        "step 787: RMSProp is 5th, 681 steps behind Adam (787 samples)",
        "RMSProp needs 787 steps, 7.4 times Adam's 106",
        "by samples GD falls from 3rd to 5th: it took 49,408 for Adam's 106",
    ];
    let race = run("beale", &[]);
    assert_eq!(texts(&all(&race)), want);
    let shown = captions(&race);
    let gone: Vec<&&str> = want
        .iter()
        .filter(|text| !texts(&shown).contains(text))
        .collect();
    assert_eq!(
        gone,
        [&want[2], &want[3], &want[4]],
        "too near to weightier ones"
    );
}

/// In how many of the first 40 steps each racer's y changed its sign, and the first step at which
/// it was further than 1 from the middle.
fn ways_along_y(race: &Snapshot) -> Vec<(&str, usize, Option<u64>)> {
    let racers = race.meta.racers.iter().zip(&race.racers);
    let ways = racers.map(|(entered, racer)| {
        let points = racer.trace.points();
        let turns = points[..=40]
            .windows(2)
            .filter(|pair| pair[0].position[1] * pair[1].position[1] < 0.0)
            .count();
        let away = points.iter().find(|point| point.position[1].abs() > 1.0);
        (entered.label.as_str(), turns, away.map(|point| point.step))
    });
    ways.collect()
}

#[test]
fn the_race_on_the_saddle() {
    let want = [
        "five racers start at loss 1; target -1, to hold for 10 evaluations",
        "step 7: Heavy-ball leads: loss 0.335, the next at 0.721",
        "step 8: along y RMSProp goes 0.0191 a step, GD 2.3e-6: 8,300 times as far",
        "step 24: Heavy-ball overshoots: its loss rose from 1.23e-4 at step 14 to 0.0871, and turns",
        "step 41: RMSProp takes the lead from Heavy-ball: loss -0.135 against 0.00379",
        "step 64: Heavy-ball is on flat ground: |g| 0.0894, loss -0.0019, far above the target -1",
        "step 75: RMSProp converges first, after 75 samples",
        "step 79: Heavy-ball gets off the flat after 15 steps, at loss -0.0466; RMSProp was as low at step 38",
        "step 80: Adam is 2nd, 5 steps behind RMSProp (80 samples)",
        "step 95: Heavy-ball is 3rd, 20 steps behind RMSProp (95 samples)",
        "step 137: Momentum (ema) is on flat ground: |g| 0.0779; RMSProp, Adam and Heavy-ball reached -1",
        "step 159: GD is on flat ground: |g| 0.0823, loss 0.00162; RMSProp, Adam and Heavy-ball reached -1",
        "step 266: GD passes Momentum (ema), the best still racing: loss -3.55e-4 against -7.19e-5",
        "step 319: GD gets off the flat after 160 steps, at loss -0.00307; RMSProp was as low at step 36",
        "step 323: Momentum (ema) gets off the flat after 186 steps, at loss -5.2e-4",
        "step 466: GD is 4th, 391 steps behind RMSProp (119,296 samples)",
        "step 543: Momentum (ema) is 5th, 468 steps behind RMSProp (543 samples)",
        "Momentum (ema) needs 543 steps, 7.2 times RMSProp's 75",
        "by samples GD falls from 4th to 5th: it took 119,296 for RMSProp's 75",
    ];
    let race = run("saddle", &[]);
    assert_eq!(texts(&all(&race)), want);
    let away: Vec<_> = ways_along_y(&race)
        .into_iter()
        .map(|(label, _, step)| (label, step))
        .collect();
    // GD and the moving average wait, as an independent computation says.
    let want = [
        ("GD", Some(466)),
        ("Momentum (ema)", Some(543)),
        ("Heavy-ball", Some(95)),
        ("RMSProp", Some(72)),
        ("Adam", Some(77)),
    ];
    assert_eq!(away, want);
    let shown = captions(&race);
    let waits = |label: &str| {
        texts(&shown)
            .iter()
            .any(|text| text.contains(&format!("{label} is on flat ground")))
    };
    assert!(
        waits("GD") && waits("Momentum (ema)"),
        "{:?}",
        texts(&shown)
    );
    assert!(!waits("RMSProp") && !waits("Adam"), "{:?}", texts(&shown));
}

#[test]
fn the_race_in_the_ravine() {
    let want = [
        "five racers start at loss 33; target 1e-4, to hold for 10 evaluations",
        "step 5: Momentum leads: loss 15.1, the next at 16",
        "step 7: Momentum overshoots: its loss rose from 7.82 at step 3 to 19.2, and turns",
        "step 40: zig-zag: GD's dJ/dy changed sign in 39 of 40 steps; Momentum's beta 0.9 cancels 95 %",
        "step 51: Momentum is first halfway to the target (on a log scale): loss 0.0493",
        "step 120: Momentum converges first, after 120 samples",
        "step 144: GD is 2nd, 24 steps behind Momentum (36,864 samples)",
        "step 155: Mini-batch GD is 3rd, 35 steps behind Momentum (155 samples)",
        "step 205: Adam passes RMSProp, the best still racing: loss 0.00211 against 0.00881",
        "step 248: Adam is 4th, 128 steps behind Momentum (248 samples)",
        "step 400: RMSProp does not finish within 400 steps: best loss 0.00624",
        "Adam needs 248 steps, 2.1 times Momentum's 120",
        "by samples GD falls from 2nd to 4th: it took 36,864 for Momentum's 120",
    ];
    let race = run("ravine", &[]);
    assert_eq!(texts(&all(&race)), want);
    let shown = captions(&race);
    let zig_zag = shown.iter().find(|caption| caption.kind == Kind::ZigZag);
    assert_eq!(
        zig_zag.map(|caption| caption.short.as_str()),
        Some("step 40: zig-zag: GD's dJ/dy changed sign in 39 of 40"),
        "it is shown, and has a short form"
    );
    let turns: Vec<_> = ways_along_y(&race)
        .into_iter()
        .map(|(label, turns, _)| (label, turns))
        .collect();
    let want = [
        ("GD", 40),
        ("Mini-batch GD", 40),
        ("Momentum", 6),
        ("RMSProp", 0),
        ("Adam", 1),
    ];
    assert_eq!(turns, want);
}

/// Digits are computed in single precision, by kernels that differ from processor to processor: its
/// later steps are not the same everywhere.
#[test]
fn the_race_on_the_digits() {
    let race = run("digits", &[]);
    let all = all(&race);
    let early = [
        "five racers start at loss 2.44 on 1,437 examples; target 0.05",
        "step 6: RMSProp and Adam come down first: loss 1.98 and 2.17; the other three at 2.29 or \
         more",
        "step 10: RMSProp leads: loss 1.71, the next at 1.92",
        "step 12: a plateau at loss 2.28 holds GD, Mini-batch GD and Momentum; RMSProp and Adam are \
         past it",
    ];
    assert_eq!(texts(&all)[..4], early);
    let of = |kind: Kind| all.iter().filter(move |caption| caption.kind == kind);
    let leavers: Vec<_> = of(Kind::Departure).map(|caption| caption.racer).collect();
    assert_eq!(
        leavers,
        [Some(0), Some(2), Some(1)],
        "GD, Momentum, Mini-batch GD"
    );
    let last = of(Kind::Departure).next_back().unwrap();
    assert!(
        last.text
            .contains("Mini-batch GD leaves the plateau last, at loss 2")
    );
    assert!(last.text.ends_with(" steps after RMSProp"), "{}", last.text);
    assert_eq!(of(Kind::Finish).count(), 5);
    assert_eq!(of(Kind::Test).count(), 1);
    let samples = of(Kind::Samples).next().unwrap();
    assert!(
        samples.text.starts_with("by samples GD falls from "),
        "{}",
        samples.text
    );
    assert!(
        samples.text.contains(" to 5th: it took "),
        "{}",
        samples.text
    );
}
