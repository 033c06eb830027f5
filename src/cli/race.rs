//! `slalom race`: a scenario, on the screen or in numbers.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::arguments::{Race, Show};
use crate::cli::open::open;
use crate::cli::{Ending, Failure, exit, headless, print, say};
use crate::race;
use crate::recording::Writer;
use crate::report::{Format, Results};
use crate::runner::{self, Runner, Source};
use crate::scenario::Scenario;
use crate::scenario::check::{Options, check};
use crate::text::clean;
use crate::tui;

/// How long standings may take to be printed on a terminal after a signal.
const MOMENT: Duration = Duration::from_secs(2);

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

/// Starts the race on threads of its own.
pub(super) fn start(scenario: &Scenario, arguments: &Race) -> Result<Runner, Failure> {
    let race = race::Race::new(scenario, &runner::stopwatch);
    let create = |path: &PathBuf| Writer::create(path, race.meta(), arguments.record_every);
    let record = arguments.record.as_ref().map(create).transpose()?;
    let threads = threads(arguments);
    Ok(Runner::start(race, runner::Options { threads, record }))
}

/// The race on the screen; its standings stay behind in the normal one.
fn watch(scenario: &Scenario, arguments: &Race) -> Ending {
    let runner = start(scenario, arguments)?;
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
    let printed = leave_screen(left, &text);
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

/// Prints what a screen that was left with `ending` leaves behind. After a signal the terminal may take
/// nothing any more, and nobody may be there to say so: then it gets a moment.
pub(super) fn leave_screen(ending: u8, text: &str) -> Result<(), Failure> {
    if ending <= exit::SIGNAL {
        return print(text);
    }
    let text = text.to_owned();
    let (done, printed) = crossbeam_channel::bounded(1);
    std::thread::spawn(move || done.send(print(&text)));
    let _ = printed.recv_timeout(MOMENT);
    Ok(())
}

/// Shows `source` on the screen; the exit code of how it was left.
pub(super) fn show(source: &dyn Source, show: &Show) -> Ending {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let options = tui::Options {
        fps: show.fps,
        colour: !set("NO_COLOR") && !is_dumb(),
        exit_on_finish: show.exit_on_finish,
        ask_ground: true,
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

/// Whether results are printed, rather than shown on the screen. Where a terminal would have to show
/// it and cannot, says so.
pub(super) fn is_headless(show: &Show) -> bool {
    let asked = show.headless || show.format.is_some();
    if asked || show.tui || !std::io::stdout().is_terminal() {
        return asked || !show.tui;
    }
    if is_dumb() {
        let message = "this terminal (TERM=dumb) cannot place a cursor, so there is no screen; \
                       --tui opens one all the same";
        note(show, message);
    }
    is_dumb()
}

/// Whether the terminal says of itself that it can only print lines.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
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
