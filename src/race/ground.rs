//! The slope of one seed, made ready once, on which any number of racers can be put.

use std::sync::Arc;

use crate::optim::Build;
use crate::race::finish::Rules;
use crate::race::footing::Footing;
use crate::race::lane::{Lane, Racer};
use crate::race::{Stopwatch, network, start, surface_lane};
use crate::scenario::{Entrant, ModelTask, Precision, Scenario, SurfaceTask, Task};

/// What all racers of a scenario share.
pub struct Ground {
    scenario: Scenario,
    slope: Slope,
}

/// A surface, or a model with its data, split and scaled, and its first parameters.
enum Slope {
    Surface(SurfaceTask),
    Single(Arc<Footing<f32>>),
    Double(Arc<Footing<f64>>),
}

impl Ground {
    /// The ground of `scenario` on its seed.
    pub fn new(scenario: &Scenario) -> Self {
        let slope = match &scenario.task {
            Task::Surface(task) => Slope::Surface(task.clone()),
            Task::Model(task) => match task.precision {
                Precision::F32 => Slope::Single(footing(scenario, task)),
                Precision::F64 => Slope::Double(footing(scenario, task)),
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
            Slope::Single(footing) => footing.problem.dim(),
            Slope::Double(footing) => footing.problem.dim(),
        }
    }

    /// `racer` at its start, evaluated there. It need not be one of the scenario's.
    pub fn lane(&self, racer: &Entrant, clock: Box<dyn Stopwatch>) -> Box<dyn Lane> {
        match &self.slope {
            Slope::Surface(task) => {
                let start = start(task, racer);
                Box::new(surface_lane(&self.scenario, task, racer, start, clock))
            }
            Slope::Single(footing) => self.model_lane(footing, racer, clock),
            Slope::Double(footing) => self.model_lane(footing, racer, clock),
        }
    }

    fn model_lane<F: Build>(
        &self,
        footing: &Arc<Footing<F>>,
        racer: &Entrant,
        clock: Box<dyn Stopwatch>,
    ) -> Box<dyn Lane> {
        let (rules, seed) = (Rules::new(&self.scenario, racer), self.scenario.seed);
        let footing = Arc::clone(footing);
        Box::new(Racer::new(footing, racer, rules, seed, clock))
    }
}

fn footing<F: Build>(scenario: &Scenario, task: &ModelTask) -> Arc<Footing<F>> {
    Arc::new(Footing::new(network(scenario, task), false))
}
