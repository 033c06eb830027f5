//! How often frames are drawn: as often as asked for, less on a slow link, and at most ten times a
//! second while the terminal changes its size. No clock is read here.

use std::time::Duration;

/// A write that takes longer than this found the link full.
const BLOCKED: Duration = Duration::from_millis(50);

/// Never fewer frames than one in this time.
const LONGEST: Duration = Duration::from_secs(1);

/// At least so long after any frame, the next one may be drawn at a new size: a window that is
/// dragged changes its size more often than a full frame can be written.
const RESIZED: Duration = Duration::from_millis(100);

/// The time between two frames.
///
/// There is never a queue of frames: each is drawn from the newest state, when it is due.
#[derive(Clone, Copy, Debug)]
pub struct Cadence {
    shortest: Duration,
    interval: Duration,
}

impl Cadence {
    /// At most `fps` frames a second; 0 counts as 1.
    pub fn new(fps: u32) -> Self {
        let shortest = LONGEST / fps.max(1);
        Self {
            shortest,
            interval: shortest,
        }
    }

    /// The time from one frame to the next.
    pub fn interval(self) -> Duration {
        self.interval
    }

    /// How long to wait for the next frame, `since` the last one was begun; longer where it is to
    /// be drawn at a new size.
    pub fn left(self, since: Duration, resized: bool) -> Duration {
        let least = if resized { RESIZED } else { Duration::ZERO };
        self.interval.max(least).saturating_sub(since)
    }

    /// Learns how long the write of a frame took. One that blocked doubles the interval, one that
    /// did not takes a quarter off.
    pub fn wrote(&mut self, took: Duration) {
        let interval = if took > BLOCKED {
            self.interval * 2
        } else {
            self.interval * 3 / 4
        };
        self.interval = interval.clamp(self.shortest, LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_slow_link_gets_fewer_frames_and_a_quick_one_what_was_asked_for() {
        let mut cadence = Cadence::new(10);
        for (took, interval) in [
            (0, 100),
            (50, 100),
            (51, 200),
            (80, 400),
            (900, 800),
            (60, 1000),
            (5000, 1000),
            (1, 750),
            (200, 1000),
            (50, 750),
            (0, 562),
        ] {
            cadence.wrote(ms(took));
            let now = cadence.interval().as_millis();
            assert_eq!(now, interval, "after {took} ms");
        }
        for _ in 0..20 {
            cadence.wrote(ms(1));
        }
        assert_eq!(cadence.interval(), ms(100));
    }

    #[test]
    fn frames_a_second_are_1_to_many() {
        for (fps, interval) in [(0, 1000), (1, 1000), (10, 100), (50, 20)] {
            assert_eq!(Cadence::new(fps).interval(), ms(interval), "{fps}");
        }
    }

    #[test]
    fn a_new_size_waits_a_tenth_of_a_second_at_any_speed() {
        for (fps, since, resized, left) in [
            (50, 5, false, 15),
            (50, 5, true, 95),
            (50, 30, false, 0),
            (50, 30, true, 70),
            (50, 100, true, 0),
            (2, 100, true, 400),
            (2, 600, true, 0),
        ] {
            let cadence = Cadence::new(fps);
            assert_eq!(cadence.left(ms(since), resized), ms(left), "{fps} {since}");
        }
    }
}
