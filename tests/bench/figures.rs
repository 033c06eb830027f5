//! `cargo bench --bench figures`: how fast slalom is, as Markdown tables.
//!
//! Ratios are what counts: to loops written out by hand, to what the processor can do, and with
//! `--python PYTHON` (one that has torch, jax and optax) to PyTorch and JAX, always measured in turn
//! in the same run. `--json` prints an object a line instead: work, case, metric, value. Words
//! choose among the works: machine, surfaces, formulas, rules, updates, networks, five, shares, whole, growth.

#![allow(clippy::print_stdout)]

#[path = "figures/entrance.rs"]
mod entrance;
#[path = "figures/formulas.rs"]
mod formulas;
#[path = "figures/growth.rs"]
mod growth;
#[path = "figures/machine.rs"]
mod machine;
#[path = "figures/networks.rs"]
mod networks;
#[path = "figures/python.rs"]
mod python;
#[path = "figures/rounds.rs"]
mod rounds;
#[path = "figures/rules.rs"]
mod rules;
#[path = "figures/shares.rs"]
mod shares;
#[path = "figures/still.rs"]
mod still;
#[path = "figures/surfaces.rs"]
mod surfaces;
#[path = "figures/table.rs"]
mod table;
#[path = "figures/updates.rs"]
mod updates;
#[path = "figures/whole.rs"]
mod whole;

use clap::Parser;
use python::Python;
use table::Table;

/// How fast slalom is.
#[derive(Parser)]
struct Arguments {
    /// JSON lines instead of Markdown.
    #[arg(long)]
    json: bool,
    /// A Python with torch, jax and optax, to be measured in turn with ours.
    #[arg(long)]
    python: Option<String>,
    /// What to measure; everything where nothing is named.
    works: Vec<String>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    let wanted =
        |work: &str| arguments.works.is_empty() || arguments.works.iter().any(|w| w == work);
    let mut table = Table::new(arguments.json);
    let cores = rayon::current_num_threads();
    let start = |cores| {
        arguments
            .python
            .as_ref()
            .map(|program| Python::start(program, cores))
    };
    if wanted("machine") {
        machine::measure(&mut table);
    }
    if wanted("surfaces") {
        surfaces::measure(&mut table, start(1).as_mut());
    }
    if wanted("formulas") {
        formulas::measure(&mut table);
    }
    if wanted("rules") {
        rules::measure(&mut table);
    }
    if wanted("updates") {
        let two = start(1).zip(start(cores));
        updates::measure(&mut table, two.map(<[Python; 2]>::from).as_mut());
    }
    if ["networks", "five", "shares"].into_iter().any(wanted) {
        let data = entrance::examples(60_000, 784);
        if wanted("networks") {
            networks::steps(&mut table, &data, start(1).as_mut());
        }
        if wanted("five") {
            networks::five(&mut table, &data, start(cores).as_mut());
        }
        if wanted("shares") {
            shares::measure(&mut table, &data);
        }
    }
    if wanted("whole") {
        whole::measure(&mut table);
    }
    if wanted("growth") {
        growth::measure(&mut table);
    }
    table.flush();
}
