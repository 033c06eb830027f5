//! `slalom race`: a scenario, on the screen or in numbers.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::cli::arguments::{Race, Show};
use crate::cli::open::open;
use crate::cli::{Ending, Failure, exit, headless, print, say};
use crate::landscape::Landscape;
use crate::race;
use crate::recording::Writer;
use crate::report::{Format, Results};
use crate::runner::{self, Runner, Source};
use crate::scenario::Scenario;
use crate::scenario::check::{Options, check};
use crate::text::clean;
use crate::tui;

pub(super) fn run(arguments: &Race) -> Ending {
    let source = open(&arguments.scenario)?;
    let options = Options {
        set: arguments.changes.set.clone(),
        only: arguments.changes.only.clone(),
        seed: arguments.changes.seed,
        max_memory: arguments.max_memory,
    };
    let scenario = check(&source, &options)?;
    match arguments.seeds {
        Some(seeds) => headless::seeds(&scenario, seeds, arguments),
        None if is_headless(&arguments.show) => headless::race(&scenario, arguments),
        None => watch(&scenario, arguments),
    }
}

/// Starts the race on threads of its own; `watched`, it is mapped.
pub(super) fn start(
    scenario: &Scenario,
    arguments: &Race,
    watched: bool,
) -> Result<Runner, Failure> {
    let mut race = race::Race::new(scenario, &runner::stopwatch);
    let create = |path: &PathBuf| Writer::create(path, race.meta(), arguments.record_every);
    let record = arguments.record.as_ref().map(create).transpose()?;
    let landscape = if watched {
        Landscape::of_race(scenario, &mut race)
    } else {
        Err(None)
    };
    let options = runner::Options {
        threads: threads(arguments),
        record,
        landscape,
    };
    Ok(Runner::start(race, options))
}

/// The race on the screen; its standings stay behind in the normal one.
fn watch(scenario: &Scenario, arguments: &Race) -> Ending {
    let runner = start(scenario, arguments, true)?;
    let left = show(&runner, &arguments.show);
    let so_far = runner.latest();
    let (state, saved) = match runner.stop() {
        Ok(state) => (state, Ok(())),
        Err(error) => (so_far, Err(Failure::from(error))),
    };
    let results = Results::new(&state.snapshot);
    let mut text = results.short();
    if let (Ok(()), Some(path)) = (&saved, &arguments.record) {
        text += &format!("{}\n", recorded(path));
    }
    let left = left.inspect_err(|_| say(&text))?;
    let printed = leave_behind(left, &text);
    saved?;
    printed?;
    Ok(code(left, &results, arguments))
}

/// Prints the results of a race that ended with `ending`. After a hang-up there may be nowhere to
/// print to, which is no failure of its own.
pub(super) fn leave_behind(ending: u8, text: &str) -> Result<(), Failure> {
    match print(text) {
        Err(_) if ending > exit::SIGNAL => Ok(()),
        printed => printed,
    }
}

/// Shows `source` on the screen; the exit code of how it was left.
pub(super) fn show(source: &dyn Source, show: &Show) -> Ending {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let options = tui::Options {
        fps: show.fps,
        colour: !set("NO_COLOR") && !dumb,
        exit_on_finish: show.exit_on_finish,
    };
    match tui::run(source, options) {
        Ok(tui::Exit::Quit) => Ok(exit::OK),
        Ok(tui::Exit::Signal(signal)) => Ok(exit::SIGNAL + signal as u8),
        Err(error) => Err(Failure::File(format!("the screen failed: {error}"))),
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
    let asked = show.headless || show.format.is_some();
    asked || !(show.tui || std::io::stdout().is_terminal())
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
pub(super) fn threads(arguments: &Race) -> usize {
    if let Some(threads) = arguments.threads {
        return threads.into();
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let slurm = std::env::var("SLURM_CPUS_PER_TASK").ok();
    let task = slurm.and_then(|cpus| cpus.parse().ok());
    task.map_or(cores, |task: usize| cores.min(task.max(1)))
}
