//! The thread and the clock that drive a race: the newest snapshot out, a word to stop in.
//!
//! Racers never wait for whoever looks at them: the runner publishes a snapshot when the last one
//! has been taken, and goes on. No terminal is known here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use crate::landscape::Landscape;
use crate::race::snapshot::Snapshot;
use crate::race::{Fresh, Race, Stopwatch};
use crate::recording;

mod contrasting;
pub use contrasting::{Contrasted, Contraster};
mod mapping;
pub use mapping::Mapped;
use mapping::Mapper;
mod rating;
pub use rating::{Rater, Rates};
mod retracing;
pub use retracing::{Answer, Inspection, Retracer};
mod scouting;
pub use scouting::{Scout, Scouted};
mod seeding;
pub use seeding::{Seeded, Seeding};
mod searching;
pub use searching::{Searched, Searcher};

/// How long a slice between two barriers should take: long against the turns in it, short against
/// an eye's patience.
const SLICE: Duration = Duration::from_millis(10);

/// At most so often a snapshot is made.
const PUBLISH: Duration = Duration::from_millis(40);

/// At most so long recorded lines stay in memory.
const FLUSH: Duration = Duration::from_secs(1);

/// Threads of the pool are called `racer 0`, `racer 1`, ...: a panic there is caught by the race
/// and is nobody else's business.
pub const THREAD_NAME: &str = "racer";

/// Where a snapshot stands in the life of its race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Still being computed.
    Computing,
    /// All racers are done, or the race was stopped.
    Computed,
    /// Read from a recording.
    Recorded,
}

/// What the screen sees.
#[derive(Clone, Debug)]
pub struct State {
    /// The race as far as it has come.
    pub snapshot: Snapshot,
    /// Whether it goes on.
    pub phase: Phase,
    /// The map of the loss; of a race that is computed, the last.
    pub map: Mapped,
    /// Wall-clock seconds spent computing so far, without those for maps.
    pub seconds: f64,
    /// Threads it is computed on.
    pub threads: usize,
}

/// Where the screen takes its states from: a running race, or a recording.
pub trait Source {
    /// The newest state; cheap, and the same `Arc` as long as nothing changed.
    fn latest(&self) -> Arc<State>;
}

/// How a race is run.
pub struct Options {
    /// Threads of the pool; 0 for one a core.
    pub threads: usize,
    /// Where everything is recorded.
    pub record: Option<recording::Writer>,
    /// What is mapped, of a race that keeps trails; or why there is no map.
    pub landscape: Result<Landscape, Option<String>>,
}

impl Default for Options {
    /// A thread a core, no recording, no map.
    fn default() -> Self {
        Self {
            threads: 0,
            record: None,
            landscape: Err(None),
        }
    }
}

/// A race that is being computed on threads of its own.
pub struct Runner {
    shared: Arc<Shared>,
    thread: JoinHandle<Result<(), recording::Error>>,
}

/// What the runner's thread and its owner both hold.
struct Shared {
    state: ArcSwap<State>,
    /// Set by whoever has taken the newest state and would like a newer one.
    wanted: AtomicBool,
    stop: AtomicBool,
    over: Mutex<bool>,
    ended: Condvar,
}

/// A pool of so many threads, 0 for one a core, to race on.
///
/// # Panics
/// If the system refuses to start threads.
pub fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("{THREAD_NAME} {i}"))
        .build()
        .expect("the system starts threads")
}

