//! The real program on a pseudo-terminal: what it shows, what its keys do, and that the terminal is
//! given back on every way out.

mod ground;
mod hang_up;
mod keys;
mod kinds;
mod person;
mod sizes;
mod stopped;
mod ways_out;
