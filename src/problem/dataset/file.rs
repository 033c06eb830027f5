//! The user's data file: found, weighed, opened, and its format told by its first bytes and its ending.
//! What is in it, the reader of that format says.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek};
use std::path::Path;

use super::array::{idx, npy};
use super::gzip::{self, Unpacked};
use super::{Refusal, built_in_names};
use crate::text;

/// Endings of formats that are known and not read.
const NOT_YET: &[&str] = &[
    "bz2", "xz", "zst", "zip", "tar", "tgz", "parquet", "arrow", "feather", "json", "jsonl",
    "arff", "h5", "hdf5", "mat", "pkl", "pt", "svm", "libsvm", "xls", "xlsx",
];

/// What a file holds, once unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A text of rows.
    Text(TextFormat),
    /// Numbers in binary.
    Array(ArrayFormat),
}

/// The formats of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextFormat {
    /// What separates the columns is found out.
    Csv,
    /// Columns are separated by tabs.
    Tsv,
}

/// The formats of arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArrayFormat {
    /// As NumPy saves one array.
    Npy,
    /// That of MNIST.
    Idx,
}

/// A file that is there, regular, and of a name that promises nothing that cannot be read.
#[derive(Debug)]
pub(super) struct Opened {
    /// Open at its beginning.
    pub file: File,
    /// Its length.
    pub bytes: u64,
    /// How messages call it.
    pub shown: String,
    /// Whether it is packed by gzip.
    pub gzip: bool,
    /// What its name promises.
    promised: Format,
}

/// Opens the file `source`; what it is relative to is `folder`.
pub(super) fn open(source: &str, folder: &Path) -> Result<Opened, Refusal> {
    let (promised, packed) = by_ending(source)?;
    let path = folder.join(source);
    let shown = text::shorten(source, 80);
    let failed = |error: &io::Error| unreadable(source, &shown, error);

    // Asked before opening: to open a FIFO would wait for somebody who writes to it.
    let about = fs::metadata(&path).map_err(|error| failed(&error))?;
    if about.is_dir() {
        return Err(Refusal::source(
            format!("`{shown}` is a folder"),
            "expected a file of examples",
        ));
    }
    if !about.is_file() {
        return Err(Refusal::source(
            format!("`{shown}` is not a regular file"),
            "expected a regular file, not a device, a pipe or a socket",
        ));
    }
    let mut file = File::open(&path).map_err(|error| failed(&error))?;
    let head = start(&mut file).and_then(|head| file.rewind().map(|()| head));
    let head = head.map_err(|error| failed(&error))?;
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
        gzip,
        promised,
    })
}

impl Opened {
    /// What the file holds. Arrays are known by their first bytes, whatever they are called; what is
    /// none has to be a text.
    pub fn format(&mut self) -> Result<Format, Refusal> {
        let start = if self.gzip {
            start(&mut Unpacked::new(&mut self.file, u64::MAX))
        } else {
            start(&mut self.file)
        };
        let start = start.and_then(|start| self.file.rewind().map(|()| start));
        let start = start.map_err(|error| self.unreadable(&error))?;
        if start.starts_with(npy::MAGIC) {
            return Ok(Format::Array(ArrayFormat::Npy));
        }
        if idx::number(&start).is_some() {
            return Ok(Format::Array(ArrayFormat::Idx));
        }
        match self.promised {
            Format::Array(ArrayFormat::Npy) => Err(npy::strange(&self.shown)),
            Format::Array(ArrayFormat::Idx) => Err(idx::strange(&self.shown)),
            text @ Format::Text(_) => Ok(text),
        }
    }

    fn unreadable(&self, error: &io::Error) -> Refusal {
        let shown = &self.shown;
        gzip::refusal(error, shown).unwrap_or_else(|| {
            Refusal::source(
                format!("`{shown}` cannot be read: {error}"),
                "expected a file that can be read",
            )
        })
    }
}

/// The first bytes of a file: at most as many as the longest magic.
fn start(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    file.take(npy::MAGIC.len() as u64).read_to_end(&mut bytes)?;
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
    if ending == "npz" {
        return Err(Refusal::source(
            "`npz` files hold several arrays",
            "expected one array a file: numpy.save writes a .npy file",
        ));
    }
    if NOT_YET.contains(&ending) {
        return Err(Refusal::source(
            format!("`{ending}` data files are not supported yet"),
            "expected a CSV, TSV, .npy or IDX file, or a bundled set",
        ));
    }
    let format = match ending {
        "tsv" => Format::Text(TextFormat::Tsv),
        "npy" => Format::Array(ArrayFormat::Npy),
        "idx" => Format::Array(ArrayFormat::Idx),
        // The original MNIST files end so: train-images-idx3-ubyte.
        _ if file.ends_with("-ubyte") => Format::Array(ArrayFormat::Idx),
        _ => Format::Text(TextFormat::Csv),
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
        "expected the path of a table (CSV, TSV) or an array (.npy, IDX), or one of {}",
        sets.join(", ")
    );
    Refusal {
        nearest: text::nearest(source, sets),
        ..Refusal::source(what, expected)
    }
}
