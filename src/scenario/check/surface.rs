//! `[surface]`: which function or formula, from where, with how much noise.

use super::MANY;
use super::formula;
use super::section::{Given, Section, number};
use crate::problem::formula::Scratch;
use crate::problem::surface::{Function, SURFACES, Surface};
use crate::scenario::SurfaceTask;
use crate::scenario::mistake::Mistake;
use crate::scenario::raw::{Node, Value};

const KEYS: &[&str] = &[
    "function",
    "formula",
    "variables",
    "start",
    "noise",
    "examples",
    "view",
];

/// What could be made out of a surface, though it may have mistakes.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub variables: Option<usize>,
    pub examples: Option<usize>,
    pub task: Option<SurfaceTask>,
}

/// Reads the section in `node`, of the file with `text`.
pub(super) fn check(node: &Node, text: &str, mistakes: &mut Vec<Mistake>) -> Checked {
    let Some(mut section) = Section::open("[surface]", node, KEYS, mistakes) else {
        return Checked::default();
    };
    let (function, variables) = if section.get("formula").is_some() {
        let instead = "expected one of `function` and `formula`";
        section.forbid("function", "there are `function` and `formula`", instead);
        let variables = formula::variables(&mut section);
        let function = formula::formula(&mut section, variables.as_deref(), text);
        (function, variables.map(|variables| variables.len()))
    } else {
        section.forbid(
            "variables",
            "`variables` has no `formula`",
            "expected `variables` only with a `formula`",
        );
        let surface = shipped(&mut section);
        (
            surface.map(Function::Shipped),
            surface.map(|surface| surface.variables.len()),
        )
    };
    section.require("start", "a list of numbers, one a variable");
    let start = section.point("start", variables);
    if let (Some(function), Some(start)) = (&function, &start) {
        refuse_start(&mut section, function, start);
    }
    let noise = section.number("noise", "a number, 0 or more", |x| x >= 0.0);
    let examples = match section.get("examples") {
        Some(_) => section
            .integer("examples", 1, MANY)
            .map(|x| x.value as usize),
        None => Some(256),
    };
    let view = view(&mut section);
    let task = match (function, start, examples) {
        (Some(function), Some(start), Some(examples)) => Some(SurfaceTask {
            function,
            start,
            noise: noise.map_or(0.0, |noise| noise.value),
            examples,
            view,
        }),
        _ => None,
    };
    Checked {
        variables,
        examples,
        task,
    }
}

/// Reports a start at which the loss is no finite number: there nobody can go anywhere.
pub(super) fn refuse_start(section: &mut Section<'_>, function: &Function, start: &[f64]) {
    let loss = function.value(start, &mut Scratch::default());
    if !loss.is_finite() {
        let message = format!("the loss at this start is {loss}");
        let expected = "expected a start at which it is a finite number";
        section.report(Mistake::new(section.place("start"), message, expected));
    }
}

/// The shipped surface that `function` names.
fn shipped(section: &mut Section<'_>) -> Option<&'static Surface> {
    let wanted = "the name of a surface, or else `formula` and `variables`";
    section.require("function", wanted);
    let names: Vec<&str> = SURFACES.iter().map(|surface| surface.id).collect();
    let index = section.choice("function", &names)?;
    Some(&SURFACES[index.value])
}

/// `{ x = [low, high], y = [low, high] }`.
fn view(section: &mut Section<'_>) -> Option<[[f64; 2]; 2]> {
    let axis = |value: &Value| match value {
        Value::List(ends) => match &ends[..] {
            [low, high] => {
                Some([number(&low.value)?, number(&high.value)?]).filter(|[low, high]| low < high)
            }
            _ => None,
        },
        _ => None,
    };
    let expected = "`{ x = [low, high], y = [low, high] }` with low < high";
    let view: Given<_> = section.read("view", expected, |value| match value {
        Value::Table(table) if table.entries.len() == 2 => Some([
            axis(&table.get("x")?.node.value)?,
            axis(&table.get("y")?.node.value)?,
        ]),
        _ => None,
    })?;
    Some(view.value)
}
