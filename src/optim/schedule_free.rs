//! Schedule-free SGD and `AdamW`: the gradient is taken between where plain steps lead (z) and their
//! running average (x), and what is judged is the average, so that the learning rate need not fall.
//! The parameters `w` are x throughout: z and the point y of the gradient are the optimizer's own.
//!
//! Defazio et al., "The road less scheduled" (2024).

use ndarray::{ArrayView1, ArrayViewMut1};

use super::{
    Average, Averaged, Correction, EPSILON, Entry, Optimizer, Rule, Settings, Show, decay,
    weight_decay,
};
use crate::math::Real;
use crate::math::update::each;
use crate::problem::oracle::Oracle;

pub const SGD: Entry = Entry {
    id: "schedule-free-sgd",
    name: "Schedule-free SGD",
    idea: "averages plain steps as it goes, and asks for gradients between step and average",
    paper: "Defazio et al. 2024",
    rule: |_| later(false),
    note: "the authors' rate: 1, about ten times that of plain SGD",
    default_rate: |_| 1.0,
    hyperparameters: &[decay("beta", 0.9, BETWEEN), weight_decay(0.0)],
    full_batch: false,
    build_f32: |settings, dim| Box::new(ScheduleFree::<f32>::sgd(settings, dim)),
    build_f64: |settings, dim| Box::new(ScheduleFree::<f64>::sgd(settings, dim)),
};

pub const ADAMW: Entry = Entry {
    id: "schedule-free-adamw",
    name: "Schedule-free AdamW",
    idea: "averages steps of RMSProp's kind as it goes, and asks for gradients between step and average",
    paper: "Defazio et al. 2024",
    rule: |_| later(true),
    note: "the authors' rate: 0.0025",
    default_rate: |_| 2.5e-3,
    hyperparameters: &[
        decay("beta1", 0.9, BETWEEN),
        decay("beta2", 0.999, "how much of the average of squares stays"),
        EPSILON,
        weight_decay(0.0),
    ],
    full_batch: false,
    build_f32: |settings, dim| Box::new(ScheduleFree::<f32>::adamw(settings, dim)),
    build_f64: |settings, dim| Box::new(ScheduleFree::<f64>::adamw(settings, dim)),
};

const BETWEEN: &str =
    "where the gradient is asked for: 0 at the plain steps, near 1 at their average";

/// The rule of every step but the first; c is the weight of the new z in the average.
fn later(adapts: bool) -> Rule {
    let lines = if adapts {
        vec![
            "y = (1 - beta1) * z + beta1 * w".into(),
            "v = beta2 * v + (1 - beta2) * g^2".into(),
            "z = z - learning_rate * (1 - beta2^t)^0.5 * (g / (sqrt(v) + epsilon) + weight_decay * y)".into(),
            "w = w + c * (z - w)".into(),
        ]
    } else {
        vec![
            "y = (1 - beta) * z + beta * w".into(),
            "z = z - learning_rate * (g + weight_decay * y)".into(),
            "w = w + c * (z - w)".into(),
        ]
    };
    let squares = Average {
        name: "v".into(),
        beta: "beta2".into(),
        of: Averaged::Squares,
        is_sum: false,
        correction: "1 - beta2^t".into(),
        is_corrected: true,
    };
    Rule {
        lines,
        direction: None,
        rate: None,
        averages: if adapts { vec![squares] } else { Vec::new() },
    }
}

/// That of the first step: z is only now begun, where the parameters are.
fn first(adapts: bool) -> Rule {
    let mut rule = later(adapts);
    rule.lines[0] = "y = w".into();
    let step = &mut rule.lines[if adapts { 2 } else { 1 }];
    *step = step.replacen("z - ", "w - ", 1).into();
    rule
}

#[derive(Clone, Debug)]
struct ScheduleFree<F> {
    /// Where between z and x the gradient is asked for.
    between: F,
    /// The share of y that is taken off z.
    weight_decay: F,
    /// Of the second moment, with 1 - beta2^t; none for SGD.
    squares: Option<Squares<F>>,
    /// Steps taken.
    count: u64,
    /// The sum of all weights in the average.
    weights: f64,
    /// The highest learning rate so far, which is what steps weigh by.
    highest: f64,
    /// The weight of the last step, as a share.
    share: F,
    y: Vec<F>,
    z: Vec<F>,
    v: Vec<F>,
}

