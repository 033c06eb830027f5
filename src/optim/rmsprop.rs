//! RMSProp: divide each coordinate's gradient by the root of a moving average of its square.
//!
//! Tieleman and Hinton, "Lecture 6.5: divide the gradient by a running average of its recent
//! magnitude" (2012).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Average, Averaged, Correction, EPSILON, Entry, Glide, Optimizer, Rule, Settings, Show,
    bias_correction, decay,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "rmsprop",
    name: "RMSProp",
    idea: "gives every coordinate a step of its own: small where gradients have been large",
    paper: "Tieleman and Hinton 2012",
    rule,
    note: "epsilon outside of the root, as in PyTorch",
    hyperparameters: &[
        decay("beta", 0.9, "how much of the average of squares stays"),
        EPSILON,
        bias_correction(false),
    ],
    full_batch: false,
    default_rate: |_| 1e-2,
    build_f32: |settings, dim| Box::new(RmsProp::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(RmsProp::<f64>::new(settings, dim)),
};

fn rule(settings: &Settings) -> Rule {
    let is_corrected = settings.switch("bias_correction");
    let (step, rate) = if is_corrected {
        (
            "w = w - learning_rate * g / (sqrt(s / (1 - beta^t)) + epsilon)",
            "learning_rate / (sqrt(s / (1 - beta^t)) + epsilon)",
        )
    } else {
        (
            "w = w - learning_rate * g / (sqrt(s) + epsilon)",
            "learning_rate / (sqrt(s) + epsilon)",
        )
    };
    Rule {
        lines: vec!["s = beta * s + (1 - beta) * g^2".into(), step.into()],
        direction: Some("g"),
        rate: Some(rate),
        averages: vec![Average {
            name: "s".into(),
            beta: "beta".into(),
            of: Averaged::Squares,
            is_sum: false,
            correction: "1 - beta^t".into(),
            is_corrected,
        }],
    }
}

#[derive(Clone, Debug)]
struct RmsProp<F> {
    beta: F,
    epsilon: F,
    correction: Correction<F>,
    s: Vec<F>,
}

impl<F: Real> RmsProp<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let beta = settings.number("beta");
        Self {
            beta,
            epsilon: settings.number("epsilon"),
            correction: Correction::new(beta, settings.switch("bias_correction")),
            s: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta, epsilon, one) = (self.beta, self.epsilon, F::one());
        let scale = one / self.correction.advance().sqrt();
        each(w, [&mut self.s], g, move |w, [s], g| {
            *s = beta * *s + (one - beta) * g * g;
            *w -= learning_rate * g / (s.sqrt() * scale + epsilon);
        });
    }
}

impl<F: Real> Optimizer<F> for RmsProp<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.beta, self.epsilon) = (new.beta, new.epsilon);
        self.correction.adopt(new.correction);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        let scale = F::one() / self.correction.divisor().sqrt();
        show.vector("s", ArrayView1::from(&self.s));
        show.number("1 - beta^t", self.correction.share().get());
        show.rate(&|i| learning_rate / (self.s[i].sqrt() * scale + self.epsilon));
    }
}
