//! `slalom list`: what there is, from the registries themselves.

use serde_json::{Map, Value, json};

use crate::cli::arguments::{Kind, List};
use crate::cli::{Ending, exit, print};
use crate::optim::schedule::SCHEDULES;
use crate::optim::{self, Hyperparameter, Setting};
use crate::problem::dataset;
use crate::problem::surface::SURFACES;
use crate::scenario::Scenario;
use crate::scenario::check::{Options, check};
use crate::scenario::shipped::{SHIPPED, Shipped};

mod datasets;

const KINDS: [Kind; 5] = [
    Kind::Scenarios,
    Kind::Optimizers,
    Kind::Schedules,
    Kind::Surfaces,
    Kind::Datasets,
];

/// Where descriptions begin in a line.
const INDENT: usize = 23;

pub(super) fn run(arguments: &List) -> Ending {
    let kinds = KINDS
        .into_iter()
        .filter(|&kind| arguments.what.is_none_or(|what| what == kind));
    let text = if arguments.json {
        let object: Map<String, Value> = kinds
            .map(|kind| (word(kind).to_owned(), Value::from(objects(kind))))
            .collect();
        format!("{:#}\n", Value::from(object))
    } else {
        let sections: Vec<String> = kinds
            .map(|kind| format!("{}:\n{}", word(kind), lines(kind)))
            .collect();
        sections.join("\n")
    };
    print(&text)?;
    Ok(exit::OK)
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Scenarios => "scenarios",
        Kind::Optimizers => "optimizers",
        Kind::Schedules => "schedules",
        Kind::Surfaces => "surfaces",
        Kind::Datasets => "datasets",
    }
}

fn lines(kind: Kind) -> String {
    match kind {
        Kind::Scenarios => SHIPPED
            .iter()
            .map(|shipped| {
                let scenario = read(shipped);
                line(shipped.name, &[&scenario.title, &scenario.about])
            })
            .collect(),
        Kind::Optimizers => optim::REGISTRY
            .iter()
            .map(|row| {
                let settings: Vec<String> = row.hyperparameters.iter().map(shown).collect();
                let name = format!("{}: {} ({})", row.name, row.idea, row.paper);
                let rule = (row.rule)(&optim::Settings::defaults(row)).lines;
                let mut about = vec![&*name];
                about.extend(rule.iter().map(|line| &**line));
                let settings = settings.join(", ");
                about.extend([&*settings, row.note]);
                line(row.id, &about)
            })
            .collect(),
        Kind::Schedules => SCHEDULES
            .iter()
            .map(|row| line(row.id, &[row.formula, &row.keys.join(", "), row.paper]))
            .collect(),
        Kind::Surfaces => SURFACES
            .iter()
            .map(|surface| line(surface.id, &[surface.about, surface.formula]))
            .collect(),
        Kind::Datasets => dataset::built_in()
            .map(|set| {
                let [features, target] = datasets::lines(set);
                line(set.name, &[set.about, &features, &target, set.from])
            })
            .collect(),
    }
}

/// A name, and what there is to say about it below each other.
fn line(name: &str, about: &[&str]) -> String {
    let names = [name].into_iter().chain(std::iter::repeat(""));
    let about = about.iter().filter(|about| !about.is_empty());
    let lines: Vec<String> = names
        .zip(about)
        .map(|(name, about)| format!("  {name:<0$}{about}\n", INDENT - 2))
        .collect();
    lines.concat()
}

/// `beta 0.9`.
fn shown(row: &Hyperparameter) -> String {
    format!("{} {}", row.name, plain(&row.kind.default()))
}

fn plain(setting: &Setting) -> String {
    match setting {
        Setting::Number(x) if *x != 0.0 && x.abs() < 1e-4 => format!("{x:e}"),
        Setting::Number(x) => x.to_string(),
        Setting::Switch(on) => on.to_string(),
        Setting::Word(word) => word.clone(),
    }
}

fn objects(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Scenarios => SHIPPED
            .iter()
            .map(|shipped| {
                let scenario = read(shipped);
                let racers: Vec<&str> = scenario.racers.iter().map(|racer| &*racer.label).collect();
                json!({
                    "name": shipped.name,
                    "title": scenario.title,
                    "about": scenario.about,
                    "racers": racers,
                })
            })
            .collect(),
        Kind::Optimizers => optim::REGISTRY.iter().map(optimizer).collect(),
        Kind::Schedules => SCHEDULES
            .iter()
            .map(|row| {
                json!({
                    "name": row.id,
                    "formula": row.formula,
                    "paper": row.paper,
                    "keys": row.keys,
                })
            })
            .collect(),
        Kind::Surfaces => SURFACES
            .iter()
            .map(|surface| {
                json!({
                    "name": surface.id,
                    "about": surface.about,
                    "formula": surface.formula,
                    "variables": surface.variables,
                    "start": surface.start,
                    "minima": surface.minima,
                })
            })
            .collect(),
        Kind::Datasets => dataset::built_in().map(datasets::object).collect(),
    }
}

fn optimizer(row: &optim::Entry) -> Value {
    let hyperparameters: Vec<Value> = row
        .hyperparameters
        .iter()
        .map(|row| {
            let default = match row.kind.default() {
                Setting::Number(x) => json!(x),
                Setting::Switch(on) => json!(on),
                Setting::Word(word) => json!(word),
            };
            json!({ "name": row.name, "default": default, "about": row.about })
        })
        .collect();
    json!({
        "name": row.id,
        "title": row.name,
        "idea": row.idea,
        "paper": row.paper,
        "rule": (row.rule)(&optim::Settings::defaults(row)).lines,
        "note": row.note,
        "full_batch": row.full_batch,
        "hyperparameters": hyperparameters,
    })
}

fn read(shipped: &Shipped) -> Scenario {
    check(&shipped.source(), &Options::default()).expect("the tests check every shipped scenario")
}
