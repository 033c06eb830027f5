//! Columns as a scenario names them, found among the columns that are there.

use super::{About, Column, Refusal};
use crate::text;

/// The place of `column` among columns that are called `names`, from 0.
pub(super) fn find(column: &Column, names: &[String], about: About) -> Result<usize, Refusal> {
    match column {
        Column::Index(index) => by_index(*index, names.len(), about),
        Column::Name(name) => by_name(name, names, about),
    }
}

/// The places of a list of columns, no column twice.
pub(super) fn find_all(
    columns: &[Column],
    names: &[String],
    about: fn(usize) -> About,
) -> Result<Vec<usize>, Refusal> {
    let mut places = Vec::with_capacity(columns.len());
    let mut taken = vec![false; names.len()];
    for (i, column) in columns.iter().enumerate() {
        let place = find(column, names, about(i))?;
        if std::mem::replace(&mut taken[place], true) {
            let message = format!("column {} is listed twice", place + 1);
            return Err(Refusal::new(about(i), message, "expected each column once"));
        }
        places.push(place);
    }
    Ok(places)
}

fn by_index(index: u64, width: usize, about: About) -> Result<usize, Refusal> {
    match usize::try_from(index) {
        Ok(index) if (1..=width).contains(&index) => Ok(index - 1),
        _ => Err(Refusal::new(
            about,
            format!("there is no column {index}"),
            format!("expected 1 to {width}, or a name in the header"),
        )),
    }
}

fn by_name(name: &str, names: &[String], about: About) -> Result<usize, Refusal> {
    let shown = text::shorten(name, 60);
    let mut found = (0..names.len()).filter(|&i| names[i] == shown);
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (Some(first), Some(second)) => Err(Refusal::new(
            about,
            format!(
                "columns {} and {} are both called `{shown}`",
                first + 1,
                second + 1
            ),
            "expected a name that only one column has, or its number",
        )),
        _ => Err(Refusal {
            nearest: text::nearest(name, names.iter().map(String::as_str)),
            ..Refusal::new(
                about,
                format!("there is no column `{shown}`"),
                "expected a name in the header, or the number of a column",
            )
        }),
    }
}
