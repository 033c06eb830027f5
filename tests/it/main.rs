//! The integration tests: one binary, one module a subject.

mod broken;
mod golden;
mod gradients;
mod house;
mod races;
mod scenarios;
mod shipped;
