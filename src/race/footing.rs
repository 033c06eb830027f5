//! What all racers from one start have under them: the slope, and what is found at the start. To look
//! there costs a pass over all examples, so who needs it first looks for everybody.

use std::sync::{Arc, OnceLock};

use crate::math::Real;
use crate::problem::Problem;
use crate::race::snapshot::Outcome;
use crate::race::trace::Evaluation;

/// A slope and its start.
pub struct Footing<F: Real> {
    /// The slope.
    pub problem: Arc<dyn Problem<F>>,
    /// Whether it is a surface.
    pub surface: bool,
    evaluation: OnceLock<Result<Evaluation, Outcome>>,
    norm: OnceLock<f64>,
}

impl<F: Real> Footing<F> {
    /// The footing of `problem`. `surface` says that positions are to be recorded and that an
    /// evaluation costs no more than reading a clock.
    pub fn new(problem: Arc<dyn Problem<F>>, surface: bool) -> Self {
        Self {
            problem,
            surface,
            evaluation: OnceLock::new(),
            norm: OnceLock::new(),
        }
    }

    /// The evaluation of the start, which `look` makes where nobody has.
    ///
    /// # Errors
    /// How racers end there that cannot be evaluated.
    pub fn evaluation(
        &self,
        look: impl FnOnce() -> Result<Evaluation, Outcome>,
    ) -> Result<Evaluation, Outcome> {
        known(&self.evaluation, look)
    }

    /// The norm of the full gradient at the start, without noise, which `look` makes where nobody
    /// has.
    pub fn norm(&self, look: impl FnOnce() -> f64) -> f64 {
        known(&self.norm, look)
    }
}

/// What is in `cell`, or else what `look` finds. Nobody waits for somebody else who is looking: a
/// thread that waits for a part of a pass may be given another racer's turn, which would then wait
/// for what lies below it. Two who look at the same time find the same.
fn known<T: Clone>(cell: &OnceLock<T>, look: impl FnOnce() -> T) -> T {
    if let Some(known) = cell.get() {
        return known.clone();
    }
    let found = look();
    cell.get_or_init(|| found).clone()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use ndarray::{Array1, ArrayView1, ArrayViewMut1};

    use super::*;
    use crate::problem::surface::Slope;
    use crate::problem::{Batch, Block, Part, Score, Work};
    use crate::race::finish::Rules;
    use crate::race::lane::{Lane, Racer};
    use crate::race::untimed;
    use crate::race::{slope, start};
    use crate::scenario::check::{Options, check};
    use crate::scenario::{Scenario, Task, shipped};

    /// A slope that counts what it is asked for.
    struct Counted {
        slope: Slope,
        evaluations: AtomicU64,
        full_gradients: AtomicU64,
    }

    impl Problem<f64> for Counted {
        fn blocks(&self) -> &[Block] {
            self.slope.blocks()
        }

        fn examples(&self) -> usize {
            self.slope.examples()
        }

        fn rows(&self) -> usize {
            self.slope.rows()
        }

        fn start(&self) -> Array1<f64> {
            self.slope.start()
        }

        fn work(&self) -> Work<f64> {
            self.slope.work()
        }

        fn gradient(
            &self,
            w: ArrayView1<'_, f64>,
            batch: Batch<'_>,
            g: ArrayViewMut1<'_, f64>,
            work: &mut Work<f64>,
        ) {
            let is_full = u64::from(matches!(batch, Batch::All));
            self.full_gradients.fetch_add(is_full, Ordering::Relaxed);
            self.slope.gradient(w, batch, g, work);
        }

        fn gradient_and_loss(
            &self,
            w: ArrayView1<'_, f64>,
            batch: Batch<'_>,
            g: ArrayViewMut1<'_, f64>,
            work: &mut Work<f64>,
        ) -> f64 {
            self.slope.gradient_and_loss(w, batch, g, work)
        }

        fn evaluate(
            &self,
            w: ArrayView1<'_, f64>,
            part: Part,
            work: &mut Work<f64>,
        ) -> Option<Score> {
            let is_pass = u64::from(part == Part::Train);
            self.evaluations.fetch_add(is_pass, Ordering::Relaxed);
            self.slope.evaluate(w, part, work)
        }
    }

    /// Five racers, none of whom comes to the target; all but one take small batches.
    fn scenario() -> Scenario {
        let source = shipped::find("beale").expect("it ships").source();
        let set = [
            "finish.loss=-1",
            "finish.steps=6",
            "finish.evaluate_every=3",
        ];
        let options = Options {
            set: set.map(str::to_owned).to_vec(),
            ..Options::default()
        };
        check(&source, &options).expect("it is valid")
    }

    #[test]
    fn who_looks_at_the_start_looks_for_everybody() {
        let scenario = scenario();
        let Task::Surface(task) = &scenario.task else {
            panic!("beale is a surface")
        };
        let footing = || {
            let counted = Arc::new(Counted {
                slope: slope(&scenario, task, start(task, &scenario.racers[0])),
                evaluations: AtomicU64::new(0),
                full_gradients: AtomicU64::new(0),
            });
            // As a network is run: nobody glides over steps.
            (
                Footing::new(Arc::clone(&counted) as Arc<dyn Problem<f64>>, false),
                counted,
            )
        };
        let run = |footing: &Arc<Footing<f64>>, i: usize| {
            let racer = &scenario.racers[i];
            let rules = Rules::new(&scenario, racer);
            let mut lane = Racer::new(Arc::clone(footing), racer, rules, 0, untimed());
            lane.advance(u64::MAX);
            let progress = lane.progress();
            let points = progress.trace.points().iter();
            let losses: Vec<u64> = points.map(|point| point.loss.to_bits()).collect();
            (losses, progress.outcome.clone(), progress.samples)
        };
        let counts = |counted: &Counted| {
            [&counted.evaluations, &counted.full_gradients].map(|n| n.load(Ordering::Relaxed))
        };
        let (shared, together) = footing();
        let shared = Arc::new(shared);
        let (mut alone, mut found) = ([0, 0], vec![]);
        for i in 0..scenario.racers.len() {
            let (own, counted) = footing();
            found.push(run(&Arc::new(own), i));
            assert_eq!(found[i], run(&shared, i), "racer {i}");
            let [evaluations, gradients] = counts(&counted);
            alone = [alone[0] + evaluations, alone[1] + gradients];
        }
        let spared = scenario.racers.len() as u64 - 1;
        assert_eq!(counts(&together), alone.map(|n| n - spared));
        assert!(
            found
                .iter()
                .all(|racer| matches!(racer.1, Some(Outcome::Limit { .. })))
        );
    }
}
