//! What the command line may say: this file is the manual that `--help` prints.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::scenario::check::Options;

mod export;
mod modes;
mod results;
mod show;
mod tune;

pub use export::{Export, Pictures, To};
pub use modes::Modes;
pub use results::{Compare, Verify};
pub use show::{Appearance, Format, Show, When};
pub use tune::Tune;

const LONG_ABOUT: &str = "\
Races deep-learning optimizers in your terminal: same start, same data in the same order, fair counts.

Without a command it opens the race SCENARIO: the name of a shipped scenario (`slalom list`), the path of \
a file (with a `/`, or ending in .toml), or - for standard input. The default is `digits`. Where standard \
output is a terminal you watch the race; otherwise, or with --headless, the standings are printed.";

const AFTER_HELP: &str = "\
Examples:
  slalom                                  the default race, five optimizers on handwritten digits
  slalom beale --only adam,momentum       a shipped race with two of its racers
  slalom beale --set racer.adam.learning_rate=0.05
  slalom beale --add lion:learning_rate=0.01
  slalom digits --seeds 20                medians and intervals over 20 seeds
  slalom digits --format json | jq '.racers[].iterations_to_converge'
  slalom new mine > mine.toml             a commented scenario to start from
  slalom mine.toml --record mine.jsonl    race it, and keep the race
  slalom replay mine.jsonl                watch it again
  slalom export mine.jsonl --to svg       its curves, map and board as figures
  slalom tune mine.toml --write           find its learning rates, the same search for all
  slalom modes beale                      tuned, default and equal rates: where the order flips
  slalom compare digits.json beale.json   results side by side, with a score over all
  slalom verify mine.jsonl                race it again: are the numbers the same?
  slalom beale --plain                    the race in sentences, for screen readers and logs

Exit codes:
    0  the race was run (not finishing is a result too)
    1  some racer did not converge, with --require-converged; verify: the numbers are not the same, or not all are there
    2  the command line is wrong, or names an unknown scenario
    3  what a scenario, a recording or a data file says is refused
    4  a file is missing or is no regular file, or a write failed
   70  a fault in slalom itself
  129, 130, 131, 143  after the signals HUP, INT (ctrl+c), QUIT, TERM; the recording is saved

Results go to standard output, everything else to standard error.";

/// Races deep-learning optimizers in your terminal: same start, same data, fair counts.
#[derive(Debug, Parser)]
#[command(
    name = "slalom",
    version,
    long_about = LONG_ABOUT,
    after_long_help = AFTER_HELP,
    after_help = "`slalom --help` has examples and the exit codes.",
    args_conflicts_with_subcommands = true,
    max_term_width = 100
)]
pub struct Arguments {
    /// What to do; a race without one.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The race, where there is no command.
    #[command(flatten)]
    pub race: Race,
}

/// What there is to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Race a scenario; the same as without a command
    Race(Race),
    /// Show the scenarios, optimizers, surfaces and datasets there are
    List(List),
    /// Print a commented scenario to start from
    New(New),
    /// Say whether scenarios are valid, or all that is wrong with them
    Check(Check),
    /// Find learning rates for a scenario, with the same budget for every racer
    Tune(Tune),
    /// Race at tuned, default and equal rates, and say where the order flips
    Modes(Modes),
    /// Play a recording
    Replay(Replay),
    /// Make pictures, a film for the terminal, or tables of a recording
    Export(Export),
    /// Set results side by side: times, performance profile, score
    Compare(Compare),
    /// Run a recorded race or a result again, and say whether the numbers are the same
    Verify(Verify),
}

/// `slalom race`.
#[derive(Debug, Args)]
pub struct Race {
    /// A shipped scenario's name, a path (with `/`, or ending in .toml), or - for standard input
    #[arg(default_value = "digits")]
    pub scenario: OsString,

    #[command(flatten)]
    pub changes: Changes,

    /// Race on N seeds, from the scenario's (or --seed) on, and report medians
    ///
    /// Times are in iterations. The expected iterations (in JSON and CSV `expected_running_time`) are
    /// those of all seeds, failures included, divided by the number of seeds on which a racer converged.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    #[arg(conflicts_with_all = ["plain", "record"], help_heading = "Running")]
    pub seeds: Option<u32>,

    /// Compute on N threads [default: the cores this process may use]
    ///
    /// Without it, the cores that affinity, the cgroup and `SLURM_CPUS_PER_TASK` leave to this
    /// process. Results are the same with any number of threads; only seconds differ.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    #[arg(help_heading = "Running")]
    pub threads: Option<u16>,

    /// Refuse scenarios that need more memory than this, such as 512MiB or 8GB; features in .npy and
    /// IDX files are rather read batch by batch
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = size)]
    #[arg(help_heading = "Running")]
    pub max_memory: u64,

    /// End with exit code 1 if some racer did not converge (with --seeds: on some seed)
    #[arg(long, help_heading = "Running")]
    pub require_converged: bool,

    /// Record the race in FILE, as lines of JSON that `slalom replay` plays
    ///
    /// A file that is there already is overwritten if it is a recording, and otherwise left alone.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub record: Option<PathBuf>,

    /// Record every N-th evaluation of each racer, the first and the last always
    #[arg(long, value_name = "N", default_value_t = 1, requires = "record")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..), help_heading = "Output")]
    pub record_every: u64,

    #[command(flatten)]
    pub show: Show,
}

