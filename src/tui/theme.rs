//! Styles by role and by racer, and the glyphs that things are drawn with. Only the view asks for
//! them; no colour is named outside of this room, and no view knows which theme it has.
//!
//! Text and background are always the terminal's own, but for the shading of the map. A colour
//! always means a racer: how something stands is said by words and weights.

use ratatui::style::{Color, Modifier, Style};

use crate::tui::glyphs::Glyphs;
use crate::tui::ground::Ground;

mod palette;
#[cfg(test)]
mod vision;

use palette::Palette;

/// The themes one can choose from, in the order in which a key steps through them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// By the terminal's background; safe on dark and on light where that is not known.
    #[default]
    Auto,
    /// For a dark background.
    Dark,
    /// For a light background.
    Light,
    /// The terminal's own sixteen colours.
    Ansi16,
    /// No colour.
    Mono,
    /// Contrasts of at least 7:1.
    HighContrast,
}

/// How many colours the terminal is to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// None.
    None,
    /// The sixteen named ones.
    Ansi16,
    /// The 256 of xterm.
    #[default]
    Indexed256,
}

/// What the screen is to look like, as far as it is chosen before the terminal is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The theme.
    pub theme: ThemeName,
    /// How many colours there are.
    pub colour: Colour,
    /// What things are drawn with.
    pub glyphs: Glyphs,
}

/// Styles by role.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    palette: &'static Palette,
    /// Whether racers are bold and nothing is faint.
    bold: bool,
    glyphs: Glyphs,
}

impl ThemeName {
    /// All themes, in the order in which [`Self::next`] steps through them.
    pub const ALL: [Self; 6] = [
        Self::Auto,
        Self::Dark,
        Self::Light,
        Self::Ansi16,
        Self::Mono,
        Self::HighContrast,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Ansi16 => "ansi16",
            Self::Mono => "mono",
            Self::HighContrast => "high-contrast",
        }
    }

    /// The theme of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// The one after it; the first after the last.
    pub fn next(self) -> Self {
        let place = Self::ALL.iter().position(|theme| *theme == self);
        Self::ALL[place.map_or(0, |place| (place + 1) % Self::ALL.len())]
    }
}

impl Look {
    /// Whether the terminal's background matters to it.
    pub fn needs_ground(self) -> bool {
        let asks = matches!(self.theme, ThemeName::Auto | ThemeName::HighContrast);
        asks && self.colour != Colour::None
    }

    /// The theme on a terminal with this background.
    pub fn theme(self, ground: Ground) -> Theme {
        Theme::new(self.theme, ground, self.colour).with(self.glyphs)
    }
}

impl Theme {
    /// The theme of that name for a terminal with this background and so many colours, drawn in
    /// braille. Without colour it is [`ThemeName::Mono`], whatever the name.
    pub fn new(name: ThemeName, ground: Ground, colour: Colour) -> Self {
        Self {
            palette: palette::palette(name, ground, colour),
            bold: name == ThemeName::HighContrast && colour != Colour::None,
            glyphs: Glyphs::default(),
        }
    }

    /// The same, drawn with other glyphs.
    pub fn with(self, glyphs: Glyphs) -> Self {
        Self { glyphs, ..self }
    }

    /// What things are drawn with.
    pub fn glyphs(self) -> Glyphs {
        self.glyphs
    }

    /// Whether racers have colours; without them they are told apart by letters, shapes and dashes.
    pub fn has_colour(self) -> bool {
        !self.palette.racers.is_empty()
    }

    /// Whether the map has a background; without one its contours say it alone.
    pub fn has_shades(self) -> bool {
        !self.palette.shades.is_empty()
    }

    /// Ordinary text.
    pub fn text(self) -> Style {
        Style::new()
    }

    /// What is most important: the race's title, and what is settled.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Axes, headings and what else is there to be looked up.
    pub fn quiet(self) -> Style {
        match self.palette.grey {
            Some(grey) => Style::new().fg(grey),
            None if self.bold => Style::new(),
            None => Style::new().add_modifier(Modifier::DIM),
        }
    }

    /// The target line.
    pub fn target(self) -> Style {
        self.text()
    }

    /// The name of a key.
    pub fn key(self) -> Style {
        self.strong()
    }

    /// A pane's title.
    pub fn title(self) -> Style {
        self.text()
    }

    /// The title of the pane that the arrow keys act on.
    pub fn focus(self) -> Style {
        self.strong().add_modifier(Modifier::REVERSED)
    }

    /// Rules between panes.
    pub fn rule(self) -> Style {
        self.quiet()
    }

