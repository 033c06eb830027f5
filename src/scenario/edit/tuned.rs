//! Rates that were found, put into a scenario's text: what was tuned changes, all else keeps its
//! comments and its layout.

use toml_edit::{Decor, DocumentMut, Item, Value};

use super::{STRANGE, document, parsed};
use crate::optim::Setting;
use crate::text::short;

/// The first line of the comment, by which an earlier one is known.
const MARK: &str = "# Tuned by `slalom tune`:";

/// The most characters of a line of the comment.
const WIDTH: usize = 110;

/// A racer's values that were found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its number in the text, from 0.
    pub racer: usize,
    /// Its learning rate.
    pub learning_rate: f64,
    /// Its other hyperparameters that were tried.
    pub others: Vec<(String, Setting)>,
}

/// `text` with what was `found`, and how, in a comment above the racers, which takes the place of an
/// earlier one.
///
/// # Errors
/// If the text has a shape that is not known here.
pub fn tuned(text: &str, found: &[Found], how: &[String]) -> Result<String, String> {
    let mut document = parsed(text)?;
    for Found {
        racer,
        learning_rate,
        others,
    } in found
    {
        let table = document::racer(&mut document, *racer).ok_or(STRANGE)?;
        let rate = document::value(&short(*learning_rate));
        // The rate of a schedule is its peak.
        match table
            .get_mut("learning_rate")
            .and_then(Item::as_table_like_mut)
        {
            Some(schedule) => document::put(schedule, "peak", rate),
            None => document::put(table, "learning_rate", rate),
        }
        for (name, setting) in others {
            match name.split_once('.') {
                Some((outer, inner)) => {
                    document::put_inside(table, outer, "peak", inner, value(setting));
                }
                None => document::put(table, name, value(setting)),
            }
        }
    }
    remark(&mut document, how).ok_or(STRANGE)?;
    Ok(document.to_string())
}

fn value(setting: &Setting) -> Value {
    match setting {
        Setting::Number(x) => document::value(&short(*x)),
        Setting::Switch(on) => (*on).into(),
        Setting::Word(word) => word.as_str().into(),
    }
}

/// Puts the comment above the racers.
fn remark(document: &mut DocumentMut, how: &[String]) -> Option<()> {
    if let Item::ArrayOfTables(tables) = document.get_mut("racer")? {
        put_above(tables.get_mut(0)?.decor_mut(), how);
    } else {
        put_above(
            document.as_table_mut().key_mut("racer")?.leaf_decor_mut(),
            how,
        );
    }
    Some(())
}

fn put_above(decor: &mut Decor, how: &[String]) {
    let before = decor.prefix().and_then(|prefix| prefix.as_str());
    let above = without(before.unwrap_or(""));
    let gap = match above.trim() {
        "" => "",
        _ if above.ends_with("\n\n") => "",
        _ => "\n",
    };
    decor.set_prefix(format!("{above}{gap}{}", comment(how)));
}

/// What stands above the racers, without an earlier comment of this kind. That goes on as long as the
/// next line begins with a word that had no room on the line before.
fn without(above: &str) -> String {
    let (mut inside, mut length) = (false, 0);
    let mut kept = |line: &&str| {
        let line = line.trim_end();
        let goes_on = line.strip_prefix('#').is_some_and(|rest| {
            let word = rest.split_whitespace().next().unwrap_or("");
            length + 1 + word.chars().count() > WIDTH
        });
        inside = line.starts_with(MARK) || inside && goes_on;
        length = line.chars().count();
        !inside
    };
    above
        .split_inclusive('\n')
        .filter(|line| kept(line))
        .collect()
}

/// The sentences as lines of a comment.
fn comment(how: &[String]) -> String {
    let (mut text, mut line) = (String::new(), MARK.to_owned());
    for word in how.iter().flat_map(|sentence| sentence.split(' ')) {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            text += &format!("{line}\n");
            line.truncate(1);
        }
        line += &format!(" {word}");
    }
    text + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(racer: usize, learning_rate: f64, others: &[(&str, Setting)]) -> Found {
        let owned = others
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        Found {
            racer,
            learning_rate,
            others: owned.collect(),
        }
    }

    fn how(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    const TEXT: &str = "a = 1 # one\n\n# Mine.\n[[racer]]\noptimizer = \"gd\"\n\
                        learning_rate = 0.1 # fast\n\n# The other.\n[[racer]]\nlearning_rate = 1\n";

    #[test]
    fn only_what_was_tuned_changes() {
        let all = [
            found(0, 0.02, &[]),
            found(
                1,
                1e-8,
                &[
                    ("beta", Setting::Number(0.5)),
                    ("on", Setting::Switch(true)),
                ],
            ),
        ];
        let text = tuned(TEXT, &all, &how("As it was.")).expect("its shape is known");
        let want = "a = 1 # one\n\n# Mine.\n\n# Tuned by `slalom tune`: As it was.\n[[racer]]\n\
                    optimizer = \"gd\"\nlearning_rate = 0.02 # fast\n\n# The other.\n[[racer]]\n\
                    learning_rate = 1e-8\nbeta = 0.5\non = true\n";
        assert_eq!(text, want);
    }

    #[test]
    fn a_second_comment_takes_the_place_of_the_first() {
        let long = how(&"many words ".repeat(30));
        let first = tuned(TEXT, &[found(0, 0.1, &[])], &long).expect("its shape is known");
        assert!(first.lines().all(|line| line.len() <= WIDTH), "{first}");
        assert!(
            first.lines().filter(|line| line.starts_with('#')).count() > 4,
            "{first}"
        );
        let second = tuned(&first, &[found(0, 0.1, &[])], &how("As it was.")).unwrap();
        let only = tuned(TEXT, &[found(0, 0.1, &[])], &how("As it was.")).unwrap();
        assert_eq!(second, only);
    }

    #[test]
    fn a_remark_below_the_comment_stays() {
        let long = how(&"many words ".repeat(30));
        let first = tuned(TEXT, &[found(0, 0.1, &[])], &long).expect("its shape is known");
        let remark = "# Mine: batches of one on purpose.\n";
        let remarked = first.replacen("[[racer]]", &format!("{remark}[[racer]]"), 1);
        let second = tuned(&remarked, &[found(0, 0.1, &[])], &how("As it was.")).unwrap();
        assert_eq!(second.matches(remark).count(), 1, "{second}");
        assert_eq!(second.matches("many words").count(), 0, "{second}");
    }

    #[test]
    fn racers_in_braces_and_peaks_of_schedules_are_found() {
        let text = "racer = [\n  { learning_rate = { peak = 1, warmup = 9, schedule = \"cosine\" } },\n]\n";
        let warmup = [("learning_rate.warmup", Setting::Number(5.0))];
        let text = tuned(text, &[found(0, 0.5, &warmup)], &how("So."));
        let want = "# Tuned by `slalom tune`: So.\nracer = [\n  { learning_rate = { peak = 0.5, \
                    warmup = 5, schedule = \"cosine\" } },\n]\n";
        let text = text.expect("its shape is known");
        assert_eq!(text, want);
        assert!(tuned("a = 1\n", &[], &how("So.")).is_err());
    }
}
