//! The line search: along a direction, a length at which the loss has fallen enough and its slope has
//! flattened enough, the strong Wolfe conditions.
//!
//! Nocedal and Wright, "Numerical optimization", algorithms 3.5 and 3.6, with the cubic interpolation
//! of equation 3.59.

/// The loss has to fall by at least this part of what its slope at the start promises ...
const ENOUGH: f64 = 1e-4;

/// ... and the slope to come down to this part.
const FLAT: f64 = 0.9;

/// At most so many points are tried.
pub(super) const TRIALS: usize = 25;

/// Brackets are not narrowed any further where no parameter would move by this much.
const NARROW: f64 = 1e-9;

/// A point on the way: how far it is, the loss there and its slope along the direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// How many times the direction.
    pub length: f64,
    /// The loss.
    pub loss: f64,
    /// Its derivative by the length.
    pub slope: f64,
}

impl Point {
    fn is_finite(self) -> bool {
        self.loss.is_finite() && self.slope.is_finite()
    }
}

/// What goes along the direction.
pub(super) trait Way {
    /// The loss and its slope at this length; the gradient there is kept as that of the trial.
    fn try_at(&mut self, length: f64) -> Point;
    /// Keeps the trial's gradient for this end of the bracket, 0 or 1.
    fn keep(&mut self, end: usize);
    /// Both ends change places.
    fn swap(&mut self);
}

/// Searches from `start`, whose gradient is kept for end 0, with `first` as the first length.
/// `reach` is how far the direction moves the parameter that it moves most. Returns the best point
/// found, whose gradient is then kept for end 0; `start` itself where nothing is better.
pub(super) fn search(way: &mut impl Way, start: Point, first: f64, reach: f64) -> Point {
    let fell = |point: Point| {
        point.is_finite() && point.loss <= start.loss + ENOUGH * point.length * start.slope
    };
    let flat = |point: Point| point.slope.abs() <= -FLAT * start.slope;
    // From `low` on outwards, until a minimum lies between two points.
    let mut low = start;
    let mut high = way.try_at(first);
    let mut trials = 1;
    loop {
        let rose = trials > 2 && high.loss >= low.loss;
        if fell(high) && !rose && flat(high) {
            way.keep(0);
            return high;
        }
        way.keep(1);
        if !fell(high) || rose || high.slope >= 0.0 {
            break;
        }
        if trials > TRIALS {
            way.swap();
            return high;
        }
        let (nearest, farthest) = (
            high.length + 0.01 * (high.length - low.length),
            10.0 * high.length,
        );
        let next = minimum(low, high).map_or(nearest.midpoint(farthest), |next| {
            next.clamp(nearest, farthest)
        });
        way.swap();
        low = high;
        high = way.try_at(next);
        trials += 1;
    }
    narrow(way, [low, high], (fell, flat), (reach, trials))
}

/// Narrows the bracket `ends` until a point between is good, and returns the better end.
fn narrow(
    way: &mut impl Way,
    [mut low, mut high]: [Point; 2],
    (fell, flat): (impl Fn(Point) -> bool, impl Fn(Point) -> bool),
    (reach, mut trials): (f64, usize),
) -> Point {
    if high.is_finite() && high.loss < low.loss {
        (low, high) = (high, low);
        way.swap();
    }
    let mut was_near = false;
    while trials <= TRIALS && (high.length - low.length).abs() * reach >= NARROW {
        let (nearest, farthest) = (low.length.min(high.length), low.length.max(high.length));
        let mut next = minimum(low, high).unwrap_or(nearest.midpoint(farthest));
        // Twice in a row next to an end, or on it: rather somewhat inside.
        let margin = 0.1 * (farthest - nearest);
        let is_near = (farthest - next).min(next - nearest) < margin;
        if is_near && (was_near || next >= farthest || next <= nearest) {
            next = if (next - farthest).abs() < (next - nearest).abs() {
                farthest - margin
            } else {
                nearest + margin
            };
            was_near = false;
        } else {
            was_near = is_near;
        }
        let point = way.try_at(next);
        trials += 1;
        if !fell(point) || point.loss >= low.loss {
            way.keep(1);
            high = point;
            if high.is_finite() && high.loss < low.loss {
                (low, high) = (high, low);
                way.swap();
            }
            continue;
        }
        let is_done = flat(point);
        if !is_done && point.slope * (high.length - low.length) >= 0.0 {
            high = low;
            way.swap();
        }
        way.keep(0);
        low = point;
        if is_done {
            break;
        }
    }
    low
}

/// Where the cubic through both points, with their slopes, has its minimum, if it has one.
fn minimum(a: Point, b: Point) -> Option<f64> {
    let (a, b) = if a.length <= b.length { (a, b) } else { (b, a) };
    let width = b.length - a.length;
    let mixed = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.length - b.length);
    let square = mixed * mixed - a.slope * b.slope;
    let root = square.sqrt();
    let share = (b.slope + root - mixed) / (b.slope - a.slope + 2.0 * root);
    let found = b.length - width * share;
    Some(found).filter(|found| found.is_finite())
}
