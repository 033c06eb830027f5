//! Which of the points that racers have been through count for a map: not those of a racer that
//! blew up, which would make a dot of all the others.

use rayon::prelude::*;

use crate::math::Real;
use crate::problem::plane::Plane;
use crate::race::snapshot::{Progress, Snapshot};
use crate::race::trace::Evaluation;

/// Points with more than so many times the loss of the start do not count.
const STEEPEST: f64 = 10.0;

/// Nor do those so many times as far from the start as anybody got without being above it.
const FARTHEST: f64 = 3.0;

/// A plane is laid through at most so many points, fewer where that would take more than so many
/// multiply-adds, but not below the third number.
const MOST: usize = 160;
const MULTIPLY_ADDS: f64 = 1e9;
const FEWEST: usize = 16;

/// A point that a racer has been through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point<P> {
    /// Where.
    pub at: P,
    /// Whether the loss there is known not to be above that of the start.
    pub low: bool,
}

/// A racer's points in the order of their steps, beginning with its start.
pub type Track<P> = Vec<Point<P>>;

/// The racers' positions on a surface.
pub fn positions(snapshot: &Snapshot) -> Vec<Track<&[f64]>> {
    snapshot.racers.iter().map(positions_of).collect()
}

fn positions_of(racer: &Progress) -> Track<&[f64]> {
    let evaluations = racer.trace.points();
    let point = |evaluation| {
        let low = judge(racer, std::slice::from_ref(evaluation))?;
        let at = &evaluation.position[..];
        Some(Point { at, low })
    };
    evaluations.iter().filter_map(point).collect()
}

/// What the racers' trails have of a model's parameters.
pub fn waypoints(snapshot: &Snapshot) -> Vec<Track<&[f32]>> {
    snapshot.racers.iter().map(waypoints_of).collect()
}

fn waypoints_of(racer: &Progress) -> Track<&[f32]> {
    let evaluations = racer.trace.points();
    let point = |step: u64, at| {
        // Evaluated there, or else between two evaluations (after the last, so far).
        let next = evaluations.partition_point(|evaluation| evaluation.step < step);
        let here = |evaluation: &&Evaluation| evaluation.step == step;
        let (from, to) = match evaluations.get(next).filter(here) {
            Some(_) => (next, next + 1),
            None => (next.saturating_sub(1), evaluations.len().min(next + 1)),
        };
        let low = judge(racer, &evaluations[from..to])? && next < evaluations.len();
        Some(Point { at, low })
    };
    let points = racer.trail.points().iter();
    points
        .filter_map(|waypoint| point(waypoint.moment.step, &*waypoint.w))
        .collect()
}

/// Whether all of these evaluations are no higher than the racer's start; `None` if one is so high
/// that the points around it do not count.
fn judge(racer: &Progress, evaluations: &[Evaluation]) -> Option<bool> {
    let start = racer.trace.points().first()?.loss;
    let highest = start + (STEEPEST - 1.0) * start.abs();
    let below = |limit: f64| evaluations.iter().all(|at| at.loss <= limit);
    below(highest).then(|| below(start))
}

/// The points that are not too far from their racer's start.
pub fn within_reach<P: Copy>(tracks: &[Track<P>], distance: impl Fn(P, P) -> f64) -> Vec<Track<P>> {
    let far = |track: &Track<P>| -> Vec<f64> {
        let from_start = |point: &Point<P>| distance(track[0].at, point.at);
        track.iter().map(from_start).collect()
    };
    let far: Vec<Vec<f64>> = tracks.iter().map(far).collect();
    let all = || tracks.iter().zip(&far);
    let low = all().flat_map(|(track, far)| track.iter().zip(far).filter(|(point, _)| point.low));
    let reach = low.map(|(_, &far)| far).fold(0.0, f64::max);
    // Where nobody got anywhere without going uphill, there is nothing to go by.
    let limit = if reach > 0.0 && reach.is_finite() {
        FARTHEST * reach
    } else {
        f64::MAX
    };
    let near = |(track, far): (&Track<P>, &Vec<f64>)| {
        let points = track.iter().zip(far);
        let near = points.filter(|(_, far)| **far <= limit);
        near.map(|(point, _)| *point).collect()
    };
    all().map(near).collect()
}

/// At most `most` of the points in all, as many of each racer, evenly spaced between its first and
/// its last.
pub fn thinned<P: Copy>(tracks: &[Track<P>], most: usize) -> Vec<Track<P>> {
    let each = (most / tracks.len().max(1)).max(2);
    let thin = |track: &Track<P>| match track.len() {
        few if few <= each => track.clone(),
        many => {
            let chosen = (0..each).map(|i| i * (many - 1) / (each - 1));
            chosen.map(|i| track[i]).collect()
        }
    };
    tracks.iter().map(thin).collect()
}

/// Through how many points of so many parameters a plane is laid.
pub fn points_for(parameters: usize) -> usize {
    let affordable = (MULTIPLY_ADDS / parameters as f64).sqrt() as usize;
    affordable.clamp(FEWEST, MOST)
}

/// Where in the plane the points lie.
pub fn projected<F: Real>(tracks: &[Track<&[F]>], plane: &Plane) -> Vec<Track<[f64; 2]>> {
    let project = |point: &Point<&[F]>| Point {
        at: plane.project(point.at),
        low: point.low,
    };
    let project = |track: &Track<&[F]>| track.iter().map(project).collect();
    tracks.par_iter().map(project).collect()
}

/// The Euclidean distance.
pub fn distance<F: Real>(a: &[F], b: &[F]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a.get() - b.get()).powi(2));
    squares.sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(points: &[(f64, bool)]) -> Track<f64> {
        let point = |&(at, low)| Point { at, low };
        points.iter().map(point).collect()
    }

    #[test]
    fn who_blew_up_does_not_count() {
        let sound = track(&[(0.0, true), (2.0, false), (4.0, true)]);
        let lost = track(&[
            (0.0, true),
            (-11.0, false),
            (1e300, false),
            (f64::NAN, false),
            (f64::INFINITY, false),
        ]);
        let distance = |a: f64, b: f64| (a - b).abs();
        let near = within_reach(&[sound.clone(), lost.clone()], distance);
        assert_eq!(near, [sound, lost[..2].to_vec()]);
        // Nobody got lower than the start.
        let near = within_reach(std::slice::from_ref(&lost), distance);
        assert_eq!(near, [lost[..3].to_vec()]);
        assert_eq!(within_reach(&[vec![]], distance), [vec![]]);
    }

    #[test]
    fn thinning_keeps_both_ends_of_each() {
        let long: Track<f64> = (0..100)
            .map(|i| Point {
                at: f64::from(i),
                low: true,
            })
            .collect();
        let short = long[..3].to_vec();
        let thin = thinned(&[long.clone(), short.clone()], 10);
        let ats: Vec<f64> = thin[0].iter().map(|point| point.at).collect();
        assert_eq!(ats, [0.0, 24.0, 49.0, 74.0, 99.0]);
        assert_eq!(thin[1], short);
        assert_eq!(thinned(&vec![long; 64], 16)[63].len(), 2);
    }

    #[test]
    fn large_models_have_fewer_points() {
        let table = [
            (3, 160),
            (4522, 160),
            (100_000, 100),
            (1_000_000, 31),
            (1 << 30, 16),
        ];
        for (parameters, want) in table {
            assert_eq!(points_for(parameters), want, "{parameters}");
        }
    }
}
