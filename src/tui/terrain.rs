//! The map as the screen holds it between frames: the racers' ways over it, and its ground for the
//! size that is shown. To compute either anew for each frame would take longer than a frame may.

use std::sync::Arc;

use ndarray::Array2;

use crate::landscape::{Map, Way};
use crate::runner::{Mapped, State};
use crate::tui::desk::Desk;
use crate::tui::glyphs::Glyphs;
use crate::tui::view::map::{self, Bounds, ground};
use crate::tui::view::relief::{SIDE, Shape};

/// What is kept of the map.
#[derive(Debug, Default)]
pub struct Terrain {
    /// The racers' ways, in the scenario's order.
    pub ways: Vec<Way>,
    /// The ground that was last asked for.
    ground: Option<Ground>,
    /// Its shape, if the relief was asked for.
    solid: Option<Solid>,
}

/// The shape of a map's ground within some bounds.
#[derive(Debug)]
pub struct Solid {
    map: Arc<Map>,
    /// Low and high of each axis.
    pub bounds: Bounds,
    /// Heights and light.
    pub shape: Shape,
}

/// The ground of a map within some bounds, for a plot of some size.
#[derive(Debug)]
pub struct Ground {
    map: Arc<Map>,
    cells: [u16; 2],
    /// Low and high of each axis.
    pub bounds: Bounds,
    /// The band of each dot, shape (rows, columns); of a map of one parameter empty.
    pub bands: Array2<Option<u8>>,
    /// The losses over one parameter, one a column of dots; of a map of two empty.
    pub losses: Vec<f64>,
}

impl Terrain {
    /// Brings the ways to where the racers of `state` are.
    pub fn follow(&mut self, state: &State) {
        if let Mapped::Drawn(map) = &state.map {
            self.ways
                .resize_with(state.snapshot.racers.len(), Way::default);
            for (racer, way) in state.snapshot.racers.iter().zip(&mut self.ways) {
                map.extend_way(racer, way);
            }
        }
    }

    /// How far the middle of all ways lies from that of the map, in parts of what is shown; none if
    /// there is no map.
    pub fn middle(&self) -> Option<[f64; 2]> {
        let ground = self.ground.as_ref()?;
        let places = self.ways.iter().flat_map(|way| &way.points);
        let mut ends = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
        for (_, at) in places {
            for (end, at) in ends.iter_mut().zip(at) {
                *end = [end[0].min(*at), end[1].max(*at)];
            }
        }
        let moved = |i: usize| {
            let [low, high] = ground.bounds[i];
            let middle = ends[i][0].midpoint(ends[i][1]);
            ((middle - low) / (high - low) - 0.5).clamp(-0.5, 0.5)
        };
        Some([moved(0), moved(1)]).filter(|moved| moved.iter().all(|m| m.is_finite()))
    }

    /// Has the ground ready for a plot of so many cells.
    pub fn prepare(&mut self, state: &State, desk: &Desk, glyphs: Glyphs, cells: [u16; 2]) {
        let Mapped::Drawn(map) = &state.map else {
            return;
        };
        let alike = state.snapshot.meta.surface && !map.is_line();
        let bounds = map::bounds(map.bounds, &desk.map, alike, cells);
        let known = self.ground.as_ref().is_some_and(|ground| {
            Arc::ptr_eq(&ground.map, map) && (ground.cells, ground.bounds) == (cells, bounds)
        });
        if known {
            return;
        }
        let [across, down] = glyphs.dots();
        let shape = [usize::from(cells[0]) * across, usize::from(cells[1]) * down];
        let losses = map.ground(bounds, shape);
        self.ground = Some(Ground {
            map: Arc::clone(map),
            cells,
            bounds,
            bands: if map.is_line() {
                Array2::default((0, 0))
            } else {
                ground::bands(&losses)
            },
            losses: if map.is_line() {
                losses.into_iter().collect()
            } else {
                Vec::new()
            },
        });
    }

    /// Has the shape of the ground ready.
    pub fn prepare_shape(&mut self, state: &State, desk: &Desk) {
        let Mapped::Drawn(map) = &state.map else {
            return;
        };
        let bounds = map::bounds(map.bounds, &desk.map, false, [2, 1]);
        let known = self
            .solid
            .as_ref()
            .is_some_and(|solid| Arc::ptr_eq(&solid.map, map) && solid.bounds == bounds);
        if !known && !map.is_line() {
            self.solid = Some(Solid {
                map: Arc::clone(map),
                bounds,
                shape: Shape::new(&map.ground(bounds, [SIDE, SIDE])),
            });
        }
    }

    /// The shape of the ground, if it is ready.
    pub fn solid(&self) -> Option<&Solid> {
        self.solid.as_ref()
    }

    /// The ground for a plot of so many cells, if it is ready.
    pub fn ground(&self, cells: [u16; 2]) -> Option<&Ground> {
        self.ground.as_ref().filter(|ground| ground.cells == cells)
    }
}
