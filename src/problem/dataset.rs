//! Examples: bundled sets, made sets, and the user's files; what is refused and why.
//!
//! The only room below the command line that opens a file. Nothing here knows a model or a
//! scenario: it is told what kind of target is wanted, and answers with examples or with one
//! [`Refusal`].

use std::path::Path;

use ndarray::Axis;

mod array;
mod bundled;
mod column;
mod csv;
mod features;
mod file;
mod gzip;
mod made;
mod scaling;
mod split;
mod summary;

pub use array::Unread;
pub use bundled::BUNDLED;
pub use features::{Features, Filed};
pub use made::MADE;
pub use split::{Examples, Split};
pub use summary::{Summary, TargetSummary};

use file::Format;

/// Rows are numbered by 32-bit integers.
const MOST_ROWS: usize = (1 << 31) - 1;

/// All examples of a dataset, before splitting and scaling.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Where it came from: a bundled set's name or a path.
    pub source: String,
    /// The features.
    pub features: Features,
    /// One name a feature.
    pub names: Vec<String>,
    /// What is to be predicted.
    pub target: Target,
    /// How it was read, where it is a file's.
    pub reading: Reading,
}

/// How a file was read; nothing of it has a say in a race.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The file's length; 0 for sets that need none.
    pub bytes: u64,
    /// What was found out about it, in words; empty for sets that need none.
    pub format: String,
    /// Rows left out since a value is missing in them.
    pub dropped: usize,
    /// The columns of text that became features: their names, and how many features of each.
    pub categories: Vec<(String, usize)>,
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

/// How features are scaled, fitted on the training part. Constant columns become 0 (but with
/// `None`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// To mean 0 and population standard deviation 1.
    Standard,
    /// To 0..1.
    MinMax,
    /// Left as they are.
    None,
}

/// What kind of target a model can learn. It matters for files only: the bundled and the made sets
/// have theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Numbers. A column of text is refused.
    Numeric,
    /// Classes: text, or integers. A column with other numbers is refused.
    Classes,
    /// Numbers where the column has nothing else, or else classes.
    Either,
    /// Text is classes. Numbers are classes if they look like it: all of them integers in 0..=1000,
    /// at most 100 different ones, and some more than once; otherwise numbers.
    Guess,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// By its name in the header, which is looked for exactly.
    Name(String),
    /// By its number, from 1.
    Index(u64),
}

/// What becomes of an example that lacks a value: an empty cell, `?`, `NA`, `NaN`, `nan` or `null`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// The file is refused.
    #[default]
    Refuse,
    /// The example is left out, and counted.
    Drop,
}

/// What to load, and how.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The name of a bundled or a made set, or a path.
    pub source: &'a str,
    /// What a relative path is relative to.
    pub folder: &'a Path,
    /// A file's target column; the last where none is given.
    pub target: Option<Column>,
    /// The columns of the features, in this order; all but the target where none are given.
    pub columns: Option<Vec<Column>>,
    /// A file's columns of text, each of which becomes one feature a value.
    pub categories: Vec<Column>,
    /// What becomes of a file's examples that lack a value.
    pub missing: Missing,
    /// The file that holds the target, one number a row; for arrays only.
    pub labels: Option<&'a str>,
    /// Whether a file's first row holds names; found out where it is not said.
    pub header: Option<bool>,
    /// At most so many examples, the first ones.
    pub rows: Option<usize>,
    /// What the target is to be.
    pub wanted: Wanted,
    /// How many bytes the examples may take.
    pub max_memory: u64,
}

/// Why a dataset is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Which part of the request is at fault.
    pub about: About,
    /// What is wrong, with row and column where they have a part in it.
    pub message: String,
    /// What would be right.
    pub expected: String,
    /// The nearest name that would be right.
    pub nearest: Option<String>,
}

