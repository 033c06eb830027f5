//! The rows of a text, read one at a time, with the places of their cells as an editor counts them.

use std::collections::VecDeque;
use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};

use crate::problem::dataset::gzip;
use crate::problem::dataset::{About, Refusal};
use crate::text;

/// Larger numbers would overflow when they are squared and summed.
const LARGEST: f64 = 1e100;
/// A longer row is no row: a quote that is left open makes one of all that follows.
const LONGEST: u64 = 16 << 20;
/// Bytes that are read at a time.
const BUFFER: usize = 1 << 16;

/// The rows, one at a time.
pub(super) struct Rows {
    reader: csv::Reader<Lines>,
    row: ByteRecord,
    shown: String,
    /// What the columns are called; empty without a header.
    names: Vec<String>,
}

impl Rows {
    /// The rows of `text`, whose columns are separated by `separator`; messages call it `shown`.
    pub fn new(text: Box<dyn Read>, separator: u8, shown: &str) -> Self {
        let lines = Lines {
            text,
            given: 0,
            ends: VecDeque::new(),
            passed: 0,
            row: 0,
            over: false,
        };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .buffer_capacity(BUFFER)
            .from_reader(lines);
        Self {
            reader,
            row: ByteRecord::new(),
            shown: shown.to_owned(),
            names: vec![],
        }
    }

    /// Goes on to the next row, if there is one.
    pub fn next(&mut self) -> Result<bool, Refusal> {
        let start = self.reader.position().byte();
        self.reader.get_mut().row = start;
        match self.reader.read_byte_record(&mut self.row) {
            Ok(more) => {
                let end = self.reader.position().byte();
                self.reader.get_mut().pass(end);
                Ok(more)
            }
            Err(error) => Err(self.unreadable(error)),
        }
    }

    fn unreadable(&self, error: csv::Error) -> Refusal {
        let csv::ErrorKind::Io(error) = error.into_kind() else {
            unreachable!("bytes need not be UTF-8, and rows may have any width");
        };
        unreadable(&error, &self.shown)
    }

    /// The cells of the current row.
    pub fn row(&self) -> &ByteRecord {
        &self.row
    }

    /// Whether the current row has no line end in it.
    pub fn is_on_one_line(&self) -> bool {
        !self.row.as_slice().contains(&b'\n')
    }

    /// The line that the current row begins in, from 1. The reader's own count is wrong after blank
    /// lines and with line ends of two characters.
    pub fn line(&self) -> usize {
        let inside = self.row.as_slice().iter().filter(|&&byte| byte == b'\n');
        1 + self.reader.get_ref().passed - inside.count()
    }

    /// Takes the current row for names of the columns, to be said in messages.
    pub fn take_names(&mut self) {
        let name = |cell: &[u8]| text::shorten(String::from_utf8_lossy(cell).trim(), 40);
        self.names = self.row.iter().map(name).collect();
    }

    /// The column's name, if it has one and no other column has the same.
    pub fn name(&self, column: usize) -> Option<&str> {
        let own = self.names.get(column).filter(|name| !name.is_empty())?;
        let same = self.names.iter().filter(|name| *name == own);
        (same.count() == 1).then_some(own)
    }

    /// `row 3, column 2 (size)`.
    pub fn place(&self, column: usize) -> String {
        let place = format!("row {}, column {}", self.line(), column + 1);
        match self.name(column) {
            Some(name) => format!("{place} ({name})"),
            None => place,
        }
    }

    /// Whether a cell says that its value is not known.
    pub fn is_missing(&self, column: usize) -> bool {
        std::str::from_utf8(&self.row[column]).is_ok_and(|cell| is_missing(cell.trim()))
    }

    /// The text of a cell that is there.
    pub fn cell(&self, column: usize, about: About) -> Result<&str, Refusal> {
        let refuse = |what: &str, expected| {
            let message = format!("{} {what}", self.place(column));
            Err(Refusal::new(about, message, expected))
        };
        match std::str::from_utf8(&self.row[column]).map(str::trim) {
            Ok("") => refuse("is empty", "expected a value, or `missing = \"drop\"`"),
            Ok(cell) if is_missing(cell) => refuse(
                &format!("holds `{cell}`, a missing value"),
                "expected a value, or `missing = \"drop\"`",
            ),
            // A quote that is never closed makes one cell of all the rows behind it.
            Ok(cell) if cell.contains(['\n', '\r']) => refuse(
                "goes on over several lines",
                "expected a value on one line; is a quote left open?",
            ),
            Ok(cell) => Ok(cell),
            Err(_) => refuse("is not UTF-8 text", "expected text in UTF-8"),
        }
    }

