//! The head of NumPy's `.npy`: a magic, a version, and the text of a Python dictionary with the
//! type, the order and the shape.

use std::io::Read;

use super::header::{Header, broken, unread};
use super::number::{Kind, Number};
use crate::problem::dataset::Refusal;
use crate::text;

/// What `.npy` files begin with.
pub const MAGIC: &[u8] = b"\x93NUMPY";

/// No head is longer.
const LONGEST: u32 = 1 << 16;
/// More dimensions NumPy itself does not know.
const MOST_DIMENSIONS: usize = 64;

/// What a program that writes arrays should do instead.
const SAVE: &str = "expected an array as numpy.save writes it";

/// The refusal of a file that does not begin with [`MAGIC`], though its name promises it.
pub fn strange(shown: &str) -> Refusal {
    broken(
        format!("`{shown}` does not begin as a .npy file does"),
        SAVE,
    )
}

/// Reads the head from the first byte of a file on, which begins with [`MAGIC`].
pub fn header(file: &mut impl Read, shown: &str) -> Result<Header, Refusal> {
    let mut bytes = |into: &mut [u8]| file.read_exact(into).map_err(|e| unread(shown, &e));
    let mut start = [0; 8];
    bytes(&mut start)?;
    let (length, sized) = match start[6] {
        1 => {
            let mut length = [0; 2];
            bytes(&mut length)?;
            (u32::from(u16::from_le_bytes(length)), 2)
        }
        2 | 3 => {
            let mut length = [0; 4];
            bytes(&mut length)?;
            (u32::from_le_bytes(length), 4)
        }
        version => {
            let message = format!("`{shown}` is a .npy file of version {version}");
            return Err(broken(message, "expected version 1, 2 or 3"));
        }
    };
    if length > LONGEST {
        let message = format!("the header of `{shown}` claims to have {length} bytes");
        return Err(broken(message, format!("expected at most {LONGEST}")));
    }
    let mut text = vec![0; length as usize];
    bytes(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let fields = Fields::read(&text).ok_or_else(|| {
        let message = format!("the header of `{shown}` is not a .npy header");
        broken(
            message,
            "expected { 'descr': ..., 'fortran_order': ..., 'shape': ... }",
        )
    })?;
    Ok(Header {
        kind: kind(fields.descr, shown)?,
        shape: fields.shape,
        fortran: fields.fortran,
        offset: 8 + sized + u64::from(length),
    })
}

/// What the head says.
struct Fields<'a> {
    descr: &'a str,
    fortran: bool,
    shape: Vec<u64>,
}

impl<'a> Fields<'a> {
    /// The three fields, in any order; nothing if it is not all of them and no more.
    fn read(text: &'a str) -> Option<Self> {
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        let mut rest = text.trim().strip_prefix('{')?.strip_suffix('}')?.trim();
        while !rest.is_empty() {
            let (key, behind) = rest.strip_prefix('\'')?.split_once('\'')?;
            let value = behind.trim_start().strip_prefix(':')?.trim_start();
            let behind = match key {
                "descr" => {
                    let (value, behind) = type_text(value)?;
                    descr = Some(value);
                    behind
                }
                "fortran_order" => {
                    let is = |word, value| Some((value, word));
                    let (on, behind) = match value.strip_prefix("True") {
                        Some(behind) => is(behind, true)?,
                        None => is(value.strip_prefix("False")?, false)?,
                    };
                    fortran = Some(on);
                    behind
                }
                "shape" => {
                    let (value, behind) = value.strip_prefix('(')?.split_once(')')?;
                    shape = Some(sizes(value)?);
                    behind
                }
                _ => return None,
            };
            rest = behind.trim_start();
            rest = match rest.strip_prefix(',') {
                Some(rest) => rest.trim_start(),
                None if rest.is_empty() => rest,
                None => return None,
            };
        }
        Some(Self {
            descr: descr?,
            fortran: fortran?,
            shape: shape?,
        })
    }
}

/// The type at the beginning of `text`, and what stands behind it: in quotes, or the list of a
/// structured type, with its brackets.
fn type_text(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('\'') {
        return quoted.split_once('\'');
    }
    let mut depth = 0_i32;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (i > 0).then(|| text.split_at(i + 1));
        }
    }
    None
}

