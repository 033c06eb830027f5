//! The targets of the empirical distribution, and when a racer reaches each.
//!
//! Targets are losses from the start down to the finish line, evenly spaced in their logarithm; where
//! the finish line is one of accuracy, in that of the share of wrong answers. On surfaces whose losses
//! may be negative it is the loss above the known minimum; where nobody knows that, or the finish line
//! is not above it, or no lower than the start, the finish line is the only target. The start is that
//! of the first seed, of the racer that starts lowest.
//!
//! A target is reached at the first evaluation that meets it; the finish line at its very step. While a
//! trace still holds all evaluations that is exact. Later ones are looked at while they are new, when a
//! trace of so many has lost none for longer than 0.4 % of the iterations so far.

use crate::problem::Part;
use crate::problem::formula::Scratch;
use crate::race::snapshot::Progress;
use crate::race::trace::Evaluation;
use crate::scenario::{Metric, Scenario, Target, Task};

/// How many targets there are where there is more than the finish line.
pub const TARGETS: usize = 10;

/// Losses or accuracies to be reached, the last of which is the finish line.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    finish: Target,
    /// Losses, or shares of wrong answers, in descending order.
    errors: Vec<f64>,
}

/// When a racer has reached each target, as far as it has been followed.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    /// The last step that was looked at.
    looked: Option<u64>,
    hits: Vec<Option<u64>>,
}

impl Targets {
    /// The targets of `scenario`, where the racers of its first seed start so.
    pub fn new<'a>(scenario: &Scenario, starts: impl Iterator<Item = &'a Evaluation>) -> Self {
        let finish = scenario.finish.target;
        let starts = starts.filter_map(|start| error(finish, start));
        let start = starts
            .filter(|start| start.is_finite())
            .fold(f64::INFINITY, f64::min);
        let goal = match finish.metric {
            Metric::Loss => finish.value,
            Metric::Accuracy => 1.0 - finish.value,
        };
        let floor = if goal > 0.0 {
            Some(0.0)
        } else {
            minimum(scenario)
        };
        let spaced = floor.filter(|&floor| floor < goal && goal < start && start.is_finite());
        Self {
            finish,
            errors: spaced.map_or_else(|| vec![goal], |floor| between(start, goal, floor)),
        }
    }

    /// The targets as losses or accuracies, whichever the finish line is.
    pub fn values(&self) -> Vec<f64> {
        let of = |error: &f64| match self.finish.metric {
            Metric::Loss => *error,
            Metric::Accuracy => 1.0 - error,
        };
        let before = &self.errors[..self.errors.len() - 1];
        before.iter().map(of).chain([self.finish.value]).collect()
    }
}

impl Reached {
    /// Takes in what a racer has done since the last time.
    pub fn look(&mut self, targets: &Targets, progress: &Progress) {
        let before = &targets.errors[..targets.errors.len() - 1];
        let points = progress.trace.points();
        let seen = |point: &Evaluation| self.looked.is_some_and(|looked| point.step <= looked);
        for point in &points[points.partition_point(seen)..] {
            let Some(error) = error(targets.finish, point) else {
                continue;
            };
            while before
                .get(self.hits.len())
                .is_some_and(|target| error <= *target)
            {
                self.hits.push(Some(point.step));
            }
        }
        self.looked = points.last().map(|point| point.step);
    }

    /// The iterations to each target, at the end of a racer's run.
    pub fn hits(mut self, targets: &Targets, progress: &Progress) -> Vec<Option<u64>> {
        self.look(targets, progress);
        self.hits.resize(targets.errors.len() - 1, None);
        // Who has met the finish line has met all targets before it.
        let line = progress.first_hit;
        let at = |hit: Option<u64>| hit.into_iter().chain(line).min();
        self.hits.into_iter().map(at).chain([line]).collect()
    }
}

/// The targets from `start` to `goal`, by the logarithm of what is above `floor`.
fn between(start: f64, goal: f64, floor: f64) -> Vec<f64> {
    let ratio = libm::log((start - floor) / (goal - floor));
    let left = |k: usize| (TARGETS - 1 - k) as f64 / TARGETS as f64;
    let spaced = |k: usize| floor + (goal - floor) * libm::exp(ratio * left(k));
    (0..TARGETS - 1).map(spaced).chain([goal]).collect()
}

/// What is to fall to the finish line's: the loss, or the share of wrong answers.
fn error(finish: Target, at: &Evaluation) -> Option<f64> {
    match (finish.metric, finish.on) {
        (Metric::Loss, Part::Train) => Some(at.loss),
        (Metric::Loss, Part::Test) => at.test_loss,
        (Metric::Accuracy, Part::Train) => Some(1.0 - at.accuracy?),
        (Metric::Accuracy, Part::Test) => Some(1.0 - at.test_accuracy?),
    }
}

