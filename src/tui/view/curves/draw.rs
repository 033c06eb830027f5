//! Draws curves with their axes; decides nothing about them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Cursor, Curves};
use crate::tui::glyphs::Glyphs;
use crate::tui::identity::{Dash, Identity};
use crate::tui::theme::Theme;
use crate::tui::view::dots::Dots;
use crate::tui::view::{heads, number};

/// Cells for a label across, and down.
const TICK_SPACE: [u16; 2] = [12, 2];

/// Columns left of the plot: a label of at most six characters, a space, and the axis. The same for
/// all values, so that the plot does not jump.
const GUTTER: u16 = 8;

/// How many cells of a curve the target's text rather hides than a letter hides one of its own.
const HEAD: usize = 16;

/// Draws `curves` with their axes into `area`, the racers' letters at the heads.
pub fn draw(
    curves: &Curves,
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let plot = plot(area);
    if plot.width < 4 || plot.height < 2 {
        return;
    }
    axes(curves, plot, theme, buffer);
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    let style = |i: usize| {
        if curves.series[i].out {
            theme.out()
        } else {
            theme.racer(identities[i].colour)
        }
    };
    target(curves, theme, &mut dots);
    cursor(curves, theme, &mut dots);
    let row = target_row(curves, &dots);
    let bare = dots.row(row).to_vec();
    for (i, series) in curves.series.iter().enumerate() {
        let places = places(&series.raw, &dots);
        dots.path(&places, Dash::SOLID, theme.raw(identities[i].colour));
    }
    // The selected curve lies over the others.
    let chosen = |i: &usize| curves.series[*i].selected;
    let all = 0..curves.series.len();
    for i in all.clone().filter(|i| !chosen(i)).chain(all.filter(chosen)) {
        let places = places(&curves.series[i].points, &dots);
        dots.path(&places, identities[i].dash(theme), style(i));
    }
    dots.draw(plot, buffer);
    clipped(curves, style, theme.glyphs(), &dots, plot, buffer);
    let series = curves.series.iter().enumerate();
    let heads = series.filter_map(|(i, series)| {
        let [column, row] = dots.cell(dots.nearest(series.head?));
        let at = [plot.x + column, plot.y + row];
        Some((at, identities.get(i)?.letter, style(i)))
    });
    let heads = heads.collect::<Vec<_>>();
    let drawn = bare.iter().zip(dots.row(row));
    let mut covered: Vec<usize> = drawn
        .map(|(bare, cell)| usize::from(bare != cell))
        .collect();
    for ([x, y], ..) in heads::placed(&heads, plot) {
        if y == plot.y + row {
            covered[usize::from(x - plot.x)] += HEAD;
        }
    }
    target_label(curves, theme, &covered, row_of(plot, row), buffer);
    heads::draw(&heads, plot, buffer);
}

/// The row of the plot that the target's line lies in.
fn target_row(curves: &Curves, dots: &Dots) -> u16 {
    let at = curves.target.as_ref().map_or(0.0, |target| target.at);
    dots.cell(dots.nearest([0.0, at]))[1]
}

/// One row of `plot`.
fn row_of(plot: Rect, row: u16) -> Rect {
    Rect {
        y: plot.y + row,
        height: 1,
        ..plot
    }
}

fn places(points: &[[f64; 2]], dots: &Dots) -> Vec<[usize; 2]> {
    points.iter().map(|&at| dots.nearest(at)).collect()
}

/// Where the curves themselves lie: between the labels at the left and those below.
fn plot(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(GUTTER),
        y: area.y,
        width: area.width.saturating_sub(GUTTER + 1),
        height: area.height.saturating_sub(2),
    }
}

/// How many columns of dots a chart in this area has.
pub fn columns(area: Rect, glyphs: Glyphs) -> usize {
    usize::from(plot(area).width) * glyphs.dots()[0]
}

