//! Gradient descent: walk against the gradient, of all examples or of a mini-batch.
//!
//! Cauchy (1847); Robbins and Monro, "A stochastic approximation method" (1951).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{Entry, Glide, Optimizer, Rule, Settings, Show};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const GD: Entry = Entry {
    id: "gd",
    name: "GD",
    idea: "walks against the gradient of all examples",
    paper: "Cauchy 1847",
    rule,
    note: "always takes the full batch",
    hyperparameters: &[],
    full_batch: true,
    default_rate: |_| 1e-3,
    build_f32: |_, _| Box::new(GradientDescent),
    build_f64: |_, _| Box::new(GradientDescent),
};

pub const SGD: Entry = Entry {
    id: "sgd",
    name: "Mini-batch GD",
    idea: "walks against the gradient of a mini-batch: a rough direction, but often",
    paper: "Robbins and Monro 1951",
    note: "",
    full_batch: false,
    ..GD
};

fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec!["w = w - learning_rate * g".into()],
        direction: Some("g"),
        rate: Some("learning_rate"),
        averages: Vec::new(),
    }
}

#[derive(Clone, Debug)]
struct GradientDescent;

/// Moves `w` along the gradient `g`.
#[inline(always)]
fn update<F: Real>(w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
    each(w, [], g, move |w, [], g| *w -= learning_rate * g);
}

impl<F: Real> Optimizer<F> for GradientDescent {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| update(w, g, learning_rate))
    }

    fn adopt(&mut self, _: &Settings) {}

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        show.rate(&|_| learning_rate);
    }
}
