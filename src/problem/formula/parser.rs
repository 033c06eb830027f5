//! From a formula's text to its tape: the usual precedence, by binding powers (Pratt 1973, "Top down
//! operator precedence").

use std::f64::consts::{E, PI};
use std::ops::Range;

use super::scan::{Word, scan};
use super::tape::{self, At, Binary, Tape, Unary, Writer};
use super::{Fault, LONGEST};

/// The most brackets, functions and signs inside each other.
const DEEPEST: usize = 100;

/// How tightly a sign before a number binds: less than a power, as in -x^2, more than a product.
const SIGN: u8 = 5;

/// What is named without being a variable.
pub const CONSTANTS: [(&str, f64); 2] = [("pi", PI), ("e", E)];

/// The functions, by name.
pub const FUNCTIONS: &[(&str, Function)] = &[
    ("sin", Function::One(Unary::Sin)),
    ("cos", Function::One(Unary::Cos)),
    ("tan", Function::One(Unary::Tan)),
    ("exp", Function::One(Unary::Exp)),
    ("log", Function::One(Unary::Log)),
    ("sqrt", Function::One(Unary::Sqrt)),
    ("abs", Function::One(Unary::Abs)),
    ("sign", Function::One(Unary::Sign)),
    ("tanh", Function::One(Unary::Tanh)),
    ("sinh", Function::One(Unary::Sinh)),
    ("cosh", Function::One(Unary::Cosh)),
    ("atan", Function::One(Unary::Atan)),
    ("sigmoid", Function::One(Unary::Sigmoid)),
    ("softplus", Function::One(Unary::Softplus)),
    ("min", Function::Two(Binary::Least)),
    ("max", Function::Two(Binary::Most)),
    ("pow", Function::Two(Binary::Power)),
];

/// A function with so many arguments.
#[derive(Clone, Copy, Debug)]
pub enum Function {
    /// Of one number.
    One(Unary),
    /// Of two.
    Two(Binary),
}

/// Reads a formula.
pub fn parse(text: &str, variables: &[String]) -> Result<Tape, Vec<Fault>> {
    let mut tape = Writer::default();
    let places = (0..).zip(variables);
    let names: Vec<(&str, At)> = places
        .map(|(place, name)| (name.as_str(), tape.variable(place)))
        .collect();
    let result = expression(text, &names, &mut tape)?;
    Ok(tape.end(variables.len(), result))
}

/// Reads an expression over `names`, which stand on `tape` already, and writes it there.
///
/// # Errors
/// All that can be found wrong; after a fault of the grammar no further is looked for.
pub fn expression(text: &str, names: &[(&str, At)], tape: &mut Writer) -> Result<At, Vec<Fault>> {
    if text.len() > LONGEST {
        let message = format!("the formula has {} bytes", text.len());
        let expected = format!("expected at most {LONGEST}");
        return Err(vec![fault(0..text.len(), message, expected)]);
    }
    let words = scan(text).map_err(|fault| vec![fault])?;
    let mut parser = Parser {
        words,
        next: 0,
        depth: 0,
        names,
        tape,
        faults: Vec::new(),
    };
    let result = parser.whole();
    let mut faults = parser.faults;
    match result {
        Ok(result) if faults.is_empty() => return Ok(result),
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    }
    faults.sort_by_key(|fault| fault.span.start);
    Err(faults)
}

struct Parser<'a> {
    words: Vec<(Word<'a>, Range<usize>)>,
    next: usize,
    depth: usize,
    names: &'a [(&'a str, At)],
    tape: &'a mut Writer,
    /// What is wrong without keeping the rest from being read.
    faults: Vec<Fault>,
}

