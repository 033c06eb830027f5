//! A story: every key of the help is pressed, and the screen shows what the help promises.

use super::*;
use crate::race::retrace::Retrace;
use crate::tui::keys::{self, KEYS};
use crate::tui::message::Wish;

/// Somebody at a screen of 120x35.
struct Reader {
    app: App,
    state: Arc<State>,
    pressed: Vec<&'static str>,
    flow: Flow,
}

impl Reader {
    fn of(state: State) -> Self {
        let state = Arc::new(state);
        Self {
            app: app_of(&state, fixture::look(true)),
            state,
            pressed: Vec::new(),
            flow: Flow::Continue,
        }
    }

    /// Presses the keys of these names, separated by spaces.
    fn press(&mut self, names: &str) -> &mut Self {
        for name in names.split(' ').filter(|name| !name.is_empty()) {
            let key = KEYS.iter().find(|key| key.name == name);
            let key = key.unwrap_or_else(|| panic!("there is no key {name}"));
            let held = if key.control {
                KeyModifiers::CONTROL
            } else {
                KeyModifiers::NONE
            };
            self.pressed.push(key.name);
            self.flow = self.app.press(KeyEvent::new(key.code, held));
        }
        self
    }

    /// Types a text that no key of the table is meant by.
    fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            let key = KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
            self.flow = self.app.press(key);
        }
        self
    }

    fn wait(&mut self, seconds: f64) -> &mut Self {
        let elapsed = Duration::from_secs_f64(seconds);
        self.app.tick(elapsed, Arc::clone(&self.state));
        self
    }

    fn screen(&mut self) -> String {
        text(&drawn(&mut self.app, 120, 35))
    }

    fn sees(&mut self, says: &str) -> &mut Self {
        let screen = self.screen();
        let keys = self.pressed.join(" ");
        assert!(
            screen.contains(says),
            "after {keys}: no {says:?} in\n{screen}"
        );
        self
    }

    fn does_not_see(&mut self, says: &str) -> &mut Self {
        let screen = self.screen();
        let keys = self.pressed.join(" ");
        assert!(
            !screen.contains(says),
            "after {keys}: {says:?} in\n{screen}"
        );
        self
    }

    fn flows(&mut self, flow: Flow) -> &mut Self {
        assert_eq!(self.flow, flow, "after {}", self.pressed.join(" "));
        self
    }
}

#[test]
fn every_key_does_what_the_help_promises() {
    let mut pressed: Vec<&str> = Vec::new();
    let chapters: [fn() -> Reader; 9] = [
        playing, looking, mapping, starting, relieving, inspecting, rating, editing, leaving,
    ];
    for chapter in chapters {
        pressed.append(&mut chapter().pressed);
    }
    for key in KEYS {
        assert!(
            pressed.contains(&key.name),
            "nobody has pressed {}",
            key.name
        );
    }
}

fn rating() -> Reader {
    let mut reader = Reader::of(race(2000, Phase::Computed, true));
    reader.app.rates = Some(Ok(Arc::new(super::rates::empty())));
    reader.sees("1e-5 rates tried 10").sees("letter in use");
    reader.press("R").does_not_see("rates tried");
    reader.press("R").sees("1e-5 rates tried 10");
    reader
}

fn playing() -> Reader {
    let mut reader = Reader::of(race(2000, Phase::Computed, true));
    reader.sees("playing 20 it/s · step 0 of 300");
    reader.wait(2.0).sees("step 40 of 300").sees("space pause");
    reader
        .press("space")
        .wait(2.0)
        .sees("paused · step 40 of 300");
    reader.press(".").wait(2.0).sees("paused · step 41 of 300");
    reader.press("> >").sees("step 61 of 300");
    reader.press("<").sees("step 51 of 300");
    reader.press(",").sees("step 50 of 300");
    reader
        .press("space ]")
        .wait(0.5)
        .sees("playing 40 it/s · step 70 of 300");
    reader
        .press("[ [")
        .wait(0.1)
        .sees("playing 10 it/s · step 71 of 300");
    reader.press("left").sees("step 65 of 300");
    reader.press("right right").sees("step 77 of 300");
    reader.press("home").sees("step 0 of 300");
    reader.wait(9.5).sees("DNF NaN at 90");
    reader
        .press("end")
        .wait(1.0)
        .sees("finished · step 300 of 300");
    reader
        .sees("one race, not a ranking")
        .sees("iterations to converge");
    reader
        .press("x")
        .sees("leaderboard by samples")
        .sees("samples to converge");
    reader
        .press("x")
        .sees("leaderboard by seconds")
        .sees("against seconds");
    reader.press("x").sees("leaderboard by iterations");
    reader
        .press("r")
        .wait(0.0)
        .sees("playing 10 it/s · step 0 of 300");
    reader.press("n").flows(Flow::Open(Wish::NextSeed));
    reader
}

