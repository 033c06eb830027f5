//! slalom races deep-learning optimizers: same start, same data in the same order, fair counts.
//!
//! # The way of the data
//!
//! ```text
//! TOML text -> scenario -> race -> snapshot -> panel model -> cells of the screen
//!                            ^                      |
//!                            +------ commands ------+
//! ```
//!
//! A [`scenario`] is always valid. A [`race`] advances its racers in slices on rayon and cannot
//! fail. Its [`Snapshot`](race::snapshot::Snapshot) is everything known so far, in bounded memory;
//! the screen ([`tui`]), the reports ([`report`]) and the recordings ([`recording`]) read that and
//! nothing else, so none of them can tell a live race from a recording. The [`runner`] drives a
//! race and publishes snapshots; whoever looks never makes a racer wait.
//!
//! # The rooms
//!
//! Lowest first; each may import only what stands above it here (a test holds the house to it).
//!
//! | room | what it is |
//! | --- | --- |
//! | [`math`] | kernels over slices and views, `f32` and `f64` |
//! | [`random`] | the only source of chance: `stream(seed, purpose, step)` |
//! | [`text`] | cleans names that come from outside, where they enter |
//! | [`picture`] | shapes, written as SVG and PNG |
//! | [`problem`] | what a racer can ask of the slope: surfaces, formulas, models, datasets, the oracle |
//! | [`optim`] | update rules, shipped (a registry with one row for each) and written; learning rates over time |
//! | [`scenario`] | text to a valid scenario, or all its mistakes at once |
//! | [`race`] | lanes, finish line, traces, snapshots, standings |
//! | [`landscape`] | the map of a race: a plane, the loss on it, the racers' ways over it |
//! | [`recording`] | a race as lines of JSON, written and read |
//! | [`stats`] | medians, intervals and paired tests over runs, some of which did not finish |
//! | [`sweep`] | one scenario over many seeds |
//! | [`report`] | results and curves to bytes: table, JSON, CSV, Markdown, a terminal's recording |
//! | [`runner`] | the thread and the clock that drive a race |
//! | [`tui`] | keys and cells: the only room that knows the terminal |
//! | [`cli`] | commands |
//!
//! # What is never there
//!
//! - Below [`runner`]: a clock, a thread handle, a terminal, a global, a file (but for the readers
//!   in [`problem::dataset`] and [`recording`]).
//! - Chance from anywhere but [`random::stream`]: what a racer sees depends on the seed and the
//!   step.
//! - `unsafe`, but for the products in [`math::product`].
//! - A fused multiply-add or a platform's `exp` on surfaces: their bits are the same on every
//!   x86-64.
//! - In drawing code: statistics, decimation, input or output.
//!
//! # A race in ten lines
//!
//! ```
//! use slalom::race::Race;
//! use slalom::scenario::check::{Options, check};
//! use slalom::scenario::shipped;
//!
//! let ravine = shipped::find("ravine").expect("it ships").source();
//! let only = vec!["gd".to_owned(), "momentum".to_owned()];
//! let options = Options { only, ..Options::default() };
//! let scenario = check(&ravine, &options).expect("it is valid");
//! let mut race = Race::new(&scenario, &slalom::runner::stopwatch);
//! while !race.finished() {
//!     race.advance(1_000);
//! }
//! for (racer, entered) in race.snapshot().racers.iter().zip(&race.meta().racers) {
//!     println!("{}: {:?} after {} steps", entered.label, racer.outcome, racer.steps);
//! }
//! ```

pub mod cli;
pub mod landscape;
pub mod math;
pub mod optim;
pub mod picture;
pub mod problem;
pub mod race;
pub mod random;
pub mod recording;
pub mod report;
pub mod runner;
pub mod scenario;
pub mod stats;
pub mod sweep;
pub mod text;
pub mod tui;
