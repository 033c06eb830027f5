//! Muon, momentum made orthogonal: the step of a hidden layer's matrix has the singular vectors of
//! its momentum, and singular values of about 1, so that rare directions count as much as frequent
//! ones. What is no such matrix steps by `AdamW`.
//!
//! Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024).

use ndarray::{ArrayView1, ArrayViewMut1, ArrayViewMut2, s};

use super::blocks::{Part, parts};
use super::{
    Average, Averaged, Correction, Entry, Hyperparameter, Kind, Optimizer, Rule, Settings, Show,
    decay, from_zero, moments, weight_decay,
};
use crate::math::Real;
use crate::math::orthogonal::{newton_schulz, newton_schulz_room};
use crate::math::update::each;
use crate::problem::Block;
use crate::problem::oracle::Oracle;

pub const ENTRY: Entry = Entry {
    id: "muon",
    name: "Muon",
    idea: "steps by momentum that is made orthogonal, so that rare directions count as much as frequent ones",
    paper: "Jordan et al. 2024",
    rule: matrix,
    note: "for weights between layers; biases, the output layer and every parameter of a surface step by AdamW at \
           learning_rate * adamw_factor; the author's rates: 0.02, AdamW 3e-4",
    // That of the author's optimizer with AdamW in it; PyTorch's Muon has none, and 1e-3.
    default_rate: |_| 0.02,
    hyperparameters: &[
        decay("beta", 0.95, "how much of a matrix's momentum stays"),
        Hyperparameter {
            name: "nesterov",
            kind: Kind::Switch { default: true },
            about: "look one step of momentum ahead",
        },
        Hyperparameter {
            name: "matrices",
            kind: Kind::Choice {
                words: &["hidden", "all"],
            },
            about: "hidden: all matrices but the output layer's; all: that one too",
        },
        from_zero(
            "adamw_factor",
            0.015,
            "times the learning rate: AdamW's, for what is no such matrix",
        ),
        decay(
            "beta1",
            0.9,
            "AdamW: how much of the average of gradients stays",
        ),
        decay(
            "beta2",
            0.95,
            "AdamW: how much of the average of squares stays",
        ),
        from_zero(
            "epsilon",
            1e-10,
            "AdamW: added to the root in the denominator",
        ),
        weight_decay(0.0),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(Muon::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(Muon::<f64>::new(settings, dim)),
};

/// The rule of a matrix; capitals are whole matrices.
fn matrix(settings: &Settings) -> Rule {
    let line = if settings.switch("nesterov") {
        "O = max(1, columns / rows)^0.5 * newton_schulz(beta * M + (1 - beta) * G)"
    } else {
        "O = max(1, columns / rows)^0.5 * newton_schulz(M)"
    };
    Rule {
        lines: vec![
            "m = beta * m + (1 - beta) * g".into(),
            line.into(),
            "w = w - learning_rate * O - learning_rate * weight_decay * w".into(),
        ],
        direction: Some("O"),
        rate: None,
        averages: vec![Average {
            name: "m".into(),
            beta: "beta".into(),
            of: Averaged::Gradients,
            is_sum: false,
            correction: "1 - beta^t".into(),
            is_corrected: false,
        }],
    }
}

/// The rule of everything else.
fn vector() -> Rule {
    Rule {
        lines: vec![
            "m = beta1 * m + (1 - beta1) * g".into(),
            "v = beta2 * v + (1 - beta2) * g^2".into(),
            "w = w - learning_rate * adamw_factor * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) \
             - learning_rate * adamw_factor * weight_decay * w"
                .into(),
        ],
        direction: Some("m / (1 - beta1^t)"),
        rate: None,
        averages: moments().into(),
    }
}

#[derive(Clone, Debug)]
struct Muon<F> {
    beta: F,
    nesterov: bool,
    all: bool,
    adamw_factor: F,
    beta1: F,
    beta2: F,
    epsilon: F,
    weight_decay: F,
    correction: Correction<F>,
    correction1: Correction<F>,
    correction2: Correction<F>,
    /// The parameters' parts; none before the first step.
    parts: Vec<Part>,
    /// Momentum of matrices, and first moment of the rest.
    m: Vec<F>,
    /// Second moment of what is no matrix.
    v: Vec<F>,
    /// The last direction of matrices.
    o: Vec<F>,
    room: Vec<F>,
}

impl<F: Real> Muon<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let [beta, beta1, beta2] = ["beta", "beta1", "beta2"].map(|name| settings.number(name));
        Self {
            beta,
            nesterov: settings.switch("nesterov"),
            all: settings.is("matrices", "all"),
            adamw_factor: settings.number("adamw_factor"),
            beta1,
            beta2,
            epsilon: settings.number("epsilon"),
            weight_decay: settings.number("weight_decay"),
            correction: Correction::new(beta, false),
            correction1: Correction::new(beta1, true),
            correction2: Correction::new(beta2, true),
            parts: Vec::new(),
            m: vec![F::zero(); dim],
            v: vec![F::zero(); dim],
            o: vec![F::zero(); dim],
            room: Vec::new(),
        }
    }

    /// Finds out which parameters are matrices.
    fn survey(&mut self, blocks: &[Block]) {
        self.parts = parts(blocks, self.all);
        let needed = self.parts.iter().filter_map(|part| part.shape);
        let needed = needed.map(|[rows, columns]| newton_schulz_room(rows, columns));
        self.room.resize(needed.max().unwrap_or(0), F::zero());
    }

    /// Moves the matrix `w` of this part along the gradient `g`.
    fn turn(&mut self, part: &Part, w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, rate: F) {
        let Some([rows, columns]) = part.shape else {
            return;
        };
        let (beta, rest) = (self.beta, F::one() - self.beta);
        let looks_ahead = self.nesterov;
        let (m, o) = (&mut self.m[part.range()], &mut self.o[part.range()]);
        let pairs = m.iter_mut().zip(&mut *o).zip(g);
        for ((m, o), g) in pairs {
            *m = beta * *m + rest * *g;
            *o = if looks_ahead {
                beta * *m + rest * *g
            } else {
                *m
            };
        }
        let shaped = ArrayViewMut2::from_shape((rows, columns), &mut *o);
        newton_schulz(shaped.expect("the part has this shape"), &mut self.room);
        let kept = F::one() - rate * self.weight_decay;
        let scale = F::of((columns as f64 / rows as f64).max(1.0).sqrt());
        for (w, o) in w.into_iter().zip(o) {
            *o *= scale;
            *w = kept * *w - rate * *o;
        }
    }
}

