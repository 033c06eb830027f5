//! What a file says of its array before the numbers begin, checked against the file's length before
//! anything is allocated for them.

use std::io::{Error, ErrorKind};

use super::number::Kind;
use crate::problem::dataset::{MOST_ROWS, Refusal, gzip};

/// Images of more dimensions than one, height, width and colour are not known.
const MOST_DIMENSIONS: usize = 4;
/// More features than this have no names.
const MOST_COLUMNS: u64 = 1 << 20;

/// What a file says of its array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What its numbers are.
    pub kind: Kind,
    /// The size of each dimension; the first counts the examples.
    pub shape: Vec<u64>,
    /// Whether the first index runs fastest.
    pub fortran: bool,
    /// Where the numbers begin in the file.
    pub offset: u64,
}

impl Header {
    /// The length of the file that has this header.
    ///
    /// # Errors
    /// If that is no array of examples, or none that can be read.
    pub fn length(&self, shown: &str) -> Result<u64, Refusal> {
        let shape = &self.shape[..];
        if !(1..=MOST_DIMENSIONS).contains(&shape.len()) {
            let message = format!("the array in `{shown}` has {} dimensions", shape.len());
            let expected = "expected 1 to 4: examples, then what each of them holds";
            return Err(broken(message, expected));
        }
        if shape.contains(&0) {
            let message = format!("the array in `{shown}` is empty: its shape is {shape:?}");
            return Err(broken(message, "expected at least one example"));
        }
        let columns = shape[1..].iter().try_fold(1, |n: u64, &m| n.checked_mul(m));
        let too_large = || {
            let message = format!("the array in `{shown}` is too large: its shape is {shape:?}");
            let expected =
                format!("expected at most {MOST_ROWS} examples of at most {MOST_COLUMNS} numbers");
            broken(message, expected)
        };
        let columns = columns.filter(|&n| n <= MOST_COLUMNS);
        let columns = columns.ok_or_else(too_large)?;
        if shape[0] > MOST_ROWS as u64 {
            return Err(too_large());
        }
        if self.fortran && shape[0] > 1 && columns > 1 {
            return Err(broken(
                format!("the array in `{shown}` is in Fortran order"),
                "expected C order: numpy.save(file, numpy.ascontiguousarray(array))",
            ));
        }
        // At most 2^31 examples of 2^20 numbers of 8 bytes.
        Ok(self.offset + shape[0] * columns * self.kind.size() as u64)
    }

    /// What it is, in words: `an array of 60000 x 28 x 28, uint8`.
    pub fn words(&self) -> String {
        let shape: Vec<String> = self.shape.iter().map(u64::to_string).collect();
        let (shape, number) = (shape.join(" x "), self.kind.number.name());
        format!("an array of {shape}, {number}")
    }

    /// The numbers of one example.
    pub fn columns(&self) -> usize {
        self.shape[1..].iter().product::<u64>() as usize
    }
}

/// Refuses `file`, which has `found` bytes, if its header asks for more or fewer than these.
pub fn weigh(length: u64, found: u64, file: &str) -> Result<(), Refusal> {
    if found == length {
        return Ok(());
    }
    let what = if found < length {
        "is cut off"
    } else {
        "goes on behind its numbers"
    };
    Err(broken(
        format!("{file} {what}: it has {found} bytes"),
        format!("expected {length} bytes, as its header says"),
    ))
}

/// A refusal of the file.
pub fn broken(message: impl Into<String>, expected: impl Into<String>) -> Refusal {
    Refusal::source(message, expected)
}

/// The refusal of a file whose header could not be read.
pub fn unread(shown: &str, error: &Error) -> Refusal {
    if let Some(refusal) = gzip::refusal(error, shown) {
        return refusal;
    }
    match error.kind() {
        ErrorKind::UnexpectedEof => broken(
            format!("`{shown}` ends within its header"),
            "expected a whole file",
        ),
        _ => broken(
            format!("`{shown}` cannot be read: {error}"),
            "expected a file",
        ),
    }
}
