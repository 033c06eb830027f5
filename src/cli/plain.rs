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
