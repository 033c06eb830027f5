//! The race: lanes advance in slices, in parallel on rayon, and record what they see.
//!
//! Pure: no clock (a stopwatch is handed in), file, thread handle, terminal or TOML. It cannot fail: once a scenario
//! is valid, divergence and even a panicking racer are outcomes, not errors. Same scenario and seed, same bits,
//! whatever the number of threads and the length of the slices.

pub mod finish;
pub mod lane;
pub mod snapshot;
pub mod standing;
pub mod trace;
