//! What a panic does while the screen is shown: the terminal is given back before it is reported.
//!
//! No panic is caught here.

use std::panic::{self, PanicHookInfo};
use std::sync::Arc;
use std::thread;

use crate::runner::THREAD_NAME;
use crate::tui::terminal;

/// What was to be done on a panic before the screen came.
type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// Gives the terminal back before a panic is reported. A racer's panic is caught by the race and is
/// an outcome: it neither ends the screen nor is it printed over it.
pub(super) struct PanicHook(Arc<Hook>);

impl PanicHook {
    /// Stands before the hook there is, until it is dropped.
    pub(super) fn install() -> Self {
        let previous: Arc<Hook> = Arc::from(panic::take_hook());
        let hook = Arc::clone(&previous);
        panic::set_hook(Box::new(move |info| {
            let thread = thread::current();
            if !thread.name().is_some_and(|n| n.starts_with(THREAD_NAME)) {
                terminal::restore();
                hook(info);
            }
        }));
        Self(previous)
    }
}

impl Drop for PanicHook {
    fn drop(&mut self) {
        if !thread::panicking() {
            let previous = Arc::clone(&self.0);
            panic::set_hook(Box::new(move |info| previous(info)));
        }
    }
}
