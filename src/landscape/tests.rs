//! Maps of shipped races.
