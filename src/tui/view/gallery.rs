//! The gallery: the shipped scenarios, each with what to watch and a picture of its slope.
//!
//! [`cards`] reads the scenarios; [`draw`] only draws.

use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Paragraph, Widget, Wrap};

use crate::problem::formula::Scratch;
use crate::problem::mlp::ModelKind;
use crate::scenario::check::{Options, check};
use crate::scenario::shipped::SHIPPED;
use crate::scenario::{ModelTask, Scenario, SurfaceTask, Task};
use crate::tui::desk::{self, Contours};
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::Theme;
use crate::tui::view::dots::Dots;
use crate::tui::view::map::{self, ground};
use crate::tui::view::number::count;
use crate::tui::view::{help, overlay, status};

/// Cells of a picture, across and down.
const PICTURE: [u16; 2] = [34, 12];

/// Columns of the list, and of the whole at most.
const LIST: u16 = 17;
const WIDEST: u16 = 100;

/// A scenario of the gallery.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its title.
    title: String,
    /// What to watch.
    about: String,
    /// What is minimised, and by whom.
    task: String,
    picture: Picture,
}

/// A picture of a slope.
#[derive(Clone, Debug)]
enum Picture {
    /// The ground of a surface of two variables.
    Ground(Array2<Option<u8>>),
    /// The curve of a surface of one, in fractions.
    Profile(Vec<[f64; 2]>),
    /// The layers of a network: units in each.
    Layers(Vec<usize>),
}

/// All shipped scenarios, with pictures for these glyphs.
pub fn cards(glyphs: Glyphs) -> Vec<Card> {
    let read = |shipped: &crate::scenario::shipped::Shipped| {
        // A test checks them all.
        let scenario = check(&shipped.source(), &Options::default()).ok()?;
        Some(card(shipped.name, &scenario, glyphs))
    };
    SHIPPED.iter().filter_map(read).collect()
}

fn card(name: &'static str, scenario: &Scenario, glyphs: Glyphs) -> Card {
    let racers: Vec<&str> = scenario.racers.iter().map(|r| r.label.as_str()).collect();
    let (task, picture) = match &scenario.task {
        Task::Surface(task) => (on_surface(task), picture(task, glyphs)),
        Task::Model(task) => (on_data(task), Picture::Layers(layers(task))),
    };
    Card {
        name,
        title: scenario.title.clone(),
        about: scenario.about.clone(),
        task: format!("{task}\n{}", racers.join(", ")),
        picture,
    }
}

fn on_surface(task: &SurfaceTask) -> String {
    format!("J = {}", task.function.formula())
}

fn on_data(task: &ModelTask) -> String {
    let layers: Vec<String> = layers(task).iter().map(ToString::to_string).collect();
    let rows = count(task.data.rows() as u64);
    format!("a model of {} on {rows} examples", layers.join("-"))
}

fn layers(task: &ModelTask) -> Vec<usize> {
    let classes = task.data.target.classes().unwrap_or(1);
    let outputs = match task.model.kind {
        ModelKind::Linear | ModelKind::Logistic => 1,
        ModelKind::Softmax | ModelKind::Mlp => classes,
    };
    let inputs = [task.data.features.ncols()];
    let hidden = task.model.hidden.iter().copied();
    inputs.into_iter().chain(hidden).chain([outputs]).collect()
}

fn picture(task: &SurfaceTask, glyphs: Glyphs) -> Picture {
    let mut scratch = Scratch::default();
    let mut loss = |w: &[f64]| task.function.value(w, &mut scratch);
    let own = [[-task.function.view(), task.function.view()]; 2];
    let whole = task.view.unwrap_or(own);
    let [across, down] = glyphs.dots();
    let columns = usize::from(PICTURE[0]) * across;
    let at = |i: usize, count: usize, [low, high]: [f64; 2]| {
        low + (i as f64 + 0.5) / count as f64 * (high - low)
    };
    if task.start.len() == 1 {
        let losses: Vec<f64> = (0..columns)
            .map(|i| loss(&[at(i, columns, whole[0])]))
            .collect();
        return Picture::Profile(map::curve(&losses, whole[0]).0);
    }
    let bounds = map::bounds(whole, &desk::Map::default(), true, PICTURE);
    let rows = usize::from(PICTURE[1]) * down;
    let losses = Array2::from_shape_fn((rows, columns), |(row, column)| {
        loss(&[at(column, columns, bounds[0]), at(row, rows, bounds[1])])
    });
    Picture::Ground(ground::bands(&losses))
}

/// Draws the cards over the middle of `area`, the chosen one in full.
pub fn draw(cards: &[Card], chosen: usize, theme: Theme, area: Rect, buffer: &mut Buffer) {
    let height = (cards.len() as u16).max(PICTURE[1] + 7) + 2;
    // Where there is room, how the race is played and the keys stay in sight.
    let below = if area.height >= 16 { 2 } else { 0 };
    let above = Rect {
        height: area.height - below,
        ..area
    };
    let frame = overlay::middle(above, WIDEST, height);
    let title = format!("gallery, {} of {}", chosen + 1, cards.len());
    let inside = overlay::frame(&title, theme, frame, buffer);
    if inside.is_empty() {
        return;
    }
    let rows = usize::from(inside.height);
    // What comes before and after the chosen one is in sight too.
    let first = chosen.saturating_sub(rows / 2);
    let first = first.min(cards.len().saturating_sub(rows));
    for (i, card) in cards.iter().enumerate().skip(first).take(rows) {
        let line = Rect::new(
            inside.x + 1,
            inside.y + (i - first) as u16,
            LIST.min(inside.width - 1),
            1,
        );
        let style = if i == chosen {
            theme.selected()
        } else {
            theme.text()
        };
        let text = format!(" {:<width$}", card.name, width = usize::from(LIST) - 1);
        status::draw_text(&text, style, line, buffer);
    }
    if let (Some(card), true) = (cards.get(chosen), inside.width > LIST + 12) {
        let x = inside.x + LIST + 3;
        let width = inside.right() - x - 1;
        draw_card(card, theme, Rect { x, width, ..inside }, buffer);
    }
}

