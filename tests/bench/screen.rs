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
use slalom::landscape::starts::{Question, Starts, Trials};
use slalom::race::Race;
use slalom::race::retrace::Retrace;
use slalom::runner::{Answer, Inspection, Mapped, Phase, Scouted, State, stopwatch};
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source, check};
use slalom::scenario::shipped;
use slalom::tui::app::App;
use slalom::tui::captions::captions;
use slalom::tui::glyphs::Glyphs;
use slalom::tui::ground::Ground;
use slalom::tui::message::Message;
use slalom::tui::theme::{Colour, Look, ThemeName};
use slalom::tui::view;

const SCREEN: Rect = Rect::new(0, 0, 200, 50);

/// What it is drawn with.
const LOOK: Look = Look {
    theme: ThemeName::Auto,
    colour: Colour::Indexed256,
    glyphs: Glyphs::Braille,
};

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
            measure(name, &raced(&scenario(name, set, racers)));
        }
    }
    println!();
    println!("| relief | frame, ms | slowest of 20 | bytes |");
    println!("| --- | --- | --- | --- |");
    for name in ["beale", "saddle", "digits"] {
        relief(name, &raced(&scenario(name, &[], 5)));
    }
    println!();
    println!("| inspector | parameters | frame, ms | slowest of 20 | bytes | look, ms |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for name in ["beale", "digits"] {
        inspect(name, &scenario(name, &[], 5));
    }
    println!();
    println!("| starts of | 10,000 starts, s | their steps | frame, ms | filling, bytes | full |");
    println!("| --- | --- | --- | --- | --- | --- |");
    starts();
}

/// The five on a surface of four minima.
const MINIMA: &str = "title = \"Starts\"\n[surface]\nfunction = \"himmelblau\"\nstart = [0, 0]\n\
    [finish]\nloss = 1e-4\nhold = 10\nsteps = 2000\n";
const RATES: [(&str, f64); 5] = [
    ("gd", 0.01),
    ("sgd", 0.01),
    ("momentum", 0.02),
    ("rmsprop", 0.01),
    ("adam", 0.1),
];

/// Start maps: how long ten thousand starts take on all cores, and how long a frame that shows one;
/// a frame while it is filled, in ten parts, and one when it is full and the race is played.
fn starts() {
    let racer = |(id, rate)| format!("[[racer]]\noptimizer = \"{id}\"\nlearning_rate = {rate}\n");
    let source = Source {
        file: "bench.toml".to_owned(),
        name: "bench".to_owned(),
        text: MINIMA.to_owned() + &RATES.map(racer).concat(),
        folder: PathBuf::new(),
    };
    let scenario = check(&source, &Options::default()).unwrap_or_else(|report| panic!("{report}"));
    let trials = Trials::new(&scenario).expect("it is a surface of two variables");
    let go = AtomicBool::new(false);
    let state = Arc::new(raced(&scenario));
    for (racer, (id, _)) in RATES.into_iter().enumerate() {
        let mut starts = Starts::new(Question {
            racer,
            bounds: [[-5.0, 5.0]; 2],
            shape: [100, 100],
        });
        let took = seconds(|| starts.go_on(&trials, starts.all(), &go));
        let steps: u64 = starts.known().map(|cell| cell.iterations).sum();
        let mut app = App::new(Arc::clone(&state), LOOK, Ground::Dark);
        app.update(Message::Starts);
        app.desk.selected = Some(racer);
        app.prepare(SCREEN);
        let mut shown = Starts::new(app.question().expect("it is shown").clone());
        let (mut filling, mut full) = (Frames::default(), Frames::default());
        let mut buffer = Buffer::empty(SCREEN);
        while !shown.is_full() {
            shown.go_on(&trials, shown.all().div_ceil(10), &go);
            app.scouted = Some(Arc::new(Scouted {
                starts: shown.clone(),
                seconds: took,
            }));
            buffer = filling.take(&mut app, &buffer);
        }
        for _ in 0..100 {
            app.tick(FRAME, Arc::clone(&state));
            buffer = full.take(&mut app, &buffer);
        }
        let mean = |frames: &Frames| frames.bytes.iter().sum::<f64>() / frames.bytes.len() as f64;
        println!(
            "| {id} | {took:.2} | {steps} | {:.2} | {:.0} | {:.0} |",
            1e3 * median(full.drawing.clone()),
            mean(&filling),
            mean(&full),
        );
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
fn raced(scenario: &Scenario) -> State {
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
    let mut app = App::new(Arc::clone(&state), LOOK, Ground::Dark);
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

/// The same with the relief turning.
fn relief(name: &str, state: &State) {
    let state = Arc::new(state.clone());
    let mut app = App::new(Arc::clone(&state), LOOK, Ground::Dark);
    app.update(Message::Relief);
    let mut frames = Frames::default();
    let mut shown = Buffer::empty(SCREEN);
    for _ in 0..150 {
        app.tick(FRAME, Arc::clone(&state));
        shown = frames.take(&mut app, &shown);
    }
    let mut frame = frames.all();
    frame.sort_by(f64::total_cmp);
    println!(
        "| {name} | {:.2} | {:.2} | {:.0} |",
        1e3 * frame[frame.len() / 2],
        1e3 * frame[frame.len() * 19 / 20],
        frames.bytes.iter().sum::<f64>() / frames.bytes.len() as f64,
    );
}

/// The same with the inspector open on two racers; a look is what the thread beside the screen takes
/// for an answer.
fn inspect(name: &str, scenario: &Scenario) {
    let state = Arc::new(raced(scenario));
    let mut app = App::new(Arc::clone(&state), LOOK, Ground::Dark);
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
