//! What the table shows, as values and words.

use crate::report::EXPECTED;
use crate::report::lead::{has_p, nobody, probability, sentences};
use crate::runner::Seeded;
use crate::stats::lead::{Lead, Verdict, compare};
use crate::stats::{Summary, median_ranks};
use crate::tui::view::number::count;

/// The racers, who has the lower median first.
#[derive(Clone, Debug, PartialEq)]
pub struct Standings {
    /// One a racer.
    pub rows: Vec<Row>,
    /// What can be said of the lead, a sentence each.
    pub notes: Vec<String>,
}

/// What is known of one racer.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its index.
    pub racer: usize,
    /// Its rank from 1; none as long as nothing may be called a ranking.
    pub rank: Option<usize>,
    /// Its name.
    pub label: String,
    /// `20/20`.
    pub converged: String,
    /// The median of its iterations.
    pub median: String,
    /// Its 95 % interval.
    pub interval: String,
    /// Its expected iterations: all steps over successes.
    pub expected: String,
    /// What the leader's lead over it is worth.
    pub lead: String,
    /// Its iterations on the seeds on which it converged.
    pub iterations: Vec<u64>,
}

impl Standings {
    /// Of the seeds that count.
    pub fn new(seen: &Seeded) -> Self {
        let counted = seen.counted() as usize;
        let runs = seen.tally.runs.iter();
        let summaries: Vec<Summary> = runs.map(|runs| Summary::new(runs)).collect();
        let lead = Lead::new(&summaries.iter().collect::<Vec<_>>(), seen.nothing_varies);
        let mut order: Vec<usize> = (0..summaries.len()).collect();
        order.sort_by(|&a, &b| compare(&summaries[a], &summaries[b]));
        let labels: Vec<&str> = seen
            .meta
            .racers
            .iter()
            .map(|racer| racer.label.as_str())
            .collect();
        let any_converged = summaries.iter().any(|summary| summary.successes > 0);
        let rank = |racer: usize| {
            let ahead = |other: &&usize| compare(&summaries[**other], &summaries[racer]).is_lt();
            let may_rank = median_ranks(counted).is_some() && any_converged;
            may_rank.then(|| 1 + order.iter().filter(ahead).count())
        };
        let rows = order.iter().map(|&racer| Row {
            racer,
            rank: rank(racer),
            label: labels[racer].to_owned(),
            lead: lead
                .as_ref()
                .map_or(String::new(), |lead| worth(lead, racer)),
            ..row(&summaries[racer])
        });
        Self {
            rows: rows.collect(),
            notes: notes(counted, &summaries, lead.as_ref(), &labels),
        }
    }
}

/// What is known of a racer from its own runs.
fn row(summary: &Summary) -> Row {
    let never = |at: Option<u64>| at.map_or("never".to_owned(), count);
    let runs = summary.iterations.len();
    let known = |text: String| if runs > 0 { text } else { String::new() };
    let interval = summary.interval.map(|[low, high]| match (low, high) {
        (None, None) => "never".to_owned(),
        (low, high) => format!("{} to {}", never(low), never(high)),
    });
    let median = summary.median.map_or("never".to_owned(), |median| {
        let half = if median.fract() > 0.0 { ".5" } else { "" };
        format!("{}{half}", count(median as u64))
    });
    let time = summary.expected_running_time;
    Row {
        racer: 0,
        rank: None,
        label: String::new(),
        converged: known(format!("{}/{runs}", summary.successes)),
        median: known(median),
        interval: known(interval.unwrap_or_else(|| "-".to_owned())),
        expected: known(time.map_or("-".to_owned(), |time| count(time.round() as u64))),
        lead: String::new(),
        iterations: summary.iterations.iter().flatten().copied().collect(),
    }
}

/// What the lead over a racer is worth, in a few words.
fn worth(lead: &Lead, racer: usize) -> String {
    let Some(over) = lead.over.iter().find(|over| over.racer == racer) else {
        let leads = lead.over.iter().any(|over| over.verdict != Verdict::Equal);
        return if leads { "leads" } else { "equal" }.to_owned();
    };
    let words = match over.verdict {
        Verdict::MoreThanLuck => "behind",
        Verdict::MayBeLuck => "may be luck",
        Verdict::Behind => "no lead over it",
        Verdict::TooFewSeeds => "too few seeds",
        Verdict::Equal => "equal",
        Verdict::NothingVaries => "behind on every seed",
    };
    if has_p(over.verdict) {
        format!("{words}, {}", probability(over.corrected))
    } else {
        words.to_owned()
    }
}

fn notes(runs: usize, summaries: &[Summary], lead: Option<&Lead>, labels: &[&str]) -> Vec<String> {
    let mut notes = vec![];
    notes.extend(nobody(&summaries.iter().collect::<Vec<_>>()));
    notes.extend(lead.iter().flat_map(|lead| sentences(lead, labels)));
    if runs > 0 && median_ranks(runs).is_none() {
        notes.push("no interval and no ranking below 6 seeds".to_owned());
    }
    if summaries.iter().any(|summary| summary.successes > 0) {
        notes.push(EXPECTED.to_owned());
    }
    notes
}
