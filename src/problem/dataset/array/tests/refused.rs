//! What is refused: damaged files, and what does not fit to an array, each with its reason.

use super::{folder, gzip, idx, npy, read, request, singles};
use crate::problem::dataset::{About, Column, Request, Wanted, load};

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
                read_well += u32::from(set.is_ok());
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
