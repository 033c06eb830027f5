//! The order of the house: who may import whom, and what is never there. See the map in `lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, lowest first: each may import only itself and what stands before it.
const ROOMS: &[&str] = &[
    "math",
    "random",
    "text",
    "picture",
    "problem",
    "optim",
    "scenario",
    "race",
    "landscape",
    "recording",
    "stats",
    "sweep",
    "report",
    "runner",
    "tui",
    "cli",
];

/// Words that may stand only in the named places (a room, or a file in it).
const ONLY_IN: &[(&str, &[&str])] = &[
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("clap", &["cli"]),
    ("serde_json", &["recording", "report", "cli/list"]),
    ("Instant", &["runner", "tui", "cli"]),
    ("SystemTime", &[]),
    ("std::thread", &["runner", "tui", "cli"]),
    ("std::fs", &["problem/dataset", "recording", "tui", "cli"]),
    ("std::env", &["tui", "cli"]),
    ("thread_rng", &[]),
    ("mul_add", &[]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| self::files(folder));
    files
        .into_iter()
        .chain(below)
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// Each source file as its path in `src` without ending, with the code lines (tests and comments
/// left out).
fn sources() -> Vec<(String, Vec<String>)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&src).unwrap().with_extension("");
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lines = code
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("//"));
        (
            name.to_str().unwrap().to_owned(),
            lines.map(str::to_owned).collect(),
        )
    };
    files(&src).into_iter().map(read).collect()
}

fn room(name: &str) -> &str {
    name.split('/').next().unwrap()
}

/// The rooms that a line names after `crate::`.
fn imports(line: &str) -> Vec<&str> {
    let after = line.split("crate::").skip(1);
    let end = |rest: &str| {
        rest.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len())
    };
    after
        .map(|rest| &rest[..end(rest)])
        .filter(|name| ROOMS.contains(name))
        .collect()
}

#[test]
fn rooms_import_only_what_stands_before_them() {
    let place = |room: &str| ROOMS.iter().position(|known| *known == room);
    let mut seen = 0;
    for (name, lines) in sources() {
        if name == "lib" || name == "main" {
            continue;
        }
        let own = place(room(&name)).unwrap_or_else(|| panic!("src/{name}.rs stands in no room"));
        for line in &lines {
            for import in imports(line) {
                seen += 1;
                assert!(
                    place(import) <= Some(own),
                    "src/{name}.rs reaches up: {line}"
                );
            }
        }
    }
    assert!(
        seen > 50,
        "only {seen} imports were found: has the house moved?"
    );
}

#[test]
fn libraries_and_clocks_stay_where_they_belong() {
    for (name, lines) in sources() {
        for (word, places) in ONLY_IN {
            let allowed = |place: &&str| name == **place || name.starts_with(&format!("{place}/"));
            if places.iter().any(allowed) || name == "main" {
                continue;
            }
            let line = lines.iter().find(|line| line.contains(word));
            assert!(
                line.is_none(),
                "src/{name}.rs has `{word}`: {}",
                line.unwrap()
            );
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in files(&src) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("//! "),
            "{} opens without a word",
            path.display()
        );
    }
}
