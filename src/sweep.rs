//! Many races: the same scenario on seed after seed, and in [`tune`] at rate after rate.
//!
//! The seeds run side by side on the rayon pool this is called in. No clock (stopwatches are handed
//! in), no file, no terminal. Only the first seed's race is kept; of the others what is counted, and
//! thinned curves.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::race::snapshot::{Outcome, Progress, Snapshot};
use crate::race::{Race, Stopwatch};
use crate::scenario::{Scenario, Task};
use crate::stats::Run;

pub mod again;
pub mod band;
pub mod modes;
pub mod tune;

use band::{Band, Thinned};

/// Examples (steps, on surfaces) that a racer goes through between two looks at the word to stop.
const SLICE: u64 = 10_000;

/// A scenario raced on several seeds.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The race of the first seed; unfinished if it was stopped.
    pub first: Snapshot,
    /// Each racer's runs, one a seed from the first on, without a gap; empty if not even the first
    /// seed's race was finished.
    pub runs: Vec<Vec<Run>>,
    /// Each racer's median curve over these seeds, the first [`band::SEEDS`] of them.
    pub bands: Vec<Option<Band>>,
}

impl Sweep {
    /// How many seeds were raced to the end.
    pub fn seeds(&self) -> u64 {
        self.runs.first().map_or(0, Vec::len) as u64
    }
}

/// Where the stopwatches of racers come from.
pub type Clock<'a> = &'a (dyn Fn() -> Box<dyn Stopwatch> + Sync);

/// Races `scenario` on `seeds` seeds, from its own on, until `stop` is set. Calls `done` after each
/// seed, from any thread of the pool.
///
/// After a stop only the seeds before the first unfinished one count: the others that got through
/// were the quick ones, and would make the racers look better than they are.
pub fn run(
    scenario: &Scenario,
    seeds: u64,
    clock: Clock<'_>,
    stop: &AtomicBool,
    done: &(dyn Fn() + Sync),
) -> Sweep {
    // The first seed's seconds are reported: it has the machine to itself.
    let first = race(scenario, 0, clock, stop);
    let mut finished = vec![None; seeds as usize];
    if first.finished() {
        finished[0] = Some(Seed::new(0, &first));
        done();
        let (next, rest) = (AtomicU64::new(1), Mutex::new(&mut finished));
        rayon::broadcast(|_| {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds || stop.load(Ordering::Relaxed) {
                    return;
                }
                let snapshot = race(scenario, seed, clock, stop);
                if snapshot.finished() {
                    let mut rest = rest.lock().unwrap_or_else(PoisonError::into_inner);
                    rest[seed as usize] = Some(Seed::new(seed, &snapshot));
                    drop(rest);
                    done();
                }
            }
        });
    }
    let whole: Vec<Seed> = finished.into_iter().map_while(|seed| seed).collect();
    let racers = 0..first.racers.len();
    let runs = |racer: usize| whole.iter().map(|seed| seed.runs[racer]).collect();
    let band = |racer: usize| {
        let curves = whole.iter().filter_map(|seed| seed.curves.get(racer));
        Band::new(&curves.collect::<Vec<_>>())
    };
    Sweep {
        runs: racers.clone().map(runs).collect(),
        bands: racers.map(band).collect(),
        first,
    }
}

/// Whether the seed changes nothing, so that many seeds are as good as one: on a surface without
/// noise, or where every racer takes the full, noiseless gradient.
pub fn nothing_varies(scenario: &Scenario) -> bool {
    match &scenario.task {
        Task::Surface(task) => {
            task.noise == 0.0 || scenario.racers.iter().all(|racer| racer.batch.is_none())
        }
        Task::Model(_) => false,
    }
}

fn race(scenario: &Scenario, seed: u64, clock: Clock<'_>, stop: &AtomicBool) -> Snapshot {
    let mut scenario = scenario.clone();
    scenario.seed += seed;
    let mut race = Race::new(&scenario, &|| clock());
    while !race.finished() && !stop.load(Ordering::Relaxed) {
        race.advance(SLICE);
    }
    race.snapshot()
}

/// What is kept of a seed's race, racer by racer.
#[derive(Clone)]
struct Seed {
    runs: Vec<Run>,
    /// Empty beyond the seeds whose curves are kept.
    curves: Vec<Thinned>,
}

impl Seed {
    fn new(seed: u64, snapshot: &Snapshot) -> Self {
        let racers = &snapshot.racers;
        Self {
            runs: racers.iter().map(count).collect(),
            curves: if seed < band::SEEDS as u64 {
                racers.iter().map(Thinned::new).collect()
            } else {
                vec![]
            },
        }
    }
}

fn count(progress: &Progress) -> Run {
    let converged = progress.outcome == Some(Outcome::Converged);
    let convergence = progress.convergence.as_ref().filter(|_| converged);
    Run {
        iterations: convergence.map(|at| at.step),
        steps: progress.steps,
    }
}
