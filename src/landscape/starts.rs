//! The start map: where one racer ends up from each of many starts, and how many iterations that
//! takes. Every start is raced by the very lane that the race itself would run, so that each of the
//! numbers is that of a real race; limits in seconds alone are left out, since they are no property
//! of a start.
//!
//! Starts are raced coarse to fine, in a fixed order; what is found never depends on it, nor on the
//! threads. No clock, thread handle or terminal is known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ndarray::Array2;
use rayon::prelude::*;

use crate::race;
use crate::race::lane::Lane;
use crate::race::snapshot::Outcome;
use crate::scenario::{Scenario, SurfaceTask, Task};

use super::bounds::Bounds;

#[cfg(test)]
mod tests;

/// The first starts lie so many cells apart; then half as many, and so on down to 1.
const COARSEST: usize = 16;

/// After so many steps a trial looks whether it is still wanted.
const PATIENCE: u64 = 4096;

/// Which starts are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The racer, by its index in the scenario.
    pub racer: usize,
    /// Low and high of both variables.
    pub bounds: Bounds,
    /// Columns and rows of cells, each with a start in its middle.
    pub shape: [usize; 2],
}

impl Question {
    /// The start in the middle of a cell, given by its column and its row; row 0 is at the low end.
    pub fn place(&self, cell: [usize; 2]) -> [f64; 2] {
        std::array::from_fn(|axis| {
            let [low, high] = self.bounds[axis];
            low + (high - low) * (cell[axis] as f64 + 0.5) / self.shape[axis] as f64
        })
    }

    /// The cell that a place lies in, if it is in any.
    fn cell(&self, place: [f64; 2]) -> Option<[usize; 2]> {
        let along = |axis: usize| {
            let ([low, high], count) = (self.bounds[axis], self.shape[axis]);
            let at = (place[axis] - low) / (high - low) * count as f64;
            (0.0..count as f64).contains(&at).then_some(at as usize)
        };
        Some([along(0)?, along(1)?])
    }

    /// All cells, coarse to fine.
    fn order(&self) -> Vec<[usize; 2]> {
        let [columns, rows] = self.shape;
        let mut order = Vec::with_capacity(columns * rows);
        let mut apart = COARSEST;
        while apart > 0 {
            let is_new = |[column, row]: &[usize; 2]| {
                let coarser = 2 * apart;
                apart == COARSEST || column % coarser != 0 || row % coarser != 0
            };
            let row = |row| (0..columns).step_by(apart).map(move |column| [column, row]);
            order.extend((0..rows).step_by(apart).flat_map(row).filter(is_new));
            apart /= 2;
        }
        order
    }
}

/// How a trial has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It has met the target, nearest to the surface's known minimum of this number.
    Minimum(u8),
    /// It has met the target of a surface that has no known minimum.
    Target,
    /// It has reached the limit on its way.
    Limit,
    /// It has reached the limit where there was no slope any more.
    Stalled,
    /// Its numbers have left all bounds, or its rule broke down.
    Diverged,
}

impl End {
    /// Whether the target was met.
    pub fn is_finish(self) -> bool {
        matches!(self, Self::Minimum(_) | Self::Target)
    }
}

/// What came of one start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// How it has ended.
    pub end: End,
    /// Iterations to converge; where the target was not met, the steps taken.
    pub iterations: u64,
}

/// A racer of a scenario, to be sent off from anywhere on its surface.
#[derive(Clone, Debug)]
pub struct Trials {
    scenario: Scenario,
    task: SurfaceTask,
}

impl Trials {
    /// Trials of the racers of `scenario`; none where it is not about a surface of two variables.
    pub fn new(scenario: &Scenario) -> Option<Self> {
        match &scenario.task {
            Task::Surface(task) if task.start.len() == 2 => Some(Self {
                scenario: scenario.clone(),
                task: task.clone(),
            }),
            _ => None,
        }
    }

