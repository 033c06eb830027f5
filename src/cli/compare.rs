//! `slalom compare`: several results side by side.

use crate::cli::arguments::Compare;
use crate::cli::{Ending, Failure, exit, kept, print};
use crate::report::comparison::Comparison;

pub(super) fn run(arguments: &Compare) -> Ending {
    let mut results = vec![];
    for file in &arguments.files {
        results.push(kept::read(file)?.0);
    }
    let comparison = Comparison::new(&results).map_err(Failure::Refused)?;
    print(&comparison.write(arguments.format.into()))?;
    Ok(exit::OK)
}
