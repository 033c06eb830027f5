//! Both ways of writing a picture, and what hostile text comes to.

use super::*;

const INK: Colour = [10, 20, 30];

fn picture(shapes: Vec<Shape>) -> Picture {
    Picture {
        title: "a < b & \u{1b}[31mred\u{202e}".to_owned(),
        size: [40.0, 20.0],
        ground: [255, 255, 255],
        shapes,
    }
}

/// How many pixels of a PNG are of this colour, and how many there are.
fn pixels(png: &[u8], colour: Colour) -> [usize; 2] {
    let map = tiny_skia::Pixmap::decode_png(png).expect("it is a PNG");
    let same = |pixel: &&tiny_skia::PremultipliedColorU8| {
        [pixel.red(), pixel.green(), pixel.blue()] == colour
    };
    [map.pixels().iter().filter(same).count(), map.pixels().len()]
}

#[test]
fn an_svg_is_xml_and_hostile_text_is_only_text() {
    let label = "<&>\"'\u{0}\u{7}\u{9b}\u{202e}\u{ffff}]]>";
    let text = Shape::Text(Text::new(label, [1.0, 9.0], 10.0, INK));
    let svg = picture(vec![text]).svg();
    let document = roxmltree::Document::parse(&svg).expect("it is XML");
    let said = |tag: &str| -> Vec<&str> {
        let nodes = document.descendants();
        let named = nodes.filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", tag)));
        named.filter_map(|node| node.text()).collect()
    };
    assert_eq!(said("text"), ["<&>\"']]>"]);
    assert_eq!(said("title"), ["a < b & [31mred"]);
    let unsafe_ones = |c: char| c != '\n' && crate::text::is_unsafe(c);
    assert!(!svg.contains(unsafe_ones), "{svg:?}");
}

#[test]
fn a_png_has_the_shapes_in_their_places() {
    let mut blocks = picture(vec![]);
    blocks.block([10.0, 5.0], [20.0, 10.0], INK);
    let png = blocks.png(2.0).expect("it is small");
    assert_eq!(pixels(&png, INK), [40 * 20, 80 * 40]);
    let dots = Shape::Dots {
        centres: vec![[10.0, 10.0], [30.0, 10.0]],
        radius: 5.0,
        fill: INK,
    };
    let [dark, _] = pixels(&picture(vec![dots]).png(4.0).unwrap(), INK);
    let want = 2.0 * std::f64::consts::PI * 20.0 * 20.0;
    assert!((dark as f64 / want - 1.0).abs() < 0.08, "{dark} of {want}");
}

#[test]
fn letters_need_no_font_of_the_machine() {
    let of = |text: &str| {
        let text = Shape::Text(Text::new(text, [2.0, 16.0], 16.0, INK));
        pixels(&picture(vec![text]).png(4.0).unwrap(), INK)[0]
    };
    assert_eq!(of(""), 0);
    assert!(of("il") > 100 && of("MW") > of("il"));
    for c in "aZ09é·←↑→↓…|grad|".chars() {
        assert!(font::outline(c).is_some(), "{c}");
    }
}

#[test]
fn too_large_a_picture_has_fewer_pixels() {
    let mut wall = picture(vec![]);
    wall.size = [40_000.0, 10_000.0];
    let [_, all] = pixels(&wall.png(2.0).expect("it is made smaller"), INK);
    assert!((30_000_000..=41_000_000).contains(&all), "{all}");
}