    /// The number in a cell, if it is one.
    pub fn parsed(&self, column: usize) -> Option<f64> {
        let cell = &self.row[column];
        digits(cell).or_else(|| std::str::from_utf8(cell).ok()?.trim().parse().ok())
    }

    /// The finite number in a cell.
    pub fn number(&self, column: usize, about: About) -> Result<f64, Refusal> {
        match self.parsed(column) {
            Some(number) if number.abs() <= LARGEST => Ok(number),
            number => Err(self.no_number(column, number, about)),
        }
    }

    fn no_number(&self, column: usize, number: Option<f64>, about: About) -> Refusal {
        let cell = match self.cell(column, about) {
            Ok(cell) => text::shorten(cell, 40),
            Err(refusal) => return refusal,
        };
        let message = match number {
            Some(number) if number.is_finite() => "is beyond 1e100",
            Some(_) => "is not finite",
            None => "is not a number",
        };
        let expected = if has_comma(&cell) {
            POINT
        } else {
            "expected a finite number"
        };
        Refusal::new(
            about,
            format!("{} holds `{cell}`, which {message}", self.place(column)),
            expected,
        )
    }
}

/// What is right in place of a comma.
pub(super) const POINT: &str = "expected numbers with a decimal point, such as 1.5 or 1500";

/// Whether a text would be a number but for a comma in it.
pub(super) fn has_comma(cell: &str) -> bool {
    let without = |to| cell.replace(',', to).parse::<f64>().is_ok();
    cell.contains(',') && (without(".") || without(""))
}

/// The number in a cell of up to 15 digits and nothing else, as in tables of pixels: exact, and
/// quicker to read than any number.
fn digits(cell: &[u8]) -> Option<f64> {
    if cell.is_empty() || cell.len() > 15 {
        return None;
    }
    let mut number = 0_u64;
    for byte in cell {
        number = 10 * number + u64::from(byte.checked_sub(b'0').filter(|&digit| digit < 10)?);
    }
    Some(number as f64)
}

/// Whether a cell, without the space around it, says that its value is not known.
pub(super) fn is_missing(cell: &str) -> bool {
    matches!(cell, "" | "?" | "NA" | "NaN" | "nan" | "null")
}

/// The refusal of a file, called `shown`, that cannot be read on.
pub(super) fn unreadable(error: &io::Error, shown: &str) -> Refusal {
    let inner = error.get_ref();
    if let Some(refusal) = gzip::refusal(error, shown) {
        return refusal;
    }
    if let Some(TooLong(line)) = inner.and_then(|error| error.downcast_ref()) {
        return Refusal::source(
            format!("row {line} is longer than {LONGEST} bytes"),
            "expected one example a row; is a quote left open?",
        );
    }
    Refusal::source(
        format!("`{shown}` cannot be read: {error}"),
        "expected a file that can be read to its end",
    )
}

/// That the row which begins in this line does not end.
#[derive(Debug, thiserror::Error)]
#[error("row {0} is too long")]
struct TooLong(usize);

/// A text on its way to the reader of rows: remembers where its lines end.
struct Lines {
    text: Box<dyn Read>,
    /// Bytes given to the reader.
    given: u64,
    /// Where the line ends stand that the rows have not passed yet.
    ends: VecDeque<u64>,
    /// How many line ends they have passed, but for that of the current row.
    passed: usize,
    /// Where the current row begins.
    row: u64,
    /// Whether its end has been met.
    over: bool,
}

impl Lines {
    /// Passes the lines of a row that ends before the byte `end`. A row that is ended by nothing but
    /// the end of the text has no line end of its own: where the last byte is one, it stands in a
    /// quote that is left open.
    fn pass(&mut self, end: u64) {
        let own = u64::from(!self.over);
        while self.ends.front().is_some_and(|&at| at + own < end) {
            self.ends.pop_front();
            self.passed += 1;
        }
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given - self.row > LONGEST {
            let before = self.ends.iter().filter(|&&at| at < self.row).count();
            return Err(io::Error::other(TooLong(1 + self.passed + before)));
        }
        let bytes = self.text.read(buffer)?;
        let ends = (self.given..).zip(&buffer[..bytes]);
        self.ends
            .extend(ends.filter(|&(_, &byte)| byte == b'\n').map(|(at, _)| at));
        self.given += bytes as u64;
        self.over = bytes == 0;
        Ok(bytes)
    }
}
