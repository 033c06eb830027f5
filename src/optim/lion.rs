//! Lion, evolved sign momentum: every coordinate goes the same distance, in the sign of an average of
//! gradients in which the newest counts more than in what is remembered.
//!
//! Chen et al., "Symbolic discovery of optimization algorithms" (2023), arXiv:2302.06675.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Average, Averaged, Correction, Entry, Glide, Optimizer, Rule, Settings, Show, decay,
    weight_decay,
};
use crate::math::update::each;
use crate::math::{Real, sign};
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "lion",
    name: "Lion",
    idea: "moves every coordinate by the same distance, with the sign of its momentum",
    paper: "Chen et al. 2023",
    rule,
    note: "its rate is a third to a tenth of Adam's; `weight_decay` of the racer is this one, no second",
    default_rate: |_| 1e-4,
    hyperparameters: &[
        decay(
            "beta1",
            0.9,
            "how much of the average counts in a step, beside the gradient",
        ),
        decay("beta2", 0.99, "how much of the average of gradients stays"),
        weight_decay(0.0),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(Lion::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(Lion::<f64>::new(settings, dim)),
};

/// What it goes along is not known after a step, when the average has gone on.
fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "w = w - learning_rate * (sign(beta1 * m + (1 - beta1) * g) + weight_decay * w)".into(),
            "m = beta2 * m + (1 - beta2) * g".into(),
        ],
        direction: None,
        rate: Some("learning_rate"),
        averages: vec![Average {
            name: "m".into(),
            beta: "beta2".into(),
            of: Averaged::Gradients,
            is_sum: false,
            correction: "1 - beta2^t".into(),
            is_corrected: false,
        }],
    }
}

#[derive(Clone, Debug)]
struct Lion<F> {
    beta1: F,
    beta2: F,
    weight_decay: F,
    /// Only shown.
    correction: Correction<F>,
    m: Vec<F>,
}

impl<F: Real> Lion<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let beta2 = settings.number("beta2");
        Self {
            beta1: settings.number("beta1"),
            beta2,
            weight_decay: settings.number("weight_decay"),
            correction: Correction::new(beta2, false),
            m: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta1, beta2, decay, one) = (self.beta1, self.beta2, self.weight_decay, F::one());
        self.correction.advance();
        each(w, [&mut self.m], g, move |w, [m], g| {
            *w -= learning_rate * (sign(beta1 * *m + (one - beta1) * g) + decay * *w);
            *m = beta2 * *m + (one - beta2) * g;
        });
    }
}

impl<F: Real> Optimizer<F> for Lion<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.beta1, self.beta2) = (new.beta1, new.beta2);
        self.weight_decay = new.weight_decay;
        self.correction.adopt(new.correction);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        show.vector("m", ArrayView1::from(&self.m));
        show.number("1 - beta2^t", self.correction.share().get());
        show.rate(&|_| learning_rate);
    }
}
