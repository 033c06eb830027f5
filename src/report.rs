//! Results as bytes: a table for people, JSON and CSV for programs, Markdown for documents.
//!
//! All four write the same [`Results`], which come from a snapshot alone, so a live race, one that
//! was stopped, and a recording are reported alike. Nothing here prints, or knows a terminal.

use std::cmp::Ordering;

use crate::optim::Setting;
use crate::race::snapshot::{Entered, Forked, Meta, Outcome, Progress, Snapshot};
use crate::race::standing::{Scoreboard, standings};
use crate::race::trace::Evaluation;
use crate::scenario::Target;
use crate::stats::Summary;
use crate::stats::distribution::Distribution;
use crate::stats::lead::{Lead, compare};
use crate::sweep::Sweep;
use crate::sweep::band::Band;

pub mod cast;
mod columns;
pub mod comparison;
mod csv;
pub mod curves;
mod json;
pub mod kept;
pub mod lead;
mod markdown;
pub mod modes;
pub mod same;
mod table;
pub mod tuning;

#[cfg(test)]
mod tests;

pub use columns::EXPECTED;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// Aligned columns for people.
    #[default]
    Table,
    /// One object, versioned: `slalom.result/1`.
    Json,
    /// A header and a row a racer.
    Csv,
    /// A table for documents.
    Markdown,
}

/// What came out of a race, or of the same race on several seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// slalom's version that ran the race.
    pub version: String,
    /// The scenario's short name.
    pub name: String,
    /// The scenario's title.
    pub title: String,
    /// SHA-256 of the resolved scenario, in hexadecimal.
    pub digest: String,
    /// Changes made to the scenario's text by `--set`.
    pub set: Vec<String>,
    /// Racers that `--add` entered.
    pub add: Vec<String>,
    /// How it departed from its scenario's file, in words, if it did.
    pub departure: Option<String>,
    /// The seed, the first of several.
    pub seed: u64,
    /// What was to be reached.
    pub target: Target,
    /// For how many evaluations in a row.
    pub hold: u64,
    /// The most steps any racer could take.
    pub limit: u64,
    /// What a full gradient costs in samples.
    pub examples: u64,
    /// Whether features stayed in their file while racers learned from them.
    pub streamed: bool,
    /// Whether it was a race on a surface, where there are no epochs.
    pub surface: bool,
    /// One row a racer, in the order of ranks by iterations.
    pub racers: Vec<Row>,
    /// What the leader's lead over several seeds is worth, with the indices of rows; none where
    /// nobody leads, and on one seed.
    pub lead: Option<Lead>,
    /// How many seeds there were to be, if it was a race on several.
    pub planned: Option<usize>,
    /// What was to be reached on each of several seeds, the last the finish line.
    pub targets: Vec<f64>,
}

/// What came out of it for one racer; on several seeds, for its first seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub label: String,
    /// Its optimizer's name in the registry, or [`Method::WRITTEN`](crate::optim::Method::WRITTEN).
    pub optimizer: String,
    /// The lines of its rule, where the scenario gives it.
    pub rule: Vec<String>,
    /// All hyperparameters, the learning rate first.
    pub hyperparameters: Vec<(String, Setting)>,
    /// The examples of a gradient.
    pub batch: Batch,
    /// Steps between its evaluations.
    pub evaluate_every: u64,
    /// What it went over to in the midst of the race.
    pub forks: Vec<Forked>,
    /// Its rank by iterations, from 1.
    pub rank: usize,
    /// How it ended; `None` if the race was stopped before.
    pub outcome: Option<Outcome>,
    /// The first step that met the target, held or not.
    pub first_hit: Option<u64>,
    /// Its counts at the convergence; `None` if it did not converge.
    pub to_converge: Option<Counts>,
    /// All steps it took.
    pub steps: u64,
    /// All gradients of single examples.
    pub samples: u64,
    /// All gradients.
    pub gradient_evaluations: u64,
    /// Gradients that were clipped; `None` where none may be.
    pub clipped: Option<u64>,
    /// All seconds on its own clock.
    pub seconds: f64,
    /// The loss at its start.
    pub initial_loss: f64,
    /// The loss where it stopped.
    pub final_loss: f64,
    /// The lowest loss.
    pub best_loss: f64,
    /// The loss on the test part where it stopped.
    pub test_loss: Option<f64>,
    /// The accuracy on the test part where it stopped, 0..1.
    pub test_accuracy: Option<f64>,
    /// Its runs on several seeds.
    pub seeds: Option<Summary>,
    /// Its median curve over these seeds.
    pub curve: Option<Band>,
    /// Its iterations to the targets over these seeds.
    pub distribution: Option<Distribution>,
}

/// The examples of one gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batch {
    /// All, by the nature of the optimizer.
    Full,
    /// All, by choice.
    All,
    /// So many.
    Mini(u64),
}

/// What it took to converge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    /// Steps.
    pub iterations: u64,
    /// Gradients of single examples.
    pub samples: u64,
    /// Samples over examples; none on surfaces.
    pub epochs: Option<f64>,
    /// Seconds on the racer's own clock.
    pub seconds: f64,
}

