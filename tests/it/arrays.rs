//! Races on arrays in files: from memory and streamed, and on files that do not stay as they are.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use slalom::landscape::Landscape;
use slalom::race::retrace::Glance;
use slalom::race::snapshot::{Outcome, Progress, Snapshot};
use slalom::race::trace::Evaluation;
use slalom::race::{Race, untimed};
use slalom::runner::{self, Mapped, Retracer, Runner, Source as _};
use slalom::scenario::Scenario;
use slalom::scenario::check::{Options, Source, check};
use tempfile::TempDir;

fn begin(scenario: &Scenario) -> Race {
    Race::new(scenario, &untimed)
}

fn run(scenario: &Scenario) -> Snapshot {
    let mut race = begin(scenario);
    while !race.finished() {
        race.advance(10_000);
    }
    race.snapshot()
}

/// All that was seen of the racers, and how they ended.
fn courses(race: &Snapshot) -> Vec<(Vec<Evaluation>, Option<Outcome>)> {
    let course = |racer: &Progress| (racer.trace.points().to_vec(), racer.outcome.clone());
    race.racers.iter().map(course).collect()
}

/// A number between -1 and 1, as good as any.
fn noise(i: usize) -> f32 {
    let mixed = (i as u32).wrapping_mul(2_654_435_761);
    (mixed ^ mixed >> 15) as f32 / u32::MAX as f32 * 2.0 - 1.0
}

/// Writes `rows` rows of `columns` numbers as `x.npy`, and as `y-idx1-ubyte` which third the first of
/// each is in.
fn write_arrays(folder: &Path, rows: usize, columns: usize) {
    let header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns})}}\n");
    let create = |name| BufWriter::new(File::create(folder.join(name)).unwrap());
    let (mut x, mut y) = (create("x.npy"), create("y-idx1-ubyte"));
    x.write_all(b"\x93NUMPY\x01\x00").unwrap();
    x.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
    x.write_all(header.as_bytes()).unwrap();
    y.write_all(&[0, 0, 8, 1]).unwrap();
    y.write_all(&(rows as u32).to_be_bytes()).unwrap();
    for row in 0..rows {
        for column in 0..columns {
            x.write_all(&noise(row * columns + column).to_le_bytes())
                .unwrap();
        }
        let third = (noise(row * columns) + 1.0) * 1.5;
        y.write_all(&[(third as u8).min(2)]).unwrap();
    }
    x.flush().unwrap();
    y.flush().unwrap();
}

/// A scenario on these arrays with five racers.
fn text(hidden: usize, steps: u64, more: &str) -> String {
    let mut text = format!(
        "title = \"Arrays\"\n\
         [model]\nkind = \"mlp\"\nhidden = [{hidden}]\n\
         [data]\nsource = \"x.npy\"\nlabels = \"y-idx1-ubyte\"\n{more}\
         [finish]\nloss = 1e-6\nsteps = {steps}\nevaluate_every = {steps}\n"
    );
    for (optimizer, rate) in [
        ("sgd", 0.1),
        ("momentum", 0.02),
        ("adam", 0.01),
        ("rmsprop", 0.01),
    ] {
        let racer = format!("optimizer = \"{optimizer}\"\nlearning_rate = {rate}\nbatch = 64\n");
        write!(text, "[[racer]]\n{racer}").unwrap();
    }
    text + "[[racer]]\noptimizer = \"gd\"\nlearning_rate = 0.1\n"
}

fn read(folder: &Path, text: &str, max_memory: u64) -> Scenario {
    let source = Source {
        file: "arrays.toml".to_owned(),
        name: "arrays".to_owned(),
        text: text.to_owned(),
        folder: folder.to_owned(),
    };
    let options = Options {
        max_memory,
        ..Options::default()
    };
    check(&source, &options).unwrap()
}

/// So much suffices for a race on 4,000 rows of 64 numbers, but not for these in memory.
const LITTLE: u64 = 2_400_000;

fn arrays() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_arrays(folder.path(), 4000, 64);
    folder
}

#[test]
fn a_streamed_race_is_the_race_from_memory() {
    let folder = arrays();
    for more in [
        "",
        "scale = \"min-max\"\ntest = 0\n",
        "scale = \"none\"\nrows = 3900\n",
    ] {
        let text = text(6, 25, more);
        let [kept, streamed] = [1 << 30, LITTLE].map(|memory| read(folder.path(), &text, memory));
        assert_eq!(kept.digest(), streamed.digest(), "{more}");
        let (kept, streamed) = (run(&kept), run(&streamed));
        assert_eq!((kept.meta.streamed, streamed.meta.streamed), (false, true));
        assert_eq!(courses(&kept), courses(&streamed), "{more}");
        let losses = kept.racers.iter().map(|racer| racer.latest.loss);
        assert!(losses.into_iter().all(f64::is_finite), "{more}");
    }
}

