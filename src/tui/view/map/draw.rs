//! Draws the map; decides nothing about it.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ground::{BANDS, is_contour};
use super::{Chart, Profile, Trail};
use crate::tui::desk::Contours;
use crate::tui::identity::{Dash, Identity};
use crate::tui::theme::Theme;
use crate::tui::view::axis::Axis;
use crate::tui::view::dots::Dots;
use crate::tui::view::heads;

/// Cells for a label across, and down.
const TICK_SPACE: [u16; 2] = [8, 3];

/// Draws the ground (shape: rows and columns of dots of `plot`), and over it what `chart` says.
pub fn draw(
    chart: &Chart,
    bands: &Array2<Option<u8>>,
    contours: Contours,
    identities: &[Identity],
    theme: Theme,
    plot: Rect,
    buffer: &mut Buffer,
) {
    if plot.is_empty() {
        return;
    }
    draw_ground(bands, contours, theme, plot, buffer);
    if let Some(axes) = &chart.axes {
        labels(axes, theme, plot, buffer);
    }
    let mut ghosts = Dots::new(theme.glyphs(), plot.width, plot.height);
    for (racer, ghost) in &chart.ghosts {
        for stretch in stretches(ghost, &ghosts) {
            let colour = identities[*racer].colour;
            ghosts.path(&stretch, Dash::SOLID, theme.ghost(colour));
        }
    }
    ghosts.draw(plot, buffer);
    let dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    for (places, mark, style) in [
        (&chart.minima, theme.glyphs().minimum(), theme.minimum()),
        (&chart.starts, theme.glyphs().start(), theme.start()),
    ] {
        for place in places {
            let [x, y] = cell(&dots, *place, plot);
            buffer[(x, y)].set_symbol(mark).set_style(style);
        }
    }
    racers(&chart.trails, identities, theme, plot, buffer);
}

/// The cell of a place.
pub fn cell(dots: &Dots, place: [f64; 2], plot: Rect) -> [u16; 2] {
    let [column, row] = dots.cell(dots.nearest(place));
    [plot.x + column, plot.y + row]
}

/// Contours and shades.
pub fn draw_ground(
    bands: &Array2<Option<u8>>,
    contours: Contours,
    theme: Theme,
    plot: Rect,
    buffer: &mut Buffer,
) {
    let lines = matches!(contours, Contours::Both | Contours::Lines);
    let shades = matches!(contours, Contours::Both | Contours::Shades);
    // Where only their course tells contours from trails, there are fewer of them.
    let every = if theme.has_colour() { 1 } else { 3 };
    let [across, down] = theme.glyphs().dots();
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    for ((row, column), band) in bands.indexed_iter() {
        if let (true, Some(band)) = (lines && is_contour(bands, [column, row], every), band) {
            dots.set([column, row], theme.contour(usize::from(*band), BANDS));
        }
    }
    dots.draw(plot, buffer);
    for y in 0..plot.height {
        for x in 0..plot.width {
            let middle = [usize::from(y) * down + down / 2, usize::from(x) * across];
            if let (true, Some(Some(band))) = (shades, bands.get(middle)) {
                let style = theme.shade(usize::from(*band), BANDS);
                buffer[(plot.x + x, plot.y + y)].set_style(style);
            }
        }
    }
}

/// Trails in dots, the selected one last, and heads as letters. A trail has its cells alone: the
/// ground's dots would look like a part of it.
fn racers(
    trails: &[Trail],
    identities: &[Identity],
    theme: Theme,
    plot: Rect,
    buffer: &mut Buffer,
) {
    let style = |i: usize| {
        if trails[i].out {
            theme.out()
        } else {
            theme.racer(identities[i].colour)
        }
    };
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    let chosen = |i: &usize| trails[*i].selected;
    let all = 0..trails.len();
    for i in all
        .clone()
        .filter(|i| !chosen(i))
        .chain(all.clone().filter(chosen))
    {
        for stretch in stretches(&trails[i].points, &dots) {
            dots.path(&stretch, identities[i].dash(theme), style(i));
        }
    }
    dots.draw(plot, buffer);
    heads_of(trails, identities, theme, plot, buffer);
}

