//! A race without a screen: progress on standard error, standings on standard output.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::arguments::Race;
use crate::cli::plain::Teller;
use crate::cli::race::{code, format, is_plain, leave_behind, note, recorded, start, threads};
use crate::cli::signals::{self, Signals};
use crate::cli::{Ending, Failure, exit, say};
use crate::race::snapshot::Snapshot;
use crate::report::Results;
use crate::runner::{self, Source};
use crate::scenario::Scenario;
use crate::sweep::{self, sofar::News};

/// How often signals and progress are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// One race, in sentences too if they are asked for.
pub(super) fn race(scenario: &Scenario, arguments: &Race) -> Ending {
    let signals = catch()?;
    let runner = start(scenario, arguments, false)?;
    let mut teller = is_plain(&arguments.show).then(Teller::default);
    let bar = bar(arguments.show.quiet, FORM);
    let mut told = Ok(());
    while !runner.wait(LOOK) && signals.caught().is_none() && told.is_ok() {
        if let Some(teller) = &mut teller {
            told = teller.tell(&runner.latest().snapshot);
        } else if !bar.is_hidden() {
            show(&bar, &runner.latest().snapshot);
        }
    }
    bar.finish_and_clear();
    let so_far = runner.latest();
    let (state, saved) = match runner.stop() {
        Ok(state) => (state, Ok(())),
        Err(error) => (so_far, Err(Failure::from(error))),
    };
    if let (Ok(()), Some(teller)) = (&told, &mut teller) {
        told = teller.tell(&state.snapshot);
    }
    let results = Results::new(&state.snapshot);
    let stopped = signals.caught().filter(|_| !state.snapshot.finished());
    if let Some(signal) = stopped {
        say(&format!(
            "stopped by {}: these are the standings so far",
            signals::name(signal)
        ));
    }
    let ending = stopped.map_or(exit::OK, |signal| exit::SIGNAL + signal);
    if ending == exit::OK {
        told?;
    }
    let apart = if arguments.show.plain { "\n" } else { "" };
    let table = results.write(format(&arguments.show));
    leave_behind(ending, &format!("{apart}{table}"))?;
    saved?;
    if let Some(path) = &arguments.record {
        note(&arguments.show, &recorded(path));
    }
    if state.snapshot.meta.timed {
        note(&arguments.show, TIMED);
    }
    Ok(code(ending, &results, arguments))
}

/// The same race on several seeds.
pub(super) fn seeds(scenario: &Scenario, seeds: u32, arguments: &Race) -> Ending {
    let signals = catch()?;
    let bar = bar(arguments.show.quiet, FORM);
    bar.set_length(seeds.into());
    bar.set_message("seeds raced");
    let pool = runner::pool(threads(arguments.threads));
    let watch = |news: News| bar.inc(u64::from(matches!(news, News::Done(..))));
    let sweep = pool.install(|| {
        let seeds = u64::from(seeds);
        sweep::run(scenario, seeds, &runner::stopwatch, signals.stop(), &watch)
    });
    bar.finish_and_clear();
    let results = Results::of_seeds(&sweep);
    let stopped = signals.caught().filter(|_| sweep.seeds() < seeds.into());
    if let Some(signal) = stopped {
        let (signal, raced) = (signals::name(signal), sweep.seeds());
        say(&format!(
            "stopped by {signal} after {raced} of {seeds} seeds: these are the standings so far"
        ));
    }
    let ending = stopped.map_or(exit::OK, |signal| exit::SIGNAL + signal);
    leave_behind(ending, &results.write(format(&arguments.show)))?;
    if sweep.first.meta.timed {
        note(&arguments.show, TIMED);
    }
    Ok(code(ending, &results, arguments))
}

/// What is said of a scenario that ends on seconds.
/// The progress line of races.
const FORM: &str = "{bar:30} {pos} of {len} {msg}";

pub(super) const TIMED: &str =
    "this scenario ends on seconds: on another machine, or another day, other racers finish";

/// Catches signals from here on.
pub(super) fn catch() -> Result<Signals, Failure> {
    Signals::catch().map_err(|error| Failure::File(format!("cannot catch signals: {error}")))
}

/// A progress line of this form, seen only where standard error is a terminal and nobody wants quiet.
pub(super) fn bar(quiet: bool, form: &str) -> ProgressBar {
    let target = if quiet {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::stderr()
    };
    let style = ProgressStyle::with_template(form).expect("the template is well formed");
    ProgressBar::with_draw_target(Some(0), target).with_style(style)
}

/// The progress of a race is that of its slowest racer.
fn show(bar: &ProgressBar, snapshot: &Snapshot) {
    let running = || {
        snapshot
            .racers
            .iter()
            .filter(|racer| racer.outcome.is_none())
    };
    let (all, running_now) = (snapshot.racers.len(), running().count());
    let steps = running().map(|racer| racer.steps).min();
    bar.set_length(snapshot.meta.limit);
    bar.set_position(steps.unwrap_or(snapshot.meta.limit));
    bar.set_message(format!("steps, {} of {all} racers done", all - running_now));
}
