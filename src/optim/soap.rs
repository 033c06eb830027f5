//! SOAP: Adam in the eigenbasis of Shampoo's preconditioner. Each matrix of parameters keeps an
//! average of G G^T and of G^T G; Adam runs in the axes that are their eigenvectors, which are
//! refreshed once in a while. What is no matrix steps by Adam.
//!
//! Vyas et al., "SOAP: improving and stabilizing Shampoo using Adam" (2024).

use ndarray::{ArrayView1, ArrayViewMut1, s};

use super::blocks::{Part, parts};
use super::{
    Correction, EPSILON, Entry, Hyperparameter, Kind, Optimizer, Rule, Settings, Show, decay,
    moments, weight_decay,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::Block;
use crate::problem::oracle::Oracle;

mod basis;
use basis::Basis;

pub const ENTRY: Entry = Entry {
    id: "soap",
    name: "SOAP",
    idea: "Adam in axes turned so that the gradients of a matrix vary along them",
    paper: "Vyas et al. 2024",
    rule: |_| turned(),
    note: "for weights; biases and every parameter of a surface step by Adam; the first gradient only finds the axes, \
           and moves nothing; the authors' rate: 0.003",
    default_rate: |_| 3e-3,
    hyperparameters: &[
        decay("beta1", 0.95, "how much of the average of gradients stays"),
        decay(
            "beta2",
            0.95,
            "how much of the average of squares stays, and of G G^T and G^T G",
        ),
        EPSILON,
        Hyperparameter {
            name: "precondition_frequency",
            kind: Kind::Number {
                default: 10.0,
                low: 1.0,
                high: f64::INFINITY,
            },
            about: "steps between refreshments of the axes",
        },
        weight_decay(0.01),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(Soap::<f32>::new(settings, dim)),
    build_f64: |settings, dim| Box::new(Soap::<f64>::new(settings, dim)),
};

/// The rule of a matrix; capitals are whole matrices, L and R have the axes as columns.
fn turned() -> Rule {
    let lines = [
        "m = beta1 * m + (1 - beta1) * g",
        "v = beta2 * v + (1 - beta2) * (L^T G R)^2",
        "O = L (L^T M R / (sqrt(V) + epsilon)) R^T",
        "w = (1 - learning_rate * weight_decay) * (w - learning_rate * (1 - beta2^t)^0.5 / (1 - beta1^t) * O)",
    ];
    // What v is of lies along the axes: it is no average of this parameter's gradients.
    let mut turned = rule(&lines, "O");
    turned.averages.truncate(1);
    turned
}

/// The rule of everything else.
fn straight() -> Rule {
    let lines = [
        "m = beta1 * m + (1 - beta1) * g",
        "v = beta2 * v + (1 - beta2) * g^2",
        "w = (1 - learning_rate * weight_decay) \
         * (w - learning_rate * (1 - beta2^t)^0.5 / (1 - beta1^t) * m / (sqrt(v) + epsilon))",
    ];
    rule(&lines, "m / (1 - beta1^t)")
}

fn rule(lines: &[&'static str], direction: &'static str) -> Rule {
    Rule {
        lines: lines.iter().map(|&line| line.into()).collect(),
        direction: Some(direction),
        rate: None,
        averages: moments().into(),
    }
}

#[derive(Clone, Debug)]
struct Soap<F> {
    beta1: F,
    beta2: F,
    epsilon: F,
    frequency: f64,
    weight_decay: F,
    correction1: Correction<F>,
    correction2: Correction<F>,
    /// Gradients seen.
    seen: u64,
    /// The parameters' parts, with the axes of those that are matrices; none before the first step.
    parts: Vec<(Part, Option<Basis<F>>)>,
    m: Vec<F>,
    /// Of squares along the axes.
    v: Vec<F>,
    /// The last direction of matrices.
    o: Vec<F>,
    room: Vec<F>,
}

impl<F: Real> Soap<F> {
    fn new(settings: &Settings, dim: usize) -> Self {
        let (beta1, beta2) = (settings.number("beta1"), settings.number("beta2"));
        let zeros = vec![F::zero(); dim];
        Self {
            beta1,
            beta2,
            epsilon: settings.number("epsilon"),
            frequency: settings.number("precondition_frequency"),
            weight_decay: settings.number("weight_decay"),
            correction1: Correction::new(beta1, true),
            correction2: Correction::new(beta2, true),
            seen: 0,
            parts: Vec::new(),
            m: zeros.clone(),
            v: zeros.clone(),
            o: zeros,
            room: Vec::new(),
        }
    }

    /// Finds out which parameters are matrices.
    fn survey(&mut self, blocks: &[Block]) {
        let parts = parts(blocks, true).into_iter();
        self.parts = parts
            .map(|part| {
                let basis = part.shape.map(Basis::new);
                (part, basis)
            })
            .collect();
        let bases = self.parts.iter().filter_map(|(_, basis)| basis.as_ref());
        let most = bases.map(Basis::room).max();
        self.room.resize(most.unwrap_or(0), F::zero());
    }

    /// Whether the axes are refreshed after the step that is the `count`th to move.
    fn is_due(&self, count: u64) -> bool {
        let rounds = |count: u64| (count as f64 / self.frequency).floor();
        rounds(count) > rounds(count - 1)
    }
}

impl<F: Real> Optimizer<F> for Soap<F> {
    fn step(&mut self, mut w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        if self.parts.is_empty() {
            self.survey(slope.blocks());
        }
        let g = slope.gradient(w.view());
        self.seen += 1;
        let (beta1, beta2, epsilon, one) = (self.beta1, self.beta2, self.epsilon, F::one());
        if self.seen == 1 {
            for (part, basis) in &mut self.parts {
                if let Some(basis) = basis {
                    basis.begin(g.slice(s![part.range()]), beta2, &mut self.room);
                }
            }
            return;
        }
        let is_due = self.is_due(self.seen - 1);
        let kept = one - learning_rate * self.weight_decay;
        let shrunk = self.correction1.advance();
        let rate = learning_rate * self.correction2.advance().sqrt() / shrunk;
        for (part, basis) in &mut self.parts {
            let range = part.range();
            let (w, g) = (w.slice_mut(s![range.clone()]), g.slice(s![range.clone()]));
            let (m, v) = (&mut self.m[range.clone()], &mut self.v[range.clone()]);
            let Some(basis) = basis else {
                each(w, [m, v], g, move |w, [m, v], g| {
                    *m = beta1 * *m + (one - beta1) * g;
                    *v = beta2 * *v + (one - beta2) * g * g;
                    *w = kept * (*w - rate * *m / (v.sqrt() + epsilon));
                });
                continue;
            };
            let (o, room) = (&mut self.o[range], &mut self.room[..]);
            for (m, g) in m.iter_mut().zip(g) {
                *m = beta1 * *m + (one - beta1) * *g;
            }
            basis.project(g, o, room);
            for (v, along) in v.iter_mut().zip(&*o) {
                *v = beta2 * *v + (one - beta2) * *along * *along;
            }
            basis.project(ArrayView1::from(&*m), o, room);
            for (o, v) in o.iter_mut().zip(&*v) {
                *o /= v.sqrt() + epsilon;
            }
            basis.unproject(o, room);
            for (w, o) in w.into_iter().zip(&*o) {
                *w = kept * (*w - rate * *o);
            }
            basis.learn(g, beta2, room);
            if is_due {
                basis.refresh(v, room);
            }
        }
    }

    fn adopt(&mut self, settings: &Settings) {
        let new = Self::new(settings, 0);
        (self.beta1, self.beta2, self.epsilon) = (new.beta1, new.beta2, new.epsilon);
        (self.frequency, self.weight_decay) = (new.frequency, new.weight_decay);
        self.correction1.adopt(new.correction1);
        self.correction2.adopt(new.correction2);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    /// The first gradient moves nothing.
    fn rule(&self, index: usize) -> Option<Rule> {
        let mut parts = self.parts.iter();
        let (part, _) = parts.find(|(part, _)| part.range().contains(&index))?;
        if self.seen == 1 {
            return Some(Rule {
                lines: vec!["w = w".into()],
                direction: None,
                rate: None,
                averages: Vec::new(),
            });
        }
        part.shape.is_none().then(straight)
    }

    fn internals(&self, _: F, show: &mut dyn Show<F>) {
        show.vector("m", ArrayView1::from(&self.m));
        show.vector("v", ArrayView1::from(&self.v));
        show.vector("O", ArrayView1::from(&self.o));
        show.number("1 - beta1^t", self.correction1.share().get());
        show.number("1 - beta2^t", self.correction2.share().get());
        show.number("t", self.seen.saturating_sub(1) as f64);
    }
}
