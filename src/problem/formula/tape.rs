//! The operations of a formula in the order they are done, each on results of earlier ones.

use std::collections::HashMap;

use libm::{atan, cos, cosh, exp, fabs, log, log1p, pow, sin, sinh, sqrt, tan, tanh};

/// The most operations on a tape.
pub const LONGEST: usize = 20_000;

/// The place of a result on the tape.
pub type At = u32;

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    Negative,
    Sin,
    Cos,
    Tan,
    Exp,
    Log,
    Sqrt,
    Abs,
    Sign,
    Tanh,
    Sinh,
    Cosh,
    Atan,
    Sigmoid,
    Softplus,
}

/// A function of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Least,
    Most,
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operation {
    /// A number.
    Number(f64),
    /// The variable at this place of the point.
    Variable(At),
    /// A function of an earlier result.
    Unary(Unary, At),
    /// A function of two earlier results.
    Binary(Binary, At, At),
}

impl Operation {
    /// The earlier results that it is of.
    pub fn operands(self) -> impl Iterator<Item = At> {
        let operands = match self {
            Self::Number(_) | Self::Variable(_) => [None, None],
            Self::Unary(_, a) => [Some(a), None],
            Self::Binary(_, a, b) => [Some(a), Some(b)],
        };
        operands.into_iter().flatten()
    }
}

/// What makes two operations equal: a number by its bits.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Number(u64),
    Variable(At),
    Unary(Unary, At),
    Binary(Binary, At, At),
}

/// A tape. Results are counted through: first the variables, then the numbers, then what each
/// operation comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    variables: usize,
    numbers: Vec<f64>,
    steps: Vec<Step>,
    result: At,
}

/// An operation on earlier results.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Unary(Unary, At),
    Binary(Binary, At, At),
}

/// A tape being written.
#[derive(Default)]
pub struct Writer {
    operations: Vec<Operation>,
    known: HashMap<Key, At>,
}

impl Writer {
    /// A number.
    pub fn number(&mut self, number: f64) -> At {
        self.push(Key::Number(number.to_bits()), Operation::Number(number))
    }

    /// The variable at this place of the point.
    pub fn variable(&mut self, place: usize) -> At {
        let place = place as At;
        self.push(Key::Variable(place), Operation::Variable(place))
    }

    /// A function of an earlier result.
    pub fn unary(&mut self, function: Unary, a: At) -> At {
        match self.operations[a as usize] {
            Operation::Number(x) => self.number(function.value(x)),
            _ => self.push(Key::Unary(function, a), Operation::Unary(function, a)),
        }
    }

    /// A function of two earlier results. Small whole powers become products.
    pub fn binary(&mut self, function: Binary, a: At, b: At) -> At {
        use Operation::Number;
        match (
            function,
            self.operations[a as usize],
            self.operations[b as usize],
        ) {
            (_, Number(x), Number(y)) => self.number(function.value(x, y)),
            (Binary::Power, _, Number(y)) if y.fract() == 0.0 && y.abs() <= 32.0 && y != 0.0 => {
                let product = self.product(a, y.abs() as u32);
                if y > 0.0 {
                    product
                } else {
                    let one = self.number(1.0);
                    self.binary(Binary::Over, one, product)
                }
            }
            _ => self.push(
                Key::Binary(function, a, b),
                Operation::Binary(function, a, b),
            ),
        }
    }

    /// `a` as a factor so many times, at least once: the square of a half, and once more if it is
    /// odd.
    fn product(&mut self, a: At, factors: u32) -> At {
        if factors == 1 {
            return a;
        }
        let half = self.product(a, factors / 2);
        let square = self.binary(Binary::Times, half, half);
        if factors.is_multiple_of(2) {
            square
        } else {
            self.binary(Binary::Times, square, a)
        }
    }

    fn push(&mut self, key: Key, operation: Operation) -> At {
        *self.known.entry(key).or_insert_with(|| {
            self.operations.push(operation);
            (self.operations.len() - 1) as At
        })
    }

    /// All operations, in the order they are done.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// How many operations there are.
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// The tape of a function of so many variables that comes to `result`, without what that does
    /// not need.
    pub fn end(self, variables: usize, result: At) -> Tape {
        let needed = self.needed(result);
        let kept = |i: &usize| needed[*i];
        let mut places = vec![0; needed.len()];
        let mut numbers = Vec::new();
        for i in (0..needed.len()).filter(kept) {
            match self.operations[i] {
                Operation::Variable(place) => places[i] = place,
                Operation::Number(number) => {
                    places[i] = (variables + numbers.len()) as At;
                    numbers.push(number);
                }
                _ => {}
            }
        }
        let mut steps = Vec::new();
        for i in (0..needed.len()).filter(kept) {
            let at = |a: At| places[a as usize];
            let step = match self.operations[i] {
                Operation::Unary(function, a) => Step::Unary(function, at(a)),
                Operation::Binary(function, a, b) => Step::Binary(function, at(a), at(b)),
                Operation::Number(_) | Operation::Variable(_) => continue,
            };
            places[i] = (variables + numbers.len() + steps.len()) as At;
            steps.push(step);
        }
        Tape {
            variables,
            numbers,
            steps,
            result: places[result as usize],
        }
    }

    /// Which operations `result` needs, itself included.
    fn needed(&self, result: At) -> Vec<bool> {
        let mut needed = vec![false; result as usize + 1];
        needed[result as usize] = true;
        for i in (0..needed.len()).rev() {
            for operand in self.operations[i].operands() {
                needed[operand as usize] |= needed[i];
            }
        }
        needed
    }
}

