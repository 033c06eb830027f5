//! What the screen looks like: a pure function from the state to cells. No key, clock or terminal
//! is known here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::app::App;
use crate::tui::identity;
use crate::tui::theme::Theme;

mod axis;
pub mod board;
mod curves;
mod dots;
pub(super) mod number;
mod status;

/// Below this size (columns, rows) there is but one line.
const ONE_LINE: [u16; 2] = [20, 5];
/// Below this size there is but the leaderboard.
const BOARD_ALONE: [u16; 2] = [40, 12];
/// From this size on there is a chart.
const CHART: [u16; 2] = [60, 16];
/// From so many rows on the status stands apart, and from so many the title and the panes do.
const AIRY: u16 = 24;
const ROOMY: u16 = 30;
/// Rows that the chart has at least.
const CHART_ROWS: u16 = 7;

/// Where the panes lie; none where there is no room for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Panes {
    title: Option<Rect>,
    chart: Option<Rect>,
    board: Option<Rect>,
    status: Option<Rect>,
    footer: Option<Rect>,
}

/// Draws everything into the whole of `buffer`, which must be empty.
pub fn draw(app: &App, theme: Theme, buffer: &mut Buffer) {
    let snapshot = &app.shown.snapshot;
    let mark = app.playhead.mark();
    let identities = identity::identities(&snapshot.meta.racers);
    let board = board::model(snapshot, mark, &app.places, &identities);
    let playing = status::playing(&app.shown, &app.playhead);
    let Some(panes) = arrange(buffer.area, board.rows.len()) else {
        one_line(&board, &playing, theme, buffer);
        return;
    };
    if let Some(area) = panes.title {
        status::draw_title(&status::title(snapshot), theme, area, buffer);
    }
    if let Some(area) = panes.chart {
        let curves = curves::model(snapshot, mark, curves::columns(area));
        curves::draw(&curves, &identities, theme, area, buffer);
    }
    if let Some(area) = panes.board {
        board::table::draw(&board, theme, area, buffer);
    }
    if let Some(area) = panes.status {
        status::draw_playing(&playing, theme, area, buffer);
    }
    if let Some(area) = panes.footer {
        status::draw_keys(theme, area, buffer);
    }
}

