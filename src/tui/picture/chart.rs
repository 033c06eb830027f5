//! What curves and map have in common as figures: a heading, a plot with its axes, a legend.

use super::signs::marker;
use super::{Colour, Paper};
use crate::picture::{Anchor, Pen, Picture, Place, Shape, Text, font};
use crate::tui::app::App;
use crate::tui::glyphs::Glyphs;
use crate::tui::identity::{Identity, identities};
use crate::tui::view::axis::{Axis, Scale, Tick};
use crate::tui::view::board::{self, Board, Row, Stand};
use crate::tui::view::number::count;
use crate::tui::view::status;

/// Sizes of letters: of the title, of names, of what is to be looked up.
pub const SIZES: [f64; 3] = [15.0, 12.5, 11.0];

/// Room at the edges of a figure.
pub const MARGIN: f64 = 18.0;

/// From the upper edge to below the heading.
pub const HEAD: f64 = 64.0;

/// Left of a plot and below it, for the labels and names of its axes.
pub const GUTTER: [f64; 2] = [72.0, 48.0];

/// From the plot to the legend.
const APART: f64 = 22.0;

/// The height of a racer in the legend, with what it came to and without.
const ENTRIES: [f64; 2] = [36.0, 18.0];

/// More racers than this have one line each.
const FEW: usize = 12;

/// The width of a line, and half that of a racer's shape on it.
pub const LINE: f64 = 1.7;
pub const MARKER: f64 = 4.4;

/// Where a plot lies: its upper left corner, its width and height.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    pub corner: Place,
    pub size: [f64; 2],
}

impl Plot {
    /// Where fractions of its width and height, from the lower left, lie.
    pub fn at(&self, [x, y]: Place) -> Place {
        [
            self.corner[0] + x * self.size[0],
            self.corner[1] + (1.0 - y) * self.size[1],
        ]
    }

    /// The stretches of a line, in fractions of the plot, that lie on the plot.
    pub fn clip(&self, line: &[Place]) -> Vec<Vec<Place>> {
        let mut stretches: Vec<Vec<Place>> = Vec::new();
        for pair in line.windows(2) {
            let Some([from, to]) = inside(pair[0], pair[1]) else {
                continue;
            };
            if from == to {
                continue;
            }
            match stretches.last_mut() {
                Some(stretch) if stretch.last() == Some(&from) => stretch.push(to),
                _ => stretches.push(vec![from, to]),
            }
        }
        for place in stretches.iter_mut().flatten() {
            *place = self.at(*place);
        }
        stretches
    }
}

/// The part of a line between two places that lies between 0 and 1 along both axes.
fn inside(from: Place, to: Place) -> Option<[Place; 2]> {
    let [mut enter, mut leave] = [0.0_f64, 1.0_f64];
    for axis in 0..2 {
        let (at, way) = (from[axis], to[axis] - from[axis]);
        if !(at.is_finite() && way.is_finite()) {
            return None;
        }
        if way == 0.0 {
            if !(0.0..=1.0).contains(&at) {
                return None;
            }
            continue;
        }
        let [a, b] = [-at / way, (1.0 - at) / way];
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    let place = |part: f64| match part {
        0.0 => from,
        1.0 => to,
        part => std::array::from_fn(|i| from[i] + part * (to[i] - from[i])),
    };
    (enter <= leave).then(|| [place(enter), place(leave)])
}

/// The racers of what `app` shows, as the board has them.
pub fn racers(app: &App) -> (Vec<Identity>, Board) {
    let snapshot = &app.shown.snapshot;
    let identities = identities(&snapshot.meta.racers);
    let mark = app.playhead.mark();
    let board = board::model(snapshot, mark, &app.places, &identities, &app.desk);
    (identities, board)
}

/// What is raced, what is shown of it, and on what terms.
pub fn heading(app: &App, shown: &str, paper: Paper, picture: &mut Picture) {
    let parts = status::title(&app.shown.snapshot);
    let (title, terms) = parts
        .split_first()
        .map_or(("", &[][..]), |(t, rest)| (t, rest));
    headline(
        &format!("{title}: {shown}"),
        &terms.join(" · "),
        paper,
        picture,
    );
}

/// A title, and below it the terms.
pub fn headline(title: &str, terms: &str, paper: Paper, picture: &mut Picture) {
    let room = picture.size[0] - 2.0 * MARGIN;
    let title = cut(title, SIZES[0], room);
    picture.shapes.push(Shape::Text(Text {
        bold: true,
        ..Text::new(title, [MARGIN, 28.0], SIZES[0], paper.ink)
    }));
    let terms = cut(terms, SIZES[2], room);
    let terms = Text::new(terms, [MARGIN, 47.0], SIZES[2], paper.quiet());
    picture.shapes.push(Shape::Text(terms));
}

/// As much of a text as there is room for.
pub fn cut(text: &str, size: f64, room: f64) -> String {
    if font::width(text, size) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        let longer = format!("{cut}{c}…");
        if font::width(&longer, size) > room {
            break;
        }
        cut.push(c);
    }
    cut.trim_end().to_owned() + "…"
}

