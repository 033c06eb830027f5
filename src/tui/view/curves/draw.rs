//! Draws curves with their axes; decides nothing about them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Cursor, Curves};
use crate::tui::glyphs::Glyphs;
use crate::tui::identity::{Dash, Identity};
use crate::tui::theme::Theme;
use crate::tui::view::dots::Dots;
use crate::tui::view::{axes, heads, number};

/// Columns from one of a racer's shapes on its curve to the next.
const MARKED: u16 = 24;

/// Draws `curves` with their axes into `area`, the racers' letters at the heads.
pub fn draw(
    curves: &Curves,
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let Some(plot) = axes::draw(&curves.x, &curves.y, theme, area, buffer) else {
        return;
    };
    let mut lines = Dots::new(theme.glyphs(), plot.width, plot.height);
    target(curves, theme, &mut lines);
    cursor(curves, theme, &mut lines);
    lines.draw(plot, buffer);
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    let style = |i: usize| {
        if curves.series[i].out {
            theme.out()
        } else {
            theme.racer(identities[i].colour)
        }
    };
    for (racer, ghost) in &curves.ghosts {
        let style = theme.ghost(identities[*racer].colour);
        dots.path(&places(ghost, &dots), Dash::SOLID, style);
    }
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
    target_label(curves, theme, &dots, plot, buffer);
    dots.draw(plot, buffer);
    if Identity::needs_marker(identities.len(), theme) {
        markers(curves, identities, theme, style, &dots, plot, buffer);
    }
    clipped(curves, style, theme.glyphs(), &dots, plot, buffer);
    let series = curves.series.iter().enumerate();
    let heads = series.filter_map(|(i, series)| {
        let [column, row] = dots.cell(dots.nearest(series.head?));
        let at = [plot.x + column, plot.y + row];
        Some((at, identities.get(i)?.letter, style(i)))
    });
    heads::draw(&heads.collect::<Vec<_>>(), plot, buffer);
}

/// The racers' shapes on their curves, at places that differ from racer to racer.
fn markers(
    curves: &Curves,
    identities: &[Identity],
    theme: Theme,
    style: impl Fn(usize) -> Style,
    dots: &Dots,
    plot: Rect,
    buffer: &mut Buffer,
) {
    for (i, series) in curves.series.iter().enumerate() {
        let places = places(&series.points, dots).into_iter();
        let mut next = (i as u16 * 5) % MARKED;
        for [column, row] in places.map(|dot| dots.cell(dot)) {
            if column >= next {
                let at = (plot.x + column, plot.y + row);
                let marker = identities[i].marker(theme.glyphs());
                buffer.set_string(at.0, at.1, marker, style(i));
                next = column + MARKED;
            }
        }
    }
}

fn places(points: &[[f64; 2]], dots: &Dots) -> Vec<[usize; 2]> {
    points.iter().map(|&at| dots.nearest(at)).collect()
}

/// How many columns of dots a chart in this area has.
pub fn columns(area: Rect, glyphs: Glyphs) -> usize {
    usize::from(axes::plot(area).width) * glyphs.dots()[0]
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

/// The target's value on its line: at the left, at the right, in the middle, or where else the curves
/// leave most room for it.
fn target_label(curves: &Curves, theme: Theme, dots: &Dots, plot: Rect, buffer: &mut Buffer) {
    if let Some(target) = &curves.target {
        let row = dots.cell(dots.nearest([0.0, target.at]))[1];
        let text = format!(" {} ", target.label);
        let width = text.len() as u16;
        if width + 2 < plot.width {
            let last = plot.width - width - 1;
            let places = [1, last, (plot.width - width) / 2];
            let heads = curves.series.iter().filter_map(|series| series.head);
            let heads: Vec<_> = heads.map(|head| dots.cell(dots.nearest(head))).collect();
            let is_taken = |x: &u16| dots.has([*x, row]) || heads.contains(&[*x, row]);
            // The blanks at its ends are the first to go.
            let inside = |x: u16| (x + 1..x + width - 1).filter(is_taken).count();
            let ends = |x: u16| [x, x + width - 1].iter().filter(|x| is_taken(x)).count();
            let taken = |x: &u16| [inside(*x), ends(*x)];
            let x = places.into_iter().chain(1..last).min_by_key(taken);
            let x = x.unwrap_or(1);
            let style = Style::reset().patch(theme.target().add_modifier(Modifier::BOLD));
            buffer.set_string(plot.x + x, plot.y + row, text, style);
        }
    }
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
