//! What a search knows of one racer so far, as the panes show it.

use crate::sweep::tune::Plan;
use crate::sweep::tune::curve::{Curve, Point};
use crate::sweep::tune::entries::shown;
use crate::sweep::tune::grid::{self, Edge, Grid};
use crate::sweep::tune::sofar::SoFar;
use crate::tui::view::strip::{self, Cell};

/// A racer, as far as its search has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Racer {
    /// What it is called.
    pub label: String,
    /// The combination of other hyperparameters that is shown: the best so far, or the first; empty
    /// where none are tried.
    pub over: String,
    /// What is known of each rate with that.
    pub cells: Vec<Cell>,
    /// Where among these the best is, if it converges.
    pub best_cell: Option<usize>,
    /// The best so far.
    pub best: Option<Best>,
    /// Each rate at which a run has ended, and the median of its iterations, `None` for never.
    pub curve: Vec<(f64, Option<f64>)>,
}

/// A racer's best rate so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// The rate.
    pub rate: f64,
    /// The median of its iterations, `None` for never.
    pub median: Option<f64>,
    /// How many of its runs converged, of how many.
    pub converged: [usize; 2],
    /// How many rates work, of how many that were tried.
    pub working: [usize; 2],
    /// Whether it lies at an end of what was tried.
    pub edge: Option<Edge>,
}

impl Racer {
    /// The racer of this number on `grid`.
    pub fn new(plan: &Plan, so_far: &SoFar, grid: Grid, racer: usize, label: &str) -> Self {
        let (mut curves, best) = so_far.curves(plan, racer);
        let entry = best.map_or(0, |best| best.curve);
        let curve = curves.swap_remove(entry);
        let parts = plan.fields[racer].parts;
        let rates: Vec<f64> = grid
            .ticks(parts)
            .map(|tick| grid::rate(tick, parts))
            .collect();
        let strip = strip::model(&rates, &so_far.places(plan, racer, entry), None);
        let at_best = best.map(|best| (&curve.points[best.point], best.edge));
        let works = at_best.filter(|(point, _)| point.runs.median.is_some());
        Self {
            label: label.to_owned(),
            over: shown(&curve.over),
            cells: strip.cells,
            best_cell: works.and_then(|(point, _)| rates.iter().position(|r| *r == point.rate)),
            best: at_best.map(|(point, edge)| Best::new(&curve, point, edge)),
            curve: known(&curve).map(|p| (p.rate, p.runs.median)).collect(),
        }
    }
}

impl Best {
    fn new(curve: &Curve, point: &Point, edge: Option<Edge>) -> Self {
        Self {
            rate: point.rate,
            median: point.runs.median,
            converged: [point.runs.successes, point.runs.iterations.len()],
            working: [
                curve.band().map_or(0, |band| band.width),
                curve.points.len(),
            ],
            edge,
        }
    }
}

/// The points of which there is something to say.
fn known(curve: &Curve) -> impl Iterator<Item = &Point> {
    curve.points.iter().filter(|point| point.known)
}
