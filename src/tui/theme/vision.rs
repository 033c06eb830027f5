//! How colours look to people, for the tests of the palettes: contrast, simulated colour
//! blindness, and the distance between two colours.

use std::f64::consts::TAU;

use ratatui::style::Color;

/// Red, green and blue from 0 to 255, as in sRGB.
pub type Rgb = [u8; 3];

/// On linear red, green and blue: normal sight, then complete protanopia, deuteranopia and
/// tritanopia (Machado, Oliveira and Fernandes 2009, severity 1.0).
pub const SIGHTS: [[[f64; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [
        [0.152_286, 1.052_583, -0.204_868],
        [0.114_503, 0.786_281, 0.099_216],
        [-0.003_882, -0.048_116, 1.051_998],
    ],
    [
        [0.367_322, 0.860_646, -0.227_968],
        [0.280_085, 0.672_501, 0.047_413],
        [-0.011_820, 0.042_940, 0.968_881],
    ],
    [
        [1.255_528, -0.076_749, -0.178_779],
        [-0.078_411, 0.930_809, 0.147_602],
        [0.004_733, 0.691_367, 0.303_900],
    ],
];

/// Linear sRGB to XYZ, each row divided by the white of D65.
const XYZ: [[f64; 3]; 3] = [
    [0.433_953_2, 0.376_219_4, 0.189_827_5],
    [0.212_672_9, 0.715_152_2, 0.072_175_0],
    [0.017_756_6, 0.109_469_2, 0.872_771_1],
];

/// An xterm colour from 16 on.
pub fn rgb(colour: Color) -> Rgb {
    let Color::Indexed(index @ 16..) = colour else {
        panic!("{colour} looks as the terminal likes");
    };
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let level = |i: u8| if i == 0 { 0 } else { 55 + 40 * i };
    let i = index - 16;
    [level(i / 36), level(i / 6 % 6), level(i % 6)]
}

/// Contrast between two colours, from 1 to 21, as in the web's guidelines (WCAG 2).
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let light = |colour| dot([0.2126, 0.7152, 0.0722], linear(colour)) + 0.05;
    let (a, b): (f64, f64) = (light(a), light(b));
    a.max(b) / a.min(b)
}

/// How different two colours look to an eye with the given sight (CIEDE2000; some 2 can just be
/// seen side by side).
pub fn difference(sight: &[[f64; 3]; 3], a: Rgb, b: Rgb) -> f64 {
    let [a, b] = [a, b].map(|colour| {
        let seen = product(sight, linear(colour));
        lab(seen.map(|c| c.clamp(0.0, 1.0)))
    });
    ciede2000(a, b)
}

fn linear(colour: Rgb) -> [f64; 3] {
    colour.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn product(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| dot(row, v))
}

/// CIELAB of a linear colour: lightness, green to red, blue to yellow.
fn lab(colour: [f64; 3]) -> [f64; 3] {
    let [x, y, z] = product(&XYZ, colour).map(|t| {
        if t > 216.0 / 24389.0 {
            t.cbrt()
        } else {
            (24389.0 / 27.0 * t + 16.0) / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The CIEDE2000 difference (Sharma, Wu and Dalal 2005).
fn ciede2000(p: [f64; 3], q: [f64; 3]) -> f64 {
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25_f64.powi(7))).sqrt();
    let mean = f64::midpoint(p[1].hypot(p[2]), q[1].hypot(q[2]));
    let stretch = 1.5 - 0.5 * seventh(mean);
    let [(c1, h1), (c2, h2)] = [p, q].map(|[_, a, b]| {
        let a = stretch * a;
        (a.hypot(b), b.atan2(a).rem_euclid(TAU))
    });
    let apart = (h2 - h1 + TAU / 2.0).rem_euclid(TAU) - TAU / 2.0;
    let grey = c1 * c2 == 0.0;
    let turn = if grey { 0.0 } else { apart };
    let hue = if grey { h1 + h2 } else { h1 + apart / 2.0 };
    let (l, c) = (f64::midpoint(p[0], q[0]), f64::midpoint(c1, c2));
    let cos = |times: f64, shift: f64| (times * hue + shift.to_radians()).cos();
    let t = 1.0 - 0.17 * cos(1.0, -30.0) + 0.24 * cos(2.0, 0.0) + 0.32 * cos(3.0, 6.0)
        - 0.20 * cos(4.0, -63.0);
    let off = (hue.to_degrees().rem_euclid(360.0) - 275.0) / 25.0;
    let rotation = -2.0 * seventh(c) * (60_f64.to_radians() * (-off * off).exp()).sin();
    let bend = (l - 50.0).powi(2);
    let dl = (q[0] - p[0]) / (1.0 + 0.015 * bend / (20.0 + bend).sqrt());
    let dc = (c2 - c1) / (1.0 + 0.045 * c);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).sin() / (1.0 + 0.015 * c * t);
    (dl * dl + dc * dc + dh * dh + rotation * dc * dh).sqrt()
}

#[test]
fn the_formulas_give_the_published_numbers() {
    // Pairs of Sharma, Wu and Dalal's table.
    for (p, q, want) in [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.5, 0.0], [58.0, 24.0, 15.0], 19.4535),
        ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
        (
            [22.7233, 20.0904, -46.694],
            [23.0331, 14.973, -42.5619],
            2.0373,
        ),
        ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
    ] {
        let got = ciede2000(p, q);
        assert!((got - want).abs() < 1e-4, "{p:?} {q:?}: {got}");
    }
    assert!((contrast([255; 3], [0; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast([0x77; 3], [255; 3]) - 4.48).abs() < 0.01);
    let red_and_green = |sight| difference(&SIGHTS[sight], [255, 0, 0], [0, 190, 0]);
    assert!(red_and_green(0) > 60.0 && red_and_green(2) < 25.0);
}
