//! Where the panes lie on a screen of some size. They leave in this order as room shrinks: story,
//! map, curves; the leaderboard never.

use ratatui::layout::{Position, Rect};

use crate::tui::desk::{Desk, Pane, Sheet};
use crate::tui::view::board::table;

/// Below this size (columns, rows) there is but one line.
const ONE_LINE: [u16; 2] = [20, 5];
/// Below this size there is but the leaderboard.
const BOARD_ALONE: [u16; 2] = [40, 12];
/// From this size on there is a page beside the leaderboard.
const PAGE: [u16; 2] = [60, 16];
/// From this size on curves and map stand side by side.
const WIDE: [u16; 2] = [100, 28];
/// From so many columns on the story stands beside the leaderboard.
const STORY: u16 = 160;
/// Columns that the leaderboard has at least then.
const BOARD_COLUMNS: u16 = 112;
/// Rows that a page or the upper panes have at least.
const UPPER_ROWS: u16 = 8;
/// From so many rows on there is air between the parts.
const ROOMY: u16 = 30;

/// Where the panes lie, each with its heading; none where there is no room for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// The title.
    pub title: Option<Rect>,
    /// The curves.
    pub curves: Option<Rect>,
    /// The map.
    pub map: Option<Rect>,
    /// The line that says what is happening.
    pub caption: Option<Rect>,
    /// The leaderboard.
    pub board: Option<Rect>,
    /// Whether the leaderboard has a heading.
    pub board_heading: bool,
    /// What has happened.
    pub story: Option<Rect>,
    /// How the race is played.
    pub status: Option<Rect>,
    /// The keys.
    pub footer: Option<Rect>,
    /// Whether one page is shown of several.
    pub paged: bool,
}

impl Panes {
    /// The row of the leaderboard at a place, from 0 for the first racer, where it has so many rows
    /// and this one is selected.
    pub fn row(&self, at: Position, rows: usize, selected: Option<usize>) -> Option<usize> {
        let board = self.board.filter(|board| board.contains(at))?;
        let heading = u16::from(self.board_heading);
        let shown = table::window(rows, selected, board.height.saturating_sub(heading));
        let row = usize::from(at.y.checked_sub(board.y + 1 + heading)?) + shown.start;
        shown.contains(&row).then_some(row)
    }

    /// Where a pane lies.
    pub fn of(&self, pane: Pane) -> Option<Rect> {
        match pane {
            Pane::Curves => self.curves,
            Pane::Map => self.map,
            Pane::Board => self.board,
            Pane::Story => self.story,
        }
    }
}

/// The panes of an area for so many racers; `None` where there is but one line.
pub fn arrange(area: Rect, racers: usize, desk: &Desk, has_map: bool) -> Option<Panes> {
    let fits = |size: [u16; 2]| area.width >= size[0] && area.height >= size[1];
    if !fits(ONE_LINE) {
        return None;
    }
    if !fits(BOARD_ALONE) {
        return Some(Panes {
            board: Some(area),
            ..Panes::default()
        });
    }
    // A margin of one column where there is room for it.
    let margin = u16::from(area.width >= PAGE[0]);
    let inner = Rect {
        x: area.x + margin,
        width: area.width - 2 * margin,
        ..area
    };
    let last = area.bottom() - 1;
    let line = |y: u16| Some(rows(inner, y, 1));
    let mut panes = Panes {
        title: line(area.y),
        status: line(last - 1),
        footer: line(last),
        caption: line(last - 2),
        ..Panes::default()
    };
    let roomy = u16::from(area.height >= ROOMY);
    let top = area.y + 1 + roomy;
    let body = rows(inner, top, last - 1 - roomy - top);
    if !fits(PAGE) {
        if let Some(pane) = desk.asked_for() {
            alone(&mut panes, pane, body);
            return Some(panes);
        }
        // Two lines for the caption where there is room for them.
        let spare = body.height.saturating_sub(wanted(racers) - 1);
        let caption = spare.clamp(1, 2);
        panes.board = Some(rows(body, top, body.height - caption));
        panes.caption = Some(rows(body, body.bottom() - caption, caption));
        return Some(panes);
    }
    panes.board_heading = true;
    if desk.zoomed {
        alone(&mut panes, desk.focus, body);
    } else if fits(WIDE) {
        side_by_side(&mut panes, desk.focus, body, wanted(racers), has_map);
    } else {
        // A rule with its numbers and plots needs all the room there is.
        let alone = desk.sheet == Sheet::Inspector && desk.focus == Pane::Curves;
        let board = if alone { 0 } else { wanted(racers) };
        page(&mut panes, desk.focus, body, board);
    }
    Some(panes)
}

/// Rows of a leaderboard with its heading.
fn wanted(racers: usize) -> u16 {
    u16::try_from(racers).unwrap_or(u16::MAX).saturating_add(2)
}

fn rows(area: Rect, y: u16, height: u16) -> Rect {
    Rect { y, height, ..area }
}

