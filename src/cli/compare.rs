//! `slalom compare`: several results side by side.

use std::ffi::OsStr;
use std::path::Path;

use crate::cli::arguments::Compare;
use crate::cli::{Ending, Failure, exit, kept, print, say};
use crate::report::comparison::Comparison;
use crate::text::{clean, shorten};
use crate::tui::files;
use crate::tui::picture::save::SCALE;
use crate::tui::picture::{Paper, profile};

/// How a figure is written.
#[derive(Clone, Copy)]
enum Kind {
    Svg,
    Png,
}

pub(super) fn run(arguments: &Compare) -> Ending {
    let figure = match &arguments.figure {
        Some(path) => Some((path, kind(path)?)),
        None => None,
    };
    let (mut results, mut names) = (vec![], vec![]);
    for file in &arguments.files {
        results.push(kept::read(file)?.0);
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        names.push(shorten(&name, 40));
    }
    let comparison = Comparison::new(&results, &names).map_err(Failure::Refused)?;
    print(&comparison.write(arguments.format.into()))?;
    if let Some((path, kind)) = figure {
        draw(&comparison, path, kind, arguments.quiet)?;
    }
    Ok(exit::OK)
}

/// How the figure at `path` is to be written, by the end of its name.
fn kind(path: &Path) -> Result<Kind, Failure> {
    match path.extension().and_then(OsStr::to_str) {
        Some("svg") => Ok(Kind::Svg),
        Some("png") => Ok(Kind::Png),
        _ => Err(Failure::Usage(format!(
            "--figure {}: expected a file that ends in .svg or .png",
            clean(&path.display().to_string())
        ))),
    }
}

fn draw(comparison: &Comparison, path: &Path, kind: Kind, quiet: bool) -> Result<(), Failure> {
    let shown = clean(&path.display().to_string());
    let picture = profile(comparison, Paper::white());
    let bytes = match kind {
        Kind::Svg => picture.svg().into_bytes(),
        Kind::Png => picture
            .png(SCALE)
            .map_err(|why| Failure::File(format!("the picture cannot be drawn: {why}")))?,
    };
    files::replace(path, &bytes)
        .map_err(|error| Failure::File(format!("cannot write {shown}: {error}")))?;
    if !quiet {
        say(&format!("wrote {shown}"));
    }
    Ok(())
}
