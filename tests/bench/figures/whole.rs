//! A whole race as a user runs it, from the start of the program to the standings: 60,000 examples
//! of 784 features in a file, 784-128-10, five racers at batch 64.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use slalom::random::{self, Purpose};

use crate::machine::multiply_adds;
use crate::rounds::median;
use crate::table::Table;

const ROWS: usize = 60_000;
const INPUTS: usize = 784;
const STEPS: usize = 4_690;

/// Prints its time, its memory, and its share of the multiply-adds that all cores could do.
pub fn measure(table: &mut Table) {
    const WORK: &str = "a whole race: 60,000 x 784 from a file, 784-128-10, five at batch 64";
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    write(folder.path()).expect("there is room for a file of 188 MB");
    let threads = rayon::current_num_threads();
    let peak = median((0..5).map(|_| multiply_adds(threads)).collect());
    let runs: Vec<(f64, f64)> = (0..3).map(|_| race(folder.path())).collect();
    let seconds = median(runs.iter().map(|run| run.0).collect());
    let memory = median(runs.iter().map(|run| run.1).collect());
    let case = format!("{STEPS} steps each, 6 evaluations");
    table.add(WORK, &case, "seconds", seconds);
    table.add(WORK, &case, "peak memory, MiB", memory);
    table.add(WORK, &case, "GFLOP/s", operations() / seconds / 1e9);
    table.add(
        WORK,
        &case,
        "share of all multiply-adds",
        operations() / seconds / peak,
    );
}

/// The floating-point operations of the products of all steps and evaluations.
fn operations() -> f64 {
    let (hidden, outputs, batch) = (128, 10, 64);
    let forward = 2 * (INPUTS * hidden + hidden * outputs);
    // The weights' gradients of both layers, and the deltas of the hidden one.
    let backward = forward + 2 * hidden * outputs;
    (5 * (STEPS * batch * (forward + backward) + 6 * ROWS * forward)) as f64
}

/// Writes the examples, their classes, and the scenario.
fn write(folder: &Path) -> std::io::Result<()> {
    let mut rng = random::stream(1, Purpose::Made, 0);
    let mut x = BufWriter::new(File::create(folder.join("x.npy"))?);
    x.write_all(&header("<f4", &format!("{ROWS}, {INPUTS}")))?;
    for _ in 0..ROWS * INPUTS {
        x.write_all(&(random::uniform(&mut rng) as f32).to_le_bytes())?;
    }
    x.flush()?;
    let mut y = header("|u1", &format!("{ROWS},"));
    y.extend((0..ROWS).map(|i| (i % 10) as u8));
    fs::write(folder.join("y.npy"), y)?;
    let racers = [
        ("sgd", 0.01, ""),
        ("momentum", 0.01, ""),
        ("momentum", 0.001, "form = \"heavy-ball\"\n"),
        ("rmsprop", 0.0001, ""),
        ("adam", 0.0001, ""),
    ];
    let racers = racers.map(|(id, rate, more)| {
        format!("[[racer]]\noptimizer = \"{id}\"\nlearning_rate = {rate}\nbatch = 64\n{more}")
    });
    let head = "title = \"Whole\"\n[model]\nkind = \"mlp\"\nhidden = [128]\nactivation = \"tanh\"\n\
                [data]\nsource = \"x.npy\"\nlabels = \"y.npy\"\ntest = 0\n[finish]\nloss = 0.0001\n";
    let text = format!("{head}steps = {STEPS}\n{}", racers.concat());
    fs::write(folder.join("whole.toml"), text)
}

/// The head of a `.npy` file: its length, with what stands before it, is a multiple of 64.
fn header(kind: &str, shape: &str) -> Vec<u8> {
    let text = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    let text = format!("{text:<117}\n");
    let mut head = b"\x93NUMPY\x01\x00".to_vec();
    head.extend((text.len() as u16).to_le_bytes());
    head.extend(text.as_bytes());
    head
}

/// Seconds and peak resident MiB of one race.
fn race(folder: &Path) -> (f64, f64) {
    let begin = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_slalom"))
        .args(["--headless", "whole.toml"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut memory = 0.0;
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is our child") {
            break status;
        }
        memory = resident(&child).unwrap_or(memory);
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "the race failed: {status}");
    (begin.elapsed().as_secs_f64(), memory)
}

/// The most that a process has held so far, in MiB.
fn resident(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
