//! `cargo bench --bench screen`: how long a frame takes, and what is said about a race.
//!
//! Frames of 200x50 cells while a finished race is played at ten frames a second. A frame is
//! prepared, drawn into an empty buffer, compared with the one before and put into bytes; nothing is
//! written. Figures are medians and, of the frames, the slowest of twenty.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use slalom::landscape::Landscape;
use slalom::race::Race;
use slalom::race::retrace::Retrace;
use slalom::runner::{Answer, Inspection, Mapped, Phase, State, stopwatch};
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::shipped;
use slalom::tui::app::App;
use slalom::tui::captions::captions;
use slalom::tui::ground::Ground;
use slalom::tui::message::Message;
use slalom::tui::theme::{Colour, Look};
use slalom::tui::view;

const SCREEN: Rect = Rect::new(0, 0, 200, 50);

/// The time between two frames.
const FRAME: Duration = Duration::from_millis(100);

/// A race that goes on for a million steps.
const LONG: [&str; 3] = [
    "finish.loss=1e-300",
    "finish.steps=1000000",
    "surface.noise=0",
];

fn main() {
    println!(
        "| recording | racers | points | frame, ms | slowest of 20 | drawing | difference | bytes | captions, ms | ground, ms |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (name, set) in [("digits", &[][..]), ("rosenbrock", &LONG), ("beale", &LONG)] {
        for racers in [5, 32] {
            measure(name, &race(&scenario(name, set, racers)));
        }
    }
    println!();
    println!("| inspector | parameters | frame, ms | slowest of 20 | bytes | look, ms |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for name in ["beale", "digits"] {
        inspect(name, &scenario(name, &[], 5));
    }
}

/// A shipped scenario with its racers repeated until there are so many.
fn scenario(name: &str, set: &[&str], racers: usize) -> Scenario {
    let shipped = shipped::find(name).expect("it ships");
    let (head, entrants) = shipped.text.split_once("[[racer]]").expect("it has racers");
    let entrants: Vec<&str> = entrants.split("[[racer]]").collect();
    let entrants = entrants.iter().cycle().take(racers);
    let entrants = entrants.map(|entrant| format!("[[racer]]\n{}\n", entrant.trim()));
    let source = Source {
        file: "bench.toml".to_owned(),
        name: name.to_owned(),
        text: head.to_owned() + &entrants.collect::<String>(),
        folder: PathBuf::new(),
    };
    let options = Options {
        set: set.iter().map(|&set| set.to_owned()).collect(),
        ..Options::default()
    };
    check(&source, &options).unwrap_or_else(|report| panic!("{report}"))
}

/// A race as it is when it is over.
fn race(scenario: &Scenario) -> State {
    let mut race = Race::new(scenario, &stopwatch);
    let landscape = Landscape::of_race(scenario, &mut race).unwrap_or_else(|why| panic!("{why:?}"));
    while !race.finished() {
        race.advance(1_000_000);
    }
    let snapshot = race.snapshot();
    let map = landscape.map(&snapshot, &AtomicBool::new(false));
    State {
        snapshot,
        phase: Phase::Computed,
        seconds: 2.0,
        threads: 1,
        map: Mapped::Drawn(Arc::new(map.expect("there is something to map"))),
    }
}

fn measure(name: &str, state: &State) {
    let racers = &state.snapshot.racers;
    let points: usize = racers.iter().map(|racer| racer.trace.points().len()).sum();
    let said = median(
        (0..9)
            .map(|_| seconds(|| captions(&state.snapshot)))
            .collect(),
    );
    let state = Arc::new(state.clone());
    let look = Look {
        colour: Colour::Indexed256,
        ..Look::default()
    };
    let mut app = App::new(Arc::clone(&state), look, Ground::Dark);
    let ground = seconds(|| app.prepare(SCREEN));
    let mut frames = Frames::default();
    let mut shown = Buffer::empty(SCREEN);
    for _ in 0..150 {
        app.tick(FRAME, Arc::clone(&state));
        shown = frames.take(&mut app, &shown);
    }
    let frame = frames.all();
    let mut sorted = frame.clone();
    sorted.sort_by(f64::total_cmp);
    println!(
        "| {name} | {} | {points} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} | {:.1} |",
        racers.len(),
        1e3 * median(frame),
        1e3 * sorted[sorted.len() * 19 / 20],
        1e3 * median(frames.drawing),
        1e3 * median(frames.difference),
        frames.bytes.iter().sum::<f64>() / frames.bytes.len() as f64,
        1e3 * said,
        1e3 * ground,
    );
}

/// The same with the inspector open on two racers; a look is what the thread beside the screen takes
/// for an answer.
fn inspect(name: &str, scenario: &Scenario) {
    let state = Arc::new(race(scenario));
    let look = Look {
        colour: Colour::Indexed256,
        ..Look::default()
    };
    let mut app = App::new(Arc::clone(&state), look, Ground::Dark);
    app.prepare(SCREEN);
    app.update(Message::Inspect);
    app.update(Message::Compare);
    let mut retrace = Retrace::new(scenario);
    let (mut frames, mut looks) = (Frames::default(), Vec::new());
    let mut shown = Buffer::empty(SCREEN);
    let mut asked = Vec::new();
    for _ in 0..150 {
        app.tick(FRAME, Arc::clone(&state));
        if app.glances() == asked {
            shown = frames.take(&mut app, &shown);
            continue;
        }
        asked = app.glances().to_vec();
        let begin = Instant::now();
        let found = app
            .glances()
            .iter()
            .map(|glance| retrace.look(*glance, &mut |_| true));
        let answer = found
            .collect::<Option<_>>()
            .map(|looks| Arc::new(Answer { looks }));
        looks.push(begin.elapsed().as_secs_f64());
        app.inspected(Inspection {
            answer,
            ..Inspection::default()
        });
        shown = frames.take(&mut app, &shown);
    }
    let mut frame = frames.all();
    frame.sort_by(f64::total_cmp);
    println!(
        "| {name} | {} | {:.2} | {:.2} | {:.0} | {:.2} |",
        state.snapshot.meta.parameters,
        1e3 * frame[frame.len() / 2],
        1e3 * frame[frame.len() * 19 / 20],
        frames.bytes.iter().sum::<f64>() / frames.bytes.len() as f64,
        1e3 * median(looks),
    );
}

/// What was measured of frame after frame, in seconds and bytes.
#[derive(Default)]
struct Frames {
    drawing: Vec<f64>,
    difference: Vec<f64>,
    bytes: Vec<f64>,
}

impl Frames {
    /// Drawing and difference together.
    fn all(&self) -> Vec<f64> {
        let parts = self.drawing.iter().zip(&self.difference);
        parts
            .map(|(drawing, difference)| drawing + difference)
            .collect()
    }

    /// Draws a frame over the one that is `shown`.
    fn take(&mut self, app: &mut App, shown: &Buffer) -> Buffer {
        let begin = Instant::now();
        let mut now = Buffer::empty(SCREEN);
        app.prepare(SCREEN);
        view::draw(app, &mut now);
        self.drawing.push(begin.elapsed().as_secs_f64());
        let mut bytes = Vec::new();
        self.difference.push(seconds(|| {
            let changes = shown.diff(&now);
            CrosstermBackend::new(&mut bytes).draw(changes.into_iter())
        }));
        self.bytes.push(bytes.len() as f64);
        now
    }
}

/// The seconds that `work` takes.
fn seconds<T>(work: impl FnOnce() -> T) -> f64 {
    let begin = Instant::now();
    black_box(work());
    begin.elapsed().as_secs_f64()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
