//! What `slalom compare` and `slalom verify` may be told.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::Format;

/// `slalom compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Each result is a workload: what `slalom SCENARIO --format json` prints, best with --seeds. A racer's \
time is its median of iterations-to-converge; a run that did not finish counts as never. rho(t) is the \
share of workloads that it solves within t times the best time there, the score the mean of that for t \
from 1 to 4. Racers are known by label and optimizer; one that is not in every result is left out.

  slalom beale --seeds 20 --format json > beale.json
  slalom digits --seeds 20 --format json > digits.json
  slalom compare beale.json digits.json --figure profile.svg")]
pub struct Compare {
    /// Files with what `--format json` prints
    #[arg(required = true, value_name = "RESULT")]
    pub files: Vec<PathBuf>,

    /// Draw the performance profiles in FILE, which ends in .svg or .png; a regular file is replaced
    #[arg(long, value_name = "FILE")]
    pub figure: Option<PathBuf>,

    /// How the comparison is printed; json (slalom.comparison/1) has the whole profile
    #[arg(long, value_enum, default_value_t = Format::Table, hide_possible_values = true)]
    #[arg(value_name = "table|json|csv|markdown")]
    pub format: Format,

    /// Print no notes, only the comparison and errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// `slalom verify`.
#[derive(Debug, Args)]
#[command(after_help = "\
A recording holds its scenario's text; a result only the name and the digest of it, so that the scenario \
must be a shipped one, or be given. Where the digest differs nothing is run. Seconds and the version are \
not compared; all other numbers are, to the last bit. The same bits are promised on one machine and build; \
on surfaces, on every x86-64.

Exit code 0: the same. 1: not the same, with the first number that differs; or a racer, or of a result of \
this version a member, is not in RESULT. What is not there, and so was not compared, is named in any case: a \
recording may have been cut short or thinned, and an older result may lack what later ones have.")]
pub struct Verify {
    /// What --record wrote, or --format json printed
    #[arg(value_name = "RESULT")]
    pub file: PathBuf,

    /// The scenario that was raced, where RESULT does not hold it or its data are elsewhere
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<OsString>,

    /// Compute on N threads [default: the cores this process may use]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Refuse scenarios that need more memory than this, such as 512MiB or 8GB
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = super::size)]
    pub max_memory: u64,

    /// Print no notes, only whether it is the same, warnings and errors
    #[arg(short, long)]
    pub quiet: bool,
}
