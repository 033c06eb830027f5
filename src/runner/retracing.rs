//! The thread that walks a race once more for whoever looks into an optimizer. It sleeps until it is
//! asked, and the newest question wins; whoever asks never waits. How a race is walked is decided
//! elsewhere.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;

use crate::race::fault::guarded;
use crate::race::retrace::{Glance, Look, Retrace};
use crate::runner::THREAD_NAME;
use crate::scenario::Scenario;

/// Work that takes less is not worth a word.
const UNNOTICED: Duration = Duration::from_millis(150);

/// What was found.
#[derive(Debug)]
pub struct Answer {
    /// A look for each glance that was asked for, in their order.
    pub looks: Vec<Look>,
}

/// How it stands with what was asked.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// The newest answer; the same `Arc` as long as there is no newer one.
    pub answer: Option<Arc<Answer>>,
    /// While the next takes its time: the step that is computed, and the last one.
    pub working: Option<[u64; 2]>,
    /// Why there is none and will be none.
    pub refusal: Option<Arc<str>>,
}

impl Inspection {
    /// Nothing can be looked at, for this reason.
    pub fn refused(why: &str) -> Self {
        Self {
            refusal: Some(why.into()),
            ..Self::default()
        }
    }
}

/// A race that can be looked into. Dropped, it soon stops.
pub struct Retracer(Arc<Shared>);

struct Shared {
    questions: Mutex<Questions>,
    asked: Condvar,
    /// Whether what is being looked for is no longer wanted.
    stale: AtomicBool,
    step: AtomicU64,
    answer: ArcSwapOption<Answer>,
    /// Why nothing can be looked into any more.
    broken: OnceLock<Arc<str>>,
}

#[derive(Default)]
struct Questions {
    /// The newest that nobody has begun to answer.
    next: Option<Vec<Glance>>,
    /// The one that is being answered, or was last, and since when.
    now: Vec<Glance>,
    since: Option<Instant>,
    over: bool,
}

