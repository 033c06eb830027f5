//! Which part of the ground each dot shows: the nearest one. Triangles are filled with what lies
//! between their corners, and nearer dots replace farther ones (Catmull 1974).

use super::camera::Place;

/// A corner of a triangle.
#[derive(Clone, Copy, Debug)]
pub struct Corner {
    /// Where it is on the screen.
    pub place: Place,
    /// How high the ground is there; below 0 on the block's sides.
    pub height: f64,
    /// How much light falls on it, 0..1.
    pub light: f64,
}

/// What one dot shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// How far away it is; infinite where there is nothing.
    pub away: f32,
    /// See [`Corner::height`].
    pub height: f32,
    /// See [`Corner::light`].
    pub light: f32,
}

/// Dots in rows from the top.
#[derive(Debug)]
pub struct Raster {
    /// Dots in a row, and rows.
    pub size: [usize; 2],
    dots: Vec<Dot>,
}

const NOTHING: Dot = Dot {
    away: f32::INFINITY,
    height: 0.0,
    light: 0.0,
};

impl Raster {
    /// Dots that show nothing.
    pub fn new(size: [usize; 2]) -> Self {
        Self {
            size,
            dots: vec![NOTHING; size[0] * size[1]],
        }
    }

    /// What a dot shows, if anything.
    pub fn dot(&self, [x, y]: [usize; 2]) -> Option<Dot> {
        let dot = (x < self.size[0]).then(|| self.dots.get(y * self.size[0] + x))?;
        dot.copied().filter(|dot| dot.away.is_finite())
    }

    /// Fills the parallelogram-like patch between four corners, in order around it. One with a corner
    /// that is not finite is left out.
    pub fn patch(&mut self, [a, b, c, d]: [Corner; 4]) {
        if [a, b, c, d]
            .iter()
            .all(|corner| corner.place.iter().all(|x| x.is_finite()))
        {
            self.triangle([a, b, c]);
            self.triangle([a, c, d]);
        }
    }

    fn triangle(&mut self, corners: [Corner; 3]) {
        let [a, b, c] = corners.map(|corner| corner.place);
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
        if area.abs() < 1e-9 {
            return;
        }
        let span = |i: usize| {
            let (low, high) = (a[i].min(b[i]).min(c[i]), a[i].max(b[i]).max(c[i]));
            let last = self.size[i] as f64 - 1.0;
            (low.ceil().max(0.0) as usize, high.floor().min(last))
        };
        let ((left, right), (top, bottom)) = (span(0), span(1));
        if right < left as f64 || bottom < top as f64 {
            return;
        }
        for y in top..=bottom as usize {
            for x in left..=right as usize {
                let (px, py) = (x as f64 - a[0], y as f64 - a[1]);
                let second = (px * (c[1] - a[1]) - (c[0] - a[0]) * py) / area;
                let third = ((b[0] - a[0]) * py - px * (b[1] - a[1])) / area;
                let first = 1.0 - second - third;
                if first >= -1e-9 && second >= -1e-9 && third >= -1e-9 {
                    self.show([x, y], corners, [first, second, third]);
                }
            }
        }
    }

    /// Lets a dot show what lies between the corners by these weights, if that is nearer.
    fn show(&mut self, [x, y]: [usize; 2], corners: [Corner; 3], weights: [f64; 3]) {
        let mix = |of: fn(&Corner) -> f64| -> f64 {
            corners
                .iter()
                .zip(weights)
                .map(|(corner, weight)| of(corner) * weight)
                .sum()
        };
        let dot = &mut self.dots[y * self.size[0] + x];
        let away = mix(|corner| corner.place[2]) as f32;
        if away < dot.away {
            *dot = Dot {
                away,
                height: mix(|corner| corner.height) as f32,
                light: mix(|corner| corner.light) as f32,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patch(away: f64, height: f64) -> [Corner; 4] {
        [[1.0, 1.0], [5.0, 1.0], [5.0, 5.0], [1.0, 5.0]].map(|[x, y]| Corner {
            place: [x, y, away],
            height,
            light: x / 5.0,
        })
    }

    #[test]
    fn the_nearer_hides_the_farther_whatever_comes_first() {
        for order in [[1.0, 2.0], [2.0, 1.0]] {
            let mut raster = Raster::new([8, 8]);
            for away in order {
                raster.patch(patch(away, away / 10.0));
            }
            let dot = raster.dot([3, 3]).unwrap();
            assert_eq!((dot.away, dot.height), (1.0, 0.1));
            assert!((dot.light - 0.6).abs() < 1e-6);
        }
    }

    #[test]
    fn a_patch_fills_all_its_dots_and_no_others() {
        let mut raster = Raster::new([8, 8]);
        raster.patch(patch(1.0, 0.5));
        for (x, y) in (0..8).flat_map(|x| (0..8).map(move |y| (x, y))) {
            let inside = (1..=5).contains(&x) && (1..=5).contains(&y);
            assert_eq!(raster.dot([x, y]).is_some(), inside, "{x} {y}");
        }
        assert_eq!(raster.dot([8, 0]), None);
    }

    #[test]
    fn what_lies_outside_or_is_no_number_is_left_out() {
        let mut raster = Raster::new([4, 4]);
        let shifted = |by: f64| {
            patch(1.0, 0.5).map(|corner| Corner {
                place: [corner.place[0] + by, corner.place[1], 1.0],
                ..corner
            })
        };
        for by in [-100.0, 100.0, f64::NAN, f64::INFINITY] {
            raster.patch(shifted(by));
        }
        assert!((0..16).all(|i| raster.dot([i % 4, i / 4]).is_none()));
        Raster::new([0, 0]).patch(patch(1.0, 0.5));
    }
}
