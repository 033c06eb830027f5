//! A race as a recording of a terminal: the screen is played at its normal speed without a clock, and
//! what would have been written to the terminal is kept with the time at which it would have been.
//! The same race always comes to the same bytes.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Rect;

use super::{cells, ground};
use crate::runner::State;
use crate::tui::app::App;
use crate::tui::frame::{enter, frame};
use crate::tui::theme::Look;

/// From frame to frame.
const FRAME: Duration = Duration::from_millis(100);

/// How many frames the end is shown for.
const AFTER_END: u32 = 35;

/// The most frames: an hour.
const MOST: u32 = 36_000;

/// What was written, and how many seconds after the start.
pub type Event = (f64, String);

/// The race of `state`, played from its start to its end on a terminal of so many columns and rows.
///
/// # Errors
/// Never in practice: frames are made in memory.
pub fn play(state: &Arc<State>, look: Look, [columns, rows]: [u16; 2]) -> io::Result<Vec<Event>> {
    let size = Rect::new(0, 0, columns, rows);
    let mut app = App::new(Arc::clone(state), look, ground(look.theme));
    let mut shown = cells(&mut app, size);
    let mut bytes = enter()?;
    bytes.extend(frame(None, &shown)?);
    let mut events = vec![(0.0, text(bytes)?)];
    let mut ended = 0;
    for number in 1..MOST {
        app.tick(FRAME, Arc::clone(state));
        let now = cells(&mut app, size);
        let bytes = frame(Some(&shown), &now)?;
        shown = now;
        ended += u32::from(app.is_over());
        let last = ended > AFTER_END;
        // A player stops at the last event, even where that writes nothing.
        if last || !bytes.is_empty() {
            events.push((f64::from(number) / 10.0, text(bytes)?));
        }
        if last {
            break;
        }
    }
    Ok(events)
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
