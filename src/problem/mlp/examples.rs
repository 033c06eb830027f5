//! The examples of one part as a model goes over them: a stretch in file order, or a gathered batch.
//! They are in memory, or they are read from their file each time.

use std::ops::Range;
use std::panic::resume_unwind;

use ndarray::{Array2, ArrayView2, s};

use super::output::Answers;
use crate::math::Real;
use crate::problem::dataset::{self, Features, Filed, Target, Unread};

/// Rows far apart in memory that are copied at once: to wait for several costs no more than for one.
const AT_ONCE: usize = 8;
/// Features of each that are copied in turn.
const STRIDE: usize = 64;

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

    /// Whether their features are read from a file each time.
    pub fn is_streamed(&self) -> bool {
        matches!(self.x, Source::Filed(_))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.x {
            Source::Kept(x) => x.nrows(),
            Source::Filed(filed) => filed.nrows(),
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
            Source::Kept(x) => copy(x, rows, buffer),
            Source::Filed(filed) => {
                read(filed, rows.iter().copied(), buffer).unwrap_or_else(fail);
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
            Chunk::Stretch(range) => match &self.x {
                Source::Kept(x) => x.slice(s![range.clone(), ..]),
                Source::Filed(_) => buffer.slice(s![..range.len(), ..]),
            },
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

/// Copies the examples `rows` of `x` to the first rows of `to`.
fn copy<F: Real>(x: &Array2<F>, rows: &[u32], to: &mut Array2<F>) {
    let width = x.ncols();
    let from = x.as_slice().expect("as it was made");
    let to = to.as_slice_mut().expect("as it was made");
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
