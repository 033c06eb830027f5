//! A search for learning rates as a figure: what each rate means for the iterations of each racer.

use super::Paper;
use super::chart::{
    Entry, GUTTER, HEAD, MARGIN, Plot, frame, headline, legend, legend_size, pen, ruled, shape,
};
use crate::picture::{Picture, Place, Shape, mix};
use crate::sweep::tune::curve::Point;
use crate::sweep::tune::grid::{Grid, rate};
use crate::sweep::tune::{Tuned, Tuning};
use crate::tui::identity::{Identity, named};
use crate::tui::study::tuning::rates;
use crate::tui::view::axis::{Axis, Tick};

/// Width and height of the plot.
const SIZE: [f64; 2] = [520.0, 350.0];

/// The part of the height that iterations take; what never converges lies above.
const ITERATIONS: f64 = 0.92;

/// The height of what never converges.
const NEVER: f64 = 0.97;

/// How much of the paper there is in a band.
const FAINT: f64 = 0.86;

/// The search on `paper`.
pub fn draw(tuning: &Tuning, paper: Paper) -> Picture {
    let racers = &tuning.racers;
    let names = racers
        .iter()
        .map(|racer| [racer.entered.label.as_str(), &racer.entered.optimizer]);
    let identities = named(names);
    let entries: Vec<Entry> = racers.iter().zip(&identities).map(entry).collect();
    let [beside, high] = legend_size(&entries);
    let plot = Plot {
        corner: [MARGIN + GUTTER[0], HEAD],
        size: [SIZE[0], SIZE[1].max(high)],
    };
    let width = MARGIN + GUTTER[0] + plot.size[0] + beside + MARGIN;
    let height = HEAD + plot.size[1] + GUTTER[1] + MARGIN / 2.0;
    let [title, terms] = heading(tuning);
    let mut picture = paper.sheet(&title, [width, height]);
    headline(&title, &terms, paper, &mut picture);
    let axes = Axes::new(tuning);
    let curves: Vec<(&[Point], Identity)> = racers
        .iter()
        .zip(&identities)
        .map(|(racer, identity)| (points(racer), *identity))
        .collect();
    for (points, identity) in &curves {
        let outlines = axes.bands(points);
        let place = |outline: Vec<Place>| outline.into_iter().map(|at| plot.at(at)).collect();
        picture.shapes.push(Shape::Area {
            outlines: outlines.into_iter().map(place).collect(),
            fill: mix(paper.racer(*identity), paper.ground, FAINT),
        });
    }
    let [across, up] = axes.ticks();
    ruled([&across, &up], plot, paper, &mut picture);
    for (points, identity) in &curves {
        let strokes = axes.strokes(points);
        let place = |stroke: Vec<Place>| stroke.into_iter().map(|at| plot.at(at)).collect();
        picture.shapes.push(Shape::Lines {
            lines: strokes.into_iter().map(place).collect(),
            pen: pen(*identity, paper),
        });
    }
    for (racer, identity) in racers.iter().zip(&identities) {
        // One by its loss alone has no place among iterations: the legend names it.
        if let Some((_, best)) = racer.at_best().filter(|(_, best)| best.works()) {
            let at = plot.at([axes.along(best.rate), axes.height(best.runs.median)]);
            shape(*identity, at, paper, &mut picture);
        }
    }
    let names = [
        "learning rate (log scale)",
        "iterations to converge (log scale)",
    ];
    frame(names, plot, paper, &mut picture);
    legend(&entries, plot, paper, &mut picture);
    picture
}

/// The points of the curve that a racer is best on.
fn points(racer: &Tuned) -> &[Point] {
    let curve = racer.best.map_or(0, |best| best.curve);
    racer.curves.get(curve).map_or(&[], |curve| &curve.points)
}

fn entry((racer, identity): (&Tuned, &Identity)) -> Entry {
    Entry {
        identity: *identity,
        name: racer.entered.label.clone(),
        state: racer.at_best().map_or_else(String::new, |(_, best)| {
            let (rate, median) = (rates::rate(best.rate), best.runs.median);
            match median {
                Some(_) => format!("{} at {rate}", rates::median(median)),
                None => format!("never, lowest loss at {rate}"),
            }
        }),
    }
}

/// What is shown, and on what terms.
fn heading(tuning: &Tuning) -> [String; 2] {
    let budget = if tuning.halving {
        "successive halving"
    } else {
        "full budget"
    };
    let seeds = match tuning.seeds.len() {
        1 => "1 seed".to_owned(),
        n => format!("median of {n} seeds, bands over all of them"),
    };
    let tried = match tuning.configurations {
        all if all == tuning.grid.thirds() => format!("{all} rates"),
        all => format!("{all} configurations"),
    };
    [
        format!("{}: learning rates", tuning.meta.title),
        format!("{tried} for every racer, {budget} · {seeds}"),
    ]
}

/// Where rates and iterations lie on the plot.
struct Axes {
    across: Axis,
    up: Axis,
}

