//! A line or a plane through parameter space, for maps of the loss: along the parameters
//! themselves where there are one or two, else along the two principal directions of given points.
//! No loss is known here.

use std::sync::atomic::AtomicBool;

use ndarray::Array1;

use crate::math::{Real, eigen};

mod cloud;
use cloud::Cloud;

/// Beyond so large a sum of squares, differences of points can no longer be squared.
const LARGEST: f64 = 1e300;

/// A line or a plane with coordinates of its own.
#[derive(Clone, Debug)]
pub struct Plane(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// So many parameters as they are.
    Parameters(usize),
    /// Through `origin` along two orthogonal `directions` of length 1, all of shape (dim).
    Principal {
        origin: Array1<f64>,
        directions: [Array1<f64>; 2],
        explained: f64,
    },
}

impl Plane {
    /// The parameters themselves.
    ///
    /// # Panics
    /// Unless there are one or two.
    pub fn parameters(count: usize) -> Self {
        assert!((1..=2).contains(&count), "{count} parameters are no plane");
        Self(Kind::Parameters(count))
    }

    /// The plane through the mean of `points`, each of the same dim >= 2, along their two first
    /// principal directions. The first point lies at or below 0 on both axes, so that the picture
    /// does not flip when points are added. Points that are not finite are left out. Costs points^2
    /// dim multiply-adds, on the rayon pool it is called in.
    ///
    /// `None` if the points are all the same, or `stop` was set meanwhile.
    pub fn principal<F: Real>(points: &[&[F]], stop: &AtomicBool) -> Option<Self> {
        let points: Vec<&[F]> = points.iter().copied().filter(|w| is_usable(w)).collect();
        let dim = points.first()?.len();
        let cloud = Cloud {
            points: &points,
            stop,
        };
        let gram = cloud.gram(dim)?;
        let total = gram.diag().sum();
        let found = eigen::leading(gram.view(), 2);
        if found.is_empty() {
            return None;
        }
        let (origin, [first, second]) = cloud.directions(dim, &found)?;
        let first = normal(first)?;
        // Points on a line leave the second direction open.
        let second = upright(second, &first).or_else(|| upright(across(&first), &first))?;
        let explained = found.iter().map(|(value, _)| value).sum::<f64>() / total;
        let mut plane = Kind::Principal {
            origin,
            directions: [first, second],
            explained: explained.clamp(0.0, 1.0),
        };
        plane.turn_to_start(points[0], total.sqrt());
        Some(Self(plane))
    }

    /// How many axes it has: 1 or 2.
    pub fn axes(&self) -> usize {
        match &self.0 {
            Kind::Parameters(count) => *count,
            Kind::Principal { .. } => 2,
        }
    }

    /// The share of the points' variance that lies in the plane, 0..1; none where the axes are the
    /// parameters.
    pub fn explained(&self) -> Option<f64> {
        match &self.0 {
            Kind::Parameters(_) => None,
            Kind::Principal { explained, .. } => Some(*explained),
        }
    }

    /// The number of parameters of its points.
    pub fn dim(&self) -> usize {
        match &self.0 {
            Kind::Parameters(count) => *count,
            Kind::Principal { origin, .. } => origin.len(),
        }
    }

    /// Where in the plane the point nearest to `w`, of shape (dim), lies; the second coordinate of
    /// a line is 0. Not finite where `w` is not.
    pub fn project<F: Real>(&self, w: &[F]) -> [f64; 2] {
        self.0.project(w)
    }

    /// The parameters at a place in the plane, shape (dim).
    pub fn point<F: Real>(&self, at: [f64; 2]) -> Array1<F> {
        match &self.0 {
            Kind::Parameters(count) => at[..*count].iter().map(|&x| F::of(x)).collect(),
            Kind::Principal {
                origin,
                directions: [u, v],
                ..
            } => {
                let along = origin.iter().zip(u).zip(v);
                along
                    .map(|((o, u), v)| F::of(o + at[0] * u + at[1] * v))
                    .collect()
            }
        }
    }
}

