//! Successive halving: every configuration gets a part of its budget, the better third of them three
//! times as much, and so on (Jamieson and Talwalkar 2016, with thirds for halves).
//!
//! What it saves is that most configurations never take their whole budget. What it risks: a rate
//! that is slow at first, and would have won, is left behind, and nobody learns how wide the working
//! band is. Once a rate has converged nothing is risked any more: whoever has not by then cannot
//! have fewer iterations, and the racer's search is over. Runs that wait for more of their budget
//! are kept in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::crew::{Crew, Job, Key};
use super::curve::Point;
use super::{Plan, grid, trials};

/// The shares of the budget: one part in so many.
pub const SHARES: [u64; 3] = [9, 3, 1];

/// One configuration in so many goes on.
const KEPT: usize = 3;

/// Makes the runs of `all`, but most of them not to their ends. Breaks off when the crew is stopped.
pub fn run(crew: &Crew<'_>, plan: &Plan, all: &[Job]) -> ControlFlow<()> {
    let mut going: BTreeSet<Key> = all.iter().map(|job| job.key).collect();
    for share in SHARES {
        let mut next: Vec<&Job> = all.iter().filter(|job| going.contains(&job.key)).collect();
        crew.make(&mut next, share)?;
        going = better(plan, all, &going);
    }
    ControlFlow::Continue(())
}

/// The third of each racer's configurations that goes on; none once one of them works.
fn better(plan: &Plan, all: &[Job], going: &BTreeSet<Key>) -> BTreeSet<Key> {
    let mut racers: BTreeMap<usize, Vec<(Key, Point)>> = BTreeMap::new();
    for (key, trials) in trials(all, plan.seeds.len()) {
        if going.contains(&key) {
            let rate = grid::rate(key.tick, plan.fields[key.racer].parts);
            let point = Point::new(rate, &trials, plan.seeds.len());
            racers.entry(key.racer).or_default().push((key, point));
        }
    }
    racers.retain(|_, points| !points.iter().any(|(_, point)| point.works()));
    racers.into_values().flat_map(third).collect()
}

/// The better third by the lowest loss. What has diverged has nothing to hope for, however low it
/// once was.
fn third(mut points: Vec<(Key, Point)>) -> impl Iterator<Item = Key> {
    points.sort_by(|(a, x), (b, y)| {
        let by_loss = || x.best_loss.total_cmp(&y.best_loss);
        let dead = x.diverges().cmp(&y.diverges());
        dead.then_with(by_loss).then(a.cmp(b))
    });
    points.truncate(points.len().div_ceil(KEPT));
    points.into_iter().map(|(key, _)| key)
}
