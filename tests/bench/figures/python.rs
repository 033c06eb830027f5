//! PyTorch and JAX, asked for the time of a step: see `beside.py`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A Python that waits for the name of a case.
pub struct Python {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Python {
    /// Starts `program`, which stays on so many cores.
    pub fn start(program: &str, cores: usize) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/beside.py");
        let mut child = Command::new(program)
            .args([script, &cores.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("`{program}` does not start: {error}"));
        Self {
            ask: child.stdin.take().expect("it is piped"),
            answers: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
        }
    }

    /// Seconds that a step of this case takes.
    pub fn seconds(&mut self, case: &str) -> f64 {
        writeln!(self.ask, "{case}").expect("Python listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("Python answers");
        let answer = line.trim().parse();
        answer.unwrap_or_else(|_| panic!("no time for `{case}` from Python: see above"))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
