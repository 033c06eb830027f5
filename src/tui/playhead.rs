//! How far into a race the screen shows: a place that moves with the time that is handed in.
//!
//! No clock is read and nothing is drawn here, so every move can be tested.

use std::time::Duration;

use crate::race::snapshot::{Outcome, Progress, Snapshot};
use crate::race::trace::{Evaluation, Moment};
use crate::runner::{Phase, State};
use crate::scenario::Pace;

/// A race that is computed within so many seconds is shown from a standing start: its speed is
/// known only when it is over.
const SHORT_RACE: f64 = 1.0;

/// Speeds go from 1/64 to 1,024 times the normal one.
const DOUBLINGS: std::ops::RangeInclusive<i32> = -6..=10;

/// A place in a race, in the unit of its pace: steps, samples or seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// What is counted.
    pub pace: Pace,
    /// How much of it.
    pub at: f64,
}

/// What of `moment` counts at a pace.
pub fn measure(pace: Pace, moment: Moment) -> f64 {
    match pace {
        Pace::Iterations => moment.step as f64,
        Pace::Samples => moment.samples as f64,
        Pace::Time => moment.seconds,
    }
}

impl Mark {
    /// Whether `moment` lies at or before this place.
    pub fn reached(self, moment: Moment) -> bool {
        measure(self.pace, moment) <= self.at
    }

    /// The evaluations of `progress` up to this place; at least the first.
    pub fn past(self, progress: &Progress) -> &[Evaluation] {
        let points = progress.trace.points();
        let count = points.partition_point(|point| self.reached(point.moment()));
        &points[..count.max(1).min(points.len())]
    }

    /// What `progress` was like here.
    pub fn see(self, progress: &Progress) -> Seen<'_> {
        let ended = progress.outcome.as_ref();
        let ended = ended.filter(|_| self.reached(progress.latest.moment()));
        let convergence = progress.convergence.as_ref();
        let convergence = convergence.filter(|evaluation| {
            progress.outcome == Some(Outcome::Converged) && self.reached(evaluation.moment())
        });
        let latest = match ended {
            Some(_) => &progress.latest,
            None => self.past(progress).last().unwrap_or(&progress.latest),
        };
        let outcome = convergence.map_or(ended, |_| Some(&Outcome::Converged));
        Seen {
            latest,
            convergence,
            outcome,
        }
    }
}

/// What is known of a racer at some place of the race.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Its latest evaluation.
    pub latest: &'a Evaluation,
    /// Where it converged, if it has.
    pub convergence: Option<&'a Evaluation>,
    /// How it ended, if it has.
    pub outcome: Option<&'a Outcome>,
}

/// The place shown, and how it moves.
#[derive(Clone, Debug)]
pub struct Playhead {
    mark: Mark,
    /// The speed is 2^doublings times the normal one.
    doublings: i32,
    /// Whether time moves it.
    pub paused: bool,
}

impl Playhead {
    /// At the start, playing at normal speed.
    pub fn new(pace: Pace) -> Self {
        Self {
            mark: Mark { pace, at: 0.0 },
            doublings: 0,
            paused: false,
        }
    }

    /// Where it is.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// Moves on by `elapsed`, at most to the edge of what is computed.
    pub fn advance(&mut self, elapsed: Duration, state: &State) {
        if let (false, Some(speed)) = (self.paused, self.speed(state)) {
            let edge = edge(state, self.mark.pace);
            let on = self.mark.at + speed * elapsed.as_secs_f64();
            // The edge may lie behind a playhead that has stepped past it; it never goes back.
            self.mark.at = on.min(edge).max(self.mark.at);
        }
    }

    /// Goes on to the next evaluation of any racer; whether there was one.
    pub fn step(&mut self, snapshot: &Snapshot) -> bool {
        let next = snapshot
            .racers
            .iter()
            .filter_map(|racer| {
                let points = racer.trace.points();
                let after = points.partition_point(|point| self.mark.reached(point.moment()));
                points.get(after)
            })
            .map(|evaluation| measure(self.mark.pace, evaluation.moment()))
            .min_by(f64::total_cmp);
        self.mark.at = next.unwrap_or(self.mark.at);
        next.is_some()
    }

