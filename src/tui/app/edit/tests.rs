//! What stays when a changed race takes the place of another.

use std::sync::Arc;
use std::time::Duration;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;
use crate::tui::fixture;
use crate::tui::ground::Ground;

fn editing() -> App {
    let state = Arc::new(fixture::shipped("beale", 1.0));
    let mut app = App::new(Arc::clone(&state), fixture::look(true), Ground::Dark);
    app.tick(Duration::from_secs(1), state);
    app.edit(fixture::edit("beale"));
    app
}

fn press(app: &mut App, code: KeyCode) -> Flow {
    app.press(KeyEvent::new(code, KeyModifiers::NONE))
}

/// Changes the last racer's learning rate.
fn change(app: &mut App) {
    press(app, KeyCode::End);
    press(app, KeyCode::Char('k'));
    press(app, KeyCode::Down);
    press(app, KeyCode::Right);
}

#[test]
fn after_a_fork_the_playhead_stays_and_what_was_stays_as_a_ghost() {
    let race = fixture::edit("beale").scenario();
    let mut app = editing();
    change(&mut app);
    let at = app.playhead.mark().at;
    app.playhead.paused = true;
    let Flow::Open(Wish::Fork(edit, after)) = press(&mut app, KeyCode::Char('f')) else {
        panic!("a fork was asked for");
    };
    assert_eq!(after, [Some(at as u64); 5]);
    let forked = edit.forked(&race, &after).expect("it can be forked");
    app.open(Arc::new(fixture::raced(&forked, 1.0)));
    assert_eq!(app.playhead.mark().at, at);
    assert!(!app.playhead.paused);
    assert_eq!(app.desk.sheet, Sheet::Curves);
    let meta = &app.shown.snapshot.meta;
    assert_eq!(
        meta.departure(),
        Some(format!("forked at step {}", at as u64))
    );
    let ghost = app.ghost.as_ref().expect("it was changed");
    assert_eq!(
        ghost.racers().map(|(racer, _)| racer).collect::<Vec<_>>(),
        [4]
    );
    assert!(ghost.ways().all(|(_, way)| way.points.len() > 10));
    // The editor is as it was left.
    press(&mut app, KeyCode::Char('e'));
    assert_eq!(app.editor.as_ref().map(Editor::changes), Some(1));
    // Nothing stays when another race is opened.
    app.open(Arc::new(fixture::shipped("saddle", 1.0)));
    assert!(app.ghost.is_none() && app.editor.is_none());
}

#[test]
fn enter_races_from_the_start() {
    let mut app = editing();
    change(&mut app);
    app.desk.hidden = vec![2];
    let Flow::Open(Wish::Edited(edit)) = press(&mut app, KeyCode::Enter) else {
        panic!("a race was asked for");
    };
    app.open(Arc::new(fixture::raced(&edit.scenario(), 1.0)));
    assert_eq!(app.playhead.mark().at, 0.0);
    assert_eq!(app.desk.hidden, [2], "the racers are the same");
    assert_eq!(
        app.shown.snapshot.meta.departure().as_deref(),
        Some("edited")
    );
    assert!(app.ghost.is_some());
}

#[test]
fn a_wish_that_is_refused_leaves_nothing_behind() {
    let mut app = editing();
    change(&mut app);
    press(&mut app, KeyCode::Char('f'));
    // Refused: the next race is another one, asked for by another key.
    press(&mut app, KeyCode::Char('n'));
    app.open(Arc::new(fixture::shipped("beale", 1.0)));
    assert!(app.ghost.is_none());
    assert_eq!(app.playhead.mark().at, 0.0);
}

#[test]
fn who_is_done_has_no_step_to_fork_at() {
    let mut app = editing();
    let shown = Arc::clone(&app.shown);
    let adam = &shown.snapshot.racers[4];
    let converged = adam.convergence.as_ref().expect("it converges").step;
    app.playhead.paused = false;
    app.tick(Duration::from_mins(1), shown);
    assert!(app.playhead.mark().at >= converged as f64);
    assert_eq!(app.steps_so_far()[4], None);
    app.playhead.restart();
    assert_eq!(app.steps_so_far(), [Some(0); 5]);
    for message in [Message::CountBy, Message::CountBy] {
        app.update(message);
        assert_eq!(app.steps_so_far(), [Some(0); 5]);
    }
}