impl Shared {
    fn questions(&self) -> MutexGuard<'_, Questions> {
        let questions = self.questions.lock();
        questions.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Retracer {
    /// Has `scenario` ready to be looked into; begins with the first question.
    ///
    /// # Panics
    /// If the system refuses to start a thread.
    pub fn start(scenario: Scenario) -> Self {
        let shared = Arc::new(Shared {
            questions: Mutex::default(),
            asked: Condvar::new(),
            stale: AtomicBool::new(false),
            step: AtomicU64::new(0),
            answer: ArcSwapOption::empty(),
            broken: OnceLock::new(),
        });
        let theirs = Arc::clone(&shared);
        let work = move || {
            if let Err(cause) = guarded(|| work(&scenario, &theirs)) {
                let why = format!("the optimizer cannot be looked into: {cause}");
                theirs.broken.get_or_init(|| why.into());
            }
        };
        let thread = std::thread::Builder::new().name(format!("{THREAD_NAME} retraced"));
        thread.spawn(work).expect("the system starts threads");
        Self(shared)
    }

    /// Asks for these looks from now on, or for none, and says how it stands.
    pub fn ask(&self, glances: &[Glance]) -> Inspection {
        let shared = &self.0;
        let mut questions = shared.questions();
        let newest = questions.next.as_ref().unwrap_or(&questions.now);
        if newest != glances {
            let stale = !lies_ahead(&questions.now, glances);
            shared.stale.store(stale, Ordering::Relaxed);
            questions.next = Some(glances.to_vec());
            shared.asked.notify_one();
        }
        let late = questions.since.filter(|since| since.elapsed() > UNNOTICED);
        let last = questions.now.iter().map(|glance| glance.step).max();
        Inspection {
            answer: shared.answer.load_full(),
            working: late.map(|_| [shared.step.load(Ordering::Relaxed), last.unwrap_or(0)]),
            refusal: shared.broken.get().cloned(),
        }
    }
}

impl Drop for Retracer {
    fn drop(&mut self) {
        self.0.questions().over = true;
        self.0.stale.store(true, Ordering::Relaxed);
        self.0.asked.notify_one();
    }
}

/// Whether the way to `next` leads past `now`, so that it may be finished first: whoever plays a race
/// would else never see an answer where it is walked more slowly than played.
fn lies_ahead(now: &[Glance], next: &[Glance]) -> bool {
    let ahead = |(now, next): (&Glance, &Glance)| {
        let same = now.coordinate.is_none() || now.coordinate == next.coordinate;
        now.racer == next.racer && same && now.step <= next.step
    };
    !next.is_empty() && now.iter().zip(next).all(ahead)
}

/// Answers questions until it is over.
fn work(scenario: &Scenario, shared: &Shared) {
    let mut retrace = None;
    while let Some(glances) = next(shared) {
        let retrace = retrace.get_or_insert_with(|| Retrace::new(scenario));
        let mut go = |step| {
            shared.step.store(step, Ordering::Relaxed);
            !shared.stale.load(Ordering::Relaxed)
        };
        let looks = glances.iter().map(|glance| retrace.look(*glance, &mut go));
        if let Some(looks) = looks.collect() {
            shared.answer.store(Some(Arc::new(Answer { looks })));
        }
        shared.questions().since = None;
    }
}

/// Waits for the next question; `None` when it is over.
fn next(shared: &Shared) -> Option<Vec<Glance>> {
    let nothing = |questions: &mut Questions| !questions.over && questions.next.is_none();
    let waited = shared.asked.wait_while(shared.questions(), nothing);
    let mut questions = waited.unwrap_or_else(PoisonError::into_inner);
    if questions.over {
        return None;
    }
    questions.now = questions.next.take()?;
    questions.since = (!questions.now.is_empty()).then(Instant::now);
    shared.stale.store(false, Ordering::Relaxed);
    Some(questions.now.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;

    const SOON: Duration = Duration::from_mins(1);

    fn retracer(name: &str) -> Retracer {
        let source = shipped::find(name).expect("it ships").source();
        Retracer::start(check(&source, &Options::default()).expect("it is valid"))
    }

    fn glance(racer: usize, step: u64) -> Glance {
        Glance {
            racer,
            step,
            coordinate: Some(0),
            window: 10,
        }
    }

    /// Asks until the first look of the answer is the one asked for.
    fn wait(retracer: &Retracer, glances: &[Glance]) -> Arc<Answer> {
        let begin = Instant::now();
        loop {
            let answer = retracer.ask(glances).answer;
            let found = |answer: &Arc<Answer>| {
                let looks = answer.looks.iter().map(|look| (look.racer, look.step));
                looks.eq(glances.iter().map(|glance| (glance.racer, glance.step)))
            };
            if let Some(answer) = answer.filter(found) {
                return answer;
            }
            assert!(begin.elapsed() < SOON, "no answer");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn the_newest_question_is_answered_and_then_nothing_is_done() {
        let retracer = retracer("beale");
        for step in 1..200 {
            retracer.ask(&[glance(0, step)]);
        }
        let both = [glance(0, 200), glance(4, 100)];
        let answer = wait(&retracer, &both);
        std::thread::sleep(Duration::from_millis(5));
        let again = retracer.ask(&both);
        assert!(Arc::ptr_eq(&answer, &again.answer.expect("it stays")));
        assert_eq!(again.working, None);
    }

    #[test]
    fn a_long_way_says_how_far_it_is_and_is_given_up_for_a_shorter() {
        let retracer = retracer("digits");
        let far = [glance(0, 100_000_000)];
        let begin = Instant::now();
        let [step, last] = loop {
            match retracer.ask(&far).working {
                Some(working) => break working,
                None => std::thread::sleep(Duration::from_millis(1)),
            }
            assert!(begin.elapsed() < SOON);
        };
        assert!(step < last && last == far[0].step, "{step} of {last}");
        assert!(retracer.ask(&far).answer.is_none());
        wait(&retracer, &[glance(4, 3)]);
        retracer.ask(&far);
        retracer.ask(&[]);
        while retracer.ask(&[]).working.is_some() {
            assert!(begin.elapsed() < SOON, "nobody looks any more");
        }
    }

    #[test]
    fn who_plays_on_lets_the_answer_be_finished() {
        let any = Glance {
            coordinate: None,
            ..glance(0, 5)
        };
        let table = [
            (vec![glance(0, 5)], vec![glance(0, 6)], true),
            (vec![glance(0, 5)], vec![glance(0, 4)], false),
            (vec![glance(0, 5)], vec![glance(1, 6)], false),
            (vec![any], vec![glance(0, 6)], true),
            (vec![glance(0, 5)], vec![any], false),
            (vec![glance(0, 5)], vec![], false),
            (vec![glance(0, 5)], vec![glance(0, 5), glance(1, 5)], true),
        ];
        for (now, next, want) in table {
            assert_eq!(lies_ahead(&now, &next), want, "{now:?} {next:?}");
        }
    }
}
