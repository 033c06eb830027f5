//! Formulas: their gradients against dual numbers, those of the shipped surfaces against their code,
//! and what is refused, with its place.

use num_dual::{Dual64, DualNum};
use slalom::problem::formula::{Fault, Formula, Scratch};
use slalom::problem::surface::SURFACES;

type D = Dual64;
type Code = fn(D, D) -> D;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn xy(text: &str) -> Result<Formula, Vec<Fault>> {
    Formula::parse(text, &names(&["x", "y"]))
}

fn of(number: f64) -> D {
    D::from_re(number)
}

fn sigmoid(x: D) -> D {
    ((-x).exp() + 1.0).recip()
}

fn softplus(x: D) -> D {
    (x.exp() + 1.0).ln()
}

/// Formulas, and the same in code.
const ALIKE: [(&str, Code); 42] = [
    ("x", |x, _| x),
    ("x + y", |x, y| x + y),
    ("x - y - x*y", |x, y| x - y - x * y),
    ("x/y - y/x", |x, y| x / y - y / x),
    ("-x^2 + y", |x, y| -(x * x) + y),
    ("(x + 2*y - 7)^2 + (2*x + y - 5)^2", |x, y| {
        (x + y * 2.0 - 7.0).powi(2) + (x * 2.0 + y - 5.0).powi(2)
    }),
    ("x^3*y^5", |x, y| x.powi(3) * y.powi(5)),
    ("x^-2 + y^-3", |x, y| x.powi(-2) + y.powi(-3)),
    ("x^17", |x, _| x.powi(17)),
    ("x^0.5 + y^1.5", |x, y| x.powf(0.5) + y.powf(1.5)),
    ("x^y", |x, y| (y * x.ln()).exp()),
    ("2^x + pow(y, 3)", |x, y| {
        (x * 2.0_f64.ln()).exp() + y.powi(3)
    }),
    ("pow(x, y)^2", |x, y| (y * x.ln()).exp().powi(2)),
    ("sin(x)*cos(y)", |x, y| x.sin() * y.cos()),
    ("tan(x/2) + tan(y/3)", |x, y| {
        (x / 2.0).tan() + (y / 3.0).tan()
    }),
    ("exp(-x*y)", |x, y| (-x * y).exp()),
    ("log(x) + log(x*y)", |x, y| x.ln() + (x * y).ln()),
    ("sqrt(x^2 + y^2)", |x, y| (x * x + y * y).sqrt()),
    ("abs(x - y)", |x, y| if x.re < y.re { y - x } else { x - y }),
    ("tanh(x)*tanh(-y)", |x, y| x.tanh() * (-y).tanh()),
    ("sinh(x) + cosh(y)", |x, y| x.sinh() + y.cosh()),
    ("atan(x/y)", |x, y| (x / y).atan()),
    ("sigmoid(x - 2*y)", |x, y| sigmoid(x - y * 2.0)),
    ("softplus(3*x - y)", |x, y| softplus(x * 3.0 - y)),
    ("softplus(-x) + sigmoid(-y)", |x, y| {
        softplus(-x) + sigmoid(-y)
    }),
    ("min(x, y)*max(x, 2*y)", |x, y| {
        let least = if x.re <= y.re { x } else { y };
        let most = if x.re >= 2.0 * y.re { x } else { y * 2.0 };
        least * most
    }),
    ("max(0, 1 - x)^2", |x, _| {
        if x.re < 1.0 {
            (of(1.0) - x).powi(2)
        } else {
            of(0.0)
        }
    }),
    ("exp(sin(x) + cos(y))^2", |x, y| {
        (x.sin() + y.cos()).exp().powi(2)
    }),
    ("log(1 + exp(x))", |x, _| (x.exp() + 1.0).ln()),
    ("x*exp(-x^2 - y^2)", |x, y| x * (-(x * x) - y * y).exp()),
    ("sin(2*pi*x)*e^y", |x, y| {
        (x * std::f64::consts::TAU).sin() * y.exp()
    }),
    ("1/(1 + x^2 + y^4)", |x, y| {
        (x * x + y.powi(4) + 1.0).recip()
    }),
    ("(x*y + x*y)*(x*y)", |x, y| (x * y) * (x * y) * 2.0),
    ("sqrt(sqrt(x) + sqrt(y))", |x, y| {
        (x.sqrt() + y.sqrt()).sqrt()
    }),
    ("tanh(sinh(atan(x)))", |x, _| x.atan().sinh().tanh()),
    ("cos(cos(cos(y)))", |_, y| y.cos().cos().cos()),
    ("x^2^y", |x, y| ((y * 2.0_f64.ln()).exp() * x.ln()).exp()),
    ("((x - y)/(x + y))^3", |x, y| ((x - y) / (x + y)).powi(3)),
    ("-(-(-x))*-y", |x, y| -x * -y),
    ("abs(sin(5*x))*abs(cos(5*y))", |x, y| {
        let abs = |d: D| if d.re < 0.0 { -d } else { d };
        abs((x * 5.0).sin()) * abs((y * 5.0).cos())
    }),
    ("3", |_, _| of(3.0)),
    ("(x - 1)^4/(y^2 + 0.1) + log(y + 2)*x", |x, y| {
        (x - 1.0).powi(4) / (y * y + 0.1) + (y + 2.0).ln() * x
    }),
];

