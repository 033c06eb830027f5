//! Every optimizer of the registry on every surface.

use rayon::ThreadPoolBuilder;
use slalom::optim::{Entry, REGISTRY};
use slalom::problem::surface::{SURFACES, Surface};
use slalom::race::snapshot::Outcome;
use slalom::scenario::Scenario;

use crate::races::{digest, run, scenario};

/// From too slow to far too fast.
const RATES: [f64; 6] = [1e-3, 1e-2, 0.1, 1.0, 10.0, 1e4];

/// A race of one optimizer at all rates, which nobody wins.
fn race(entry: &Entry, surface: &Surface) -> Scenario {
    let racer = |rate: &f64| {
        let id = entry.id;
        format!("[[racer]]\noptimizer = \"{id}\"\nlearning_rate = {rate}\n")
    };
    scenario(&format!(
        "title = \"test\"\n[surface]\nfunction = \"{}\"\nstart = {:?}\n[finish]\nloss = -1e300\nsteps = 500\n{}",
        surface.id,
        surface.start,
        RATES.iter().map(racer).collect::<String>()
    ))
}

#[test]
fn every_optimizer_on_every_surface() {
    let pools = [1, 3].map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap()
    });
    let mut diverged = 0;
    for entry in REGISTRY {
        for surface in SURFACES {
            let case = format!("{} on {}", entry.id, surface.id);
            let race = race(entry, surface);
            let snapshot = run(&race, 1000);
            for racer in &snapshot.racers {
                match racer.outcome.as_ref().unwrap() {
                    Outcome::Diverged { .. } => diverged += 1,
                    _ => assert!(racer.latest.loss.is_finite(), "{case}"),
                }
            }
            // A hundredth of the way down, or anything where there is no bottom.
            let start = (surface.value)(surface.start);
            let bottom = surface.minima.first().map_or(start, |w| (surface.value)(w));
            let best = snapshot.racers.iter().map(|racer| racer.best_loss);
            let best = best.fold(f64::INFINITY, f64::min);
            let wanted = start - 0.01 * (start - bottom);
            assert!(best < wanted, "{case}: {best} and not below {wanted}");
            for (pool, slice) in pools.iter().zip([7, 250]) {
                let again = pool.install(|| run(&race, slice));
                assert_eq!(digest(&again), digest(&snapshot), "{case} by {slice}");
            }
        }
    }
    assert!(diverged > 100, "{diverged}");
}

/// In single precision, with batches, and more parameters than pay for vector instructions.
#[test]
fn every_optimizer_teaches_a_network_alike_on_any_number_of_threads() {
    let rate = |id: &str| match id {
        "gd" | "sgd" | "momentum" | "adadelta" | "schedule-free-sgd" | "prodigy" | "lbfgs" => 1.0,
        "nesterov" | "adagrad" => 0.1,
        "muon" => 0.3,
        "radam" => 0.03,
        "lion" => 0.003,
        _ => 0.01,
    };
    let racer = |entry: &Entry| {
        let batch = if entry.full_batch { "" } else { "batch = 16\n" };
        let (id, rate) = (entry.id, rate(entry.id));
        format!("[[racer]]\noptimizer = \"{id}\"\nlearning_rate = {rate}\n{batch}")
    };
    let scenario = scenario(&format!(
        "title = \"test\"\n[model]\nkind = \"mlp\"\nhidden = [40]\n[data]\nsource = \"iris\"\n\
         [finish]\nloss = 0.1\nsteps = 400\n{}",
        REGISTRY.iter().map(racer).collect::<String>()
    ));
    let snapshot = run(&scenario, 1000);
    for (racer, entry) in snapshot.racers.iter().zip(REGISTRY) {
        let converged = racer.outcome == Some(Outcome::Converged);
        assert!(converged, "{}: {:?}", entry.id, racer.latest.loss);
    }
    for (threads, slice) in [(1, 1), (3, 777)] {
        let pool = ThreadPoolBuilder::new().num_threads(threads);
        let again = pool.build().unwrap().install(|| run(&scenario, slice));
        assert_eq!(digest(&again), digest(&snapshot), "{threads} {slice}");
    }
}
