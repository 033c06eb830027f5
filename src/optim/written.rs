//! An update rule that a scenario gives: lines of text that assign, elementwise over the parameters.
//!
//! `w` is the parameter, `g` its gradient, `t` the step from 1. A name that a line assigns is
//! remembered from step to step, from a start at zero: before its line, and in it, it is what it was
//! before the step. Every other name is a hyperparameter. All lines are read onto one tape, as
//! formulas of losses are, in which equal parts stand once; what depends on no vector, such as
//! `1 - beta^t`, is done once a step and not for each parameter.

use std::ops::Range;

use super::{Average, Rule};
use crate::problem::formula::{At, Fault, Writer, expression};
use crate::text;

mod averages;
mod compile;
mod kernel;
mod line;
mod machine;
mod names;
mod program;

use line::{Assignment, moved};
pub use machine::Machine;
use names::{hyperparameters, lacking, memory, unread};
use program::{Program, Target};

/// The most lines of a rule.
pub const LINES: usize = 32;

/// What the variables of a rule's tape stand for, by their numbers; the hyperparameters follow, and
/// then the memory.
mod place {
    /// The parameter.
    pub const W: usize = 0;
    /// Its gradient.
    pub const G: usize = 1;
    /// The step.
    pub const T: usize = 2;
    /// The learning rate.
    pub const LEARNING_RATE: usize = 3;
    /// The first hyperparameter.
    pub const FIRST: usize = 4;
}

/// What every rule can read without assigning it, by [`place`].
pub const GIVEN: [&str; place::FIRST] = ["w", "g", "t", "learning_rate"];

/// A rule that can be stepped by.
#[derive(Clone, Debug)]
pub struct Written {
    lines: Vec<String>,
    hyperparameters: Vec<String>,
    memory: Vec<String>,
    program: Program,
    /// Each with the variable that is its beta.
    averages: Vec<(Average, usize)>,
}

impl PartialEq for Written {
    /// Whether they have the same text.
    fn eq(&self, other: &Self) -> bool {
        self.lines == other.lines
    }
}

/// What was made out of a rule's text.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The hyperparameters, each where it stands first.
    pub hyperparameters: Vec<Mention>,
    /// Whether these are all: not where a line is broken.
    pub is_whole: bool,
    /// The names that its lines assign, but for `w`.
    pub memory: Vec<String>,
    /// The rule, or all that can be found wrong with it.
    pub rule: Result<Written, Vec<Misfit>>,
}

/// A name in a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The name.
    pub name: String,
    /// The line, from 0.
    pub line: usize,
    /// Its bytes in the line.
    pub span: Range<usize>,
}

/// Something wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// In which line, from 0; none where the rule lacks one or has too many.
    pub line: Option<usize>,
    /// What, and where in the line.
    pub fault: Fault,
}

impl Written {
    /// Reads a rule's lines.
    pub fn read(lines: &[String]) -> Reading {
        let mut misfits = Vec::new();
        let mut assignments = Vec::new();
        for (line, text) in lines.iter().enumerate().take(LINES) {
            match Assignment::read(line, text) {
                Ok(assignment) => assignments.push(assignment),
                Err(fault) => misfits.push(Misfit {
                    line: Some(line),
                    fault,
                }),
            }
        }
        let is_whole = assignments.len() == lines.len()
            && assignments
                .iter()
                .all(|assignment| assignment.words.is_some());
        let memory = memory(&assignments, &mut misfits);
        let hyperparameters = hyperparameters(&assignments, &memory, &mut misfits);
        misfits.extend(lacking(lines.len(), &assignments, is_whole));
        let names = hyperparameters.iter().map(|mention| mention.name.clone());
        let rule = Self::write(&assignments, names.collect(), memory.clone(), misfits);
        Reading {
            hyperparameters,
            is_whole,
            memory,
            rule,
        }
    }

    /// Writes the expressions onto a tape, and makes a program of that.
    fn write(
        assignments: &[Assignment<'_>],
        hyperparameters: Vec<String>,
        memory: Vec<String>,
        mut misfits: Vec<Misfit>,
    ) -> Result<Self, Vec<Misfit>> {
        let mut tape = Writer::default();
        let given = GIVEN.into_iter();
        let names = given.chain(hyperparameters.iter().chain(&memory).map(String::as_str));
        let mut scope: Vec<(&str, At)> = names
            .enumerate()
            .map(|(variable, name)| (name, tape.variable(variable)))
            .collect();
        let mut results = Vec::new();
        for assignment in assignments {
            let right = &assignment.text[assignment.right.clone()];
            match expression(right, &scope, &mut tape) {
                Ok(at) => {
                    let same = |(name, _): &&mut (&str, At)| *name == assignment.name;
                    if let Some(known) = scope.iter_mut().find(same) {
                        known.1 = at;
                    }
                    let own = memory.iter().position(|name| name == assignment.name);
                    results.push((own.map_or(Target::Parameters, Target::Memory), at));
                }
                Err(faults) => misfits.extend(faults.into_iter().map(|fault| Misfit {
                    line: Some(assignment.line),
                    fault: moved(fault, assignment.right.start),
                })),
            }
        }
        if misfits.is_empty() {
            misfits = unread(assignments);
        }
        if !misfits.is_empty() {
            misfits.sort_by_key(|misfit| (misfit.line, misfit.fault.span.start));
            return Err(misfits);
        }
        let first_memory = place::FIRST + hyperparameters.len();
        let line = |assignment: &Assignment<'_>| {
            let right = text::clean(&assignment.text[assignment.right.clone()]);
            format!("{} = {right}", assignment.name)
        };
        Ok(Self {
            lines: assignments.iter().map(line).collect(),
            averages: averages::find(&tape, &results, &hyperparameters, &memory),
            program: compile::compile(&tape, &results, first_memory),
            hyperparameters,
            memory,
        })
    }

    /// Its lines, in their order.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The names of its hyperparameters beside the learning rate, in the order in which they stand in
    /// it.
    pub fn hyperparameters(&self) -> &[String] {
        &self.hyperparameters
    }

    /// The names of what it remembers, in the order of the lines that assign it.
    pub fn memory(&self) -> &[String] {
        &self.memory
    }

    /// It as the inspector shows it. What its vectors are averages of is said where that can be told
    /// from its lines, and what is its effective step never.
    pub fn rule(&self) -> Rule {
        Rule {
            lines: self.lines.iter().map(|line| line.clone().into()).collect(),
            direction: None,
            rate: None,
            averages: self.averages.iter().map(|(own, _)| own.clone()).collect(),
        }
    }

    /// The first variable of its tape that is memory.
    fn first_memory(&self) -> usize {
        place::FIRST + self.hyperparameters.len()
    }
}
