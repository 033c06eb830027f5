//! Separated values to examples, row by row: never more is held than the numbers. A refusal names row
//! and column as an editor counts them, and shows at most one cell of what was read.

use ndarray::Array2;

use super::file::{Opened, TextFormat};
use super::{About, Dataset, MOST_ROWS, Missing, Reading, Refusal, Request};

mod categories;
mod head;
mod labels;
mod layout;
mod rows;
pub(super) mod target;

use head::Text;
use layout::Layout;
use rows::Rows;
use target::TargetColumn;

/// The examples in a file of this format.
pub(super) fn read(
    file: Opened,
    format: TextFormat,
    request: &Request<'_>,
) -> Result<Dataset, Refusal> {
    if request.labels.is_some() {
        return Err(Refusal::new(
            About::Labels,
            "`labels` is for arrays: a table has its target in a column",
            "expected a .npy or IDX file as the `source`, or `target`",
        ));
    }
    let (bytes, gzip, shown) = (file.bytes, file.gzip, file.shown.clone());
    let text = head::open(file, format, request.max_memory)?;
    let separators = text.separators;
    let (mut set, header) = parse(text, &shown, request)?;
    let header = if header { "a header" } else { "no header" };
    let packed = if gzip { ", gzipped" } else { "" };
    set.reading.format = format!("{separators} between columns, {header}{packed}");
    set.reading.bytes = bytes;
    Ok(set)
}

/// The examples in a text that messages call `shown`, and whether its first row holds names.
fn parse(text: Text, shown: &str, request: &Request<'_>) -> Result<(Dataset, bool), Refusal> {
    let mut rows = Rows::new(text.reader, text.separator, shown);
    if !rows.next()? {
        let message = format!("`{shown}` is empty");
        return Err(Refusal::source(message, "expected rows of numbers"));
    }
    let mut layout = Layout::find(&rows, request)?;
    if layout.header {
        rows.take_names();
    }
    let mut table = Table::default();
    let mut dropped = 0;
    let most = request.rows.unwrap_or(MOST_ROWS + 1);
    let mut unread = !layout.header;
    while table.examples < most && (std::mem::take(&mut unread) || rows.next()?) {
        layout.check_width(&rows)?;
        if request.missing == Missing::Drop && layout.is_missing(&rows) {
            dropped += 1;
            continue;
        }
        if table.examples == 0 {
            layout.refuse_open_end(&rows, request)?;
            layout.refuse_text(&rows, request)?;
        }
        table.push(&rows, &mut layout)?;
        table.check_size(&layout, request.max_memory)?;
    }
    let Some(target) = table.target else {
        return Err(no_examples(dropped));
    };
    let target = target.decide(request.wanted, layout.target);
    let target = target.map_err(|refusal| few_rows(refusal, request))?;
    let header = layout.header;
    let features = Array2::from_shape_vec((table.examples, layout.features.len()), table.numbers)
        .expect("every row gives one number a column");
    let (features, names, categories) = categories::spread(features, layout.features);
    let set = Dataset {
        source: shown.to_owned(),
        features: features.into(),
        names,
        target,
        reading: Reading {
            dropped,
            categories,
            ..Reading::default()
        },
    };
    Ok((set, header))
}

/// Of a file whose rows are sorted by class the first may all be of one.
fn few_rows(mut refusal: Refusal, request: &Request<'_>) -> Refusal {
    if request.rows.is_some() && refusal.message.starts_with(target::ONE_CLASS) {
        refusal.expected += "; `rows` takes the first rows of the file";
    }
    refusal
}

fn no_examples(dropped: usize) -> Refusal {
    if dropped > 0 {
        return Refusal::source(
            "every row has a missing value",
            "expected rows with a value in each column that is read: choose `columns`",
        );
    }
    Refusal::source(
        "the file has a header and no examples",
        "expected rows of numbers below the header",
    )
}

/// The examples read so far.
#[derive(Default)]
struct Table {
    /// One number a column of features, row by row; of categories the numbers of their texts.
    numbers: Vec<f64>,
    target: Option<TargetColumn>,
    examples: usize,
}

impl Table {
    /// Takes the current row.
    fn push(&mut self, rows: &Rows, layout: &mut Layout) -> Result<(), Refusal> {
        for feature in &mut layout.features {
            self.numbers.push(match &mut feature.categories {
                None => rows.number(feature.column, About::Source)?,
                Some(labels) => categories::number(labels, rows, feature.column)?,
            });
        }
        let column = layout.target;
        let target = &mut self.target;
        let target = target.get_or_insert_with(|| TargetColumn::new(rows, column));
        target.push(rows, column)?;
        self.examples += 1;
        Ok(())
    }

