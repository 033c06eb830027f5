//! The rows: formula, value, slope, view, minima, usual start.

use std::f64::consts::{E, PI, TAU};

use libm::{cos, exp, sin, sqrt};

use super::Surface;

const XY: &[&str] = &["x", "y"];

/// All shipped surfaces, in the order they are listed.
pub const SURFACES: &[Surface] = &[
    Surface {
        id: "beale",
        formula: "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        variables: XY,
        value: |w| squares(&beale(w)),
        slope: |x, y, value| {
            let [a, b, c] = beale(&[x, y]);
            *value = squares(&[a, b, c]);
            (
                2.0 * (a * (y - 1.0) + b * (y * y - 1.0) + c * (y * y * y - 1.0)),
                2.0 * x * (a + 2.0 * b * y + 3.0 * c * y * y),
            )
        },
        view: 4.5,
        minima: &[&[3.0, 0.5]],
        start: &[1.0, 1.0],
        about: "a curved plateau between steep walls",
    },
    Surface {
        id: "rosenbrock",
        formula: "(1 - x)^2 + 100*(y - x^2)^2",
        variables: XY,
        value: |w| {
            let (a, b) = (1.0 - w[0], w[1] - w[0] * w[0]);
            a * a + 100.0 * b * b
        },
        slope: |x, y, value| {
            let (a, b) = (1.0 - x, y - x * x);
            *value = a * a + 100.0 * b * b;
            (-2.0 * a - 400.0 * x * b, 200.0 * b)
        },
        view: 2.0,
        minima: &[&[1.0, 1.0]],
        start: &[-1.2, 1.0],
        about: "a narrow bent valley: easy to enter, slow to follow",
    },
    Surface {
        id: "booth",
        formula: "(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        variables: XY,
        value: |w| {
            let (a, b) = (w[0] + 2.0 * w[1] - 7.0, 2.0 * w[0] + w[1] - 5.0);
            a * a + b * b
        },
        slope: |x, y, value| {
            let (a, b) = (x + 2.0 * y - 7.0, 2.0 * x + y - 5.0);
            *value = a * a + b * b;
            (2.0 * a + 4.0 * b, 4.0 * a + 2.0 * b)
        },
        view: 10.0,
        minima: &[&[1.0, 3.0]],
        start: &[-8.0, 8.0],
        about: "the easy case: a well-conditioned bowl",
    },
    Surface {
        id: "himmelblau",
        formula: "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        variables: XY,
        value: |w| {
            let (a, b) = (w[0] * w[0] + w[1] - 11.0, w[0] + w[1] * w[1] - 7.0);
            a * a + b * b
        },
        slope: |x, y, value| {
            let (a, b) = (x * x + y - 11.0, x + y * y - 7.0);
            *value = a * a + b * b;
            (4.0 * x * a + 2.0 * b, 2.0 * a + 4.0 * y * b)
        },
        view: 5.0,
        minima: &[
            &[3.0, 2.0],
            &[-2.805_118, 3.131_312],
            &[-3.779_310, -3.283_186],
            &[3.584_428, -1.848_126],
        ],
        start: &[0.0, 0.0],
        about: "four minima of equal depth: where a racer ends is luck of the path",
    },
    Surface {
        id: "three-hump",
        formula: "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        variables: XY,
        value: three_hump,
        slope: |x, y, value| {
            let xx = x * x;
            *value = three_hump(&[x, y]);
            (4.0 * x - 4.2 * xx * x + xx * xx * x + y, x + 2.0 * y)
        },
        view: 5.0,
        minima: &[&[0.0, 0.0]],
        start: &[-2.0, 1.0],
        about: "the three-hump camel: a good minimum between two poor ones",
    },
    Surface {
        id: "rastrigin",
        formula: "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
        variables: XY,
        value: rastrigin,
        slope: |x, y, value| {
            let along = |x: f64| 2.0 * x + 20.0 * PI * sin(TAU * x);
            *value = rastrigin(&[x, y]);
            (along(x), along(y))
        },
        view: 5.12,
        minima: &[&[0.0, 0.0]],
        start: &[-2.0, 3.5],
        about: "an egg box: local minima everywhere",
    },
    Surface {
        id: "ackley",
        formula: "20 + e - 20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2)",
        variables: XY,
        value: |w| {
            let radius = sqrt(f64::midpoint(w[0] * w[0], w[1] * w[1]));
            let waves = f64::midpoint(cos(TAU * w[0]), cos(TAU * w[1]));
            20.0 + E - 20.0 * exp(-0.2 * radius) - exp(waves)
        },
        slope: |x, y, value| {
            let radius = sqrt(f64::midpoint(x * x, y * y));
            let waves = exp(f64::midpoint(cos(TAU * x), cos(TAU * y)));
            let fall = exp(-0.2 * radius);
            *value = 20.0 + E - 20.0 * fall - waves;
            // At the minimum the function has a tip and no gradient; 0 is the middle of its
            // subgradients.
            let cone = if radius > 0.0 {
                2.0 * fall / radius
            } else {
                0.0
            };
            let along = |x: f64| cone * x + waves * PI * sin(TAU * x);
            (along(x), along(y))
        },
        view: 32.768,
        minima: &[&[0.0, 0.0]],
        start: &[2.5, 1.5],
        about: "a nearly flat outer region full of dents around one deep hole",
    },
    Surface {
        id: "saddle",
        formula: "x^2 - y^2",
        variables: XY,
        value: |w| w[0] * w[0] - w[1] * w[1],
        slope: |x, y, value| {
            *value = x * x - y * y;
            (2.0 * x, -2.0 * y)
        },
        view: 1.5,
        minima: &[],
        start: &[1.0, 1e-4],
        about: "down in one direction, up in the other: who leaves the ridge?",
    },
    Surface {
        id: "bounded-saddle",
        formula: "x^2/2 - y^2/2 + y^4/4",
        variables: XY,
        value: |w| {
            let (xx, yy) = (w[0] * w[0], w[1] * w[1]);
            xx / 2.0 - yy / 2.0 + yy * yy / 4.0
        },
        slope: |x, y, value| {
            let (xx, yy) = (x * x, y * y);
            *value = xx / 2.0 - yy / 2.0 + yy * yy / 4.0;
            (x, yy * y - y)
        },
        view: 2.0,
        minima: &[&[0.0, 1.0], &[0.0, -1.0]],
        start: &[1.0, 1e-6],
        about: "a saddle between two minima",
    },
    Surface {
        id: "two-wells",
        formula: "-2*exp(-((x - 1)^2 + y^2)/0.2) - 3*exp(-((x + 1)^2 + y^2)/0.2) + x^2 + y^2",
        variables: XY,
        value: |w| {
            let (near, far) = wells(w);
            -2.0 * near - 3.0 * far + w[0] * w[0] + w[1] * w[1]
        },
        slope: |x, y, value| {
            let (near, far) = wells(&[x, y]);
            *value = -2.0 * near - 3.0 * far + x * x + y * y;
            (
                20.0 * near * (x - 1.0) + 30.0 * far * (x + 1.0) + 2.0 * x,
                (20.0 * near + 30.0 * far + 2.0) * y,
            )
        },
        view: 2.0,
        minima: &[&[-0.936_301, 0.0]],
        start: &[1.5, 0.8],
        about: "a shallow well and a deep one: who gets stuck?",
    },
    Surface {
        id: "bowl",
        formula: "(x^2 + 100*y^2)/2",
        variables: XY,
        value: |w| 0.5 * w[0] * w[0] + 50.0 * w[1] * w[1],
        slope: |x, y, value| {
            *value = 0.5 * x * x + 50.0 * y * y;
            (x, 100.0 * y)
        },
        view: 3.0,
        minima: &[&[0.0, 0.0]],
        start: &[1.0, 1.0],
        about: "a hundred times steeper in y than in x, along the axes",
    },
    Surface {
        id: "rotated-bowl",
        formula: "((x + y)^2 + 100*(y - x)^2)/4",
        variables: XY,
        value: |w| {
            let (u, v) = (w[0] + w[1], w[1] - w[0]);
            0.25 * u * u + 25.0 * v * v
        },
        slope: |x, y, value| {
            let (u, v) = (x + y, y - x);
            *value = 0.25 * u * u + 25.0 * v * v;
            (0.5 * u - 50.0 * v, 0.5 * u + 50.0 * v)
        },
        view: 3.0,
        minima: &[&[0.0, 0.0]],
        start: &[1.2, 0.3],
        about: "the bowl turned by 45 degrees, where steps of one coordinate each help less",
    },
    Surface {
        id: "ravine",
        formula: "(x^2 + 50*y^2)/2",
        variables: XY,
        value: |w| 0.5 * w[0] * w[0] + 25.0 * w[1] * w[1],
        slope: |x, y, value| {
            *value = 0.5 * x * x + 25.0 * y * y;
            (x, 50.0 * y)
        },
        view: 4.5,
        minima: &[&[0.0, 0.0]],
        start: &[-4.0, 1.0],
        about: "a long ravine: the zig-zag and its damping",
    },
    Surface {
        id: "styblinski-tang",
        formula: "(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        variables: XY,
        value: styblinski_tang,
        slope: |x, y, value| {
            let along = |x: f64| 2.0 * x * x * x - 16.0 * x + 2.5;
            *value = styblinski_tang(&[x, y]);
            (along(x), along(y))
        },
        view: 5.0,
        minima: &[&[-2.903_534, -2.903_534]],
        start: &[0.5, 0.5],
        about: "four minima of different depth",
    },
    Surface {
        id: "one-weight",
        formula: "(w - 2)^2",
        variables: &["w"],
        value: |w| (w[0] - 2.0) * (w[0] - 2.0),
        slope: |w, _, value| {
            let from = w - 2.0;
            *value = from * from;
            (2.0 * from, 0.0)
        },
        view: 5.0,
        minima: &[&[2.0]],
        start: &[-3.0],
        about: "one weight: where the slope is negative the weight grows, where it is positive it shrinks",
    },
];

