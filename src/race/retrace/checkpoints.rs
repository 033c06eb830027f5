//! Places on a racer's way to walk on from, evenly spaced and in bounded memory.

use ndarray::{Array1, ArrayView1, Zip};

use super::look::BETAS;
use crate::math::Real;
use crate::race::course::State;

/// Steps between two checkpoints, until there are too many.
const SPACING: u64 = 32;

/// A racer with what its gradients come to when they are averaged with each of [`BETAS`].
#[derive(Clone)]
pub struct Place<F: Real> {
    /// The racer.
    pub state: State<F>,
    /// Moving averages that started at zero, shape (dim) each.
    pub averages: [Array1<F>; BETAS.len()],
}

impl<F: Real> Place<F> {
    /// A racer before its first step.
    pub fn start(state: State<F>) -> Self {
        let averages = BETAS.map(|_| Array1::zeros(state.w.len()));
        Self { state, averages }
    }

    /// Takes in the gradient of one more step.
    pub fn average(&mut self, g: ArrayView1<'_, F>) {
        for (average, beta) in self.averages.iter_mut().zip(BETAS) {
            let (beta, weight) = (F::of(beta), F::of(1.0 - beta));
            Zip::from(average)
                .and(g)
                .for_each(|a, &g| *a = beta * *a + weight * g);
        }
    }
}

/// Checkpoints by their steps; the first is the start.
pub struct Checkpoints<F: Real> {
    places: Vec<Place<F>>,
    spacing: u64,
    most: usize,
}

impl<F: Real> Checkpoints<F> {
    /// The `start`, and as many others as `memory` bytes hold, where an optimizer has so many
    /// vectors.
    pub fn new(start: Place<F>, vectors: usize, memory: usize) -> Self {
        let arrays = 1 + vectors + BETAS.len();
        let bytes = arrays * (start.state.w.len() * size_of::<F>() + size_of::<Array1<F>>());
        Self {
            places: vec![start],
            spacing: SPACING,
            most: (memory / bytes).max(1),
        }
    }

    /// Keeps `place` if it lies beyond all others and it is time; with too many, every other goes.
    pub fn pass(&mut self, place: &Place<F>) {
        let step = place.state.step;
        let last = self.places.last().map_or(0, |last| last.state.step);
        if step <= last || !step.is_multiple_of(self.spacing) {
            return;
        }
        if self.places.len() == self.most {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.places
                .retain(|place| place.state.step.is_multiple_of(spacing));
        }
        if self.places.len() < self.most && step.is_multiple_of(self.spacing) {
            self.places.push(place.clone());
        }
    }

    /// The last checkpoint with at most `step` steps.
    pub fn before(&self, step: u64) -> &Place<F> {
        let after = self
            .places
            .partition_point(|place| place.state.step <= step);
        &self.places[after.max(1) - 1]
    }

    /// How many there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// How many there can be.
    #[cfg(test)]
    pub fn most(&self) -> usize {
        self.most
    }
}
