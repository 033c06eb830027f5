//! `slalom modes`: a race at tuned, default and equal rates, and where the order flips.

use indicatif::ProgressBar;

use crate::cli::arguments::Modes;
use crate::cli::headless::{TIMED, bar, catch};
use crate::cli::open::open;
use crate::cli::race::{leave_behind, threads};
use crate::cli::{Ending, Failure, exit, say, signals};
use crate::report;
use crate::runner;
use crate::scenario::check::check;
use crate::sweep::modes::{self, Plan, Stage};
use crate::sweep::tune::entries;

pub(super) fn run(arguments: &Modes) -> Ending {
    let source = open(&arguments.scenario)?;
    let options = arguments.changes.options(arguments.max_memory);
    let scenario = check(&source, &options)?;
    let fields = entries::fields(&scenario, &source, &options, &[]).map_err(Failure::Refused)?;
    let (seeds, tuning_seeds) = (arguments.seeds.into(), arguments.tuning_seeds.into());
    let plan = Plan::new(&scenario, fields, seeds, tuning_seeds).map_err(Failure::Usage)?;
    let signals = catch()?;
    let bar = bar(arguments.quiet, "{bar:30} {msg}");
    let pool = runner::pool(threads(arguments.threads));
    let watch = |stage: Stage<'_>| show(&bar, plan.seeds, stage);
    let stop = signals.stop();
    let found = pool.install(|| modes::run(&scenario, &plan, &runner::stopwatch, stop, &watch));
    bar.finish_and_clear();
    let stopped = signals.caught().filter(|_| found.stopped);
    if let Some(signal) = stopped {
        let signal = signals::name(signal);
        say(&format!(
            "stopped by {signal}: this is what is known so far"
        ));
    }
    let ending = stopped.map_or(exit::OK, |signal| exit::SIGNAL + signal);
    let text = report::modes::write(&found, arguments.format.into());
    leave_behind(ending, &text)?;
    if found.tuning.meta.timed && !arguments.quiet {
        say(&format!("note: {TIMED}"));
    }
    Ok(ending)
}

/// The search goes by the examples that its runs may take, the races by seeds.
fn show(bar: &ProgressBar, seeds: u64, stage: Stage<'_>) {
    match stage {
        Stage::Search(advance) => {
            bar.set_length(advance.work);
            bar.set_position(advance.work_done);
            let (done, planned) = (advance.done, advance.planned);
            bar.set_message(format!("search: {done} of {planned} runs"));
        }
        Stage::Race(kind, raced) => {
            bar.set_length(seeds);
            bar.set_position(raced);
            bar.set_message(format!("{}: {raced} of {seeds} seeds raced", kind.name()));
        }
    }
}
