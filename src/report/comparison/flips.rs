//! Where the order of two racers flips: one is ahead on some workloads, the other on others. With
//! results of one scenario at tuned, default and equal rates, this is what the rates decide.

use super::{Compared, Workload};

/// The most pairs that are named.
const NAMED: usize = 10;

/// A sentence for each pair whose order flips.
pub(super) fn remarks(racers: &[Compared], workloads: &[Workload]) -> Vec<String> {
    let pairs = racers.iter().enumerate();
    let pairs = pairs.flat_map(|(i, a)| racers[i + 1..].iter().map(move |b| (a, b)));
    let mut remarks: Vec<String> = pairs.filter_map(|(a, b)| flip(a, b, workloads)).collect();
    let more = remarks.len().saturating_sub(NAMED);
    if more > 0 {
        remarks.truncate(NAMED);
        remarks.push(format!("... and {more} more pairs whose order flips"));
    }
    remarks
}

fn flip(a: &Compared, b: &Compared, workloads: &[Workload]) -> Option<String> {
    let time = |time: Option<f64>| time.unwrap_or(f64::INFINITY);
    let ahead = |one: &Compared, other: &Compared| {
        let times = one.times.iter().zip(&other.times).zip(workloads);
        let names: Vec<&str> = times
            .filter(|((one, other), _)| time(**one) < time(**other))
            .map(|(_, workload)| workload.name.as_str())
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let (first, second) = (ahead(a, b)?, ahead(b, a)?);
    let (a, b) = (&a.label, &b.label);
    Some(format!(
        "{a} is ahead of {b} on {first}; {b} is on {second}"
    ))
}
