//! `slalom SCENARIO --seeds N`: the same race on several seeds, on the screen or in numbers.

use crate::cli::arguments::Race;
use crate::cli::race::{code, is_headless, note, threads};
use crate::cli::watch::{leave_behind, open};
use crate::cli::{Ending, Failure, headless, say};
use crate::report::{Format, Results};
use crate::runner::Seeding;
use crate::scenario::Scenario;
use crate::sweep::nothing_varies;
use crate::tui::study;
use crate::tui::study::seeds::Seeds;

pub(super) fn run(scenario: &Scenario, seeds: u32, arguments: &Race) -> Ending {
    let last = scenario.seed.checked_add(u64::from(seeds) - 1);
    if last.is_none_or(|last| last > i64::MAX as u64) {
        let message = "the last of these seeds is above 2^63 - 1: choose a lower --seed";
        return Err(Failure::Usage(message.to_owned()));
    }
    if nothing_varies(scenario) {
        let message =
            "nothing here depends on the seed (a surface without noise): every race is the same";
        note(&arguments.show, message);
    }
    if is_headless(&arguments.show) {
        headless::seeds(scenario, seeds, arguments)
    } else {
        watch(scenario, seeds.into(), arguments)
    }
}

/// The race on the screen; its standings stay behind in the normal one.
fn watch(scenario: &Scenario, seeds: u64, arguments: &Race) -> Ending {
    let seeding = Seeding::start(scenario, seeds, threads(arguments.threads));
    let mut study = Seeds::new(|| (seeding.latest(), seeding.seconds()));
    let left = open(&arguments.show, |options| study::run(&mut study, options));
    drop(study);
    let sweep = seeding.stop();
    let results = Results::of_seeds(&sweep);
    let mut text = results.write(Format::Table);
    let raced = sweep.seeds();
    if raced < seeds {
        text += &format!("left after {raced} of {seeds} seeds: these are the standings so far\n");
    }
    let left = left.inspect_err(|_| say(&text))?;
    leave_behind(left, &text)?;
    Ok(code(left, &results, arguments))
}
