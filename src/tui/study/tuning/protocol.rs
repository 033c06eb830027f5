//! By which terms the best rates are found, in words and numbers, and how the racers stand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::racer::Racer;
use super::rates;
use crate::race::snapshot::Meta;
use crate::runner::Searched;
use crate::sweep::tune::grid::{Edge, Grid, rate};
use crate::sweep::tune::{Plan, SHARES};
use crate::tui::identity::Identity;
use crate::tui::theme::Theme;
use crate::tui::view::help::wrapped;
use crate::tui::view::number::{count, short};

/// Columns of the names of terms, with a space behind.
const NAMES: u16 = 8;

/// What there is to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// What the standings are called.
    pub title: &'static str,
    /// The racers by their best medians, those that never converge last; each with its place.
    pub standings: Vec<(usize, usize)>,
    /// Each term and what it is.
    pub terms: Vec<(&'static str, String)>,
}

impl Terms {
    /// The terms of `plan`, and how the racers stand.
    pub fn new(plan: &Plan, meta: &Meta, now: &Searched, grid: Grid, racers: &[Racer]) -> Self {
        let advance = &now.so_far.advance;
        let mut terms = vec![
            ("runs", runs(now)),
            ("steps", format!("{} taken", count(now.so_far.steps()))),
            ("rates", tried(plan, grid)),
        ];
        if grid != Grid::FIRST {
            let [low, high] = ends(Grid::FIRST);
            terms.push((
                "grid",
                format!(
                    "began as {low} to {high} and grew for all racers: a best rate lay on its edge"
                ),
            ));
        }
        terms.push(("seeds", apart(plan, meta)));
        terms.push(("budget", budget(plan, meta)));
        terms.push((
            "best",
            "the lowest median of iterations-to-converge; a run that does not finish counts as \
             never; of equals the one amid more rates that work"
                .to_owned(),
        ));
        if now.over && advance.done > 0 {
            terms.extend(edges(racers).map(|edge| ("edge", edge)));
        }
        Self {
            title: if now.over {
                "standings"
            } else {
                "standings so far"
            },
            standings: standings(racers),
            terms,
        }
    }
}

fn runs(now: &Searched) -> String {
    let advance = &now.so_far.advance;
    let threads = match now.threads {
        1 => "1 thread".to_owned(),
        n => format!("{n} threads"),
    };
    if now.over {
        format!("{} made on {threads}", count(advance.done))
    } else {
        let flying = advance.begun - advance.done;
        let [done, planned] = [advance.done, advance.planned].map(count);
        format!("{done} of {planned} done, {flying} in flight on {threads}")
    }
}

fn ends(grid: Grid) -> [String; 2] {
    [grid.low, grid.high].map(|third| short(rate(third, 1)))
}

fn tried(plan: &Plan, grid: Grid) -> String {
    let (rates, [low, high]) = (grid.thirds(), ends(grid));
    let span = format!("10^(k/3) from {low} to {high}");
    let field = plan.fields.first();
    let each = field.map_or(1, |field| field.entries.len() * usize::from(field.parts));
    if each == 1 {
        return format!("{rates} for every racer, {span}");
    }
    let all = each * rates;
    format!(
        "{all} configurations of every racer over {rates} rates, {span}: who has fewer combinations \
         has rates between these instead"
    )
}

/// The seeds in a title: `seeds 100008 to 100010`.
pub fn seeds(plan: &Plan) -> String {
    match plan.seeds[..] {
        [first, .., last] => format!("seeds {first} to {last}"),
        [only] => format!("seed {only}"),
        [] => String::new(),
    }
}

fn apart(plan: &Plan, meta: &Meta) -> String {
    let (seed, all) = (meta.seed, plan.seeds.len());
    let seeds = match plan.seeds[..] {
        [first, .., last] => format!("{first} to {last}"),
        _ => plan.seeds.first().map_or(String::new(), u64::to_string),
    };
    format!("{all}, {seeds}: no race is scored on them, `--seeds` begins at {seed}")
}

/// The budget in a few words.
pub fn budget_in_short(plan: &Plan, meta: &Meta) -> String {
    let steps = count(meta.limit);
    match plan.seeds.len() {
        _ if plan.halving => "successive halving".to_owned(),
        1 => format!("1 run at each, {steps} steps at most"),
        n => format!("{n} runs at each, {steps} steps at most"),
    }
}

fn budget(plan: &Plan, meta: &Meta) -> String {
    let steps = count(meta.limit);
    if !plan.halving {
        return format!("the whole of it for every run, {steps} steps");
    }
    let parts = SHARES.iter().filter(|share| **share > 1);
    let parts: Vec<String> = parts.map(|share| format!("1/{share}")).collect();
    format!(
        "successive halving: {} and all of {steps} steps; the better third of the rates goes on, and \
         a slow one can be left behind though it might have won",
        parts.join(", ")
    )
}

fn edges(racers: &[Racer]) -> impl Iterator<Item = String> {
    racers.iter().filter_map(|racer| {
        let side = match racer.best.as_ref()?.edge? {
            Edge::Low => "lower",
            Edge::High => "upper",
        };
        let label = &racer.label;
        Some(format!(
            "{label} is best at the {side} end: a rate beyond may be better"
        ))
    })
}

