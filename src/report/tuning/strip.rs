//! A curve in one line of text: a character a rate, in letters that every terminal has.

use crate::sweep::tune::curve::{Curve, GRADES, Point, grade};

/// The characters of rates that work, by their grade.
const WORKS: [char; GRADES.len()] = ['#', '*', '+', '-'];

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
        Some(median) => WORKS[grade(median, lowest)],
        None => never(point),
    });
    points.collect()
}

fn never(point: &Point) -> char {
    if point.diverges() { 'x' } else { '.' }
}
