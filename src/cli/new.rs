//! `slalom new`: a scenario to start from.

use crate::cli::arguments::New;
use crate::cli::{Ending, exit, print};
use crate::scenario::shipped;

pub(super) fn run(arguments: &New) -> Ending {
    let name = arguments.name.as_deref().unwrap_or("");
    match shipped::find(name) {
        Some(shipped) => print(shipped.text)?,
        None => print(&shipped::template(name))?,
    }
    Ok(exit::OK)
}