/// The racers by their medians, and their places; who has the same median shares one.
fn standings(racers: &[Racer]) -> Vec<(usize, usize)> {
    let median = |racer: usize| {
        let best = racers[racer].best.as_ref();
        best.and_then(|best| best.median).unwrap_or(f64::INFINITY)
    };
    let mut order: Vec<usize> = (0..racers.len()).collect();
    order.sort_by(|&a, &b| median(a).total_cmp(&median(b)));
    let place = |racer: usize| {
        let before = order.iter().filter(|other| median(**other) < median(racer));
        1 + before.count()
    };
    order.iter().map(|&racer| (racer, place(racer))).collect()
}

/// Draws the pane, as much of it as there is room for.
pub fn draw(
    terms: &Terms,
    racers: &[Racer],
    identities: &[Identity],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let room = usize::from(area.width);
    let mut y = area.y;
    buffer.set_stringn(area.x, y, terms.title, room, theme.title());
    let heads = format!("{:>9}{:>9}", "rate", "median");
    if room > heads.len() + terms.title.len() {
        let at = area.right() - heads.len() as u16;
        buffer.set_string(at, y, heads, theme.quiet());
    }
    y += 1;
    for &(racer, place) in &terms.standings {
        if y >= area.bottom() {
            return;
        }
        standing(
            &racers[racer],
            identities[racer],
            place,
            theme,
            Rect { y, ..area },
            buffer,
        );
        y += 1;
    }
    let below = Rect {
        y: y + 1,
        height: area.bottom().saturating_sub(y + 1),
        ..area
    };
    draw_terms(&terms.terms, theme, below, buffer);
}

/// As many terms as fit whole; where some do not, the last line says how many.
pub fn draw_terms(terms: &[(&'static str, String)], theme: Theme, area: Rect, buffer: &mut Buffer) {
    let room = usize::from(area.width).saturating_sub(NAMES.into());
    let lines = |(name, says): &(&'static str, String)| (*name, wrapped(says, room.max(1)));
    let terms: Vec<(&str, Vec<String>)> = terms.iter().map(lines).collect();
    let height = usize::from(area.height);
    let rows =
        |terms: &[(&str, Vec<String>)]| terms.iter().map(|(_, says)| says.len()).sum::<usize>();
    let is_cut = rows(&terms) > height;
    let most = height - usize::from(is_cut && height > 0);
    let fit = (0..=terms.len())
        .rev()
        .find(|&fit| rows(&terms[..fit]) <= most);
    let fit = fit.unwrap_or(0);
    let mut y = area.y;
    for (name, says) in &terms[..fit] {
        buffer.set_stringn(area.x, y, name, area.width.into(), theme.quiet());
        for line in says {
            buffer.set_stringn(area.x + NAMES, y, line, room, theme.text());
            y += 1;
        }
    }
    if is_cut && height > 0 {
        let more = format!("and {} more", terms.len() - fit);
        buffer.set_stringn(area.x, y, more, area.width.into(), theme.quiet());
    }
}

/// `1 A Adam beta1=0.9    0.0464    53`.
fn standing(
    racer: &Racer,
    identity: Identity,
    place: usize,
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let room = usize::from(area.width);
    let best = racer.best.as_ref();
    let place = match best.and_then(|best| best.median) {
        Some(_) => place.to_string(),
        None => "-".to_owned(),
    };
    let place = format!("{place:>2} ");
    let (x, _) = buffer.set_stringn(area.x, area.y, place, room, theme.quiet());
    let letter = format!("{} ", identity.letter);
    let left = |x: u16| usize::from(area.right().saturating_sub(x));
    let marker = theme.marker(identity.colour);
    let (x, _) = buffer.set_stringn(x, area.y, letter, left(x), marker);
    let name = format!("{} {}", racer.label, racer.over);
    let style = theme.racer(identity.colour);
    let (x, _) = buffer.set_stringn(x, area.y, name.trim_end(), left(x), style);
    let said = best.map_or(String::new(), |best| {
        let (rate, median) = (rates::rate(best.rate), rates::median(best.median));
        format!("{rate:>9}{median:>9}")
    });
    let at = area.right().saturating_sub(said.width() as u16);
    if at > x {
        buffer.set_string(at, area.y, said, theme.text());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::theme;

    #[test]
    fn no_term_is_cut_and_those_without_room_are_counted() {
        let terms = [
            ("runs", "285 made".to_owned()),
            ("best", "the lowest median of all".to_owned()),
            ("edge", "none".to_owned()),
        ];
        for (height, want) in [
            (0, ""),
            (1, "and 3 more"),
            (2, "runs    285 made;and 2 more"),
            (3, "runs    285 made;and 2 more;"),
            (4, "runs    285 made;and 2 more;;"),
            (
                5,
                "runs    285 made;best    the lowest;        median of;        all;edge    none",
            ),
        ] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 18, height));
            draw_terms(&terms, theme(true), buffer.area, &mut buffer);
            let row = |row: &[ratatui::buffer::Cell]| {
                let row: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
                row.trim_end().to_owned()
            };
            let rows: Vec<String> = buffer.content.chunks(18).map(row).collect();
            assert_eq!(rows.join(";"), want, "{height}");
        }
    }
}
