//! What keys and time do to the state of the screen.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;
use crate::scenario::shipped::SHIPPED;
use crate::tui::fixture::{self, race};
use crate::tui::keys;
use crate::tui::message::{Flow, Message, Wish};

fn app_of(state: &Arc<State>) -> App {
    App::new(Arc::clone(state), fixture::look(true), Ground::Unknown)
}

const SECOND: Duration = Duration::from_secs(1);

fn press(app: &mut App, key: char) -> Flow {
    let event = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
    app.update(keys::message(event).expect("the key is in the table"))
}

fn at(app: &App) -> f64 {
    app.playhead.mark().at
}

fn order(app: &App) -> Vec<usize> {
    app.places.iter().map(|place| place.racer).collect()
}

#[test]
fn every_key_does_what_its_help_says() {
    let state = Arc::new(race(2000, Phase::Computed, true));
    let mut app = app_of(&state);
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(at(&app), 20.0);

    assert_eq!(press(&mut app, ' '), Flow::Continue);
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(at(&app), 20.0, "paused");
    press(&mut app, '.');
    assert_eq!(at(&app), 21.0, "one step on");
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(at(&app), 21.0, "and paused still");
    press(&mut app, ' ');
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(at(&app), 41.0, "playing again");

    press(&mut app, ']');
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(at(&app), 81.0, "twice as fast");
    press(&mut app, '[');
    press(&mut app, '[');
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(at(&app), 91.0, "half as fast");
    press(&mut app, '.');
    assert_eq!(at(&app), 92.0);
    assert!(app.playhead.paused, "a step pauses");

    press(&mut app, 'r');
    assert_eq!(at(&app), 0.0, "from the start");
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(at(&app), 10.0, "at the speed it had");

    assert_eq!(press(&mut app, 'q'), Flow::Quit);
    let flow = |message| app_of(&state).update(message);
    assert_eq!(flow(Message::Interrupt), Flow::Interrupt);
    assert_eq!(flow(Message::Suspend), Flow::Suspend);
    assert_eq!(flow(Message::Repaint), Flow::Repaint);
}

#[test]
fn a_race_is_over_when_it_has_been_shown_to_its_end() {
    let mut app = app_of(&Arc::new(race(40, Phase::Computing, false)));
    app.tick(100 * SECOND, Arc::new(race(40, Phase::Computing, false)));
    assert!(!app.is_over(), "it is still being computed");
    let end = Arc::new(race(2000, Phase::Computed, false));
    app.tick(SECOND, Arc::clone(&end));
    assert!(!app.is_over(), "it is still being shown");
    app.tick(100 * SECOND, end);
    assert!(app.is_over());
    press(&mut app, ' ');
    assert!(!app.is_over(), "somebody looks at it");
}

#[test]
fn while_paused_nothing_depends_on_the_computing() {
    let early = Arc::new(race(40, Phase::Computing, false));
    let mut app = app_of(&early);
    press(&mut app, ' ');
    let late = Arc::new(race(2000, Phase::Computed, false));
    app.tick(SECOND, Arc::clone(&late));
    assert!(Arc::ptr_eq(&app.shown, &early));
    assert_eq!(at(&app), 0.0);
    for _ in 0..40 {
        press(&mut app, '.');
    }
    assert!(Arc::ptr_eq(&app.shown, &early), "there was a step to go to");
    press(&mut app, '.');
    assert!(Arc::ptr_eq(&app.shown, &late), "there was none");
    assert_eq!(at(&app), 41.0);
    press(&mut app, ' ');
    app.tick(SECOND, Arc::clone(&late));
    assert!(Arc::ptr_eq(&app.shown, &late));
}

#[test]
fn rows_move_at_most_once_a_second() {
    let state = Arc::new(race(2000, Phase::Computed, false));
    let mut app = app_of(&state);
    let (mut moves, mut before) = (Vec::new(), order(&app));
    for tick in 0..160 {
        app.tick(SECOND / 10, Arc::clone(&state));
        if order(&app) != before {
            moves.push(tick);
            before = order(&app);
        }
    }
    assert!(moves.len() > 1 && moves.windows(2).all(|pair| pair[1] - pair[0] >= 10));
    assert_eq!(order(&app), [4, 3, 0, 2, 1], "by iterations in the end");
    press(&mut app, 'r');
    app.tick(SECOND, Arc::clone(&state));
    assert_eq!(order(&app), [0, 1, 2, 3, 4], "all equal on the plateau");
}

