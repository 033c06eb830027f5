//! What a racer runs with, as the board says it.

use crate::optim::{Schedule, Setting};
use crate::race::snapshot::Entered;
use crate::tui::view::board::rates::peak;
use crate::tui::view::number::{count, short};

/// The learning rate of the step that was taken last, or of the first.
pub fn rate(entered: &Entered, step: u64) -> Option<f64> {
    let peak = peak(entered)?;
    let schedule = Schedule::among(&entered.hyperparameters);
    if schedule.is_constant() {
        return Some(peak);
    }
    let rate = schedule.rate(peak, step);
    Some(format!("{rate:.2e}").parse().unwrap_or(rate))
}

/// All settings of a racer, in words.
pub fn settings(entered: &Entered) -> String {
    let part = |name: &str| name.rsplit('.').next().map(str::to_owned);
    let named = entered.hyperparameters.iter();
    let named = named.filter_map(|(name, setting)| Some((part(name)?, setting)));
    let named = named.map(|(name, setting)| match setting {
        Setting::Number(value) => format!("{name} {}", short(*value)),
        Setting::Switch(true) => name,
        Setting::Switch(false) => format!("no {name}"),
        Setting::Word(word) => format!("{name} {word}"),
    });
    let batch = match entered.batch {
        Some(batch) if !entered.full_batch => format!("batch {}", count(batch)),
        _ => "all examples".to_owned(),
    };
    let words: Vec<String> = named.chain([batch]).collect();
    words.join(", ").replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;

    #[test]
    fn the_rate_is_that_of_the_step_and_its_schedule_is_told() {
        let source = shipped::find("beale").expect("it ships").source();
        let set = [
            "finish.steps=2000",
            "racer.sgd.learning_rate.schedule=cosine",
            "racer.sgd.learning_rate.warmup=4",
            "racer.sgd.learning_rate.peak=0.2",
            "racer.sgd.clip_norm=5",
            "racer.sgd.weight_decay=0.01",
        ];
        let options = Options {
            set: set.map(str::to_owned).to_vec(),
            ..Options::default()
        };
        let scenario = check(&source, &options).expect("it is valid");
        let race = crate::tui::fixture::raced(&scenario, 0.001);
        let [gd, sgd] = [0, 1].map(|i| &race.snapshot.meta.racers[i]);
        assert_eq!([0, 1, 900].map(|step| rate(gd, step)), [Some(0.0464); 3]);
        let rates = [0, 2, 4, 1002].map(|step| rate(sgd, step));
        assert_eq!(rates, [0.05, 0.1, 0.2, 0.1].map(Some));
        assert_eq!(settings(gd), "learning rate 0.0464, all examples");
        assert_eq!(
            settings(sgd),
            "learning rate 0.2, schedule cosine, warmup 4, steps 2000, end factor 0, clip norm 5, \
             weight decay 0.01, batch 1"
        );
    }
}
