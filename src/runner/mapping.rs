//! When a race is mapped: surfaces at once, networks after a second of computing, again when the
//! steps have grown fourfold, and at the end; never so often that the racers wait for more than a
//! hundredth of the time. How a map is made is decided elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::landscape::{Landscape, Map};
use crate::race::snapshot::Snapshot;

/// A race that is computed in less is mapped once, at its end.
const PATIENCE: Duration = Duration::from_secs(1);

/// A map is made again when the steps have grown so many times ...
const GROWTH: u64 = 4;

/// ... and the race has taken so many times as long as all maps, the new one included.
const SHARE: u32 = 100;

/// Said of a race that left nothing to lay a plane through.
const NO_TRAIL: &str = "no map: no racer got anywhere";

/// Whether there is a map.
#[derive(Clone, Debug)]
pub enum Mapped {
    /// There is none and there will be none.
    Absent {
        /// Why, as a line to show; none where nobody wants one.
        why: Option<Arc<str>>,
    },
    /// Not yet.
    Pending,
    /// The newest.
    Drawn(Arc<Map>),
}

impl Mapped {
    /// No map, for this reason; `None` where nobody wants one.
    pub fn absent(why: Option<&str>) -> Self {
        let why = why.map(Arc::from);
        Self::Absent { why }
    }
}

/// Makes the maps of one race.
pub(super) struct Mapper {
    landscape: Option<Landscape>,
    pub mapped: Mapped,
    /// What all maps have taken, and the last of them.
    pub spent: Duration,
    last: Duration,
    /// Steps when it was made; none before the first.
    steps: Option<u64>,
}

impl Mapper {
    /// A mapper, which has made the map of `start` already if that is to stay as it is.
    pub fn new(landscape: Result<Landscape, Option<String>>, start: &Snapshot) -> Self {
        let (landscape, mapped) = match landscape {
            Ok(landscape) => (Some(landscape), Mapped::Pending),
            Err(why) => (None, Mapped::absent(why.as_deref())),
        };
        let mut mapper = Self {
            landscape,
            mapped,
            spent: Duration::ZERO,
            last: Duration::ZERO,
            steps: None,
        };
        if mapper.landscape.as_ref().is_some_and(Landscape::is_fixed) {
            mapper.map(start, &AtomicBool::new(false));
            mapper.landscape = None;
            // Before the race: no part of its time.
            mapper.spent = Duration::ZERO;
        }
        mapper
    }

    /// Whether it is time for a map of a race that has been computed for so long, and in which the
    /// foremost racer has taken so many steps.
    pub fn is_due(&self, computed: Duration, steps: u64) -> bool {
        self.landscape.is_some()
            && match self.steps {
                None => computed >= PATIENCE,
                Some(before) => {
                    let grown = steps >= before.saturating_mul(GROWTH);
                    grown && computed >= SHARE * (self.spent + self.last)
                }
            }
    }

    /// Makes a map of the race so far, on the rayon pool this is called in. Keeps the one before
    /// where there is nothing to map, or `stop` was set meanwhile.
    pub fn map(&mut self, snapshot: &Snapshot, stop: &AtomicBool) {
        let Some(landscape) = &self.landscape else {
            return;
        };
        let begin = Instant::now();
        if let Some(map) = landscape.map(snapshot, stop) {
            self.mapped = Mapped::Drawn(Arc::new(map));
        }
        self.last = begin.elapsed();
        self.spent += self.last;
        self.steps = snapshot.racers.iter().map(|racer| racer.steps).max();
    }

    /// Makes the last map, of a race that is over; or says why there is none.
    pub fn finish(&mut self, snapshot: &Snapshot, stop: &AtomicBool) {
        self.map(snapshot, stop);
        if matches!(self.mapped, Mapped::Pending) && !stop.load(Ordering::Relaxed) {
            let unread = self.landscape.as_ref().and_then(Landscape::unread);
            let unread = unread.map(|unread| format!("no map: {unread}"));
            self.mapped = Mapped::absent(Some(unread.as_deref().unwrap_or(NO_TRAIL)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::Race;
    use crate::runner::stopwatch;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;

    /// The mapper of a shipped scenario, and its race at the start.
    fn mapper(name: &str) -> (Mapper, Race) {
        let source = shipped::find(name).expect("it ships").source();
        let scenario = check(&source, &Options::default()).expect("it is valid");
        let mut race = Race::new(&scenario, &stopwatch);
        let landscape = Landscape::of_race(&scenario, &mut race);
        (Mapper::new(landscape, &race.snapshot()), race)
    }

    #[test]
    fn a_surface_is_mapped_at_once_and_for_good() {
        let (mapper, _) = mapper("beale");
        assert!(matches!(mapper.mapped, Mapped::Drawn(_)));
        assert!(!mapper.is_due(Duration::from_secs(1000), 1 << 40));
    }

    #[test]
    fn maps_of_a_network_get_rarer() {
        let (mut mapper, mut race) = mapper("digits-softmax");
        assert!(matches!(mapper.mapped, Mapped::Pending));
        let (ms, go) = (Duration::from_millis, AtomicBool::new(false));
        assert!(!mapper.is_due(ms(999), 1 << 40));
        assert!(mapper.is_due(ms(1000), 1));

        mapper.map(&race.snapshot(), &go);
        assert!(matches!(mapper.mapped, Mapped::Pending), "nobody has moved");
        while race.steps() < 20 {
            race.advance(100);
        }
        mapper.map(&race.snapshot(), &go);
        assert!(matches!(mapper.mapped, Mapped::Drawn(_)));
        let steps = race.steps();
        (mapper.spent, mapper.last) = (ms(50), ms(30));
        assert!(mapper.is_due(ms(8000), 4 * steps));
        assert!(!mapper.is_due(ms(7999), 4 * steps));
        assert!(!mapper.is_due(ms(8000), 4 * steps - 1));
    }

    #[test]
    fn a_stopped_map_leaves_the_one_before() {
        let (mut mapper, mut race) = mapper("digits-softmax");
        race.advance(100);
        let stopped = AtomicBool::new(true);
        mapper.finish(&race.snapshot(), &stopped);
        assert!(matches!(mapper.mapped, Mapped::Pending));
        mapper.finish(&race.snapshot(), &AtomicBool::new(false));
        assert!(matches!(mapper.mapped, Mapped::Drawn(_)));
        mapper.finish(&race.snapshot(), &stopped);
        assert!(matches!(mapper.mapped, Mapped::Drawn(_)));
    }

    #[test]
    fn without_a_trail_there_is_a_reason() {
        let (mut mapper, race) = mapper("digits-softmax");
        mapper.finish(&race.snapshot(), &AtomicBool::new(false));
        let Mapped::Absent { why: Some(why) } = mapper.mapped else {
            panic!("{:?}", mapper.mapped)
        };
        assert_eq!(&*why, NO_TRAIL);
    }
}