impl Runner {
    /// Starts `race` from where it is.
    ///
    /// # Panics
    /// If the system refuses to start threads.
    pub fn start(race: Race, options: Options) -> Self {
        let pool = pool(options.threads);
        let threads = pool.current_num_threads();
        let snapshot = race.snapshot();
        let mapper = Mapper::new(options.landscape, &snapshot);
        let state = State {
            snapshot,
            phase: Phase::Computing,
            map: mapper.mapped.clone(),
            seconds: 0.0,
            threads,
        };
        let shared = Arc::new(Shared {
            state: ArcSwap::from_pointee(state),
            wanted: AtomicBool::new(false),
            stop: AtomicBool::new(false),
            over: Mutex::new(false),
            ended: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        let drive = move || {
            // Also after a panic, or nobody would ever join this thread and hear of it.
            let _over = Over(&theirs);
            drive(race, &pool, &theirs, mapper, options.record)
        };
        let thread = std::thread::Builder::new()
            .name("runner".to_owned())
            .spawn(drive);
        Self {
            shared,
            thread: thread.expect("the system starts threads"),
        }
    }

    /// Waits until the race is over, at most for `timeout`; whether it is.
    pub fn wait(&self, timeout: Duration) -> bool {
        let over = self
            .shared
            .over
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .shared
            .ended
            .wait_timeout_while(over, timeout, |over| !*over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Asks the race to stop, and waits until it has.
    pub fn halt(&self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        while !self.wait(Duration::from_secs(1)) {}
    }

    /// Stops the race if it still runs, closes its recording, and returns the final state.
    ///
    /// # Errors
    /// If the recording could not be written.
    pub fn stop(self) -> Result<Arc<State>, recording::Error> {
        self.shared.stop.store(true, Ordering::Relaxed);
        match self.thread.join() {
            Ok(result) => result?,
            Err(panic) => std::panic::resume_unwind(panic),
        }
        Ok(self.shared.state.load_full())
    }
}

impl Source for Runner {
    fn latest(&self) -> Arc<State> {
        self.shared.wanted.store(true, Ordering::Relaxed);
        self.shared.state.load_full()
    }
}

/// Says that the race is over when it goes out of scope.
struct Over<'a>(&'a Shared);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        *self.0.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.ended.notify_all();
    }
}

/// A race that was read from a recording.
pub struct Replay(Arc<State>);

impl Replay {
    /// A source of nothing but `snapshot` and its map.
    pub fn new(snapshot: Snapshot, map: Mapped) -> Self {
        Self(Arc::new(State {
            snapshot,
            phase: Phase::Recorded,
            map,
            seconds: 0.0,
            threads: 0,
        }))
    }
}

impl Source for Replay {
    fn latest(&self) -> Arc<State> {
        Arc::clone(&self.0)
    }
}

/// A stopwatch on the wall clock.
pub fn stopwatch() -> Box<dyn Stopwatch> {
    Box::new(WallClock {
        since: None,
        before: Duration::ZERO,
    })
}

struct WallClock {
    since: Option<Instant>,
    before: Duration,
}

impl Stopwatch for WallClock {
    fn start(&mut self) {
        self.since.get_or_insert_with(Instant::now);
    }

    fn stop(&mut self) {
        self.before += self
            .since
            .take()
            .map_or(Duration::ZERO, |since| since.elapsed());
    }

    fn seconds(&self) -> f64 {
        let running = self.since.map_or(Duration::ZERO, |since| since.elapsed());
        (self.before + running).as_secs_f64()
    }
}

/// Advances `race` slice by slice to its end. A recording that cannot be written stops it: better a
/// race that says so at once than an hour without its log.
fn drive(
    mut race: Race,
    pool: &rayon::ThreadPool,
    shared: &Shared,
    mut mapper: Mapper,
    mut record: Option<recording::Writer>,
) -> Result<(), recording::Error> {
    let begin = Instant::now();
    let (mut published, mut flushed) = (begin, begin);
    if record.is_some() {
        race.keep_fresh();
    }
    let computed = |mapper: &Mapper| begin.elapsed().saturating_sub(mapper.spent);
    let publish = |snapshot: Snapshot, mapper: &Mapper, phase| {
        shared.state.store(Arc::new(State {
            snapshot,
            phase,
            map: mapper.mapped.clone(),
            seconds: computed(mapper).as_secs_f64(),
            threads: pool.current_num_threads(),
        }));
    };
    let mut written = Ok(());
    let mut work = 1_000;
    while !race.finished() && !shared.stop.load(Ordering::Relaxed) {
        let slice = Instant::now();
        pool.install(|| race.advance(work));
        work = next_part(work, slice.elapsed(), SLICE);
        if let Some(writer) = &mut record {
            written = write(&mut race, writer, flushed.elapsed() > FLUSH);
            if written.is_err() {
                break;
            }
            if flushed.elapsed() > FLUSH {
                flushed = Instant::now();
            }
        }
        if mapper.is_due(computed(&mapper), race.steps()) {
            let snapshot = race.snapshot();
            pool.install(|| mapper.map(&snapshot, &shared.stop));
        }
        if published.elapsed() > PUBLISH && shared.wanted.swap(false, Ordering::Relaxed) {
            publish(race.snapshot(), &mapper, Phase::Computing);
            published = Instant::now();
        }
    }
    if let (Ok(()), Some(writer)) = (&written, &mut record) {
        written = write(&mut race, writer, false).and_then(|()| writer.close());
    }
    let end = race.snapshot();
    pool.install(|| mapper.finish(&end, &shared.stop));
    publish(end, &mapper, Phase::Computed);
    written
}

/// The work that would have taken as long as it `should`, going there by factors of at most four.
fn next_part(work: u64, took: Duration, should: Duration) -> u64 {
    let factor = should.as_secs_f64() / took.as_secs_f64().max(1e-9);
    ((work as f64 * factor.clamp(0.25, 4.0)) as u64).max(1)
}

fn write(
    race: &mut Race,
    writer: &mut recording::Writer,
    flush: bool,
) -> Result<(), recording::Error> {
    let mut written = Ok(());
    race.drain(|racer, fresh| {
        if written.is_ok() {
            written = match fresh {
                Fresh::Evaluation(evaluation) => writer.evaluation(racer, &evaluation),
                Fresh::Outcome(progress) => writer.outcome(racer, &progress),
            };
        }
    });
    written?;
    if flush { writer.flush() } else { Ok(()) }
}
