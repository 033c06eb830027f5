//! What a racer has gone through, in bounded memory: of each bucket of evaluations the first, the
//! last, the lowest and the highest loss are kept; when the trace is full the buckets double.

use smallvec::SmallVec;

/// How many points a trace keeps at most; the first so many evaluations are all there.
pub const CAPACITY: usize = 4096;

/// A place in a racer's run, by each of the three counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Steps taken.
    pub step: u64,
    /// Gradients of single examples taken.
    pub samples: u64,
    /// Seconds on the racer's own clock.
    pub seconds: f64,
}

/// What one evaluation found.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Steps taken before it.
    pub step: u64,
    /// Gradients of single examples taken before it.
    pub samples: u64,
    /// Seconds on the racer's own clock.
    pub seconds: f64,
    /// J on the training part; not finite where the racer diverged.
    pub loss: f64,
    /// Accuracy on the training part, 0..1.
    pub accuracy: Option<f64>,
    /// The loss on the test part.
    pub test_loss: Option<f64>,
    /// Accuracy on the test part, 0..1.
    pub test_accuracy: Option<f64>,
    /// The norm of the gradient last used; none at step 0.
    pub gradient_norm: Option<f64>,
    /// Where the racer is, on surfaces; empty for models.
    pub position: SmallVec<[f64; 2]>,
}

impl Evaluation {
    /// That of a start of which nothing is known, but for its position.
    pub fn unknown(position: SmallVec<[f64; 2]>) -> Self {
        Self {
            step: 0,
            samples: 0,
            seconds: 0.0,
            loss: f64::NAN,
            accuracy: None,
            test_loss: None,
            test_accuracy: None,
            gradient_norm: None,
            position,
        }
    }

    /// When it was.
    pub fn moment(&self) -> Moment {
        Moment {
            step: self.step,
            samples: self.samples,
            seconds: self.seconds,
        }
    }
}

/// Evaluations in the order of their steps, decimated to bounded memory. Starts empty.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    points: Vec<Evaluation>,
    /// Where each bucket's points begin; the last bucket is the one being filled.
    buckets: Vec<usize>,
    /// A bucket holds 2^doublings evaluations.
    doublings: u32,
    /// Evaluations seen so far.
    seen: u64,
    /// The lowest and the highest loss of the last bucket, without its last point.
    range: (f64, f64),
}

impl Trace {
    /// Adds an evaluation; its step must be later than those before.
    pub fn push(&mut self, evaluation: Evaluation) {
        let bucket = 1_u64 << self.doublings;
        if self.seen.is_multiple_of(2 * bucket) && self.points.len() + 8 > CAPACITY {
            self.merge_pairs();
        }
        if self.seen.is_multiple_of(1 << self.doublings) {
            self.buckets.push(self.points.len());
        }
        self.seen += 1;
        let open = self.buckets[self.buckets.len() - 1];
        match &mut self.points[open..] {
            [_, .., last] if !turns(last.loss, self.range, evaluation.loss) => *last = evaluation,
            _ => self.keep_last(open, evaluation),
        }
    }

    /// Adds the evaluations that found these losses, as `make` makes them by their place: only
    /// those that are kept.
    pub fn extend(&mut self, losses: &[f64], make: impl Fn(usize) -> Evaluation) {
        let mut from = 0;
        while from < losses.len() {
            let passed = self.passed(&losses[from..]);
            if passed == 0 {
                self.push(make(from));
                from += 1;
                continue;
            }
            from += passed;
            self.seen += passed as u64;
            if let Some(last) = self.points.last_mut() {
                *last = make(from - 1);
            }
        }
    }

    /// How many of the next `losses` each only take the place of the one before.
    fn passed(&self, losses: &[f64]) -> usize {
        let bucket = 1 << self.doublings;
        let left = (self.seen.next_multiple_of(bucket) - self.seen) as usize;
        let Some([_, .., last]) = self.buckets.last().map(|open| &self.points[*open..]) else {
            return 0;
        };
        let mut loss = last.loss;
        let takes_place = |next: &&f64| {
            let turns = turns(loss, self.range, **next);
            loss = **next;
            !turns
        };
        losses[..left.min(losses.len())]
            .iter()
            .take_while(takes_place)
            .count()
    }

