//! `--figure FILE`: a figure drawn in a file, whose name says how.

use std::ffi::OsStr;
use std::path::Path;

use crate::cli::{Failure, say};
use crate::picture::Picture;
use crate::text::clean;
use crate::tui::files;
use crate::tui::picture::save::SCALE;

/// Where a figure is to be drawn, and how.
#[derive(Clone, Copy)]
pub(super) struct Figure<'a> {
    path: &'a Path,
    kind: Kind,
}

/// How a figure is written.
#[derive(Clone, Copy)]
enum Kind {
    Svg,
    Png,
}

impl<'a> Figure<'a> {
    /// The figure at `path`, as the end of its name says.
    pub fn at(path: &'a Path) -> Result<Self, Failure> {
        let kind = match path.extension().and_then(OsStr::to_str) {
            Some("svg") => Kind::Svg,
            Some("png") => Kind::Png,
            _ => {
                return Err(Failure::Usage(format!(
                    "--figure {}: expected a file that ends in .svg or .png",
                    clean(&path.display().to_string())
                )));
            }
        };
        Ok(Self { path, kind })
    }

    /// Draws `picture` there, and says so unless it is to be `quiet`.
    pub fn draw(self, picture: &Picture, quiet: bool) -> Result<(), Failure> {
        let shown = clean(&self.path.display().to_string());
        let bytes = match self.kind {
            Kind::Svg => picture.svg().into_bytes(),
            Kind::Png => picture
                .png(SCALE)
                .map_err(|why| Failure::File(format!("the picture cannot be drawn: {why}")))?,
        };
        files::replace(self.path, &bytes)
            .map_err(|error| Failure::File(format!("cannot write {shown}: {error}")))?;
        if !quiet {
            say(&format!("wrote {shown}"));
        }
        Ok(())
    }
}
