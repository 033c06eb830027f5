//! A dataset in a few figures: how many examples, in what range, and what is to be predicted.

use super::{Dataset, Target};

/// What there is to say about the examples of a dataset, before splitting and scaling.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// How many there are.
    pub examples: usize,
    /// How many numbers each has.
    pub features: usize,
    /// How many of these are the same in all examples.
    pub constant: usize,
    /// The smallest and the largest of all features' values.
    pub range: [f64; 2],
    /// What is to be predicted.
    pub target: TargetSummary,
}

/// What there is to say about a target.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetSummary {
    /// Numbers: the smallest and the largest.
    Numeric([f64; 2]),
    /// The classes, and how many examples each has.
    Classes(Vec<(String, usize)>),
}

impl Dataset {
    /// This dataset in a few figures.
    pub fn summary(&self) -> Summary {
        let features = self.features.ncols();
        let mut ranges = vec![[f64::INFINITY, f64::NEG_INFINITY]; features];
        for row in self.features.rows() {
            for (range, &x) in ranges.iter_mut().zip(row) {
                *range = widened(*range, x);
            }
        }
        let whole = ranges.iter().flatten().copied();
        Summary {
            examples: self.rows(),
            features,
            constant: ranges.iter().filter(|[low, high]| low == high).count(),
            range: range(whole),
            target: match &self.target {
                Target::Numeric(values) => TargetSummary::Numeric(range(values.iter().copied())),
                Target::Classes { labels, names } => {
                    let mut counts = vec![0; names.len()];
                    for &label in labels {
                        counts[label as usize] += 1;
                    }
                    TargetSummary::Classes(names.iter().cloned().zip(counts).collect())
                }
            },
        }
    }
}

fn range(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.fold([f64::INFINITY, f64::NEG_INFINITY], widened)
}

fn widened([low, high]: [f64; 2], x: f64) -> [f64; 2] {
    [low.min(x), high.max(x)]
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::problem::dataset::Reading;

    #[test]
    fn constants_ranges_and_counts_are_found() {
        let mut set = Dataset {
            source: String::new(),
            features: array![[1.0, 7.0], [-3.0, 7.0], [2.0, 7.0]],
            names: ["a", "b"].map(str::to_owned).to_vec(),
            target: Target::Classes {
                labels: vec![1, 1, 0],
                names: ["x", "y"].map(str::to_owned).to_vec(),
            },
            reading: Reading::default(),
        };
        let summary = set.summary();
        assert_eq!((summary.examples, summary.features), (3, 2));
        assert_eq!((summary.constant, summary.range), (1, [-3.0, 7.0]));
        let counts = vec![("x".to_owned(), 1), ("y".to_owned(), 2)];
        assert_eq!(summary.target, TargetSummary::Classes(counts));

        set.target = Target::Numeric(vec![0.5, -0.5, 0.0]);
        assert_eq!(set.summary().target, TargetSummary::Numeric([-0.5, 0.5]));
    }
}