fn looking() -> Reader {
    let mut reader = Reader::of(race(2000, Phase::Computed, false));
    reader.wait(5.0).press("space");
    reader
        .sees("loss (log) against iterations")
        .sees("leaderboard");
    reader.press("l").sees("loss against iterations");
    reader.press("l L").sees("against iterations (log)");
    reader.press("L s").sees("smoothed by 0.6");
    reader.press("s s").sees("smoothed by 0.97");
    reader.press("s").does_not_see("smoothed");
    reader.press("y").sees("accuracy against iterations");
    reader.press("y").sees("|grad| (log) against iterations");
    reader.press("y").sees("loss (log)");
    reader.press("o right").sees("step 83  G ");
    reader.press("o").does_not_see("step 83");
    reader.press("+ +").sees("80").does_not_see(" 20 ");
    reader.press("-").press("0").sees(" 20 ");
    reader.press("tab").press("z").does_not_see("leaderboard");
    reader
        .press("z 3 z")
        .sees("leaderboard")
        .does_not_see("loss (log)");
    reader.press("esc 4").sees("what has happened");
    reader.press("1 j j v");
    assert_eq!(reader.app.desk.hidden, [3], "the second on the board");
    reader.press("k down up v");
    assert_eq!(reader.app.desk.hidden, [3, 4], "the first too");
    reader.press("v esc").sees("A Adam");
    reader
}

fn mapping() -> Reader {
    let mut reader = Reader::of(fixture::shipped("beale", 1.0));
    reader.wait(3.0).press("space").sees("map: x across, y up");
    reader.press("2").sees("-2").sees(" 4");
    let drawn = |reader: &mut Reader| reader.screen();
    let both = drawn(&mut reader);
    reader.press("c c c");
    let neither = drawn(&mut reader);
    assert_ne!(both, neither, "contours");
    reader.press("c");
    assert_eq!(drawn(&mut reader), both);
    reader.press("+ up right");
    assert_ne!(drawn(&mut reader), both, "nearer");
    reader.press("down left - ");
    assert_eq!(drawn(&mut reader), both);
    reader
}

fn relieving() -> Reader {
    let mut reader = Reader::of(fixture::shipped("beale", 1.0));
    reader.press("d").sees("relief: loss over x, y");
    let before = reader.wait(0.1).screen();
    assert_ne!(reader.wait(0.1).screen(), before, "it turns by itself");
    let turned = |reader: &mut Reader| reader.app.desk.map.camera.azimuth;
    let azimuth = turned(reader.press("space"));
    assert_eq!(turned(reader.wait(1.0)), azimuth, "but not while paused");
    let azimuth = turned(reader.press("right").sees("0 lets go"));
    assert_eq!(
        turned(reader.press("space").wait(1.0)),
        azimuth,
        "nor after a key"
    );
    let elevation = reader.press("up").app.desk.map.camera.elevation;
    assert!(reader.press("down").app.desk.map.camera.elevation < elevation);
    reader.press("0").sees("arrows stop it");
    reader.press("esc").sees("map: x across, y up");
    reader.press("d d").sees("map: x across, y up");
    reader
}

fn starting() -> Reader {
    let scenario = starts::himmelblau("");
    let mut reader = Reader::of(fixture::raced(&scenario, 1.0));
    let scouted = |reader: &mut Reader| {
        reader.screen();
        reader.app.scouted = starts::scouted(&reader.app, &scenario);
    };
    reader.press("b").sees("where all starts lead");
    assert!(reader.app.desk.selected.is_some(), "the leader");
    scouted(&mut reader);
    reader.sees("GD: where 1,440 starts lead").sees(" 4 ");
    reader.sees("c colours").sees("esc close");
    reader.press("c").sees("GD: iterations from 1,440 starts");
    reader.sees("more iterations");
    reader.press("c j").sees("Mini-batch GD: where");
    let whole = reader.app.question().cloned();
    reader.press("+ right").screen();
    assert_ne!(reader.app.question().cloned(), whole, "a part of it");
    reader.press("0").screen();
    assert_eq!(reader.app.question().cloned(), whole);
    reader.press("b").sees("map: x across, y up");
    assert_eq!(reader.app.question(), None);
    reader
}

