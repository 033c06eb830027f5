//! Datasets made from fixed random numbers: the same points for every seed of a race.

use std::f64::consts::PI;

use ndarray::Array2;
use rand::rngs::ChaCha8Rng;

use super::{BuiltIn, Dataset, Reading, Target};
use crate::random::{self, Purpose};

/// The made sets.
pub const MADE: &[BuiltIn] = &[
    BuiltIn {
        name: "moons",
        about: "200 made points on two interleaving half circles; 2 classes",
        from: "made by slalom from fixed random numbers",
    },
    BuiltIn {
        name: "line",
        about: "100 made points along y = 0.5 x + 3, x from 5 to 15; a number to predict",
        from: "made by slalom from fixed random numbers",
    },
];

/// The made set called `name`, if there is one.
pub(super) fn load(name: &str) -> Option<Dataset> {
    let rng = |k| random::stream(0, Purpose::Made, k);
    match name {
        "moons" => Some(moons(&mut rng(0))),
        "line" => Some(line(&mut rng(1))),
        _ => None,
    }
}

/// Two half circles of radius 1, the second upside down and moved by (1, 0.5) so that they
/// interleave; normal noise of standard deviation 0.1. The classes alternate.
fn moons(rng: &mut ChaCha8Rng) -> Dataset {
    const POINTS: usize = 200;
    let labels: Vec<u32> = (0..POINTS as u32).map(|i| i % 2).collect();
    let mut features = Array2::zeros((POINTS, 2));
    for (mut point, &label) in features.rows_mut().into_iter().zip(&labels) {
        let angle = PI * random::uniform(rng);
        let (x, y) = (libm::cos(angle), libm::sin(angle));
        let (x, y) = if label == 0 {
            (x, y)
        } else {
            (1.0 - x, 0.5 - y)
        };
        point[0] = x + 0.1 * random::normal(rng);
        point[1] = y + 0.1 * random::normal(rng);
    }
    Dataset {
        source: "moons".to_owned(),
        features,
        names: ["x", "y"].map(str::to_owned).to_vec(),
        target: Target::Classes {
            labels,
            names: ["upper", "lower"].map(str::to_owned).to_vec(),
        },
        reading: Reading::default(),
    }
}

/// Points along y = 0.5 x + 3 with x uniform in 5..15 and normal noise of standard deviation 0.5.
///
/// No x is near 0, so slope and intercept can nearly make up for each other: the loss over both is
/// a long valley.
fn line(rng: &mut ChaCha8Rng) -> Dataset {
    const POINTS: usize = 100;
    let mut features = Array2::zeros((POINTS, 1));
    let mut y = vec![];
    for x in &mut features {
        *x = 5.0 + 10.0 * random::uniform(rng);
        y.push(0.5 * *x + 3.0 + 0.5 * random::normal(rng));
    }
    Dataset {
        source: "line".to_owned(),
        features,
        names: vec!["x".to_owned()],
        target: Target::Numeric(y),
        reading: Reading::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_sets_are_where_they_say() {
        let moons = load("moons").expect("made");
        assert_eq!(moons.features.dim(), (200, 2));
        assert_eq!(moons.target.classes(), Some(2));
        let line = load("line").expect("made");
        assert_eq!(line.features.dim(), (100, 1));
        assert!(line.features.iter().all(|x| (5.0..15.0).contains(x)));
        let Target::Numeric(y) = &line.target else {
            panic!("the line has numbers")
        };
        let residues = line
            .features
            .iter()
            .zip(y)
            .map(|(x, y)| y - (0.5 * x + 3.0));
        let variance = residues.map(|r| r * r).sum::<f64>() / 100.0;
        assert!((variance.sqrt() - 0.5).abs() < 0.1, "{variance}");
    }

    #[test]
    fn made_points_never_change() {
        // Golden values: a change here changes every race on these sets.
        let moons = load("moons").expect("made");
        let line = load("line").expect("made");
        let first = [
            moons.features[[0, 0]],
            moons.features[[199, 1]],
            line.features[[99, 0]],
        ];
        assert_eq!(
            first.map(|x| (x * 1e6).round() / 1e6),
            [0.340_641, 0.372_476, 9.131_014]
        );
    }
}
