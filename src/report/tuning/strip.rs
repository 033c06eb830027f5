//! A curve in one line of text: a character a rate, in letters that every terminal has.

use crate::sweep::tune::curve::{Curve, Point};

/// The characters of rates that work, each up to so many times the best median of the curve.
const LEVELS: [(char, f64); 4] = [('#', 1.5), ('*', 3.0), ('+', 10.0), ('-', f64::INFINITY)];

/// What the characters say.
pub const LEGEND: &str = "rates: @ best, # up to 1.5 times its median, * 3 times, + 10 times, - more, \
                          . not converged, x diverged, ? not run to the end";

/// The curve whose best point is at `best`, if it is on this one.
pub fn strip(curve: &Curve, best: Option<usize>) -> String {
    let medians = curve.points.iter().filter_map(|point| point.runs.median);
    let lowest = medians.fold(f64::INFINITY, f64::min);
    let points = curve.points.iter().enumerate();
    let points = points.map(|(i, point)| match point.runs.median {
        _ if !point.known => '?',
        Some(_) if best == Some(i) => '@',
        Some(median) => level(median, lowest),
        None => never(point),
    });
    points.collect()
}

/// A start at the target has a median of 0: one more on both sides.
fn level(median: f64, lowest: f64) -> char {
    let times = (median + 1.0) / (lowest + 1.0);
    let found = LEVELS.iter().find(|(_, most)| times <= *most);
    found.map_or('-', |(level, _)| *level)
}

fn never(point: &Point) -> char {
    if point.diverges() { 'x' } else { '.' }
}
