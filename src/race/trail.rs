//! Where a racer has been in parameter space, at log-spaced steps and in bounded memory: what the
//! map of a model's loss is laid through. Kept only where somebody watches; off, it costs a
//! comparison a step. Nothing here changes what a racer does, and no loss is known.

use std::sync::Arc;

use crate::race::trace::Moment;
use crate::text::count;

/// The bytes that all trails of a race may take.
const MEMORY: usize = 64 << 20;

/// What a point takes beside its parameters.
const OVERHEAD: usize = 64;

/// A trail has at most so many points ...
const MOST: usize = 4096;

/// ... and shows nothing with less than so many.
const FEWEST: usize = 8;

/// A racer's parameters at one moment.
#[derive(Clone, Debug)]
pub struct Waypoint {
    /// When it was there.
    pub moment: Moment,
    /// The parameters, shape (dim), rounded to `f32`; not finite where it diverged.
    pub w: Arc<[f32]>,
}

/// Which steps a trail keeps: the first at or after `ratio` times the one kept before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    ratio: f64,
}

/// Waypoints in the order of their steps. Starts off and empty; a clone shares the points.
#[derive(Clone, Debug)]
pub struct Trail {
    points: Arc<Vec<Waypoint>>,
    spacing: Option<Spacing>,
    /// The next step that is kept; beyond all steps while the trail is off.
    next: u64,
}

impl Spacing {
    /// The spacing with which trails of `racers` racers, over `limit` steps each, take at most
    /// 64 MiB, in at most 4,096 points each.
    ///
    /// # Errors
    /// Why there is no map, where that would leave less than 8 points a trail.
    pub fn new(racers: usize, parameters: usize, limit: u64) -> Result<Self, String> {
        let bytes = parameters
            .saturating_mul(size_of::<f32>())
            .saturating_add(OVERHEAD);
        let capacity = (MEMORY / bytes.saturating_mul(racers.max(1))).min(MOST);
        if capacity < FEWEST {
            let parameters = count(parameters as u64);
            let trails = match racers {
                1 => format!("a trail of {parameters} parameters needs"),
                _ => format!("{racers} trails of {parameters} parameters need"),
            };
            return Err(format!("no map: {trails} more than 64 MiB"));
        }
        let fits = |ratio: f64| Self { ratio }.kept(limit, capacity) <= capacity;
        let (mut low, mut high) = (1.0, limit as f64 + 1.0);
        if fits(low) {
            return Ok(Self { ratio: low });
        }
        for _ in 0..60 {
            let middle = (low * high).sqrt();
            if fits(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(Self { ratio: high })
    }

    /// The step that is kept after `step`.
    fn after(self, step: u64) -> u64 {
        ((step as f64 * self.ratio).ceil() as u64).max(step + 1)
    }

    /// How many points a trail of `limit` steps has, counted until there are more than `most`: the
    /// start, those kept on the way, the end.
    fn kept(self, limit: u64, most: usize) -> usize {
        let mut step = self.after(0);
        let mut kept = 2;
        while step < limit && kept <= most {
            kept += 1;
            step = self.after(step);
        }
        kept
    }
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            points: Arc::default(),
            spacing: None,
            next: u64::MAX,
        }
    }
}

impl Trail {
    /// A trail that is on, with no points yet.
    pub fn with(spacing: Spacing) -> Self {
        Self {
            points: Arc::default(),
            spacing: Some(spacing),
            next: 0,
        }
    }

    /// The points in the order of their steps: the start, and of a racer that is done the last
    /// step. Empty where no trail is kept.
    pub fn points(&self) -> &[Waypoint] {
        &self.points
    }

    /// Whether points are kept.
    pub fn is_on(&self) -> bool {
        self.spacing.is_some()
    }

    /// The next step that is to be kept; beyond all steps while the trail is off.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Adds the parameters `w` at `moment`, which is later than those before, if the trail is on.
    pub fn push(&mut self, moment: Moment, w: Arc<[f32]>) {
        if let Some(spacing) = self.spacing {
            self.next = spacing.after(moment.step);
            Arc::make_mut(&mut self.points).push(Waypoint { moment, w });
        }
    }

