//! The map of a race: a plane through parameter space, the loss on it, and where racers are on it.
//!
//! Surfaces, and models of one or two parameters, are mapped along these and exactly; other models
//! along the principal plane of the racers' trails, on a coarse grid over a fixed sample of the
//! examples. It reads snapshots and never changes a race. No clock, thread handle or terminal is
//! known here; when maps are made is decided elsewhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::math::Real;
use crate::problem::dataset::Unread;
use crate::problem::plane::Plane;
use crate::race::Race;
use crate::race::snapshot::Snapshot;
use crate::scenario::{ModelTask, Scenario, SurfaceTask, Task};

mod bounds;
pub mod contour;
mod grid;
mod map;
mod relief;
pub mod starts;
#[cfg(test)]
mod tests;
mod track;
mod way;

pub use map::{Basis, Map, Sample};
pub use way::Way;

use bounds::Bounds;
use grid::Grid;
use relief::Relief;
use track::Track;

/// What a race is run on, ready to be mapped.
pub struct Landscape {
    task: Task,
    seed: u64,
    parameters: usize,
    /// Made for the first map, since scaling a large dataset takes its time.
    relief: OnceLock<Result<Arc<Relief>, Unread>>,
}

impl Landscape {
    /// The landscape of `scenario`; none where it wants no map.
    pub fn new(scenario: &Scenario) -> Option<Self> {
        let parameters = match &scenario.task {
            Task::Surface(task) => task.start.len(),
            Task::Model(task) => {
                let inputs = task.data.features.ncols();
                task.model.parameters(inputs, &task.data.target)
            }
        };
        scenario.show.map.then(|| Self {
            task: scenario.task.clone(),
            seed: scenario.seed,
            parameters,
            relief: OnceLock::new(),
        })
    }

    /// The landscape of `race`, which is run on `scenario` and has not begun; it will keep trails
    /// from now on.
    ///
    /// # Errors
    /// Why there is no map; `None` where the scenario wants none.
    pub fn of_race(scenario: &Scenario, race: &mut Race) -> Result<Self, Option<String>> {
        let landscape = Self::new(scenario).ok_or(None)?;
        race.keep_trails()?;
        Ok(landscape)
    }

    /// Whether its map is the same from the start of a race to its end.
    pub fn is_fixed(&self) -> bool {
        match &self.task {
            Task::Surface(task) => self.is_exact() && bounds::usual(task).is_some(),
            Task::Model(_) => false,
        }
    }

    /// The map of the race as far as `snapshot` has come, computed on the rayon pool this is called
    /// in. `None` if there is nothing to map yet, or `stop` was set meanwhile, or the examples cannot
    /// be read.
    pub fn map(&self, snapshot: &Snapshot, stop: &AtomicBool) -> Option<Map> {
        // A recording's scenario and its positions need not belong together.
        if snapshot.meta.parameters != self.parameters {
            return None;
        }
        let relief = self.relief(stop)?;
        let (plane, bounds) = match &self.task {
            Task::Surface(task) => {
                let tracks = track::positions(snapshot);
                match bounds::usual(task).filter(|_| self.is_exact()) {
                    Some(usual) => {
                        let starts = tracks.iter().filter_map(|track| track.first());
                        let starts = starts.map(|start| plane_of(task).project(start.at));
                        (plane_of(task), bounds::with(usual, starts))
                    }
                    None => self.around(&tracks, stop)?,
                }
            }
            Task::Model(_) => self.around(&track::waypoints(snapshot), stop)?,
        };
        let grid = if self.is_exact() {
            None
        } else {
            Some(Grid::coarse(&relief, &plane, bounds, stop)?)
        };
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        Some(Map {
            basis: match plane.explained() {
                Some(explained) => Basis::Principal { explained },
                None => Basis::Parameters,
            },
            minima: self.minima(&plane),
            axes: self.axes(),
            steps: snapshot.racers.iter().map(|r| r.steps).max().unwrap_or(0),
            examples: relief.examples,
            plane: Arc::new(plane),
            bounds,
            relief,
            grid,
        })
    }

    /// Why the examples could not be read, if they were to be.
    pub fn unread(&self) -> Option<&Unread> {
        self.relief.get()?.as_ref().err()
    }

    /// Whether the axes of its map are the parameters.
    fn is_exact(&self) -> bool {
        self.parameters <= 2
    }

    fn relief(&self, stop: &AtomicBool) -> Option<Arc<Relief>> {
        if let Some(relief) = self.relief.get() {
            return relief.as_ref().ok().cloned();
        }
        let relief = match &self.task {
            Task::Surface(task) => Ok(Relief::of_surface(task)),
            Task::Model(task) => {
                Relief::of_model(task, self.parameters, self.seed, stop).transpose()?
            }
        };
        let relief = self.relief.get_or_init(|| relief.map(Arc::new));
        relief.as_ref().ok().cloned()
    }

    /// A plane and bounds that hold what the racers have been through.
    fn around<F: Real>(
        &self,
        tracks: &[Track<&[F]>],
        stop: &AtomicBool,
    ) -> Option<(Plane, Bounds)> {
        let plane = if self.is_exact() {
            Plane::parameters(self.parameters)
        } else {
            let chosen = track::within_reach(
                &track::thinned(tracks, track::points_for(self.parameters)),
                track::distance,
            );
            let points: Vec<&[F]> = chosen.iter().flatten().map(|point| point.at).collect();
            Plane::principal(&points, stop)?
        };
        let places = track::within_reach(&track::projected(tracks, &plane), |a, b| {
            track::distance(&a, &b)
        });
        let places = places.iter().flatten().map(|point| point.at);
        let bounds = bounds::around(places, &plane)?;
        Some((plane, bounds))
    }

    fn minima(&self, plane: &Plane) -> Vec<[f64; 2]> {
        match &self.task {
            Task::Surface(task) => {
                let minima = task.function.minima().iter();
                minima.map(|minimum| plane.project(minimum)).collect()
            }
            Task::Model(_) => vec![],
        }
    }

    /// What stands at the axes; nothing at the second of a line.
    fn axes(&self) -> [String; 2] {
        let names = match (&self.task, self.parameters) {
            (Task::Surface(task), 1 | 2) => {
                let variables = task.function.variables();
                [variables[0], variables.get(1).copied().unwrap_or("")]
            }
            (Task::Model(_), 1) => ["w", ""],
            (Task::Model(ModelTask { model, .. }), 2) if model.bias => ["W", "b"],
            (Task::Model(_), 2) => ["w1", "w2"],
            _ => ["1st principal direction", "2nd principal direction"],
        };
        names.map(str::to_owned)
    }
}

fn plane_of(task: &SurfaceTask) -> Plane {
    Plane::parameters(task.start.len())
}
