//! The leaderboard: who leads at the playhead, and how each racer is doing.
//!
//! What is said is decided here and nothing is drawn; [`table`] draws what of it fits.

use std::cmp::Ordering;

use crate::race::snapshot::{Outcome, Snapshot};
use crate::tui::identity::Identity;
use crate::tui::playhead::{Mark, Seen};
use crate::tui::view::curves::is_out;
use crate::tui::view::number::count;

pub mod table;

/// A row's racer and its rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its index in the snapshot.
    pub racer: usize,
    /// Its rank from 1; equals share one (1, 1, 3).
    pub rank: usize,
}

/// The racers in their order at `mark`: those that have converged by their iterations, then the
/// others by their current loss (one that is not a number last); equals in the scenario's order.
pub fn places(snapshot: &Snapshot, mark: Mark) -> Vec<Place> {
    let keys: Vec<_> = snapshot
        .racers
        .iter()
        .map(|progress| key(mark.see(progress)))
        .collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| compare(keys[a], keys[b]));
    let rank = |i: usize| {
        let same = |&&other: &&usize| compare(keys[other], keys[order[i]]).is_eq();
        1 + i - order[..i].iter().rev().take_while(same).count()
    };
    (0..order.len())
        .map(|i| Place {
            racer: order[i],
            rank: rank(i),
        })
        .collect()
}

/// What ranks a racer: whether it is still to converge, and the count or loss that decides among
/// those.
fn key(seen: Seen<'_>) -> (bool, f64) {
    match seen.convergence {
        Some(evaluation) => (false, evaluation.step as f64),
        None if seen.latest.loss.is_finite() => (true, seen.latest.loss),
        None => (true, f64::INFINITY),
    }
}

fn compare(a: (bool, f64), b: (bool, f64)) -> Ordering {
    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
}

/// The leaderboard's content.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// A row for each racer, in the order of their places.
    pub rows: Vec<Row>,
    /// What is known of the test part.
    pub test: Option<Test>,
    /// The most iterations and samples there can be: how wide their columns must be.
    pub most: [u64; 2],
}

/// What is measured on the test part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// The share of examples classified rightly.
    Accuracy,
    /// The loss.
    Loss,
}

/// One racer's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its index in the snapshot.
    pub racer: usize,
    /// Its rank from 1.
    pub rank: usize,
    /// Its letter and colour.
    pub identity: Identity,
    /// Its name.
    pub label: String,
    /// Its current loss.
    pub loss: f64,
    /// The norm of the gradient last used.
    pub gradient: Option<f64>,
    /// Iterations to converge, or taken so far.
    pub iterations: u64,
    /// Samples to converge, or taken so far.
    pub samples: u64,
    /// Accuracy (0..1) or loss on the test part.
    pub test: Option<f64>,
    /// How it stands, in a word.
    pub state: &'static str,
    /// Why, where there is more to say.
    pub cause: Option<String>,
    /// Whether it has converged.
    pub converged: bool,
    /// Whether it is out of the race.
    pub out: bool,
}

/// The rows of `places` at `mark`.
pub fn model(snapshot: &Snapshot, mark: Mark, places: &[Place], identities: &[Identity]) -> Board {
    let first = snapshot.racers.first().map(|racer| &racer.latest);
    let accuracy = first.is_some_and(|first| first.test_accuracy.is_some());
    let loss = first.is_some_and(|first| first.test_loss.is_some());
    let row = |place: &Place| {
        let progress = &snapshot.racers[place.racer];
        let seen = mark.see(progress);
        let counted = seen.convergence.unwrap_or(seen.latest);
        Row {
            racer: place.racer,
            rank: place.rank,
            identity: identities[place.racer],
            label: snapshot.meta.racers[place.racer].label.clone(),
            loss: seen.latest.loss,
            gradient: seen.latest.gradient_norm,
            iterations: counted.step,
            samples: counted.samples,
            test: if accuracy {
                seen.latest.test_accuracy
            } else {
                seen.latest.test_loss
            },
            state: seen.outcome.map_or("running", Outcome::word),
            cause: seen.outcome.and_then(cause),
            converged: seen.convergence.is_some(),
            out: is_out(seen.outcome),
        }
    };
    let (limit, examples) = (snapshot.meta.limit, snapshot.meta.examples);
    Board {
        rows: places.iter().map(row).collect(),
        test: match (accuracy, loss) {
            (true, _) => Some(Test::Accuracy),
            (false, true) => Some(Test::Loss),
            (false, false) => None,
        },
        most: [limit, limit.saturating_mul(examples)],
    }
}

/// What stands behind the word of a state.
fn cause(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Diverged { step, cause } => Some(format!("{cause} at {}", count(*step))),
        other => other.cause().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::Phase;
    use crate::scenario::Pace;
    use crate::tui::fixture::{self, evaluation, progress, race};

    fn at(at: f64) -> Mark {
        Mark {
            pace: Pace::Iterations,
            at,
        }
    }

    fn ranks(snapshot: &Snapshot, mark: Mark) -> Vec<(usize, usize)> {
        let places = places(snapshot, mark);
        places
            .iter()
            .map(|place| (place.racer, place.rank))
            .collect()
    }

    #[test]
    fn ranks_are_those_at_the_playhead() {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let all_first = [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)];
        assert_eq!(ranks(&snapshot, at(0.0)), all_first);
        let at_80 = [(4, 1), (3, 2), (0, 3), (2, 4), (1, 5)];
        assert_eq!(ranks(&snapshot, at(80.0)), at_80, "RMSProp is still second");
        let at_120 = [(4, 1), (0, 2), (2, 3), (1, 4), (3, 5)];
        assert_eq!(ranks(&snapshot, at(120.0)), at_120, "RMSProp has diverged");
        assert_eq!(ranks(&snapshot, at(2000.0)), at_120, "by iterations");
    }

    #[test]
    fn who_converged_is_before_a_lower_loss_and_equals_share_a_rank() {
        let run = |steps: u64, loss: f64, outcome| {
            let trace: Vec<_> = (0..=steps)
                .map(|step| evaluation(step, step, loss))
                .collect();
            progress(&trace, outcome)
        };
        let converged = Some(Outcome::Converged);
        let racers = vec![
            run(9, 0.001, None),
            run(9, 0.05, converged.clone()),
            run(9, f64::NAN, None),
            run(9, 0.04, converged),
        ];
        let state = fixture::state(&["a", "b", "c", "d"], racers, 0.05, Phase::Computed);
        let want = [(1, 1), (3, 1), (0, 3), (2, 4)];
        assert_eq!(ranks(&state.snapshot, at(9.0)), want);
    }
}
