//! Integration tests: one binary, one module a subject.

mod broken;
mod scenarios;
mod shipped;
