//! Pictures: shapes on a plane, written as SVG or as PNG. What they show is not known here, and no
//! file is written.
//!
//! Both are made from the same shapes. In an SVG text stays text; in a PNG it is drawn with a font
//! that is built in, so that a picture looks the same on a machine without any.

pub mod font;
mod png;
mod svg;

/// Red, green and blue.
pub type Colour = [u8; 3];

/// From the upper left corner to the right and downwards, in the picture's own units.
pub type Place = [f64; 2];

/// Shapes on a ground, the later over the earlier.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What it shows, in words.
    pub title: String,
    /// Width and height.
    pub size: [f64; 2],
    /// The colour behind everything.
    pub ground: Colour,
    /// What is on it.
    pub shapes: Vec<Shape>,
}

/// A part of a picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// What an odd number of closed outlines goes around.
    Area {
        /// The outlines.
        outlines: Vec<Vec<Place>>,
        /// Its colour.
        fill: Colour,
    },
    /// Lines through places.
    Lines {
        /// The places of each.
        lines: Vec<Vec<Place>>,
        /// What they are drawn with.
        pen: Pen,
    },
    /// Discs of one size.
    Dots {
        /// Their centres.
        centres: Vec<Place>,
        /// Half their width.
        radius: f64,
        /// Their colour.
        fill: Colour,
    },
    /// A line of text.
    Text(Text),
}

/// What lines are drawn with.
#[derive(Clone, Debug, PartialEq)]
pub struct Pen {
    /// Its colour.
    pub colour: Colour,
    /// Its width.
    pub width: f64,
    /// Lengths that are drawn and lengths that are not, in turn; none for a solid line.
    pub dash: Vec<f64>,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Where its base line begins, is in the middle, or ends.
    pub at: Place,
    /// What of it lies there.
    pub anchor: Anchor,
    /// The height of its letters, from base line to base line.
    pub size: f64,
    /// Its colour.
    pub colour: Colour,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it goes upwards.
    pub upwards: bool,
    /// How wide it has to be; as the font will have it, if none.
    pub width: Option<f64>,
}

/// What part of a text lies at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

impl Picture {
    /// The picture as an SVG document.
    pub fn svg(&self) -> String {
        svg::write(self)
    }

    /// The picture as a PNG file with so many pixels to a unit, or fewer where it would be too large
    /// to be held.
    ///
    /// # Errors
    /// If it cannot be encoded, in words.
    pub fn png(&self, scale: f64) -> Result<Vec<u8>, String> {
        png::write(self, scale)
    }

    /// Adds a filled rectangle.
    pub fn block(&mut self, [x, y]: Place, [width, height]: [f64; 2], fill: Colour) {
        let (right, bottom) = (x + width, y + height);
        let outline = vec![[x, y], [right, y], [right, bottom], [x, bottom]];
        self.shapes.push(Shape::Area {
            outlines: vec![outline],
            fill,
        });
    }

    /// Adds a solid line.
    pub fn line(&mut self, places: &[Place], colour: Colour, width: f64) {
        self.shapes.push(Shape::Lines {
            lines: vec![places.to_vec()],
            pen: Pen::solid(colour, width),
        });
    }
}

impl Pen {
    /// A pen for lines without gaps.
    pub fn solid(colour: Colour, width: f64) -> Self {
        Self {
            colour,
            width,
            dash: Vec::new(),
        }
    }
}

impl Text {
    /// Text that begins at a place.
    pub fn new(text: impl Into<String>, at: Place, size: f64, colour: Colour) -> Self {
        Self {
            text: text.into(),
            at,
            anchor: Anchor::Start,
            size,
            colour,
            bold: false,
            upwards: false,
            width: None,
        }
    }

    /// The same, with another part of it at its place.
    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// `a` with so much of `b` in it, 0..1.
pub fn mix(a: Colour, b: Colour, part: f64) -> Colour {
    std::array::from_fn(|i| {
        let [a, b] = [a[i], b[i]].map(f64::from);
        (a + part * (b - a)).round() as u8
    })
}

#[cfg(test)]
mod tests;
