//! The colours of each palette. Nothing else names a colour.
//!
//! Numbers are those of xterm's 256 colours. The sets were found by search: any two of the first
//! five (the colours of gd, sgd, momentum, rmsprop and adam) as far apart as can be, then any two
//! of the eight, in normal sight and with each of the three colour blindnesses simulated, and all
//! of them away from the grey of those out of the race and from the usual colours of text. So were
//! those of the basins, as areas: none of them glares.

use ratatui::style::Color;

use super::Palette;

/// On black and near it. Eight shades, and every racer stands out from each.
pub static DARK: Palette = Palette {
    racers: &indexed([219, 49, 226, 69, 202, 35, 149, 169]),
    faint: &indexed([90, 23, 58, 25, 124, 22, 64, 125]),
    grey: Some(Color::Indexed(246)),
    shades: &indexed([16, 232, 233, 234, 235, 236, 237, 238]),
    lit: &indexed([232, 233, 234, 235, 236, 237, 238, 239]),
    contours: &indexed([239, 240, 240, 241, 242, 242, 243, 243]),
    basins: &indexed([39, 180, 96, 28]),
    ramp: &indexed([229, 222, 215, 209, 168, 132, 96, 91]),
    grades: &indexed([230, 215, 168, 96]),
};

/// On white and near it. Only four shades leave all racers to be seen.
pub static LIGHT: Palette = Palette {
    racers: &indexed([53, 88, 100, 33, 198, 19, 93, 94]),
    faint: &indexed([182, 217, 143, 111, 218, 147, 183, 180]),
    grey: Some(Color::Indexed(243)),
    shades: &indexed([231, 255, 254, 253]),
    lit: &indexed([253, 254, 255, 231]),
    contours: &indexed([250, 249, 248, 247]),
    basins: &indexed([69, 136, 23, 88]),
    ramp: &indexed([222, 215, 209, 168, 132, 96, 90, 54]),
    grades: &indexed([54, 96, 168, 209]),
};

/// On black and on white, where it is not known which of them it is.
pub static ANY: Palette = Palette {
    racers: &ANY_RACERS,
    faint: &[],
    grey: Some(Color::Indexed(243)),
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([105, 29, 126, 160]),
    ramp: &indexed([209, 168, 132, 96, 90, 54]),
    grades: &indexed([168, 132, 96, 91]),
};

pub static ANY_RACERS: [Color; 8] = indexed([126, 29, 58, 33, 202, 93, 103, 138]);

/// At least 7:1 against a dark ground; shades would take that away.
pub static HIGH_CONTRAST_DARK: Palette = Palette {
    racers: &indexed([225, 158, 148, 75, 210, 48, 179, 226]),
    faint: &[],
    grey: Some(Color::Indexed(250)),
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([225, 158, 148, 75]),
    ramp: &[],
    grades: &[],
};

/// At least 7:1 against a light ground. There are not many colours so dark.
pub static HIGH_CONTRAST_LIGHT: Palette = Palette {
    racers: &indexed([89, 22, 17, 21, 52, 19, 54, 91]),
    faint: &[],
    grey: Some(Color::Indexed(238)),
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([89, 22, 17, 21]),
    ramp: &[],
    grades: &[],
};

/// No colour has 7:1 against black and against white.
pub static HIGH_CONTRAST_ANY: Palette = Palette {
    racers: &ANY_RACERS,
    faint: &[],
    grey: None,
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([126, 29, 58, 33]),
    ramp: &[],
    grades: &[],
};

/// What the sixteen look like is the terminal's choice: here are only those that mostly can be read
/// on its ground, and never its black, white and greys.
pub static ANSI_DARK: Palette = Palette {
    racers: &[
        Color::LightMagenta,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightRed,
        Color::LightCyan,
        Color::Green,
        Color::Magenta,
    ],
    basins: &[
        Color::LightBlue,
        Color::LightYellow,
        Color::Magenta,
        Color::Green,
    ],
    ..MONO
};

pub static ANSI_LIGHT: Palette = Palette {
    racers: &[
        Color::Magenta,
        Color::Green,
        Color::Cyan,
        Color::Blue,
        Color::Red,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightRed,
    ],
    basins: &[Color::Blue, Color::Cyan, Color::Magenta, Color::Red],
    ..MONO
};

pub static ANSI_ANY: Palette = Palette {
    racers: &[
        Color::Magenta,
        Color::Green,
        Color::Cyan,
        Color::LightBlue,
        Color::Red,
        Color::LightMagenta,
        Color::LightRed,
        Color::Yellow,
    ],
    basins: &[
        Color::LightBlue,
        Color::Yellow,
        Color::Magenta,
        Color::Green,
    ],
    ..MONO
};

/// Weights alone.
pub const MONO: Palette = Palette {
    racers: &[],
    faint: &[],
    grey: None,
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &[],
    ramp: &[],
    grades: &[],
};

/// Colours of these numbers.
pub const fn indexed<const N: usize>(numbers: [u8; N]) -> [Color; N] {
    let mut colours = [Color::Reset; N];
    let mut i = 0;
    while i < N {
        colours[i] = Color::Indexed(numbers[i]);
        i += 1;
    }
    colours
}
