//! The scenario that an argument means: a shipped one, a file, or standard input.
//!
//! Files must be regular: opening a pipe could wait for ever. Never more is read than a scenario may have.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::scenario::check::{LARGEST, Source};
use crate::scenario::mistake::Report;
use crate::scenario::shipped::{self, SHIPPED};
use crate::text::{clean, nearest, shorten};

/// Finds the scenario that `argument` means, and reads it.
pub(super) fn open(argument: &OsStr) -> Result<Source, Failure> {
    if argument == "-" {
        return from_reader(io::stdin().lock(), "<stdin>", "stdin", PathBuf::from("."));
    }
    if is_path(argument) {
        return from_file(Path::new(argument));
    }
    let name = argument.to_string_lossy();
    match shipped::find(&name) {
        Some(shipped) => Ok(shipped.source()),
        None => Err(Failure::Usage(unknown(&name))),
    }
}

/// Whether an argument means a path: it has a `/`, or ends in .toml.
pub(super) fn is_path(argument: &OsStr) -> bool {
    let bytes = argument.as_encoded_bytes();
    bytes.contains(&b'/') || bytes.ends_with(b".toml")
}

fn unknown(name: &str) -> String {
    let names: Vec<&str> = SHIPPED.iter().map(|shipped| shipped.name).collect();
    let commands = [
        "race", "list", "new", "check", "tune", "replay", "export", "compare", "verify", "help",
    ];
    let near = nearest(name, names.iter().copied().chain(commands));
    let near = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
    let is_there = |name: &str| !name.is_empty() && Path::new(name).exists();
    let with_ending = format!("{name}.toml");
    let shown = shorten(name, 60);
    let mut lines = vec![
        format!("there is no scenario `{shown}`{near}"),
        format!("  scenarios: {}", names.join(", ")),
    ];
    if is_there(name) {
        lines.push(format!("  for the file of that name: ./{shown}"));
    } else if is_there(&with_ending) {
        lines.push(format!("  for the file of that name: {shown}.toml"));
    }
    lines.join("\n")
}

fn from_file(path: &Path) -> Result<Source, Failure> {
    let file = clean(&path.display().to_string());
    let cannot = |error: &io::Error| Failure::File(format!("cannot read {file}: {error}"));
    let kind = fs::metadata(path).map_err(|error| cannot(&error))?;
    if kind.is_dir() {
        return Err(Failure::File(format!(
            "{file} is a folder, no scenario file"
        )));
    }
    if !kind.is_file() {
        return Err(Failure::File(format!("{file} is not a regular file")));
    }
    let reader = File::open(path).map_err(|error| cannot(&error))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    from_reader(reader, &file, &shorten(&name, 80), folder)
}

fn from_reader(
    reader: impl Read,
    file: &str,
    name: &str,
    folder: PathBuf,
) -> Result<Source, Failure> {
    let mut bytes = vec![];
    reader
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::File(format!("cannot read {file}: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Report::too_large(file).into());
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| Failure::from(Report::not_utf8(file, error.as_bytes())))?;
    Ok(Source {
        file: file.to_owned(),
        name: name.to_owned(),
        text,
        folder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(argument: &str) -> String {
        match open(OsStr::new(argument)) {
            Err(Failure::Usage(message) | Failure::File(message) | Failure::Refused(message)) => {
                message
            }
            Ok(source) => panic!("{argument} was read from {}", source.file),
        }
    }

    #[test]
    fn an_unknown_name_is_told_what_is_near() {
        assert!(message("digts").contains("did you mean `digits`?"));
        assert!(message("chekc").contains("did you mean `check`?"));
        assert!(message("\u{1b}[2J").starts_with("there is no scenario `[2J`"));
        assert!(message("src").contains("for the file of that name: ./src"));
    }

    #[test]
    fn paths_have_a_slash_or_end_in_toml() {
        assert!(message("./src").contains("is a folder"));
        assert!(message("none.toml").contains("cannot read none.toml"));
        assert!(message("/dev/null").contains("is not a regular file"));
        assert_eq!(open(OsStr::new("beale")).unwrap().file, "beale.toml");
    }

    #[test]
    fn never_more_is_read_than_a_scenario_may_have() {
        let endless = io::repeat(b'a');
        let read = from_reader(endless, "x.toml", "x", PathBuf::new());
        assert!(matches!(read, Err(Failure::Refused(report)) if report.contains("x.toml:1:1")));
        let binary = from_reader(&b"a\xff"[..], "x.toml", "x", PathBuf::new());
        assert!(matches!(binary, Err(Failure::Refused(report)) if report.contains("x.toml:1:2")));
    }
}
