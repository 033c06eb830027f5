//! The loss, wherever it is asked for: of a surface exactly, of a model over a fixed sample of its
//! training part. The racers' own problem is left alone: this one is small.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use ndarray::Array1;
use rayon::prelude::*;

use super::Sample;
use super::grid::COARSE;
use crate::math::Real;
use crate::problem::dataset::{Split, Unread};
use crate::problem::mlp::Mlp;
use crate::problem::plane::Plane;
use crate::problem::surface::Slope;
use crate::problem::{Part, Problem, Work};
use crate::scenario::{ModelTask, Precision, SurfaceTask};

/// At most so many examples are in a sample, fewer where a grid would take more than so many
/// multiply-adds, but not below the third number.
const MOST: usize = 256;
const MULTIPLY_ADDS: usize = 2_000_000_000;
const FEWEST: usize = 32;

/// Places whose losses one thread computes before another may take over.
const PLACES: usize = 8;

/// A loss over parameter space.
pub struct Relief {
    slope: Slopes,
    /// How many of the examples it is over; none on surfaces.
    pub examples: Option<Sample>,
}

/// In the precision that racers compute in.
enum Slopes {
    Single(Box<dyn Problem<f32>>),
    Double(Box<dyn Problem<f64>>),
}

impl Relief {
    /// The surface itself.
    pub fn of_surface(task: &SurfaceTask) -> Self {
        let slope = Slope::new(task.function.clone(), task.start.clone(), 0.0, 1, 0);
        Self {
            slope: Slopes::Double(Box::new(slope)),
            examples: None,
        }
    }

    /// The model, of so many parameters, over a sample of what racers with this seed learn from.
    /// `None` once `stop` is set.
    ///
    /// # Errors
    /// If the examples cannot be read.
    pub fn of_model(
        task: &ModelTask,
        parameters: usize,
        seed: u64,
        stop: &AtomicBool,
    ) -> Result<Option<Self>, Unread> {
        let affordable = MULTIPLY_ADDS / (COARSE[0] * COARSE[1] * parameters.max(1));
        let most = affordable.clamp(FEWEST, MOST);
        let data = &task.data;
        let sample = data.train_sample(task.test, task.scale, seed, most, stop)?;
        let Some(train) = sample else {
            return Ok(None);
        };
        let examples = Sample {
            used: train.x.nrows(),
            of: data.train_rows(task.test),
        };
        let split = Split { train, test: None };
        let slope = match task.precision {
            Precision::F32 => Slopes::Single(Box::new(Mlp::new(&task.model, &split, seed))),
            Precision::F64 => Slopes::Double(Box::new(Mlp::new(&task.model, &split, seed))),
        };
        Ok(Some(Self {
            slope,
            examples: Some(examples),
        }))
    }

    /// The losses at these places of `plane`, in order, computed on the rayon pool this is called
    /// in. `None` once `stop` is set.
    pub fn losses(
        &self,
        plane: &Plane,
        places: &[[f64; 2]],
        stop: &AtomicBool,
    ) -> Option<Vec<f64>> {
        // A place on a surface costs less than handing it to another thread.
        let batch = match self.examples {
            Some(_) => PLACES,
            None => places.len().max(1),
        };
        match &self.slope {
            Slopes::Single(problem) => losses(&**problem, plane, places, batch, stop),
            Slopes::Double(problem) => losses(&**problem, plane, places, batch, stop),
        }
    }

    /// [`Relief::losses`] that nobody stops.
    pub fn losses_now(&self, plane: &Plane, places: &[[f64; 2]]) -> Vec<f64> {
        let losses = self.losses(plane, places, &AtomicBool::new(false));
        losses.expect("nobody stops it")
    }
}

fn losses<F: Real>(
    problem: &dyn Problem<F>,
    plane: &Plane,
    places: &[[f64; 2]],
    batch: usize,
    stop: &AtomicBool,
) -> Option<Vec<f64>> {
    let mut losses = vec![f64::NAN; places.len()];
    let compute = |work: &mut Work<F>, (losses, places): (&mut [f64], &[[f64; 2]])| {
        for (loss, &place) in losses.iter_mut().zip(places) {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let w: Array1<F> = plane.point(place);
            let score = problem.evaluate(w.view(), Part::Train, work);
            *loss = score.map_or(f64::NAN, |score| score.loss);
        }
    };
    if batch >= places.len() {
        compute(&mut problem.work(), (&mut losses, places));
    } else {
        let batches = losses.par_chunks_mut(batch).zip(places.par_chunks(batch));
        batches.for_each_init(|| problem.work(), compute);
    }
    (!stop.load(Ordering::Relaxed)).then_some(losses)
}

impl fmt::Debug for Relief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relief({:?})", self.examples)
    }
}
