//! What the screen knows, and how messages and time change it. Nothing is read or drawn here.

use std::sync::Arc;
use std::time::Duration;

use crate::runner::{Phase, State};
use crate::tui::playhead::Playhead;
use crate::tui::view::board::{self, Place};

/// Rows of the leaderboard move at most so often.
const ROWS_STAND: Duration = Duration::from_secs(1);

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Stop or move on the playhead.
    Pause,
    /// To the next evaluation, and stop there.
    Step,
    /// Half the speed.
    Slower,
    /// Twice the speed.
    Faster,
    /// From the start again.
    Restart,
    /// Leave.
    Quit,
    /// Leave, as after an interrupt.
    Interrupt,
    /// Give the terminal back until the shell continues the program.
    Suspend,
    /// Draw everything anew.
    Repaint,
}

/// What the terminal has to do after a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Leave.
    Quit,
    /// Leave, as after an interrupt.
    Interrupt,
    /// Suspend the program.
    Suspend,
    /// Draw everything anew.
    Repaint,
}

/// The state of the screen.
#[derive(Debug)]
pub struct App {
    /// The state that is shown; stands still while paused.
    pub shown: Arc<State>,
    /// The newest state.
    latest: Arc<State>,
    /// How far into it the screen shows.
    pub playhead: Playhead,
    /// The rows of the leaderboard.
    pub places: Vec<Place>,
    /// How long the rows have stood.
    stood: Duration,
}

impl App {
    /// A screen that plays from the start.
    pub fn new(state: Arc<State>) -> Self {
        let playhead = Playhead::new(state.snapshot.meta.pace);
        Self {
            places: board::places(&state.snapshot, playhead.mark()),
            latest: Arc::clone(&state),
            shown: state,
            playhead,
            stood: Duration::ZERO,
        }
    }

    /// Lets `elapsed` pass, with `latest` the newest state.
    pub fn tick(&mut self, elapsed: Duration, latest: Arc<State>) {
        self.latest = latest;
        if !self.playhead.paused {
            self.shown = Arc::clone(&self.latest);
        }
        self.playhead.advance(elapsed, &self.shown);
        self.stood += elapsed;
        if self.stood >= ROWS_STAND {
            let places = board::places(&self.shown.snapshot, self.playhead.mark());
            if places != self.places {
                self.places = places;
                self.stood = Duration::ZERO;
            }
        }
    }

    /// Whether the race is over and has been shown to its end.
    pub fn is_over(&self) -> bool {
        let over = self.shown.phase != Phase::Computing;
        over && !self.playhead.paused && self.playhead.at_edge(&self.shown.snapshot)
    }

    /// Does what a message asks for, and says what is left to the terminal.
    pub fn update(&mut self, message: Message) -> Flow {
        match message {
            Message::Pause => self.playhead.paused = !self.playhead.paused,
            Message::Step => self.step(),
            Message::Slower => self.playhead.slower(),
            Message::Faster => self.playhead.faster(),
            Message::Restart => self.playhead.restart(),
            Message::Quit => return Flow::Quit,
            Message::Interrupt => return Flow::Interrupt,
            Message::Suspend => return Flow::Suspend,
            Message::Repaint => return Flow::Repaint,
        }
        Flow::Continue
    }

    /// Pauses one evaluation on; takes the newest state only where the shown one has no further.
    fn step(&mut self) {
        self.playhead.paused = true;
        if !self.playhead.step(&self.shown.snapshot) {
            self.shown = Arc::clone(&self.latest);
            self.playhead.step(&self.shown.snapshot);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;
    use crate::tui::fixture::race;
    use crate::tui::keys;

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
        let mut app = App::new(Arc::clone(&state));
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
        let flow = |message| App::new(Arc::clone(&state)).update(message);
        assert_eq!(flow(Message::Interrupt), Flow::Interrupt);
        assert_eq!(flow(Message::Suspend), Flow::Suspend);
        assert_eq!(flow(Message::Repaint), Flow::Repaint);
    }

    #[test]
    fn a_race_is_over_when_it_has_been_shown_to_its_end() {
        let mut app = App::new(Arc::new(race(40, Phase::Computing, false)));
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
        let mut app = App::new(Arc::clone(&early));
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
        let mut app = App::new(Arc::clone(&state));
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
}