const POINTS: [[f64; 2]; 4] = [[0.7, 1.3], [2.1, 0.4], [1.9, 1.1], [0.05, 2.7]];

fn near(got: f64, want: f64, scale: f64) -> bool {
    (got - want).abs() <= 1e-12 * want.abs().max(scale).max(1.0)
}

#[test]
fn gradients_are_those_of_dual_numbers() {
    let mut scratch = Scratch::default();
    for (text, code) in ALIKE {
        let formula = xy(text).unwrap_or_else(|faults| panic!("{text}: {faults:?}"));
        for point in POINTS {
            let [along_x, along_y] = [[1.0, 0.0], [0.0, 1.0]]
                .map(|[dx, dy]| code(D::new(point[0], dx), D::new(point[1], dy)));
            let value = formula.value(&point, &mut scratch);
            assert!(near(value, along_x.re, 0.0), "{text} at {point:?}: {value}");
            let mut gradient = [f64::NAN; 2];
            formula.gradient(&point, &mut gradient, &mut scratch);
            for (got, want) in gradient.into_iter().zip([along_x.eps, along_y.eps]) {
                assert!(
                    near(got, want, value),
                    "{text} at {point:?}: {got} not {want}"
                );
            }
        }
    }
}

#[test]
fn shipped_surfaces_are_what_their_formulas_say() {
    let mut scratch = Scratch::default();
    for surface in SURFACES {
        let formula = Formula::parse(surface.formula, &names(surface.variables));
        let formula = formula.unwrap_or_else(|faults| panic!("{}: {faults:?}", surface.id));
        for point in POINTS.iter().map(|point| &point[..surface.variables.len()]) {
            let (got, want) = (formula.value(point, &mut scratch), (surface.value)(point));
            assert!(
                near(got, want, 0.0),
                "{} at {point:?}: {got} {want}",
                surface.id
            );
            let (mut got, mut want) = (vec![0.0; point.len()], vec![0.0; point.len()]);
            formula.gradient(point, &mut got, &mut scratch);
            surface.gradient(point, &mut want);
            let near = got
                .iter()
                .zip(&want)
                .all(|(got, want)| near(*got, *want, 10.0));
            assert!(near, "{} at {point:?}: {got:?} {want:?}", surface.id);
        }
    }
}

#[test]
fn at_a_tip_the_slope_is_that_of_the_middle() {
    for text in ["abs(x) + abs(y)", "sqrt(x^2 + y^2)", "sqrt(abs(x))"] {
        let mut gradient = [1.0; 2];
        let formula = xy(text).unwrap();
        formula.gradient(&[0.0, 0.0], &mut gradient, &mut Scratch::default());
        assert_eq!(gradient, [0.0, 0.0], "{text}");
    }
}

