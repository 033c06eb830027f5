//! Steps that nobody looks at one by one: a racer glides down a smooth slope of two parameters
//! until something happens. Each is a step as any other; what is saved is all that lies between two.

use ndarray::{ArrayView1, ArrayViewMut1};

use crate::math::Real;
use crate::problem::{Problem, Work};

/// The way down, and how far to go.
pub struct Glide<'a, F: Real> {
    /// The slope, which is [smooth](Problem::is_smooth).
    pub problem: &'a dyn Problem<F>,
    /// Buffers of the problem.
    pub work: &'a mut Work<F>,
    /// The parameters, which are moved.
    pub w: &'a mut [F; 2],
    /// It goes on while losses are above the first and up to the second of these.
    pub between: [f64; 2],
    /// The loss after each step; as long as steps are to be taken.
    pub losses: &'a mut [f64],
    /// What else is known of each step, of the same length.
    pub notes: &'a mut [Note<F>],
}

/// What is known of a step beside its loss.
#[derive(Clone, Copy, Debug, Default)]
pub struct Note<F> {
    /// The gradient it used.
    pub g: [F; 2],
    /// The parameters after it.
    pub w: [F; 2],
}

impl<F: Real> Glide<'_, F> {
    /// Takes steps until the notes are full or a step ends it: one after which the loss is out of
    /// bounds, or a number not finite. Returns how many it took. `update` moves parameters by a step
    /// along a gradient.
    #[inline]
    pub fn run(
        &mut self,
        mut update: impl FnMut(ArrayViewMut1<'_, F>, ArrayView1<'_, F>),
    ) -> usize {
        // Here the compiler knows that there are two, and keeps all of them in registers.
        let mut w = *self.w;
        let mut loss = 0.0;
        let mut ahead = self.problem.slope(w[0], w[1], &mut loss, self.work);
        let [above, upto] = self.between;
        let mut taken = 0;
        for (noted, note) in self.losses.iter_mut().zip(&mut *self.notes) {
            let g = ahead.into();
            update(ArrayViewMut1::from(&mut w), ArrayView1::from(&g));
            ahead = self.problem.slope(w[0], w[1], &mut loss, self.work);
            *noted = loss;
            *note = Note { g, w };
            taken += 1;
            let is_finite = w.iter().chain(&g).fold(true, |all, x| all & x.is_finite());
            if !(above < loss && loss <= upto && is_finite) {
                break;
            }
        }
        *self.w = w;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::surface::{Slope, find};

    /// Halves both parameters of x^2 - y^2 from there, at most 8 times.
    fn halve(mut w: [f64; 2], between: [f64; 2]) -> (usize, [f64; 2]) {
        let problem = Slope::new(find("saddle").expect("it ships"), w.to_vec(), 0.0, 1, 0);
        let mut glide = Glide {
            problem: &problem,
            work: &mut Work::default(),
            w: &mut w,
            between,
            losses: &mut [0.0; 8],
            notes: &mut [Note::default(); 8],
        };
        let taken = glide.run(|mut w, g| w.scaled_add(-0.25, &(&g * &ndarray::array![1.0, -1.0])));
        (taken, w)
    }

    #[test]
    fn it_ends_with_the_first_step_that_is_out_of_bounds() {
        let all = [f64::MIN, f64::MAX];
        assert_eq!(halve([4.0, 2.0], all), (8, [4.0 / 256.0, 2.0 / 256.0]));
        // 16, 4, 1, 1/4
        assert_eq!(halve([4.0, 0.0], [1.0, 5.0]), (2, [1.0, 0.0]));
        assert_eq!(halve([4.0, 0.0], [0.5, 5.0]), (3, [0.5, 0.0]));
        assert_eq!(halve([4.0, 0.0], [0.0, 3.0]), (1, [2.0, 0.0]));
        let (taken, _) = halve([f64::NAN, 0.0], all);
        assert_eq!(taken, 1);
    }
}
