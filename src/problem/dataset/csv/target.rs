//! The target column of a file: numbers, or classes.

use std::collections::BTreeMap;

use super::labels::{Labels, places};
use super::rows::Rows;
use crate::problem::dataset::{About, Refusal, Target, Wanted};
use crate::text;

/// More classes than a network can have outputs make no sense.
const MOST_CLASSES: usize = 65_536;

/// The target column while it is read: its first cell decides whether it holds numbers or text.
pub(super) enum TargetColumn {
    Numbers {
        values: Vec<f64>,
        /// The first one that is not an integer, and its line.
        fraction: Option<(usize, f64)>,
    },
    Text {
        /// The class of each example, a number in `classes`.
        labels: Vec<u32>,
        classes: Labels,
        /// The line of the first one.
        line: usize,
    },
}

impl TargetColumn {
    pub fn new(rows: &Rows, column: usize) -> Self {
        if rows.parsed(column).is_some() {
            Self::Numbers {
                values: vec![],
                fraction: None,
            }
        } else {
            Self::Text {
                labels: vec![],
                classes: Labels::default(),
                line: rows.line(),
            }
        }
    }

    pub fn push(&mut self, rows: &Rows, column: usize) -> Result<(), Refusal> {
        match self {
            Self::Numbers { values, fraction } => {
                let value = rows.number(column, About::Target)?;
                if fraction.is_none() && value.fract() != 0.0 {
                    *fraction = Some((rows.line(), value));
                }
                values.push(value);
            }
            Self::Text {
                labels, classes, ..
            } => {
                refuse_number(rows, column)?;
                labels.push(classes.number(rows, column, About::Target)?);
                check_classes(classes.len())?;
            }
        }
        Ok(())
    }

    /// The target as `wanted`, if it can be that.
    pub fn decide(self, wanted: Wanted, column: usize) -> Result<Target, Refusal> {
        match self {
            Self::Text { line, .. } if wanted == Wanted::Numeric => Err(Refusal::new(
                About::Target,
                format!("row {line}, column {} holds text", column + 1),
                "expected a column of numbers as the target",
            )),
            Self::Text {
                mut labels,
                classes,
                ..
            } => {
                let (names, places) = classes.sorted();
                renumber(&mut labels, &places);
                two_or_more(labels, names)
            }
            Self::Numbers { values, fraction } => {
                let classes = match wanted {
                    Wanted::Numeric | Wanted::Either => false,
                    Wanted::Classes => true,
                    Wanted::Guess => fraction.is_none() && look_like_classes(&values),
                };
                match fraction {
                    _ if !classes => Ok(Target::Numeric(values)),
                    None => integer_classes(&values),
                    Some((line, value)) => Err(Refusal::new(
                        About::Target,
                        format!(
                            "row {line}, column {} holds {value}, which is not an integer",
                            column + 1
                        ),
                        "expected classes: text, or integers",
                    )),
                }
            }
        }
    }
}

/// A class is no number where the classes above it were text.
fn refuse_number(rows: &Rows, column: usize) -> Result<(), Refusal> {
    if !rows.parsed(column).is_some_and(f64::is_finite) {
        return Ok(());
    }
    let cell = text::shorten(rows.cell(column, About::Target)?, 40);
    Err(Refusal::new(
        About::Target,
        format!(
            "{} holds {cell}, and rows above it text",
            rows.place(column)
        ),
        "expected a target of numbers or of text, not of both",
    ))
}

fn check_classes(count: usize) -> Result<(), Refusal> {
    if count <= MOST_CLASSES {
        return Ok(());
    }
    Err(Refusal::new(
        About::Target,
        format!("the target has more than {MOST_CLASSES} classes"),
        "expected fewer classes, or a model for a numeric target",
    ))
}

/// Whether numbers are likely to be names of classes.
pub fn look_like_classes(values: &[f64]) -> bool {
    let mut seen = [false; 1001];
    let fit = values.iter().all(|&value| {
        let fits = (0.0..=1000.0).contains(&value);
        if fits {
            seen[value as usize] = true;
        }
        fits
    });
    let different = seen.into_iter().filter(|&seen| seen).count();
    fit && different <= 100 && different < values.len()
}

/// Classes named by integers, in the order of those.
pub fn integer_classes(values: &[f64]) -> Result<Target, Refusal> {
    let mut classes = BTreeMap::new();
    let mut labels = vec![];
    for &value in values {
        // Up to 2^53 every integer is a number of its own.
        if value.abs() > 9e15 {
            return Err(Refusal::new(
                About::Target,
                format!("the class {value} is too large"),
                "expected integers up to 9e15",
            ));
        }
        let next = classes.len() as u32;
        labels.push(*classes.entry(value as i64).or_insert(next));
        check_classes(classes.len())?;
    }
    renumber(&mut labels, &places(classes.values().copied()));
    two_or_more(labels, classes.keys().map(i64::to_string).collect())
}

/// Gives each label its new number.
fn renumber(labels: &mut [u32], places: &[u32]) {
    for label in labels {
        *label = places[*label as usize];
    }
}

/// How the refusal of a single class begins.
pub(super) const ONE_CLASS: &str = "every example is of the class";

fn two_or_more(labels: Vec<u32>, names: Vec<String>) -> Result<Target, Refusal> {
    if let [only] = &names[..] {
        return Err(Refusal::new(
            About::Target,
            format!("{ONE_CLASS} `{}`", text::shorten(only, 40)),
            "expected two classes or more",
        ));
    }
    Ok(Target::Classes { labels, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_small_integers_look_like_classes() {
        assert!(look_like_classes(&[0.0, 1.0, 1000.0, 1.0]));
        assert!(!look_like_classes(&[0.0, 1.0, 1000.0]), "each but once");
        assert!(!look_like_classes(&[0.0, 1001.0]));
        assert!(!look_like_classes(&[-1.0, 1.0]));
        let many: Vec<f64> = (0..202).map(|i| f64::from(i % 101)).collect();
        assert!(look_like_classes(&many[..100].repeat(2)));
        assert!(!look_like_classes(&many));
    }

    #[test]
    fn classes_are_in_the_order_of_their_names() {
        let target = integer_classes(&[10.0, 9.0, 10.0, -1.0]).expect("three classes");
        let want = Target::Classes {
            labels: vec![2, 1, 2, 0],
            names: ["-1", "9", "10"].map(str::to_owned).to_vec(),
        };
        assert_eq!(target, want);
    }
}
