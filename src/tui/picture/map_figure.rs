//! The map as a figure: contours as lines, shades between them, the racers' trails over both; for one
//! parameter the curve of the loss with the racers on it.

use super::Paper;
use super::chart::{
    self, GUTTER, HEAD, LINE, MARGIN, MARKER, Plot, frame, grid, heading, legend, legend_size, pen,
    scale, shape,
};
use super::rgb::rgb;
use super::signs::marker;
use crate::landscape::Map;
use crate::landscape::contour::{contours, outlines};
use crate::picture::{Pen, Picture, Place, Shape, mix};
use crate::runner::Mapped;
use crate::tui::app::App;
use crate::tui::identity::Identity;
use crate::tui::view::map::{self, Bounds, Chart, Trail, ground};

/// The plot's width, and how high it may be.
const WIDTH: f64 = 460.0;
const HEIGHTS: [f64; 2] = [260.0, 520.0];

/// Points of the ground along the plot's width.
const POINTS: f64 = 180.0;

pub(super) fn draw(app: &App, paper: Paper) -> Option<Picture> {
    let Mapped::Drawn(map) = &app.shown.map else {
        return None;
    };
    let (identities, board) = chart::racers(app);
    let [beside, high] = legend_size(&chart::entries(&board));
    let height = height(map).max(high);
    let plot = Plot {
        corner: [MARGIN + GUTTER[0], HEAD],
        size: [WIDTH, height],
    };
    let width = MARGIN + GUTTER[0] + WIDTH + beside + MARGIN;
    let size = [width, HEAD + height + GUTTER[1] + MARGIN / 2.0];
    let mut picture = paper.sheet(&app.shown.snapshot.meta.title, size);
    let [mut title, note] = map::heading(map);
    if map::is_labelled(map) && !map.is_line() {
        title = format!("the loss over {} and {}", map.axes[0], map.axes[1]);
    }
    if !note.is_empty() {
        title = format!("{title}, {note}");
    }
    heading(app, &title, paper, &mut picture);
    let alike = app.shown.snapshot.meta.surface && !map.is_line();
    // A cell of the screen is twice as high as wide.
    let cells = [WIDTH, height / 2.0].map(|side| side as u16);
    let bounds = map::bounds(map.bounds, &app.desk.map, alike, cells);
    if map.is_line() {
        profile(app, map, bounds, &identities, plot, paper, &mut picture);
    } else {
        plan(app, map, bounds, &identities, plot, paper, &mut picture);
    }
    legend(&chart::entries(&board), plot, paper, &mut picture);
    Some(picture)
}

/// The plot's height, so that both axes have the same scale, if that is not too high or too low.
fn height(map: &Map) -> f64 {
    let [across, up] = map.bounds.map(|[low, high]| high - low);
    if map.is_line() {
        return 300.0;
    }
    (WIDTH * up / across).clamp(HEIGHTS[0], HEIGHTS[1])
}

fn plan(
    app: &App,
    map: &Map,
    bounds: Bounds,
    identities: &[Identity],
    plot: Plot,
    paper: Paper,
    picture: &mut Picture,
) {
    relief(map, bounds, plot, paper, picture);
    let labelled = map::is_labelled(map);
    let (mark, ways) = (app.playhead.mark(), &app.terrain.ways);
    let chart = map::model(
        &app.shown,
        mark,
        &app.desk,
        ways,
        &map.minima,
        bounds,
        labelled,
    );
    if let Some([across, up]) = &chart.axes {
        // Over the ground lines would be taken for contours.
        let mut labels = paper.sheet("", picture.size);
        grid([across, up], plot, paper, &mut labels);
        let texts = |shape: &Shape| matches!(shape, Shape::Text(_));
        picture
            .shapes
            .extend(labels.shapes.into_iter().filter(texts));
    }
    for (trail, identity) in chart.trails.iter().zip(identities) {
        let lines = plot.clip(&trail.points);
        let mut rim = Pen::solid(paper.ground, LINE + 1.6);
        rim.colour = mix(paper.ground, paper.ink, 0.06);
        for pen in [rim, pen(*identity, paper)] {
            if !lines.is_empty() {
                picture.shapes.push(Shape::Lines {
                    lines: lines.clone(),
                    pen,
                });
            }
        }
    }
    signs(&chart, plot, paper, picture);
    heads(&chart.trails, identities, plot, paper, picture);
    frame([&map.axes[0], &map.axes[1]], plot, paper, picture);
}

