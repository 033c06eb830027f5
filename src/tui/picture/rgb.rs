//! What a terminal's colours look like where there is no terminal.

use ratatui::style::Color;

use crate::picture::Colour;
use crate::tui::ground::Ground;

/// The sixteen colours that have names; no two terminals agree on them.
const NAMED: [Colour; 16] = [
    [0, 0, 0],
    [190, 40, 40],
    [40, 140, 40],
    [150, 120, 0],
    [50, 90, 200],
    [160, 50, 160],
    [0, 140, 150],
    [200, 200, 200],
    [110, 110, 110],
    [255, 95, 95],
    [95, 215, 95],
    [235, 205, 60],
    [110, 150, 255],
    [235, 120, 235],
    [70, 215, 225],
    [255, 255, 255],
];

/// Text and ground of a terminal; a dark one where it is not known.
pub fn ground(ground: Ground) -> [Colour; 2] {
    match ground {
        Ground::Light => [[28; 3], [255; 3]],
        Ground::Dark | Ground::Unknown => [[218; 3], [16, 16, 18]],
    }
}

/// A colour in numbers; none for the terminal's own.
pub fn rgb(colour: Color) -> Option<Colour> {
    let number = match colour {
        Color::Reset => return None,
        Color::Rgb(red, green, blue) => return Some([red, green, blue]),
        Color::Indexed(number) => number,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    let level = |i: u8| if i == 0 { 0 } else { 55 + 40 * i };
    Some(match number {
        0..16 => NAMED[usize::from(number)],
        232.. => [8 + 10 * (number - 232); 3],
        _ => [
            level((number - 16) / 36),
            level((number - 16) / 6 % 6),
            level((number - 16) % 6),
        ],
    })
}
