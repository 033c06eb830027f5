//! The colours of each theme. No style is made here, and nothing else names a colour.
//!
//! Numbers are those of xterm's 256 colours. The sets were found by search: any two of the first
//! five (the colours of gd, sgd, momentum, rmsprop and adam) as far apart as can be, then any two
//! of the eight, in normal sight and with each of the three colour blindnesses simulated, and all
//! of them away from the grey of those out of the race and from the usual colours of text. So were
//! those of the basins, as areas: none of them glares.

use ratatui::style::Color;

use crate::tui::ground::Ground;
use crate::tui::theme::{Colour, ThemeName};

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

/// On black and near it. Eight shades, and every racer stands out from each.
static DARK: Palette = Palette {
    racers: &indexed([219, 49, 226, 69, 202, 35, 149, 169]),
    faint: &indexed([90, 23, 58, 25, 124, 22, 64, 125]),
    grey: Some(Color::Indexed(246)),
    shades: &indexed([16, 232, 233, 234, 235, 236, 237, 238]),
    lit: &indexed([232, 233, 234, 235, 236, 237, 238, 239]),
    contours: &indexed([239, 240, 240, 241, 242, 242, 243, 243]),
    basins: &indexed([39, 180, 96, 28]),
    ramp: &indexed([229, 222, 215, 209, 168, 132, 96, 91]),
};

/// On white and near it. Only four shades leave all racers to be seen.
static LIGHT: Palette = Palette {
    racers: &indexed([53, 88, 100, 33, 198, 19, 93, 94]),
    faint: &indexed([182, 217, 143, 111, 218, 147, 183, 180]),
    grey: Some(Color::Indexed(243)),
    shades: &indexed([231, 255, 254, 253]),
    lit: &indexed([253, 254, 255, 231]),
    contours: &indexed([250, 249, 248, 247]),
    basins: &indexed([69, 136, 23, 88]),
    ramp: &indexed([222, 215, 209, 168, 132, 96, 90, 54]),
};

/// On black and on white, where it is not known which of them it is.
static ANY: Palette = Palette {
    racers: &ANY_RACERS,
    faint: &[],
    grey: Some(Color::Indexed(243)),
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([105, 29, 126, 160]),
    ramp: &indexed([209, 168, 132, 96, 90, 54]),
};

static ANY_RACERS: [Color; 8] = indexed([126, 29, 58, 33, 202, 93, 103, 138]);

/// At least 7:1 against a dark ground; shades would take that away.
static HIGH_CONTRAST_DARK: Palette = Palette {
    racers: &indexed([225, 158, 148, 75, 210, 48, 179, 226]),
    faint: &[],
    grey: Some(Color::Indexed(250)),
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([225, 158, 148, 75]),
    ramp: &[],
};

/// At least 7:1 against a light ground. There are not many colours so dark.
static HIGH_CONTRAST_LIGHT: Palette = Palette {
    racers: &indexed([89, 22, 17, 21, 52, 19, 54, 91]),
    faint: &[],
    grey: Some(Color::Indexed(238)),
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([89, 22, 17, 21]),
    ramp: &[],
};

/// No colour has 7:1 against black and against white.
static HIGH_CONTRAST_ANY: Palette = Palette {
    racers: &ANY_RACERS,
    faint: &[],
    grey: None,
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &indexed([126, 29, 58, 33]),
    ramp: &[],
};

