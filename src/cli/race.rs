//! `slalom race`: a scenario, on the screen or in numbers.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::cli::arguments::{Race, Show};
use crate::cli::open::open;
use crate::cli::{Ending, Failure, exit, figures, headless, print, say, seeds, watch};
use crate::landscape::Landscape;
use crate::race;
use crate::recording::Writer;
use crate::report::{Format, Results};
use crate::runner::{self, Runner};
use crate::scenario::Scenario;
use crate::scenario::check::check;
use crate::text::clean;

pub(super) fn run(arguments: &Race) -> Ending {
    let source = open(&arguments.scenario)?;
    let options = arguments.changes.options(arguments.max_memory);
    let scenario = check(&source, &options)?;
    if let Some(set) = scenario.data().filter(|set| set.reading.dropped > 0)
        && (arguments.seeds.is_some() || is_headless(&arguments.show))
    {
        let left_out = format!("{}: left out {}", set.source, figures::left_out(set));
        note(&arguments.show, &left_out);
    }
    match arguments.seeds {
        Some(count) => seeds::run(&scenario, count, arguments),
        None if is_headless(&arguments.show) => headless::race(&scenario, arguments),
        None => watch::race(source, options, scenario, arguments),
    }
}

/// Starts the race on threads of its own. Only one that is `watched` has a map.
pub(super) fn start(
    scenario: &Scenario,
    arguments: &Race,
    watched: bool,
) -> Result<Runner, Failure> {
    let mut race = race::Race::new(scenario, &runner::stopwatch);
    let landscape = if watched {
        Landscape::of_race(scenario, &mut race)
    } else {
        Err(None)
    };
    let create = |path: &PathBuf| Writer::create(path, race.meta(), arguments.record_every);
    let record = arguments.record.as_ref().map(create).transpose()?;
    let options = runner::Options {
        threads: threads(arguments.threads),
        record,
        landscape,
    };
    Ok(Runner::start(race, options))
}

/// Prints the results of a race that ended with `ending`. After a hang-up there may be nowhere to
/// print to, which is no failure of its own.
pub(super) fn leave_behind(ending: u8, text: &str) -> Result<(), Failure> {
    match print(text) {
        Err(_) if ending > exit::SIGNAL => Ok(()),
        printed => printed,
    }
}

/// The exit code of a race that ended with `ending`.
pub(super) fn code(ending: u8, results: &Results, arguments: &Race) -> u8 {
    let failed = arguments.require_converged && !results.all_converged();
    match ending {
        exit::OK if failed => exit::NOT_CONVERGED,
        ending => ending,
    }
}

/// Whether results are printed, rather than shown on the screen.
pub(super) fn is_headless(show: &Show) -> bool {
    let asked = show.headless || show.plain || show.format.is_some();
    let terminal = std::io::stdout().is_terminal();
    asked || is_dumb(show) || !(show.tui || terminal)
}

/// Whether a race is told in sentences: as asked for, or on a terminal that can only print lines.
pub(super) fn is_plain(show: &Show) -> bool {
    show.plain || is_dumb(show)
}

/// Whether a screen would be opened, if the terminal did not say of itself that it can only print
/// lines.
fn is_dumb(show: &Show) -> bool {
    let chosen = show.headless || show.tui || show.format.is_some();
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    dumb && !chosen && std::io::stdout().is_terminal()
}

/// How results are printed.
pub(super) fn format(show: &Show) -> Format {
    show.format.map(Format::from).unwrap_or_default()
}

/// Where the recording is, and how to see it again.
pub(super) fn recorded(path: &Path) -> String {
    let path = clean(&path.display().to_string());
    format!("recorded in {path}: `slalom replay {path}` plays it")
}

/// A remark on standard error, unless nobody wants any.
pub(super) fn note(show: &Show, note: &str) {
    if !show.quiet {
        say(&format!("note: {note}"));
    }
}

/// The threads to compute on: as asked for, or the cores that this process may use.
pub(super) fn threads(asked: Option<u16>) -> usize {
    if let Some(threads) = asked {
        return threads.into();
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let slurm = std::env::var("SLURM_CPUS_PER_TASK").ok();
    let task = slurm.and_then(|cpus| cpus.parse().ok());
    task.map_or(cores, |task: usize| cores.min(task.max(1)))
}
