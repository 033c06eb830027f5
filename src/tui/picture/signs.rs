//! The signs of the screen as shapes: dots, blocks, lines of boxes and the racers' shapes. So they
//! look the same whatever fonts there are.

use std::collections::HashMap;
use std::f64::consts::TAU;
use std::sync::LazyLock;

use ratatui::symbols::pixel::{OCTANTS, QUADRANTS};

use crate::picture::{Colour, Pen, Place, Shape, mix};

/// How much of a cell's width a dot of braille takes.
const DOT: f64 = 0.31;

/// How large a racer's shape is in a cell, in parts of its width.
const MARKER: f64 = 0.5;

/// The lines of a box go from the middle of a cell to these sides: upwards, to the right, downwards,
/// to the left.
const BOXES: [(char, [bool; 4]); 11] = [
    ('│', [true, false, true, false]),
    ('─', [false, true, false, true]),
    ('┌', [false, true, true, false]),
    ('┐', [false, false, true, true]),
    ('└', [true, true, false, false]),
    ('┘', [true, false, false, true]),
    ('├', [true, true, true, false]),
    ('┤', [true, false, true, true]),
    ('┬', [false, true, true, true]),
    ('┴', [true, true, false, true]),
    ('┼', [true, true, true, true]),
];

/// Which of two by four parts of a cell a block fills, a bit for each from the first row on.
static BLOCKS: LazyLock<HashMap<char, u8>> = LazyLock::new(|| {
    // A quadrant is two parts high.
    let double = |bits: u8| {
        let [above, below] = [bits & 0b11, bits >> 2];
        (above * 0b101) | ((below * 0b101) << 4)
    };
    let quadrants = (0..16).map(|bits: u8| (QUADRANTS[usize::from(bits)], double(bits)));
    let octants = (0..=255).map(|bits: u8| (OCTANTS[usize::from(bits)], bits));
    octants
        .chain(quadrants)
        .filter(|(c, _)| *c != ' ')
        .collect()
});

/// What a sign looks like in a cell; none for what is no sign but a letter.
pub fn sign(
    c: char,
    corner: Place,
    cell: [f64; 2],
    [ink, ground]: [Colour; 2],
) -> Option<Vec<Shape>> {
    let at = |x: f64, y: f64| [corner[0] + x * cell[0], corner[1] + y * cell[1]];
    let area = |outlines| {
        vec![Shape::Area {
            outlines,
            fill: ink,
        }]
    };
    let block = |[left, top]: [f64; 2], [right, bottom]: [f64; 2]| {
        vec![
            at(left, top),
            at(right, top),
            at(right, bottom),
            at(left, bottom),
        ]
    };
    if let '\u{2801}'..='\u{28ff}' = c {
        return Some(vec![braille(c, at, cell[0], ink)]);
    }
    if let Some(bits) = BLOCKS.get(&c) {
        let parts = (0..8).filter(|i| bits >> i & 1 == 1);
        let part = |i: u8| [f64::from(i % 2) / 2.0, f64::from(i / 2) / 4.0];
        let outlines = parts.map(|i| block(part(i), [part(i)[0] + 0.5, part(i)[1] + 0.25]));
        return Some(area(outlines.collect()));
    }
    if let '▁'..='█' = c {
        let eighths = f64::from(c as u32 - '▁' as u32 + 1);
        return Some(area(vec![block([0.0, 1.0 - eighths / 8.0], [1.0, 1.0])]));
    }
    if let '░'..='▓' = c {
        let quarters = f64::from(c as u32 - '░' as u32 + 1);
        return Some(vec![Shape::Area {
            outlines: vec![block([0.0, 0.0], [1.0, 1.0])],
            fill: mix(ground, ink, quarters / 4.0),
        }]);
    }
    let pen = Pen::solid(ink, 0.12 * cell[0]);
    if c == '┄' {
        let dash = |i: u8| {
            let from = (f64::from(i) + 0.2) / 3.0;
            vec![at(from, 0.5), at(from + 0.6 / 3.0, 0.5)]
        };
        let lines = (0..3).map(dash).collect();
        return Some(vec![Shape::Lines { lines, pen }]);
    }
    if let Some((_, sides)) = BOXES.iter().find(|(own, _)| *own == c) {
        let ends = [at(0.5, 0.0), at(1.0, 0.5), at(0.5, 1.0), at(0.0, 0.5)];
        let ends = ends.into_iter().zip(sides).filter(|(_, has)| **has);
        let lines = ends.map(|(end, _)| vec![at(0.5, 0.5), end]).collect();
        return Some(vec![Shape::Lines { lines, pen }]);
    }
    marker(c, at(0.5, 0.5), MARKER * cell[0], ink).map(|shape| vec![shape])
}

fn braille(c: char, at: impl Fn(f64, f64) -> Place, width: f64, fill: Colour) -> Shape {
    // The upper three rows are counted by columns, and the fourth last.
    const PLACES: [[u8; 2]; 8] = [
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
        [1, 1],
        [1, 2],
        [0, 3],
        [1, 3],
    ];
    let bits = c as u32 - 0x2800;
    let set = (0..8).filter(|i| bits >> i & 1 == 1).map(|i| PLACES[i]);
    let centre = |[x, y]: [u8; 2]| at(0.25 + 0.5 * f64::from(x), 0.125 + 0.25 * f64::from(y));
    Shape::Dots {
        centres: set.map(centre).collect(),
        radius: DOT * width / 2.0,
        fill,
    }
}

/// A racer's shape, or a start's, about a place; none for what is none.
pub fn marker(c: char, [x, y]: Place, radius: f64, colour: Colour) -> Option<Shape> {
    // Around the middle, clockwise from the top; every second corner at the smaller radius.
    let star = |corners: usize, radii: [f64; 2], turn: f64| {
        let corner = |i: usize| {
            let angle = TAU * (i as f64 / corners as f64 + turn);
            let far = radius * radii[i % 2];
            [x + far * angle.sin(), y - far * angle.cos()]
        };
        (0..corners).map(corner).collect::<Vec<Place>>()
    };
    let cross = || {
        let [thin, long] = [0.3 * radius, radius];
        let quarter = [[-thin, -long], [thin, -long], [thin, -thin]];
        let turned = |i: usize| quarter.map(|at| (0..i).fold(at, |[x, y], _| [-y, x]));
        (0..4).flat_map(turned).collect::<Vec<Place>>()
    };
    let outline = match c {
        '●' => {
            return Some(Shape::Dots {
                centres: vec![[x, y]],
                radius: 0.9 * radius,
                fill: colour,
            });
        }
        '○' => {
            let mut ring = star(32, [0.85; 2], 0.0);
            ring.push(ring[0]);
            return Some(Shape::Lines {
                lines: vec![ring],
                pen: Pen::solid(colour, 0.3 * radius),
            });
        }
        '■' => star(4, [1.15; 2], 0.125),
        '▲' => star(3, [1.1; 2], 0.0),
        '▼' => star(3, [1.1; 2], 0.5),
        '◆' => star(4, [1.1; 2], 0.0),
        '★' => star(10, [1.25, 0.5], 0.0),
        '✚' => cross().iter().map(|at| [x + at[0], y + at[1]]).collect(),
        '✕' => {
            let half = std::f64::consts::FRAC_1_SQRT_2;
            let turned = |at: &Place| [x + half * (at[0] - at[1]), y + half * (at[0] + at[1])];
            cross().iter().map(turned).collect()
        }
        _ => return None,
    };
    Some(Shape::Area {
        outlines: vec![outline],
        fill: colour,
    })
}
