//! A screen as a picture, cell by cell.

use std::collections::BTreeMap;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use super::rgb;
use super::signs::sign;
use crate::picture::{Colour, Picture, Place, Shape, Text, mix};
use crate::tui::ground::Ground;

/// Width and height of a cell.
const CELL: [f64; 2] = [9.0, 18.0];

/// The size of its letters, and where in it their base line is.
const LETTER: f64 = 14.95;
const BASE: f64 = 13.6;

/// Room around the cells.
const MARGIN: f64 = 10.0;

/// How a cell is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Look {
    ink: Colour,
    ground: Colour,
    bold: bool,
    underlined: bool,
}

/// A picture of the cells, with the colours of a terminal of this ground.
pub fn frame(cells: &Buffer, ground: Ground, title: &str) -> Picture {
    let own = rgb::ground(ground);
    let area = cells.area;
    let side = |i: usize, count: u16| f64::from(count.max(1)) * CELL[i] + 2.0 * MARGIN;
    let mut picture = Picture {
        title: title.to_owned(),
        size: [side(0, area.width), side(1, area.height)],
        ground: own[1],
        shapes: Vec::new(),
    };
    let rows = cells.content.chunks(usize::from(area.width.max(1)));
    let rows: Vec<Vec<(&Cell, Look)>> = rows
        .map(|row| row.iter().map(|cell| (cell, look(cell, own))).collect())
        .collect();
    for (y, row) in rows.iter().enumerate() {
        grounds(row, y, own[1], &mut picture);
    }
    let mut dots: BTreeMap<Colour, Vec<Place>> = BTreeMap::new();
    let mut radius = 0.0;
    for (y, row) in rows.iter().enumerate() {
        for (x, (cell, look)) in row.iter().enumerate() {
            for shape in signs(cell, *look, corner(x, y)) {
                match shape {
                    // A path for each colour, not one for each cell.
                    Shape::Dots {
                        centres,
                        radius: r,
                        fill,
                    } if centres.len() > 1 || r < 2.0 => {
                        radius = r;
                        dots.entry(fill).or_default().extend(centres);
                    }
                    shape => picture.shapes.push(shape),
                }
            }
        }
    }
    for (fill, centres) in dots {
        picture.shapes.push(Shape::Dots {
            centres,
            radius,
            fill,
        });
    }
    for (y, row) in rows.iter().enumerate() {
        texts(row, y, &mut picture);
    }
    picture
}

fn corner(x: usize, y: usize) -> Place {
    [MARGIN + x as f64 * CELL[0], MARGIN + y as f64 * CELL[1]]
}

fn look(cell: &Cell, own: [Colour; 2]) -> Look {
    let mut ink = rgb::rgb(cell.fg).unwrap_or(own[0]);
    let mut ground = rgb::rgb(cell.bg).unwrap_or(own[1]);
    if cell.modifier.contains(Modifier::REVERSED) {
        (ink, ground) = (ground, ink);
    }
    if cell.modifier.contains(Modifier::DIM) {
        ink = mix(ink, ground, 0.45);
    }
    Look {
        ink,
        ground,
        bold: cell.modifier.contains(Modifier::BOLD),
        underlined: cell.modifier.contains(Modifier::UNDERLINED),
    }
}

/// Stretches of cells that have another ground than the screen.
fn grounds(row: &[(&Cell, Look)], y: usize, own: Colour, picture: &mut Picture) {
    let mut x = 0;
    for stretch in row.chunk_by(|a, b| a.1.ground == b.1.ground) {
        let ground = stretch[0].1.ground;
        if ground != own {
            let width = stretch.len() as f64 * CELL[0];
            picture.block(corner(x, y), [width, CELL[1]], ground);
        }
        x += stretch.len();
    }
}

fn signs(cell: &Cell, look: Look, corner: Place) -> Vec<Shape> {
    let mut chars = cell.symbol().chars();
    let (Some(c), None) = (chars.next(), chars.next()) else {
        return Vec::new();
    };
    sign(c, corner, CELL, [look.ink, look.ground]).unwrap_or_default()
}

/// Stretches of letters of one look; spaces within them belong to them.
fn texts(row: &[(&Cell, Look)], y: usize, picture: &mut Picture) {
    let is_letter = |(cell, look): &(&Cell, Look)| {
        cell.symbol() != " " && signs(cell, *look, [0.0; 2]).is_empty()
    };
    let mut x = 0;
    while x < row.len() {
        if !is_letter(&row[x]) {
            x += 1;
            continue;
        }
        let look = row[x].1;
        let mut text = String::new();
        let mut end = x;
        while end < row.len() {
            let symbol = row[end].0.symbol();
            let goes_on = row[end].1 == look && (symbol == " " || is_letter(&row[end]));
            if !goes_on || text.ends_with("  ") {
                break;
            }
            text += symbol;
            // The second half of a wide letter is a cell of its own.
            end += symbol.width().max(1);
        }
        let width = text.trim_end().width() as f64 * CELL[0];
        let [left, top] = corner(x, y);
        if look.underlined {
            let under = top + BASE + 2.0;
            picture.line(&[[left, under], [left + width, under]], look.ink, 1.0);
        }
        picture.shapes.push(Shape::Text(Text {
            bold: look.bold,
            width: Some(width),
            ..Text::new(text.trim_end(), [left, top + BASE], LETTER, look.ink)
        }));
        x = end;
    }
}
