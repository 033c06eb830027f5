//! The search for learning rates, with the same budget for every racer: the same grid of rates, the
//! same seeds, none of which a race is scored on, and the full budget of steps for every run.
//!
//! Pure: no clock (stopwatches are handed in), file or terminal. What comes out is the same whatever
//! the number of threads, unless the search was stopped.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use crate::optim::Setting;
use crate::race;
use crate::race::snapshot::{Entered, Meta};
use crate::scenario::{Entrant, Scenario};
use crate::sweep::{Clock, nothing_varies};

pub mod crew;
pub mod curve;
pub mod entries;
pub mod grid;
mod halving;
pub mod memory;
pub mod scan;
pub mod sofar;

use crew::{Crew, Job, Key, Watch};
use curve::{Best, Curve, Point, Trial};
use entries::Field;
use grid::{Edge, Grid};

pub use halving::SHARES;

/// So far above a scenario's seed the seeds begin that it is tuned on: no race takes so many seeds
/// that it is scored on one of these.
pub const APART: u64 = 100_000;

/// The most runs of a search.
const MOST: usize = 1_000_000;

/// What is to be tried.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Of each racer, what is tried beside its rate.
    pub fields: Vec<Field>,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// Whether by successive halving.
    pub halving: bool,
}

/// What has come out of it.
#[derive(Clone, Debug)]
pub struct Tuning {
    /// The scenario that was tuned, on its own seed.
    pub meta: Meta,
    /// The seeds that count: after a stop, only those before the first that was not raced to the
    /// end with every rate of the first grid, but at least one.
    pub seeds: Vec<u64>,
    /// How many seeds there were to be.
    pub planned_seeds: usize,
    /// Whether the seeds change nothing.
    pub nothing_varies: bool,
    /// The rates that were tried in the end.
    pub grid: Grid,
    /// Configurations of each racer.
    pub configurations: usize,
    /// Whether by successive halving.
    pub halving: bool,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// Runs that were made.
    pub runs: u64,
    /// The steps they took.
    pub steps: u64,
    /// The steps they would have taken had each used up its full budget.
    pub full_steps: u64,
    /// The racers, in the scenario's order.
    pub racers: Vec<Tuned>,
}

/// What has come out of it for one racer.
#[derive(Clone, Debug)]
pub struct Tuned {
    /// The racer at its best; as it was where nothing was run to the end.
    pub entered: Entered,
    /// A curve for each combination of other hyperparameters.
    pub curves: Vec<Curve>,
    /// Its best, if anything was run to the end.
    pub best: Option<Best>,
}

impl Plan {
    /// The plan for `scenario` with `fields` on `seeds` seeds; on one where seeds change nothing.
    ///
    /// # Errors
    /// If the seeds go beyond the last one, or the runs are too many.
    pub fn new(
        scenario: &Scenario,
        fields: Vec<Field>,
        seeds: u64,
        halving: bool,
    ) -> Result<Self, String> {
        let seeds = if nothing_varies(scenario) { 1 } else { seeds };
        let first = scenario.seed.checked_add(APART);
        let last = first.and_then(|first| first.checked_add(seeds - 1));
        let (Some(first), Some(last)) = (first, last.filter(|&last| i64::try_from(last).is_ok()))
        else {
            return Err(format!(
                "the seeds to tune on begin {APART} above the scenario's, and the last of them is \
                 above 2^63 - 1: choose a lower --seed"
            ));
        };
        let plan = Self {
            fields,
            seeds: (first..=last).collect(),
            halving,
        };
        let ticks = Grid::WIDEST.thirds() * plan.configurations(1);
        let runs = (plan.fields.len() * plan.seeds.len()).saturating_mul(ticks);
        if runs > MOST {
            return Err(format!(
                "this could take {runs} runs; the most are {MOST}: choose fewer --seeds or values \
                 of --over"
            ));
        }
        Ok(plan)
    }

    /// The configurations of each racer on a grid of so many rates.
    fn configurations(&self, rates: usize) -> usize {
        let field = self.fields.first();
        field.map_or(0, |field| {
            field.entries.len() * usize::from(field.parts) * rates
        })
    }
}

