//! What keys and the mouse ask for, and what is left to the terminal. Nothing is done here.

use crate::scenario::edit::Edit;

/// One way or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toward {
    /// Towards the start.
    Back,
    /// Towards the end.
    On,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Stop or move on the playhead.
    Pause,
    /// So many evaluations on or back, and stop there.
    Step(Toward, u8),
    /// Half the speed.
    Slower,
    /// Twice the speed.
    Faster,
    /// To the left, in whatever has the focus.
    Left,
    /// To the right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
    /// The playhead to the start.
    ToStart,
    /// The playhead to the edge.
    ToEnd,
    /// Count by the next of iterations, samples, seconds.
    CountBy,
    /// From the start again.
    Restart,
    /// The same race with the next seed.
    NextSeed,
    /// The next pane has the focus.
    NextPane,
    /// The pane of this number (from 0) has the focus, and is the page where there are pages.
    Page(usize),
    /// The pane in focus alone, or all again.
    Zoom,
    /// See less of the chart or map.
    Nearer,
    /// See more of it.
    Farther,
    /// See all of it.
    Whole,
    /// Another quantity on the y axis.
    Metric,
    /// The y axis logarithmic or linear.
    LogY,
    /// The x axis logarithmic or linear.
    LogX,
    /// Another smoothing.
    Smooth,
    /// The value cursor on or off.
    Cursor,
    /// Another style of contours.
    Contours,
    /// The ground in relief, or from above.
    Relief,
    /// The start map, or the map.
    Starts,
    /// Rate strips on the leaderboard, or none.
    Rates,
    /// The inspector, or the curves.
    Inspect,
    /// Another racer beside the selected one in the inspector, or none.
    Compare,
    /// The editor, or the curves.
    Edit,
    /// From the playhead on as in the editor.
    Fork,
    /// Write the edited scenario to a file.
    Write,
    /// Save pictures.
    Save,
    /// Another racer selected.
    Racer(Toward),
    /// The selected racer's lines hidden or shown.
    Hide,
    /// The keys on or off.
    Help,
    /// The gallery on or off.
    Gallery,
    /// What is selected in the gallery.
    Enter,
    /// Close what is open.
    Close,
    /// Another theme.
    Theme,
    /// The mouse on or off.
    Mouse,
    /// Leave.
    Quit,
    /// Leave, as after an interrupt.
    Interrupt,
    /// Give the terminal back until the shell continues the program.
    Suspend,
    /// Draw everything anew.
    Repaint,
}

/// Another race that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// The same with the next seed.
    NextSeed,
    /// The shipped scenario of this name.
    Scenario(&'static str),
    /// The scenario as edited, from its start.
    Edited(Box<Edit>),
    /// The same race, in which each racer goes over to what it is in the edited scenario after so
    /// many steps; `None` for those that are done.
    Fork(Box<Edit>, Vec<Option<u64>>),
}

/// What the terminal has to do after a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Leave.
    Quit,
    /// Leave, as after an interrupt.
    Interrupt,
    /// Suspend the program.
    Suspend,
    /// Draw everything anew.
    Repaint,
    /// Listen to the mouse, or no longer.
    Mouse(bool),
    /// Save pictures of what is shown.
    Save,
    /// Race something else.
    Open(Wish),
    /// Open the editor on what is raced.
    Edit,
    /// Write what is raced, or edited, to a file.
    Write,
}
