//! From the files that a request names to a dataset, where they hold arrays.

use std::io::Read;

use super::header::{Header, broken, unread, weigh};
use super::{Array, Bytes, idx, npy};
use crate::problem::dataset::csv::target::{integer_classes, look_like_classes};
use crate::problem::dataset::file::{ArrayFormat, Format, Opened};
use crate::problem::dataset::gzip::Unpacked;
use crate::problem::dataset::{
    About, Column, Dataset, Features, Missing, Reading, Refusal, Request, Target, Wanted, file,
};
use crate::text;

/// A byte of a gzipped file stands for so many at most.
const MOST_UNPACKED: u64 = 1032;

/// The dataset that `request` asks for, whose `source` is `found` to be an array of this format.
///
/// # Errors
/// The first thing that is wrong with the file, with that of the target, or with what was asked of
/// them.
pub fn load(found: Opened, format: ArrayFormat, request: &Request<'_>) -> Result<Dataset, Refusal> {
    let (length, gzip) = (found.bytes, found.gzip);
    let (bytes, header) = array(found, format, request.max_memory)?;
    if request.header.is_some() {
        return Err(Refusal::new(
            About::Header,
            "an array has no header",
            "expected no such key",
        ));
    }
    refuse_what_is_for_tables(request)?;
    let target = target_column(&header, request)?;
    let names = names(&header.shape, target);
    let whole = header.shape[0] as usize;
    let rows = request.rows.unwrap_or(whole).min(whole);
    let mut array = Array::new(bytes, &header, rows, target);
    let answers = array.look_through()?;
    let target = match request.labels {
        Some(labels) => labels_of(labels, whole, rows, request).map_err(|refusal| Refusal {
            about: About::Labels,
            ..refusal
        })?,
        None => decide(answers, request.wanted, look_like_classes, &|row| {
            format!("row {row}, column {}", target.unwrap_or_default() + 1)
        })?,
    };
    Ok(Dataset {
        source: text::shorten(request.source, 80),
        features: Features::of_array(array),
        names,
        target,
        reading: Reading {
            bytes: length,
            format: header.words() + if gzip { ", gzipped" } else { "" },
            ..Reading::default()
        },
    })
}

/// Arrays have numbers in all of their columns, and are read whole.
fn refuse_what_is_for_tables(request: &Request<'_>) -> Result<(), Refusal> {
    let refuse = |about, what: &str| {
        let message = format!("{what} for tables of text, and this is an array");
        Err(Refusal::new(about, message, "expected no such key"))
    };
    if request.columns.is_some() {
        refuse(About::Columns(0), "`columns` is")
    } else if !request.categories.is_empty() {
        refuse(About::Categories(0), "`categories` are")
    } else if request.missing == Missing::Drop {
        refuse(About::Missing, "`missing` is")
    } else {
        Ok(())
    }
}

/// The array in a file. Its length is that which its header asks for; unpacked it takes at most so
/// many bytes of memory.
fn array(found: Opened, format: ArrayFormat, max_memory: u64) -> Result<(Bytes, Header), Refusal> {
    let (mut file, length) = (found.file, found.bytes);
    let shown = &*found.shown;
    if !found.gzip {
        let header = header(&mut file, format, shown)?;
        weigh(header.length(shown)?, length, &format!("`{shown}`"))?;
        return Ok((Bytes::Filed(file), header));
    }
    let mut unpacked = Unpacked::new(file, max_memory);
    let header = header(&mut unpacked, format, shown)?;
    let whole = header.length(shown)?;
    if whole > max_memory {
        return Err(broken(
            format!("`{shown}` takes {whole} bytes of memory when it is unpacked"),
            "expected a higher --max-memory, or the file unpacked: it is read batch by batch then",
        ));
    }
    if whole > length.saturating_mul(MOST_UNPACKED) {
        return Err(broken(
            format!("`{shown}` is cut off: it has {length} bytes"),
            format!("expected what unpacks to {whole} bytes, as its header says"),
        ));
    }
    let mut bytes = vec![0; header.offset as usize];
    let mut rest = unpacked.take(whole + 1 - header.offset);
    let read = rest.read_to_end(&mut bytes);
    read.map_err(|error| unread(shown, &error))?;
    let what = format!("what `{shown}` unpacks to");
    weigh(whole, bytes.len() as u64, &what)?;
    Ok((Bytes::Held(bytes), header))
}

