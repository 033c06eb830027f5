//! The next sensible value of whatever can be changed.

use super::around::{next_clip, next_decay};
use super::field::{self, Key, Part};
use super::{Edit, ladder};
use crate::optim::schedule::SCHEDULES;
use crate::optim::{Kind, Method, REGISTRY, Setting};
use crate::scenario::{Entrant, Metric, Task};
use crate::text::short;

impl Edit {
    /// Goes on to the next sensible value of `key`; nothing where there is none.
    ///
    /// # Errors
    /// Why it cannot be that; everything stays as it was.
    pub fn step(&mut self, key: Key, up: bool) -> Result<(), String> {
        match self.next(key, up) {
            Some(text) => self.set(key, &text),
            None => Ok(()),
        }
    }

    fn next(&self, key: Key, up: bool) -> Option<String> {
        let target = self.now.finish.target;
        if let Some(i) = key.coordinate() {
            let at = *self.start(key)?.get(i)?;
            return Some(short(ladder::place(at, self.span(i), up)));
        }
        let racer = key.racer().map(|racer| &self.now.racers[racer]);
        match (key, racer) {
            (Key::Seed, _) => {
                let seed = self.now.seed;
                let next = if up {
                    seed.checked_add(1)
                } else {
                    seed.checked_sub(1)
                };
                next.map(|seed| seed.to_string())
            }
            (Key::Target, _) if target.metric == Metric::Loss => {
                ladder::thirds(target.value, up).map(short)
            }
            (Key::Target, _) => {
                let percent = (100.0 * target.value).round() + if up { 1.0 } else { -1.0 };
                Some(short(percent / 100.0))
            }
            (Key::Racer(index, part), Some(racer)) => self.next_of(index, racer, part, up),
            _ => None,
        }
    }

    fn next_of(&self, index: usize, racer: &Entrant, part: Part, up: bool) -> Option<String> {
        match part {
            Part::Optimizer => {
                let mut ids: Vec<&str> = REGISTRY.iter().map(|entry| entry.id).collect();
                let own = self.before.racers[index].optimizer.written();
                ids.extend(own.map(|_| Method::WRITTEN));
                around(&ids, racer.optimizer.id(), up)
            }
            Part::Schedule => {
                let ids: Vec<&str> = SCHEDULES.iter().map(|row| row.id).collect();
                around(&ids, racer.regime.schedule.row().id, up)
            }
            Part::ClipNorm => next_clip(racer.regime.clip_norm, up),
            Part::WeightDecay => next_decay(racer.regime.weight_decay, up),
            Part::LearningRate => ladder::thirds(racer.learning_rate, up).map(short),
            Part::Batch => {
                let all = self.now.examples();
                let next = ladder::batch(racer.batch.unwrap_or(all), all, up)?;
                Some(field::batch(Some(next).filter(|next| *next < all)))
            }
            Part::Hyperparameter(i) => {
                let (name, setting) = racer.settings.0.get(i)?;
                let row = racer.optimizer.hyperparameter(name);
                match (row.map(|row| &row.kind), setting) {
                    (Some(Kind::Number { high, .. }), Setting::Number(x)) if high.is_finite() => {
                        ladder::decay(*x, up).map(short)
                    }
                    (Some(_), Setting::Number(x)) => ladder::tiny(*x, up).map(short),
                    (None, Setting::Number(x)) => ladder::any(*x, up).map(short),
                    (_, Setting::Switch(on)) => Some((!on).to_string()),
                    (Some(Kind::Choice { words }), Setting::Word(word)) => around(words, word, up),
                    (_, Setting::Word(_)) => None,
                }
            }
            Part::Start(_) => None,
        }
    }

    /// How much of a variable the picture of the surface shows.
    fn span(&self, i: usize) -> f64 {
        let Task::Surface(task) = &self.now.task else {
            return 1.0;
        };
        let view = task.view.and_then(|view| view.get(i).copied());
        let own = task.function.view();
        let [low, high] = view.unwrap_or([-own, own]);
        if high > low { high - low } else { 10.0 }
    }
}

/// The word after (or before) `word`; the first after the last.
fn around(words: &[&str], word: &str, up: bool) -> Option<String> {
    let place = words.iter().position(|known| *known == word)?;
    let next = place + if up { 1 } else { words.len() - 1 };
    Some(words[next % words.len()].to_owned())
}
