//! What has happened: the captions up to the playhead, the newest first; and the one line of the
//! newest.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Widget, Wrap};
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

/// Draws the newest captions, one a line, or on two where one is too short.
pub fn draw(
    captions: &[&Caption],
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let mut y = area.y;
    for caption in captions.iter().rev() {
        let lines = (caption.short.width() + 2).div_ceil(usize::from(area.width.max(1)));
        let height = (lines as u16).min(area.bottom().saturating_sub(y));
        let part = Rect { y, height, ..area };
        draw_line(caption, identities, theme, part, buffer);
        y += height;
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
    let beside = Rect {
        x: area.x + 2,
        width: area.width - 2,
        ..area
    };
    let text = if caption.text.width() <= usize::from(beside.width) {
        &caption.text
    } else {
        &caption.short
    };
    let words = Paragraph::new(text.as_str()).style(theme.text());
    words.wrap(Wrap { trim: true }).render(beside, buffer);
}
