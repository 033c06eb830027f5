//! The integration tests: one binary, one module a subject.

mod golden;
mod gradients;
mod house;
mod races;
mod shipped;