/// Carries out `plan` for `scenario` until `stop` is set. Calls `watch` whenever a run begins or
/// ends, from any thread of the rayon pool this is called in.
pub fn run(
    scenario: &Scenario,
    plan: &Plan,
    clock: Clock<'_>,
    stop: &AtomicBool,
    watch: Watch<'_>,
) -> Tuning {
    let crew = Crew::new(scenario, &plan.seeds, clock, stop, watch);
    let mut grid = Grid::FIRST;
    let mut made = jobs(scenario, plan, grid.low..=grid.high);
    let mut all_made = if plan.halving {
        halving::run(&crew, plan, &made)
    } else {
        crew.make(&mut made.iter().collect::<Vec<_>>(), 1)
    };
    let counted = counted(&made, plan.seeds.len());
    let mut racers = judge(scenario, plan, &made, counted);
    // Whoever is best at an end of the grid may be better beyond; then all go there.
    while !plan.halving && all_made.is_continue() {
        let edges = racers.iter().filter_map(|racer| racer.best?.edge);
        let wider = grid.grown(&edges.collect::<Vec<Edge>>());
        if wider == grid {
            break;
        }
        let mut more = jobs(scenario, plan, wider.low..=grid.low - 1);
        more.extend(jobs(scenario, plan, grid.high + 1..=wider.high));
        all_made = crew.make(&mut more.iter().collect::<Vec<_>>(), 1);
        made.extend(more);
        grid = wider;
        racers = judge(scenario, plan, &made, counted);
    }
    let points = racers.iter().flat_map(|racer| &racer.curves);
    let points: Vec<&Point> = points.flat_map(|curve| &curve.points).collect();
    let runs = |point: &&Point| point.runs.iterations.len() as u64;
    Tuning {
        meta: race::meta(scenario, 0),
        seeds: plan.seeds[..counted].to_vec(),
        planned_seeds: plan.seeds.len(),
        nothing_varies: nothing_varies(scenario),
        grid,
        configurations: plan.configurations(grid.thirds()),
        halving: plan.halving,
        stopped: all_made.is_break(),
        runs: points.iter().map(runs).sum(),
        steps: points.iter().map(|point| point.steps).sum(),
        full_steps: made.iter().map(|job| job.budget).sum(),
        racers,
    }
}

/// A run for each racer, combination, and rate of these thirds, on each seed.
fn jobs(scenario: &Scenario, plan: &Plan, thirds: std::ops::RangeInclusive<i32>) -> Vec<Job> {
    let (low, high) = thirds.into_inner();
    let mut jobs = vec![];
    for (racer, field) in plan.fields.iter().enumerate() {
        for entry in 0..field.entries.len() {
            for tick in (Grid { low, high }).ticks(field.parts) {
                let key = Key { racer, entry, tick };
                let seeds = 0..plan.seeds.len();
                jobs.extend(seeds.map(|seed| Job::new(scenario, &plan.fields, key, seed)));
            }
        }
    }
    jobs
}

/// How many seeds were raced with every rate, without a gap from the first on; 1 at least.
fn counted(first: &[Job], seeds: usize) -> usize {
    let cut = first.iter().filter(|job| job.trial().is_none());
    cut.map(|job| job.seed).min().unwrap_or(seeds).max(1)
}

/// What has come out of the runs on the first `seeds` seeds, in the seeds' order.
fn trials(made: &[Job], seeds: usize) -> BTreeMap<Key, Vec<Trial>> {
    let mut trials: BTreeMap<Key, Vec<Trial>> = BTreeMap::new();
    for job in made {
        let own = trials.entry(job.key).or_default();
        own.extend(job.trial().filter(|_| job.seed < seeds));
    }
    trials
}

/// What the runs on the first `counted` seeds say.
fn judge(scenario: &Scenario, plan: &Plan, made: &[Job], counted: usize) -> Vec<Tuned> {
    let trials = trials(made, counted);
    let racers = plan.fields.iter().enumerate();
    let tuned = racers.map(|(racer, field)| {
        let curves = field.entries.iter().enumerate().map(|(entry, tried)| {
            let key = |tick| Key { racer, entry, tick };
            let own = trials.range(key(i32::MIN)..=key(i32::MAX));
            let point = |(key, trials): (&Key, &Vec<Trial>)| {
                Point::new(grid::rate(key.tick, field.parts), trials, counted)
            };
            Curve {
                over: tried.over.clone(),
                points: own.map(point).collect(),
            }
        });
        let curves: Vec<Curve> = curves.collect();
        let best = curve::best(&curves);
        let racer = best.map(|best| Entrant {
            learning_rate: curves[best.curve].points[best.point].rate,
            ..field.entries[best.curve].racer.clone()
        });
        let racer = racer.as_ref().unwrap_or(&field.entries[0].racer);
        Tuned {
            entered: race::entered(scenario, racer),
            curves,
            best,
        }
    });
    tuned.collect()
}

impl Tuned {
    /// The curve and the point of its best.
    pub fn at_best(&self) -> Option<(&Curve, &Point)> {
        let best = self.best?;
        let curve = &self.curves[best.curve];
        Some((curve, &curve.points[best.point]))
    }

    /// The other hyperparameters that were tried, as they are at its best.
    pub fn over(&self) -> &[(String, Setting)] {
        self.at_best().map_or(&[], |(curve, _)| &curve.over)
    }
}
