//! Draws the inspector's pages; decides nothing about them but what there is room for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{Page, Plot, Written};
use crate::tui::identity::{Dash, Identity};
use crate::tui::theme::Theme;
use crate::tui::view::dots::Dots;
use crate::tui::view::number::{self, fitted};

/// Cells of a number in the table.
const NUMBER: u16 = 11;

/// Columns between two things beside each other.
const GAP: u16 = 3;

/// Rows and columns that a plot has at least, with its title and its steps.
const PLOT: [u16; 2] = [20, 6];

/// Columns that each of several plots beside each other has at least.
const STRIP: u16 = 18;

/// Columns left of a plot's frame, for a value.
const GUTTER: u16 = 7;

/// Dashes of lines that are not the average itself.
const DASHED: Dash = Dash::new(&[3, 2]);

/// Columns that a page has at least beside another.
const PAGE: u16 = NAMES + NUMBER;

/// Draws `pages` side by side, or one below the other where they would be too narrow.
pub fn draw(
    pages: &[Page],
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let count = u16::try_from(pages.len()).unwrap_or(1).max(1);
    let width = (area.width.saturating_sub(GAP * (count - 1))) / count;
    let height = area.height / count;
    for (i, page) in (0..count).zip(pages) {
        let own = if width < PAGE {
            let y = area.y + i * height;
            Rect { y, height, ..area }
        } else {
            let x = area.x + i * (width + GAP);
            Rect { x, width, ..area }
        };
        let Some(identity) = identities.get(page.racer) else {
            continue;
        };
        let artist = Artist {
            page,
            theme,
            racer: theme.racer(identity.colour),
        };
        if count > 1 {
            let name = format!("{} {}", identity.letter, page.heading);
            text(&name, theme.marker(identity.colour), own, buffer);
            artist.draw(below(own, 1), buffer);
        } else {
            artist.draw(own, buffer);
        }
    }
}

/// What is left of `area` below so many rows.
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

fn text(text: &str, style: Style, area: Rect, buffer: &mut Buffer) {
    if !area.is_empty() {
        buffer.set_stringn(area.x, area.y, text, area.width.into(), style);
    }
}

