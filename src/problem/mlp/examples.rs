//! The examples of one part as a model goes over them: a stretch in file order, or a gathered batch.

use std::ops::Range;

use ndarray::{Array2, ArrayView2, s};

use super::output::Answers;
use crate::math::Real;
use crate::problem::dataset::{self, Target};

/// Rows far apart in memory that are copied at once: to wait for several costs no more than for one.
const AT_ONCE: usize = 8;
/// Features of each that are copied in turn.
const STRIDE: usize = 64;

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
        let width = self.inputs();
        let from = self.x.as_slice().expect("as it was made");
        let to = buffer.as_slice_mut().expect("as it was made");
        let row = |i: u32| &from[i as usize * width..][..width];
        let sets = rows.chunks(AT_ONCE);
        for (set, to) in sets.zip(to.chunks_mut(AT_ONCE * width)) {
            for begin in (0..width).step_by(STRIDE) {
                let end = width.min(begin + STRIDE);
                for (&i, to) in set.iter().zip(to.chunks_exact_mut(width)) {
                    to[begin..end].copy_from_slice(&row(i)[begin..end]);
                }
            }
        }
        buffer.slice(s![..rows.len(), ..])
    }

    /// The features of `chunk`, which may be put into `buffer`.
    pub fn features<'a>(
        &'a self,
        chunk: &Chunk<'_>,
        buffer: &'a mut Array2<F>,
    ) -> ArrayView2<'a, F> {
        match chunk {
            Chunk::Stretch(range) => self.stretch(range.clone(), buffer),
            Chunk::Rows(rows) => self.gather(rows, buffer),
        }
    }

    /// What `features` has returned for `chunk` when it last had this buffer.
    pub fn again<'a>(&'a self, chunk: &Chunk<'_>, buffer: &'a Array2<F>) -> ArrayView2<'a, F> {
        match chunk {
            Chunk::Stretch(range) => self.x.slice(s![range.clone(), ..]),
            Chunk::Rows(rows) => buffer.slice(s![..rows.len(), ..]),
        }
    }
}

/// Examples that pass through a network together.
#[derive(Clone, Debug)]
pub enum Chunk<'a> {
    /// These, in file order.
    Stretch(Range<usize>),
    /// These rows.
    Rows(&'a [u32]),
}

impl Chunk<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Stretch(range) => range.len(),
            Self::Rows(rows) => rows.len(),
        }
    }

    /// The row of the i-th.
    pub fn row(&self, i: usize) -> usize {
        match self {
            Self::Stretch(range) => range.start + i,
            Self::Rows(rows) => rows[i] as usize,
        }
    }
}
