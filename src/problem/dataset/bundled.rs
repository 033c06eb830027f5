//! The real datasets built into the binary; where they come from stands in
//! `scenarios/data/ATTRIBUTION.md`.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use ndarray::Array2;

use super::{BuiltIn, Dataset, Reading, Target};

/// The bundled sets.
pub const BUNDLED: &[BuiltIn] = &[
    BuiltIn {
        name: "digits",
        about: "1,797 handwritten digits, 8x8 pixels; 10 classes",
        from: "Alpaydin and Kaynak 1998, UCI Machine Learning Repository",
    },
    BuiltIn {
        name: "iris",
        about: "150 iris flowers, 4 lengths and widths; 3 species",
        from: "Fisher 1936, UCI Machine Learning Repository",
    },
    BuiltIn {
        name: "wine",
        about: "178 wines, 13 chemical measurements; 3 growers, on very different scales",
        from: "Forina et al. 1988, UCI Machine Learning Repository",
    },
    BuiltIn {
        name: "breast_cancer",
        about: "569 tumours, 30 measurements of their cells; 2 diagnoses",
        from: "Wolberg et al. 1993, UCI Machine Learning Repository",
    },
];

const DIGITS: &[u8] = include_bytes!("../../../scenarios/data/digits.csv.gz");
const IRIS: &str = include_str!("../../../scenarios/data/iris.csv");
const WINE: &str = include_str!("../../../scenarios/data/wine_data.csv");
const BREAST_CANCER: &str = include_str!("../../../scenarios/data/breast_cancer.csv");

/// The bundled set called `name`, if there is one.
pub(super) fn load(name: &str) -> Option<Dataset> {
    Some(match name {
        "digits" => digits(),
        "iris" => table(name, IRIS, iris_names()),
        "wine" => table(name, WINE, wine_names()),
        "breast_cancer" => table(name, BREAST_CANCER, breast_cancer_names()),
        _ => return None,
    })
}

/// The digits: no header, 64 pixels from 0 to 16, then the digit.
fn digits() -> Dataset {
    let mut text = String::new();
    MultiGzDecoder::new(DIGITS)
        .read_to_string(&mut text)
        .expect("the bundled file is whole: it is part of the binary");
    let pixels = (0..64).map(|i| format!("pixel {} {}", i / 8, i % 8));
    let classes = (0..10).map(|digit: u32| digit.to_string()).collect();
    parse("digits", &text, pixels.collect(), classes)
}

/// A file whose first line holds the number of examples, of features, and the names of the classes.
fn table(source: &str, text: &str, names: Vec<String>) -> Dataset {
    let (head, body) = text.split_once('\n').expect("a bundled file has a head");
    let classes = head.trim().split(',').skip(2).map(str::to_owned).collect();
    parse(source, body, names, classes)
}

fn parse(source: &str, text: &str, names: Vec<String>, classes: Vec<String>) -> Dataset {
    let mut features = vec![];
    let mut labels = vec![];
    for line in text.lines() {
        let mut cells = line
            .split(',')
            .map(|cell| cell.parse::<f64>().expect("bundled files hold numbers"));
        features.extend(cells.by_ref().take(names.len()));
        labels.extend(cells.map(|class| class as u32));
    }
    Dataset {
        source: source.to_owned(),
        features: Array2::from_shape_vec((labels.len(), names.len()), features)
            .expect("every line has all features and one class"),
        names,
        target: Target::Classes {
            labels,
            names: classes,
        },
        reading: Reading::default(),
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn iris_names() -> Vec<String> {
    owned(&[
        "sepal length (cm)",
        "sepal width (cm)",
        "petal length (cm)",
        "petal width (cm)",
    ])
}

fn wine_names() -> Vec<String> {
    owned(&[
        "alcohol",
        "malic acid",
        "ash",
        "alcalinity of ash",
        "magnesium",
        "total phenols",
        "flavanoids",
        "nonflavanoid phenols",
        "proanthocyanins",
        "color intensity",
        "hue",
        "od280/od315 of diluted wines",
        "proline",
    ])
}

/// Ten measurements, each as the mean over a tumour's cells, its standard error, and the mean of
/// the three worst.
fn breast_cancer_names() -> Vec<String> {
    const MEASURED: [&str; 10] = [
        "radius",
        "texture",
        "perimeter",
        "area",
        "smoothness",
        "compactness",
        "concavity",
        "concave points",
        "symmetry",
        "fractal dimension",
    ];
    let means = MEASURED.iter().map(|name| format!("mean {name}"));
    let errors = MEASURED.iter().map(|name| format!("{name} error"));
    let worst = MEASURED.iter().map(|name| format!("worst {name}"));
    means.chain(errors).chain(worst).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_sets_have_their_known_shapes() {
        let shapes: Vec<_> = BUNDLED
            .iter()
            .map(|&BuiltIn { name, .. }| {
                let set = load(name).expect("listed sets are there");
                assert_eq!(set.names.len(), set.features.ncols());
                let Target::Classes { labels, names } = &set.target else {
                    panic!("{name} has classes")
                };
                let counts: Vec<usize> = (0..names.len() as u32)
                    .map(|class| labels.iter().filter(|&&label| label == class).count())
                    .collect();
                (name, set.features.dim(), counts)
            })
            .collect();
        let digits = vec![178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        assert_eq!(
            shapes,
            [
                ("digits", (1797, 64), digits),
                ("iris", (150, 4), vec![50, 50, 50]),
                ("wine", (178, 13), vec![59, 71, 48]),
                ("breast_cancer", (569, 30), vec![212, 357]),
            ]
        );
    }

    #[test]
    fn the_first_digit_is_a_zero() {
        let set = load("digits").expect("bundled");
        let first: Vec<f64> = set.features.row(0).iter().copied().take(8).collect();
        assert_eq!(first, [0.0, 0.0, 5.0, 13.0, 9.0, 1.0, 0.0, 0.0]);
        assert!(set.features.iter().all(|x| (0.0..=16.0).contains(x)));
    }
}