impl<F: Real> Optimizer<F> for Muon<F> {
    fn step(&mut self, mut w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        if self.parts.is_empty() {
            self.survey(slope.blocks());
        }
        let g = slope.gradient(w.view());
        self.correction.advance();
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        let rate = learning_rate * self.adamw_factor;
        let kept = one - rate * self.weight_decay;
        let rate = rate / self.correction1.advance();
        let scale = one / self.correction2.advance().sqrt();
        for i in 0..self.parts.len() {
            let part = self.parts[i].clone();
            let (w, g) = (w.slice_mut(s![part.range()]), g.slice(s![part.range()]));
            if part.shape.is_some() {
                self.turn(&part, w, g, learning_rate);
                continue;
            }
            let (m, v) = (&mut self.m[part.range()], &mut self.v[part.range()]);
            each(w, [m, v], g, move |w, [m, v], g| {
                *m = beta1 * *m + (one - beta1) * g;
                *v = beta2 * *v + (one - beta2) * g * g;
                *w = kept * *w - rate * (*m / (v.sqrt() * scale + epsilon));
            });
        }
    }

    /// Which parameters are matrices stays as it was: their memory would mean something else.
    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.beta, self.nesterov, self.adamw_factor) = (new.beta, new.nesterov, new.adamw_factor);
        (self.beta1, self.beta2, self.epsilon) = (new.beta1, new.beta2, new.epsilon);
        self.weight_decay = new.weight_decay;
        self.correction.adopt(new.correction);
        self.correction1.adopt(new.correction1);
        self.correction2.adopt(new.correction2);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn rule(&self, index: usize) -> Option<Rule> {
        let part = self.parts.iter().find(|part| part.range().contains(&index));
        let is_matrix = part?.shape.is_some();
        (!is_matrix).then(vector)
    }

    fn internals(&self, _: F, show: &mut dyn Show<F>) {
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.vector("O", ArrayView1::from(&self.o));
        show.number("1 - beta^t", self.correction.share().get());
        show.number("1 - beta1^t", self.correction1.share().get());
        show.number("1 - beta2^t", self.correction2.share().get());
    }
}
