//! `slalom tune`: learning rates for a scenario, found with equal budgets, on the screen or in numbers.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressState};

use crate::cli::arguments::Tune;
use crate::cli::figure::Figure;
use crate::cli::headless::{self, TIMED, catch};
use crate::cli::open::{is_path, open};
use crate::cli::race::{self, format, is_headless, is_plain, note, threads};
use crate::cli::{Ending, Failure, exit, say, signals, watch};
use crate::report::tuning;
use crate::runner::{self, Searcher};
use crate::scenario::Scenario;
use crate::scenario::check::memory::shown;
use crate::scenario::check::{Options, Source, check};
use crate::scenario::edit::tuned::{Found, tuned};
use crate::sweep::tune::crew::Advance;
use crate::sweep::tune::entries::{self, Over};
use crate::sweep::tune::{self, Plan, Tuning, memory};
use crate::text::clean;
use crate::tui::files;
use crate::tui::picture::{Paper, sensitivity};
use crate::tui::study::{self, tuning::TuningStudy};

/// A rate of three digits is off by no larger a share than this.
const ROUNDED: f64 = 0.005;

pub(super) fn run(arguments: &Tune) -> Ending {
    let path = arguments.write.then(|| writable(&arguments.scenario));
    let path = path.transpose()?;
    let figure = arguments.figure.as_deref().map(Figure::at).transpose()?;
    let source = open(&arguments.scenario)?;
    let options = arguments.changes.options(arguments.max_memory);
    let scenario = check(&source, &options)?;
    let over = over(&arguments.over)?;
    let fields = entries::fields(&scenario, &source, &options, &over).map_err(Failure::Refused)?;
    let plan = Plan::new(&scenario, fields, arguments.seeds.into(), arguments.halving)
        .map_err(Failure::Usage)?;
    fits(&scenario, &plan, arguments)?;
    let (ending, found) = if is_headless(&arguments.show) {
        in_numbers(&scenario, &plan, arguments)?
    } else {
        on_screen(&scenario, &plan, arguments)?
    };
    match path {
        Some(path) if found.stopped => {
            let path = clean(&path.display().to_string());
            say(&format!("{path} stays as it is: the search was stopped"));
        }
        Some(path) => {
            let stay = write(path, &source, &options, &found)?;
            let path = clean(&path.display().to_string());
            let mut said = format!("the best rates were written to {path}");
            if !stay.is_empty() {
                said += &format!(
                    "; within 0.5 % of its best, and so as it was: {}",
                    stay.join(", ")
                );
            }
            note(&arguments.show, &said);
        }
        None => {}
    }
    if let Some(figure) = figure {
        figure.draw(&sensitivity(&found, Paper::white()), arguments.show.quiet)?;
    }
    if found.meta.timed {
        note(&arguments.show, TIMED);
    }
    Ok(ending)
}

/// Refuses a search that takes too much memory, before anything is computed.
fn fits(scenario: &Scenario, plan: &Plan, arguments: &Tune) -> Result<(), Failure> {
    let limit = u128::from(arguments.max_memory);
    let need = |threads: usize| memory::estimate(scenario, plan, threads);
    let threads = threads(arguments.threads);
    if need(threads) <= limit {
        return Ok(());
    }
    let fewer = (1..threads).rev().find(|threads| need(*threads) <= limit);
    let instead = match fewer {
        Some(fewer) => format!("--threads {fewer}"),
        None if plan.halving => "no --halving, which keeps every run that waits".to_owned(),
        None => "fewer --seeds or a smaller scenario".to_owned(),
    };
    let [need, limit] = [need(threads), limit].map(shown);
    Err(Failure::Refused(format!(
        "error: the search would take about {need} of memory with --threads {threads}; the limit is \
         {limit}\n  expected {instead}, or a higher --max-memory"
    )))
}

/// The search with a progress line; the exit code, and what came out.
fn in_numbers(scenario: &Scenario, plan: &Plan, arguments: &Tune) -> Result<(u8, Tuning), Failure> {
    let signals = catch()?;
    let bar = bar(arguments.show.quiet || is_plain(&arguments.show));
    let pool = runner::pool(threads(arguments.threads));
    let watch = |advance: &Advance, _| show(&bar, advance);
    let stop = signals.stop();
    let found = pool.install(|| tune::run(scenario, plan, &runner::stopwatch, stop, &watch));
    bar.finish_and_clear();
    let stopped = signals.caught().filter(|_| found.stopped);
    if let Some(signal) = stopped {
        let (signal, runs) = (signals::name(signal), found.runs);
        say(&format!(
            "stopped by {signal} after {runs} runs: this is what they say so far"
        ));
    }
    let ending = stopped.map_or(exit::OK, |signal| exit::SIGNAL + signal);
    let text = tuning::write(&found, format(&arguments.show));
    race::leave_behind(ending, &text)?;
    Ok((ending, found))
}

