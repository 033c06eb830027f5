//! Where the order of racers flips from mode to mode, in sentences. A verdict never stands without its
//! numbers.

use crate::report::columns::significant;
use crate::report::lead::{TEST, probability};
use crate::stats::lead::{Verdict, enough};
use crate::sweep::modes::{Flipped, Kind, Modes, Side};

/// The most flips that are named.
const NAMED: usize = 12;

/// What is said where there are none.
pub const NOWHERE: &str = "the order flips nowhere between the modes";

/// A sentence for each flip, what is more than luck first; and what their numbers are.
pub fn sentences(modes: &Modes) -> Vec<String> {
    let orders = &modes.orders;
    if modes.modes.len() < 2 {
        return vec![];
    }
    if orders.flips.is_empty() {
        return vec![NOWHERE.to_owned()];
    }
    let named = orders.flips.iter().take(NAMED);
    let mut said: Vec<String> = named.map(|flip| sentence(modes, flip)).collect();
    if let Some(more) = orders.flips.len().checked_sub(NAMED + 1) {
        said.push(format!("... and {} more pairs whose order flips", more + 1));
    }
    said.extend(test(modes));
    said
}

/// By which test the probabilities of the flips were found, if there are any.
pub fn test(modes: &Modes) -> Option<String> {
    let flips = modes.orders.flips.iter();
    let mut sides = flips.flat_map(|flip| flip.sides.iter().flatten());
    sides.any(|side| tested(side.verdict)).then(|| {
        format!(
            "p: {TEST} over paired seeds, two-sided, by Holm's correction for the {} pairs of all modes",
            modes.orders.tests
        )
    })
}

/// `Adam is ahead of Momentum when tuned (p = 0.0024), behind at the same rate (p < 0.0001): more than luck`.
pub fn sentence(modes: &Modes, flip: &Flipped) -> String {
    let [a, b] = flip
        .racers
        .map(|racer| &modes.tuning.racers[racer].entered.label);
    let [first, second] = flip.sides.each_ref().map(|side| {
        let each: Vec<String> = side.iter().map(|side| place(modes, side)).collect();
        each.join(" and ")
    });
    let worth = match flip.verdict {
        Verdict::MoreThanLuck => "more than luck".to_owned(),
        Verdict::NothingVaries => "no luck in it".to_owned(),
        Verdict::TooFewSeeds => format!(
            "too few seeds to tell it from luck, {} or more can",
            enough(modes.orders.tests)
        ),
        Verdict::MayBeLuck | Verdict::Behind | Verdict::Equal => "may be luck".to_owned(),
    };
    format!("{a} is ahead of {b} {first}, behind {second}: {worth}")
}

/// A mode in which one is ahead, with the probability if it says something.
fn place(modes: &Modes, side: &Side) -> String {
    let mode = match modes.modes[side.mode].kind {
        Kind::Tuned => "when tuned".to_owned(),
        Kind::Default => "at default rates".to_owned(),
        Kind::Same => match modes.same {
            Some(same) => format!("at the same rate {}", significant(same.rate)),
            None => "at the same rate".to_owned(),
        },
    };
    match side.verdict {
        Verdict::MoreThanLuck | Verdict::MayBeLuck => {
            format!("{mode} ({})", probability(side.corrected))
        }
        Verdict::Behind => format!("{mode} (by the median, not seed by seed)"),
        Verdict::TooFewSeeds | Verdict::Equal | Verdict::NothingVaries => mode,
    }
}

/// Whether a sentence has the probability of it.
fn tested(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::MoreThanLuck | Verdict::MayBeLuck)
}
