//! AdaDelta: divide each gradient by the root of an average of its squares, and multiply it by the
//! root of an average of the squares of the steps so far, so that a step has the unit of its
//! parameter.
//!
//! Zeiler, "ADADELTA: an adaptive learning rate method" (2012), arXiv:1212.5701.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Average, Averaged, Correction, Entry, Glide, Optimizer, Rule, Settings, Show, decay, from_zero,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "adadelta",
    name: "AdaDelta",
    idea: "sizes its steps by its steps so far: at learning rate 1 there is nothing to tune",
    paper: "Zeiler 2012",
    rule,
    note: "the paper has no learning rate: its rule is that of 1",
    default_rate: |_| 1.0,
    hyperparameters: &[
        decay("rho", 0.9, "how much of both averages of squares stays"),
        from_zero(
            "epsilon",
            1e-6,
            "added under both roots: the first steps come from it",
        ),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(AdaDelta::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(AdaDelta::<f64>::new(settings, dim)),
};

fn rule(_: &Settings) -> Rule {
    Rule {
        lines: vec![
            "s = rho * s + (1 - rho) * g^2".into(),
            "d = sqrt(u + epsilon) / sqrt(s + epsilon) * g".into(),
            "u = rho * u + (1 - rho) * d^2".into(),
            "w = w - learning_rate * d".into(),
        ],
        direction: Some("d"),
        rate: Some("learning_rate"),
        averages: vec![Average {
            name: "s".into(),
            beta: "rho".into(),
            of: Averaged::Squares,
            is_sum: false,
            correction: "1 - rho^t".into(),
            is_corrected: false,
        }],
    }
}

#[derive(Clone, Debug)]
struct AdaDelta<F> {
    rho: F,
    epsilon: F,
    /// Only shown.
    correction: Correction<F>,
    s: Vec<F>,
    /// The last step, before it is scaled by the learning rate. Only shown.
    d: Vec<F>,
    u: Vec<F>,
}

impl<F: Real> AdaDelta<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let rho = settings.number("rho");
        Self {
            rho,
            epsilon: settings.number("epsilon"),
            correction: Correction::new(rho, false),
            s: vec![F::zero(); dim],
            d: vec![F::zero(); dim],
            u: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (rho, epsilon, one) = (self.rho, self.epsilon, F::one());
        self.correction.advance();
        let memory = [&mut self.s, &mut self.d, &mut self.u];
        each(
            w,
            memory.map(Vec::as_mut_slice),
            g,
            move |w, [s, d, u], g| {
                *s = rho * *s + (one - rho) * g * g;
                *d = (*u + epsilon).sqrt() / (*s + epsilon).sqrt() * g;
                *u = rho * *u + (one - rho) * *d * *d;
                *w -= learning_rate * *d;
            },
        );
    }
}

impl<F: Real> Optimizer<F> for AdaDelta<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.rho, self.epsilon) = (new.rho, new.epsilon);
        self.correction.adopt(new.correction);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        show.vector("s", ArrayView1::from(&self.s));
        show.vector("d", ArrayView1::from(&self.d));
        show.vector("u", ArrayView1::from(&self.u));
        show.number("1 - rho^t", self.correction.share().get());
        show.rate(&|_| learning_rate);
    }
}