/// The search on the screen, whose result stays behind in the normal one; the exit code, and what
/// came out.
fn on_screen(scenario: &Scenario, plan: &Plan, arguments: &Tune) -> Result<(u8, Tuning), Failure> {
    let threads = threads(arguments.threads);
    let searcher = Searcher::start(scenario.clone(), plan.clone(), threads);
    let mut study = TuningStudy::new(scenario, plan, || searcher.latest());
    let left = watch::open(&arguments.show, |options| study::run(&mut study, options));
    drop(study);
    let found = searcher.stop();
    let text = tuning::write(&found, format(&arguments.show));
    let ending = left.inspect_err(|_| say(&text))?;
    if found.stopped {
        let runs = found.runs;
        say(&format!(
            "left after {runs} runs: this is what they say so far"
        ));
    }
    watch::leave_behind(ending, &text)?;
    Ok((ending, found))
}

/// What is tried beside the rates.
fn over(flags: &[String]) -> Result<Vec<Over>, Failure> {
    let parsed = flags.iter().map(|text| {
        let refused = |why| Failure::Usage(format!("--over {}: {why}", clean(text)));
        Over::parse(text).map_err(refused)
    });
    parsed.collect()
}

/// The file that the rates are to be written to, before anything is computed.
fn writable(scenario: &OsStr) -> Result<&Path, Failure> {
    if scenario == "-" {
        let message = "--write needs a file: standard input cannot be written to";
        return Err(Failure::Usage(message.to_owned()));
    }
    if !is_path(scenario) {
        let name = clean(&scenario.to_string_lossy());
        return Err(Failure::Usage(format!(
            "`{name}` is built in and cannot be written to\n  for a copy of your own: \
             slalom new {name} > {name}.toml && slalom tune {name}.toml --write"
        )));
    }
    let path = Path::new(scenario);
    // What is no file is told of when it is read.
    if path.is_file() {
        let opened = File::options().write(true).open(path);
        opened.map_err(|error| cannot_write(path, &error))?;
    }
    Ok(path)
}

fn cannot_write(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    let path = clean(&path.display().to_string());
    Failure::File(format!("cannot write {path}: {why}"))
}

/// Puts the best rates into the file, if it is still the one that was tuned. Who keeps a rate that is
/// not quite its best.
fn write(
    path: &Path,
    source: &Source,
    options: &Options,
    tuning: &Tuning,
) -> Result<Vec<String>, Failure> {
    let cannot = |why: &str| cannot_write(path, &why);
    if fs::read(path).ok().as_deref() != Some(source.text.as_bytes()) {
        return Err(cannot("it was changed while it was tuned"));
    }
    let all = Options {
        only: vec![],
        ..options.clone()
    };
    let all = check(source, &all)?.racers;
    let mut stay = vec![];
    let found = tuning.racers.iter().filter_map(|racer| {
        let (curve, point) = racer.at_best()?;
        let named = |other: &crate::scenario::Entrant| other.label == racer.entered.label;
        let place = all.iter().position(named)?;
        // What is there already stays as it was written, rounded as it may be.
        let stays = (all[place].learning_rate / point.rate - 1.0).abs() < ROUNDED;
        let differs = stays && curve.over.is_empty() && all[place].learning_rate != point.rate;
        stay.extend(differs.then(|| racer.entered.label.clone()));
        (!stays || !curve.over.is_empty()).then(|| Found {
            racer: place,
            learning_rate: point.rate,
            others: curve.over.clone(),
        })
    });
    let found: Vec<Found> = found.collect();
    let text = tuned(&source.text, &found, &tuning::comment(tuning, all.len()));
    let text = text.map_err(|why| cannot(&why))?;
    let text = with_line_ends(&source.text, text);
    files::replace(path, text.as_bytes()).map_err(|error| cannot_write(path, &error))?;
    Ok(stay)
}

/// `text` with the byte order mark and the line ends of what it was made of.
fn with_line_ends(was: &str, text: String) -> String {
    const MARK: char = '\u{feff}';
    let lines = was.matches('\n').count();
    let text = if lines > 0 && was.matches("\r\n").count() == lines {
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        text
    };
    if was.starts_with(MARK) && !text.starts_with(MARK) {
        format!("{MARK}{text}")
    } else {
        text
    }
}

/// The progress line, with the time left.
fn bar(quiet: bool) -> ProgressBar {
    let bar = headless::bar(quiet, "{bar:30} {msg}, {left}");
    let style = bar.style().with_key("left", left);
    let bar = bar.with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The time left, if all that is left is as fast as what is done.
fn left(state: &ProgressState, text: &mut dyn Write) {
    let (done, all) = (state.pos(), state.len().unwrap_or(0));
    let share = all.saturating_sub(done) as f64 / done as f64;
    // Nobody can be told if this fails.
    let _ = match Duration::try_from_secs_f64(share * state.elapsed().as_secs_f64()) {
        Ok(left) => write!(text, "about {} left", HumanDuration(left)),
        Err(_) => write!(text, "time left not known yet"),
    };
}

/// The bar goes by the examples that runs may take: they are not all as long.
fn show(bar: &ProgressBar, advance: &Advance) {
    let Advance {
        planned,
        begun,
        done,
        work,
        work_done,
    } = *advance;
    bar.set_length(work);
    bar.set_position(work_done);
    let going = begun - done;
    bar.set_message(format!("{done} of {planned} runs, {going} in flight"));
}
