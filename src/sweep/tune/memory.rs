//! How much memory a search will take, estimated before it starts: each thread has a run of its own,
//! and in a successive halving every run that waits keeps its place.

use std::mem::size_of;

use super::crew::Job;
use super::grid::Grid;
use super::{Plan, SHARES};
use crate::race::finish::Rules;
use crate::race::trace::{CAPACITY, Evaluation};
use crate::scenario::check::memory::{of_data, of_racer};
use crate::scenario::{Entrant, Scenario, Task};

/// About how many bytes it takes to carry out `plan` for `scenario` on so many threads, on the grid
/// that is tried first.
pub fn estimate(scenario: &Scenario, plan: &Plan, threads: usize) -> u128 {
    let seeds = plan.seeds.len();
    let racers = || plan.fields.iter().flat_map(|field| &field.entries);
    let each = |share: u64| {
        let run = |racer| run(scenario, racer, share);
        racers().map(|entry| run(&entry.racer)).max().unwrap_or(0)
    };
    let configurations = plan.fields.len() * plan.configurations(Grid::FIRST.thirds());
    let runs = configurations.saturating_mul(seeds);
    let computing = threads.min(runs) as u128 * each(1);
    // Those that go on to the next share are fewer by as much as they have then more to remember.
    let (waiting, grounds) = if plan.halving {
        (runs as u128 * each(SHARES[0]), seeds)
    } else {
        (0, seeds.min(threads))
    };
    let data = match &scenario.task {
        Task::Surface(_) => 0,
        Task::Model(task) => {
            let [read, ready] = of_data(task, task.data.features.is_streamed());
            read + grounds as u128 * ready
        }
    };
    data + computing + waiting + runs as u128 * size_of::<Job>() as u128
}

/// What a run takes that has come to one part in `share` of its budget.
fn run(scenario: &Scenario, racer: &Entrant, share: u64) -> u128 {
    let rules = Rules::new(scenario, racer);
    let evaluations = rules.steps / rules.evaluate_every / share + 1;
    let trace = u128::from(evaluations.min(CAPACITY as u64)) * size_of::<Evaluation>() as u128;
    match &scenario.task {
        Task::Surface(_) => trace,
        Task::Model(task) => trace + of_racer(task, racer, task.data.features.is_streamed()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::check::{Options, check};
    use crate::scenario::shipped;
    use crate::sweep::tune::entries;

    fn estimated(name: &str, halving: bool, seeds: u64, threads: usize) -> u128 {
        let source = shipped::find(name).expect("it ships").source();
        let options = Options::default();
        let scenario = check(&source, &options).expect("it is valid");
        let fields = entries::fields(&scenario, &source, &options, &[]).expect("nothing is over");
        let plan = Plan::new(&scenario, fields, seeds, halving).expect("it is small");
        estimate(&scenario, &plan, threads)
    }

    #[test]
    fn threads_and_what_waits_are_counted() {
        let digits = |halving, seeds, threads| estimated("digits", halving, seeds, threads);
        let (one, two, four) = (
            digits(false, 3, 1),
            digits(false, 3, 2),
            digits(false, 3, 4),
        );
        assert!(one < two && two < four, "{one} {two} {four}");
        // A fourth thread has no seed of its own: only its run is added.
        let run = digits(false, 3, 4) - digits(false, 3, 3);
        assert_eq!(digits(false, 3, 5) - digits(false, 3, 4), run);
        // 285 runs wait, each with its parameters, in more than half of what it takes to compute.
        assert!(digits(true, 3, 1) > one + 285 * run / 2, "{one} {run}");
        assert!(digits(true, 6, 1) > 19 * digits(true, 3, 1) / 10);
        let surface = estimated("beale", true, 3, 2);
        assert!((1..1 << 30).contains(&surface), "{surface}");
    }
}
