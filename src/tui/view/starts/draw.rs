//! Draws the start map; decides nothing about it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::{Chart, Item, LEVELS, Mark, has_halves};
use crate::tui::desk::Tells;
use crate::tui::identity::Identity;
use crate::tui::theme::Theme;
use crate::tui::view::dots::Dots;
use crate::tui::view::heads;
use crate::tui::view::map::{self, Trail};

/// Cells between two parts of the legend.
const BETWEEN: u16 = 3;

/// Draws what `chart` says of the starts into `plot`, and what of their marks into `legend`; over it
/// the minima, and what `over` says of axes and starts, and of its trails the one of `racer`.
pub fn draw(
    chart: &Chart,
    tells: Tells,
    over: &map::Chart,
    racer: (usize, Identity),
    theme: Theme,
    [plot, legend]: [Rect; 2],
    buffer: &mut Buffer,
) {
    if plot.is_empty() {
        return;
    }
    let halves = has_halves(theme, tells);
    for y in 0..plot.height {
        for x in 0..plot.width {
            let at = |row: u16| chart.marks.get([usize::from(row), usize::from(x)]);
            let at = |row: u16| at(row).copied().flatten();
            let cell = &mut buffer[(plot.x + x, plot.y + y)];
            let (sign, style) = if halves {
                both([at(2 * y), at(2 * y + 1)], theme)
            } else {
                alone(at(y), theme)
            };
            cell.set_symbol(&sign).set_style(style);
        }
    }
    if let Some(axes) = &over.axes {
        map::labels(axes, theme, plot, buffer);
    }
    let dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    for (number, place) in &chart.minima {
        let [x, y] = map::cell(&dots, *place, plot);
        let sign = digit(*number);
        buffer[(x, y)]
            .set_symbol(&sign)
            .set_style(ground(theme.minimum()));
    }
    for place in &over.starts {
        let [x, y] = map::cell(&dots, *place, plot);
        let sign = theme.glyphs().start();
        buffer[(x, y)]
            .set_symbol(sign)
            .set_style(ground(theme.start()));
    }
    trail(&over.trails, racer, theme, plot, buffer);
    draw_legend(&chart.legend, halves, theme, legend, buffer);
}

/// On the terminal's own ground, whatever the start below has.
fn ground(style: Style) -> Style {
    style.bg(Color::Reset)
}

/// The number of a minimum as it is shown.
fn digit(number: usize) -> String {
    (number + 1).to_string()
}

/// The colour of a mark; none for starts that do not finish.
fn colour(mark: Mark, theme: Theme) -> Option<Color> {
    match mark {
        Mark::Basin(number) => theme.basin(number).fg,
        Mark::Level(level) => theme.level(level, LEVELS).fg,
        Mark::Lost(_) => None,
    }
}

/// A cell with two starts, the upper one first.
fn both([upper, lower]: [Option<Mark>; 2], theme: Theme) -> (String, Style) {
    let colours = [upper, lower].map(|mark| mark.and_then(|mark| colour(mark, theme)));
    let (sign, style) = match colours {
        [Some(upper), Some(lower)] if upper == lower => (" ", Style::new().bg(upper)),
        [Some(upper), Some(lower)] => ("▀", Style::new().fg(upper).bg(lower)),
        [Some(upper), None] => ("▀", Style::new().fg(upper)),
        [None, Some(lower)] => ("▄", Style::new().fg(lower)),
        [None, None] => return alone(upper.or(lower), theme),
    };
    (sign.to_owned(), style)
}

/// A cell with one start, told by its sign.
fn alone(mark: Option<Mark>, theme: Theme) -> (String, Style) {
    let glyphs = theme.glyphs();
    match mark {
        None => (" ".to_owned(), Style::new()),
        Some(Mark::Basin(number)) => (digit(number), theme.basin(number)),
        Some(Mark::Level(level)) => {
            let quarters = 1 + level * 4 / LEVELS;
            (
                glyphs.shading(quarters).to_owned(),
                theme.level(level, LEVELS),
            )
        }
        Some(Mark::Lost(why)) => (glyphs.lost()[why].to_owned(), theme.quiet()),
    }
}

/// The racer's trail and its letter, each on a ground of its own.
fn trail(
    trails: &[Trail],
    (racer, identity): (usize, Identity),
    theme: Theme,
    plot: Rect,
    buffer: &mut Buffer,
) {
    let Some(trail) = trails.get(racer) else {
        return;
    };
    let mut dots = Dots::new(theme.glyphs(), plot.width, plot.height);
    for stretch in map::stretches(&trail.points, &dots) {
        let style = ground(theme.racer(identity.colour));
        dots.path(&stretch, identity.dash(theme), style);
    }
    dots.draw(plot, buffer);
    if let Some(head) = trail.head {
        let place = map::cell(&dots, head, plot);
        let style = ground(theme.marker(identity.colour));
        heads::draw(&[(place, identity.letter, style)], plot, buffer);
    }
}

/// As many parts of the legend as fit, in many words if all of them do.
fn draw_legend(items: &[Item], halves: bool, theme: Theme, area: Rect, buffer: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let width = |item: &Item, short: usize| {
        let words = [&item.before, &item.after[short]].map(|text| text.width() as u16);
        let space = |text: &str| u16::from(!text.is_empty());
        let marks: u16 = item.marks.iter().map(|mark| swatch(*mark, halves)).sum();
        words[0] + space(&item.before) + marks + space(&item.after[short]) + words[1]
    };
    let all = |short: usize| -> u16 {
        let widths = items.iter().map(|item| width(item, short) + BETWEEN);
        widths.sum::<u16>().saturating_sub(BETWEEN)
    };
    let short = usize::from(all(0) > area.width);
    let mut x = area.x;
    for item in items {
        if x + width(item, short) > area.right() {
            break;
        }
        if !item.before.is_empty() {
            x = say(&item.before, theme, [x, area.y], buffer) + 1;
        }
        for mark in &item.marks {
            x = draw_swatch(*mark, halves, theme, [x, area.y], buffer);
        }
        x = say(&item.after[short], theme, [x + 1, area.y], buffer) + BETWEEN;
    }
}

/// Writes `text`; the column behind it.
fn say(text: &str, theme: Theme, [x, y]: [u16; 2], buffer: &mut Buffer) -> u16 {
    buffer.set_string(x, y, text, theme.text());
    x + text.width() as u16
}

/// Cells of a mark in the legend.
fn swatch(mark: Mark, halves: bool) -> u16 {
    match mark {
        Mark::Basin(_) if halves => 3,
        _ => 1,
    }
}

/// Draws a mark in the legend; the column behind it.
fn draw_swatch(
    mark: Mark,
    halves: bool,
    theme: Theme,
    [x, y]: [u16; 2],
    buffer: &mut Buffer,
) -> u16 {
    let (sign, style) = match mark {
        Mark::Basin(number) if halves => {
            let style = theme.basin(number).add_modifier(Modifier::REVERSED);
            (format!(" {} ", digit(number)), style)
        }
        mark if halves => both([Some(mark); 2], theme),
        mark => alone(Some(mark), theme),
    };
    buffer.set_string(x, y, sign, style);
    x + swatch(mark, halves)
}
