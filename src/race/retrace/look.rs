//! What a look into an optimizer finds: one step of one racer, in numbers. How it is shown is decided
//! elsewhere.

use crate::math::Real;
use crate::optim::{Rule, Show};
use crate::problem::Block;
use ndarray::ArrayView1;

/// The decay rates with which a racer's raw gradients are averaged for comparison.
pub const BETAS: [f64; 3] = [0.5, 0.9, 0.98];

/// One step of one racer.
#[derive(Clone, Debug)]
pub struct Look {
    /// The racer, by its index in the scenario.
    pub racer: usize,
    /// The step's number from 1; 0 before the first, where nothing has a value yet.
    pub step: u64,
    /// The update's text, for the racer's settings.
    pub rule: Rule,
    /// What its names stand for that are no vectors: the learning rate, the hyperparameters, `1 -
    /// beta` of each decay rate, and the numbers that the optimizer shows.
    pub numbers: Vec<(String, f64)>,
    /// Whether parameters decay beside the rule: by `learning_rate * weight_decay * w`.
    pub decays: bool,
    /// What clipping has done, where the racer clips.
    pub clipping: Option<Clipping>,
    /// How many parameters there are.
    pub parameters: usize,
    /// The parameter that `past` is of.
    pub coordinate: usize,
    /// That parameter, and on surfaces all others, in their order.
    pub coordinates: Vec<Coordinate>,
    /// Over all parameters: the gradient, the optimizer's vectors, the effective step if there is one,
    /// and the step.
    pub spreads: Vec<Spread>,
    /// Degrees between the step and the negative gradient; none where one of them is zero or not
    /// finite.
    pub angle: Option<f64>,
    /// The steps up to this one, as far back as was asked for.
    pub past: Vec<Past>,
}

/// What clipping has done up to a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clipping {
    /// The gradient's norm before.
    pub norm: f64,
    /// What longer ones are scaled down to.
    pub most: f64,
    /// How many gradients were too long so far.
    pub clipped: u64,
}

/// One parameter at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Coordinate {
    /// Its index.
    pub index: usize,
    /// Its name: a variable, or a place in a block.
    pub name: String,
    /// The gradient.
    pub g: f64,
    /// The parameter before and after the step.
    pub w: [f64; 2],
    /// The optimizer's vectors by name, before and after.
    pub vectors: Vec<(String, [f64; 2])>,
    /// The effective step, where the rule has one.
    pub rate: Option<f64>,
}

impl Coordinate {
    /// How far the parameter has moved.
    pub fn step(&self) -> f64 {
        self.w[1] - self.w[0]
    }
}

/// The sizes of all elements of a vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Whose.
    pub name: String,
    /// Its Euclidean norm.
    pub norm: f64,
    /// The first quartile of its absolute values, their median, the third.
    pub quartiles: [f64; 3],
}

/// What a parameter's gradient was at a step, and what had become of those before.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The step.
    pub step: u64,
    /// The gradient.
    pub g: f64,
    /// The optimizer's vectors after the step, in their order; none where it was another optimizer.
    pub vectors: Vec<f64>,
    /// Its numbers then.
    pub numbers: Vec<(String, f64)>,
    /// The gradients up to here averaged with each of [`BETAS`], from a start at zero.
    pub averages: [f64; BETAS.len()],
}

impl Past {
    /// The optimizer's number of this name, if it had one.
    pub fn number(&self, name: &str) -> Option<f64> {
        let number = self.numbers.iter().find(|(own, _)| *own == name);
        number.map(|(_, value)| *value)
    }

    /// Forgets what the optimizer was like.
    pub fn forget(&mut self) {
        self.vectors.clear();
        self.numbers.clear();
    }
}

