//! From a scenario's text to a [`Scenario`], or to all its mistakes at once.

use std::path::PathBuf;

use crate::scenario::Scenario;
use crate::scenario::mistake::Report;

/// A scenario's text and where it came from.
#[derive(Clone, Debug)]
pub struct Source {
    /// How messages call the file: the path as given, `<stdin>`, or a shipped scenario's `digits.toml`.
    pub file: String,
    /// The scenario's short name.
    pub name: String,
    /// The TOML text.
    pub text: String,
    /// What relative data paths are relative to.
    pub folder: PathBuf,
}

/// What the command line adds to a scenario's text.
#[derive(Clone, Debug)]
pub struct Options {
    /// `--set PATH=VALUE`, as given.
    pub set: Vec<String>,
    /// `--only a,b`: names of racers, one an element; empty for all.
    pub only: Vec<String>,
    /// `--seed N`.
    pub seed: Option<u64>,
    /// `--max-memory`, in bytes.
    pub max_memory: u64,
}

/// Reads a scenario.
///
/// # Errors
/// Every mistake of the text, the flags, and the data file it names.
pub fn check(source: &Source, options: &Options) -> Result<Scenario, Report> {
    let _ = (source, options);
    Err(Report {})
}
