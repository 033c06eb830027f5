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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::Race;
    use crate::scenario::shipped;

    /// What a recording of a shipped race says of its map, before its first step.
    fn of(name: &str, set: &[&str], change: impl FnOnce(&mut Snapshot)) -> Mapped {
        let options = Options {
            set: set.iter().map(|&set| set.to_owned()).collect(),
            ..Options::default()
        };
        let source = shipped::find(name).expect("it ships").source();
        let scenario = check(&source, &options).expect("it is valid");
        let mut snapshot = Race::new(&scenario, &runner::stopwatch).snapshot();
        change(&mut snapshot);
        map(&snapshot, Path::new("some/race.jsonl"))
    }

    #[test]
    fn a_recording_of_a_surface_has_its_map() {
        let Mapped::Drawn(plain) = of("beale", &[], |_| {}) else {
            panic!("positions are recorded")
        };
        assert_eq!(plain.bounds, [[-4.5, 4.5]; 2]);
        // Changes by --set are in the recording, but not in its text.
        let Mapped::Drawn(set) = of("beale", &["surface.start=[9, 1]"], |_| {}) else {
            panic!("positions are recorded")
        };
        assert!(set.bounds[0][1] > 9.0, "{:?}", set.bounds);
        assert!(matches!(of("one-weight", &[], |_| {}), Mapped::Drawn(map) if map.is_line()));
    }

    #[test]
    fn another_recording_says_why_it_has_none() {
        let say = |mapped: Mapped| match mapped {
            Mapped::Absent { why } => why.map(|why| why.to_string()),
            _ => panic!("there is a map"),
        };
        let models = say(of("digits", &[], |_| {})).expect("there is a reason");
        assert!(models.starts_with("no map: a recording keeps positions on surfaces"));
        let old = of("beale", &[], |snapshot| {
            let mut meta = (*snapshot.meta).clone();
            meta.text = meta.text.replace("beale", "of another time").into();
            snapshot.meta = Arc::new(meta);
        });
        let old = say(old).expect("there is a reason");
        assert!(old.starts_with("no map: this slalom does not accept the scenario"));
        assert_eq!(say(of("beale", &["show.map=false"], |_| {})), None);
    }
}
