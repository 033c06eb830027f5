//! The examples of one part as a model goes over them: a stretch in file order, or a gathered batch.
//! They are in memory, or they are read from their file each time.

use std::ops::Range;
use std::panic::resume_unwind;

use ndarray::{Array2, ArrayView2, s};

use super::output::Answers;
use crate::math::Real;
use crate::problem::dataset::{self, Features, Filed, Target, Unread};

/// Examples of one part: features of shape (examples, inputs), and answers.
pub struct Examples<F> {
    x: Source<F>,
    /// What is to be predicted.
    pub answers: Answers<F>,
}

/// Where the features are.
enum Source<F> {
    Kept(Array2<F>),
    Filed(Filed),
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
        let x = match &part.x {
            Features::Kept(x) => Source::Kept(x.mapv(F::of)),
            Features::Filed(filed) if part.x.is_streamed() => Source::Filed(filed.clone()),
            Features::Filed(filed) => match in_memory(filed) {
                Ok(x) => Source::Kept(x),
                // Whoever asks for them next is told why.
                Err(_) => Source::Filed(filed.clone()),
            },
        };
        Self { x, answers }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.x {
            Source::Kept(x) => x.nrows(),
            Source::Filed(filed) => filed.nrows(),
        }
    }

    /// The number of features.
    pub fn inputs(&self) -> usize {
        match &self.x {
            Source::Kept(x) => x.ncols(),
            Source::Filed(filed) => filed.ncols(),
        }
    }

    /// The features of the examples `range`, shape (its length, inputs). `buffer`, with at least as
    /// many rows, may be used to hold them.
    ///
    /// # Panics
    /// With [`Unread`] as the payload, if their file cannot be read any more. A race takes that for
    /// the end of the racer.
    pub fn stretch<'a>(
        &'a self,
        range: Range<usize>,
        buffer: &'a mut Array2<F>,
    ) -> ArrayView2<'a, F> {
        match &self.x {
            Source::Kept(x) => x.slice(s![range, ..]),
            Source::Filed(filed) => {
                let rows = range.len();
                read(filed, range.map(|row| row as u32), buffer).unwrap_or_else(fail);
                buffer.slice(s![..rows, ..])
            }
        }
    }

    /// The features of the examples `rows`, in that order, in the first rows of `buffer`.
    ///
    /// # Panics
    /// As [`Examples::stretch`] does.
    pub fn gather<'a>(&self, rows: &[u32], buffer: &'a mut Array2<F>) -> ArrayView2<'a, F> {
        match &self.x {
            Source::Kept(x) => {
                for (mut to, &from) in buffer.rows_mut().into_iter().zip(rows) {
                    to.assign(&x.row(from as usize));
                }
            }
            Source::Filed(filed) => {
                read(filed, rows.iter().copied(), buffer).unwrap_or_else(fail);
            }
        }
        buffer.slice(s![..rows.len(), ..])
    }
}

/// All of the examples.
fn in_memory<F: Real>(filed: &Filed) -> Result<Array2<F>, Unread> {
    let mut x = Array2::zeros((filed.nrows(), filed.ncols()));
    read(filed, 0..filed.nrows() as u32, &mut x)?;
    Ok(x)
}

/// Reads the examples `rows` into the first rows of `x`, in that order.
fn read<F: Real>(
    filed: &Filed,
    rows: impl Iterator<Item = u32>,
    x: &mut Array2<F>,
) -> Result<(), Unread> {
    let inputs = filed.ncols();
    let x = x.as_slice_mut().expect("buffers are contiguous");
    filed.read(rows.zip(0..), &mut |place, column, numbers| {
        let to = &mut x[place * inputs + column..];
        for (to, &from) in to.iter_mut().zip(&*numbers) {
            *to = F::of(from);
        }
    })
}

/// Ends the work of the racer that asked, and nothing else: without a word on the screen, since it
/// is no fault of the program.
fn fail(unread: Unread) {
    resume_unwind(Box::new(unread));
}
