//! How captions are put into words and numbers, and into the room they have.

use crate::race::snapshot::Meta;
use crate::race::trace::Moment;
use crate::text::shorten;
use crate::tui::captions::{Caption, Kind, LONG, SHORT};
use crate::tui::view::number::{count, significant};

/// A caption: the first of `ways` to say it that fits, in full and in short.
pub(super) fn caption(at: Moment, racer: Option<usize>, kind: Kind, ways: &[String]) -> Caption {
    let step = if at.step == 0 || kind.is_final() {
        String::new()
    } else {
        format!("step {}: ", count(at.step))
    };
    Caption {
        at,
        racer,
        kind,
        text: fit(&step, ways, LONG),
        short: fit(&step, ways, SHORT),
    }
}

/// The step and the first of `ways` to go on that has room, or else what there is room for of the
/// last.
fn fit(step: &str, ways: &[String], most: usize) -> String {
    let room = most - step.len();
    let way = ways.iter().find(|way| way.chars().count() <= room);
    let way = way
        .cloned()
        .or_else(|| ways.last().map(|way| shorten(way, room)));
    step.to_owned() + &way.unwrap_or_default()
}

/// A value with at most three significant digits, or as a whole number: `0.05`, `1.2e-7`, `39,063`.
pub(super) fn value(value: f64) -> String {
    if (1e3..1e6).contains(&value) {
        return count(value.round() as u64);
    }
    let text = significant(value, 3);
    let (digits, power) = text.split_at(text.find('e').unwrap_or(text.len()));
    if !digits.contains('.') {
        return text;
    }
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    digits.to_owned() + power
}

/// A ratio: `2.1`, `40`, `4,300`.
pub(super) fn times(ratio: f64) -> String {
    if ratio < 10.0 {
        return format!("{ratio:.1}");
    }
    // More than two digits would not be true of a ratio of two short numbers.
    let unit = 10_f64.powf(ratio.log10().floor() - 1.0);
    let rounded = (ratio / unit).round() * unit;
    if rounded < 1e15 {
        count(rounded as u64)
    } else {
        significant(rounded, 2)
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B and 3 more`.
pub(super) fn names(labels: &[&str]) -> String {
    match labels {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if labels.len() <= 3 => format!("{} and {last}", first.join(", ")),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

/// A small number as a word.
pub(super) fn number(n: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// `1st`, `2nd`, `11th`.
pub(super) fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// `1 step`, `2 steps`.
pub(super) fn steps(n: u64) -> String {
    format!("{} step{}", count(n), if n == 1 { "" } else { "s" })
}

/// The name of the coordinate `k` of a surface: its variable's, or in recordings that do not say, what
/// the shipped surfaces of so many call it.
pub(super) fn coordinate(meta: &Meta, k: usize, of: usize) -> String {
    if let Some(name) = meta.variables.get(k) {
        return name.clone();
    }
    match (of, k) {
        (1, _) => "w".to_owned(),
        (2, 0) => "x".to_owned(),
        (2, _) => "y".to_owned(),
        _ => format!("coordinate {}", k + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let values = [
            2.4413,
            0.05,
            1e-4,
            2.3,
            14.203,
            39_062.9,
            1.234e-7,
            -1.0,
            0.0,
            f64::NAN,
        ];
        assert_eq!(
            values.map(value),
            [
                "2.44", "0.05", "1e-4", "2.3", "14.2", "39,063", "1.23e-7", "-1", "0", "NaN"
            ]
        );
        let ratios = [1.5, 9.94, 40.4, 4_321.0, 1e20];
        assert_eq!(ratios.map(times), ["1.5", "9.9", "40", "4,300", "1.0e20"]);
        let places = [1, 2, 3, 4, 11, 12, 13, 21, 64].map(ordinal);
        assert_eq!(
            places,
            [
                "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "64th"
            ]
        );
        assert_eq!([2, 12, 13].map(number), ["two", "twelve", "13"]);
    }

    #[test]
    fn names_are_joined() {
        let all = ["A", "B", "C", "D", "E"];
        let joined = [1, 2, 3, 5].map(|n| names(&all[..n]));
        assert_eq!(joined, ["A", "A and B", "A, B and C", "A, B and 3 more"]);
    }

    #[test]
    fn a_caption_takes_the_first_way_that_fits() {
        let at = Moment {
            step: 1_204,
            ..Moment::default()
        };
        let ways = ["l".repeat(80), "m".repeat(40), "s".repeat(200)];
        let said = caption(at, None, Kind::Lead, &ways);
        assert_eq!(said.text, format!("step 1,204: {}", ways[0]));
        assert_eq!(said.short, format!("step 1,204: {}", ways[1]));
        let cut = caption(at, None, Kind::Lead, &ways[2..]);
        assert_eq!((cut.text.len(), cut.short.len()), (LONG, SHORT));
        assert!(cut.short.ends_with("ss..."));
    }
}
