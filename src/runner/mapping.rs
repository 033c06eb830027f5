//! When the map of a race is made anew: whenever much has been added to it, and so seldom that the
//! race hardly notices. It is made between two slices, when the racers' own clocks stand.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use crate::landscape::{Landscape, Map};
use crate::race::Race;

/// A race that is over sooner is mapped once, at its end.
const SOON: Duration = Duration::from_secs(1);

/// A map is made anew when the racers have taken so many times the steps.
const GROWTH: u64 = 4;

/// Mapping may take one part in so many of the computing.
const SHARE: u32 = 100;

/// What there is of a map.
#[derive(Clone, Debug)]
pub enum Mapped {
    /// There is none.
    Absent {
        /// Why not; none where nobody wanted one.
        why: Option<Arc<str>>,
    },
    /// There will be one.
    Pending,
    /// As of some step.
    Drawn(Arc<Map>),
}

impl Mapped {
    /// None, for this reason.
    pub fn absent(why: Option<String>) -> Self {
        Self::Absent {
            why: why.map(Arc::from),
        }
    }
}

/// The maps of one race.
pub(super) struct Mapper {
    /// What is mapped; none where the map is as it will stay.
    landscape: Option<Landscape>,
    /// The newest map.
    pub map: Mapped,
    /// At which step the last one was made.
    made: Option<u64>,
    /// How long all maps took.
    pub spent: Duration,
}

impl Mapper {
    /// Makes the first map of `landscape` if it needs no more than the start of `race`.
    pub fn new(
        landscape: Result<Landscape, Option<String>>,
        race: &Race,
        pool: &ThreadPool,
    ) -> Self {
        let (landscape, map) = match landscape {
            Ok(landscape) => (Some(landscape), Mapped::Pending),
            Err(why) => (None, Mapped::absent(why)),
        };
        let mut mapper = Self {
            landscape,
            map,
            made: None,
            spent: Duration::ZERO,
        };
        if mapper.landscape.as_ref().is_some_and(Landscape::is_fixed) {
            mapper.make(race, pool, &AtomicBool::new(false));
            mapper.landscape = None;
            // Before the race: no part of its time.
            mapper.spent = Duration::ZERO;
        }
        mapper
    }

    /// Makes the map anew if it is time, `computing` having taken so long.
    pub fn keep_up(
        &mut self,
        race: &Race,
        computing: Duration,
        pool: &ThreadPool,
        stop: &AtomicBool,
    ) {
        let due = || is_due(self.made, race.steps(), computing, self.spent);
        if self.landscape.is_some() && due() {
            self.make(race, pool, stop);
        }
    }

    /// Makes the map of `race` as it is now, unless `stop` is set.
    pub fn make(&mut self, race: &Race, pool: &ThreadPool, stop: &AtomicBool) {
        let Some(landscape) = &self.landscape else {
            return;
        };
        let begin = Instant::now();
        let snapshot = race.snapshot();
        if let Some(map) = pool.install(|| landscape.map(&snapshot, stop)) {
            self.map = Mapped::Drawn(Arc::new(map));
        }
        self.made = Some(race.steps());
        self.spent += begin.elapsed();
    }
}

