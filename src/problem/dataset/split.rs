//! The split into training and test part, and the scaling of features. The test part never has a
//! say in the scaling.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::scaling::Scaling;
use super::{Dataset, Features, Scale, Target, Unread};
use crate::random::{self, Purpose};

/// The two parts of a dataset, scaled.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What racers learn from.
    pub train: Examples,
    /// What was held out, if anything.
    pub test: Option<Examples>,
}

/// Examples in file order.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    /// The features.
    pub x: Features,
    /// What is to be predicted, one an example.
    pub target: Target,
}

impl Dataset {
    /// Holds out the share `test` of the examples, drawn by `seed`, and scales both parts as fitted
    /// on the training part.
    ///
    /// The test part is the first ceil(test * rows) of a random permutation.
    pub fn split(&self, test: f64, scale: Scale, seed: u64) -> Split {
        let (test, train) = self.parts(test, seed);
        let go = AtomicBool::new(false);
        let scaling = Arc::new(Scaling::fit(&self.features, &train, scale, &go));
        let test = (!test.is_empty()).then(|| self.part(test, &scaling));
        Split {
            train: self.part(train, &scaling),
            test,
        }
    }

    /// The training part of [`Dataset::split`], scaled as there, but at most `most` (at least 1) of
    /// its examples, evenly spaced, in memory. Takes no more memory than these do. `None` once
    /// `stop` is set: to go through all of a large dataset takes its time.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn train_sample(
        &self,
        test: f64,
        scale: Scale,
        seed: u64,
        most: usize,
        stop: &AtomicBool,
    ) -> Result<Option<Examples>, Unread> {
        let (_, train) = self.parts(test, seed);
        let used = train.len().min(most);
        let rows: Vec<u32> = (0..used).map(|i| train[i * train.len() / used]).collect();
        let scaling = Scaling::fit(&self.features, &train, scale, stop);
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let sample = self.part(rows, &Arc::new(scaling));
        Ok(Some(Examples {
            x: sample.x.to_array()?.into(),
            target: sample.target,
        }))
    }

    /// The rows of the test part and of the training part, ascending.
    fn parts(&self, test: f64, seed: u64) -> (Vec<u32>, Vec<u32>) {
        let held_out = self.rows() - self.train_rows(test);
        let mut order = vec![0; self.rows()];
        random::permute(&mut random::stream(seed, Purpose::Split, 0), &mut order);
        let mut train = order.split_off(held_out);
        order.sort_unstable();
        train.sort_unstable();
        (order, train)
    }

    fn part(&self, rows: Vec<u32>, scaling: &Arc<Result<Scaling, Unread>>) -> Examples {
        Examples {
            target: self.target.select(&rows),
            x: self.features.part(rows, scaling),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Axis, array};

    use super::*;
    use crate::problem::dataset::Reading;

    fn numbered(rows: usize) -> Dataset {
        let features =
            Array2::from_shape_fn((rows, 3), |(i, j)| [i as f64, 7.0, -2.0 * i as f64][j]);
        Dataset {
            source: "numbered".to_owned(),
            features: features.into(),
            names: ["a", "b", "c"].map(str::to_owned).to_vec(),
            target: Target::Numeric((0..rows).map(|i| i as f64).collect()),
            reading: Reading::default(),
        }
    }

    fn x(part: &Examples) -> &Array2<f64> {
        part.x.kept().expect("in memory")
    }

    fn rows(part: &Examples) -> &[f64] {
        match &part.target {
            Target::Numeric(values) => values,
            Target::Classes { .. } => panic!("a number was given"),
        }
    }

    #[test]
    fn every_example_is_in_one_part_and_in_file_order() {
        let split = numbered(100).split(0.25, Scale::None, 3);
        let test = split.test.expect("a quarter is held out");
        assert_eq!((split.train.x.nrows(), test.x.nrows()), (75, 25));
        assert!(rows(&split.train).is_sorted() && rows(&test).is_sorted());
        let mut all = [rows(&split.train), rows(&test)].concat();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, (0..100).map(f64::from).collect::<Vec<_>>());
        assert!(
            x(&test)
                .rows()
                .into_iter()
                .zip(rows(&test))
                .all(|(x, y)| x[0] == *y)
        );
    }

    #[test]
    fn the_seed_decides_who_is_held_out() {
        let test = |seed| numbered(100).split(0.2, Scale::None, seed).test;
        assert_eq!(test(1), test(1));
        assert_ne!(test(1), test(2));
        assert_eq!(numbered(10).split(0.0, Scale::None, 1).test, None);
    }

    #[test]
    fn a_sample_is_evenly_spaced_and_scaled_like_the_whole() {
        let go = AtomicBool::new(false);
        for scale in [Scale::Standard, Scale::MinMax, Scale::None] {
            let set = numbered(50);
            let sample = |most| {
                let sample = set.train_sample(0.2, scale, 9, most, &go);
                sample.expect("in memory").expect("not stopped")
            };
            let whole = set.split(0.2, scale, 9).train;
            for (most, step) in [(1, 40), (10, 4), (40, 1), (99, 1)] {
                let rows: Vec<usize> = (0..40).step_by(step).collect();
                assert_eq!(
                    *x(&sample(most)),
                    x(&whole).select(Axis(0), &rows),
                    "{most}"
                );
                let first = sample(most).target.select(&[0]);
                assert_eq!(first, whole.target.select(&[0]));
            }
            assert_eq!(sample(7).x.nrows(), 7);
            let stopped = AtomicBool::new(true);
            assert_eq!(set.train_sample(0.2, scale, 9, 7, &stopped), Ok(None));
        }
    }

    #[test]
    fn the_share_is_rounded_up() {
        assert_eq!(numbered(1797).train_rows(0.2), 1437);
        assert_eq!(numbered(5).train_rows(0.01), 4);
        assert_eq!(numbered(5).train_rows(0.0), 5);
    }

    #[test]
    fn scaling_is_fitted_on_the_training_part_and_constants_become_zero() {
        let split = numbered(50).split(0.2, Scale::Standard, 9);
        for j in [0, 2] {
            let column = x(&split.train).column(j);
            assert!(column.mean().expect("not empty").abs() < 1e-12);
            assert!((column.std(0.0) - 1.0).abs() < 1e-12);
        }
        let test = split.test.expect("a fifth is held out");
        assert!(x(&test).column(0).mean().expect("not empty").abs() > 1e-3);
        assert!(
            x(&split.train)
                .column(1)
                .iter()
                .chain(x(&test).column(1))
                .all(|&x| x == 0.0)
        );

        let split = numbered(50).split(0.2, Scale::MinMax, 9);
        let (low, high) = x(&split.train)
            .column(2)
            .iter()
            .fold((9.0_f64, -9.0_f64), |(l, h), &x| (l.min(x), h.max(x)));
        assert_eq!((low, high), (0.0, 1.0));
    }

    #[test]
    fn the_deviation_is_that_of_the_population() {
        let dataset = Dataset {
            features: array![[1.0], [3.0]].into(),
            target: Target::Numeric(vec![0.0, 0.0]),
            names: vec!["x".to_owned()],
            source: String::new(),
            reading: Reading::default(),
        };
        let split = dataset.split(0.0, Scale::Standard, 0);
        assert_eq!(*x(&split.train), array![[-1.0], [1.0]]);
    }

    #[test]
    fn differences_too_small_to_square_become_zero() {
        for column in [[0.0, 1e-200, 0.0], [0.1, 0.1, 0.1]] {
            let dataset = Dataset {
                features: Array2::from_shape_fn((3, 1), |(i, _)| column[i]).into(),
                ..numbered(3)
            };
            let split = dataset.split(0.0, Scale::Standard, 0);
            assert_eq!(*x(&split.train), array![[0.0], [0.0], [0.0]]);
        }
    }
}
