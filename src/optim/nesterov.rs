//! Nesterov's momentum: walk where the sum of gradients will have led after this one, so that an
//! overshoot is braked a step earlier.
//!
//! Nesterov, "A method for solving the convex programming problem with convergence rate O(1/k^2)"
//! (1983); in this form, with the gradient at the stored parameters, Sutskever, Martens, Dahl and
//! Hinton, "On the importance of initialization and momentum in deep learning" (2013).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{Average, Averaged, Correction, Entry, Glide, Optimizer, Rule, Settings, Show, decay};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "nesterov",
    name: "Nesterov",
    idea: "momentum that looks a step ahead, and so brakes before it overshoots",
    paper: "Nesterov 1983",
    rule,
    note: "the sum is as in heavy-ball, the gradient that of the stored parameters (PyTorch, Keras)",
    default_rate: |_| 1e-3,
    hyperparameters: &[decay(
        "beta",
        0.9,
        "how much of the sum stays; it is worth about 1 / (1 - beta) gradients",
    )],
    full_batch: false,
    build_f32: |settings, dim| Box::new(Nesterov::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(Nesterov::<f64>::new(settings, dim)),
};

fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "v = beta * v + g".into(),
            "w = w - learning_rate * (g + beta * v)".into(),
        ],
        direction: Some("g + beta * v"),
        rate: Some("learning_rate"),
        averages: vec![Average {
            name: "v".into(),
            beta: "beta".into(),
            of: Averaged::Gradients,
            is_sum: true,
            correction: "1 - beta^t".into(),
            is_corrected: false,
        }],
    }
}

#[derive(Clone, Debug)]
struct Nesterov<F> {
    beta: F,
    /// Only shown.
    correction: Correction<F>,
    v: Vec<F>,
}

impl<F: Real> Nesterov<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let beta = settings.number("beta");
        Self {
            beta,
            correction: Correction::new(beta, false),
            v: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let beta = self.beta;
        self.correction.advance();
        each(w, [&mut self.v], g, move |w, [v], g| {
            *v = beta * *v + g;
            *w -= learning_rate * (g + beta * *v);
        });
    }
}

impl<F: Real> Optimizer<F> for Nesterov<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        self.beta = new.beta;
        self.correction.adopt(new.correction);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        show.vector("v", ArrayView1::from(&self.v));
        show.number("1 - beta^t", self.correction.share().get());
        show.rate(&|_| learning_rate);
    }
}
