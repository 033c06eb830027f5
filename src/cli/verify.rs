//! `slalom verify`: a race run again, its numbers beside those that were kept.

use std::path::Path;

use crate::cli::arguments::Verify;
use crate::cli::headless::catch;
use crate::cli::open::open;
use crate::cli::race::threads;
use crate::cli::signals::{self, Signals};
use crate::cli::{Ending, Failure, exit, kept, print, replay, say};
use crate::recording;
use crate::report::kept::Kept;
use crate::report::same::difference;
use crate::report::{Format, Results};
use crate::runner;
use crate::scenario::Scenario;
use crate::scenario::check::{Options, Source};
use crate::scenario::shipped;
use crate::sweep::again::Again;
use crate::sweep::{self, Sweep};
use crate::text::clean;

pub(super) fn run(arguments: &Verify) -> Ending {
    if kept::is_recording(&arguments.file)? {
        of_recording(arguments)
    } else {
        of_result(arguments)
    }
}

fn of_recording(arguments: &Verify) -> Ending {
    let path = &arguments.file;
    let (snapshot, warning) = recording::read(path)?;
    if let Some(warning) = warning {
        say(&format!("warning: {}: {warning}", shown(path)));
    }
    let meta = &snapshot.meta;
    let source = match &arguments.scenario {
        Some(scenario) => open(scenario)?,
        None => replay::source(&snapshot, path.parent().unwrap_or(Path::new(""))),
    };
    let labels = meta.racers.iter().map(|racer| racer.label.clone());
    let scenario = raced(
        arguments,
        &source,
        [&meta.set, &meta.add],
        meta.seed,
        labels.collect(),
    )?;
    is_what_was_raced(arguments, &scenario, &meta.digest)?;
    tell_version(&meta.version);
    let signals = catch()?;
    let mut again = Again::new(&scenario, &runner::stopwatch, signals.stop());
    let followed = pool(arguments)
        .install(|| recording::follow(path, &mut |racer, recorded| again.beside(racer, recorded)));
    followed?;
    if let Some(ending) = stopped(&signals) {
        return Ok(ending);
    }
    let (seed, numbers) = (meta.seed, again.compared());
    let found = again.difference().map(|found| {
        let label = &meta.racers[found.racer].label;
        format!("{label} at step {}: {}", found.step, found.what)
    });
    let cut = snapshot.racers.iter().any(|racer| racer.outcome.is_none());
    let cut = if cut {
        ", which end before the race does"
    } else {
        ""
    };
    let what = format!(
        "{}, seed {seed}: {numbers} recorded lines{cut}",
        scenario.name
    );
    tell(&what, found)
}

fn of_result(arguments: &Verify) -> Ending {
    let (kept, text) = kept::read(&arguments.file)?;
    let file = shown(&arguments.file);
    if let Some(departure) = &kept.scenario.departure {
        return Err(Failure::Refused(format!(
            "{file}: the race was changed on the screen ({departure}): no scenario says how"
        )));
    }
    if kept.was_stopped() {
        return Err(Failure::Refused(format!(
            "{file}: the race was stopped before its end: what it had come to cannot be met again"
        )));
    }
    let source = match (&arguments.scenario, shipped::find(&kept.scenario.name)) {
        (Some(scenario), _) => open(scenario)?,
        (None, Some(shipped)) => shipped.source(),
        (None, None) => {
            let name = &kept.scenario.name;
            return Err(Failure::Usage(format!(
                "{file} holds the name of its scenario, `{name}`, but not its text: --scenario FILE \
                 gives it"
            )));
        }
    };
    let labels = kept.racers.iter().map(|racer| racer.label.clone());
    let (flags, seed) = ([&kept.scenario.set, &kept.scenario.add], kept.seed);
    let scenario = raced(arguments, &source, flags, seed, labels.collect())?;
    is_what_was_raced(arguments, &scenario, &kept.scenario.digest)?;
    tell_version(&kept.version);
    let signals = catch()?;
    let seeds = kept.runs() as u64;
    let sweep = pool(arguments).install(|| {
        sweep::run(
            &scenario,
            seeds,
            &runner::stopwatch,
            signals.stop(),
            &|_| (),
        )
    });
    if let Some(ending) = stopped(&signals) {
        return Ok(ending);
    }
    let found = difference(&text, &results(&kept, &sweep));
    let found = found.map(|found| {
        let (place, kept, now) = (found.place, found.kept, found.now);
        format!("{place} is {now}, kept was {kept}")
    });
    let seeds = match seeds {
        1 => format!("seed {seed}"),
        n => format!("seeds {seed} to {}", seed + n - 1),
    };
    let what = format!("{}, {seeds}: all numbers but seconds", scenario.name);
    tell(&what, found)
}

/// The results of the race run again, as they would be kept.
fn results(kept: &Kept, sweep: &Sweep) -> String {
    let results = if kept.has_seeds() {
        Results::of_seeds(sweep)
    } else {
        Results::new(&sweep.first)
    };
    results.write(Format::Json)
}

/// The scenario as it was raced, from its text and the values of `--set` and `--add`.
fn raced(
    arguments: &Verify,
    source: &Source,
    [set, add]: [&Vec<String>; 2],
    seed: u64,
    labels: Vec<String>,
) -> Result<Scenario, Failure> {
    let options = Options {
        set: set.clone(),
        add: add.clone(),
        seed: Some(seed),
        max_memory: arguments.max_memory,
        ..Options::default()
    };
    Ok(replay::raced(source, options, labels)?)
}

/// Refuses to run what was not raced, or what never comes out the same.
fn is_what_was_raced(arguments: &Verify, scenario: &Scenario, digest: &str) -> Result<(), Failure> {
    let (file, now) = (shown(&arguments.file), scenario.digest());
    if now != digest {
        return Err(Failure::Refused(format!(
            "{file}: not what was raced: the digest of {} is {now}, kept is {digest}\n  its text or its \
             data have changed, or another version of slalom resolves it otherwise",
            scenario.name
        )));
    }
    if scenario.finish.seconds.is_some() {
        return Err(Failure::Refused(format!(
            "{file}: the race ends on seconds: no two runs of it are the same"
        )));
    }
    Ok(())
}

/// Says so if it was another version, which may compute other bits.
fn tell_version(version: &str) {
    let own = env!("CARGO_PKG_VERSION");
    if version != own {
        say(&format!("note: raced by slalom {version}; this is {own}"));
    }
}

/// Prints whether the numbers are the same.
fn tell(what: &str, found: Option<String>) -> Ending {
    match found {
        None => {
            print(&format!("the same: {what}\n"))?;
            Ok(exit::OK)
        }
        Some(found) => {
            print(&format!("not the same: {found}\n"))?;
            Ok(exit::NOT_THE_SAME)
        }
    }
}

/// The exit code, if a signal came before the end.
fn stopped(signals: &Signals) -> Option<u8> {
    let signal = signals.caught()?;
    let name = signals::name(signal);
    say(&format!("stopped by {name}: nothing is said"));
    Some(exit::SIGNAL + signal)
}

fn pool(arguments: &Verify) -> rayon::ThreadPool {
    runner::pool(threads(arguments.threads))
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}