    fn check_size(&self, layout: &Layout, max_memory: u64) -> Result<(), Refusal> {
        if self.examples > MOST_ROWS {
            return Err(Refusal::source(
                "the file has too many rows",
                format!("expected at most {MOST_ROWS}"),
            ));
        }
        let mut numbers = self.numbers.len();
        if layout.spreads {
            numbers += categories::width(&layout.features)? * self.examples;
        }
        if (numbers * size_of::<f64>()) as u64 > max_memory {
            let examples = self.examples;
            return Err(Refusal::source(
                format!(
                    "the first {examples} examples take more than {max_memory} bytes of memory"
                ),
                "expected fewer `rows`, or a higher --max-memory",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::path::Path;

    use ndarray::array;

    use super::*;
    use crate::problem::dataset::{Column, Target, Wanted};
    use crate::random::{self, Purpose};
    use crate::text;

    fn read(text: &str, change: impl FnOnce(&mut Request<'_>)) -> Result<Dataset, Refusal> {
        let mut request = plain();
        change(&mut request);
        let text = head::look(
            Box::new(Cursor::new(text.to_owned())),
            TextFormat::Csv,
            "test.csv",
        )?;
        parse(text, "test.csv", &request).map(|(set, _)| set)
    }

    fn plain() -> Request<'static> {
        Request {
            source: "test.csv",
            folder: Path::new(""),
            target: None,
            columns: None,
            categories: vec![],
            missing: Missing::Refuse,
            labels: None,
            header: None,
            rows: None,
            wanted: Wanted::Guess,
            max_memory: 1 << 20,
        }
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
        // Nobody calls all columns so; one of them may be.
        let unknown = read("?,NA,x\n1,2,x\n3,4,w\n", |r| r.missing = Missing::Drop);
        let unknown = unknown.expect("valid");
        assert_eq!((unknown.rows(), unknown.reading.dropped), (2, 1));
        let sodium = read("K,NA,class\n1,2,x\n3,4,w\n", |_| {}).expect("valid");
        assert_eq!(sodium.names, ["K", "NA"]);
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

    #[test]
    fn no_bytes_bring_the_reader_down() {
        const PIECES: &[&[u8]] = &[
            b"1",
            b"-2.5e3",
            b",",
            b",",
            b";",
            b"\t",
            b"\n",
            b"\n",
            b"\r\n",
            b"\r",
            b"\"",
            b"\"\"",
            b" ",
            b"x",
            b"red",
            b"nan",
            b"?",
            b"inf",
            b"1e999",
            b"\xef\xbb\xbf",
            b"\xff",
            b"\0",
            b"a,b,c\n",
            b"1,2,x\n",
        ];
        let mut read = 0;
        for round in 0..100_000 {
            let mut rng = random::stream(round, Purpose::Made, 0);
            let mut any = |most: usize| (random::uniform(&mut rng) * most as f64) as usize;
            let mut bytes = b"a,b,c\n1,2,x\n3,red,y\n5,6,x\n"[..any(2) * 26].to_vec();
            for _ in 0..any(if bytes.is_empty() { 24 } else { 4 }) {
                let at = any(bytes.len() + 1);
                let piece = match any(9) {
                    0 => vec![any(256) as u8],
                    _ => PIECES[any(PIECES.len())].to_vec(),
                };
                bytes.splice(at..at, piece);
            }
            let column = |n: usize| Column::Index(n as u64);
            let request = Request {
                target: (any(6) == 0).then(|| column(1 + any(4))),
                columns: (any(6) == 0).then(|| vec![column(1 + any(3)), column(1 + any(3))]),
                categories: match any(3) {
                    0 => (0..any(3)).map(|_| column(1 + any(3))).collect(),
                    _ => vec![column(2)],
                },
                missing: [Missing::Refuse, Missing::Drop][any(2)],
                header: [None, Some(true), Some(false)][any(3)],
                rows: (any(4) == 0).then(|| 1 + any(3)),
                ..plain()
            };
            let format = [TextFormat::Csv, TextFormat::Tsv][any(8) / 7];
            let text = head::look(Box::new(Cursor::new(bytes)), format, "test.csv");
            match text.and_then(|text| parse(text, "test.csv", &request)) {
                Ok((set, _)) => {
                    read += 1;
                    assert_eq!(set.names.len(), set.features.ncols());
                    let x = set.features.kept().expect("text is kept");
                    assert!(x.iter().all(|x| x.abs() <= 1e100));
                }
                Err(refusal) => assert!(!refusal.message.contains(text::is_unsafe), "{refusal}"),
            }
        }
        assert!(read > 1_000, "only {read} were read");
    }
}