impl Tape {
    /// How many numbers stand on it.
    #[cfg(test)]
    pub fn numbers(&self) -> usize {
        self.numbers.len()
    }

    /// Does all operations at `point`, keeps their results in `values`, and returns the last.
    pub fn forward(&self, point: &[f64], values: &mut Vec<f64>) -> f64 {
        let first = self.variables + self.numbers.len();
        values.resize(first + self.steps.len(), 0.0);
        values[..self.variables].copy_from_slice(point);
        values[self.variables..first].copy_from_slice(&self.numbers);
        for (i, step) in (first..).zip(&self.steps) {
            values[i] = match *step {
                Step::Unary(function, a) => function.value(values[a as usize]),
                Step::Binary(function, a, b) => {
                    function.value(values[a as usize], values[b as usize])
                }
            };
        }
        values[self.result as usize]
    }

    /// Writes the slope of the result in each variable to `gradient`. `values` are those of the pass
    /// forward; `adjoints` is overwritten.
    pub fn backward(&self, values: &[f64], adjoints: &mut Vec<f64>, gradient: &mut [f64]) {
        adjoints.clear();
        adjoints.resize(values.len(), 0.0);
        adjoints[self.result as usize] = 1.0;
        let first = self.variables + self.numbers.len();
        for (i, step) in (first..values.len()).zip(&self.steps).rev() {
            let slope = adjoints[i];
            match *step {
                Step::Unary(function, a) => {
                    adjoints[a as usize] += slope * function.slope(values[a as usize], values[i]);
                }
                Step::Binary(function, a, b) => {
                    let (x, y) = (values[a as usize], values[b as usize]);
                    let [by_a, by_b] = function.slopes(slope, x, y, values[i]);
                    adjoints[a as usize] += by_a;
                    adjoints[b as usize] += by_b;
                }
            }
        }
        gradient.copy_from_slice(&adjoints[..self.variables]);
    }
}

impl Unary {
    /// Its value at `x`.
    #[inline]
    pub fn value(self, x: f64) -> f64 {
        match self {
            Self::Negative => -x,
            Self::Sin => sin(x),
            Self::Cos => cos(x),
            Self::Tan => tan(x),
            Self::Exp => exp(x),
            Self::Log => log(x),
            Self::Sqrt => sqrt(x),
            Self::Abs => fabs(x),
            Self::Sign => sign(x),
            Self::Tanh => tanh(x),
            Self::Sinh => sinh(x),
            Self::Cosh => cosh(x),
            Self::Atan => atan(x),
            Self::Sigmoid => sigmoid(x),
            // log(1 + exp(x)) without its overflow.
            Self::Softplus => x.max(0.0) + log1p(exp(-fabs(x))),
        }
    }

    /// Its slope at `x`, where its value is `y`. At the tip of a root and of `abs` it is 0, the
    /// middle of the slopes around.
    fn slope(self, x: f64, y: f64) -> f64 {
        match self {
            Self::Negative => -1.0,
            Self::Sin => cos(x),
            Self::Cos => -sin(x),
            Self::Tan => 1.0 + y * y,
            Self::Exp => y,
            Self::Log => 1.0 / x,
            Self::Sqrt if y == 0.0 => 0.0,
            Self::Sqrt => 0.5 / y,
            Self::Abs if x == 0.0 => 0.0,
            Self::Abs => x.signum(),
            // Level on both sides of its jump.
            Self::Sign => 0.0,
            Self::Tanh => 1.0 - y * y,
            Self::Sinh => cosh(x),
            Self::Cosh => sinh(x),
            Self::Atan => 1.0 / (1.0 + x * x),
            Self::Sigmoid => y * (1.0 - y),
            Self::Softplus => sigmoid(x),
        }
    }
}

/// 1, -1, or 0 for 0; what is not a number stays.
fn sign(x: f64) -> f64 {
    if x == 0.0 || x.is_nan() {
        x
    } else {
        x.signum()
    }
}

fn sigmoid(x: f64) -> f64 {
    let small = exp(-fabs(x));
    if x >= 0.0 {
        1.0 / (1.0 + small)
    } else {
        small / (1.0 + small)
    }
}

impl Binary {
    /// Its value.
    #[inline]
    pub fn value(self, x: f64, y: f64) -> f64 {
        match self {
            Self::Plus => x + y,
            Self::Minus => x - y,
            Self::Times => x * y,
            Self::Over => x / y,
            Self::Power => pow(x, y),
            // What is not a number stays to be seen, which `f64::min` would hide.
            Self::Least | Self::Most if x.is_nan() || y.is_nan() => f64::NAN,
            Self::Least => x.min(y),
            Self::Most => x.max(y),
        }
    }

    /// `slope` times its slopes in `x` and `y`, where its value is `z`.
    fn slopes(self, slope: f64, x: f64, y: f64, z: f64) -> [f64; 2] {
        match self {
            Self::Plus => [slope, slope],
            Self::Minus => [slope, -slope],
            Self::Times => [slope * y, slope * x],
            Self::Over => [slope / y, -slope * z / y],
            Self::Power => {
                let by_x = if y == 0.0 { 0.0 } else { y * pow(x, y - 1.0) };
                let by_y = if x == 0.0 { 0.0 } else { z * log(x) };
                // A whole power of a negative number has no slope in its exponent, and where that is
                // a number nobody asks.
                let by_y = if x < 0.0 { 0.0 } else { by_y };
                [slope * by_x, slope * by_y]
            }
            Self::Least => pick(slope, x <= y),
            Self::Most => pick(slope, x >= y),
        }
    }
}

fn pick(slope: f64, first: bool) -> [f64; 2] {
    if first { [slope, 0.0] } else { [0.0, slope] }
}
