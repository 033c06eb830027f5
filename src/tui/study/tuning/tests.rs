//! The screen of a search: what its models say, and how it is drawn at every size.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;
use crate::runner::stopwatch;
use crate::scenario::check::{Options, check};
use crate::scenario::shipped;
use crate::sweep::tune::crew::Advance;
use crate::sweep::tune::entries::{self, Over};
use crate::sweep::tune::sofar::SoFar;
use crate::sweep::tune::{self};
use crate::tui::fixture::{look, written};
use crate::tui::ground::Ground;
use crate::tui::message::Flow;
use crate::tui::study::keys::{self, KEYS};
use crate::tui::study::view;
use crate::tui::view::tests::kept::keep_each;

mod drawn;
mod models;

/// A search and what was known of it at some times.
struct Search {
    scenario: Scenario,
    plan: Plan,
    /// After so many news each.
    known: Vec<Searched>,
}

/// A search on one thread, so that it goes the same way each time, looked at after so many news; the
/// last look is at the end.
fn search(scenario: Scenario, plan: Plan, looks: &[usize]) -> Search {
    let told = Mutex::new((0, SoFar::default(), vec![]));
    let watch = |advance: &Advance, news| {
        let mut told = told.lock().expect("nobody panics");
        told.1.take(advance, news);
        told.0 += 1;
        if looks.contains(&told.0) {
            let copy = told.1.clone();
            told.2.push(copy);
        }
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let stop = AtomicBool::new(false);
    pool.expect("the system starts threads")
        .install(|| tune::run(&scenario, &plan, &stopwatch, &stop, &watch));
    let (_, last, mut known) = told.into_inner().expect("nobody panicked");
    let over = known.len();
    known.push(last);
    let searched = |(i, so_far)| Searched {
        so_far: Arc::new(so_far),
        seconds: 12.0 * (i + 1) as f64,
        over: i == over,
        threads: 2,
    };
    Search {
        scenario,
        plan,
        known: known.into_iter().enumerate().map(searched).collect(),
    }
}

/// That of Beale's shipped race, with some of its racers and values of another hyperparameter.
fn beale(only: &[&str], over: &[&str], looks: &[usize]) -> Search {
    let source = shipped::find("beale").expect("it ships").source();
    let options = Options {
        set: vec!["finish.steps=1000".to_owned()],
        only: only.iter().map(|&racer| racer.to_owned()).collect(),
        ..Options::default()
    };
    let scenario = check(&source, &options).expect("it is valid");
    let over = over
        .iter()
        .map(|over| Over::parse(over).expect("it is well formed"));
    let over: Vec<Over> = over.collect();
    let fields = entries::fields(&scenario, &source, &options, &over).expect("they have it");
    let plan = Plan::new(&scenario, fields, 3, false).expect("it is small");
    search(scenario, plan, looks)
}

/// That of one racer that is best beyond the grid, to this loss.
fn flat(steps: u64, loss: &str) -> Search {
    let scenario = written(&format!(
        "title = \"Parabola\"\n[surface]\nformula = \"1e-3 * x^2 / 2\"\nvariables = [\"x\"]\n\
         start = [1]\n[finish]\nloss = {loss}\nsteps = {steps}\n[[racer]]\noptimizer = \"gd\"\n\
         learning_rate = 1\n"
    ));
    let fields = vec![entries::Field {
        entries: vec![entries::Entry {
            over: vec![],
            racer: scenario.racers[0].clone(),
        }],
        parts: 1,
    }];
    let plan = Plan::new(&scenario, fields, 3, false).expect("it is small");
    search(scenario, plan, &[])
}

impl Search {
    /// The screen at the look of this number.
    fn study(&self, look: usize) -> TuningStudy<'_> {
        let known = self.known[look].clone();
        TuningStudy::new(&self.scenario, &self.plan, move || known.clone())
    }

    fn end(&self) -> TuningStudy<'_> {
        self.study(self.known.len() - 1)
    }
}

fn desk() -> Desk {
    Desk::new(look(true), Ground::Dark)
}

fn drawn(study: &TuningStudy<'_>, desk: &mut Desk, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    desk.prepare(buffer.area);
    view::draw(study, desk, &mut buffer);
    buffer
}

/// The rows of a buffer.
fn rows(buffer: &Buffer) -> Vec<String> {
    let cells = buffer.content.chunks(usize::from(buffer.area.width.max(1)));
    let row =
        |row: &[ratatui::buffer::Cell]| row.iter().map(ratatui::buffer::Cell::symbol).collect();
    cells.map(row).collect()
}

fn press(study: &TuningStudy<'_>, desk: &mut Desk, key: KeyCode) -> Flow {
    let message = keys::message(KeyEvent::new(key, KeyModifiers::NONE));
    message.map_or(Flow::Continue, |message| {
        desk.update(message, study.panes().len(), study.racers())
    })
}
