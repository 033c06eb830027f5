//! Adam's update alone, beside one pass written out by hand and what memory can give.

use std::hint::black_box;

use ndarray::Array1;
use rayon::ThreadPoolBuilder;
use slalom::math::vector::vectorized;
use slalom::optim::{self, Build, Optimizer, Settings};
use slalom::problem::oracle::{Cost, Oracle};
use slalom::problem::{Batch, Work};
use slalom::random::{self, Purpose};

use crate::python::Python;
use crate::rounds::{Rounds, seconds};
use crate::still::Still;
use crate::table::Table;

/// Bytes that an update of one parameter must move: g, w, m, v read, w, m, v written.
const BYTES: usize = 28;

/// Prints the figures for several sizes, on one thread and on all.
pub fn measure(table: &mut Table, mut pythons: Option<&mut [Python; 2]>) {
    const WORK: &str = "update of Adam, f32, GB/s of 28 bytes a parameter";
    let all = rayon::current_num_threads();
    for (parameters, goal) in [(10_000, 1.0), (1_000_000, 1.0), (100_000_000, 0.9)] {
        for (place, threads) in [1, all].into_iter().enumerate() {
            let case = format!("{parameters:.0e} parameters, {threads} threads");
            let times = (20_000_000 / parameters).max(1);
            let speed = |time: f64| (times * parameters * BYTES) as f64 / time / 1e9;
            let pool = ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .expect("threads");
            let still = Still::of(parameters);
            let mut optimizer = adam(parameters);
            let (mut w, mut g) = (Array1::from(normal(parameters)), normal(parameters).into());
            let mut work = Work::default();
            let mut cost = Cost::default();
            let mut ours = || {
                speed(seconds(|| {
                    pool.install(|| {
                        for _ in 0..times {
                            let mut slope =
                                Oracle::new(&still, Batch::All, &mut g, &mut work, &mut cost);
                            optimizer.step(w.view_mut(), 1e-6, &mut slope);
                        }
                    });
                }))
            };
            let mut hand = Hand::of(parameters);
            let mut theirs = || speed(seconds(|| (0..times).for_each(|_| hand.step())));
            let ask = format!("torch-update {parameters} fused");
            let mut torch = || {
                let time = pythons.as_mut().map_or(1.0, |two| two[place].seconds(&ask));
                speed(time * times as f64)
            };
            let found = Rounds::of(&mut [&mut ours, &mut theirs, &mut torch]);
            table.add(WORK, &case, "ours", found.median(0));
            table.add(WORK, &case, "by hand, one thread", found.median(1));
            table.add(WORK, &case, "ratio", found.ratio(0, 1));
            if threads == 1 {
                table.add(WORK, &case, "goal", 0.9);
            }
            if pythons.is_some() {
                table.add(WORK, &case, "PyTorch fused", found.median(2));
                table.add(WORK, &case, "ratio to PyTorch", found.ratio(0, 2));
                table.add(WORK, &case, "goal to PyTorch", goal);
            }
        }
    }
}

fn adam(parameters: usize) -> Box<dyn Optimizer<f32>> {
    let entry = optim::find("adam").expect("it is in the registry");
    f32::build(entry, &Settings::defaults(entry), parameters)
}

/// Normal numbers, which repeat after so many that no processor learns them: on a constant,
/// divisions and roots are faster than on data.
fn normal(count: usize) -> Vec<f32> {
    let mut rng = random::stream(1, Purpose::Noise, 0);
    let few: Vec<f32> = (0..1 << 16)
        .map(|_| random::normal(&mut rng) as f32)
        .collect();
    few.into_iter().cycle().take(count).collect()
}

/// The same by hand.
struct Hand {
    w: Vec<f32>,
    g: Vec<f32>,
    m: Vec<f32>,
    v: Vec<f32>,
    powers: [f32; 2],
}

impl Hand {
    fn of(parameters: usize) -> Self {
        Self {
            w: normal(parameters),
            g: normal(parameters),
            m: vec![0.0; parameters],
            v: vec![0.0; parameters],
            powers: [1.0; 2],
        }
    }

    fn step(&mut self) {
        let (beta1, beta2) = (0.9_f32, 0.999_f32);
        self.powers = [self.powers[0] * beta1, self.powers[1] * beta2];
        let rate = black_box(1e-6_f32) / (1.0 - self.powers[0]);
        let root = (1.0 - self.powers[1]).sqrt();
        vectorized(|| {
            let state = self.m.iter_mut().zip(&mut self.v);
            for ((w, g), (m, v)) in self.w.iter_mut().zip(&self.g).zip(state) {
                *m = beta1 * *m + (1.0 - beta1) * g;
                *v = beta2 * *v + (1.0 - beta2) * g * g;
                *w -= rate * *m / (v.sqrt() / root + 1e-8);
            }
        });
    }
}
