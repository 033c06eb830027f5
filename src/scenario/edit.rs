//! A scenario being changed: every change is made in its text, and checked like any text, so that
//! nothing can be raced that could not be written to a file. No key or screen is known here.

use std::path::Path;

use toml_edit::{DocumentMut, Item};

use super::check::fold::folded;
use super::check::{Options, Source, check};
use super::{Entrant, Metric, Scenario, Task, steps_in};
use crate::optim::{self, Method, REGISTRY};
use crate::problem::dataset;
use crate::text::short;

mod around;
pub mod document;
pub mod field;
mod fork;
mod ladder;
mod next;
mod remarks;
#[cfg(test)]
mod tests;
pub mod tuned;

use field::{Field, Key, Part, fields, start};

/// A scenario that is being changed.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Where it came from, with the text as it is now.
    source: Source,
    /// The text before the first change.
    original: String,
    /// What that text means.
    before: Scenario,
    /// What the text means now.
    now: Scenario,
    max_memory: u64,
}

impl PartialEq for Edit {
    /// Whether both have the same text now.
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Edit {
    /// Begins with `scenario`, which was made of `source` and `options`.
    ///
    /// # Errors
    /// Why it cannot be changed.
    pub fn new(source: &Source, options: &Options, scenario: &Scenario) -> Result<Self, String> {
        let text = folded(source, options, scenario)?;
        let scenario = Scenario {
            text: text.as_str().into(),
            set: vec![],
            ..scenario.clone()
        };
        Ok(Self {
            source: Source {
                text: text.clone(),
                ..source.clone()
            },
            original: text,
            before: scenario.clone(),
            now: scenario,
            max_memory: options.max_memory,
        })
    }

    /// The scenario as it is now.
    pub fn scenario(&self) -> Scenario {
        Scenario {
            edited: self.is_changed(),
            ..self.now.clone()
        }
    }

    /// The racers as they are now.
    pub fn racers(&self) -> &[Entrant] {
        &self.now.racers
    }

    /// Whether anything is no longer as it was.
    pub fn is_changed(&self) -> bool {
        self.fields().iter().any(|field| field.was.is_some())
    }

    /// What can be changed, in the order of the file; the racers' fields stand together.
    pub fn fields(&self) -> Vec<Field> {
        fields(&self.now, &self.before)
    }

    /// The start that a key is a coordinate of.
    pub fn start(&self, key: Key) -> Option<&[f64]> {
        key.coordinate()?;
        start(&self.now, key.racer())
    }

    /// Sets what `key` stands for to the value that `text` means.
    ///
    /// # Errors
    /// Why it cannot be that; everything stays as it was.
    pub fn set(&mut self, key: Key, text: &str) -> Result<(), String> {
        let mut document = parsed(&self.source.text)?;
        let value = document::value(text);
        let point = |i: usize| Some(document::point(start(&self.now, key.racer())?, i, text));
        match key {
            Key::Seed => document::put(document.as_table_mut(), "seed", value),
            Key::Target => {
                let metric = match self.now.finish.target.metric {
                    Metric::Loss => "loss",
                    Metric::Accuracy => "accuracy",
                };
                let finish = document::section(&mut document, "finish").ok_or(STRANGE)?;
                document::put(finish, metric, value);
            }
            Key::Start(i) => {
                let point = point(i).ok_or(STRANGE)?;
                let surface = document::section(&mut document, "surface").ok_or(STRANGE)?;
                document::put(surface, "start", point);
            }
            Key::Racer(racer, part) => self.put(&mut document, racer, part, text)?,
        }
        self.take(&document)
    }

    /// Sets something of a racer.
    fn put(
        &self,
        document: &mut DocumentMut,
        racer: usize,
        part: Part,
        text: &str,
    ) -> Result<(), String> {
        let entrant = &self.now.racers[racer];
        let name = match part {
            Part::Optimizer => return self.enter(document, racer, text),
            Part::Schedule => return self.reschedule(document, racer, text),
            Part::LearningRate => "learning_rate",
            Part::Batch => "batch",
            Part::Hyperparameter(i) => &*entrant.settings.0[i].0,
            Part::ClipNorm => "clip_norm",
            Part::WeightDecay => "weight_decay",
            Part::Start(_) => "start",
        };
        let value = match part {
            Part::Start(i) => {
                let start = start(&self.now, Some(racer)).ok_or(STRANGE)?;
                document::point(start, i, text)
            }
            _ => document::value(text),
        };
        let table = document::racer(document, racer).ok_or(STRANGE)?;
        match table.get_mut(name).and_then(Item::as_table_like_mut) {
            // Of a schedule the peak is changed.
            Some(schedule) => document::put(schedule, "peak", value),
            None if part == Part::ClipNorm && text == around::OFF => drop(table.remove(name)),
            None => document::put(table, name, value),
        }
        Ok(())
    }

    /// Sets the whole start that a key is a coordinate of.
    ///
    /// # Errors
    /// Why racers cannot start there; everything stays as it was.
    pub fn place(&mut self, key: Key, at: &[f64]) -> Result<(), String> {
        let kept = self.clone();
        for (i, x) in at.iter().enumerate() {
            let key = match key {
                Key::Racer(racer, _) => Key::Racer(racer, Part::Start(i)),
                _ => Key::Start(i),
            };
            if let Err(why) = self.set(key, &short(*x)) {
                *self = kept;
                return Err(why);
            }
        }
        Ok(())
    }

    /// Another optimizer for a racer: what the new one does not know goes, and what it had in the
    /// beginning comes back.
    fn enter(&self, document: &mut DocumentMut, racer: usize, id: &str) -> Result<(), String> {
        let usual = self.usual_batch();
        let mut original = parsed(&self.original)?;
        let own = document::racer(&mut original, racer).ok_or(STRANGE)?;
        let table = document::racer(document, racer).ok_or(STRANGE)?;
        if let Some((method, rows)) = self.entered(racer, id) {
            let batch = !method.full_batch();
            let known = |key: &str| batch && key == "batch" || rows.contains(&key);
            let foreign = REGISTRY.iter().flat_map(|other| other.hyperparameters);
            let settings = self.now.racers[racer].settings.0.iter();
            let foreign = foreign
                .map(|row| row.name)
                .chain(settings.map(|(name, _)| &**name))
                .chain(["batch", "optimizer", "rule"]);
            // Weights can decay beside any optimizer.
            let stays = |key: &str| known(key) || key == "weight_decay";
            for key in foreign.filter(|key| !stays(key)) {
                table.remove(key);
            }
            for key in rows
                .iter()
                .copied()
                .chain(["batch"])
                .filter(|key| known(key))
            {
                if let (false, Some(item)) = (table.contains_key(key), own.get(key)) {
                    table.insert(key, item.clone());
                }
            }
            if let (true, false, Some(usual)) = (known("batch"), table.contains_key("batch"), usual)
            {
                document::put(table, "batch", usual.into());
            }
        }
        if id != Method::WRITTEN {
            document::put(table, "optimizer", id.into());
        }
        Ok(())
    }

    /// Another schedule for the learning rate of a racer.
    fn reschedule(&self, document: &mut DocumentMut, racer: usize, id: &str) -> Result<(), String> {
        let (entrant, finish) = (&self.now.racers[racer], &self.now.finish);
        let by_epochs = |epochs| steps_in(epochs, self.now.examples(), entrant.batch);
        let steps = finish.steps.or_else(|| finish.epochs.map(by_epochs));
        let mut original = parsed(&self.original)?;
        let own = document::racer(&mut original, racer).ok_or(STRANGE)?;
        let table = document::racer(document, racer).ok_or(STRANGE)?;
        around::put_schedule(table, own, entrant, steps.unwrap_or(1), id);
        Ok(())
    }

    /// What a racer steps by when `id` is entered, and the keys that say how: an optimizer, or the
    /// rule that it had in the beginning.
    fn entered(&self, racer: usize, id: &str) -> Option<(Method, Vec<&str>)> {
        if let Some(entry) = optim::find(id) {
            let rows = entry.hyperparameters.iter().map(|row| row.name);
            return Some((entry.into(), rows.chain(["optimizer"]).collect()));
        }
        let method = &self.before.racers[racer].optimizer;
        let rule = method.written().filter(|_| id == Method::WRITTEN)?;
        let rows = rule.hyperparameters().iter().map(String::as_str);
        Some((method.clone(), rows.chain(["rule"]).collect()))
    }

    /// The batch of a racer that needs one and has none: as the others, or 64.
    fn usual_batch(&self) -> Option<i64> {
        let Task::Model(_) = &self.now.task else {
            return None;
        };
        let others = self.now.racers.iter().find_map(|racer| racer.batch);
        let batch = others.unwrap_or(64.min(self.now.examples()));
        i64::try_from(batch).ok()
    }

    /// Takes the changed text, if it is valid.
    fn take(&mut self, document: &DocumentMut) -> Result<(), String> {
        let source = Source {
            text: document.to_string(),
            ..self.source.clone()
        };
        let options = Options {
            max_memory: self.max_memory,
            data: self.now.data().cloned(),
            ..Options::default()
        };
        match check(&source, &options) {
            Ok(scenario) => (self.source, self.now) = (source, scenario),
            Err(report) => {
                let mistake = report.mistakes().first();
                let why = mistake.map(|m| format!("{}: {}", m.message, m.expected));
                return Err(why.unwrap_or_else(|| STRANGE.to_owned()));
            }
        }
        Ok(())
    }

    /// The text for a file in another folder, with remarks on how `race` departed from it.
    ///
    /// # Errors
    /// If the path of its data cannot be written.
    pub fn file(&self, race: &Scenario) -> Result<String, String> {
        let mut document = parsed(&self.source.text)?;
        if let Some(data) = document::section(&mut document, "data") {
            let read = |key| data.get(key).and_then(toml_edit::Item::as_str);
            let source = read("source").ok_or(STRANGE)?;
            let source = Some(source).filter(|source| !dataset::is_built_in(source));
            let paths = [("source", source), ("labels", read("labels"))];
            let paths = paths.map(|(key, path)| (key, path.map(str::to_owned)));
            for (key, path) in paths {
                if let Some(path) = path.filter(|path| Path::new(path).is_relative()) {
                    let path = self.source.folder.join(path);
                    let path = path.to_str().ok_or("the path of its data is not UTF-8")?;
                    document::put(data, key, path.into());
                }
            }
        }
        Ok(remarks::of(race) + &document.to_string())
    }
}

const STRANGE: &str = "the scenario's text has a shape that cannot be changed here";

fn parsed(text: &str) -> Result<DocumentMut, String> {
    text.parse().map_err(|_| STRANGE.to_owned())
}
