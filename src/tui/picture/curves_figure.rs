//! The loss curves as a figure.

use super::Paper;
use super::chart::{
    self, GUTTER, HEAD, MARGIN, Plot, SIZES, frame, grid, heading, legend, legend_size, pen, scale,
    shape,
};
use crate::picture::{Anchor, Picture, Place, Shape, Text};
use crate::tui::app::App;
use crate::tui::identity::Identity;
use crate::tui::view::curves::{self, Curves, Series};

/// Width and height of the plot.
const SIZE: [f64; 2] = [560.0, 350.0];

/// Columns that points are thinned to.
const COLUMNS: usize = 1200;

/// A racer's shape stands on its curve so many times, at places that differ from racer to racer.
const SHAPES: usize = 6;

pub(super) fn draw(app: &App, paper: Paper) -> Picture {
    let mark = app.playhead.mark();
    let curves = curves::model(&app.shown, mark, &app.desk, COLUMNS);
    let (identities, board) = chart::racers(app);
    let [beside, high] = legend_size(&chart::entries(&board));
    let plot = Plot {
        corner: [MARGIN + GUTTER[0], HEAD],
        size: [SIZE[0], SIZE[1].max(high)],
    };
    let width = MARGIN + GUTTER[0] + plot.size[0] + beside + MARGIN;
    let height = HEAD + plot.size[1] + GUTTER[1] + MARGIN / 2.0;
    let mut picture = paper.sheet(&app.shown.snapshot.meta.title, [width, height]);
    heading(app, &curves.heading, paper, &mut picture);
    grid([&curves.x, &curves.y], plot, paper, &mut picture);
    target(&curves, plot, paper, &mut picture);
    for (series, identity) in curves.series.iter().zip(&identities) {
        line(series, *identity, plot, paper, &mut picture);
    }
    let racers = identities.len();
    for (i, (series, identity)) in curves.series.iter().zip(&identities).enumerate() {
        for at in places(&series.points, i, racers) {
            shape(*identity, plot.at(at), paper, &mut picture);
        }
    }
    let quantity = curves::quantity(&app.shown, &app.desk.curves).name();
    let names = [
        curves::unit(mark.pace).to_owned() + scale(&curves.x),
        quantity.to_owned() + scale(&curves.y),
    ];
    frame([&names[0], &names[1]], plot, paper, &mut picture);
    if !curves.beyond.is_empty() {
        let [right, bottom] = plot.at([1.0, 0.0]);
        let said = format!("not shown: {}", curves.beyond);
        let said = Text::new(said, [right, bottom + 38.0], SIZES[2], paper.quiet());
        picture.shapes.push(Shape::Text(said.anchored(Anchor::End)));
    }
    legend(&chart::entries(&board), plot, paper, &mut picture);
    picture
}

/// The target's line, with its text above it (below it at the upper edge) at the left, where curves
/// are still far from it.
fn target(curves: &Curves, plot: Plot, paper: Paper, picture: &mut Picture) {
    let Some(target) = &curves.target else {
        return;
    };
    let line = [plot.at([0.0, target.at]), plot.at([1.0, target.at])];
    let mut dashed = crate::picture::Pen::solid(paper.ink, 1.2);
    dashed.dash = vec![5.0, 4.0];
    picture.shapes.push(Shape::Lines {
        lines: vec![line.to_vec()],
        pen: dashed,
    });
    let [left, y] = line[0];
    let y = if target.at > 0.93 { y + 14.0 } else { y - 5.0 };
    let text = Text::new(&target.label, [left + 7.0, y], SIZES[2], paper.ink);
    picture.shapes.push(Shape::Text(text));
}

fn line(series: &Series, identity: Identity, plot: Plot, paper: Paper, picture: &mut Picture) {
    let mut put = |points: &[Place], pen| {
        let points: Vec<Place> = points.iter().map(|at| plot.at(*at)).collect();
        picture.shapes.push(Shape::Lines {
            lines: vec![points],
            pen,
        });
    };
    let own = pen(identity, paper);
    if !series.raw.is_empty() {
        let mut faint = own.clone();
        faint.colour = crate::picture::mix(own.colour, paper.ground, 0.65);
        faint.width = 1.0;
        put(&series.raw, faint);
    }
    if !series.points.is_empty() {
        put(&series.points, own);
    }
}

/// Where on a curve its racer's shape stands: at its end, and evenly along its width.
fn places(points: &[Place], racer: usize, racers: usize) -> Vec<Place> {
    let part = |i: usize| (i as f64 + racer as f64 / racers as f64) / SHAPES as f64;
    let between = (0..SHAPES).filter_map(|i| {
        let after = points.partition_point(|at| at[0] < part(i));
        (after > 0).then(|| points.get(after).copied()).flatten()
    });
    let Some(last) = points.last().copied() else {
        return Vec::new();
    };
    let apart = |at: &Place| last[0] - at[0] > 0.5 / SHAPES as f64;
    let mut places: Vec<Place> = between.filter(apart).chain([last]).collect();
    places.dedup();
    places
}
