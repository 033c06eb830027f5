//! The empirical distribution: what share of all pairs of a seed and a target each racer reaches within
//! how many iterations.

use crate::runner::Seeded;
use crate::stats::distribution::Distribution;
use crate::tui::study::desk::Desk;
use crate::tui::study::seeds::chart::{Chart, Line};
use crate::tui::study::seeds::median::iterations;
use crate::tui::view::axis::Axis;

/// The chart, with the band of one racer; `None` as long as no seed counts.
pub fn chart(seen: &Seeded, desk: &Desk, banded: Option<usize>) -> Option<Chart> {
    let x = iterations(seen)?;
    let y = Axis::between(0.0, 1.0);
    let all = seen.tally.distributions.iter().enumerate();
    let all = all.filter_map(|(racer, reached)| Some((racer, reached.as_ref()?)));
    let shown = all.filter(|(racer, _)| desk.shows(*racer));
    let mut lines: Vec<Line> = shown
        .map(|(racer, reached)| line(racer, reached, banded == Some(racer), &x))
        .collect();
    lines.sort_by_key(|line| banded == Some(line.racer));
    Some(Chart {
        x,
        y,
        target: None,
        lines,
    })
}

/// What the shares are of, in words: `share of 10 targets a seed`.
pub fn targets(seen: &Seeded) -> String {
    let reached = seen.tally.distributions.iter().flatten().next();
    match reached.map(|reached| reached.targets) {
        Some(1) => "share of the seeds, 1 target each".to_owned(),
        Some(n) => format!("share of {n} targets a seed"),
        None => String::new(),
    }
}

fn line(racer: usize, reached: &Distribution, banded: bool, x: &Axis) -> Line {
    let shares = reached.share.iter().copied();
    let points = stairs(&reached.steps, shares, x);
    let bounds = |end: usize| {
        let band = reached.band.iter().flatten().filter(|_| banded);
        let bounds: Vec<f64> = band.map(|bounds| bounds[end]).collect();
        if bounds.is_empty() {
            return vec![];
        }
        stairs(&reached.steps, bounds.into_iter(), x)
    };
    Line {
        racer,
        band: [bounds(0), bounds(1)],
        filled: banded,
        // At its right end; for the whole that is where it rises for the last time.
        head: points.last().copied(),
        points,
    }
}

/// The corners of a function that is 0 at the left end, goes over to the next share at each step, and
/// stays at the last to the right end, unless that is the whole.
fn stairs(steps: &[u64], shares: impl Iterator<Item = f64>, x: &Axis) -> Vec<[f64; 2]> {
    let mut corners = vec![[0.0, 0.0]];
    let mut before = 0.0;
    for (step, share) in steps.iter().zip(shares) {
        let at = x.place(*step as f64).unwrap_or(1.0);
        corners.extend([[at, before], [at, share]]);
        before = share;
    }
    if before < 1.0 {
        corners.push([1.0, before]);
    }
    corners
}
