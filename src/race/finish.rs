//! When a race is over for a racer: the target, the stretch of evaluations that must meet it, the
//! limits, and the signs of divergence.

use crate::problem::Part;
use crate::race::snapshot::Outcome;
use crate::race::trace::Evaluation;
use crate::scenario::{Entrant, Finish, Metric, Scenario, Target, Task, steps_an_epoch, steps_in};

/// The rules one racer is judged by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What is to be reached.
    pub target: Target,
    /// For how many evaluations in a row.
    pub hold: u64,
    /// Steps between evaluations.
    pub evaluate_every: u64,
    /// The most steps it may take.
    pub steps: u64,
    /// What limits the steps: `2000 steps` or `30 epochs`.
    pub limit: String,
    /// The samples after which it may take no further step, and what says so: `30 epochs`. Of use
    /// for optimizers that ask for more than a gradient a step.
    pub samples: Option<(u64, String)>,
    /// The most seconds on its own clock.
    pub seconds: Option<f64>,
}

impl Rules {
    /// The rules for `racer` in `scenario`.
    pub fn new(scenario: &Scenario, racer: &Entrant) -> Self {
        let finish = &scenario.finish;
        let (steps, limit) = limit(scenario, racer);
        let examples = scenario.examples() as u64;
        let samples = finish.epochs.map(|epochs| {
            let rest = (epochs.fract() * examples as f64).ceil() as u64;
            let whole = (epochs.trunc() as u64).saturating_mul(examples);
            (whole.saturating_add(rest), format!("{epochs} epochs"))
        });
        Self {
            target: finish.target,
            hold: finish.hold,
            evaluate_every: evaluate_every(scenario, racer),
            steps,
            limit,
            samples,
            seconds: finish.seconds,
        }
    }

    /// The limit that `samples` have reached, if they have.
    pub fn spent(&self, samples: u64) -> Option<&str> {
        let (most, limit) = self.samples.as_ref()?;
        (samples >= *most).then_some(limit)
    }

    /// Whether `evaluation` meets the target.
    pub fn met(&self, evaluation: &Evaluation) -> bool {
        let Evaluation {
            loss,
            accuracy,
            test_loss,
            test_accuracy,
            ..
        } = evaluation;
        let value = match (self.target.metric, self.target.on) {
            (Metric::Loss, Part::Train) => Some(*loss),
            (Metric::Loss, Part::Test) => *test_loss,
            (Metric::Accuracy, Part::Train) => *accuracy,
            (Metric::Accuracy, Part::Test) => *test_accuracy,
        };
        value.is_some_and(|value| match self.target.metric {
            Metric::Loss => value <= self.target.value,
            Metric::Accuracy => value >= self.target.value,
        })
    }

    /// A finite training loss above the first and up to the second of these ends nothing for a
    /// racer that started at `start` and has not met the target before; none where a loss does not
    /// say so.
    pub fn between(&self, start: f64) -> Option<[f64; 2]> {
        let by_loss = (self.target.metric, self.target.on) == (Metric::Loss, Part::Train);
        by_loss.then(|| [self.target.value, highest(start).min(f64::MAX)])
    }
}

/// Steps between `racer`'s evaluations: as the scenario says, else 1 on surfaces and for full-batch
/// racers, else about ten evaluations an epoch; above 10,000 examples one an epoch, but ten in a
/// race, which may be shorter than an epoch.
pub fn evaluate_every(scenario: &Scenario, racer: &Entrant) -> u64 {
    if let Some(every) = scenario.finish.evaluate_every {
        return every;
    }
    if matches!(scenario.task, Task::Surface(_)) || racer.batch.is_none() {
        return 1;
    }
    let examples = scenario.examples();
    let epoch = steps_an_epoch(examples, racer.batch);
    interval(examples, epoch, limit(scenario, racer).0)
}

/// The default for mini-batches of `examples`, by the steps in an epoch and in the whole race.
fn interval(examples: usize, epoch: u64, limit: u64) -> u64 {
    if examples > 10_000 {
        epoch.min(limit.div_ceil(10))
    } else {
        (epoch / 10).max(1)
    }
}

/// The most steps `racer` may take, and what limits them: `2000 steps` or `30 epochs`.
///
/// # Panics
/// If the scenario has neither steps nor epochs, which no valid one does.
fn limit(scenario: &Scenario, racer: &Entrant) -> (u64, String) {
    let Finish { steps, epochs, .. } = scenario.finish;
    let examples = scenario.examples();
    let by_epochs = epochs.map(|epochs| {
        (
            steps_in(epochs, examples, racer.batch),
            format!("{epochs} epochs"),
        )
    });
    let by_steps = steps.map(|steps| (steps, format!("{steps} steps")));
    [by_steps, by_epochs]
        .into_iter()
        .flatten()
        .min_by_key(|(steps, _)| *steps)
        .expect("a scenario has steps or epochs")
}

/// Whether the loss says that a racer which started at `start` is lost.
pub fn diverged(start: f64, evaluation: &Evaluation) -> Option<Outcome> {
    let (step, loss) = (evaluation.step, evaluation.loss);
    let cause = if !loss.is_finite() {
        "the loss is not finite"
    } else if loss > highest(start) {
        "the loss is 10^12 times the start's"
    } else {
        return None;
    };
    Some(Outcome::Diverged {
        step,
        cause: cause.to_owned(),
    })
}

/// The highest loss with which a racer that started at `start` is not lost.
fn highest(start: f64) -> f64 {
    start + 1e12 * start.abs().max(1.0)
}

/// Whether a gradient of norm `now` is zero for all purposes, where it was `start` at the start.
pub fn vanished(now: f64, start: f64) -> bool {
    now <= 1e-8 * start.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_race_shorter_than_an_epoch_is_evaluated_all_the_same() {
        // 160,000 examples in batches of 32, for 300 steps.
        assert_eq!(interval(160_000, 5_000, 300), 30);
        // The same for eighty epochs.
        assert_eq!(interval(160_000, 5_000, 400_000), 5_000);
        assert_eq!(interval(10_001, 10_001, 1), 1);
        // Fewer examples: ten an epoch, however long the race.
        assert_eq!(interval(10_000, 157, 20), 15);
        assert_eq!(interval(100, 2, 1_000_000), 1);
    }
}
