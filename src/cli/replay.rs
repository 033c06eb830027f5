//! `slalom replay`: a recorded race, on the same screen and in the same reports as a live one.

use crate::cli::arguments::Replay;
use crate::cli::plain::Teller;
use crate::cli::{Ending, exit, print, race, say};
use crate::recording;
use crate::report::Results;
use crate::runner;

pub(super) fn run(arguments: &Replay) -> Ending {
    let (snapshot, warning) = recording::read(&arguments.file)?;
    if let Some(warning) = warning {
        let file = crate::text::clean(&arguments.file.display().to_string());
        say(&format!("warning: {file}: {warning}"));
    }
    let results = Results::new(&snapshot);
    if race::is_headless(&arguments.show) {
        if arguments.show.plain {
            Teller::default().tell(&snapshot)?;
            print("\n")?;
        }
        print(&results.write(race::format(&arguments.show)))?;
        return Ok(exit::OK);
    }
    let source = runner::Replay::new(snapshot);
    let left = race::show(&source, &arguments.show)?;
    race::leave_behind(left, &results.short())?;
    Ok(left)
}