    /// The row that is chosen, over the styles of its parts.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The row of who leads, over the styles of its parts.
    pub fn leader(self) -> Style {
        self.strong()
    }

    /// The word for a good end: converged.
    pub fn good(self) -> Style {
        self.strong()
    }

    /// The word for a bad end: diverged.
    pub fn warn(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    /// A racer with this number of colour: its name and its curve. Colours repeat past eight;
    /// letters do not.
    pub fn racer(self, colour: usize) -> Style {
        let style = pick(self.palette.racers, colour).map_or(Style::new(), |c| Style::new().fg(c));
        if self.bold {
            style.add_modifier(Modifier::BOLD)
        } else {
            style
        }
    }

    /// Where a racer is: the head of its curve or trail, and its shape.
    pub fn marker(self, colour: usize) -> Style {
        self.racer(colour).add_modifier(Modifier::BOLD)
    }

    /// A racer's curve as it was measured, behind the smoothed one.
    pub fn raw(self, colour: usize) -> Style {
        match pick(self.palette.faint, colour) {
            Some(faint) => Style::new().fg(faint),
            None => self
                .racer(colour)
                .remove_modifier(Modifier::BOLD)
                .add_modifier(Modifier::DIM),
        }
    }

    /// A racer that is out of the race.
    pub fn out(self) -> Style {
        self.quiet()
    }

    /// The trail that a racer left before it was sent another way.
    pub fn ghost(self, colour: usize) -> Style {
        self.raw(colour)
    }

    /// The background of the map at one of `of` levels, from 0 for the lowest losses (next to the
    /// terminal's own) upwards; no background where every colour would suffer from one.
    pub fn shade(self, level: usize, of: usize) -> Style {
        spread(self.palette.shades, level, of).map_or(Style::new(), |c| Style::new().bg(c))
    }

    /// A face of the relief on which so much light falls, 0 for the least.
    pub fn lit(self, level: usize, of: usize) -> Style {
        spread(self.palette.lit, level, of).map_or(Style::new(), |c| Style::new().bg(c))
    }

    /// The line around one of `of` levels of the map, from 0 for the lowest.
    pub fn contour(self, level: usize, of: usize) -> Style {
        spread(self.palette.contours, level, of).map_or(self.quiet(), |c| Style::new().fg(c))
    }

    /// The area of the start map that belongs to the minimum of this number, from 0; no colour where
    /// there is none.
    pub fn basin(self, number: usize) -> Style {
        pick(self.palette.basins, number).map_or(Style::new(), |c| Style::new().fg(c))
    }

    /// The area of the start map at one of `of` levels, from 0 for the fewest iterations; no colour
    /// where glyphs must say it.
    pub fn level(self, level: usize, of: usize) -> Style {
        spread(self.palette.ramp, level, of).map_or(Style::new(), |c| Style::new().fg(c))
    }

    /// A learning rate's cell at one of `of` grades, from 0 for the fastest, which stands out the most
    /// from the terminal's background; no colour where glyphs must say it.
    pub fn grade(self, grade: usize, of: usize) -> Style {
        spread(self.palette.grades, grade, of).map_or(Style::new(), |c| Style::new().fg(c))
    }

    /// Whether levels have colours.
    pub fn has_levels(self) -> bool {
        !self.palette.ramp.is_empty()
    }

    /// The minimum on the map.
    pub fn minimum(self) -> Style {
        self.strong()
    }

    /// The start on the map.
    pub fn start(self) -> Style {
        self.text()
    }
}

/// The colour with this number; they repeat.
fn pick(colours: &[Color], number: usize) -> Option<Color> {
    let place = number.checked_rem(colours.len())?;
    colours.get(place).copied()
}

/// The colour of one of `of` levels, the first and the last being those of `colours`.
fn spread(colours: &[Color], level: usize, of: usize) -> Option<Color> {
    let (last, steps) = (colours.len().checked_sub(1)?, of.saturating_sub(1).max(1));
    let place = (level.min(steps) * last + steps / 2) / steps;
    colours.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUNDS: [Ground; 3] = [Ground::Dark, Ground::Light, Ground::Unknown];
    const COLOURS: [Colour; 3] = [Colour::None, Colour::Ansi16, Colour::Indexed256];

    fn themes() -> impl Iterator<Item = (ThemeName, Ground, Colour, Theme)> {
        ThemeName::ALL.into_iter().flat_map(|name| {
            GROUNDS.into_iter().flat_map(move |ground| {
                COLOURS.map(|colour| (name, ground, colour, Theme::new(name, ground, colour)))
            })
        })
    }

    /// The styles of all roles, but for shades.
    fn styles(theme: Theme) -> Vec<Style> {
        let mut styles = vec![
            theme.text(),
            theme.strong(),
            theme.quiet(),
            theme.target(),
            theme.key(),
            theme.title(),
            theme.focus(),
            theme.rule(),
            theme.selected(),
            theme.leader(),
            theme.good(),
            theme.warn(),
            theme.out(),
            theme.minimum(),
            theme.start(),
        ];
        for i in 0..20 {
            styles.extend([
                theme.racer(i),
                theme.marker(i),
                theme.raw(i),
                theme.ghost(i),
            ]);
            styles.extend([theme.contour(i, 8), theme.basin(i), theme.level(i, 8)]);
            styles.push(theme.grade(i, 4));
        }
        styles
    }

    #[test]
    fn no_theme_has_a_ground_but_that_of_the_map() {
        for (name, ground, colour, theme) in themes() {
            let own = styles(theme).iter().all(|style| style.bg.is_none());
            assert!(own, "{name:?} {ground:?} {colour:?}");
            let shaded = (0..8).all(|level| theme.shade(level, 8).bg.is_some());
            assert_eq!(shaded, theme.has_shades());
            assert!((0..8).all(|level| theme.shade(level, 8).fg.is_none()));
        }
    }

    #[test]
    fn a_theme_sends_no_more_colours_than_there_are() {
        for (name, ground, colour, theme) in themes() {
            let named = name == ThemeName::Ansi16 || colour == Colour::Ansi16;
            let none = name == ThemeName::Mono || colour == Colour::None;
            assert_eq!(theme.has_colour(), !none);
            let shades = (0..8).map(|level| theme.shade(level, 8));
            for style in styles(theme).into_iter().chain(shades) {
                for colour in [style.fg, style.bg].into_iter().flatten() {
                    let indexed = matches!(colour, Color::Indexed(16..));
                    let fits = !none && indexed != named && !matches!(colour, Color::Rgb(..));
                    assert!(fits, "{name:?} {ground:?}: {colour}");
                }
            }
        }
    }

    #[test]
    fn what_differs_in_meaning_differs_without_colour() {
        let theme = Theme::new(ThemeName::Mono, Ground::Unknown, Colour::None);
        for (a, b) in [
            (theme.good(), theme.warn()),
            (theme.good(), theme.text()),
            (theme.warn(), theme.text()),
            (theme.racer(0), theme.out()),
            (theme.marker(0), theme.racer(0)),
            (theme.raw(0), theme.racer(0)),
            (theme.focus(), theme.title()),
            (theme.selected(), theme.leader()),
        ] {
            assert_ne!(a.add_modifier, b.add_modifier, "{a:?} {b:?}");
        }
    }

    #[test]
    fn levels_are_spread_over_the_shades_there_are() {
        let of = |ground, of| -> Vec<Color> {
            let theme = Theme::new(ThemeName::Auto, ground, Colour::Indexed256);
            (0..of).filter_map(|i| theme.shade(i, of).bg).collect()
        };
        let indexed =
            |numbers: &[u8]| -> Vec<Color> { numbers.iter().map(|&n| Color::Indexed(n)).collect() };
        let all = [16, 232, 233, 234, 235, 236, 237, 238];
        assert_eq!(of(Ground::Dark, 8), indexed(&all));
        assert_eq!(of(Ground::Dark, 3), indexed(&[16, 235, 238]));
        assert_eq!(of(Ground::Dark, 1), indexed(&[16]));
        let doubled = [231, 231, 255, 255, 254, 254, 253, 253];
        assert_eq!(of(Ground::Light, 8), indexed(&doubled));
        assert_eq!(of(Ground::Unknown, 8), []);
        let theme = Theme::new(ThemeName::Dark, Ground::Dark, Colour::Indexed256);
        assert_eq!(theme.shade(99, 8), theme.shade(7, 8));
        assert_eq!(theme.shade(0, 0).bg, Some(Color::Indexed(16)));
    }

    #[test]
    fn names_are_parsed_and_the_key_comes_round() {
        let mut seen = vec![ThemeName::default()];
        for _ in 1..ThemeName::ALL.len() {
            seen.push(seen[seen.len() - 1].next());
        }
        assert_eq!(seen, ThemeName::ALL);
        assert_eq!(ThemeName::HighContrast.next(), ThemeName::Auto);
        for theme in ThemeName::ALL {
            assert_eq!(ThemeName::parse(theme.name()), Some(theme));
        }
        assert_eq!(ThemeName::parse("Dark"), None);
    }
}
