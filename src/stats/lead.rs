//! Whether the leader's lead over the same seeds is more than luck.
//!
//! Who leads is chosen by the same runs that are tested, so the correction is for the pairs that
//! could have been chosen: all of the race, not only those with the leader. In simulated races of
//! five equal racers, correcting for the leader's four pairs alone claims a lead in 7 of 100, for all
//! ten in 3. No sentence is made here.

use std::cmp::Ordering;

use super::Summary;
use super::paired::{SignedRank, holm, signed_rank};

/// How often, at most, a lead is claimed where all racers are the same.
pub const LEVEL: f64 = 0.05;

/// What the leader's lead over the others is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// The index of the racer with the lowest median.
    pub leader: usize,
    /// How many seeds each racer ran on.
    pub runs: usize,
    /// All pairs of the race, which the correction is for.
    pub pairs: usize,
    /// The others, the second of the race first.
    pub over: Vec<Over>,
}

/// The leader's lead over one other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Over {
    /// The other's index.
    pub racer: usize,
    /// On how many seeds the two differ.
    pub differ: usize,
    /// The two-sided probability of the signed-rank test.
    pub p: f64,
    /// The same by Holm's correction.
    pub corrected: f64,
    /// What that means.
    pub verdict: Verdict,
}

/// What a lead is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The corrected probability is at most [`LEVEL`].
    MoreThanLuck,
    /// It is above.
    MayBeLuck,
    /// It is at most [`LEVEL`], but for the other: the median leads, seed by seed it is behind.
    Behind,
    /// So few seeds that not even a lead on each of them would be more than luck.
    TooFewSeeds,
    /// The two do not differ on any seed.
    Equal,
    /// The seed changes nothing: there is no luck in it.
    NothingVaries,
}

impl Lead {
    /// The lead among `racers`, who ran on the same seeds; `None` where nobody leads: with fewer than
    /// two racers or seeds, or without a run that converged. `nothing_varies` says that the seed changes
    /// nothing, whatever the runs look like.
    pub fn new(racers: &[&Summary], nothing_varies: bool) -> Option<Self> {
        let mut order: Vec<usize> = (0..racers.len()).collect();
        order.sort_by(|&a, &b| compare(racers[a], racers[b]));
        let (&leader, others) = order.split_first()?;
        let runs = racers[leader].iterations.len();
        if others.is_empty() || runs < 2 || racers[leader].successes == 0 {
            return None;
        }
        // Pair by pair, the one that stands before the other first: the leader's come before all.
        let pairs: Vec<[usize; 2]> = (0..order.len())
            .flat_map(|ahead| (ahead + 1..order.len()).map(move |behind| [ahead, behind]))
            .map(|places| places.map(|place| order[place]))
            .collect();
        let test = |racers: [&Summary; 2]| {
            let [first, second] = racers.map(|summary| summary.iterations.as_slice());
            signed_rank(first, second)
        };
        let tests: Vec<SignedRank> = pairs
            .iter()
            .map(|pair| test(pair.map(|racer| racers[racer])))
            .collect();
        let probabilities: Vec<f64> = tests.iter().map(|test| test.p).collect();
        let corrected = holm(&probabilities);
        let over = |(place, &racer): (usize, &usize)| {
            let (test, corrected) = (&tests[place], corrected[place]);
            let pair = [leader, racer].map(|racer| racers[racer]);
            Over {
                racer,
                differ: test.differ,
                p: test.p,
                corrected,
                verdict: verdict(pair, test, corrected, pairs.len(), nothing_varies),
            }
        };
        Some(Self {
            leader,
            runs,
            pairs: pairs.len(),
            over: others.iter().enumerate().map(over).collect(),
        })
    }
}

/// What it is worth that the first of two is ahead of the second, whom `test` compares; `corrected` is
/// its probability, corrected for so many pairs, unless `nothing_varies`.
pub fn verdict(
    two: [&Summary; 2],
    test: &SignedRank,
    corrected: f64,
    pairs: usize,
    nothing_varies: bool,
) -> Verdict {
    if test.differ == 0 {
        Verdict::Equal
    } else if nothing_varies {
        Verdict::NothingVaries
    } else if two[0].iterations.len() < enough(pairs) {
        Verdict::TooFewSeeds
    } else if corrected > LEVEL {
        Verdict::MayBeLuck
    } else if test.quicker == Ordering::Less {
        Verdict::MoreThanLuck
    } else {
        Verdict::Behind
    }
}

/// The fewest seeds on which a lead among `pairs` can be more than luck: where one who is quicker on
/// each of them, of probability 2 / 2^n, is so by Holm's correction.
pub fn enough(pairs: usize) -> usize {
    libm::ceil(1.0 + libm::log2(pairs as f64 / LEVEL)) as usize
}