/// One pane, and the caption below it.
fn alone(panes: &mut Panes, pane: Pane, body: Rect) {
    let area = Some(rows(body, body.y, body.height - 1));
    panes.caption = Some(rows(body, body.bottom() - 1, 1));
    match pane {
        Pane::Curves => panes.curves = area,
        Pane::Map => panes.map = area,
        Pane::Board => panes.board = area,
        Pane::Story => panes.story = area,
    }
}

/// One pane above the leaderboard, and the caption between; the pane alone where no row of the
/// leaderboard is wanted.
fn page(panes: &mut Panes, pane: Pane, body: Rect, wanted: u16) {
    panes.paged = true;
    if pane == Pane::Board || wanted == 0 {
        return alone(panes, pane, body);
    }
    let board = wanted.min((body.height - UPPER_ROWS - 1).min(body.height / 2));
    let upper = rows(body, body.y, body.height - board);
    alone(panes, pane, upper);
    panes.board = Some(rows(body, upper.bottom(), board));
}

/// Curves and map above, the caption between, the leaderboard and the story below.
fn side_by_side(panes: &mut Panes, focus: Pane, body: Rect, wanted: u16, has_map: bool) {
    // Where there is none the pane says why, to whoever asks.
    let has_map = has_map || focus == Pane::Map;
    let gap = u16::from(body.height >= ROOMY - 5);
    // Many racers leave half of the height to the panes above.
    let most = (body.height - UPPER_ROWS - 1 - gap).min(body.height / 2);
    let board = wanted.min(most);
    let height = body.height - board - 1 - gap;
    let upper = rows(body, body.y, height);
    panes.caption = Some(rows(body, upper.bottom(), 1));
    let mut lower = rows(body, body.bottom() - board, board);
    let story = body.width >= STORY;
    // As wide as it is high, and a cell is about twice as high as wide.
    let square = (2 * height + 4).min(body.width * 2 / 5);
    let right = Rect {
        x: upper.right() - square,
        width: square,
        ..upper
    };
    let beside_map = has_map || (!story && focus == Pane::Story);
    let left = Rect {
        width: upper.width - if beside_map { square + 2 } else { 0 },
        ..upper
    };
    panes.curves = Some(left);
    if !story && focus == Pane::Story {
        panes.story = Some(right);
    } else if has_map {
        panes.map = Some(right);
    }
    if story {
        let width = lower.width.saturating_sub(BOARD_COLUMNS + 2).min(square);
        let x = lower.right() - width;
        panes.story = Some(Rect { x, width, ..lower });
        lower.width -= width + 2;
    }
    panes.board = Some(lower);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_never_overlap_and_lie_on_the_screen() {
        let desks = Pane::ALL.into_iter().flat_map(|focus| {
            [false, true].map(|zoomed| Desk {
                focus,
                zoomed,
                ..Desk::default()
            })
        });
        for desk in desks {
            for (width, height) in (0..=230)
                .step_by(7)
                .flat_map(|w| (0..=60).map(move |h| (w, h)))
            {
                for (racers, has_map) in [(1, true), (5, true), (5, false), (64, true)] {
                    let area = Rect::new(0, 0, width, height);
                    let Some(panes) = arrange(area, racers, &desk, has_map) else {
                        continue;
                    };
                    let all = [
                        panes.title,
                        panes.curves,
                        panes.map,
                        panes.caption,
                        panes.board,
                        panes.story,
                        panes.status,
                        panes.footer,
                    ];
                    let all: Vec<Rect> = all.into_iter().flatten().collect();
                    for (i, pane) in all.iter().enumerate() {
                        let place = format!("{width}x{height} {racers} {desk:?}: {pane:?}");
                        assert_eq!(pane.intersection(area), *pane, "{place}");
                        assert!(!pane.is_empty(), "{place}");
                        let clear = all[..i].iter().all(|other| !other.intersects(*pane));
                        assert!(clear, "{place} {panes:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn panes_leave_in_their_order() {
        let has = |width, height| {
            let area = Rect::new(0, 0, width, height);
            let panes = arrange(area, 5, &Desk::default(), true).unwrap_or_default();
            [panes.story, panes.map, panes.curves, panes.board].map(|pane| pane.is_some())
        };
        assert_eq!(has(200, 50), [true, true, true, true]);
        assert_eq!(has(120, 35), [false, true, true, true]);
        assert_eq!(has(80, 24), [false, false, true, true]);
        assert_eq!(has(40, 12), [false, false, false, true]);
        assert_eq!(has(20, 5), [false, false, false, true]);
        assert_eq!(has(19, 5), [false, false, false, false]);
        let mut desk = Desk::default();
        let area = Rect::new(0, 0, 120, 35);
        assert_eq!(arrange(area, 5, &desk, false).unwrap().map, None);
        desk.focus = Pane::Map;
        let asked = arrange(area, 5, &desk, false).unwrap().map;
        assert!(asked.is_some(), "it says why there is none");
    }
}
