//! Examples: bundled sets, made sets, and the user's files; what is refused and why.

use ndarray::Array2;

/// All examples of a dataset, before splitting and scaling.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Where it came from: a bundled set's name or a path.
    pub source: String,
    /// The features, shape (examples, features).
    pub features: Array2<f64>,
    /// One name a feature.
    pub names: Vec<String>,
    /// What is to be predicted.
    pub target: Target,
}

/// What is to be predicted, one an example.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A number.
    Numeric(Vec<f64>),
    /// A class.
    Classes {
        /// The class of each example, an index into `names`.
        labels: Vec<u32>,
        /// What the classes are called.
        names: Vec<String>,
    },
}

/// How features are scaled, fitted on the training part. Constant columns become 0 (but with `None`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// To mean 0 and population standard deviation 1.
    Standard,
    /// To 0..1.
    MinMax,
    /// Left as they are.
    None,
}

impl Dataset {
    /// The number of examples.
    pub fn rows(&self) -> usize {
        self.features.nrows()
    }

    /// The size of the training part when the share `test` is held out: the test part has ceil(test * rows) rows.
    pub fn train_rows(&self, test: f64) -> usize {
        self.rows() - (test * self.rows() as f64).ceil() as usize
    }
}

/// Placeholder until merged.
#[derive(Clone, Debug)]
pub struct Split {
    /// The training part.
    pub train: Examples,
    /// The test part.
    pub test: Option<Examples>,
}

/// One part.
#[derive(Clone, Debug)]
pub struct Examples {
    /// Features.
    pub x: Array2<f64>,
    /// Answers.
    pub target: Target,
}

impl Dataset {
    /// Placeholder until merged.
    pub fn split(&self, _test: f64, _scale: Scale, _seed: u64) -> Split {
        let target = self.target.clone();
        Split {
            train: Examples {
                x: self.features.clone(),
                target,
            },
            test: None,
        }
    }
}