/// The three residuals of Beale's function.
fn beale(w: &[f64]) -> [f64; 3] {
    let (x, y) = (w[0], w[1]);
    [
        1.5 - x + x * y,
        2.25 - x + x * y * y,
        2.625 - x + x * y * y * y,
    ]
}

/// The bell curves around (1, 0) and (-1, 0).
fn wells(w: &[f64]) -> (f64, f64) {
    let bell = |x: f64| exp(-((w[0] - x) * (w[0] - x) + w[1] * w[1]) / 0.2);
    (bell(1.0), bell(-1.0))
}

/// The sum of these three residuals squared.
fn squares(residuals: &[f64; 3]) -> f64 {
    residuals.iter().map(|r| r * r).sum()
}

fn three_hump(w: &[f64]) -> f64 {
    let (x, y, xx) = (w[0], w[1], w[0] * w[0]);
    2.0 * xx - 1.05 * xx * xx + xx * xx * xx / 6.0 + x * y + y * y
}

fn rastrigin(w: &[f64]) -> f64 {
    20.0 + w.iter().map(|x| x * x - 10.0 * cos(TAU * x)).sum::<f64>()
}

fn styblinski_tang(w: &[f64]) -> f64 {
    let parts = w.iter().map(|x| x * x * x * x - 16.0 * x * x + 5.0 * x);
    parts.sum::<f64>() / 2.0
}
