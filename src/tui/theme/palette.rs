//! The palettes: what a theme draws with, and which one a theme has on a terminal. Their colours are in
//! [`colours`]. No style is made here.

use ratatui::style::Color;

use crate::tui::ground::Ground;
use crate::tui::theme::{Colour, ThemeName};

mod colours;
#[cfg(test)]
mod tests;

use colours::{
    ANSI_ANY, ANSI_DARK, ANSI_LIGHT, ANY, DARK, HIGH_CONTRAST_ANY, HIGH_CONTRAST_DARK,
    HIGH_CONTRAST_LIGHT, LIGHT, MONO,
};

/// What a theme draws with.
#[derive(Debug)]
pub struct Palette {
    /// The racers' colours by number; none where there is no colour.
    pub racers: &'static [Color],
    /// The same, fainter; none where faintness is left to the terminal.
    pub faint: &'static [Color],
    /// Of what is out of the race or only to be looked up; `None` where that is the terminal's own
    /// faint text.
    pub grey: Option<Color>,
    /// Backgrounds of the map from low losses to high ones; none where there is no shading.
    pub shades: &'static [Color],
    /// Backgrounds of the relief, from faces that turn away from the light to those that it falls on;
    /// none where there is no shading.
    pub lit: &'static [Color],
    /// Lines between levels of the map, from low to high; none where they are as the grey.
    pub contours: &'static [Color],
    /// Areas of the start map that belong to one minimum each; none where there is no colour.
    pub basins: &'static [Color],
    /// Areas of the start map from few iterations to many; none where glyphs alone say it.
    pub ramp: &'static [Color],
    /// Learning rates from the fastest to the slowest that works, the fastest standing out the most; none
    /// where glyphs alone say it.
    pub grades: &'static [Color],
}

/// The palette of a theme, as far as the terminal knows colours.
pub fn palette(name: ThemeName, ground: Ground, colour: Colour) -> &'static Palette {
    let ground = match name {
        ThemeName::Dark => Ground::Dark,
        ThemeName::Light => Ground::Light,
        _ => ground,
    };
    match (name, colour) {
        (_, Colour::None) | (ThemeName::Mono, _) => &MONO,
        (ThemeName::HighContrast, Colour::Indexed256) => match ground {
            Ground::Dark => &HIGH_CONTRAST_DARK,
            Ground::Light => &HIGH_CONTRAST_LIGHT,
            Ground::Unknown => &HIGH_CONTRAST_ANY,
        },
        (ThemeName::Ansi16, _) | (_, Colour::Ansi16) => match ground {
            Ground::Dark => &ANSI_DARK,
            Ground::Light => &ANSI_LIGHT,
            Ground::Unknown => &ANSI_ANY,
        },
        (ThemeName::Auto | ThemeName::Dark | ThemeName::Light, Colour::Indexed256) => {
            match ground {
                Ground::Dark => &DARK,
                Ground::Light => &LIGHT,
                Ground::Unknown => &ANY,
            }
        }
    }
}