impl Kind {
    fn project<F: Real>(&self, w: &[F]) -> [f64; 2] {
        match self {
            Self::Parameters(1) => [w[0].get(), 0.0],
            Self::Parameters(_) => [w[0].get(), w[1].get()],
            Self::Principal {
                origin,
                directions: [u, v],
                ..
            } => {
                let along = w.iter().zip(origin).zip(u.iter().zip(v));
                along.fold([0.0, 0.0], |[x, y], ((w, o), (u, v))| {
                    let from = w.get() - o;
                    [x + from * u, y + from * v]
                })
            }
        }
    }

    /// Turns each direction so that `start` lies at or below 0; where it lies at 0, as far as a
    /// cloud of this `size` can tell, so that the largest component is positive.
    fn turn_to_start<F: Real>(&mut self, start: &[F], size: f64) {
        let place = self.project(start);
        let Self::Principal { directions, .. } = self else {
            return;
        };
        for (direction, at) in directions.iter_mut().zip(place) {
            let largest =
                direction.iter().fold(
                    0.0_f64,
                    |most, &x| if x.abs() > most.abs() { x } else { most },
                );
            let wrong = if at.abs() > 1e-9 * size {
                at > 0.0
            } else {
                largest < 0.0
            };
            if wrong {
                direction.map_inplace(|x| *x = -*x);
            }
        }
    }
}

fn is_usable<F: Real>(w: &[F]) -> bool {
    w.iter().map(|w| w.get() * w.get()).sum::<f64>() < LARGEST
}

/// `v` at length 1; `None` if it has no direction.
fn normal(v: Array1<f64>) -> Option<Array1<f64>> {
    let length = v.dot(&v).sqrt();
    (length > 1e-12).then(|| v / length)
}

/// What of `v` is at right angles to `u`, at length 1.
fn upright(v: Array1<f64>, u: &Array1<f64>) -> Option<Array1<f64>> {
    normal(&v - &(u * u.dot(&v)))
}