fn draw_card(card: &Card, theme: Theme, area: Rect, buffer: &mut Buffer) {
    status::draw_text(&card.title, theme.strong(), area, buffer);
    let words = |text: &str, style, area: Rect, buffer: &mut Buffer| {
        let paragraph = Paragraph::new(text.to_owned()).style(style);
        paragraph.wrap(Wrap { trim: true }).render(area, buffer);
    };
    let part = |y: u16, height: u16| {
        let y = area.y + y;
        Rect { y, height, ..area }.intersection(area)
    };
    let about = help::wrapped(&card.about, usize::from(area.width)).len() as u16;
    words(&card.about, theme.text(), part(1, about), buffer);
    let [width, height] = PICTURE;
    let top = about.max(2) + 1;
    if area.height >= top + height + 3 && area.width >= width {
        let at = Rect::new(area.x, area.y + top, width, height);
        draw_picture(&card.picture, theme, at, buffer);
        let below = part(top + height + 1, area.height);
        words(&card.task, theme.quiet(), below, buffer);
    } else {
        let below = part(about + 2, area.height);
        words(&card.task, theme.quiet(), below, buffer);
    }
}

fn draw_picture(picture: &Picture, theme: Theme, area: Rect, buffer: &mut Buffer) {
    match picture {
        Picture::Ground(bands) => map::draw_ground(bands, Contours::Both, theme, area, buffer),
        Picture::Profile(curve) => {
            let mut dots = Dots::new(theme.glyphs(), area.width, area.height);
            for pair in curve.windows(2) {
                dots.line(dots.nearest(pair[0]), dots.nearest(pair[1]), theme.text());
            }
            dots.draw(area, buffer);
        }
        Picture::Layers(layers) => draw_layers(layers, theme, area, buffer),
    }
}

/// A column of units for each layer, with its size below; a large layer is a longer column.
fn draw_layers(layers: &[usize], theme: Theme, area: Rect, buffer: &mut Buffer) {
    let most = layers.iter().copied().max().unwrap_or(1).max(2) as f64;
    let room = f64::from(area.height - 2);
    for (i, &units) in layers.iter().enumerate() {
        let x = area.x + ((i as u16 * 2 + 1) * area.width) / (2 * layers.len() as u16);
        let part = (units.max(1) as f64).ln() / most.ln();
        let height = ((part * room).round() as u16).clamp(1, area.height - 2);
        let top = area.y + (area.height - 2 - height) / 2;
        for y in top..top + height {
            buffer.set_string(x, y, theme.glyphs().ball(), theme.text());
        }
        let label = units.to_string();
        let at = x.saturating_sub(label.len() as u16 / 2);
        buffer.set_string(at, area.bottom() - 1, label, theme.quiet());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::theme;

    #[test]
    fn every_shipped_scenario_has_its_card() {
        let cards = cards(Glyphs::Braille);
        assert_eq!(cards.len(), SHIPPED.len());
        for (card, shipped) in cards.iter().zip(SHIPPED) {
            assert_eq!(card.name, shipped.name);
            assert!(
                !card.title.is_empty() && !card.about.is_empty(),
                "{}",
                card.name
            );
            let kind = match &card.picture {
                Picture::Ground(bands) => bands.len(),
                Picture::Profile(curve) => curve.len(),
                Picture::Layers(layers) => layers.len(),
            };
            assert!(kind >= 2, "{} has a picture", card.name);
        }
        let network = cards.iter().find(|card| card.name == "digits").unwrap();
        assert!(
            network
                .task
                .starts_with("a model of 64-32-32-32-10 on 1,797 examples\nGD, ")
        );
    }

    #[test]
    fn what_to_watch_is_shown_in_full() {
        let cards = cards(Glyphs::Braille);
        for (width, height) in [(200, 50), (120, 35), (80, 24), (40, 12)] {
            for (chosen, card) in cards.iter().enumerate() {
                let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
                draw(&cards, chosen, theme(true), buffer.area, &mut buffer);
                let symbols = buffer.content.iter().map(ratatui::buffer::Cell::symbol);
                let text: String = symbols.collect();
                let words: Vec<&str> = text.split_whitespace().collect();
                let mut about = card.about.split_whitespace();
                let missing = about.find(|word| !words.contains(word));
                assert_eq!(missing, None, "{} at {width}x{height}", card.name);
            }
        }
    }

    #[test]
    fn what_is_chosen_is_in_sight_at_any_size() {
        let cards = cards(Glyphs::Braille);
        for (width, height) in [(200, 50), (80, 24), (40, 12), (20, 5), (9, 3), (1, 1)] {
            for (chosen, card) in cards.iter().enumerate() {
                let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
                draw(&cards, chosen, theme(true), buffer.area, &mut buffer);
                let text: String = buffer
                    .content
                    .iter()
                    .map(ratatui::buffer::Cell::symbol)
                    .collect();
                assert!(text.contains(card.name) || width < 20, "{}", card.name);
            }
        }
    }
}
