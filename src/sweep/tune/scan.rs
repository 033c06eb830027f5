//! Every racer of a race once at each rate of the first grid: how the rates in use stand among all
//! others. It can be stopped at any time, and goes on where it was.
//!
//! The runs are those of a search on one seed. Those at rates near the ones in use come first, for
//! all racers alike: they say soonest whether somebody picked them.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::crew::{Crew, Job, Watch};
use super::entries;
use super::grid::{self, Grid};
use super::sofar::{Place, SoFar};
use super::{Plan, jobs};
use crate::scenario::check::memory;
use crate::scenario::{Scenario, Task};
use crate::sweep::Clock;

/// A scan that nobody has asked for takes at most about so many bytes.
const MEMORY: u128 = 512 << 20;

/// The runs, as far as they are made.
pub struct Scan {
    scenario: Scenario,
    plan: Plan,
    jobs: Vec<Job>,
}

impl Scan {
    /// The scan of a race of `scenario`, to be made on so many threads.
    ///
    /// # Errors
    /// Why there is none, in words for the user.
    pub fn new(scenario: &Scenario, threads: usize) -> Result<Self, String> {
        if scenario.racers.iter().any(|racer| !racer.forks.is_empty()) {
            return Err("racers change on their way".to_owned());
        }
        if let Task::Model(task) = &scenario.task {
            if task.data.features.is_streamed() {
                return Err("the examples are streamed from their file".to_owned());
            }
            let abreast = &scenario.racers[..threads.clamp(1, scenario.racers.len())];
            let need = memory::estimate(task, abreast, false);
            if need > MEMORY {
                let need = memory::shown(need);
                return Err(format!("that would take about {need} of memory"));
            }
        }
        let plan = Plan::new(scenario, entries::as_entered(scenario), 1, false)?;
        let Grid { low, high } = Grid::FIRST;
        let mut jobs = jobs(scenario, &plan, low..=high);
        let in_use = |racer: usize| (3.0 * scenario.racers[racer].learning_rate.log10()).round();
        jobs.sort_by_key(|job| (job.key.tick - in_use(job.key.racer) as i32).abs());
        Ok(Self {
            scenario: scenario.clone(),
            plan,
            jobs,
        })
    }

    /// The rates, in ascending order.
    pub fn rates() -> Vec<f64> {
        let ticks = Grid::FIRST.ticks(1);
        ticks.map(|tick| grid::rate(tick, 1)).collect()
    }

    /// Makes the runs that are not yet made, on the rayon pool this is called in, until `stop` is
    /// set; breaks if that was before all were made. Calls `watch` whenever a run begins or ends.
    pub fn go_on(&self, clock: Clock<'_>, stop: &AtomicBool, watch: Watch<'_>) -> ControlFlow<()> {
        let left: Vec<&Job> = self.jobs.iter().filter(|j| j.trial().is_none()).collect();
        let crew = Crew::new(&self.scenario, &self.plan.seeds, clock, stop, watch);
        crew.make_in_order(&left, 1)
    }

