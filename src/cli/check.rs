//! `slalom check`: whether scenarios are valid, and what a model learns from.

use std::ffi::OsStr;

use crate::cli::arguments::Check;
use crate::cli::open::open;
use crate::cli::{Ending, Failure, exit, print};
use crate::scenario::Task;
use crate::scenario::check::{Options, check};

mod data;

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
    let data = match &scenario.task {
        Task::Surface(_) => String::new(),
        Task::Model(task) => data::report(task, &scenario.racers),
    };
    Ok(format!(
        "{}: valid, \"{}\", {racers}\n{data}",
        source.file, scenario.title
    ))
}