/// The racers' letters where they are now; at the edge behind which that is.
fn heads_of(
    trails: &[Trail],
    identities: &[Identity],
    theme: Theme,
    plot: Rect,
    buffer: &mut Buffer,
) {
    let dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    let heads = trails
        .iter()
        .zip(identities)
        .filter_map(|(trail, identity)| {
            let head = trail.head?;
            let style = if trail.out {
                theme.out()
            } else {
                theme.marker(identity.colour)
            };
            Some((cell(&dots, head, plot), identity.letter, style))
        });
    heads::draw(&heads.collect::<Vec<_>>(), plot, buffer);
}

/// The stretches of a trail, in dots: each goes on as long as one of two places lies on the plot.
pub fn stretches(points: &[[f64; 2]], dots: &Dots) -> Vec<Vec<[usize; 2]>> {
    let inside = |at: [f64; 2]| at.iter().all(|part| (0.0..=1.0).contains(part));
    let mut stretches: Vec<Vec<[usize; 2]>> = Vec::new();
    let mut before: Option<[f64; 2]> = None;
    for &point in points {
        let seen = inside(point) || before.is_some_and(inside);
        match (&mut stretches.last_mut(), before) {
            (Some(stretch), Some(_)) if seen && !stretch.is_empty() => {
                let dot = dots.nearest(point);
                stretch.extend(Some(dot).filter(|dot| stretch.last() != Some(dot)));
            }
            (_, before) if seen => {
                let from = before.map(|from| dots.nearest(from));
                stretches.push(from.into_iter().chain([dots.nearest(point)]).collect());
            }
            (Some(stretch), _) if !stretch.is_empty() => stretches.push(Vec::new()),
            _ => {}
        }
        before = Some(point);
    }
    stretches
}

/// Numbers at the left and below.
pub fn labels([across, up]: &[Axis; 2], theme: Theme, plot: Rect, buffer: &mut Buffer) {
    let style = theme.quiet();
    for tick in up.ticks(usize::from(plot.height / TICK_SPACE[1])) {
        let y = plot.y + ((1.0 - tick.at) * f64::from(plot.height - 1)).round() as u16;
        let room = plot.x.saturating_sub(1);
        let width = tick.label.len() as u16;
        buffer.set_string(room.saturating_sub(width), y, &tick.label, style);
    }
    for tick in across.ticks(usize::from(plot.width / TICK_SPACE[0])) {
        let x = plot.x + (tick.at * f64::from(plot.width - 1)).round() as u16;
        let width = tick.label.len() as u16;
        let last = plot.right().saturating_sub(width).max(plot.x);
        let at = (x - (width / 2).min(x)).clamp(plot.x, last);
        let room = usize::from(plot.right() - at);
        buffer.set_stringn(at, plot.bottom(), &tick.label, room, style);
    }
}

/// Draws the curve of the loss over one parameter, and the racers on it. How they jump from side to
/// side would hide the curve: of their trails the places alone are drawn.
pub fn draw_profile(
    profile: &Profile,
    identities: &[Identity],
    theme: Theme,
    plot: Rect,
    buffer: &mut Buffer,
) {
    if plot.is_empty() {
        return;
    }
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    for pair in profile.curve.windows(2) {
        dots.line(dots.nearest(pair[0]), dots.nearest(pair[1]), theme.quiet());
    }
    dots.draw(plot, buffer);
    labels(&profile.axes, theme, plot, buffer);
    for (trail, identity) in profile.trails.iter().zip(identities) {
        for place in trail
            .points
            .iter()
            .filter(|at| (0.0..=1.0).contains(&at[0]))
        {
            let [x, y] = cell(&dots, *place, plot);
            let style = theme.racer(identity.colour);
            buffer[(x, y)]
                .set_symbol(theme.glyphs().ball())
                .set_style(style);
        }
    }
    heads_of(&profile.trails, identities, theme, plot, buffer);
}
