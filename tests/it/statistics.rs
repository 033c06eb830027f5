//! What is claimed from many seeds: against `SciPy`, and in simulations whose truth is known.

use std::sync::atomic::AtomicBool;

use serde_json::Value;
use slalom::random::{Purpose, stream, uniform};
use slalom::runner;
use slalom::scenario::Entrant;
use slalom::scenario::check::{Options, check};
use slalom::scenario::shipped::SHIPPED;
use slalom::stats::lead::{Lead, Verdict};
use slalom::stats::paired::signed_rank;
use slalom::stats::{Run, Summary};
use slalom::sweep;

fn counts(value: &Value) -> Vec<Option<u64>> {
    let array = value.as_array().unwrap();
    array.iter().map(Value::as_u64).collect()
}

/// Iterations-to-converge of which one half is at most 100: skewed, as those of racers are.
fn skewed(rng: &mut impl FnMut() -> f64) -> u64 {
    let exponential = -libm::log(1.0 - rng());
    (100.0 * exponential / std::f64::consts::LN_2).ceil() as u64
}

fn summary(iterations: Vec<u64>) -> Summary {
    let runs = iterations.iter().map(|&count| Run {
        iterations: Some(count),
        steps: count,
    });
    Summary::new(&runs.collect::<Vec<_>>())
}

#[test]
fn signed_ranks_agree_with_scipy() {
    let text = include_str!("../data/statistics/signed_rank.json");
    let cases: Vec<Value> = serde_json::from_str(text).unwrap();
    assert_eq!(cases.len(), 15);
    for (number, case) in cases.iter().enumerate() {
        let (first, second) = (counts(&case["first"]), counts(&case["second"]));
        let test = signed_rank(&first, &second);
        assert_eq!(test.differ as u64, case["differ"], "case {number}");
        let want = case["p"].as_f64().unwrap();
        assert!(
            (test.p / want - 1.0).abs() < 1e-12,
            "case {number}: {} instead of {want}",
            test.p
        );
    }
}

/// The interval of 20 seeds covers the true median with 95.9 %, whatever the distribution.
#[test]
fn the_interval_covers_the_median_as_often_as_it_says() {
    let mut rng = stream(1, Purpose::Noise, 0);
    let mut random = || uniform(&mut rng);
    let trials = 2000;
    let covered = (0..trials).filter(|_| {
        let sample = summary((0..20).map(|_| skewed(&mut random)).collect());
        let [low, high] = sample.interval.unwrap().map(Option::unwrap);
        // One half is at most 100, the other at least 101.
        low <= 100 && 101 <= high
    });
    let share = covered.count() as f64 / f64::from(trials);
    assert!((0.94..=0.98).contains(&share), "{share}");
}

/// How many of 1,000 races between `racers` equal racers on 20 seeds claim a lead.
fn false_claims(racers: usize) -> usize {
    let mut rng = stream(2, Purpose::Noise, racers as u64);
    let mut random = || uniform(&mut rng);
    let claims = (0..1000).filter(|_| {
        let race: Vec<Summary> = (0..racers)
            .map(|_| summary((0..20).map(|_| skewed(&mut random)).collect()))
            .collect();
        let lead = Lead::new(&race.iter().collect::<Vec<_>>(), false).unwrap();
        let claimed = |verdict| matches!(verdict, Verdict::MoreThanLuck | Verdict::Behind);
        lead.over.iter().any(|over| claimed(over.verdict))
    });
    claims.count()
}

#[test]
fn equal_racers_are_seldom_told_apart() {
    for racers in [2, 5] {
        let claims = false_claims(racers);
        assert!(claims <= 65, "{claims} of 1,000 among {racers}");
        assert!(claims > 0, "a test that never claims says nothing");
    }
}

/// The first two racers of each shipped scenario, twice, on two seeds and few steps.
#[test]
fn the_same_optimizer_ties_with_itself_on_every_scenario() {
    let mut with_finishes = 0;
    for shipped in SHIPPED {
        let options = Options {
            set: vec!["finish.steps=60".to_owned()],
            ..Options::default()
        };
        let mut scenario = check(&shipped.source(), &options).unwrap();
        scenario.racers.truncate(2);
        let twins = scenario.racers.iter().map(|racer| Entrant {
            label: format!("{} again", racer.label),
            ..racer.clone()
        });
        let twins: Vec<Entrant> = twins.collect();
        let own = scenario.racers.len();
        scenario.racers.extend(twins);
        let go_on = AtomicBool::new(false);
        let sweep = sweep::run(&scenario, 2, &runner::stopwatch, &go_on, &|_| ());
        let racers: Vec<Summary> = sweep.runs.iter().map(|runs| Summary::new(runs)).collect();
        for racer in 0..own {
            let [one, other] = [&racers[racer], &racers[own + racer]];
            let name = shipped.name;
            assert_eq!(one, other, "{name}");
            let test = signed_rank(&one.iterations, &other.iterations);
            assert_eq!((test.differ, test.p), (0, 1.0), "{name}");
            if let Some(lead) = Lead::new(&[one, other], false) {
                assert_eq!(lead.over[0].verdict, Verdict::Equal, "{name}");
                with_finishes += 1;
            }
        }
    }
    assert!(with_finishes >= 10, "only {with_finishes} converged at all");
}
