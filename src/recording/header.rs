//! The first line of a recording as serde sees it, and the way from and to [`Meta`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::FORMAT;
use crate::optim::Setting;
use crate::problem::Part;
use crate::race::snapshot::{Entered, Meta};
use crate::scenario::{Metric, Pace, Target};
use crate::text::{clean, is_unsafe};

/// The most racers of a race, and the most variables of a surface.
const MOST: usize = 64;

#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    format: String,
    version: String,
    scenario: Scenario,
    seed: u64,
    target: Map<String, Value>,
    hold: u64,
    limit: u64,
    examples: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    streamed: bool,
    surface: bool,
    parameters: usize,
    /// What the parameters of a surface are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    variables: Vec<String>,
    timed: bool,
    show: Show,
    racers: Vec<Racer>,
}

#[derive(Serialize, Deserialize)]
struct Scenario {
    name: String,
    title: String,
    about: String,
    digest: String,
    text: String,
    set: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Show {
    seconds: f64,
    pace: String,
}

#[derive(Serialize, Deserialize)]
struct Racer {
    label: String,
    optimizer: String,
    /// The lines of a rule that the scenario gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rule: Vec<String>,
    hyperparameters: Map<String, Value>,
    /// A number, `"all"` by choice, or null for an optimizer that always takes all.
    batch: Value,
    evaluate_every: u64,
}

impl From<&Meta> for Header {
    fn from(meta: &Meta) -> Self {
        let target = [
            (metric(meta.target.metric), meta.target.value.into()),
            ("on", part(meta.target.on).into()),
        ];
        Self {
            format: FORMAT.to_owned(),
            version: meta.version.clone(),
            scenario: Scenario {
                name: meta.name.clone(),
                title: meta.title.clone(),
                about: meta.about.clone(),
                digest: meta.digest.clone(),
                text: meta.text.to_string(),
                set: meta.set.clone(),
            },
            seed: meta.seed,
            target: target
                .map(|(name, value)| (name.to_owned(), value))
                .into_iter()
                .collect(),
            hold: meta.hold,
            limit: meta.limit,
            examples: meta.examples,
            streamed: meta.streamed,
            surface: meta.surface,
            parameters: meta.parameters,
            variables: meta.variables.clone(),
            timed: meta.timed,
            show: Show {
                seconds: meta.show_seconds,
                pace: pace(meta.pace).to_owned(),
            },
            racers: meta.racers.iter().map(Racer::from).collect(),
        }
    }
}

impl From<&Entered> for Racer {
    fn from(entered: &Entered) -> Self {
        let value = |setting: &Setting| match setting {
            Setting::Number(x) => Value::from(*x),
            Setting::Switch(on) => Value::from(*on),
            Setting::Word(word) => Value::from(word.as_str()),
        };
        let hyperparameters = entered.hyperparameters.iter();
        Self {
            label: entered.label.clone(),
            optimizer: entered.optimizer.clone(),
            rule: entered.rule.clone(),
            hyperparameters: hyperparameters
                .map(|(name, setting)| (name.clone(), value(setting)))
                .collect(),
            batch: match entered.batch {
                Some(batch) => batch.into(),
                None if entered.full_batch => Value::Null,
                None => "all".into(),
            },
            evaluate_every: entered.evaluate_every,
        }
    }
}

impl Header {
    /// What the header says, its names cleaned; or what is wrong with it.
    pub(super) fn meta(self) -> Result<Meta, String> {
        if self.racers.is_empty() || self.racers.len() > MOST {
            return Err(format!("a race has 1 to {MOST} racers"));
        }
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let valid = [
            ("hold", self.hold > 0),
            ("examples", self.examples > 0),
            ("parameters", !self.surface || self.parameters <= MOST),
            (
                "variables",
                [0, self.parameters].contains(&self.variables.len()),
            ),
            ("show.seconds", positive(self.show.seconds)),
        ];
        if let Some((name, _)) = valid.iter().find(|(_, valid)| !valid) {
            return Err(bad(name));
        }
        let pace = [Pace::Iterations, Pace::Samples, Pace::Time]
            .into_iter()
            .find(|&known| pace(known) == self.show.pace);
        let scenario = self.scenario;
        let text = scenario.text.chars();
        let text = text.filter(|&c| matches!(c, '\n' | '\t') || !is_unsafe(c));
        let racers = self.racers.into_iter().map(Racer::entered);
        Ok(Meta {
            version: clean(&self.version),
            name: clean(&scenario.name),
            title: clean(&scenario.title),
            about: clean(&scenario.about),
            digest: clean(&scenario.digest),
            text: text.collect::<String>().into(),
            set: scenario.set.iter().map(|set| clean(set)).collect(),
            // They are in the text.
            add: vec![],
            // A recording keeps no race that was changed on the screen.
            edited: false,
            seed: self.seed,
            target: read_target(&self.target).ok_or_else(|| bad("target"))?,
            hold: self.hold,
            limit: self.limit,
            examples: self.examples,
            streamed: self.streamed,
            surface: self.surface,
            parameters: self.parameters,
            variables: self.variables.iter().map(|name| clean(name)).collect(),
            timed: self.timed,
            show_seconds: self.show.seconds,
            pace: pace.ok_or_else(|| bad("show.pace"))?,
            racers: racers.collect::<Result<_, _>>()?,
        })
    }
}

impl Racer {
    fn entered(self) -> Result<Entered, String> {
        let label = clean(&self.label);
        if label.is_empty() {
            return Err(bad("label"));
        }
        if self.evaluate_every == 0 {
            return Err(bad("evaluate_every"));
        }
        let (batch, full_batch) = match &self.batch {
            Value::Null => (None, true),
            Value::String(all) if all == "all" => (None, false),
            batch => match batch.as_u64() {
                Some(batch @ 1..) => (Some(batch), false),
                _ => return Err(bad("batch")),
            },
        };
        let hyperparameters = self.hyperparameters.into_iter().map(|(name, value)| {
            let setting = match &value {
                Value::Number(x) => x.as_f64().map(Setting::Number),
                Value::Bool(on) => Some(Setting::Switch(*on)),
                Value::String(word) => Some(Setting::Word(clean(word))),
                _ => None,
            };
            let setting = setting.ok_or_else(|| bad("hyperparameters"))?;
            Ok((clean(&name), setting))
        });
        Ok(Entered {
            hyperparameters: hyperparameters.collect::<Result<_, String>>()?,
            optimizer: clean(&self.optimizer),
            rule: self.rule.iter().map(|line| clean(line)).collect(),
            batch,
            full_batch,
            evaluate_every: self.evaluate_every,
            forks: vec![],
            label,
        })
    }
}

fn bad(name: &str) -> String {
    format!("the header's `{name}` is not valid")
}

fn metric(metric: Metric) -> &'static str {
    match metric {
        Metric::Loss => "loss",
        Metric::Accuracy => "accuracy",
    }
}

fn part(part: Part) -> &'static str {
    match part {
        Part::Train => "train",
        Part::Test => "test",
    }
}

fn pace(pace: Pace) -> &'static str {
    match pace {
        Pace::Iterations => "iterations",
        Pace::Samples => "samples",
        Pace::Time => "time",
    }
}

fn read_target(target: &Map<String, Value>) -> Option<Target> {
    let on = target.get("on")?.as_str()?;
    let (metric, value) = [Metric::Loss, Metric::Accuracy]
        .into_iter()
        .find_map(|known| Some((known, target.get(metric(known))?.as_f64()?)))?;
    let mut parts = [Part::Train, Part::Test].into_iter();
    let on = parts.find(|&known| part(known) == on)?;
    Some(Target { metric, value, on })
}
