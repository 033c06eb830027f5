//! `slalom replay`: a recorded race, on the same screen and in the same reports as a live one.

use crate::cli::arguments::Replay;
use crate::cli::plain::Teller;
use crate::cli::{Ending, exit, print, race, say, watch};
use crate::recording;
use crate::report::Results;
use crate::runner;

pub(super) fn run(arguments: &Replay) -> Ending {
    let (snapshot, warning) = recording::read(&arguments.file)?;
    if let Some(warning) = warning {
        let file = crate::text::clean(&arguments.file.display().to_string());
        say(&format!("warning: {file}: {warning}"));
    }
    if race::is_headless(&arguments.show) {
        if race::is_plain(&arguments.show) {
            Teller::default().tell(&snapshot)?;
        }
        let results = Results::new(&snapshot);
        print(&results.write(race::format(&arguments.show)))?;
        return Ok(exit::OK);
    }
    watch::replay(runner::Replay::new(snapshot), &arguments.show)
}
