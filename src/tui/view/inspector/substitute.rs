//! Numbers in the place of names.

/// `formula` with the value of each name in its place, where it has one. Names of `numbers` may be
/// formulas themselves: `(1 - beta)` is replaced as a whole, without its brackets but for those of a
/// function.
pub fn substitute(
    formula: &str,
    numbers: &[(String, f64)],
    value: &dyn Fn(&str) -> Option<String>,
) -> String {
    let mut text = String::new();
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let inner = rest.strip_prefix('(');
        let whole = inner.and_then(|inner| {
            let mut names = numbers.iter().map(|(name, _)| name.as_str());
            names.find(|name| inner.strip_prefix(name).is_some_and(|r| r.starts_with(')')))
        });
        let name = whole.unwrap_or_else(|| word(rest));
        let length = name.len() + if whole.is_some() { 2 } else { 0 };
        let after = &rest[length..];
        match value(name).filter(|_| length > 0) {
            Some(number) if whole.is_some() && text.ends_with(char::is_alphabetic) => {
                text += &format!("({number})");
            }
            Some(number) => text += &bracketed(&number, &text, after),
            None if length > 0 => text += &rest[..length],
            None => text.push(first),
        }
        rest = if length > 0 {
            after
        } else {
            &rest[first.len_utf8()..]
        };
    }
    text
}

/// The name at the start of `text`, empty if there is none.
fn word(text: &str) -> &str {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return "";
    }
    let end = text.find(|c: char| !inside(c)).unwrap_or(text.len());
    &text[..end]
}

/// A negative number in brackets, where its sign would stand beside another or under a power.
fn bracketed(number: &str, before: &str, after: &str) -> String {
    let sign = before.trim_end().ends_with(['-', '+']);
    if number.starts_with('-') && (sign || after.starts_with('^')) {
        format!("({number})")
    } else {
        number.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_numbers_and_formulas_stay_formulas() {
        let numbers = [
            ("beta".to_owned(), 0.9),
            ("1 - beta".to_owned(), 0.1),
            ("1 - beta^t".to_owned(), 0.271),
        ];
        let value = |name: &str| match name {
            "g" => Some("-2".to_owned()),
            "w" => Some("5".to_owned()),
            name => {
                let known = numbers.iter().find(|known| known.0 == name);
                known.map(|known| known.1.to_string())
            }
        };
        let table = [
            ("beta * w + (1 - beta) * g", "0.9 * 5 + 0.1 * -2"),
            ("w - g", "5 - (-2)"),
            ("w + g^2", "5 + (-2)^2"),
            (
                "g / (sqrt(w / (1 - beta^t)) + eps)",
                "-2 / (sqrt(5 / 0.271) + eps)",
            ),
            ("sqrt(1 - beta^t) / (1 - beta)", "sqrt(0.271) / 0.1"),
            ("beta_1 + 1e-8", "beta_1 + 1e-8"),
            ("", ""),
        ];
        for (formula, want) in table {
            assert_eq!(substitute(formula, &numbers, &value), want);
        }
    }
}
