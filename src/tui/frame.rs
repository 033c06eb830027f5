//! The bytes of a frame: one synchronized update that brings a terminal from what it shows to what
//! it is to show. Nothing is written here.

use std::io;

use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::crossterm::{cursor, queue, terminal};

/// Begin and end of a synchronized update (DEC private mode 2026): a terminal that knows it shows
/// the frame at once.
const BEGIN: &[u8] = b"\x1b[?2026h";
/// See [`BEGIN`].
pub(super) const END: &[u8] = b"\x1b[?2026l";

/// What takes a terminal for frames: the alternate screen, no cursor.
pub(super) fn enter() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    queue!(bytes, terminal::EnterAlternateScreen, cursor::Hide)?;
    Ok(bytes)
}

/// What brings a terminal from what it shows (nothing known, if `None`) to `now`; empty if nothing
/// has changed.
pub(super) fn frame(shown: Option<&Buffer>, now: &Buffer) -> io::Result<Vec<u8>> {
    let mut bytes = BEGIN.to_vec();
    let empty = Buffer::empty(now.area);
    let changes = shown.unwrap_or(&empty).diff(now);
    if shown.is_none() {
        queue!(bytes, terminal::Clear(terminal::ClearType::All))?;
    } else if changes.is_empty() {
        return Ok(Vec::new());
    }
    CrosstermBackend::new(&mut bytes).draw(changes.into_iter())?;
    bytes.extend_from_slice(END);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_synchronized_update_and_no_change_is_no_frame() -> io::Result<()> {
        let before = Buffer::with_lines(["Adam 12"]);
        let after = Buffer::with_lines(["Adam 13"]);
        assert_eq!(frame(Some(&after), &after)?, b"");
        let bytes = frame(Some(&before), &after)?;
        let inside = bytes.strip_prefix(BEGIN).and_then(|b| b.strip_suffix(END));
        let inside = inside.expect("begins and ends so");
        assert!(inside.starts_with(b"\x1b[1;7H3"), "only the digit is drawn");
        let whole = frame(None, &after)?;
        assert!(whole.starts_with(b"\x1b[?2026h\x1b[2J"));
        assert!(whole.windows(4).any(|bytes| bytes == b"Adam"));
        Ok(())
    }
}
