//! What the columns of a file are: the target, and the features with their names.

use super::head::one_column;
use super::labels::Labels;
use super::rows::{POINT, Rows, has_comma, is_missing};
use crate::problem::dataset::{About, Column, Refusal, Request, column};
use crate::text;

/// The columns of a file that are read.
pub(super) struct Layout {
    /// How many columns there are.
    pub width: usize,
    /// Which of them is the target.
    pub target: usize,
    /// Whether the first row holds names.
    pub header: bool,
    /// The columns of the features, in the order of these.
    pub features: Vec<Feature>,
    /// Whether some are categories.
    pub spreads: bool,
}

/// A column of features.
pub(super) struct Feature {
    /// Its place in a row.
    pub column: usize,
    /// Its name.
    pub name: String,
    /// The texts in it, where it is one of categories.
    pub categories: Option<Labels>,
}

impl Layout {
    /// What `request` makes of a file with this first row.
    pub fn find(first: &Rows, request: &Request<'_>) -> Result<Self, Refusal> {
        let cells: Vec<String> = first
            .row()
            .iter()
            .map(|cell| text::shorten(&String::from_utf8_lossy(cell), 60))
            .collect();
        let width = cells.len();
        if width < 2 {
            return Err(one_column(&cells.concat()));
        }
        refuse_names_without_header(request, width)?;
        let target = match &request.target {
            None => width - 1,
            Some(target) => column::find(target, &cells, About::Target)?,
        };
        let features = match &request.columns {
            None => (0..width).filter(|&column| column != target).collect(),
            Some(columns) => column::find_all(columns, &cells, About::Columns)?,
        };
        if let Some(i) = features.iter().position(|&column| column == target) {
            return Err(Refusal::new(
                About::Columns(i),
                format!("column {} is the target", target + 1),
                "expected features, or another column as the `target`",
            ));
        }
        let categories = column::find_all(&request.categories, &cells, About::Categories)?;
        refuse_categories_elsewhere(&categories, target, &mask(width, &features))?;
        let is_category = mask(width, &categories);
        let of_numbers = features.iter().filter(|&&column| !is_category[column]);
        let of_numbers: Vec<&str> = of_numbers.map(|&column| &*cells[column]).collect();
        let header = match request.header {
            Some(header) => header,
            None if named(request).is_some() => true,
            None => has_header(&of_numbers)?,
        };
        let feature = |column: usize| Feature {
            column,
            name: if header && !cells[column].is_empty() {
                cells[column].clone()
            } else {
                format!("column {}", column + 1)
            },
            categories: is_category[column].then(Labels::default),
        };
        Ok(Self {
            width,
            target,
            header,
            features: features.into_iter().map(feature).collect(),
            spreads: !categories.is_empty(),
        })
    }

    /// Refuses a row with more or fewer columns than the first.
    pub fn check_width(&self, rows: &Rows) -> Result<(), Refusal> {
        let (width, columns) = (self.width, rows.row().len());
        if columns == width {
            return Ok(());
        }
        let expected = if rows.is_on_one_line() {
            "expected as many columns in every row"
        } else {
            "expected as many columns in every row; is a quote left open?"
        };
        Err(Refusal::source(
            format!(
                "row {} has {columns} {}, the first row {width}",
                rows.line(),
                if columns == 1 { "column" } else { "columns" }
            ),
            expected,
        ))
    }

    /// Whether a column that is read has a missing value in this row.
    pub fn is_missing(&self, rows: &Rows) -> bool {
        let mut features = self.features.iter();
        rows.is_missing(self.target) || features.any(|feature| rows.is_missing(feature.column))
    }

    /// Refuses a row, which is the first, if nothing is in its last column and nobody has chosen
    /// another for the target: it ends with a separator, most likely as all of them do.
    pub fn refuse_open_end(&self, rows: &Rows, request: &Request<'_>) -> Result<(), Refusal> {
        let is_open = request.target.is_none() && rows.row()[self.target].trim_ascii().is_empty();
        if !is_open {
            return Ok(());
        }
        Err(Refusal::source(
            format!(
                "{} is empty, and the last column is the target",
                rows.place(self.target)
            ),
            "expected a value, no separator at the end of rows, or another `target`",
        ))
    }

