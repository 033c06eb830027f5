//! The editor on any screen, and with anything typed into it.

use ratatui::buffer::Cell;

use super::*;
use crate::scenario::check::{Options, Source, check};
use crate::scenario::edit::Edit;
use crate::scenario::edit::field::{Field, Key, Part};
use crate::scenario::shipped;
use crate::tui::frame::frame;

fn editing(name: &str) -> App {
    let state = Arc::new(fixture::shipped(name, 1.0));
    let mut app = app_of(&state, fixture::look(true));
    app.playhead.scrub(0.3, &app.shown);
    app.playhead.paused = true;
    app.edit(fixture::edit(name));
    app
}

/// Sixty-four racers with every hyperparameter there is.
fn crowd() -> App {
    let mut source = shipped::find("beale").expect("it ships").source();
    let racer = "[[racer]]\noptimizer = \"adam\"\nlearning_rate = 0.1\n";
    let head = source.text.split("[[racer]]").next().expect("a head");
    source.text = format!("{head}{}", racer.repeat(64));
    let options = Options::default();
    let scenario = check(&source, &options).expect("it is valid");
    let edit = Edit::new(&source, &options, &scenario).expect("it can be changed");
    let mut app = app_of(
        &Arc::new(fixture::raced(&scenario, 0.001)),
        fixture::look(true),
    );
    app.edit(edit);
    app
}

#[test]
fn no_size_is_too_small_for_it() {
    let mut apps = [
        editing("beale"),
        editing("one-weight"),
        editing("moons"),
        crowd(),
    ];
    let sizes = (0..=10).flat_map(|width| (0..=10).map(move |height| (width, height)));
    let edges = [
        (20, 5),
        (40, 12),
        (41, 13),
        (60, 16),
        (100, 28),
        (300, 16),
        (61, 200),
    ];
    for (width, height) in sizes.chain(edges) {
        for app in &mut apps {
            for keys in ["h", "d", "9", "x\n", "u"] {
                press(app, keys);
                drawn(app, width, height);
            }
            app.desk.zoomed = !app.desk.zoomed;
        }
    }
}

#[test]
fn what_a_field_may_be_is_said_to_its_end() {
    let mut app = crowd();
    let editor = app.editor.as_mut().expect("it is open");
    let switch = |field: &Field| field.name == "bias_correction";
    editor.chosen = editor.fields.iter().position(switch).expect("adam has it");
    let about = editor.fields[editor.chosen].about;
    assert!(about.len() > 60, "or it is no test");
    let buffer = drawn(&mut app, 80, 24);
    let cells: String = buffer.content.iter().map(Cell::symbol).collect();
    let all = cells.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(all.contains(about), "{all}");
}

#[test]
fn long_names_of_a_written_rule_leave_room_for_their_values() {
    let mut source = shipped::find("beale").expect("it ships").source();
    let head = source.text.split("[[racer]]").next().expect("a head");
    let racer = "[[racer]]\nrule = [\"w = w - learning_rate*g*so_long_a_name_for_it\"]\n\
                 learning_rate = 0.1\nso_long_a_name_for_it = 0.25\n";
    source.text = format!("{head}{racer}");
    let options = Options::default();
    let scenario = check(&source, &options).expect("it is valid");
    let edit = Edit::new(&source, &options, &scenario).expect("it can be changed");
    let state = Arc::new(fixture::raced(&scenario, 0.001));
    let mut app = app_of(&state, fixture::look(true));
    app.edit(edit);
    let screen = super::text(&drawn(&mut app, 120, 35));
    assert!(screen.contains("  so_long_a_na... 0.25 "), "{screen}");
}

#[test]
fn the_chosen_field_is_always_in_sight() {
    for (width, height) in SIZES {
        let mut app = crowd();
        let fields = app.editor.as_ref().expect("it is open").fields.len();
        assert_eq!(fields, 4 + 64 * 12);
        for i in 0..fields {
            let buffer = drawn(&mut app, width, height);
            let chosen = buffer
                .content
                .iter()
                .filter(|cell| cell.modifier.contains(Modifier::REVERSED) && cell.symbol() != "+");
            // The title of the pane in focus is as well.
            assert!(chosen.count() > "editor".len(), "{i} at {width}x{height}");
            press(&mut app, "d");
        }
    }
}