impl Results {
    /// The results of one race, so far if it is not over.
    pub fn new(snapshot: &Snapshot) -> Self {
        let meta = &snapshot.meta;
        let places = standings(snapshot, Scoreboard::Iterations);
        let racers = places.iter().map(|place| {
            let entered = &meta.racers[place.racer];
            row(meta, entered, &snapshot.racers[place.racer], place.rank)
        });
        Self {
            version: meta.version.clone(),
            name: meta.name.clone(),
            title: meta.title.clone(),
            digest: meta.digest.clone(),
            set: meta.set.clone(),
            add: meta.add.clone(),
            departure: meta.departure(),
            seed: meta.seed,
            target: meta.target,
            hold: meta.hold,
            limit: meta.limit,
            examples: meta.examples,
            streamed: meta.streamed,
            surface: meta.surface,
            racers: racers.collect(),
            lead: None,
            planned: None,
            targets: vec![],
        }
    }

    /// The results on several seeds; of the first alone where no seed was raced to the end.
    pub fn of_seeds(sweep: &Sweep) -> Self {
        let mut results = Self::new(&sweep.first);
        if sweep.seeds() > 0 {
            let places = standings(&sweep.first, Scoreboard::Iterations);
            for (row, place) in results.racers.iter_mut().zip(places) {
                row.seeds = Some(Summary::new(&sweep.runs[place.racer]));
                row.curve = sweep.bands.get(place.racer).cloned().flatten();
                let distribution = sweep.distributions.get(place.racer);
                row.distribution = distribution.cloned().flatten();
            }
            results.targets.clone_from(&sweep.targets);
            results.planned = Some(sweep.planned as usize);
            results.rank_by_seeds();
            let seeds = results.racers.iter().filter_map(|row| row.seeds.as_ref());
            results.lead = Lead::new(&seeds.collect::<Vec<_>>(), sweep.nothing_varies);
        }
        results
    }

    /// Puts the racers in their order over all seeds; equals share a rank, and stand as on the first
    /// seed.
    fn rank_by_seeds(&mut self) {
        let order = |a: &Row, b: &Row| match (&a.seeds, &b.seeds) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        };
        self.racers.sort_by(order);
        let ranks = self.racers.iter().map(|row| {
            let ahead = |other: &&Row| order(other, row).is_lt();
            1 + self.racers.iter().filter(ahead).count()
        });
        let ranks: Vec<usize> = ranks.collect();
        for (row, rank) in self.racers.iter_mut().zip(ranks) {
            row.rank = rank;
        }
    }

    /// How many seeds were raced to the end, if it was a race on several.
    pub fn seeds(&self) -> Option<usize> {
        let seeds = self.racers.first()?.seeds.as_ref()?;
        Some(seeds.iterations.len())
    }

    /// Whether every racer converged, on every seed.
    pub fn all_converged(&self) -> bool {
        self.racers.iter().all(|row| match &row.seeds {
            Some(seeds) => seeds.successes == seeds.iterations.len(),
            None => row.to_converge.is_some(),
        })
    }

    /// The results written as `format`, with a line break at the end.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Table => table::write(self),
            Format::Json => json::write(self),
            Format::Csv => csv::write(self),
            Format::Markdown => markdown::write(self),
        }
    }

    /// What is left in the normal screen after the race was watched: at most eleven lines.
    pub fn short(&self) -> String {
        table::short(self)
    }
}

fn row(meta: &Meta, entered: &Entered, progress: &Progress, rank: usize) -> Row {
    let converged = progress.outcome == Some(Outcome::Converged);
    let convergence = progress.convergence.as_ref().filter(|_| converged);
    let start = progress.trace.points().first().unwrap_or(&progress.latest);
    Row {
        label: entered.label.clone(),
        optimizer: entered.optimizer.clone(),
        rule: entered.rule.clone(),
        hyperparameters: entered.hyperparameters.clone(),
        batch: match entered.batch {
            Some(batch) => Batch::Mini(batch),
            None if entered.full_batch => Batch::Full,
            None => Batch::All,
        },
        evaluate_every: entered.evaluate_every,
        forks: entered.forks.clone(),
        rank,
        outcome: progress.outcome.clone(),
        first_hit: progress.first_hit,
        to_converge: convergence.map(|at| counts(meta, at)),
        steps: progress.steps,
        samples: progress.samples,
        gradient_evaluations: progress.gradient_evaluations,
        clipped: progress.clipped,
        seconds: progress.seconds,
        initial_loss: start.loss,
        final_loss: progress.latest.loss,
        best_loss: progress.best_loss,
        test_loss: progress.latest.test_loss,
        test_accuracy: progress.latest.test_accuracy,
        seeds: None,
        curve: None,
        distribution: None,
    }
}

fn counts(meta: &Meta, at: &Evaluation) -> Counts {
    Counts {
        iterations: at.step,
        samples: at.samples,
        epochs: (!meta.surface).then(|| at.samples as f64 / meta.examples as f64),
        seconds: at.seconds,
    }
}

impl Row {
    /// How it ended, in one word: an outcome's, or `running`.
    pub fn word(&self) -> &'static str {
        self.outcome.as_ref().map_or("running", Outcome::word)
    }
}
