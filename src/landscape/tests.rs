//! Maps of shipped and of made races: what lies where on them.

use super::*;
