//! The head of an IDX file, the format of MNIST: two zero bytes, the type, the number of
//! dimensions, and each dimension in four bytes, the highest first.

use std::io::Read;

use super::header::{Header, broken, unread};
use super::number::{Kind, Number};
use crate::problem::dataset::Refusal;

/// The types by their byte.
const TYPES: &[(u8, Number)] = &[
    (0x08, Number::U8),
    (0x09, Number::I8),
    (0x0b, Number::I16),
    (0x0c, Number::I32),
    (0x0d, Number::F32),
    (0x0e, Number::F64),
];

/// The type of an IDX file that begins with `start`, at least three bytes; nothing if it is none.
pub fn number(start: &[u8]) -> Option<Number> {
    let kind = *start.strip_prefix(&[0, 0])?.first()?;
    let known = TYPES.iter().find(|(byte, _)| *byte == kind);
    known.map(|(_, number)| *number)
}

/// The refusal of a file that does not begin so, though its name promises it.
pub fn strange(shown: &str) -> Refusal {
    broken(
        format!("`{shown}` does not begin as an IDX file does"),
        "expected two zero bytes and a type, 08, 09, 0B, 0C, 0D or 0E",
    )
}

/// Reads the head from the first byte of a file on.
pub fn header(file: &mut impl Read, shown: &str) -> Result<Header, Refusal> {
    let mut bytes = |into: &mut [u8]| file.read_exact(into).map_err(|e| unread(shown, &e));
    let mut start = [0; 4];
    bytes(&mut start)?;
    let number = number(&start).ok_or_else(|| strange(shown))?;
    let dimensions = start[3];
    let mut shape = vec![];
    for _ in 0..dimensions {
        let mut size = [0; 4];
        bytes(&mut size)?;
        shape.push(u64::from(u32::from_be_bytes(size)));
    }
    Ok(Header {
        kind: Kind { number, big: true },
        offset: 4 + 4 * u64::from(dimensions),
        shape,
        fortran: false,
    })
}