    /// Refuses a row with text in columns of numbers, which is the first: all such columns are
    /// named.
    pub fn refuse_text(&self, rows: &Rows, request: &Request<'_>) -> Result<(), Refusal> {
        let texts: Vec<usize> = self
            .features
            .iter()
            .filter(|feature| feature.categories.is_none())
            .map(|feature| feature.column)
            .filter(|&column| !rows.is_missing(column) && rows.parsed(column).is_none())
            .collect();
        let [first, others @ ..] = &texts[..] else {
            return Ok(());
        };
        let cell = text::shorten(rows.cell(*first, About::Source)?, 40);
        let mut message = format!(
            "{} holds `{cell}`, which is not a number",
            rows.place(*first)
        );
        match others {
            [] => {}
            [other] => message.push_str(&format!("; column {} holds text too", other + 1)),
            _ => message.push_str(&format!("; {} other columns hold text too", others.len())),
        }
        let all_text = texts.len() == self.features.len() && self.features.len() > 1;
        let expected = if has_comma(&cell) {
            POINT.to_owned()
        } else if request.header == Some(false) && all_text {
            "expected numbers; does this row hold the columns' names? Then `header = true`"
                .to_owned()
        } else {
            let list = listed(rows, &texts);
            format!("expected numbers; for text add `categories = [{list}]`, or choose `columns`")
        };
        Err(Refusal::source(message, expected))
    }
}

/// These columns as a list in TOML, by name where all have one.
fn listed(rows: &Rows, columns: &[usize]) -> String {
    const LISTED: usize = 12;
    let names: Option<Vec<&str>> = columns.iter().map(|&column| rows.name(column)).collect();
    let mut list: Vec<String> = match names {
        Some(names) => names.iter().map(|name| format!("{name:?}")).collect(),
        None => columns.iter().map(|c| (c + 1).to_string()).collect(),
    };
    if list.len() > LISTED {
        list.truncate(LISTED);
        list.push("...".to_owned());
    }
    list.join(", ")
}

/// Which of `width` columns are listed.
fn mask(width: usize, columns: &[usize]) -> Vec<bool> {
    let mut mask = vec![false; width];
    for &column in columns {
        mask[column] = true;
    }
    mask
}

/// The first part of a request that gives a column by its name.
fn named(request: &Request<'_>) -> Option<About> {
    let target = request.target.iter().map(|column| (column, About::Target));
    let columns = request.columns.iter().flatten().enumerate();
    let columns = columns.map(|(i, column)| (column, About::Columns(i)));
    let categories = request.categories.iter().enumerate();
    let categories = categories.map(|(i, column)| (column, About::Categories(i)));
    target
        .chain(columns)
        .chain(categories)
        .find(|(column, _)| matches!(column, Column::Name(_)))
        .map(|(_, about)| about)
}

fn refuse_names_without_header(request: &Request<'_>, width: usize) -> Result<(), Refusal> {
    match named(request) {
        Some(about) if request.header == Some(false) => Err(Refusal::new(
            about,
            match about {
                About::Target => "a target by name needs a header",
                _ => "a column by name needs a header",
            },
            format!("expected the number of a column, 1 to {width}"),
        )),
        _ => Ok(()),
    }
}

fn refuse_categories_elsewhere(
    categories: &[usize],
    target: usize,
    is_feature: &[bool],
) -> Result<(), Refusal> {
    for (i, column) in categories.iter().enumerate() {
        if *column == target {
            return Err(Refusal::new(
                About::Categories(i),
                format!("column {} is the target", column + 1),
                "expected features: a target of text makes classes by itself",
            ));
        }
        if !is_feature[*column] {
            return Err(Refusal::new(
                About::Categories(i),
                format!("column {} is not one of `columns`", column + 1),
                "expected a column that is listed there too",
            ));
        }
    }
    Ok(())
}

/// Whether a first row with these cells in the columns of numbers holds names: if none is a number,
/// and they do not all say that a value is missing.
fn has_header(cells: &[&str]) -> Result<bool, Refusal> {
    if cells.is_empty() {
        return Err(Refusal::source(
            "no feature is a number, so it cannot be found out whether the first row holds names",
            "expected `header = true` or `header = false` beside it",
        ));
    }
    let is_mark = |cell: &&str| !cell.is_empty() && is_missing(cell);
    Ok(cells.iter().all(|cell| cell.parse::<f64>().is_err()) && !cells.iter().all(is_mark))
}
