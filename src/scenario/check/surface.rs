//! `[surface]`: which function, from where, with how much noise.

use super::MANY;
use super::section::{Given, Section, number};
use crate::problem::surface::{SURFACES, Surface};
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
    pub surface: Option<&'static Surface>,
    pub examples: Option<usize>,
    pub task: Option<SurfaceTask>,
}

pub(super) fn check(node: &Node, mistakes: &mut Vec<Mistake>) -> Checked {
    let Some(mut section) = Section::open("[surface]", node, KEYS, mistakes) else {
        return Checked::default();
    };
    let later = [section.not_yet("formula"), section.not_yet("variables")];
    if !later[0] {
        section.require("function", "the name of a surface");
    }
    let names: Vec<&str> = SURFACES.iter().map(|surface| surface.id).collect();
    let surface = section
        .choice("function", &names)
        .map(|index| &SURFACES[index.value]);
    section.require("start", "a list of numbers, one a variable");
    let start = section.point("start", surface.map(|surface| surface.variables.len()));
    let noise = section.number("noise", "a number, 0 or more", |x| x >= 0.0);
    let examples = match section.get("examples") {
        Some(_) => section
            .integer("examples", 1, MANY)
            .map(|x| x.value as usize),
        None => Some(256),
    };
    let view = view(&mut section);
    let task = match (surface, start, examples) {
        (Some(surface), Some(start), Some(examples)) => Some(SurfaceTask {
            surface,
            start,
            noise: noise.map_or(0.0, |noise| noise.value),
            examples,
            view,
        }),
        _ => None,
    };
    Checked {
        surface,
        examples,
        task,
    }
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
