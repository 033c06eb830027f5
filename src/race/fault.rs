//! Work that may break a racer from within, and why it did: a broken optimizer is its own fault and
//! nobody else's, and so is a data file that is gone.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::problem::dataset::Unread;

/// What `work` gives.
///
/// # Errors
/// Why it broke off: `the data file could not be read: ...`, or `a fault in its code: ...` with what
/// the panic says.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        if let Some(unread) = panic.downcast_ref::<Unread>() {
            return unread.to_string();
        }
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        let text = text.unwrap_or_else(|| "panicked".to_owned());
        format!("a fault in its code: {text}")
    })
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;

    use super::*;

    #[test]
    fn what_broke_is_told_from_what_was_thrown() {
        let gone = Unread("it has become shorter".to_owned());
        let broke = |payload| guarded(|| -> u8 { resume_unwind(payload) });
        for (payload, why) in [
            (
                Box::new(gone) as Box<dyn std::any::Any + Send>,
                "the data file could not be read: it has become shorter",
            ),
            (Box::new("oh"), "a fault in its code: oh"),
            (Box::new("no".to_owned()), "a fault in its code: no"),
            (Box::new(7), "a fault in its code: panicked"),
        ] {
            assert_eq!(broke(payload), Err(why.to_owned()));
        }
        assert_eq!(guarded(|| 7), Ok(7));
    }
}
