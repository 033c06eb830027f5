//! Who is ahead of whom in each mode, whether that is more than luck, and where it flips.
//!
//! All pairs of all modes are tested, and the correction is for all of them: whoever looks for flips
//! looks at each.

use std::cmp::Ordering;

use super::Mode;
use crate::stats::flip::flips;
use crate::stats::lead::{Verdict, verdict};
use crate::stats::paired::{SignedRank, holm, signed_rank};

/// The orders of all modes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Orders {
    /// How many pairs were tested, which the correction is for.
    pub tests: usize,
    /// Where the order flips: what is more than luck first.
    pub flips: Vec<Flipped>,
}

/// Two racers whose order is not the same in all modes.
#[derive(Clone, Debug, PartialEq)]
pub struct Flipped {
    /// Their indices; the first is ahead in the first mode that tells.
    pub racers: [usize; 2],
    /// Where the first is ahead, and where the second is.
    pub sides: [Vec<Side>; 2],
    /// What it is worth: as much as its weaker side, and a side is worth as much as its best mode.
    pub verdict: Verdict,
}

/// One of two racers is ahead in a mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// The index of the mode among those that were raced.
    pub mode: usize,
    /// On how many seeds the two differ.
    pub differ: usize,
    /// The two-sided probability of the signed-rank test.
    pub p: f64,
    /// The same by Holm's correction.
    pub corrected: f64,
    /// What it is worth that this one is ahead.
    pub verdict: Verdict,
}

/// A pair that was tested, in a mode.
struct Tested {
    mode: usize,
    pair: [usize; 2],
    test: SignedRank,
}

impl Orders {
    /// The orders of `modes`. `nothing_varies` says that there is no luck on one seed either.
    pub fn new(modes: &[Mode], nothing_varies: bool) -> Self {
        let tested = tested(modes);
        let probabilities: Vec<f64> = tested.iter().map(|tested| tested.test.p).collect();
        let corrected = holm(&probabilities);
        let side = |mode: usize, pair: [usize; 2]| -> Option<Side> {
            let same = |tested: &Tested| tested.mode == mode && tested.pair == pair;
            let place = tested.iter().position(same)?;
            let (test, corrected) = (tested[place].test, corrected[place]);
            let [Some(a), Some(b)] = pair.map(|racer| modes[mode].racers[racer].as_ref()) else {
                return None;
            };
            Some(Side {
                mode,
                differ: test.differ,
                p: test.p,
                corrected,
                verdict: verdict(
                    [&a.runs, &b.runs],
                    &test,
                    corrected,
                    tested.len(),
                    nothing_varies,
                ),
            })
        };
        let racers = modes.first().map_or(0, |mode| mode.racers.len());
        let order = |mode: usize, pair| modes[mode].order(pair);
        let flipped = flips(racers, modes.len(), &order).into_iter().map(|flip| {
            let [a, b] = flip.racers;
            let [first, second] = flip.ahead;
            let sides = |modes: Vec<usize>, pair| -> Vec<Side> {
                modes
                    .into_iter()
                    .filter_map(|mode| side(mode, pair))
                    .collect()
            };
            let sides = [sides(first, [a, b]), sides(second, [b, a])];
            Flipped {
                racers: flip.racers,
                verdict: worth(&sides),
                sides,
            }
        });
        let mut flips: Vec<Flipped> = flipped.collect();
        flips.sort_by_key(|flip| strength(flip.verdict));
        Self {
            tests: tested.len(),
            flips,
        }
    }
}

/// Each pair of each mode, the one that is ahead first.
fn tested(modes: &[Mode]) -> Vec<Tested> {
    let mut all = vec![];
    for (mode, raced) in modes.iter().enumerate() {
        let racers: Vec<usize> = (0..raced.racers.len())
            .filter(|&racer| raced.racers[racer].is_some())
            .collect();
        for (i, &a) in racers.iter().enumerate() {
            for &b in &racers[i + 1..] {
                let pair = match raced.order([a, b]) {
                    Ordering::Greater => [b, a],
                    _ => [a, b],
                };
                let [Some(first), Some(second)] = pair.map(|racer| raced.racers[racer].as_ref())
                else {
                    continue;
                };
                let test = signed_rank(&first.runs.iterations, &second.runs.iterations);
                all.push(Tested { mode, pair, test });
            }
        }
    }
    all
}

/// What a flip is worth: its weaker side, at that side's best.
fn worth(sides: &[Vec<Side>; 2]) -> Verdict {
    let best = |side: &Vec<Side>| {
        side.iter()
            .map(|side| side.verdict)
            .min_by_key(|v| strength(*v))
    };
    let both = sides.iter().filter_map(best);
    both.max_by_key(|verdict| strength(*verdict))
        .unwrap_or(Verdict::Equal)
}

/// The place of a verdict among all, the strongest first.
fn strength(verdict: Verdict) -> usize {
    let order = [
        Verdict::NothingVaries,
        Verdict::MoreThanLuck,
        Verdict::MayBeLuck,
        Verdict::TooFewSeeds,
        Verdict::Behind,
        Verdict::Equal,
    ];
    order
        .iter()
        .position(|known| *known == verdict)
        .unwrap_or(order.len())
}