impl Axes {
    fn new(tuning: &Tuning) -> Self {
        let Grid { low, high } = tuning.grid;
        let points = tuning.racers.iter().flat_map(points);
        let seen = points.flat_map(|point| point.runs.iterations.iter().copied().flatten());
        let seen = seen.map(|iterations| iterations.max(1) as f64);
        let [lowest, highest] = seen.fold([f64::INFINITY, 1.0], |[low, high], iterations| {
            [low.min(iterations), high.max(iterations)]
        });
        // Where no run converges: all that it could have taken.
        let [lowest, highest] = if lowest.is_finite() {
            [lowest, highest]
        } else {
            [1.0, tuning.meta.limit.max(2) as f64]
        };
        Self {
            across: Axis::log_between(rate(low, 1) / 1.5, rate(high, 1) * 1.5),
            up: Axis::log_between(lowest / 1.3, highest * 1.3),
        }
    }

    fn ticks(&self) -> [Vec<Tick>; 2] {
        let mut up = self.up.ticks(6);
        for tick in &mut up {
            tick.at *= ITERATIONS;
        }
        up.push(Tick {
            at: NEVER,
            label: "never".to_owned(),
        });
        [self.across.ticks(8), up]
    }

    fn along(&self, rate: f64) -> f64 {
        self.across.place(rate).unwrap_or(0.0)
    }

    fn height(&self, iterations: Option<f64>) -> f64 {
        let place = iterations.and_then(|iterations| self.up.place(iterations.max(1.0)));
        place.map_or(NEVER, |place| ITERATIONS * place)
    }

    /// The medians where they are known, rate by rate; of those that never converge only what is next
    /// to one that does.
    fn strokes(&self, points: &[Point]) -> Vec<Vec<Place>> {
        let works = |i: usize| points.get(i).is_some_and(Point::works);
        let mut strokes = vec![vec![]];
        for (i, point) in points.iter().enumerate() {
            let beside = i.checked_sub(1).is_some_and(works) || works(i) || works(i + 1);
            if point.known && beside {
                let at = [self.along(point.rate), self.height(point.runs.median)];
                strokes.last_mut().expect("there is one").push(at);
            }
            if !works(i) {
                strokes.push(vec![]);
                if point.known && works(i + 1) {
                    let at = [self.along(point.rate), NEVER];
                    strokes.last_mut().expect("there is one").push(at);
                }
            }
        }
        strokes.retain(|stroke| stroke.len() > 1);
        strokes
    }

    /// The outlines from the fastest to the slowest seed, over rates in a row that work.
    fn bands(&self, points: &[Point]) -> Vec<Vec<Place>> {
        let stretches = points.chunk_by(|a, b| a.works() == b.works());
        let working = stretches.filter(|stretch| stretch[0].works() && stretch.len() > 1);
        let outline = |stretch: &[Point]| {
            let edge = |slowest: bool| {
                let place = move |point: &Point| {
                    let runs = point.runs.iterations.iter();
                    let times = runs.map(|run| run.map_or(f64::INFINITY, |steps| steps as f64));
                    let time = if slowest {
                        times.fold(0.0, f64::max)
                    } else {
                        times.fold(f64::INFINITY, f64::min)
                    };
                    [
                        self.along(point.rate),
                        self.height(Some(time).filter(|time| time.is_finite())),
                    ]
                };
                stretch.iter().map(place)
            };
            edge(false).chain(edge(true).rev()).collect()
        };
        working.map(outline).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Run;
    use crate::sweep::tune::curve::Trial;

    /// The runs of two seeds at each power of ten, from 1 on.
    fn points(runs: &[[Option<u64>; 2]]) -> Vec<Point> {
        let trial = |iterations: Option<u64>| Trial {
            run: Run {
                iterations,
                steps: 100,
            },
            best_loss: 1.0,
            diverged: false,
            whole: true,
        };
        let point = |(power, runs): (i32, &[Option<u64>; 2])| {
            Point::new(10_f64.powi(power), &runs.map(trial), 2)
        };
        (0..).zip(runs).map(point).collect()
    }

    /// From 1 to 10,000 across, and from 1 to 100 up.
    fn axes() -> Axes {
        Axes {
            across: Axis::log_between(1.0, 1e4),
            up: Axis::log_between(1.0, 100.0),
        }
    }

    fn rounded(lines: Vec<Vec<Place>>) -> Vec<Vec<Place>> {
        let round = |x: f64| (x * 1e3).round() / 1e3;
        let line = |line: Vec<Place>| line.into_iter().map(|at| at.map(round)).collect();
        lines.into_iter().map(line).collect()
    }

    #[test]
    fn strokes_come_from_never_and_go_there() {
        let never = [None, None];
        let ten = [Some(10), Some(10)];
        let all = points(&[never, never, ten, [Some(100), Some(100)], never]);
        let want = [[0.25, 0.97], [0.5, 0.46], [0.75, 0.92], [1.0, 0.97]];
        assert_eq!(rounded(axes().strokes(&all)), [want.to_vec()]);
        let gap = points(&[ten, never, ten]);
        let want = [
            vec![[0.0, 0.46], [0.25, 0.97]],
            vec![[0.25, 0.97], [0.5, 0.46]],
        ];
        assert_eq!(rounded(axes().strokes(&gap)), want);
        assert!(axes().strokes(&points(&[never, never])).is_empty());
    }

    #[test]
    fn bands_lie_around_all_seeds_of_rates_that_work() {
        let all = points(&[[Some(1), Some(10)], [Some(10), Some(100)], [None, None]]);
        let want = [[0.0, 0.0], [0.25, 0.46], [0.25, 0.92], [0.0, 0.46]];
        assert_eq!(rounded(axes().bands(&all)), [want.to_vec()]);
        assert!(axes().bands(&points(&[[Some(1), Some(1)]])).is_empty());
    }
}
