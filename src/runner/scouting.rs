//! The thread that fills start maps, for as long as somebody looks at one: coarse to fine, on threads
//! of its own, the newest to be taken at any time. It is asked only when no race is being computed,
//! and stops at once when something else is wanted, or nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;

use super::{THREAD_NAME, next_part};
use crate::landscape::starts::{Question, Starts, Trials};
use crate::scenario::Scenario;

/// How many starts the first part of a map has, before it is known how long they take.
const FIRST: u64 = 64;

/// How long a part should take: a few to each frame of the screen.
const PART: Duration = Duration::from_millis(30);

/// A start map, as far as it has come.
#[derive(Debug)]
pub struct Scouted {
    /// What has been found.
    pub starts: Starts,
    /// Seconds it took.
    pub seconds: f64,
}

/// Fills start maps in the background.
pub struct Scout {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread and its owner both hold.
struct Shared {
    desk: Mutex<Desk>,
    /// Told when something on the desk changes.
    changed: Condvar,
    /// Set when what is being done is no longer wanted.
    stop: AtomicBool,
    found: ArcSwapOption<Scouted>,
}

/// What is wanted.
#[derive(Default)]
struct Desk {
    question: Option<Question>,
    /// Whether nobody has begun with it.
    is_new: bool,
    closed: bool,
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next question; none when there will be no other.
    fn next(&self) -> Option<Question> {
        let idle = |desk: &mut Desk| !desk.closed && !desk.is_new;
        let waited = self.changed.wait_while(self.desk(), idle);
        let mut desk = waited.unwrap_or_else(PoisonError::into_inner);
        self.stop.store(desk.closed, Ordering::Relaxed);
        desk.is_new = false;
        desk.question.clone().filter(|_| !desk.closed)
    }
}

impl Scout {
    /// A scout for `scenario` on so many threads, 0 for one a core; none if its races have no start
    /// maps.
    ///
    /// # Panics
    /// If the system refuses to start threads.
    pub fn start(scenario: &Scenario, threads: usize) -> Option<Self> {
        let trials = Trials::new(scenario)?;
        let shared = Arc::new(Shared {
            desk: Mutex::default(),
            changed: Condvar::new(),
            stop: AtomicBool::new(false),
            found: ArcSwapOption::empty(),
        });
        let theirs = Arc::clone(&shared);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("{THREAD_NAME} on trial {i}"))
            .build()
            .expect("the system starts threads");
        let scout = move || {
            while let Some(question) = theirs.next() {
                pool.install(|| fill(question, &trials, &theirs));
            }
        };
        let thread = std::thread::Builder::new().name("scout".to_owned());
        let thread = thread.spawn(scout).expect("the system starts threads");
        Some(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// From now on fills the map of `question`, or none; never waits. What there is of it.
    pub fn ask(&self, question: Option<&Question>) -> Option<Arc<Scouted>> {
        let mut desk = self.shared.desk();
        if desk.question.as_ref() != question {
            desk.question = question.cloned();
            desk.is_new = question.is_some();
            self.shared.stop.store(true, Ordering::Relaxed);
            self.shared.changed.notify_one();
        }
        drop(desk);
        let found = self.shared.found.load_full()?;
        (Some(&found.starts.question) == question).then_some(found)
    }
}

impl Drop for Scout {
    fn drop(&mut self) {
        self.shared.desk().closed = true;
        self.shared.stop.store(true, Ordering::Relaxed);
        self.shared.changed.notify_one();
        // A panic in there has been reported already.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Fills the map of `question` until it is full or no longer wanted, on the pool this is called in.
fn fill(question: Question, trials: &Trials, shared: &Shared) {
    let begin = Instant::now();
    let found = shared.found.load_full();
    let known = found.filter(|found| found.starts.question == question);
    // Who comes back to a map finds it as far as it was.
    let (mut starts, before) = match known {
        Some(found) => (found.starts.clone(), found.seconds),
        None => (Starts::new(question), 0.0),
    };
    let mut count = FIRST;
    while !starts.is_full() {
        let (part, done) = (Instant::now(), starts.done());
        starts.go_on(trials, count as usize, &shared.stop);
        if shared.stop.load(Ordering::Relaxed) || starts.done() == done {
            return;
        }
        shared.found.store(Some(Arc::new(Scouted {
            starts: starts.clone(),
            seconds: before + begin.elapsed().as_secs_f64(),
        })));
        count = next_part(count, part.elapsed(), PART);
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

    fn question(racer: usize, side: usize) -> Question {
        Question {
            racer,
            bounds: [[-4.0, 4.0]; 2],
            shape: [side, side],
        }
    }

    /// Asks until `enough` is found.
    fn wait(scout: &Scout, question: &Question, enough: impl Fn(&Starts) -> bool) -> Arc<Scouted> {
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            assert!(Instant::now() < deadline, "nothing comes of {question:?}");
            match scout.ask(Some(question)) {
                Some(found) if enough(&found.starts) => return found,
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    #[test]
    fn what_is_asked_for_is_filled_and_the_same_question_is_answered_once() {
        let scout = Scout::start(&scenario("saddle", &[]), 2).expect("two variables");
        for racer in [0, 3] {
            let full = wait(&scout, &question(racer, 20), Starts::is_full);
            assert_eq!(full.starts.question.racer, racer);
            let again = scout.ask(Some(&question(racer, 20))).expect("it is there");
            assert!(Arc::ptr_eq(&full, &again));
        }
        assert!(scout.ask(None).is_none());
        let back = scout.ask(Some(&question(3, 20)));
        let back = back.expect("who comes back finds it as it was");
        assert!(back.starts.is_full() && back.starts.question.racer == 3);
    }

    /// Here every start takes a billion steps: it is never done, and yet leaves at once.
    #[test]
    fn it_stops_at_once_when_something_else_is_wanted_or_nothing() {
        let endless = ["finish.loss=-1", "finish.steps=1000000000"];
        let scout = Scout::start(&scenario("beale", &endless), 2).expect("two variables");
        let asked = Instant::now();
        for racer in [0, 1, 2] {
            assert!(scout.ask(Some(&question(racer, 50))).is_none());
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(scout.ask(None).is_none());
        drop(scout);
        assert!(asked.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn there_are_no_start_maps_of_networks_lines_and_strangers() {
        let scout = Scout::start(&scenario("saddle", &[]), 1).expect("two variables");
        assert!(scout.ask(Some(&question(99, 5))).is_none(), "no such racer");
        wait(&scout, &question(0, 5), Starts::is_full);
        for name in ["moons", "one-weight"] {
            assert!(Scout::start(&scenario(name, &[]), 1).is_none(), "{name}");
        }
    }
}
