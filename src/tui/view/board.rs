//! The leaderboard: who leads at the playhead, by how much, and how each racer is doing.
//!
//! What is said is decided here and nothing is drawn; [`table`] draws what of it fits.

use std::cmp::Ordering;

use crate::race::snapshot::{Outcome, Progress, Snapshot};
use crate::race::trace::Evaluation;
use crate::scenario::Pace;
use crate::tui::desk::Desk;
use crate::tui::identity::Identity;
use crate::tui::playhead::{Mark, Seen, end, measure};
use crate::tui::view::curves::is_out;
use crate::tui::view::number::{count, significant};
use crate::tui::view::strip::Strip;

pub mod columns;
pub mod rates;
mod settings;
pub mod table;

/// A sparkline's points.
const SPARKS: usize = 9;

/// A row's racer and its rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its index in the snapshot.
    pub racer: usize,
    /// Its rank from 1; equals share one (1, 1, 3).
    pub rank: usize,
}

/// The racers in their order at `mark`: those that have converged by what it counts, then the
/// others by their current loss (one that is not a number last); equals in the scenario's order.
pub fn places(snapshot: &Snapshot, mark: Mark) -> Vec<Place> {
    let key = |progress| key(mark.see(progress), mark.pace);
    let keys: Vec<_> = snapshot.racers.iter().map(key).collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|&a, &b| compare(keys[a], keys[b]));
    let rank = |i: usize| {
        let same = |&&other: &&usize| compare(keys[other], keys[order[i]]).is_eq();
        1 + i - order[..i].iter().rev().take_while(same).count()
    };
    (0..order.len())
        .map(|i| Place {
            racer: order[i],
            rank: rank(i),
        })
        .collect()
}

/// Whether the final ranks by samples are others than those by what `mark` counts, if that is the
/// iterations.
pub fn differs_by_samples(snapshot: &Snapshot, mark: Mark) -> bool {
    let end = |pace| Mark {
        pace,
        at: end(snapshot, pace),
    };
    mark.pace == Pace::Iterations
        && places(snapshot, end(Pace::Iterations)) != places(snapshot, end(Pace::Samples))
}

/// What ranks a racer: whether it is still to converge, and the count or loss that decides among
/// those.
fn key(seen: Seen<'_>, pace: Pace) -> (bool, f64) {
    match seen.convergence {
        Some(evaluation) => (false, measure(pace, evaluation.moment())),
        None if seen.latest.loss.is_finite() => (true, seen.latest.loss),
        None => (true, f64::INFINITY),
    }
}

fn compare(a: (bool, f64), b: (bool, f64)) -> Ordering {
    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
}

/// The leaderboard's content.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// A row for each racer, in the order of their places.
    pub rows: Vec<Row>,
    /// What decides among those that have converged.
    pub by: Pace,
    /// What is known of the test part.
    pub test: Option<Test>,
    /// The most iterations and samples there can be: how wide their columns must be.
    pub most: [u64; 2],
    /// About how many seconds rate strips will take that wait for somebody to ask for them.
    pub rates_wait: Option<f64>,
}

/// What is measured on the test part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// The share of examples classified rightly.
    Accuracy,
    /// The loss.
    Loss,
}

/// How a racer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// In the race.
    Running,
    /// It has met the target.
    Converged,
    /// It did not finish.
    Out,
}

/// One racer's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its index in the snapshot.
    pub racer: usize,
    /// Its rank from 1.
    pub rank: usize,
    /// Its letter and colour.
    pub identity: Identity,
    /// Its name.
    pub label: String,
    /// Its current loss.
    pub loss: f64,
    /// The norm of the gradient last used.
    pub gradient: Option<f64>,
    /// Iterations to converge, or taken so far.
    pub iterations: u64,
    /// Samples to converge, or taken so far.
    pub samples: u64,
    /// Seconds to converge, or taken so far, on its own clock.
    pub seconds: f64,
    /// How far it is behind the leader; empty for the leader.
    pub gap: String,
    /// Accuracy (0..1) or loss on the test part.
    pub test: Option<f64>,
    /// Its learning rate at this step.
    pub rate: Option<f64>,
    /// How it does at every learning rate, where that is wanted.
    pub strip: Option<Strip>,
    /// All its hyperparameters and its batch, in words.
    pub settings: String,
    /// How it stands: a word or two, the same with the step, the same with the cause.
    pub state: [String; 3],
    /// Its losses so far in eighths of the range, from the start to now.
    pub spark: Vec<u8>,
    /// How it stands.
    pub stand: Stand,
    /// Whether it is the selected one.
    pub selected: bool,
    /// Whether its lines are hidden.
    pub hidden: bool,
}

