//! Adam, adaptive moment estimation: momentum's average over RMSProp's root, both corrected for
//! their start at zero.
//!
//! Kingma and Ba, "Adam: a method for stochastic optimization" (2015).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Average, Correction, EPSILON, Entry, Glide, Optimizer, Rule, Settings, Show, bias_correction,
    decay, moments,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "adam",
    name: "Adam",
    idea: "momentum's direction with RMSProp's step sizes, both corrected for their cold start",
    paper: "Kingma and Ba 2015",
    rule,
    note: "",
    hyperparameters: &[
        decay("beta1", 0.9, "how much of the average of gradients stays"),
        decay("beta2", 0.999, "how much of the average of squares stays"),
        EPSILON,
        bias_correction(true),
    ],
    full_batch: false,
    default_rate: |_| 1e-3,
    build_f32: |settings, dim| Box::new(Adam::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(Adam::<f64>::new(settings, dim)),
};

fn rule(settings: &Settings) -> Rule {
    let is_corrected = settings.switch("bias_correction");
    let [step, direction, rate] = if is_corrected {
        [
            "w = w - learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)",
            "m / (1 - beta1^t)",
            "learning_rate / (sqrt(v / (1 - beta2^t)) + epsilon)",
        ]
    } else {
        [
            "w = w - learning_rate * m / (sqrt(v) + epsilon)",
            "m",
            "learning_rate / (sqrt(v) + epsilon)",
        ]
    };
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * g".into(),
            "v = beta2 * v + (1 - beta2) * g^2".into(),
            step.into(),
        ],
        direction: Some(direction),
        rate: Some(rate),
        averages: moments()
            .map(|average| Average {
                is_corrected,
                ..average
            })
            .into(),
    }
}

#[derive(Clone, Debug)]
struct Adam<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    correction1: Correction<F>,
    correction2: Correction<F>,
    m: Vec<F>,
    v: Vec<F>,
}

impl<F: Real> Adam<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let (beta1, beta2) = (settings.number("beta1"), settings.number("beta2"));
        let corrected = settings.switch("bias_correction");
        Self {
            beta1,
            beta2,
            epsilon: settings.number("epsilon"),
            correction1: Correction::new(beta1, corrected),
            correction2: Correction::new(beta2, corrected),
            m: vec![F::zero(); dim],
            v: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        let rate = learning_rate / self.correction1.advance();
        let scale = one / self.correction2.advance().sqrt();
        each(w, [&mut self.m, &mut self.v], g, move |w, [m, v], g| {
            *m = beta1 * *m + (one - beta1) * g;
            *v = beta2 * *v + (one - beta2) * g * g;
            // The quotient first: a fading m times the rate would be below the normal numbers.
            *w -= rate * (*m / (v.sqrt() * scale + epsilon));
        });
    }
}

impl<F: Real> Optimizer<F> for Adam<F> {
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
        self.correction1.adopt(new.correction1);
        self.correction2.adopt(new.correction2);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        let scale = F::one() / self.correction2.divisor().sqrt();
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.number("1 - beta1^t", self.correction1.share().get());
        show.number("1 - beta2^t", self.correction2.share().get());
        show.rate(&|i| learning_rate / (self.v[i].sqrt() * scale + self.epsilon));
    }
}
