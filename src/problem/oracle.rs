//! The only way an optimizer sees the slope. It counts what is asked.

use ndarray::{Array1, ArrayView1};

use crate::math::{self, Real};
use crate::problem::{Batch, Block, Problem, Work};

/// What the gradients asked for have cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Gradients evaluated.
    pub gradients: u64,
    /// Examples those went over.
    pub samples: u64,
    /// Gradients that were too long, and clipped.
    pub clipped: u64,
}

/// One step's view of the slope: every gradient asked of it is over the same batch.
pub struct Oracle<'a, F: Real> {
    problem: &'a dyn Problem<F>,
    batch: Batch<'a>,
    gradient: &'a mut Array1<F>,
    work: &'a mut Work<F>,
    cost: &'a mut Cost,
    clip: Option<Clip<'a>>,
}

/// How long a gradient may be.
struct Clip<'a> {
    most: f64,
    /// How long the last one was.
    norm: &'a mut Option<f64>,
}

impl<'a, F: Real> Oracle<'a, F> {
    /// An oracle for one step. `gradient` (shape (dim)) keeps the gradient last asked for.
    pub fn new(
        problem: &'a dyn Problem<F>,
        batch: Batch<'a>,
        gradient: &'a mut Array1<F>,
        work: &'a mut Work<F>,
        cost: &'a mut Cost,
    ) -> Self {
        Self {
            problem,
            batch,
            gradient,
            work,
            cost,
            clip: None,
        }
    }

    /// The same, but every gradient longer than `most` is scaled down to it. `norm` keeps how long
    /// the last one was before. One that is not finite stays so.
    #[must_use]
    pub fn clipped(mut self, most: f64, norm: &'a mut Option<f64>) -> Self {
        self.clip = Some(Clip { most, norm });
        self
    }

    /// The gradient of the mean loss over this step's batch at `w`, both of shape (dim).
    pub fn gradient(&mut self, w: ArrayView1<'_, F>) -> ArrayView1<'_, F> {
        self.count();
        self.problem
            .gradient(w, self.batch, self.gradient.view_mut(), self.work);
        self.cut();
        self.gradient.view()
    }

    /// The same, with the loss over the batch: both cost one gradient.
    pub fn gradient_and_loss(&mut self, w: ArrayView1<'_, F>) -> (ArrayView1<'_, F>, f64) {
        self.count();
        let g = self.gradient.view_mut();
        let loss = self.problem.gradient_and_loss(w, self.batch, g, self.work);
        self.cut();
        (self.gradient.view(), loss)
    }

    /// The loss over the batch at a point on trial, and its gradient there to `g`: one gradient, but
    /// not the one that is told of this step.
    pub fn probe(&mut self, w: ArrayView1<'_, F>, g: &mut Array1<F>) -> f64 {
        self.count();
        let loss = self
            .problem
            .gradient_and_loss(w, self.batch, g.view_mut(), self.work);
        if let Some(clip) = &self.clip {
            let norm = math::norm(g.view());
            self.cost.clipped += u64::from(shorten(g, norm, clip.most));
        }
        loss
    }

    /// Whether the gradient at a point is the same in every step, so that one that is known need not
    /// be asked for again.
    pub fn is_steady(&self) -> bool {
        let is_steady = matches!(self.batch, Batch::All) || self.problem.is_smooth(self.batch);
        is_steady && self.clip.is_none()
    }

    /// Takes `g`, which is known from before, for the gradient of this step.
    pub fn recall(&mut self, g: ArrayView1<'_, F>) {
        self.gradient.assign(&g);
    }

    fn count(&mut self) {
        self.cost.gradients += 1;
        self.cost.samples += match self.batch {
            Batch::All => self.problem.examples() as u64,
            Batch::Mini { size, .. } => size as u64,
        };
    }

    fn cut(&mut self) {
        if let Some(clip) = &mut self.clip {
            let norm = math::norm(self.gradient.view());
            *clip.norm = Some(norm);
            self.cost.clipped += u64::from(shorten(self.gradient, norm, clip.most));
        }
    }

    /// The parts of the parameter vector, for rules that see matrices.
    pub fn blocks(&self) -> &[Block] {
        self.problem.blocks()
    }

    /// The norm of the gradient last asked for, as the rule sees it.
    pub fn norm(&self) -> f64 {
        math::norm(self.gradient.view())
    }
}

/// Scales `g`, whose norm is `norm`, down to `most` if it is longer and finite; whether it did.
fn shorten<F: Real>(g: &mut Array1<F>, norm: f64, most: f64) -> bool {
    if norm.is_nan() || norm <= most || !math::all_finite(g.view()) {
        return false;
    }
    // Squares overflow long before the gradient does: then it is measured in parts of its largest.
    let largest = g.iter().fold(1.0, |most: f64, g| most.max(g.get().abs()));
    let unit = if norm.is_finite() { 1.0 } else { largest };
    let parts = g.iter().map(|g| g.get() / unit);
    let norm = parts.map(|g| g * g).sum::<f64>().sqrt();
    g.mapv_inplace(|g| F::of(g.get() / unit * (most / norm)));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};

    fn shortened<F: Real>(g: &[f64], most: f64) -> (Array1<F>, bool) {
        let mut g: Array1<F> = g.iter().map(|&g| F::of(g)).collect();
        let norm = math::norm(g.view());
        let clipped = shorten(&mut g, norm, most);
        (g, clipped)
    }

    #[test]
    fn what_is_too_long_is_scaled_down_and_keeps_its_direction() {
        let (g, clipped) = shortened::<f64>(&[3.0, -4.0], 1.0);
        assert!(
            clipped && (&g - &array![0.6, -0.8]).iter().all(|d| d.abs() < 1e-15),
            "{g}"
        );
        for most in [5.0, 6.0] {
            assert_eq!(shortened(&[3.0, -4.0], most), (array![3.0, -4.0], false));
        }
        assert_eq!(shortened(&[0.0, 0.0], 1.0), (array![0.0, 0.0], false));
    }

    #[test]
    fn no_finite_gradient_is_too_long_to_be_clipped() {
        let (g, clipped) = shortened::<f64>(&[3e300, -4e300], 2.0);
        assert!(
            clipped && (&g - &array![1.2, -1.6]).iter().all(|d| d.abs() < 1e-15),
            "{g}"
        );
        let (g, clipped) = shortened::<f32>(&[3e38, -3e38], 1e-8);
        assert!(
            clipped && (math::norm(g.view()) - 1e-8).abs() < 1e-15,
            "{g}"
        );
    }

    #[test]
    fn what_is_not_finite_stays_so() {
        for broken in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let (g, clipped) = shortened::<f64>(&[broken, 1e3], 1.0);
            assert!(!clipped && !g[0].is_finite() && g[1] == 1e3, "{g}");
        }
    }
}
