//! NAdam: Adam with Nesterov's look ahead, by a momentum that grows towards beta1.
//!
//! Dozat, "Incorporating Nesterov momentum into Adam" (ICLR workshop 2016).

use ndarray::{ArrayView1, ArrayViewMut1, aview0};

use super::{
    Average, Correction, EPSILON, Entry, Glide, Optimizer, Rule, Settings, Show, decay, from_zero,
    moments,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "nadam",
    name: "NAdam",
    idea: "Adam that looks a step ahead, as Nesterov's momentum does",
    paper: "Dozat 2016",
    rule,
    note: "momentum_decay as in PyTorch",
    default_rate: |_| 2e-3,
    hyperparameters: &[
        decay("beta1", 0.9, "how much of the average of gradients stays"),
        decay("beta2", 0.999, "how much of the average of squares stays"),
        EPSILON,
        from_zero(
            "momentum_decay",
            0.004,
            "how fast the momentum grows from half of beta1 to beta1",
        ),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(NAdam::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(NAdam::<f64>::new(settings, dim)),
};

/// `share` is one less the product of all `mu` so far: the whole weight of the gradients in m.
fn rule(_: &Settings) -> Rule {
    let [m, v] = moments();
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * g".into(),
            "v = beta2 * v + (1 - beta2) * g^2".into(),
            "mu = beta1 * (1 - 0.5 * 0.96^(momentum_decay * t))".into(),
            "mu_next = beta1 * (1 - 0.5 * 0.96^(momentum_decay * (t + 1)))".into(),
            "share = 1 - (1 - share) * mu".into(),
            "w = w - learning_rate * (mu_next * m / (1 - (1 - share) * mu_next) + (1 - mu) * g / share) \
             / (sqrt(v / (1 - beta2^t)) + epsilon)"
                .into(),
        ],
        direction: Some("mu_next * m / (1 - (1 - share) * mu_next) + (1 - mu) * g / share"),
        rate: Some("learning_rate / (sqrt(v / (1 - beta2^t)) + epsilon)"),
        averages: vec![
            Average {
                correction: "1 - (1 - share) * mu_next".into(),
                ..m
            },
            v,
        ],
    }
}

#[derive(Clone, Debug)]
struct NAdam<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    correction2: Correction<F>,
    schedule: Momentum,
    m: Vec<F>,
    v: Vec<F>,
}

/// The momentum over time.
#[derive(Clone, Copy, Debug)]
struct Momentum {
    beta1: f64,
    /// By how much its distance from beta1 shrinks in a step, and what that has come to.
    shrink: f64,
    shrunk: f64,
    /// That of the step, and the product of all of them.
    mu: f64,
    product: f64,
    t: u64,
}

impl Momentum {
    fn new(settings: &Settings) -> Self {
        let shrink = libm::pow(0.96, settings.number("momentum_decay"));
        Self {
            beta1: settings.number("beta1"),
            shrink,
            shrunk: 1.0,
            mu: 0.0,
            product: 1.0,
            t: 0,
        }
    }

    fn advance(&mut self) {
        self.shrunk *= self.shrink;
        self.mu = self.beta1 * (1.0 - 0.5 * self.shrunk);
        self.product *= self.mu;
        self.t += 1;
    }

    /// That of the next step.
    fn next(&self) -> f64 {
        self.beta1 * (1.0 - 0.5 * self.shrunk * self.shrink)
    }
}

impl<F: Real> NAdam<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let beta2 = settings.number("beta2");
        Self {
            beta1: settings.number("beta1"),
            beta2,
            epsilon: settings.number("epsilon"),
            correction2: Correction::new(beta2, true),
            schedule: Momentum::new(settings),
            m: vec![F::zero(); dim],
            v: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        self.schedule.advance();
        let Momentum { mu, product, .. } = self.schedule;
        let next = self.schedule.next();
        let ahead = learning_rate * F::of(next / (1.0 - product * next));
        let now = learning_rate * F::of((1.0 - mu) / (1.0 - product));
        let root = self.correction2.advance().sqrt();
        each(w, [&mut self.m, &mut self.v], g, move |w, [m, v], g| {
            *m = beta1 * *m + (one - beta1) * g;
            *v = beta2 * *v + (one - beta2) * g * g;
            *w -= (ahead * *m + now * g) / (v.sqrt() / root + epsilon);
        });
    }
}

impl<F: Real> Optimizer<F> for NAdam<F> {
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
        self.correction2.adopt(new.correction2);
        self.schedule.beta1 = new.schedule.beta1;
        self.schedule.shrink = new.schedule.shrink;
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        let Momentum { mu, product, t, .. } = self.schedule;
        let next = self.schedule.next();
        let root = self.correction2.divisor().sqrt();
        let share = F::of(1.0 - product);
        let all = aview0(&share);
        let all = all.broadcast(self.m.len());
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.vector("share", all.expect("a number fits any length"));
        show.number("t", t as f64);
        show.number("mu", mu);
        show.number("mu_next", next);
        show.number("share", 1.0 - product);
        show.number("1 - (1 - share) * mu_next", 1.0 - product * next);
        show.number("1 - beta2^t", self.correction2.share().get());
        show.rate(&|i| learning_rate / (self.v[i].sqrt() / root + self.epsilon));
    }
}
