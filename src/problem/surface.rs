//! Shipped surfaces: one row each in [`SURFACES`], and the [`Slope`] that racers run down.
//!
//! Everything in `f64`, transcendental functions from libm and no fused multiply-add, so that every
//! x86-64 processor computes the same bits.

use std::fmt;

use ndarray::{Array1, ArrayView1, ArrayViewMut1};

use crate::problem::{Batch, Block, Part, Problem, Score, Work};
use crate::random::{self, Purpose};

mod shipped;
pub use shipped::SURFACES;

/// A shipped surface.
pub struct Surface {
    /// The name in scenarios.
    pub id: &'static str,
    /// The formula as text.
    pub formula: &'static str,
    /// The names of its variables.
    pub variables: &'static [&'static str],
    /// Its value at a point with one number a variable.
    pub value: fn(&[f64]) -> f64,
    /// Its exact gradient at a point, written to the second slice.
    pub gradient: fn(&[f64], &mut [f64]),
    /// The usual picture shows -view..view in every variable; 0 where there is none.
    pub view: f64,
    /// Where its lowest values are, as far as the view shows them; empty where it has none.
    pub minima: &'static [&'static [f64]],
    /// Where races usually start.
    pub start: &'static [f64],
    /// What it is known for, in one line.
    pub about: &'static str,
}

impl fmt::Debug for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// The surface called `id`, if there is one.
pub fn find(id: &str) -> Option<&'static Surface> {
    SURFACES.iter().find(|surface| surface.id == id)
}

/// A surface as a racer meets it: with a start, with noise, with a price for a full gradient.
#[derive(Clone, Debug)]
pub struct Slope {
    surface: &'static Surface,
    start: Vec<f64>,
    noise: f64,
    examples: usize,
    seed: u64,
    blocks: [Block; 1],
}

impl Slope {
    /// `surface` from `start` (one number a variable). `noise` is the standard deviation of one
    /// example's gradient noise, drawn from `seed`; a full gradient costs `examples` samples and
    /// has no noise.
    pub fn new(
        surface: &'static Surface,
        start: Vec<f64>,
        noise: f64,
        examples: usize,
        seed: u64,
    ) -> Self {
        let blocks = [Block {
            name: "point".to_owned(),
            offset: 0,
            rows: 1,
            columns: start.len(),
        }];
        Self {
            surface,
            start,
            noise,
            examples,
            seed,
            blocks,
        }
    }
}

impl Problem<f64> for Slope {
    fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    fn examples(&self) -> usize {
        self.examples
    }

    fn rows(&self) -> usize {
        0
    }

    fn start(&self) -> Array1<f64> {
        Array1::from(self.start.clone())
    }

    fn work(&self) -> Work<f64> {
        Work::default()
    }

    fn gradient(
        &self,
        w: ArrayView1<'_, f64>,
        batch: Batch<'_>,
        mut g: ArrayViewMut1<'_, f64>,
        _: &mut Work<f64>,
    ) {
        let g = g.as_slice_mut().expect("the gradient is contiguous");
        (self.surface.gradient)(contiguous(&w), g);
        if let Batch::Mini { step, size, .. } = batch
            && self.noise > 0.0
        {
            let mut rng = random::stream(self.seed, Purpose::Noise, step);
            let deviation = self.noise / (size as f64).sqrt();
            for g in g {
                *g += deviation * random::normal(&mut rng);
            }
        }
    }

    fn evaluate(&self, w: ArrayView1<'_, f64>, part: Part, _: &mut Work<f64>) -> Option<Score> {
        match part {
            Part::Train => Some(Score {
                loss: (self.surface.value)(contiguous(&w)),
                accuracy: None,
            }),
            Part::Test => None,
        }
    }

    fn stationary_point(&self, w: ArrayView1<'_, f64>) -> Option<&'static str> {
        let curvatures = curvatures(self.surface, contiguous(&w))?;
        let bend = 1e-6 * curvatures.iter().fold(1.0_f64, |most, c| most.max(c.abs()));
        let (up, down) = (
            curvatures.iter().any(|&c| c > bend),
            curvatures.iter().any(|&c| c < -bend),
        );
        let flat = curvatures.iter().any(|c| c.abs() <= bend);
        Some(match (up, down) {
            (true, true) => "saddle",
            (false, true) if !flat => "local maximum",
            (true, false) if !flat => "local minimum",
            _ => "flat",
        })
    }
}

fn contiguous<'a>(w: &'a ArrayView1<'_, f64>) -> &'a [f64] {
    w.as_slice().expect("parameters are contiguous")
}

/// The eigenvalues of the Hessian at `w`, from central differences of the exact gradient; for one
/// or two variables.
fn curvatures(surface: &Surface, w: &[f64]) -> Option<Vec<f64>> {
    let column = |i: usize| {
        let h = 1e-5 * w[i].abs().max(1.0);
        let at = |shift: f64| {
            let (mut point, mut g) = (w.to_vec(), vec![0.0; w.len()]);
            point[i] += shift;
            (surface.gradient)(&point, &mut g);
            g
        };
        at(h)
            .iter()
            .zip(at(-h))
            .map(|(a, b)| (a - b) / (2.0 * h))
            .collect::<Vec<f64>>()
    };
    match w.len() {
        1 => Some(column(0)),
        2 => {
            let (a, d, b) = (
                column(0)[0],
                column(1)[1],
                column(0)[1].midpoint(column(1)[0]),
            );
            let (mean, spread) = (a.midpoint(d), ((a - d) / 2.0).hypot(b));
            Some(vec![mean - spread, mean + spread])
        }
        _ => None,
    }
}
