//! AdaGrad: divide each coordinate's gradient by the root of the sum of all its squares, so that
//! steps only ever get shorter.
//!
//! Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic
//! optimization" (JMLR 12, 2011).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{Entry, Glide, Optimizer, Rule, Settings, Show, from_zero};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "adagrad",
    name: "AdaGrad",
    idea: "gives every coordinate a step of its own that shrinks with all its gradients so far",
    paper: "Duchi, Hazan and Singer 2011",
    rule,
    note: "the sum starts at 0, as in PyTorch; in Keras at 0.1",
    default_rate: |_| 1e-2,
    hyperparameters: &[from_zero(
        "epsilon",
        1e-10,
        "added to the root in the denominator",
    )],
    full_batch: false,
    build_f32: |settings, dim| Box::new(AdaGrad::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(AdaGrad::<f64>::new(settings, dim)),
};

fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "s = s + g^2".into(),
            "w = w - learning_rate * g / (sqrt(s) + epsilon)".into(),
        ],
        direction: Some("g"),
        rate: Some("learning_rate / (sqrt(s) + epsilon)"),
        averages: vec![],
    }
}

#[derive(Clone, Debug)]
struct AdaGrad<F> {
    epsilon: F,
    s: Vec<F>,
}

impl<F: Real> AdaGrad<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        Self {
            epsilon: settings.number("epsilon"),
            s: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let epsilon = self.epsilon;
        each(w, [&mut self.s], g, move |w, [s], g| {
            *s += g * g;
            *w -= learning_rate * g / (s.sqrt() + epsilon);
        });
    }
}

impl<F: Real> Optimizer<F> for AdaGrad<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    fn adopt(&mut self, settings: &Settings) {
        self.epsilon = settings.number("epsilon");
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        show.vector("s", ArrayView1::from(&self.s));
        show.rate(&|i| learning_rate / (self.s[i].sqrt() + self.epsilon));
    }
}
