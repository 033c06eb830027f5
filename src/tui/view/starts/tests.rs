//! What the start map says.

use super::*;
