//! The scenarios built into the binary.

/// A shipped scenario.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name on the command line: `digits`.
    pub name: &'static str,
    /// Its TOML text.
    pub text: &'static str,
}

/// All of them, the default first.
pub const SHIPPED: &[Shipped] = &[];
