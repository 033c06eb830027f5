//! The modes of a race as far as they have come, for whoever watches.

use std::sync::Arc;

use super::{Kind, Mode, Modes, Plan, Stage};
use crate::scenario::Entrant;
use crate::stats::Run;
use crate::sweep::sofar::News;
use crate::sweep::tune::crew::Advance;
use crate::sweep::tune::{self, Tuning};

/// What has been told of the modes. Cheap to copy.
#[derive(Clone, Debug)]
pub struct SoFar {
    planned_seeds: u64,
    search: Arc<tune::sofar::SoFar>,
    found: Option<Arc<Tuning>>,
    races: Vec<Race>,
}

/// What has been told of the race of one mode.
#[derive(Clone, Debug)]
struct Race {
    kind: Kind,
    rates: Vec<Option<f64>>,
    /// How many seeds are done.
    done: u64,
    /// The runs of each seed that is done, racer by racer.
    finished: Vec<Option<Arc<[Run]>>>,
}

/// What all that says.
#[derive(Clone, Debug)]
pub struct Known {
    /// How far the search has come.
    pub search: Advance,
    /// What the search has found so far for each racer, if anything.
    pub best: Vec<Option<Best>>,
    /// What would have come out of it if it were stopped now; `None` while the search goes on.
    pub modes: Option<Modes>,
    /// The mode that was begun last, and how many of its seeds are done.
    pub racing: Option<(Kind, u64)>,
    /// How many seeds are done in all modes.
    pub raced: u64,
    /// How many there are to be, as far as that is known.
    pub planned: u64,
}

/// The best rate of a racer in a search that still goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Best {
    /// The rate.
    pub rate: f64,
    /// Its median on the seeds of the search so far; `None` is never.
    pub median: Option<f64>,
}

impl SoFar {
    /// Of a plan of which nothing has begun.
    pub fn new(plan: &Plan) -> Self {
        Self {
            planned_seeds: plan.seeds,
            search: Arc::default(),
            found: None,
            races: vec![],
        }
    }

    /// Takes in what is told.
    pub fn take(&mut self, stage: Stage<'_>) {
        match stage {
            Stage::Search(advance, news) => Arc::make_mut(&mut self.search).take(advance, news),
            Stage::Found(tuning) => self.found = Some(Arc::new(tuning.clone())),
            Stage::Begun(kind, rates) => self.races.push(Race {
                kind,
                rates: rates.to_vec(),
                done: 0,
                finished: vec![None; self.planned_seeds as usize],
            }),
            Stage::Race(_, _, News::Done(seed, raced)) => {
                if let Some(race) = self.races.last_mut() {
                    race.done += 1;
                    race.finished[seed as usize] = Some(raced.runs.as_slice().into());
                }
            }
            Stage::Race(..) => {}
        }
    }

    /// What is known by now of what `plan` asks for.
    pub fn known(&self, plan: &Plan) -> Known {
        let racers = 0..plan.search.fields.len();
        let modes = self.found.as_deref().map(|tuning| self.modes(tuning));
        Known {
            search: self.search.advance,
            best: racers.map(|racer| self.best(plan, racer)).collect(),
            racing: self.races.last().map(|race| (race.kind, race.done)),
            raced: self.races.iter().map(|race| race.done).sum(),
            planned: self.planned_seeds * raced_modes(plan, modes.as_ref()),
            modes,
        }
    }

    fn best(&self, plan: &Plan, racer: usize) -> Option<Best> {
        let (curves, best) = self.search.curves(&plan.search, racer);
        let best = best?;
        let point = &curves[best.curve].points[best.point];
        Some(Best {
            rate: point.rate,
            median: point.runs.median,
        })
    }

    fn modes(&self, tuning: &Tuning) -> Modes {
        let races = self.races.iter();
        let modes: Vec<Mode> = races.filter_map(Race::mode).collect();
        let is_whole = |mode: &Mode| mode.seeds() == self.planned_seeds;
        let stopped =
            tuning.stopped || modes.len() < self.races.len() || !modes.iter().all(is_whole);
        Modes::new(tuning.clone(), self.planned_seeds, modes, stopped)
    }
}

/// How many modes there are in which somebody has a rate, as far as that is known.
fn raced_modes(plan: &Plan, modes: Option<&Modes>) -> u64 {
    let mut racers = plan
        .search
        .fields
        .iter()
        .map(|field| &field.entries[0].racer);
    let has_default = |racer: &Entrant| racer.optimizer.default_rate(&racer.settings).is_some();
    let is_raced = |kind: &Kind| match kind {
        Kind::Tuned => {
            modes.is_none_or(|modes| modes.tuning.racers.iter().any(|racer| racer.best.is_some()))
        }
        Kind::Default => racers.any(has_default),
        Kind::Same => modes.is_none_or(|modes| modes.same.is_some()),
    };
    Kind::ALL.iter().copied().filter(is_raced).count() as u64
}

