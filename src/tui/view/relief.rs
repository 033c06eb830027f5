//! The relief: the ground of the map in three dimensions, lit from one side, with the racers' trails
//! on it. Hills hide what lies behind them.
//!
//! [`model`] says what each dot shows; [`draw`] only draws. The ground's heights are computed
//! elsewhere, once for its bounds.

use crate::tui::desk::Camera;
use crate::tui::glyphs::Glyphs;
use crate::tui::view::map::Chart;

mod camera;
mod draw;
mod raster;
mod shape;

pub use draw::draw;
pub use shape::{SIDE, Shape};

use camera::{FOOT, Projection};
use raster::{Corner, Dot, Raster};

/// Heights between two contours: so many parts of the whole.
const BANDS: u8 = 9;

/// What lies so much farther away than what is beside it lies behind it.
const BEHIND: f32 = 0.12;

/// A trail is seen as long as the ground is not so much nearer.
const SUNK: f64 = 0.06;

/// A trail is laid over the ground in strides of this part of its width; shorter ones are left out.
const STRIDE: f64 = 1.0 / 64.0;
const SHORTEST: f64 = 1.0 / 400.0;

/// The light on the block's sides, along the first and the second axis.
const SIDES: [f64; 2] = [0.15, 0.3];

/// What each dot and cell of a plot shows.
#[derive(Debug)]
pub struct Relief {
    raster: Raster,
    /// The racers' trails, in the scenario's order.
    pub trails: Vec<Trail>,
    /// The starts and the minima that can be seen, in dots.
    pub starts: Vec<[usize; 2]>,
    /// See [`Relief::starts`].
    pub minima: Vec<[usize; 2]>,
    /// Where the axes' names stand, in dots; along the block's foot.
    pub names: [[usize; 2]; 2],
}

/// One racer's trail.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trail {
    /// The stretches of it that can be seen, in dots.
    pub stretches: Vec<Vec<[usize; 2]>>,
    /// Where the racer is, also behind a hill.
    pub head: Option<[usize; 2]>,
    /// Whether it is out of the race.
    pub out: bool,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// What is seen of `shape`, and of what `chart` says lies on it, on so many cells.
pub fn model(
    shape: &Shape,
    camera: Camera,
    chart: &Chart,
    glyphs: Glyphs,
    cells: [u16; 2],
) -> Relief {
    let [across, down] = glyphs.dots();
    let dots = [usize::from(cells[0]) * across, usize::from(cells[1]) * down];
    // A cell is about twice as high as wide.
    let projection = Projection::new(camera, dots, [1.0 / across as f64, 2.0 / down as f64]);
    let mut raster = Raster::new(dots);
    ground(shape, &projection, &mut raster);
    sides(shape, &projection, &mut raster);
    let ground = Ground {
        shape,
        projection,
        raster: &raster,
    };
    let seen = |places: &[[f64; 2]]| places.iter().filter_map(|at| ground.seen(*at)).collect();
    let trails = chart.trails.iter().map(|trail| Trail {
        stretches: ground.stretches(&trail.points),
        head: trail.head.and_then(|at| ground.dot(at)),
        out: trail.out,
        selected: trail.selected,
    });
    let name = |at| ground.on_foot(at);
    Relief {
        trails: trails.collect(),
        starts: seen(&chart.starts),
        minima: seen(&chart.minima),
        names: [name([1.0, -0.06]), name([-0.06, 1.0])],
        raster,
    }
}

/// Fills the dots that the ground covers.
fn ground(shape: &Shape, projection: &Projection, raster: &mut Raster) {
    let side = shape.heights.nrows();
    let corner = |row: usize, column: usize| {
        let height = shape.heights[(row, column)];
        Corner {
            place: projection.place(at(row, column, side), height),
            height,
            light: shape.light[(row, column)],
        }
    };
    let corners: Vec<Corner> = (0..side * side)
        .map(|i| corner(i / side, i % side))
        .collect();
    for (row, column) in (1..side).flat_map(|row| (1..side).map(move |column| (row, column))) {
        let of = |row: usize, column: usize| corners[row * side + column];
        raster.patch([
            of(row - 1, column - 1),
            of(row - 1, column),
            of(row, column),
            of(row, column - 1),
        ]);
    }
}

/// Fills the dots of the block's four sides, from the ground's edge down to its foot.
fn sides(shape: &Shape, projection: &Projection, raster: &mut Raster) {
    let side = shape.heights.nrows();
    let last = side - 1;
    for (axis, edge) in [(0, 0), (0, last), (1, 0), (1, last)] {
        let light = SIDES[axis];
        let corner = |i: usize, foot: bool| {
            let (row, column) = if axis == 0 { (edge, i) } else { (i, edge) };
            let height = if foot {
                FOOT
            } else {
                shape.heights[(row, column)]
            };
            Corner {
                place: projection.place(at(row, column, side), height),
                height: FOOT,
                light,
            }
        };
        for i in 1..side {
            raster.patch([
                corner(i - 1, false),
                corner(i, false),
                corner(i, true),
                corner(i - 1, true),
            ]);
        }
    }
}