/// The header of a file of this format.
fn header(file: &mut impl Read, format: ArrayFormat, shown: &str) -> Result<Header, Refusal> {
    match format {
        ArrayFormat::Npy => npy::header(file, shown),
        ArrayFormat::Idx => idx::header(file, shown),
    }
}

/// The number of the target's column, from 0, where it is in this file.
fn target_column(header: &Header, request: &Request<'_>) -> Result<Option<usize>, Refusal> {
    let refuse = |what: String, expected: String| Err(Refusal::new(About::Target, what, expected));
    if request.labels.is_some() {
        return match request.target {
            None => Ok(None),
            Some(_) => refuse(
                "there are `target` and `labels`".to_owned(),
                "expected one of them".to_owned(),
            ),
        };
    }
    let columns = header.columns();
    if header.shape.len() != 2 || columns < 2 {
        let shape = &header.shape;
        return Err(broken(
            format!("an array of shape {shape:?} has no column to spare for the target"),
            "expected `labels`: a file with one number a row",
        ));
    }
    match &request.target {
        None => Ok(Some(columns - 1)),
        Some(Column::Index(index @ 1..)) if *index <= columns as u64 => {
            Ok(Some(*index as usize - 1))
        }
        Some(Column::Index(index)) => refuse(
            format!("there is no column {index}"),
            format!("expected 1 to {columns}"),
        ),
        Some(Column::Name(_)) => refuse(
            "the columns of an array have no names".to_owned(),
            format!("expected the number of a column, 1 to {columns}"),
        ),
    }
}

/// What the features are called: by their place in a row, or in an image.
fn names(shape: &[u64], target: Option<usize>) -> Vec<String> {
    match *shape {
        [_, height, width] => (0..height * width)
            .map(|i| format!("r{}c{}", i / width + 1, i % width + 1))
            .collect(),
        [_, a, b, c] => (0..a * b * c)
            .map(|i| format!("x{}_{}_{}", i / c / b + 1, i / c % b + 1, i % c + 1))
            .collect(),
        _ => (0..shape[1..].iter().product::<u64>() as usize)
            .filter(|&column| Some(column) != target)
            .map(|column| format!("x{}", column + 1))
            .collect(),
    }
}

/// The target in the file `labels`, one number for each of the `whole` examples, of which `rows`
/// are wanted.
fn labels_of(
    labels: &str,
    whole: usize,
    rows: usize,
    request: &Request<'_>,
) -> Result<Target, Refusal> {
    let shown = text::shorten(labels, 80);
    let mut found = file::open(labels, request.folder).map_err(|refusal| Refusal {
        expected: "expected the path of a .npy or IDX file".to_owned(),
        nearest: None,
        ..refusal
    })?;
    let Format::Array(format) = found.format()? else {
        return Err(broken(
            format!("`{shown}` is neither a .npy nor an IDX file"),
            "expected an array of one number a row",
        ));
    };
    let (bytes, header) = array(found, format, request.max_memory)?;
    if header.columns() != 1 {
        return Err(broken(
            format!("`{shown}` has {} numbers a row", header.columns()),
            "expected one number a row",
        ));
    }
    if header.shape[0] != whole as u64 {
        return Err(broken(
            format!("`{shown}` has {} rows", header.shape[0]),
            format!("expected {whole}, as many as the features have"),
        ));
    }
    let mut array = Array::new(bytes, &header, rows, Some(0));
    let answers = array.look_through()?;
    let integers = header.kind.is_integer();
    decide(answers, request.wanted, |_| integers, &|row| {
        format!("row {row} of `{shown}`")
    })
}

/// Numbers as the target that is wanted; `guess` decides where nothing else does. `place` names a
/// row, counted from 1.
fn decide(
    answers: Vec<f64>,
    wanted: Wanted,
    guess: impl Fn(&[f64]) -> bool,
    place: &dyn Fn(usize) -> String,
) -> Result<Target, Refusal> {
    let fraction = answers.iter().position(|y| y.fract() != 0.0);
    let classes = match wanted {
        Wanted::Numeric | Wanted::Either => false,
        Wanted::Classes => true,
        Wanted::Guess => fraction.is_none() && guess(&answers),
    };
    match fraction {
        _ if !classes => Ok(Target::Numeric(answers)),
        None => integer_classes(&answers),
        Some(row) => {
            let (place, y) = (place(row + 1), answers[row]);
            let message = format!("{place} holds {y}, which is not an integer");
            Err(Refusal::new(
                About::Target,
                message,
                "expected classes: integers",
            ))
        }
    }
}
