//! Captions: short sentences that say with numbers what happens in a race.
//!
//! A table of [`TRIGGERS`] over the traces, and what is left of their captions when there are too
//! many to read. Pure: no clock, no terminal. But for those of the race's end, no caption knows
//! what comes after its step, so the captions up to a step are the same for a race that is still
//! being computed and for one that is over (as long as its traces are not decimated).

use std::collections::BTreeSet;

use crate::race::snapshot::Snapshot;
use crate::race::trace::Moment;
use crate::tui::captions::scene::Scene;

mod descent;
mod end;
mod finish;
mod lead;
mod saddle;
mod scene;
mod stride;
mod swing;
#[cfg(test)]
mod tests;
mod words;

/// The most characters of a caption (labels are at most 24).
pub const LONG: usize = 100;

/// The most characters of a caption's short form, for screens of 80 columns.
pub const SHORT: usize = 58;

/// Captions that matter less keep this share of the race away from each other, and behind the
/// others.
const APART: f64 = 0.03;

/// A sentence about a place in the race.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// When what it says was first known: for the end, the end of the race in steps, in samples and
    /// in seconds.
    pub at: Moment,
    /// The racer it is about, if it is about one.
    pub racer: Option<usize>,
    /// What it says.
    pub kind: Kind,
    /// The sentence, at most [`LONG`] characters: `step 116: Adam converges first`.
    pub text: String,
    /// The same in at most [`SHORT`] characters.
    pub short: String,
}

/// What a caption says. A race has at most one caption of a kind about a racer, but for
/// [`Kind::Lead`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What is raced, and for what.
    Start,
    /// The first to come down from the start's loss.
    Descent,
    /// Racers whose loss stays where it is.
    Plateau,
    /// A racer leaves its plateau.
    Departure,
    /// One racer goes much further a step than gradient descent.
    Stride,
    /// A coordinate that turns at nearly every step.
    ZigZag,
    /// The loss rises after having fallen, and turns back.
    Overshoot,
    /// The loss of a mini-batch racer goes up and down.
    Noise,
    /// Hardly any slope, far above the target.
    Flat,
    /// The slope is back.
    Release,
    /// Another racer has the lowest loss.
    Lead,
    /// The first to be half of the way to the target.
    Halfway,
    /// A racer has met the target.
    Finish,
    /// A racer did not finish.
    Failure,
    /// How far the last is behind the first.
    Gap,
    /// What the racers are worth on the test part.
    Test,
    /// The ranking by samples.
    Samples,
}

impl Kind {
    /// Whether its captions are shown however many there are.
    pub fn is_major(self) -> bool {
        self.is_final() || matches!(self, Self::Start | Self::Finish | Self::Failure)
    }

    /// Whether its captions look back at the whole race, from its end.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Gap | Self::Test | Self::Samples)
    }

    /// Of two captions that are too near to each other the one with less weight goes.
    fn weight(self) -> u8 {
        match self {
            kind if kind.is_major() => 4,
            Self::Plateau | Self::ZigZag | Self::Flat | Self::Release | Self::Stride => 3,
            Self::Descent | Self::Departure | Self::Overshoot | Self::Noise => 2,
            _ => 1,
        }
    }
}

