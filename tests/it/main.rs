//! The integration tests: one binary, one module a subject.

// Tests say what they expect by failing: a helper that unwraps is a check.
#![allow(clippy::unwrap_used)]

mod added;
mod allocations;
mod arrays;
mod broken;
mod command;
mod datasets;
mod edits;
mod export;
mod field;
mod forks;
mod formulas;
mod glides;
mod golden;
mod gradients;
mod house;
mod inspector;
mod maps;
mod modes;
mod mutations;
mod races;
mod rates;
mod readme;
mod results;
mod rules;
mod scenarios;
mod shipped;
mod statistics;
mod structured;
mod tables;
mod terminal;
mod trails;
mod tune;
mod written;
