//! Mistakes of a scenario, with the place of each.

use std::fmt;

/// All mistakes of one scenario. `Display` renders every one as `file:line:column: message`, the
/// line with a caret, what was expected, and the nearest valid name.
#[derive(Debug)]
pub struct Report {
    // filled by scenario/mistake's author
}

impl fmt::Display for Report {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Report {}
