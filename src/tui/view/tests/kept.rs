//! Screens as they are kept in `tests/data/screens`, text and styles, for seven races at four sizes.
//! With `UPDATE_EXPECTED` set they are written instead of compared.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::tui::message::Wish;

/// The races, and how far each is shown: a part of its way.
const RACES: [(&str, f64); 6] = [
    ("beale", 0.4),
    ("saddle", 0.6),
    ("line", 0.5),
    ("moons", 0.3),
    ("one-weight", 0.5),
    ("counterexample", 0.3),
];

#[test]
fn seven_races_at_four_sizes() {
    keep(
        "digits",
        &mut play(race(2000, Phase::Computed, true), 7.5, true),
    );
    for (name, part) in RACES {
        keep(name, &mut at(name, part));
    }
}

#[test]
fn the_relief_at_four_sizes() {
    for (name, part) in [("beale", 0.4), ("saddle", 0.6)] {
        let mut app = at(name, part);
        app.desk.show(Figure::Relief);
        keep(&format!("relief-{name}"), &mut app);
    }
}

#[test]
fn the_editor_at_four_sizes() {
    let mut app = at("beale", 0.4);
    app.edit(fixture::edit("beale"));
    press(&mut app, "jjd");
    keep("editor", &mut app);
    // A start elsewhere, with its cursor on the map.
    press(&mut app, "hddr.5\n");
    keep("editor-start", &mut app);
    press(&mut app, "jd-1\n");
    assert!(app.editor.as_ref().is_some_and(|e| e.refused.is_some()));
    keep("editor-refused", &mut app);
}

#[test]
fn a_fork_and_its_ghosts_at_four_sizes() {
    let scenario = fixture::edit("beale").scenario();
    let mut app = at("beale", 0.05);
    app.edit(fixture::edit("beale"));
    app.editor.as_mut().expect("it is open").chosen = 0;
    press(&mut app, "jjdll");
    let Flow::Open(Wish::Fork(edit, after)) = press(&mut app, "f") else {
        panic!("a fork was asked for");
    };
    let forked = edit.forked(&scenario, &after).expect("it can be forked");
    app.open(Arc::new(fixture::raced(&forked, 1.0)));
    app.playhead.paused = true;
    app.playhead.scrub(0.05, &app.shown);
    app.places = board::places(&app.shown.snapshot, app.playhead.mark());
    keep("fork", &mut app);
}

/// A shipped race, paused at a part of its way.
pub fn at(name: &str, part: f64) -> App {
    let mut app = app_of(&Arc::new(fixture::shipped(name, 1.0)), fixture::look(true));
    app.playhead.scrub(part, &app.shown);
    app.places = board::places(&app.shown.snapshot, app.playhead.mark());
    app
}

/// Compares the screens with the kept ones of this name, or keeps them.
pub fn keep(name: &str, app: &mut App) {
    keep_each(name, |width, height| drawn(app, width, height));
}

/// Compares what is drawn at each size with the kept screens of this name, or keeps it.
pub fn keep_each(name: &str, mut draw: impl FnMut(u16, u16) -> Buffer) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/screens");
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    for (width, height) in SIZES {
        let file = folder.join(format!("{name}-{width}x{height}.txt"));
        let got = picture(&draw(width, height));
        if update {
            std::fs::write(&file, &got).unwrap();
        } else {
            let kept = std::fs::read_to_string(&file).unwrap_or_default();
            assert!(kept == got, "{} is now\n{got}", file.display());
        }
    }
}

#[test]
fn the_same_races_at_sizes_too_small() {
    for (name, _) in RACES {
        let mut app = app_of(&Arc::new(fixture::shipped(name, 1.0)), fixture::look(true));
        app.playhead.scrub(0.5, &app.shown);
        for (width, height) in (0..=10).flat_map(|width| (0..=10).map(move |h| (width, h))) {
            let buffer = drawn(&mut app, width, height);
            let blank = buffer.content.iter().all(|cell| cell.symbol() == " ");
            assert_eq!(blank, buffer.area.is_empty(), "{name} {width}x{height}");
        }
    }
}

/// A screen as text, and below it a letter for the style of each cell, with what each letter is.
fn picture(buffer: &Buffer) -> String {
    let mut styles = BTreeMap::new();
    let mut below = String::new();
    for row in buffer.content.chunks(usize::from(buffer.area.width)) {
        let mut line = String::new();
        for cell in row {
            let style = (cell.fg, cell.bg, cell.modifier);
            let next = styles.len();
            let letter = *styles.entry(format!("{style:?}")).or_insert(next);
            line.push(
                if style == (Color::Reset, Color::Reset, Modifier::empty()) {
                    ' '
                } else {
                    char::from_u32('A' as u32 + letter as u32).unwrap_or('?')
                },
            );
        }
        below += line.trim_end();
        below.push('\n');
    }
    let mut legend: Vec<(usize, String)> = styles.into_iter().map(|(s, i)| (i, s)).collect();
    legend.sort();
    let legend: Vec<String> = legend
        .into_iter()
        .map(|(i, style)| {
            let letter = char::from_u32('A' as u32 + i as u32).unwrap_or('?');
            format!("{letter} {style}\n")
        })
        .collect();
    format!(
        "{}--- styles\n{below}---\n{}",
        text(buffer),
        legend.concat()
    )
}
