//! The same race in three modes: every racer at its own best rate, at its published default, and all
//! at one rate; and where the order of two racers flips from one mode to another.
//!
//! Only the learning rate differs between the modes: all else of a racer stays as its scenario says,
//! the schedule among it, of which the rate is the peak. All modes are raced on the same seeds, none of
//! which is one of the search. Pure: no clock (stopwatches are handed in), file or terminal.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering as Memory};

use super::sofar::News;
use super::tune::crew::{self, Advance};
use super::tune::{self, Tuning, entries};
use super::{Clock, nothing_varies};
use crate::scenario::{Entrant, Scenario};
use crate::stats::lead::compare;
use crate::stats::{Run, Summary};

mod orders;
mod same;
pub mod sofar;

pub use orders::{Flipped, Orders, Side};
pub use same::Same;

/// How the learning rates of a race are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Each racer at the best rate of the same search.
    Tuned,
    /// Each at the rate that is its published default.
    Default,
    /// All at one rate; see [`Same`].
    Same,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The search for the best rates.
    pub search: tune::Plan,
    /// How many seeds each mode is raced on, from the scenario's own on.
    pub seeds: u64,
}

/// What has come out of it.
#[derive(Clone, Debug)]
pub struct Modes {
    /// The search.
    pub tuning: Tuning,
    /// The rate of the mode in which all have the same; `None` if no run of the search was made to
    /// its end.
    pub same: Option<Same>,
    /// How many seeds there were to be in each mode.
    pub planned_seeds: u64,
    /// The modes that were raced, on one seed at least.
    pub modes: Vec<Mode>,
    /// Who is ahead of whom, and where that flips.
    pub orders: Orders,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

/// One mode.
#[derive(Clone, Debug, PartialEq)]
pub struct Mode {
    /// Which.
    pub kind: Kind,
    /// What came out for each racer, in the scenario's order; `None` for one without a rate.
    pub racers: Vec<Option<Placed>>,
}

/// What came out for one racer.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its learning rate.
    pub rate: f64,
    /// Its place by its median, from 1; equals share one.
    pub rank: usize,
    /// Its runs.
    pub runs: Summary,
}

