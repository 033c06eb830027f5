//! A recorded race run again, line by line beside its recording.
//!
//! The race goes only as far ahead as the recording asks for, so that not all of it is in memory. No
//! clock (stopwatches are handed in), no file: whoever reads the recording hands it over.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Clock, SLICE};
use crate::race::snapshot::{Outcome, Progress};
use crate::race::trace::Evaluation;
use crate::race::{Fresh, Race};
use crate::scenario::Scenario;

/// A race under way beside its recording.
pub struct Again<'a> {
    race: Race,
    /// What each racer has done that the recording has not come to.
    ahead: Vec<VecDeque<Fresh>>,
    stop: &'a AtomicBool,
    /// How many recorded lines of each racer were compared.
    compared: Vec<u64>,
    passed_over: u64,
    difference: Option<Difference>,
}

/// The first number that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The racer's index.
    pub racer: usize,
    /// The step of the recorded line.
    pub step: u64,
    /// Which number, what it is, and what was recorded: `loss is 0.1, recorded was 0.2`.
    pub what: String,
}

impl<'a> Again<'a> {
    /// The race of `scenario` at its start, which goes on until `stop` is set.
    pub fn new(scenario: &Scenario, clock: Clock<'_>, stop: &'a AtomicBool) -> Self {
        let mut race = Race::new(scenario, &|| clock());
        race.keep_fresh();
        let ahead = (0..race.meta().racers.len()).map(|_| VecDeque::new());
        Self {
            ahead: ahead.collect(),
            compared: vec![0; race.meta().racers.len()],
            passed_over: 0,
            race,
            stop,
            difference: None,
        }
    }

    /// Compares the next recorded line of a racer, given by its index: its latest evaluation, or its
    /// outcome. Evaluations that were not recorded are passed over. Runs on the rayon pool it is
    /// called in.
    pub fn beside(&mut self, racer: usize, recorded: &Progress) {
        if self.difference.is_some() {
            return;
        }
        let what = match &recorded.outcome {
            None => self.evaluation(racer, &recorded.latest),
            Some(outcome) => self.outcome(racer, recorded, outcome),
        };
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        self.compared[racer] += 1;
        let step = recorded.steps;
        self.difference = what.map(|what| Difference { racer, step, what });
    }

    /// How many recorded lines of each racer were compared.
    pub fn compared(&self) -> &[u64] {
        &self.compared
    }

    /// How many evaluations lie before recorded lines and were not recorded themselves.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// The first number that is not as it was recorded.
    pub fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    fn evaluation(&mut self, racer: usize, recorded: &Evaluation) -> Option<String> {
        loop {
            match self.next(racer) {
                Some(Fresh::Evaluation(now)) if now.step < recorded.step => self.passed_over += 1,
                Some(Fresh::Evaluation(now)) if now.step == recorded.step => {
                    return differ(&facts(recorded), &facts(&now));
                }
                _ => return Some("it was recorded, but is not evaluated there".to_owned()),
            }
        }
    }

    fn outcome(&mut self, racer: usize, recorded: &Progress, outcome: &Outcome) -> Option<String> {
        let now = loop {
            match self.next(racer) {
                Some(Fresh::Outcome(now)) => break now,
                Some(Fresh::Evaluation(_)) => self.passed_over += 1,
                None => return Some("its outcome was recorded, but it has none".to_owned()),
            }
        };
        if now.outcome.as_ref() != Some(outcome) {
            let say = |outcome: &Outcome| match outcome.cause() {
                Some(cause) => format!("{} ({cause})", outcome.word()),
                None => outcome.word().to_owned(),
            };
            let is = now.outcome.as_ref().map_or(String::new(), say);
            return Some(format!("outcome is {is}, recorded was {}", say(outcome)));
        }
        let at = |progress: &Progress| progress.convergence.as_ref().map(facts);
        differ(&ends(recorded), &ends(&now)).or_else(|| {
            let what = differ(&at(recorded)?, &at(&now)?);
            what.map(|what| format!("at its convergence {what}"))
        })
    }

    /// What the racer did next; `None` if it is done, or all was stopped.
    fn next(&mut self, racer: usize) -> Option<Fresh> {
        while self.ahead[racer].is_empty() && !self.stop.load(Ordering::Relaxed) {
            let done = self.race.finished();
            if !done {
                self.race.advance(SLICE);
            }
            let ahead = &mut self.ahead;
            self.race
                .drain(|racer, fresh| ahead[racer].push_back(fresh));
            if done {
                break;
            }
        }
        self.ahead[racer].pop_front()
    }
}

/// A number by its name; counts are below 2^53, so none is rounded.
type Fact = (&'static str, Option<f64>);

/// The numbers of an evaluation, seconds aside.
fn facts(at: &Evaluation) -> Vec<Fact> {
    let position = at.position.iter().map(|&x| ("position", Some(x)));
    let rest = [
        ("step", Some(at.step as f64)),
        ("samples", Some(at.samples as f64)),
        ("loss", Some(at.loss)),
        ("accuracy", at.accuracy),
        ("test_loss", at.test_loss),
        ("test_accuracy", at.test_accuracy),
        ("gradient_norm", at.gradient_norm),
    ];
    rest.into_iter().chain(position).collect()
}

/// The numbers of a racer that is done, seconds aside.
fn ends(progress: &Progress) -> Vec<Fact> {
    vec![
        ("steps", Some(progress.steps as f64)),
        ("samples", Some(progress.samples as f64)),
        (
            "gradient_evaluations",
            Some(progress.gradient_evaluations as f64),
        ),
        ("clipped", progress.clipped.map(|count| count as f64)),
        ("best_loss", Some(progress.best_loss)),
        ("first_hit", progress.first_hit.map(|step| step as f64)),
    ]
}

/// The first number that differs, in words. Recordings know only that a number is not finite, so all
/// that are not are the same.
fn differ(recorded: &[Fact], now: &[Fact]) -> Option<String> {
    let finite = |x: Option<f64>| x.filter(|x| x.is_finite());
    let mut pairs = recorded.iter().zip(now);
    let differs = |(was, is): &(&Fact, &Fact)| finite(was.1) != finite(is.1);
    let (was, is) = pairs.find(differs)?;
    let say = |x: Option<f64>| match finite(x) {
        Some(x) => format!("{x:?}"),
        None => "not finite".to_owned(),
    };
    Some(format!(
        "{} is {}, recorded was {}",
        was.0,
        say(is.1),
        say(was.1)
    ))
}
