//! `slalom modes`: a race at tuned, default and equal rates, and where the order flips; on the screen or
//! in numbers.

use indicatif::ProgressBar;

use crate::cli::arguments::Modes;
use crate::cli::headless::{TIMED, bar, catch};
use crate::cli::open::open;
use crate::cli::race::{self, format, is_headless, is_plain, note, threads};
use crate::cli::{Ending, Failure, exit, say, signals, watch};
use crate::report;
use crate::runner::{self, Contraster};
use crate::scenario::Scenario;
use crate::scenario::check::check;
use crate::sweep::modes::{self, Plan, Stage};
use crate::sweep::tune::entries;
use crate::tui::study::{self, modes::ModesStudy};

pub(super) fn run(arguments: &Modes) -> Ending {
    let source = open(&arguments.scenario)?;
    let options = arguments.changes.options(arguments.max_memory);
    let scenario = check(&source, &options)?;
    let fields = entries::fields(&scenario, &source, &options, &[]).map_err(Failure::Refused)?;
    let (seeds, tuning_seeds) = (arguments.seeds.into(), arguments.tuning_seeds.into());
    let plan = Plan::new(&scenario, fields, seeds, tuning_seeds).map_err(Failure::Usage)?;
    let (ending, found) = if is_headless(&arguments.show) {
        in_numbers(&scenario, &plan, arguments)?
    } else {
        on_screen(&scenario, &plan, arguments)?
    };
    if found.tuning.meta.timed {
        note(&arguments.show, TIMED);
    }
    Ok(ending)
}

/// The modes with a progress line; the exit code, and what came out.
fn in_numbers(
    scenario: &Scenario,
    plan: &Plan,
    arguments: &Modes,
) -> Result<(u8, modes::Modes), Failure> {
    let signals = catch()?;
    let quiet = arguments.show.quiet || is_plain(&arguments.show);
    let bar = bar(quiet, "{bar:30} {msg}");
    let pool = runner::pool(threads(arguments.threads));
    let watch = |stage: Stage<'_>| show(&bar, plan.seeds, &stage);
    let stop = signals.stop();
    let found = pool.install(|| modes::run(scenario, plan, &runner::stopwatch, stop, &watch));
    bar.finish_and_clear();
    let stopped = signals.caught().filter(|_| found.stopped);
    if let Some(signal) = stopped {
        let signal = signals::name(signal);
        say(&format!(
            "stopped by {signal}: this is what is known so far"
        ));
    }
    let ending = stopped.map_or(exit::OK, |signal| exit::SIGNAL + signal);
    let text = report::modes::write(&found, format(&arguments.show));
    race::leave_behind(ending, &text)?;
    Ok((ending, found))
}

/// The modes on the screen, whose result stays behind in the normal one; the exit code, and what came
/// out.
fn on_screen(
    scenario: &Scenario,
    plan: &Plan,
    arguments: &Modes,
) -> Result<(u8, modes::Modes), Failure> {
    let threads = threads(arguments.threads);
    let mut contraster = Contraster::start(scenario.clone(), plan.clone(), threads);
    let mut study = ModesStudy::new(scenario, plan, || contraster.latest());
    let left = watch::open(&arguments.show, |options| study::run(&mut study, options));
    drop(study);
    let found = contraster.stop();
    let text = report::modes::write(&found, format(&arguments.show));
    let ending = left.inspect_err(|_| say(&text))?;
    if found.stopped {
        say("left before the end: this is what is known so far");
    }
    watch::leave_behind(ending, &text)?;
    Ok((ending, found))
}

/// The search goes by the examples that its runs may take, the races by seeds.
fn show(bar: &ProgressBar, seeds: u64, stage: &Stage<'_>) {
    let race = |kind: modes::Kind, raced: u64| {
        bar.set_length(seeds);
        bar.set_position(raced);
        bar.set_message(format!("{}: {raced} of {seeds} seeds raced", kind.name()));
    };
    match stage {
        Stage::Search(advance, _) => {
            bar.set_length(advance.work);
            bar.set_position(advance.work_done);
            let (done, planned) = (advance.done, advance.planned);
            bar.set_message(format!("search: {done} of {planned} runs"));
        }
        Stage::Found(_) => {}
        Stage::Begun(kind, _) => race(*kind, 0),
        Stage::Race(kind, raced, _) => race(*kind, *raced),
    }
}
