//! The slope of one seed, made ready once, on which any number of racers can be put.

use std::sync::Arc;

use crate::optim::Build;
use crate::problem::Problem;
use crate::race::finish::Rules;
use crate::race::lane::{Lane, Racer};
use crate::race::{Stopwatch, network, start, surface_lane};
use crate::scenario::{Entrant, Precision, Scenario, SurfaceTask, Task};

/// What all racers of a scenario share.
pub struct Ground {
    scenario: Scenario,
    slope: Slope,
}

/// A surface, or a model with its data, split and scaled, and its first parameters.
enum Slope {
    Surface(SurfaceTask),
    Single(Arc<dyn Problem<f32>>),
    Double(Arc<dyn Problem<f64>>),
}

impl Ground {
    /// The ground of `scenario` on its seed.
    pub fn new(scenario: &Scenario) -> Self {
        let slope = match &scenario.task {
            Task::Surface(task) => Slope::Surface(task.clone()),
            Task::Model(task) => match task.precision {
                Precision::F32 => Slope::Single(network(scenario, task)),
                Precision::F64 => Slope::Double(network(scenario, task)),
            },
        };
        Self {
            scenario: scenario.clone(),
            slope,
        }
    }

    /// The number of parameters.
    pub fn parameters(&self) -> usize {
        match &self.slope {
            Slope::Surface(task) => task.start.len(),
            Slope::Single(problem) => problem.dim(),
            Slope::Double(problem) => problem.dim(),
        }
    }

    /// `racer` at its start, evaluated there. It need not be one of the scenario's.
    pub fn lane(&self, racer: &Entrant, clock: Box<dyn Stopwatch>) -> Box<dyn Lane> {
        match &self.slope {
            Slope::Surface(task) => {
                let start = start(task, racer);
                Box::new(surface_lane(&self.scenario, task, racer, start, clock))
            }
            Slope::Single(problem) => self.model_lane(problem, racer, clock),
            Slope::Double(problem) => self.model_lane(problem, racer, clock),
        }
    }

    fn model_lane<F: Build>(
        &self,
        problem: &Arc<dyn Problem<F>>,
        racer: &Entrant,
        clock: Box<dyn Stopwatch>,
    ) -> Box<dyn Lane> {
        let (rules, seed) = (Rules::new(&self.scenario, racer), self.scenario.seed);
        let problem = Arc::clone(problem);
        Box::new(Racer::new(problem, false, racer, rules, seed, clock))
    }
}