/// Who stands before whom over several seeds: the lower median first, then who converged more often,
/// then who spent fewer steps on each success. Never is later than every number.
pub fn compare(a: &Summary, b: &Summary) -> Ordering {
    let number = |x: Option<f64>| x.unwrap_or(f64::INFINITY);
    let median = number(a.median).total_cmp(&number(b.median));
    let times = [a, b].map(|summary| number(summary.expected_running_time));
    median
        .then(b.successes.cmp(&a.successes))
        .then(times[0].total_cmp(&times[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Run;

    fn summary(iterations: impl IntoIterator<Item = u64>) -> Summary {
        let runs = iterations.into_iter().map(|count| Run {
            iterations: (count > 0).then_some(count),
            steps: count.max(1),
        });
        Summary::new(&runs.collect::<Vec<_>>())
    }

    fn verdicts(racers: &[Summary]) -> Vec<(usize, Verdict)> {
        let racers: Vec<&Summary> = racers.iter().collect();
        let lead = Lead::new(&racers, false).expect("somebody leads");
        let over = lead.over.iter();
        over.map(|over| (over.racer, over.verdict)).collect()
    }

    #[test]
    fn a_lead_on_every_seed_is_more_than_luck_if_there_are_enough() {
        let race = |seeds: u64| [summary(200..200 + seeds), summary(100..100 + seeds)];
        assert_eq!(verdicts(&race(5)), [(0, Verdict::TooFewSeeds)]);
        assert_eq!(verdicts(&race(6)), [(0, Verdict::MoreThanLuck)]);
        // Five racers have ten pairs: ten times 2 / 2^8 is still above the level.
        let five = |seeds: u64| (1..=5).map(|k| summary(100 * k..100 * k + seeds)).collect();
        let five: [Vec<Summary>; 2] = [five(8), five(9)];
        assert!(
            verdicts(&five[0])
                .iter()
                .all(|over| over.1 == Verdict::TooFewSeeds)
        );
        assert!(
            verdicts(&five[1])
                .iter()
                .all(|over| over.1 == Verdict::MoreThanLuck)
        );
    }

    #[test]
    fn the_leader_has_the_lowest_median_and_the_second_comes_first() {
        let racers = [summary(300..320), summary(100..120), summary(200..220)];
        let racers: Vec<&Summary> = racers.iter().collect();
        let lead = Lead::new(&racers, false).expect("somebody leads");
        assert_eq!((lead.leader, lead.runs, lead.pairs), (1, 20, 3));
        let over: Vec<usize> = lead.over.iter().map(|over| over.racer).collect();
        assert_eq!(over, [2, 0]);
        let p = 2.0 / f64::from(1 << 20);
        assert_eq!(lead.over[0].p, p);
        assert_eq!(lead.over[0].corrected, 3.0 * p, "the least of three");
    }

    #[test]
    fn what_no_test_can_say_is_not_said() {
        let equal = [summary(100..120), summary(100..120)];
        assert_eq!(verdicts(&equal), [(1, Verdict::Equal)]);
        let same = |count| summary([count; 20]);
        // That few runs ended alike may be luck, too.
        let alike = [summary([7; 5]), summary([9; 5])];
        assert_eq!(verdicts(&alike), [(1, Verdict::TooFewSeeds)]);
        let alike: Vec<&Summary> = alike.iter().collect();
        let sure = Lead::new(&alike, true).expect("somebody leads");
        assert_eq!(sure.over[0].verdict, Verdict::NothingVaries);
        assert_eq!(verdicts(&[same(0), same(9)]), [(0, Verdict::MoreThanLuck)]);
        let one_moves = [same(7), summary(8..28)];
        assert_eq!(verdicts(&one_moves), [(1, Verdict::MoreThanLuck)]);
        assert_eq!(
            Lead::new(&[&same(0), &same(0)], false),
            None,
            "nobody converged"
        );
        assert_eq!(Lead::new(&[&same(3)], false), None, "one racer");
        assert_eq!(
            Lead::new(&[&summary([3]), &summary([4])], false),
            None,
            "one seed"
        );
        assert_eq!(Lead::new(&[], false), None);
    }

    #[test]
    fn a_median_ahead_and_behind_seed_by_seed_is_no_lead() {
        // The other is a little quicker on 90 of 100 seeds, and much slower on ten.
        let first = summary((1..=100).map(|seed| 10 * seed));
        let second = summary((1..=100).map(|seed| if seed <= 10 { 5000 } else { 10 * seed - 5 }));
        assert!(first.median < second.median);
        assert_eq!(verdicts(&[second, first]), [(0, Verdict::Behind)]);
    }

    #[test]
    fn a_run_that_did_not_finish_is_the_worst() {
        let finishes = summary(1000..1020);
        let fails = summary((0..20).map(|k| if k < 11 { 900 + k } else { 0 }));
        assert!(
            fails.median < finishes.median,
            "it is quicker when it converges"
        );
        let over = verdicts(&[finishes, fails]);
        assert_eq!(over, [(0, Verdict::MayBeLuck)]);
    }
}
