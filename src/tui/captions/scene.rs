//! What the triggers look at: the racers' traces as columns, and when each is out of the race.

use crate::problem::Part;
use crate::race::snapshot::{Entered, Meta, Outcome, Progress, Snapshot};
use crate::race::trace::{Evaluation, Moment};
use crate::scenario::{Metric, Target};

/// A race as the triggers see it.
pub(super) struct Scene<'a> {
    pub snapshot: &'a Snapshot,
    pub meta: &'a Meta,
    pub runs: Vec<Run<'a>>,
}

/// One racer's way to its end: what it does while it holds the target is not looked at.
pub(super) struct Run<'a> {
    pub racer: usize,
    pub entered: &'a Entered,
    pub progress: &'a Progress,
    /// Its evaluations up to its convergence; never empty.
    pub points: &'a [Evaluation],
    /// Their steps.
    pub steps: Vec<u64>,
    /// Their losses.
    pub losses: Vec<f64>,
}

impl<'a> Scene<'a> {
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let racers = snapshot.racers.iter().zip(&snapshot.meta.racers);
        let runs = racers
            .enumerate()
            .map(|(racer, (progress, entered))| Run::new(racer, entered, progress));
        Self {
            snapshot,
            meta: &snapshot.meta,
            runs: runs.filter(|run| !run.points.is_empty()).collect(),
        }
    }

    /// The value of a target on the training loss.
    pub fn target(&self) -> Option<f64> {
        match self.meta.target {
            Target {
                metric: Metric::Loss,
                on: Part::Train,
                value,
            } => Some(value),
            _ => None,
        }
    }
}

impl<'a> Run<'a> {
    fn new(racer: usize, entered: &'a Entered, progress: &'a Progress) -> Self {
        let points = progress.trace.points();
        let points = match convergence(progress) {
            Some(end) => &points[..points.partition_point(|point| point.step <= end.step)],
            None => points,
        };
        Self {
            racer,
            entered,
            progress,
            points,
            steps: points.iter().map(|point| point.step).collect(),
            losses: points.iter().map(|point| point.loss).collect(),
        }
    }

    pub fn label(&self) -> &'a str {
        &self.entered.label
    }

    /// When the evaluation `i` was.
    pub fn moment(&self, i: usize) -> Moment {
        self.points[i].moment()
    }

    /// The last evaluation up to `step`.
    pub fn at(&self, step: u64) -> Option<usize> {
        self.steps.partition_point(|&s| s <= step).checked_sub(1)
    }

    /// The loss last seen up to `step`.
    pub fn loss_at(&self, step: u64) -> Option<f64> {
        self.at(step).map(|i| self.losses[i])
    }

    /// The step at which it is out of the race, converged or not.
    pub fn end(&self) -> Option<u64> {
        let ended = self.progress.outcome.is_some();
        ended.then(|| {
            convergence(self.progress)
                .unwrap_or(&self.progress.latest)
                .step
        })
    }

    /// Whether it is still in the race at `step`.
    pub fn runs_at(&self, step: u64) -> bool {
        self.end().is_none_or(|end| step < end)
    }

    /// Whether its evaluations `i - 1` and `i` are of successive steps.
    pub fn follows(&self, i: usize) -> bool {
        self.steps[i] == self.steps[i - 1] + 1
    }
}

/// Where a racer converged, if it has.
pub(super) fn convergence(progress: &Progress) -> Option<&Evaluation> {
    let converged = progress.outcome == Some(Outcome::Converged);
    progress.convergence.as_ref().filter(|_| converged)
}
