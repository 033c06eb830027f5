//! AMSGrad: Adam that divides by the largest average of squares it has seen, so that no step size
//! ever grows again.
//!
//! Reddi, Kale and Kumar, "On the convergence of Adam and beyond" (2018), arXiv:1904.09237.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{Correction, EPSILON, Entry, Glide, Optimizer, Rule, Settings, Show, decay, moments};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "amsgrad",
    name: "AMSGrad",
    idea: "Adam that never forgets its largest average of squares, so that its steps do not grow",
    paper: "Reddi, Kale and Kumar 2018",
    rule,
    note: "the maximum is of averages before their correction, as in PyTorch",
    default_rate: |_| 1e-3,
    hyperparameters: &[
        decay("beta1", 0.9, "how much of the average of gradients stays"),
        decay("beta2", 0.999, "how much of the average of squares stays"),
        EPSILON,
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(AmsGrad::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(AmsGrad::<f64>::new(settings, dim)),
};

fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * g".into(),
            "v = beta2 * v + (1 - beta2) * g^2".into(),
            "v_max = max(v_max, v)".into(),
            "w = w - learning_rate * (m / (1 - beta1^t)) / (sqrt(v_max / (1 - beta2^t)) + epsilon)"
                .into(),
        ],
        direction: Some("m / (1 - beta1^t)"),
        rate: Some("learning_rate / (sqrt(v_max / (1 - beta2^t)) + epsilon)"),
        averages: moments().into(),
    }
}

#[derive(Clone, Debug)]
struct AmsGrad<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    correction1: Correction<F>,
    correction2: Correction<F>,
    m: Vec<F>,
    v: Vec<F>,
    v_max: Vec<F>,
}

impl<F: Real> AmsGrad<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let (beta1, beta2) = (settings.number("beta1"), settings.number("beta2"));
        Self {
            beta1,
            beta2,
            epsilon: settings.number("epsilon"),
            correction1: Correction::new(beta1, true),
            correction2: Correction::new(beta2, true),
            m: vec![F::zero(); dim],
            v: vec![F::zero(); dim],
            v_max: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        let rate = learning_rate / self.correction1.advance();
        let scale = one / self.correction2.advance().sqrt();
        let memory = [&mut self.m, &mut self.v, &mut self.v_max];
        each(
            w,
            memory.map(Vec::as_mut_slice),
            g,
            move |w, [m, v, v_max], g| {
                *m = beta1 * *m + (one - beta1) * g;
                *v = beta2 * *v + (one - beta2) * g * g;
                *v_max = v_max.max(*v);
                *w -= rate * (*m / (v_max.sqrt() * scale + epsilon));
            },
        );
    }
}

impl<F: Real> Optimizer<F> for AmsGrad<F> {
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
        let root = self.correction2.divisor().sqrt();
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.vector("v_max", ArrayView1::from(&self.v_max));
        show.number("1 - beta1^t", self.correction1.share().get());
        show.number("1 - beta2^t", self.correction2.share().get());
        show.rate(&|i| learning_rate / (self.v_max[i].sqrt() / root + self.epsilon));
    }
}
