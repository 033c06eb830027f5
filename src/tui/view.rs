//! What the screen looks like: a pure function from the state to cells. No key, clock or terminal
//! is known here.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use crate::runner::Mapped;
use crate::tui::app::App;
use crate::tui::desk::{Figure, Overlay, Pane, Sheet, Strips};
use crate::tui::identity::{self, Identity};
use crate::tui::keys::KEYS;
use crate::tui::playhead::Mark;
use crate::tui::theme::Theme;

pub mod axes;
pub mod axis;
pub mod board;
pub mod curves;
pub mod dots;
pub mod editor;
mod figures;
pub mod gallery;
pub(super) mod heading;
pub mod heads;
pub(super) mod help;
mod inspector;
mod layout;
pub mod map;
pub mod number;
mod overlay;
mod podium;
pub mod relief;
pub mod starts;
pub mod status;
mod story;
pub mod strip;

use heading::Heading;
use layout::Panes;

/// The size of the map's plot on a screen of this size; none if there is none.
pub fn map_cells(app: &App, area: Rect) -> Option<[u16; 2]> {
    let Mapped::Drawn(map) = &app.shown.map else {
        return None;
    };
    let pane = panes(app, area)?.map?;
    let plot = map::plot(below(pane), map::is_labelled(map));
    Some([plot.width, plot.height])
}

/// The size of the start map's plot on a screen of this size; none if it is not shown.
pub fn start_cells(app: &App, area: Rect) -> Option<[u16; 2]> {
    let [plot, _] = starts::parts(below(panes(app, area)?.map?));
    Some([plot.width, plot.height])
}

/// What place of the map is meant by a cell of a screen of this size, in its own numbers; none
/// beside the plan of two parameters.
pub fn map_place(app: &App, area: Rect, at: Position) -> Option<[f64; 2]> {
    let Mapped::Drawn(map) = &app.shown.map else {
        return None;
    };
    let plot = map::plot(below(panes(app, area)?.map?), map::is_labelled(map));
    let ground = app.terrain.ground([plot.width, plot.height])?;
    let is_plan = app.desk.map.figure == Figure::Plan && !map.is_line();
    let part = |at: u16, from: u16, cells: u16| {
        f64::from(at - from) / f64::from(cells.saturating_sub(1).max(1))
    };
    (is_plan && map::is_labelled(map) && plot.contains(at)).then(|| {
        let up = 1.0 - part(at.y, plot.y, plot.height);
        editor::rounded([part(at.x, plot.x, plot.width), up], ground.bounds)
    })
}

/// The line that the help begins with at its end, on a screen of this size.
pub fn last_of_help(area: Rect) -> u16 {
    help::last(KEYS, area)
}

/// Whether there may be rate strips on a screen of this size.
pub fn has_room_for_rates(app: &App, area: Rect) -> bool {
    let board = panes(app, area).and_then(|panes| panes.board);
    board.is_some_and(|board| board.width >= board::columns::COMPACT)
}

/// Where the panes lie on a screen of this size.
pub fn panes(app: &App, area: Rect) -> Option<Panes> {
    let racers = app.shown.snapshot.racers.len();
    let has_map = !matches!(app.shown.map, Mapped::Absent { .. });
    layout::arrange(area, racers, &app.desk, has_map)
}

/// What is below a pane's heading.
fn below(pane: Rect) -> Rect {
    Rect {
        y: pane.y + pane.height.min(1),
        height: pane.height.saturating_sub(1),
        ..pane
    }
}

/// Draws everything into the whole of `buffer`, which must be empty.
pub fn draw(app: &App, buffer: &mut Buffer) {
    let snapshot = &app.shown.snapshot;
    let mark = app.playhead.mark();
    let identities = identity::identities(&snapshot.meta.racers);
    let mut board = board::model(snapshot, mark, &app.places, &identities, &app.desk);
    if let (true, Some(Ok(rates))) = (app.desk.rates != Strips::Off, &app.rates) {
        board::rates::put(&mut board, snapshot, mark, rates);
        board.rates_wait = app.rates_wait();
    }
    let Some(panes) = panes(app, buffer.area) else {
        let playing = status::playing(&app.shown, &app.playhead);
        one_line(&board, &playing, app.theme, buffer);
        return;
    };
    let scene = Scene {
        app,
        mark,
        identities: &identities,
        board: &board,
        panes: &panes,
    };
    scene.frame(buffer);
    scene.panes(buffer);
    scene.overlay(buffer);
}

