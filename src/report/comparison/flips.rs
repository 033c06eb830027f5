//! Where the order of two racers flips: one is ahead on some workloads, the other on others. With
//! results of one scenario at tuned, default and equal rates, this is what the rates decide.

use super::{Compared, Workload};
use crate::stats::flip::{Flip, flips};

/// The most pairs that are named.
const NAMED: usize = 10;

/// A sentence for each pair whose order flips.
pub(super) fn remarks(racers: &[Compared], workloads: &[Workload]) -> Vec<String> {
    let time = |racer: usize, workload: usize| {
        let time: Option<f64> = racers[racer].times[workload];
        time.unwrap_or(f64::INFINITY)
    };
    let order = |workload: usize, pair: [usize; 2]| {
        let [a, b] = pair.map(|racer| time(racer, workload));
        a.total_cmp(&b)
    };
    let flips = flips(racers.len(), workloads.len(), &order);
    let more = flips.len().saturating_sub(NAMED);
    let mut remarks: Vec<String> = flips
        .iter()
        .take(NAMED)
        .map(|flip| sentence(flip, racers, workloads))
        .collect();
    if more > 0 {
        remarks.push(format!("... and {more} more pairs whose order flips"));
    }
    remarks
}

fn sentence(flip: &Flip, racers: &[Compared], workloads: &[Workload]) -> String {
    let [a, b] = flip.racers.map(|racer| &racers[racer].label);
    let [first, second] = flip.ahead.each_ref().map(|places| {
        let names = places.iter().map(|&place| workloads[place].name.as_str());
        names.collect::<Vec<_>>().join(", ")
    });
    format!("{a} is ahead of {b} on {first}; {b} is on {second}")
}
