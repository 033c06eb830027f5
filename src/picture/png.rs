//! A picture as a PNG file.

use tiny_skia::{
    Color, FillRule, LineJoin, Paint, Path, PathBuilder, Pixmap, Stroke, StrokeDash, Transform,
};
use unicode_width::UnicodeWidthChar;

use super::font::{outline, width};
use super::{Anchor, Colour, Pen, Picture, Place, Shape, Text};
use crate::text::clean;

/// The most pixels: 4 bytes each while it is drawn.
const MOST: f64 = 4e7;

/// How much bolder bold letters are, in parts of their size.
const BOLDER: f32 = 0.055;

pub(super) fn write(picture: &Picture, scale: f64) -> Result<Vec<u8>, String> {
    let [width, height] = picture.size;
    let scale = scale.min((MOST / (width * height).max(1.0)).sqrt());
    let pixels = |length: f64| (length * scale).ceil().max(1.0) as u32;
    let mut map = Pixmap::new(pixels(width), pixels(height)).ok_or("it is too large")?;
    map.fill(colour(picture.ground));
    let whole = Transform::from_scale(scale as f32, scale as f32);
    for shape in &picture.shapes {
        draw(shape, whole, &mut map);
    }
    map.encode_png().map_err(|error| error.to_string())
}

fn draw(shape: &Shape, whole: Transform, map: &mut Pixmap) {
    match shape {
        Shape::Area { outlines, fill } => {
            let path = path(outlines, true);
            paint(path.as_ref(), *fill, FillRule::EvenOdd, whole, map);
        }
        Shape::Lines { lines, pen } => stroke(path(lines, false).as_ref(), pen, whole, map),
        Shape::Dots {
            centres,
            radius,
            fill,
        } => {
            let mut dots = PathBuilder::new();
            for [x, y] in centres.iter().map(|at| at.map(|part| part as f32)) {
                dots.push_circle(x, y, *radius as f32);
            }
            paint(dots.finish().as_ref(), *fill, FillRule::Winding, whole, map);
        }
        Shape::Text(text) => draw_text(text, whole, map),
    }
}

fn draw_text(text: &Text, whole: Transform, map: &mut Pixmap) {
    let said = clean(&text.text);
    let natural = width(&said, text.size);
    let length = text.width.unwrap_or(natural);
    // Cleaning trims: what is left begins where it began.
    let stretch = if natural > 0.0 { length / natural } else { 1.0 };
    let start = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -length / 2.0,
        Anchor::End => -length,
    };
    let [x, y] = text.at.map(|part| part as f32);
    let turn = if text.upwards { -90.0 } else { 0.0 };
    let base = whole.pre_translate(x, y).pre_rotate(turn);
    let size = text.size as f32;
    let mut cells = 0;
    for c in said.chars() {
        let along = start + stretch * cells as f64 * width(" ", text.size);
        cells += c.width().unwrap_or(0);
        let Some(letter) = outline(c) else { continue };
        let at = base.pre_translate(along as f32, 0.0).pre_scale(size, size);
        paint(Some(&letter), text.colour, FillRule::Winding, at, map);
        if text.bold {
            let pen = Pen::solid(text.colour, f64::from(BOLDER));
            stroke(Some(&letter), &pen, at, map);
        }
    }
}

fn path(lines: &[Vec<Place>], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for line in lines {
        for (i, at) in line.iter().enumerate() {
            let [x, y] = at.map(|part| part as f32);
            if i == 0 {
                path.move_to(x, y);
            } else {
                path.line_to(x, y);
            }
        }
        if closed {
            path.close();
        }
    }
    path.finish()
}

fn paint(path: Option<&Path>, fill: Colour, rule: FillRule, at: Transform, map: &mut Pixmap) {
    if let Some(path) = path {
        map.fill_path(path, &paint_of(fill), rule, at, None);
    }
}

fn stroke(path: Option<&Path>, pen: &Pen, at: Transform, map: &mut Pixmap) {
    let dash = pen.dash.iter().map(|length| *length as f32).collect();
    let stroke = Stroke {
        width: pen.width as f32,
        line_join: LineJoin::Round,
        dash: StrokeDash::new(dash, 0.0),
        ..Stroke::default()
    };
    if let Some(path) = path {
        map.stroke_path(path, &paint_of(pen.colour), &stroke, at, None);
    }
}

fn paint_of(fill: Colour) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color(colour(fill));
    paint
}

fn colour([red, green, blue]: Colour) -> Color {
    Color::from_rgba8(red, green, blue, 255)
}
