//! Prodigy: Adam whose learning rate is d, an estimate of the distance from the start to the
//! minimum, which grows as long as the gradients keep pointing away from the start.
//!
//! Mishchenko and Defazio, "Prodigy: an expeditiously adaptive parameter-free learner" (2023).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Correction, EPSILON, Entry, Hyperparameter, Kind, Optimizer, Rule, Settings, Show,
    bias_correction, decay, from_zero, weight_decay,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "prodigy",
    name: "Prodigy",
    idea: "Adam that finds its own learning rate d, by how far it has come from the start",
    paper: "Mishchenko and Defazio 2023",
    rule,
    note: "learning_rate is a factor on d, the rate that is found: 1 is the authors' value",
    default_rate: |_| 1.0,
    hyperparameters: &[
        decay("beta1", 0.9, "how much of the average of gradients stays"),
        decay(
            "beta2",
            0.999,
            "how much of the average of squares stays; its root is beta3",
        ),
        EPSILON,
        bias_correction(false),
        Hyperparameter {
            name: "d0",
            kind: Kind::Number {
                default: 1e-6,
                low: 1e-30,
                high: f64::INFINITY,
            },
            about: "the first estimate of d",
        },
        from_zero("d_coef", 1.0, "times each estimate of d"),
        weight_decay(0.0),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(Prodigy::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(Prodigy::<f64>::new(settings, dim)),
};

/// Capitals are whole vectors, W0 that at the start. The last line takes the d from before the step,
/// and `d_next` from after it; so with r.
fn rule(settings: &Settings) -> Rule {
    let [estimate, sum, step] = if settings.switch("bias_correction") {
        [
            "r_next = beta3 * r + d^2 / d0 * learning_rate * (1 - beta2^t)^0.5 / (1 - beta1^t) * dot(G, W0 - W)",
            "s = beta3 * s + d^2 / d0 * learning_rate * (1 - beta2^t)^0.5 / (1 - beta1^t) * g",
            "w = w - learning_rate * d * (1 - beta2^t)^0.5 / (1 - beta1^t) \
             * (m / (sqrt(v) + d_next * epsilon) + weight_decay * w)",
        ]
    } else {
        [
            "r_next = beta3 * r + d^2 / d0 * learning_rate * dot(G, W0 - W)",
            "s = beta3 * s + d^2 / d0 * learning_rate * g",
            "w = w - learning_rate * d * (m / (sqrt(v) + d_next * epsilon) + weight_decay * w)",
        ]
    };
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * d * g".into(),
            "v = beta2 * v + (1 - beta2) * d^2 * g^2".into(),
            estimate.into(),
            sum.into(),
            "d_next = max(d, d_coef * r_next / norm1(S))".into(),
            step.into(),
        ],
        direction: Some("m"),
        rate: None,
        averages: Vec::new(),
    }
}

#[derive(Clone, Debug)]
struct Prodigy<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    first: f64,
    factor: f64,
    weight_decay: F,
    correction1: Correction<F>,
    correction2: Correction<F>,
    has_begun: bool,
    /// The estimate that the last step went by, and the one that the next goes by.
    d: [f64; 2],
    /// The average of how far gradients point away from the start, before the last step and after.
    r: [f64; 2],
    /// The parameters at the start.
    start: Vec<F>,
    m: Vec<F>,
    v: Vec<F>,
    s: Vec<F>,
}

impl<F: Real> Prodigy<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let (beta1, beta2) = (settings.number("beta1"), settings.number("beta2"));
        let corrected = settings.switch("bias_correction");
        let first = settings.number::<f64>("d0");
        let zeros = vec![F::zero(); dim];
        Self {
            beta1,
            beta2,
            epsilon: settings.number("epsilon"),
            first,
            factor: settings.number("d_coef"),
            weight_decay: settings.number("weight_decay"),
            correction1: Correction::new(beta1, corrected),
            correction2: Correction::new(beta2, corrected),
            has_begun: false,
            d: [first; 2],
            r: [0.0; 2],
            start: zeros.clone(),
            m: zeros.clone(),
            v: zeros.clone(),
            s: zeros,
        }
    }

    fn beta3(&self) -> f64 {
        self.beta2.get().sqrt()
    }
}

impl<F: Real> Optimizer<F> for Prodigy<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        if !self.has_begun {
            ArrayViewMut1::from(&mut self.start).assign(&w);
            self.has_begun = true;
        }
        let g = slope.gradient(w.view());
        let beta3 = self.beta3();
        let d = self.d[1];
        let corrected = self.correction2.advance().sqrt() / self.correction1.advance();
        let rate = d * (learning_rate * corrected).get();
        let weight = d / self.first * rate;
        let away = g.iter().zip(self.start.iter().zip(&w));
        let away = away.map(|(g, (start, w))| g.get() * (start.get() - w.get()));
        let next = beta3 * self.r[1] + weight * away.sum::<f64>();
        self.r = [self.r[1], next];
        let mut size = 0.0;
        for (s, g) in self.s.iter_mut().zip(g) {
            *s = F::of(beta3) * *s + F::of(weight) * *g;
            size += s.get().abs();
        }
        let found = self.factor * self.r[1] / size;
        // Where the gradient has been zero all along there is nothing to learn from.
        let next = if found > d { found } else { d };
        self.d = [d, next];
        let decay = self.weight_decay;
        let (beta1, beta2, one) = (self.beta1, self.beta2, F::one());
        let (first, second) = (F::of(d) * (one - beta1), F::of(d * d) * (one - beta2));
        let (rate, least) = (F::of(rate), F::of(next) * self.epsilon);
        each(w, [&mut self.m, &mut self.v], g, move |w, [m, v], g| {
            *m = beta1 * *m + first * g;
            *v = beta2 * *v + second * g * g;
            let root = v.sqrt() + least;
            // Where no gradient has been yet, with an epsilon of 0, there is no step either.
            let step = if root > F::zero() { *m / root } else { *m };
            *w -= rate * (step + decay * *w);
        });
    }

    /// The estimate stays, and so does the start that it is measured from.
    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.beta1, self.beta2, self.epsilon) = (new.beta1, new.beta2, new.epsilon);
        (self.factor, self.weight_decay) = (new.factor, new.weight_decay);
        self.correction1.adopt(new.correction1);
        self.correction2.adopt(new.correction2);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, _: F, show: &mut dyn Show<F>) {
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.vector("s", ArrayView1::from(&self.s));
        show.number("d", self.d[0]);
        show.number("d_next", self.d[1]);
        show.number("r", self.r[0]);
        show.number("r_next", self.r[1]);
        show.number("beta3", self.beta3());
        show.number("1 - beta1^t", self.correction1.share().get());
        show.number("1 - beta2^t", self.correction2.share().get());
    }
}
