//! Results that were kept in files. Files must be regular: opening a pipe could wait for ever.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::cli::Failure;
use crate::report::kept::Kept;
use crate::text::clean;

/// The most bytes of a result: 64 racers on 100,000 seeds take some 60 MB.
const LARGEST: u64 = 128 << 20;

/// Reads the result at `path`, and its text.
pub(super) fn read(path: &Path) -> Result<(Kept, String), Failure> {
    let file = clean(&path.display().to_string());
    let text = text(path, LARGEST + 1)?;
    if text.len() as u64 > LARGEST {
        return Err(Failure::Refused(format!("{file}: no result is this large")));
    }
    let text = String::from_utf8(text)
        .map_err(|_| Failure::Refused(format!("{file}: not a slalom result: it is not UTF-8")))?;
    match Kept::parse(&text) {
        Ok(kept) => Ok((kept, text)),
        Err(reason) => Err(Failure::Refused(format!("{file}: {reason}"))),
    }
}

/// Whether the file at `path` begins as recordings do.
pub(super) fn is_recording(path: &Path) -> Result<bool, Failure> {
    let start = text(path, 64)?;
    Ok(start.starts_with(br#"{"format":"slalom.recording/"#))
}

/// At most so many bytes of the file at `path`, without the byte order mark that some editors and
/// shells put before them.
fn text(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let file = clean(&path.display().to_string());
    let cannot = |error: io::Error| Failure::File(format!("cannot read {file}: {error}"));
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(Failure::File(format!("{file} is not a regular file")));
    }
    let mut bytes = vec![];
    let reader = File::open(path).map_err(cannot)?;
    reader.take(most).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(bytes)
}
