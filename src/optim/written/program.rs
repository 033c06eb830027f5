//! A rule as operations that are done in each step: those that depend on no vector once and in `f64`,
//! the others for a block of coordinates at a time.

use super::kernel::{self, Operand};
use crate::math::Real;
use crate::math::update::MANY;
use crate::problem::formula::{At, Binary, Operation, Unary};

/// So many coordinates are done at a time: what lies between two operations stays in the nearest
/// cache.
pub const BLOCK: usize = 256;

/// A rule that can be stepped by.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The results of operations that are numbers, by their places on the tape, before the first
    /// step.
    pub numbers: Vec<f64>,
    /// Where on the tape each variable stands.
    pub variables: Vec<At>,
    /// What is done once a step, with the place that the result goes to.
    pub once: Vec<(At, Operation)>,
    /// What is done for each coordinate.
    pub each: Vec<Step>,
    /// How many registers that takes.
    pub registers: usize,
    /// What the lines assign to vectors, in their order.
    pub vectors: Vec<(Target, Source)>,
    /// What they assign to numbers: the place to go to and the place that it comes from.
    pub kept: Vec<(At, At)>,
}

/// A vector that a line assigns to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The parameters.
    Parameters,
    /// The memory of this number.
    Memory(usize),
}

/// Where an operation finds what it is of.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// The parameters before the step.
    Parameters,
    /// Their gradient.
    Gradient,
    /// The memory of this number, before the step.
    Memory(usize),
    /// The result of an operation before.
    Register(usize),
    /// A number, by its place on the tape.
    Number(At),
}

/// An operation for each coordinate, and the register that its result goes to.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// What it is of, as it is.
    Copy(Source, usize),
    /// Of one.
    Unary(Unary, Source, usize),
    /// Of two.
    Binary(Binary, Source, Source, usize),
}

/// The vectors that a program works on.
pub struct Vectors<'a, F> {
    /// The parameters.
    pub w: &'a mut [F],
    /// Their gradient.
    pub g: &'a [F],
    /// What is remembered, by number; empty where that is one number for all coordinates.
    pub memory: &'a mut [Vec<F>],
    /// Room for results of one block.
    pub registers: &'a mut [Vec<F>],
}

impl Program {
    /// Sets the variable of this number.
    pub fn set(&self, variable: usize, value: f64, numbers: &mut [f64]) {
        numbers[self.variables[variable] as usize] = value;
    }

    /// The variable of this number, where it is no vector.
    pub fn get(&self, variable: usize, numbers: &[f64]) -> f64 {
        numbers[self.variables[variable] as usize]
    }

    /// Whether the memory of this number, which a line assigns, is the same for all coordinates.
    pub fn is_number(&self, memory: usize) -> bool {
        let vector = |(target, _): &(Target, Source)| *target == Target::Memory(memory);
        !self.vectors.iter().any(vector)
    }

    /// Does what depends on no vector.
    pub fn once(&self, numbers: &mut [f64]) {
        for (at, operation) in &self.once {
            let value = |at: At| numbers[at as usize];
            numbers[*at as usize] = match *operation {
                Operation::Number(number) => number,
                Operation::Variable(variable) => self.get(variable as usize, numbers),
                Operation::Unary(function, a) => function.value(value(a)),
                Operation::Binary(Binary::Power, a, b) => power(value(a), value(b)),
                Operation::Binary(function, a, b) => function.value(value(a), value(b)),
            };
        }
    }

    /// Assigns the numbers that lines assign to: after all else, since until then they are what they
    /// were before the step.
    pub fn keep(&self, numbers: &mut [f64]) {
        for (to, from) in &self.kept {
            numbers[*to as usize] = numbers[*from as usize];
        }
    }

    /// Does the rest.
    #[inline(always)]
    #[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
    pub fn each<F: Real>(&self, numbers: &[f64], mut vectors: Vectors<'_, F>) {
        let dim = vectors.w.len();
        for first in (0..dim).step_by(BLOCK) {
            let block = [first, dim.min(first + BLOCK)];
            for step in &self.each {
                let (Step::Copy(_, to) | Step::Unary(.., to) | Step::Binary(.., to)) = *step;
                // No operation reads from the register that it writes to.
                let mut result = std::mem::take(&mut vectors.registers[to]);
                let into = &mut result[..block[1] - first];
                let operand = |source| vectors.operand(source, block, numbers);
                match *step {
                    Step::Copy(a, _) => kernel::copy(operand(a), into),
                    Step::Unary(function, a, _) => kernel::unary(function, operand(a), into),
                    Step::Binary(function, a, b, _) => {
                        kernel::binary(function, operand(a), operand(b), into);
                    }
                }
                vectors.registers[to] = result;
            }
            for (target, source) in &self.vectors {
                vectors.assign(*target, *source, block, numbers);
            }
        }
    }
}

/// `x^y`; whole powers, such as those of the step, by squaring, in a tenth of the time.
fn power(x: f64, y: f64) -> f64 {
    let mut left = y as u64;
    if left as f64 != y || y >= 1e15 {
        return Binary::Power.value(x, y);
    }
    let (mut square, mut product) = (x, 1.0);
    while left > 0 {
        // A factor and no branch: which bits of a step are set is not foreseen by any processor.
        product *= [1.0, square][(left % 2) as usize];
        square *= square;
        left /= 2;
    }
    product
}

impl<F: Real> Vectors<'_, F> {
    #[inline(always)]
    #[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
    fn operand(
        &self,
        source: Source,
        [first, last]: [usize; 2],
        numbers: &[f64],
    ) -> Operand<'_, F> {
        match source {
            Source::Parameters => Operand::Each(&self.w[first..last]),
            Source::Gradient => Operand::Each(&self.g[first..last]),
            Source::Memory(i) => Operand::Each(&self.memory[i][first..last]),
            Source::Register(i) => Operand::Each(&self.registers[i][..last - first]),
            Source::Number(at) => Operand::All(F::of(numbers[at as usize])),
        }
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // Else its loops would have no part in `vectorized`.
    fn assign(&mut self, target: Target, source: Source, block: [usize; 2], numbers: &[f64]) {
        let [first, last] = block;
        match (target, source) {
            (Target::Parameters, Source::Parameters) => {}
            (Target::Memory(to), Source::Memory(from)) if to == from => {}
            (Target::Parameters, _) => {
                let w = std::mem::take(&mut self.w);
                kernel::copy(self.operand(source, block, numbers), &mut w[first..last]);
                self.w = w;
            }
            (Target::Memory(to), _) => {
                let mut memory = std::mem::take(&mut self.memory[to]);
                let into = &mut memory[first..last];
                let operand = self.operand(source, block, numbers);
                // As with the optimizers that ship, see `math::update::each`.
                if self.w.len() < MANY {
                    kernel::copy(operand, into);
                } else {
                    kernel::copy_normal(operand, into);
                }
                self.memory[to] = memory;
            }
        }
    }
}
