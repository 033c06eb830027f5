//! Data files in text: what separates their columns, packed or not, columns of text, missing values;
//! and what is refused that cannot lie in a folder as text.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ndarray::{Array2, array};
use slalom::problem::dataset::{
    About, Column, Dataset, Missing, Refusal, Request, Target, Wanted, load,
};

/// What is read from `bytes` in a file called `name`.
fn read(
    name: &str,
    bytes: impl AsRef<[u8]>,
    change: impl FnOnce(&mut Request<'_>),
) -> Result<Dataset, Refusal> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let mut request = request(name, folder.path());
    change(&mut request);
    load(&request)
}

fn request<'a>(source: &'a str, folder: &'a Path) -> Request<'a> {
    Request {
        source,
        folder,
        target: None,
        columns: None,
        categories: vec![],
        missing: Missing::Refuse,
        labels: None,
        header: None,
        rows: None,
        wanted: Wanted::Guess,
        max_memory: 1 << 24,
    }
}

fn columns(names: &[&str]) -> Vec<Column> {
    let named = names.iter().map(|&name| Column::Name(name.to_owned()));
    named.collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

const FLOWERS: &str = "length,width,species\n5.1,3.5,setosa\n7,3.2,\"versi,color\"\n6,3,setosa\n";

/// Features, names and target: what a race is made of.
fn examples(set: Dataset) -> (Array2<f64>, Vec<String>, Target) {
    (kept(&set).clone(), set.names, set.target)
}

fn kept(set: &Dataset) -> &Array2<f64> {
    set.features.kept().unwrap()
}

#[test]
fn the_same_table_is_read_from_every_form_of_it() {
    let want = examples(read("flowers.csv", FLOWERS, |_| {}).unwrap());
    assert_eq!(want.0, array![[5.1, 3.5], [7.0, 3.2], [6.0, 3.0]]);
    assert_eq!(want.1, ["length", "width"]);
    let tabs = FLOWERS.replace("\"versi,color\"", "versi|color");
    let tabs = tabs.replace(',', "\t").replace('|', ",");
    let semicolons = tabs.replace('\t', ";");
    let windows = format!("\u{feff}{}", FLOWERS.replace('\n', "\r\n\r\n"));
    let quoted = FLOWERS.replace("5.1,3.5", "\"5.1\",\" 3.5 \"");
    let twice = [
        gzip(&FLOWERS.as_bytes()[..30]),
        gzip(&FLOWERS.as_bytes()[30..]),
    ]
    .concat();
    let returns = FLOWERS.replace('\n', "\r");
    let forms: [(&str, &[u8], &str); 11] = [
        (
            "a.csv",
            returns.as_bytes(),
            "commas between columns, a header",
        ),
        ("a.tsv", tabs.as_bytes(), "tabs between columns, a header"),
        ("a.txt", tabs.as_bytes(), "tabs between columns, a header"),
        ("a", tabs.as_bytes(), "tabs between columns, a header"),
        (
            "a.csv",
            semicolons.as_bytes(),
            "semicolons between columns, a header",
        ),
        (
            "a.csv",
            windows.as_bytes(),
            "commas between columns, a header",
        ),
        (
            "a.csv",
            quoted.as_bytes(),
            "commas between columns, a header",
        ),
        (
            "a.csv",
            FLOWERS.trim_end().as_bytes(),
            "commas between columns, a header",
        ),
        (
            "a.CSV.GZ",
            &gzip(FLOWERS.as_bytes()),
            "commas between columns, a header, gzipped",
        ),
        ("a.csv", &twice, "commas between columns, a header, gzipped"),
        (
            "a.tsv.gz",
            &gzip(tabs.as_bytes()),
            "tabs between columns, a header, gzipped",
        ),
    ];
    for (name, bytes, format) in forms {
        let set = read(name, bytes, |_| {}).unwrap();
        assert_eq!(set.reading.format, format, "{name}");
        assert_eq!(set.reading.bytes, bytes.len() as u64);
        assert_eq!(examples(set), want, "{name}, {format}");
    }
}

#[test]
fn features_are_the_listed_columns_in_that_order() {
    let text = "a,b,c,y\n1,x,3,0.5\n4,x,6,1.5\n";
    let pick = |r: &mut Request<'_>| {
        r.columns = Some(vec![Column::Index(3), Column::Name("a".to_owned())]);
    };
    let set = read("a.csv", text, pick).unwrap();
    assert_eq!(kept(&set), array![[3.0, 1.0], [6.0, 4.0]]);
    assert_eq!(set.names, ["c", "a"]);
    assert_eq!(set.target, Target::Numeric(vec![0.5, 1.5]));

    let iris = Path::new("nowhere");
    let mut request = request("iris", iris);
    let whole = load(&request).unwrap();
    request.columns = Some(columns(&["petal width (cm)", "sepal length (cm)"]));
    let two = load(&request).unwrap();
    assert_eq!(two.names, ["petal width (cm)", "sepal length (cm)"]);
    assert_eq!(kept(&two).column(0), kept(&whole).column(3));
    assert_eq!(kept(&two).column(1), kept(&whole).column(0));
    assert_eq!(two.target, whole.target);
}