    /// What `so_far` says of the rates of each racer, in ascending order.
    pub fn places(&self, so_far: &SoFar) -> Vec<Vec<Place>> {
        let racers = 0..self.scenario.racers.len();
        racers
            .map(|racer| so_far.places(&self.plan, racer, 0))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::race::untimed;
    use crate::scenario::check::{Options, Source, check};
    use crate::scenario::shipped;
    use crate::sweep::tune::crew::{Advance, News};
    use crate::sweep::tune::{APART, run};

    /// A schedule, a batch and a written rule.
    const ODD: &str = r#"
title = "Odd"
seed = 4
[surface]
function = "booth"
start = [0, 0]
noise = 4
[finish]
loss = 0.02
steps = 200
[[racer]]
optimizer = "adam"
learning_rate = { peak = 0.1, schedule = "cosine" }
batch = 16
[[racer]]
label = "Own"
learning_rate = 0.3
rule = ["w = w - learning_rate*g"]
"#;

    fn of_text(text: &str, set: &[&str]) -> Scenario {
        let source = Source {
            file: "test.toml".to_owned(),
            name: "test".to_owned(),
            text: text.to_owned(),
            folder: std::path::PathBuf::new(),
        };
        let options = Options {
            set: set.iter().map(|&set| set.to_owned()).collect(),
            ..Options::default()
        };
        check(&source, &options).unwrap_or_else(|report| panic!("{report}"))
    }

    fn of_shipped(name: &str, set: &[&str]) -> Scenario {
        of_text(&shipped::find(name).expect("it ships").source().text, set)
    }

    /// Goes on with a scan until so many runs are done; what has been told, and whether all are made.
    fn go_on(scan: &Scan, so_far: &Mutex<SoFar>, runs: u64) -> bool {
        let stop = AtomicBool::new(false);
        let watch = |advance: &Advance, news: News| {
            so_far.lock().expect("nobody panics").take(advance, news);
            stop.store(advance.done >= runs, std::sync::atomic::Ordering::Relaxed);
        };
        let all = scan.go_on(&untimed, &stop, &watch);
        so_far.lock().expect("nobody panics").rest();
        all.is_continue()
    }

    #[test]
    fn it_finds_what_a_search_on_one_seed_finds() {
        for scenario in [
            of_text(ODD, &[]),
            of_shipped("beale", &["finish.steps=200"]),
        ] {
            let scan = Scan::new(&scenario, 2).expect("it is small");
            let so_far = Mutex::default();
            assert!(go_on(&scan, &so_far, u64::MAX));
            let plan = Plan::new(&scenario, entries::as_entered(&scenario), 1, false);
            let plan = plan.expect("it is small");
            assert_eq!(plan.seeds, [scenario.seed + APART]);
            let stop = AtomicBool::new(false);
            let search = run(&scenario, &plan, &untimed, &stop, &|_, _| {});
            let places = scan.places(&so_far.into_inner().expect("nobody panicked"));
            assert_eq!(places.len(), search.racers.len());
            for (found, places) in search.racers.iter().zip(places) {
                let in_grid = |rate: f64| Scan::rates().contains(&rate);
                let points = found.curves[0].points.iter();
                let want: Vec<_> = points.filter(|point| in_grid(point.rate)).collect();
                let got: Vec<_> = places.iter().map(|place| &place.point).collect();
                assert_eq!((got.len(), got), (19, want));
            }
        }
    }

    #[test]
    fn what_was_stopped_goes_on_where_it_was_and_begins_near_the_rates_in_use() {
        let scenario = of_text(ODD, &[]);
        let whole = Mutex::default();
        let scan = Scan::new(&scenario, 1).expect("it is small");
        assert!(go_on(&scan, &whole, u64::MAX));
        let whole = scan.places(&whole.into_inner().expect("nobody panicked"));

        let scan = Scan::new(&scenario, 1).expect("it is small");
        let so_far = Mutex::default();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
        let pool = pool.build().expect("the system starts threads");
        let mut goes = 0;
        while !pool.install(|| go_on(&scan, &so_far, 2)) {
            goes += 1;
            let so_far = so_far.lock().expect("nobody panics");
            let places = scan.places(&so_far);
            assert!(places.iter().flatten().all(|place| !place.flying));
            if goes == 1 {
                let done = places.iter().flatten().map(|place| &place.point);
                let done = done.filter(|point| !point.runs.iterations.is_empty());
                let rates: Vec<f64> = done.map(|point| point.rate).collect();
                assert_eq!(rates, [grid::rate(-3, 1), grid::rate(-2, 1)]);
            }
        }
        assert!(goes > 15, "{goes}");
        assert_eq!(scan.places(&so_far.into_inner().expect("fine")), whole);
    }

    #[test]
    fn what_cannot_be_scanned_says_why() {
        let why = |scenario: &Scenario| Scan::new(scenario, 2).err().expect("it is refused");
        let mut forked = of_shipped("beale", &[]);
        let leg = forked.racers[0].legs().remove(0);
        forked.racers[0].forks.push(leg);
        assert_eq!(why(&forked), "racers change on their way");
        let large = of_shipped("digits", &["model.hidden=[65536, 100]"]);
        assert!(why(&large).contains("MiB of memory"), "{}", why(&large));
        let last = Scenario {
            seed: i64::MAX as u64,
            ..of_shipped("beale", &[])
        };
        assert!(why(&last).contains("choose a lower --seed"));
    }
}
