//! `rule`: an update rule written in the scenario, its hyperparameters, and where its mistakes are.

use std::sync::Arc;

use super::formula::{mistake, place};
use super::racers::KEYS;
use super::section::Section;
use crate::optim::written::{GIVEN, Reading, Written};
use crate::optim::{Setting, Settings, Text};
use crate::scenario::mistake::{Mistake, Place};
use crate::scenario::raw::{Entry, Node, Table, Value};

/// A rule's text, and what was made out of it.
pub(super) struct Rule<'a> {
    racer: &'a Table,
    entry: &'a Entry,
    /// The lines, each where it stands; none where the value is no list of texts.
    lines: Option<Vec<(&'a Node, String)>>,
    reading: Reading,
}

impl<'a> Rule<'a> {
    /// Reads the rule of a racer that has one.
    pub fn read(racer: &'a Table) -> Option<Self> {
        let entry = racer.get("rule")?;
        let lines = match &entry.node.value {
            Value::List(items) => items.iter().map(line).collect(),
            _ => None,
        };
        let texts: Vec<String> = lines
            .iter()
            .flatten()
            .map(|(_, text): &(&Node, String)| text.clone())
            .collect();
        Some(Self {
            racer,
            entry,
            lines,
            reading: Written::read(&texts),
        })
    }

    /// The keys that it asks for: whatever the racer has, where it is not known what these are.
    pub fn keys(&self) -> Vec<&str> {
        if self.lines.is_some() && self.reading.is_whole {
            let mentions = self.reading.hyperparameters.iter();
            let names = mentions.map(|mention| mention.name.as_str());
            // No hyperparameters either, but of these something else is said.
            names
                .chain(self.assigned().map(|entry| entry.key.as_str()))
                .collect()
        } else {
            let entries = self.racer.entries.iter();
            entries.map(|entry| entry.key.as_str()).collect()
        }
    }

    /// The rule and its hyperparameters, in the file with the text `file`, or all that is wrong with
    /// them.
    pub fn check(&self, section: &mut Section<'_>, file: &str) -> Option<(Arc<Written>, Settings)> {
        let node = &self.entry.node;
        let Some(lines) = &self.lines else {
            if let Value::List(items) = &node.value {
                let expected = "a line of text, such as \"w = w - learning_rate*g\"";
                section.items("rule", items, expected, |value| {
                    matches!(value, Value::Text(_)).then_some(())
                });
            } else {
                let expected = "a list of lines, such as [\"w = w - learning_rate*g\"]";
                section.refuse("rule", node, expected);
            }
            return None;
        };
        for entry in self.assigned() {
            let message = format!("`{}` is assigned by the rule", entry.key);
            let expected = "expected no such key: what a line assigns begins at zero";
            section.report(Mistake::new(entry.place, message, expected));
        }
        if let Err(misfits) = &self.reading.rule {
            for misfit in misfits {
                let line = misfit.line.and_then(|line| lines.get(line));
                let place = line.map_or(node.place, |(node, text)| {
                    place(&misfit.fault.span, text, node.place, file)
                });
                // Only functions can be unknown.
                section.report(mistake(misfit.fault.clone(), place, &[]));
            }
        }
        refuse_keys(section, lines, file);
        let settings = self.settings(section, lines, file);
        let rule = self.reading.rule.as_ref().ok()?;
        Some((Arc::new(rule.clone()), settings?))
    }

    /// What the racer's keys say of the rule's hyperparameters.
    fn settings(
        &self,
        section: &mut Section<'_>,
        lines: &[(&Node, String)],
        file: &str,
    ) -> Option<Settings> {
        let mut settings: Vec<Option<(Text, Setting)>> = vec![];
        for mention in &self.reading.hyperparameters {
            let name = &mention.name;
            let (node, text) = &lines[mention.line];
            let place = place(&mention.span, text, node.place, file);
            if KEYS.contains(&name.as_str()) {
                section.report(is_key(name, place));
                settings.push(None);
                continue;
            }
            if section.get(name).is_none() {
                let message = format!("`{name}` has no value");
                let expected =
                    "expected a key of this name in the racer, or a line that assigns it";
                let mistake = Mistake::new(place, message, expected);
                section.report(mistake.near(name, self.names(name)));
            }
            let value = section.number(name, "a finite number", |_| true);
            settings.push(value.map(|value| (name.clone().into(), Setting::Number(value.value))));
        }
        settings.into_iter().collect::<Option<_>>().map(Settings)
    }

    /// The racer's keys whose names are those of what lines assign.
    fn assigned(&self) -> impl Iterator<Item = &'a Entry> {
        self.racer.entries.iter().filter(|entry| {
            let key = &entry.key;
            self.reading.memory.contains(key) && !KEYS.contains(&key.as_str())
        })
    }

    /// All names but `other` that the rule can mean: those with a meaning, those that lines assign, and
    /// the racer's keys of its own.
    fn names(&self, other: &str) -> impl Iterator<Item = &str> {
        let assigned = self.reading.memory.iter().map(String::as_str);
        let keys = self.racer.entries.iter().map(|entry| entry.key.as_str());
        let own = keys.filter(|key| !KEYS.contains(key));
        let names = GIVEN.into_iter().chain(assigned).chain(own);
        names.filter(move |name| *name != other)
    }
}

/// Refuses what lines assign under the name of a key that every racer has.
fn refuse_keys(section: &mut Section<'_>, lines: &[(&Node, String)], file: &str) {
    for (node, text) in lines {
        let Some((name, _)) = text.split_once('=') else {
            continue;
        };
        let from = name.len() - name.trim_start().len();
        let name = name.trim();
        if KEYS.contains(&name) && !GIVEN.contains(&name) {
            let place = place(&(from..from + name.len()), text, node.place, file);
            section.report(is_key(name, place));
        }
    }
}

/// A name in a rule that every racer has as a key.
fn is_key(name: &str, place: Place) -> Mistake {
    let message = format!("`{name}` is a key of every racer");
    Mistake::new(place, message, "expected another name")
}

/// A line of a rule, if it is one.
fn line(node: &Node) -> Option<(&Node, String)> {
    match &node.value {
        Value::Text(text) => Some((node, text.clone())),
        _ => None,
    }
}