    /// Goes back to the evaluation before this place, of any racer; whether there was one.
    pub fn step_back(&mut self, snapshot: &Snapshot) -> bool {
        let Mark { pace, at } = self.mark;
        let before = snapshot
            .racers
            .iter()
            .filter_map(|racer| {
                let points = racer.trace.points();
                let before = points.partition_point(|point| measure(pace, point.moment()) < at);
                points[..before].last()
            })
            .map(|evaluation| measure(pace, evaluation.moment()))
            .max_by(f64::total_cmp);
        self.mark.at = before.unwrap_or(0.0);
        before.is_some()
    }

    /// Moves by a part of the whole way, backwards if it is negative.
    pub fn scrub(&mut self, part: f64, state: &State) {
        let edge = edge(state, self.mark.pace);
        let at = self.mark.at + part * edge;
        // Iterations are whole.
        let at = match self.mark.pace {
            Pace::Iterations if part > 0.0 => at.ceil(),
            Pace::Iterations => at.floor(),
            Pace::Samples | Pace::Time => at,
        };
        self.mark.at = at.clamp(0.0, edge);
    }

    /// Goes to a place in the unit of its pace, at most to the edge.
    pub fn stand(&mut self, at: f64, state: &State) {
        self.mark.at = at.clamp(0.0, edge(state, self.mark.pace));
    }

    /// Counts otherwise from here on, at the same part of the whole way.
    pub fn count_by(&mut self, pace: Pace, state: &State) {
        let (before, after) = (edge(state, self.mark.pace), edge(state, pace));
        let part = if before > 0.0 {
            (self.mark.at / before).min(1.0)
        } else {
            0.0
        };
        let at = if part >= 1.0 { after } else { part * after };
        self.mark = Mark { pace, at };
    }

    /// Goes back to the start and plays.
    pub fn restart(&mut self) {
        self.mark.at = 0.0;
        self.paused = false;
    }

    /// Doubles the speed.
    pub fn faster(&mut self) {
        self.doublings = (self.doublings + 1).min(*DOUBLINGS.end());
    }

    /// Halves the speed.
    pub fn slower(&mut self) {
        self.doublings = (self.doublings - 1).max(*DOUBLINGS.start());
    }

    /// Units of the pace a second; `None` while a short race is being computed.
    pub fn speed(&self, state: &State) -> Option<f64> {
        normal_speed(state, self.mark).map(|speed| speed * f64::from(self.doublings).exp2())
    }

    /// Whether it stands at the edge of what is computed.
    pub fn at_edge(&self, state: &State) -> bool {
        self.mark.at >= edge(state, self.mark.pace)
    }
}

/// How far a race can be shown: while it is being computed, to where the slowest is that still runs;
/// else to its end.
pub fn edge(state: &State, pace: Pace) -> f64 {
    let running = state.snapshot.racers.iter().filter(|r| r.outcome.is_none());
    let slowest = running.map(|racer| measure(pace, racer.latest.moment()));
    match slowest.min_by(f64::total_cmp) {
        Some(slowest) if state.phase == Phase::Computing => slowest,
        _ => end(&state.snapshot, pace),
    }
}

/// Where the racer is that has come farthest.
pub fn end(snapshot: &Snapshot, pace: Pace) -> f64 {
    let latest = snapshot.racers.iter().map(|racer| racer.latest.moment());
    latest
        .map(|moment| measure(pace, moment))
        .fold(0.0, f64::max)
}

