//! Comma-separated values to examples. A refusal names row and column as an editor counts them, and
//! shows at most one cell of what was read.

use csv::{ByteRecord, ReaderBuilder};
use ndarray::Array2;

use super::{About, Column, Dataset, MOST_ROWS, Refusal, Request};
use crate::text;

pub(super) mod target;

use target::TargetColumn;

/// Larger numbers would overflow when they are squared and summed.
const LARGEST: f64 = 1e100;

/// The examples in the text of a file.
pub(super) fn parse(bytes: &[u8], request: &Request<'_>) -> Result<Dataset, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rows = Rows::new(bytes);
    let Some(first) = rows.next().cloned() else {
        let message = format!("`{}` is empty", text::shorten(request.source, 80));
        return Err(Refusal::source(message, "expected rows of numbers"));
    };
    let layout = Layout::find(&first, request)?;
    let mut features = vec![];
    let mut target = None;
    let mut examples = 0;
    let most = request.rows.unwrap_or(MOST_ROWS + 1);
    let mut unread = !layout.header;
    while examples < most && (std::mem::take(&mut unread) || rows.next().is_some()) {
        layout.check_width(&rows)?;
        for column in (0..layout.width).filter(|&column| column != layout.target) {
            features.push(rows.number(column, About::Source)?);
        }
        let column = target.get_or_insert_with(|| TargetColumn::new(&rows, layout.target));
        column.push(&rows, layout.target)?;
        examples += 1;
        check_size(examples, features.len(), request.max_memory)?;
    }
    let Some(target) = target else {
        return Err(Refusal::source(
            "the file has a header and no examples",
            "expected rows of numbers below the header",
        ));
    };
    Ok(Dataset {
        source: text::shorten(request.source, 80),
        features: Array2::from_shape_vec((examples, layout.width - 1), features)
            .expect("every row gives one number a feature")
            .into(),
        names: layout.names,
        target: target.decide(request.wanted, layout.target)?,
    })
}

fn check_size(examples: usize, numbers: usize, max_memory: u64) -> Result<(), Refusal> {
    if examples > MOST_ROWS {
        return Err(Refusal::source(
            "the file has too many rows",
            format!("expected at most {MOST_ROWS}"),
        ));
    }
    if (numbers * size_of::<f64>()) as u64 > max_memory {
        return Err(Refusal::source(
            format!("the first {examples} examples take more than {max_memory} bytes of memory"),
            "expected fewer `rows`, or a higher --max-memory",
        ));
    }
    Ok(())
}

/// The rows of a file, one at a time.
struct Rows<'a> {
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    row: ByteRecord,
}

impl<'a> Rows<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        Self {
            bytes,
            reader,
            row: ByteRecord::new(),
        }
    }

    fn next(&mut self) -> Option<&ByteRecord> {
        let more = self
            .reader
            .read_byte_record(&mut self.row)
            .expect("reading from memory cannot fail, and rows may have any width");
        more.then_some(&self.row)
    }

    /// The line that the current row begins in, from 1. The reader's own count is wrong after blank
    /// lines and with line ends of two characters.
    fn line(&self) -> usize {
        let start = self.row.position().map_or(0, |place| place.byte() as usize);
        let blank = self.bytes[start..]
            .iter()
            .take_while(|byte| b"\r\n".contains(byte))
            .count();
        let before = &self.bytes[..start + blank];
        before.split(|&byte| byte == b'\n').count()
    }

    fn place(&self, column: usize) -> String {
        format!("row {}, column {}", self.line(), column + 1)
    }

    /// The text of a cell that is there.
    fn cell(&self, column: usize, about: About) -> Result<&str, Refusal> {
        let refuse = |what, expected| {
            let message = format!("{} {what}", self.place(column));
            Err(Refusal::new(about, message, expected))
        };
        match std::str::from_utf8(&self.row[column]).map(str::trim) {
            Ok("") => refuse("is empty", "expected a value in every cell"),
            // A quote that is never closed makes one cell of all the rows behind it.
            Ok(cell) if cell.contains(['\n', '\r']) => refuse(
                "goes on over several lines",
                "expected a value on one line; is a quote left open?",
            ),
            Ok(cell) => Ok(cell),
            Err(_) => refuse("is not UTF-8 text", "expected text in UTF-8"),
        }
    }

    fn number(&self, column: usize, about: About) -> Result<f64, Refusal> {
        let cell = self.cell(column, about)?;
        let message = match cell.parse::<f64>() {
            Ok(number) if number.abs() <= LARGEST => return Ok(number),
            Ok(number) if number.is_finite() => "is beyond 1e100",
            Ok(_) => "is not finite",
            Err(_) => "is not a number",
        };
        let (place, cell) = (self.place(column), text::shorten(cell, 40));
        Err(Refusal::new(
            about,
            format!("{place} holds `{cell}`, which {message}"),
            "expected a finite number",
        ))
    }
}

