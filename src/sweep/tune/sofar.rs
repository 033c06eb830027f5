//! A search as far as it has come: what each racer's rates say so far, for whoever watches.

use std::collections::BTreeMap;

use super::Plan;
use super::crew::{Advance, Key, News};
use super::curve::{Best, Curve, Point, Trial, best};
use super::grid::{self, Grid};

/// What has been told of a search.
#[derive(Clone, Debug, Default)]
pub struct SoFar {
    /// How many runs there are to make, and how many are made.
    pub advance: Advance,
    tried: BTreeMap<Key, Tried>,
}

/// What has been told of the runs of one racer at one rate.
#[derive(Clone, Debug, Default)]
struct Tried {
    /// Those under way.
    flying: u32,
    /// What has come out of those on each seed.
    trials: BTreeMap<usize, Trial>,
}

/// A rate that is tried, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The rate, and what is known of it.
    pub point: Point,
    /// Whether a run at it is under way.
    pub flying: bool,
}

impl SoFar {
    /// Takes in what a crew tells.
    pub fn take(&mut self, advance: &Advance, news: News) {
        self.advance = *advance;
        match news {
            News::Planned => {}
            News::Begun(key) => self.tried.entry(key).or_default().flying += 1,
            News::Done(key, seed, trial) => {
                let tried = self.tried.entry(key).or_default();
                tried.flying -= 1;
                tried.trials.insert(seed, trial);
            }
        }
    }

    /// Takes in that the crew was stopped: no run is under way.
    pub fn rest(&mut self) {
        for tried in self.tried.values_mut() {
            tried.flying = 0;
        }
    }

    /// What is known of the rates of a racer with one of its combinations, in ascending order; those
    /// that nobody has begun are left out.
    pub fn places(&self, plan: &Plan, racer: usize, entry: usize) -> Vec<Place> {
        let key = |tick| Key { racer, entry, tick };
        let parts = plan.fields[racer].parts;
        let own = self.tried.range(key(i32::MIN)..=key(i32::MAX));
        let place = |(key, tried): (&Key, &Tried)| {
            let trials: Vec<Trial> = tried.trials.values().copied().collect();
            Place {
                point: Point::new(grid::rate(key.tick, parts), &trials, trials.len()),
                flying: tried.flying > 0,
            }
        };
        own.map(place).collect()
    }

    /// The rates of `plan` that are tried as far as that is known: the first grid, by as many decades
    /// wider as runs have been begun in.
    pub fn grid(&self, plan: &Plan) -> Grid {
        let third = |key: &Key| key.tick.div_euclid(i32::from(plan.fields[key.racer].parts));
        let thirds = || self.tried.keys().map(third);
        let (Some(low), Some(high)) = (thirds().min(), thirds().max()) else {
            return Grid::FIRST;
        };
        Grid::FIRST.reaching(low).reaching(high)
    }

    /// All steps of all runs that are done.
    pub fn steps(&self) -> u64 {
        let trials = self.tried.values().flat_map(|tried| tried.trials.values());
        trials.map(|trial| trial.run.steps).sum()
    }

    /// A racer's curves so far, one a combination, and the best of them.
    pub fn curves(&self, plan: &Plan, racer: usize) -> (Vec<Curve>, Option<Best>) {
        let entries = plan.fields[racer].entries.iter().enumerate();
        let curve = |(entry, tried): (usize, &super::entries::Entry)| Curve {
            over: tried.over.clone(),
            points: self
                .places(plan, racer, entry)
                .into_iter()
                .map(|place| place.point)
                .filter(|point| !point.runs.iterations.is_empty())
                .collect(),
        };
        let curves: Vec<Curve> = entries.map(curve).collect();
        let best = best(&curves);
        (curves, best)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::race::untimed;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;
    use crate::sweep::tune::{Plan, entries, run};

    #[test]
    fn at_the_end_it_says_what_the_search_says() {
        let source = shipped::find("beale").expect("it ships").source();
        let options = Options {
            set: vec!["finish.steps=200".to_owned()],
            only: vec!["adam".to_owned(), "gd".to_owned()],
            ..Options::default()
        };
        let scenario = check(&source, &options).expect("it is valid");
        let over = [entries::Over::parse("beta1=0.5,0.9").expect("it is well formed")];
        let fields = entries::fields(&scenario, &source, &options, &over).expect("Adam has it");
        for halving in [false, true] {
            let plan = Plan::new(&scenario, fields.clone(), 2, halving).expect("it is small");
            let told = Mutex::new(SoFar::default());
            let watch = |advance: &Advance, news| {
                let mut told = told.lock().expect("nobody panics");
                told.take(advance, news);
            };
            let tuning = run(&scenario, &plan, &untimed, &AtomicBool::new(false), &watch);
            let told = told.into_inner().expect("nobody panicked");
            assert_eq!(told.advance.done, told.advance.planned);
            for (racer, tuned) in tuning.racers.iter().enumerate() {
                let places = told.places(&plan, racer, 0);
                assert!(places.iter().all(|place| !place.flying));
                let (curves, best) = told.curves(&plan, racer);
                assert_eq!(best, tuned.best, "{halving}");
                assert_eq!(curves, tuned.curves, "{halving}");
            }
            assert_eq!(
                (told.grid(&plan), told.steps()),
                (tuning.grid, tuning.steps)
            );
        }
    }
}
