//! A formula over named variables, with its value and exact gradient.
//!
//! Text becomes a flat tape of operations ([`parse`](Formula::parse)), in which equal parts stand
//! once and what does not depend on a variable is a number. A value is one pass over the tape, a
//! gradient one more pass backwards (reverse mode: Linnainmaa 1970, "The representation of the
//! cumulative rounding error of an algorithm as a Taylor expansion of the local rounding errors").
//! Transcendental functions are libm's and nothing is fused, so that every processor computes the
//! same bits.

use std::fmt;

mod parser;
mod scan;
mod tape;
#[cfg(test)]
mod tests;

pub(crate) use parser::expression;
pub use parser::{CONSTANTS, FUNCTIONS};
pub(crate) use scan::{Word, is_name, scan};
use tape::Tape;
pub(crate) use tape::{At, Binary, Operation, Unary, Writer};

/// The most bytes of a formula.
pub const LONGEST: usize = 10_000;
/// The most variables of a formula.
pub const VARIABLES: usize = 64;

/// A formula that can be evaluated.
#[derive(Clone, PartialEq)]
pub struct Formula {
    text: String,
    variables: Vec<String>,
    tape: Tape,
}

/// Something wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the text that are wrong; empty at a place where something is missing.
    pub span: std::ops::Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub expected: String,
    /// A name that is not known, which may be a slip.
    pub unknown: Option<String>,
}

/// What an evaluation keeps of each operation, from call to call; one for each thread.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    values: Vec<f64>,
    adjoints: Vec<f64>,
}

impl Formula {
    /// Reads `text` as a formula over `variables`.
    ///
    /// # Errors
    /// All that can be found wrong; after a fault of the grammar no further is looked for.
    pub fn parse(text: &str, variables: &[String]) -> Result<Self, Vec<Fault>> {
        Ok(Self {
            text: text.to_owned(),
            variables: variables.to_vec(),
            tape: parser::parse(text, variables)?,
        })
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of its variables, in the order of the points it is evaluated at.
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// Its value at `point`, one number a variable.
    pub fn value(&self, point: &[f64], scratch: &mut Scratch) -> f64 {
        self.tape.forward(point, &mut scratch.values)
    }

    /// Writes its gradient at `point` to `gradient`, both one number a variable, and returns its
    /// value there. At a kink, such as that of `abs`, the slope is one of those beside it or 0.
    pub fn gradient(&self, point: &[f64], gradient: &mut [f64], scratch: &mut Scratch) -> f64 {
        let Scratch { values, adjoints } = scratch;
        let value = self.tape.forward(point, values);
        self.tape.backward(values, adjoints, gradient);
        value
    }
}

impl fmt::Debug for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
