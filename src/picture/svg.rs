//! A picture as an SVG document. Text that could end an element or command a terminal is made safe.

use std::fmt::Write;

use super::font::FAMILY;
use super::{Anchor, Colour, Picture, Place, Shape, Text};
use crate::text::clean;

pub(super) fn write(picture: &Picture) -> String {
    let [width, height] = picture.size.map(number);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILY}\" fill=\"none\">\n\
         <title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        escaped(&picture.title),
        hex(picture.ground)
    );
    for shape in &picture.shapes {
        write_shape(shape, &mut out);
    }
    out + "</svg>\n"
}

fn write_shape(shape: &Shape, out: &mut String) {
    match shape {
        Shape::Area { outlines, fill } => {
            let paths: String = outlines.iter().map(|places| path(places) + "z").collect();
            let fill = hex(*fill);
            let _ = writeln!(
                out,
                "<path d=\"{paths}\" fill=\"{fill}\" fill-rule=\"evenodd\"/>"
            );
        }
        Shape::Lines { lines, pen } => {
            let paths: String = lines.iter().map(|places| path(places)).collect();
            let (colour, width) = (hex(pen.colour), number(pen.width));
            let dash: Vec<String> = pen.dash.iter().map(|length| number(*length)).collect();
            let dash = match &dash[..] {
                [] => String::new(),
                lengths => format!(" stroke-dasharray=\"{}\"", lengths.join(" ")),
            };
            let _ = writeln!(
                out,
                "<path d=\"{paths}\" stroke=\"{colour}\" stroke-width=\"{width}\"{dash} \
                 stroke-linejoin=\"round\"/>"
            );
        }
        Shape::Dots {
            centres,
            radius,
            fill,
        } => {
            // Round ends of lines without length: a tenth of the bytes that circles would take.
            let dot = |[x, y]: &Place| format!("M{} {}h0", number(*x), number(*y));
            let dots: String = centres.iter().map(dot).collect();
            let (fill, width) = (hex(*fill), number(2.0 * radius));
            let _ = writeln!(
                out,
                "<path d=\"{dots}\" stroke=\"{fill}\" stroke-width=\"{width}\" \
                 stroke-linecap=\"round\"/>"
            );
        }
        Shape::Text(text) => write_text(text, out),
    }
}

fn write_text(text: &Text, out: &mut String) {
    let [x, y] = text.at.map(number);
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let bold = if text.bold {
        " font-weight=\"bold\""
    } else {
        ""
    };
    let turn = if text.upwards {
        format!(" transform=\"rotate(-90 {x} {y})\"")
    } else {
        String::new()
    };
    let width = text.width.map_or(String::new(), |width| {
        format!(
            " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
            number(width)
        )
    });
    let (size, colour) = (number(text.size), hex(text.colour));
    let said = escaped(&text.text);
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{anchor}{bold}{turn}{width} \
         xml:space=\"preserve\">{said}</text>"
    );
}

/// `M1 2L3 4`.
fn path(places: &[Place]) -> String {
    let mut path = String::new();
    for (i, [x, y]) in places.iter().enumerate() {
        path.push(if i == 0 { 'M' } else { 'L' });
        path += &number(*x);
        path.push(' ');
        path += &number(*y);
    }
    path
}

/// To a hundredth, without zeros at the end.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

fn hex([red, green, blue]: Colour) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text that can stand between tags. What no XML document may hold is left out.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in clean(text).chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            '\u{fffe}' | '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}
