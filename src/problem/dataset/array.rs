//! An array in a binary file, read by position: NumPy's `.npy`, or IDX, the format of MNIST. What
//! was compressed is kept in memory as it was packed; of anything else only the rows that are asked
//! for are read. No map of the file into memory: one that shrinks would end the process.

use std::fmt;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use sha2::{Digest, Sha256};

use super::Refusal;

mod header;
pub(super) mod idx;
mod load;
pub(super) mod npy;
mod number;
#[cfg(test)]
mod tests;

use header::Header;
pub(super) use load::load;
use number::Kind;

/// Larger numbers would overflow when they are squared and summed.
const LARGEST: f64 = 1e100;
/// So many bytes are read at once.
const PIECE: usize = 1 << 14;
/// Rows that are so near to each other are read in one call, with what lies between.
const GAP: u64 = 1 << 13;
/// So many numbers are handed on at once.
const NUMBERS: usize = 1 << 10;

/// A data file that could not be read when its rows were wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the data file could not be read: {0}")]
pub struct Unread(pub String);

/// Numbers of shape (rows, width) in a file.
pub struct Array {
    bytes: Bytes,
    /// Where the numbers begin.
    offset: u64,
    kind: Kind,
    rows: usize,
    /// The numbers of a row, the target's with them.
    width: usize,
    /// The column that is the target, if it is in this file.
    target: Option<usize>,
    /// The SHA-256 of all that decides the features.
    digest: [u8; 32],
}

/// Where the bytes of a file are.
enum Bytes {
    Held(Vec<u8>),
    Filed(File),
}

impl Bytes {
    /// The bytes from `at` on, as many as `buffer` has room for, which may be used to hold them.
    fn piece<'a>(&'a self, at: u64, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
        match self {
            Self::Held(bytes) => Ok(&bytes[at as usize..at as usize + buffer.len()]),
            Self::Filed(file) => {
                file.read_exact_at(buffer, at)?;
                Ok(buffer)
            }
        }
    }
}

impl Array {
    /// The first `rows` rows of the array in a file that has this header, which was checked.
    fn new(bytes: Bytes, header: &Header, rows: usize, target: Option<usize>) -> Self {
        Self {
            bytes,
            offset: header.offset,
            kind: header.kind,
            rows,
            width: header.columns(),
            target,
            digest: [0; 32],
        }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of features in a row.
    pub fn features(&self) -> usize {
        self.width - usize::from(self.target.is_some())
    }

    /// The bytes that are kept in memory.
    pub fn held(&self) -> usize {
        match &self.bytes {
            Bytes::Held(bytes) => bytes.len(),
            Bytes::Filed(_) => 0,
        }
    }

    /// What tells these features from others.
    pub fn digest(&self) -> &[u8] {
        &self.digest
    }

    /// The bytes of a row.
    fn stride(&self) -> u64 {
        (self.width * self.kind.size()) as u64
    }

    /// Reads the features of rows. `wanted` holds their numbers, ascending, and beside each the
    /// place that it is called by when its numbers are handed to `sink`: place, first feature, and
    /// the features from that one on, some at a time.
    pub fn read(
        &self,
        wanted: &[(u32, u32)],
        sink: &mut dyn FnMut(usize, usize, &mut [f64]),
    ) -> Result<(), Unread> {
        let mut buffer = [0; PIECE];
        let mut rest = wanted;
        while !rest.is_empty() {
            let near =
                |pair: &&[(u32, u32)]| u64::from(pair[1].0 - pair[0].0 - 1) * self.stride() <= GAP;
            let run = 1 + rest.windows(2).take_while(near).count();
            let (run, after) = rest.split_at(run);
            self.read_run(run, &mut buffer, sink)
                .map_err(|error| unread(&error))?;
            rest = after;
        }
        Ok(())
    }

    /// Reads rows that are near to each other, and what lies between.
    fn read_run(
        &self,
        mut run: &[(u32, u32)],
        buffer: &mut [u8],
        sink: &mut dyn FnMut(usize, usize, &mut [f64]),
    ) -> io::Result<()> {
        let stride = self.stride();
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            return Ok(());
        };
        let (mut at, end) = (
            u64::from(first.0) * stride,
            (u64::from(last.0) + 1) * stride,
        );
        while at < end {
            let length = (end - at).min(buffer.len() as u64);
            let piece = self
                .bytes
                .piece(self.offset + at, &mut buffer[..length as usize])?;
            while let Some(&(row, place)) = run.first() {
                let from = u64::from(row) * stride;
                let (low, high) = (from.max(at), (from + stride).min(at + length));
                if low < high {
                    let column = (low - from) as usize / self.kind.size();
                    let bytes = &piece[(low - at) as usize..(high - at) as usize];
                    self.decode(bytes, column, &mut |column, numbers| {
                        sink(place as usize, column, numbers);
                    });
                }
                if from + stride > at + length {
                    break;
                }
                run = &run[1..];
            }
            at += length;
        }
        Ok(())
    }

