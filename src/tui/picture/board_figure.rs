//! The leaderboard as a figure.

use super::Paper;
use super::chart::{self, HEAD, MARGIN, SIZES, cut, heading, shape};
use crate::picture::{Anchor, Picture, Shape, Text, font};
use crate::tui::app::App;
use crate::tui::view::board::{Board, Row, Stand, Test};
use crate::tui::view::curves;
use crate::tui::view::number::{count, short, significant};

/// The height of a row.
const ROW: f64 = 26.0;

/// Between two columns.
const APART: f64 = 24.0;

/// For a racer's shape before its name.
const SIGN: f64 = 18.0;

/// The widest that a column may be.
const WIDEST: f64 = 300.0;

/// A column: its name, whether it holds numbers, and a row's cell.
struct Column {
    name: &'static str,
    numbers: bool,
    cell: fn(&Row) -> String,
}

const RANK: Column = numbers("#", |row| row.rank.to_string());
const RACER: Column = words("racer", |row| row.label.clone());
const RATE: Column = numbers("rate", |row| row.rate.map_or(String::new(), short));
const ITERATIONS: Column = numbers("iterations", |row| counted(row, row.iterations));
const SAMPLES: Column = numbers("samples", |row| counted(row, row.samples));
const LOSS: Column = numbers("loss", |row| significant(row.loss, 4));
const ACCURACY: Column = numbers("test accuracy", |row| {
    row.test
        .map_or(String::new(), |share| format!("{:.1} %", 100.0 * share))
});
const TEST_LOSS: Column = numbers("test loss", |row| {
    row.test.map_or(String::new(), |loss| significant(loss, 4))
});
const STATE: Column = words("state", |row| row.state[2].clone());

const fn numbers(name: &'static str, cell: fn(&Row) -> String) -> Column {
    Column {
        name,
        numbers: true,
        cell,
    }
}

const fn words(name: &'static str, cell: fn(&Row) -> String) -> Column {
    Column {
        name,
        numbers: false,
        cell,
    }
}

/// What it took to converge; what did not is said to have taken more.
fn counted(row: &Row, counted: u64) -> String {
    match row.stand {
        Stand::Converged => count(counted),
        Stand::Running | Stand::Out => format!(">{}", count(counted)),
    }
}

pub(super) fn draw(app: &App, paper: Paper) -> Picture {
    let (_, board) = chart::racers(app);
    let columns = columns(&board);
    let widths: Vec<f64> = columns.iter().map(|column| width(column, &board)).collect();
    let inner = widths.iter().sum::<f64>() + APART * (widths.len() - 1) as f64;
    let rows = board.rows.len() as f64;
    let size = [
        (inner + 2.0 * MARGIN).max(640.0),
        HEAD + (rows + 1.0) * ROW + 44.0,
    ];
    let mut picture = paper.sheet(&app.shown.snapshot.meta.title, size);
    let by = curves::unit(board.by);
    heading(
        app,
        &format!("ranked by {by} to converge"),
        paper,
        &mut picture,
    );
    let [left, right] = [MARGIN, size[0] - MARGIN];
    for (row, ink) in [
        (0.0, paper.ink),
        (1.0, paper.quiet()),
        (rows + 1.0, paper.ink),
    ] {
        let y = HEAD + row * ROW;
        picture.line(&[[left, y], [right, y]], ink, 1.0);
    }
    // What is left over goes between the columns.
    let apart = APART + (right - left - inner).max(0.0) / (widths.len() - 1) as f64;
    let mut x = left;
    for (column, width) in columns.iter().zip(&widths) {
        draw_column(column, [x, *width], &board, paper, &mut picture);
        x += width + apart;
    }
    let note = "one race, not a ranking: other seeds and rates may come to something else";
    let at = [MARGIN, HEAD + (rows + 1.0) * ROW + 24.0];
    let note = Text::new(note, at, SIZES[2], paper.quiet());
    picture.shapes.push(Shape::Text(note));
    picture
}

fn columns(board: &Board) -> Vec<Column> {
    let test = board.test.map(|test| match test {
        Test::Accuracy => ACCURACY,
        Test::Loss => TEST_LOSS,
    });
    let first = [RANK, RACER, RATE, ITERATIONS, SAMPLES, LOSS];
    first.into_iter().chain(test).chain([STATE]).collect()
}

fn width(column: &Column, board: &Board) -> f64 {
    let cells = board.rows.iter().map(column.cell);
    let texts = cells.map(|cell| font::width(&cell, SIZES[1]));
    let width = texts.fold(font::width(column.name, SIZES[1]), f64::max);
    width.min(WIDEST) + sign(column)
}

/// The room for a racer's shape.
fn sign(column: &Column) -> f64 {
    if column.name == RACER.name { SIGN } else { 0.0 }
}

fn draw_column(
    column: &Column,
    [x, width]: [f64; 2],
    board: &Board,
    paper: Paper,
    picture: &mut Picture,
) {
    let sign = sign(column);
    let (at, anchor) = if column.numbers {
        (x + width, Anchor::End)
    } else {
        (x + sign, Anchor::Start)
    };
    let put = |text: &str, row: usize, bold: bool, picture: &mut Picture| {
        let base = HEAD + row as f64 * ROW + 0.65 * ROW;
        let text = cut(text, SIZES[1], WIDEST);
        let text = Text::new(text, [at, base], SIZES[1], paper.ink).anchored(anchor);
        picture.shapes.push(Shape::Text(Text { bold, ..text }));
    };
    put(column.name, 0, true, picture);
    for (i, row) in board.rows.iter().enumerate() {
        put(&(column.cell)(row), i + 1, false, picture);
        if sign > 0.0 {
            let y = HEAD + (i as f64 + 1.5) * ROW;
            shape(row.identity, [x + 6.0, y], paper, picture);
        }
    }
}
