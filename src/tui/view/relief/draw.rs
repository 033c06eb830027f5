//! Draws the relief; decides nothing about it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Relief;
use crate::tui::desk::Contours;
use crate::tui::identity::Identity;
use crate::tui::theme::Theme;
use crate::tui::view::dots::Dots;
use crate::tui::view::heads;

/// Tones of light that are told apart: each more costs bytes when the ground turns.
const TONES: usize = 8;

/// Draws `relief`, which was made for the size of `plot`, with the names of its axes.
pub fn draw(
    relief: &Relief,
    contours: Contours,
    names: &[String; 2],
    identities: &[Identity],
    theme: Theme,
    plot: Rect,
    buffer: &mut Buffer,
) {
    if plot.is_empty() {
        return;
    }
    if matches!(contours, Contours::Both | Contours::Shades) {
        shades(relief, theme, plot, buffer);
    }
    let has_lines = matches!(contours, Contours::Both | Contours::Lines);
    if has_lines || !theme.has_shades() {
        lines(relief, theme, plot, buffer);
    }
    let dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    for (name, dot) in names.iter().zip(relief.names) {
        let [x, y] = cell(&dots, dot, plot);
        let room = usize::from(plot.right() - x);
        buffer.set_stringn(x, y, name, room, theme.quiet());
    }
    for (places, mark, style) in [
        (&relief.minima, theme.glyphs().minimum(), theme.minimum()),
        (&relief.starts, theme.glyphs().start(), theme.start()),
    ] {
        for place in places {
            let [x, y] = cell(&dots, *place, plot);
            buffer[(x, y)].set_symbol(mark).set_style(style);
        }
    }
    racers(relief, identities, theme, plot, buffer);
}

/// All lines have one style: what is high is seen.
fn line(theme: Theme) -> Style {
    theme.contour(1, 2)
}

/// The cell of a dot.
fn cell(dots: &Dots, dot: [usize; 2], plot: Rect) -> [u16; 2] {
    let [column, row] = dots.cell(dot);
    [
        plot.x + column.min(plot.width - 1),
        plot.y + row.min(plot.height - 1),
    ]
}

fn shades(relief: &Relief, theme: Theme, plot: Rect, buffer: &mut Buffer) {
    let [across, down] = theme.glyphs().dots();
    for (y, x) in (0..plot.height).flat_map(|y| (0..plot.width).map(move |x| (y, x))) {
        let middle = [
            usize::from(x) * across + across / 2,
            usize::from(y) * down + down / 2,
        ];
        if let Some(bright) = relief.brightness(middle) {
            let tone = (bright * TONES as f32) as usize;
            // The lines' colour, where there may be none too: fewer changes of colour are fewer bytes.
            let style = line(theme).patch(theme.lit(tone.min(TONES - 1), TONES));
            buffer[(plot.x + x, plot.y + y)].set_style(style);
        }
    }
}

fn lines(relief: &Relief, theme: Theme, plot: Rect, buffer: &mut Buffer) {
    // Where only their course tells contours from trails, there are fewer of them.
    let every = if theme.has_colour() { 1 } else { 2 };
    let [across, down] = theme.glyphs().dots();
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    let size = [
        usize::from(plot.width) * across,
        usize::from(plot.height) * down,
    ];
    for (y, x) in (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| (y, x))) {
        if relief.is_line([x, y], every) {
            dots.set([x, y], line(theme));
        }
    }
    dots.draw(plot, buffer);
}

/// Trails in dots, the selected one last, and heads as letters.
fn racers(relief: &Relief, identities: &[Identity], theme: Theme, plot: Rect, buffer: &mut Buffer) {
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    let mut order: Vec<usize> = (0..relief.trails.len()).collect();
    order.sort_by_key(|i| relief.trails[*i].selected);
    for i in order {
        let trail = &relief.trails[i];
        let style = if trail.out {
            theme.out()
        } else {
            theme.racer(identities[i].colour)
        };
        for stretch in &trail.stretches {
            dots.path(stretch, identities[i].dash(theme), style);
        }
    }
    dots.draw(plot, buffer);
    let heads = relief
        .trails
        .iter()
        .zip(identities)
        .filter_map(|(trail, identity)| {
            let style = if trail.out {
                theme.out()
            } else {
                theme.marker(identity.colour)
            };
            Some((cell(&dots, trail.head?, plot), identity.letter, style))
        });
    heads::draw(&heads.collect::<Vec<_>>(), plot, buffer);
}
