//! What of a racer is tried beside its learning rate, and how budgets stay equal all the same.
//!
//! Each racer is tried with every combination of the values it has a hyperparameter for. One with
//! fewer combinations than another would have fewer runs, and the other's ranking would be bought: so
//! it gets as many times the rates instead, between those of the grid. With `beta1` in three values
//! Adam has 3 times 19 configurations, and gradient descent 57 rates. Where the numbers of
//! combinations do not divide each other, all racers get their least common multiple.

use std::sync::Arc;

use crate::optim::Setting;
use crate::race;
use crate::scenario::check::{Options, Source, check};
use crate::scenario::{Entrant, Scenario};
use crate::text;

/// The most configurations that a racer may have at each rate of the grid.
const MOST: usize = 1000;

/// A hyperparameter and the values it is tried at: `beta1=0.8,0.9`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// Its name in scenarios.
    pub name: String,
    /// Its values as they are written in scenarios.
    pub values: Vec<String>,
}

/// A racer with one combination of values; its learning rate is still to be set.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The combination.
    pub over: Vec<(String, Setting)>,
    /// The racer.
    pub racer: Entrant,
}

/// All combinations of one racer.
#[derive(Clone, Debug)]
pub struct Field {
    /// At least one.
    pub entries: Vec<Entry>,
    /// Into how many parts the thirds of the grid are cut for it.
    pub parts: u16,
}

impl Over {
    /// Reads `NAME=VALUE,VALUE,...`.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, values) = text.split_once('=').unwrap_or((text, ""));
        let values: Vec<String> = values.split(',').map(|v| v.trim().to_owned()).collect();
        if name.trim().is_empty() || values.iter().any(String::is_empty) {
            return Err("expected NAME=VALUE,VALUE,... such as beta1=0.8,0.9,0.95".to_owned());
        }
        Ok(Self {
            name: name.trim().to_owned(),
            values,
        })
    }
}

/// What is tried of each racer of `scenario`, which was made of `source` and `options`.
///
/// # Errors
/// Which of `over` cannot be tried, and why.
pub fn fields(
    scenario: &Scenario,
    source: &Source,
    options: &Options,
    over: &[Over],
) -> Result<Vec<Field>, String> {
    for (i, asked) in over.iter().enumerate() {
        known(scenario, asked)?;
        if over[..i].iter().any(|before| before.name == asked.name) {
            return Err(format!("--over {}: it is given twice", asked.name));
        }
    }
    let book = Book::new(scenario, source, options, over)?;
    let racers = 0..scenario.racers.len();
    let entries: Vec<Vec<Entry>> = racers
        .map(|racer| book.entries(racer, over))
        .collect::<Result<_, _>>()?;
    let all = entries
        .iter()
        .try_fold(1, |all, own| multiple(all, own.len()));
    let all = all.ok_or_else(|| {
        format!("--over: these are more than {MOST} configurations of each racer at each rate")
    })?;
    let field = |entries: Vec<Entry>| Field {
        parts: (all / entries.len()) as u16,
        entries,
    };
    Ok(entries.into_iter().map(field).collect())
}

/// What is tried where nothing is but the rates: each racer of `scenario` as it is entered.
pub fn as_entered(scenario: &Scenario) -> Vec<Field> {
    let field = |racer: &Entrant| Field {
        entries: vec![Entry {
            over: vec![],
            racer: racer.clone(),
        }],
        parts: 1,
    };
    scenario.racers.iter().map(field).collect()
}

/// Whether a racer has the hyperparameter.
fn has(scenario: &Scenario, racer: &Entrant, name: &str) -> bool {
    let all = race::entered(scenario, racer).hyperparameters;
    all.iter().any(|(known, _)| known == name)
}

