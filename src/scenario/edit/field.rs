//! What of a scenario can be changed, and what it is now.

use super::around::OFF;
use crate::optim::schedule::SCHEDULES;
use crate::optim::{Kind, Setting};
use crate::scenario::{Entrant, Metric, Scenario, Task};
use crate::text::{count, short};

/// Something that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The seed.
    Seed,
    /// The loss or accuracy to reach.
    Target,
    /// A coordinate of the surface's start.
    Start(usize),
    /// Something of the racer with this index.
    Racer(usize, Part),
}

/// What of a racer can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its optimizer.
    Optimizer,
    /// Its learning rate.
    LearningRate,
    /// How that changes over the steps.
    Schedule,
    /// Its batch.
    Batch,
    /// The hyperparameter of this place among its settings.
    Hyperparameter(usize),
    /// The length that its gradients are clipped to.
    ClipNorm,
    /// The decay of its weights beside its rule.
    WeightDecay,
    /// A coordinate of its own start.
    Start(usize),
}

/// One line of the editor.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What it changes.
    pub key: Key,
    /// How it is called: as in the file.
    pub name: String,
    /// What it is now, as in the file.
    pub value: String,
    /// What it was before, where that is something else.
    pub was: Option<String>,
    /// What it may be.
    pub limits: String,
    /// What it does, in a line; may be empty.
    pub about: &'static str,
}

impl Key {
    /// Whose it is: a racer's index.
    pub fn racer(self) -> Option<usize> {
        match self {
            Self::Racer(racer, _) => Some(racer),
            Self::Seed | Self::Target | Self::Start(_) => None,
        }
    }

    /// Which coordinate of a start it is, if it is one.
    pub fn coordinate(self) -> Option<usize> {
        match self {
            Self::Start(i) | Self::Racer(_, Part::Start(i)) => Some(i),
            _ => None,
        }
    }
}

/// The start of a racer, or the surface's; none of a model.
pub fn start(scenario: &Scenario, racer: Option<usize>) -> Option<&[f64]> {
    let Task::Surface(task) = &scenario.task else {
        return None;
    };
    let own = racer.and_then(|racer| scenario.racers.get(racer)?.start.as_deref());
    Some(own.unwrap_or(&task.start))
}

/// All fields of `now`, which was `before` in the beginning.
pub fn fields(now: &Scenario, before: &Scenario) -> Vec<Field> {
    let field = |key: Key| {
        let value = value(now, key)?;
        let was = self::was(now, before, key).filter(|was| *was != value);
        let was = was.filter(|_| is_own(now, key) || is_own(before, key));
        let (name, limits, about) = described(now, key);
        Some(Field {
            key,
            name,
            value,
            was,
            limits,
            about,
        })
    };
    keys(now).into_iter().filter_map(field).collect()
}

/// Whether it is of the racer itself: a start may be the surface's.
fn is_own(scenario: &Scenario, key: Key) -> bool {
    match key {
        Key::Racer(racer, Part::Start(_)) => {
            let racer = scenario.racers.get(racer);
            racer.is_some_and(|racer| racer.start.is_some())
        }
        _ => true,
    }
}

/// What can be changed, in the order of the editor.
fn keys(scenario: &Scenario) -> Vec<Key> {
    let variables = start(scenario, None).map_or(0, <[f64]>::len);
    let mut keys = vec![Key::Seed, Key::Target];
    keys.extend((0..variables).map(Key::Start));
    for (i, racer) in scenario.racers.iter().enumerate() {
        let settings = 0..racer.settings.0.len();
        let mut parts = vec![Part::Optimizer, Part::LearningRate, Part::Schedule];
        parts.extend((!racer.optimizer.full_batch()).then_some(Part::Batch));
        parts.extend(settings.map(Part::Hyperparameter));
        parts.push(Part::ClipNorm);
        // Where the rule has a decay of its own, the key means that one.
        let decays = setting(racer, "weight_decay").is_some();
        parts.extend((!decays).then_some(Part::WeightDecay));
        parts.extend((0..variables).map(Part::Start));
        keys.extend(parts.into_iter().map(|part| Key::Racer(i, part)));
    }
    keys
}

/// What a key is now, as in the file; none where there is no such thing.
fn value(scenario: &Scenario, key: Key) -> Option<String> {
    let of = |racer: usize| scenario.racers.get(racer);
    Some(match key {
        Key::Seed => scenario.seed.to_string(),
        Key::Target => short(scenario.finish.target.value),
        Key::Start(i) => short(*start(scenario, None)?.get(i)?),
        Key::Racer(racer, Part::Start(i)) => short(*start(scenario, Some(racer))?.get(i)?),
        Key::Racer(racer, Part::Optimizer) => of(racer)?.optimizer.id().to_owned(),
        Key::Racer(racer, Part::LearningRate) => short(of(racer)?.learning_rate),
        Key::Racer(racer, Part::Batch) => batch(of(racer)?.batch),
        Key::Racer(racer, Part::Schedule) => of(racer)?.regime.schedule.row().id.to_owned(),
        Key::Racer(racer, Part::ClipNorm) => {
            let norm = of(racer)?.regime.clip_norm;
            norm.map_or_else(|| OFF.to_owned(), short)
        }
        Key::Racer(racer, Part::WeightDecay) => short(of(racer)?.regime.weight_decay),
        Key::Racer(racer, Part::Hyperparameter(i)) => shown(&of(racer)?.settings.0.get(i)?.1),
    })
}

