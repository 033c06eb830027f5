//! The beginning of a text: whether it is one, and what separates its columns.

use std::io::{self, Cursor, Read};

use super::rows::unreadable;
use crate::problem::dataset::Refusal;
use crate::problem::dataset::file::{Opened, TextFormat};
use crate::problem::dataset::gzip::Unpacked;

/// So many bytes are looked at before the rest is read; the first row must end in them.
const HEAD: u64 = 1 << 20;

/// What can separate columns, the likeliest first, and how it is called.
const SEPARATORS: &[(u8, &str)] = &[(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs")];

/// A text whose beginning has been looked at.
pub(super) struct Text {
    /// All of it, without a byte order mark.
    pub reader: Box<dyn Read>,
    /// What separates its columns.
    pub separator: u8,
    /// How that is called.
    pub separators: &'static str,
}

/// The text of this format in `file`, which may unpack to at most `most` bytes.
pub(super) fn open(file: Opened, format: TextFormat, most: u64) -> Result<Text, Refusal> {
    let reader: Box<dyn Read> = if file.gzip {
        Box::new(Unpacked::new(file.file, most))
    } else {
        Box::new(file.file)
    };
    look(reader, format, &file.shown)
}

/// Looks at the beginning of a text that messages call `shown`.
pub(super) fn look(
    mut reader: Box<dyn Read>,
    format: TextFormat,
    shown: &str,
) -> Result<Text, Refusal> {
    let mut head = vec![];
    let read = reader.by_ref().take(HEAD).read_to_end(&mut head);
    read.map_err(|error| unreadable(&error, shown))?;
    if !head.contains(&b'\n') {
        feed(&mut head);
        reader = Box::new(Returns(reader));
    }
    refuse_what_is_no_table(&head, shown)?;
    let mark = if head.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let (separator, separators) = match format {
        TextFormat::Tsv => (b'\t', "tabs"),
        TextFormat::Csv => separator(&head[mark..]),
    };
    let mut head = Cursor::new(head);
    head.set_position(mark as u64);
    Ok(Text {
        reader: Box::new(head.chain(reader)),
        separator,
        separators,
    })
}

/// A text whose lines end with a carriage return alone, on its way to those who look for line feeds.
struct Returns(Box<dyn Read>);

impl Read for Returns {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.0.read(buffer)?;
        feed(&mut buffer[..bytes]);
        Ok(bytes)
    }
}

/// Puts a line feed in the place of each carriage return.
fn feed(text: &mut [u8]) {
    let returns = text.iter_mut().filter(|byte| **byte == b'\r');
    returns.for_each(|byte| *byte = b'\n');
}

fn refuse_what_is_no_table(head: &[u8], shown: &str) -> Result<(), Refusal> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err(Refusal::source(
            format!("`{shown}` is text in UTF-16"),
            "expected text in UTF-8",
        ));
    }
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

/// What the first row has most of outside of quotes.
fn separator(text: &[u8]) -> (u8, &'static str) {
    let mut counts = [0_u32; SEPARATORS.len()];
    let mut quoted = false;
    let row = text.iter().skip_while(|byte| b"\r\n".contains(byte));
    for &byte in row.take_while(|&&byte| byte != b'\n') {
        quoted ^= byte == b'"';
        for (count, &(separator, _)) in counts.iter_mut().zip(SEPARATORS) {
            *count += u32::from(byte == separator && !quoted);
        }
    }
    let mut best = 0;
    for (i, &count) in counts.iter().enumerate() {
        if count > counts[best] {
            best = i;
        }
    }
    SEPARATORS[best]
}

/// The refusal of a text with one column, whose first cell is `cell`.
pub(super) fn one_column(cell: &str) -> Refusal {
    let others = SEPARATORS.iter().chain(&[(b'|', "bars")]);
    let seems = others
        .filter(|&&(separator, _)| cell.contains(char::from(separator)))
        .map(|(_, name)| format!(" (it seems to be separated by {name})"))
        .next()
        .unwrap_or_default();
    let what = match cell.trim() {
        "" => "the first row has one column".to_owned(),
        cell => format!("the first row has one column, `{cell}`"),
    };
    Refusal::source(
        format!("{what}{seems}"),
        "expected at least one feature and a target, separated by commas, semicolons or tabs",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_says_what_separates_columns() {
        let cases = [
            ("a,b;c,d\n1;2;3;4", "commas"),
            ("\r\na;b;c\n1,2,3,4", "semicolons"),
            ("\"a,b,c\";d", "semicolons"),
            ("price, EUR\tsize\tclass\n", "tabs"),
            ("a;b,c", "commas"),
            ("one", "commas"),
            ("", "commas"),
        ];
        for (text, want) in cases {
            assert_eq!(separator(text.as_bytes()).1, want, "{text:?}");
        }
    }
}
