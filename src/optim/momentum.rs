//! Momentum: walk along a moving average of the gradients, so that what changes sign cancels and
//! what stays adds up.
//!
//! Polyak, "Some methods of speeding up the convergence of iteration methods" (1964).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Average, Averaged, Correction, Entry, Glide, Hyperparameter, Kind, Optimizer, Rule, Settings,
    Show, bias_correction, decay,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "momentum",
    name: "Momentum",
    idea: "walks along a moving average of the gradients: zig-zags cancel, steady slopes add up",
    paper: "Polyak 1964",
    rule,
    note: "form ema at learning rate a is form heavy-ball (v = beta * v + g; PyTorch, optax) at a * (1 - beta); \
           most published pictures use heavy-ball",
    hyperparameters: &[
        decay(
            "beta",
            0.9,
            "how much of the average stays; it covers about 1 / (1 - beta) gradients",
        ),
        Hyperparameter {
            name: "form",
            kind: Kind::Choice {
                words: &["ema", "heavy-ball"],
            },
            about: "ema: v = beta * v + (1 - beta) * g; heavy-ball: v = beta * v + g",
        },
        bias_correction(false),
    ],
    full_batch: false,
    default_rate,
    build_f32: |settings, dim| Box::new(Momentum::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(Momentum::<f64>::new(settings, dim)),
};

/// PyTorch's is for heavy-ball: form ema takes the same steps at 1 / (1 - beta) times the rate.
fn default_rate(settings: &Settings) -> f64 {
    let heavy_ball = 1e-3;
    if settings.is("form", "ema") {
        heavy_ball / (1.0 - settings.number::<f64>("beta"))
    } else {
        heavy_ball
    }
}

fn rule(settings: &Settings) -> Rule {
    let (is_sum, is_corrected) = (
        !settings.is("form", "ema"),
        settings.switch("bias_correction"),
    );
    let average = if is_sum {
        "v = beta * v + g"
    } else {
        "v = beta * v + (1 - beta) * g"
    };
    let (step, direction) = if is_corrected {
        (
            "w = w - learning_rate * v / (1 - beta^t)",
            "v / (1 - beta^t)",
        )
    } else {
        ("w = w - learning_rate * v", "v")
    };
    Rule {
        lines: vec![average.into(), step.into()],
        direction: Some(direction),
        rate: Some("learning_rate"),
        averages: vec![Average {
            name: "v".into(),
            beta: "beta".into(),
            of: Averaged::Gradients,
            is_sum,
            correction: "1 - beta^t".into(),
            is_corrected,
        }],
    }
}

#[derive(Clone, Debug)]
struct Momentum<F> {
    beta: F,
    /// What a new gradient counts: 1 - beta in form ema, 1 in form heavy-ball.
    weight: F,
    correction: Correction<F>,
    v: Vec<F>,
}

impl<F: Real> Momentum<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let beta: F = settings.number("beta");
        Self {
            beta,
            weight: if settings.is("form", "ema") {
                F::one() - beta
            } else {
                F::one()
            },
            correction: Correction::new(beta, settings.switch("bias_correction")),
            v: vec![F::zero(); dim],
        }
    }

    /// Moves `w` along the gradient `g`.
    #[inline(always)]
    fn update(&mut self, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        let (beta, weight) = (self.beta, self.weight);
        let rate = learning_rate / self.correction.advance();
        each(w, [&mut self.v], g, move |w, [v], g| {
            *v = beta * *v + weight * g;
            *w -= rate * *v;
        });
    }
}

impl<F: Real> Optimizer<F> for Momentum<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    /// The memory stays as it is, also where the form is another: one and the same v is a short
    /// step in form ema and a long one in form heavy-ball.
    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.beta, self.weight) = (new.beta, new.weight);
        self.correction.adopt(new.correction);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn internals(&self, learning_rate: F, show: &mut dyn Show<F>) {
        show.vector("v", ArrayView1::from(&self.v));
        show.number("1 - beta^t", self.correction.share().get());
        show.rate(&|_| learning_rate);
    }
}
