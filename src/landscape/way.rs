//! A racer's way over a map, as it grows.

use std::sync::Arc;

use super::map::Map;
use crate::problem::plane::Plane;
use crate::race::snapshot::Progress;
use crate::race::trace::Moment;

/// One racer's way over a map, kept from frame to frame: to project all of a trail again would take
/// longer than a frame may. Starts empty.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// When the racer was where, in the order of its steps; without places that are not finite.
    pub points: Vec<(Moment, [f64; 2])>,
    /// The plane of the map it is on.
    plane: Option<Arc<Plane>>,
    /// How many of the racer's points were gone through, and the last of them.
    seen: (usize, Option<Moment>),
}

impl Map {
    /// A racer's way: its evaluations' positions on a surface, else what its trail has kept.
    pub fn way(&self, racer: &Progress) -> Vec<(Moment, [f64; 2])> {
        let mut way = Way::default();
        self.extend_way(racer, &mut way);
        way.points
    }

    /// Brings `way` to where `racer` is now. It may be of an earlier map, or of a race that began
    /// anew: then it is made anew. To be kept apart for each racer.
    pub fn extend_way(&self, racer: &Progress, way: &mut Way) {
        let known = way
            .plane
            .as_ref()
            .is_some_and(|plane| Arc::ptr_eq(plane, &self.plane));
        if !known {
            *way = Way {
                plane: Some(Arc::clone(&self.plane)),
                ..Way::default()
            };
        }
        let trail = racer.trail.points();
        if trail.is_empty() {
            // Traces are decimated as they grow: what was seen may be gone.
            let points = racer.trace.points();
            let place = |i: usize| self.place_of(&points[i].position);
            way.go_on(points.len(), false, |i| points[i].moment(), place);
        } else {
            let moment = |i: usize| trail[i].moment;
            let grown = way.has_seen(trail.len(), moment);
            let place = |i: usize| self.place_of(&trail[i].w);
            way.go_on(trail.len(), grown, moment, place);
        }
    }
}

impl Way {
    /// Whether what was seen is still there in a list of `count` points.
    fn has_seen(&self, count: usize, moment: impl Fn(usize) -> Moment) -> bool {
        let (seen, last) = self.seen;
        seen <= count && (seen == 0 || Some(moment(seen - 1)) == last)
    }

    /// Adds the points after those seen, or all again unless the list has only `grown`.
    fn go_on(
        &mut self,
        count: usize,
        grown: bool,
        moment: impl Fn(usize) -> Moment,
        place: impl Fn(usize) -> Option<[f64; 2]>,
    ) {
        let last = count.checked_sub(1).map(&moment);
        if self.seen == (count, last) {
            return;
        }
        let from = if grown { self.seen.0 } else { 0 };
        if from == 0 {
            self.points.clear();
        }
        for i in from..count {
            let place = place(i).map(|place| (moment(i), place));
            self.points.extend(place);
        }
        self.seen = (count, last);
    }
}