/// What all panes are drawn from.
struct Scene<'a> {
    app: &'a App,
    mark: Mark,
    identities: &'a [Identity],
    board: &'a board::Board,
    panes: &'a Panes,
}

impl Scene<'_> {
    /// The lines around the panes.
    fn frame(&self, buffer: &mut Buffer) {
        let (app, theme) = (self.app, self.app.theme);
        if let Some(area) = self.panes.title {
            status::draw_title(&status::title(&app.shown.snapshot), theme, area, buffer);
        }
        if let Some(area) = self.panes.status {
            if let Some(refusal) = &app.refusal {
                status::draw_text(refusal, theme.strong(), area, buffer);
            } else {
                let playing = status::playing(&app.shown, &app.playhead);
                status::draw_playing(&playing, theme, area, buffer);
            }
        }
        if let Some(area) = self.panes.footer {
            status::draw_keys(KEYS, status::footer(app), theme, area, buffer);
        }
    }

    fn panes(&self, buffer: &mut Buffer) {
        let (app, theme) = (self.app, self.app.theme);
        if let Some(area) = self.panes.curves {
            match app.desk.sheet {
                Sheet::Curves => self.curves(area, buffer),
                Sheet::Inspector => self.inspector(area, buffer),
                Sheet::Editor => self.editor(area, buffer),
            }
        }
        if let Some(area) = self.panes.map {
            match app.desk.map.figure {
                Figure::Plan => self.map(area, buffer),
                Figure::Relief => self.relief(area, buffer),
                Figure::Starts => self.starts(area, buffer),
            }
        }
        if let Some(area) = self.panes.board {
            let below = if self.panes.board_heading {
                let note = if app.desk.focus == Pane::Board {
                    self.pages(Pane::Board)
                } else {
                    String::new()
                };
                let note = match note.as_str() {
                    "" => self.board_note(area.width),
                    _ => note.into(),
                };
                self.styled_head(Pane::Board, &self.by(), note, area, buffer)
            } else {
                area
            };
            board::table::draw(self.board, theme, below, buffer);
        }
        let story = story::so_far(&app.captions, self.mark);
        if let Some(area) = self.panes.story {
            let below = self.head(
                Pane::Story,
                "what has happened",
                &self.pages(Pane::Story),
                area,
                buffer,
            );
            story::draw(&story, self.identities, theme, below, buffer);
        }
        if let Some(area) = self.panes.caption {
            self.caption(&story, area, buffer);
        }
    }

    fn curves(&self, area: Rect, buffer: &mut Buffer) {
        let (app, theme) = (self.app, self.app.theme);
        let below = below(area);
        let columns = curves::columns(below, theme.glyphs());
        let mut curves = curves::model(&app.shown, self.mark, &app.desk, columns);
        if let Some(ghost) = &app.ghost {
            let racers = ghost.racers().filter(|(racer, _)| app.desk.shows(*racer));
            let pace = self.mark.pace;
            let ghosts = curves::ghosts(&curves, &app.shown, pace, &app.desk, racers, columns);
            curves.ghosts = ghosts;
        }
        let note = if curves.beyond.is_empty() {
            self.pages(Pane::Curves)
        } else {
            curves.beyond.clone()
        };
        self.head(Pane::Curves, &curves.heading, &note, area, buffer);
        curves::draw(&curves, self.identities, theme, below, buffer);
        if let (Some(cursor), Some(caption)) = (&curves.cursor, self.panes.caption) {
            curves::draw_readout(cursor, self.identities, theme, caption, buffer);
        }
        if let (Some(podium), Some(at)) = (self.podium(), self.podium_place()) {
            podium::draw(&podium, theme, at, buffer);
        }
    }

    /// The line of what is happening: where the value cursor is on it has the place, and in the end
    /// the podium has it, if there is no room for more of one.
    fn caption(&self, story: &[&crate::tui::captions::Caption], area: Rect, buffer: &mut Buffer) {
        let (app, theme) = (self.app, self.app.theme);
        if app.desk.curves.cursor.is_some() && self.panes.curves.is_some() {
            return;
        }
        if let (Some(podium), None) = (self.podium(), self.podium_place()) {
            let text = podium::line(&podium, usize::from(area.width));
            status::draw_text(&text, theme.strong(), area, buffer);
        } else if let Some(caption) = story.last() {
            story::draw_line(caption, self.identities, theme, area, buffer);
        }
    }

    /// The podium, as long as all have stopped and nobody has closed it.
    fn podium(&self) -> Option<podium::Podium> {
        let open = self.app.is_at_end() && !self.app.desk.podium_closed;
        open.then(|| podium::model(self.board)).flatten()
    }

    /// Where the podium stands: over the curves, at the upper right, which most have left by then; not
    /// where it would hide half of them.
    fn podium_place(&self) -> Option<Rect> {
        let curves = below(self.panes.curves?);
        let [width, height] = podium::SIZE;
        let fits = curves.width >= 2 * width - 6 && curves.height >= height + 8;
        fits.then(|| Rect::new(curves.right() - width - 2, curves.y + 1, width, height))
    }

    /// What the ranks are by, in words.
    fn by(&self) -> String {
        let by = curves::unit(self.board.by);
        format!("leaderboard by {by}")
    }

    /// What is to be known of the board: what its rate strips say or why it has none, and what it is
    /// not; as much of it as there is room for.
    fn board_note(&self, width: u16) -> Line<'static> {
        let only = "one race, not a ranking";
        let rates = match &self.app.rates {
            Some(Err(why)) if self.app.desk.rates != Strips::Off => {
                Line::from(format!("rates not tried: {why}"))
            }
            _ if board::table::has_strips(self.board, width, self.app.theme) => {
                let mut legend = board::rates::legend(self.board.rates_wait, self.app.theme);
                legend.spans.insert(0, "rates ".into());
                legend
            }
            _ => return only.into(),
        };
        let room = usize::from(width).saturating_sub(self.by().width() + 7);
        let mut both = rates.clone();
        both.push_span(format!(", {only}"));
        [both, rates]
            .into_iter()
            .find(|note| note.width() <= room)
            .unwrap_or(only.into())
    }

    /// The other pages, where there are pages.
    fn pages(&self, own: Pane) -> String {
        let name = |pane| match pane {
            Pane::Curves => "1 loss",
            Pane::Map => "2 map",
            Pane::Board => "3 board",
            Pane::Story => "4 story",
        };
        let others = Pane::ALL.into_iter().filter(|pane| *pane != own);
        let names: Vec<_> = others.map(name).collect();
        if self.panes.paged {
            names.join("  ")
        } else {
            String::new()
        }
    }

    fn head(&self, pane: Pane, title: &str, note: &str, area: Rect, buffer: &mut Buffer) -> Rect {
        self.styled_head(pane, title, note.into(), area, buffer)
    }

    fn styled_head(
        &self,
        pane: Pane,
        title: &str,
        note: Line,
        area: Rect,
        buffer: &mut Buffer,
    ) -> Rect {
        let heading = Heading {
            number: pane.number(),
            title,
            note,
            focused: self.app.desk.focus == pane,
        };
        heading.draw(self.app.theme, area, buffer)
    }

    fn overlay(&self, buffer: &mut Buffer) {
        match self.app.desk.overlay {
            Overlay::None => {}
            Overlay::Gallery(chosen) => {
                gallery::draw(&self.app.cards, chosen, self.app.theme, buffer.area, buffer);
            }
            Overlay::Help(first) => help::draw(KEYS, first, self.app.theme, buffer.area, buffer),
        }
    }
}

/// The leader and the playhead, in one line.
fn one_line(board: &board::Board, playing: &[String], theme: Theme, buffer: &mut Buffer) {
    let area = buffer.area;
    if area.is_empty() {
        return;
    }
    let leader = board.rows.first();
    let leader = leader.map(|row| format!("{} {}", row.identity.letter, row.label));
    let place = playing.last().cloned();
    let text = leader.into_iter().chain(place).collect::<Vec<_>>();
    status::draw_text(
        &text.join(theme.glyphs().between()),
        theme.text(),
        area,
        buffer,
    );
}

#[cfg(test)]
pub(in crate::tui) mod tests;
