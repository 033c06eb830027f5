//! Surfaces: those that ship, one row each in [`SURFACES`], those written as a formula, and the
//! [`Slope`] that racers run down.
//!
//! Everything in `f64`, transcendental functions from libm and no fused multiply-add, so that every
//! x86-64 processor computes the same bits.

use std::fmt;
use std::sync::Arc;

use ndarray::{Array1, ArrayView1, ArrayViewMut1};

use crate::problem::formula::{Formula, Scratch};
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
    /// Its exact gradient at a point, and to the third its value there, the same to the last bit;
    /// numbers in registers take half the time of slices. With one variable, the second numbers have
    /// no meaning; a third would be one along which the surface is level.
    pub slope: fn(f64, f64, &mut f64) -> (f64, f64),
    /// The usual picture shows -view..view in every variable; 0 where there is none.
    pub view: f64,
    /// Where its lowest values are, as far as the view shows them; empty where it has none.
    pub minima: &'static [&'static [f64]],
    /// Where races usually start.
    pub start: &'static [f64],
    /// What it is known for, in one line.
    pub about: &'static str,
}

impl Surface {
    /// Writes its exact gradient at a point to `g`, both one number a variable, and returns its
    /// value there.
    pub fn gradient(&self, w: &[f64], g: &mut [f64]) -> f64 {
        let (y, mut value) = (w.get(1).copied().unwrap_or(0.0), 0.0);
        let (dx, dy) = (self.slope)(w[0], y, &mut value);
        g.fill(0.0);
        for (g, slope) in g.iter_mut().zip([dx, dy]) {
            *g = slope;
        }
        value
    }
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

/// What a race on a surface minimises.
#[derive(Clone, Debug)]
pub enum Function {
    /// A shipped surface.
    Shipped(&'static Surface),
    /// A formula that a scenario gives.
    Written(Arc<Formula>),
}

impl From<&'static Surface> for Function {
    fn from(surface: &'static Surface) -> Self {
        Self::Shipped(surface)
    }
}

impl Function {
    /// The formula as text.
    pub fn formula(&self) -> &str {
        match self {
            Self::Shipped(surface) => surface.formula,
            Self::Written(formula) => formula.text(),
        }
    }

    /// The names of its variables.
    pub fn variables(&self) -> Vec<&str> {
        match self {
            Self::Shipped(surface) => surface.variables.to_vec(),
            Self::Written(formula) => formula.variables().iter().map(String::as_str).collect(),
        }
    }

    /// The usual picture shows -view..view in every variable; 0 where there is none.
    pub fn view(&self) -> f64 {
        match self {
            Self::Shipped(surface) => surface.view,
            Self::Written(_) => 0.0,
        }
    }

    /// Where its lowest values are; empty where nobody knows.
    pub fn minima(&self) -> &'static [&'static [f64]] {
        match self {
            Self::Shipped(surface) => surface.minima,
            Self::Written(_) => &[],
        }
    }

    /// Its value at a point with one number a variable.
    pub fn value(&self, w: &[f64], scratch: &mut Scratch) -> f64 {
        match self {
            Self::Shipped(surface) => (surface.value)(w),
            Self::Written(formula) => formula.value(w, scratch),
        }
    }

    /// Writes its exact gradient at a point to `g`, of the same length, and returns its value there.
    pub fn gradient(&self, w: &[f64], g: &mut [f64], scratch: &mut Scratch) -> f64 {
        match self {
            Self::Shipped(surface) => surface.gradient(w, g),
            Self::Written(formula) => formula.gradient(w, g, scratch),
        }
    }
}

/// A surface as a racer meets it: with a start, with noise, with a price for a full gradient.
#[derive(Clone, Debug)]
pub struct Slope {
    function: Function,
    start: Vec<f64>,
    noise: f64,
    examples: usize,
    seed: u64,
    blocks: [Block; 1],
}

impl Slope {
    /// `function` from `start` (one number a variable). `noise` is the standard deviation of one
    /// example's gradient noise, drawn from `seed`; a full gradient costs `examples` samples and
    /// has no noise.
    pub fn new(
        function: impl Into<Function>,
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
            function: function.into(),
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
        g: ArrayViewMut1<'_, f64>,
        work: &mut Work<f64>,
    ) {
        self.gradient_and_loss(w, batch, g, work);
    }

    fn gradient_and_loss(
        &self,
        w: ArrayView1<'_, f64>,
        batch: Batch<'_>,
        mut g: ArrayViewMut1<'_, f64>,
        work: &mut Work<f64>,
    ) -> f64 {
        let g = g.as_slice_mut().expect("the gradient is contiguous");
        let mut loss = self.function.gradient(contiguous(&w), g, &mut work.scratch);
        if let Batch::Mini { step, size, .. } = batch
            && self.noise > 0.0
        {
            let mut rng = random::stream(self.seed, Purpose::Noise, step);
            let deviation = self.noise / (size as f64).sqrt();
            for (g, w) in g.iter_mut().zip(w) {
                let noise = deviation * random::normal(&mut rng);
                *g += noise;
                loss += noise * w;
            }
        }
        loss
    }

    fn evaluate(&self, w: ArrayView1<'_, f64>, part: Part, work: &mut Work<f64>) -> Option<Score> {
        match part {
            Part::Train => Some(Score {
                loss: self.function.value(contiguous(&w), &mut work.scratch),
                accuracy: None,
            }),
            Part::Test => None,
        }
    }

    fn is_smooth(&self, batch: Batch<'_>) -> bool {
        self.start.len() == 2 && (self.noise == 0.0 || matches!(batch, Batch::All))
    }

    fn slope(&self, x: f64, y: f64, loss: &mut f64, work: &mut Work<f64>) -> (f64, f64) {
        match &self.function {
            Function::Shipped(surface) => (surface.slope)(x, y, loss),
            Function::Written(formula) => {
                let mut g = [0.0; 2];
                *loss = formula.gradient(&[x, y], &mut g, &mut work.scratch);
                g.into()
            }
        }
    }

    fn stationary_point(&self, w: ArrayView1<'_, f64>) -> Option<&'static str> {
        let curvatures = curvatures(&self.function, contiguous(&w))?;
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
fn curvatures(function: &Function, w: &[f64]) -> Option<Vec<f64>> {
    let column = |i: usize| {
        let h = 1e-5 * w[i].abs().max(1.0);
        let at = |shift: f64| {
            let (mut point, mut g) = (w.to_vec(), vec![0.0; w.len()]);
            point[i] += shift;
            function.gradient(&point, &mut g, &mut Scratch::default());
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
