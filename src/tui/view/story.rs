//! What has happened: the captions up to the playhead, the newest first; and the one line of the
//! newest.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::tui::captions::Caption;
use crate::tui::identity::Identity;
use crate::tui::playhead::Mark;
use crate::tui::theme::Theme;

/// The captions up to `mark`, the newest last.
pub fn so_far(captions: &[Caption], mark: Mark) -> Vec<&Caption> {
    let past = captions.iter();
    past.filter(|caption| mark.reached(caption.at)).collect()
}

/// Draws the newest captions, one a line.
pub fn draw(
    captions: &[&Caption],
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    for (caption, y) in captions.iter().rev().zip(area.top()..area.bottom()) {
        let line = Rect::new(area.x, y, area.width, 1);
        draw_line(caption, identities, theme, line, buffer);
    }
}

/// Draws one caption, its racer's letter before it.
pub fn draw_line(
    caption: &Caption,
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    if area.width < 3 || area.height == 0 {
        return;
    }
    if let Some(identity) = caption.racer.and_then(|racer| identities.get(racer)) {
        let style = theme.racer(identity.colour);
        buffer[(area.x, area.y)]
            .set_char(identity.letter)
            .set_style(style);
    }
    let room = usize::from(area.width - 2);
    let text = if caption.text.width() <= room {
        &caption.text
    } else {
        &caption.short
    };
    buffer.set_stringn(area.x + 2, area.y, text, room, theme.text());
}
