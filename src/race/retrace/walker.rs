//! One racer walked once more. Where the step looked at lies ahead it goes on from where it is, and
//! else from a checkpoint.

use std::array::from_fn;
use std::collections::VecDeque;
use std::sync::Arc;

use super::Glance;
use super::checkpoints::{Checkpoints, Place};
use super::look::{Clipping, Coordinate, Element, Inside, Look, Past, Spread, angle, name};
use crate::optim::{Build, Kind, Rule, Setting};
use crate::race::course::Course;
use crate::scenario::Entrant;

/// A walker whatever the float it computes in.
pub trait Walk: Send {
    /// See [`Retrace::look`](super::Retrace::look).
    fn look(&mut self, glance: Glance, go: &mut dyn FnMut(u64) -> bool) -> Option<Look>;
}

/// One racer on its way.
pub struct Walker<F: Build> {
    course: Course<F>,
    /// Names of the parameters, where they have some.
    names: Arc<[String]>,
    checkpoints: Checkpoints<F>,
    now: Place<F>,
    /// The parameter that `past` is of.
    coordinate: usize,
    /// Steps up to now without a gap; those that were asked for.
    past: VecDeque<Past>,
}

impl<F: Build> Walker<F> {
    /// `racer` at the start of `course`, with so many bytes for checkpoints.
    pub fn new(course: Course<F>, racer: &Entrant, names: Arc<[String]>, memory: usize) -> Self {
        let now = Place::start(course.start(racer));
        let mut inside = Inside::default();
        course.internals(&now.state, &mut inside);
        Self {
            checkpoints: Checkpoints::new(now.clone(), inside.vectors.len(), memory),
            course,
            names,
            now,
            coordinate: 0,
            past: VecDeque::new(),
        }
    }

    /// Makes ready for walking on to `step`, with the past of `coordinate` from `first` on: stays
    /// where it is, if that lies on the way, or goes to a checkpoint.
    fn set_out(&mut self, step: u64, first: u64, coordinate: usize) {
        let now = self.now.state.step;
        let known = self.past.front().map_or(now + 1, |past| past.step);
        let on_the_way = now < step && (now < first || known <= first);
        let checkpoint = self.checkpoints.before(first.saturating_sub(1));
        if !on_the_way || coordinate != self.coordinate || now < checkpoint.state.step {
            self.now = checkpoint.clone();
            self.past.clear();
        }
        self.coordinate = coordinate;
    }

    /// One step, kept as past if it is the `first` or later.
    fn advance(&mut self, first: u64) {
        self.course.step(&mut self.now.state);
        let [before, step] = [self.now.state.step - 1, self.now.state.step];
        if before > 0 && self.course.leg(before).optimizer != self.course.leg(step).optimizer {
            // What another optimizer remembered has other names.
            self.past.iter_mut().for_each(Past::forget);
        }
        self.now.average(self.course.gradient());
        self.checkpoints.pass(&self.now);
        if self.now.state.step >= first {
            let index = self.coordinate;
            let mut element = Element::of(index);
            self.course.internals(&self.now.state, &mut element);
            self.past.push_back(Past {
                step: self.now.state.step,
                g: self.course.gradient()[index].get(),
                vectors: element.vectors,
                numbers: element.numbers,
                averages: from_fn(|i| self.now.averages[i][index].get()),
            });
        }
        while self.past.front().is_some_and(|past| past.step < first) {
            self.past.pop_front();
        }
    }

    /// What the rule's names stand for that are no vectors.
    fn numbers(&self, inside: &Inside) -> Vec<(String, f64)> {
        let leg = self.course.leg(self.now.state.step);
        let rate = leg.rate(self.now.state.step).get();
        let mut numbers = vec![("learning_rate".to_owned(), rate)];
        for (name, value) in &leg.settings.0 {
            if let Setting::Number(value) = value {
                numbers.push((name.to_string(), *value));
                let row = leg.optimizer.hyperparameter(name);
                if row.is_none_or(|row| matches!(row.kind, Kind::Number { high: 1.0, .. })) {
                    numbers.push((format!("1 - {name}"), 1.0 - value));
                }
            }
        }
        let shown = inside.numbers.iter();
        numbers.extend(shown.cloned());
        if leg.regime.weight_decay > 0.0 {
            numbers.push(("weight_decay".to_owned(), leg.regime.weight_decay));
        }
        numbers
    }

