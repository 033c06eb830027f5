//! The inspector: the update rule of a racer with the numbers of one step in it, what its moving
//! averages make of the gradients, and the same gradients averaged over shorter and longer times.
//!
//! [`model`] puts numbers into text and places on axes; [`draw`] only draws.

use crate::optim::{Average, Averaged, Text, decayed};
use crate::race::retrace::{BETAS, Clipping, Coordinate, Look, Past};
use crate::race::snapshot::{Progress, Snapshot};
use crate::runner::Inspection;
use crate::tui::identity::Identity;
use crate::tui::view::axis::{Axis, Scale};
use crate::tui::view::number;

mod draw;
mod plot;
mod substitute;
#[cfg(test)]
mod tests;
mod words;

pub use draw::draw;
use plot::Plot;
use substitute::substitute;

/// What is shown of one racer.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The racer, by its index.
    pub racer: usize,
    /// The racer and the step, in words.
    pub heading: String,
    /// The parameter; empty before the first step.
    pub parameter: String,
    /// The rule, line by line.
    pub rule: Vec<Written>,
    /// What each number is of.
    pub columns: Vec<String>,
    /// What is told of each.
    pub rows: Vec<Row>,
    /// What else is to be said, the most important first.
    pub notes: Vec<String>,
    /// The gradients with the racer's own averages; none before the first step.
    pub own: Option<Plot>,
    /// The gradients averaged with each of [`BETAS`].
    pub averages: Vec<Plot>,
}

/// A name and its numbers; none where a number has no meaning.
pub type Row = (String, Vec<Option<f64>>);

/// A line of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// With names.
    pub names: String,
    /// What is assigned to.
    pub left: String,
    /// With numbers in their places, and what they come to; empty before the first step.
    pub numbers: String,
}

/// The page of a racer, as far as `look` has found.
pub fn model(look: &Look, snapshot: &Snapshot) -> Page {
    let entered = &snapshot.meta.racers[look.racer];
    let shown = |coordinate: &&Coordinate| coordinate.index == look.coordinate;
    let Some(chosen) = look.coordinates.iter().find(shown) else {
        let names = lines(look);
        return Page {
            racer: look.racer,
            heading: format!("{}, before its first step", entered.label),
            parameter: String::new(),
            rule: names.map(|line| written(&line, String::new())).collect(),
            columns: Vec::new(),
            rows: Vec::new(),
            notes: vec!["the first step puts numbers into the rule".to_owned()],
            own: None,
            averages: Vec::new(),
        };
    };
    let (columns, rows) = table(look, chosen);
    let mut notes = Vec::new();
    notes.extend(disagreement(look, &snapshot.racers[look.racer]));
    notes.extend(look.clipping.map(|clipping| clipped(clipping, look.step)));
    notes.extend(
        look.rule
            .averages
            .iter()
            .flat_map(|average| note(look, average)),
    );
    if let Some(angle) = look.angle {
        notes.push(format!("the step turns {angle:.0} degrees from -g"));
    }
    let step = number::count(look.step);
    let plots = plot::Frame::new(look);
    Page {
        racer: look.racer,
        heading: format!("{}, step {step}", entered.label),
        parameter: chosen.name.clone(),
        rule: rule(look, chosen),
        columns,
        rows,
        notes,
        own: Some(plots.own(look, chosen)),
        averages: (0..BETAS.len()).map(|i| plots.average(look, i)).collect(),
    }
}

/// The inspector's title: how far the numbers are while they are recomputed, or else the one racer
/// that is looked into, or that there are two, and the parameter.
pub fn title(found: &Inspection, pages: &[Page], identities: &[Identity]) -> String {
    if let Some(working) = found.working {
        let [step, last] = working.map(number::count);
        return format!("inspector, recomputing: step {step} of {last}");
    }
    match pages {
        [] => "inspector".to_owned(),
        [page] => {
            let letter = identities.get(page.racer).map_or(' ', |own| own.letter);
            let parts = [&page.heading, &page.parameter].map(String::as_str);
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            format!("inspector: {letter} {}", parts.join(", "))
        }
        [first, ..] if first.parameter.is_empty() => "inspector: two racers".to_owned(),
        [first, ..] => format!("inspector: two racers, {}", first.parameter),
    }
}

/// What to press.
pub fn hint(pages: &[Page]) -> &'static str {
    if pages.len() > 1 {
        "= another"
    } else {
        "up, down: parameter  = compare"
    }
}

/// The number of this name.
fn number_of(look: &Look, name: &str) -> Option<f64> {
    let known = look.numbers.iter().find(|(known, _)| known == name);
    known.map(|(_, value)| *value)
}

fn written(names: &str, numbers: String) -> Written {
    let left = names.split(" = ").next().unwrap_or(names);
    Written {
        names: names.to_owned(),
        left: left.to_owned(),
        numbers,
    }
}

/// The lines of the rule with what is beside it.
fn lines(look: &Look) -> impl Iterator<Item = String> {
    let line = |line: &Text| {
        if look.decays {
            decayed(line)
        } else {
            line.to_string()
        }
    };
    look.rule.lines.iter().map(line)
}

