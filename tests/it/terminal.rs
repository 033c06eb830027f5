//! The real program on a pseudo-terminal: what it shows, what its keys do, and that the terminal is
//! given back on every way out.

// What was measured is printed; it depends on the machine, and so no test does.
#![allow(clippy::print_stdout)]

mod ground;
mod hang_up;
mod keys;
mod kinds;
mod modes;
mod person;
mod seeds;
mod sizes;
mod stopped;
mod tuning;
mod ways_out;
