//! Mistakes of a scenario, each with its place, and the report of all of them.
//!
//! Only wording and layout live here; what a mistake is, `check` decides.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::text;

/// So many mistakes are shown; the rest is counted.
const SHOWN: usize = 50;

/// Where something stands: a stretch of bytes of the file, or of a flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// 0 for the file, otherwise the number of the flag, from 1.
    pub origin: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is; what has no place is at the beginning of the file.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What would be right; it stands beside the caret.
    pub expected: String,
    /// The nearest valid name, if any is near.
    pub nearest: Option<String>,
    /// Whether something is not there, rather than wrong.
    pub missing: bool,
}

impl Mistake {
    /// Something wrong at `place`.
    pub fn new(place: Place, message: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            place,
            message: message.into(),
            expected: expected.into(),
            nearest: None,
            missing: false,
        }
    }

    /// Something that is not there, and should be somewhere in what `place` opens.
    pub fn missing(place: Place, message: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            missing: true,
            ..Self::new(place, message, expected)
        }
    }

    /// The same with the name that was probably meant, which is one of `names`.
    #[must_use]
    pub fn near<'a>(self, word: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            nearest: text::nearest(word, names),
            ..self
        }
    }
}

/// All mistakes of one scenario. `Display` renders every one as `file:line:column: message`, the
/// line with a caret, what was expected, and the nearest valid name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    file: String,
    text: String,
    flags: Vec<String>,
    mistakes: Vec<Mistake>,
}

impl Report {
    /// A report on the file called `file` with `text`, and on `flags` such as `--set seed=1`, which
    /// places refer to. The mistakes are put in the order of their places, the file's before those
    /// of the flags.
    pub fn new(file: &str, text: &str, flags: Vec<String>, mut mistakes: Vec<Mistake>) -> Self {
        mistakes.sort_by_key(|mistake| mistake.place);
        Self {
            file: text::clean(file),
            text: text.to_owned(),
            flags,
            mistakes,
        }
    }

    /// A file of more than the allowed size, which nobody has read.
    pub fn too_large(file: &str) -> Self {
        let expected = format!("expected at most {} bytes", super::check::LARGEST);
        let mistake = Mistake::new(Place::default(), "the scenario is too large", expected);
        Self::new(file, "", vec![], vec![mistake])
    }

    /// A file whose bytes are not text; the mistake is at the first such byte.
    pub fn not_utf8(file: &str, bytes: &[u8]) -> Self {
        let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let place = Place {
            origin: 0,
            start: valid.len(),
            end: valid.len(),
        };
        let mistake = Mistake::new(place, "the scenario is not UTF-8", "expected text in UTF-8");
        Self::new(file, valid, vec![], vec![mistake])
    }

    /// All mistakes, in the order of their places.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    fn show(&self, mistake: &Mistake, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = mistake.place;
        let (text, numbered) = match place.origin {
            0 => (&self.text, true),
            flag => (&self.flags[flag - 1], false),
        };
        let line = Line::around(text, place);
        if numbered {
            let (row, column) = (line.row, line.column);
            writeln!(f, "{}:{row}:{column}: {}", self.file, mistake.message)?;
        } else {
            writeln!(f, "{}: {}", text::shorten(text, 120), mistake.message)?;
        }
        let snippet = Snippet::source(line.text)
            .line_start(line.row)
            .line_numbering(numbered)
            .annotation(
                AnnotationKind::Primary
                    .span(line.from..line.to)
                    .label(&mistake.expected),
            );
        let mut group = Group::with_level(Level::ERROR).element(snippet);
        if let Some(name) = &mistake.nearest {
            let name = text::shorten(name, 60);
            group = group.element(Level::HELP.message(format!("did you mean `{name}`?")));
        }
        writeln!(f, "{}", Renderer::plain().render(&[group]))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.mistakes.iter().take(SHOWN).enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            self.show(mistake, f)?;
        }
        match self.mistakes.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "\n... and {more} more"),
        }
    }
}

impl std::error::Error for Report {}

/// The line of a text that a place begins in, safe to show.
struct Line {
    /// Its number, from 1.
    row: usize,
    /// In which character of it the place begins, from 1.
    column: usize,
    /// What is shown of it: a window, if it is long.
    text: String,
    /// The place in `text`, in bytes.
    from: usize,
    to: usize,
}

impl Line {
    fn around(text: &str, place: Place) -> Self {
        let start = text.floor_char_boundary(place.start);
        let begin = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[start..]
            .find('\n')
            .map_or(text.len(), |newline| start + newline);
        let stop = place.end.clamp(start, end);

        let left = begin.max(text.floor_char_boundary(start.saturating_sub(200)));
        let right = end.min(text.floor_char_boundary(start.saturating_add(400)));
        let mut shown = String::from(if left > begin { "..." } else { "" });
        let (mut from, mut to) = (None, None);
        for (i, c) in text[left..right].char_indices() {
            if left + i >= start {
                from.get_or_insert(shown.len());
            }
            if left + i >= stop {
                to.get_or_insert(shown.len());
            }
            // A stand-in keeps the columns as they are.
            shown.push(match c {
                '\t' => ' ',
                c if text::is_unsafe(c) => char::REPLACEMENT_CHARACTER,
                c => c,
            });
        }
        Self {
            row: 1 + text[..begin].matches('\n').count(),
            column: 1 + text[begin..start].chars().count(),
            from: from.unwrap_or(shown.len()),
            to: to.unwrap_or(shown.len()),
            text: shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(text: &str, start: usize, end: usize) -> String {
        let place = Place {
            origin: 0,
            start,
            end,
        };
        let mistake = Mistake::new(place, "message", "expected this").near("adm", ["adam"]);
        Report::new("a.toml", text, vec![], vec![mistake]).to_string()
    }

    #[test]
    fn a_mistake_has_line_column_caret_and_help() {
        let shown = report("x = 1\ny = \"adm\"\n", 10, 15);
        let want = "\
a.toml:2:5: message
  |
2 | y = \"adm\"
  |     ^^^^^ expected this
  |
  = help: did you mean `adam`?
";
        assert_eq!(shown, want);
    }

    #[test]
    fn hostile_and_endless_lines_are_shown_safely_and_in_part() {
        let text = format!("x = \"\u{1b}[31m\u{202e}{}\"", "y".repeat(1 << 20));
        let shown = report(&text, 4, text.len());
        assert!(shown.len() < 2000, "{}", shown.len());
        assert!(!shown.chars().any(|c| c != '\n' && text::is_unsafe(c)));
        let shown = report(&text, text.len(), text.len());
        assert!(shown.starts_with("a.toml:1:"), "{shown}");
    }

    #[test]
    fn bytes_that_are_not_text_have_a_place() {
        let shown = Report::not_utf8("b.toml", b"a = 1\nb = \xff\n").to_string();
        assert!(shown.starts_with("b.toml:2:5: "), "{shown}");
    }

    #[test]
    fn only_the_first_mistakes_are_shown() {
        let mistake = Mistake::new(Place::default(), "message", "expected this");
        let report = Report::new("c.toml", "", vec![], vec![mistake; 60]).to_string();
        assert_eq!(report.matches("c.toml:1:1: message").count(), 50);
        assert!(report.ends_with("\n... and 10 more\n"));
    }
}
