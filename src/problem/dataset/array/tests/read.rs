//! What is read of arrays: their columns, images with labels beside them, the first rows.

use ndarray::array;

use super::{classes, gzip, idx, npy, read, singles};
use crate::problem::dataset::{Column, Target, Wanted};

#[test]
fn the_last_column_of_a_table_is_its_target_or_another() {
    let table = npy(
        "'<f4'",
        "False",
        "(3, 3)",
        &singles(&[1., 2., 0., 3., 4., 1., 5., 6., 1.]),
    );
    let files = [("a.npy", table)];
    let (set, x) = read(&files, |_| {}).expect("valid");
    assert_eq!(x, array![[1., 2.], [3., 4.], [5., 6.]]);
    assert_eq!(set.names, ["x1", "x2"]);
    assert_eq!(set.target, classes(&[0, 1, 1], &["0", "1"]));
    for (column, names, want, target) in [
        (
            1,
            ["x2", "x3"],
            array![[2., 0.], [4., 1.], [6., 1.]],
            vec![1., 3., 5.],
        ),
        (
            2,
            ["x1", "x3"],
            array![[1., 0.], [3., 1.], [5., 1.]],
            vec![2., 4., 6.],
        ),
    ] {
        let (set, x) = read(&files, |request| {
            request.target = Some(Column::Index(column));
            request.wanted = Wanted::Numeric;
        })
        .expect("valid");
        assert_eq!((x, set.target), (want, Target::Numeric(target)));
        assert_eq!(set.names, names);
    }
}

#[test]
fn images_have_their_labels_in_a_file_beside_them() {
    let images = idx(0x08, &[3, 2, 2], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
    let labels = idx(0x08, &[3], &[7, 2, 7]);
    let want = array![[0., 1., 2., 3.], [4., 5., 6., 7.], [8., 9., 10., 255.]];
    let plain = [
        ("images-idx3-ubyte", images.clone()),
        ("labels-idx1-ubyte", labels.clone()),
    ];
    let packed = [
        ("images-idx3-ubyte.gz", gzip(&images)),
        ("labels-idx1-ubyte.gz", gzip(&labels)),
    ];
    let mut sets = vec![];
    for files in [plain, packed] {
        let labels = files[1].0;
        let (set, x) = read(&files, |request| request.labels = Some(labels)).expect("valid");
        assert_eq!(x, want);
        assert_eq!(set.names, ["r1c1", "r1c2", "r2c1", "r2c2"]);
        assert_eq!(set.target, classes(&[1, 0, 1], &["2", "7"]));
        assert_eq!(
            set.features.can_stream(),
            labels.rsplit('.').next() != Some("gz")
        );
        sets.push(set);
    }
    assert_eq!(sets[0].features, sets[1].features);
}

#[test]
fn labels_are_classes_if_they_are_integers() {
    let x = npy("'<f4'", "False", "(3,)", &singles(&[1., 2., 3.]));
    let numbers = npy("'<f4'", "False", "(3, 1)", &singles(&[1., 0., 1.]));
    let integers = npy("'|b1'", "False", "(3,)", &[1, 0, 1]);
    let target = |labels: &Vec<u8>, wanted| {
        let files = [("x.npy", x.clone()), ("y.npy", labels.clone())];
        let read = read(&files, |request| {
            (request.labels, request.wanted) = (Some("y.npy"), wanted);
        });
        read.map(|(set, _)| set.target)
    };
    let (two, none) = (
        classes(&[1, 0, 1], &["0", "1"]),
        Target::Numeric(vec![1., 0., 1.]),
    );
    assert_eq!(target(&numbers, Wanted::Guess), Ok(none.clone()));
    assert_eq!(target(&numbers, Wanted::Classes), Ok(two.clone()));
    assert_eq!(target(&integers, Wanted::Guess), Ok(two));
    assert_eq!(target(&integers, Wanted::Either), Ok(none));
}

#[test]
fn only_the_first_rows_count_where_no_more_are_wanted() {
    let table = npy(
        "'<f4'",
        "False",
        "(3, 2)",
        &singles(&[1., 0., 3., 1., f32::NAN, 1.]),
    );
    let (set, x) = read(&[("a.npy", table)], |request| request.rows = Some(2)).expect("valid");
    assert_eq!((x, set.rows()), (array![[1.], [3.]], 2));
}

#[test]
fn a_column_order_of_one_column_is_no_other_order() {
    let table = npy("'<f4'", "True", "(1, 3)", &singles(&[1., 2., 3.]));
    let (_, x) = read(&[("a.npy", table)], |_| {}).expect("valid");
    assert_eq!(x, array![[1., 2.]]);
}