#[test]
fn a_column_of_categories_becomes_one_feature_a_value() {
    let text = "size,colour,code,y\n1,red,7,a\n2,blue,3,b\n3,red,7,a\n";
    let some = |r: &mut Request<'_>| r.categories = columns(&["code", "colour"]);
    let set = read("a.csv", text, some).unwrap();
    assert_eq!(
        set.names,
        ["size", "colour=blue", "colour=red", "code=3", "code=7"]
    );
    let want = array![
        [1.0, 0.0, 1.0, 0.0, 1.0],
        [2.0, 1.0, 0.0, 1.0, 0.0],
        [3.0, 0.0, 1.0, 0.0, 1.0]
    ];
    assert_eq!(kept(&set), want);
    let made = [("colour".to_owned(), 2), ("code".to_owned(), 2)];
    assert_eq!(set.reading.categories, made);

    let headless = "red,1\nblue,2\n";
    let told = |r: &mut Request<'_>| {
        r.categories = vec![Column::Index(1)];
        r.header = Some(false);
    };
    let set = read("a.csv", headless, told).unwrap();
    assert_eq!(set.names, ["column 1=blue", "column 1=red"]);
    let not_told = |r: &mut Request<'_>| r.categories = vec![Column::Index(1)];
    let refusal = read("a.csv", headless, not_told).unwrap_err();
    assert!(refusal.expected.contains("header = true"), "{refusal:?}");
}

#[test]
fn rows_with_missing_values_are_refused_or_dropped() {
    for cell in ["", " ", "?", "NA", "NaN", "nan", "null"] {
        let text = format!(
            "a,b,unused,y\n1,red,,x\n2,{cell},1,y\n{cell},new,1,x\n3,red,1,{cell}\n4,blue,1,y\n5,red,,x\n"
        );
        let used = |r: &mut Request<'_>| {
            r.columns = Some(columns(&["a", "b"]));
            r.categories = columns(&["b"]);
        };
        let refusal = read("a.csv", &text, used).unwrap_err();
        assert!(
            refusal.message.starts_with("row 3, column 2 ("),
            "{refusal}"
        );
        assert!(
            refusal.expected.contains("missing = \"drop\""),
            "{refusal:?}"
        );
        let drop = |r: &mut Request<'_>| {
            used(r);
            r.missing = Missing::Drop;
        };
        let set = read("a.csv", &text, drop).unwrap();
        assert_eq!(set.reading.dropped, 3, "{cell:?}");
        // A value that only stands in rows that are left out makes no feature.
        assert_eq!(set.names, ["a", "b=blue", "b=red"]);
        assert_eq!(
            kept(&set),
            array![[1.0, 0.0, 1.0], [4.0, 1.0, 0.0], [5.0, 0.0, 1.0]]
        );
        let two = |r: &mut Request<'_>| {
            drop(r);
            r.rows = Some(2);
        };
        assert_eq!(read("a.csv", &text, two).unwrap().rows(), 2);
    }
    let drop = |r: &mut Request<'_>| r.missing = Missing::Drop;
    for cell in ["inf", "-inf", "1e200", "NAN", "none"] {
        let text = format!("a,y\n1,2.5\n{cell},3\n");
        let refusal = read("a.csv", text, drop).unwrap_err();
        assert!(
            refusal.message.starts_with("row 3, column 1 (a) holds"),
            "{refusal}"
        );
    }
}