/// Whether a race that has taken so many `steps` in so much time for `computing` needs another map,
/// the last one `made` at some step (none if there is none) and all together having `spent` so much.
fn is_due(made: Option<u64>, steps: u64, computing: Duration, spent: Duration) -> bool {
    match made {
        None => computing >= SOON,
        Some(made) => {
            steps >= GROWTH.saturating_mul(made) && computing >= spent.saturating_mul(SHARE)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::snapshot::{Outcome, Snapshot};
    use crate::runner::{Options, Runner, stopwatch};
    use crate::scenario::check::{self, check};
    use crate::scenario::{Scenario, shipped};

    fn scenario(name: &str) -> Scenario {
        let source = shipped::find(name).expect("it ships").source();
        let options = check::Options {
            set: vec!["finish.steps=60".to_owned()],
            ..check::Options::default()
        };
        check(&source, &options).expect("it is valid")
    }

    fn pool() -> ThreadPool {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        pool.expect("the system starts threads")
    }

    #[test]
    fn maps_are_made_seldom() {
        // Steps at the last map, steps now, milliseconds of computing, of mapping, whether it is due.
        let table = [
            (None, 5_000, 999, 0, false),
            (None, 5_000, 1_000, 0, true),
            (None, 0, 1_000, 0, true),
            (Some(1_000), 3_999, 90_000, 10, false),
            (Some(1_000), 4_000, 90_000, 10, true),
            (Some(1_000), 4_000, 999, 10, false),
            (Some(1_000), 4_000, 1_000, 10, true),
            (Some(0), 1, 1_000, 11, false),
            (Some(u64::MAX), 4_000, 90_000, 10, false),
        ];
        for (made, steps, computing, spent, want) in table {
            let [long, short] = [computing, spent].map(Duration::from_millis);
            let got = is_due(made, steps, long, short);
            assert_eq!(got, want, "{made:?} {steps} {computing} {spent}");
        }
    }

    #[test]
    fn a_race_is_mapped_from_its_start_or_at_its_end() {
        // Scenario, whether there is a map before the race begins.
        for (name, fixed) in [("beale", true), ("one-weight", true), ("line", false)] {
            let (scenario, pool) = (scenario(name), pool());
            let mut race = Race::new(&scenario, &stopwatch);
            let landscape = Landscape::of_race(&scenario, &mut race);
            let mut mapper = Mapper::new(landscape, &race, &pool);
            let is_drawn = |mapper: &Mapper| matches!(mapper.map, Mapped::Drawn(_));
            assert_eq!(is_drawn(&mapper), fixed, "{name}");
            assert_eq!(mapper.spent, Duration::ZERO, "{name}");
            while !race.finished() {
                race.advance(1_000);
            }
            let go = AtomicBool::new(false);
            mapper.keep_up(&race, Duration::from_millis(10), &pool, &go);
            assert_eq!(is_drawn(&mapper), fixed, "{name}: it is too early");
            mapper.make(&race, &pool, &AtomicBool::new(true));
            assert_eq!(is_drawn(&mapper), fixed, "{name}: it was stopped");
            mapper.make(&race, &pool, &go);
            assert!(is_drawn(&mapper), "{name}");
            assert_eq!(mapper.spent == Duration::ZERO, fixed, "{name}");
        }
    }

    #[test]
    fn where_there_is_no_map_it_says_why() {
        let race = Race::new(&scenario("beale"), &stopwatch);
        for why in [None, Some("too large".to_owned())] {
            let mut mapper = Mapper::new(Err(why.clone()), &race, &pool());
            mapper.make(&race, &pool(), &AtomicBool::new(false));
            let Mapped::Absent { why: got } = mapper.map else {
                panic!("there is no landscape")
            };
            assert_eq!(got.as_deref(), why.as_deref());
        }
    }

    fn run(scenario: &Scenario, mapped: bool) -> (Snapshot, Mapped) {
        let mut race = Race::new(scenario, &stopwatch);
        let landscape = if mapped {
            Landscape::of_race(scenario, &mut race)
        } else {
            Err(None)
        };
        let options = Options {
            threads: 2,
            record: None,
            landscape,
        };
        let runner = Runner::start(race, options);
        while !runner.wait(Duration::from_secs(1)) {}
        let state = runner.stop().expect("nothing is recorded");
        (state.snapshot.clone(), state.map.clone())
    }

    #[test]
    fn racers_do_not_notice_that_there_is_a_map() {
        for name in ["beale", "line", "digits"] {
            let scenario = scenario(name);
            let ((with, map), (without, none)) = (run(&scenario, true), run(&scenario, false));
            assert!(matches!(map, Mapped::Drawn(_)), "{name}");
            assert!(matches!(none, Mapped::Absent { why: None }), "{name}");
            let end = |snapshot: &Snapshot| -> Vec<(Option<Outcome>, u64, u64, u64)> {
                let racers = snapshot.racers.iter();
                racers
                    .map(|r| {
                        (
                            r.outcome.clone(),
                            r.steps,
                            r.samples,
                            r.latest.loss.to_bits(),
                        )
                    })
                    .collect()
            };
            assert_eq!(end(&with), end(&without), "{name}");
        }
    }
}