    /// Ends the trail at `moment` with the parameters `w`, if it is on. What was kept from there on
    /// goes: a racer that converged between two evaluations has passed the place where it ends.
    pub fn end(&mut self, moment: Moment, w: Arc<[f32]>) {
        if self.spacing.is_none() {
            return;
        }
        let points = Arc::make_mut(&mut self.points);
        points.retain(|point| point.moment.step < moment.step);
        // Of a replayed interval the seconds are interpolated, and may lie before those measured.
        for point in points.iter_mut().rev() {
            if point.moment.seconds <= moment.seconds {
                break;
            }
            point.moment.seconds = moment.seconds;
        }
        points.push(Waypoint { moment, w });
        self.next = u64::MAX;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(step: u64) -> Moment {
        Moment {
            step,
            samples: 64 * step,
            seconds: step as f64,
        }
    }

    fn walk(spacing: Spacing, steps: u64) -> Trail {
        let mut trail = Trail::with(spacing);
        for step in 0..=steps {
            if step >= trail.next() {
                trail.push(at(step), Arc::new([step as f32]));
            }
        }
        trail
    }

    fn steps(trail: &Trail) -> Vec<u64> {
        trail
            .points()
            .iter()
            .map(|point| point.moment.step)
            .collect()
    }

    #[test]
    fn steps_are_log_spaced_and_fit() {
        let table = [
            // racers, parameters, limit, points at least and at most
            (5, 4522, 2000, 500, 739),
            (5, 4522, 20_000, 500, 739),
            (64, 2, 1_000_000_000, 3500, 4096),
            (1, 2, 4000, 4001, 4001),
            (5, 400_000, 1_000_000, 7, 8),
            (1, 10, 1, 2, 2),
        ];
        for (racers, parameters, limit, least, most) in table {
            let case = format!("{racers} of {parameters} over {limit}");
            let spacing = Spacing::new(racers, parameters, limit).expect(&case);
            let mut trail = Trail::with(spacing);
            while trail.next() < limit {
                let step = trail.next();
                trail.push(at(step), Arc::new([]));
            }
            trail.end(at(limit), Arc::new([]));
            let steps = steps(&trail);
            assert!(
                (least..=most).contains(&steps.len()),
                "{case}: {}",
                steps.len()
            );
            assert_eq!((steps[0], steps[steps.len() - 1]), (0, limit), "{case}");
            let bytes = racers * steps.len() * (4 * parameters + OVERHEAD);
            assert!(bytes <= MEMORY, "{case}: {bytes}");
            for pair in steps[1..steps.len() - 1].windows(2) {
                let most = (pair[0] as f64 * spacing.ratio).ceil() as u64;
                assert!(pair[1] <= most.max(pair[0] + 1), "{case}: {pair:?}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_reason() {
        let reason = Spacing::new(5, 12_000_000, 100).expect_err("too large");
        let want = "no map: 5 trails of 12,000,000 parameters need more than 64 MiB";
        assert_eq!(reason, want);
        assert!(Spacing::new(64, usize::MAX, 1).is_err());
        assert!(Spacing::new(1, 2_000_000, 1_000_000).is_ok());
    }

    #[test]
    fn an_end_before_the_last_point_cuts_the_trail() {
        let mut trail = walk(Spacing { ratio: 1.0 }, 10);
        let snapshot = trail.clone();
        let end = Moment {
            seconds: 6.5,
            ..at(8)
        };
        trail.end(end, Arc::new([-1.0]));
        assert_eq!(steps(&trail), (0..=8).collect::<Vec<_>>());
        let seconds: Vec<f64> = trail.points().iter().map(|p| p.moment.seconds).collect();
        assert_eq!(seconds, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.5, 6.5]);
        assert_eq!(trail.points()[8].w[..], [-1.0]);
        assert_eq!(snapshot.points().len(), 11, "snapshots keep what they saw");
    }

    #[test]
    fn a_trail_that_is_off_keeps_nothing() {
        let mut trail = Trail::default();
        assert_eq!(trail.next(), u64::MAX);
        trail.push(at(0), Arc::new([0.0]));
        trail.end(at(1), Arc::new([0.0]));
        assert!(trail.points().is_empty());
    }
}