    fn inside(&self) -> Inside {
        let mut inside = Inside {
            parameters: self.now.state.w.len(),
            ..Inside::default()
        };
        self.course.internals(&self.now.state, &mut inside);
        inside
    }

    /// What the last step was like, which began at `before` with this `inside`.
    fn found(&self, racer: usize, before: (&[f64], &Inside)) -> Look {
        let (w, inside) = before;
        let after = self.inside();
        let now = &self.now.state;
        let g = self.course.gradient();
        let parameters = w.len();
        let step = |i: usize| now.w[i].get() - w[i];
        let coordinate = |index: usize| Coordinate {
            index,
            name: self.name(index),
            g: g[index].get(),
            w: [w[index], now.w[index].get()],
            vectors: after
                .vectors
                .iter()
                .map(|(name, after)| (name.clone(), [inside.at(name, index), after[index]]))
                .collect(),
            rate: after.rates.get(index).copied(),
        };
        let shown = if self.course.surface {
            0..parameters
        } else {
            self.coordinate..self.coordinate + 1
        };
        let mut spreads = vec![Spread::of("g", g.iter().map(|g| g.get()))];
        for (name, values) in &after.vectors {
            spreads.push(Spread::of(name, values.iter().copied()));
        }
        if !after.rates.is_empty() {
            spreads.push(Spread::of("rate", after.rates.iter().copied()));
        }
        spreads.push(Spread::of("step", (0..parameters).map(step)));
        Look {
            racer,
            step: now.step,
            rule: self.rule(),
            numbers: self.numbers(&after),
            decays: self.decays(now.step),
            clipping: self.clipping(),
            parameters,
            coordinate: self.coordinate,
            coordinates: shown.map(coordinate).collect(),
            spreads,
            angle: angle((0..parameters).map(|i| [step(i), -g[i].get()])),
            past: self.past.iter().cloned().collect(),
        }
    }

    /// Whether parameters decay in a step.
    fn decays(&self, step: u64) -> bool {
        self.course.leg(step).regime.weight_decay > 0.0
    }

    /// What clipping has done up to now.
    fn clipping(&self) -> Option<Clipping> {
        let now = &self.now.state;
        Some(Clipping {
            norm: self.course.norm(now.step),
            most: self.course.leg(now.step).regime.clip_norm?,
            clipped: now.cost.clipped,
        })
    }

    /// The rule of the last step, for the parameter that is looked at.
    fn rule(&self) -> Rule {
        self.course.rule(&self.now.state, self.coordinate)
    }

    fn name(&self, index: usize) -> String {
        name(index, &self.names, self.course.problem.blocks())
    }

    /// Before the first step.
    fn nothing_yet(&self, glance: Glance) -> Look {
        let leg = self.course.leg(1);
        Look {
            racer: glance.racer,
            step: 0,
            rule: leg.optimizer.rule(&leg.settings),
            numbers: Vec::new(),
            decays: self.decays(1),
            clipping: None,
            parameters: self.now.state.w.len(),
            coordinate: glance.coordinate.unwrap_or(0),
            coordinates: Vec::new(),
            spreads: Vec::new(),
            angle: None,
            past: Vec::new(),
        }
    }

    /// The parameter with the largest gradient.
    fn steepest(&self) -> usize {
        let sizes = self.course.gradient();
        let sizes = sizes.iter().map(|g| g.get().abs()).enumerate();
        let largest = sizes.reduce(|a, b| if b.1 > a.1 { b } else { a });
        largest.map_or(0, |(index, _)| index)
    }
}

impl<F: Build> Walk for Walker<F> {
    fn look(&mut self, glance: Glance, go: &mut dyn FnMut(u64) -> bool) -> Option<Look> {
        let step = glance.step;
        if step == 0 {
            return Some(self.nothing_yet(glance));
        }
        let first = (step + 1).saturating_sub(glance.window).max(1);
        let coordinate = glance.coordinate.unwrap_or(self.coordinate);
        self.set_out(step, first, coordinate);
        while self.now.state.step + 1 < step {
            if !go(self.now.state.step) {
                return None;
            }
            self.advance(first);
        }
        let w: Vec<f64> = self.now.state.w.iter().map(|w| w.get()).collect();
        let inside = self.inside();
        self.advance(first);
        if glance.coordinate.is_none() {
            let coordinate = Some(self.steepest());
            return self.look(
                Glance {
                    coordinate,
                    ..glance
                },
                go,
            );
        }
        Some(self.found(glance.racer, (&w, &inside)))
    }
}
