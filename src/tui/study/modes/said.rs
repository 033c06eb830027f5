//! What is said of the modes: where the order flips, and on what terms all was found. The words are
//! the report's.

use crate::report::modes::{flips, words};
use crate::stats::lead::Verdict;
use crate::sweep::modes::sofar::Known;

/// A short name, and what it says.
type Term = (&'static str, String);

/// How many flips there are: `2 flips, 1 more than luck`.
pub fn counted(known: &Known) -> String {
    let Some(modes) = known.modes.as_ref().filter(|modes| modes.modes.len() > 1) else {
        return String::new();
    };
    let flips = &modes.orders.flips;
    let sure = flips.iter().filter(|flip| is_sure(flip.verdict)).count();
    match flips.len() {
        0 => String::new(),
        1 => format!("1 pair flips, {sure} by more than luck"),
        n => format!("{n} pairs flip, {sure} by more than luck"),
    }
}

fn is_sure(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::MoreThanLuck | Verdict::NothingVaries)
}

/// Each flip in a sentence, and by which test.
pub fn flips(known: &Known) -> Vec<Term> {
    let Some(modes) = known.modes.as_ref().filter(|modes| modes.modes.len() > 1) else {
        return vec![("", "known when two modes have been raced".to_owned())];
    };
    if modes.orders.flips.is_empty() {
        return vec![("", flips::NOWHERE.to_owned())];
    }
    let flips = modes.orders.flips.iter().map(|flip| {
        let worth = match flip.verdict {
            verdict if is_sure(verdict) => "sure",
            Verdict::TooFewSeeds => "few",
            _ => "luck?",
        };
        (worth, flips::sentence(modes, flip))
    });
    let test = flips::test(modes).map(|test| ("", test));
    flips.chain(test).collect()
}

/// On what terms the modes are raced.
pub fn terms(known: &Known) -> Vec<Term> {
    let Some(modes) = &known.modes else {
        let search = "the best rate of each racer, as `slalom tune` finds it: the same rates, seeds \
                      and budget for all";
        return vec![
            ("tuned", search.to_owned()),
            ("default", words::DEFAULT.to_owned()),
            (
                "same",
                "the rate of the search at which most converge".to_owned(),
            ),
        ];
    };
    words::terms(modes)
}
