//! Comma-separated values to examples. A refusal names row and column as an editor counts them, and shows at most one
//! cell of what was read.

use std::collections::BTreeMap;

use csv::{ByteRecord, ReaderBuilder};
use ndarray::Array2;

use super::{About, Column, Dataset, Refusal, Request, Target, Wanted};
use crate::text;

/// Rows are numbered by 32-bit integers.
const MOST_ROWS: usize = (1 << 31) - 1;
/// More classes than a network can have outputs make no sense.
const MOST_CLASSES: usize = 65_536;
/// Larger numbers would overflow when they are squared and summed.
const LARGEST: f64 = 1e100;
/// A name longer than this is not one.
const LONGEST_CLASS: usize = 200;

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
            .expect("every row gives one number a feature"),
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

    /// The line that the current row begins in, from 1. The reader's own count is wrong after blank lines and with
    /// line ends of two characters.
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
        let refuse = |what| {
            let message = format!("{} {what}", self.place(column));
            Err(Refusal::new(
                about,
                message,
                "expected a value in every cell",
            ))
        };
        match std::str::from_utf8(&self.row[column]).map(str::trim) {
            Ok("") => refuse("is empty"),
            Ok(cell) => Ok(cell),
            Err(_) => refuse("is not UTF-8 text"),
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
                "row {} has {columns} columns, the first row {width}",
                rows.line()
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

/// The target column while it is read: its first cell decides whether it holds numbers or text.
enum TargetColumn {
    Numbers {
        values: Vec<f64>,
        /// The first one that is not an integer, and its line.
        fraction: Option<(usize, f64)>,
    },
    Text {
        labels: Vec<u32>,
        /// Each class, and its number in the order of their first examples.
        classes: BTreeMap<String, u32>,
        /// The line of the first one.
        line: usize,
    },
}

impl TargetColumn {
    fn new(rows: &Rows<'_>, column: usize) -> Self {
        let is_number = std::str::from_utf8(&rows.row[column])
            .is_ok_and(|cell| cell.trim().parse::<f64>().is_ok());
        if is_number {
            Self::Numbers {
                values: vec![],
                fraction: None,
            }
        } else {
            Self::Text {
                labels: vec![],
                classes: BTreeMap::new(),
                line: rows.line(),
            }
        }
    }

    fn push(&mut self, rows: &Rows<'_>, column: usize) -> Result<(), Refusal> {
        match self {
            Self::Numbers { values, fraction } => {
                let value = rows.number(column, About::Target)?;
                if fraction.is_none() && value.fract() != 0.0 {
                    *fraction = Some((rows.line(), value));
                }
                values.push(value);
            }
            Self::Text {
                labels, classes, ..
            } => {
                let class = class_name(rows, column)?;
                let next = classes.len() as u32;
                labels.push(*classes.entry(class).or_insert(next));
                check_classes(classes.len())?;
            }
        }
        Ok(())
    }

    /// The target as `wanted`, if it can be that.
    fn decide(self, wanted: Wanted, column: usize) -> Result<Target, Refusal> {
        match self {
            Self::Text { line, .. } if wanted == Wanted::Numeric => Err(Refusal::new(
                About::Target,
                format!("row {line}, column {} holds text", column + 1),
                "expected a column of numbers as the target",
            )),
            Self::Text {
                mut labels,
                classes,
                ..
            } => {
                renumber(&mut labels, classes.values().copied());
                two_or_more(labels, classes.into_keys().collect())
            }
            Self::Numbers { values, fraction } => {
                let classes = match wanted {
                    Wanted::Numeric | Wanted::Either => false,
                    Wanted::Classes => true,
                    Wanted::Guess => fraction.is_none() && look_like_classes(&values),
                };
                match fraction {
                    _ if !classes => Ok(Target::Numeric(values)),
                    None => integer_classes(&values),
                    Some((line, value)) => Err(Refusal::new(
                        About::Target,
                        format!(
                            "row {line}, column {} holds {value}, which is not an integer",
                            column + 1
                        ),
                        "expected classes: text, or integers",
                    )),
                }
            }
        }
    }
}

/// The class in a cell of a column of text.
fn class_name(rows: &Rows<'_>, column: usize) -> Result<String, Refusal> {
    let cell = rows.cell(column, About::Target)?;
    let refuse = |message: &str, expected: &str| {
        let place = rows.place(column);
        Err(Refusal::new(
            About::Target,
            format!("{place} {message}"),
            expected,
        ))
    };
    if cell.parse::<f64>().is_ok_and(f64::is_finite) {
        return refuse(
            &format!("holds {}, and rows above it text", text::shorten(cell, 40)),
            "expected a target of numbers or of text, not of both",
        );
    }
    if cell.len() > LONGEST_CLASS {
        return refuse(
            &format!("holds a text of {} bytes", cell.len()),
            "expected the name of a class, at most 200 bytes",
        );
    }
    let class = text::clean(cell);
    if class.is_empty() {
        return refuse(
            "holds nothing that can be shown",
            "expected the name of a class",
        );
    }
    Ok(class)
}

fn check_classes(count: usize) -> Result<(), Refusal> {
    if count <= MOST_CLASSES {
        return Ok(());
    }
    Err(Refusal::new(
        About::Target,
        format!("the target has more than {MOST_CLASSES} classes"),
        "expected fewer classes, or a model for a numeric target",
    ))
}

fn look_like_classes(values: &[f64]) -> bool {
    let mut seen = [false; 1001];
    values.iter().all(|&value| {
        let fits = (0.0..=1000.0).contains(&value);
        if fits {
            seen[value as usize] = true;
        }
        fits
    }) && seen.into_iter().filter(|&seen| seen).count() <= 100
}

/// Classes named by integers, in the order of those.
fn integer_classes(values: &[f64]) -> Result<Target, Refusal> {
    let mut classes = BTreeMap::new();
    let mut labels = vec![];
    for &value in values {
        // Up to 2^53 every integer is a number of its own.
        if value.abs() > 9e15 {
            return Err(Refusal::new(
                About::Target,
                format!("the class {value} is too large"),
                "expected integers up to 9e15",
            ));
        }
        let next = classes.len() as u32;
        labels.push(*classes.entry(value as i64).or_insert(next));
        check_classes(classes.len())?;
    }
    renumber(&mut labels, classes.values().copied());
    two_or_more(labels, classes.keys().map(i64::to_string).collect())
}

/// Numbers classes by their place in `order`, which holds the old numbers.
fn renumber(labels: &mut [u32], order: impl Iterator<Item = u32>) {
    let order: Vec<u32> = order.collect();
    let mut new = vec![0; order.len()];
    for (place, old) in (0..).zip(order) {
        new[old as usize] = place;
    }
    for label in labels {
        *label = new[*label as usize];
    }
}

fn two_or_more(labels: Vec<u32>, names: Vec<String>) -> Result<Target, Refusal> {
    if let [only] = &names[..] {
        return Err(Refusal::new(
            About::Target,
            format!(
                "every example is of the class `{}`",
                text::shorten(only, 40)
            ),
            "expected two classes or more",
        ));
    }
    Ok(Target::Classes { labels, names })
}