/// Crosses at the minima and rings at the starts.
fn signs(chart: &Chart, plot: Plot, paper: Paper, picture: &mut Picture) {
    for (width, colour) in [(4.5, paper.ground), (1.8, paper.ink)] {
        for place in &chart.minima {
            let [x, y] = plot.at(*place);
            picture.line(&[[x - 9.0, y], [x + 9.0, y]], colour, width);
            picture.line(&[[x, y - 9.0], [x, y + 9.0]], colour, width);
        }
    }
    for place in &chart.starts {
        let at = plot.at(*place);
        picture.shapes.extend(marker('○', at, 8.0, paper.ground));
        picture.shapes.extend(marker('○', at, 6.5, paper.ink));
    }
}

/// Shades and contours of the ground.
fn relief(map: &Map, bounds: Bounds, plot: Plot, paper: Paper, picture: &mut Picture) {
    let shape = [POINTS, POINTS * plot.size[1] / plot.size[0]].map(|side| side.round() as usize);
    // The outermost points are to lie on the edges, or hardly within: beyond a map's own bounds
    // nothing is known.
    let wider: Bounds = std::array::from_fn(|i| {
        let [low, high] = bounds[i];
        let half = (high - low) * (1.0 - 1e-6) / (shape[i] - 1) as f64 / 2.0;
        let inset = 1e-6 * (high - low);
        [low + inset - half, high - inset + half]
    });
    let mut heights = ground::heights(&map.ground(wider, shape), ground::Detail::FINE);
    let finite = heights.iter().copied().filter(|height| height.is_finite());
    let [low, high] = finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], height| {
        [low.min(height), high.max(height)]
    });
    if low >= high {
        return;
    }
    heights.mapv_inplace(|height| {
        if height.is_nan() {
            high
        } else {
            height.clamp(low, high)
        }
    });
    let place = |at: &Place| {
        let part = |i: usize| at[i] / (shape[i] - 1) as f64;
        plot.at([part(0), part(1)])
    };
    let placed = |lines: Vec<Vec<Place>>| -> Vec<Vec<Place>> {
        let placed = lines.iter().map(|line| line.iter().map(place).collect());
        placed.collect()
    };
    let level = |band: usize| low + (high - low) * band as f64 / ground::BANDS as f64;
    let mut below = None;
    for band in 0..ground::BANDS {
        let fill = paper.theme.shade(band, ground::BANDS).bg.and_then(rgb);
        if let Some(fill) = fill.filter(|fill| below.replace(*fill) != Some(*fill)) {
            let outlines = placed(outlines(&heights, level(band)));
            picture.shapes.push(Shape::Area { outlines, fill });
        }
    }
    for band in 1..ground::BANDS {
        let colour = paper.theme.contour(band, ground::BANDS).fg.and_then(rgb);
        let lines = placed(contours(&heights, level(band)));
        if !lines.is_empty() {
            let pen = Pen::solid(colour.unwrap_or(paper.faint()), 0.9);
            picture.shapes.push(Shape::Lines { lines, pen });
        }
    }
}

fn profile(
    app: &App,
    map: &Map,
    bounds: Bounds,
    identities: &[Identity],
    plot: Plot,
    paper: Paper,
    picture: &mut Picture,
) {
    let losses: Vec<f64> = map
        .ground(bounds, [4 * POINTS as usize, 1])
        .into_iter()
        .collect();
    let mark = app.playhead.mark();
    let (ways, losses) = (&app.terrain.ways, (&losses[..], bounds[0]));
    let profile = map::profile(losses, ways, &app.shown, mark, &app.desk);
    let [across, up] = &profile.axes;
    grid([across, up], plot, paper, picture);
    let lines = plot.clip(&profile.curve);
    let pen = Pen::solid(paper.quiet(), LINE);
    picture.shapes.push(Shape::Lines { lines, pen });
    for (trail, identity) in profile.trails.iter().zip(identities) {
        let inside = |at: &&Place| at.iter().all(|part| (0.0..=1.0).contains(part));
        picture.shapes.push(Shape::Dots {
            centres: trail
                .points
                .iter()
                .filter(inside)
                .map(|at| plot.at(*at))
                .collect(),
            radius: MARKER / 2.0,
            fill: paper.racer(*identity),
        });
    }
    heads(&profile.trails, identities, plot, paper, picture);
    let loss = "loss".to_owned() + scale(up);
    frame([&map.axes[0], &loss], plot, paper, picture);
}

/// The racers' shapes where they are now; at the edge behind which that is.
fn heads(
    trails: &[Trail],
    identities: &[Identity],
    plot: Plot,
    paper: Paper,
    picture: &mut Picture,
) {
    for (trail, identity) in trails.iter().zip(identities) {
        if let Some(head) = trail.head {
            let head = head.map(|part| part.clamp(0.0, 1.0));
            shape(*identity, plot.at(head), paper, picture);
        }
    }
}