/// Some direction at right angles to `u`, as near to an axis as can be.
fn across(u: &Array1<f64>) -> Array1<f64> {
    let flattest = u
        .iter()
        .enumerate()
        .min_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
        .map_or(0, |(i, _)| i);
    let mut v = u * -u[flattest];
    v[flattest] += 1.0;
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    static GO: AtomicBool = AtomicBool::new(false);

    fn principal(points: &[Vec<f64>]) -> Option<Plane> {
        let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
        Plane::principal(&points, &GO)
    }

    /// Points around (1, 1, ...) in `dim` dimensions, so far along the first, the fourth and the
    /// last axis.
    fn points(dim: usize, along: &[[f64; 3]]) -> Vec<Vec<f64>> {
        let point = |[a, b, c]: &[f64; 3]| {
            let mut point = vec![1.0; dim];
            point[0] += a;
            point[3] += b;
            point[dim - 1] += c;
            point
        };
        along.iter().map(point).collect()
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 * b.abs().max(1.0)
    }

    #[test]
    fn a_known_plane_comes_back() {
        // The sums of squares are 50, 8 and 2 along the three axes.
        let along = [
            [-5.0, 0.0, 0.0],
            [5.0, 0.0, 0.0],
            [0.0, 2.0, 0.0],
            [0.0, -2.0, 0.0],
            [0.0, 0.0, 1.0],
            [0.0, 0.0, -1.0],
        ];
        for dim in [5, 2048, 4500] {
            let points = points(dim, &along);
            let plane = principal(&points).expect("the points differ");
            assert_eq!((plane.axes(), plane.dim()), (2, dim));
            assert!(
                plane
                    .explained()
                    .is_some_and(|share| near(share, 58.0 / 60.0))
            );
            let want = [
                [-5.0, 0.0],
                [5.0, 0.0],
                [0.0, 2.0],
                [0.0, -2.0],
                [0.0; 2],
                [0.0; 2],
            ];
            for (point, want) in points.iter().zip(want) {
                let got = plane.project(point);
                assert!(near(got[0], want[0]) && near(got[1], want[1]), "{got:?}");
            }
            let back: Array1<f64> = plane.point(plane.project(&points[1]));
            assert!(back.iter().zip(&points[1]).all(|(a, b)| near(*a, *b)));
            let single: Array1<f32> = plane.point([0.5, 0.25]);
            let place = plane.project(single.as_slice().expect("contiguous"));
            assert!((place[0] - 0.5).abs() < 1e-5 && (place[1] - 0.25).abs() < 1e-5);
        }
    }

    #[test]
    fn the_start_lies_at_the_lower_left() {
        let walk = |sign: f64| points(6, &[[0.0; 3], [sign, 0.0, 0.0], [3.0 * sign, sign, 0.0]]);
        for sign in [-1.0, 1.0] {
            let walk = walk(sign);
            let plane = principal(&walk).expect("the points differ");
            let start = plane.project(&walk[0]);
            assert!(start[0] < 0.0 && start[1] <= 0.0, "{start:?}");
        }
    }

    #[test]
    fn points_on_a_line_have_a_plane_and_a_single_one_has_none() {
        let line = points(5, &[[0.0; 3], [1.0, 1.0, 0.0], [4.0, 4.0, 0.0]]);
        let plane = principal(&line).expect("the points differ");
        assert!(plane.explained().is_some_and(|share| near(share, 1.0)));
        for point in &line {
            assert!(plane.project(point)[1].abs() < 1e-9);
        }
        let [u, v] = [[1.0, 0.0], [0.0, 1.0]]
            .map(|at| plane.point::<f64>(at) - plane.point::<f64>([0.0; 2]));
        assert!(near(u.dot(&u), 1.0) && near(v.dot(&v), 1.0) && u.dot(&v).abs() < 1e-12);

        assert!(principal(&[]).is_none());
        assert!(principal(&line[..1]).is_none());
        assert!(
            principal(&vec![vec![0.1, 0.2, 0.3]; 7]).is_none(),
            "all the same"
        );
    }

    #[test]
    fn points_that_are_lost_are_left_out() {
        let sound = points(5, &[[0.0; 3], [3.0, 0.0, 0.0], [3.0, 1.0, 0.0]]);
        let mut all = sound.clone();
        for lost in [f64::NAN, f64::INFINITY, 1e200] {
            all.insert(0, vec![lost; 5]);
            all.push(vec![0.0, lost, 0.0, 0.0, 0.0]);
        }
        let (want, got) = (principal(&sound), principal(&all));
        let (want, got) = (want.expect("sound"), got.expect("the others are sound"));
        assert_eq!(want.project(&sound[2]), got.project(&sound[2]));
        assert!(principal(&all[..3]).is_none());
    }

    #[test]
    fn it_stops_when_told_to() {
        let points = points(5, &[[0.0; 3], [3.0, 0.0, 0.0]]);
        let points: Vec<&[f64]> = points.iter().map(Vec::as_slice).collect();
        assert!(Plane::principal(&points, &AtomicBool::new(true)).is_none());
    }

    #[test]
    fn parameters_are_their_own_plane() {
        let (line, plane) = (Plane::parameters(1), Plane::parameters(2));
        assert_eq!((line.axes(), plane.axes()), (1, 2));
        assert_eq!(line.project(&[3.5]), [3.5, 0.0]);
        assert_eq!(plane.project(&[3.5_f32, -1.0]), [3.5, -1.0]);
        assert_eq!(plane.point::<f64>([3.5, -1.0]).to_vec(), [3.5, -1.0]);
        assert_eq!(line.point::<f32>([3.5, 9.0]).to_vec(), [3.5]);
        assert_eq!(plane.explained(), None);
    }
}
