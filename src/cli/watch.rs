//! A race on the screen, live or recorded: what it is opened on, and what it leaves behind.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::cli::arguments::{Race, Show};
use crate::cli::look::look;
use crate::cli::race::{code, recorded, start};
use crate::cli::{Ending, Failure, exit, print, say, write};
use crate::landscape::starts::Question;
use crate::race::retrace::Glance;
use crate::report::Results;
use crate::runner::{Inspection, Rater, Rates, Replay, Retracer, Runner, Scout, Scouted, Source};
use crate::scenario::check::{self, Options, check};
use crate::scenario::edit::Edit;
use crate::scenario::edit::field::Key;
use crate::scenario::{Scenario, shipped};
use crate::tui::message::Wish;
use crate::tui::{self, Stage};

/// How long standings may take to be printed on a terminal after a signal.
const MOMENT: Duration = Duration::from_secs(2);

/// The race on the screen; its standings stay behind in the normal one.
pub(super) fn race(
    source: check::Source,
    options: Options,
    scenario: Scenario,
    arguments: &Race,
) -> Ending {
    let mut live = Live {
        runner: start(&scenario, arguments, true)?,
        scout: None,
        rater: None,
        retracer: None,
        source,
        options,
        scenario,
        edit: None,
        arguments,
    };
    let left = show(&mut live, &arguments.show);
    let so_far = live.runner.latest();
    let (state, saved) = match live.runner.stop() {
        Ok(state) => (state, Ok(())),
        Err(error) => (so_far, Err(Failure::from(error))),
    };
    let results = Results::new(&state.snapshot);
    let mut text = results.short();
    if let (Ok(()), Some(path)) = (&saved, &arguments.record) {
        text += &format!("{}\n", recorded(path));
    }
    let left = left.inspect_err(|_| say(&text))?;
    let printed = leave_behind(left, &text);
    saved?;
    printed?;
    Ok(code(left, &results, arguments))
}

/// A recorded race on the screen, with its scenario if that can still be read; its standings stay
/// behind in the normal one.
pub(super) fn replay(replay: Replay, scenario: Option<Scenario>, show_as: &Show) -> Ending {
    let results = Results::new(&replay.latest().snapshot);
    let mut recorded = Recorded {
        replay,
        scenario,
        scout: None,
        rater: None,
        retracer: None,
    };
    let left = show(&mut recorded, show_as)?;
    leave_behind(left, &results.short())?;
    Ok(left)
}

/// Prints what a screen that was left with `ending` leaves behind. After a signal the terminal may take
/// nothing any more, and nobody may be there to say so: then it gets a moment.
pub(super) fn leave_behind(ending: u8, text: &str) -> Result<(), Failure> {
    if ending <= exit::SIGNAL {
        return print(text);
    }
    let text = text.to_owned();
    let (done, printed) = crossbeam_channel::bounded(1);
    std::thread::spawn(move || done.send(print(&text)));
    let _ = printed.recv_timeout(MOMENT);
    Ok(())
}

/// Shows `stage` on the screen; the exit code of how it was left.
fn show(stage: &mut dyn Stage, show: &Show) -> Ending {
    open(show, |options| tui::run(stage, options))
}

/// Opens the screen of `run`, as it is asked for; the exit code of how it was left.
pub(super) fn open(show: &Show, run: impl FnOnce(tui::Options) -> io::Result<tui::Exit>) -> Ending {
    let terminal = std::io::stdout().is_terminal();
    let variable = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    let look = look(&show.appearance, terminal, variable);
    let options = tui::Options {
        fps: show.fps,
        look,
        exit_on_finish: show.exit_on_finish,
        ask_ground: look.needs_ground(),
    };
    match run(options) {
        Ok(tui::Exit::Quit) => Ok(exit::OK),
        Ok(tui::Exit::Signal(signal)) => Ok(exit::SIGNAL + signal as u8),
        Err(error) => Err(Failure::File(format!("the screen failed: {error}"))),
    }
}

/// A race that is being computed, and what it was started from.
struct Live<'a> {
    runner: Runner,
    /// Fills start maps, once somebody has asked for one.
    scout: Option<Scout>,
    /// Fills rate strips, or why there are none, once somebody has asked.
    rater: Option<Result<Rater, String>>,
    /// Looks into the race, once somebody has asked.
    retracer: Option<Retracer>,
    source: check::Source,
    options: Options,
    scenario: Scenario,
    /// What has been changed of it, if anything has.
    edit: Option<Edit>,
    arguments: &'a Race,
}

impl Live<'_> {
    /// Races `scenario` instead. Started only when the other has stopped: two would take the cores
    /// from each other.
    fn go_over_to(&mut self, scenario: Scenario, edit: Option<Edit>) -> Result<(), String> {
        (self.scout, self.rater, self.retracer) = (None, None, None);
        self.runner.halt();
        self.runner = start(&scenario, self.arguments, true).map_err(|_| refused())?;
        (self.scenario, self.edit) = (scenario, edit);
        Ok(())
    }
}

fn refused() -> String {
    "it is refused: `slalom check` says why".to_owned()
}

