//! What pictures say against what the screen says, and what hostile names come to in them.

use std::collections::HashSet;
use std::num::NonZero;
use std::path::Path;

use super::save::{Album, Saver, safe};
use super::signs::sign;
use super::*;
use crate::picture::Shape;
use crate::runner::Phase;
use crate::text::is_unsafe;
use crate::tui::fixture;
use crate::tui::glyphs::Glyphs;
use crate::tui::identity::identities;

/// A label that would command a terminal, end an element, or turn text around.
const HOSTILE: &str = "<b>&\"\u{1b}[2J\u{9b}1m\u{202e}\u{7}";

fn look(theme: ThemeName) -> Look {
    Look {
        theme,
        ..fixture::look(true)
    }
}

fn app(state: State) -> App {
    still(Arc::new(state), look(ThemeName::Dark), None)
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The texts of a document, in its order.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).expect("it is XML");
    let nodes = document.descendants();
    let texts = nodes.filter(|node| node.tag_name().name() == "text");
    texts
        .filter_map(|node| node.text().map(str::to_owned))
        .collect()
}

#[test]
fn figures_have_each_racer_with_its_colour() {
    let states = ["beale", "saddle", "one-weight", "line"]
        .map(|name| fixture::shipped(name, 1.0))
        .into_iter()
        .chain([fixture::race(2000, Phase::Computed, true)]);
    for state in states {
        let app = app(state);
        let meta = &app.shown.snapshot.meta;
        for (paper, which) in [Paper::white(), Paper::of(look(ThemeName::Dark))]
            .into_iter()
            .flat_map(|paper| Figure::ALL.map(|which| (paper, which)))
        {
            let Some(picture) = figure(&app, which, paper) else {
                let has_map = matches!(app.shown.map, crate::runner::Mapped::Drawn(_));
                assert!(which == Figure::Map && !has_map, "{} {which:?}", meta.name);
                continue;
            };
            let svg = picture.svg();
            let texts = texts(&svg);
            for (entered, identity) in meta.racers.iter().zip(identities(&meta.racers)) {
                assert!(texts.contains(&entered.label), "{} {which:?}", meta.name);
                let colour = hex(paper.racer(identity));
                assert!(svg.contains(&colour), "{}: {colour}", meta.name);
            }
            assert!(picture.png(1.0).is_ok_and(|png| png.len() > 5_000));
        }
    }
}

