//! The thread that fills a race's rate strips: every racer once at each learning rate, for as long as
//! somebody wants it, the newest to be taken at any time. It is asked only when no race is being
//! computed, leaves a core to the screen where there are some, and stops at once when it is no longer
//! wanted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rayon::ThreadPool;

use super::{THREAD_NAME, stopwatch};
use crate::scenario::Scenario;
use crate::sweep::tune::crew::{Advance, News};
use crate::sweep::tune::scan::Scan;
use crate::sweep::tune::sofar::{Place, SoFar};

/// What is known of the rates of all racers.
#[derive(Clone, Debug)]
pub struct Rates {
    /// The rates that are tried, in ascending order.
    pub rates: Vec<f64>,
    /// What is known of them, racer by racer; nothing of those nobody has begun with.
    pub places: Vec<Vec<Place>>,
    /// Whether nothing more will come.
    pub is_full: bool,
}

/// Fills rate strips in the background.
pub struct Rater {
    scan: Arc<Scan>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread and its owner both hold.
struct Shared {
    desk: Mutex<Desk>,
    /// Told when something on the desk changes.
    changed: Condvar,
    /// Set as long as nothing is wanted.
    stop: AtomicBool,
    told: Mutex<Told>,
}

/// What is wanted.
#[derive(Default)]
struct Desk {
    wanted: bool,
    closed: bool,
}

/// What the runs have told, and what of it has been taken.
struct Told {
    so_far: SoFar,
    is_full: bool,
    taken: Arc<Rates>,
    /// Whether more is known than was taken.
    is_new: bool,
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something is wanted; whether anything ever will be.
    fn wait(&self) -> bool {
        let idle = |desk: &mut Desk| !desk.closed && !desk.wanted;
        let waited = self.changed.wait_while(self.desk(), idle);
        !waited.unwrap_or_else(PoisonError::into_inner).closed
    }
}

impl Rater {
    /// A rater for races of `scenario`, which are computed on so many threads, 0 for one a core. It
    /// begins when it is asked.
    ///
    /// # Errors
    /// Why there are no strips, in words for the user.
    ///
    /// # Panics
    /// If the system refuses to start threads.
    pub fn start(scenario: &Scenario, threads: usize) -> Result<Self, String> {
        let threads = idle(threads);
        let scan = Arc::new(Scan::new(scenario, threads)?);
        let nothing = Rates {
            rates: Scan::rates(),
            places: vec![vec![]; scenario.racers.len()],
            is_full: false,
        };
        let shared = Arc::new(Shared {
            desk: Mutex::default(),
            changed: Condvar::new(),
            stop: AtomicBool::new(true),
            told: Mutex::new(Told {
                so_far: SoFar::default(),
                is_full: false,
                taken: Arc::new(nothing),
                is_new: false,
            }),
        });
        let (same, theirs) = (Arc::clone(&scan), Arc::clone(&shared));
        let thread = std::thread::Builder::new().name("rater".to_owned());
        let thread = thread.spawn(move || fill(&same, threads, &theirs));
        Ok(Self {
            scan,
            shared,
            thread: Some(thread.expect("the system starts threads")),
        })
    }

