//! The user's data file: found, weighed and read whole. What is in it, `csv` says.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::{Refusal, Request, built_in_names};
use crate::text;

/// No file may be larger, whatever the memory.
const LARGEST: u64 = 1 << 30;

/// So many bytes are looked at before the rest is read; the first row must end in them.
const HEAD: u64 = 1 << 20;

/// Endings of formats that are known and not read yet.
const NOT_YET: &[&str] = &[
    "gz", "tsv", "bz2", "xz", "zst", "zip", "tar", "parquet", "arrow", "feather", "json", "jsonl",
    "arff", "h5", "hdf5", "mat", "pkl", "pt", "svm", "libsvm", "xls", "xlsx",
];

/// The bytes of the file that `request` names.
pub(super) fn read(request: &Request<'_>) -> Result<Vec<u8>, Refusal> {
    let shown = text::shorten(request.source, 80);
    let failed = |error: &io::Error| unreadable(request.source, &shown, error);
    let (mut file, length) = open(request.source, request.folder)?;
    let most = LARGEST.min(request.max_memory);
    let too_large = || {
        Refusal::source(
            format!("`{shown}` is too large"),
            format!("expected at most {most} bytes"),
        )
    };
    if length > most {
        return Err(too_large());
    }
    let mut bytes = vec![];
    // A large file of another kind should not have to be read whole to be refused.
    let head = file.by_ref().take(HEAD).read_to_end(&mut bytes);
    head.map_err(|error| failed(&error))?;
    refuse_what_is_no_table(&bytes, &shown)?;
    // The file can have grown since, and some (in /proc) do not tell their length.
    let rest = file.take(most + 1).read_to_end(&mut bytes);
    rest.map_err(|error| failed(&error))?;
    if bytes.len() as u64 > most {
        return Err(too_large());
    }
    Ok(bytes)
}

/// The regular file `source`, and its length.
pub(super) fn open(source: &str, folder: &Path) -> Result<(File, u64), Refusal> {
    refuse_other_formats(source)?;
    let path = folder.join(source);
    let shown = text::shorten(source, 80);
    let failed = |error: &io::Error| unreadable(source, &shown, error);

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
    let file = File::open(&path).map_err(|error| failed(&error))?;
    Ok((file, about.len()))
}

fn refuse_what_is_no_table(head: &[u8], shown: &str) -> Result<(), Refusal> {
    if head.contains(&0) {
        return Err(Refusal::source(
            format!("`{shown}` is not a text file"),
            "expected comma-separated values in UTF-8",
        ));
    }
    if head.len() as u64 == HEAD && !head.contains(&b'\n') {
        return Err(Refusal::source(
            format!("the first row of `{shown}` is longer than {HEAD} bytes"),
            "expected comma-separated values, one example a row",
        ));
    }
    Ok(())
}

fn refuse_other_formats(source: &str) -> Result<(), Refusal> {
    let file = source.rsplit('/').next().unwrap_or(source).to_lowercase();
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending == "npz" {
        return Err(Refusal::source(
            "`npz` files hold several arrays",
            "expected one array a file: numpy.save writes a .npy file",
        ));
    }
    let packed = file.strip_suffix(".gz").is_some_and(is_array);
    if NOT_YET.contains(&ending) && !packed {
        return Err(Refusal::source(
            format!("`{ending}` data files are not supported yet"),
            "expected a CSV file, or a bundled set",
        ));
    }
    Ok(())
}

/// Whether a file of this name, in small letters, promises an array. The names of the original
/// MNIST files end so: train-images-idx3-ubyte.
pub(super) fn is_array(name: &str) -> bool {
    [".npy", ".idx", "-ubyte"]
        .iter()
        .any(|ending| name.ends_with(ending))
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
