//! What a step allocates: nothing but the rooms in which the matrix products sort their numbers. A
//! slice allocates its queue, once.

// To count what is allocated takes an allocator.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use slalom::race::{Race, untimed};

use crate::races::scenario;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: everything is the system's allocator's work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that ends has no counter any more.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are handed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of 100 steps of each optimizer, without evaluations and on one thread.
fn allocations(task: &str, racer: &str) -> Vec<(String, u64)> {
    let structured = crate::rules::STRUCTURED.iter();
    let ids = ["sgd", "momentum", "rmsprop", "adam"].into_iter();
    let count = |id: &&str| {
        let scenario = scenario(&format!(
            "title = \"test\"\n{task}\n[finish]\nloss = -1\nsteps = 100000\n\
             evaluate_every = 100000\n[[racer]]\noptimizer = \"{id}\"\nlearning_rate = 0.001\n\
             {racer}\n"
        ));
        let mut race = Race::new(&scenario, &untimed);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let counted = pool.unwrap().install(|| {
            let after = |race: &mut Race, steps: u64| {
                let (before, from) = (COUNT.get(), race.steps());
                while race.steps() < from + steps {
                    race.advance(1);
                }
                COUNT.get() - before
            };
            // The first epoch's order, and what a slice allocates, step or no step.
            after(&mut race, 1);
            after(&mut race, 110) - after(&mut race, 10)
        });
        ((*id).to_owned(), counted)
    };
    ids.chain(structured.copied())
        .map(|id| count(&id))
        .collect()
}

#[test]
fn a_step_allocates_nothing_but_the_products_own_rooms() {
    // At most so many a step, and one a slice of one step.
    let at_most = |most: &dyn Fn(&str) -> u64, task: &str, racer: &str| {
        for (id, count) in allocations(task, racer) {
            let most = most(&id);
            assert!(count <= 100 * (1 + most), "{count}, {id}: {task}");
        }
    };
    let rosenbrock = "[surface]\nfunction = \"rosenbrock\"\nstart = [-1.2, 1]";
    at_most(&|_| 0, rosenbrock, "");
    let digits = "[data]\nsource = \"digits\"\n[model]\nkind = \"mlp\"\nhidden = [32, 16]";
    // Three products forward, three for the weights' gradients, two for the way back; each may sort
    // both of its matrices.
    let products = |id: &str| match id {
        // Three in each of five rounds for each of two matrices.
        "muon" => 8 + 30,
        // To the axes and back, and both averages, for each of three matrices; sometimes two more.
        "soap" => 8 + 3 * (4 + 2 + 2 + 1),
        "lbfgs" => 26 * 8,
        _ => 8,
    };
    at_most(&|id| 2 * products(id), digits, "batch = 64");
}
