//! How things are timed: in turn, round after round, so that what else the machine does falls on
//! all of them alike. Ratios are taken within a round.

use std::hint::black_box;
use std::time::Instant;

/// Rounds of a measurement; medians are over these.
pub const ROUNDS: usize = 9;

/// The seconds that `work` takes.
pub fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let begin = Instant::now();
    black_box(work());
    begin.elapsed().as_secs_f64()
}

/// The middle of `figures`.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Figures of several things that were measured in turn, one list for each.
pub struct Rounds(Vec<Vec<f64>>);

impl Rounds {
    /// Measures each of `things` in each round; a first round warms up and is not counted.
    pub fn of(things: &mut [&mut dyn FnMut() -> f64]) -> Self {
        let mut figures = vec![vec![]; things.len()];
        for round in 0..=ROUNDS {
            for (thing, figures) in things.iter_mut().zip(&mut figures) {
                let figure = thing();
                if round > 0 {
                    figures.push(figure);
                }
            }
        }
        Self(figures)
    }

    /// The median of the thing of this index.
    pub fn median(&self, thing: usize) -> f64 {
        median(self.0[thing].clone())
    }

    /// The median over rounds of one thing over another.
    pub fn ratio(&self, over: usize, under: usize) -> f64 {
        let pairs = self.0[over].iter().zip(&self.0[under]);
        median(pairs.map(|(over, under)| over / under).collect())
    }
}
