//! The thread and the clock that drive a race: commands in, newest snapshot out.

use std::sync::Arc;

use crate::race::snapshot::Snapshot;

/// Where a snapshot stands in the life of its race.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// Still being computed.
    Computing,
    /// All racers are done, or the race was stopped.
    Computed,
    /// Read from a recording.
    Recorded,
}

/// What the screen sees.
#[derive(Clone, Debug)]
pub struct State {
    /// The race as far as it has come.
    pub snapshot: Snapshot,
    /// Whether it goes on.
    pub phase: Phase,
    /// Wall-clock seconds spent computing so far.
    pub seconds: f64,
    /// Threads it is computed on.
    pub threads: usize,
}

/// Where the screen takes its states from: a running race, or a recording.
pub trait Source {
    /// The newest state; cheap, and the same `Arc` as long as nothing changed.
    fn latest(&self) -> Arc<State>;
}