    /// Hands the features among the numbers of a row from `column` on to `sink`, with the number of
    /// the first.
    fn decode(&self, bytes: &[u8], column: usize, sink: &mut dyn FnMut(usize, &mut [f64])) {
        let size = self.kind.size();
        let mut numbers = [0.0; NUMBERS];
        for (part, bytes) in bytes.chunks(NUMBERS * size).enumerate() {
            let numbers = &mut numbers[..bytes.len() / size];
            self.kind.decode(bytes, numbers);
            let from = column + part * NUMBERS;
            match self.target.and_then(|target| target.checked_sub(from)) {
                Some(hole) if hole < numbers.len() => {
                    let (before, after) = numbers.split_at_mut(hole);
                    sink(from, before);
                    sink(from + hole, &mut after[1..]);
                }
                // The target stands behind all of these, or before.
                Some(_) => sink(from, numbers),
                None => sink(from - usize::from(self.target.is_some()), numbers),
            }
        }
    }

    /// Goes once over all rows: every number must be finite. Keeps what tells them from others, and
    /// returns the numbers of the target's column.
    fn look_through(&mut self) -> Result<Vec<f64>, Refusal> {
        let size = self.kind.size();
        let end = self.rows as u64 * self.stride();
        let mut hash = Sha256::new_with_prefix(format!("{:?} {}", self.kind, self.width));
        let mut answers = vec![];
        let (mut buffer, mut numbers) = (vec![0; PIECE], vec![0.0; PIECE / size]);
        let mut at = 0;
        while at < end {
            let length = (end - at).min(PIECE as u64) as usize;
            let piece = self.bytes.piece(self.offset + at, &mut buffer[..length]);
            let piece = piece.map_err(|error| {
                header::broken(unread(&error).to_string(), "expected a file that stays")
            })?;
            hash.update(piece);
            let numbers = &mut numbers[..length / size];
            self.kind.decode(piece, numbers);
            let first = at as usize / size;
            if !numbers.iter().all(|x| x.abs() <= LARGEST) {
                return Err(self.strange(first, numbers));
            }
            if let Some(target) = self.target {
                let next = (self.width + target - first % self.width) % self.width;
                answers.extend(numbers.iter().skip(next).step_by(self.width));
            }
            at += length as u64;
        }
        self.digest = hash.finalize().into();
        Ok(answers)
    }

    /// The refusal of the first of `numbers` that is not finite; they stand from `first` on.
    fn strange(&self, first: usize, numbers: &[f64]) -> Refusal {
        let place = numbers.iter().position(|x| x.abs() > LARGEST || x.is_nan());
        let place = place.unwrap_or_default();
        let what = match numbers[place] {
            x if x.is_nan() => "NaN".to_owned(),
            x if x.is_infinite() => "an infinite number".to_owned(),
            x => format!("{x:e}, which is beyond 1e100"),
        };
        let (row, column) = ((first + place) / self.width, (first + place) % self.width);
        header::broken(
            format!("row {}, column {} holds {what}", row + 1, column + 1),
            "expected a finite number",
        )
    }
}

/// Why a file could not be read.
fn unread(error: &io::Error) -> Unread {
    Unread(match error.kind() {
        io::ErrorKind::UnexpectedEof => "it has become shorter".to_owned(),
        _ => error.to_string(),
    })
}

impl PartialEq for Array {
    /// Whether both hold the same features; in which file is all one.
    fn eq(&self, other: &Self) -> bool {
        (self.rows, self.target, self.digest) == (other.rows, other.target, other.digest)
    }
}

impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Array({} x {} {:?})", self.rows, self.width, self.kind)
    }
}
