//! Figures of a dataset in words, the same in every command.

use crate::problem::dataset::{Dataset, Summary, TargetSummary};
use crate::text::{count, short};

/// More classes are not listed one by one.
const CLASSES: usize = 12;

/// `1,797 examples`, `1 example`.
pub(super) fn number_of(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", count(number as u64))
}

/// `-0.5 to 16`, to four digits.
pub(super) fn range([low, high]: [f64; 2]) -> String {
    format!("{} to {}", rounded(low), rounded(high))
}

/// `, 3 of them constant`, if any are.
pub(super) fn constant(summary: &Summary) -> String {
    match summary.constant {
        0 => String::new(),
        all if all == summary.features => ", all of them constant".to_owned(),
        some => format!(", {} of them constant", count(some as u64)),
    }
}

/// `2 classes: no (212), yes (357)`, or `a number from 1.5 to 20`.
pub(super) fn target(summary: &Summary) -> String {
    let classes = match &summary.target {
        TargetSummary::Numeric([low, high]) => {
            return format!("a number from {}", range([*low, *high]));
        }
        TargetSummary::Classes(classes) => classes,
    };
    let shown = if classes.len() > CLASSES {
        CLASSES - 2
    } else {
        classes.len()
    };
    let mut list: Vec<String> = classes[..shown]
        .iter()
        .map(|(name, examples)| format!("{name} ({})", count(*examples as u64)))
        .collect();
    if shown < classes.len() {
        list.push(format!("{} more", count((classes.len() - shown) as u64)));
    }
    let classes = count(classes.len() as u64);
    format!("{classes} classes: {}", list.join(", "))
}

/// `12 rows in which a value is missing`.
pub(super) fn left_out(set: &Dataset) -> String {
    let rows = number_of(set.reading.dropped, "row");
    format!("{rows} in which a value is missing")
}

/// A number to four digits.
pub(super) fn rounded(x: f64) -> String {
    let digits = format!("{x:.3e}");
    short(digits.parse().unwrap_or(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let cases = [
            ([0.0, 16.0], "0 to 16"),
            ([-0.123_456, 1680.4], "-0.1235 to 1680"),
            ([1e-9, 1_234_567.0], "1e-9 to 1.235e6"),
        ];
        for (ends, want) in cases {
            assert_eq!(range(ends), want);
        }
        assert_eq!(number_of(1, "row"), "1 row");
        assert_eq!(number_of(1437, "row"), "1,437 rows");
    }

    #[test]
    fn many_classes_are_counted_not_listed() {
        let mut summary = Summary {
            examples: 26,
            features: 2,
            constant: 2,
            range: [0.0, 0.0],
            target: TargetSummary::Classes(
                ('a'..='z').map(|letter| (letter.to_string(), 1)).collect(),
            ),
        };
        let text = target(&summary);
        assert!(text.starts_with("26 classes: a (1), b (1), "), "{text}");
        assert!(text.ends_with(", j (1), 16 more"), "{text}");
        assert_eq!(constant(&summary), ", all of them constant");
        summary.target = TargetSummary::Numeric([-1.0, 0.5]);
        assert_eq!(target(&summary), "a number from -1 to 0.5");
    }
}
