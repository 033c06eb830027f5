//! A chart with a line and a band for each racer: what both charts of this screen are drawn from, and
//! the drawing, which decides nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::tui::identity::{Dash, Identity};
use crate::tui::theme::Theme;
use crate::tui::view::axis::{Axis, Tick};
use crate::tui::view::dots::Dots;
use crate::tui::view::{axes, heads};

/// How the edges of a band are drawn that is not filled.
const EDGE: Dash = Dash::new(&[1, 2]);

/// What a chart shows, in fractions of its width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Iterations.
    pub x: Axis,
    /// What is shown of them.
    pub y: Axis,
    /// The target's height and text, where it is a target of what is shown.
    pub target: Option<Tick>,
    /// Lines, the one that is to lie over the others last.
    pub lines: Vec<Line>,
}

/// What a chart shows of one racer.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The racer's index.
    pub racer: usize,
    /// From left to right.
    pub points: Vec<[f64; 2]>,
    /// The lower and the upper edge of its band; empty without one.
    pub band: [Vec<[f64; 2]>; 2],
    /// Whether the band is filled, or only its edges are drawn.
    pub filled: bool,
    /// Where its letter stands.
    pub head: Option<[f64; 2]>,
}

/// Draws `chart` with its axes into `area`, with the racers' letters.
pub fn draw(chart: &Chart, identities: &[Identity], theme: Theme, area: Rect, buffer: &mut Buffer) {
    let Some(plot) = axes::draw(&chart.x, &chart.y, theme, area, buffer) else {
        return;
    };
    let raster = || Dots::new(theme.glyphs(), plot.width, plot.height);
    let mut dots = raster();
    if let Some(target) = &chart.target {
        let [right, y] = dots.nearest([1.0, target.at]);
        (0..=right)
            .step_by(2)
            .for_each(|x| dots.set([x, y], theme.target()));
    }
    let colour = |line: &Line| identities[line.racer].colour;
    for line in &chart.lines {
        let edges = line.band.each_ref().map(|edge| places(edge, &dots));
        if line.filled {
            fill(&edges, colour(line), theme, &mut dots);
        }
        for edge in edges {
            dots.path(&edge, EDGE, theme.raw(colour(line)));
        }
    }
    dots.draw(plot, buffer);
    // What lines go through shows nothing else, so that they stand out from the bands.
    let mut dots = raster();
    for line in &chart.lines {
        let dash = identities[line.racer].dash(theme);
        dots.path(
            &places(&line.points, &dots),
            dash,
            theme.racer(colour(line)),
        );
    }
    dots.draw(plot, buffer);
    if let Some(target) = &chart.target {
        label(target, &dots, theme, plot, buffer);
    }
    let head = |line: &Line| {
        let [column, row] = dots.cell(dots.nearest(line.head?));
        let at = [plot.x + column, plot.y + row];
        Some((at, identities[line.racer].letter, theme.racer(colour(line))))
    };
    // Who lies over the others comes first to its own place.
    let heads: Vec<heads::Head> = chart.lines.iter().rev().filter_map(head).collect();
    heads::draw(&heads, plot, buffer);
}

fn places(points: &[[f64; 2]], dots: &Dots) -> Vec<[usize; 2]> {
    points.iter().map(|&at| dots.nearest(at)).collect()
}

/// Every other dot between two edges that go from left to right over the same places.
fn fill([low, high]: &[Vec<[usize; 2]>; 2], colour: usize, theme: Theme, dots: &mut Dots) {
    let style = theme.raw(colour);
    for (low, high) in low.windows(2).zip(high.windows(2)) {
        let [from, to] = [low[0][0], low[1][0]];
        for x in from..=to {
            let part = (x - from) as f64 / (to - from).max(1) as f64;
            let at = |ends: &[[usize; 2]]| {
                let [a, b] = [ends[0][1] as f64, ends[1][1] as f64];
                (a + (b - a) * part).round() as usize
            };
            let (top, bottom) = (at(high), at(low));
            for y in (top..=bottom).filter(|y| (x + y) % 2 == 0) {
                dots.set([x, y], style);
            }
        }
    }
}

/// The target's text on its line, at the left.
fn label(target: &Tick, dots: &Dots, theme: Theme, plot: Rect, buffer: &mut Buffer) {
    let row = dots.cell(dots.nearest([0.0, target.at]))[1];
    let text = format!(" {} ", target.label);
    if text.len() as u16 + 2 < plot.width {
        let style = theme.target().add_modifier(Modifier::BOLD);
        buffer.set_string(plot.x + 1, plot.y + row, text, style);
    }
}