/// Lines through a plot at its ticks, with their labels left of it and below it.
pub fn grid([across, up]: [&Axis; 2], plot: Plot, paper: Paper, picture: &mut Picture) {
    let [x, y] = ticks([across, up], plot);
    ruled([&x, &y], plot, paper, picture);
}

/// The same at these ticks.
pub fn ruled([x, y]: [&[Tick]; 2], plot: Plot, paper: Paper, picture: &mut Picture) {
    for tick in x {
        let line = [plot.at([tick.at, 0.0]), plot.at([tick.at, 1.0])];
        picture.line(&line, paper.faint(), 1.0);
        let [left, bottom] = line[0];
        label(
            &tick.label,
            [left, bottom + 17.0],
            Anchor::Middle,
            paper,
            picture,
        );
    }
    for tick in y {
        let line = [plot.at([0.0, tick.at]), plot.at([1.0, tick.at])];
        picture.line(&line, paper.faint(), 1.0);
        let [left, at] = line[0];
        label(
            &tick.label,
            [left - 8.0, at + 4.0],
            Anchor::End,
            paper,
            picture,
        );
    }
}

fn ticks([across, up]: [&Axis; 2], plot: Plot) -> [Vec<Tick>; 2] {
    let most = |length: f64, each: f64| (length / each) as usize;
    [
        across.ticks(most(plot.size[0], 70.0)),
        up.ticks(most(plot.size[1], 38.0)),
    ]
}

fn label(text: &str, at: Place, anchor: Anchor, paper: Paper, picture: &mut Picture) {
    let label = Text::new(text, at, SIZES[2], paper.quiet()).anchored(anchor);
    picture.shapes.push(Shape::Text(label));
}

/// The frame of a plot, and what its axes are called.
pub fn frame([across, up]: [&str; 2], plot: Plot, paper: Paper, picture: &mut Picture) {
    let corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
    picture.line(&corners.map(|at| plot.at(at)), paper.quiet(), 1.0);
    let name =
        |text: &str, at: Place| Text::new(text, at, SIZES[1], paper.ink).anchored(Anchor::Middle);
    let [middle, bottom] = plot.at([0.5, 0.0]);
    picture
        .shapes
        .push(Shape::Text(name(across, [middle, bottom + 38.0])));
    let up = name(up, [MARGIN + 6.0, plot.at([0.0, 0.5])[1]]);
    picture.shapes.push(Shape::Text(Text {
        upwards: true,
        ..up
    }));
}

/// A scale in words, to stand behind the name of what lies on it.
pub fn scale(axis: &Axis) -> &'static str {
    match axis.scale() {
        Scale::Linear => "",
        Scale::Log => " (log scale)",
        Scale::Asinh(_) => " (asinh scale)",
    }
}

/// The pen and the colour of a racer.
pub fn pen(identity: Identity, paper: Paper) -> Pen {
    let dash = identity.dash(paper.theme).lengths();
    Pen {
        dash: dash.iter().map(|length| *length as f64).collect(),
        ..Pen::solid(paper.racer(identity), LINE)
    }
}