/// What the columns are.
struct Layout {
    width: usize,
    target: usize,
    header: bool,
    /// The names of the features.
    names: Vec<String>,
}

impl Layout {
    fn find(first: &ByteRecord, request: &Request<'_>) -> Result<Self, Refusal> {
        let width = first.len();
        let cells: Vec<String> = first
            .iter()
            .map(|cell| text::shorten(&String::from_utf8_lossy(cell), 60))
            .collect();
        if width < 2 {
            return Err(one_column(&cells));
        }
        let named = matches!(request.target, Some(Column::Name(_)));
        let target = match &request.target {
            None => width - 1,
            Some(Column::Index(index)) => by_index(*index, width)?,
            Some(Column::Name(_)) if request.header == Some(false) => {
                return Err(Refusal::new(
                    About::Target,
                    "a target by name needs a header",
                    format!("expected the number of a column, 1 to {width}"),
                ));
            }
            Some(Column::Name(name)) => by_name(name, &cells)?,
        };
        // Features are numbers, so a row with none above the features holds names.
        let no_number = || {
            let mut features = cells.iter().enumerate().filter(|(i, _)| *i != target);
            features.all(|(_, cell)| cell.parse::<f64>().is_err())
        };
        let header = request.header.unwrap_or_else(|| named || no_number());
        let names = (0..width).filter(|&i| i != target).map(|i| {
            if header && !cells[i].is_empty() {
                cells[i].clone()
            } else {
                format!("column {}", i + 1)
            }
        });
        Ok(Self {
            width,
            target,
            header,
            names: names.collect(),
        })
    }

    fn check_width(&self, rows: &Rows<'_>) -> Result<(), Refusal> {
        let (width, columns) = (self.width, rows.row.len());
        if columns == width {
            return Ok(());
        }
        Err(Refusal::source(
            format!(
                "row {} has {columns} {}, the first row {width}",
                rows.line(),
                if columns == 1 { "column" } else { "columns" }
            ),
            "expected as many columns in every row",
        ))
    }
}

fn one_column(cells: &[String]) -> Refusal {
    let separator = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")]
        .into_iter()
        .find(|(separator, _)| cells.iter().any(|cell| cell.contains(*separator)));
    let seems = separator.map_or(String::new(), |(_, name)| {
        format!(" (it seems to be separated by {name})")
    });
    Refusal::source(
        format!("the file has one column{seems}"),
        "expected at least one feature and a target, separated by commas",
    )
}

fn by_index(index: u64, width: usize) -> Result<usize, Refusal> {
    match usize::try_from(index) {
        Ok(index) if (1..=width).contains(&index) => Ok(index - 1),
        _ => Err(Refusal::new(
            About::Target,
            format!("there is no column {index}"),
            format!("expected 1 to {width}, or a name in the header"),
        )),
    }
}

