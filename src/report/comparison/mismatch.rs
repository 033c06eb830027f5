//! What does not match between results, in sentences: racers, versions, seeds.

use super::{Workload, find};
use crate::report::kept::{Kept, Racer};

/// All that a reader of the comparison has to know.
pub(super) fn remarks(results: &[Kept], workloads: &[Workload]) -> Vec<String> {
    let mut remarks = left_out(results, workloads);
    let each = |of: fn(&Workload) -> String| workloads.iter().map(of).collect::<Vec<_>>();
    let differing = [
        ("versions of slalom", each(|w| w.version.clone())),
        ("numbers of seeds", each(|w| w.runs.to_string())),
        ("first seeds", each(|w| w.seed.to_string())),
    ];
    let differing = differing.iter();
    remarks.extend(differing.filter_map(|(what, values)| differ(what, values, workloads)));
    for (i, workload) in workloads.iter().enumerate() {
        let same = workloads[..i].iter().find(|w| w.digest == workload.digest);
        if let Some(Workload { name, .. }) = same {
            let again = &workload.name;
            remarks.push(format!(
                "{name} and {again} are the same race, and count twice"
            ));
        }
    }
    for (result, Workload { name, .. }) in results.iter().zip(workloads) {
        if result.was_stopped() {
            remarks.push(format!(
                "{name} was stopped before its end: whoever was still running counts as never"
            ));
        }
        if let Some(departure) = &result.scenario.departure {
            remarks.push(format!("{name} departs from its scenario: {departure}"));
        }
    }
    if results.iter().all(|result| result.runs() == 1) {
        remarks.push("one seed each: races, not rankings".to_owned());
    }
    remarks
}

/// Racers that are not in all results.
fn left_out(results: &[Kept], workloads: &[Workload]) -> Vec<String> {
    let mut seen: Vec<&Racer> = vec![];
    let mut remarks = vec![];
    for racer in results.iter().flat_map(|result| &result.racers) {
        let is_known =
            |other: &&&Racer| other.label == racer.label && other.optimizer == racer.optimizer;
        if seen.iter().find(is_known).is_some() {
            continue;
        }
        seen.push(racer);
        let lacks = results.iter().zip(workloads);
        let lacks: Vec<&str> = lacks
            .filter(|(result, _)| find(result, racer).is_none())
            .map(|(_, workload)| workload.name.as_str())
            .collect();
        if !lacks.is_empty() {
            let Racer {
                label, optimizer, ..
            } = racer;
            let lacks = lacks.join(", ");
            remarks.push(format!(
                "{label} ({optimizer}) is left out: it is not in {lacks}"
            ));
        }
    }
    remarks
}

/// Which workloads have which value, if they do not all have the same:
/// `different numbers of seeds: 20 (digits, moons), 1 (beale)`.
fn differ(what: &str, values: &[String], workloads: &[Workload]) -> Option<String> {
    let mut groups: Vec<(&str, Vec<&str>)> = vec![];
    for (value, Workload { name, .. }) in values.iter().zip(workloads) {
        match groups.iter_mut().find(|(known, _)| known == value) {
            Some((_, names)) => names.push(name),
            None => groups.push((value, vec![name])),
        }
    }
    let each = groups.iter();
    let each = each.map(|(value, names)| format!("{value} ({})", names.join(", ")));
    let each: Vec<String> = each.collect();
    (groups.len() > 1).then(|| format!("different {what}: {}", each.join(", ")))
}
