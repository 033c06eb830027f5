//! The scenarios built into the binary, and the one that `slalom new` begins with.

/// A shipped scenario.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name on the command line: `digits`.
    pub name: &'static str,
    /// Its TOML text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(Shipped {
            name: $name,
            text: include_str!(concat!("../../scenarios/", $name, ".toml")),
        }),*]
    };
}

/// All of them, the default first.
pub const SHIPPED: &[Shipped] = shipped![
    "digits",
    "digits-relu",
    "digits-softmax",
    "moons",
    "line",
    "batches",
    "cold-start",
    "beale",
    "rosenbrock",
    "saddle",
    "ravine",
    "one-weight",
];

/// The shipped scenario called `name`, if there is one.
pub fn find(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.name == name)
}
