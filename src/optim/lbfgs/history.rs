//! The last steps and what became of the gradient in each: enough to walk along the slope as if the
//! curvature were known, without a matrix.

use std::collections::VecDeque;

use ndarray::Array1;

use crate::math::Real;

/// How many steps are remembered.
const MEMORY: usize = 10;

/// A slope that bends by less over a step says nothing of the curvature.
const FLAT: f64 = 1e-10;

/// A step and the change of the gradient over it.
#[derive(Clone, Debug)]
struct Pair<F> {
    s: Array1<F>,
    y: Array1<F>,
    /// 1 / (s y).
    rho: F,
}

/// The last pairs, oldest first.
#[derive(Clone, Debug)]
pub(super) struct History<F> {
    pairs: VecDeque<Pair<F>>,
    /// Pairs that are not in use, at least one.
    spare: Vec<Pair<F>>,
    /// s y / (y y) of the last pair: how long a step is without any other knowledge.
    scale: F,
    /// What the second loop has to know of the first.
    shares: [F; MEMORY],
}

impl<F: Real> History<F> {
    /// Nothing yet of `dim` parameters.
    pub fn new(dim: usize) -> Self {
        let pair = Pair {
            s: Array1::zeros(dim),
            y: Array1::zeros(dim),
            rho: F::zero(),
        };
        Self {
            pairs: VecDeque::with_capacity(MEMORY + 1),
            spare: vec![pair; MEMORY + 1],
            scale: F::one(),
            shares: [F::zero(); MEMORY],
        }
    }

    /// How many pairs it holds.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.spare.extend(self.pairs.drain(..));
    }

    /// Remembers a step and the gradients before and after it, unless the slope did not bend upwards
    /// along it.
    pub fn push(&mut self, s: &Array1<F>, before: &Array1<F>, after: &Array1<F>) {
        let mut pair = self.spare.pop().expect("there is one more than it holds");
        pair.s.assign(s);
        pair.y.assign(after);
        pair.y -= before;
        let bend = pair.s.dot(&pair.y);
        if bend.get() > FLAT {
            self.scale = bend / pair.y.dot(&pair.y);
            pair.rho = F::one() / bend;
            if self.pairs.len() == MEMORY {
                self.spare.extend(self.pairs.pop_front());
            }
            self.pairs.push_back(pair);
        } else {
            self.spare.push(pair);
        }
    }

    /// Puts the direction at the gradient `g` in its place: minus the inverse curvature times it.
    /// Nocedal and Wright, algorithm 7.4.
    pub fn direct(&mut self, g: &mut Array1<F>) {
        let pairs = self.pairs.iter().zip(&mut self.shares);
        for (pair, share) in pairs.rev() {
            *share = pair.rho * pair.s.dot(g);
            g.scaled_add(-*share, &pair.y);
        }
        let scale = if self.pairs.is_empty() {
            F::one()
        } else {
            self.scale
        };
        g.mapv_inplace(|g| -scale * g);
        for (pair, share) in self.pairs.iter().zip(&self.shares) {
            let other = pair.rho * pair.y.dot(g);
            g.scaled_add(-*share - other, &pair.s);
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    /// The inverse curvature as a matrix, by the formula of BFGS over all pairs.
    fn dense(pairs: &[(Array1<f64>, Array1<f64>)]) -> Array2<f64> {
        let n = pairs[0].0.len();
        let (s, y) = pairs.last().expect("there is one");
        let mut h = Array2::eye(n) * (s.dot(y) / y.dot(y));
        for (s, y) in pairs {
            let rho = 1.0 / s.dot(y);
            let outer = |a: &Array1<f64>, b: &Array1<f64>| {
                Array2::from_shape_fn((n, n), |(i, j)| a[i] * b[j])
            };
            let left = Array2::eye(n) - outer(s, y) * rho;
            h = left.dot(&h).dot(&left.t()) + outer(s, s) * rho;
        }
        h
    }

    #[test]
    fn the_direction_is_that_of_the_matrix() {
        let mut history = History::new(3);
        let g = array![0.3, -1.0, 2.0];
        let mut direction = g.clone();
        history.direct(&mut direction);
        assert_eq!(direction, -&g);
        let mut known = Vec::new();
        for k in 0..2 * MEMORY {
            let s = Array1::from_shape_fn(3, |i| ((3 * k + i * i) as f64).sin());
            // Some curvature, and some that changes from pair to pair.
            let y = &s * &array![1.0, 5.0, 0.2] + &s * (0.1 * k as f64);
            history.push(&s, &g, &(&g + &y));
            known.push((s, y));
            let last = &known[known.len().saturating_sub(MEMORY)..];
            let mut direction = g.clone();
            history.direct(&mut direction);
            let want = -dense(last).dot(&g);
            let miss = (&direction - &want).mapv(f64::abs).sum();
            assert!(miss < 1e-12 * want.mapv(f64::abs).sum(), "{k}: {miss}");
        }
        assert_eq!(history.len(), MEMORY);
    }

    #[test]
    fn what_does_not_bend_upwards_is_not_remembered() {
        let mut history = History::new(2);
        let (s, g) = (array![1.0, 0.0], array![1.0, 1.0]);
        for after in [array![0.5, 1.0], array![1.0, 9.0], array![f64::NAN, 1.0]] {
            history.push(&s, &g, &after);
            assert_eq!(history.len(), 0, "{after}");
        }
        history.push(&s, &g, &array![2.0, 1.0]);
        assert_eq!(history.len(), 1);
        history.clear();
        let mut direction = g.clone();
        history.direct(&mut direction);
        assert_eq!(direction, -g);
    }
}