/// Refuses what no racer has, and the learning rate.
fn known(scenario: &Scenario, asked: &Over) -> Result<(), String> {
    let name = text::shorten(&asked.name, 40);
    if asked.name == "learning_rate" {
        return Err(format!(
            "--over {name}: the rates are the grid's, the same for every racer"
        ));
    }
    let entered = |racer| race::entered(scenario, racer).hyperparameters;
    let mut names: Vec<String> = vec![];
    for (known, _) in scenario.racers.iter().flat_map(entered) {
        if known != "learning_rate" && !names.contains(&known) {
            names.push(known);
        }
    }
    if names.contains(&asked.name) {
        return Ok(());
    }
    let near = text::nearest(&asked.name, names.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!(", did you mean `{near}`?"));
    Err(if names.is_empty() {
        format!("--over {name}: no racer has hyperparameters beside the learning rate")
    } else {
        let names = names.join(", ");
        format!(
            "--over {name}: no racer has such a hyperparameter{near}\n  expected one of {names}"
        )
    })
}

/// The least common multiple, if it is not too large.
fn multiple(a: usize, b: usize) -> Option<usize> {
    let (mut x, mut y) = (a, b);
    while y > 0 {
        (x, y) = (y, x % y);
    }
    (a / x).checked_mul(b).filter(|&both| both <= MOST)
}

/// The scenario's text, to look racers up in with other values.
struct Book<'a> {
    scenario: &'a Scenario,
    source: &'a Source,
    options: Options,
    /// The number in the text, from 1, of each racer.
    numbers: Vec<usize>,
}

impl<'a> Book<'a> {
    fn new(
        scenario: &'a Scenario,
        source: &'a Source,
        options: &Options,
        over: &[Over],
    ) -> Result<Self, String> {
        let options = Options {
            data: scenario.data().map(Arc::clone),
            only: vec![],
            ..options.clone()
        };
        let mut numbers = vec![];
        if !over.is_empty() {
            let all = check(source, &options)
                .map_err(|report| report.to_string())?
                .racers;
            let numeric = |racer: &Entrant| racer.label.parse::<usize>().is_ok();
            if let Some(racer) = all.iter().find(|racer| numeric(racer)) {
                let label = &racer.label;
                return Err(format!("--over: the label `{label}` is taken for a number"));
            }
            let place = |racer: &Entrant| all.iter().position(|other| other.label == racer.label);
            numbers = scenario
                .racers
                .iter()
                .filter_map(place)
                .map(|i| i + 1)
                .collect();
        }
        Ok(Self {
            scenario,
            source,
            options,
            numbers,
        })
    }

    /// The combinations of a racer.
    fn entries(&self, racer: usize, over: &[Over]) -> Result<Vec<Entry>, String> {
        let own = &self.scenario.racers[racer];
        let mut entries = vec![Entry {
            over: vec![],
            racer: own.clone(),
        }];
        let mut sets = vec![vec![]];
        for asked in over
            .iter()
            .filter(|asked| has(self.scenario, own, &asked.name))
        {
            let before = std::mem::take(&mut sets);
            for sets_before in before {
                for value in &asked.values {
                    let set = (asked, value.as_str());
                    sets.push([&sets_before[..], &[set]].concat());
                }
            }
            if sets.len() > MOST {
                return Err(format!("--over: these are more than {MOST} combinations"));
            }
        }
        if sets != [vec![]] {
            entries = sets
                .iter()
                .map(|sets| self.entry(racer, sets))
                .collect::<Result<_, _>>()?;
        }
        for (i, entry) in entries.iter().enumerate() {
            if entries[..i].iter().any(|before| before.over == entry.over) {
                return Err(format!(
                    "--over: {} is to be tried twice",
                    shown(&entry.over)
                ));
            }
        }
        Ok(entries)
    }

    /// A racer with these values, as the scenario would be read with them in its text.
    fn entry(&self, racer: usize, sets: &[(&Over, &str)]) -> Result<Entry, String> {
        let number = self.numbers[racer];
        let set = |(over, value): &(&Over, &str)| format!("racer.{number}.{}={value}", over.name);
        let mut options = self.options.clone();
        options.set.extend(sets.iter().map(set));
        let refused = |report| {
            let label = &self.scenario.racers[racer].label;
            format!("--over cannot be tried of {label}:\n{report}")
        };
        let mut all = check(self.source, &options).map_err(refused)?.racers;
        let entrant = all.swap_remove(number - 1);
        let settings = race::entered(self.scenario, &entrant).hyperparameters;
        let tried = |(name, _): &(String, Setting)| sets.iter().any(|(over, _)| over.name == *name);
        Ok(Entry {
            over: settings.into_iter().filter(tried).collect(),
            racer: entrant,
        })
    }
}