/// The lowest loss, where it is known.
fn minimum(scenario: &Scenario) -> Option<f64> {
    let Task::Surface(task) = &scenario.task else {
        return None;
    };
    let minima = task.function.minima().iter();
    let losses = minima.map(|at| task.function.value(at, &mut Scratch::default()));
    losses.min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::snapshot::Outcome;
    use crate::race::standing::sample::{evaluation, racer};
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;

    fn targets(name: &str, set: &[&str], start: f64) -> Targets {
        let options = Options {
            set: set.iter().map(|&set| set.to_owned()).collect(),
            ..Options::default()
        };
        let source = shipped::find(name).expect("it ships").source();
        let scenario = check(&source, &options).expect("it is valid");
        Targets::new(&scenario, [evaluation(0, 0, 0.0, start)].iter())
    }

    fn near(got: &[f64], want: &[f64]) {
        assert_eq!(got.len(), want.len(), "{got:?}");
        for (got, want) in got.iter().zip(want) {
            assert!((got / want - 1.0).abs() < 1e-12, "{got} is not {want}");
        }
    }

    #[test]
    fn targets_are_even_in_the_logarithm_from_the_start_to_the_finish_line() {
        let got = targets("beale", &["finish.loss=1e-9"], 10.0).values();
        let powers: Vec<f64> = (0..10).map(|k| 10_f64.powi(-k)).collect();
        near(&got, &powers);
        assert_eq!(got[9], 1e-9, "to the bit");
        // Half of the answers are right at the start, 1 - 0.5 / 2^10 at the finish line.
        let line = "finish={accuracy=0.99951171875,steps=9}";
        let got = targets("digits", &[line], 2.3).values();
        let wrong: Vec<f64> = (1..=10).map(|k| 1.0 - 0.5_f64.powi(k + 1)).collect();
        near(&got, &wrong);
    }

    /// The lowest loss of this surface is near -78.332, at (-2.9035, -2.9035).
    #[test]
    fn where_losses_are_negative_they_are_counted_from_the_known_minimum() {
        let got = targets("styblinski-tang", &["finish.loss=-78"], 0.0).values();
        assert_eq!((got.len(), got[9]), (TARGETS, -78.0));
        let lowest = -78.332_331_4;
        let above: Vec<f64> = got.iter().map(|loss| loss - lowest).collect();
        for pair in above.windows(2) {
            let ratio = (78.0 - 78.332_331_4_f64).abs() / 78.332_331_4;
            assert!((pair[1] / pair[0] - ratio.powf(0.1)).abs() < 1e-6);
        }
        let beyond = targets("styblinski-tang", &["finish.loss=-79"], 0.0);
        assert_eq!(beyond.values(), [-79.0], "below the minimum");
        assert_eq!(targets("beale", &[], 1e-9).values(), [1e-4], "starts there");
        assert_eq!(targets("beale", &[], f64::NAN).values(), [1e-4]);
    }

    #[test]
    fn a_target_is_reached_at_the_first_evaluation_that_meets_it() {
        let targets = targets("beale", &["finish.loss=1e-9"], 10.0);
        let losses = [10.0, 0.5, 2.0, f64::NAN, 0.05, 0.9e-5, 1e-9];
        let at = |(i, &loss): (usize, &f64)| evaluation(10 * i as u64, 0, 0.0, loss);
        let points: Vec<Evaluation> = losses.iter().enumerate().map(at).collect();
        let some = |steps: &[u64]| steps.iter().map(|&step| Some(step)).collect::<Vec<_>>();
        let whole = racer(&points, Some(Outcome::Converged));
        let mut reached = Reached::default();
        for seen in [1, 2, 5] {
            reached.look(&targets, &racer(&points[..seen], None));
        }
        let want = some(&[10, 40, 50, 50, 50, 50, 60, 60, 60, 60]);
        assert_eq!(reached.hits(&targets, &whole), want);
        assert_eq!(
            Reached::default().hits(&targets, &whole),
            want,
            "in one look"
        );
        let stopped = Reached::default().hits(&targets, &racer(&points[..5], None));
        assert_eq!(stopped[..2], some(&[10, 40]));
        assert_eq!(stopped[2..], [None; 8]);
    }

    /// As a sweep looks: after 1,000 evaluations, then twice as many more, then 10,000 more each time.
    #[test]
    fn what_long_traces_lose_is_little() {
        let targets = targets("beale", &["finish.loss=1e-9"], 10.0);
        let loss = |step: u64| 10.0 / (1.0 + step as f64) * (1.5 + (step as f64).sin());
        let end = 300_000;
        let mut progress = racer(&[evaluation(0, 0, 0.0, 10.0)], None);
        let mut reached = Reached::default();
        let (mut slice, mut next) = (1_000, 1_000);
        for step in 1..=end {
            progress.trace.push(evaluation(step, 0, 0.0, loss(step)));
            if step == next {
                reached.look(&targets, &progress);
                slice = (2 * slice).min(10_000);
                next += slice;
            }
        }
        let hits = reached.hits(&targets, &progress);
        for (target, hit) in targets.values().iter().zip(hits) {
            let first = (0..=end).find(|&step| step > 0 && loss(step) <= *target);
            match (first, hit) {
                (Some(first), Some(hit)) if first <= 4_000 => assert_eq!(hit, first),
                (Some(first), Some(hit)) => {
                    assert!(
                        (first..=first + first / 250).contains(&hit),
                        "{first}: {hit}"
                    );
                }
                (first, hit) => assert_eq!(first, hit),
            }
        }
    }
}