    /// Races the racer of this number from `start`; none if there is no such racer, or `stop` was
    /// set meanwhile.
    pub fn race(&self, racer: usize, start: [f64; 2], stop: &AtomicBool) -> Option<Cell> {
        let entrant = self.scenario.racers.get(racer)?;
        let (start, clock) = (start.to_vec(), race::untimed());
        let mut lane = race::surface_lane(&self.scenario, &self.task, entrant, start, clock);
        while lane.progress().outcome.is_none() {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            lane.advance(PATIENCE);
        }
        let progress = lane.progress();
        let end = match progress.outcome.as_ref()? {
            Outcome::Converged => self.nearest(&progress.latest.position),
            Outcome::Limit { .. } => End::Limit,
            Outcome::Stalled { .. } => End::Stalled,
            Outcome::Diverged { .. } | Outcome::Error { .. } => End::Diverged,
        };
        let converged = progress.convergence.as_ref().map(|at| at.step);
        Some(Cell {
            end,
            iterations: converged.unwrap_or(progress.steps),
        })
    }

    /// The known minimum next to `position`.
    fn nearest(&self, position: &[f64]) -> End {
        let distance = |minimum: &[f64]| {
            let parts = minimum.iter().zip(position);
            parts.map(|(m, p)| (m - p) * (m - p)).sum::<f64>()
        };
        let minima = (0..).zip(self.task.function.minima());
        let nearest = minima.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        nearest.map_or(End::Target, |(number, _)| End::Minimum(number))
    }
}

/// What has been found so far.
#[derive(Clone, Debug)]
pub struct Starts {
    /// What was asked.
    pub question: Question,
    order: Arc<[[usize; 2]]>,
    /// So many of the order are done.
    done: usize,
    /// Shape (rows, columns), row 0 at the low end.
    cells: Array2<Option<Cell>>,
}

impl Starts {
    /// Nothing yet.
    pub fn new(question: Question) -> Self {
        let [columns, rows] = question.shape;
        Self {
            order: question.order().into(),
            done: 0,
            cells: Array2::default((rows, columns)),
            question,
        }
    }

    /// How many starts have been raced.
    pub fn done(&self) -> usize {
        self.done
    }

    /// How many there are in all.
    pub fn all(&self) -> usize {
        self.order.len()
    }

    /// Whether all have been raced.
    pub fn is_full(&self) -> bool {
        self.done == self.all()
    }

    /// Races the next `count` starts on the rayon pool this is called in. Nothing changes if there is
    /// no such racer, or `stop` was set meanwhile.
    pub fn go_on(&mut self, trials: &Trials, count: usize, stop: &AtomicBool) {
        let next = &self.order[self.done..self.all().min(self.done + count)];
        let race = |cell: &[usize; 2]| {
            let start = self.question.place(*cell);
            trials.race(self.question.racer, start, stop)
        };
        // Some starts take a hundred times as long as others.
        let found: Option<Vec<Cell>> = next.par_iter().with_max_len(4).map(race).collect();
        let Some(found) = found else {
            return;
        };
        for (&[column, row], &cell) in next.iter().zip(&found) {
            self.cells[(row, column)] = Some(cell);
        }
        self.done += found.len();
    }

    /// What came of the start at `place`; where that one has not been raced yet, of the next coarser
    /// one.
    pub fn at(&self, place: [f64; 2]) -> Option<Cell> {
        let [column, row] = self.question.cell(place)?;
        let mut apart = 1;
        while apart <= COARSEST {
            let known = self.cells[(row - row % apart, column - column % apart)];
            if known.is_some() {
                return known;
            }
            apart *= 2;
        }
        None
    }

    /// What came of the first `count` starts, which lie evenly over the whole, or of those that have
    /// been raced.
    pub fn first(&self, count: usize) -> impl Iterator<Item = Cell> {
        let first = self.order[..self.done.min(count)].iter();
        first.filter_map(|&[column, row]| self.cells[(row, column)])
    }

    /// All that is known.
    pub fn known(&self) -> impl Iterator<Item = Cell> {
        self.cells.iter().copied().flatten()
    }
}