/// The speed that brings the last convergence (or the end, if none converged) `show_seconds` after
/// the start.
///
/// While a race is being computed its end is unknown. Twice the speed that would just get to the
/// edge brings the playhead of an evenly growing race to the edge `show_seconds` after the start,
/// and if it is over before that, the playhead is where normal speed would have brought it.
///
/// Behind the last convergence only those still run who will not finish: what is left of their way,
/// however long, is shown in a third of `show_seconds`.
fn normal_speed(state: &State, mark: Mark) -> Option<f64> {
    let (snapshot, pace) = (&state.snapshot, mark.pace);
    let edge = edge(state, pace);
    let seconds = snapshot.meta.show_seconds;
    let waiting = state.phase == Phase::Computing && state.seconds < SHORT_RACE;
    let speed = if state.phase == Phase::Computing {
        2.0 * edge / seconds
    } else {
        let converged = snapshot.racers.iter().filter_map(|racer| {
            let convergence = racer.convergence.as_ref()?;
            (racer.outcome == Some(Outcome::Converged)).then(|| measure(pace, convergence.moment()))
        });
        let last = converged.max_by(f64::total_cmp).filter(|&last| last > 0.0);
        let last = last.unwrap_or(edge);
        let rest = if mark.at >= last { edge - last } else { 0.0 };
        (last / seconds).max(rest / (seconds / 3.0))
    };
    (!waiting).then_some(speed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::{self, DIVERGED, evaluation, progress, race};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn normal_speed_brings_the_last_convergence_after_the_seconds_to_show() {
        let state = race(2000, Phase::Computed, true);
        let mut playhead = Playhead::new(Pace::Iterations);
        assert_eq!(playhead.speed(&state), Some(300.0 / 15.0));
        for _ in 0..15 {
            assert!(!playhead.at_edge(&state));
            playhead.advance(SECOND, &state);
        }
        assert_eq!(playhead.mark().at, 300.0);
        playhead.advance(SECOND, &state);
        assert_eq!(playhead.mark().at, 300.0, "it stays at the edge");
    }

    #[test]
    fn without_convergence_normal_speed_is_that_of_the_last_step() {
        let racer = |steps: u64| {
            let limit = Outcome::Limit {
                cause: "steps".to_owned(),
            };
            let trace: Vec<_> = (0..=steps)
                .map(|step| evaluation(step, step, 1.0))
                .collect();
            progress(&trace, Some(limit))
        };
        let racers = vec![racer(60), racer(90)];
        let state = fixture::state(&["a", "b"], racers, 0.1, Phase::Recorded);
        assert_eq!(Playhead::new(Pace::Iterations).speed(&state), Some(6.0));
        let time = Playhead::new(Pace::Time).speed(&state);
        assert_eq!(time, Some(90.0 * 1e-4 / 15.0));
    }

    #[test]
    fn who_will_not_finish_is_shown_in_a_third_of_the_time() {
        let to = |steps: u64| -> Vec<_> { (0..=steps).map(|s| evaluation(s, s, 1.0)).collect() };
        let converged = progress(&to(30), Some(Outcome::Converged));
        let cause = "steps".to_owned();
        let late = progress(&to(3030), Some(Outcome::Limit { cause }));
        let state = fixture::state(&["a", "b"], vec![converged, late], 0.1, Phase::Computed);
        let mut playhead = Playhead::new(Pace::Iterations);
        (0..15).for_each(|_| playhead.advance(SECOND, &state));
        assert_eq!(playhead.mark().at, 30.0);
        (0..4).for_each(|_| playhead.advance(SECOND, &state));
        assert!(!playhead.at_edge(&state));
        playhead.advance(SECOND, &state);
        assert!(playhead.at_edge(&state));
    }

    #[test]
    fn a_short_race_stands_at_the_start_until_it_is_computed() {
        let mut playhead = Playhead::new(Pace::Iterations);
        let mut state = race(100, Phase::Computing, false);
        state.seconds = 0.9;
        playhead.advance(SECOND, &state);
        assert_eq!((playhead.speed(&state), playhead.mark().at), (None, 0.0));
        playhead.advance(SECOND, &race(2000, Phase::Computed, false));
        assert_eq!(playhead.mark().at, 20.0);
    }

    #[test]
    fn a_recording_that_was_cut_is_shown_to_where_anybody_was() {
        let run = |steps: u64| -> Progress {
            let trace: Vec<_> = (0..=steps).map(|s| evaluation(s, s, 1.0)).collect();
            progress(&trace, None)
        };
        let racers = || vec![run(40), run(0)];
        let state = |phase| fixture::state(&["a", "b"], racers(), 0.1, phase);
        assert_eq!(edge(&state(Phase::Recorded), Pace::Iterations), 40.0);
        assert_eq!(edge(&state(Phase::Computing), Pace::Iterations), 0.0);
    }

    #[test]
    fn a_long_race_is_at_its_edge_when_it_has_shown_for_as_long() {
        let mut playhead = Playhead::new(Pace::Iterations);
        let tick = Duration::from_millis(50);
        for i in 0..400 {
            // Ten steps a second, and longer than the 15 seconds to show.
            let mut state = race(i / 2, Phase::Computing, false);
            state.seconds = i as f64 / 20.0;
            playhead.advance(tick, &state);
            let edge = edge(&state, Pace::Iterations);
            assert!(playhead.mark().at <= edge);
            let follows = !(2..=300).contains(&i);
            assert_eq!(playhead.at_edge(&state), follows, "{i}");
        }
    }

    #[test]
    fn computing_over_half_way_normal_speed_goes_on_from_there() {
        let mut playhead = Playhead::new(Pace::Iterations);
        let tick = Duration::from_millis(10);
        for i in 0..500 {
            let mut state = race(i * 6 / 10, Phase::Computing, false);
            state.seconds = i as f64 / 100.0;
            playhead.advance(tick, &state);
        }
        let state = race(300, Phase::Computed, false);
        let mut seconds = 5.0;
        while !playhead.at_edge(&state) {
            playhead.advance(tick, &state);
            seconds += 0.01;
        }
        assert!((14.5..=15.5).contains(&seconds), "{seconds}");
    }

    #[test]
    fn what_lies_beyond_the_playhead_is_not_known() {
        let state = race(2000, Phase::Computed, true);
        let at = |at: f64| Mark {
            pace: Pace::Iterations,
            at,
        };
        let [rmsprop, adam] = [&state.snapshot.racers[3], &state.snapshot.racers[4]];
        let seen = at(115.9).see(adam);
        assert_eq!(
            (seen.latest.step, seen.convergence, seen.outcome),
            (115, None, None)
        );
        let seen = at(116.0).see(adam);
        assert_eq!(seen.convergence.map(|e| e.step), Some(116));
        assert_eq!(seen.outcome, Some(&Outcome::Converged));
        assert_eq!(at(DIVERGED as f64 - 0.1).see(rmsprop).outcome, None);
        let outcome = at(DIVERGED as f64).see(rmsprop).outcome;
        assert_eq!(outcome.map(Outcome::word), Some("diverged"));
        assert_eq!(at(0.0).past(adam).len(), 1);
    }

    #[test]
    fn scrubbing_and_counting_otherwise_keep_to_the_way() {
        let state = race(2000, Phase::Computed, false);
        let mut playhead = Playhead::new(Pace::Iterations);
        playhead.scrub(0.1, &state);
        assert_eq!(playhead.mark().at, 30.0);
        playhead.scrub(-0.5, &state);
        assert_eq!(playhead.mark().at, 0.0);
        playhead.scrub(9.0, &state);
        assert!(playhead.at_edge(&state));
        playhead.count_by(Pace::Samples, &state);
        assert_eq!(playhead.mark().at, 258_660.0, "the end stays the end");
        playhead.scrub(-0.5, &state);
        playhead.count_by(Pace::Time, &state);
        assert!(
            (playhead.mark().at - 0.015).abs() < 1e-12,
            "half way is half way"
        );
        playhead.restart();
        playhead.count_by(Pace::Iterations, &state);
        assert_eq!(playhead.mark().at, 0.0);
    }

    #[test]
    fn steps_go_from_evaluation_to_evaluation_of_any_racer() {
        let run = |every: usize| {
            let steps = (0..=12).step_by(every);
            let trace: Vec<_> = steps.map(|step| evaluation(step, step, 1.0)).collect();
            progress(&trace, None)
        };
        let racers = vec![run(4), run(6)];
        let state = fixture::state(&["a", "b"], racers, 0.1, Phase::Computed);
        let mut playhead = Playhead::new(Pace::Iterations);
        let mut seen = Vec::new();
        while playhead.step(&state.snapshot) {
            seen.push(playhead.mark().at);
        }
        assert_eq!(seen, [4.0, 6.0, 8.0, 12.0]);
        seen.clear();
        while playhead.step_back(&state.snapshot) {
            seen.push(playhead.mark().at);
        }
        assert_eq!(seen, [8.0, 6.0, 4.0, 0.0]);
    }
}
