//! What `slalom modes` may be told.

use std::ffi::OsString;

use clap::Args;

use super::{Changes, Show};

/// `slalom modes`.
#[derive(Debug, Args)]
#[command(after_help = "\
Tuned: each racer at its best rate, found as by `slalom tune` with the same budget for all. Default: each at \
the rate that PyTorch or its authors give. Same: all at one rate, that of the search at which most racers \
converge. Nothing but rates differs between the modes, and all are raced on the same seeds, none of which \
is one of the search. Where the order of two racers flips from one mode to another, it is said whether that \
is more than luck.
Where standard output is a terminal you watch the search and the races; json (slalom.modes/1) and csv have \
every run.

  slalom modes beale
  slalom modes digits --only sgd,momentum,adam --format json > modes.json")]
pub struct Modes {
    /// A shipped scenario's name, a path (with `/`, or ending in .toml), or - for standard input
    pub scenario: OsString,

    #[command(flatten)]
    pub changes: Changes,

    /// Race every mode on N seeds, from the scenario's (or --seed) on; on one where seeds change nothing
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Running")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub seeds: u32,

    /// Try every rate on N other seeds, which begin 100,000 above the scenario's
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Running")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub tuning_seeds: u32,

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