#[test]
fn whatever_is_typed_the_race_stays_valid() {
    let mut app = editing("digits-softmax");
    let before = app.editor.as_ref().expect("it is open").edit.clone();
    let fields = before.fields().len();
    for text in [
        "1e999",
        "-1e-999",
        "-",
        ".",
        "...",
        "0x",
        "9999999999999999999999999",
        "-0.1",
        "1.5",
        "1e",
        "0 = 1",
        "0\"",
        "2-01-01",
        "1q?eWf",
        "-inf",
        ".nan",
        "0\u{202e}\u{1b}[2J",
    ] {
        press(&mut app, "h");
        for _ in 0..fields {
            let flow = press(&mut app, text);
            assert_eq!(flow, Flow::Continue, "{text}");
            press(&mut app, "\n");
            let screen = super::text(&drawn(&mut app, 120, 35));
            assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'));
            let editor = app.editor.as_ref().expect("it is open");
            let source = Source {
                text: editor
                    .edit
                    .file(&editor.edit.scenario())
                    .expect("it is written"),
                ..shipped::find("digits-softmax").expect("it ships").source()
            };
            assert!(check(&source, &Options::default()).is_ok(), "{text}");
            // What was refused stays to be mended, until it is dropped.
            let refused = editor.refused.clone();
            assert_eq!(refused.is_some(), editor.typed.is_some(), "{text}");
            if refused.is_some() {
                assert!(screen.contains("expected"), "{screen}");
                app.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
            }
            press(&mut app, "d");
        }
    }
}

#[test]
fn keys_that_are_not_typed_mean_what_they_always_mean() {
    let mut app = editing("beale");
    let paused = app.playhead.paused;
    press(&mut app, " ");
    assert_ne!(app.playhead.paused, paused);
    assert_eq!(press(&mut app, "q"), Flow::Quit);
    assert_eq!(press(&mut app, "-q"), Flow::Continue, "it is typed");
    app.press(KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE));
    let typed = |app: &App| app.editor.as_ref().and_then(|editor| editor.typed.clone());
    assert_eq!(typed(&app).as_deref(), Some("-"));
    let control = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(app.press(control), Flow::Interrupt);
    app.press(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));
    assert_eq!(typed(&app), None);
    // Another pane has its keys for itself.
    app.desk.focus = Pane::Board;
    press(&mut app, "-");
    assert_eq!(typed(&app), None);
}

#[test]
fn a_click_on_the_map_is_a_start() {
    let mut app = editing("beale");
    drawn(&mut app, 120, 35);
    let area = Rect::new(0, 0, 120, 35);
    let pane = panes(&app, area)
        .and_then(|panes| panes.map)
        .expect("a map");
    let click = |app: &mut App, column: u16, row: u16| {
        let kind = ratatui::crossterm::event::MouseEventKind::Down(
            ratatui::crossterm::event::MouseButton::Left,
        );
        let mouse = ratatui::crossterm::event::MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        };
        app.point(mouse, area);
    };
    let at = (pane.x + pane.width / 2, pane.y + pane.height / 3);
    click(&mut app, at.0, at.1);
    let editor = app.editor.as_ref().expect("it is open");
    assert_eq!(editor.key(), Some(Key::Start(0)));
    let start = editor.start().expect("it is a start").to_vec();
    assert_ne!(start, [1.0, 1.0]);
    assert_eq!(app.desk.focus, Pane::Curves, "the editor keeps the focus");
    // The cursor stands where the click was.
    let buffer = drawn(&mut app, 120, 35);
    assert_eq!(buffer[at].symbol(), "+");
    // A racer's start, where one of those is chosen.
    let place =
        |field: &crate::scenario::edit::field::Field| field.key == Key::Racer(1, Part::Start(1));
    let editor = app.editor.as_mut().expect("it is open");
    editor.chosen = editor.fields.iter().position(place).expect("it has one");
    click(&mut app, at.0 + 3, at.1);
    let racers = app
        .editor
        .as_ref()
        .expect("it is open")
        .edit
        .scenario()
        .racers;
    let own: Vec<bool> = racers.iter().map(|racer| racer.start.is_some()).collect();
    assert_eq!(own, [false, true, false, false, false]);
    // On the board it selects, as always.
    let board = panes(&app, area)
        .and_then(|panes| panes.board)
        .expect("a board");
    click(&mut app, board.x + 2, board.y + 3);
    assert_eq!(app.desk.focus, Pane::Board);
}

#[test]
fn a_key_in_the_editor_costs_few_bytes_and_standing_none() {
    for (width, height, limit) in [(200, 50, 1500), (120, 35, 1000), (80, 24, 700)] {
        let mut app = editing("beale");
        let mut shown = drawn(&mut app, width, height);
        let mut bytes = vec![];
        for key in "jdrrrdrdrdrdrdrddddddrrrjdrrr".chars() {
            press(&mut app, &key.to_string());
            let now = drawn(&mut app, width, height);
            bytes.push(frame(Some(&shown), &now).unwrap().len());
            shown = now;
        }
        let mean = bytes.iter().sum::<usize>() / bytes.len();
        assert!(mean <= limit, "{mean} bytes at {width}x{height}: {bytes:?}");
        let again = drawn(&mut app, width, height);
        assert!(frame(Some(&shown), &again).unwrap().is_empty());
    }
}
