//! A race on many seeds as far as it has come, for whoever watches.

use std::sync::Arc;

use super::Seed;
use super::band::{Band, Thinned};
use crate::stats::Run;
use crate::stats::distribution::Distribution;

/// What a watcher is told of.
#[derive(Clone, Debug)]
pub enum News {
    /// Another seed is being raced.
    Begun,
    /// The first seed has come so far.
    UnderWay(Arc<Seed>),
    /// The seed of this index was raced to the end, with this.
    Done(u64, Arc<Seed>),
}

/// What has been told of a race on many seeds.
#[derive(Clone, Debug)]
pub struct SoFar {
    /// Seeds that have been begun.
    pub begun: u64,
    /// Seeds that were raced to the end.
    pub done: u64,
    racers: usize,
    /// How far the first seed has come.
    first: Option<Arc<Seed>>,
    /// What is kept of each seed.
    finished: Vec<Option<Arc<Seed>>>,
}

/// What the seeds say that were raced to the end, from the first on without a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Each racer's runs, one a seed.
    pub runs: Vec<Vec<Run>>,
    /// Each racer's median curve.
    pub bands: Vec<Option<Band>>,
    /// Each racer's iterations to the targets.
    pub distributions: Vec<Option<Distribution>>,
}

impl SoFar {
    /// Of so many seeds and racers, none of which has begun.
    pub fn new(seeds: u64, racers: usize) -> Self {
        Self {
            begun: 0,
            done: 0,
            racers,
            first: None,
            finished: vec![None; seeds as usize],
        }
    }

    /// Takes in what is told.
    pub fn take(&mut self, news: &News) {
        match news {
            News::Begun => self.begun += 1,
            News::UnderWay(first) => self.first = Some(Arc::clone(first)),
            News::Done(seed, raced) => {
                self.done += 1;
                self.finished[*seed as usize] = Some(Arc::clone(raced));
            }
        }
    }

    /// How many seeds there are to be.
    pub fn planned(&self) -> u64 {
        self.finished.len() as u64
    }

    /// Sums up the seeds before the first that is not done.
    pub fn tally(&self) -> Tally {
        let whole: Vec<&Seed> = self.finished.iter().map_while(Option::as_deref).collect();
        let racers = 0..self.racers;
        let runs = |racer: usize| whole.iter().map(|seed| seed.runs[racer]).collect();
        Tally {
            runs: racers.map(runs).collect(),
            ..self.curves(&whole)
        }
    }

    /// The same; as long as no seed is done, the curves of the first as far as it has come.
    pub fn preview(&self) -> Tally {
        let mut tally = self.tally();
        let is_first = self.finished.first().is_some_and(Option::is_none);
        if let Some(first) = self.first.as_ref().filter(|_| is_first) {
            tally = Tally {
                runs: tally.runs,
                ..self.curves(&[first])
            };
        }
        tally
    }

    fn curves(&self, seeds: &[&Seed]) -> Tally {
        let band = |racer: usize| {
            let curves = seeds.iter().filter_map(|seed| seed.curves.get(racer));
            Band::new(&curves.collect::<Vec<&Thinned>>())
        };
        let distribution = |racer: usize| {
            let hits = seeds.iter().filter_map(|seed| seed.hits.get(racer));
            Distribution::new(&hits.map(Vec::as_slice).collect::<Vec<_>>())
        };
        Tally {
            runs: vec![],
            bands: (0..self.racers).map(band).collect(),
            distributions: (0..self.racers).map(distribution).collect(),
        }
    }
}
