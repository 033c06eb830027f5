//! A racer's learning rates in one row of cells: how soon each converges, and which one is in use. The
//! model knows no cell of the screen, the drawing no rate.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::sweep::tune::curve::{GRADES, Point, grade};
use crate::sweep::tune::sofar::Place;
use crate::tui::theme::Theme;

/// What is known of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing yet.
    Unknown,
    /// A run at it is under way.
    Flying,
    /// It converges, with this grade, 0 for the best.
    Works(usize),
    /// It does not converge within the budget.
    Never,
    /// It diverges.
    Diverges,
}

/// The rates of one racer.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// A cell a rate, in ascending order.
    pub cells: Vec<Cell>,
    /// The cell of the rate in use, or the nearest to it; none beyond the ends.
    pub used: Option<usize>,
    /// The cell of the best rate so far.
    pub best: Option<usize>,
}

/// The strip over `rates`, in ascending order, of a racer that uses the rate `used` if any, where
/// `places` are known.
pub fn model(rates: &[f64], places: &[Place], used: Option<f64>) -> Strip {
    let medians = places.iter().filter_map(|place| place.point.runs.median);
    let lowest = medians.fold(f64::INFINITY, f64::min);
    let at = |rate: &f64| places.iter().find(|place| place.point.rate == *rate);
    let is_best = |rate: &f64| at(rate).and_then(|place| place.point.runs.median) == Some(lowest);
    Strip {
        cells: rates.iter().map(|rate| cell(at(rate), lowest)).collect(),
        used: used.and_then(|used| nearest(rates, used)),
        best: rates.iter().position(is_best),
    }
}

fn cell(place: Option<&Place>, lowest: f64) -> Cell {
    match place {
        None => Cell::Unknown,
        Some(Place { point, flying }) => match point.runs.median {
            Some(median) => Cell::Works(grade(median, lowest)),
            None if *flying => Cell::Flying,
            None => never(point),
        },
    }
}

fn never(point: &Point) -> Cell {
    // What was left behind before its end may yet have converged.
    if point.runs.iterations.is_empty() || !point.known {
        Cell::Unknown
    } else if point.diverges() {
        Cell::Diverges
    } else {
        Cell::Never
    }
}

/// The rate nearest to `used` in the logarithm, if that lies between them or beside an end.
fn nearest(rates: &[f64], used: f64) -> Option<usize> {
    let (first, last) = (rates.first()?, rates.last()?);
    let far = |rate: &f64| (rate / used).ln().abs();
    let step = (last / first).ln() / (rates.len().max(2) - 1) as f64;
    let near = (0..rates.len()).min_by(|&a, &b| far(&rates[a]).total_cmp(&far(&rates[b])))?;
    (far(&rates[near]) <= step).then_some(near)
}

/// Draws a strip from the left of `area`'s first row on, as far as it fits. The rate in use is
/// reversed.
pub fn draw(strip: &Strip, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let cells = strip.cells.iter().enumerate().take(area.width.into());
    for (i, cell) in cells {
        let (glyph, style) = shown(*cell, theme);
        let style = if strip.used == Some(i) {
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        };
        buffer.set_string(area.x + i as u16, area.y, glyph, style);
    }
}

/// How a cell looks.
pub fn shown(cell: Cell, theme: Theme) -> (&'static str, Style) {
    match cell {
        Cell::Unknown => (" ", theme.quiet()),
        Cell::Flying => ("~", theme.quiet()),
        Cell::Works(grade) => {
            let left = GRADES.len() - 1 - grade;
            let style = theme.grade(grade, GRADES.len());
            (theme.glyphs().shading(left + 1), style)
        }
        // Not a point: with ASCII that is a shade.
        Cell::Never => (theme.glyphs().lost()[0], theme.quiet()),
        Cell::Diverges => ("x", theme.warn()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Run;
    use crate::sweep::tune::curve::Trial;
    use crate::tui::fixture::theme;

    fn place(rate: f64, iterations: &[Option<u64>], diverged: bool, flying: bool) -> Place {
        let trial = |iterations: &Option<u64>| Trial {
            run: Run {
                iterations: *iterations,
                steps: 100,
            },
            best_loss: 1.0,
            diverged,
            whole: true,
        };
        let trials: Vec<Trial> = iterations.iter().map(trial).collect();
        Place {
            point: Point::new(rate, &trials, trials.len()),
            flying,
        }
    }

    fn five() -> Strip {
        let rates = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0];
        let places = [
            place(0.001, &[None], false, true),
            place(0.01, &[Some(99)], false, false),
            place(0.1, &[Some(9)], false, true),
            place(1.0, &[], false, true),
            place(10.0, &[None], true, false),
        ];
        model(&rates, &places, Some(0.0123))
    }

    #[test]
    fn a_cell_says_what_is_known_of_its_rate() {
        let strip = five();
        assert_eq!(
            strip.cells,
            [
                Cell::Flying,
                Cell::Works(2),
                Cell::Works(0),
                Cell::Flying,
                Cell::Diverges,
                Cell::Unknown,
            ]
        );
        assert_eq!((strip.used, strip.best), (Some(1), Some(2)));
        assert_eq!(model(&[1.0, 10.0], &[], None).best, None);
    }

    #[test]
    fn a_rate_far_beyond_the_ends_is_not_marked() {
        let rates = [0.01, 0.1, 1.0];
        for (used, cell) in [(0.2, Some(1)), (5.0, Some(2)), (50.0, None), (1e-9, None)] {
            assert_eq!(model(&rates, &[], Some(used)).used, cell, "{used}");
        }
    }

    #[test]
    fn it_is_drawn_in_one_row_with_the_rate_in_use_reversed() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        draw(&five(), theme(false), buffer.area, &mut buffer);
        assert_eq!(buffer.content[1].modifier, Modifier::REVERSED);
        let cells = buffer.content.iter().map(ratatui::buffer::Cell::symbol);
        let row: String = cells.collect();
        assert_eq!(row, "~▒█~x   ");
        let mut narrow = Buffer::empty(Rect::new(0, 0, 2, 1));
        draw(&five(), theme(true), narrow.area, &mut narrow);
    }
}
