//! How numbers are written on the screen: short, and of a width that hardly changes.

pub use crate::text::{count, short};

/// A value with so many significant digits (at least 1), plain from a thousandth on: `0.04982`,
/// `1.235e-7`.
pub fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    // Formatting rounds first, so that 9.9996 has the power of 10.00.
    let scientific = format!("{value:.*e}", (digits - 1) as usize);
    let power = scientific.split_once('e').map(|(_, p)| p.parse::<i32>());
    match power {
        Some(Ok(power)) if (-3..=digits.max(4)).contains(&power) => {
            format!("{value:.*}", (digits - 1 - power).max(0) as usize)
        }
        _ => scientific,
    }
}

/// A value in at most so many cells, with at most so many significant digits; `#` where even one is
/// too much.
pub fn fitted(value: f64, digits: i32, cells: u16) -> String {
    (1..=digits)
        .rev()
        .map(|digits| significant(value, digits))
        .find(|text| text.len() <= usize::from(cells))
        .unwrap_or_else(|| "#".to_owned())
}

/// A value as it is written, or where that is too long for so many cells rounded until it fits; `#`
/// where it never does.
pub fn brief(value: f64, cells: u16) -> String {
    let rounded = |digits: i32| {
        let text = significant(value, digits);
        text.parse().map_or(text, short)
    };
    let rounded = (1..=9).rev().map(rounded);
    std::iter::once(short(value))
        .chain(rounded)
        .find(|text| text.len() <= usize::from(cells))
        .unwrap_or_else(|| "#".to_owned())
}

/// Seconds, to two digits or the tenth: `0.043 s`, `12.3 s`, `754 s`.
pub fn seconds(value: f64) -> String {
    match value {
        0.0 => "0 s".to_owned(),
        v if v < 0.0005 => "under 1 ms".to_owned(),
        v if v < 0.01 => format!("{v:.3} s"),
        v if v < 10.0 => format!("{v:.2} s"),
        v if v < 100.0 => format!("{v:.1} s"),
        v => format!("{} s", count(v as u64)),
    }
}

/// Seconds for whoever waits: `35 s`, `3 min 20 s`, `2 h 5 min`.
pub fn waiting(seconds: f64) -> String {
    match seconds.max(0.0) as u64 {
        s if s < 100 => format!("{s} s"),
        s if s < 6000 => format!("{} min {} s", s / 60, s % 60),
        s => format!("{} h {} min", count(s / 3600), s % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_rounded_and_never_cut() {
        for (value, want) in [
            (0.0464, "0.0464"),
            (0.00464, "0.00464"),
            (2.154_434_690_031_884e-4, "2.15e-4"),
            (1.2345e-5, "1.23e-5"),
            (4.64e-22, "4.6e-22"),
            (1_234_567.0, "1.235e6"),
            (0.046_415_888, "0.04642"),
            (2.154_434_69, "2.15443"),
        ] {
            assert_eq!(brief(value, 7), want);
        }
        assert_eq!(brief(1e-22, 2), "#");
    }

    #[test]
    fn values_keep_their_digits() {
        let cases = [
            (0.049_82, 4, "0.04982"),
            (2.345_678, 4, "2.346"),
            (9.999_6, 4, "10.00"),
            (39_062.953, 4, "39063"),
            (1.2346e-7, 4, "1.235e-7"),
            (-1.5e12, 3, "-1.50e12"),
            (0.0, 4, "0"),
            (f64::NAN, 4, "NaN"),
            (f64::NEG_INFINITY, 4, "-inf"),
        ];
        for (value, digits, want) in cases {
            assert_eq!(significant(value, digits), want);
        }
        let tiny = [9, 7, 6, 3].map(|cells| fitted(-1.2346e-10, 4, cells));
        assert_eq!(tiny, ["-1.23e-10", "-1e-10", "-1e-10", "#"]);
        assert_eq!(
            [short(0.05), short(20.0), short(1e-6), short(0.0)],
            ["0.05", "20", "1e-6", "0"]
        );
        assert_eq!(
            [0.0, 0.0001, 0.0431, 12.34, 7540.0].map(seconds),
            ["0 s", "under 1 ms", "0.04 s", "12.3 s", "7,540 s"]
        );
        assert_eq!(
            [0.9, 99.9, 200.0, 7500.0].map(waiting),
            ["0 s", "99 s", "3 min 20 s", "2 h 5 min"]
        );
    }
}
