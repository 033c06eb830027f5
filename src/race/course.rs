//! What surrounds a racer, and how far that carries it: a step, an evaluation, and the replay of an
//! interval to find the very step that met the target. What it means is decided elsewhere.

use std::sync::Arc;

use ndarray::{Array1, ArrayView1, Zip};
use smallvec::SmallVec;

use crate::math::{self, Real};
use crate::optim::{Build, Method, Optimizer, Regime, Rule, Settings, Show};
use crate::problem::batches::Batches;
use crate::problem::oracle::{Cost, Oracle};
use crate::problem::{Batch, Part, Problem, Work};
use crate::race::finish::Rules;
use crate::race::trace::Evaluation;
use crate::scenario::{Entrant, Fork};

mod glide;

/// Intervals between evaluations of up to so many steps are replayed step by step, longer ones by
/// bisection.
const SCANNED: u64 = 16;

/// What a step changes, and so what must be kept to come back to it.
pub struct State<F: Real> {
    /// Steps taken.
    pub step: u64,
    /// The parameters, shape (dim).
    pub w: Array1<F>,
    /// The update rule with its memory.
    optimizer: Box<dyn Optimizer<F>>,
    /// What its gradients have cost.
    pub cost: Cost,
}

impl<F: Real> Clone for State<F> {
    fn clone(&self) -> Self {
        let (w, optimizer) = (self.w.clone(), self.optimizer.boxed());
        Self {
            step: self.step,
            w,
            optimizer,
            cost: self.cost,
        }
    }
}

/// What surrounds a racer: the slope, its batches, its rules, and buffers.
pub struct Course<F: Real> {
    /// The slope.
    pub problem: Arc<dyn Problem<F>>,
    /// Whether it is a surface.
    pub surface: bool,
    /// What the racer is judged by.
    pub rules: Rules,
    /// How it steps, in the order of the steps: one leg, and one more for each fork.
    legs: Vec<Leg<F>>,
    gradient: Array1<F>,
    /// How long the gradient was before it was clipped, where it may be.
    norm: Option<f64>,
    /// The parameters before the step, where they decay.
    before: Array1<F>,
    work: Work<F>,
}

/// How a racer steps from some step on.
pub struct Leg<F> {
    /// The last step before.
    after: u64,
    /// What it steps by.
    pub optimizer: Method,
    /// Its learning rate: the peak of its schedule.
    learning_rate: F,
    /// What is around its rule.
    pub regime: Regime,
    /// All its other hyperparameters.
    pub settings: Settings,
    batches: Batches,
}

impl<F: Build> Course<F> {
    /// The course of `racer` on `problem`. `surface` says that positions are to be recorded.
    pub fn new(
        problem: Arc<dyn Problem<F>>,
        surface: bool,
        racer: &Entrant,
        rules: Rules,
        seed: u64,
    ) -> Self {
        let (examples, rows) = (problem.examples(), problem.rows());
        let leg = |fork: Fork| Leg {
            after: fork.after,
            optimizer: fork.optimizer,
            learning_rate: F::of(fork.learning_rate),
            regime: fork.regime,
            settings: fork.settings,
            batches: Batches::new(seed, examples, rows, fork.batch.unwrap_or(examples)),
        };
        let legs: Vec<_> = racer.legs().into_iter().map(leg).collect();
        let decays = legs.iter().any(|leg| leg.regime.weight_decay > 0.0);
        Self {
            surface,
            rules,
            gradient: Array1::zeros(problem.dim()),
            norm: None,
            before: Array1::zeros(if decays { problem.dim() } else { 0 }),
            legs,
            work: problem.work(),
            problem,
        }
    }

    /// `racer` before its first step.
    pub fn start(&self, racer: &Entrant) -> State<F> {
        let w = self.problem.start();
        State {
            step: 0,
            optimizer: racer.optimizer.build(&racer.settings, w.len()),
            w,
            cost: Cost::default(),
        }
    }

    /// One step of `state`. Returns how many examples it went over (1 on a surface).
    pub fn step(&mut self, state: &mut State<F>) -> u64 {
        state.step += 1;
        let leg = reached(&mut self.legs, state);
        let (learning_rate, regime) = (leg.rate(state.step), leg.regime);
        let batch = leg.batches.batch(state.step);
        let before = state.cost.samples;
        let (gradient, work) = (&mut self.gradient, &mut self.work);
        let mut oracle = Oracle::new(&*self.problem, batch, gradient, work, &mut state.cost);
        if let Some(most) = regime.clip_norm {
            oracle = oracle.clipped(most, &mut self.norm);
        }
        let decays = regime.weight_decay > 0.0;
        if decays {
            self.before.assign(&state.w);
        }
        state
            .optimizer
            .step(state.w.view_mut(), learning_rate, &mut oracle);
        if decays {
            let share = learning_rate * F::of(regime.weight_decay);
            let decay = |w: &mut F, &before: &F| *w -= share * before;
            Zip::from(&mut state.w).and(&self.before).for_each(decay);
        }
        if self.surface {
            1
        } else {
            state.cost.samples - before
        }
    }

