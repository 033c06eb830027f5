//! Whether the leader's lead is more than luck, in sentences and as an object. A verdict never stands
//! without its numbers.

use serde_json::{Value, json};

use super::Results;
use super::csv::number;
use crate::stats::Summary;
use crate::stats::lead::{LEVEL, Lead, Over, Verdict, enough};

/// The test, as it is called in documents.
pub(super) const TEST: &str = "Wilcoxon signed-rank";

/// The most racers that a sentence names.
const NAMED: usize = 8;

/// What can be said of the results, as [`sentences`].
pub(super) fn notes(results: &Results) -> Vec<String> {
    let labels: Vec<&str> = results
        .racers
        .iter()
        .map(|row| row.label.as_str())
        .collect();
    let seeds = results.racers.iter().filter_map(|row| row.seeds.as_ref());
    let nobody = nobody(&seeds.collect::<Vec<_>>());
    let lead = results.lead.as_ref();
    let lead = lead.map_or(vec![], |lead| sentences(lead, &labels));
    nobody.into_iter().chain(lead).collect()
}

/// What there is to say where nobody converged on any seed.
pub fn nobody(racers: &[&Summary]) -> Option<String> {
    let runs = racers.first()?.iterations.len();
    let nobody = runs > 0 && racers.iter().all(|racer| racer.successes == 0);
    let seeds = match runs {
        1 => "on the one seed so far".to_owned(),
        n => format!("on any of {n} seeds"),
    };
    nobody.then(|| format!("nobody converged {seeds}: nothing to rank"))
}

/// What can be said of a lead among racers of these names, one sentence a verdict: `Adam leads SGD
/// (p = 0.0021): more than luck`; then by which test.
pub fn sentences(lead: &Lead, labels: &[&str]) -> Vec<String> {
    let verdicts = [
        Verdict::MoreThanLuck,
        Verdict::MayBeLuck,
        Verdict::Behind,
        Verdict::TooFewSeeds,
        Verdict::Equal,
        Verdict::NothingVaries,
    ];
    let mut notes: Vec<String> = verdicts
        .into_iter()
        .filter_map(|verdict| sentence(lead, labels, verdict))
        .collect();
    if lead.over.iter().any(|over| has_p(over.verdict)) {
        let (runs, pairs) = (lead.runs, lead.pairs);
        let pairs = match pairs {
            1 => String::new(),
            pairs => format!(", by Holm's correction for {pairs} pairs"),
        };
        notes.push(format!(
            "p: {TEST} over {runs} paired seeds, two-sided{pairs}"
        ));
    }
    notes
}

/// The sentence on all others of one verdict, if there are any.
fn sentence(lead: &Lead, labels: &[&str], verdict: Verdict) -> Option<String> {
    let name = |over: &Over| {
        let label = labels[over.racer];
        if has_p(verdict) {
            format!("{label} ({})", probability(over.corrected))
        } else {
            label.to_owned()
        }
    };
    let others = lead.over.iter().filter(|over| over.verdict == verdict);
    let others = list(others.map(name).collect())?;
    let leader = labels[lead.leader];
    let (runs, enough) = (lead.runs, enough(lead.pairs));
    Some(match verdict {
        Verdict::MoreThanLuck => format!("{leader} leads {others}: more than luck"),
        Verdict::MayBeLuck => format!("{leader} leads {others}: may be luck"),
        Verdict::Behind => {
            format!("{leader} leads {others} by the median, but is behind seed by seed: no lead")
        }
        Verdict::TooFewSeeds => format!(
            "{leader} leads {others}: too few seeds to tell it from luck, {enough} or more can"
        ),
        Verdict::Equal => format!("{leader} and {others} are equal on all {runs} seeds"),
        Verdict::NothingVaries => {
            format!("{leader} leads {others}: no luck in it, the seed changes nothing")
        }
    })
}

/// Whether the verdict comes from a probability.
pub fn has_p(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::MoreThanLuck | Verdict::MayBeLuck | Verdict::Behind
    )
}

/// `A, B and C`, the rest as a number; `None` for nobody.
fn list(mut names: Vec<String>) -> Option<String> {
    let more = names.len().saturating_sub(NAMED);
    if more > 0 {
        names.truncate(NAMED);
        names.push(format!("{more} more"));
    }
    let last = names.pop()?;
    Some(match names.as_slice() {
        [] => last,
        names => format!("{} and {last}", names.join(", ")),
    })
}

/// `p = 0.021`, to two digits or more.
pub fn probability(p: f64) -> String {
    match p {
        p if p < 1e-4 => "p < 0.0001".to_owned(),
        p if p < 0.01 => format!("p = {p:.4}"),
        p if p < 0.1 => format!("p = {p:.3}"),
        p => format!("p = {p:.2}"),
    }
}

/// The member `lead`; null where nobody leads.
pub(super) fn json(results: &Results) -> Value {
    let Some(lead) = &results.lead else {
        return Value::Null;
    };
    let over = |over: &Over| {
        json!({
            "label": results.racers[over.racer].label,
            "differ": over.differ,
            "p": over.p,
            "p_corrected": over.corrected,
            "verdict": word(over.verdict),
        })
    };
    json!({
        "leader": results.racers[lead.leader].label,
        "test": TEST,
        "correction": "Holm",
        "level": LEVEL,
        "pairs": lead.pairs,
        "runs": lead.runs,
        "over": lead.over.iter().map(over).collect::<Vec<_>>(),
    })
}

/// The cells of the racer with this index: the verdict on the lead over it, or `leader`, and the
/// corrected probability.
pub(super) fn cells(results: &Results, racer: usize) -> [String; 2] {
    let Some(lead) = &results.lead else {
        return [String::new(), String::new()];
    };
    match lead.over.iter().find(|over| over.racer == racer) {
        Some(over) => [word(over.verdict).to_owned(), number(Some(over.corrected))],
        None => ["leader".to_owned(), String::new()],
    }
}

pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::MoreThanLuck => "more_than_luck",
        Verdict::MayBeLuck => "may_be_luck",
        Verdict::Behind => "behind",
        Verdict::TooFewSeeds => "too_few_seeds",
        Verdict::Equal => "equal",
        Verdict::NothingVaries => "nothing_varies",
    }
}
