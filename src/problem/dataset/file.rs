//! The user's data file: found, weighed, opened, and known by its ending and its first bytes. What is
//! in it, the reader of its format says.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek};

use super::{Refusal, Request, built_in_names, gzip};
use crate::text;

/// Endings of formats that are known and not read.
const NOT_YET: &[&str] = &[
    "npy", "npz", "idx", "bz2", "xz", "zst", "zip", "tar", "tgz", "parquet", "arrow", "feather",
    "json", "jsonl", "arff", "h5", "hdf5", "mat", "pkl", "pt", "svm", "libsvm", "xls", "xlsx",
];

/// What a file holds; each has its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A text of rows; what separates its columns is found out.
    Csv,
    /// A text of rows whose columns are separated by tabs.
    Tsv,
}

/// A file that is there, regular, and of a format that can be read.
#[derive(Debug)]
pub(super) struct Opened {
    /// Open at its beginning.
    pub file: File,
    /// Its length.
    pub bytes: u64,
    /// How messages call it.
    pub shown: String,
    /// What it holds, once unpacked.
    pub format: Format,
    /// Whether it is packed by gzip.
    pub gzip: bool,
}

/// Opens the file that `request` names.
pub(super) fn open(request: &Request<'_>) -> Result<Opened, Refusal> {
    let (format, packed) = by_ending(request.source)?;
    let path = request.folder.join(request.source);
    let shown = text::shorten(request.source, 80);
    let failed = |error: &io::Error| unreadable(request.source, &shown, error);

    // Asked before opening: to open a FIFO would wait for somebody who writes to it.
    let about = fs::metadata(&path).map_err(|error| failed(&error))?;
    if about.is_dir() {
        return Err(Refusal::source(
            format!("`{shown}` is a folder"),
            "expected a CSV file",
        ));
    }
    if !about.is_file() {
        return Err(Refusal::source(
            format!("`{shown}` is not a regular file"),
            "expected a CSV file, not a device, a pipe or a socket",
        ));
    }
    let mut file = File::open(&path).map_err(|error| failed(&error))?;
    let head = head(&mut file).map_err(|error| failed(&error))?;
    let gzip = head.starts_with(&gzip::MAGIC);
    if packed && !gzip && !head.is_empty() {
        return Err(Refusal::source(
            format!("`{shown}` is not packed by gzip: it does not begin with the bytes 1f 8b"),
            "expected a gzip file, or an ending that says what it is",
        ));
    }
    Ok(Opened {
        file,
        bytes: about.len(),
        shown,
        format,
        gzip,
    })
}

/// The first bytes of a file, which then stands at its beginning again.
fn head(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    file.take(8).read_to_end(&mut bytes)?;
    file.rewind()?;
    Ok(bytes)
}

/// What the name of a file promises, and whether it promises gzip.
fn by_ending(source: &str) -> Result<(Format, bool), Refusal> {
    let file = source.rsplit('/').next().unwrap_or(source).to_lowercase();
    let (file, packed) = match file.strip_suffix(".gz") {
        Some(file) => (file, true),
        None => (&*file, false),
    };
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    // The names of the original MNIST files end so: train-images-idx3-ubyte.
    let word = if file.ends_with("-ubyte") {
        "idx"
    } else {
        ending
    };
    if NOT_YET.contains(&word) {
        return Err(Refusal::source(
            format!("`{word}` data files are not supported yet"),
            "expected a CSV or TSV file, gzipped or not, or a bundled set",
        ));
    }
    let format = if word == "tsv" {
        Format::Tsv
    } else {
        Format::Csv
    };
    Ok((format, packed))
}

fn unreadable(source: &str, shown: &str, error: &io::Error) -> Refusal {
    let missing = matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput
    );
    let what = match error.kind() {
        _ if missing => format!("there is no data file `{shown}`"),
        ErrorKind::PermissionDenied => format!("`{shown}` may not be read: permission denied"),
        _ => format!("`{shown}` cannot be read: {error}"),
    };
    let sets: Vec<_> = built_in_names().collect();
    let expected = format!(
        "expected the path of a CSV file, or one of {}",
        sets.join(", ")
    );
    Refusal {
        nearest: text::nearest(source, sets),
        ..Refusal::source(what, expected)
    }
}
