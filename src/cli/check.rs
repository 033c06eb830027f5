//! `slalom check`: whether scenarios are valid, and what racers will meet in them.

use std::ffi::OsStr;

use crate::cli::arguments::Check;
use crate::cli::open::open;
use crate::cli::{Ending, Failure, exit, print};
use crate::scenario::Task;
use crate::scenario::check::{Options, check};

mod data;
mod surface;

/// Where the facts begin in a line.
const INDENT: usize = 12;

/// Checks all files, and ends with the highest of their codes.
pub(super) fn run(arguments: &Check) -> Ending {
    let mut code = exit::OK;
    for file in &arguments.files {
        match valid(file, arguments.max_memory) {
            Ok(line) if !arguments.quiet => print(&line)?,
            Ok(_) => {}
            Err(failure) => {
                failure.tell();
                code = code.max(failure.code());
            }
        }
    }
    Ok(code)
}

fn valid(file: &OsStr, max_memory: u64) -> Result<String, Failure> {
    let source = open(file)?;
    let options = Options {
        max_memory,
        ..Options::default()
    };
    let scenario = check(&source, &options)?;
    let racers = match scenario.racers.len() {
        1 => "1 racer".to_owned(),
        n => format!("{n} racers"),
    };
    let facts = match &scenario.task {
        Task::Surface(task) => Ok(surface::facts(task)),
        Task::Model(task) => data::facts(task, &scenario.racers),
    };
    let facts = match facts {
        Ok(facts) => facts.into_iter().map(line).collect(),
        Err(unread) => format!("  {unread}\n"),
    };
    Ok(format!(
        "{}: valid, \"{}\", {racers}\n{facts}",
        source.file, scenario.title
    ))
}

fn line((name, fact): (&str, String)) -> String {
    format!("  {name:<0$}{fact}\n", INDENT - 2)
}