impl Stage for Live<'_> {
    fn source(&self) -> &dyn Source {
        &self.runner
    }

    fn open(&mut self, wish: Wish) -> Result<(), String> {
        if let Some(path) = &self.arguments.record {
            let path = crate::text::clean(&path.display().to_string());
            return Err(format!(
                "this race is recorded in {path}: quit to race another"
            ));
        }
        match wish {
            Wish::NextSeed => {
                let seed = Some(self.scenario.seed + 1).filter(|seed| i64::try_from(*seed).is_ok());
                let seed = seed.ok_or("there is no seed above 2^63 - 1")?;
                if let Some(mut edit) = self.edit.clone() {
                    edit.set(Key::Seed, &seed.to_string())?;
                    let scenario = Scenario {
                        racers: self.scenario.racers.clone(),
                        ..edit.scenario()
                    };
                    return self.go_over_to(scenario, Some(edit));
                }
                let options = Options {
                    seed: Some(seed),
                    ..self.options.clone()
                };
                let scenario = check(&self.source, &options).map_err(|_| refused())?;
                self.options = options;
                self.go_over_to(scenario, None)
            }
            Wish::Scenario(name) => {
                let shipped = shipped::find(name).ok_or(format!("there is no scenario {name}"))?;
                let options = Options {
                    max_memory: self.options.max_memory,
                    ..Options::default()
                };
                let source = shipped.source();
                let scenario = check(&source, &options).map_err(|_| refused())?;
                (self.source, self.options) = (source, options);
                self.go_over_to(scenario, None)
            }
            Wish::Edited(edit) => self.go_over_to(edit.scenario(), Some(*edit)),
            Wish::Fork(edit, after) => {
                let scenario = edit.forked(&self.scenario, &after)?;
                self.go_over_to(scenario, Some(*edit))
            }
        }
    }

    fn edit(&self) -> Result<Edit, String> {
        match &self.edit {
            Some(edit) => Ok(edit.clone()),
            None => Edit::new(&self.source, &self.options, &self.scenario),
        }
    }

    fn write(&self, edit: Option<&Edit>) -> Result<String, String> {
        let edit = edit.cloned().map_or_else(|| self.edit(), Ok)?;
        let text = edit.file(&self.scenario)?;
        let path = write::scenario(Path::new(""), &self.scenario.name, &text)?;
        let path = path.display();
        Ok(format!("written to {path}: `slalom {path}` races it"))
    }

    fn scout(&mut self, question: Option<&Question>) -> Option<Arc<Scouted>> {
        let threads = self.runner.latest().threads;
        scout(&mut self.scout, &self.scenario, threads, question)
    }

    fn rates(&mut self, wanted: bool) -> Option<Result<Arc<Rates>, String>> {
        let threads = self.runner.latest().threads;
        Some(rates(&mut self.rater, &self.scenario, threads, wanted))
    }

    fn inspect(&mut self, glances: &[Glance]) -> Inspection {
        inspect(&mut self.retracer, &self.scenario, glances)
    }
}

/// Asks for the start map of `question` in races of `scenario`, if anybody ever has.
fn scout(
    scout: &mut Option<Scout>,
    scenario: &Scenario,
    threads: usize,
    question: Option<&Question>,
) -> Option<Arc<Scouted>> {
    if question.is_some() && scout.is_none() {
        *scout = Scout::start(scenario, threads);
    }
    scout.as_ref()?.ask(question)
}

/// Asks for the rate strips of races of `scenario`, to be filled from now on or not.
fn rates(
    rater: &mut Option<Result<Rater, String>>,
    scenario: &Scenario,
    threads: usize,
    wanted: bool,
) -> Result<Arc<Rates>, String> {
    let rater = rater.get_or_insert_with(|| Rater::start(scenario, threads));
    rater
        .as_ref()
        .map(|rater| rater.ask(wanted))
        .map_err(Clone::clone)
}

/// Asks for `glances` into a race of `scenario`, if anybody ever has.
fn inspect(retracer: &mut Option<Retracer>, scenario: &Scenario, glances: &[Glance]) -> Inspection {
    if glances.is_empty() && retracer.is_none() {
        return Inspection::default();
    }
    let retracer = retracer.get_or_insert_with(|| Retracer::start(scenario.clone()));
    retracer.ask(glances)
}

const UNREADABLE: &str = "the recorded scenario or its data cannot be read, or are no longer what was raced: there is nothing to \
     recompute from";

/// A recording, and what it was recorded from, if that can still be read.
struct Recorded {
    replay: Replay,
    scenario: Option<Scenario>,
    scout: Option<Scout>,
    rater: Option<Result<Rater, String>>,
    retracer: Option<Retracer>,
}

impl Recorded {
    /// Why nothing can be changed.
    fn no_edit(&self) -> String {
        let name = &self.replay.latest().snapshot.meta.name;
        format!("a recording stays as it is: `slalom {name}` races it anew, and e changes that")
    }
}

impl Stage for Recorded {
    fn source(&self) -> &dyn Source {
        &self.replay
    }

    fn open(&mut self, wish: Wish) -> Result<(), String> {
        let state = self.replay.latest();
        let meta = &state.snapshot.meta;
        Err(match wish {
            Wish::NextSeed => format!(
                "a recording has one seed: `slalom {} --seed {}` races the next",
                meta.name,
                meta.seed.saturating_add(1)
            ),
            Wish::Scenario(name) => format!("this is a recording: `slalom {name}` races that"),
            Wish::Edited(_) | Wish::Fork(..) => self.no_edit(),
        })
    }

    fn scout(&mut self, question: Option<&Question>) -> Option<Arc<Scouted>> {
        scout(&mut self.scout, self.scenario.as_ref()?, 0, question)
    }

    fn rates(&mut self, wanted: bool) -> Option<Result<Arc<Rates>, String>> {
        let scenario = self.scenario.as_ref()?;
        Some(rates(&mut self.rater, scenario, 0, wanted))
    }

    fn inspect(&mut self, glances: &[Glance]) -> Inspection {
        match &self.scenario {
            Some(scenario) => inspect(&mut self.retracer, scenario, glances),
            None => Inspection::refused(UNREADABLE),
        }
    }

    fn edit(&self) -> Result<Edit, String> {
        Err(self.no_edit())
    }

    fn write(&self, _: Option<&Edit>) -> Result<String, String> {
        Err(self.no_edit())
    }
}
