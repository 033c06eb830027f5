//! A race in sentences, for screen readers and logs: one a line on standard output whenever
//! something happens, then the standings. No colour, no control characters, no progress.

use std::collections::HashSet;

use crate::cli::{Failure, print};
use crate::race::snapshot::Snapshot;
use crate::tui::captions::{Caption, Kind, all};

/// What has been said of a race so far: nothing is said twice, or taken back.
#[derive(Debug, Default)]
pub(super) struct Teller {
    /// All captions up to this step have been said.
    told: Option<u64>,
    /// What was said about whom; a longer trace can move what it says to a later step.
    said: HashSet<(Kind, Option<usize>)>,
    /// Who was last said to lead.
    leader: Option<usize>,
}

impl Teller {
    /// Says what has happened since the last call.
    pub fn tell(&mut self, snapshot: &Snapshot) -> Result<(), Failure> {
        self.news(snapshot)
            .into_iter()
            .try_for_each(|caption| print(&format!("{}\n", caption.text)))
    }

    /// The captions that are new and can no longer change.
    fn news(&mut self, snapshot: &Snapshot) -> Vec<Caption> {
        let edge = edge(snapshot);
        if self
            .told
            .is_some_and(|told| edge.is_none_or(|edge| edge <= told))
        {
            return Vec::new();
        }
        let (told, over) = (self.told, snapshot.finished());
        self.told = edge;
        let is_new = |caption: &Caption| {
            let step = caption.at.step;
            let in_time = edge.is_some_and(|edge| step <= edge);
            let after = told.is_none_or(|told| step > told);
            if caption.kind.is_final() {
                over
            } else {
                in_time && after && self.is_unsaid(caption)
            }
        };
        let mut captions = all(snapshot);
        captions.retain(is_new);
        captions
    }

    /// Whether nothing like it has been said; from now on it has.
    fn is_unsaid(&mut self, caption: &Caption) -> bool {
        if caption.kind == Kind::Lead {
            let before = std::mem::replace(&mut self.leader, caption.racer);
            return before != caption.racer;
        }
        self.said.insert((caption.kind, caption.racer))
    }
}

/// The last step about which everything is known: all who still race have passed it, and a stretch
/// that meets the target, and may become a convergence, begins after it. `None` if there is none.
fn edge(snapshot: &Snapshot) -> Option<u64> {
    let racing = snapshot
        .racers
        .iter()
        .filter(|racer| racer.outcome.is_none());
    let known = racing.map(|racer| match &racer.convergence {
        Some(stretch) => stretch.step.checked_sub(1),
        None => Some(racer.latest.step),
    });
    known.min().unwrap_or(Some(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::Race;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;

    /// What is said of a shipped race that is looked at after every so many steps, and its end.
    fn told(name: &str, work: u64) -> (Vec<Caption>, Snapshot) {
        let source = shipped::find(name).unwrap().source();
        let scenario = check(&source, &Options::default()).unwrap();
        let mut race = Race::new(&scenario, &crate::runner::stopwatch);
        let (mut teller, mut told) = (Teller::default(), Vec::new());
        loop {
            told.extend(teller.news(&race.snapshot()));
            if race.finished() {
                assert_eq!(teller.news(&race.snapshot()), [], "all has been said");
                return (told, race.snapshot());
            }
            race.advance(work);
        }
    }

    #[test]
    fn what_is_said_on_the_way_is_what_is_known_at_the_end() {
        for name in ["beale", "saddle", "ravine", "one-weight"] {
            for work in [1, 7, 100_000] {
                let (told, end) = told(name, work);
                assert_eq!(told, all(&end), "{name}, {work}");
            }
        }
        let (told, end) = told("digits", 10_000);
        assert_eq!(told, all(&end));
    }

    #[test]
    fn a_trace_that_was_decimated_on_the_way_takes_nothing_back() {
        let (told, _) = told("rosenbrock", 50);
        let mut said = HashSet::new();
        for pair in told.windows(2) {
            let in_order = pair[0].at.step <= pair[1].at.step || pair[1].kind.is_final();
            assert!(in_order, "{pair:?}");
        }
        for caption in told.iter().filter(|caption| caption.kind != Kind::Lead) {
            assert!(said.insert((caption.kind, caption.racer)), "{caption:?}");
        }
    }
}
