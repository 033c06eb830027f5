//! Integration tests: one binary, one module a subject.

mod broken;
mod mutations;
mod scenarios;
mod shipped;
