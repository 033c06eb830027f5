//! The captions of races: shipped ones, and ones made by hand for each trigger.

use super::*;
use crate::race::Race;
use crate::scenario::check::{Options, check};
use crate::scenario::shipped::{self, SHIPPED};

fn run(name: &str, set: &[&str]) -> Snapshot {
    let set = set.iter().map(|&set| set.to_owned()).collect();
    let options = Options {
        set,
        ..Options::default()
    };
    let source = shipped::find(name).unwrap().source();
    let mut race = Race::new(
        &check(&source, &options).unwrap(),
        &crate::runner::stopwatch,
    );
    while !race.finished() {
        race.advance(1000);
    }
    race.snapshot()
}

#[test]
fn throwaway() {
    for shipped in SHIPPED {
        let snapshot = run(shipped.name, &[]);
        let begin = std::time::Instant::now();
        let all = all(&snapshot);
        let took = begin.elapsed();
        let shown = captions(&snapshot);
        println!("\n{} {took:?}", shipped.name);
        for caption in all {
            let mark = if shown.contains(&caption) { ' ' } else { '~' };
            println!("{mark} {} [{}]", caption.text, caption.short);
        }
    }
}
