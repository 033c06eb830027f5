//! The thread that races a scenario in its modes while somebody watches: how far it has come is to be
//! taken at any time, and what has come out of it at the end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{pool, stopwatch};
use crate::scenario::Scenario;
use crate::sweep::modes::sofar::{Known, SoFar};
use crate::sweep::modes::{self, Modes, Plan, Stage};

/// At most so often what is known is summed up for whoever watches.
const PUBLISH: Duration = Duration::from_millis(100);

/// Whoever watches waits for that at most for one part in so many of the time.
const SHARE: u32 = 20;

/// The modes as far as they have come.
#[derive(Clone, Debug)]
pub struct Contrasted {
    /// What is known; the same `Arc` as long as nothing changed.
    pub known: Arc<Known>,
    /// Wall-clock seconds since the start.
    pub seconds: f64,
    /// How many of these the search took, once it is over.
    pub searched: Option<f64>,
    /// Whether nothing more will come.
    pub over: bool,
    /// Threads they are computed on.
    pub threads: usize,
}

/// Races the modes in the background.
pub struct Contraster {
    shared: Arc<Shared>,
    thread: JoinHandle<Modes>,
    plan: Plan,
    threads: usize,
    known: Arc<Known>,
    /// When the next sums may be made.
    next: Instant,
}

/// What the thread and its owner both hold.
struct Shared {
    begin: Instant,
    told: Mutex<Told>,
    stop: AtomicBool,
    /// How long the search took, once it is over.
    searched: OnceLock<Duration>,
    /// How long it all took, once it is over.
    took: OnceLock<Duration>,
}

/// What the runs have told, and whether it has been summed up.
struct Told {
    so_far: SoFar,
    is_new: bool,
}

impl Shared {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, stage: Stage<'_>) {
        if let Stage::Found(_) = stage {
            // Nobody else says so.
            let _ = self.searched.set(self.begin.elapsed());
        }
        let mut told = self.told();
        told.so_far.take(stage);
        told.is_new = true;
    }
}

impl Contraster {
    /// Starts to carry out `plan` for `scenario` on so many threads, 0 for one a core.
    ///
    /// # Panics
    /// If the system refuses to start threads.
    pub fn start(scenario: Scenario, plan: Plan, threads: usize) -> Self {
        let begin = Instant::now();
        let so_far = SoFar::new(&plan);
        let known = Arc::new(so_far.known(&plan));
        let shared = Arc::new(Shared {
            begin,
            told: Mutex::new(Told {
                so_far,
                is_new: false,
            }),
            stop: AtomicBool::new(false),
            searched: OnceLock::new(),
            took: OnceLock::new(),
        });
        let (theirs, own) = (Arc::clone(&shared), plan.clone());
        let pool = pool(threads);
        let threads = pool.current_num_threads();
        let race = move || {
            // Also after a panic, or the screen would wait for ever.
            let _over = Over(&theirs);
            let watch = |stage: Stage<'_>| theirs.take(stage);
            pool.install(|| modes::run(&scenario, &own, &stopwatch, &theirs.stop, &watch))
        };
        let thread = std::thread::Builder::new().name("modes".to_owned());
        Self {
            shared,
            thread: thread.spawn(race).expect("the system starts threads"),
            plan,
            threads,
            known,
            next: begin,
        }
    }

    /// How far it has come; never waits for a run.
    pub fn latest(&mut self) -> Contrasted {
        // In this order: who is told that it is over has all there is.
        let took = self.shared.took.get().copied();
        let begin = Instant::now();
        if took.is_some() || begin >= self.next {
            self.sum_up();
            self.next = begin + PUBLISH.max(begin.elapsed() * SHARE);
        }
        let seconds = took.unwrap_or_else(|| self.shared.begin.elapsed());
        Contrasted {
            known: Arc::clone(&self.known),
            seconds: seconds.as_secs_f64(),
            searched: self.shared.searched.get().map(Duration::as_secs_f64),
            over: took.is_some(),
            threads: self.threads,
        }
    }

    /// Sums up what is new. The runs do not wait for it.
    fn sum_up(&mut self) {
        let mut told = self.shared.told();
        if std::mem::take(&mut told.is_new) {
            let so_far = told.so_far.clone();
            drop(told);
            self.known = Arc::new(so_far.known(&self.plan));
        }
    }

    /// Stops if it still goes on; what has come out of it.
    pub fn stop(self) -> Modes {
        self.shared.stop.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(modes) => modes,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// Says that all is over when it goes out of scope.
struct Over<'a>(&'a Shared);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        // Nobody else says so.
        let _ = self.0.took.set(self.0.begin.elapsed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;
    use crate::sweep::tune::entries;

    /// The modes of the first two racers of Beale's race with these changes, on so many seeds.
    fn start(set: &[&str], seeds: u64) -> Contraster {
        let source = shipped::find("beale").expect("it ships").source();
        let options = Options {
            set: set.iter().map(|&set| set.to_owned()).collect(),
            only: vec!["1".to_owned(), "2".to_owned()],
            ..Options::default()
        };
        let scenario = check(&source, &options).expect("it is valid");
        let fields = entries::fields(&scenario, &source, &options, &[]).expect("nothing is over");
        let plan = Plan::new(&scenario, fields, seeds, 1).expect("it is small");
        Contraster::start(scenario, plan, 2)
    }

    #[test]
    fn what_is_known_in_the_end_is_what_came_out() {
        let mut contraster = start(&["finish.steps=300"], 6);
        let deadline = Instant::now() + Duration::from_mins(1);
        let mut seen = (0, 0);
        let end = loop {
            assert!(Instant::now() < deadline, "it does not end");
            let latest = contraster.latest();
            let now = (latest.known.search.done, latest.known.raced);
            assert!(now.0 >= seen.0 && now.1 >= seen.1, "it goes back");
            seen = now;
            if latest.over {
                break latest;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let again = contraster.latest();
        assert!(Arc::ptr_eq(&end.known, &again.known));
        assert_eq!((end.seconds, end.threads), (again.seconds, 2));
        assert!(end.searched.is_some_and(|searched| searched <= end.seconds));
        let modes = contraster.stop();
        let known = end.known.modes.as_ref().expect("the search is over");
        assert_eq!((&known.modes, &known.orders), (&modes.modes, &modes.orders));
        assert!(!modes.stopped && !known.stopped);
        assert_eq!((end.known.raced, end.known.planned), (18, 18));
    }

    #[test]
    fn modes_that_would_take_hours_stop_at_once() {
        let mut contraster = start(&["finish.loss=-1", "finish.steps=1000000000"], 6);
        let begin = Instant::now();
        while contraster.latest().known.search.begun == 0 {
            assert!(begin.elapsed() < Duration::from_mins(1), "nothing begins");
            std::thread::sleep(Duration::from_millis(1));
        }
        let modes = contraster.stop();
        assert!(modes.stopped && begin.elapsed() < Duration::from_secs(30));
        assert_eq!(modes.modes, []);
    }
}