/// The rows of `places` at `mark`.
pub fn model(
    snapshot: &Snapshot,
    mark: Mark,
    places: &[Place],
    identities: &[Identity],
    desk: &Desk,
) -> Board {
    let first = snapshot.racers.first().map(|racer| &racer.latest);
    let accuracy = first.is_some_and(|first| first.test_accuracy.is_some());
    let loss = first.is_some_and(|first| first.test_loss.is_some());
    let leader = places
        .first()
        .map(|place| mark.see(&snapshot.racers[place.racer]));
    let losses = losses(snapshot, mark);
    let row = |place: &Place| {
        let progress = &snapshot.racers[place.racer];
        let entered = &snapshot.meta.racers[place.racer];
        let seen = mark.see(progress);
        let entered = entered.at(seen.latest.step);
        let counted = seen.convergence.unwrap_or(seen.latest);
        let leads = places.first() == Some(place);
        Row {
            racer: place.racer,
            rank: place.rank,
            identity: identities[place.racer],
            label: entered.label.clone(),
            loss: seen.latest.loss,
            gradient: seen.latest.gradient_norm,
            iterations: counted.step,
            samples: counted.samples,
            seconds: counted.seconds,
            gap: match leader {
                Some(leader) if !leads => gap(leader, seen, mark.pace),
                _ => String::new(),
            },
            test: if accuracy {
                seen.latest.test_accuracy
            } else {
                seen.latest.test_loss
            },
            rate: settings::rate(&entered, seen.latest.step),
            strip: None,
            settings: settings::settings(&entered),
            state: state(seen.outcome),
            spark: spark(progress, mark, losses),
            stand: match seen.convergence {
                Some(_) => Stand::Converged,
                None if is_out(seen.outcome) => Stand::Out,
                None => Stand::Running,
            },
            selected: desk.selected == Some(place.racer),
            hidden: !desk.shows(place.racer),
        }
    };
    let (limit, examples) = (snapshot.meta.limit, snapshot.meta.examples);
    Board {
        rows: places.iter().map(row).collect(),
        by: mark.pace,
        test: match (accuracy, loss) {
            (true, _) => Some(Test::Accuracy),
            (false, true) => Some(Test::Loss),
            (false, false) => None,
        },
        most: [limit, limit.saturating_mul(examples)],
        rates_wait: None,
    }
}

/// How far a racer is behind the leader: in what is counted once the leader has converged (at least
/// so far, as long as it has not itself), in the loss before.
fn gap(leader: Seen<'_>, own: Seen<'_>, pace: Pace) -> String {
    let behind = |evaluation: &Evaluation, leader: &Evaluation| {
        let [own, first] = [evaluation, leader].map(|e| measure(pace, e.moment()));
        match pace {
            Pace::Time => significant((own - first).max(0.0), 2),
            Pace::Iterations | Pace::Samples => count((own - first).max(0.0) as u64),
        }
    };
    match (leader.convergence, own.convergence) {
        _ if is_out(own.outcome) => "-".to_owned(),
        (Some(first), Some(second)) => format!("+{}", behind(second, first)),
        (Some(first), None) => format!(">{}", behind(own.latest, first)),
        (None, _) => {
            // Rows stand for a while: the first may have lost its lead by now.
            let [first, second] = [leader.latest.loss, own.latest.loss];
            if !second.is_finite() && !first.is_nan() {
                "-".to_owned()
            } else if second < first || first.is_nan() {
                String::new()
            } else if first > 0.0 {
                format!("x{}", significant(second / first, 3))
            } else {
                format!("+{}", significant(second - first, 3))
            }
        }
    }
}

