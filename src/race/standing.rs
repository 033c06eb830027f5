//! Who leads: ranks by iterations, samples or seconds to converge.

use std::cmp::Ordering;

use crate::race::snapshot::{Outcome, Progress, Snapshot};

#[cfg(test)]
pub(crate) mod sample;

/// What is counted to the convergence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scoreboard {
    /// Steps.
    #[default]
    Iterations,
    /// Gradients of single examples.
    Samples,
    /// Seconds on the racer's own clock.
    Seconds,
}

/// A racer's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its index in the snapshot.
    pub racer: usize,
    /// Its rank from 1; equals share one (1, 1, 3).
    pub rank: usize,
}

/// The racers in the order of their ranks: who converged by the scoreboard's count, then all others
/// by their best loss (a loss that is not a number last); equals in the scenario's order.
pub fn standings(snapshot: &Snapshot, by: Scoreboard) -> Vec<Standing> {
    let places: Vec<Place> = snapshot
        .racers
        .iter()
        .map(|progress| place(progress, by))
        .collect();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|&a, &b| places[a].compare(&places[b]));
    let mut standings: Vec<Standing> = Vec::with_capacity(order.len());
    for (i, racer) in order.into_iter().enumerate() {
        let rank = match standings.last() {
            Some(ahead) if places[ahead.racer].compare(&places[racer]).is_eq() => ahead.rank,
            _ => i + 1,
        };
        standings.push(Standing { racer, rank });
    }
    standings
}

/// What a racer is ranked by.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// The scoreboard's count at its convergence.
    Converged(f64),
    /// Its best loss.
    Others(f64),
}

fn place(progress: &Progress, by: Scoreboard) -> Place {
    match (&progress.outcome, &progress.convergence) {
        (Some(Outcome::Converged), Some(at)) => Place::Converged(match by {
            Scoreboard::Iterations => at.step as f64,
            Scoreboard::Samples => at.samples as f64,
            Scoreboard::Seconds => at.seconds,
        }),
        _ => Place::Others(progress.best_loss),
    }
}

impl Place {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Converged(_), Self::Others(_)) => Ordering::Less,
            (Self::Others(_), Self::Converged(_)) => Ordering::Greater,
            (Self::Converged(a), Self::Converged(b)) | (Self::Others(a), Self::Others(b)) => a
                .partial_cmp(b)
                .unwrap_or_else(|| a.is_nan().cmp(&b.is_nan())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{converged, snapshot, unfinished};
    use super::*;

    fn ranks(snapshot: &Snapshot, by: Scoreboard) -> Vec<(usize, usize)> {
        standings(snapshot, by)
            .iter()
            .map(|place| (place.racer, place.rank))
            .collect()
    }

    #[test]
    fn equals_share_a_rank_and_the_next_is_skipped() {
        let race = snapshot(vec![
            converged(300, 300, 0.1),
            converged(100, 6400, 0.2),
            converged(100, 3200, 0.3),
        ]);
        assert_eq!(
            ranks(&race, Scoreboard::Iterations),
            [(1, 1), (2, 1), (0, 3)]
        );
        assert_eq!(ranks(&race, Scoreboard::Samples), [(0, 1), (2, 2), (1, 3)]);
        assert_eq!(ranks(&race, Scoreboard::Seconds), [(0, 1), (1, 2), (2, 3)]);
    }

    #[test]
    fn who_did_not_converge_ranks_after_all_that_did_by_best_loss() {
        let race = snapshot(vec![
            unfinished(-f64::NAN),
            unfinished(0.0),
            unfinished(f64::INFINITY),
            converged(1000, 1000, 9.0),
            unfinished(-0.0),
            unfinished(f64::NAN),
        ]);
        let want = [(3, 1), (1, 2), (4, 2), (2, 4), (0, 5), (5, 5)];
        assert_eq!(ranks(&race, Scoreboard::Iterations), want);
    }

    #[test]
    fn meeting_the_target_without_having_held_it_is_not_converged() {
        let mut holding = converged(10, 10, 0.1);
        holding.outcome = None;
        let race = snapshot(vec![holding, converged(20, 20, 0.2)]);
        assert_eq!(ranks(&race, Scoreboard::Iterations), [(1, 1), (0, 2)]);
    }
}
