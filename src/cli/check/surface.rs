//! What is minimised where there is no model: the formula, and the slope that racers start on.

use crate::cli::figures::rounded;
use crate::problem::formula::Scratch;
use crate::scenario::SurfaceTask;
use crate::text::{clean, count, shorten};

/// No more of a formula is shown.
const FORMULA: usize = 80;

/// Points of more variables are not shown.
const SHOWN: usize = 6;

/// The surface, its start, and how it is asked for gradients.
pub(super) fn facts(task: &SurfaceTask) -> Vec<(&'static str, String)> {
    let function = &task.function;
    let variables = function.variables();
    let mut scratch = Scratch::default();
    let mut gradient = vec![0.0; task.start.len()];
    let loss = function.gradient(&task.start, &mut gradient, &mut scratch);
    let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    let formula = clean(function.formula());
    let mut facts = vec![
        ("loss", shorten(&formula, FORMULA)),
        ("start", start(&variables, &task.start)),
        (
            "there",
            format!(
                "loss {}, length of the gradient {}",
                rounded(loss),
                rounded(norm)
            ),
        ),
    ];
    if let Some(lowest) = lowest(task, &mut scratch) {
        facts.push(("lowest", lowest));
    }
    if task.noise > 0.0 {
        let noise = rounded(task.noise);
        let noise = format!("standard deviation {noise} in the gradient of an example");
        facts.push(("noise", noise));
    }
    if task.examples > 1 {
        let examples = count(task.examples as u64);
        facts.push((
            "examples",
            format!("{examples}, what a full gradient costs"),
        ));
    }
    facts
}

fn start(variables: &[&str], start: &[f64]) -> String {
    let shown = variables.iter().zip(start).take(SHOWN);
    let mut text: Vec<String> = shown
        .map(|(name, value)| format!("{name} = {}", rounded(*value)))
        .collect();
    if let Some(more) = variables.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push(format!("and {more} more"));
    }
    text.join(", ")
}

/// The loss at the minimum, where one is known.
fn lowest(task: &SurfaceTask, scratch: &mut Scratch) -> Option<String> {
    let minima = task.function.minima();
    let at = minima.first()?;
    let loss = rounded(task.function.value(at, scratch));
    Some(match minima.len() {
        1 => loss,
        several => format!("{loss}, in {several} places"),
    })
}