fn axes(curves: &Curves, plot: Rect, theme: Theme, buffer: &mut Buffer) {
    let (style, glyphs) = (theme.quiet(), theme.glyphs());
    let (axis, bottom) = (plot.x - 1, plot.bottom());
    for y in plot.y..bottom {
        buffer.set_string(axis, y, glyphs.vertical(), style);
    }
    for tick in curves.y.ticks(usize::from(plot.height / TICK_SPACE[1])) {
        let y = plot.y + ((1.0 - tick.at) * f64::from(plot.height - 1)).round() as u16;
        let x = axis.saturating_sub(1 + tick.label.len() as u16);
        buffer.set_string(x, y, &tick.label, style);
        buffer.set_string(axis, y, glyphs.tick_left(), style);
    }
    buffer.set_string(axis, bottom, glyphs.origin(), style);
    let line = glyphs.horizontal().repeat(plot.width.into());
    buffer.set_string(plot.x, bottom, line, style);
    for tick in curves.x.ticks(usize::from(plot.width / TICK_SPACE[0])) {
        let x = plot.x + (tick.at * f64::from(plot.width - 1)).round() as u16;
        buffer.set_string(x, bottom, glyphs.tick_down(), style);
        let width = tick.label.len() as u16;
        let at =
            (x - (width / 2).min(x)).clamp(plot.x, plot.right().saturating_sub(width).max(plot.x));
        buffer.set_string(at, bottom + 1, &tick.label, style);
    }
}

/// Every other dot at the target's height; the curves are drawn over it.
fn target(curves: &Curves, theme: Theme, dots: &mut Dots) {
    if let Some(target) = &curves.target {
        let [right, y] = dots.nearest([1.0, target.at]);
        for x in (0..=right).step_by(2) {
            dots.set([x, y], theme.target());
        }
    }
}

/// Every other dot at the cursor's place.
fn cursor(curves: &Curves, theme: Theme, dots: &mut Dots) {
    if let Some(cursor) = &curves.cursor {
        let [x, bottom] = dots.nearest([cursor.at, 0.0]);
        for y in (0..=bottom).step_by(2) {
            dots.set([x, y], theme.target());
        }
    }
}

/// Marks at the edges behind which values lie.
fn clipped(
    curves: &Curves,
    style: impl Fn(usize) -> Style,
    glyphs: Glyphs,
    dots: &Dots,
    plot: Rect,
    buffer: &mut Buffer,
) {
    for (i, series) in curves.series.iter().enumerate() {
        for &(at, above) in &series.clipped {
            let x = plot.x + dots.cell(dots.nearest([at, 0.0]))[0];
            let (y, mark) = if above {
                (plot.y, glyphs.above())
            } else {
                (plot.bottom() - 1, glyphs.below())
            };
            buffer.set_string(x, y, mark, style(i));
        }
    }
}

/// The target's value on its line: at the left, which the curves reach last, or at the right or in the
/// middle, if there is less there that it hides or that hides it.
fn target_label(curves: &Curves, theme: Theme, covered: &[usize], line: Rect, buffer: &mut Buffer) {
    let Some(target) = &curves.target else {
        return;
    };
    let text = format!(" {} ", target.label);
    let width = text.len();
    let Some(room) = covered.len().checked_sub(width + 3) else {
        return;
    };
    let hidden = |at: &usize| covered[*at..at + width].iter().sum::<usize>();
    let place = [1, room + 2, room / 2 + 1].into_iter().min_by_key(hidden);
    let style = Style::reset().patch(theme.target().add_modifier(Modifier::BOLD));
    buffer.set_string(line.x + place.unwrap_or(1) as u16, line.y, text, style);
}

/// Draws what every racer had at the value cursor, in one line.
pub fn draw_readout(
    cursor: &Cursor,
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let room = usize::from(area.width);
    let (mut x, _) = buffer.set_stringn(area.x, area.y, &cursor.label, room, theme.strong());
    for (racer, value) in &cursor.values {
        let Some(identity) = identities.get(*racer) else {
            continue;
        };
        let text = format!("  {} {}", identity.letter, number::significant(*value, 4));
        if x + text.len() as u16 > area.right() {
            break;
        }
        let style = theme.racer(identity.colour);
        (x, _) = buffer.set_stringn(x, area.y, text, room, style);
    }
}