/// What the sixteen look like is the terminal's choice: here are only those that mostly can be read
/// on its ground, and never its black, white and greys.
static ANSI_DARK: Palette = Palette {
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

static ANSI_LIGHT: Palette = Palette {
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

static ANSI_ANY: Palette = Palette {
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
const MONO: Palette = Palette {
    racers: &[],
    faint: &[],
    grey: None,
    shades: &[],
    lit: &[],
    contours: &[],
    basins: &[],
    ramp: &[],
};

const fn indexed<const N: usize>(numbers: [u8; N]) -> [Color; N] {
    let mut colours = [Color::Reset; N];
    let mut i = 0;
    while i < N {
        colours[i] = Color::Indexed(numbers[i]);
        i += 1;
    }
    colours
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::vision::{Rgb, SIGHTS, contrast, difference, rgb};

    const BLACK: Rgb = [0; 3];
    /// The lightest ground that counts as black, and the darkest that counts as white.
    const CHARCOAL: Rgb = [0x1e; 3];
    const CREAM: Rgb = [0xfd, 0xf6, 0xe3];
    const WHITE: Rgb = [255; 3];

    /// A palette, its grounds, and what its colours are promised to keep: contrast of racers and of
    /// the grey to each ground; and the distance between any two of the first five and of all
    /// eight, in normal sight and with the worst of three colour blindnesses, and to the grey.
    struct Promise {
        palette: &'static Palette,
        grounds: &'static [Rgb],
        contrast: f64,
        five: [f64; 2],
        eight: [f64; 2],
        grey: f64,
    }

    static PROMISES: [Promise; 5] = [
        Promise {
            palette: &DARK,
            grounds: &[BLACK, CHARCOAL],
            contrast: 4.8,
            five: [30.0, 15.4],
            eight: [16.8, 10.8],
            grey: 11.2,
        },
        Promise {
            palette: &LIGHT,
            grounds: &[WHITE, CREAM],
            contrast: 3.2,
            five: [32.5, 19.3],
            eight: [17.3, 10.3],
            grey: 10.6,
        },
        Promise {
            palette: &ANY,
            grounds: &[BLACK, WHITE],
            contrast: 3.0,
            five: [25.9, 13.6],
            eight: [19.2, 11.0],
            grey: 8.1,
        },
        Promise {
            palette: &HIGH_CONTRAST_DARK,
            grounds: &[BLACK, CHARCOAL],
            contrast: 7.0,
            five: [25.4, 15.5],
            eight: [13.3, 7.9],
            grey: 12.5,
        },
        Promise {
            palette: &HIGH_CONTRAST_LIGHT,
            grounds: &[WHITE, CREAM],
            contrast: 7.0,
            five: [21.2, 9.3],
            eight: [8.4, 5.5],
            grey: 8.8,
        },
    ];

    /// The least distance between any two, in normal sight and with the worst colour blindness.
    fn least(colours: &[Color]) -> [f64; 2] {
        let mut least = [f64::INFINITY; 2];
        for (i, &a) in colours.iter().enumerate() {
            for &b in &colours[..i] {
                for (sight, matrix) in SIGHTS.iter().enumerate() {
                    let least = &mut least[sight.min(1)];
                    *least = least.min(difference(matrix, rgb(a), rgb(b)));
                }
            }
        }
        least
    }

    #[test]
    fn every_colour_can_be_read_on_its_grounds() {
        for promise in &PROMISES {
            let palette = promise.palette;
            for &colour in palette.racers.iter().chain(&palette.grey) {
                for &ground in promise.grounds {
                    let got = contrast(rgb(colour), ground);
                    assert!(got >= promise.contrast, "{colour} on {ground:?}: {got:.2}");
                }
            }
        }
    }

    #[test]
    fn colours_stay_apart_for_every_eye() {
        for promise in &PROMISES {
            let palette = promise.palette;
            let cases = [
                (promise.five, least(&palette.racers[..5])),
                (promise.eight, least(palette.racers)),
            ];
            for (want, got) in cases {
                let kept = got[0] >= want[0] && got[1] >= want[1];
                assert!(kept, "{:?}: {got:.1?}, not {want:?}", palette.racers);
            }
            for &racer in palette.racers {
                let grey = palette.grey.expect("each of them has one");
                let [normal, blind] = least(&[racer, grey]);
                let got = normal.min(blind);
                assert!(got >= promise.grey, "{racer} and the grey: {got:.1}");
            }
        }
    }

    /// The floors would be worth nothing if any colours kept them: those of before do not, nor do
    /// these if one is changed for its neighbour in the list of 256.
    #[test]
    fn other_colours_would_not_do() {
        let before = indexed([33, 202, 29, 126, 93, 160, 139, 104]);
        let ([normal, blind], any) = (least(&before[..5]), &PROMISES[2]);
        assert!(normal < any.five[0] && blind < any.five[1]);
        for promise in &PROMISES {
            for i in 0..5 {
                let mut changed = promise.palette.racers[..5].to_vec();
                let Color::Indexed(next) = changed[(i + 1) % 5] else {
                    panic!("a named colour among the 256");
                };
                changed[i] = Color::Indexed(next + 1);
                let [normal, blind] = least(&changed);
                let kept = normal >= promise.five[0] && blind >= promise.five[1];
                assert!(!kept, "{changed:?}");
            }
        }
    }

    #[test]
    fn racers_can_be_seen_on_every_shade_of_the_map_and_the_relief() {
        for (palette, clearly) in [(&DARK, 7), (&LIGHT, 2)] {
            for (i, &shade) in palette.shades.iter().enumerate() {
                let want = if i < clearly { 3.0 } else { 2.5 };
                for &racer in palette.racers.iter().chain(&palette.grey) {
                    let got = contrast(rgb(racer), rgb(shade));
                    assert!(got >= want, "{racer} on {shade}: {got:.2}");
                }
                let line = contrast(rgb(palette.contours[i]), rgb(shade));
                assert!((1.8..3.0).contains(&line), "contour {i}: {line:.2}");
            }
            assert_eq!(palette.shades.len(), palette.contours.len());
            for &lit in palette.lit {
                for &racer in palette.racers {
                    let got = contrast(rgb(racer), rgb(lit));
                    assert!(got >= 2.4, "{racer} on {lit}: {got:.2}");
                }
            }
        }
    }

    /// Least contrast of basins to each ground, and least distance between two of them, in normal
    /// sight and with the worst colour blindness.
    #[test]
    fn basins_can_be_told_from_the_ground_and_from_each_other() {
        for (palette, grounds, want) in [
            (&DARK, &[BLACK, CHARCOAL][..], [40.0, 21.5]),
            (&LIGHT, &[WHITE, CREAM], [37.0, 25.0]),
            (&ANY, &[BLACK, WHITE], [33.5, 18.5]),
            (&HIGH_CONTRAST_DARK, &[BLACK, CHARCOAL], [25.4, 15.5]),
            (&HIGH_CONTRAST_LIGHT, &[WHITE, CREAM], [21.2, 9.3]),
        ] {
            for &basin in palette.basins {
                for &ground in grounds {
                    let got = contrast(rgb(basin), ground);
                    assert!(got >= 3.0, "{basin} on {ground:?}: {got:.2}");
                }
            }
            let got = least(palette.basins);
            assert!(got[0] >= want[0] && got[1] >= want[1], "{got:.1?}");
        }
    }

    #[test]
    fn the_ramp_goes_one_way_and_every_eye_sees_its_steps() {
        for (palette, ground) in [(&DARK, BLACK), (&LIGHT, WHITE), (&ANY, WHITE)] {
            let light = |colour: &Color| contrast(rgb(*colour), BLACK);
            assert!(palette.ramp.is_sorted_by(|a, b| light(a) > light(b)));
            for pair in palette.ramp.windows(2) {
                let [normal, blind] = least(pair);
                assert!(
                    normal >= 7.0 && blind >= 3.5,
                    "{pair:?}: {normal:.1} {blind:.1}"
                );
            }
            for &colour in palette.ramp {
                let got = contrast(rgb(colour), ground);
                assert!(got >= 1.3, "{colour}: {got:.2}");
            }
        }
    }

    #[test]
    fn shades_go_one_way_from_the_ground() {
        for (palette, ground) in [(&DARK, BLACK), (&LIGHT, WHITE)] {
            let away: Vec<f64> = palette
                .shades
                .iter()
                .map(|&shade| contrast(rgb(shade), ground))
                .collect();
            assert_eq!(away[0], 1.0);
            assert!(away.is_sorted_by(|a, b| *b > a + 0.04), "{away:?}");
        }
    }

    #[test]
    fn faint_is_fainter_and_still_there() {
        for promise in &PROMISES[..2] {
            let palette = promise.palette;
            assert_eq!(palette.faint.len(), palette.racers.len());
            for (&faint, &racer) in palette.faint.iter().zip(palette.racers) {
                for &ground in promise.grounds {
                    let [faint, racer] = [faint, racer].map(|c| contrast(rgb(c), ground));
                    assert!(faint > 1.5 && faint < 0.7 * racer, "{faint:.2} {racer:.2}");
                }
            }
        }
    }

    #[test]
    fn the_sixteen_are_named_and_can_mostly_be_read() {
        let unreadable: [(&Palette, &[Color]); 3] = [
            (&ANSI_DARK, &[Color::Blue]),
            (&ANSI_LIGHT, &PALE),
            (&ANSI_ANY, &[&PALE[..], &[Color::Blue]].concat()),
        ];
        for (palette, unreadable) in unreadable {
            assert_eq!(palette.racers.len(), 8);
            for (i, racer) in palette.racers.iter().enumerate() {
                assert!(
                    NAMED.contains(racer) && !unreadable.contains(racer),
                    "{racer}"
                );
                assert!(!palette.racers[..i].contains(racer), "{racer} twice");
            }
            assert!(palette.grey.is_none() && palette.shades.is_empty());
        }
    }

    /// Those of the sixteen that are neither black, white nor grey.
    const NAMED: [Color; 12] = [
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
    ];

    /// Those that cannot be seen on white.
    const PALE: [Color; 3] = [Color::LightGreen, Color::LightYellow, Color::LightCyan];

    #[test]
    fn name_ground_and_depth_choose_the_palette() {
        use {Colour::*, Ground::*, ThemeName::*};
        let cases: [(ThemeName, Ground, Colour, &Palette); 16] = [
            (Auto, Ground::Dark, Indexed256, &DARK),
            (Auto, Ground::Light, Indexed256, &LIGHT),
            (Auto, Unknown, Indexed256, &ANY),
            (ThemeName::Dark, Ground::Light, Indexed256, &DARK),
            (ThemeName::Light, Unknown, Indexed256, &LIGHT),
            (ThemeName::Light, Unknown, Colour::Ansi16, &ANSI_LIGHT),
            (Auto, Unknown, Colour::Ansi16, &ANSI_ANY),
            (Auto, Ground::Dark, Colour::Ansi16, &ANSI_DARK),
            (ThemeName::Ansi16, Ground::Light, Indexed256, &ANSI_LIGHT),
            (HighContrast, Ground::Dark, Indexed256, &HIGH_CONTRAST_DARK),
            (
                HighContrast,
                Ground::Light,
                Indexed256,
                &HIGH_CONTRAST_LIGHT,
            ),
            (HighContrast, Unknown, Indexed256, &HIGH_CONTRAST_ANY),
            (HighContrast, Ground::Light, Colour::Ansi16, &ANSI_LIGHT),
            (Mono, Ground::Dark, Indexed256, &MONO),
            (Auto, Ground::Dark, Colour::None, &MONO),
            (HighContrast, Ground::Dark, Colour::None, &MONO),
        ];
        for (name, ground, colour, want) in cases {
            let got = palette(name, ground, colour);
            let same = (got.racers, got.grey) == (want.racers, want.grey);
            assert!(same, "{name:?} {ground:?} {colour:?}: {got:?}");
        }
    }
}
