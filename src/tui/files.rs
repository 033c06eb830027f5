//! Files that are there whole or not at all: written beside their place, then moved into it.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

/// Writes a new file.
///
/// # Errors
/// If there is something of that name already, or it cannot be written.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = beside(path, bytes)?;
    file.persist_noclobber(path)?;
    settle(path)
}

/// Writes a file in the place of one that may be there. A link keeps leading to it, and it keeps its
/// permissions.
///
/// # Errors
/// If what is there is no regular file, or it cannot be written; then it is as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let Ok(old) = fs::metadata(path) else {
        return create(path, bytes);
    };
    if !old.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    // A file that may not be written is not to be replaced either.
    File::options().write(true).open(path)?;
    let path = fs::canonicalize(path)?;
    let file = beside(&path, bytes)?;
    file.as_file().set_permissions(old.permissions())?;
    file.persist(&path)?;
    settle(&path)
}

/// A file with `bytes` in the folder of `path`, on the disk. It goes away unless it is moved.
fn beside(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    // What everybody may do with it is what the umask leaves.
    let mut builder = Builder::new();
    builder
        .prefix(".slalom-")
        .permissions(Permissions::from_mode(0o666));
    let mut file = builder.tempfile_in(folder(path)).map_err(plain)?;
    file.write_all(bytes).map_err(plain)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// An error without the name of the file that is written first, which nobody knows.
fn plain(error: io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::from(error.kind()),
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Has the folder remember the name. Some file systems cannot be asked to.
fn settle(path: &Path) -> io::Result<()> {
    let folder = File::open(folder(path))?;
    let _ = folder.sync_all();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_is_never_written_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.svg");
        create(&path, b"first").unwrap();
        let error = create(&path, b"second").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no rest is left"
        );
        // As wide as any other new file.
        fs::write(folder.path().join("b"), "").unwrap();
        assert_eq!(mode(&path), mode(&folder.path().join("b")));
    }

    #[test]
    fn a_replaced_file_keeps_its_permissions_and_links_their_aim() {
        let folder = tempfile::tempdir().unwrap();
        let [path, link] = ["a.svg", "link"].map(|name| folder.path().join(name));
        replace(&path, b"first").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(mode(&path), 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let error = replace(folder.path(), b"").unwrap_err();
        assert_eq!(error.to_string(), "it is not a regular file");
        assert!(replace(&folder.path().join("no/a.svg"), b"").is_err());
    }
}
