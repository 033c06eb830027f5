//! Orders of modes made by hand, and modes of small races.

use super::*;
use crate::race::untimed;
use crate::scenario::check::{Options, Source, check};
use crate::scenario::shipped;
use crate::stats::Run;
use crate::stats::lead::Verdict;

/// A mode in which racers took these iterations; an empty one was not raced.
fn mode(kind: Kind, racers: &[&[u64]]) -> Mode {
    let placed = |iterations: &&[u64]| {
        let runs = iterations.iter().map(|&count| Run {
            iterations: Some(count),
            steps: count,
        });
        (!iterations.is_empty()).then(|| Placed {
            rate: 0.1,
            rank: 1,
            runs: Summary::new(&runs.collect::<Vec<_>>()),
        })
    };
    Mode {
        kind,
        racers: racers.iter().map(placed).collect(),
    }
}

/// Twelve seeds from this count on.
fn from(count: u64) -> Vec<u64> {
    (count..count + 12).collect()
}

#[test]
fn a_flip_that_holds_on_every_seed_is_more_than_luck() {
    let (low, high) = (from(10), from(100));
    let modes = [
        mode(Kind::Tuned, &[&low, &high, &high]),
        mode(Kind::Same, &[&high, &low, &[]]),
    ];
    let orders = Orders::new(&modes, false);
    assert_eq!(orders.tests, 4, "three pairs, and one");
    let [flip] = orders.flips.as_slice() else {
        panic!("the third is nowhere ahead: {:?}", orders.flips);
    };
    assert_eq!((flip.racers, flip.verdict), ([0, 1], Verdict::MoreThanLuck));
    // Twelve fair coins fall alike twice in 2^12; three of the four tests have that probability.
    for (mode, side) in flip.sides.iter().enumerate() {
        let want = Side {
            mode,
            differ: 12,
            p: 2.0 / 4096.0,
            corrected: 4.0 * 2.0 / 4096.0,
            verdict: Verdict::MoreThanLuck,
        };
        assert_eq!(*side, [want]);
    }
}

#[test]
fn a_flip_is_worth_what_its_weaker_side_is() {
    let (low, high) = (from(10), from(100));
    let (even, mut mixed) = (vec![50; 12], vec![49; 7]);
    mixed.extend([51; 5]);
    let modes = [
        mode(Kind::Tuned, &[&low, &high]),
        mode(Kind::Same, &[&even, &mixed]),
    ];
    let flips = Orders::new(&modes, false).flips;
    assert_eq!(flips[0].verdict, Verdict::MayBeLuck);
    let side = flips[0].sides[1][0];
    // At most 5 of 12 coins, on either side.
    assert!((side.p - 2.0 * 1586.0 / 4096.0).abs() < 1e-12, "{side:?}");
    assert_eq!(side.corrected, side.p, "the last of Holm's tests");
    assert_eq!(flips[0].sides[0][0].verdict, Verdict::MoreThanLuck);
}

#[test]
fn few_seeds_tell_nothing_unless_nothing_varies() {
    let modes = [
        mode(Kind::Tuned, &[&[10], &[20]]),
        mode(Kind::Default, &[&[20], &[10]]),
    ];
    for (nothing_varies, verdict) in [
        (false, Verdict::TooFewSeeds),
        (true, Verdict::NothingVaries),
    ] {
        let flips = Orders::new(&modes, nothing_varies).flips;
        assert_eq!(flips[0].verdict, verdict);
    }
    let equal = [
        mode(Kind::Tuned, &[&[10, 9], &[20, 8]]),
        mode(Kind::Default, &[&[20, 7], &[20, 7]]),
    ];
    assert_eq!(Orders::new(&equal, false).flips, [], "equal is no flip");
}

/// A surface with noise; the rule of the last racer is written here.
const SLOPE: &str = "title = \"Slope\"\nseed = 4\n[surface]\nfunction = \"booth\"\nstart = [0, 0]\n\
                     noise = 1\n[finish]\nloss = 0.1\nsteps = 100\n\
                     [[racer]]\noptimizer = \"momentum\"\nlearning_rate = 0.1\n\
                     [[racer]]\noptimizer = \"adam\"\nlearning_rate = 0.1\n\
                     [[racer]]\nrule = [\"w = w - learning_rate*g\"]\nlearning_rate = 0.1\nlabel = \"Mine\"\n";

