//! The letter by which a racer is known on the chart, the board and wherever else it appears.

/// What letters are taken from when a label has none left; as many as there can be racers.
const SPARE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz+*";

/// A letter for each label, all different for up to 64: the first free one of its words' initials,
/// else of all its letters, else any. Labels with fewer words choose first, since they have fewer
/// initials: Momentum gets the M and Mini-batch GD the B. Those without any come last.
pub fn letters<'a>(labels: impl IntoIterator<Item = &'a str>) -> Vec<char> {
    let labels: Vec<&str> = labels.into_iter().collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|&i| initials(labels[i]).count().wrapping_sub(1));
    let mut letters = vec!['?'; labels.len()];
    for i in order {
        let own = labels[i].chars().filter(char::is_ascii_alphanumeric);
        let free = initials(labels[i])
            .chain(own.map(|c| c.to_ascii_uppercase()))
            .chain(SPARE.chars())
            .find(|c| !letters.contains(c));
        letters[i] = free.unwrap_or('?');
    }
    letters
}

/// The first letters of a label's words, as capitals.
fn initials(label: &str) -> impl Iterator<Item = char> {
    label
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| word.chars().next())
        .map(|c| c.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_what_one_would_expect() {
        let cases: [(&[&str], &str); 4] = [
            (
                &["GD", "Mini-batch GD", "Momentum", "RMSProp", "Adam"],
                "GBMRA",
            ),
            (&["Adam", "Adam 2", "Adam 3"], "A23"),
            (&["Adam", "adamw", "Adagrad"], "ADG"),
            (&["Ω", "", "A"], "BCA"),
        ];
        for (labels, want) in cases {
            let got: String = letters(labels.iter().copied()).iter().collect();
            assert_eq!(got, want, "{labels:?}");
        }
    }

    #[test]
    fn letters_of_64_equal_labels_differ() {
        let mut got = letters(["x"; 64]);
        got.sort_unstable();
        got.dedup();
        assert_eq!(got.len(), 64);
        assert!(!got.contains(&'?'));
    }
}