fn inspecting() -> Reader {
    let mut reader = Reader::of(fixture::shipped("ravine", 1.0));
    let mut retrace = Retrace::new(&fixture::scenario("ravine"));
    let mut look = |reader: &mut Reader| {
        reader.wait(0.0);
        inspector::answer(&mut reader.app, &mut retrace);
    };
    reader.press("i").sees("inspector");
    look(&mut reader);
    reader.sees("before its first step");
    reader.wait(2.0).press("space");
    look(&mut reader);
    let first = reader.app.looked_into()[0];
    reader.sees("gradient g").sees("effective step");
    assert_eq!(reader.app.desk.inspect.coordinate, Some(1), "the steeper");
    reader.press("down");
    look(&mut reader);
    assert_eq!(reader.app.desk.inspect.coordinate, Some(0));
    reader.press("up + + - 0");
    look(&mut reader);
    assert_eq!(reader.app.desk.inspect.coordinate, Some(1));
    let racers = reader.app.shown.snapshot.racers.len();
    for others in 1..racers {
        reader.press("=");
        look(&mut reader);
        reader.sees("two racers");
        let both = reader.app.looked_into();
        assert_eq!((both.len(), both[0]), (2, first), "{others}");
    }
    reader.press("=").does_not_see("two racers");
    reader.press("j j");
    look(&mut reader);
    assert_ne!(reader.app.looked_into(), [first]);
    reader.press("i").sees("against iterations");
    assert!(reader.wait(0.0).app.glances().is_empty(), "nobody looks");
    reader.press("= esc").sees("against iterations");
    reader
}

fn editing() -> Reader {
    let mut reader = Reader::of(fixture::shipped("beale", 1.0));
    reader.wait(1.0).press("space");
    reader.press("f").sees("nothing is changed yet");
    reader.press("W").flows(Flow::Write);
    reader.press("e").flows(Flow::Edit);
    reader.app.desk.selected = Some(0);
    reader.app.edit(fixture::edit("beale"));
    reader.sees("nothing changed").sees("how far a step goes");
    reader.press("right");
    reader.sees("0.1").sees("was 0.0464").sees("1 changed");
    reader.sees("enter race it").sees("f forks at step ");
    reader.type_in("3").sees("3_").sees("enter takes it");
    reader
        .press("enter")
        .sees("was 0.0464")
        .flows(Flow::Continue);
    let edit = reader.app.editor.as_ref().unwrap().edit.clone();
    assert_eq!(edit.scenario().racers[0].learning_rate, 3.0);
    let wish = Wish::Edited(Box::new(edit.clone()));
    reader.press("enter").flows(Flow::Open(wish));
    reader.press("W").flows(Flow::Write);
    let step = reader.app.playhead.mark().at as u64;
    let wish = Wish::Fork(Box::new(edit), vec![Some(step); 5]);
    reader.press("f").flows(Flow::Open(wish));
    reader.press("esc").sees("loss (log) against iterations");
    reader.press("e").sees("1 changed");
    reader.press("e").does_not_see("1 changed");
    reader
}

fn leaving() -> Reader {
    let mut reader = Reader::of(race(2000, Phase::Computed, false));
    reader.press("?").sees("half the speed").sees("esc close");
    reader.press("down ?").does_not_see("half the speed");
    reader
        .press("g")
        .sees("gallery")
        .sees("digits-relu")
        .sees("64-32-32-32-10");
    reader
        .press("down enter")
        .flows(Flow::Open(Wish::Scenario("digits-relu")));
    reader.press("g esc").does_not_see("gallery");
    let before = reader.app.theme.racer(0);
    reader.press("t t");
    assert_ne!(reader.app.theme.racer(0), before);
    reader.press("m").flows(Flow::Mouse(true));
    reader.press("m").flows(Flow::Mouse(false));
    reader.press("w").flows(Flow::Save);
    reader.press("ctrl+l").flows(Flow::Repaint);
    reader.press("ctrl+z").flows(Flow::Suspend);
    reader.press("ctrl+c").flows(Flow::Interrupt);
    reader.press("q").flows(Flow::Quit);
    reader
}

/// A key that is held, and a key that means nothing.
#[test]
fn other_keys_do_nothing() {
    for code in [
        KeyCode::F(1),
        KeyCode::Char('Q'),
        KeyCode::Insert,
        KeyCode::Null,
    ] {
        assert_eq!(keys::message(KeyEvent::new(code, KeyModifiers::NONE)), None);
    }
}
