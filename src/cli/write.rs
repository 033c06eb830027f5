//! Files that are written on a key: whole or not at all, and never over another.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::text::clean;

/// The most files of one name.
const MOST: u32 = 1_000;

/// Writes `text` to a new file in `folder`: `NAME-edited.toml`, or the first of `NAME-edited-2.toml`
/// and so on that is not there. It is there under that name when all of it is.
///
/// # Errors
/// Which file could not be written, and why.
pub(super) fn scenario(folder: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let name = plain(name);
    let cannot = |error: &io::Error| {
        let folder = clean(&folder.display().to_string());
        format!("cannot write {name}-edited.toml in {folder}: {error}")
    };
    let mut file = NamedTempFile::new_in(folder).map_err(|error| cannot(&error))?;
    let written = file.write_all(text.as_bytes());
    written
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| cannot(&error))?;
    for number in 1..=MOST {
        let number = match number {
            1 => String::new(),
            n => format!("-{n}"),
        };
        let path = folder.join(format!("{name}-edited{number}.toml"));
        match file.persist_noclobber(&path) {
            Ok(_) => {
                // The name is safe only with its folder; where that cannot be said, it is there.
                let _ = File::open(folder).and_then(|folder| folder.sync_all());
                return Ok(path);
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => file = error.file,
            Err(error) => return Err(cannot(&error.error)),
        }
    }
    Err(format!(
        "there are {MOST} files called {name}-edited already"
    ))
}

/// `name` in letters that every file system and shell takes as they are, without what an earlier
/// file of this kind was called by.
fn plain(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    let name: String = name.chars().take(60).map(safe).collect();
    let digits = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.strip_suffix("-edited-");
    let base = numbered.or(name.strip_suffix("-edited")).unwrap_or(&name);
    match base.trim_matches('-') {
        "" => "scenario".to_owned(),
        base => base.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_ever_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..3)
            .map(|i| {
                let path = scenario(folder.path(), "beale", &i.to_string()).unwrap();
                path.file_name().unwrap().to_str().unwrap().to_owned()
            })
            .collect();
        let want = [
            "beale-edited.toml",
            "beale-edited-2.toml",
            "beale-edited-3.toml",
        ];
        assert_eq!(names, want);
        for (i, name) in names.iter().enumerate() {
            let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
            assert_eq!(text, i.to_string());
        }
        let all = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(all, 3, "nothing else is left behind");
        let why = scenario(&folder.path().join("none"), "a", "").unwrap_err();
        assert!(why.starts_with("cannot write a-edited.toml in "), "{why}");
    }

    #[test]
    fn names_are_plain() {
        for (name, want) in [
            ("digits", "digits"),
            ("digits-edited", "digits"),
            ("digits-edited-12", "digits"),
            ("digits-12", "digits-12"),
            ("../../etc/pass wd", "etc-pass-wd"),
            ("\u{1b}[2J", "2J"),
            ("Ωmega", "mega"),
            ("", "scenario"),
            ("-edited", "scenario"),
        ] {
            assert_eq!(plain(name), want, "{name}");
        }
    }
}