/// Lines of `text` that fit into `width`, broken at spaces; all but the first are indented.
fn wrapped(text: &str, indent: usize, width: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let leading = text.len() - text.trim_start().len();
    line.push_str(&text[..leading]);
    for word in text.split_whitespace() {
        let is_empty = line.trim().is_empty();
        let room = usize::from(width).saturating_sub(line.width());
        if !is_empty && word.width() + 1 > room {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        } else if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// Lines with their styles.
type Lines = Vec<(String, Style)>;

struct Artist<'a> {
    page: &'a Page,
    theme: Theme,
    racer: Style,
}

impl Artist<'_> {
    /// The rule first, as much of it as there is room for above the table; then the table with the
    /// notes, and plots in what is left.
    fn draw(&self, area: Rect, buffer: &mut Buffer) {
        let table = self.page.rows.len() as u16 + 1;
        // Without room for a table its last line says the most.
        let needed = if table <= area.height { table } else { 0 };
        let versions = [Self::whole, Self::numbers, Self::last];
        let versions = versions.map(|version| self.rule(area.width, version));
        let rule = versions
            .into_iter()
            .find(|rule| rule.len() as u16 + needed <= area.height)
            .unwrap_or_else(|| {
                let last = self.rule(area.width, Self::last);
                if needed == 0 { last } else { Lines::new() }
            });
        let rows = lines(&rule, area, buffer);
        let air = u16::from(area.height > rows + table + 2);
        let rest = below(area, rows + if rows > 0 { air } else { 0 });
        self.lower(rest, buffer);
    }

    fn whole(&self) -> Vec<(&Written, bool)> {
        let rule = self.page.rule.iter();
        rule.flat_map(|line| [(line, false), (line, true)])
            .collect()
    }

    fn numbers(&self) -> Vec<(&Written, bool)> {
        self.page.rule.iter().map(|line| (line, true)).collect()
    }

    fn last(&self) -> Vec<(&Written, bool)> {
        self.page
            .rule
            .last()
            .map(|line| (line, true))
            .into_iter()
            .collect()
    }

    /// Lines of the rule, with names or (true) with numbers.
    fn rule<'p>(
        &'p self,
        width: u16,
        version: impl Fn(&'p Self) -> Vec<(&'p Written, bool)>,
    ) -> Lines {
        let mut rule = Lines::new();
        let all = version(self);
        let named = all.iter().any(|(_, numbers)| !numbers);
        for (line, numbers) in all {
            let left = line.left.width();
            let (text, style) = match (numbers, named) {
                (false, _) => (line.names.clone(), self.theme.text()),
                (true, _) if line.numbers.is_empty() => continue,
                (true, true) => (
                    format!("{} = {}", " ".repeat(left), line.numbers),
                    self.racer,
                ),
                (true, false) => (format!("{} = {}", line.left, line.numbers), self.racer),
            };
            let parts = wrapped(&text, left + 3, width);
            rule.extend(parts.into_iter().map(|part| (part, style)));
        }
        rule
    }

    /// Table and notes at the left, plots at the right and below.
    fn lower(&self, area: Rect, buffer: &mut Buffer) {
        let all = self.columns(area.width);
        let wide = |columns: usize| NAMES + NUMBER * columns as u16;
        let fits = |columns: &usize| area.width >= wide(*columns) + GAP + GUTTER + PLOT[0];
        // Rather fewer columns than no plot beside them.
        let fewer = (all.min(2)..=all).rev().find(fits);
        let beside = fewer.is_some() && self.page.own.is_some();
        let columns = fewer.unwrap_or(all);
        let table = wide(columns);
        let width = if beside { table } else { area.width };
        let left = Rect { width, ..area };
        let notes = self.notes(width);
        let rows = self.page.rows.len() as u16 + u16::from(!self.page.rows.is_empty());
        let content = rows + notes.len() as u16;
        self.table(columns, left, buffer);
        lines(&notes, below(left, rows), buffer);
        let strips = self.page.averages.len() as u16;
        let upper = content.max(PLOT[1]);
        let fits = area.height > upper + PLOT[1]
            && area.width >= GUTTER + strips * (STRIP + 1)
            && strips > 0;
        if fits {
            let spare = area.height - upper - 1 - PLOT[1];
            let upper = upper + spare / 2;
            if beside {
                let right = Rect {
                    x: area.x + table + GAP,
                    width: area.width - table - GAP,
                    height: upper,
                    ..area
                };
                self.own(right, buffer);
            } else if upper >= content + PLOT[1] {
                let height = upper - content;
                self.own(
                    Rect {
                        height,
                        ..below(area, content)
                    },
                    buffer,
                );
            }
            text(LEGEND, self.theme.quiet(), below(area, upper), buffer);
            self.strips(below(area, upper + 1), buffer);
        } else if beside {
            let right = Rect {
                x: area.x + table + GAP,
                width: area.width - table - GAP,
                ..area
            };
            self.plot_over_words(right, buffer);
        } else {
            self.plot_over_words(below(area, content + 1), buffer);
        }
    }

    /// The racer's own plot, and below it what the averages are like, in words alone.
    fn plot_over_words(&self, area: Rect, buffer: &mut Buffer) {
        let words = self.page.averages.len() as u16;
        let height = if area.height >= words + PLOT[1] - 1 {
            area.height - words
        } else {
            area.height
        };
        let plot = Rect { height, ..area };
        if height + 1 >= PLOT[1] {
            self.own(plot, buffer);
            let titles = self.page.averages.iter().map(|plot| {
                let words = plot.words(area.width.into());
                (words.to_owned(), self.theme.quiet())
            });
            lines(&titles.collect(), below(area, height), buffer);
        }
    }

    /// How many columns of the table fit.
    fn columns(&self, width: u16) -> usize {
        let fit = width.saturating_sub(NAMES) / NUMBER;
        self.page.columns.len().min(usize::from(fit))
    }

    fn table(&self, columns: usize, area: Rect, buffer: &mut Buffer) {
        if self.page.rows.is_empty() {
            return;
        }
        let cell = |row: u16, column: usize, words: &str, style: Style, buffer: &mut Buffer| {
            let width = words.width().min(usize::from(NUMBER) - 1) as u16;
            let x = area.x + NAMES + NUMBER * (column as u16 + 1) - width;
            let place = Rect {
                x,
                y: area.y + row,
                width,
                height: u16::from(row < area.height),
            };
            text(words, style, place, buffer);
        };
        for (column, name) in self.page.columns.iter().take(columns).enumerate() {
            cell(0, column, name, self.theme.quiet(), buffer);
        }
        for (row, (name, values)) in self.page.rows.iter().enumerate() {
            let row = row as u16 + 1;
            text(name, self.theme.quiet(), below(area, row), buffer);
            for (column, value) in values.iter().take(columns).enumerate() {
                let Some(value) = value else {
                    continue;
                };
                let style = if column == 0 {
                    self.racer
                } else {
                    self.theme.text()
                };
                cell(row, column, &fitted(*value, 4, NUMBER - 1), style, buffer);
            }
        }
    }

    fn notes(&self, width: u16) -> Lines {
        let notes = self.page.notes.iter();
        let notes = notes.flat_map(|note| wrapped(note, 2, width));
        notes.map(|note| (note, self.theme.text())).collect()
    }

    fn own(&self, area: Rect, buffer: &mut Buffer) {
        if let Some(plot) = &self.page.own {
            self.plot(plot, true, area, buffer);
        }
    }

    /// The averages beside each other, in one frame of reference.
    fn strips(&self, area: Rect, buffer: &mut Buffer) {
        let plots = &self.page.averages;
        let count = plots.len() as u16;
        let room = area.width.saturating_sub(GUTTER + count - 1);
        let width = room / count.max(1);
        let mut x = area.x;
        for (i, plot) in plots.iter().enumerate() {
            let gutter = if i == 0 { GUTTER } else { 0 };
            let width = width + gutter;
            self.plot(plot, i == 0, Rect { x, width, ..area }, buffer);
            x += width + 1;
        }
    }

    /// A plot with its title above it, its steps below it and, if they are wanted, values at its left.
    fn plot(&self, plot: &Plot, values: bool, area: Rect, buffer: &mut Buffer) {
        if area.width <= GUTTER + 4 || area.height < 3 {
            return;
        }
        let (theme, glyphs) = (self.theme, self.theme.glyphs());
        let gutter = if values { GUTTER } else { 0 };
        let inner = Rect {
            x: area.x + gutter + 1,
            y: area.y + 1,
            width: area.width - gutter - 1,
            height: area.height - 2,
        };
        let title = Rect {
            x: area.x + gutter,
            width: area.width - gutter,
            ..area
        };
        text(plot.words(title.width.into()), theme.text(), title, buffer);
        for y in inner.top()..inner.bottom() {
            buffer.set_string(inner.x - 1, y, glyphs.vertical(), theme.rule());
        }
        if values {
            let [low, high] = plot.y.range();
            for (value, y) in [(high, inner.top()), (low, inner.bottom() - 1)] {
                let value = fitted(value, 3, GUTTER - 1);
                let x = area.x + GUTTER - value.width() as u16;
                buffer.set_string(x, y, value, theme.quiet());
            }
        }
        self.steps(plot, inner, buffer);
        self.dots(plot, inner, buffer);
    }

    /// The first and the last step of the x axis.
    fn steps(&self, plot: &Plot, inner: Rect, buffer: &mut Buffer) {
        let [first, last] = plot.x.range().map(|step| number::count(step as u64));
        let y = inner.bottom();
        let quiet = self.theme.quiet();
        buffer.set_stringn(inner.x, y, &first, inner.width.into(), quiet);
        let x = inner.right().saturating_sub(last.width() as u16);
        if x > inner.x + first.width() as u16 {
            buffer.set_stringn(x, y, &last, last.width(), quiet);
        }
    }

    fn dots(&self, plot: &Plot, inner: Rect, buffer: &mut Buffer) {
        let theme = self.theme;
        let mut dots = Dots::new(theme.glyphs(), inner.width, inner.height);
        let zero = plot.y.place(0.0).filter(|_| plot.y.holds(0.0));
        if let Some(zero) = zero {
            let ends = [0.0, 1.0].map(|x| dots.nearest([x, zero]));
            dots.path(&ends, ZERO, theme.quiet());
        }
        for raw in &plot.raw {
            dots.set(dots.nearest(*raw), theme.quiet());
        }
        let path = |points: &[[f64; 2]], dots: &Dots| -> Vec<[usize; 2]> {
            points.iter().map(|point| dots.nearest(*point)).collect()
        };
        for dashes in &plot.dashes {
            let points = path(dashes, &dots);
            dots.path(&points, DASHED, theme.text());
        }
        let points = path(&plot.line, &dots);
        dots.path(&points, Dash::SOLID, self.racer);
        dots.draw(inner, buffer);
    }
}

/// What the averages of all betas have in common.
const LEGEND: &str = "averaged by beta: corrected as a line, from zero in dashes";

/// Cells of the names at the left of the table.
const NAMES: u16 = 15;

/// The line of zero.
const ZERO: Dash = Dash::new(&[1, 5]);

/// Draws lines from the top of `area`; how many there was room for.
fn lines(lines: &Lines, area: Rect, buffer: &mut Buffer) -> u16 {
    let rows = (lines.len() as u16).min(area.height);
    for (row, (line, style)) in (0..rows).zip(lines) {
        text(line, *style, below(area, row), buffer);
    }
    rows
}