/// What is wrong in each, as the text from there on and the message.
const REFUSED: &[(&str, &[(&str, &str)])] = &[
    ("", &[("", "the formula ends too early")]),
    ("   ", &[("", "the formula ends too early")]),
    ("x +", &[("", "the formula ends too early")]),
    ("x*", &[("", "the formula ends too early")]),
    ("-", &[("", "the formula ends too early")]),
    ("(", &[("", "the formula ends too early")]),
    ("sin(", &[("", "the formula ends too early")]),
    ("x^", &[("", "the formula ends too early")]),
    ("max(x,", &[("", "the formula ends too early")]),
    ("(x + y", &[("(x + y", "this bracket is not closed")]),
    (
        "x*(y - (x + 1)",
        &[("(y - (x + 1)", "this bracket is not closed")],
    ),
    ("sin(x", &[("(x", "this bracket is not closed")]),
    ("((x)", &[("((x)", "this bracket is not closed")]),
    ("x)", &[(")", "`)` cannot stand here")]),
    (")", &[(")", "`)` cannot stand here")]),
    ("()", &[(")", "`)` cannot stand here")]),
    ("x + ()", &[(")", "`)` cannot stand here")]),
    ("(x))", &[(")", "`)` cannot stand here")]),
    ("x, y", &[(", y", "`,` cannot stand here")]),
    ("(x, y)", &[(", y)", "`,` cannot stand here")]),
    (",", &[(",", "`,` cannot stand here")]),
    ("max(,x)", &[(",x)", "`,` cannot stand here")]),
    ("max(x,)", &[(")", "`)` cannot stand here")]),
    ("max(x,,y)", &[(",y)", "`,` cannot stand here")]),
    ("*x", &[("*x", "`*` cannot stand here")]),
    ("/x", &[("/x", "`/` cannot stand here")]),
    ("^2", &[("^2", "`^` cannot stand here")]),
    ("x**2", &[("*2", "`*` cannot stand here")]),
    ("x//y", &[("/y", "`/` cannot stand here")]),
    ("x +* y", &[("* y", "`*` cannot stand here")]),
    ("x*/y", &[("/y", "`/` cannot stand here")]),
    ("x^^2", &[("^2", "`^` cannot stand here")]),
    ("x^*2", &[("*2", "`*` cannot stand here")]),
    ("x -", &[("", "the formula ends too early")]),
    ("2x", &[("x", "`x` cannot stand here")]),
    ("2 x", &[("x", "`x` cannot stand here")]),
    ("x y", &[("y", "`y` cannot stand here")]),
    ("x 2", &[("2", "a number cannot stand here")]),
    ("2(x)", &[("(x)", "`(` cannot stand here")]),
    ("(x)(y)", &[("(y)", "`(` cannot stand here")]),
    ("(x)y", &[("y", "`y` cannot stand here")]),
    ("2 3", &[("3", "a number cannot stand here")]),
    ("1.2.3", &[(".3", "a number cannot stand here")]),
    ("x(y)", &[("x(y)", "`x` is no function")]),
    ("pi(x)", &[("pi(x)", "`pi` is no function")]),
    ("e(2)", &[("e(2)", "`e` is no function")]),
    ("z", &[("z", "there is no variable `z`")]),
    ("x + z1", &[("z1", "there is no variable `z1`")]),
    ("X", &[("X", "there is no variable `X`")]),
    ("xy", &[("xy", "there is no variable `xy`")]),
    ("x_", &[("x_", "there is no variable `x_`")]),
    ("_", &[("_", "there is no variable `_`")]),
    ("Pi*x", &[("Pi*x", "there is no variable `Pi`")]),
    ("ä", &[("ä", "there is no variable `ä`")]),
    ("1e", &[("e", "`e` cannot stand here")]),
    ("1e+", &[("e+", "`e` cannot stand here")]),
    (
        "a + b",
        &[
            ("a + b", "there is no variable `a`"),
            ("b", "there is no variable `b`"),
        ],
    ),
    ("sine(x)", &[("sine(x)", "there is no function `sine`")]),
    ("Sin(x)", &[("Sin(x)", "there is no function `Sin`")]),
    ("ln(x)", &[("ln(x)", "there is no function `ln`")]),
    ("log10(x)", &[("log10(x)", "there is no function `log10`")]),
    (
        "f(a)",
        &[
            ("f(a)", "there is no function `f`"),
            ("a)", "there is no variable `a`"),
        ],
    ),
    ("sin", &[("sin", "`sin` has no argument")]),
    (
        "sin x",
        &[
            ("sin x", "`sin` has no argument"),
            ("x", "`x` cannot stand here"),
        ],
    ),
    ("sin + 1", &[("sin + 1", "`sin` has no argument")]),
    ("max", &[("max", "`max` has no argument")]),
    ("sin()", &[("sin()", "`sin` cannot have 0 arguments")]),
    (
        "sin(x, y)",
        &[("sin(x, y)", "`sin` cannot have 2 arguments")],
    ),
    ("min(x)", &[("min(x)", "`min` cannot have 1 argument")]),
    (
        "max(x, y, 1)",
        &[("max(x, y, 1)", "`max` cannot have 3 arguments")],
    ),
    ("pow(x)", &[("pow(x)", "`pow` cannot have 1 argument")]),
    ("pow()", &[("pow()", "`pow` cannot have 0 arguments")]),
    (
        "atan(y, x)",
        &[("atan(y, x)", "`atan` cannot have 2 arguments")],
    ),
    (
        "exp(x) + sin() + q",
        &[
            ("sin() + q", "`sin` cannot have 0 arguments"),
            ("q", "there is no variable `q`"),
        ],
    ),
    ("x = 2", &[("= 2", "`=` has no meaning in a formula")]),
    ("x == y", &[("== y", "`=` has no meaning in a formula")]),
    ("x < y", &[("< y", "`<` has no meaning in a formula")]),
    ("x > 0", &[("> 0", "`>` has no meaning in a formula")]),
    (
        "x ? 1 : 2",
        &[("? 1 : 2", "`?` has no meaning in a formula")],
    ),
    ("x % 2", &[("% 2", "`%` has no meaning in a formula")]),
    ("x!", &[("!", "`!` has no meaning in a formula")]),
    ("x & y", &[("& y", "`&` has no meaning in a formula")]),
    ("x | y", &[("| y", "`|` has no meaning in a formula")]),
    ("|x|", &[("|x|", "`|` has no meaning in a formula")]),
    ("~x", &[("~x", "`~` has no meaning in a formula")]),
    ("x[0]", &[("[0]", "`[` has no meaning in a formula")]),
    ("{x}", &[("{x}", "`{` has no meaning in a formula")]),
    ("\"x\"", &[("\"x\"", "`\"` has no meaning in a formula")]),
    ("x'", &[("'", "`'` has no meaning in a formula")]),
    ("$x", &[("$x", "`$` has no meaning in a formula")]),
    ("x@y", &[("@y", "`@` has no meaning in a formula")]),
    ("x#y", &[("#y", "`#` has no meaning in a formula")]),
    ("x;y", &[(";y", "`;` has no meaning in a formula")]),
    ("x:y", &[(":y", "`:` has no meaning in a formula")]),
    ("x\\y", &[("\\y", "`\\` has no meaning in a formula")]),
    ("x²", &[("²", "`²` has no meaning in a formula")]),
    ("x·y", &[("·y", "`·` has no meaning in a formula")]),
    ("x × y", &[("× y", "`×` has no meaning in a formula")]),
    ("x − y", &[("− y", "`−` has no meaning in a formula")]),
    ("√x", &[("√x", "`√` has no meaning in a formula")]),
    (
        "x\u{1b}[2J",
        &[(
            "\u{1b}[2J",
            "a control character has no meaning in a formula",
        )],
    ),
    (
        "x + \0",
        &[("\0", "a control character has no meaning in a formula")],
    ),
    (
        "x + \u{202e}y",
        &[(
            "\u{202e}y",
            "the invisible U+202E has no meaning in a formula",
        )],
    ),
    ("1e999", &[("1e999", "`1e999` is not a number")]),
    ("x + .", &[(".", "`.` is not a number")]),
    (".e1", &[(".e1", "`.e1` is not a number")]),
];

