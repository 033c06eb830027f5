//! The performance profiles of several results as a figure: of each racer the share of workloads that
//! it solves within t times the best time there, with its 95 % band where there are seeds enough.

use super::Paper;
use super::chart::{
    Entry, GUTTER, HEAD, MARGIN, Plot, frame, headline, legend, legend_size, pen, ruled, shape,
};
use crate::picture::{Picture, Place, Shape, mix};
use crate::report::comparison::{Compared, Comparison};
use crate::stats::bootstrap::{RESAMPLES, Spread};
use crate::stats::profile::{FARTHEST, share_within};
use crate::tui::identity::{Identity, named};
use crate::tui::view::axis::{Axis, Tick};
use crate::tui::view::number::short;

/// Width and height of the plot.
const SIZE: [f64; 2] = [520.0, 350.0];

/// The labelled times over the best.
const TIMES: [f64; 5] = [1.0, 1.5, 2.0, 3.0, FARTHEST];

/// Above and below the shares of 1 and 0, so that lines there are not taken for the frame.
const ROOM: f64 = 0.03;

/// How much of the paper there is in a band.
const FAINT: f64 = 0.86;

/// A racer's shape stands on its line so many times, at places that differ from racer to racer.
const SHAPES: usize = 4;

/// The profiles of `comparison` on `paper`.
pub fn draw(comparison: &Comparison, paper: Paper) -> Picture {
    let racers = &comparison.racers;
    let names = racers
        .iter()
        .map(|racer| [racer.label.as_str(), &racer.optimizer]);
    let identities = named(names);
    let entries: Vec<Entry> = racers.iter().zip(&identities).map(entry).collect();
    let [beside, high] = legend_size(&entries);
    let plot = Plot {
        corner: [MARGIN + GUTTER[0], HEAD],
        size: [SIZE[0], SIZE[1].max(high)],
    };
    let width = MARGIN + GUTTER[0] + plot.size[0] + beside + MARGIN;
    let height = HEAD + plot.size[1] + GUTTER[1] + MARGIN / 2.0;
    let [title, terms] = heading(comparison);
    let mut picture = paper.sheet(&title, [width, height]);
    headline(&title, &terms, paper, &mut picture);
    let axes = Axes::new();
    for (racer, identity) in racers.iter().zip(&identities) {
        let band = racer.spread.as_ref().map(|spread| axes.band(spread, plot));
        picture.shapes.extend(band.map(|outline| Shape::Area {
            outlines: vec![outline],
            fill: mix(paper.racer(*identity), paper.ground, FAINT),
        }));
    }
    let [across, up] = axes.ticks();
    ruled([&across, &up], plot, paper, &mut picture);
    let lines: Vec<Vec<Place>> = racers
        .iter()
        .map(|racer| axes.stairs(racer.ratios.iter().copied()))
        .collect();
    for (line, identity) in lines.iter().zip(&identities) {
        let line = line.iter().map(|at| plot.at(*at)).collect();
        picture.shapes.push(Shape::Lines {
            lines: vec![line],
            pen: pen(*identity, paper),
        });
    }
    for (i, (racer, identity)) in racers.iter().zip(&identities).enumerate() {
        for part in 0..SHAPES {
            let place = (part as f64 + (i as f64 + 0.5) / racers.len() as f64) / SHAPES as f64;
            let share = share_within(&racer.ratios, axes.across.value(place));
            shape(
                *identity,
                plot.at([place, axes.height(share)]),
                paper,
                &mut picture,
            );
        }
    }
    let names = [
        "t, times the best time (log scale)",
        "share of workloads solved",
    ];
    frame(names, plot, paper, &mut picture);
    legend(&entries, plot, paper, &mut picture);
    picture
}

fn entry((racer, identity): (&Compared, &Identity)) -> Entry {
    let score = racer.score;
    let interval = racer.spread.as_ref().map(|spread| spread.score);
    Entry {
        identity: *identity,
        name: racer.label.clone(),
        state: match interval {
            Some([low, high]) => format!("score {score:.2} ({low:.2} to {high:.2})"),
            None => format!("score {score:.2}"),
        },
    }
}

/// What is shown, and of what.
fn heading(comparison: &Comparison) -> [String; 2] {
    let workloads = &comparison.workloads;
    let names: Vec<&str> = workloads
        .iter()
        .map(|workload| workload.name.as_str())
        .collect();
    let title = match names.len() {
        1 => "Performance profile on one workload".to_owned(),
        n => format!("Performance profiles on {n} workloads"),
    };
    let has_bands = comparison.racers.iter().any(|racer| racer.spread.is_some());
    let names = names.join(", ");
    let terms = if has_bands {
        format!("95 % bands by {RESAMPLES} resamples of the seeds · {names}")
    } else {
        names
    };
    [title, terms]
}

/// Where times and shares lie on the plot.
struct Axes {
    across: Axis,
    up: Axis,
}

impl Axes {
    fn new() -> Self {
        Self {
            across: Axis::log_between(1.0, FARTHEST),
            up: Axis::between(-ROOM, 1.0 + ROOM),
        }
    }

    fn ticks(&self) -> [Vec<Tick>; 2] {
        let across = TIMES.into_iter().filter_map(|time| {
            Some(Tick {
                at: self.across.place(time)?,
                label: short(time),
            })
        });
        [across.collect(), self.up.ticks(8)]
    }

    /// Times beyond the end lie at it.
    fn along(&self, time: f64) -> f64 {
        self.across.place(time).unwrap_or(1.0)
    }

    fn height(&self, share: f64) -> f64 {
        self.up.place(share).unwrap_or(0.0)
    }

    /// A flight of stairs that rises at each of these times, one a workload, by its share.
    fn stairs(&self, times: impl Iterator<Item = Option<f64>>) -> Vec<Place> {
        let times: Vec<Option<f64>> = times.collect();
        let height = |steps: usize| self.height(steps as f64 / times.len() as f64);
        let mut rises: Vec<f64> = times.iter().copied().flatten().collect();
        rises.retain(|time| *time <= FARTHEST);
        rises.sort_by(f64::total_cmp);
        let at_once = rises.iter().filter(|time| **time <= 1.0).count();
        let mut line = vec![[0.0, height(at_once)]];
        for (steps, time) in rises.iter().enumerate().skip(at_once) {
            let at = self.along(*time);
            line.extend([[at, height(steps)], [at, height(steps + 1)]]);
        }
        line.push([1.0, height(rises.len())]);
        line
    }

    /// The outline of a band: along its upper end, and back along its lower one.
    fn band(&self, spread: &Spread, plot: Plot) -> Vec<Place> {
        let [above, below] =
            [0, 1].map(|end| self.stairs(spread.steps.iter().map(|step| step[end])));
        let around = above.into_iter().chain(below.into_iter().rev());
        around.map(|at| plot.at(at)).collect()
    }
}
