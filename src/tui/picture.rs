//! Pictures of what the screen shows: the screen itself cell by cell, and its chart, map and board as
//! figures for paper. They are drawn from the same models as the panes, so that a figure says what
//! the screen says. No file is written here.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::picture::{Colour, Picture};
use crate::runner::State;
use crate::scenario::Pace;
use crate::tui::app::App;
use crate::tui::ground::Ground;
use crate::tui::identity::Identity;
use crate::tui::theme::{self, Look, Theme, ThemeName};
use crate::tui::view::{self, board};

mod board_figure;
pub mod cast;
mod chart;
mod curves_figure;
mod frame;
mod map_figure;
mod profile_figure;
mod rgb;
pub mod save;
mod sensitivity_figure;
mod signs;

#[cfg(test)]
mod tests;

pub use frame::frame;
pub use profile_figure::draw as profile;
pub use sensitivity_figure::draw as sensitivity;

/// A figure for paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The loss curves.
    Curves,
    /// The map.
    Map,
    /// The leaderboard.
    Board,
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Curves, Self::Map, Self::Board];

    /// Its name in those of files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curves => "curves",
            Self::Map => "map",
            Self::Board => "board",
        }
    }
}

/// What figures are drawn on, and with.
#[derive(Clone, Copy, Debug)]
pub struct Paper {
    theme: Theme,
    ground: Colour,
    ink: Colour,
}

impl Paper {
    /// White, with the colours of the light theme.
    pub fn white() -> Self {
        Self::of(Look {
            theme: ThemeName::Light,
            colour: theme::Colour::Indexed256,
            ..Look::default()
        })
    }

    /// As the screen looks.
    pub fn of(look: Look) -> Self {
        let ground = ground(look.theme);
        let [ink, paper] = rgb::ground(ground);
        Self {
            theme: look.theme(ground),
            ground: paper,
            ink,
        }
    }

    /// The colour of what is only to be looked up.
    fn quiet(self) -> Colour {
        let grey = self.theme.quiet().fg.and_then(rgb::rgb);
        grey.unwrap_or(crate::picture::mix(self.ink, self.ground, 0.45))
    }

    /// The colour of lines that are to be seen only when looked for.
    fn faint(self) -> Colour {
        crate::picture::mix(self.ink, self.ground, 0.86)
    }

    fn racer(self, identity: Identity) -> Colour {
        let own = self.theme.racer(identity.colour).fg.and_then(rgb::rgb);
        own.unwrap_or(self.ink)
    }

    /// An empty picture of this size.
    fn sheet(self, title: &str, size: [f64; 2]) -> Picture {
        Picture {
            title: title.to_owned(),
            size,
            ground: self.ground,
            shapes: Vec::new(),
        }
    }
}

/// The ground that a theme is for, where no terminal says what it has.
pub fn ground(theme: ThemeName) -> Ground {
    match theme {
        ThemeName::Light => Ground::Light,
        _ => Ground::Dark,
    }
}

/// A screen that stands at a step, or at the end.
pub fn still(state: Arc<State>, look: Look, step: Option<u64>) -> App {
    let mut app = App::new(Arc::clone(&state), look, ground(look.theme));
    if let Some(step) = step {
        app.playhead.count_by(Pace::Iterations, &state);
        app.playhead.stand(step as f64, &state);
        app.playhead.paused = true;
    } else {
        app.playhead.stand(f64::INFINITY, &state);
    }
    app.places = board::places(&state.snapshot, app.playhead.mark());
    app
}

/// The cells of a screen of this size.
pub fn cells(app: &mut App, area: Rect) -> Buffer {
    let mut buffer = Buffer::empty(area);
    app.prepare(area);
    view::draw(app, &mut buffer);
    buffer
}

/// The screen of `app` at so many columns and rows.
pub fn screen(app: &mut App, [columns, rows]: [u16; 2]) -> Picture {
    let cells = cells(app, Rect::new(0, 0, columns, rows));
    frame(&cells, app.ground(), &app.shown.snapshot.meta.title)
}

/// A figure of what `app` shows; none of a map that is not there.
pub fn figure(app: &App, figure: Figure, paper: Paper) -> Option<Picture> {
    match figure {
        Figure::Curves => Some(curves_figure::draw(app, paper)),
        Figure::Map => map_figure::draw(app, paper),
        Figure::Board => Some(board_figure::draw(app, paper)),
    }
}
