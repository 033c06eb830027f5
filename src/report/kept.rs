//! A result that was kept: the object `slalom.result/1`, read back. No file is opened here.

use serde::Deserialize;
use serde_json::Value;

use super::json::FORMAT;
use crate::text::{clean, shorten};

/// A result, as far as others are compared with it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Kept {
    /// slalom's version that ran the race.
    pub version: String,
    /// What was raced.
    pub scenario: Scenario,
    /// The seed, the first of several.
    pub seed: u64,
    /// The racers, in the order of their ranks.
    pub racers: Vec<Racer>,
}

/// What was raced.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Scenario {
    /// Its short name.
    pub name: String,
    /// SHA-256 of the resolved scenario, in hexadecimal.
    pub digest: String,
    /// Changes made to its text by `--set`.
    #[serde(default)]
    pub set: Vec<String>,
    /// Racers that `--add` entered.
    #[serde(default)]
    pub add: Vec<String>,
    /// How it departed from its file, in words, if it did.
    #[serde(default)]
    pub departure: Option<String>,
}

/// What came out of it for one racer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Racer {
    /// Its name.
    pub label: String,
    /// Its optimizer's name in the registry.
    pub optimizer: String,
    /// How it ended, in one word.
    pub outcome: String,
    /// Its iterations-to-converge on the first seed.
    pub iterations_to_converge: Option<u64>,
    /// Its runs on several seeds.
    #[serde(default)]
    pub seeds: Option<Seeds>,
}

/// A racer's runs on several seeds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Seeds {
    /// Iterations-to-converge on each seed; `None` is never.
    pub iterations: Vec<Option<u64>>,
}

impl Kept {
    /// Reads a result from its JSON, its names cleaned; or says what is wrong with it.
    ///
    /// # Errors
    /// If it is no JSON, no result, one of another version, or lacks what every result has.
    pub fn parse(text: &str) -> Result<Self, String> {
        let reason = |error: &serde_json::Error| shorten(&error.to_string(), 200);
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            // A recording is many objects, of which the first says so.
            Err(_) if text.starts_with("{\"format\":\"slalom.recording/") => {
                return Err(RECORDING.to_owned());
            }
            Err(error) => return Err(format!("not a slalom result: {}", reason(&error))),
        };
        match value.get("format").and_then(Value::as_str) {
            Some(FORMAT) => {}
            Some(format) if format.starts_with("slalom.recording/") => {
                return Err(RECORDING.to_owned());
            }
            Some(format) => {
                let format = shorten(format, 40);
                return Err(format!(
                    "its format is `{format}`; this slalom reads {FORMAT}"
                ));
            }
            None => {
                let expected = "expected what `slalom SCENARIO --format json` prints";
                return Err(format!("not a slalom result: {expected}"));
            }
        }
        let mut kept = Self::deserialize(value)
            .map_err(|error| format!("the result is broken: {}", reason(&error)))?;
        kept.clean();
        kept.check()?;
        Ok(kept)
    }

    /// What it has is from outside, and will be shown.
    fn clean(&mut self) {
        let Self {
            version, scenario, ..
        } = self;
        let texts = [version, &mut scenario.name, &mut scenario.digest];
        let racers = self.racers.iter_mut();
        let racers = racers.flat_map(|r| [&mut r.label, &mut r.optimizer, &mut r.outcome]);
        let texts = texts.into_iter().chain(&mut scenario.departure);
        let texts = texts.chain(&mut scenario.set).chain(&mut scenario.add);
        for text in texts.chain(racers) {
            *text = clean(text);
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.racers.is_empty() {
            return Err("the result is broken: it has no racers".to_owned());
        }
        if self.runs() == 0 {
            return Err("the result is broken: it has no seeds".to_owned());
        }
        let last = self.seed.checked_add(self.runs() as u64 - 1);
        if last.is_none_or(|last| last > i64::MAX as u64) {
            return Err("the result is broken: its last seed is above 2^63 - 1".to_owned());
        }
        for (i, racer) in self.racers.iter().enumerate() {
            let label = &racer.label;
            if racer.runs() != self.racers[0].runs() {
                return Err(format!(
                    "the result is broken: `{label}` ran on another number of seeds than the others"
                ));
            }
            if self.racers[..i].iter().any(|other| other.label == *label) {
                return Err(format!(
                    "the result is broken: two racers are called `{label}`"
                ));
            }
        }
        Ok(())
    }

    /// How many seeds it was raced on.
    pub fn runs(&self) -> usize {
        self.racers[0].runs()
    }

    /// Whether it is of several seeds.
    pub fn has_seeds(&self) -> bool {
        self.racers[0].seeds.is_some()
    }

    /// Whether the race was stopped before its end.
    pub fn was_stopped(&self) -> bool {
        self.racers.iter().any(|racer| racer.outcome == "running")
    }
}

