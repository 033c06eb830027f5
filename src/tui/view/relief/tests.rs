//! What is seen of a hill and of what lies before and behind it.

use ndarray::Array2;

use super::*;
use crate::tui::view::map;

const CELLS: [u16; 2] = [40, 20];

/// A ridge along the first axis, across the middle of the second.
fn ridge() -> Shape {
    Shape::new(&Array2::from_shape_fn((SIDE, SIDE), |(row, _)| {
        let y = (row as f64 + 0.5) / SIDE as f64 - 0.5;
        1.0 + (-y * y / 0.01).exp()
    }))
}

fn camera(azimuth: f64) -> Camera {
    Camera {
        azimuth,
        elevation: 25.0,
        turning: false,
    }
}

/// What is seen of a trail along the first axis at this place of the second.
fn trail(azimuth: f64, y: f64) -> Trail {
    let points = (0..=20).map(|i| [0.2 + 0.03 * f64::from(i), y]).collect();
    let chart = Chart {
        ghosts: Vec::new(),
        trails: vec![map::Trail {
            points,
            head: Some([0.8, y]),
            ..map::Trail::default()
        }],
        starts: vec![[0.2, y]],
        minima: vec![[0.5, 2.0]],
        axes: None,
    };
    let relief = model(&ridge(), camera(azimuth), &chart, Glyphs::Braille, CELLS);
    assert!(relief.minima.is_empty(), "it lies beyond the edge");
    relief.trails[0].clone()
}

#[test]
fn a_ridge_hides_what_lies_behind_it() {
    let before = trail(0.0, 0.2);
    assert_eq!(before.stretches.len(), 1);
    assert!(before.stretches[0].len() > 20);
    let behind = trail(0.0, 0.62);
    assert_eq!(behind.stretches, Vec::<Vec<[usize; 2]>>::new());
    assert!(behind.head.is_some(), "whoever races is always shown");
    // From the other side it is the other way round.
    assert_eq!(trail(180.0, 0.8).stretches.len(), 1);
    assert!(trail(180.0, 0.38).stretches.is_empty());
}

#[test]
fn a_trail_lies_where_the_ground_is() {
    let [low, high] = [0.05, 0.5].map(|y| trail(0.0, y).head.unwrap());
    let flat = Projection::new(camera(0.0), [80, 80], [0.5, 0.5]);
    let expected = |y: f64, height: f64| flat.place([0.8, y], height)[1].round() as usize;
    assert!(low[1].abs_diff(expected(0.05, 0.0)) <= 1);
    assert!(high[1].abs_diff(expected(0.5, 1.0)) <= 1);
}

#[test]
fn contours_and_outlines_are_lines_and_the_sides_are_dark() {
    let chart = Chart {
        ghosts: Vec::new(),
        trails: vec![],
        starts: vec![],
        minima: vec![],
        axes: None,
    };
    let relief = model(&ridge(), camera(0.0), &chart, Glyphs::Braille, CELLS);
    let lines = |every: u8| (0..80).filter(|y| relief.is_line([40, *y], every)).count();
    assert!(
        lines(1) > BANDS.into(),
        "one side of the ridge, and outlines"
    );
    assert!(lines(2) < lines(1));
    // From here the side towards the light is seen.
    let relief = model(&ridge(), camera(180.0), &chart, Glyphs::Braille, CELLS);
    let column: Vec<f32> = (0..80).filter_map(|y| relief.brightness([40, y])).collect();
    let (brightest, foot) = (column.iter().copied().fold(0.0, f32::max), column.last());
    assert!(brightest > 0.7 && foot.is_some_and(|foot| *foot < 0.2));
}
