//! The threads that race a scenario on seed after seed: the newest sums out, a word to stop in, all of
//! it at the end. Racers never wait for the sums: a thread beside them makes those, at most so often.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use super::{pool, stopwatch};
use crate::race::{self, snapshot::Meta};
use crate::scenario::Scenario;
use crate::sweep::sofar::{News, SoFar, Tally};
use crate::sweep::{self, Sweep, nothing_varies};

/// At most so often sums are made.
const SUM_UP: Duration = Duration::from_millis(100);

/// So many times as long as sums take the next ones wait: of many racers and seeds they are no small
/// work.
const REST: u32 = 4;

/// A race on many seeds as far as it has come.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// What does not change, on the first seed.
    pub meta: Arc<Meta>,
    /// How many seeds there are to be.
    pub planned: u64,
    /// Whether they change nothing.
    pub nothing_varies: bool,
    /// How many were begun.
    pub begun: u64,
    /// How many were raced to the end.
    pub done: u64,
    /// What those among them say that count; before there are any, the curves of the first as far as
    /// it has come.
    pub tally: Tally,
    /// Threads it is computed on.
    pub threads: usize,
    /// Wall-clock seconds it took, once nothing more will come.
    pub took: Option<f64>,
}

/// Races a scenario on many seeds in the background.
pub struct Seeding {
    shared: Arc<Shared>,
    begin: Instant,
    /// Who races, and who sums up.
    threads: Option<(JoinHandle<Sweep>, JoinHandle<()>)>,
}

/// What the threads and their owner hold.
struct Shared {
    desk: Mutex<Desk>,
    /// Told when something on the desk changes.
    changed: Condvar,
    stop: AtomicBool,
    latest: ArcSwap<Seeded>,
}

/// What is to be summed up.
struct Desk {
    so_far: SoFar,
    is_new: bool,
    /// The seconds it took, at the end.
    took: Option<f64>,
}

impl Shared {
    /// Changes what is to be summed up.
    fn note(&self, change: impl FnOnce(&mut Desk)) {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut desk);
        desk.is_new = true;
        drop(desk);
        self.changed.notify_one();
    }

    /// Sums up whatever is new, until nothing more will come.
    fn sum_up(&self) {
        loop {
            let desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
            let desk = self.changed.wait_while(desk, |desk| !desk.is_new);
            let mut desk = desk.unwrap_or_else(PoisonError::into_inner);
            desk.is_new = false;
            let (so_far, took) = (desk.so_far.clone(), desk.took);
            drop(desk);
            let begin = Instant::now();
            let old = self.latest.load_full();
            self.latest.store(Arc::new(Seeded {
                meta: Arc::clone(&old.meta),
                threads: old.threads,
                planned: so_far.planned(),
                nothing_varies: old.nothing_varies,
                begun: so_far.begun,
                done: so_far.done,
                tally: so_far.preview(),
                took,
            }));
            if took.is_some() {
                return;
            }
            let pause = SUM_UP.max(REST * begin.elapsed());
            let desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
            let is_going = |desk: &mut Desk| desk.took.is_none();
            let rested = self.changed.wait_timeout_while(desk, pause, is_going);
            drop(rested);
        }
    }
}

impl Seeded {
    /// How many seeds count: those before the first that is not done.
    pub fn counted(&self) -> u64 {
        self.tally.runs.first().map_or(0, Vec::len) as u64
    }

    /// How many seeds have been begun and do not count yet.
    pub fn in_flight(&self) -> u64 {
        self.begun - self.counted()
    }
}

