//! A race walked once more, to look into an optimizer at any step of any racer.
//!
//! A racer depends on nothing but the scenario, so the same [`course`](super::course) brings it to
//! the same place bit for bit: what is found inside is what was there. Steps are walked from the
//! nearest checkpoint before; checkpoints take at most 64 MiB in all. Nothing is known here of who
//! looks, or of threads.

use std::sync::Arc;

use crate::optim::Build;
use crate::problem::Problem;
use crate::race::course::Course;
use crate::race::finish::Rules;
use crate::race::{network, slope, start};
use crate::scenario::{Entrant, ModelTask, Precision, Scenario, Task};

mod checkpoints;
mod look;
mod walker;

pub use look::{BETAS, Clipping, Coordinate, Look, Past, Spread};
use walker::{Walk, Walker};

/// The bytes that all checkpoints of a race may take.
const MEMORY: usize = 64 << 20;

/// What is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// The racer, by its index in the scenario.
    pub racer: usize,
    /// How many steps it has taken: the last of them is looked at.
    pub step: u64,
    /// The parameter whose past is looked at; none for the one with the largest gradient.
    pub coordinate: Option<usize>,
    /// How many steps of its past.
    pub window: u64,
}

/// All racers of a scenario, each wherever it was last looked at.
pub struct Retrace {
    walkers: Vec<Box<dyn Walk>>,
}

impl Retrace {
    /// The racers of `scenario` at their start.
    pub fn new(scenario: &Scenario) -> Self {
        let walkers = match &scenario.task {
            Task::Surface(task) => {
                let names = task.function.variables();
                let names: Arc<[String]> = names.into_iter().map(str::to_owned).collect();
                let walker = |racer: &Entrant| -> Box<dyn Walk> {
                    let slope: Arc<dyn Problem<f64>> =
                        Arc::new(slope(scenario, task, start(task, racer)));
                    walker(slope, true, scenario, racer, Arc::clone(&names))
                };
                scenario.racers.iter().map(walker).collect()
            }
            Task::Model(task) => match task.precision {
                Precision::F32 => on_network::<f32>(scenario, task),
                Precision::F64 => on_network::<f64>(scenario, task),
            },
        };
        Self { walkers }
    }

    /// Goes to where `glance` says and looks. Asks `go` before each step, with the steps taken,
    /// whether to go on; `None` if not. The next look goes on from there.
    ///
    /// # Panics
    /// If there is no such racer or parameter.
    pub fn look(&mut self, glance: Glance, go: &mut dyn FnMut(u64) -> bool) -> Option<Look> {
        self.walkers[glance.racer].look(glance, go)
    }
}

fn on_network<F: Build>(scenario: &Scenario, task: &ModelTask) -> Vec<Box<dyn Walk>> {
    let problem = network::<F>(scenario, task);
    let walker = |racer| walker(Arc::clone(&problem), false, scenario, racer, Arc::new([]));
    scenario.racers.iter().map(walker).collect()
}

fn walker<F: Build>(
    problem: Arc<dyn Problem<F>>,
    surface: bool,
    scenario: &Scenario,
    racer: &Entrant,
    names: Arc<[String]>,
) -> Box<dyn Walk> {
    let rules = Rules::new(scenario, racer);
    let course = Course::new(problem, surface, racer, rules, scenario.seed);
    let memory = MEMORY / scenario.racers.len();
    Box::new(Walker::new(course, racer, names, memory))
}

#[cfg(test)]
mod tests;
