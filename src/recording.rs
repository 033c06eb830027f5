//! A race as lines of JSON, written while it runs and read back as a snapshot: `slalom.recording/1`.
//!
//! The first line is a header with all that does not change; then comes a line for each evaluation,
//! and one with an `outcome` when a racer ends. Lines are only ever appended, so a recording that was
//! cut short at any byte is read up to its last whole line. No clock, and no race, is known here.

use std::fmt;
use std::io;
use std::path::PathBuf;

mod header;
mod lines;
mod read;
mod write;

pub use read::{follow, read};
pub use write::Writer;

/// The format's name and version, in the header of each recording.
pub const FORMAT: &str = "slalom.recording/1";

/// The longest line that is read: a header holds a scenario's text of up to 1 MiB, each byte of
/// which may take six in JSON.
const LONGEST: u64 = 16 << 20;

/// Why a recording could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be created.
    #[error("cannot create the recording {}: {cause}", path.display())]
    Create {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// There is something else under its name.
    #[error(
        "{} is not a recording and will not be overwritten: choose another name for --record, or remove it",
        path.display()
    )]
    Taken {
        /// Its path.
        path: PathBuf,
    },
    /// A line could not be written; those before it are there.
    #[error("cannot write the recording {}: {cause}", path.display())]
    Write {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// It could not be opened or read.
    #[error("cannot read {}: {cause}", path.display())]
    Read {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// It is a folder, a device or a pipe.
    #[error("{} is not a regular file", path.display())]
    NotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// It is no recording, or one of another version.
    #[error("{}:1: {reason}", path.display())]
    Refused {
        /// Its path.
        path: PathBuf,
        /// What is wrong with its header.
        reason: String,
    },
}

/// A recording was read, but not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The line that was not read, from 1; nor were those after it.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, reason } = self;
        write!(f, "line {line} {reason}: what comes before it is shown")
    }
}

#[cfg(test)]
mod tests;
