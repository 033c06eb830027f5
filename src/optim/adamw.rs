//! AdamW: Adam whose weights decay beside its step, and not through the gradient, where the division
//! by the root would undo most of it.
//!
//! Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), arXiv:1711.05101.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Correction, EPSILON, Entry, Glide, Optimizer, Rule, Settings, Show, decay, moments,
    weight_decay,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "adamw",
    name: "AdamW",
    idea: "Adam, with weights that decay beside it: each step takes off a share of every weight",
    paper: "Loshchilov and Hutter 2019",
    rule,
    note: "the decay is multiplied by the learning rate, as in PyTorch, whose default is 0.01 too; \
           `weight_decay` of the racer is this one, no second",
    default_rate: |_| 1e-3,
    hyperparameters: &[
        decay("beta1", 0.9, "how much of the average of gradients stays"),
        decay("beta2", 0.999, "how much of the average of squares stays"),
        EPSILON,
        weight_decay(0.01),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(AdamW::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(AdamW::<f64>::new(settings, dim)),
};

fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * g".into(),
            "v = beta2 * v + (1 - beta2) * g^2".into(),
            "w = w - learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) \
             - learning_rate * weight_decay * w"
                .into(),
        ],
        direction: Some("m / (1 - beta1^t)"),
        rate: Some("learning_rate / (sqrt(v / (1 - beta2^t)) + epsilon)"),
        averages: moments().into(),
    }
}

#[derive(Clone, Debug)]
struct AdamW<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    weight_decay: F,
    correction1: Correction<F>,
    correction2: Correction<F>,
    m: Vec<F>,
    v: Vec<F>,
}

impl<F: Real> AdamW<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let (beta1, beta2) = (settings.number("beta1"), settings.number("beta2"));
        Self {
            beta1,
            beta2,
            epsilon: settings.number("epsilon"),
            weight_decay: settings.number("weight_decay"),
            correction1: Correction::new(beta1, true),
            correction2: Correction::new(beta2, true),
            m: vec![F::zero(); dim],
            v: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        let kept = one - learning_rate * self.weight_decay;
        let rate = learning_rate / self.correction1.advance();
        let scale = one / self.correction2.advance().sqrt();
        each(w, [&mut self.m, &mut self.v], g, move |w, [m, v], g| {
            *m = beta1 * *m + (one - beta1) * g;
            *v = beta2 * *v + (one - beta2) * g * g;
            *w = kept * *w - rate * (*m / (v.sqrt() * scale + epsilon));
        });
    }
}

impl<F: Real> Optimizer<F> for AdamW<F> {
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
        self.weight_decay = new.weight_decay;
        self.correction1.adopt(new.correction1);
        self.correction2.adopt(new.correction2);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        let root = self.correction2.divisor().sqrt();
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.number("1 - beta1^t", self.correction1.share().get());
        show.number("1 - beta2^t", self.correction2.share().get());
        show.rate(&|i| learning_rate / (self.v[i].sqrt() / root + self.epsilon));
    }
}
