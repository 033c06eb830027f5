//! Arrays that stay in their file: the same numbers as in memory, and an error once it is gone.

use std::fs;

use ndarray::Array2;

use super::{folder, npy, request, singles};
use crate::problem::dataset::{Column, Dataset, Examples, Features, Scale, Unread, Wanted, load};

/// A file of `rows` rows of `width` numbers and a target in the column `target`.
fn noise(rows: usize, width: usize, target: usize) -> (tempfile::TempDir, Dataset) {
    let number = |i: usize| ((i * 7_919 + i / 13 * 104_729) % 65_537) as f32 / 300.0 - 90.0;
    let numbers: Vec<f32> = (0..rows * width).map(number).collect();
    let file = npy(
        "'<f4'",
        "False",
        &format!("({rows}, {width})"),
        &singles(&numbers),
    );
    let folder = folder(&[("a.npy", file)]);
    let mut request = request("a.npy", folder.path());
    (request.target, request.wanted) = (Some(Column::Index(target as u64)), Wanted::Numeric);
    let set = load(&request).expect("valid");
    (folder, set)
}

fn bits(examples: &Examples) -> Vec<u64> {
    let x = examples.x.to_array().expect("the file is there");
    x.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn what_is_read_from_a_file_is_scaled_to_the_same_bits_as_what_is_in_memory() {
    // Rows shorter and longer than a piece, and than what is decoded at once.
    for (rows, width, target) in [
        (700, 5, 5),
        (700, 5, 1),
        (40, 1500, 700),
        (9, 20_000, 20_000),
    ] {
        let (_folder, filed) = noise(rows, width, target);
        let kept = Dataset {
            features: filed.features.to_array().expect("the file is there").into(),
            ..filed.clone()
        };
        for scale in [Scale::Standard, Scale::MinMax, Scale::None] {
            let (filed, kept) = (filed.split(0.3, scale, 5), kept.split(0.3, scale, 5));
            assert!(matches!(filed.train.x, Features::Filed(_)));
            assert_eq!(bits(&filed.train), bits(&kept.train), "{width} {scale:?}");
            assert_eq!(filed.train.target, kept.train.target);
            let tests = [filed, kept].map(|split| bits(&split.test.expect("held out")));
            assert_eq!(tests[0], tests[1], "{width} {scale:?}");
        }
    }
}

#[test]
fn rows_come_at_their_places_whatever_their_order() {
    let (_folder, set) = noise(2000, 30, 30);
    let whole = set.features.to_array().expect("the file is there");
    let wanted: Vec<u32> = (0..600).map(|i| i * 1_237 % 2000).collect();
    let mut got = Array2::zeros((600, 29));
    let read = set.features.read(
        wanted.iter().copied().zip(0..),
        &mut |place, column, numbers| {
            for (k, &x) in numbers.iter().enumerate() {
                got[[place, column + k]] = x;
            }
        },
    );
    assert_eq!(read, Ok(()));
    let rows: Vec<usize> = wanted.iter().map(|&row| row as usize).collect();
    assert_eq!(got, whole.select(ndarray::Axis(0), &rows));
}

#[test]
fn a_file_that_has_become_shorter_is_an_error_and_no_zeros() {
    let (folder, set) = noise(100, 5, 5);
    let path = folder.path().join("a.npy");
    let file = fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .expect("it is there");
    let whole = file.metadata().expect("it is there").len();
    let split = set.split(0.0, Scale::Standard, 0);
    file.set_len(whole - 1).expect("there is room");
    let unread = Unread("it has become shorter".to_owned());
    assert_eq!(split.train.x.to_array(), Err(unread.clone()));
    let first = split
        .train
        .x
        .read((0..50).map(|row| (row, row)), &mut |_, _, _| {});
    assert_eq!(first, Ok(()));
    // What could not be scaled says why, even where it could be read.
    let unscaled = set.split(0.0, Scale::Standard, 0);
    let first = unscaled
        .train
        .x
        .read([(0, 0)].into_iter(), &mut |_, _, _| {});
    assert_eq!(first, Err(unread));
}