#[test]
fn a_table_of_text_and_an_array_of_the_same_numbers_race_the_same() {
    let folder = tempfile::tempdir().unwrap();
    write_arrays(folder.path(), 50, 3);
    let label = |row: usize| ((noise(row * 3) + 1.0) * 1.5) as u8;
    let rows: Vec<String> = (0..50)
        .map(|row| {
            let numbers = [0, 1, 2].map(|column| f64::from(noise(row * 3 + column)));
            let [a, b, c] = numbers;
            format!("{a:?},{b:?},{c:?},{}\n", label(row).min(2))
        })
        .collect();
    fs::write(folder.path().join("x.csv"), rows.concat()).unwrap();
    let array = text(4, 30, "").replace("batch = 64", "batch = 16");
    let table = array
        .replace("x.npy", "x.csv")
        .replace("labels = \"y-idx1-ubyte\"\n", "");
    let [array, table] = [array, table].map(|text| run(&read(folder.path(), &text, 1 << 30)));
    assert_eq!(courses(&array), courses(&table));
}

/// Ends as a racer whose file became shorter does.
fn cut_off() -> Outcome {
    let cause = "the data file could not be read: it has become shorter".to_owned();
    Outcome::Error { cause }
}

#[test]
fn a_file_cut_off_in_the_middle_of_a_race_ends_its_racers_and_nothing_else() {
    let folder = arrays();
    let cut = |length| {
        let file = OpenOptions::new()
            .write(true)
            .open(folder.path().join("x.npy"));
        file.unwrap().set_len(length).unwrap();
    };
    let scenario = read(folder.path(), &text(6, 1000, ""), LITTLE);
    let mut race = begin(&scenario);
    race.advance(500);
    assert!(
        race.snapshot()
            .racers
            .iter()
            .all(|racer| racer.outcome.is_none())
    );
    cut(500_000);
    while !race.finished() {
        race.advance(10_000);
    }
    for racer in race.snapshot().racers {
        assert_eq!(racer.outcome, Some(cut_off()));
        assert!(racer.steps > 0 && racer.latest.loss.is_finite());
    }
    // The same before the first step, and where all of it should be read into memory at the start.
    for memory in [LITTLE, 1 << 30] {
        write_arrays(folder.path(), 4000, 64);
        let scenario = read(folder.path(), &text(6, 1000, ""), memory);
        cut(500_000);
        let mut race = begin(&scenario);
        race.advance(500);
        for racer in race.snapshot().racers {
            assert_eq!((racer.outcome, racer.steps), (Some(cut_off()), 0));
        }
    }
}

#[test]
fn who_looks_into_a_race_whose_file_was_cut_off_hears_why_there_is_nothing() {
    let folder = arrays();
    let scenario = read(folder.path(), &text(6, 10, ""), LITTLE);
    let mut race = begin(&scenario);
    let landscape = Landscape::of_race(&scenario, &mut race);
    let file = OpenOptions::new()
        .write(true)
        .open(folder.path().join("x.npy"));
    file.unwrap().set_len(500_000).unwrap();

    let retracer = Retracer::start(scenario);
    let glance = Glance {
        racer: 4,
        step: 3,
        coordinate: None,
        window: 10,
    };
    let begun = Instant::now();
    let refusal = loop {
        match retracer.ask(&[glance]).refusal {
            Some(refusal) => break refusal,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "no word");
    };
    let why = "the data file could not be read: it has become shorter";
    assert_eq!(
        *refusal,
        *format!("the optimizer cannot be looked into: {why}")
    );

    let options = runner::Options {
        landscape,
        ..runner::Options::default()
    };
    let runner = Runner::start(race, options);
    assert!(runner.wait(Duration::from_mins(1)));
    let Mapped::Absent { why: Some(no_map) } = &runner.latest().map else {
        panic!("{:?}", runner.latest().map)
    };
    assert_eq!(**no_map, *format!("no map: {why}"));
}

/// The program in `folder`, racing `arrays.toml` there.
fn race_on(folder: &Path, text: &str, arguments: &[&str]) -> Child {
    fs::write(folder.join("arrays.toml"), text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_slalom"));
    command
        .arg("arrays.toml")
        .args(arguments)
        .current_dir(folder);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn the_results_say_that_they_were_streamed() {
    let folder = arrays();
    let text = text(6, 3, "");
    let printed = |arguments: &[&str]| {
        let output = race_on(folder.path(), &text, arguments)
            .wait_with_output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let streamed = ["--headless", "--max-memory", "2400kB"];
    let table = printed(&streamed);
    assert!(
        table.starts_with("Arrays, seed 0, data streamed from its file\n"),
        "{table}"
    );
    assert!(printed(&["--headless"]).starts_with("Arrays, seed 0\n"));
    let json = printed(&["--format", "json", "--max-memory", "2400kB"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["streamed"], true);
}

/// The most memory that `child` had at once while it ran, in bytes, and what it printed.
#[cfg(target_os = "linux")]
fn peak(mut child: Child) -> (u64, String) {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        peak = kib.map_or(peak, |kib| kib * 1024);
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    (peak, String::from_utf8(output.stdout).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "writes a file of 512 MiB"]
fn a_race_on_a_file_larger_than_memory_stays_small() {
    const ROWS: usize = (512 << 20) / (4 * 784);
    let folder = tempfile::tempdir().unwrap();
    write_arrays(folder.path(), ROWS, 784);
    let arguments = ["--headless", "--max-memory", "64MiB"];
    let (peak, table) = peak(race_on(folder.path(), &text(16, 20, ""), &arguments));
    assert!(table.contains("data streamed from its file"), "{table}");
    assert!(!table.contains("failed"), "{table}");
    assert!(peak > 0 && peak <= 100 << 20, "{peak} bytes at once");
    println!("{} MiB at once", peak >> 20);
}
