//! What `slalom tune` may be told.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::{Changes, Show};

/// `slalom tune`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every racer is tried at the same 19 rates, 10^(k/3) from 1e-5 to 10, on the same seeds, and every run has the
scenario's full budget. The lowest median of iterations-to-converge wins; a run that does not finish counts as
never. Where a best rate lies on the edge, the grid grows for all racers, at most to 1e-8 and 1e4.
Where standard output is a terminal you watch the search; json (slalom.tuning/1) and csv have every
racer's whole curve.

  slalom tune beale --only adam,momentum
  slalom tune digits --seeds 5 --format json > digits.json
  slalom new mine > mine.toml && slalom tune mine.toml --write
  slalom tune beale --over beta1=0.8,0.9,0.95")]
pub struct Tune {
    /// A shipped scenario's name, a path (with `/`, or ending in .toml), or - for standard input
    pub scenario: OsString,

    #[command(flatten)]
    pub changes: Changes,

    /// Try every rate on N seeds; on one where seeds change nothing
    ///
    /// The seeds begin 100,000 above the scenario's (or --seed): `slalom race --seeds` never gets
    /// there, so that no race is scored on what its rates were chosen by.
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Search")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,

    /// Try these values of another hyperparameter with every rate; can be repeated
    ///
    /// Every racer keeps the same number of runs: one without the hyperparameter is tried at as many
    /// times the rates, between those of the grid.
    #[arg(long, value_name = "NAME=VALUE,...", help_heading = "Search")]
    pub over: Vec<String>,

    /// Leave weak rates behind early (successive halving)
    ///
    /// All rates get 1/9 of the budget, the better third of them 1/3, and the better third of those
    /// all of it. A rate that is slow at first can be left behind though it might have won; how many
    /// rates work is not learned; the grid does not grow.
    #[arg(long, help_heading = "Search")]
    pub halving: bool,

    /// Put the best rates into the scenario's file, with the protocol as a comment
    ///
    /// All else in the file stays as it is. A shipped scenario must be copied first, which
    /// `slalom new beale > beale.toml` does.
    #[arg(long, conflicts_with_all = ["set", "add", "seed"], help_heading = "Output")]
    pub write: bool,

    /// Draw the iterations at each rate in FILE, which ends in .svg or .png; a regular file is replaced
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub figure: Option<PathBuf>,

    /// Compute on N threads [default: the cores this process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    #[arg(help_heading = "Running")]
    pub threads: Option<u16>,

    /// Refuse scenarios that need more memory than this, such as 512MiB or 8GB
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = super::size)]
    #[arg(help_heading = "Running")]
    pub max_memory: u64,

    #[command(flatten)]
    pub show: Show,
}
