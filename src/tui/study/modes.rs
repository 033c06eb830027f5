//! The screen of a race in its modes: the racers' orders beside each other ([`orders`]), where these
//! flip, and on what terms they were found ([`said`]).
//!
//! What is shown is summed up elsewhere; here it is arranged.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::race;
use crate::race::snapshot::Meta;
use crate::runner::Contrasted;
use crate::scenario::Scenario;
use crate::sweep::modes::Plan;
use crate::tui::identity::{self, Identity};
use crate::tui::study::Study;
use crate::tui::study::desk::Desk;
use crate::tui::study::tuning::protocol::draw_terms;
use crate::tui::theme::Theme;
use crate::tui::view::number::{count, waiting};
use crate::tui::view::status;

pub mod orders;
mod said;

#[cfg(test)]
mod tests;

use orders::Orders;

/// The panes, in the order of their numbers.
const PANES: [&str; 3] = ["orders", "flips", "terms"];
const ORDERS: usize = 0;
const FLIPS: usize = 1;

/// Below this many columns or rows there is room for one pane only.
const ROOM: [u16; 2] = [60, 16];

/// From so many columns on the terms stand beside the flips.
const BESIDE: u16 = 110;

/// The rows that sentences need with their heading.
const SENTENCES: u16 = 6;

/// A race in its modes on the screen.
pub struct ModesStudy<'a> {
    meta: Meta,
    seeds: u64,
    labels: Vec<String>,
    identities: Vec<Identity>,
    latest: Box<dyn FnMut() -> Contrasted + 'a>,
    now: Contrasted,
    orders: Orders,
}

impl<'a> ModesStudy<'a> {
    /// The screen of `scenario` raced by `plan`; `latest` says how far that has come.
    pub fn new(
        scenario: &Scenario,
        plan: &Plan,
        mut latest: impl FnMut() -> Contrasted + 'a,
    ) -> Self {
        let fields = plan.search.fields.iter();
        let entered = fields.map(|field| race::entered(scenario, &field.entries[0].racer));
        let entered: Vec<_> = entered.collect();
        let now = latest();
        Self {
            meta: race::meta(scenario, 0),
            seeds: plan.seeds,
            labels: entered.iter().map(|racer| racer.label.clone()).collect(),
            identities: identity::identities(&entered),
            orders: Orders::new(&now.known),
            latest: Box::new(latest),
            now,
        }
    }
}

impl Study for ModesStudy<'_> {
    fn follow(&mut self) {
        let next = (self.latest)();
        if !Arc::ptr_eq(&next.known, &self.now.known) {
            self.orders = Orders::new(&next.known);
        }
        self.now = next;
    }

    fn is_over(&self) -> bool {
        self.now.over
    }

    fn title(&self) -> Vec<String> {
        let last = self.meta.seed + self.seeds - 1;
        vec![
            format!("{}, at tuned, default and equal rates", self.meta.title),
            status::target(self.meta.target, self.meta.hold),
            match self.seeds {
                1 => format!("seed {last}"),
                _ => format!("seeds {} to {last}", self.meta.seed),
            },
        ]
    }

    fn status(&self) -> Vec<String> {
        let (now, time) = (&self.now, waiting(self.now.seconds));
        if now.over {
            return vec![format!("done in {time}")];
        }
        let search = &now.known.search;
        let far = if let Some((kind, done)) = now.known.racing {
            format!("{}: {done} of {} seeds raced", kind.name(), self.seeds)
        } else {
            let (done, planned) = (count(search.done), count(search.planned));
            format!("search: {done} of {planned} runs")
        };
        let time = match left(now) {
            Some(left) => format!("{time}, about {left} left"),
            None => time,
        };
        vec![time, far]
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
        let wanted = orders::height(self.labels.len()) + 1;
        let above = wanted.min(area.height - SENTENCES).max(area.height / 2);
        let part = |y: u16, height: u16, x: u16, width: u16| Rect {
            x: area.x + x,
            y: area.y + y,
            width,
            height,
        };
        let (below, half) = (area.height - above, area.width / 2);
        let orders = (ORDERS, part(0, above, 0, area.width));
        if area.width < BESIDE {
            return vec![orders, (FLIPS, part(above, below, 0, area.width))];
        }
        vec![
            orders,
            (FLIPS, part(above, below, 0, half - 1)),
            (2, part(above, below, half + 1, area.width - half - 1)),
        ]
    }

    fn heading(&self, pane: usize, _: &Desk) -> [String; 2] {
        let note = match pane {
            ORDERS => "by the median of iterations".to_owned(),
            FLIPS => said::counted(&self.now.known),
            _ => String::new(),
        };
        [PANES[pane].to_owned(), note]
    }

    fn draw(&self, pane: usize, desk: &Desk, theme: Theme, area: Rect, buffer: &mut Buffer) {
        if area.is_empty() {
            return;
        }
        let known = &self.now.known;
        match pane {
            ORDERS => {
                let racers = (&self.labels[..], &self.identities[..]);
                orders::draw(&self.orders, racers, desk, theme, area, buffer);
            }
            FLIPS => draw_terms(&said::flips(known), theme, area, buffer),
            _ => draw_terms(&said::terms(known), theme, area, buffer),
        }
    }
}

/// How long what is under way will take, if the rest of it is as quick as what is done: the search, or
/// all modes.
fn left(now: &Contrasted) -> Option<String> {
    let (spent, done, all) = match now.searched {
        None => {
            let search = &now.known.search;
            (now.seconds, search.work_done, search.work)
        }
        Some(searched) => {
            let known = &now.known;
            (now.seconds - searched, known.raced, known.planned)
        }
    };
    // By whole seconds, so that it changes no more often than these.
    let left = spent.floor() * all.saturating_sub(done) as f64 / done as f64;
    let is_known = spent >= 1.0 && left.is_finite();
    is_known.then(|| waiting(left.ceil()))
}