/// Where a corner of the grid is, in fractions of the bounds.
fn at(row: usize, column: usize, side: usize) -> [f64; 2] {
    [column, row].map(|i| i as f64 / (side - 1) as f64)
}

/// The ground as it is seen.
struct Ground<'a> {
    shape: &'a Shape,
    projection: Projection,
    raster: &'a Raster,
}

impl Ground<'_> {
    /// The dot where a place of the ground is, and how far away it is; none beyond its edge.
    fn place(&self, at: [f64; 2]) -> Option<([usize; 2], f64)> {
        let inside = at.iter().all(|part| (0.0..=1.0).contains(part));
        let height = inside.then(|| self.shape.height(at))?;
        let [x, y, away] = self.projection.place(at, height);
        let fits = |at: f64, dots: usize| {
            let dot = at.round();
            (dot >= 0.0 && dot < dots as f64).then_some(dot as usize)
        };
        let [width, height] = self.raster.size;
        Some(([fits(x, width)?, fits(y, height)?], away))
    }

    /// The dot where a place is, also where a hill hides it.
    fn dot(&self, at: [f64; 2]) -> Option<[usize; 2]> {
        self.place(at).map(|(dot, _)| dot)
    }

    /// The dot where a place is seen.
    fn seen(&self, at: [f64; 2]) -> Option<[usize; 2]> {
        let (dot, away) = self.place(at)?;
        let shown = self.raster.dot(dot);
        shown
            .is_none_or(|shown| away <= f64::from(shown.away) + SUNK)
            .then_some(dot)
    }

    /// The stretches of a trail that are seen, laid over the ground.
    fn stretches(&self, points: &[[f64; 2]]) -> Vec<Vec<[usize; 2]>> {
        let mut stretches: Vec<Vec<[usize; 2]>> = vec![Vec::new()];
        let mut before: Option<[f64; 2]> = None;
        for (i, &to) in points.iter().enumerate() {
            let from = before.unwrap_or(to);
            let length = (to[0] - from[0]).hypot(to[1] - from[1]);
            if length < SHORTEST && before.is_some() && i + 1 < points.len() {
                continue;
            }
            before = Some(to);
            let strides = (length / STRIDE).ceil().clamp(1.0, 2.0 / STRIDE) as usize;
            for stride in 1..=strides {
                let part = stride as f64 / strides as f64;
                let place = [0, 1].map(|axis| from[axis] + part * (to[axis] - from[axis]));
                self.go_on(&mut stretches, place);
            }
        }
        stretches.retain(|stretch| !stretch.is_empty());
        stretches
    }

    /// Adds a place to the last stretch if it is seen, and ends that if not.
    fn go_on(&self, stretches: &mut Vec<Vec<[usize; 2]>>, place: [f64; 2]) {
        let open = stretches.last_mut().filter(|stretch| !stretch.is_empty());
        match (self.seen(place), open) {
            (Some(dot), Some(stretch)) if stretch.last() != Some(&dot) => stretch.push(dot),
            (Some(_), Some(_)) | (None, None) => {}
            (Some(dot), None) => stretches.push(vec![dot]),
            (None, Some(_)) => stretches.push(Vec::new()),
        }
    }

    /// The dot where a place beside the block's foot is, at the plot's edge if it lies beyond.
    fn on_foot(&self, at: [f64; 2]) -> [usize; 2] {
        let [x, y, _] = self.projection.place(at, FOOT);
        let [width, height] = self.raster.size;
        [(x, width), (y, height)]
            .map(|(at, dots)| at.round().clamp(0.0, dots.saturating_sub(1) as f64) as usize)
    }
}

/// The band that a dot's height lies in; none on the block's sides.
fn band(dot: Dot) -> Option<u8> {
    let bands = f32::from(BANDS);
    (dot.height >= 0.0).then(|| (dot.height * bands).floor().min(bands - 1.0) as u8)
}

impl Relief {
    /// Whether a line goes through a dot: a contour, of which one in `every` is drawn, or the outline
    /// of what stands before something else.
    pub fn is_line(&self, [x, y]: [usize; 2], every: u8) -> bool {
        let here = self.raster.dot([x, y]);
        let level = |dot: Dot| band(dot).map(|band| band / every);
        [[x + 1, y], [x, y + 1]].into_iter().any(|beside| {
            let (Some(here), Some(other)) = (here, self.raster.dot(beside)) else {
                return here.is_some() != self.raster.dot(beside).is_some();
            };
            let sides = here.height < 0.0 && other.height < 0.0;
            level(here) != level(other) || !sides && (here.away - other.away).abs() > BEHIND
        })
    }

    /// How bright the dot is, 0..1: higher ground and ground towards the light are brighter. None
    /// where there is nothing.
    pub fn brightness(&self, dot: [usize; 2]) -> Option<f32> {
        let dot = self.raster.dot(dot)?;
        let height = dot.height.max(0.0);
        Some((0.75 * dot.light + 0.25 * height).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests;
