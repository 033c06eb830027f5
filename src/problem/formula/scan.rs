//! A formula's text as words: numbers, names and signs, each with its place. No word has a meaning
//! here.

use std::ops::Range;

use super::Fault;
use crate::text::is_unsafe;

/// A word of a formula.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Word<'a> {
    /// A number, at least 0 and finite.
    Number(f64),
    /// A name: a letter, then letters, digits and underscores.
    Name(&'a str),
    /// One of `+ - * / ^ ( ) ,`.
    Sign(char),
    /// The end of the text.
    End,
}

/// Whether `text` is a name: a letter, then letters, digits and underscores.
pub fn is_name(text: &str) -> bool {
    let part = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
    text.starts_with(char::is_alphabetic) && text.chars().all(part)
}

/// The words of `text` with the bytes that each takes; the last is the end.
///
/// # Errors
/// At the first character or number that is none of a formula.
pub fn scan(text: &str) -> Result<Vec<(Word<'_>, Range<usize>)>, Fault> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '0'..='9' | '.' => {
                let length = number(rest);
                words.push((Word::Number(read(rest, at, length)?), at..at + length));
                length
            }
            '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' => {
                words.push((Word::Sign(first), at..at + 1));
                1
            }
            _ if first.is_alphabetic() || first == '_' => {
                let part = |c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '_';
                let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
                words.push((Word::Name(&rest[..length]), at..at + length));
                length
            }
            _ => return Err(stray(first, at)),
        };
        at += length;
    }
    words.push((Word::End, at..at));
    Ok(words)
}

/// The bytes of the number that `text` begins with: digits, a point, digits, an exponent.
fn number(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = &text[from..];
        from + rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len())
    };
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        // Without digits the `e` is a name of its own.
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

fn read(text: &str, at: usize, length: usize) -> Result<f64, Fault> {
    let shown = &text[..length];
    let number = shown.parse::<f64>().ok().filter(|x| x.is_finite());
    number.ok_or_else(|| Fault {
        span: at..at + length,
        message: format!("`{shown}` is not a number"),
        expected: "expected a number such as 2, 0.5 or 1e-3, below 1.8e308".to_owned(),
        unknown: None,
    })
}

fn stray(character: char, at: usize) -> Fault {
    let expected = match character {
        '=' => "expected an expression: the value is what it comes to",
        '[' | ']' | '{' | '}' => "expected round brackets",
        '×' | '·' => "expected `*` for a product",
        '÷' => "expected `/` for a quotient",
        '−' | '–' => "expected the sign `-`",
        '²' | '³' => "expected `^` for a power, as in x^2",
        _ => "expected numbers, names, + - * / ^ and round brackets",
    };
    let shown = if character.is_control() {
        "a control character".to_owned()
    } else if is_unsafe(character) {
        format!("the invisible U+{:04X}", u32::from(character))
    } else {
        format!("`{character}`")
    };
    Fault {
        span: at..at + character.len_utf8(),
        message: format!("{shown} has no meaning in a formula"),
        expected: expected.to_owned(),
        unknown: None,
    }
}