impl Racer {
    /// Its iterations-to-converge, one a seed; `None` is never.
    pub fn iterations(&self) -> Vec<Option<u64>> {
        match &self.seeds {
            Some(seeds) => seeds.iterations.clone(),
            None => vec![self.iterations_to_converge],
        }
    }

    fn runs(&self) -> usize {
        self.seeds
            .as_ref()
            .map_or(1, |seeds| seeds.iterations.len())
    }
}

const RECORDING: &str =
    "this is a recording: `slalom replay FILE --format json` makes a result of it";

#[cfg(test)]
mod tests {
    use super::*;

    /// A result with these members of its only racer.
    fn result(racer: &str) -> String {
        format!(
            r#"{{"format": "slalom.result/1", "version": "0.1.0", "seed": 3,
            "scenario": {{"name": "d\u001b[2J", "title": "D", "digest": "00"}},
            "racers": [{{"label": "A", "optimizer": "adam", "outcome": "limit", {racer}}}]}}"#
        )
    }

    #[test]
    fn one_seed_is_a_list_of_one() {
        let kept = Kept::parse(&result(r#""iterations_to_converge": null"#)).unwrap();
        assert_eq!(kept.racers[0].iterations(), [None]);
        assert_eq!((kept.runs(), kept.has_seeds()), (1, false));
        assert_eq!(kept.scenario.name, "d[2J");
        assert_eq!(kept.seed, 3);
        let seeds = r#""iterations_to_converge": 7, "seeds": {"iterations": [7, null]}"#;
        let kept = Kept::parse(&result(seeds)).unwrap();
        assert_eq!(kept.racers[0].iterations(), [Some(7), None]);
        assert_eq!((kept.runs(), kept.has_seeds()), (2, true));
    }

    #[test]
    fn what_is_no_result_is_told_what_it_is() {
        let refused = |text: &str| Kept::parse(text).unwrap_err();
        for (text, want) in [
            ("", "not a slalom result: EOF"),
            ("{", "not a slalom result: EOF"),
            ("[1]", "not a slalom result: expected what `slalom"),
            ("{\"format\": 3}", "not a slalom result: expected what"),
            (
                "{\"format\": \"slalom.result/9\"}",
                "its format is `slalom.result/9`; this slalom reads slalom.result/1",
            ),
            (
                "{\"format\":\"slalom.recording/1\"}\n{}",
                "this is a recording",
            ),
            (
                "{\"format\": \"slalom.recording/1\"}",
                "this is a recording",
            ),
            (
                "{\"format\": \"slalom.result/1\"}",
                "the result is broken: missing field `version`",
            ),
            (
                &result(r#""iterations_to_converge": -1"#),
                "the result is broken: invalid value: integer `-1`",
            ),
            (
                &result(r#""iterations_to_converge": 1.5"#),
                "the result is broken: invalid type: floating point",
            ),
        ] {
            let got = refused(text);
            assert!(got.starts_with(want), "{text}: {got}");
        }
        let twice = result(r#""x": 1}, {"label": "A", "optimizer": "b", "outcome": "limit""#);
        assert!(refused(&twice).contains("two racers are called `A`"));
        let uneven = r#""x": 1}, {"label": "B", "optimizer": "b", "outcome": "limit", "seeds": {"iterations": [1, 2]}"#;
        assert!(refused(&result(uneven)).contains("`B` ran on another number of seeds"));
        let none = r#""seeds": {"iterations": []}"#;
        assert!(refused(&result(none)).contains("it has no seeds"));
        let most = i64::MAX as u64;
        let seeds = |seed: u64| {
            let two = r#""iterations_to_converge": 1, "seeds": {"iterations": [1, 2]}"#;
            result(two).replace("\"seed\": 3", &format!("\"seed\": {seed}"))
        };
        assert!(Kept::parse(&seeds(most - 1)).is_ok());
        for seed in [most, u64::MAX] {
            assert!(refused(&seeds(seed)).contains("above 2^63 - 1"), "{seed}");
        }
        let one = result("");
        let start = &one[..one.find("[{").expect("its racers")];
        let nobody = format!("{start}[]}}");
        assert!(refused(&nobody).contains("it has no racers"), "{nobody}");
    }
}
