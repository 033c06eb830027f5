//! Text from outside, made safe to show. Names, paths and titles pass here where they enter, so
//! that no file can speak to the terminal. Nothing is measured or laid out here.

/// `text` without what could move the cursor, change a terminal's state, or reorder and hide
/// letters: control characters (C0, DEL, C1), bidirectional and zero-width marks. Line breaks and
/// tabs become spaces; the ends are trimmed.
pub fn clean(text: &str) -> String {
    let safe: String = text
        .chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if is_unsafe(c) => None,
            c => Some(c),
        })
        .collect();
    safe.trim().to_owned()
}

/// The cleaned `text`, cut to at most `most` characters; what is cut ends in `...`.
pub fn shorten(text: &str, most: usize) -> String {
    // Cleaning first would walk through the whole of a cell of megabytes.
    let start: String = text.chars().take(4 * most).collect();
    let start = clean(&start);
    if start.chars().count() <= most {
        return start;
    }
    start
        .chars()
        .take(most.saturating_sub(3))
        .chain("...".chars())
        .collect()
}

/// A whole number with its thousands apart: `1,437`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A value as short as it can be said: `0.05`, `20`, `1e-6`.
pub fn short(value: f64) -> String {
    if value != 0.0 && !(1e-3..1e5).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// Which of `names` somebody who wrote `word` can have meant, if any is near.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // Distances to a word of megabytes would take minutes, and nothing is near it.
    if word.len() > 200 {
        return None;
    }
    let word = word.to_lowercase();
    names
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&word, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= 1 + word.len().min(name.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name.to_owned())
}

/// Whether a terminal could obey `c`, or an eye could miss it: marks, and what only changes the
/// character before it, of whose width terminals then have different ideas.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0000}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1437, "1,437"),
            (1_000_000_000, "1,000,000,000"),
        ];
        for (value, want) in cases {
            assert_eq!(count(value), want);
        }
    }

    #[test]
    fn nothing_that_commands_a_terminal_is_left() {
        let hostile =
            " \u{1b}]0;title\u{7}red\u{9b}31m\u{202e}tfel\u{200b}\u{feff}\r\nnext\tcell\u{7f} ";
        assert_eq!(clean(hostile), "]0;titlered31mtfel  next cell");
        assert_eq!(clean("Größe ≤ 3 µm, 東京"), "Größe ≤ 3 µm, 東京");
        assert_eq!(
            clean("\u{1f44d}\u{1f3fd} \u{2764}\u{fe0f}"),
            "\u{1f44d} \u{2764}"
        );
    }

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["momentum", "rmsprop", "adam", "gd"];
        let near = |word| nearest(word, names);
        assert_eq!(near("Adm").as_deref(), Some("adam"));
        assert_eq!(near("momentun").as_deref(), Some("momentum"));
        assert_eq!(near("lion"), None);
        assert_eq!(near(&"a".repeat(1 << 20)), None);
    }

    #[test]
    fn long_text_is_cut_with_dots() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "abc...");
        assert_eq!(shorten(&"x".repeat(1 << 20), 6), "xxx...");
    }
}
