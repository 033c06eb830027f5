//! The thread that searches for learning rates while somebody watches: how far it has come is to be
//! taken at any time, and what has come out of it at the end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{pool, stopwatch};
use crate::scenario::Scenario;
use crate::sweep::tune::crew::Advance;
use crate::sweep::tune::sofar::SoFar;
use crate::sweep::tune::{self, Plan, Tuning};

/// At most so often what is known is copied for whoever watches.
const PUBLISH: Duration = Duration::from_millis(100);

/// The runs wait while it is copied: at most for one part in so many of their time.
const SHARE: u32 = 20;

/// A search, as far as it has come.
#[derive(Clone, Debug)]
pub struct Searched {
    /// What is known; the same `Arc` as long as nothing changed.
    pub so_far: Arc<SoFar>,
    /// Wall-clock seconds it has taken.
    pub seconds: f64,
    /// Whether nothing more will come.
    pub over: bool,
    /// Threads it is made on.
    pub threads: usize,
}

/// Searches in the background.
pub struct Searcher {
    shared: Arc<Shared>,
    thread: JoinHandle<Tuning>,
    threads: usize,
}

/// What the thread and its owner both hold.
struct Shared {
    begin: Instant,
    told: Mutex<Told>,
    stop: AtomicBool,
    /// How long it took, once it is over.
    took: OnceLock<Duration>,
}

/// What the runs have told, and what of it has been copied.
struct Told {
    so_far: SoFar,
    copy: Arc<SoFar>,
    /// Whether the copy is no longer all that is known.
    is_old: bool,
    /// When the next copy may be made.
    next: Instant,
}

impl Shared {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    fn copy(&mut self, over: bool) -> Arc<SoFar> {
        let begin = Instant::now();
        if self.is_old && (over || begin >= self.next) {
            self.copy = Arc::new(self.so_far.clone());
            self.is_old = false;
            self.next = begin + PUBLISH.max(begin.elapsed() * SHARE);
        }
        Arc::clone(&self.copy)
    }
}

impl Searcher {
    /// Starts to carry out `plan` for `scenario` on so many threads, 0 for one a core.
    ///
    /// # Panics
    /// If the system refuses to start threads.
    pub fn start(scenario: Scenario, plan: Plan, threads: usize) -> Self {
        let begin = Instant::now();
        let shared = Arc::new(Shared {
            begin,
            told: Mutex::new(Told {
                so_far: SoFar::default(),
                copy: Arc::default(),
                is_old: false,
                next: begin,
            }),
            stop: AtomicBool::new(false),
            took: OnceLock::new(),
        });
        let theirs = Arc::clone(&shared);
        let pool = pool(threads);
        let threads = pool.current_num_threads();
        let search = move || {
            // Also after a panic, or the screen would wait for ever.
            let _over = Over(&theirs);
            let watch = |advance: &Advance, news| {
                let mut told = theirs.told();
                told.so_far.take(advance, news);
                told.is_old = true;
            };
            pool.install(|| tune::run(&scenario, &plan, &stopwatch, &theirs.stop, &watch))
        };
        let thread = std::thread::Builder::new().name("searcher".to_owned());
        Self {
            shared,
            thread: thread.spawn(search).expect("the system starts threads"),
            threads,
        }
    }

    /// How far it has come; cheap, and never waits for a run.
    pub fn latest(&self) -> Searched {
        // In this order: who is told that it is over has all there is.
        let took = self.shared.took.get();
        let so_far = self.shared.told().copy(took.is_some());
        let took = took.copied();
        Searched {
            so_far,
            seconds: took
                .unwrap_or_else(|| self.shared.begin.elapsed())
                .as_secs_f64(),
            over: took.is_some(),
            threads: self.threads,
        }
    }

    /// Stops the search if it still goes on; what has come out of it.
    pub fn stop(self) -> Tuning {
        self.shared.stop.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(tuning) => tuning,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// Says that the search is over when it goes out of scope.
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

    fn start(set: &[&str], seeds: u64) -> (Searcher, Plan) {
        let source = shipped::find("beale").expect("it ships").source();
        let options = Options {
            set: set.iter().map(|&set| set.to_owned()).collect(),
            only: vec!["adam".to_owned(), "gd".to_owned()],
            ..Options::default()
        };
        let scenario = check(&source, &options).expect("it is valid");
        let fields = entries::fields(&scenario, &source, &options, &[]).expect("nothing is over");
        let plan = Plan::new(&scenario, fields, seeds, false).expect("it is small");
        (Searcher::start(scenario, plan.clone(), 2), plan)
    }

    #[test]
    fn what_is_known_in_the_end_is_what_came_out() {
        let (searcher, plan) = start(&["finish.steps=300"], 2);
        let deadline = Instant::now() + Duration::from_mins(1);
        let mut seen = 0;
        let end = loop {
            assert!(Instant::now() < deadline, "it does not end");
            let latest = searcher.latest();
            assert!(latest.so_far.advance.done >= seen, "it goes back");
            seen = latest.so_far.advance.done;
            if latest.over {
                break latest;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let again = searcher.latest();
        assert!(Arc::ptr_eq(&end.so_far, &again.so_far));
        assert_eq!((end.seconds, end.threads), (again.seconds, 2));
        let tuning = searcher.stop();
        assert!(!tuning.stopped);
        assert_eq!(end.so_far.advance.done, tuning.runs);
        for (racer, tuned) in tuning.racers.iter().enumerate() {
            assert_eq!(end.so_far.curves(&plan, racer).0, tuned.curves);
        }
    }

    #[test]
    fn a_search_that_would_take_hours_stops_at_once() {
        let (searcher, _) = start(&["finish.loss=-1", "finish.steps=1000000000"], 3);
        let begin = Instant::now();
        while searcher.latest().so_far.advance.begun == 0 {
            assert!(begin.elapsed() < Duration::from_mins(1), "nothing begins");
            std::thread::sleep(Duration::from_millis(1));
        }
        let tuning = searcher.stop();
        assert!(tuning.stopped && begin.elapsed() < Duration::from_secs(30));
    }
}
