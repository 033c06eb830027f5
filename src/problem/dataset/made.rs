//! Datasets made from rules and fixed random numbers: the same examples for every seed of a race.

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
    BuiltIn {
        name: "outlier",
        about: "the number 1 a hundred times and -201 once, mean -1; x is 1; a number to predict",
        from: "made by slalom after Reddi, Kale and Kumar (2018)",
    },
    BuiltIn {
        name: "quadratic",
        about: "2,000 made examples of 100 features, x_i of variance 1/(2 i); noise to predict",
        from: "made by slalom from fixed random numbers, after Zhang et al. (2019)",
    },
];

/// The made set called `name`, if there is one.
pub(super) fn load(name: &str) -> Option<Dataset> {
    let rng = |k| random::stream(0, Purpose::Made, k);
    match name {
        "moons" => Some(moons(&mut rng(0))),
        "line" => Some(line(&mut rng(1))),
        "outlier" => Some(outlier()),
        "quadratic" => Some(quadratic(&mut rng(2))),
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
        features: features.into(),
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
        features: features.into(),
        names: vec!["x".to_owned()],
        target: Target::Numeric(y),
        reading: Reading::default(),
    }
}

/// A hundred examples that ask for 1, and one, the last, that asks for -201: their mean is -1.
///
/// The feature is 1 everywhere, so that a weight without bias is the prediction, and its squared
/// error is 400 + (w + 1)^2. At w = 0 a hundred gradients are -2 and one is 402: the stochastic
/// gradients of Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond" (2018), section 3,
/// where 1010 x stands against a hundred of -10 x on -1..1. Here the hundred end at 1 by
/// themselves.
fn outlier() -> Dataset {
    const CROWD: usize = 100;
    let mut y = vec![1.0; CROWD];
    y.push(-201.0);
    Dataset {
        source: "outlier".to_owned(),
        features: Array2::ones((y.len(), 1)).into(),
        names: vec!["x".to_owned()],
        target: Target::Numeric(y),
        reading: Reading::default(),
    }
}

/// Independent normal features, the i-th (from 1) of variance 1/(2 i), and a target that is normal
/// noise of variance 1/2 whatever they are.
///
/// The squared error of a linear model without bias is then a quadratic of curvatures near 1/i and
/// minimum near 0, and the covariance of a single example's gradient there has the same 1/i: the
/// model of Zhang et al., "Which Algorithmic Choices Matter at Which Batch Sizes?" (2019). Unlike
/// theirs the noise grows with the distance from the minimum.
fn quadratic(rng: &mut ChaCha8Rng) -> Dataset {
    const EXAMPLES: usize = 2000;
    const FEATURES: usize = 100;
    let mut features = Array2::zeros((EXAMPLES, FEATURES));
    let mut y = vec![];
    for mut example in features.rows_mut() {
        for (i, x) in (1..).zip(&mut example) {
            *x = random::normal(rng) / (2.0 * f64::from(i)).sqrt();
        }
        y.push(random::normal(rng) / 2.0_f64.sqrt());
    }
    Dataset {
        source: "quadratic".to_owned(),
        features: features.into(),
        names: (1..=FEATURES).map(|i| format!("x{i}")).collect(),
        target: Target::Numeric(y),
        reading: Reading::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(set: &Dataset) -> &Array2<f64> {
        set.features.kept().expect("in memory")
    }

    #[test]
    fn made_sets_are_where_they_say() {
        let moons = load("moons").expect("made");
        assert_eq!(x(&moons).dim(), (200, 2));
        assert_eq!(moons.target.classes(), Some(2));
        let line = load("line").expect("made");
        assert_eq!(x(&line).dim(), (100, 1));
        assert!(x(&line).iter().all(|x| (5.0..15.0).contains(x)));
        let Target::Numeric(y) = &line.target else {
            panic!("the line has numbers")
        };
        let residues = x(&line).iter().zip(y).map(|(x, y)| y - (0.5 * x + 3.0));
        let variance = residues.map(|r| r * r).sum::<f64>() / 100.0;
        assert!((variance.sqrt() - 0.5).abs() < 0.1, "{variance}");
    }

    #[test]
    fn the_outlier_outweighs_the_crowd() {
        let set = load("outlier").expect("made");
        assert!(x(&set).iter().all(|&x| x == 1.0));
        let Target::Numeric(y) = &set.target else {
            panic!("it has numbers")
        };
        let crowd = y.iter().filter(|&&y| y == 1.0).count();
        assert_eq!((y.len(), crowd, y.iter().sum::<f64>()), (101, 100, -101.0));
    }

    #[test]
    fn the_quadratic_is_curved_and_noisy_alike() {
        let set = load("quadratic").expect("made");
        let Target::Numeric(y) = &set.target else {
            panic!("it has numbers")
        };
        assert_eq!(x(&set).dim(), (2000, 100));
        for (i, feature) in (1..).zip(x(&set).columns()) {
            let mean = |of: fn(f64, f64) -> f64| {
                let terms = feature.iter().zip(y).map(|(&x, &y)| of(x, y));
                f64::from(i) * terms.sum::<f64>() / 2000.0
            };
            // The error's second derivative, and the square of its derivative at the weights 0.
            let curvature = mean(|x, _| 2.0 * x * x);
            let noise = mean(|x, y| (2.0 * x * y).powi(2));
            assert!((curvature - 1.0).abs() < 0.15, "{i}: {curvature}");
            assert!((noise - 1.0).abs() < 0.25, "{i}: {noise}");
        }
    }

    #[test]
    fn made_points_never_change() {
        // Golden values: a change here changes every race on these sets.
        let moons = load("moons").expect("made");
        let line = load("line").expect("made");
        let quadratic = load("quadratic").expect("made");
        let some = [
            x(&moons)[[0, 0]],
            x(&moons)[[199, 1]],
            x(&line)[[99, 0]],
            x(&quadratic)[[1999, 99]],
        ];
        assert_eq!(
            some.map(|x| (x * 1e6).round() / 1e6),
            [0.340_641, 0.372_476, 9.131_014, 0.043_29]
        );
    }
}
