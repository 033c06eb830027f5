//! Colours by role and by racer. Only the view asks for them, and no colour is named anywhere else.
//!
//! Text and background are always the terminal's own.

use ratatui::style::{Color, Modifier, Style};

/// Identities, from the 256 colours of xterm: found by search for the largest distance between any
/// two in normal sight and three simulated colour blindnesses, at a contrast of 3:1 to both black
/// and white.
const IDENTITIES: [u8; 8] = [33, 202, 29, 126, 93, 160, 139, 104];

/// Who is out of the race.
const GREY: u8 = 243;

/// Styles by role.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    colour: bool,
}

impl Theme {
    /// A theme that is safe on a dark and on a light ground; without `colour`, of weights alone.
    pub fn new(colour: bool) -> Self {
        Self { colour }
    }

    /// Ordinary text.
    pub fn text(self) -> Style {
        Style::new()
    }

    /// The title, and what is settled.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Axes, headings and what else is there to be looked up.
    pub fn quiet(self) -> Style {
        if self.colour {
            Style::new().fg(Color::Indexed(GREY))
        } else {
            Style::new().add_modifier(Modifier::DIM)
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

    /// A racer with this number of colour. Colours repeat past eight; letters do not.
    pub fn racer(self, colour: usize) -> Style {
        if self.colour {
            Style::new().fg(Color::Indexed(IDENTITIES[colour % IDENTITIES.len()]))
        } else {
            Style::new()
        }
    }

    /// The title of the pane in focus.
    pub fn focus(self) -> Style {
        self.strong().add_modifier(Modifier::UNDERLINED)
    }

    /// The lines between panes.
    pub fn rule(self) -> Style {
        self.quiet()
    }

    /// The selected row.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A racer's curve behind its smoothed one.
    pub fn raw(self, colour: usize) -> Style {
        self.racer(colour).add_modifier(Modifier::DIM)
    }

    /// The shade of a level of the ground, of so many, from the lowest.
    pub fn shade(self, level: usize, of: usize) -> Style {
        let _ = (level, of);
        Style::new()
    }

    /// A contour of the ground.
    pub fn contour(self, level: usize, of: usize) -> Style {
        let _ = (level, of);
        self.quiet()
    }

    /// The mark of a minimum.
    pub fn minimum(self) -> Style {
        self.strong()
    }

    /// The mark of a start.
    pub fn start(self) -> Style {
        self.strong()
    }

    /// The theme after this one.
    pub fn next(self) -> Self {
        self
    }

    /// A racer that is out of the race.
    pub fn out(self) -> Style {
        self.quiet()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of an xterm colour from 16 on, as in the web's contrast guidelines.
    fn luminance(index: u8) -> f64 {
        let rgb = if index >= 232 {
            [8 + 10 * (index - 232); 3]
        } else {
            let level = |i: u8| if i == 0 { 0 } else { 55 + 40 * i };
            let i = index - 16;
            [level(i / 36), level(i / 6 % 6), level(i % 6)]
        };
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
    }

    #[test]
    fn every_colour_can_be_read_on_black_and_on_white() {
        for index in IDENTITIES.into_iter().chain([GREY]) {
            let light = luminance(index) + 0.05;
            assert!(light / 0.05 >= 3.0, "{index} on black");
            assert!(1.05 / light >= 3.0, "{index} on white");
        }
    }

    #[test]
    fn without_colour_there_is_no_colour() {
        let theme = Theme::new(false);
        for style in [theme.quiet(), theme.target(), theme.racer(3), theme.out()] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }
}