#[test]
fn categories_have_limits() {
    let many = |values: usize| -> String {
        let rows = (0..values).map(|i| format!("1,v{i},{}\n", i % 2));
        "a,b,y\n"
            .chars()
            .chain(rows.collect::<String>().chars())
            .collect()
    };
    let one = |r: &mut Request<'_>| r.categories = vec![Column::Index(2)];
    assert_eq!(read("a.csv", many(1_000), one).unwrap().names.len(), 1_001);
    let refusal = read("a.csv", many(1_001), one).unwrap_err();
    assert!(
        refusal.message.contains("more than 1000 categories"),
        "{refusal}"
    );

    // 70 columns of 1,000 values each make 70,000 features.
    let row = |i: usize| format!("{}0.5\n", format!("v{i},").repeat(70));
    let text: String = (0..1_000).map(row).collect();
    let all = |r: &mut Request<'_>| {
        r.categories = (1..=70).map(Column::Index).collect();
        r.header = Some(false);
        r.max_memory = 1 << 40;
    };
    let refusal = read("a.csv", &text, all).unwrap_err();
    assert!(
        refusal.message.contains("more than 65536 features"),
        "{refusal}"
    );
    let little = |r: &mut Request<'_>| {
        all(r);
        r.max_memory = 1 << 20;
    };
    let refusal = read("a.csv", &text, little).unwrap_err();
    assert!(refusal.expected.contains("--max-memory"), "{refusal:?}");
}

#[test]
fn gzipped_files_that_are_not_whole_are_refused() {
    let whole = gzip(FLOWERS.repeat(50).as_bytes());
    let cut = whole[..whole.len() - 9].to_vec();
    let trailing = [&whole[..], b"more"].concat();
    let mut damaged = whole.clone();
    let at = whole.len() - 6;
    damaged[at] ^= 1;
    let bomb = gzip("1.000000,2\n".repeat(4 << 20).as_bytes());
    let cases: [(&[u8], &str); 6] = [
        (&cut, "is cut short"),
        (&whole[..5], "is cut short"),
        (&trailing, "goes on behind its compressed data"),
        (&damaged, "has compressed data that are damaged"),
        (FLOWERS.as_bytes(), "does not begin with the bytes 1f 8b"),
        (&bomb, "unpacks to more than 16777216 bytes"),
    ];
    for (bytes, want) in cases {
        let drop = |r: &mut Request<'_>| r.header = Some(true);
        let refusal = read("a.csv.gz", bytes, drop).unwrap_err();
        assert_eq!(refusal.about, About::Source);
        assert!(refusal.message.contains(want), "{want}: {refusal}");
    }
    let roomy = |r: &mut Request<'_>| r.max_memory = 1 << 40;
    let refusal = read("a.csv.gz", bomb, roomy).unwrap_err();
    assert!(
        refusal.message.contains("more than 250 times its size"),
        "{refusal}"
    );
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    // Longer than any buffer, with cells over several lines, blank lines and both line ends.
    let mut text = "a,note,y\n".to_owned();
    let mut lines = 1;
    for i in 0..20_000 {
        text.push_str(&format!("{i},\"first\r\nsecond\n\",0.5\r\n\n"));
        lines += 4;
    }
    text.push_str("oops,\"x\",1\n");
    let pick = |r: &mut Request<'_>| r.columns = Some(columns(&["a"]));
    let refusal = read("a.csv", &text, pick).unwrap_err();
    let want = format!("row {}, column 1 (a) holds `oops`", lines + 1);
    assert!(refusal.message.starts_with(&want), "{refusal}, not {want}");
}

#[test]
fn a_row_without_end_is_not_held() {
    let text = format!("a,b\n1,2\n3,\"{}", "4,5\n".repeat(5 << 20));
    let refusal = read("a.csv", text, |_| {}).unwrap_err();
    assert!(
        refusal.message.starts_with("row 3 is longer than"),
        "{refusal}"
    );
    assert!(refusal.expected.contains("quote"), "{refusal:?}");
}

/// Lines that end with a carriage return alone, more of them than are looked at in the beginning.
#[test]
fn lines_that_end_with_carriage_returns_are_counted() {
    let mut text = "a,b,class\r".to_owned();
    text.push_str(&"0.25,0.5,x\r0.75,1.5,y\r".repeat(50_000));
    assert!(text.len() > 1 << 20);
    let set = read("a.csv", &text, |_| {}).unwrap();
    assert_eq!((set.rows(), set.names.len()), (100_000, 2));
    text.push_str("1,red,x\r");
    let refusal = read("a.csv", &text, |_| {}).unwrap_err();
    let want = "row 100002, column 2 (b) holds `red`, which is not a number";
    assert_eq!(refusal.message, want);
}
