//! The lines of a race as serde sees them: evaluations and outcomes. What is not finite is null, and
//! null is read as not a number.

use serde::{Deserialize, Deserializer, Serialize};

use crate::race::snapshot::{Outcome, Progress};
use crate::race::trace::Evaluation;
use crate::text::clean;

/// The line of an evaluation.
#[derive(Serialize, Deserialize)]
pub(super) struct EvaluationLine {
    pub(super) racer: usize,
    #[serde(flatten)]
    pub(super) at: At,
}

/// An evaluation.
#[derive(Serialize, Deserialize)]
pub(super) struct At {
    step: u64,
    samples: u64,
    seconds: f64,
    #[serde(deserialize_with = "float")]
    loss: f64,
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    accuracy: Option<f64>,
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    test_loss: Option<f64>,
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    test_accuracy: Option<f64>,
    gradient_norm: Option<f64>,
    #[serde(
        default,
        deserialize_with = "floats",
        skip_serializing_if = "Vec::is_empty"
    )]
    position: Vec<f64>,
}

impl EvaluationLine {
    pub(super) fn new(racer: usize, evaluation: &Evaluation) -> Self {
        let at = evaluation.into();
        Self { racer, at }
    }
}

impl From<&Evaluation> for At {
    fn from(evaluation: &Evaluation) -> Self {
        Self {
            step: evaluation.step,
            samples: evaluation.samples,
            seconds: evaluation.seconds,
            loss: evaluation.loss,
            accuracy: evaluation.accuracy,
            test_loss: evaluation.test_loss,
            test_accuracy: evaluation.test_accuracy,
            gradient_norm: evaluation.gradient_norm,
            position: evaluation.position.to_vec(),
        }
    }
}

impl From<At> for Evaluation {
    fn from(at: At) -> Self {
        let norm = at.gradient_norm.unwrap_or(f64::NAN);
        Self {
            step: at.step,
            samples: at.samples,
            seconds: at.seconds,
            loss: at.loss,
            accuracy: at.accuracy,
            test_loss: at.test_loss,
            test_accuracy: at.test_accuracy,
            gradient_norm: (at.step > 0).then_some(norm),
            position: at.position.into(),
        }
    }
}

/// The line of an outcome, with what the evaluations do not tell.
#[derive(Serialize, Deserialize)]
pub(super) struct OutcomeLine {
    pub(super) racer: usize,
    outcome: String,
    cause: Option<String>,
    /// The step that did it, for a racer that diverged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<u64>,
    pub(super) steps: u64,
    pub(super) samples: u64,
    pub(super) gradient_evaluations: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) clipped: Option<u64>,
    pub(super) seconds: f64,
    #[serde(deserialize_with = "float")]
    pub(super) best_loss: f64,
    pub(super) first_hit: Option<u64>,
    pub(super) convergence: Option<At>,
}

impl OutcomeLine {
    pub(super) fn new(racer: usize, outcome: &Outcome, progress: &Progress) -> Self {
        Self {
            racer,
            outcome: outcome.word().to_owned(),
            cause: outcome.cause().map(str::to_owned),
            step: match outcome {
                Outcome::Diverged { step, .. } => Some(*step),
                _ => None,
            },
            steps: progress.steps,
            samples: progress.samples,
            gradient_evaluations: progress.gradient_evaluations,
            clipped: progress.clipped,
            seconds: progress.seconds,
            best_loss: progress.best_loss,
            first_hit: progress.first_hit,
            convergence: progress.convergence.as_ref().map(At::from),
        }
    }

    /// How it ended; `None` if the word is unknown or a member that it needs is not there.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        let cause = self.cause.as_deref().map(clean);
        if (self.outcome == "converged") != self.convergence.is_some() {
            return None;
        }
        Some(match self.outcome.as_str() {
            "converged" => Outcome::Converged,
            "diverged" => Outcome::Diverged {
                step: self.step?,
                cause: cause?,
            },
            "stalled" => Outcome::Stalled { cause },
            "limit" => Outcome::Limit { cause: cause? },
            "error" => Outcome::Error { cause: cause? },
            _ => return None,
        })
    }
}

fn float<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

/// For members that may be left out: one that is there has a value, if only not a number.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    float(deserializer).map(Some)
}

fn floats<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let values = Vec::<Option<f64>>::deserialize(deserializer)?;
    Ok(values.into_iter().map(|x| x.unwrap_or(f64::NAN)).collect())
}