/// How a racer stands: a word or two, the same with the step, the same with the cause.
fn state(outcome: Option<&Outcome>) -> [String; 3] {
    let word = match outcome {
        None => "running",
        Some(Outcome::Converged) => "converged",
        Some(Outcome::Stalled { .. }) => "stalled",
        Some(Outcome::Diverged { cause, .. }) if cause.contains("not finite") => "DNF NaN",
        Some(Outcome::Diverged { .. }) => "diverged",
        Some(Outcome::Limit { .. }) => "DNF limit",
        Some(Outcome::Error { .. }) => "DNF error",
    };
    let at = match outcome {
        Some(Outcome::Diverged { step, .. }) => format!("{word} at {}", count(*step)),
        _ => word.to_owned(),
    };
    let cause = match outcome.and_then(Outcome::cause) {
        Some(cause) => format!("{at}: {cause}"),
        None => at.clone(),
    };
    [word.to_owned(), at, cause]
}

/// The race's least loss up to `mark` and the greatest at a start.
fn losses(snapshot: &Snapshot, mark: Mark) -> [f64; 2] {
    let seen = snapshot.racers.iter().flat_map(|racer| mark.past(racer));
    let seen = seen.map(|point| point.loss).filter(|loss| loss.is_finite());
    let starts = snapshot.racers.iter();
    let starts = starts.filter_map(|racer| Some(racer.trace.points().first()?.loss));
    [
        seen.fold(f64::INFINITY, f64::min),
        starts.fold(f64::NEG_INFINITY, f64::max),
    ]
}

