//! The features of examples, wherever they are: in memory, or in a file that is read by position.

use std::sync::Arc;

use ndarray::{Array2, Axis};

use super::array::{Array, Unread};
use super::scaling::Scaling;

/// So many rows are asked for at once: they are put in the order of the file.
const AT_ONCE: usize = 256;

/// Rows of features.
#[derive(Clone, Debug, PartialEq)]
pub enum Features {
    /// In memory, shape (examples, features).
    Kept(Array2<f64>),
    /// In a file.
    Filed(Filed),
}

/// Rows in a file, or some of them, scaled as they are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Filed {
    array: Arc<Array>,
    /// Which of the file's rows, ascending; all of them where nothing was chosen.
    rows: Option<Vec<u32>>,
    /// How they are scaled; or why that could not be found out, which is then the answer to whoever
    /// reads them.
    scaling: Option<Arc<Result<Scaling, Unread>>>,
    /// Whether they stay in the file while models learn from them.
    streamed: bool,
}

impl From<Array2<f64>> for Features {
    fn from(x: Array2<f64>) -> Self {
        Self::Kept(if x.is_standard_layout() {
            x
        } else {
            x.as_standard_layout().into_owned()
        })
    }
}

impl Features {
    /// All rows of `array`.
    pub(super) fn of_array(array: Array) -> Self {
        Self::Filed(Filed {
            rows: None,
            array: Arc::new(array),
            scaling: None,
            streamed: false,
        })
    }

    /// The number of examples.
    pub fn nrows(&self) -> usize {
        match self {
            Self::Kept(x) => x.nrows(),
            Self::Filed(filed) => filed.nrows(),
        }
    }

    /// The number of features.
    pub fn ncols(&self) -> usize {
        match self {
            Self::Kept(x) => x.ncols(),
            Self::Filed(filed) => filed.array.features(),
        }
    }

    /// The numbers of examples and of features.
    pub fn dim(&self) -> (usize, usize) {
        (self.nrows(), self.ncols())
    }

    /// The examples as they are in memory; nothing if they are in a file.
    pub fn kept(&self) -> Option<&Array2<f64>> {
        match self {
            Self::Kept(x) => Some(x),
            Self::Filed(_) => None,
        }
    }

    /// Whether they stay in their file while models learn from them.
    pub fn is_streamed(&self) -> bool {
        matches!(self, Self::Filed(filed) if filed.streamed)
    }

    /// Whether they could stay in their file: what is packed there could not.
    pub fn can_stream(&self) -> bool {
        matches!(self, Self::Filed(filed) if filed.held() == 0)
    }

    /// From now on, whether they stay in their file while models learn from them, if they can.
    pub fn stream(&mut self, on: bool) {
        let on = on && self.can_stream();
        if let Self::Filed(filed) = self {
            filed.streamed = on;
        }
    }

    /// The examples `rows`, which ascend, scaled.
    pub(super) fn part(&self, rows: Vec<u32>, scaling: &Arc<Result<Scaling, Unread>>) -> Self {
        match self {
            Self::Kept(x) => {
                let indices: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
                let mut part = x.select(Axis(0), &indices);
                let scaling = (**scaling).as_ref().expect("what is in memory can be read");
                for mut row in part.rows_mut() {
                    scaling.apply(0, row.as_slice_mut().expect("rows are contiguous"));
                }
                Self::Kept(part)
            }
            Self::Filed(filed) => Self::Filed(Filed {
                rows: Some(rows),
                scaling: Some(Arc::clone(scaling)),
                ..filed.clone()
            }),
        }
    }

    /// All of them in memory, shape (examples, features).
    ///
    /// # Errors
    /// If their file cannot be read.
    pub fn to_array(&self) -> Result<Array2<f64>, Unread> {
        let mut all = Array2::zeros(self.dim());
        self.read(
            (0..self.nrows() as u32).map(|row| (row, row)),
            &mut |place, column, numbers| {
                let mut row = all.row_mut(place);
                let to = row.iter_mut().skip(column);
                to.zip(&*numbers).for_each(|(to, &from)| *to = from);
            },
        )?;
        Ok(all)
    }

    /// Hands the numbers of the examples `wanted` to `sink`, as [`Filed::read`] does. What is in
    /// memory can always be read.
    pub(super) fn read(
        &self,
        wanted: impl Iterator<Item = (u32, u32)>,
        sink: &mut dyn FnMut(usize, usize, &mut [f64]),
    ) -> Result<(), Unread> {
        match self {
            Self::Kept(x) => {
                let mut numbers = vec![0.0; x.ncols()];
                for (row, place) in wanted {
                    let row = x.row(row as usize);
                    numbers.copy_from_slice(row.as_slice().expect("rows are contiguous"));
                    sink(place as usize, 0, &mut numbers);
                }
                Ok(())
            }
            Self::Filed(filed) => filed.read(wanted, sink),
        }
    }
}

impl Filed {
    /// The number of examples.
    pub fn nrows(&self) -> usize {
        self.rows.as_ref().map_or(self.array.rows(), Vec::len)
    }

    /// The number of features.
    pub fn ncols(&self) -> usize {
        self.array.features()
    }

    /// The bytes of memory that the file's content takes as it is.
    pub fn held(&self) -> usize {
        self.array.held()
    }

    /// What tells the features of this file from those of others.
    pub fn digest(&self) -> &[u8] {
        self.array.digest()
    }

    /// Hands the numbers of examples, scaled, to `sink`: the example's place, the number of the
    /// first feature, and the features from that one on, some at a time. `wanted` holds the
    /// examples, and beside each the place it is called by. They come in the order of the file.
    ///
    /// # Errors
    /// If the file cannot be read any more, or could not be read when the scaling was fitted.
    pub fn read(
        &self,
        wanted: impl Iterator<Item = (u32, u32)>,
        sink: &mut dyn FnMut(usize, usize, &mut [f64]),
    ) -> Result<(), Unread> {
        let scaling = match self.scaling.as_deref() {
            Some(Ok(scaling)) => Some(scaling),
            Some(Err(unread)) => return Err(unread.clone()),
            None => None,
        };
        let mut wanted = wanted.map(|(row, place)| match &self.rows {
            Some(rows) => (rows[row as usize], place),
            None => (row, place),
        });
        let mut rows = [(0, 0); AT_ONCE];
        loop {
            let mut count = 0;
            for (to, from) in rows.iter_mut().zip(&mut wanted) {
                *to = from;
                count += 1;
            }
            if count == 0 {
                return Ok(());
            }
            let rows = &mut rows[..count];
            rows.sort_unstable();
            self.array.read(rows, &mut |place, column, numbers| {
                if let Some(scaling) = scaling {
                    scaling.apply(column, numbers);
                }
                sink(place, column, numbers);
            })?;
        }
    }
}