#[test]
fn what_is_wrong_is_said_with_its_place() {
    assert!(REFUSED.len() >= 100);
    for (text, wanted) in REFUSED {
        let faults = xy(text).expect_err(text);
        let got: Vec<_> = faults
            .iter()
            .map(|fault| (&text[fault.span.start..], &*fault.message))
            .collect();
        assert_eq!(got, *wanted, "{text}");
        for fault in &faults {
            assert!(fault.span.end <= text.len() && text.is_char_boundary(fault.span.end));
            assert!(
                fault.expected.starts_with("expected "),
                "{text}: {}",
                fault.expected
            );
        }
    }
}

#[test]
fn what_is_too_much_is_refused() {
    for (text, wanted) in [
        (
            "(".repeat(150) + "x" + &")".repeat(150),
            "too many brackets inside each other",
        ),
        ("-".repeat(500) + "x", "too many brackets inside each other"),
        (
            "x^".repeat(500) + "x",
            "too many brackets inside each other",
        ),
        (
            "sin(".repeat(150) + "x" + &")".repeat(150),
            "too many brackets inside each other",
        ),
        ("x + ".repeat(5_000) + "x", "the formula has 20001 bytes"),
    ] {
        let faults = xy(&text).expect_err("it is too much");
        assert_eq!(faults[0].message, wanted);
    }
    // At the limits it works.
    let terms: Vec<String> = (0..1_550).map(|i| format!("x*{i}")).collect();
    let long = terms.join("+") + "+y";
    assert!(long.len() > 9_000);
    let mut gradient = [0.0; 2];
    let formula = xy(&long).unwrap();
    formula.gradient(&[1.0, 1.0], &mut gradient, &mut Scratch::default());
    assert!(gradient[0] > 0.0 && gradient[1] == 1.0);
    let deep = "(".repeat(98) + "x" + &")".repeat(98);
    assert_eq!(
        xy(&deep)
            .unwrap()
            .value(&[7.0, 0.0], &mut Scratch::default()),
        7.0
    );
}