impl Race {
    /// What it has come to on the seeds before the first that is not done, if any is.
    fn mode(&self) -> Option<Mode> {
        let whole: Vec<&[Run]> = self.finished.iter().map_while(Option::as_deref).collect();
        let racers = whole.first()?.len();
        let runs = |racer: usize| whole.iter().map(|seed| seed[racer]).collect();
        let runs: Vec<Vec<Run>> = (0..racers).map(runs).collect();
        Some(Mode::new(self.kind, &self.rates, &runs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::modes::tests::{plan, run_one};

    /// What is told of the modes of the slope on three seeds, and what is known after each piece.
    fn told() -> (Vec<Known>, Modes) {
        let (scenario, plan) = plan();
        let told = std::sync::Mutex::new((SoFar::new(&plan), vec![]));
        let modes = run_one(&scenario, &plan, &|stage| {
            let mut told = told.lock().expect("nobody panics");
            told.0.take(stage);
            let known = told.0.known(&plan);
            told.1.push(known);
            false
        });
        (told.into_inner().expect("nobody panicked").1, modes)
    }

    #[test]
    fn at_the_end_it_says_what_came_out() {
        let (known, modes) = told();
        let last = known.last().expect("something was told");
        let so_far = last.modes.as_ref().expect("the search is over");
        assert_eq!(so_far.modes, modes.modes);
        assert_eq!(so_far.orders, modes.orders);
        assert_eq!((so_far.same, so_far.stopped), (modes.same, false));
        assert_eq!((last.raced, last.planned), (9, 9));
        assert_eq!(last.search.done, modes.tuning.runs);
        for (best, tuned) in last.best.iter().zip(&modes.tuning.racers) {
            let point = tuned
                .at_best()
                .map(|(_, point)| (point.rate, point.runs.median));
            assert_eq!(best.map(|best| (best.rate, best.median)), point);
        }
    }

    #[test]
    fn on_the_way_each_mode_counts_its_own_seeds() {
        let (known, _) = told();
        let searching = known.iter().take_while(|known| known.modes.is_none());
        let searched: Vec<u64> = searching.map(|known| known.search.done).collect();
        assert!(
            searched.is_sorted() && searched.first() == Some(&0),
            "{searched:?}"
        );
        let mut seen: Vec<(Kind, u64, u64)> = vec![];
        for known in known.iter().filter(|known| known.racing.is_some()) {
            let (kind, done) = known.racing.expect("it was filtered");
            let modes = known.modes.as_ref().expect("the search is over");
            let counted: u64 = modes.modes.iter().map(Mode::seeds).sum();
            assert_eq!(
                counted, known.raced,
                "on one thread no seed overtakes another"
            );
            assert_eq!(modes.stopped, done < 3, "what is cut short is that of now");
            if seen.last() != Some(&(kind, done, counted)) {
                seen.push((kind, done, counted));
            }
        }
        let want = Kind::ALL.into_iter().zip([0, 3, 6]);
        let want =
            want.flat_map(|(kind, before)| (0..=3).map(move |done| (kind, done, before + done)));
        assert_eq!(seen, want.collect::<Vec<_>>());
    }

    /// A seed that overtakes counts only when those before it are done.
    #[test]
    fn seeds_count_from_the_first_without_a_gap() {
        let (_, plan) = plan();
        let mut so_far = SoFar::new(&plan);
        let seed = |steps: u64| {
            Arc::new(crate::sweep::Seed {
                runs: vec![Run {
                    iterations: Some(steps),
                    steps,
                }],
                curves: vec![],
                hits: vec![],
            })
        };
        so_far.take(Stage::Begun(Kind::Tuned, &[Some(0.1), None]));
        so_far.take(Stage::Race(Kind::Tuned, 1, News::Done(1, seed(20))));
        assert_eq!(so_far.races[0].mode(), None);
        so_far.take(Stage::Race(Kind::Tuned, 2, News::Done(0, seed(10))));
        let mode = so_far.races[0].mode().expect("two seeds are done");
        let placed = mode.racers[0].as_ref().expect("it has a rate");
        assert_eq!(
            (placed.rate, placed.runs.iterations.as_slice()),
            (0.1, &[Some(10), Some(20)][..])
        );
        assert_eq!(
            (mode.racers[1].as_ref(), so_far.known(&plan).raced),
            (None, 2)
        );
    }
}
