//! The scaling of features: fitted on the rows of the training part, in their order and some at a
//! time, so that it comes out the same wherever they are kept.

use std::sync::atomic::{AtomicBool, Ordering};

use super::features::Features;
use super::{Scale, Unread};

/// Rows that are gone over before anybody is asked whether to go on.
const CHUNK: usize = 1 << 10;

/// What is subtracted from each feature, and what it is divided by then: by infinity where all of
/// it is to become 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Scaling(Vec<(f64, f64)>);

impl Scaling {
    /// The scaling fitted on `rows` of `features`, which ascend.
    ///
    /// # Errors
    /// If they cannot be read, or `stop` is set.
    pub fn fit(
        features: &Features,
        rows: &[u32],
        scale: Scale,
        stop: &AtomicBool,
    ) -> Result<Self, Unread> {
        let columns = features.ncols();
        if scale == Scale::None {
            return Ok(Self(vec![(0.0, 1.0); columns]));
        }
        let mut spans = vec![Span::default(); columns];
        each(features, rows, stop, &mut |column, numbers| {
            for (span, &mut x) in spans[column..].iter_mut().zip(numbers) {
                span.low = span.low.min(x);
                span.high = span.high.max(x);
                span.sum += x;
            }
        })?;
        if scale == Scale::MinMax {
            let by = spans
                .iter()
                .map(|span| span.unless_constant(|| (span.low, span.high - span.low)));
            return Ok(Self(by.collect()));
        }
        let n = rows.len() as f64;
        let mut squares: Vec<(f64, f64)> = spans.iter().map(|span| (span.sum / n, 0.0)).collect();
        each(features, rows, stop, &mut |column, numbers| {
            for ((mean, squares), &mut x) in squares[column..].iter_mut().zip(numbers) {
                *squares += (x - *mean) * (x - *mean);
            }
        })?;
        let by = spans.iter().zip(squares).map(|(span, (mean, squares))| {
            let deviation = (squares / n).sqrt();
            // Differences whose squares are below the smallest number are as good as none.
            let divisor = if deviation > 0.0 {
                deviation
            } else {
                f64::INFINITY
            };
            span.unless_constant(|| (mean, divisor))
        });
        Ok(Self(by.collect()))
    }

    /// Scales the numbers of one row, from the feature `column` on.
    pub fn apply(&self, column: usize, numbers: &mut [f64]) {
        for (x, (shift, divisor)) in numbers.iter_mut().zip(&self.0[column..]) {
            *x = (*x - shift) / divisor;
        }
    }
}

/// What the first pass over a feature finds.
#[derive(Clone, Copy)]
struct Span {
    low: f64,
    high: f64,
    sum: f64,
}

impl Default for Span {
    fn default() -> Self {
        Self {
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            sum: 0.0,
        }
    }
}

impl Span {
    /// Asked of the values, not of the deviation: rounding gives equal values a tiny one.
    fn unless_constant(&self, by: impl Fn() -> (f64, f64)) -> (f64, f64) {
        if self.low < self.high {
            by()
        } else {
            (self.low, f64::INFINITY)
        }
    }
}

/// Hands the numbers of `rows`, in order, to `sink`, with the number of the first of their features.
fn each(
    features: &Features,
    rows: &[u32],
    stop: &AtomicBool,
    sink: &mut dyn FnMut(usize, &mut [f64]),
) -> Result<(), Unread> {
    for chunk in rows.chunks(CHUNK) {
        if stop.load(Ordering::Relaxed) {
            return Err(Unread("nobody waits for it".to_owned()));
        }
        features.read(
            chunk.iter().map(|&row| (row, 0)),
            &mut |_, column, numbers| {
                sink(column, numbers);
            },
        )?;
    }
    Ok(())
}
