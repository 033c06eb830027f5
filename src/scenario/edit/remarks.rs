//! What a scenario's file cannot say of a race, as comments in it.

use super::field;
use crate::scenario::{Fork, Scenario};
use crate::text::count;

/// Who went over to what, and when; nothing where nobody did.
pub fn of(race: &Scenario) -> String {
    let mut text = String::new();
    for racer in &race.racers {
        for pair in racer.legs().windows(2) {
            let step = count(pair[1].after);
            let changes = changes(&pair[0], &pair[1]).join(", ");
            text += &format!(
                "# After step {step} {} went on with {changes}.\n",
                racer.label
            );
        }
    }
    if text.is_empty() {
        return text;
    }
    format!(
        "# Written from a race that was forked on the screen. A file knows no forks: raced from\n\
         # here, everybody is from the start what it was in the end.\n{text}\n"
    )
}

/// What a racer goes over to, part by part, with what it was before.
fn changes(from: &Fork, to: &Fork) -> Vec<String> {
    let before = parts(from);
    let said = parts(to).into_iter().filter_map(|(name, value)| {
        match before.iter().find(|(known, _)| *known == name) {
            Some((_, was)) if *was == value => None,
            Some((_, was)) => Some(format!("{name} {value} (was {was})")),
            None => Some(format!("{name} {value}")),
        }
    });
    said.collect()
}

/// What a racer is on a leg, as in the file.
fn parts(leg: &Fork) -> Vec<(String, String)> {
    let name = |name: &str| name.to_owned();
    let [rate, around] = leg.regime.settings(leg.learning_rate);
    let shown = |(name, value)| (name, field::shown(&value));
    let mut parts = vec![(name("optimizer"), leg.optimizer.id().to_owned())];
    parts.extend(rate.into_iter().map(shown));
    parts.extend((!leg.optimizer.full_batch()).then(|| (name("batch"), field::batch(leg.batch))));
    let settings = leg.settings.0.iter();
    parts.extend(settings.map(|(own, value)| (name(own), field::shown(value))));
    parts.extend(around.into_iter().map(shown));
    parts
}