    /// The gradient that the last step asked for last, shape (dim).
    pub fn gradient(&self) -> ArrayView1<'_, F> {
        self.gradient.view()
    }

    /// The norm of that gradient, of the step of this number, before it was clipped.
    pub fn norm(&self, step: u64) -> f64 {
        let clips = self.leg(step).regime.clip_norm.is_some();
        let known = self.norm.filter(|_| clips);
        known.unwrap_or_else(|| math::norm(self.gradient.view()))
    }

    /// Whether gradients may be clipped on the way.
    pub fn clips(&self) -> bool {
        self.legs.iter().any(|leg| leg.regime.clip_norm.is_some())
    }

    /// How the step of this number, from 1, is taken.
    pub fn leg(&self, step: u64) -> &Leg<F> {
        &self.legs[self.legs.partition_point(|leg| leg.after < step.max(1)) - 1]
    }

    /// The rule that the last step of `state` went by for the parameter `index`.
    pub fn rule(&self, state: &State<F>, index: usize) -> Rule {
        let leg = self.leg(state.step);
        let own = state.optimizer.rule(index);
        own.unwrap_or_else(|| leg.optimizer.rule(&leg.settings))
    }

    /// Hands what goes on inside of the optimizer of `state` to `show`.
    pub fn internals(&self, state: &State<F>, show: &mut dyn Show<F>) {
        let learning_rate = self.leg(state.step).rate(state.step);
        state.optimizer.internals(learning_rate, show);
    }

    /// Whether the state after `step` steps is to be evaluated.
    pub fn due(&self, step: u64) -> bool {
        let Rules {
            evaluate_every,
            steps,
            ..
        } = self.rules;
        evaluate_every == 1 || step.is_multiple_of(evaluate_every) || step == steps
    }

    /// What has become of the parameters, if they are no numbers any more.
    pub fn broken(&self, state: &State<F>) -> Option<&'static str> {
        if !math::all_finite(self.gradient.view()) {
            Some("the gradient is not finite")
        } else if !math::all_finite(state.w.view()) {
            Some("a parameter is not finite")
        } else {
            None
        }
    }

    /// Evaluates `state`; `seconds` are on its clock.
    pub fn evaluate(&mut self, state: &State<F>, seconds: f64) -> Evaluation {
        let w = state.w.view();
        let train = self.problem.evaluate(w, Part::Train, &mut self.work);
        let train = train.expect("every problem has a training part");
        let test = self.problem.evaluate(w, Part::Test, &mut self.work);
        Evaluation {
            step: state.step,
            samples: state.cost.samples,
            seconds,
            loss: train.loss,
            accuracy: train.accuracy,
            test_loss: test.map(|test| test.loss),
            test_accuracy: test.and_then(|test| test.accuracy),
            gradient_norm: (state.step > 0).then(|| self.norm(state.step)),
            position: if self.surface {
                position(w)
            } else {
                SmallVec::new()
            },
        }
    }

    /// Finds the first step that meets the target between `from`, which was evaluated as `unmet`,
    /// and the evaluation `met`. Returns the state there.
    pub fn replay(
        &mut self,
        from: State<F>,
        unmet: &Evaluation,
        met: &Evaluation,
    ) -> (State<F>, Evaluation) {
        let (first, last) = (from.step, met.step);
        let seconds = |step: u64| {
            let share = (step - first) as f64 / (last - first) as f64;
            unmet.seconds + share * (met.seconds - unmet.seconds)
        };
        let (mut low, mut high) = (from, last);
        loop {
            let gap = high - low.step;
            let stride = if last - first <= SCANNED {
                1
            } else {
                (gap / 2).max(1)
            };
            let mut probe = low.clone();
            for _ in 0..stride {
                self.step(&mut probe);
            }
            let evaluation = self.evaluate(&probe, seconds(probe.step));
            if probe.step == last || (self.rules.met(&evaluation) && stride == 1) {
                return (probe, evaluation);
            }
            if self.rules.met(&evaluation) {
                high = probe.step;
            } else {
                low = probe;
            }
        }
    }

    /// The norm of the full gradient at `w`, without noise.
    pub fn full_gradient(&mut self, w: &Array1<F>) -> f64 {
        let mut g = Array1::zeros(w.len());
        self.problem
            .gradient(w.view(), Batch::All, g.view_mut(), &mut self.work);
        math::norm(g.view())
    }
}

impl<F: Real> Leg<F> {
    /// The learning rate of the step of this number.
    pub fn rate(&self, step: u64) -> F {
        if self.regime.schedule.is_constant() {
            return self.learning_rate;
        }
        F::of(self.regime.schedule.rate(self.learning_rate.get(), step))
    }
}

/// The leg of the step that `state` is about to take. With its first step the optimizer goes over
/// to it: the same one keeps its memory, another begins without any.
fn reached<'a, F: Build>(legs: &'a mut [Leg<F>], state: &mut State<F>) -> &'a mut Leg<F> {
    let place = legs.partition_point(|leg| leg.after < state.step) - 1;
    if place > 0 && state.step == legs[place].after + 1 {
        let leg = &legs[place];
        if leg.optimizer == legs[place - 1].optimizer {
            state.optimizer.adopt(&leg.settings);
        } else {
            state.optimizer = leg.optimizer.build(&leg.settings, state.w.len());
        }
    }
    &mut legs[place]
}

/// The parameters as a position. Two at most are kept in place; more would be allocated.
pub fn position<F: Real>(w: ArrayView1<'_, F>) -> SmallVec<[f64; 2]> {
    match w.len() {
        1 => SmallVec::from_buf_and_len([w[0].get(), 0.0], 1),
        2 => SmallVec::from_buf([w[0].get(), w[1].get()]),
        _ => w.iter().map(|w| w.get()).collect(),
    }
}