/// A racer's losses up to `mark`, as heights in a range, by their logarithms where they have some.
fn spark(progress: &Progress, mark: Mark, [least, greatest]: [f64; 2]) -> Vec<u8> {
    let of = |loss: f64| if least > 0.0 { loss.ln() } else { loss };
    let own = mark.past(progress);
    let sparks = SPARKS.min(own.len());
    let level = |i: usize| {
        let loss = own[(i + 1) * own.len() / sparks - 1].loss;
        let part = (of(loss) - of(least)) / (of(greatest) - of(least));
        (part.clamp(0.0, 1.0) * 7.0).round() as u8
    };
    (0..sparks).map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runner::Phase;
    use crate::scenario::Pace;
    use crate::tui::fixture::{self, evaluation, progress, race};
    use crate::tui::identity::identities;

    fn at(at: f64) -> Mark {
        Mark {
            pace: Pace::Iterations,
            at,
        }
    }

    fn ranks(snapshot: &Snapshot, mark: Mark) -> Vec<(usize, usize)> {
        let places = places(snapshot, mark);
        places
            .iter()
            .map(|place| (place.racer, place.rank))
            .collect()
    }

    #[test]
    fn ranks_are_those_at_the_playhead() {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let all_first = [(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)];
        assert_eq!(ranks(&snapshot, at(0.0)), all_first);
        let at_80 = [(4, 1), (3, 2), (0, 3), (2, 4), (1, 5)];
        assert_eq!(ranks(&snapshot, at(80.0)), at_80, "RMSProp is still second");
        let at_120 = [(4, 1), (0, 2), (2, 3), (1, 4), (3, 5)];
        assert_eq!(ranks(&snapshot, at(120.0)), at_120, "RMSProp has diverged");
        assert_eq!(ranks(&snapshot, at(2000.0)), at_120, "by iterations");
    }

    #[test]
    fn by_samples_full_batches_fall_behind() {
        let snapshot = race(2000, Phase::Computed, false).snapshot;
        let by = |pace| {
            let at = end(&snapshot, pace);
            ranks(&snapshot, Mark { pace, at })
        };
        assert_eq!(
            by(Pace::Iterations),
            [(4, 1), (3, 2), (0, 3), (2, 4), (1, 5)]
        );
        assert_eq!(by(Pace::Samples), [(4, 1), (3, 2), (2, 3), (1, 4), (0, 5)]);
        assert!(differs_by_samples(&snapshot, at(0.0)));
        let (pace, at) = (Pace::Samples, 0.0);
        assert!(
            !differs_by_samples(&snapshot, Mark { pace, at }),
            "it is by samples"
        );
    }

    #[test]
    fn gaps_are_in_losses_and_then_in_what_is_counted() {
        let snapshot = race(2000, Phase::Computed, true).snapshot;
        let gaps = |mark: Mark| -> Vec<String> {
            let places = places(&snapshot, mark);
            let identities = identities(&snapshot.meta.racers);
            let board = model(&snapshot, mark, &places, &identities, &Desk::default());
            board.rows.into_iter().map(|row| row.gap).collect()
        };
        assert_eq!(gaps(at(0.0)), ["", "x1.00", "x1.00", "x1.00", "x1.00"]);
        assert_eq!(gaps(at(120.0)), ["", ">4", ">4", ">4", "-"]);
        assert_eq!(gaps(at(300.0)), ["", "+64", "+84", "+184", "-"]);
        let (pace, at) = (Pace::Samples, 300_000.0);
        assert_eq!(
            gaps(Mark { pace, at }),
            ["", "+5,376", "+11,776", "+251,236", "-"]
        );
    }

    #[test]
    fn there_is_no_gap_to_or_from_what_is_not_a_number() {
        let gap = |first: f64, second: f64| {
            let traces = [[evaluation(0, 0, first)], [evaluation(0, 0, second)]];
            let [leader, own] = traces.map(|trace| progress(&trace, None));
            super::gap(at(0.0).see(&leader), at(0.0).see(&own), Pace::Iterations)
        };
        assert_eq!(gap(1.0, f64::NAN), "-");
        assert_eq!(gap(1.0, f64::INFINITY), "-");
        assert_eq!(gap(f64::NAN, f64::NAN), "");
        assert_eq!(gap(2.0, 3.0), "x1.50");
        assert_eq!(gap(-2.0, 3.0), "+5.00");
    }

    #[test]
    fn states_are_words_with_the_step_and_the_cause() {
        let say = |outcome: Option<Outcome>| state(outcome.as_ref()).join(" | ");
        let cause = || "a parameter is not finite".to_owned();
        let diverged = Outcome::Diverged {
            step: 1312,
            cause: cause(),
        };
        let limit = Outcome::Limit {
            cause: "2000 steps".to_owned(),
        };
        let saddle = Some("saddle".to_owned());
        let cases = [
            (None, "running | running | running"),
            (
                Some(Outcome::Converged),
                "converged | converged | converged",
            ),
            (
                Some(diverged),
                "DNF NaN | DNF NaN at 1,312 | DNF NaN at 1,312: a parameter is not finite",
            ),
            (Some(limit), "DNF limit | DNF limit | DNF limit: 2000 steps"),
            (
                Some(Outcome::Stalled { cause: saddle }),
                "stalled | stalled | stalled: saddle",
            ),
        ];
        for (outcome, want) in cases {
            assert_eq!(say(outcome), want);
        }
    }

    #[test]
    fn who_converged_is_before_a_lower_loss_and_equals_share_a_rank() {
        let run = |steps: u64, loss: f64, outcome| {
            let trace: Vec<_> = (0..=steps)
                .map(|step| evaluation(step, step, loss))
                .collect();
            progress(&trace, outcome)
        };
        let converged = Some(Outcome::Converged);
        let racers = vec![
            run(9, 0.001, None),
            run(9, 0.05, converged.clone()),
            run(9, f64::NAN, None),
            run(9, 0.04, converged),
        ];
        let state = fixture::state(&["a", "b", "c", "d"], racers, 0.05, Phase::Computed);
        let want = [(1, 1), (3, 1), (0, 3), (2, 4)];
        assert_eq!(ranks(&state.snapshot, at(9.0)), want);
    }
}
