//! One line of a rule in its parts: the name before the sign, and the words behind it.

use std::ops::Range;

use crate::problem::formula::{Fault, Word, is_name, scan};
use crate::text;

/// A line in its parts.
pub struct Assignment<'a> {
    /// Which line, from 0.
    pub line: usize,
    /// What it assigns.
    pub name: &'a str,
    /// Where that name stands in the line.
    pub span: Range<usize>,
    /// And where what is assigned to it does.
    pub right: Range<usize>,
    /// The whole line.
    pub text: &'a str,
    /// The words on the right, with their places in the line; none where they cannot be made out.
    pub words: Option<Vec<(Word<'a>, Range<usize>)>>,
}

impl<'a> Assignment<'a> {
    /// The line of this number in its parts.
    pub fn read(line: usize, text: &'a str) -> Result<Self, Fault> {
        let Some(sign) = text.find('=') else {
            let end = text.len();
            let expected = "expected a line such as `v = beta*v + g`";
            return Err(fault(end..end, "the line has no `=`", expected));
        };
        let left = text[..sign].trim_end();
        let name = left.trim_start();
        let span = left.len() - name.len()..left.len();
        if name.is_empty() {
            let expected = "expected a name before it";
            return Err(fault(sign..sign + 1, "nothing is assigned to", expected));
        }
        if !is_name(name) {
            let message = format!("`{}` cannot be assigned to", text::shorten(name, 40));
            let expected = if name.ends_with(['+', '-', '*', '/', '^']) {
                "expected one name before `=`, as in `v = v + g`"
            } else {
                "expected one name: a letter, then letters, digits and underscores"
            };
            return Err(fault(span, &message, expected));
        }
        let right = sign + 1..text.len();
        let words = scan(&text[right.clone()]).ok().map(|words| {
            let words = words.into_iter();
            words
                .map(|(word, span)| (word, span.start + right.start..span.end + right.start))
                .collect()
        });
        Ok(Self {
            line,
            name,
            span,
            right,
            text,
            words,
        })
    }

    /// The names on the right, but for those of functions, with the line and where they stand in it.
    pub fn names(&self) -> impl Iterator<Item = (usize, &'a str, Range<usize>)> {
        let words = self.words.as_deref().unwrap_or_default();
        words.windows(2).filter_map(|pair| match pair {
            [(Word::Name(name), span), (next, _)] if *next != Word::Sign('(') => {
                Some((self.line, *name, span.clone()))
            }
            _ => None,
        })
    }
}

/// That something stands where it does not belong.
pub fn fault(span: Range<usize>, message: &str, expected: &str) -> Fault {
    Fault {
        span,
        message: message.to_owned(),
        expected: expected.to_owned(),
        unknown: None,
    }
}

/// The same so many bytes farther on.
pub fn moved(fault: Fault, by: usize) -> Fault {
    Fault {
        span: fault.span.start + by..fault.span.end + by,
        ..fault
    }
}
