//! Which of the vectors of a rule are moving averages, as far as that can be told from the form of its
//! lines: `x = b*x + (1 - b)*g`, or `g^2` in the place of `g`, or without the factor `1 - b`.

use super::place;
use super::program::Target;
use crate::optim::{Average, Averaged};
use crate::problem::formula::{At, Binary, Operation, Writer};

/// The averages that the lines assign, each with the variable that is its beta. A line is what it
/// assigns to, and where on the tape that stands.
pub fn find(
    tape: &Writer,
    lines: &[(Target, At)],
    hyperparameters: &[String],
    memory: &[String],
) -> Vec<(Average, usize)> {
    let finder = Finder {
        operations: tape.operations(),
        first_memory: place::FIRST + hyperparameters.len(),
    };
    let average = |(target, at): &(Target, At)| {
        let Target::Memory(own) = *target else {
            return None;
        };
        let (beta, of, is_sum) = finder.average(own, *at)?;
        let name = &hyperparameters[beta - place::FIRST];
        let average = Average {
            name: memory[own].clone().into(),
            beta: name.clone().into(),
            of,
            is_sum,
            correction: format!("1 - {name}^t").into(),
            is_corrected: finder.is_corrected(*at, beta),
        };
        Some((average, beta))
    };
    lines.iter().filter_map(average).collect()
}

/// More factors than this has no product that is looked for.
const FACTORS: usize = 4;

struct Finder<'a> {
    operations: &'a [Operation],
    first_memory: usize,
}

impl Finder<'_> {
    fn operation(&self, at: At) -> Operation {
        self.operations[at as usize]
    }

    fn is_variable(&self, at: At, variable: usize) -> bool {
        self.operation(at) == Operation::Variable(variable as At)
    }

    /// What is multiplied with each other, where it is not too much.
    fn factors(&self, product: At) -> Option<Vec<At>> {
        let (mut open, mut factors) = (vec![product], Vec::new());
        while let Some(at) = open.pop() {
            match self.operation(at) {
                Operation::Binary(Binary::Times, a, b) => open.extend([a, b]),
                _ => factors.push(at),
            }
            if open.len() + factors.len() > FACTORS {
                return None;
            }
        }
        Some(factors)
    }

    /// The beta of the average that the memory `own` is where it is assigned what stands at `at`,
    /// what is averaged, and whether it is summed.
    fn average(&self, own: usize, at: At) -> Option<(usize, Averaged, bool)> {
        let Operation::Binary(Binary::Plus, a, b) = self.operation(at) else {
            return None;
        };
        [(a, b), (b, a)].into_iter().find_map(|(old, new)| {
            let beta = self.beta(own, old)?;
            let mut factors = self.factors(new)?;
            let count = factors.len();
            factors.retain(|factor| !self.is_rest(*factor, beta));
            let is_sum = match count - factors.len() {
                0 => true,
                1 => false,
                _ => return None,
            };
            let gradients = factors.iter().all(|at| self.is_variable(*at, place::G));
            let of = match factors.len() {
                1 => Averaged::Gradients,
                2 => Averaged::Squares,
                _ => return None,
            };
            gradients.then_some((beta, of, is_sum))
        })
    }

    /// The hyperparameter that the memory `own` is multiplied with, and nothing else.
    fn beta(&self, own: usize, product: At) -> Option<usize> {
        let factors = self.factors(product)?;
        let [a, b] = factors[..] else {
            return None;
        };
        let own = self.first_memory + own;
        let other = match (self.is_variable(a, own), self.is_variable(b, own)) {
            (true, false) => b,
            (false, true) => a,
            _ => return None,
        };
        match self.operation(other) {
            Operation::Variable(beta) => {
                Some(beta as usize).filter(|beta| (place::FIRST..self.first_memory).contains(beta))
            }
            _ => None,
        }
    }

    /// Whether it is one less something that `fits`.
    fn is_one_less(&self, at: At, fits: impl Fn(At) -> bool) -> bool {
        match self.operation(at) {
            Operation::Binary(Binary::Minus, one, other) => {
                self.operation(one) == Operation::Number(1.0) && fits(other)
            }
            _ => false,
        }
    }

    /// Whether it is one less beta.
    fn is_rest(&self, at: At, beta: usize) -> bool {
        self.is_one_less(at, |other| self.is_variable(other, beta))
    }

    /// Whether what stands at `at` is anywhere divided by one less beta^t.
    fn is_corrected(&self, at: At, beta: usize) -> bool {
        let power = |other| match self.operation(other) {
            Operation::Binary(Binary::Power, a, b) => {
                self.is_variable(a, beta) && self.is_variable(b, place::T)
            }
            _ => false,
        };
        self.operations.iter().any(|operation| match *operation {
            Operation::Binary(Binary::Over, a, b) => {
                let factors = self.factors(a).unwrap_or_default();
                factors.contains(&at) && self.is_one_less(b, power)
            }
            _ => false,
        })
    }
}
