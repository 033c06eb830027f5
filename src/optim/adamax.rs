//! AdaMax: Adam that divides by the largest recent gradient of a coordinate instead of the root of
//! an average of squares.
//!
//! Kingma and Ba, "Adam: a method for stochastic optimization" (2015), section 7.1, arXiv:1412.6980.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{Correction, Entry, Glide, Optimizer, Rule, Settings, Show, decay, from_zero, moments};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "adamax",
    name: "AdaMax",
    idea: "Adam that divides by the largest recent gradient of a coordinate, not by a root of squares",
    paper: "Kingma and Ba 2015",
    rule,
    note: "",
    default_rate: |_| 2e-3,
    hyperparameters: &[
        decay("beta1", 0.9, "how much of the average of gradients stays"),
        decay("beta2", 0.999, "how much of the largest gradient stays"),
        from_zero("epsilon", 1e-8, "added to the size of every gradient"),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(AdaMax::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(AdaMax::<f64>::new(settings, dim)),
};

fn rule(_: &Settings) -> Rule {
    let [m, _] = moments();
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * g".into(),
            "u = max(beta2 * u, abs(g) + epsilon)".into(),
            "w = w - learning_rate * (m / (1 - beta1^t)) / u".into(),
        ],
        direction: Some("m / (1 - beta1^t)"),
        rate: Some("learning_rate / u"),
        averages: vec![m],
    }
}

#[derive(Clone, Debug)]
struct AdaMax<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    correction: Correction<F>,
    m: Vec<F>,
    u: Vec<F>,
}

impl<F: Real> AdaMax<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let beta1 = settings.number("beta1");
        Self {
            beta1,
            beta2: settings.number("beta2"),
            epsilon: settings.number("epsilon"),
            correction: Correction::new(beta1, true),
            m: vec![F::zero(); dim],
            u: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        let rate = learning_rate / self.correction.advance();
        each(w, [&mut self.m, &mut self.u], g, move |w, [m, u], g| {
            *m = beta1 * *m + (one - beta1) * g;
            *u = (beta2 * *u).max(g.abs() + epsilon);
            *w -= rate * (*m / *u);
        });
    }
}

impl<F: Real> Optimizer<F> for AdaMax<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.beta1, self.beta2, self.epsilon) = (new.beta1, new.beta2, new.epsilon);
        self.correction.adopt(new.correction);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("u", ArrayView1::from(&self.u));
        show.number("1 - beta1^t", self.correction.share().get());
        show.rate(&|i| learning_rate / self.u[i]);
    }
}