/// What the command line changes in a scenario.
#[derive(Debug, Args)]
#[command(next_help_heading = "Changes to the scenario")]
pub struct Changes {
    /// The seed that all chance comes from
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    pub seed: Option<u64>,

    /// Race only these racers: labels, optimizers, or numbers from 1
    #[arg(long, value_name = "RACER,...", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Enter a racer, such as `adamw:learning_rate=0.01,weight_decay=0.1`; can be repeated
    ///
    /// Keys are those of [[racer]]. Without a batch it takes that of the first racer that has one. --only
    /// does not leave it out, and --set can name it.
    #[arg(long, value_name = "OPTIMIZER:KEY=VALUE,...")]
    pub add: Vec<String>,

    /// Change a value, such as `finish.loss=0.01` or `racer.adam.learning_rate=0.1`; can be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
}

impl Changes {
    /// What a scenario is checked with.
    pub fn options(&self, max_memory: u64) -> Options {
        Options {
            set: self.set.clone(),
            only: self.only.clone(),
            add: self.add.clone(),
            seed: self.seed,
            max_memory,
            ..Options::default()
        }
    }
}

/// `slalom list`.
#[derive(Debug, Args)]
pub struct List {
    /// What to show; everything without it
    #[arg(value_enum)]
    pub what: Option<Kind>,

    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// `slalom new`.
#[derive(Debug, Args)]
pub struct New {
    /// What it is called; the name of a shipped scenario prints that scenario
    pub name: Option<String>,
}

/// `slalom check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Paths, names of shipped scenarios, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<OsString>,

    /// Refuse scenarios that need more memory than this, such as 512MiB or 8GB; features in .npy and
    /// IDX files are rather read batch by batch
    #[arg(long, value_name = "SIZE", default_value = "4GiB", value_parser = size)]
    pub max_memory: u64,

    /// Print only what is wrong
    #[arg(short, long)]
    pub quiet: bool,
}

/// `slalom replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// What --record wrote
    pub file: PathBuf,

    #[command(flatten)]
    pub show: Show,
}

/// What there is a list of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Races that are built in
    Scenarios,
    /// Update rules and their hyperparameters
    Optimizers,
    /// How learning rates change
    Schedules,
    /// Functions of few variables
    Surfaces,
    /// Data sets that need no file
    Datasets,
}

/// Reads a size: a number, and a unit of powers of 1000 (`MB`) or of 1024 (`MiB`, or `M`).
fn size(text: &str) -> Result<u64, String> {
    let wrong =
        || format!("`{text}` is no size: expected a number of bytes, or such as 512MiB or 4GB");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_ascii_lowercase();
    let bytes: f64 = match unit.as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "k" | "kib" => 1024.0,
        "m" | "mib" => 1024_f64.powi(2),
        "g" | "gib" => 1024_f64.powi(3),
        "t" | "tib" => 1024_f64.powi(4),
        _ => return Err(wrong()),
    };
    let number: f64 = digits.trim().parse().map_err(|_| wrong())?;
    let bytes = number * bytes;
    if (1.0..1e18).contains(&bytes) {
        Ok(bytes as u64)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [
            ("1000", 1000),
            ("512MiB", 512 << 20),
            ("4GB", 4_000_000_000),
            ("4g", 4 << 30),
            ("1.5k", 1536),
            ("1 TiB", 1 << 40),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in [
            "",
            "MiB",
            "-1",
            "0",
            "nan",
            "inf",
            "4 parsecs",
            "1e30",
            "4GiBs",
            "½",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_race_needs_no_command_and_a_name_like_a_commands_needs_one() {
        let parse = |words: &[&str]| Arguments::try_parse_from([&["slalom"], words].concat());
        let bare = parse(&["beale", "--seed", "3"]).unwrap();
        assert!(bare.command.is_none() && bare.race.scenario == "beale");
        assert_eq!(bare.race.changes.seed, Some(3));
        assert_eq!(parse(&[]).unwrap().race.scenario, "digits");
        let named = parse(&["race", "list"]).unwrap().command;
        assert!(matches!(named, Some(Command::Race(race)) if race.scenario == "list"));
        assert!(matches!(
            parse(&["list"]).unwrap().command,
            Some(Command::List(_))
        ));
        for wrong in [
            &["--seeds", "0"][..],
            &["--tui", "--format", "json"],
            &["--plain", "--tui"],
            &["--plain", "--headless"],
            &["--plain", "--format", "table"],
            &["--plain", "--seeds", "3"],
            &["--seeds", "3", "--record", "x"],
            &["--record-every", "3"],
            &["--seed", "9223372036854775808"],
            &["--fps", "0"],
            &["--theme", "solarized"],
            &["--color", "sometimes"],
            &["--glyphs", "emoji"],
            &["--ascii", "--glyphs", "block"],
            &["one", "two"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
