//! `slalom compare`: several results side by side.

use crate::cli::arguments::Compare;
use crate::cli::figure::Figure;
use crate::cli::{Ending, Failure, exit, kept, print};
use crate::report::comparison::Comparison;
use crate::text::shorten;
use crate::tui::picture::{Paper, profile};

pub(super) fn run(arguments: &Compare) -> Ending {
    let figure = arguments.figure.as_deref().map(Figure::at).transpose()?;
    let (mut results, mut names) = (vec![], vec![]);
    for file in &arguments.files {
        results.push(kept::read(file)?.0);
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        names.push(shorten(&name, 40));
    }
    let comparison = Comparison::new(&results, &names).map_err(Failure::Refused)?;
    print(&comparison.write(arguments.format.into()))?;
    if let Some(figure) = figure {
        figure.draw(&profile(&comparison, Paper::white()), arguments.quiet)?;
    }
    Ok(exit::OK)
}
