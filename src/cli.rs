//! The command line: arguments in, results on standard output, an exit code at the end.
//!
//! Standard output carries results and nothing else; mistakes, notes and progress go to standard error.
//! Nothing is computed here.

use std::any::Any;
use std::ffi::OsString;
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ContextValue};

use crate::runner;
use crate::scenario::mistake::Report;
use crate::text::clean;

mod arguments;
mod check;
mod compare;
mod export;
mod figure;
mod figures;
mod headless;
mod kept;
mod list;
mod look;
mod modes;
mod new;
mod open;
mod plain;
mod race;
mod replay;
mod seeds;
mod signals;
mod tune;
mod verify;
mod watch;
mod write;

use arguments::{Arguments, Command};

/// How the program ends; the numbers are promised to scripts.
mod exit {
    /// The race was run, whatever came out of it.
    pub const OK: u8 = 0;
    /// Not all racers converged, and `--require-converged` was given.
    pub const NOT_CONVERGED: u8 = 1;
    /// The numbers of a result or a recording are not those of the race run again, or some are not there.
    pub const NOT_THE_SAME: u8 = 1;
    /// The command line makes no sense, or names an unknown scenario.
    pub const USAGE: u8 = 2;
    /// What a file says is refused.
    pub const REFUSED: u8 = 3;
    /// A file is not there or is no file, or could not be written.
    pub const FILE: u8 = 4;
    /// A fault of slalom itself.
    pub const INTERNAL: u8 = 70;
    /// Added to the number of a signal.
    pub const SIGNAL: u8 = 128;
}

/// Why a command could not do its work.
#[derive(Debug)]
enum Failure {
    /// The command line makes no sense, or names an unknown scenario.
    Usage(String),
    /// What a file says is refused; the text names file, line and column.
    Refused(String),
    /// A file is not there or is no file, or could not be written.
    File(String),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => exit::USAGE,
            Self::Refused(_) => exit::REFUSED,
            Self::File(_) => exit::FILE,
        }
    }

    /// Says on standard error what is wrong.
    fn tell(&self) {
        match self {
            Self::Refused(report) => say(report.trim_end()),
            Self::Usage(message) | Self::File(message) => say(&format!("error: {message}")),
        }
    }
}

impl From<Report> for Failure {
    fn from(report: Report) -> Self {
        Self::Refused(report.to_string())
    }
}

impl From<crate::recording::Error> for Failure {
    fn from(error: crate::recording::Error) -> Self {
        let message = crate::text::clean(&error.to_string());
        match error {
            crate::recording::Error::Refused { .. } => Self::Refused(message),
            _ => Self::File(message),
        }
    }
}

/// What a command leaves: an exit code, or why it failed.
type Ending = Result<u8, Failure>;

/// Runs slalom with `arguments`, the first of which is the program's name.
///
/// A panic is reported as what it is, a fault of slalom's, and ends with code 70.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    panic::set_hook(Box::new(report_panic));
    let arguments = arguments.into_iter().collect();
    let code = panic::catch_unwind(|| run(arguments)).unwrap_or(exit::INTERNAL);
    ExitCode::from(code)
}

fn run(arguments: Vec<OsString>) -> u8 {
    let ending = match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command, race }) => match command {
            None => race::run(&race),
            Some(Command::Race(race)) => race::run(&race),
            Some(Command::List(list)) => list::run(&list),
            Some(Command::New(new)) => new::run(&new),
            Some(Command::Check(check)) => check::run(&check),
            Some(Command::Tune(tune)) => tune::run(&tune),
            Some(Command::Modes(modes)) => modes::run(&modes),
            Some(Command::Replay(replay)) => replay::run(&replay),
            Some(Command::Export(export)) => export::run(&export),
            Some(Command::Compare(compare)) => compare::run(&compare),
            Some(Command::Verify(verify)) => verify::run(&verify),
        },
        // Help and version are no mistakes: clap knows where each is printed. That the reader of
        // either has gone is no reason to complain.
        Err(asked) => {
            if let Some(refusal) = behind_the_scenario(&asked) {
                Err(Failure::Usage(refusal))
            } else {
                let _ = asked.print();
                Ok(asked.exit_code().try_into().unwrap_or(exit::USAGE))
            }
        }
    };
    ending.unwrap_or_else(|failure| {
        failure.tell();
        failure.code()
    })
}

/// What is wrong with a second argument, which clap takes for a command.
fn behind_the_scenario(asked: &clap::Error) -> Option<String> {
    let text = |kind| match asked.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    };
    text(ContextKind::PriorArg).filter(|prior| prior.contains("SCENARIO"))?;
    let argument = clean(text(ContextKind::InvalidSubcommand)?);
    Some(format!(
        "unexpected argument `{argument}`: a race has one scenario, and a command comes first\n\n\
         For more information, try '--help'."
    ))
}

/// Prints results on standard output. That their reader has gone (`| head`) is no failure.
fn print(results: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(results.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::File(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Says something on standard error. Nobody can be told if that fails.
fn say(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

fn report_panic(info: &PanicHookInfo<'_>) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    if name.starts_with(runner::THREAD_NAME) {
        // The race catches it: an optimizer's fault is one racer's outcome.
        return;
    }
    let place = info.location().map(ToString::to_string);
    say(&format!(
        "slalom {} failed: {}\n  at {}, in the thread `{name}`\n\
         This is a fault in slalom, not in your scenario. Please report it, with these lines and the \
         command.",
        env!("CARGO_PKG_VERSION"),
        panic_message(info.payload()),
        place.unwrap_or_default(),
    ));
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