impl Seeding {
    /// Begins to race `scenario` on `seeds` seeds, from its own on, on so many threads, 0 for one a core.
    ///
    /// # Panics
    /// If the system refuses to start threads.
    pub fn start(scenario: &Scenario, seeds: u64, threads: usize) -> Self {
        let pool = pool(threads);
        let so_far = SoFar::new(seeds, scenario.racers.len());
        let begin = Instant::now();
        let shared = Arc::new(Shared {
            latest: ArcSwap::from_pointee(Seeded {
                meta: Arc::new(race::meta(scenario, 0)),
                planned: seeds,
                nothing_varies: nothing_varies(scenario),
                begun: 0,
                done: 0,
                tally: so_far.tally(),
                threads: pool.current_num_threads(),
                took: None,
            }),
            desk: Mutex::new(Desk {
                so_far,
                is_new: false,
                took: None,
            }),
            changed: Condvar::new(),
            stop: AtomicBool::new(false),
        });
        let (scenario, theirs) = (scenario.clone(), Arc::clone(&shared));
        let race = move || {
            let watch = |news: News| theirs.note(|desk| desk.so_far.take(&news));
            let (clock, stop) = (&stopwatch, &theirs.stop);
            let sweep = pool.install(|| sweep::run(&scenario, seeds, clock, stop, &watch));
            theirs.note(|desk| desk.took = Some(begin.elapsed().as_secs_f64()));
            sweep
        };
        let theirs = Arc::clone(&shared);
        let expect = "the system starts threads";
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let racing = thread("seeds").spawn(race).expect(expect);
        let summing = thread("sums").spawn(move || theirs.sum_up()).expect(expect);
        Self {
            shared,
            begin,
            threads: Some((racing, summing)),
        }
    }

    /// The newest sums; cheap, and the same `Arc` as long as nothing changed.
    pub fn latest(&self) -> Arc<Seeded> {
        self.shared.latest.load_full()
    }

    /// Wall-clock seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.begin.elapsed().as_secs_f64()
    }

    /// Stops, if it is not over, and hands over what came out.
    ///
    /// # Panics
    /// If a thread did.
    pub fn stop(mut self) -> Sweep {
        self.shared.stop.store(true, Ordering::Relaxed);
        let threads = self.threads.take();
        let (racing, summing) = threads.expect("they are taken here alone");
        let sweep = racing.join().expect("what racers do is caught");
        summing.join().expect("sums are of finite counts");
        sweep
    }
}

impl Drop for Seeding {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some((racing, summing)) = self.threads.take() {
            // A panic in there has been reported already.
            let _ = (racing.join(), summing.join());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;

    fn scenario(name: &str, set: &[&str]) -> Scenario {
        let source = shipped::find(name).expect("it ships").source();
        let options = Options {
            set: set.iter().map(|&set| set.to_owned()).collect(),
            ..Options::default()
        };
        check(&source, &options).expect("it is valid")
    }

    /// Waits for a state of which `enough` holds.
    fn wait(seeding: &Seeding, enough: impl Fn(&Seeded) -> bool) -> Arc<Seeded> {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            assert!(Instant::now() < deadline, "nothing comes");
            let latest = seeding.latest();
            if enough(&latest) {
                return latest;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn the_last_sums_are_those_of_the_sweep_whatever_the_threads() {
        let scenario = scenario("beale", &["finish.steps=300"]);
        let mut last: Option<Tally> = None;
        for threads in [1, 3] {
            let seeding = Seeding::start(&scenario, 8, threads);
            let over = wait(&seeding, |latest| latest.took.is_some());
            assert_eq!((over.counted(), over.done, over.in_flight()), (8, 8, 0));
            let sweep = seeding.stop();
            assert_eq!(over.tally.runs, sweep.runs);
            assert_eq!(over.tally.bands, sweep.bands);
            assert_eq!(over.tally.distributions, sweep.distributions);
            assert_eq!(sweep.targets.len(), crate::sweep::reach::TARGETS);
            if let Some(last) = last.replace(over.tally.clone()) {
                assert_eq!(last, over.tally, "{threads} threads");
            }
        }
    }

    /// Here every seed takes a billion steps: the first is under way, and none counts.
    #[test]
    fn it_stops_at_once_with_what_there_is() {
        let endless = ["finish.loss=-1", "finish.steps=1000000000"];
        let seeding = Seeding::start(&scenario("beale", &endless), 3, 2);
        let begun = wait(&seeding, |latest| latest.tally.bands[0].is_some());
        assert_eq!(
            (begun.counted(), begun.in_flight(), begun.took),
            (0, 1, None)
        );
        let asked = Instant::now();
        let sweep = seeding.stop();
        assert!(asked.elapsed() < Duration::from_secs(5));
        assert_eq!(sweep.seeds(), 0);
        assert!(!sweep.first.finished());
        drop(Seeding::start(&scenario("beale", &endless), 3, 2));
    }
}
