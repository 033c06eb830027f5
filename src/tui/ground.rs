//! What the terminal's background is. Nothing is drawn here.

/// How bright the terminal's background is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// Dark, as most terminals are.
    Dark,
    /// Light.
    Light,
    /// It could not be found out.
    #[default]
    Unknown,
}
