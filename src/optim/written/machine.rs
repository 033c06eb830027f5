//! A written rule at work: its memory, and its steps.

use std::sync::Arc;

use ndarray::{ArrayView1, ArrayViewMut1, aview0};
use pulp::{Arch, WithSimd};

use super::program::{BLOCK, Program, Vectors};
use super::{Written, place};
use crate::math::Real;
use crate::math::update::MANY;
use crate::optim::glide::Glide;
use crate::optim::{Optimizer, Setting, Settings, Show};
use crate::problem::oracle::Oracle;

/// A racer that steps by a written rule.
#[derive(Clone, Debug)]
pub struct Machine<F> {
    rule: Arc<Written>,
    /// Steps taken by this rule.
    t: u64,
    /// What is the same for all coordinates, by its place on the tape.
    numbers: Vec<f64>,
    /// What is remembered, shape (dim) each; empty where it is a number.
    memory: Vec<Vec<F>>,
    registers: Vec<Vec<F>>,
    dim: usize,
}

impl<F: Real> Machine<F> {
    /// `rule` with `settings` for `dim` parameters, its memory at zero.
    pub fn new(rule: Arc<Written>, settings: &Settings, dim: usize) -> Self {
        let program = &rule.program;
        let vector = |i: usize| {
            let length = if program.is_number(i) { 0 } else { dim };
            vec![F::zero(); length]
        };
        let mut machine = Self {
            t: 0,
            numbers: program.numbers.clone(),
            memory: (0..rule.memory().len()).map(vector).collect(),
            registers: vec![vec![F::zero(); dim.min(BLOCK)]; program.registers],
            dim,
            rule,
        };
        machine.take(settings);
        machine
    }

    /// Sets the hyperparameters.
    fn take(&mut self, settings: &Settings) {
        for (variable, (_, setting)) in (place::FIRST..).zip(&settings.0) {
            if let Setting::Number(value) = setting {
                self.rule.program.set(variable, *value, &mut self.numbers);
            }
        }
    }
}

/// What is done for each coordinate, for the processor at hand. As a type of its own and no closure
/// for [`vectorized`](crate::math::vector::vectorized): so much would not be inlined there.
struct Loops<'a, F> {
    program: &'a Program,
    numbers: &'a [f64],
    vectors: Vectors<'a, F>,
}

impl<F: Real> WithSimd for Loops<'_, F> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always)] // Else it would be compiled for every x86-64 after all.
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.program.each(self.numbers, self.vectors);
    }
}

impl<F: Real> Machine<F> {
    /// Moves `w` along the gradient `g`.
    fn update(&mut self, mut w: ArrayViewMut1<'_, F>, g: ArrayView1<'_, F>, learning_rate: F) {
        self.t += 1;
        let (program, numbers) = (&self.rule.program, &mut self.numbers);
        program.set(place::T, self.t as f64, numbers);
        program.set(place::LEARNING_RATE, learning_rate.get(), numbers);
        program.once(numbers);
        let vectors = Vectors {
            w: w.as_slice_mut().expect("parameters are contiguous"),
            g: g.as_slice().expect("the gradient is contiguous"),
            memory: &mut self.memory,
            registers: &mut self.registers,
        };
        if self.dim < MANY {
            program.each(numbers, vectors);
        } else {
            let loops = Loops {
                program,
                numbers,
                vectors,
            };
            Arch::new().dispatch(loops);
        }
        program.keep(numbers);
    }
}

impl<F: Real> Optimizer<F> for Machine<F> {
    fn step(&mut self, w: ArrayViewMut1<'_, F>, learning_rate: F, slope: &mut Oracle<'_, F>) {
        let g = slope.gradient(w.view());
        self.update(w, g, learning_rate);
    }

    fn glide(&mut self, learning_rate: F, glide: &mut Glide<'_, F>) -> usize {
        glide.run(|w, g| self.update(w, g, learning_rate))
    }

    fn adopt(&mut self, settings: &Settings) {
        self.take(settings);
    }

    fn boxed(&self) -> Box<dyn Optimizer<F>> {
        Box::new(self.clone())
    }

    /// A number that is remembered is shown as a vector too: of a rule's names only hyperparameters
    /// are numbers.
    fn internals(&self, _: F, show: &mut dyn Show<F>) {
        for (i, name) in self.rule.memory().iter().enumerate() {
            if self.rule.program.is_number(i) {
                let variable = self.rule.first_memory() + i;
                let number = F::of(self.rule.program.get(variable, &self.numbers));
                let all = aview0(&number);
                let all = all.broadcast(self.dim).expect("a number fits any length");
                show.vector(name, all);
            } else {
                show.vector(name, ArrayView1::from(&self.memory[i]));
            }
        }
        show.number("t", self.t as f64);
        for (average, beta) in &self.rule.averages {
            let beta = self.rule.program.get(*beta, &self.numbers);
            show.number(&average.correction, 1.0 - libm::pow(beta, self.t as f64));
        }
    }
}
