//! slalom
pub mod math;
pub mod optim;
pub mod problem;
pub mod race;
pub mod random;
pub mod runner;
pub mod scenario;
pub mod tui;