#[test]
fn the_map_has_contours_trails_and_equal_scales() {
    let app = app(fixture::shipped("beale", 1.0));
    let picture = figure(&app, Figure::Map, Paper::white()).expect("it has a map");
    let long = picture.shapes.iter().filter(|shape| match shape {
        Shape::Lines { lines, .. } => lines.iter().any(|line| line.len() > 30),
        _ => false,
    });
    assert!(long.count() > 10, "contours and trails");
    let at = |text: &str| {
        let found = picture.shapes.iter().find_map(|shape| match shape {
            Shape::Text(label) if label.text == text => Some(label.at),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("no label {text}"))
    };
    // The first of two labels of the same text is that across.
    let [across, up] = [at("4")[0] - at("-4")[0], at("1")[1] - at("3")[1]];
    assert!((across / 8.0 - up / 2.0).abs() < 0.5, "{across} {up}");
}

#[test]
fn hostile_names_are_only_text_everywhere() {
    let mut state = fixture::shipped("beale", 0.5);
    let meta = Arc::make_mut(&mut state.snapshot.meta);
    meta.racers[0].label = HOSTILE.to_owned();
    meta.title = HOSTILE.to_owned();
    let state = Arc::new(state);
    let mut app = still(Arc::clone(&state), look(ThemeName::Dark), None);
    let mut pictures = vec![screen(&mut app, [120, 35])];
    pictures.extend(
        Figure::ALL
            .into_iter()
            .filter_map(|which| figure(&app, which, Paper::white())),
    );
    assert_eq!(pictures.len(), 4);
    for svg in pictures.iter().map(Picture::svg) {
        assert!(roxmltree::Document::parse(&svg).is_ok());
        assert!(svg.contains("&lt;b&gt;&amp;"));
        assert!(!svg.contains(|c: char| c != '\n' && is_unsafe(c)));
    }
}

/// Letters are text and all else is shapes: none is lost.
#[test]
fn a_frame_has_every_letter_and_every_dot_of_the_screen() {
    for state in [
        fixture::shipped("beale", 1.0),
        fixture::race(2000, Phase::Computed, true),
    ] {
        let mut app = app(state);
        for size in [[200, 50], [120, 35], [80, 24], [40, 12]] {
            let buffer = cells(&mut app, Rect::new(0, 0, size[0], size[1]));
            let picture = frame(&buffer, Ground::Dark, "a");
            let is_sign = |c: char| sign(c, [0.0; 2], [9.0, 18.0], [[0; 3]; 2]).is_some();
            let shown = buffer.content.iter().flat_map(|cell| cell.symbol().chars());
            let shown: Vec<char> = shown.filter(|c| *c != ' ').collect();
            let letters: String = shown.iter().filter(|c| !is_sign(**c)).collect();
            let drawn = texts(&picture.svg()).concat().replace(' ', "");
            assert_eq!(drawn, letters, "{size:?}");
            let dots = |c: char| match c {
                '\u{2800}'..='\u{28ff}' => (c as u32 - 0x2800).count_ones() as usize,
                '●' => 1,
                _ => 0,
            };
            let want: usize = shown.iter().map(|c| dots(*c)).sum();
            let drawn = picture.shapes.iter().map(|shape| match shape {
                Shape::Dots { centres, .. } => centres.len(),
                _ => 0,
            });
            assert_eq!(drawn.sum::<usize>(), want, "{size:?}");
        }
    }
}

#[test]
fn frames_of_all_sizes_and_themes_are_drawn() {
    let state = Arc::new(fixture::shipped("beale", 0.5));
    for theme in ThemeName::ALL {
        for side in 0..=10 {
            let mut app = still(Arc::clone(&state), look(theme), Some(20));
            let picture = screen(&mut app, [3 * side, side]);
            assert!(roxmltree::Document::parse(&picture.svg()).is_ok());
            assert!(picture.png(1.0).is_ok());
        }
    }
}

#[test]
fn every_sign_of_every_glyphs_is_a_shape_of_its_own() {
    let shapes = |c: char| sign(c, [0.0; 2], [9.0, 18.0], [[1; 3], [2; 3]]);
    for glyphs in [Glyphs::Braille, Glyphs::Block, Glyphs::Octant] {
        let [across, down] = glyphs.dots();
        let mut seen = HashSet::new();
        for bits in 1..1_u32 << (across * down) {
            let c = glyphs.cell(bits as u8);
            let shapes = shapes(c).unwrap_or_else(|| panic!("{c} is a letter"));
            assert!(seen.insert(format!("{shapes:?}")), "{c} is drawn twice");
        }
        let mut signs = vec![
            glyphs.vertical(),
            glyphs.horizontal(),
            glyphs.tick_left(),
            glyphs.tick_down(),
            glyphs.target(),
            glyphs.start(),
        ];
        signs.extend(glyphs.corners());
        signs.extend(glyphs.junctions());
        signs.extend((0..8).map(|i| glyphs.marker(i)));
        signs.extend((0..8).map(|i| glyphs.spark(i)));
        signs.extend((1..5).map(|i| glyphs.shading(i)));
        for sign in signs {
            let c = sign.chars().next().expect("it is a sign");
            assert!(shapes(c).is_some_and(|shapes| !shapes.is_empty()), "{sign}");
        }
    }
    assert_eq!("aZ0 ·←".chars().filter_map(shapes).count(), 0);
}

#[test]
fn a_picture_stands_at_the_step_that_is_asked_for() {
    let state = Arc::new(fixture::shipped("beale", 1.0));
    let at = |step| {
        let app = still(Arc::clone(&state), look(ThemeName::Dark), step);
        app.playhead.mark().at
    };
    assert_eq!([at(Some(0)), at(Some(40))], [0.0, 40.0]);
    let end = at(None);
    assert!(end > 100.0);
    assert_eq!(at(Some(u64::MAX)), end, "beyond the end is the end");
    let mut app = still(Arc::clone(&state), look(ThemeName::Dark), Some(40));
    let said = texts(&screen(&mut app, [120, 35]).svg()).join(" ");
    assert!(said.contains("step 40 of"), "{said}");
}

#[test]
fn a_cast_plays_to_the_screen_at_the_end() {
    let mut state = fixture::shipped("beale", 1.0);
    state.phase = Phase::Recorded;
    let state = Arc::new(state);
    let size = [120, 35];
    let events = cast::play(&state, look(ThemeName::Dark), size).expect("in memory");
    assert_eq!(
        events,
        cast::play(&state, look(ThemeName::Dark), size).unwrap()
    );
    assert!(events.is_sorted_by(|a, b| a.0 < b.0));
    let seconds = state.snapshot.meta.show_seconds;
    let last = events.last().expect("there are some").0;
    assert!((seconds..2.0 * seconds + 5.0).contains(&last), "{last}");
    let [rows, columns] = [35, 120].map(|side| NonZero::new(side).expect("some"));
    let mut terminal = vt100::Parser::new(rows, columns, 0);
    for (_, written) in &events {
        terminal.process(written.as_bytes());
    }
    let mut app = App::new(Arc::clone(&state), look(ThemeName::Dark), Ground::Dark);
    for _ in 0..events.len() + 200 {
        app.tick(std::time::Duration::from_millis(100), Arc::clone(&state));
        if app.is_over() {
            break;
        }
    }
    let buffer = cells(&mut app, Rect::new(0, 0, 120, 35));
    let rows = buffer.content.chunks(120);
    for (row, shown) in rows.zip(terminal.screen().rows(0, 120)) {
        let want: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(shown.trim_end(), want.trim_end());
    }
    assert!(terminal.screen().alternate_screen() && terminal.screen().hide_cursor());
}

#[test]
fn saved_pictures_never_replace_others_and_a_failure_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = app(fixture::shipped("beale", 1.0));
    let step = app.playhead.mark().at;
    let album = Album::of(&mut app, Rect::new(0, 0, 120, 35));
    let ends = "{frame.svg,frame.png,curves.svg,map.svg,board.svg}";
    assert_eq!(
        album.write(folder.path()),
        format!("saved slalom-beale-{step}-{ends}")
    );
    assert_eq!(
        album.write(folder.path()),
        format!("saved slalom-beale-{step}-2-{ends}")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 10);
    let png = folder
        .path()
        .join(format!("slalom-beale-{step}-2-frame.png"));
    assert!(std::fs::read(png).unwrap().starts_with(b"\x89PNG"));
    let said = album.write(Path::new("/no/such/folder"));
    let want = format!("cannot save slalom-beale-{step}-frame.svg: ");
    assert!(said.starts_with(&want), "{said}");
    assert!(Saver::default().done().is_none());
}

