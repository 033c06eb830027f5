//! `[[racer]]`: who races, with which hyperparameters, under which label.

use super::section::{Section, integer};
use super::{entrants, narrow, rates, rule};
use crate::optim::{self, Entry, Hyperparameter, Kind, Method, REGISTRY, Setting, Settings};
use crate::scenario::mistake::Mistake;
use crate::scenario::raw::{Node, Table, Value};
use crate::scenario::{Entrant, steps_in};

/// At most so many racers.
pub(super) const MOST: usize = 64;

/// What every racer can have.
pub(super) const KEYS: &[&str] = &[
    "optimizer",
    "rule",
    "learning_rate",
    "batch",
    "label",
    "start",
    "clip_norm",
    "weight_decay",
];

/// What racers must fit.
#[derive(Debug, Default)]
pub(super) struct Ground {
    /// Whether they run on a surface; `None` where there are both or neither.
    pub surface: Option<bool>,
    /// What a full gradient costs, if that is known.
    pub examples: Option<usize>,
    /// The number of a surface's variables, if that is known.
    pub variables: Option<usize>,
    /// Whether they compute in single precision.
    pub single: bool,
    /// The most steps and epochs, as far as they are known.
    pub limits: (Option<u64>, Option<f64>),
}

impl Ground {
    /// The most steps of a racer with such a batch, if that is known.
    fn steps(&self, batch: Option<Batch>) -> Option<u64> {
        let (steps, epochs) = self.limits;
        let by_epochs = epochs.and_then(|epochs| {
            let examples = self.examples?;
            Some(steps_in(epochs, examples, batch?.size()))
        });
        [steps, by_epochs].into_iter().flatten().min()
    }
}

/// The entrants, as many as `nodes`, in the file with `text`; `None` for those with mistakes.
pub(super) fn check(
    nodes: &[Node],
    ground: &Ground,
    text: &str,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Option<Entrant>> {
    if nodes.len() > MOST {
        let message = format!("there are {} racers", nodes.len());
        let expected = format!("expected at most {MOST}");
        mistakes.push(Mistake::new(nodes[MOST].place, message, expected));
    }
    let nodes = &nodes[..nodes.len().min(MOST)];
    let labels = entrants::labels(nodes);
    unique(nodes, mistakes);
    nodes
        .iter()
        .zip(labels)
        .map(|(node, label)| racer(node, label, ground, text, mistakes))
        .collect()
}

/// Reports labels that are given twice.
fn unique(nodes: &[Node], mistakes: &mut Vec<Mistake>) {
    let mut seen: Vec<String> = vec![];
    for node in nodes {
        let Some((label, place)) = entrants::explicit_label(node) else {
            continue;
        };
        if seen.contains(&label) {
            let message = format!("two racers have the label \"{label}\"");
            mistakes.push(Mistake::new(
                place,
                message,
                "expected a label of its own for each racer",
            ));
        }
        seen.push(label);
    }
}

fn racer(
    node: &Node,
    label: Option<String>,
    ground: &Ground,
    text: &str,
    mistakes: &mut Vec<Mistake>,
) -> Option<Entrant> {
    let (entry, rule) = match &node.value {
        Value::Table(table) => (optimizer(table), rule::Rule::read(table)),
        _ => (None, None),
    };
    // Where the optimizer is not known, a hyperparameter of any is no unknown key.
    let rows = REGISTRY
        .iter()
        .filter(|known| entry.map_or(rule.is_none(), |entry| entry.id == known.id))
        .flat_map(|known| known.hyperparameters.iter().map(|row| row.name));
    let mut keys: Vec<&str> = KEYS.iter().copied().chain(rows).collect();
    keys.extend(rule.iter().flat_map(rule::Rule::keys));
    let mut seen = vec![];
    keys.retain(|key| {
        !seen.contains(key) && {
            seen.push(*key);
            true
        }
    });

    let mut section = Section::open("[[racer]]", node, &keys, mistakes)?;
    if rule.is_some() {
        let message = "there are `optimizer` and `rule`";
        section.forbid("optimizer", message, "expected one of them");
    } else {
        section.require("optimizer", "the name of an optimizer, or else `rule`");
    }
    let names: Vec<&str> = REGISTRY.iter().map(|entry| entry.id).collect();
    section.choice("optimizer", &names);
    let label_fits = section.get("label").is_none() || section.text("label", 1, 24).is_some();
    let method = match &rule {
        Some(rule) => rule
            .check(&mut section, text)
            .map(|(rule, settings)| (Method::Written(rule), settings)),
        None => entry.map(|entry| (entry.into(), settings(&mut section, entry, ground))),
    };
    let is_known = entry.is_some() || rule.is_some();
    let batch = batch(&mut section, entry, is_known, ground);
    let decays = entry.is_some_and(|entry| {
        let mut rows = entry.hyperparameters.iter();
        rows.any(|row| row.name == rates::DECAY)
    });
    let rates = rates::check(&mut section, ground.steps(batch), ground.single, decays);
    let start = start(&mut section, ground);
    let (optimizer, settings) = method?;
    let (learning_rate, regime) = rates?;
    Some(Entrant {
        label: label.filter(|_| label_fits)?,
        optimizer,
        learning_rate,
        regime,
        settings,
        batch: batch?.size(),
        start,
        forks: vec![],
    })
}

/// The registry's row that a racer names.
fn optimizer(racer: &Table) -> Option<&'static Entry> {
    match &racer.get("optimizer")?.node.value {
        Value::Text(id) => optim::find(id),
        _ => None,
    }
}

