//! The `slalom` command: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    slalom::cli::main(std::env::args_os())
}
