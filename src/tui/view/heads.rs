//! The racers' letters where they are now, on the curves and on the map.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// A letter, the cell it would stand in, and its style.
pub type Head = ([u16; 2], char, Style);

/// Draws a letter at each place (in cells of the buffer), in bold. Where two would share a cell, the
/// later takes the nearest free one beside. What lies outside of `area` is not drawn.
pub fn draw(heads: &[Head], area: Rect, buffer: &mut Buffer) {
    for ([x, y], letter, style) in placed(heads, area) {
        let bold = style.add_modifier(Modifier::BOLD);
        buffer[(x, y)].set_char(letter).set_style(bold);
    }
}

/// The letters where they are drawn.
pub fn placed(heads: &[Head], area: Rect) -> Vec<Head> {
    let mut taken: Vec<Head> = Vec::with_capacity(heads.len());
    for &([x, y], letter, style) in heads {
        let beside = (0..area.width)
            .flat_map(|off| [x.saturating_add(off), x.saturating_sub(off)])
            .filter(|x| (area.x..area.right()).contains(x));
        let free = beside
            .map(|x| [x, y])
            .find(|at| !taken.iter().any(|head| head.0 == *at));
        if let Some(place) = free.filter(|at| (area.y..area.bottom()).contains(&at[1])) {
            taken.push((place, letter, style));
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_hides_another_and_none_lies_outside() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 5, 2));
        let area = Rect::new(1, 0, 3, 2);
        let at = |place, letter| (place, letter, Style::new());
        let heads = [
            at([2, 0], 'A'),
            at([2, 0], 'B'),
            at([2, 0], 'C'),
            at([2, 0], 'D'),
            at([9, 9], 'E'),
        ];
        draw(&heads, area, &mut buffer);
        let text: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(text, " CAB      ");
    }
}
