//! RAdam, rectified Adam: as long as too few squares have been averaged to trust their root, it walks
//! by momentum alone; then by Adam, with a factor that says how far the root can be trusted.
//!
//! Liu et al., "On the variance of the adaptive learning rate and beyond" (2020), arXiv:1908.03265.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{Correction, EPSILON, Entry, Glide, Optimizer, Rule, Settings, Show, decay, moments};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "radam",
    name: "RAdam",
    idea: "Adam that warms up by itself: momentum alone until its average of squares can be trusted",
    paper: "Liu et al. 2020",
    rule,
    note: "its first steps, 5 with beta2 0.999, are as long as the gradient is steep",
    default_rate: |_| 1e-3,
    hyperparameters: &[
        decay("beta1", 0.9, "how much of the average of gradients stays"),
        decay("beta2", 0.999, "how much of the average of squares stays"),
        EPSILON,
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(RAdam::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(RAdam::<f64>::new(settings, dim)),
};

/// `rho` is the length of the average of squares so far, `trust` 1 where that is over 5, else 0.
fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * g".into(),
            "v = beta2 * v + (1 - beta2) * g^2".into(),
            "rho_inf = 2 / (1 - beta2) - 1".into(),
            "rho = rho_inf - 2 * t * beta2^t / (1 - beta2^t)".into(),
            "trust = max(0, sign(rho - 5))".into(),
            "r = trust * sqrt(max(0, (rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)))"
                .into(),
            "w = w - learning_rate * (m / (1 - beta1^t)) \
             * (1 - trust + r * sqrt(1 - beta2^t) / (sqrt(v) + epsilon))"
                .into(),
        ],
        direction: Some("m / (1 - beta1^t)"),
        rate: Some("learning_rate * (1 - trust + r * sqrt(1 - beta2^t) / (sqrt(v) + epsilon))"),
        averages: moments().into(),
    }
}

#[derive(Clone, Debug)]
struct RAdam<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    correction1: Correction<F>,
    rectifier: Rectifier,
    m: Vec<F>,
    v: Vec<F>,
}

/// How far the average of squares can be trusted; in `f64`, since much of `rho` cancels.
#[derive(Clone, Copy, Debug)]
struct Rectifier {
    beta2: f64,
    correction: Correction<f64>,
    t: u64,
}

impl Rectifier {
    fn new(settings: &Settings) -> Self {
        let beta2 = settings.number("beta2");
        Self {
            beta2,
            correction: Correction::new(beta2, true),
            t: 0,
        }
    }

    fn advance(&mut self) {
        self.correction.advance();
        self.t += 1;
    }

    /// The length of the average in the end, and so far.
    fn lengths(&self) -> [f64; 2] {
        let last = 2.0 / (1.0 - self.beta2) - 1.0;
        let share = self.correction.share();
        [last, last - 2.0 * self.t as f64 * (1.0 - share) / share]
    }

    /// The factor of Adam's step, where it is taken.
    fn factor(&self) -> Option<f64> {
        let [last, rho] = self.lengths();
        let factor = (rho - 4.0) * (rho - 2.0) * last / ((last - 4.0) * (last - 2.0) * rho);
        (rho > 5.0).then(|| factor.sqrt())
    }

    /// That factor with the correction of the root.
    fn corrected(&self) -> Option<f64> {
        Some(self.factor()? * self.correction.share().sqrt())
    }
}

impl<F: Real> RAdam<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let beta1 = settings.number("beta1");
        Self {
            beta1,
            beta2: settings.number("beta2"),
            epsilon: settings.number("epsilon"),
            correction1: Correction::new(beta1, true),
            rectifier: Rectifier::new(settings),
            m: vec![F::zero(); dim],
            v: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        self.rectifier.advance();
        let rate = learning_rate / self.correction1.advance();
        let factor = self.rectifier.corrected().map(F::of);
        each(w, [&mut self.m, &mut self.v], g, move |w, [m, v], g| {
            *m = beta1 * *m + (one - beta1) * g;
            *v = beta2 * *v + (one - beta2) * g * g;
            let scale = factor.map_or(one, |factor| factor / (v.sqrt() + epsilon));
            *w -= rate * (*m * scale);
        });
    }
}

impl<F: Real> Optimizer<F> for RAdam<F> {
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
        self.rectifier.beta2 = new.rectifier.beta2;
        self.rectifier.correction.adopt(new.rectifier.correction);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        let rectifier = &self.rectifier;
        let [last, rho] = rectifier.lengths();
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.number("t", rectifier.t as f64);
        show.number("rho_inf", last);
        show.number("rho", rho);
        show.number("trust", f64::from(u8::from(rectifier.factor().is_some())));
        show.number("r", rectifier.factor().unwrap_or(0.0));
        show.number("1 - beta1^t", self.correction1.share().get());
        show.number("1 - beta2^t", rectifier.correction.share());
        let factor = rectifier.corrected().map(F::of);
        show.rate(&|i| match factor {
            Some(factor) => learning_rate * factor / (self.v[i].sqrt() + self.epsilon),
            None => learning_rate,
        });
    }
}