/// The numbers between the brackets of a tuple.
fn sizes(text: &str) -> Option<Vec<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(vec![]);
    }
    let text = text.strip_suffix(',').unwrap_or(text);
    let sizes: Vec<u64> = text
        .split(',')
        .take(MOST_DIMENSIONS + 1)
        .map(|size| size.trim().parse().ok())
        .collect::<Option<_>>()?;
    (sizes.len() <= MOST_DIMENSIONS).then_some(sizes)
}

/// The type that NumPy calls so.
fn kind(descr: &str, shown: &str) -> Result<Kind, Refusal> {
    let refuse = |what: String, expected: &str| Err(broken(format!("`{shown}` {what}"), expected));
    if descr.starts_with('[') {
        return refuse(
            "is an array of structures".to_owned(),
            "expected an array of numbers: one column a field",
        );
    }
    let (order, name) = descr.split_at_checked(1).unwrap_or(("", descr));
    let number = match name {
        "b1" => Number::Bool,
        "u1" => Number::U8,
        "i1" => Number::I8,
        "u2" => Number::U16,
        "i2" => Number::I16,
        "u4" => Number::U32,
        "i4" => Number::I32,
        "u8" => Number::U64,
        "i8" => Number::I64,
        "f2" => Number::F16,
        "f4" => Number::F32,
        "f8" => Number::F64,
        _ if descr.contains('O') => {
            return refuse(
                "is an array of Python objects".to_owned(),
                "expected an array of numbers, as array.astype(float) makes one",
            );
        }
        _ => {
            let descr = text::shorten(descr, 40);
            return refuse(
                format!("is an array of type `{descr}`"),
                "expected integers, f2, f4 or f8, as array.astype(float) makes them",
            );
        }
    };
    let big = match order {
        ">" => true,
        "<" => false,
        // One byte has no order.
        "|" if matches!(number, Number::Bool | Number::U8 | Number::I8) => false,
        _ => {
            let descr = text::shorten(descr, 40);
            return refuse(format!("is an array of type `{descr}`"), SAVE);
        }
    };
    Ok(Kind { number, big })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(version: u8, text: &str) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([version, 0]);
        match version {
            1 => bytes.extend((text.len() as u16).to_le_bytes()),
            _ => bytes.extend((text.len() as u32).to_le_bytes()),
        }
        bytes.extend(text.bytes());
        bytes
    }

    #[test]
    fn every_version_is_read_with_its_fields_in_any_order() {
        for (version, offset) in [(1, 10), (2, 12), (3, 12)] {
            let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }   \n";
            let read = header(&mut &file(version, text)[..], "a").expect("valid");
            assert_eq!((read.shape, read.fortran), (vec![3, 2], false));
            assert_eq!(read.offset, offset + text.len() as u64);
            assert_eq!((read.kind.number, read.kind.big), (Number::F32, false));
        }
        let text = "{'shape': (7,),'fortran_order': True, 'descr': '>i8'}";
        let read = header(&mut &file(1, text)[..], "a").expect("valid");
        assert_eq!((read.shape, read.fortran), (vec![7], true));
        assert_eq!((read.kind.number, read.kind.big), (Number::I64, true));
        let text = "{'descr': '|b1', 'fortran_order': False, 'shape': ()}";
        let none = header(&mut &file(1, text)[..], "a").expect("valid").shape;
        assert!(none.is_empty());
    }

    #[test]
    fn what_is_no_header_is_refused() {
        for text in [
            "",
            "{",
            "{}",
            "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), 'more': 1}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (3, 2)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, -2)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 99999999999999999999)}",
            "{'descr': '<f4' 'fortran_order': False, 'shape': (3, 2)}",
            "{'descr': [, 'fortran_order': False, 'shape': (3, 2)}",
            "{'descr': '<f4, 'fortran_order': False, 'shape': (3, 2)}",
        ] {
            let refusal = header(&mut &file(1, text)[..], "a").expect_err(text);
            assert!(
                refusal.message.contains("not a .npy header"),
                "{text}: {refusal}"
            );
        }
    }

    #[test]
    fn only_numbers_have_a_type() {
        for (descr, word) in [
            ("'|O'", "Python objects"),
            ("[('a', '<f4'), ('b', '<i4', (2,))]", "structures"),
            ("'<U5'", "type `<U5`"),
            ("'<c16'", "type `<c16`"),
            ("'|f4'", "type `|f4`"),
            ("''", "type ``"),
            ("'\u{e9}f4'", "type"),
        ] {
            let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (3, 2)}}");
            let refusal = header(&mut &file(3, &text)[..], "a").expect_err(descr);
            assert!(refusal.message.contains(word), "{descr}: {refusal}");
        }
    }
}
