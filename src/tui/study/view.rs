//! What the screen of a study looks like: its panes, and the lines around them. A pure function from
//! the state to cells.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::message::{Message, Toward};
use crate::tui::study::Study;
use crate::tui::study::desk::Desk;
use crate::tui::study::keys::KEYS;
use crate::tui::view::heading::Heading;
use crate::tui::view::{help, status};

/// Below this many columns and rows there is but one line.
const SMALLEST: [u16; 2] = [20, 5];

/// Draws everything into the whole of `buffer`, which must be empty.
pub fn draw(study: &dyn Study, desk: &Desk, buffer: &mut Buffer) {
    let area = buffer.area;
    if area.is_empty() {
        return;
    }
    let row = |y: u16| Rect {
        y: area.y + y,
        height: 1,
        ..area
    };
    let theme = desk.theme;
    if area.width < SMALLEST[0] || area.height < SMALLEST[1] {
        let parts = study.status();
        match parts.last() {
            // What does not fit is rather cut than not there.
            Some(last) if last.len() > area.width.into() => {
                status::draw_text(last, theme.text(), row(0), buffer);
            }
            _ => status::draw_playing(&parts, theme, row(0), buffer),
        }
        return;
    }
    status::draw_title(&study.title(), theme, row(0), buffer);
    status::draw_playing(&study.status(), theme, row(area.height - 2), buffer);
    status::draw_keys(KEYS, footer(desk), theme, row(area.height - 1), buffer);
    let inside = Rect {
        y: area.y + 1,
        height: area.height - 3,
        ..area
    };
    let shown = panes(study, desk, inside);
    let mut others = others(study, desk, &shown);
    for (pane, place) in shown {
        let [title, mut note] = study.heading(pane, desk);
        if !others.is_empty() {
            note = std::mem::take(&mut others);
        }
        let heading = Heading {
            number: pane + 1,
            title: &title,
            note: note.into(),
            focused: pane == desk.focus,
        };
        let below = heading.draw(theme, place, buffer);
        study.draw(pane, desk, theme, below, buffer);
    }
    if let Some(first) = desk.help {
        help::draw(KEYS, first, theme, area, buffer);
    }
}

/// The panes that are shown, and where.
fn panes(study: &dyn Study, desk: &Desk, inside: Rect) -> Vec<(usize, Rect)> {
    let all = study.arrange(inside);
    // What has no place among the others is shown alone when it has the focus.
    if desk.zoomed || !all.iter().any(|(pane, _)| *pane == desk.focus) {
        return vec![(desk.focus, inside)];
    }
    all
}

/// The panes that there is no room for, with their numbers.
fn others(study: &dyn Study, desk: &Desk, shown: &[(usize, Rect)]) -> String {
    let is_shown = |pane: usize| desk.zoomed || shown.iter().any(|(shown, _)| *shown == pane);
    let names = (0..)
        .zip(study.panes())
        .filter(|(pane, _)| !is_shown(*pane));
    let names = names.map(|(pane, name)| format!("{} {name}", pane + 1));
    names.collect::<Vec<_>>().join("  ")
}

/// The keys to press next, the most useful first.
fn footer(desk: &Desk) -> &'static [Message] {
    const HELP: [Message; 3] = [Message::Close, Message::Up, Message::Down];
    const PANES: [Message; 5] = [
        Message::Quit,
        Message::Help,
        Message::NextPane,
        Message::Zoom,
        Message::Racer(Toward::On),
    ];
    if desk.help.is_some() { &HELP } else { &PANES }
}