/// What makes a caption.
pub struct Trigger {
    /// Its name.
    pub name: &'static str,
    /// When it fires, and what it says then.
    pub says: &'static str,
    find: fn(&Scene<'_>, &mut Vec<Caption>),
}

/// All triggers.
pub const TRIGGERS: &[Trigger] = &[
    Trigger {
        name: "start",
        says: "how many racers start, at what loss, for what target",
        find: finish::start,
    },
    Trigger {
        name: "descent",
        says: "the first racer a tenth below the start's loss, if most others stay there for a while",
        find: descent::first,
    },
    Trigger {
        name: "plateau",
        says: "a racer's loss stays within 3 % for half of the race so far, and at least half of the \
               racers are near it",
        find: descent::plateau,
    },
    Trigger {
        name: "departure",
        says: "a racer's loss is 5 % below the plateau and falls faster than on it",
        find: descent::departures,
    },
    Trigger {
        name: "stride",
        says: "on surfaces: a racer goes 10 times as far a step as gradient descent along a \
               coordinate whose slope only begins, and its loss is lower",
        find: stride::stride,
    },
    Trigger {
        name: "zig-zag",
        says: "on surfaces: a coordinate turned in 30 of the last 40 steps, and in less than half \
               as many for Momentum, or else the steadiest racer; for gradient descent these are the \
               signs of dJ/dy, and a moving average of them with Momentum's beta cancels so much",
        find: swing::zig_zag,
    },
    Trigger {
        name: "overshoot",
        says: "a racer's first large rise of the loss after a fall: by half on surfaces, fourfold \
               on models",
        find: swing::overshoots,
    },
    Trigger {
        name: "noise",
        says: "on models: a mini-batch racer's loss rose in 6 of its last 20 evaluations, a \
               full-batch racer's in none",
        find: swing::noise,
    },
    Trigger {
        name: "flat",
        says: "on surfaces: for ten evaluations the gradient is below 5 % of the start's and the loss \
               far above the target; who reached the target by then; and when the gradient is back",
        find: saddle::waits,
    },
    Trigger {
        name: "lead",
        says: "another running racer has had the lowest loss for at least four evaluations and an \
               eighth of the race so far",
        find: lead::leads,
    },
    Trigger {
        name: "halfway",
        says: "the first racer half of the way from the start to the target in log loss",
        find: lead::halfway,
    },
    Trigger {
        name: "finish",
        says: "a racer has met the target: its place, and how far behind the first it is",
        find: finish::finishes,
    },
    Trigger {
        name: "failure",
        says: "a racer diverged, stalled, failed or reached a limit: why, and with what loss",
        find: finish::failures,
    },
    Trigger {
        name: "gap",
        says: "at the end: the last of those that converged needs at least 1.5 times the steps of \
               the first",
        find: end::gap,
    },
    Trigger {
        name: "test",
        says: "at the end: the best and the lowest test accuracy (or test loss), and whose",
        find: end::test,
    },
    Trigger {
        name: "samples",
        says: "at the end: who falls furthest when samples are counted, not steps",
        find: end::samples,
    },
];

/// The captions of a race for the screen, in the order of their steps: those that matter less only
/// where they leave time to read the others.
pub fn captions(snapshot: &Snapshot) -> Vec<Caption> {
    let steps = snapshot.racers.iter().map(|racer| racer.latest.step);
    let apart = (APART * steps.max().unwrap_or(0) as f64) as u64;
    let mut all = all(snapshot);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(all[i].kind.weight()));
    let (mut majors, mut minors) = (BTreeSet::new(), BTreeSet::new());
    let mut kept = vec![false; all.len()];
    for i in order {
        let (kind, step) = (all[i].kind, all[i].at.step);
        let (before, after) = (step.saturating_sub(apart), step.saturating_add(apart));
        let is_free = |taken: &BTreeSet<u64>, to: u64| taken.range(before..=to).next().is_none();
        if kind.is_major() {
            kept[i] = true;
            // The start's stands there before anything moves.
            if kind != Kind::Start {
                majors.insert(step);
            }
        } else if is_free(&majors, step) && is_free(&minors, after) {
            kept[i] = true;
            minors.insert(step);
        }
    }
    let mut kept = kept.into_iter();
    all.retain(|_| kept.next() == Some(true));
    all
}

/// All captions of a race, in the order of their steps, no two of the same text.
pub fn all(snapshot: &Snapshot) -> Vec<Caption> {
    let scene = Scene::new(snapshot);
    let mut captions = Vec::new();
    for trigger in TRIGGERS {
        (trigger.find)(&scene, &mut captions);
    }
    captions.sort_by_key(|caption| (caption.kind.is_final(), caption.at.step));
    captions.dedup_by(|a, b| a.text == b.text);
    captions
}