impl Spread {
    /// Of `values`, in any order.
    pub fn of(name: &str, values: impl Iterator<Item = f64>) -> Self {
        let mut sizes: Vec<f64> = values.map(f64::abs).collect();
        let norm = sizes.iter().map(|size| size * size).sum::<f64>().sqrt();
        let last = sizes.len().saturating_sub(1);
        let mut quartile = |quarter: usize| {
            let place = last * quarter / 4;
            let (_, value, _) = sizes.select_nth_unstable_by(place, f64::total_cmp);
            *value
        };
        let quartiles = [1, 2, 3].map(&mut quartile);
        Self {
            name: name.to_owned(),
            norm,
            quartiles,
        }
    }
}

/// Degrees between two vectors; none where one is zero or not finite.
pub fn angle(pairs: impl Iterator<Item = [f64; 2]>) -> Option<f64> {
    let sums = pairs.fold([0.0; 3], |[ab, aa, bb], [a, b]| {
        [ab + a * b, aa + a * a, bb + b * b]
    });
    let [ab, aa, bb] = sums;
    let cosine = ab / (aa.sqrt() * bb.sqrt());
    cosine
        .is_finite()
        .then(|| libm::acos(cosine.clamp(-1.0, 1.0)).to_degrees())
}

/// What a parameter is called: by its variable, or by its place in its block, rows and columns from
/// 1.
pub fn name(index: usize, variables: &[String], blocks: &[Block]) -> String {
    if let Some(variable) = variables.get(index) {
        return variable.clone();
    }
    let after = blocks.partition_point(|block| block.offset <= index);
    let Some(block) = after.checked_sub(1).and_then(|i| blocks.get(i)) else {
        return format!("parameter {}", index + 1);
    };
    let place = index - block.offset;
    let (row, column) = (place / block.columns + 1, place % block.columns + 1);
    match block.rows {
        1 => format!("{} [{column}]", block.name),
        _ => format!("{} [{row}, {column}]", block.name),
    }
}

/// All that an optimizer shows.
#[derive(Default)]
pub struct Inside {
    /// Its vectors, as they are now.
    pub vectors: Vec<(String, Vec<f64>)>,
    /// Its numbers.
    pub numbers: Vec<(String, f64)>,
    /// The effective step of each parameter, if so many are asked for and the rule has one.
    pub rates: Vec<f64>,
    /// How many parameters there are.
    pub parameters: usize,
}

impl<F: Real> Show<F> for Inside {
    fn vector(&mut self, name: &str, values: ArrayView1<'_, F>) {
        let values = values.iter().map(|value| value.get()).collect();
        self.vectors.push((name.to_owned(), values));
    }

    fn number(&mut self, name: &str, value: f64) {
        self.numbers.push((name.to_owned(), value));
    }

    fn rate(&mut self, of: &dyn Fn(usize) -> F) {
        self.rates = (0..self.parameters).map(|i| of(i).get()).collect();
    }
}

/// What an optimizer shows of one parameter.
pub struct Element {
    /// The parameter.
    index: usize,
    /// Its elements of the vectors.
    pub vectors: Vec<f64>,
    /// The numbers.
    pub numbers: Vec<(String, f64)>,
}

impl Element {
    /// Nothing yet of the parameter `index`.
    pub fn of(index: usize) -> Self {
        Self {
            index,
            vectors: Vec::new(),
            numbers: Vec::new(),
        }
    }
}

impl Inside {
    /// The element `index` of the vector `name`; 0 where it is only now begun.
    pub fn at(&self, name: &str, index: usize) -> f64 {
        let vector = self.vectors.iter().find(|(own, _)| *own == name);
        vector.map_or(0.0, |(_, values)| values[index])
    }
}

impl<F: Real> Show<F> for Element {
    fn vector(&mut self, _: &str, values: ArrayView1<'_, F>) {
        self.vectors.push(values[self.index].get());
    }

    fn number(&mut self, name: &str, value: f64) {
        self.numbers.push((name.to_owned(), value));
    }

    fn rate(&mut self, _: &dyn Fn(usize) -> F) {}
}
