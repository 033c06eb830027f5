//! Several results side by side: how near to the best each racer is over all workloads, by
//! performance profile and time-to-target score. A racer is known by its label and optimizer; its
//! settings may differ, since each workload has its own learning rates.
//!
//! The time is the median of iterations-to-converge over the seeds. Only racers that are in every
//! result are compared: a result without a racer says nothing about it, not even that it failed.

use super::Format;
use super::kept::{Kept, Racer};
use crate::stats::bootstrap::{self, Spread};
use crate::stats::profile::{ratios, score, time_to_target};

mod flips;
mod mismatch;
mod write;

/// Several results side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What was raced, in the order given.
    pub workloads: Vec<Workload>,
    /// The racers that are in all results, the best score first.
    pub racers: Vec<Compared>,
    /// Where the order flips, and what does not match, in sentences.
    pub remarks: Vec<String>,
}

/// One of the results.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Its scenario's name, with a number where another has the same.
    pub name: String,
    /// SHA-256 of the resolved scenario, in hexadecimal.
    pub digest: String,
    /// slalom's version that ran it.
    pub version: String,
    /// The seed, the first of several.
    pub seed: u64,
    /// How many seeds it was raced on.
    pub runs: usize,
}

/// A racer over all workloads.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Its name.
    pub label: String,
    /// Its optimizer's name in the registry.
    pub optimizer: String,
    /// Its median iterations-to-converge on each workload; `None` is never.
    pub times: Vec<Option<f64>>,
    /// The same over the best of the workload.
    pub ratios: Vec<Option<f64>>,
    /// Its time-to-target score, 0..1.
    pub score: f64,
    /// How far its score and its profile would move on other seeds; `None` where a workload has too few.
    pub spread: Option<Spread>,
}

impl Comparison {
    /// Compares `results`, of which there is one at least. `files` says how each is called beside
    /// others of the same scenario.
    ///
    /// # Errors
    /// If no racer is in all of them.
    pub fn new(results: &[Kept], files: &[String]) -> Result<Self, String> {
        let workloads = workloads(results, files);
        let in_all = |racer: &&Racer| results.iter().all(|result| find(result, racer).is_some());
        let everywhere: Vec<&Racer> = results[0].racers.iter().filter(in_all).collect();
        if everywhere.is_empty() {
            return Err(
                "no racer is in all of these results, by its label and optimizer".to_owned(),
            );
        }
        let times: Vec<Vec<Option<f64>>> = results
            .iter()
            .map(|result| {
                let racers = everywhere.iter();
                racers.map(|racer| time(find(result, racer)?)).collect()
            })
            .collect();
        let runs: Vec<Vec<Vec<Option<u64>>>> = results
            .iter()
            .map(|result| {
                let racers = everywhere.iter().filter_map(|racer| find(result, racer));
                racers.map(Racer::iterations).collect()
            })
            .collect();
        let runs = runs
            .iter()
            .map(|workload| workload.iter().map(Vec::as_slice).collect());
        let spread = bootstrap::spread(&runs.collect::<Vec<_>>());
        let over_best: Vec<_> = times.iter().map(|times| ratios(times)).collect();
        let of = |all: &[Vec<Option<f64>>], racer: usize| -> Vec<Option<f64>> {
            all.iter().map(|workload| workload[racer]).collect()
        };
        let compared = everywhere.iter().enumerate().map(|(i, racer)| {
            let ratios = of(&over_best, i);
            Compared {
                label: racer.label.clone(),
                optimizer: racer.optimizer.clone(),
                times: of(&times, i),
                score: score(&ratios),
                spread: spread.as_ref().map(|all| all[i].clone()),
                ratios,
            }
        });
        let mut racers: Vec<Compared> = compared.collect();
        racers.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut remarks = flips::remarks(&racers, &workloads);
        remarks.extend(unsolved(&racers, &workloads));
        remarks.extend(mismatch::remarks(results, &workloads));
        Ok(Self {
            workloads,
            racers,
            remarks,
        })
    }

    /// The comparison written as `format`, with a line break at the end; its JSON is an object of the
    /// format `slalom.comparison/1`.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Table => write::table(self),
            Format::Json => write::json(self),
            Format::Csv => write::csv(self),
            Format::Markdown => write::markdown(self),
        }
    }
}

/// The workloads that tell nobody from another, since all times there are never.
fn unsolved(racers: &[Compared], workloads: &[Workload]) -> Option<String> {
    let never = |i: &usize| racers.iter().all(|racer| racer.times[*i].is_none());
    let names = (0..workloads.len()).filter(never);
    let names: Vec<&str> = names.map(|i| workloads[i].name.as_str()).collect();
    (!names.is_empty()).then(|| {
        let names = names.join(", ");
        format!("every racer's median is never on {names}: nothing to rank there")
    })
}

/// The results by names that are all different: the scenario's, with the file's where several have the
/// same, with a number where that is the same too.
fn workloads(results: &[Kept], files: &[String]) -> Vec<Workload> {
    let mut workloads: Vec<Workload> = Vec::with_capacity(results.len());
    for (result, file) in results.iter().zip(files) {
        let scenario = &result.scenario.name;
        let same = |other: &&Kept| other.scenario.name == *scenario;
        let name = match results.iter().filter(same).count() {
            1 => scenario.clone(),
            _ => format!("{scenario}: {file}"),
        };
        let mut numbered = (1..).map(|number| match number {
            1 => name.clone(),
            number => format!("{name} {number}"),
        });
        let is_free = |name: &String| workloads.iter().all(|workload| workload.name != *name);
        let name = numbered.find(is_free);
        workloads.push(Workload {
            name: name.expect("there is always another number"),
            digest: result.scenario.digest.clone(),
            version: result.version.clone(),
            seed: result.seed,
            runs: result.runs(),
        });
    }
    workloads
}

/// The racer of `result` that has the label and the optimizer of `racer`.
fn find<'a>(result: &'a Kept, racer: &Racer) -> Option<&'a Racer> {
    let is_it = |other: &&Racer| other.label == racer.label && other.optimizer == racer.optimizer;
    result.racers.iter().find(is_it)
}

/// The median over the seeds: each is a study of one trial.
fn time(racer: &Racer) -> Option<f64> {
    let studies: Vec<_> = racer
        .iterations()
        .into_iter()
        .map(|run| vec![run])
        .collect();
    time_to_target(&studies)
}

#[cfg(test)]
mod tests;