    /// Adds a point to the last bucket, which begins at `open`, beside the one that was its last.
    fn keep_last(&mut self, open: usize, evaluation: Evaluation) {
        self.points.push(evaluation);
        if self.points.len() - open > 4 {
            let kept = extremes(&self.points[open..]);
            keep(&mut self.points, open, kept);
        }
        let before = self.points[open..self.points.len() - 1]
            .iter()
            .map(|point| point.loss);
        self.range = before.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), loss| {
            (low.min(loss), high.max(loss))
        });
    }

    /// The kept evaluations in the order of their steps: the first and the latest are among them.
    pub fn points(&self) -> &[Evaluation] {
        &self.points
    }

    /// The last kept evaluation for which `reached` holds; it must hold for a first stretch of
    /// them and for none after. `None` if it holds for none.
    pub fn last_where(&self, reached: impl Fn(&Evaluation) -> bool) -> Option<&Evaluation> {
        let after = self.points.partition_point(reached);
        self.points[..after].last()
    }

    /// Makes one bucket of each two; called when the number of full buckets is even.
    fn merge_pairs(&mut self) {
        let firsts = self.buckets.iter().copied().step_by(2);
        let ends = firsts.clone().skip(1).chain([self.points.len()]);
        let pairs: Vec<_> = firsts.zip(ends).collect();
        self.buckets.clear();
        let mut to = 0;
        for (from, end) in pairs {
            self.buckets.push(to);
            let kept = extremes(&self.points[from..end]);
            for i in kept.into_iter().flatten() {
                self.points.swap(to, from + i);
                to += 1;
            }
        }
        self.points.truncate(to);
        self.doublings += 1;
    }
}

/// Whether a loss leaves the range of those before it and turns back towards `next`: then it is an
/// extreme that must be kept.
fn turns(loss: f64, (low, high): (f64, f64), next: f64) -> bool {
    (loss < low && loss < next) || (loss > high && loss > next)
}

/// The indices of the first, the lowest, the highest and the last loss, in order and each once.
/// A loss that is not a number counts as the highest.
fn extremes(points: &[Evaluation]) -> [Option<usize>; 4] {
    let key = |i: &usize| {
        if points[*i].loss.is_nan() {
            f64::INFINITY
        } else {
            points[*i].loss
        }
    };
    let by_loss = |a: &usize, b: &usize| key(a).total_cmp(&key(b));
    let low = (0..points.len()).min_by(by_loss).unwrap_or(0);
    let high = (0..points.len()).max_by(by_loss).unwrap_or(0);
    let (first, last) = (0, points.len() - 1);
    let mut order = [first, low.min(high), low.max(high), last].map(Some);
    for i in 1..4 {
        if order[..i].contains(&order[i]) {
            order[i] = None;
        }
    }
    order
}

/// Keeps only `kept` (relative to `open`, ascending) of the points from `open` on.
fn keep(points: &mut Vec<Evaluation>, open: usize, kept: [Option<usize>; 4]) {
    let mut to = open;
    for i in kept.into_iter().flatten() {
        points.swap(to, open + i);
        to += 1;
    }
    points.truncate(to);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(step: u64, loss: f64) -> Evaluation {
        Evaluation {
            step,
            samples: step,
            seconds: 0.0,
            loss,
            accuracy: None,
            test_loss: None,
            test_accuracy: None,
            gradient_norm: None,
            position: SmallVec::new(),
        }
    }

    #[test]
    fn short_traces_keep_everything() {
        let mut trace = Trace::default();
        (0..4000).for_each(|step| trace.push(at(step, 1.0)));
        assert_eq!(trace.points().len(), 4000);
    }

    #[test]
    fn long_traces_keep_ends_and_extremes_in_order() {
        let mut trace = Trace::default();
        let loss = |step: u64| match step {
            77_777 => -5.0,
            123_456 => 9.0,
            _ => (step as f64).sin(),
        };
        for step in 0..=200_000 {
            trace.push(at(step, loss(step)));
            assert!(trace.points().len() <= CAPACITY);
            assert_eq!(trace.points().last().map(|e| e.step), Some(step));
        }
        let steps: Vec<u64> = trace.points().iter().map(|e| e.step).collect();
        assert!(steps.is_sorted_by(|a, b| a < b));
        assert!(steps.len() > CAPACITY / 4);
        for step in [0, 77_777, 123_456, 200_000] {
            assert!(steps.contains(&step), "{step}");
        }
        assert_eq!(
            trace.last_where(|e| e.step <= 77_777).map(|e| e.loss),
            Some(-5.0)
        );
    }
}
