//! The screen of one scenario on many seeds: the median curves ([`median`]), how much is reached within
//! how many iterations ([`reached`]), and the standings with what the lead is worth ([`table`]).
//!
//! What is shown is summed up elsewhere; here it is arranged.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::runner::Seeded;
use crate::stats::median_ranks;
use crate::tui::identity::{Identity, identities};
use crate::tui::study::Study;
use crate::tui::study::desk::Desk;
use crate::tui::theme::Theme;
use crate::tui::view::number::{count, seconds, waiting};
use crate::tui::view::status;

mod chart;
mod median;
mod reached;
mod standings;
mod table;
#[cfg(test)]
mod tests;

use standings::Standings;

/// The panes, by their numbers.
const MEDIAN: usize = 0;
const REACHED: usize = 1;
const TABLE: usize = 2;

/// Below this many columns or rows there is room for one pane only.
const THREE: [u16; 2] = [60, 17];

/// Rows that a chart must be left with, its heading among them.
const CHART: u16 = 9;

/// A race on many seeds as it was last seen.
pub struct Seeds<'a> {
    /// The newest sums, and the seconds since the start.
    latest: Box<dyn Fn() -> (Arc<Seeded>, f64) + 'a>,
    seen: Arc<Seeded>,
    seconds: f64,
    identities: Vec<Identity>,
    standings: Standings,
}

impl<'a> Seeds<'a> {
    /// Of what `latest` says: the newest sums, the same `Arc` as long as nothing changed, and the
    /// seconds since the start.
    pub fn new(latest: impl Fn() -> (Arc<Seeded>, f64) + 'a) -> Self {
        let (seen, seconds) = latest();
        Self {
            identities: identities(&seen.meta.racers),
            standings: Standings::new(&seen),
            latest: Box::new(latest),
            seen,
            seconds,
        }
    }

    /// The racer whose band is shown: the selected one, or who leads.
    fn banded(&self, desk: &Desk) -> Option<usize> {
        let leads = || self.standings.rows.first().map(|row| row.racer);
        desk.selected.or_else(leads)
    }

    /// That racer and what is shown of it: `Adam's 95 % band`.
    fn band(&self, desk: &Desk) -> String {
        let counted = self.seen.counted() as usize;
        match self.banded(desk).filter(|racer| desk.shows(*racer)) {
            _ if counted == 0 => String::new(),
            _ if median_ranks(counted).is_none() => "too few seeds for a band".to_owned(),
            Some(racer) => format!("95 % band of {}", self.seen.meta.racers[racer].label),
            None => String::new(),
        }
    }

    /// What stands where nothing can be shown yet.
    fn not_yet(&self) -> String {
        match self.seen.took {
            Some(_) => "no seed was raced to the end".to_owned(),
            None => format!("seed {} is about to start", self.seen.meta.seed),
        }
    }
}

impl Study for Seeds<'_> {
    fn follow(&mut self) {
        let (seen, seconds) = (self.latest)();
        self.seconds = seen.took.unwrap_or(seconds);
        if !Arc::ptr_eq(&seen, &self.seen) {
            self.standings = Standings::new(&seen);
            self.seen = seen;
        }
    }

    fn is_over(&self) -> bool {
        self.seen.took.is_some()
    }

    fn title(&self) -> Vec<String> {
        let meta = &self.seen.meta;
        let last = meta.seed + self.seen.planned - 1;
        let mut parts = vec![
            meta.title.clone(),
            if last == meta.seed {
                format!("seed {last}")
            } else {
                format!("seeds {} to {last}", meta.seed)
            },
            status::target(meta.target, meta.hold),
            format!("within {} steps", count(meta.limit)),
        ];
        if meta.surface {
            parts.push("a surface, not a network".to_owned());
        }
        parts
    }

    fn status(&self) -> Vec<String> {
        let seen = &self.seen;
        let threads = match seen.threads {
            1 => "1 thread".to_owned(),
            n => format!("{n} threads"),
        };
        let counted = format!("{} of {} seeds", count(seen.counted()), count(seen.planned));
        if let Some(took) = seen.took {
            return vec![
                format!("computed in {} on {threads}", seconds(took)),
                counted,
            ];
        }
        let time = match left(seen, self.seconds) {
            Some(left) => format!("{}, {left} left", seconds(self.seconds)),
            None => seconds(self.seconds),
        };
        vec![
            threads,
            time,
            format!("{} in flight", seen.in_flight()),
            counted,
        ]
    }

    fn racers(&self) -> usize {
        self.identities.len()
    }

    fn panes(&self) -> &'static [&'static str] {
        &["median", "reached", "standings"]
    }

    fn arrange(&self, area: Rect) -> Vec<(usize, Rect)> {
        if area.width < THREE[0] || area.height < THREE[1] {
            return vec![];
        }
        let most = area.height - CHART;
        let below = table::height(&self.standings, area).min(most);
        let (above, left) = (area.height - below, area.width / 2);
        let chart = |x: u16, width: u16| Rect {
            x: area.x + x,
            width,
            height: above,
            ..area
        };
        let table = Rect {
            y: area.y + above,
            height: below,
            ..area
        };
        vec![
            (MEDIAN, chart(0, left)),
            (REACHED, chart(left, area.width - left)),
            (TABLE, table),
        ]
    }

    fn heading(&self, pane: usize, desk: &Desk) -> [String; 2] {
        let counted = self.seen.counted();
        let over = match counted {
            0 => String::new(),
            1 => " on one seed".to_owned(),
            n => format!(" over {} seeds", count(n)),
        };
        match pane {
            MEDIAN if counted == 0 => {
                let seed = self.seen.meta.seed;
                [
                    format!("loss on seed {seed}"),
                    "the first seed is being raced".to_owned(),
                ]
            }
            MEDIAN => [format!("median loss{over}"), self.band(desk)],
            REACHED => ["targets reached".to_owned(), reached::targets(&self.seen)],
            _ => {
                let note = match counted {
                    0 => "",
                    1..=5 => "too few seeds for intervals and for a ranking",
                    _ if self.standings.rows.iter().all(|row| row.rank.is_none()) => {
                        "nothing to rank"
                    }
                    _ => "by the median of iterations",
                };
                [format!("standings{over}"), note.to_owned()]
            }
        }
    }

    fn draw(&self, pane: usize, desk: &Desk, theme: Theme, area: Rect, buffer: &mut Buffer) {
        let banded = self.banded(desk);
        let chart = match pane {
            MEDIAN => median::chart(&self.seen, desk, banded),
            REACHED => reached::chart(&self.seen, desk, banded),
            _ => {
                let selected = desk.selected;
                table::draw(
                    &self.standings,
                    &self.identities,
                    selected,
                    theme,
                    area,
                    buffer,
                );
                return;
            }
        };
        if let Some(chart) = chart {
            chart::draw(&chart, &self.identities, theme, area, buffer);
        } else if area.width > 2 && area.height > 0 {
            let row = Rect {
                x: area.x + 2,
                y: area.y + area.height / 2,
                width: area.width - 2,
                height: 1,
            };
            status::draw_text(&self.not_yet(), theme.quiet(), row, buffer);
        }
    }
}

/// How long the rest takes, if it is as quick as what is done: `about 12 s`.
fn left(seen: &Seeded, spent: f64) -> Option<String> {
    let rest = seen.planned.saturating_sub(seen.done) as f64;
    let left = spent * rest / seen.done as f64;
    left.is_finite()
        .then(|| format!("about {}", waiting(left.ceil())))
}
