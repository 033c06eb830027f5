//! L-BFGS: walks along the slope as if it were a bowl whose curvature the last ten steps have shown,
//! as far as a line search says. Each point that is tried costs a gradient over the step's batch.
//!
//! Nocedal and Wright, "Numerical optimization" (2006), chapters 3 and 7.

use std::mem::swap;

use ndarray::{Array1, ArrayView1, ArrayViewMut1};

use super::{Entry, Optimizer, Rule, Settings, Show};
use crate::math::Real;
use crate::problem::oracle::Oracle;

mod history;
mod search;
use history::History;
use search::{Point, Way, search};

pub const ENTRY: Entry = Entry {
    id: "lbfgs",
    name: "L-BFGS",
    idea: "goes as far as a line search says, along a slope whose curvature the last ten steps have shown",
    paper: "Nocedal and Wright 2006",
    rule,
    note: "learning_rate is the first length that is tried in each step (usually 1); every point that is tried counts as \
           a gradient, up to 26 a step",
    default_rate: |_| 1.0,
    hyperparameters: &[],
    full_batch: false,
    build_f32: |_, dim| Box::new(Lbfgs::<f32>::new(dim)),
    build_f64: |_, dim| Box::new(Lbfgs::<f64>::new(dim)),
};

/// Capitals are whole vectors; H is the inverse curvature, which is never written out. So many
/// points were `tried`.
fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "d = -H G".into(),
            "a = line_search(W + a D, tried)".into(),
            "w = w + a * d".into(),
        ],
        direction: None,
        rate: None,
        averages: Vec::new(),
    }
}

#[derive(Clone, Debug)]
struct Lbfgs<F> {
    history: History<F>,
    /// The direction of the last step.
    d: Array1<F>,
    /// Where the last step ended, with the loss there; its gradient is the first of `ends`.
    at: Array1<F>,
    loss: f64,
    /// Whether it ended anywhere.
    has_begun: bool,
    /// Whether no way down was found from there, however short.
    is_stuck: bool,
    /// The length of the last step, in directions, and how many points were tried for it.
    length: f64,
    tried: u64,
    /// Gradients at both ends of the line search.
    ends: [Array1<F>; 2],
    /// The gradient before the step.
    before: Array1<F>,
    /// The point on trial, and the gradient there.
    point: Array1<F>,
    trial: Array1<F>,
}

impl<F: Real> Lbfgs<F> {
    fn new(dim: usize) -> Self {
        let zeros = Array1::zeros(dim);
        Self {
            history: History::new(dim),
            d: zeros.clone(),
            at: zeros.clone(),
            loss: 0.0,
            has_begun: false,
            is_stuck: false,
            length: 0.0,
            tried: 0,
            ends: [zeros.clone(), zeros.clone()],
            before: zeros.clone(),
            point: zeros.clone(),
            trial: zeros,
        }
    }

    /// Finds out the loss and the gradient at `w`, which may be known from the step before.
    fn look(&mut self, w: ArrayView1<'_, F>, slope: &mut Oracle<'_, F>) {
        let is_known = self.has_begun && slope.is_steady() && self.at == w;
        if is_known {
            slope.recall(self.ends[0].view());
            return;
        }
        let (g, loss) = slope.gradient_and_loss(w);
        self.ends[0].assign(&g);
        self.loss = loss;
        self.at.assign(&w);
        self.has_begun = true;
        self.is_stuck = false;
    }

    /// Chooses the direction; returns its slope there, which is negative, or 0 where all is flat.
    fn direct(&mut self) -> f64 {
        self.d.assign(&self.ends[0]);
        self.history.direct(&mut self.d);
        let slope = self.d.dot(&self.ends[0]).get();
        if slope < 0.0 && slope.is_finite() {
            return slope;
        }
        self.history.clear();
        self.d.assign(&self.ends[0]);
        self.d.mapv_inplace(|g| -g);
        self.d.dot(&self.ends[0]).get()
    }
}

/// The way along the direction, as the line search goes it.
struct Along<'a, 's, F: Real> {
    from: ArrayView1<'a, F>,
    d: &'a Array1<F>,
    slope: &'a mut Oracle<'s, F>,
    point: &'a mut Array1<F>,
    trial: &'a mut Array1<F>,
    ends: &'a mut [Array1<F>; 2],
    tried: &'a mut u64,
}

impl<F: Real> Way for Along<'_, '_, F> {
    fn try_at(&mut self, length: f64) -> Point {
        self.point.assign(&self.from);
        self.point.scaled_add(F::of(length), self.d);
        *self.tried += 1;
        let loss = self.slope.probe(self.point.view(), self.trial);
        let slope = self.trial.dot(self.d).get();
        Point {
            length,
            loss,
            slope,
        }
    }

    fn keep(&mut self, end: usize) {
        swap(&mut self.ends[end], self.trial);
    }

    fn swap(&mut self) {
        self.ends.swap(0, 1);
    }
}

impl<F: Real> Optimizer<F> for Lbfgs<F> {
    fn step(&mut self, mut w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        (self.length, self.tried) = (0.0, 0);
        self.look(w.view(), slope);
        if self.is_stuck {
            return;
        }
        let steepness = self.direct();
        let is_fresh = self.history.len() == 0;
        // Where all is flat it is 0; it may also be no number.
        if steepness.is_nan() || steepness >= 0.0 {
            self.is_stuck = true;
            return;
        }
        // Without a curvature the gradient says nothing of how far to go: not farther than 1 in all.
        let size: f64 = self.d.iter().map(|d| d.get().abs()).sum();
        let shrunk = if is_fresh { (1.0 / size).min(1.0) } else { 1.0 };
        let reach = self.d.iter().map(|d| d.get().abs()).fold(0.0, f64::max);
        let start = Point {
            length: 0.0,
            loss: self.loss,
            slope: steepness,
        };
        self.before.assign(&self.ends[0]);
        let mut way = Along {
            from: w.view(),
            d: &self.d,
            slope,
            point: &mut self.point,
            trial: &mut self.trial,
            ends: &mut self.ends,
            tried: &mut self.tried,
        };
        let found = search(&mut way, start, shrunk * learning_rate.get(), reach);
        if found.length == 0.0 {
            // Along what the history says there is no way down; along the gradient, if that was it.
            self.is_stuck = is_fresh;
            self.history.clear();
            return;
        }
        (self.length, self.loss) = (found.length, found.loss);
        w.scaled_add(F::of(found.length), &self.d);
        self.at.assign(&w);
        self.point.assign(&self.d);
        self.point.mapv_inplace(|d| F::of(found.length) * d);
        self.history.push(&self.point, &self.before, &self.ends[0]);
    }

    fn adopt(&mut self, _: &Settings) {}

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, _: F, show: &mut dyn Show<F>) {
        show.vector("d", self.d.view());
        show.number("a", self.length);
        show.number("tried", self.tried as f64);
        show.number("remembered", self.history.len() as f64);
    }
}