/// Two screens at one place had their leaders in another order: the rows of one had just moved.
#[test]
fn rows_may_lag_while_it_plays_and_are_those_of_the_playhead_when_paused() {
    let state = Arc::new(race(2000, Phase::Computed, true));
    let [mut early, mut late] = [app_of(&state), app_of(&state)];
    early.tick(4 * SECOND, Arc::clone(&state));
    early.tick(SECOND / 2, Arc::clone(&state));
    late.tick(4 * SECOND + SECOND / 2, Arc::clone(&state));
    assert_eq!(at(&early), fixture::DIVERGED as f64);
    assert_eq!(at(&early), at(&late));
    assert_eq!(order(&early), [4, 3, 0, 2, 1], "moved half a second ago");
    assert_eq!(order(&late), [4, 0, 2, 1, 3]);
    for app in [&mut early, &mut late] {
        press(app, ' ');
        app.tick(Duration::ZERO, Arc::clone(&state));
        assert_eq!(order(app), [4, 0, 2, 1, 3]);
        for key in [',', '.', ',', ','] {
            press(app, key);
            app.tick(Duration::ZERO, Arc::clone(&state));
            let places = board::places(&state.snapshot, app.playhead.mark());
            assert_eq!(app.places, places);
        }
        assert_eq!(order(app), [4, 3, 0, 2, 1], "before it diverged");
    }
}

#[test]
fn once_after_the_end_the_board_turns_to_samples_and_back() {
    let state = Arc::new(race(2000, Phase::Computed, false));
    let mut app = app_of(&state);
    let mut seen = Vec::new();
    for _ in 0..60 {
        app.tick(SECOND, Arc::clone(&state));
        let leaders = (app.playhead.mark().pace, order(&app)[2], app.has_turned());
        if app.is_over() && seen.last() != Some(&leaders) {
            seen.push(leaders);
        }
    }
    let iterations = (Pace::Iterations, 0, false);
    assert_eq!(seen, [iterations, (Pace::Samples, 2, true), iterations]);
}

#[test]
fn who_chooses_what_is_counted_is_left_with_it() {
    let state = Arc::new(race(2000, Phase::Computed, false));
    let mut app = app_of(&state);
    app.tick(100 * SECOND, Arc::clone(&state));
    press(&mut app, 'x');
    press(&mut app, 'x');
    assert_eq!(app.playhead.mark().pace, Pace::Time);
    assert!(app.is_over(), "the end stays the end");
    (0..60).for_each(|_| app.tick(SECOND, Arc::clone(&state)));
    assert_eq!(app.playhead.mark().pace, Pace::Time);
}

#[test]
fn arrows_move_what_has_the_focus() {
    let state = Arc::new(race(2000, Phase::Computed, false));
    let mut app = app_of(&state);
    app.update(Message::Pause);
    app.update(Message::Right);
    assert_eq!(at(&app), 6.0, "the playhead");
    app.update(Message::Down);
    assert_eq!(app.desk.selected, Some(0), "the first row");
    app.update(Message::Cursor);
    app.update(Message::Left);
    assert_eq!((at(&app), app.desk.curves.cursor), (6.0, Some(0.48)));
    app.update(Message::Page(1));
    app.update(Message::Nearer);
    app.update(Message::Up);
    assert_eq!(app.desk.map.moved, [0.0, 0.125], "the map");
    app.update(Message::Whole);
    assert_eq!((app.desk.map.nearer, app.desk.map.moved), (0, [0.0, 0.0]));
    app.update(Message::ToEnd);
    assert!(app.is_at_end());
}

#[test]
fn what_is_open_is_closed_one_by_one() {
    let state = Arc::new(race(2000, Phase::Computed, false));
    let mut app = app_of(&state);
    app.update(Message::Zoom);
    app.update(Message::Cursor);
    app.update(Message::Help);
    app.update(Message::Gallery);
    assert_eq!(app.desk.overlay, Overlay::Gallery(0), "digits");
    app.update(Message::Down);
    assert_eq!(app.desk.overlay, Overlay::Gallery(1));
    let wish = Flow::Open(Wish::Scenario(SHIPPED[1].name));
    assert_eq!(app.update(Message::Enter), wish);
    app.update(Message::Close);
    assert!(app.desk.curves.cursor.is_none() && app.desk.zoomed);
    app.update(Message::Close);
    assert!(!app.desk.zoomed && !app.desk.podium_closed);
    app.tick(100 * SECOND, Arc::clone(&state));
    app.update(Message::Close);
    assert!(app.desk.podium_closed);
}

#[test]
fn selected_racers_are_hidden_and_shown() {
    let mut app = app_of(&Arc::new(race(2000, Phase::Computed, false)));
    press(&mut app, 'v');
    assert!(app.desk.hidden.is_empty(), "none is selected");
    for key in ['j', 'j', 'v', 'k', 'v', 'v'] {
        press(&mut app, key);
    }
    assert_eq!(
        (app.desk.selected, &app.desk.hidden[..]),
        (Some(0), &[1][..])
    );
    press(&mut app, 'k');
    assert_eq!(app.desk.selected, None);
}