/// The part of a [`Request`] that a [`Refusal`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The file, or its name.
    Source,
    /// The target column.
    Target,
    /// One of the columns of features, from 0.
    Columns(usize),
    /// One of the columns of categories, from 0.
    Categories(usize),
    /// Whether there is a header.
    Header,
    /// What becomes of examples that lack a value.
    Missing,
    /// The file with the target.
    Labels,
}

impl Refusal {
    fn new(about: About, message: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            about,
            message: message.into(),
            expected: expected.into(),
            nearest: None,
        }
    }

    fn source(message: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::new(About::Source, message, expected)
    }
}

/// A set that needs no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name as a source.
    pub name: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Where it is from.
    pub from: &'static str,
}

impl BuiltIn {
    /// Its examples.
    ///
    /// # Panics
    /// If it is none of those in [`built_in`].
    pub fn load(&self) -> Dataset {
        let set = bundled::load(self.name).or_else(|| made::load(self.name));
        set.expect("what is listed is there")
    }
}

/// Whether `source` names a set that needs no file.
pub fn is_built_in(source: &str) -> bool {
    built_in_names().any(|name| name == source)
}

/// The names of all sets that need no file.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    built_in().map(|set| set.name)
}

/// All sets that need no file.
pub fn built_in() -> impl Iterator<Item = &'static BuiltIn> {
    BUNDLED.iter().chain(MADE)
}

/// Loads a dataset.
///
/// # Errors
/// The first thing that is wrong with the file, or with what was asked of it.
pub fn load(request: &Request<'_>) -> Result<Dataset, Refusal> {
    let mut dataset = match (bundled::load(request.source), made::load(request.source)) {
        (Some(set), _) | (None, Some(set)) => set.choose(request)?,
        (None, None) => load_file(request)?,
    };
    if let Some(rows) = request.rows {
        dataset.truncate(rows);
    }
    Ok(dataset)
}

/// The examples in the user's file.
fn load_file(request: &Request<'_>) -> Result<Dataset, Refusal> {
    let mut file = file::open(request.source, request.folder)?;
    match file.format()? {
        Format::Text(format) => csv::read(file, format, request),
        Format::Array(format) => array::load(file, format, request),
    }
}

impl Dataset {
    /// The number of examples.
    pub fn rows(&self) -> usize {
        self.features.nrows()
    }

    /// The size of the training part when the share `test` is held out: the test part has ceil(test
    /// * rows) rows.
    pub fn train_rows(&self, test: f64) -> usize {
        self.rows() - (test * self.rows() as f64).ceil() as usize
    }

    /// The set, which is in memory, with the features that `request` lists.
    fn choose(mut self, request: &Request<'_>) -> Result<Self, Refusal> {
        if let (Some(columns), Features::Kept(x)) = (&request.columns, &self.features) {
            let chosen = column::find_all(columns, &self.names, About::Columns)?;
            self.features = x.select(Axis(1), &chosen).into();
            self.names = chosen
                .iter()
                .map(|&column| self.names[column].clone())
                .collect();
        }
        Ok(self)
    }

    /// Keeps the first `rows` examples (of arrays there are no more); all classes stay, so that a
    /// class can be without examples.
    fn truncate(&mut self, rows: usize) {
        if let Features::Kept(x) = &mut self.features
            && rows < x.nrows()
        {
            *x = x.slice(ndarray::s![..rows, ..]).to_owned();
            match &mut self.target {
                Target::Numeric(values) => values.truncate(rows),
                Target::Classes { labels, .. } => labels.truncate(rows),
            }
        }
    }
}

impl Target {
    /// The target of the examples `rows`, in that order.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        match self {
            Self::Numeric(values) => {
                Self::Numeric(rows.iter().map(|&row| values[row as usize]).collect())
            }
            Self::Classes { labels, names } => Self::Classes {
                labels: rows.iter().map(|&row| labels[row as usize]).collect(),
                names: names.clone(),
            },
        }
    }

    /// The number of classes; none where it is a number.
    pub fn classes(&self) -> Option<usize> {
        match self {
            Self::Numeric(_) => None,
            Self::Classes { names, .. } => Some(names.len()),
        }
    }
}
