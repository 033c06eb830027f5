//! A race that goes on with the changes made to its racers.

use super::Edit;
use super::field::start;
use crate::scenario::{Entrant, Fork, Scenario};

impl Edit {
    /// `race` as it goes on when each racer goes over to what it is here: after its step in
    /// `after`, where `None` says that it is done.
    ///
    /// # Errors
    /// Why that is no race, or the same.
    pub fn forked(&self, race: &Scenario, after: &[Option<u64>]) -> Result<Scenario, String> {
        let starts = |scenario: &Scenario| -> Vec<_> {
            let racers = 0..scenario.racers.len();
            let start = |racer| start(scenario, Some(racer)).map(<[f64]>::to_vec);
            racers.map(start).collect()
        };
        let (now, mut forked) = (&self.now, race.clone());
        if (now.seed, &now.finish) != (race.seed, &race.finish) || starts(now) != starts(race) {
            let keeps = "a fork keeps seed, target and start";
            return Err(format!("{keeps}: enter races from the start"));
        }
        let mut done = vec![];
        for ((racer, edited), after) in forked.racers.iter_mut().zip(&now.racers).zip(after) {
            let Some(after) = *after else {
                let legs = [&*racer, edited].map(|racer| racer.legs().pop());
                if let [Some(is), Some(wanted)] = &legs
                    && !same(is, wanted)
                {
                    done.push(racer.label.clone());
                }
                continue;
            };
            racer.forks.retain(|fork| fork.after < after);
            let fork = Fork {
                after,
                ..edited.legs().swap_remove(0)
            };
            let last = racer.legs().pop().filter(|last| same(last, &fork));
            if last.is_none() {
                if race.finish.epochs.is_some() && racer.batch != fork.batch {
                    let why = "a race that ends after epochs keeps its batches";
                    return Err(format!("{why}: enter races from the start"));
                }
                racer.forks.push(fork);
            }
        }
        let changes = |(a, b): (&Entrant, &Entrant)| a.forks != b.forks;
        if !forked.racers.iter().zip(&race.racers).any(changes) {
            return Err(match done.first() {
                Some(label) => format!("{label} is done by then: fork earlier, or race with enter"),
                None => "nothing is changed that a fork could go on with".to_owned(),
            });
        }
        forked.edited = true;
        Ok(forked)
    }
}

/// Whether a racer goes on as before.
fn same(leg: &Fork, fork: &Fork) -> bool {
    let after = fork.after;
    Fork {
        after,
        ..leg.clone()
    } == *fork
}
