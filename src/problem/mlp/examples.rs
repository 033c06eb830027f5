//! The examples of one part as a model goes over them: a stretch in file order, or a gathered batch.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, s};

use super::output::Answers;
use crate::math::Real;
use crate::problem::dataset::{self, Target};

/// Examples of one part: features of shape (examples, inputs), and answers.
pub struct Examples<F> {
    x: Array2<F>,
    /// What is to be predicted.
    pub answers: Answers<F>,
}

impl<F: Real> Examples<F> {
    /// The examples of `part`, rounded to this float.
    pub fn new(part: &dataset::Examples) -> Self {
        let answers = match &part.target {
            Target::Numeric(numbers) => {
                Answers::Numbers(numbers.iter().map(|&y| F::of(y)).collect())
            }
            Target::Classes { labels, .. } => Answers::Classes(labels.clone()),
        };
        Self {
            x: part.x.mapv(F::of),
            answers,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.x.nrows()
    }

    /// The number of features.
    pub fn inputs(&self) -> usize {
        self.x.ncols()
    }

    /// The features of the examples `range`, shape (its length, inputs). `buffer`, with at least as
    /// many rows, may be used to hold them.
    pub fn stretch<'a>(
        &'a self,
        range: Range<usize>,
        buffer: &'a mut Array2<F>,
    ) -> ArrayView2<'a, F> {
        let _ = buffer;
        self.x.slice(s![range, ..])
    }

    /// The features of the examples `rows`, in that order, in the first rows of `buffer`.
    pub fn gather<'a>(&self, rows: &[u32], buffer: &'a mut Array2<F>) -> ArrayView2<'a, F> {
        for (mut to, &from) in buffer.rows_mut().into_iter().zip(rows) {
            to.assign(&self.x.row(from as usize));
        }
        buffer.slice(s![..rows.len(), ..])
    }
}
