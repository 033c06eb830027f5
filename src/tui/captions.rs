//! stub
use crate::race::snapshot::Snapshot;
use crate::race::trace::Moment;
/// stub
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// stub
    pub at: Moment,
    /// stub
    pub racer: Option<usize>,
    /// stub
    pub text: String,
    /// stub
    pub short: String,
}
/// stub
pub fn captions(_: &Snapshot) -> Vec<Caption> {
    Vec::new()
}
