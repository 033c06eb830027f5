//! An update rule that a scenario gives: lines of text that assign, elementwise over the parameters.
//!
//! `w` is the parameter, `g` its gradient, `t` the step from 1. A name that a line assigns is
//! remembered from step to step, from a start at zero: before its line, and in it, it is what it was
//! before the step. Every other name is a hyperparameter. All lines are read onto one tape, as
//! formulas of losses are, in which equal parts stand once; what depends on no vector, such as
//! `1 - beta^t`, is done once a step and not for each parameter.

use std::ops::Range;

use super::{Average, Rule};
use crate::problem::formula::{
    At, CONSTANTS, FUNCTIONS, Fault, Word, Writer, expression, is_name, scan,
};
use crate::text;

mod averages;
mod compile;
mod kernel;
mod machine;
mod program;

pub use machine::Machine;
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

/// A line in its parts.
struct Assignment<'a> {
    line: usize,
    name: &'a str,
    /// Where the name and what is assigned to it stand in the line.
    span: Range<usize>,
    right: Range<usize>,
    text: &'a str,
    /// The words on the right, with their places in the line; none where they cannot be made out.
    words: Option<Vec<(Word<'a>, Range<usize>)>>,
}

impl Written {
    /// Reads a rule's lines.
    pub fn read(lines: &[String]) -> Reading {
        let mut misfits = Vec::new();
        let mut assignments = Vec::new();
        for (line, text) in lines.iter().enumerate().take(LINES) {
            match assignment(line, text) {
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

/// A line in its parts.
fn assignment(line: usize, text: &str) -> Result<Assignment<'_>, Fault> {
    let Some(sign) = text.find('=') else {
        let end = text.len();
        let expected = "expected a line such as `v = beta*v + g`";
        return Err(fault(end..end, "the line has no `=`", expected));
    };
    let left = text[..sign].trim_end();
    let name = left.trim_start();
    let span = left.len() - name.len()..left.len();
    if name.is_empty() {
        let expected = "expected a name before it";
        return Err(fault(sign..sign + 1, "nothing is assigned to", expected));
    }
    if !is_name(name) {
        let message = format!("`{}` cannot be assigned to", text::shorten(name, 40));
        let expected = if name.ends_with(['+', '-', '*', '/', '^']) {
            "expected one name before `=`, as in `v = v + g`"
        } else {
            "expected one name: a letter, then letters, digits and underscores"
        };
        return Err(fault(span, &message, expected));
    }
    let right = sign + 1..text.len();
    let words = scan(&text[right.clone()]).ok().map(|words| {
        let words = words.into_iter();
        words
            .map(|(word, span)| (word, span.start + right.start..span.end + right.start))
            .collect()
    });
    Ok(Assignment {
        line,
        name,
        span,
        right,
        text,
        words,
    })
}

/// The names that lines assign, but for `w`; a name that cannot be assigned, or is assigned twice, is
/// a misfit.
fn memory(assignments: &[Assignment<'_>], misfits: &mut Vec<Misfit>) -> Vec<String> {
    let mut names: Vec<&str> = Vec::new();
    for assignment in assignments {
        let name = assignment.name;
        let wrong = if names.contains(&name) {
            Some((
                format!("`{name}` is assigned twice"),
                "expected each name once",
            ))
        } else if name != GIVEN[place::W] && has_meaning(name) {
            let message = format!("`{name}` has a meaning of its own in rules");
            Some((message, "expected another name"))
        } else {
            unfit(name)
        };
        names.push(name);
        if let Some((message, expected)) = wrong {
            misfits.push(Misfit {
                line: Some(assignment.line),
                fault: fault(assignment.span.clone(), &message, expected),
            });
        }
    }
    let mut memory: Vec<String> = Vec::new();
    for name in names {
        if name != GIVEN[place::W] && !has_meaning(name) && memory.iter().all(|own| own != name) {
            memory.push(name.to_owned());
        }
    }
    memory
}

/// The names that are read and neither assigned nor known, each where it stands first.
fn hyperparameters(
    assignments: &[Assignment<'_>],
    memory: &[String],
    misfits: &mut Vec<Misfit>,
) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    for (line, name, span) in assignments.iter().flat_map(Assignment::names) {
        let is_known = has_meaning(name) || memory.iter().any(|own| own == name);
        if is_known || mentions.iter().any(|mention| mention.name == name) {
            continue;
        }
        if let Some((message, expected)) = unfit(name) {
            misfits.push(Misfit {
                line: Some(line),
                fault: fault(span.clone(), &message, expected),
            });
        }
        mentions.push(Mention {
            name: name.to_owned(),
            line,
            span,
        });
    }
    mentions
}

/// What a rule as a whole must have and this one has not, or has too much of.
fn lacking(lines: usize, assignments: &[Assignment<'_>], is_whole: bool) -> Option<Misfit> {
    let misfit = |message: &str, expected: &str| Misfit {
        line: None,
        fault: fault(0..0, message, expected),
    };
    if lines > LINES {
        let message = format!("the rule has {lines} lines");
        return Some(misfit(&message, &format!("expected at most {LINES}")));
    }
    let assigns = |line: &Assignment<'_>| line.name == GIVEN[place::W];
    let expected = "expected a line such as `w = w - learning_rate*g`";
    let lacks = is_whole && !assignments.iter().any(assigns);
    lacks.then(|| misfit("no line assigns `w`", expected))
}

/// What every rule must read and this one does not, reported where it assigns `w`.
fn unread(assignments: &[Assignment<'_>]) -> Vec<Misfit> {
    let [w, g, _, learning_rate] = GIVEN;
    let Some(step) = assignments.iter().find(|line| line.name == w) else {
        return vec![];
    };
    let wanted = [
        (g, "expected `g`, the gradient, in one of its lines"),
        (
            learning_rate,
            "expected it as a factor of the step, as in `w - learning_rate*g`",
        ),
    ];
    let mut misfits = Vec::new();
    for (wanted, expected) in wanted {
        let mut names = assignments.iter().flat_map(Assignment::names);
        if !names.any(|(_, name, _)| name == wanted) {
            let message = format!("the rule does not read `{wanted}`");
            misfits.push(Misfit {
                line: Some(step.line),
                fault: fault(step.span.clone(), &message, expected),
            });
        }
    }
    misfits
}

impl<'a> Assignment<'a> {
    /// The names on the right, but for those of functions, with the line and where they stand in it.
    fn names(&self) -> impl Iterator<Item = (usize, &'a str, Range<usize>)> {
        let words = self.words.as_deref().unwrap_or_default();
        words.windows(2).filter_map(|pair| match pair {
            [(Word::Name(name), span), (next, _)] if *next != Word::Sign('(') => {
                Some((self.line, *name, span.clone()))
            }
            _ => None,
        })
    }
}

/// Whether a name means something in every rule.
fn has_meaning(name: &str) -> bool {
    GIVEN.contains(&name)
        || FUNCTIONS.iter().any(|(function, _)| *function == name)
        || CONSTANTS.iter().any(|(constant, _)| *constant == name)
}

/// Why a name is none, and what would be right.
fn unfit(name: &str) -> Option<(String, &'static str)> {
    const LIKE: &str = "expected at most 24 letters, digits and underscores, a letter first";
    let fits = is_name(name) && text::clean(name) == name && name.chars().count() <= 24;
    (!fits).then(|| {
        (
            format!("`{}` cannot be a name", text::shorten(name, 40)),
            LIKE,
        )
    })
}

fn fault(span: Range<usize>, message: &str, expected: &str) -> Fault {
    Fault {
        span,
        message: message.to_owned(),
        expected: expected.to_owned(),
        unknown: None,
    }
}

/// The same so many bytes farther on.
fn moved(fault: Fault, by: usize) -> Fault {
    Fault {
        span: fault.span.start + by..fault.span.end + by,
        ..fault
    }
}
