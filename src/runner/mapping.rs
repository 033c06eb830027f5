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

    /// A first map of `landscape` as the racers of `race` start.
    pub fn first(landscape: &Landscape, race: &Race) -> Self {
        let fixed = landscape.is_fixed();
        let map = fixed.then(|| landscape.map(&race.snapshot(), &AtomicBool::new(false)));
        map.flatten()
            .map_or(Self::Pending, |map| Self::Drawn(Arc::new(map)))
    }
}

/// The maps of one race.
pub(super) struct Mapper {
    /// What is mapped; none where the map is as it will stay.
    landscape: Option<Landscape>,
    /// The newest map.
    pub map: Mapped,
    /// At which step it was made, and how long that took.
    made: Option<(u64, Duration)>,
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

    /// What of the time since the race began was spent on the race itself.
    pub fn computing(&self, elapsed: Duration) -> Duration {
        elapsed.saturating_sub(self.spent)
    }

    /// Makes the map anew if it is time, `computing` having taken so long.
    pub fn keep_up(
        &mut self,
        race: &Race,
        computing: Duration,
        pool: &ThreadPool,
        stop: &AtomicBool,
    ) {
        let due = match self.made {
            _ if self.landscape.is_none() => false,
            None => computing >= SOON,
            Some((steps, cost)) => {
                race.steps() >= GROWTH.saturating_mul(steps) && computing >= SHARE * cost
            }
        };
        if due {
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
        let took = begin.elapsed();
        self.made = Some((race.steps(), took));
        self.spent += took;
    }
}