fn by_name(name: &str, header: &[String]) -> Result<usize, Refusal> {
    let shown = text::shorten(name, 60);
    let mut found = (0..header.len()).filter(|&i| header[i] == shown);
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (Some(first), Some(second)) => Err(Refusal::new(
            About::Target,
            format!(
                "columns {} and {} are both called `{shown}`",
                first + 1,
                second + 1
            ),
            "expected a name that only one column has, or its number",
        )),
        _ => Err(Refusal {
            nearest: text::nearest(name, header.iter().map(String::as_str)),
            ..Refusal::new(
                About::Target,
                format!("there is no column `{shown}`"),
                "expected a name in the header, or the number of a column",
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ndarray::array;

    use super::*;
    use crate::problem::dataset::{Target, Wanted};

    fn read(text: &str, change: impl FnOnce(&mut Request<'_>)) -> Result<Dataset, Refusal> {
        let mut request = Request {
            source: "test.csv",
            folder: Path::new(""),
            target: None,
            labels: None,
            header: None,
            rows: None,
            wanted: Wanted::Guess,
            max_memory: 1 << 20,
        };
        change(&mut request);
        parse(text.as_bytes(), &request)
    }

    fn classes(labels: &[u32], names: &[&str]) -> Target {
        Target::Classes {
            labels: labels.to_vec(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn the_header_is_found_out() {
        let with = read("\u{feff}a,b,c\r\n1,2,x\r\n\r\n3,4,w\r\n", |_| {}).expect("valid");
        assert_eq!(with.names, ["a", "b"]);
        assert_eq!(with.features, array![[1.0, 2.0], [3.0, 4.0]].into());
        assert_eq!(with.target, classes(&[1, 0], &["w", "x"]));
        let without = read("1,2,x\n3,4,w", |_| {}).expect("valid");
        assert_eq!(without.names, ["column 1", "column 2"]);
        assert_eq!(
            (without.features, without.target),
            (with.features, with.target)
        );
        let told = read("1,2,3\n4,5,6\n7,8,9\n", |r| r.header = Some(true)).expect("valid");
        assert_eq!(
            (told.rows(), told.names),
            (2, vec!["1".to_owned(), "2".to_owned()])
        );
    }

    #[test]
    fn the_target_is_any_column() {
        let text = "kind,\"a, quoted\",b\nx, 1 ,2\ny,3,4\n";
        let by_name = |r: &mut Request<'_>| r.target = Some(Column::Name("kind".to_owned()));
        let set = read(text, by_name).expect("valid");
        assert_eq!(set.names, ["a, quoted", "b"]);
        assert_eq!(set.target, classes(&[0, 1], &["x", "y"]));
        let by_number = read(text, |r| r.target = Some(Column::Index(1))).expect("valid");
        assert_eq!(by_number, set);
    }

    #[test]
    fn what_is_wanted_decides_between_numbers_and_classes() {
        let target = |text: &str, wanted| read(text, |r| r.wanted = wanted).map(|set| set.target);
        let (digits, fractions) = ("1,0\n2,1\n3,1\n", "1,0.5\n2,1\n");
        let (zero_one, numbers) = (
            classes(&[0, 1, 1], &["0", "1"]),
            Target::Numeric(vec![0.0, 1.0, 1.0]),
        );
        assert_eq!(target(digits, Wanted::Guess), Ok(zero_one.clone()));
        assert_eq!(target(digits, Wanted::Classes), Ok(zero_one));
        assert_eq!(target(digits, Wanted::Either), Ok(numbers.clone()));
        assert_eq!(target(digits, Wanted::Numeric), Ok(numbers));
        assert_eq!(
            target(fractions, Wanted::Guess),
            Ok(Target::Numeric(vec![0.5, 1.0]))
        );
        assert!(target(fractions, Wanted::Classes).is_err());
        assert!(target("1,x\n2,y\n", Wanted::Numeric).is_err());
        assert!(target("1,x\n2,y\n", Wanted::Either).is_ok());
    }

    #[test]
    fn only_the_wanted_rows_are_read() {
        let set = read("1,x\n2,y\nbroken\n", |r| r.rows = Some(2)).expect("valid so far");
        assert_eq!(set.rows(), 2);
    }

    #[test]
    fn memory_is_limited_while_reading() {
        let text = "1,2,x\n3,4,y\n".repeat(10);
        let refusal = read(&text, |r| r.max_memory = 100).expect_err("160 bytes");
        assert!(refusal.expected.contains("--max-memory"), "{refusal:?}");
    }
}
