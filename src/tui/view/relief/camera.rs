//! From where the relief is seen, and where that puts a point of the ground on the screen.

use crate::tui::desk::Camera;

/// How high the highest ground stands, when the ground is 2 wide.
const RISE: f64 = 0.85;

/// How far below the lowest ground the block's foot lies, in parts of its height.
pub const FOOT: f64 = -0.14;

/// How much what is one unit farther away is smaller.
const DEPTH: f64 = 0.16;

/// A corner of the ground is so far from its middle.
const CORNER: f64 = std::f64::consts::SQRT_2;

/// A place on the screen: dots from the left, dots from the top, and how far away.
pub type Place = [f64; 3];

/// Puts points of the ground on a screen of so many dots.
#[derive(Clone, Copy, Debug)]
pub struct Projection {
    /// Sine and cosine of the azimuth and of the elevation.
    azimuth: [f64; 2],
    elevation: [f64; 2],
    /// Dots in a unit, across and down.
    scale: [f64; 2],
    /// Where the ground's middle is, in dots.
    middle: [f64; 2],
}

impl Projection {
    /// The projection on `dots` dots across and down, one of which is `size` wide and high.
    pub fn new(camera: Camera, dots: [usize; 2], size: [f64; 2]) -> Self {
        let of = |degrees: f64| [degrees.to_radians().sin(), degrees.to_radians().cos()];
        let mut projection = Self {
            azimuth: [0.0, 1.0],
            elevation: of(camera.elevation),
            scale: [1.0, -1.0],
            middle: [0.0, 0.0],
        };
        // A corner comes to all places of a circle as the ground turns: what it reaches there is the
        // same for every azimuth, so that the block keeps its size.
        let (mut lowest, mut highest, mut width) = (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64);
        for height in [FOOT, 1.0] {
            for back in [-CORNER, CORNER] {
                let up = projection.turned([0.0, back], height)[1];
                (lowest, highest) = (lowest.min(up), highest.max(up));
            }
            width = width.max(projection.reach(height));
        }
        let sides = [0, 1].map(|i| dots[i].saturating_sub(1) as f64 * size[i]);
        let unit = (sides[0] / (2.0 * width)).min(sides[1] / (highest - lowest));
        projection.azimuth = of(camera.azimuth);
        projection.scale = [unit / size[0], -unit / size[1]];
        projection.middle = [
            sides[0] / size[0] / 2.0,
            sides[1] / size[1] / 2.0 + unit / size[1] * highest.midpoint(lowest),
        ];
        projection
    }

    /// Where a point of the ground is: `at` in fractions of its bounds, `height` from 0 to 1.
    pub fn place(&self, at: [f64; 2], height: f64) -> Place {
        let [x, y, away] = self.turned(at.map(|part| 2.0 * part - 1.0), height);
        [
            self.middle[0] + self.scale[0] * x,
            self.middle[1] + self.scale[1] * y,
            away,
        ]
    }

    /// How far to the side a corner of this height comes at most, in units. It is nearer there than the
    /// middle, so that this is more than its distance from it.
    fn reach(&self, height: f64) -> f64 {
        let [sin, cos] = self.elevation;
        let middle = 1.0 - DEPTH * RISE * (height - 0.5) * sin;
        CORNER / (middle.powi(2) - (DEPTH * CORNER * cos).powi(2)).sqrt()
    }

    /// The same in units, from the middle of the ground: to the right, up, and away.
    fn turned(&self, [x, y]: [f64; 2], height: f64) -> [f64; 3] {
        let [sin, cos] = self.azimuth;
        let (across, back) = (x * cos - y * sin, x * sin + y * cos);
        let up = RISE * (height - 0.5);
        let [sin, cos] = self.elevation;
        let away = back * cos - up * sin;
        let near = 1.0 / (1.0 + DEPTH * away);
        [near * across, near * (back * sin + up * cos), away]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera(azimuth: f64, elevation: f64) -> Camera {
        Camera {
            azimuth,
            elevation,
            turning: false,
        }
    }

    fn close(a: [f64; 3], b: [f64; 3]) {
        let near = a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near, "{a:?} {b:?}");
    }

    #[test]
    fn points_are_where_they_are_by_hand() {
        let half = 0.5_f64.sqrt();
        // From straight above the ground lies as on the plan.
        let above = Projection::new(camera(0.0, 90.0), [101, 101], [1.0, 1.0]);
        close(above.turned([1.0, 0.5], 0.5), [1.0, 0.5, 0.0]);
        // A quarter turn brings what was at the right to the back.
        let turned = Projection::new(camera(90.0, 90.0), [101, 101], [1.0, 1.0]);
        close(turned.turned([1.0, 0.0], 0.5), [0.0, 1.0, 0.0]);
        // From 45 degrees what is back and what is high are both up; what is near is larger.
        let slanted = Projection::new(camera(0.0, 45.0), [101, 101], [1.0, 1.0]);
        let near = 1.0 / (1.0 - 0.16 * half);
        close(
            slanted.turned([0.5, -1.0], 0.5),
            [0.5 * near, -half * near, -half],
        );
        let high = 0.425 * half;
        let near = 1.0 / (1.0 - 0.16 * high);
        close(slanted.turned([0.0, 0.0], 1.0), [0.0, high * near, -high]);
    }

    #[test]
    fn the_whole_block_is_on_the_screen_from_everywhere() {
        for (dots, size) in [
            ([160, 140], [0.5, 0.5]),
            ([40, 60], [0.5, 1.0]),
            ([30, 90], [1.0, 1.0]),
        ] {
            for azimuth in (0..360).step_by(9) {
                for elevation in [15.0, 35.0, 60.0, 85.0] {
                    let projection =
                        Projection::new(camera(f64::from(azimuth), elevation), dots, size);
                    for corner in [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]] {
                        for height in [FOOT, 1.0] {
                            let [x, y, _] = projection.place(corner, height);
                            let inside =
                                |at: f64, dots: usize| (-0.5..dots as f64 - 0.5).contains(&at);
                            assert!(
                                inside(x, dots[0]) && inside(y, dots[1]),
                                "{azimuth} {elevation} {corner:?} {height}: {x} {y} of {dots:?}"
                            );
                        }
                    }
                }
            }
        }
    }
}