/// The panes of an area for so many racers; `None` where there is but one line.
fn arrange(area: Rect, racers: usize) -> Option<Panes> {
    let fits = |size: [u16; 2]| area.width >= size[0] && area.height >= size[1];
    if !fits(ONE_LINE) {
        return None;
    }
    let wanted = u16::try_from(racers).unwrap_or(u16::MAX).saturating_add(1);
    if !fits(BOARD_ALONE) {
        return Some(Panes {
            board: Some(area),
            ..Panes::default()
        });
    }
    // A margin of one column where there is room for it.
    let margin = u16::from(area.width >= CHART[0]);
    let rows = |y: u16, height: u16| Rect {
        x: area.x + margin,
        y: area.y + y,
        width: area.width - 2 * margin,
        height,
    };
    let last = area.height - 1;
    let mut panes = Panes {
        title: Some(rows(0, 1)),
        status: Some(rows(last - 1, 1)),
        footer: Some(rows(last, 1)),
        ..Panes::default()
    };
    let top = 1 + u16::from(area.height >= ROOMY);
    let bottom = last - 1 - u16::from(area.height >= AIRY);
    if fits(CHART) {
        let gap = u16::from(area.height >= ROOMY);
        let board = wanted.min(bottom - top - CHART_ROWS - gap);
        panes.chart = Some(rows(top, bottom - board - gap - top));
        panes.board = Some(rows(bottom - board, board));
    } else {
        panes.board = Some(rows(top, bottom - top));
    }
    Some(panes)
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
    status::draw_text(&text.join(" · "), theme.text(), area, buffer);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use ratatui::style::{Color, Modifier};

    use super::*;
    use crate::race::snapshot::Outcome;
    use crate::runner::{Phase, State};
    use crate::tui::fixture::{self, evaluation, progress, race};
    use crate::tui::keys;

    const SCREENS: [(u16, u16, &str); 4] = [
        (200, 50, include_str!("../../tests/data/screens/200x50.txt")),
        (120, 35, include_str!("../../tests/data/screens/120x35.txt")),
        (80, 24, include_str!("../../tests/data/screens/80x24.txt")),
        (40, 12, include_str!("../../tests/data/screens/40x12.txt")),
    ];

    fn play(state: State, seconds: f64) -> App {
        let state = Arc::new(state);
        let mut app = App::new(Arc::clone(&state));
        app.tick(Duration::from_secs_f64(seconds), state);
        app
    }

    fn drawn(app: &App, width: u16, height: u16, colour: bool) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        draw(app, Theme::new(colour), &mut buffer);
        buffer
    }

    fn text(buffer: &Buffer) -> String {
        let width = usize::from(buffer.area.width.max(1));
        let mut text = String::new();
        for row in buffer.content.chunks(width) {
            let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
            text += line.trim_end();
            text.push('\n');
        }
        text
    }

    #[test]
    fn whole_screens_look_as_kept() {
        for (width, height, want) in SCREENS {
            let app = play(race(2000, Phase::Computed, true), 7.5);
            let got = text(&drawn(&app, width, height, true));
            assert!(got == want, "{width}x{height} is now\n{got}");
        }
    }

    #[test]
    fn racers_have_their_letter_and_colour_on_chart_and_board() {
        let app = play(race(2000, Phase::Computed, true), 7.5);
        let theme = Theme::new(true);
        for (width, height, _) in SCREENS {
            let buffer = drawn(&app, width, height, true);
            let has = |letter: &str, racer: usize| {
                let style = if letter == "R" {
                    theme.out()
                } else {
                    theme.racer(racer)
                };
                let cells = buffer.content.iter().filter(|cell| cell.symbol() == letter);
                cells.filter(|cell| Some(cell.fg) == style.fg).count()
            };
            let least = if width >= CHART[0] { 2 } else { 1 };
            for (racer, letter) in ["G", "B", "M", "R", "A"].into_iter().enumerate() {
                assert!(has(letter, racer) >= least, "{letter} at {width}x{height}");
            }
            let title = buffer.content.iter().find(|cell| cell.symbol() == "D");
            assert_eq!(title.map(|cell| cell.modifier), Some(Modifier::BOLD));
        }
    }

    #[test]
    fn grounds_are_the_terminals_own_and_without_colour_so_is_everything() {
        let app = play(race(2000, Phase::Computed, true), 7.5);
        for (width, height, _) in SCREENS {
            for colour in [true, false] {
                let buffer = drawn(&app, width, height, colour);
                assert!(buffer.content.iter().all(|cell| cell.bg == Color::Reset));
                let plain = buffer.content.iter().all(|cell| cell.fg == Color::Reset);
                assert_eq!(plain, !colour, "{width}x{height}");
            }
        }
    }

    #[test]
    fn at_the_start_all_heads_stand_side_by_side() {
        let app = App::new(Arc::new(race(0, Phase::Computing, false)));
        assert!(text(&drawn(&app, 80, 24, true)).contains("│GBMRA"));
    }

    #[test]
    fn no_size_and_no_race_is_too_small_or_too_strange() {
        let name = "Ω".repeat(24);
        let names: Vec<String> = (0..64).map(|i| format!("{i} {name}")).collect();
        let labels: Vec<&str> = names.iter().map(String::as_str).collect();
        let losses = [f64::NAN, f64::INFINITY, 0.0, -1e300, 1e300, 1e-320, 1.0];
        let many = |start: usize| {
            let one = |i: usize| {
                let at = |step: usize| losses[(start + i + step) % losses.len()];
                let trace: Vec<_> = (0..5)
                    .map(|n| evaluation(n as u64, 1 << 60, at(n)))
                    .collect();
                let cause = name.clone();
                progress(
                    &trace,
                    i.is_multiple_of(2).then_some(Outcome::Error { cause }),
                )
            };
            let racers = (0..64).map(one).collect();
            fixture::state(&labels, racers, losses[2 + start % 5], Phase::Recorded)
        };
        let mut apps: Vec<App> = (0..losses.len()).map(|i| play(many(i), 9.0)).collect();
        apps.push(play(race(2000, Phase::Computed, true), 7.5));
        let sizes = (0..=10).flat_map(|width| (0..=10).map(move |height| (width, height)));
        let edges = [
            (20, 5),
            (39, 12),
            (40, 11),
            (59, 40),
            (60, 15),
            (60, 16),
            (300, 16),
            (61, 200),
        ];
        for (width, height) in sizes.chain(edges) {
            for app in &apps {
                drawn(app, width, height, true);
            }
        }
    }

    #[test]
    fn a_story_of_keys() {
        let state = Arc::new(race(2000, Phase::Computed, true));
        let mut app = App::new(Arc::clone(&state));
        let mut after = |keys: &str, seconds: f64, says: &str| {
            for key in keys.chars() {
                let event = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
                app.update(keys::message(event).expect("a key of the table"));
            }
            app.tick(Duration::from_secs_f64(seconds), Arc::clone(&state));
            let screen = text(&drawn(&app, 80, 24, true));
            assert!(
                screen.contains(says),
                "after {keys:?} no {says:?} in\n{screen}"
            );
        };
        after("", 0.0, "playing 20 it/s · step 0 of 300");
        after("", 2.0, "step 40 of 300");
        after(" ", 2.0, "paused · step 40 of 300");
        after(".", 2.0, "paused · step 41 of 300");
        after(" ]", 0.5, "playing 40 it/s · step 61 of 300");
        after("[[", 0.1, "playing 10 it/s · step 62 of 300");
        after(
            "",
            3.0,
            "5  R RMSProp              NaN        NaN          90      5,760  diverged",
        );
        after(
            "",
            3.0,
            "1  A Adam             0.04990    0.01663         116      7,424  converged",
        );
        after("", 30.0, "finished · step 300 of 300");
        after("r", 0.0, "playing 10 it/s · step 0 of 300");
    }
}
