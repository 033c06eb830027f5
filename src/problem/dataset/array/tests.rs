//! Arrays in files: what is read, where from, and what is refused.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ndarray::{Array2, array};

use super::*;
use crate::problem::dataset::{
    About, Column, Dataset, Examples, Features, Missing, Request, Scale, Target, Wanted,
};

/// A `.npy` file of version 1.
fn npy(descr: &str, order: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((text.len() as u16).to_le_bytes());
    file.extend(text.bytes());
    file.extend(numbers);
    file
}

fn idx(kind: u8, shape: &[u32], numbers: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, kind, shape.len() as u8];
    file.extend(shape.iter().flat_map(|size| size.to_be_bytes()));
    file.extend(numbers);
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(vec![], Compression::fast());
    writer.write_all(bytes).expect("to memory");
    writer.finish().expect("to memory")
}

fn singles(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// A folder with these files.
fn folder(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("there is room");
    }
    folder
}

fn request<'a>(source: &'a str, folder: &'a Path) -> Request<'a> {
    Request {
        source,
        folder,
        target: None,
        labels: None,
        columns: None,
        categories: vec![],
        missing: Missing::Refuse,
        header: None,
        rows: None,
        wanted: Wanted::Guess,
        max_memory: 1 << 20,
    }
}

fn read(
    files: &[(&str, Vec<u8>)],
    change: impl FnOnce(&mut Request<'_>),
) -> Result<(Dataset, Array2<f64>), Refusal> {
    let folder = folder(files);
    let mut request = request(files[0].0, folder.path());
    change(&mut request);
    let set = load(&request)?.expect("an array");
    let x = set.features.to_array().expect("the file is there");
    Ok((set, x))
}

fn classes(labels: &[u32], names: &[&str]) -> Target {
    Target::Classes {
        labels: labels.to_vec(),
        names: names.iter().map(|&name| name.to_owned()).collect(),
    }
}

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

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_other_file_is_refused_with_its_reason() {
    let good = npy(
        "'<f4'",
        "False",
        "(2, 3)",
        &singles(&[1., 2., 0., 3., 4., 1.]),
    );
    let shaped = |shape: &str| npy("'<f4'", "False", shape, &[0; 24]);
    let with = |x: f32| {
        npy(
            "'<f4'",
            "False",
            "(2, 3)",
            &singles(&[1., 2., 0., 3., x, 1.]),
        )
    };
    let cut = |bytes: &[u8], n: usize| bytes[..n].to_vec();
    let mut longer = good.clone();
    longer.push(0);
    let mut overflowing = b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec();
    overflowing.extend(&good[10..]);
    let mut version = good.clone();
    version[6] = 9;
    let packed = gzip(&idx(0x08, &[2, 3], &[1, 2, 3, 4, 5, 6]));
    let bomb = gzip(&idx(0x08, &[2048, 1024], &vec![0; 2048 * 1024]));
    for (name, bytes, want) in [
        ("a.npy", vec![], "does not begin as a .npy file does"),
        ("a.npy", cut(&good, 30), "ends within its header"),
        ("a.npy", cut(&good, good.len() - 1), "is cut off"),
        ("a.npy", longer, "goes on behind its numbers"),
        (
            "a.npy",
            b"1,2,3\n4,5,6\n".to_vec(),
            "does not begin as a .npy file does",
        ),
        ("a.npy", version, "version 9"),
        ("a.npy", overflowing, "claims to have 4294967295 bytes"),
        ("a.npy", shaped("()"), "has 0 dimensions"),
        ("a.npy", shaped("(1, 1, 1, 1, 6)"), "has 5 dimensions"),
        ("a.npy", shaped("(0, 3)"), "is empty: its shape is [0, 3]"),
        ("a.npy", shaped("(2, 0)"), "is empty: its shape is [2, 0]"),
        (
            "a.npy",
            shaped("(3, 4294967296, 4294967296)"),
            "is too large",
        ),
        ("a.npy", shaped("(3, 18446744073709551615)"), "is too large"),
        ("a.npy", shaped("(4294967296, 2)"), "is too large"),
        ("a.npy", shaped("(2147483647, 1048576)"), "is cut off"),
        (
            "a.npy",
            npy("'<f4'", "True", "(2, 3)", &[0; 24]),
            "Fortran order",
        ),
        (
            "a.npy",
            npy("'|O'", "False", "(2, 3)", &[0; 24]),
            "Python objects",
        ),
        (
            "a.npy",
            npy("[('a', '<f4')]", "False", "(2, 3)", &[0; 24]),
            "structures",
        ),
        (
            "a.npy",
            npy("'<U1'", "False", "(2, 3)", &[0; 24]),
            "type `<U1`",
        ),
        ("a.npy", with(f32::NAN), "row 2, column 2 holds NaN"),
        (
            "a.npy",
            with(f32::NEG_INFINITY),
            "row 2, column 2 holds an infinite number",
        ),
        (
            "a.npy",
            npy(
                "'<f8'",
                "False",
                "(1, 2)",
                &[1e101_f64, 0.].map(f64::to_le_bytes).concat(),
            ),
            "beyond 1e100",
        ),
        ("a.npy", shaped("(6,)"), "no column to spare"),
        ("a.npy", shaped("(6, 1)"), "no column to spare"),
        ("a.npy", shaped("(2, 3, 1)"), "no column to spare"),
        ("a-ubyte", vec![0, 0, 8, 1, 0], "ends within its header"),
        (
            "a-ubyte",
            idx(0x0a, &[2, 3], &[0; 6]),
            "does not begin as an IDX file does",
        ),
        (
            "a-ubyte",
            vec![1, 0, 8, 1, 0, 0, 0, 1, 5],
            "does not begin as an IDX file does",
        ),
        ("a-ubyte", idx(0x08, &[], &[]), "has 0 dimensions"),
        ("a-ubyte", idx(0x08, &[0, 3], &[]), "is empty"),
        ("a-ubyte", idx(0x08, &[2, 3], &[0; 5]), "is cut off"),
        ("a-ubyte", idx(0x0e, &[u32::MAX; 4], &[]), "is too large"),
        (
            "a-ubyte",
            idx(0x08, &[2, 3], &[0; 7]),
            "goes on behind its numbers",
        ),
        (
            "a",
            idx(0x08, &[2, 3], &[0; 7]),
            "goes on behind its numbers",
        ),
        ("a-ubyte.gz", cut(&packed, 14), "is cut short"),
        (
            "a-ubyte.gz",
            cut(&packed, packed.len() - 10),
            "is cut short",
        ),
        (
            "a-ubyte.gz",
            b"\x1f\x8b\x08 and no more".to_vec(),
            "are damaged",
        ),
        (
            "a-ubyte.gz",
            gzip(&idx(0x08, &[2, 3], &[0; 7])),
            "goes on behind its numbers",
        ),
        (
            "a-ubyte.gz",
            gzip(&idx(0x08, &[300, 3000], &[])),
            "is cut off",
        ),
        ("a-ubyte.gz", bomb, "takes 2097164 bytes of memory"),
        ("a.npz", b"PK\x03\x04".to_vec(), "hold several arrays"),
    ] {
        let refusal = read(&[(name, bytes)], |_| {}).expect_err(want);
        assert!(refusal.message.contains(want), "{want}: {refusal}");
        assert!(refusal.expected.starts_with("expected "), "{refusal}");
        assert_eq!(refusal.about, About::Source, "{refusal}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn targets_that_do_not_fit_are_refused_where_they_are_asked_for() {
    let x = || {
        npy(
            "'<f4'",
            "False",
            "(2, 3)",
            &singles(&[1., 2., 0.5, 3., 4., 1.]),
        )
    };
    let column = |n| Some(Column::Index(n));
    let refused = |change: &dyn Fn(&mut Request<'_>), labels: Vec<u8>| {
        let files = [("x.npy", x()), ("y.npy", labels)];
        let refusal = read(&files, |request| change(request)).expect_err("refused");
        (refusal.about, refusal.message)
    };
    let labels = |shape: &str, numbers: &[f32]| npy("'<f4'", "False", shape, &singles(numbers));
    let by_labels = |request: &mut Request<'_>| {
        (request.labels, request.wanted) = (Some("y.npy"), Wanted::Classes);
    };
    for (change, y, about, want) in [
        (
            &(|r: &mut Request<'_>| r.target = column(0)) as &dyn Fn(&mut Request<'_>),
            vec![],
            About::Target,
            "no column 0",
        ),
        (
            &|r| r.target = column(4),
            vec![],
            About::Target,
            "no column 4",
        ),
        (
            &|r| r.target = Some(Column::Name("x".into())),
            vec![],
            About::Target,
            "have no names",
        ),
        (
            &|r| r.header = Some(true),
            vec![],
            About::Header,
            "has no header",
        ),
        (
            &|r| r.wanted = Wanted::Classes,
            vec![],
            About::Target,
            "row 1, column 3 holds 0.5, which is not an integer",
        ),
        (
            &|r| (r.target, r.labels) = (column(1), Some("y.npy")),
            vec![],
            About::Target,
            "`target` and `labels`",
        ),
        (
            &by_labels,
            b"1\n2\n".to_vec(),
            About::Labels,
            "does not begin as a .npy file does",
        ),
        (
            &|r| r.labels = Some("gone.npy"),
            vec![],
            About::Labels,
            "there is no data file `gone.npy`",
        ),
        (
            &by_labels,
            labels("(3,)", &[0., 1., 2.]),
            About::Labels,
            "has 3 rows",
        ),
        (
            &by_labels,
            labels("(2, 2)", &[0., 1., 2., 3.]),
            About::Labels,
            "has 2 numbers a row",
        ),
        (
            &by_labels,
            labels("(2,)", &[0., f32::NAN]),
            About::Labels,
            "row 2, column 1 holds NaN",
        ),
        (
            &by_labels,
            labels("(2,)", &[0., 0.5]),
            About::Labels,
            "row 2 of `y.npy` holds 0.5",
        ),
        (
            &by_labels,
            labels("(2,)", &[1., 1.]),
            About::Labels,
            "every example is of the class `1`",
        ),
    ] {
        let refusal = refused(change, y);
        assert_eq!(refusal.0, about, "{want}: {}", refusal.1);
        assert!(refusal.1.contains(want), "{want}: {}", refusal.1);
    }
}

#[test]
fn no_byte_of_a_file_makes_its_reader_panic() {
    let table = npy(
        "'<f4'",
        "False",
        "(2, 3)",
        &singles(&[1., 2., 0., 3., 4., 1.]),
    );
    let images = idx(0x08, &[2, 3], &[1, 2, 0, 4, 5, 1]);
    let packed = gzip(&images);
    let mut read_well = 0;
    for (name, file) in [
        ("a.npy", table),
        ("a-ubyte", images),
        ("a-ubyte.gz", packed),
    ] {
        for i in 0..file.len() {
            for byte in [0, 1, b' ', b'(', b'9', 0x7f, 0xff] {
                let mut file = file.clone();
                file[i] = byte;
                let folder = folder(&[(name, file)]);
                let set = load(&request(name, folder.path()));
                read_well += u32::from(set.is_ok_and(|set| set.is_some()));
            }
        }
    }
    assert!(read_well > 100, "only {read_well} changes are harmless");
}

#[test]
fn labels_are_no_key_of_tables() {
    let files = [("a.csv", b"1,2\n3,4\n".to_vec())];
    let refusal = read(&files, |request| request.labels = Some("y.npy")).expect_err("refused");
    assert_eq!(refusal.about, About::Labels);
}

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
    let set = load(&request).expect("valid").expect("an array");
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
