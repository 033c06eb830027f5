//! The scenarios built into the binary, and the one that `slalom new` begins with.

use std::path::PathBuf;

use crate::scenario::check::Source;
use crate::text;

/// A shipped scenario.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// Its name on the command line: `digits`.
    pub name: &'static str,
    /// Its TOML text.
    pub text: &'static str,
}

impl Shipped {
    /// Its text as [`check`](crate::scenario::check::check) takes it.
    pub fn source(&self) -> Source {
        Source {
            file: format!("{}.toml", self.name),
            name: self.name.to_owned(),
            text: self.text.to_owned(),
            folder: PathBuf::from("."),
        }
    }
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
    "own-rule",
    "schedules",
    "counterexample",
    "noisy-quadratic",
    "beale",
    "rosenbrock",
    "saddle",
    "ravine",
    "one-weight",
    "booth",
    "bowl",
    "rotated-bowl",
    "himmelblau",
    "two-wells",
    "bounded-saddle",
    "three-hump",
    "ackley",
    "styblinski-tang",
    "rastrigin",
    "wine-raw",
    "wine-scaled",
];

/// The shipped scenario called `name`, if there is one.
pub fn find(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.name == name)
}

/// A commented scenario called `name` to start from. It is valid whatever the name.
pub fn template(name: &str) -> String {
    let title = text::shorten(name, 80);
    let title = if title.is_empty() { "My race" } else { &title };
    // A literal string of TOML would end at an apostrophe.
    let title = title.replace('\\', "\\\\").replace('"', "\\\"");
    include_str!("template.toml").replace("{title}", &title)
}