/// How far it has come.
#[derive(Clone, Debug)]
pub enum Stage<'a> {
    /// The search goes on.
    Search(&'a Advance, crew::News),
    /// The search is over, or was stopped.
    Found(&'a Tuning),
    /// A mode is about to be raced, each racer at this rate if it has one.
    Begun(Kind, &'a [Option<f64>]),
    /// The mode is being raced: so many seeds are done.
    Race(Kind, u64, News),
}

/// Whom to tell how far it has come, from any thread.
pub type Watch<'a> = &'a (dyn Fn(Stage<'_>) + Sync);

impl Kind {
    /// All modes, in the order they are raced.
    pub const ALL: [Self; 3] = [Self::Tuned, Self::Default, Self::Same];

    /// Its name: one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tuned => "tuned",
            Self::Default => "default",
            Self::Same => "same",
        }
    }
}

impl Plan {
    /// The plan for `scenario`, raced on `seeds` and tuned on `tuning_seeds`; on one each where seeds
    /// change nothing. `fields` are the racers, as [`entries::fields`] has them, with no other
    /// hyperparameter than the rate to be tried.
    ///
    /// # Errors
    /// If the seeds go beyond the last one.
    pub fn new(
        scenario: &Scenario,
        fields: Vec<entries::Field>,
        seeds: u64,
        tuning_seeds: u64,
    ) -> Result<Self, String> {
        let seeds = if nothing_varies(scenario) { 1 } else { seeds };
        debug_assert!(
            seeds <= tune::APART,
            "no race is scored on a seed of tuning"
        );
        Ok(Self {
            search: tune::Plan::new(scenario, fields, tuning_seeds, false)?,
            seeds,
        })
    }
}

/// Carries out `plan` for `scenario` until `stop` is set, on the rayon pool this is called in.
///
/// After a stop the modes before it are whole, the one in progress has the seeds before the first that
/// was not finished, and those after it were not raced.
pub fn run(
    scenario: &Scenario,
    plan: &Plan,
    clock: Clock<'_>,
    stop: &AtomicBool,
    watch: Watch<'_>,
) -> Modes {
    let search = |advance: &Advance, news| watch(Stage::Search(advance, news));
    let tuning = tune::run(scenario, &plan.search, clock, stop, &search);
    watch(Stage::Found(&tuning));
    let same = Same::of(&tuning);
    let (mut modes, mut stopped) = (vec![], tuning.stopped);
    for kind in Kind::ALL {
        let rates = rates(scenario, &tuning, same, kind);
        if rates.iter().all(Option::is_none) {
            continue;
        }
        let raced = AtomicU64::new(0);
        watch(Stage::Begun(kind, &rates));
        let tell = |news: News| {
            let more = u64::from(matches!(news, News::Done(..)));
            let done = raced.fetch_add(more, Memory::Relaxed) + more;
            watch(Stage::Race(kind, done, news));
        };
        let sweep = super::run(&at(scenario, &rates), plan.seeds, clock, stop, &tell);
        stopped |= sweep.seeds() < plan.seeds;
        if sweep.seeds() > 0 {
            modes.push(Mode::new(kind, &rates, &sweep.runs));
        }
    }
    Modes::new(tuning, plan.seeds, modes, stopped)
}

impl Modes {
    /// What `modes` come to that were raced on up to so many seeds, after a search.
    fn new(tuning: Tuning, planned_seeds: u64, modes: Vec<Mode>, stopped: bool) -> Self {
        Self {
            orders: Orders::new(&modes, tuning.nothing_varies),
            same: Same::of(&tuning),
            tuning,
            planned_seeds,
            modes,
            stopped,
        }
    }
}

/// The rate of each racer in a mode, if it has one there.
fn rates(scenario: &Scenario, tuning: &Tuning, same: Option<Same>, kind: Kind) -> Vec<Option<f64>> {
    let racers = scenario.racers.iter().zip(&tuning.racers);
    let rate = |(racer, tuned): (&Entrant, &tune::Tuned)| match kind {
        Kind::Tuned => tuned.at_best().map(|(_, point)| point.rate),
        Kind::Default => racer.optimizer.default_rate(&racer.settings),
        Kind::Same => same.map(|same| same.rate),
    };
    racers.map(rate).collect()
}

/// The scenario with those racers that have a rate, at that rate.
fn at(scenario: &Scenario, rates: &[Option<f64>]) -> Scenario {
    let racers = scenario.racers.iter().zip(rates);
    let racers = racers.filter_map(|(racer, rate)| {
        Some(Entrant {
            learning_rate: (*rate)?,
            ..racer.clone()
        })
    });
    Scenario {
        racers: racers.collect(),
        ..scenario.clone()
    }
}

impl Mode {
    /// What `runs` came to of the racers that have a rate.
    fn new(kind: Kind, rates: &[Option<f64>], runs: &[Vec<Run>]) -> Self {
        let runs: Vec<Summary> = runs.iter().map(|runs| Summary::new(runs)).collect();
        let rank = |own: &Summary| {
            1 + runs
                .iter()
                .filter(|other| compare(other, own).is_lt())
                .count()
        };
        let mut placed = runs.iter().map(|own| (rank(own), own.clone()));
        let mut place = |rate: &Option<f64>| {
            let rate = (*rate)?;
            let (rank, runs) = placed.next()?;
            Some(Placed { rate, rank, runs })
        };
        Self {
            kind,
            racers: rates.iter().map(&mut place).collect(),
        }
    }

    /// How many seeds it was raced on.
    pub fn seeds(&self) -> u64 {
        let placed = self.racers.iter().flatten().next();
        placed.map_or(0, |placed| placed.runs.iterations.len() as u64)
    }

    /// How the first of two racers stands to the second: `Less` where it is ahead, `Equal` where
    /// they do not differ on any seed, or one was not raced.
    fn order(&self, pair: [usize; 2]) -> Ordering {
        match pair.map(|racer| self.racers[racer].as_ref()) {
            [Some(a), Some(b)] if a.runs.iterations != b.runs.iterations => {
                compare(&a.runs, &b.runs)
            }
            _ => Ordering::Equal,
        }
    }
}

#[cfg(test)]
mod tests;
