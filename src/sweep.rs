//! Many races: the same scenario on seed after seed, and in [`tune`] at rate after rate.
//!
//! The seeds run side by side on the rayon pool this is called in. No clock (stopwatches are handed
//! in), no file, no terminal. Only the first seed's race is kept; of the others what is counted, thinned
//! curves, and when targets were reached.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::race::snapshot::{Outcome, Progress, Snapshot};
use crate::race::{Race, Stopwatch};
use crate::scenario::{Scenario, Task};
use crate::stats::Run;
use crate::stats::distribution::Distribution;

pub mod again;
pub mod band;
pub mod modes;
pub mod reach;
pub mod sofar;
pub mod tune;

use band::{Band, Thinned};
use reach::{Reached, Targets};
use sofar::{News, SoFar, Tally};

/// Examples (steps, on surfaces) that a racer goes through between two looks at the word to stop.
const SLICE: u64 = 10_000;

/// The first such slice, after which they double: so early nothing may be missed, see [`reach`].
const FIRST_SLICE: u64 = 1_000;

/// A scenario raced on several seeds.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The race of the first seed; unfinished if it was stopped.
    pub first: Snapshot,
    /// Each racer's runs, one a seed from the first on, without a gap; empty if not even the first
    /// seed's race was finished.
    pub runs: Vec<Vec<Run>>,
    /// How many seeds there were to be.
    pub planned: u64,
    /// Whether the seeds change nothing.
    pub nothing_varies: bool,
    /// Each racer's median curve over these seeds, the first [`band::SEEDS`] of them.
    pub bands: Vec<Option<Band>>,
    /// The losses or accuracies to be reached on each seed, the last of which is the finish line.
    pub targets: Vec<f64>,
    /// Each racer's iterations to these targets, over the same seeds as the curves.
    pub distributions: Vec<Option<Distribution>>,
}

impl Sweep {
    /// How many seeds were raced to the end.
    pub fn seeds(&self) -> u64 {
        self.runs.first().map_or(0, Vec::len) as u64
    }
}

/// Where the stopwatches of racers come from.
pub type Clock<'a> = &'a (dyn Fn() -> Box<dyn Stopwatch> + Sync);

/// Whom a sweep tells how far it has come, from any thread of the pool.
pub type Watch<'a> = &'a (dyn Fn(News) + Sync);

/// Races `scenario` on `seeds` seeds, from its own on, until `stop` is set, and tells `watch`.
///
/// After a stop only the seeds before the first unfinished one count: the others that got through
/// were the quick ones, and would make the racers look better than they are.
pub fn run(
    scenario: &Scenario,
    seeds: u64,
    clock: Clock<'_>,
    stop: &AtomicBool,
    watch: Watch<'_>,
) -> Sweep {
    let so_far = Mutex::new(SoFar::new(seeds, scenario.racers.len()));
    let tell = |news: News| {
        let mut so_far = so_far.lock().unwrap_or_else(PoisonError::into_inner);
        so_far.take(&news);
        drop(so_far);
        watch(news);
    };
    // The first seed's seconds are reported: it has the machine to itself.
    tell(News::Begun);
    let race = start(scenario, 0, clock);
    let starts = race.racers().map(|racer| &racer.latest);
    let targets = Targets::new(scenario, starts);
    let mut first = Followed::new(race, Some(&targets));
    while first.goes_on(stop) {
        tell(News::UnderWay(Arc::new(first.seed())));
    }
    if first.race.finished() {
        tell(News::Done(0, Arc::new(first.seed())));
        let next = AtomicU64::new(1);
        rayon::broadcast(|_| {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= seeds || stop.load(Ordering::Relaxed) {
                    return;
                }
                tell(News::Begun);
                let followed = (seed < band::SEEDS as u64).then_some(&targets);
                let mut race = Followed::new(start(scenario, seed, clock), followed);
                while race.goes_on(stop) {}
                if race.race.finished() {
                    tell(News::Done(seed, Arc::new(race.seed())));
                }
            }
        });
    }
    let so_far = so_far.into_inner().unwrap_or_else(PoisonError::into_inner);
    let Tally {
        runs,
        bands,
        distributions,
    } = so_far.tally();
    Sweep {
        first: first.race.snapshot(),
        runs,
        planned: seeds,
        nothing_varies: nothing_varies(scenario),
        bands,
        targets: targets.values(),
        distributions,
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

/// The race on the seed of this index.
fn start(scenario: &Scenario, seed: u64, clock: Clock<'_>) -> Race {
    let mut scenario = scenario.clone();
    scenario.seed += seed;
    Race::new(&scenario, &|| clock())
}

/// A race, and what its racers have reached of the targets, if they are followed.
struct Followed<'a> {
    race: Race,
    targets: Option<&'a Targets>,
    reached: Vec<Reached>,
    slice: u64,
}

impl<'a> Followed<'a> {
    /// At the start.
    fn new(race: Race, targets: Option<&'a Targets>) -> Self {
        let followed = targets.map_or(0, |_| race.racers().count());
        Self {
            reached: vec![Reached::default(); followed],
            slice: FIRST_SLICE,
            targets,
            race,
        }
    }

    /// Goes on for a slice, unless it is over or was stopped; whether it did.
    fn goes_on(&mut self, stop: &AtomicBool) -> bool {
        if self.race.finished() || stop.load(Ordering::Relaxed) {
            return false;
        }
        self.race.advance(self.slice);
        self.slice = (2 * self.slice).min(SLICE);
        if let Some(targets) = self.targets {
            let racers = self.reached.iter_mut().zip(self.race.racers());
            racers.for_each(|(reached, racer)| reached.look(targets, racer));
        }
        true
    }

    /// What is to be kept of it.
    fn seed(&self) -> Seed {
        let followed = self
            .race
            .racers()
            .zip(&self.reached)
            .zip(self.targets.into_iter().cycle());
        let hits = followed.map(|((racer, reached), targets)| reached.clone().hits(targets, racer));
        Seed {
            runs: self.race.racers().map(count).collect(),
            curves: self
                .race
                .racers()
                .take(self.reached.len())
                .map(Thinned::new)
                .collect(),
            hits: hits.collect(),
        }
    }
}

/// What is kept of a seed's race, racer by racer.
#[derive(Clone, Debug)]
pub struct Seed {
    runs: Vec<Run>,
    /// Empty beyond the seeds whose curves are kept, and so are the iterations to the targets.
    curves: Vec<Thinned>,
    hits: Vec<Vec<Option<u64>>>,
}

fn count(progress: &Progress) -> Run {
    let converged = progress.outcome == Some(Outcome::Converged);
    let convergence = progress.convergence.as_ref().filter(|_| converged);
    Run {
        iterations: convergence.map(|at| at.step),
        steps: progress.steps,
    }
}