/// What a key of `now` was `before`: a hyperparameter by its name, since another optimizer has
/// others.
fn was(now: &Scenario, before: &Scenario, key: Key) -> Option<String> {
    let Key::Racer(racer, Part::Hyperparameter(i)) = key else {
        return value(before, key);
    };
    let (name, _) = now.racers.get(racer)?.settings.0.get(i)?;
    Some(shown(setting(before.racers.get(racer)?, name)?))
}

/// A racer's value of a hyperparameter, if its optimizer has it.
fn setting<'a>(racer: &'a Entrant, name: &str) -> Option<&'a Setting> {
    let mut settings = racer.settings.0.iter();
    let (_, value) = settings.find(|(known, _)| *known == name)?;
    Some(value)
}

/// The value of a hyperparameter as in the file, but without quotes.
pub fn shown(value: &Setting) -> String {
    match value {
        Setting::Number(x) => short(*x),
        Setting::Switch(on) => on.to_string(),
        Setting::Word(word) => word.clone(),
    }
}

/// A batch as in the file.
pub fn batch(size: Option<usize>) -> String {
    size.map_or_else(|| "all".to_owned(), |size| size.to_string())
}

/// How a key is called, what it may be, and what it does.
fn described(scenario: &Scenario, key: Key) -> (String, String, &'static str) {
    let variable = |i: usize| match &scenario.task {
        Task::Surface(task) => task.function.variables()[i],
        Task::Model(_) => "",
    };
    let of = |name: &str, limits: &str, about| (name.to_owned(), limits.to_owned(), about);
    match key {
        Key::Seed => of("seed", "0 or more", "all chance comes from it"),
        Key::Target => match scenario.finish.target.metric {
            Metric::Loss => of("target loss", "a number", "a racer is done at or below it"),
            Metric::Accuracy => of(
                "target accuracy",
                "0 to 1",
                "a racer is done at or above it",
            ),
        },
        Key::Start(i) => {
            let name = format!("start {}", variable(i));
            (
                name,
                "a number".to_owned(),
                "where racers start that have no start of their own",
            )
        }
        Key::Racer(_, Part::Start(i)) => {
            let name = format!("start {}", variable(i));
            (name, "a number".to_owned(), "where it starts")
        }
        Key::Racer(racer, part) => described_part(scenario, &scenario.racers[racer], part),
    }
}

fn described_part(
    scenario: &Scenario,
    racer: &Entrant,
    part: Part,
) -> (String, String, &'static str) {
    match part {
        Part::Optimizer => {
            let all = crate::optim::REGISTRY.iter().map(|entry| entry.id);
            let limits = all.collect::<Vec<_>>().join(", ");
            ("optimizer".to_owned(), limits, racer.optimizer.idea())
        }
        Part::Batch => {
            let limits = format!("1 to {}, or all", count(scenario.examples() as u64));
            (
                "batch".to_owned(),
                limits,
                "how many examples a gradient is over",
            )
        }
        Part::Schedule => {
            let all = SCHEDULES.iter().map(|row| row.id).collect::<Vec<_>>();
            (
                "schedule".to_owned(),
                all.join(", "),
                racer.regime.schedule.row().formula,
            )
        }
        Part::ClipNorm => (
            "clip_norm".to_owned(),
            format!("above 0, or {OFF}"),
            "longer gradients are scaled down to it",
        ),
        Part::WeightDecay => (
            "weight_decay".to_owned(),
            "0 or more".to_owned(),
            "a step takes this share, times the rate, off every weight",
        ),
        Part::Hyperparameter(i) => {
            let name = &racer.settings.0[i].0;
            let row = racer.optimizer.hyperparameter(name);
            let limits = row.map_or("a number".to_owned(), |row| limits(&row.kind));
            let about = row.map_or("a number of its rule", |row| row.about);
            (name.to_string(), limits, about)
        }
        Part::LearningRate | Part::Start(_) => {
            let about = if racer.regime.schedule.is_constant() {
                "how far a step goes"
            } else {
                "how far a step goes at the peak of the schedule"
            };
            ("learning_rate".to_owned(), "above 0".to_owned(), about)
        }
    }
}

/// What a hyperparameter may be, and what it is where none is given.
fn limits(kind: &Kind) -> String {
    match kind {
        Kind::Number { default, low, high } if high.is_finite() => {
            let [default, low, high] = [default, low, high].map(|x| short(*x));
            format!("{low} to below {high}, default {default}")
        }
        Kind::Number { default, low, .. } => {
            format!("{} or more, default {}", short(*low), short(*default))
        }
        Kind::Switch { default } => format!("true or false, default {default}"),
        Kind::Choice { words } => format!("{}, default {}", words.join(" or "), words[0]),
    }
}