/// A racer's shape with a rim of the paper around it, so that it stands out of what it lies on.
pub fn shape(identity: Identity, at: Place, paper: Paper, picture: &mut Picture) {
    let sign = identity
        .marker(Glyphs::Braille)
        .chars()
        .next()
        .unwrap_or('●');
    let mut put = |radius: f64, colour: Colour| {
        picture.shapes.extend(marker(sign, at, radius, colour));
    };
    put(MARKER + 1.6, paper.ground);
    put(MARKER, paper.racer(identity));
}

/// A racer in a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What its line looks like.
    pub identity: Identity,
    /// Its name.
    pub name: String,
    /// What it came to.
    pub state: String,
}

/// The racers of a board, in the order of their places.
pub fn entries(board: &Board) -> Vec<Entry> {
    board.rows.iter().map(entry).collect()
}

fn entry(row: &Row) -> Entry {
    Entry {
        identity: row.identity,
        name: row.label.clone(),
        state: match row.stand {
            Stand::Converged => format!("converged at {}", count(row.iterations)),
            Stand::Running | Stand::Out => row.state[1].clone(),
        },
    }
}

/// How wide and high a legend is, with the room left of it.
pub fn legend_size(entries: &[Entry]) -> [f64; 2] {
    let texts = entries.iter().map(|entry| {
        let [name, state] = [(&entry.name, SIZES[1]), (&entry.state, SIZES[2])]
            .map(|(text, size)| font::width(text, size));
        name.max(state)
    });
    let each = ENTRIES[usize::from(entries.len() > FEW)];
    let width = texts.fold(0.0, f64::max).min(260.0);
    [APART + 34.0 + width, each * entries.len() as f64]
}

/// The racers with their lines, right of a plot.
pub fn legend(entries: &[Entry], plot: Plot, paper: Paper, picture: &mut Picture) {
    let [left, top] = [plot.corner[0] + plot.size[0] + APART, plot.corner[1]];
    let many = entries.len() > FEW;
    for (i, entry) in entries.iter().enumerate() {
        let y = top + ENTRIES[usize::from(many)] * i as f64 + 10.0;
        picture.shapes.push(Shape::Lines {
            lines: vec![vec![[left, y], [left + 26.0, y]]],
            pen: pen(entry.identity, paper),
        });
        shape(entry.identity, [left + 13.0, y], paper, picture);
        let name = cut(&entry.name, SIZES[1], 260.0);
        let name = Text::new(name, [left + 34.0, y + 4.0], SIZES[1], paper.ink);
        picture.shapes.push(Shape::Text(name));
        if !many {
            let state = &entry.state;
            let state = Text::new(state, [left + 34.0, y + 19.0], SIZES[2], paper.quiet());
            picture.shapes.push(Shape::Text(state));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_at_the_edges_of_the_plot() {
        let plot = Plot {
            corner: [0.0, 0.0],
            size: [10.0, 10.0],
        };
        let line = [[-0.5, 0.5], [0.5, 0.5], [0.5, 1.5], [1.5, 0.5], [1.5, 0.2]];
        let want = vec![vec![[0.0, 5.0], [5.0, 5.0], [5.0, 0.0]]];
        assert_eq!(plot.clip(&line), want, "the corner is only touched");
        assert_eq!(
            plot.clip(&[[0.2, 2.0], [0.2, -1.0]]),
            [[[2.0, 0.0], [2.0, 10.0]]]
        );
        assert_eq!(
            plot.clip(&[[2.0, 2.0], [3.0, -1.0]]),
            Vec::<Vec<Place>>::new()
        );
        assert_eq!(
            plot.clip(&[[f64::NAN, 0.5], [0.5, 0.5]]),
            Vec::<Vec<Place>>::new()
        );
    }

    #[test]
    fn long_names_end_in_dots() {
        assert_eq!(cut("Adam", 10.0, 100.0), "Adam");
        let cut = cut(&"x".repeat(300), 10.0, 100.0);
        assert!(
            cut.ends_with("x…") && font::width(&cut, 10.0) <= 100.0,
            "{cut}"
        );
    }
}