#[derive(Clone, Debug)]
struct Squares<F> {
    beta2: F,
    epsilon: F,
    correction2: Correction<F>,
}

impl<F: Real> ScheduleFree<F> {
    fn new(settings: &Settings, between: F, squares: Option<Squares<F>>, dim: usize) -> Self {
        let zeros = |is_needed: bool| vec![F::zero(); if is_needed { dim } else { 0 }];
        Self {
            between,
            weight_decay: settings.number("weight_decay"),
            count: 0,
            weights: 0.0,
            highest: 0.0,
            share: F::zero(),
            y: zeros(true),
            z: zeros(true),
            v: zeros(squares.is_some()),
            squares,
        }
    }

    fn sgd(settings: &Settings, dim: usize) -> Self {
        Self::new(settings, settings.number("beta"), None, dim)
    }

    fn adamw(settings: &Settings, dim: usize) -> Self {
        let beta2 = settings.number("beta2");
        let squares = Squares {
            beta2,
            epsilon: settings.number("epsilon"),
            correction2: Correction::new(beta2, true),
        };
        Self::new(settings, settings.number("beta1"), Some(squares), dim)
    }

    /// Counts a step of this size, and returns its share in the average.
    fn weigh(&mut self, rate: F) -> F {
        self.count += 1;
        self.highest = self.highest.max(rate.get());
        let weight = self.highest * self.highest;
        self.weights += weight;
        let share = if self.weights > 0.0 {
            weight / self.weights
        } else {
            0.0
        };
        self.share = F::of(share);
        self.share
    }
}

impl<F: Real> Optimizer<F> for ScheduleFree<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        if self.count == 0 {
            ArrayViewMut1::from(&mut self.z).assign(&w);
        }
        let (x_share, z_share) = (self.between, F::one() - self.between);
        let points = self.z.iter().zip(&w);
        for (y, (z, x)) in self.y.iter_mut().zip(points) {
            *y = z_share * *z + x_share * *x;
        }
        let g = slope.gradient(ArrayView1::from(&self.y));
        let decay = self.weight_decay;
        let Some(squares) = &mut self.squares else {
            let share = self.weigh(learning_rate);
            return each(w, [&mut self.z, &mut self.y], g, move |x, [z, y], g| {
                *z -= learning_rate * (g + decay * *y);
                *x += share * (*z - *x);
            });
        };
        let (beta2, epsilon, one) = (squares.beta2, squares.epsilon, F::one());
        let rate = learning_rate * squares.correction2.advance().sqrt();
        let share = self.weigh(rate);
        let memory = [&mut self.z[..], &mut self.v, &mut self.y];
        each(w, memory, g, move |x, [z, v, y], g| {
            *v = beta2 * *v + (one - beta2) * g * g;
            *z -= rate * (g / (v.sqrt() + epsilon) + decay * *y);
            *x += share * (*z - *x);
        });
    }

    fn adopt(&mut self, settings: &Settings) {
        self.weight_decay = settings.number("weight_decay");
        let Some(squares) = &mut self.squares else {
            self.between = settings.number("beta");
            return;
        };
        self.between = settings.number("beta1");
        squares.beta2 = settings.number("beta2");
        squares.epsilon = settings.number("epsilon");
        let corrected = Correction::new(squares.beta2, true);
        squares.correction2.adopt(corrected);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    fn rule(&self, _: usize) -> Option<Rule> {
        (self.count == 1).then(|| first(self.squares.is_some()))
    }

    fn internals(&self, _: F, show: &mut dyn Show<F>) {
        show.vector("y", ArrayView1::from(&self.y));
        show.vector("z", ArrayView1::from(&self.z));
        if let Some(squares) = &self.squares {
            show.vector("v", ArrayView1::from(&self.v));
            show.number("1 - beta2^t", squares.correction2.share().get());
        }
        show.number("c", self.share.get());
    }
}
