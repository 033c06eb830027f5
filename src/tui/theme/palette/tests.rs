//! What the colours promise: contrast, and distance to normal and colour-blind eyes.

use super::colours::indexed;
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

/// What a cell's glyph covers of it, from the fastest rates to the slowest.
const COVERED: [f64; 4] = [1.0, 0.75, 0.5, 0.25];

/// Least distance between neighbours, in normal sight and with the worst colour blindness; and least
/// contrast of the slowest to each ground.
#[test]
fn the_faster_a_rate_the_more_it_stands_out() {
    for (palette, grounds, want, faintest) in [
        (&DARK, &[BLACK, CHARCOAL][..], [12.0, 7.5], 1.5),
        (&LIGHT, &[WHITE, CREAM], [12.0, 7.5], 1.12),
        (&ANY, &[BLACK, WHITE], [7.0, 3.5], 1.2),
    ] {
        assert_eq!(palette.grades.len(), COVERED.len());
        for pair in palette.grades.windows(2) {
            let got = least(pair);
            assert!(
                got[0] >= want[0] && got[1] >= want[1],
                "{pair:?}: {got:.1?}"
            );
        }
        for &ground in grounds {
            // The eye takes the mean of the light of a cell.
            let light = |colour| contrast(colour, BLACK);
            let seen = |(&grade, covered): (&Color, f64)| {
                let mixed = covered * light(rgb(grade)) + (1.0 - covered) * light(ground);
                let (a, b) = (mixed, light(ground));
                a.max(b) / a.min(b)
            };
            let seen: Vec<f64> = palette.grades.iter().zip(COVERED).map(seen).collect();
            assert!(
                seen.is_sorted_by(|a, b| *a > 1.2 * b),
                "{ground:?}: {seen:.2?}"
            );
            assert!(seen[3] >= faintest, "{ground:?}: {seen:.2?}");
        }
    }
    for (palette, grounds) in [(&DARK, [BLACK, CHARCOAL]), (&LIGHT, [WHITE, CREAM])] {
        for ground in grounds {
            let away = |colour: &Color| contrast(rgb(*colour), ground);
            assert!(
                palette.grades.is_sorted_by(|a, b| away(a) > away(b)),
                "{ground:?}"
            );
        }
    }
}
