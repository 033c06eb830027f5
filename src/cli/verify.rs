//! `slalom verify`: a race run again, its numbers beside those that were kept.

use std::path::Path;

use crate::cli::arguments::Verify;
use crate::cli::headless::catch;
use crate::cli::open::open;
use crate::cli::race::threads;
use crate::cli::signals::{self, Signals};
use crate::cli::{Ending, Failure, exit, kept, print, replay, say};
use crate::race::snapshot::Snapshot;
use crate::recording;
use crate::report::kept::Kept;
use crate::report::same::{Difference, compare};
use crate::report::{Format, Results};
use crate::runner;
use crate::scenario::Scenario;
use crate::scenario::check::{Options, Source, check};
use crate::scenario::shipped;
use crate::sweep::again::Again;
use crate::sweep::{self, Sweep};
use crate::text::clean;

/// This slalom's version.
const OWN_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The most parts that were not compared and are named.
const NAMED: usize = 6;

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
    let options = options(arguments, [&meta.set, &meta.add], meta.seed);
    let scenario = replay::raced(&source, options, labels.collect())?;
    is_what_was_raced(arguments, &scenario, &meta.digest)?;
    tell_version(arguments, &meta.version);
    let signals = catch()?;
    let mut again = Again::new(&scenario, &runner::stopwatch, signals.stop());
    let followed = pool(arguments)
        .install(|| recording::follow(path, &mut |racer, recorded| again.beside(racer, recorded)));
    followed?;
    if let Some(ending) = stopped(&signals) {
        return Ok(ending);
    }
    let found = again.difference().map(|found| {
        let label = &meta.racers[found.racer].label;
        format!("{label} at step {}: {}", found.step, found.what)
    });
    let numbers: u64 = again.compared().iter().sum();
    tell(&Verdict {
        file: shown(path),
        compared: format!(
            "{}, seed {}: {numbers} recorded lines",
            scenario.name, meta.seed
        ),
        found,
        lacking: not_recorded(&snapshot, &again),
        is_enough: again.compared().iter().all(|lines| *lines > 0),
    })
}

/// What a recording lacks of its race.
fn not_recorded(snapshot: &Snapshot, again: &Again) -> Vec<String> {
    let racers = snapshot.racers.iter().zip(&snapshot.meta.racers);
    let parts = racers.zip(again.compared());
    let parts = parts.filter_map(|((progress, entered), lines)| match lines {
        0 => Some(format!("all of {}", entered.label)),
        _ if progress.outcome.is_none() => Some(format!("the end of {}", entered.label)),
        _ => None,
    });
    let between = match again.passed_over() {
        0 => None,
        1 => Some("1 evaluation between those recorded".to_owned()),
        n => Some(format!("{n} evaluations between those recorded")),
    };
    parts.chain(between).collect()
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
    let scenario = all_that_was_raced(arguments, &source, &kept)?;
    is_what_was_raced(arguments, &scenario, &kept.scenario.digest)?;
    tell_version(arguments, &kept.version);
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
    let same = compare(&text, &results(&kept, &sweep));
    let found = same.difference.as_ref();
    let found = found.map(|found| {
        let Difference { place, kept, now } = found;
        format!("{place} is {now}, kept was {kept}")
    });
    let (first, last) = (kept.seed, kept.seed + seeds - 1);
    let seeds = match seeds {
        1 => format!("seed {first}"),
        _ => format!("seeds {first} to {last}"),
    };
    // Results gain members with later versions: those of another version may lack some.
    let is_older = kept.version != OWN_VERSION;
    let is_enough = same.has_all_racers() && (is_older || same.lacking.is_empty());
    let absent = same.absent.iter().map(|label| format!("all of {label}"));
    tell(&Verdict {
        file,
        compared: format!(
            "{}, {seeds}: {} numbers, all but seconds",
            scenario.name, same.numbers
        ),
        found,
        lacking: absent.chain(same.lacking).collect(),
        is_enough,
    })
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

/// What the scenario's text is checked with: the seed and the values of `--set` and `--add`.
fn options(arguments: &Verify, [set, add]: [&Vec<String>; 2], seed: u64) -> Options {
    Options {
        set: set.clone(),
        add: add.clone(),
        seed: Some(seed),
        max_memory: arguments.max_memory,
        ..Options::default()
    }
}

/// The scenario of a kept result: with all its racers where those were raced, even if some are no
/// longer in the file.
fn all_that_was_raced(
    arguments: &Verify,
    source: &Source,
    kept: &Kept,
) -> Result<Scenario, Failure> {
    let options = options(
        arguments,
        [&kept.scenario.set, &kept.scenario.add],
        kept.seed,
    );
    let all = check(source, &options)?;
    if all.digest() == kept.scenario.digest {
        return Ok(all);
    }
    let labels = kept.racers.iter().map(|racer| racer.label.clone());
    Ok(replay::raced(source, options, labels.collect())?)
}

/// Refuses to run what was not raced, or what never comes out the same.
fn is_what_was_raced(arguments: &Verify, scenario: &Scenario, digest: &str) -> Result<(), Failure> {
    let (file, now) = (shown(&arguments.file), scenario.digest());
    if now != digest {
        return Err(Failure::Refused(format!(
            "{file}: not what was raced: the digest of {} is {now}, kept is {digest}\n  its text, its \
             data or its racers are others, or another version of slalom resolves it otherwise",
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
fn tell_version(arguments: &Verify, version: &str) {
    if version != OWN_VERSION && !arguments.quiet {
        say(&format!(
            "note: raced by slalom {version}; this is {OWN_VERSION}"
        ));
    }
}

/// What came out of the comparison.
struct Verdict {
    /// The file that was verified.
    file: String,
    /// What was compared, and how much of it.
    compared: String,
    /// The first number that differs.
    found: Option<String>,
    /// What the file lacks.
    lacking: Vec<String>,
    /// Whether what was compared stands for the race.
    is_enough: bool,
}

/// Prints whether the numbers are the same, and what was not compared.
fn tell(verdict: &Verdict) -> Ending {
    let Verdict {
        file,
        compared,
        found,
        lacking,
        is_enough,
    } = verdict;
    if let Some(found) = found {
        print(&format!("not the same: {found}\n"))?;
        return Ok(exit::NOT_THE_SAME);
    }
    let (says, code) = match is_enough {
        true => ("the same", exit::OK),
        false => ("the same, but not all of it", exit::NOT_THE_SAME),
    };
    print(&format!("{says}: {compared}\n"))?;
    if !lacking.is_empty() {
        let named = lacking.iter().take(NAMED).cloned();
        let more = lacking.len().saturating_sub(NAMED);
        let more = (more > 0).then(|| format!("{more} more"));
        let list: Vec<String> = named.chain(more).collect();
        print(&format!(
            "not compared, not in {file}: {}\n",
            list.join(", ")
        ))?;
    }
    Ok(code)
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
