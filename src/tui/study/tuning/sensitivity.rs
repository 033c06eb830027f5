//! How many iterations a racer needs at each rate: a curve a racer, both axes logarithmic. What does
//! not converge lies on a line of its own above the chart, to which the curves rise.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::racer::Racer;
use crate::sweep::tune::grid::{Grid, rate};
use crate::tui::identity::Identity;
use crate::tui::study::desk::Desk;
use crate::tui::theme::Theme;
use crate::tui::view::axis::{Axis, Scale};
use crate::tui::view::dots::Dots;
use crate::tui::view::{axes, heads};

/// What the line of those is called that do not converge.
const NEVER: &str = "never";

/// A dot of that line, and so many columns to the next.
const APART: usize = 3;

/// The curves of all racers.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Learning rates.
    pub x: Axis,
    /// Iterations.
    pub y: Axis,
    /// A curve a racer.
    pub lines: Vec<Line>,
}

/// Where something lies on the axes; `None` upwards is never.
pub type Spot = (f64, Option<f64>);

/// One racer's curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is drawn in one stroke: rates that work, with those beside them that do not.
    pub strokes: Vec<Vec<Spot>>,
    /// The best.
    pub head: Option<Spot>,
}

/// The curves of `racers` over `grid`, who have at most so many iterations.
pub fn model(grid: Grid, racers: &[Racer], limit: u64) -> Sensitivity {
    let medians = || racers.iter().flat_map(|racer| &racer.curve);
    let medians = || medians().filter_map(|(_, median)| *median);
    let (low, high) = medians().fold((f64::INFINITY, 0.0_f64), |(low, high), median| {
        (low.min(median), high.max(median))
    });
    let (low, high) = if high > 0.0 {
        (low, high)
    } else {
        (1.0, limit as f64)
    };
    let x = Axis::log_between(rate(grid.low, 1) / 1.2, rate(grid.high, 1) * 1.2);
    let y = Axis::around(Scale::Log, low.max(1.0), high.max(2.0));
    let line = |racer: &Racer| {
        let spot = |(rate, median): (f64, Option<f64>)| -> Option<Spot> {
            Some((x.place(rate)?, median.and_then(|median| y.place(median))))
        };
        let best = racer.best.as_ref();
        Line {
            strokes: strokes(
                &racer
                    .curve
                    .iter()
                    .filter_map(|at| spot(*at))
                    .collect::<Vec<_>>(),
            ),
            head: best.and_then(|best| spot((best.rate, best.median))),
        }
    };
    Sensitivity {
        lines: racers.iter().map(line).collect(),
        x,
        y,
    }
}

/// The spots that work and those beside them, in strokes without a gap.
fn strokes(spots: &[Spot]) -> Vec<Vec<Spot>> {
    let works = |i: usize| spots.get(i).is_some_and(|spot| spot.1.is_some());
    let mut strokes: Vec<Vec<Spot>> = vec![];
    for (i, pair) in spots.windows(2).enumerate() {
        if works(i) || works(i + 1) {
            match strokes.last_mut() {
                Some(stroke) if stroke.last() == Some(&pair[0]) => stroke.push(pair[1]),
                _ => strokes.push(pair.to_vec()),
            }
        }
    }
    if let [only @ (_, Some(_))] = spots {
        strokes.push(vec![*only]);
    }
    strokes
}

/// Draws the pane. Where a racer is selected the others step back.
pub fn draw(
    curves: &Sensitivity,
    identities: &[Identity],
    desk: &Desk,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let below = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    let Some(plot) = axes::draw(&curves.x, &curves.y, theme, below, buffer) else {
        return;
    };
    let whole = Rect {
        y: plot.y - 1,
        height: plot.height + 1,
        ..plot
    };
    let label = whole.x.saturating_sub(2 + NEVER.len() as u16);
    buffer.set_string(label, whole.y, NEVER, theme.quiet());
    let axis = theme.glyphs().tick_left();
    buffer.set_string(whole.x - 1, whole.y, axis, theme.quiet());
    let mut line = Dots::new(theme.glyphs(), whole.width, whole.height);
    let [last, y] = dot(&line, theme, plot.height, (1.0, None));
    for x in (0..=last).step_by(APART) {
        line.set([x, y], theme.quiet());
    }
    line.draw(whole, buffer);
    let style = |racer: usize| -> Style {
        let colour = identities[racer].colour;
        match desk.selected {
            Some(selected) if selected != racer => theme.raw(colour),
            _ => theme.racer(colour),
        }
    };
    let mut dots = Dots::new(theme.glyphs(), whole.width, whole.height);
    let shown = (0..curves.lines.len()).filter(|racer| desk.shows(*racer));
    let (over, under): (Vec<usize>, Vec<usize>) =
        shown.partition(|racer| desk.selected == Some(*racer));
    let order: Vec<usize> = under.into_iter().chain(over).collect();
    for &racer in &order {
        for stroke in &curves.lines[racer].strokes {
            let path = stroke
                .iter()
                .map(|spot| dot(&dots, theme, plot.height, *spot));
            let dash = identities[racer].dash(theme);
            dots.path(&path.collect::<Vec<_>>(), dash, style(racer));
        }
    }
    dots.draw(whole, buffer);
    let heads = order.iter().filter_map(|&racer| {
        let head = curves.lines[racer].head?;
        let [column, row] = dots.cell(dot(&dots, theme, plot.height, head));
        let at = [whole.x + column, whole.y + row];
        Some((at, identities[racer].letter, style(racer)))
    });
    heads::draw(&heads.collect::<Vec<_>>(), whole, buffer);
}

/// The dot of a spot, in a raster that has a row of cells above the `rows` of the chart.
fn dot(dots: &Dots, theme: Theme, rows: u16, (across, up): Spot) -> [usize; 2] {
    let x = dots.nearest([across, 0.0])[0];
    let down = theme.glyphs().dots()[1];
    let last = (usize::from(rows) * down).saturating_sub(1);
    let y = match up {
        None => down / 2,
        Some(up) => down + ((1.0 - up) * last as f64).round() as usize,
    };
    [x, y]
}