#[test]
fn names_of_files_are_harmless() {
    for (name, want) in [
        ("beale", "beale"),
        ("My Race_2", "my-race-2"),
        ("../../etc/passwd", "etc-passwd"),
        (HOSTILE, "b-2j-1m"),
        ("東京", "race"),
        ("-rf", "rf"),
    ] {
        assert_eq!(safe(name), want);
    }
    assert!(safe(&"x".repeat(500)).len() <= 60);
}

#[test]
fn profiles_are_stairs_from_the_best_time_to_four_times_it() {
    use crate::report::comparison::{Compared, Comparison, Workload};

    let racer = |label: &str, optimizer: &str, ratios: [Option<f64>; 3], score| Compared {
        label: label.to_owned(),
        optimizer: optimizer.to_owned(),
        times: ratios.to_vec(),
        ratios: ratios.to_vec(),
        score,
        spread: None,
    };
    let workload = |name: &str| Workload {
        name: name.to_owned(),
        digest: name.to_owned(),
        version: "0.1.0".to_owned(),
        seed: 0,
        runs: 1,
    };
    let comparison = Comparison {
        workloads: ["one", "two", HOSTILE].map(workload).to_vec(),
        racers: vec![
            racer("A", "adam", [Some(1.0), Some(2.0), None], 0.5),
            racer(HOSTILE, "gd", [Some(4.0), Some(9.0), None], 0.0),
        ],
        remarks: vec![],
    };
    let picture = profile(&comparison, Paper::white());
    let stairs = |shape: &Shape| match shape {
        Shape::Lines { lines, .. } if lines[0].len() > 2 => Some(lines[0].clone()),
        _ => None,
    };
    let drawn: Vec<Vec<[f64; 2]>> = picture.shapes.iter().filter_map(stairs).collect();
    let [first, second, frame] = drawn.as_slice() else {
        panic!("two racers and the frame: {drawn:?}");
    };
    // In fractions of the frame, which goes from the lower left to the right and upwards.
    let ([left, bottom], [right, top]) = (frame[0], frame[2]);
    let fractions = |line: &[[f64; 2]]| -> Vec<[f64; 2]> {
        let round = |x: f64| (x * 1e3).round() / 1e3;
        let at = |[x, y]: &[f64; 2]| [(x - left) / (right - left), (y - bottom) / (top - bottom)];
        line.iter().map(|place| at(place).map(round)).collect()
    };
    // A share s lies at (s + 0.03) / 1.06, twice the best time in the middle between 1 and 4.
    let [none, third, two] = [0.028, 0.343, 0.657];
    let want = [[0.0, third], [0.5, third], [0.5, two], [1.0, two]];
    assert_eq!(fractions(first), want);
    assert_eq!(
        fractions(second),
        [[0.0, none], [1.0, none], [1.0, third], [1.0, third]]
    );
    let texts = texts(&picture.svg());
    assert!(texts.iter().any(|text| text == "score 0.50"), "{texts:?}");
    assert!(
        !texts.iter().any(|text| text.chars().any(is_unsafe)),
        "{texts:?}"
    );
}
