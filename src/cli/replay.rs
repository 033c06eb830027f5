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
use crate::scenario::Scenario;
use crate::scenario::check::{Options, Source, check};
use crate::scenario::mistake::Report;

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
    let folder = arguments.file.parent().unwrap_or(Path::new(""));
    let scenario = scenario(&snapshot, folder);
    let map = map(&snapshot, scenario.as_ref());
    let scenario = faithful(scenario, &snapshot);
    let replay = runner::Replay::new(snapshot, map);
    watch::replay(replay, scenario, &arguments.show)
}

/// What a race in a recording in `folder` was raced from, if it and its data can be read.
pub(super) fn scenario(snapshot: &Snapshot, folder: &Path) -> Option<Scenario> {
    let meta = &snapshot.meta;
    // Whoever wrote the recording of a surface may name a file of any size.
    let max_memory = if meta.surface {
        0
    } else {
        Options::default().max_memory
    };
    let options = Options {
        set: meta.set.clone(),
        seed: Some(meta.seed),
        max_memory,
        ..Options::default()
    };
    let labels = meta.racers.iter().map(|racer| racer.label.clone());
    raced(&source(snapshot, folder), options, labels.collect()).ok()
}

/// The scenario's text in a recording in `folder`.
pub(super) fn source(snapshot: &Snapshot, folder: &Path) -> Source {
    let meta = &snapshot.meta;
    Source {
        file: "the recording".to_owned(),
        name: meta.name.clone(),
        text: meta.text.to_string(),
        folder: folder.to_owned(),
    }
}

/// The scenario of a race that had racers of these labels: some may have been left out.
///
/// # Errors
/// All mistakes of the text and the options.
pub(super) fn raced(
    source: &Source,
    options: Options,
    labels: Vec<String>,
) -> Result<Scenario, Report> {
    let all = check(source, &options)?;
    if all.racers.len() == labels.len() {
        return Ok(all);
    }
    let only = labels;
    Ok(check(source, &Options { only, ..options }).unwrap_or(all))
}

/// The map of a recorded race: of a surface, made from its scenario. Networks have none.
pub(super) fn map(snapshot: &Snapshot, scenario: Option<&Scenario>) -> Mapped {
    if !snapshot.meta.surface {
        let why = "a recording keeps no parameters: no map of the network";
        return Mapped::absent(Some(why));
    }
    let Some(scenario) = scenario else {
        return Mapped::absent(Some(UNREADABLE));
    };
    let Some(landscape) = Landscape::new(scenario) else {
        return Mapped::absent(None);
    };
    match landscape.map(snapshot, &AtomicBool::new(false)) {
        Some(map) => Mapped::Drawn(Arc::new(map)),
        None => Mapped::absent(Some(OTHER)),
    }
}

const UNREADABLE: &str = "no map: this slalom cannot read the recorded scenario";

const OTHER: &str = "no map: the recorded positions do not belong to the recorded scenario";

/// The scenario, if a race of it is what was recorded: only then there is something to recompute.
fn faithful(scenario: Option<Scenario>, snapshot: &Snapshot) -> Option<Scenario> {
    scenario.filter(|scenario| scenario.digest() == snapshot.meta.digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::Race;
    use crate::scenario::shipped;

    fn snapshot(name: &str) -> Snapshot {
        let source = shipped::find(name).expect("it ships").source();
        let scenario = check(&source, &Options::default()).expect("it is valid");
        let mut race = Race::new(&scenario, &runner::stopwatch);
        race.advance(100);
        race.snapshot()
    }

    fn mapped(snapshot: &Snapshot) -> Mapped {
        map(snapshot, scenario(snapshot, Path::new("")).as_ref())
    }

    /// The shipped race with another text, or other changes.
    fn changed(name: &str, from: &str, to: &str, set: &[&str]) -> Snapshot {
        let mut snapshot = snapshot(name);
        let meta = Arc::make_mut(&mut snapshot.meta);
        assert!(meta.text.contains(from));
        meta.text = meta.text.replace(from, to).into();
        meta.set = set.iter().map(|&set| set.to_owned()).collect();
        snapshot
    }

    #[test]
    fn surfaces_have_their_map_and_all_else_a_reason() {
        let networks = "a recording keeps no parameters: no map of the network";
        let table = [
            (snapshot("beale"), None),
            (snapshot("one-weight"), None),
            (
                changed("beale", "noise", "noise", &["surface.noise=0.5"]),
                None,
            ),
            (snapshot("line"), Some(Some(networks))),
            (
                changed("beale", "noise", "nose", &[]),
                Some(Some(UNREADABLE)),
            ),
            (
                changed("beale", "noise", "noise", &["surface.x=1"]),
                Some(Some(UNREADABLE)),
            ),
            (changed("one-weight", "[6]", "[6]", &["title=x"]), None),
            (
                changed("beale", "noise", "noise", &["show.map=false"]),
                Some(None),
            ),
        ];
        for (number, (snapshot, want)) in table.iter().enumerate() {
            let got = match mapped(snapshot) {
                Mapped::Drawn(_) => None,
                Mapped::Absent { why } => Some(why),
                Mapped::Pending => panic!("case {number} is pending"),
            };
            let got = got.as_ref().map(Option::as_deref);
            assert_eq!(got, *want, "case {number}");
        }
    }

    #[test]
    fn positions_of_another_surface_are_not_mapped() {
        let mut beale = snapshot("beale");
        let text = Arc::clone(&snapshot("one-weight").meta.text);
        Arc::make_mut(&mut beale.meta).text = text;
        let Mapped::Absent { why: Some(why) } = mapped(&beale) else {
            panic!("there is no such map")
        };
        assert_eq!(&*why, OTHER);
    }

    #[test]
    fn only_what_was_raced_is_recomputed() {
        let recomputed = |snapshot: &Snapshot| {
            faithful(scenario(snapshot, Path::new("")), snapshot).map(|found| found.racers.len())
        };
        assert_eq!(recomputed(&snapshot("beale")), Some(5));
        assert_eq!(recomputed(&snapshot("moons")), Some(2));
        for (from, to) in [
            ("\"beale\"", "\"himmelblau\""),
            ("\"adam\"", "\"gd\""),
            ("learning_rate = 0.0215", "learning_rate = 0.0216"),
        ] {
            assert_eq!(recomputed(&changed("beale", from, to, &[])), None, "{to}");
        }
        let mut seed = snapshot("beale");
        Arc::make_mut(&mut seed.meta).seed = 3;
        assert_eq!(recomputed(&seed), None);
        // Two of five, as `--only` leaves them.
        let source = shipped::find("beale").expect("it ships").source();
        let only = vec!["adam".to_owned(), "gd".to_owned()];
        let options = Options {
            only,
            ..Options::default()
        };
        let two = check(&source, &options).expect("it is valid");
        let two = Race::new(&two, &runner::stopwatch).snapshot();
        assert_eq!(recomputed(&two), Some(2));
    }
}
