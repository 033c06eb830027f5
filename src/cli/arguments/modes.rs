//! What `slalom modes` may be told.

use std::ffi::OsString;

use clap::Args;

use super::{Changes, Format};

/// `slalom modes`.
#[derive(Debug, Args)]
#[command(after_help = "\
Tuned: each racer at its best rate, found as by `slalom tune` with the same budget for all. Default: each at \
the rate that PyTorch or its authors give. Same: all at one rate, that of the search at which most racers \
converge. Nothing but rates differs between the modes, and all are raced on the same seeds, none of which \
is one of the search. Below the table stands where the order of two racers flips from one mode to another, \
and whether that is more than luck.

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

    /// How the result is printed; json (slalom.modes/1) and csv have every run
    #[arg(long, value_enum, default_value_t = Format::Table, hide_possible_values = true)]
    #[arg(help_heading = "Output", value_name = "table|json|csv|markdown")]
    pub format: Format,

    /// Print no progress and no notes, only results and errors
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}