/// The rule with the numbers of `chosen`: a vector is what it was before the step, until its line has
/// been read.
fn rule(look: &Look, chosen: &Coordinate) -> Vec<Written> {
    let mut read: Vec<String> = Vec::new();
    let mut written = Vec::new();
    for line in lines(look) {
        let (left, right) = line.split_once(" = ").unwrap_or(("", &line));
        let vector = |name: &str, after: bool| {
            let vector = chosen.vectors.iter().find(|vector| vector.0 == name);
            vector.map(|vector| vector.1[usize::from(after)])
        };
        let has_read = |name: &str| read.iter().any(|read| read == name);
        let value = |name: &str| match name {
            "g" => Some(measured(chosen.g)),
            "w" => Some(measured(chosen.w[usize::from(has_read("w"))])),
            "t" => Some(number_of(look, "t").map_or(look.step.to_string(), given)),
            name => match vector(name, has_read(name)) {
                Some(value) => Some(measured(value)),
                None => number_of(look, name).map(given),
            },
        };
        let result = match left {
            "w" => Some(chosen.w[1]),
            name => vector(name, true).or_else(|| number_of(look, name)),
        };
        let numbers = substitute(right, &look.numbers, &value);
        let result = result.map_or_else(String::new, |result| format!(" = {}", measured(result)));
        read.push(left.to_owned());
        written.push(self::written(&line, numbers + &result));
    }
    written
}

/// A number that was measured, of a width that hardly changes.
fn measured(value: f64) -> String {
    number::significant(value, 4)
}

/// A number that was given, as short as it can be said.
fn given(value: f64) -> String {
    let rounded = format!("{value:.3e}").parse();
    number::short(rounded.unwrap_or(value))
}

/// On surfaces a column for each parameter, the chosen one first; else the chosen one, and what all
/// of them are like.
fn table(look: &Look, chosen: &Coordinate) -> (Vec<String>, Vec<Row>) {
    let spread = look.coordinates.len() < look.parameters;
    let others = look.coordinates.iter().filter(|c| c.index != chosen.index);
    let shown: Vec<&Coordinate> = std::iter::once(chosen).chain(others).collect();
    let mut columns: Vec<String> = shown.iter().map(|c| c.name.clone()).collect();
    if spread {
        columns = vec!["this one".to_owned()];
        let all = ["norm", "|median|", "|25 %|", "|75 %|"];
        columns.extend(all.map(str::to_owned));
    }
    let row = |i: usize, name: &str, value: &dyn Fn(&Coordinate) -> f64| {
        let mut values: Vec<Option<f64>> = shown.iter().map(|c| Some(value(c))).collect();
        if let Some(all) = look.spreads.get(i).filter(|_| spread) {
            // The steps' sizes are of parameters one by one: no length.
            let norm = (all.name != "rate").then_some(all.norm);
            values.push(norm);
            let [first, median, third] = all.quartiles;
            values.extend([median, first, third].map(Some));
        }
        (name.to_owned(), values)
    };
    let mut rows = vec![row(0, "gradient g", &|c| c.g)];
    for i in 0..chosen.vectors.len() {
        let (name, _) = &chosen.vectors[i];
        rows.push(row(1 + i, &titled(look, name), &|c| c.vectors[i].1[1]));
    }
    if chosen.rate.is_some() {
        let rate = |c: &Coordinate| c.rate.unwrap_or(f64::NAN);
        rows.push(row(rows.len(), "effective step", &rate));
    }
    rows.push(row(rows.len(), "step taken", &Coordinate::step));
    (columns, rows)
}

/// A vector's name, with what it is.
fn titled(look: &Look, name: &str) -> String {
    let average = look.rule.averages.iter().find(|a| a.name == name);
    match average.map(|average| (average.of, average.is_sum)) {
        None => name.to_owned(),
        Some((Averaged::Gradients, false)) => format!("average {name}"),
        Some((Averaged::Gradients, true)) => format!("sum {name}"),
        Some((Averaged::Squares, _)) => format!("squares {name}"),
    }
}

/// How far back an average reaches, and what its start at zero makes of it.
fn note(look: &Look, average: &Average) -> [String; 2] {
    let beta = number_of(look, &average.beta).unwrap_or(0.0);
    let share = number_of(look, &average.correction).unwrap_or(1.0);
    let count = number::count((1.0 / (1.0 - beta)).round() as u64);
    let verb = if average.is_sum { "sums" } else { "spans" };
    let of = match average.of {
        Averaged::Gradients => "gradients",
        Averaged::Squares => "squares",
    };
    let factor = number::significant(1.0 / share, 3);
    let (name, correction) = (&average.name, &average.correction);
    let start = if average.is_corrected {
        format!("  corrected by 1/({correction}) = {factor}")
    } else {
        format!("  not corrected, else times {factor}")
    };
    let reach = format!("{name} {verb} 1/(1 - {}) = {count} {of}", given(beta));
    [reach, start]
}

/// How often gradients were too long, and what became of this one.
fn clipped(clipping: Clipping, step: u64) -> String {
    let Clipping {
        norm,
        most,
        clipped,
    } = clipping;
    let this = if norm > most {
        format!("this one from {} to {}", measured(norm), given(most))
    } else {
        format!("this one is {}", measured(norm))
    };
    let [clipped, step] = [clipped, step].map(number::count);
    format!("clipped {clipped} of {step} gradients, {this}")
}

/// What does not agree with what was raced, in words: then the race was computed by another program
/// or on another machine.
fn disagreement(look: &Look, raced: &Progress) -> Option<String> {
    let points = raced.trace.points();
    let at = points.partition_point(|point| point.step < look.step);
    let point = points.get(at).filter(|point| point.step == look.step)?;
    let differs = |a: f64, b: f64| (a - b).abs() > 1e-6 * a.abs().max(b.abs());
    let moved = point.position.iter().zip(&look.coordinates);
    let elsewhere = moved.into_iter().any(|(w, c)| differs(*w, c.w[1]));
    let seen = look.spreads.first().map_or(0.0, |g| g.norm);
    let norm = look.clipping.map_or(seen, |clipping| clipping.norm);
    let steeper = point
        .gradient_norm
        .is_some_and(|raced| differs(raced, norm));
    (elsewhere || steeper).then(|| {
        "recomputed, this differs from the recording: another version or processor".to_owned()
    })
}
