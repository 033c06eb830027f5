//! `formula` and `variables`: a loss written in the scenario, and where its mistakes are.

use std::ops::Range;
use std::sync::Arc;

use super::section::Section;
use crate::problem::formula::{CONSTANTS, FUNCTIONS, Fault, Formula, VARIABLES, is_name};
use crate::problem::surface::Function;
use crate::scenario::mistake::{Mistake, Place};
use crate::scenario::raw::{Node, Value};
use crate::text;

/// The names of the variables, in the order of the numbers of `start`.
pub(super) fn variables(section: &mut Section<'_>) -> Option<Vec<String>> {
    section.require("variables", "a list of names, such as [\"x\", \"y\"]");
    let node = &section.get("variables")?.node;
    let expected = format!("a list of 1 to {VARIABLES} names, such as [\"x\", \"y\"]");
    let Value::List(items) = &node.value else {
        section.refuse("variables", node, &expected);
        return None;
    };
    if items.is_empty() || items.len() > VARIABLES {
        let message = format!("`variables` cannot be a list of {}", items.len());
        let expected = format!("expected {expected}");
        section.report(Mistake::new(node.place, message, expected));
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    let mut valid = true;
    for item in items {
        match name(item, &names) {
            Ok(name) => names.push(name),
            Err(mistake) => {
                section.report(mistake);
                valid = false;
            }
        }
    }
    valid.then_some(names)
}

/// A name that can be a variable's, and that none of those before it has.
fn name(item: &Node, before: &[String]) -> Result<String, Mistake> {
    const LIKE: &str = "expected a letter, then letters, digits and underscores";
    let shown = item.value.shown();
    let refused =
        |message: String, expected: &str| Err(Mistake::new(item.place, message, expected));
    let Value::Text(name) = &item.value else {
        return refused(format!("a variable cannot be {shown}"), LIKE);
    };
    if !is_name(name) || text::clean(name) != *name || name.chars().count() > 24 {
        return refused(format!("a variable cannot be called {shown}"), LIKE);
    }
    let taken = FUNCTIONS.iter().any(|(function, _)| function == name)
        || CONSTANTS.iter().any(|(constant, _)| constant == name);
    if taken {
        let message = format!("{shown} has a meaning of its own in formulas");
        return refused(message, "expected another name");
    }
    if before.contains(name) {
        return refused(
            format!("two variables are called {shown}"),
            "expected each name once",
        );
    }
    Ok(name.clone())
}

/// The formula, over these variables, in the file with the text `file`; where the variables are faulty
/// its own faults are not looked for.
pub(super) fn formula(
    section: &mut Section<'_>,
    variables: Option<&[String]>,
    file: &str,
) -> Option<Function> {
    let node = &section.get("formula")?.node;
    let Value::Text(text) = &node.value else {
        section.refuse("formula", node, "a text, such as \"x^2 + y^2\"");
        return None;
    };
    let variables = variables?;
    match Formula::parse(text, variables) {
        Ok(formula) => Some(Function::Written(Arc::new(formula))),
        Err(faults) => {
            for fault in faults {
                let place = place(&fault.span, text, node.place, file);
                section.report(mistake(fault, place, variables));
            }
            None
        }
    }
}

/// Where these bytes of `text` stand, which is the value at `whole`: all of that, where the text has
/// escapes and so is not as it stands in the file, or is one of several in a flag.
pub(super) fn place(span: &Range<usize>, text: &str, whole: Place, file: &str) -> Place {
    let before = if whole.origin == 0 {
        let written = file.get(whole.start..whole.end);
        written.and_then(|written| written.find(text))
    } else {
        // On the command line with quotes or without.
        let spare = (whole.end - whole.start).checked_sub(text.len());
        spare
            .filter(|spare| [0, 2, 6].contains(spare))
            .map(|spare| spare / 2)
    };
    before.map_or(whole, |before| Place {
        start: whole.start + before + span.start,
        end: whole.start + before + span.end,
        ..whole
    })
}

/// A fault as a mistake of the scenario.
pub(super) fn mistake(fault: Fault, place: Place, variables: &[String]) -> Mistake {
    let functions = FUNCTIONS.iter().map(|(name, _)| *name);
    let constants = CONSTANTS.iter().map(|(name, _)| *name);
    let names = variables.iter().map(String::as_str);
    let mistake = Mistake::new(place, fault.message, fault.expected);
    match fault.unknown {
        Some(unknown) => mistake.near(here(&unknown), names.chain(functions).chain(constants)),
        None => mistake,
    }
}

/// What a function that has another name elsewhere is called here.
fn here(name: &str) -> &str {
    match name {
        "ln" => "log",
        "arctan" => "atan",
        "fabs" => "abs",
        "expit" | "logistic" => "sigmoid",
        "power" => "pow",
        "minimum" => "min",
        "maximum" => "max",
        other => other,
    }
}
