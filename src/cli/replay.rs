//! `slalom replay`: a recorded race, on the same screen and in the same reports as a live one.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::cli::arguments::Replay;
use crate::cli::plain::Teller;
use crate::cli::{Ending, exit, print, race, say, watch};
use crate::landscape::Landscape;
use crate::race::snapshot::Snapshot;
use crate::recording;
use crate::report::Results;
use crate::runner::{self, Mapped};
use crate::scenario::check::{Options, Source, check};

pub(super) fn run(arguments: &Replay) -> Ending {
    let (snapshot, warning) = recording::read(&arguments.file)?;
    if let Some(warning) = warning {
        let file = crate::text::clean(&arguments.file.display().to_string());
        say(&format!("warning: {file}: {warning}"));
    }
    if race::is_headless(&arguments.show) {
        if race::is_plain(&arguments.show) {
            Teller::default().tell(&snapshot)?;
            print("\n")?;
        }
        let results = Results::new(&snapshot);
        print(&results.write(race::format(&arguments.show)))?;
        return Ok(exit::OK);
    }
    let map = map(&snapshot, &arguments.file);
    watch::replay(runner::Replay::new(snapshot, map), &arguments.show)
}

/// The map of a recorded race, from the scenario in its recording. Positions are recorded on surfaces
/// only.
fn map(snapshot: &Snapshot, file: &Path) -> Mapped {
    let meta = &snapshot.meta;
    if !meta.surface {
        let why = "no map: a recording keeps positions on surfaces, not the parameters of models";
        return Mapped::absent(Some(why.to_owned()));
    }
    let source = Source {
        file: crate::text::clean(&file.display().to_string()),
        name: meta.name.clone(),
        text: meta.text.to_string(),
        folder: file.parent().unwrap_or(Path::new("")).to_owned(),
    };
    let options = Options {
        set: meta.set.clone(),
        ..Options::default()
    };
    let Ok(scenario) = check(&source, &options) else {
        let why = "no map: this slalom does not accept the scenario in the recording";
        return Mapped::absent(Some(why.to_owned()));
    };
    let landscape = Landscape::new(&scenario);
    let map = landscape.and_then(|l| l.map(snapshot, &AtomicBool::new(false)));
    map.map_or(Mapped::absent(None), |map| Mapped::Drawn(Arc::new(map)))
}
