//! The race that the shown one was changed from: what its racers did stays to be seen, where the
//! shown ones no longer do the same. Nothing is drawn here.

use std::sync::Arc;

use crate::landscape::Way;
use crate::race::snapshot::Progress;
use crate::runner::{Mapped, State};

/// The racers of the race before that did something else.
#[derive(Debug)]
pub struct Ghost {
    before: Arc<State>,
    /// Which of them differ, by their index.
    changed: Vec<usize>,
    /// Their ways over the map of the shown race.
    ways: Vec<Way>,
}

impl Ghost {
    /// What is left of `before` beside `now`.
    pub fn new(before: Arc<State>, now: &State) -> Self {
        let [old, new] = [&before.snapshot, &now.snapshot];
        let start = |progress: &Progress| {
            let start = progress.trace.points().first();
            start.map(|start| (start.loss.to_bits(), start.position.clone()))
        };
        let differs = |&racer: &usize| {
            let same = old.meta.racers.get(racer) == new.meta.racers.get(racer);
            let [a, b] = [old, new].map(|race| race.racers.get(racer).map(start));
            !same || a != b || old.meta.seed != new.meta.seed
        };
        let changed: Vec<usize> = (0..old.racers.len()).filter(differs).collect();
        Self {
            ways: vec![Way::default(); changed.len()],
            changed,
            before,
        }
    }

    /// Lays the ways over the map that is shown.
    pub fn follow(&mut self, map: &Mapped) {
        if let Mapped::Drawn(map) = map {
            let racers = &self.before.snapshot.racers;
            for (racer, way) in self.changed.iter().zip(&mut self.ways) {
                map.extend_way(&racers[*racer], way);
            }
        }
    }

    /// How far they came, with their indices.
    pub fn racers(&self) -> impl Iterator<Item = (usize, &Progress)> {
        let racers = &self.before.snapshot.racers;
        self.changed.iter().map(|racer| (*racer, &racers[*racer]))
    }

    /// Their ways, with their indices.
    pub fn ways(&self) -> impl Iterator<Item = (usize, &Way)> {
        self.changed.iter().copied().zip(&self.ways)
    }
}
