//! `slalom compare`: several results side by side.

use crate::cli::arguments::Compare;
use crate::cli::{Ending, Failure, exit, kept, print};
use crate::report::comparison::Comparison;
use crate::text::shorten;

pub(super) fn run(arguments: &Compare) -> Ending {
    let (mut results, mut names) = (vec![], vec![]);
    for file in &arguments.files {
        results.push(kept::read(file)?.0);
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        names.push(shorten(&name, 40));
    }
    let comparison = Comparison::new(&results, &names).map_err(Failure::Refused)?;
    print(&comparison.write(arguments.format.into()))?;
    Ok(exit::OK)
}