/// The slope, and the plan of its modes on three seeds.
pub(super) fn plan() -> (Scenario, Plan) {
    let source = Source {
        text: SLOPE.to_owned(),
        ..shipped::find("booth").expect("it ships").source()
    };
    let options = Options::default();
    let scenario = check(&source, &options).expect("it is valid");
    let fields = entries::fields(&scenario, &source, &options, &[]).expect("nothing is asked for");
    let plan = Plan::new(&scenario, fields, 3, 1).expect("it is small");
    (scenario, plan)
}

/// Carries out a plan on one thread, stopped on what `until` says of how far it has come.
pub(super) fn run_one(
    scenario: &Scenario,
    plan: &Plan,
    until: &(dyn Fn(Stage<'_>) -> bool + Sync),
) -> Modes {
    let stop = AtomicBool::new(false);
    let watch = |stage: Stage<'_>| {
        if until(stage) {
            stop.store(true, Memory::Relaxed);
        }
    };
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one = one.expect("the system starts a thread");
    one.install(|| run(scenario, plan, &untimed, &stop, &watch))
}

/// The modes of the slope, stopped on what `until` says.
fn modes(until: &(dyn Fn(Stage<'_>) -> bool + Sync)) -> Modes {
    let (scenario, plan) = plan();
    run_one(&scenario, &plan, until)
}

#[test]
fn each_mode_has_its_rates_and_a_written_rule_no_default() {
    let modes = modes(&|_| false);
    assert!(!modes.stopped);
    let same = modes.same.expect("the search was run to its end");
    let rates = |mode: &Mode| -> Vec<Option<f64>> {
        let racers = mode.racers.iter();
        racers
            .map(|placed| placed.as_ref().map(|placed| placed.rate))
            .collect()
    };
    let [tuned, default, at_one] = modes.modes.as_slice() else {
        panic!("three modes: {:?}", modes.modes);
    };
    let best = modes.tuning.racers.iter().map(|racer| racer.at_best());
    let best: Vec<Option<f64>> = best.map(|best| best.map(|(_, point)| point.rate)).collect();
    assert_eq!(rates(tuned), best);
    assert_eq!(rates(at_one), [Some(same.rate); 3]);
    // PyTorch's 0.001 is for heavy-ball with its sum of gradients, of which ema takes a tenth.
    let [momentum, adam, mine] = rates(default)[..] else {
        panic!("three racers");
    };
    assert!((momentum.expect("it has one") - 0.01).abs() < 1e-15);
    assert_eq!((adam, mine), (Some(0.001), None));
    for mode in &modes.modes {
        let ranks: Vec<usize> = mode
            .racers
            .iter()
            .flatten()
            .map(|placed| placed.rank)
            .collect();
        assert!(ranks.contains(&1) && ranks.iter().all(|rank| *rank <= ranks.len()));
        assert_eq!(mode.seeds(), 3);
    }
}

#[test]
fn a_stop_leaves_what_is_whole() {
    let raced = |modes: &Modes| -> Vec<(Kind, u64)> {
        let each = modes.modes.iter();
        each.map(|mode| (mode.kind, mode.seeds())).collect()
    };
    let in_the_second = modes(&|stage| matches!(stage, Stage::Race(Kind::Default, 2, _)));
    assert!(in_the_second.stopped);
    let want = [(Kind::Tuned, 3), (Kind::Default, 2)];
    assert_eq!(raced(&in_the_second), want);
    let in_the_search =
        modes(&|stage| matches!(stage, Stage::Search(advance, _) if advance.done > 3));
    assert!(in_the_search.stopped && in_the_search.tuning.stopped);
    assert_eq!(raced(&in_the_search), []);
    let at_the_end = modes(&|stage| matches!(stage, Stage::Race(Kind::Same, 3, _)));
    assert!(!at_the_end.stopped, "nothing was left to be done");
}