    /// From now on fills the strips, or rests; never waits for what is found. What is known: the same
    /// `Arc` as long as that is.
    pub fn ask(&self, wanted: bool) -> Arc<Rates> {
        let mut desk = self.shared.desk();
        if desk.wanted != wanted {
            desk.wanted = wanted;
            self.shared.stop.store(!wanted, Ordering::Relaxed);
            self.shared.changed.notify_one();
        }
        drop(desk);
        let mut told = self.shared.told();
        if std::mem::take(&mut told.is_new) {
            told.taken = Arc::new(Rates {
                rates: Scan::rates(),
                places: self.scan.places(&told.so_far),
                is_full: told.is_full,
            });
        }
        Arc::clone(&told.taken)
    }
}

impl Drop for Rater {
    fn drop(&mut self) {
        self.shared.desk().closed = true;
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.changed.notify_one();
        // A panic in there has been reported already.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// How many of these threads, 0 for one a core, there are to spare: one is the screen's, if that
/// leaves two.
fn idle(threads: usize) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    match if threads == 0 { cores() } else { threads } {
        few @ 0..=2 => few,
        many => many - 1,
    }
}

/// Fills the strips, as long as somebody wants it, until they are full.
fn fill(scan: &Scan, threads: usize, shared: &Shared) {
    let mut pool: Option<ThreadPool> = None;
    let watch = |advance: &Advance, news: News| {
        let mut told = shared.told();
        told.so_far.take(advance, news);
        told.is_new = true;
    };
    let mut is_full = false;
    while !is_full && shared.wait() {
        let pool = pool.get_or_insert_with(|| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .thread_name(|i| format!("{THREAD_NAME} at a rate {i}"))
                .build()
                .expect("the system starts threads")
        });
        let all = pool.install(|| scan.go_on(&stopwatch, &shared.stop, &watch));
        is_full = all.is_continue();
        let mut told = shared.told();
        told.so_far.rest();
        (told.is_full, told.is_new) = (is_full, true);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;

    fn rater(name: &str, set: &[&str]) -> Rater {
        let source = shipped::find(name).expect("it ships").source();
        let options = Options {
            set: set.iter().map(|&set| set.to_owned()).collect(),
            ..Options::default()
        };
        let scenario = check(&source, &options).expect("it is valid");
        Rater::start(&scenario, 2).expect("it is small")
    }

    /// Asks until `enough` is known.
    fn wait(rater: &Rater, enough: impl Fn(&Rates) -> bool) -> Arc<Rates> {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            assert!(Instant::now() < deadline, "nothing comes");
            let rates = rater.ask(true);
            if enough(&rates) {
                return rates;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn it_begins_when_told_and_fills_all_strips() {
        let rater = rater("beale", &["finish.steps=300"]);
        for _ in 0..20 {
            let rates = rater.ask(false);
            assert!(rates.places.iter().all(Vec::is_empty), "nobody asked");
            std::thread::sleep(Duration::from_millis(2));
        }
        let full = wait(&rater, |rates| rates.is_full);
        assert_eq!((full.places.len(), full.rates.len()), (5, 19));
        for places in &full.places {
            assert_eq!(places.len(), 19);
            let done = |place: &Place| place.point.known && !place.flying;
            assert!(places.iter().all(done));
            let rates: Vec<f64> = places.iter().map(|place| place.point.rate).collect();
            assert_eq!(rates, full.rates);
        }
        let again = rater.ask(true);
        assert!(Arc::ptr_eq(&full, &again), "nothing changes any more");
        assert!(Arc::ptr_eq(&full, &rater.ask(false)));
    }

    /// Here every run takes a billion steps: they are never done, and yet left at once.
    #[test]
    fn it_rests_at_once_goes_on_and_leaves_at_once() {
        let endless = ["finish.loss=-1", "finish.steps=1000000000"];
        let flying = |rates: &Rates| {
            let places = rates.places.iter().flatten();
            places.filter(|place| place.flying).count()
        };
        let rater = rater("beale", &endless);
        let asked = Instant::now();
        for _ in 0..3 {
            wait(&rater, |rates| flying(rates) > 0);
            let deadline = Instant::now() + Duration::from_secs(5);
            while flying(&rater.ask(false)) > 0 {
                assert!(Instant::now() < deadline, "it does not rest");
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        assert!(!rater.ask(true).is_full);
        drop(rater);
        assert!(asked.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_core_is_left_to_the_screen_where_there_are_some() {
        let all: Vec<usize> = (1..6).map(idle).collect();
        assert_eq!(all, [1, 2, 2, 3, 4]);
        assert!(idle(0) > 0);
    }
}