/// `beta1=0.8 beta2=0.99`.
pub fn shown(over: &[(String, Setting)]) -> String {
    let one = |(name, value): &(String, Setting)| match value {
        Setting::Number(x) => format!("{name}={}", text::short(*x)),
        Setting::Switch(on) => format!("{name}={on}"),
        Setting::Word(word) => format!("{name}={word}"),
    };
    over.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::shipped;

    fn beale(over: &[&str], only: &[&str]) -> Result<Vec<Field>, String> {
        let source = shipped::find("beale").expect("it ships").source();
        let options = Options {
            only: only.iter().map(|name| (*name).to_owned()).collect(),
            ..Options::default()
        };
        let scenario = check(&source, &options).expect("it is valid");
        let over: Result<Vec<Over>, String> = over.iter().map(|text| Over::parse(text)).collect();
        fields(&scenario, &source, &options, &over?)
    }

    /// For each racer its combinations and the parts of its thirds.
    fn counts(over: &[&str], only: &[&str]) -> Vec<(usize, u16)> {
        let fields = beale(over, only).unwrap_or_else(|why| panic!("{why}"));
        let counts = fields
            .iter()
            .map(|field| (field.entries.len(), field.parts));
        counts.collect()
    }

    #[test]
    fn every_racer_has_as_many_configurations() {
        assert_eq!(counts(&[], &[]), [(1, 1); 5]);
        let three = counts(&["beta1=0.8,0.9,0.95"], &[]);
        assert_eq!(three, [(1, 3), (1, 3), (1, 3), (1, 3), (3, 1)]);
        // Momentum and RMSProp have beta, Adam has beta1: 2, 2 and 3 make 6 for all.
        let both = ["beta=0.8,0.9", "beta1=0.8,0.9,0.95"];
        assert_eq!(counts(&both, &[]), [(1, 6), (1, 6), (2, 3), (2, 3), (3, 2)]);
        let pairs = ["beta1=0.8,0.9", "beta2=0.99,0.999"];
        assert_eq!(counts(&pairs, &["adam", "gd"]), [(1, 4), (4, 1)]);
    }

    #[test]
    fn entries_are_as_the_scenario_would_be_read() {
        let over = ["form=heavy-ball", "beta=0.5,0.8"];
        let fields = beale(&over, &["momentum", "gd"]).expect("it is valid");
        let entries = &fields[1].entries;
        let all: Vec<String> = entries.iter().map(|entry| shown(&entry.over)).collect();
        assert_eq!(
            all,
            ["beta=0.5 form=heavy-ball", "beta=0.8 form=heavy-ball"]
        );
        assert_eq!(entries[1].racer.label, "Momentum");
        assert!(fields[0].entries[0].over.is_empty());
    }

    #[test]
    fn what_cannot_be_tried_is_refused_with_a_reason() {
        for (over, says) in [
            (&["beta1"][..], "expected NAME=VALUE,VALUE,..."),
            (&["beta1=0.9,,1"], "expected NAME=VALUE,VALUE,..."),
            (&["beta3=0.9"], "did you mean `beta"),
            (&["batch=16"], "no racer has such a hyperparameter"),
            (&["learning_rate=1"], "the rates are the grid's"),
            (&["beta1=0.9", "beta1=0.8"], "it is given twice"),
            (&["beta1=0.9,0.90"], "beta1=0.9 is to be tried twice"),
            (&["beta1=0.9,1.5"], "racer.5.beta1=1.5: "),
            (&["beta1=fast"], "cannot be tried of Adam"),
        ] {
            let why = beale(over, &[]).expect_err(says);
            assert!(why.contains(says), "{over:?}: {why}");
        }
        let many: Vec<String> = (0..1001).map(|i| format!("0.{i:05}")).collect();
        let why = beale(&[&format!("beta1={}", many.join(","))], &[]).unwrap_err();
        assert!(why.contains("more than 1000"), "{why}");
    }
}
