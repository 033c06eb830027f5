//! The value and the gradient of the shipped surfaces, by their formulas and in code.

use std::hint::black_box;

use slalom::problem::formula::{Formula, Scratch};
use slalom::problem::surface::{SURFACES, Surface};

use crate::rounds::{Rounds, seconds};
use crate::table::Table;

/// Prints the figures of every shipped surface.
pub fn measure(table: &mut Table) {
    for surface in SURFACES {
        formula(table, surface);
    }
}

fn formula(table: &mut Table, surface: &Surface) {
    const WORK: &str = "value and gradient of a surface";
    const TIMES: u32 = 100_000;
    let names: Vec<String> = surface
        .variables
        .iter()
        .map(|&name| name.to_owned())
        .collect();
    let formula = Formula::parse(surface.formula, &names).expect("a test parses them all");
    let mut scratch = Scratch::default();
    let mut gradient = surface.start.to_vec();
    let mut g = gradient.clone();
    let each = 1e9 / f64::from(TIMES);
    let mut code = || {
        each * seconds(|| {
            for _ in 0..TIMES {
                let point = black_box(surface.start);
                surface.gradient(point, &mut gradient);
                black_box((surface.value)(point));
            }
        })
    };
    let mut text = || {
        each * seconds(|| {
            for _ in 0..TIMES {
                black_box(formula.gradient(black_box(surface.start), &mut g, &mut scratch));
            }
        })
    };
    let found = Rounds::of(&mut [&mut code, &mut text]);
    table.add(WORK, surface.id, "in code, ns", found.median(0));
    table.add(WORK, surface.id, "by formula, ns", found.median(1));
    table.add(WORK, surface.id, "ratio", found.ratio(1, 0));
}