fn fault(span: Range<usize>, message: String, expected: String) -> Fault {
    Fault {
        span,
        message,
        expected,
        unknown: None,
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Word<'a> {
        self.words[self.next].0
    }

    fn span(&self) -> Range<usize> {
        self.words[self.next].1.clone()
    }

    fn take(&mut self) -> (Word<'a>, Range<usize>) {
        let word = self.words[self.next].clone();
        self.next = (self.next + 1).min(self.words.len() - 1);
        word
    }

    fn whole(&mut self) -> Result<At, Fault> {
        let result = self.expression(0)?;
        match self.peek() {
            Word::End => Ok(result),
            word => {
                let expected = match word {
                    Word::Sign(')') => "expected a `(` for it before",
                    Word::Sign(',') => "expected a comma only between the arguments of a function",
                    _ => "expected an operator before it: a product is written with `*`",
                };
                Err(self.unfit(expected))
            }
        }
    }

    /// The next word is one that cannot stand there.
    fn unfit(&self, expected: &str) -> Fault {
        let message = match self.peek() {
            Word::Number(_) => "a number cannot stand here".to_owned(),
            Word::Name(name) => format!("`{name}` cannot stand here"),
            Word::Sign(sign) => format!("`{sign}` cannot stand here"),
            Word::End => "the formula ends too early".to_owned(),
        };
        fault(self.span(), message, expected.to_owned())
    }

    /// An expression of operators that bind at least so tightly.
    fn expression(&mut self, tightness: u8) -> Result<At, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = "too many brackets inside each other".to_owned();
            return Err(fault(
                self.span(),
                message,
                format!("expected at most {DEEPEST}"),
            ));
        }
        let mut left = self.operand()?;
        while let Some((function, own, right)) = operator(self.peek()) {
            if own < tightness {
                break;
            }
            self.take();
            let other = self.expression(right)?;
            left = self.tape.binary(function, left, other);
            self.check_length()?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn check_length(&self) -> Result<(), Fault> {
        if self.tape.len() <= tape::LONGEST {
            return Ok(());
        }
        let message = "the formula has too many operations".to_owned();
        let expected = format!("expected at most {}", tape::LONGEST);
        Err(fault(self.span(), message, expected))
    }

    /// A number, a name, a call, what stands in brackets, or one of these with a sign.
    fn operand(&mut self) -> Result<At, Fault> {
        const WANTED: &str = "expected a number, a name or a bracket";
        match self.peek() {
            Word::Number(number) => {
                self.take();
                Ok(self.tape.number(number))
            }
            Word::Sign('-') => {
                self.take();
                let operand = self.expression(SIGN)?;
                Ok(self.tape.unary(Unary::Negative, operand))
            }
            Word::Sign('+') => {
                self.take();
                self.expression(SIGN)
            }
            Word::Sign('(') => {
                let (_, open) = self.take();
                let inside = self.expression(0)?;
                self.close(&open)?;
                Ok(inside)
            }
            Word::Sign('*') if self.follows('*') => {
                Err(self.unfit("expected `^` for a power, as in x^2"))
            }
            Word::Name(name) => {
                let (_, span) = self.take();
                if self.peek() == Word::Sign('(') {
                    self.call(name, span)
                } else {
                    Ok(self.name(name, span))
                }
            }
            Word::Sign(_) | Word::End => Err(self.unfit(WANTED)),
        }
    }

    /// Whether the word before the next is this sign.
    fn follows(&self, sign: char) -> bool {
        let before = self.next.checked_sub(1).map(|before| self.words[before].0);
        before == Some(Word::Sign(sign))
    }

    fn close(&mut self, open: &Range<usize>) -> Result<(), Fault> {
        match self.peek() {
            Word::Sign(')') => {
                self.take();
                Ok(())
            }
            Word::End => {
                let message = "this bracket is not closed".to_owned();
                Err(fault(open.clone(), message, "expected a `)`".to_owned()))
            }
            _ => Err(self.unfit("expected an operator or a `)`")),
        }
    }

    /// A variable or a constant; a name that is neither reads as 1, so that the rest is checked.
    fn name(&mut self, name: &str, span: Range<usize>) -> At {
        if let Some((_, place)) = self.names.iter().find(|(known, _)| *known == name) {
            return *place;
        }
        if let Some((_, number)) = CONSTANTS.iter().find(|(constant, _)| *constant == name) {
            return self.tape.number(*number);
        }
        let function = find(name).is_some();
        let (message, expected) = if function {
            let message = format!("`{name}` has no argument");
            (message, format!("expected `{name}(...)`"))
        } else {
            let variables: Vec<&str> = self.names.iter().map(|(known, _)| *known).collect();
            let message = format!("there is no variable `{name}`");
            (
                message,
                format!("expected {}, pi or e", variables.join(", ")),
            )
        };
        self.faults.push(Fault {
            unknown: (!function).then(|| name.to_owned()),
            ..fault(span, message, expected)
        });
        self.tape.number(1.0)
    }

    fn call(&mut self, name: &str, span: Range<usize>) -> Result<At, Fault> {
        let (_, open) = self.take();
        let mut arguments = Vec::new();
        if self.peek() != Word::Sign(')') {
            arguments.push(self.expression(0)?);
            while self.peek() == Word::Sign(',') {
                self.take();
                arguments.push(self.expression(0)?);
            }
        }
        self.close(&open)?;
        let (wanted, result) = match (find(name), &arguments[..]) {
            (Some(Function::One(function)), [a]) => ("", self.tape.unary(function, *a)),
            (Some(Function::Two(function)), [a, b]) => ("", self.tape.binary(function, *a, *b)),
            (Some(Function::One(_)), _) => ("one argument", self.tape.number(1.0)),
            (Some(Function::Two(_)), _) => ("two arguments", self.tape.number(1.0)),
            (None, _) => {
                self.faults.push(self.no_function(name, span));
                return Ok(self.tape.number(1.0));
            }
        };
        if !wanted.is_empty() {
            let given = match arguments.len() {
                1 => "1 argument".to_owned(),
                many => format!("{many} arguments"),
            };
            let message = format!("`{name}` cannot have {given}");
            let expected = format!("expected {wanted}");
            self.faults.push(fault(span, message, expected));
        }
        self.check_length()?;
        Ok(result)
    }

    fn no_function(&self, name: &str, span: Range<usize>) -> Fault {
        let known = self.names.iter().any(|(known, _)| *known == name)
            || CONSTANTS.iter().any(|(constant, _)| *constant == name);
        if known {
            let message = format!("`{name}` is no function");
            return fault(
                span,
                message,
                "expected an operator before the bracket: a product is written with `*`".to_owned(),
            );
        }
        let names: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
        Fault {
            unknown: Some(name.to_owned()),
            ..fault(
                span,
                format!("there is no function `{name}`"),
                format!("expected {}", names.join(", ")),
            )
        }
    }
}

fn find(name: &str) -> Option<Function> {
    let row = FUNCTIONS.iter().find(|(known, _)| *known == name);
    row.map(|(_, function)| *function)
}

/// The function of an operator, how tightly it binds what is on its left, and how tightly what is on
/// its right must bind.
fn operator(word: Word<'_>) -> Option<(Binary, u8, u8)> {
    let Word::Sign(sign) = word else {
        return None;
    };
    Some(match sign {
        '+' => (Binary::Plus, 1, 2),
        '-' => (Binary::Minus, 1, 2),
        '*' => (Binary::Times, 3, 4),
        '/' => (Binary::Over, 3, 4),
        // From right to left, and a sign may stand in an exponent.
        '^' => (Binary::Power, 7, 6),
        _ => return None,
    })
}
