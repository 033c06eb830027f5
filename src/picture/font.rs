//! The font that is built in: Hack, by the Source Foundry authors (MIT licence), with parts from
//! Bitstream Vera Sans Mono by Bitstream Inc. (Bitstream Vera licence). All its letters have the same
//! width.

use std::sync::OnceLock;

use epaint_default_fonts::HACK_REGULAR;
use tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{Face, OutlineBuilder};
use unicode_width::UnicodeWidthStr;

/// What an SVG asks for, since it does not carry the font along.
pub const FAMILY: &str = "Hack, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/// The width of a letter, in parts of its size.
const ADVANCE: f64 = 0.602;

/// How wide text of this size is.
pub fn width(text: &str, size: f64) -> f64 {
    text.width() as f64 * ADVANCE * size
}

/// The outline of a character of size 1 on its base line, y downwards; none for those without.
pub(super) fn outline(c: char) -> Option<Path> {
    static FACE: OnceLock<Option<Face<'static>>> = OnceLock::new();
    let face = FACE
        .get_or_init(|| Face::parse(HACK_REGULAR, 0).ok())
        .as_ref()?;
    let mut outline = Outline(PathBuilder::new());
    face.outline_glyph(face.glyph_index(c).unwrap_or_default(), &mut outline)?;
    let unit = 1.0 / f32::from(face.units_per_em());
    outline
        .0
        .finish()?
        .transform(Transform::from_scale(unit, -unit))
}

struct Outline(PathBuilder);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
