//! The screen of a search for learning rates: each racer's rates ([`rates`]), what rates mean for
//! iterations ([`sensitivity`]), and by which terms the best is found ([`protocol`]).
//!
//! What is drawn is made anew only when there is news of the search. The search itself is not here.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::race;
use crate::race::snapshot::Meta;
use crate::runner::Searched;
use crate::scenario::Scenario;
use crate::sweep::tune::Plan;
use crate::sweep::tune::grid::Grid;
use crate::tui::identity::{self, Identity};
use crate::tui::study::Study;
use crate::tui::study::desk::Desk;
use crate::tui::theme::Theme;
use crate::tui::view::number::{count, waiting};
use crate::tui::view::status;

pub mod protocol;
pub mod racer;
pub mod rates;
pub mod sensitivity;
#[cfg(test)]
mod tests;

use protocol::Terms;
use racer::Racer;

/// The panes, in the order of their numbers.
const PANES: [&str; 3] = ["rates", "iterations by rate", "protocol"];

/// Below this many columns or rows there is room for one pane only.
const ROOM: [u16; 2] = [60, 18];

/// From so many columns on the protocol stands beside the curves, and from so many beside all.
const BESIDE: [u16; 2] = [110, 160];

/// The columns of the protocol where it stands beside something.
const PROTOCOL: u16 = 46;

/// The rows that curves need with their heading.
const CURVES: u16 = 7;

/// A search for learning rates on the screen.
pub struct TuningStudy<'a> {
    plan: &'a Plan,
    meta: Meta,
    labels: Vec<String>,
    identities: Vec<Identity>,
    latest: Box<dyn FnMut() -> Searched + 'a>,
    now: Searched,
    shown: Shown,
}

/// What is drawn.
struct Shown {
    grid: Grid,
    racers: Vec<Racer>,
    terms: Terms,
}

impl<'a> TuningStudy<'a> {
    /// The screen of the search for the rates of `scenario` by `plan`; `latest` says how far it has
    /// come.
    pub fn new(
        scenario: &Scenario,
        plan: &'a Plan,
        mut latest: impl FnMut() -> Searched + 'a,
    ) -> Self {
        let enter = |racer| race::entered(scenario, racer);
        let fields = plan.fields.iter();
        let entered: Vec<_> = fields.map(|field| enter(&field.entries[0].racer)).collect();
        let meta = race::meta(scenario, 0);
        let labels: Vec<String> = entered.iter().map(|racer| racer.label.clone()).collect();
        let now = latest();
        Self {
            shown: Shown::new(plan, &meta, &labels, &now),
            plan,
            meta,
            labels,
            identities: identity::identities(&entered),
            latest: Box::new(latest),
            now,
        }
    }
}

impl Shown {
    fn new(plan: &Plan, meta: &Meta, labels: &[String], now: &Searched) -> Self {
        let grid = now.so_far.grid(plan);
        let racers = labels.iter().enumerate();
        let racers: Vec<Racer> = racers
            .map(|(i, label)| Racer::new(plan, &now.so_far, grid, i, label))
            .collect();
        Self {
            terms: Terms::new(plan, meta, now, grid, &racers),
            grid,
            racers,
        }
    }
}

impl Study for TuningStudy<'_> {
    fn follow(&mut self) {
        let next = (self.latest)();
        let same = Arc::ptr_eq(&next.so_far, &self.now.so_far) && next.over == self.now.over;
        self.now = next;
        if !same {
            self.shown = Shown::new(self.plan, &self.meta, &self.labels, &self.now);
        }
    }

    fn is_over(&self) -> bool {
        self.now.over
    }

    fn title(&self) -> Vec<String> {
        vec![
            format!("{}, learning rates", self.meta.title),
            status::target(self.meta.target, self.meta.hold),
            protocol::seeds(self.plan),
            format!("{} rates for every racer", self.shown.grid.thirds()),
        ]
    }

    fn status(&self) -> Vec<String> {
        let advance = &self.now.so_far.advance;
        let time = waiting(self.now.seconds);
        if self.now.over {
            let runs = format!("{} runs", count(advance.done));
            return vec![runs, format!("done in {time}")];
        }
        vec![
            format!("{} in flight", advance.begun - advance.done),
            format!("{} of {} runs", count(advance.done), count(advance.planned)),
            format!("{time}, {}", left(&self.now)),
        ]
    }

    fn racers(&self) -> usize {
        self.labels.len()
    }

    fn panes(&self) -> &'static [&'static str] {
        &PANES
    }

    fn arrange(&self, area: Rect) -> Vec<(usize, Rect)> {
        if area.width < ROOM[0] || area.height < ROOM[1] {
            return vec![];
        }
        let wide = area.width >= BESIDE[1];
        let (main, right) = if wide { split(area) } else { (area, None) };
        let rates = rates::height(self.labels.len(), main.height) + 1;
        if main.height < rates + CURVES {
            let protocol = right.map(|right| (2, right));
            return [(0, main)].into_iter().chain(protocol).collect();
        }
        let above = Rect {
            height: rates,
            ..main
        };
        let below = Rect {
            y: main.y + rates,
            height: main.height - rates,
            ..main
        };
        let (curves, beside) = if !wide && area.width >= BESIDE[0] {
            split(below)
        } else {
            (below, None)
        };
        let protocol = right.or(beside).map(|place| (2, place));
        [(0, above), (1, curves)]
            .into_iter()
            .chain(protocol)
            .collect()
    }

    fn heading(&self, pane: usize, _: &Desk) -> [String; 2] {
        let note = match pane {
            0 => format!(
                "{} rates, {}",
                self.shown.grid.thirds(),
                protocol::budget_in_short(self.plan, &self.meta)
            ),
            1 => match self.plan.seeds.len() {
                1 => "of one seed, both axes logarithmic".to_owned(),
                n => format!("median of {n} seeds, both axes logarithmic"),
            },
            _ => String::new(),
        };
        [PANES[pane].to_owned(), note]
    }

    fn draw(&self, pane: usize, desk: &Desk, theme: Theme, area: Rect, buffer: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let (racers, identities) = (&self.shown.racers, &self.identities);
        match pane {
            0 => rates::draw(
                self.shown.grid,
                racers,
                identities,
                desk,
                theme,
                area,
                buffer,
            ),
            1 => {
                let curves = sensitivity::model(self.shown.grid, racers, self.meta.limit);
                sensitivity::draw(&curves, identities, desk, theme, area, buffer);
            }
            _ => protocol::draw(&self.shown.terms, racers, identities, theme, area, buffer),
        }
    }
}

/// What is left of an area where the protocol takes its right, and that, with a column between.
fn split(area: Rect) -> (Rect, Option<Rect>) {
    let left = Rect {
        width: area.width - PROTOCOL - 1,
        ..area
    };
    let right = Rect {
        x: area.right() - PROTOCOL,
        width: PROTOCOL,
        ..area
    };
    (left, Some(right))
}

/// The time left, if all that is left is as fast as what is done.
fn left(now: &Searched) -> String {
    let advance = &now.so_far.advance;
    if advance.work_done == 0 {
        return "time left not known yet".to_owned();
    }
    // By whole seconds, so that it changes no more often than these.
    let seconds = now.seconds.floor();
    let ahead = advance.work.saturating_sub(advance.work_done) as f64 / advance.work_done as f64;
    format!("about {} left", waiting((ahead * seconds).ceil()))
}