fn settings(section: &mut Section<'_>, entry: &'static Entry, ground: &Ground) -> Settings {
    let mut settings = Settings::defaults(entry);
    for row in entry.hyperparameters {
        if let Some(value) = setting(section, row, ground) {
            settings = settings.with(row.name, value);
        }
    }
    settings
}

fn setting(section: &mut Section<'_>, row: &Hyperparameter, ground: &Ground) -> Option<Setting> {
    match &row.kind {
        Kind::Switch { .. } => Some(Setting::Switch(section.switch(row.name)?.value)),
        Kind::Choice { words } => {
            let word = words[section.choice(row.name, words)?.value];
            Some(Setting::Word(word.to_owned()))
        }
        Kind::Number { low, high, .. } => {
            let mut expected = if high.is_finite() {
                format!("a number from {low} to below {high}")
            } else {
                format!("a number, {low} or more")
            };
            if ground.single {
                expected += " (in single precision)";
            }
            let fits = |x: f64| (*low..*high).contains(&x);
            let value = section.number(row.name, &expected, |x| {
                fits(x) && fits(narrow(x, ground.single))
            })?;
            Some(Setting::Number(value.value))
        }
    }
}

/// How many examples a gradient is over.
#[derive(Clone, Copy)]
enum Batch {
    All,
    Of(usize),
}

impl Batch {
    fn size(self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Of(size) => Some(size),
        }
    }
}

fn batch(
    section: &mut Section<'_>,
    entry: Option<&Entry>,
    is_known: bool,
    ground: &Ground,
) -> Option<Batch> {
    if let Some(entry) = entry.filter(|entry| entry.full_batch) {
        let message = format!("`{}` has no batch: it always takes all examples", entry.id);
        section.forbid("batch", &message, "expected no `batch`, or `sgd`");
        return section.get("batch").is_none().then_some(Batch::All);
    }
    if section.get("batch").is_none() {
        if ground.surface == Some(false) && is_known {
            section.require("batch", "a number of examples, or \"all\"");
        }
        return (ground.surface == Some(true)).then_some(Batch::Of(1));
    }
    let most = ground.examples.unwrap_or(usize::MAX) as u64;
    let expected = match ground.examples {
        Some(examples) => format!("an integer from 1 to {examples} (all examples), or \"all\""),
        None => "an integer, 1 or more, or \"all\"".to_owned(),
    };
    let batch = section.read("batch", &expected, |value| match value {
        Value::Text(all) if all == "all" => Some(Batch::All),
        _ => integer(value, 1, most).map(|size| Batch::Of(size as usize)),
    })?;
    Some(batch.value)
}

fn start(section: &mut Section<'_>, ground: &Ground) -> Option<Vec<f64>> {
    if ground.surface == Some(false) {
        section.forbid(
            "start",
            "a racer has a start of its own only on a surface",
            "expected no `start`: `init` in [model] draws it",
        );
        return None;
    }
    section.point("start", ground.variables)
}
