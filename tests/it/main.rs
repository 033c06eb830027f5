//! The integration tests: one binary, one module a subject.

// Tests say what they expect by failing: a helper that unwraps is a check.
#![allow(clippy::unwrap_used)]

mod broken;
mod command;
mod edits;
mod export;
mod forks;
mod formulas;
mod golden;
mod gradients;
mod house;
mod inspector;
mod maps;
mod mutations;
mod races;
mod readme;
mod scenarios;
mod shipped;
mod terminal;
mod trails;
mod tune;
