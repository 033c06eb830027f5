//! Columns of text as features: one for each different text, 1 where it stands and else 0 (one-hot).

use ndarray::Array2;

use super::labels::Labels;
use super::layout::Feature;
use super::rows::Rows;
use crate::problem::dataset::{About, Refusal};

/// A column with more different texts holds no categories.
const MOST_VALUES: usize = 1_000;
/// The most features, once all columns of text are spread.
const MOST_FEATURES: usize = 65_536;

/// The number of the text in a cell.
pub(super) fn number(labels: &mut Labels, rows: &Rows, column: usize) -> Result<f64, Refusal> {
    let number = labels.number(rows, column, About::Source)?;
    if labels.len() > MOST_VALUES {
        let column = column + 1;
        return Err(Refusal::source(
            format!("column {column} has more than {MOST_VALUES} categories"),
            "expected fewer different texts, or `columns` without it",
        ));
    }
    Ok(f64::from(number))
}

/// How many features the columns make by now.
pub(super) fn width(features: &[Feature]) -> Result<usize, Refusal> {
    let each = |feature: &Feature| feature.categories.as_ref().map_or(1, Labels::len);
    let width = features.iter().map(each).sum();
    if width > MOST_FEATURES && width > features.len() {
        return Err(Refusal::source(
            format!("the categories make more than {MOST_FEATURES} features"),
            "expected fewer columns of categories, or fewer different texts in them",
        ));
    }
    Ok(width)
}

/// The features and their names, and how many each column of text has become.
pub(super) fn spread(
    numbers: Array2<f64>,
    columns: Vec<Feature>,
) -> (Array2<f64>, Vec<String>, Vec<(String, usize)>) {
    let (mut names, mut categories, mut spans) = (vec![], vec![], vec![]);
    for column in columns {
        let from = names.len();
        if let Some(labels) = column.categories {
            let (texts, places) = labels.sorted();
            names.extend(texts.iter().map(|text| format!("{}={text}", column.name)));
            categories.push((column.name, texts.len()));
            spans.push((from, Some(places)));
        } else {
            names.push(column.name);
            spans.push((from, None));
        }
    }
    if categories.is_empty() {
        return (numbers, names, categories);
    }
    let mut features = Array2::zeros((numbers.nrows(), names.len()));
    for (mut to, row) in features.rows_mut().into_iter().zip(numbers.rows()) {
        for (&number, (from, places)) in row.iter().zip(&spans) {
            match places {
                None => to[*from] = number,
                Some(places) => to[from + places[number as usize] as usize] = 1.0,
            }
        }
    }
    (features, names, categories)
}
