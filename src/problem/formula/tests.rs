//! How a formula is read and put on its tape.

use super::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn read(text: &str) -> Formula {
    Formula::parse(text, &names(&["x", "y"])).unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
}

fn value(text: &str) -> f64 {
    read(text).value(&[2.0, 3.0], &mut Scratch::default())
}

#[test]
fn precedence_is_the_usual_one() {
    for (text, want) in [
        ("-x^2", -4.0),
        ("2^3^2", 512.0),
        ("(2^3)^2", 64.0),
        ("1e-3", 1e-3),
        ("2E+2 + .5 + 3.", 203.5),
        ("x - y - 1", -2.0),
        ("12/x/y", 2.0),
        ("12/x*y", 18.0),
        ("x + y*x", 8.0),
        ("-x*y", -6.0),
        ("2^-1", 0.5),
        ("2^-x^2*16", 1.0),
        ("x^-y", 0.125),
        ("--x + +y", 5.0),
        ("-(x - y)^3", 1.0),
        ("2*pi - pi*2 + e/e", 1.0),
        ("min(x, y) + 10*max(x, y)", 32.0),
        ("pow(x, y) - x^y", 0.0),
        ("abs(x - y)", 1.0),
        ("e^0", 1.0),
        (" x\n+\ty ", 5.0),
        ("((((x))))", 2.0),
    ] {
        assert_eq!(value(text), want, "{text}");
    }
}

#[test]
fn a_name_that_a_variable_has_is_the_variable() {
    let formula = Formula::parse("e*w_1 + sin", &names(&["e", "w_1", "sin"])).unwrap();
    assert_eq!(
        formula.value(&[2.0, 3.0, 4.0], &mut Scratch::default()),
        10.0
    );
}

#[test]
fn equal_parts_stand_once_and_numbers_are_worked_out_before() {
    let steps = |text: &str| {
        let mut scratch = Scratch::default();
        let formula = read(text);
        formula.value(&[2.0, 3.0], &mut scratch);
        // Beside the two variables and the numbers.
        scratch.values.len() - 2 - formula.tape.numbers()
    };
    assert_eq!(steps("2*pi*3 + sqrt(4)"), 0);
    assert_eq!(steps("(x + y)*(x + y)"), 2);
    assert_eq!(steps("sin(x*y) + sin(x*y)"), 3);
    assert_eq!(steps("x^8"), 3);
}
