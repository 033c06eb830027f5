//! The past of a parameter as lines over its raw gradients.

use unicode_width::UnicodeWidthStr;

use super::words::words;
use super::{Averaged, Axis, BETAS, Coordinate, Look, Past, Scale, number_of};

/// Gradients and what they are averaged to, in fractions of the plot's width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// What it shows, in words.
    pub title: String,
    /// The same in fewer.
    pub short: String,
    /// Steps.
    pub x: Axis,
    /// Gradients.
    pub y: Axis,
    /// The raw gradients.
    pub raw: Vec<[f64; 2]>,
    /// Averages of gradients.
    pub line: Vec<[f64; 2]>,
    /// What is told apart from them by its dashes: averages that began at zero and are not corrected,
    /// or the root of an average of squares on both sides of zero.
    pub dashes: Vec<Vec<[f64; 2]>>,
}

impl Plot {
    /// What it shows in so many cells: in full, in fewer words, or as many of these as there is room
    /// for up to a comma.
    pub fn words(&self, room: usize) -> &str {
        if self.title.width() <= room {
            return &self.title;
        }
        let mut words = self.short.as_str();
        while let (true, Some((first, _))) = (words.width() > room, words.rsplit_once(", ")) {
            words = first;
        }
        words
    }
}

/// The axes that all plots of a look share.
#[derive(Clone, Debug)]
pub struct Frame {
    x: Axis,
    y: Axis,
}

/// The x axis has so many steps at first; it doubles until it has as many as are looked at.
const FIRST: f64 = 25.0;
const MOST: f64 = 100.0;

impl Frame {
    /// Around what is shown: the x axis moves on by its half, so that a frame seldom moves what
    /// stands.
    pub fn new(look: &Look) -> Self {
        let at = look.step as f64;
        let doublings = (at / FIRST).log2().ceil().max(0.0);
        let width = (FIRST * doublings.exp2()).min(MOST);
        let halves = (at / (width / 2.0)).ceil() - 2.0;
        let low = halves.max(0.0) * width / 2.0;
        let x = Axis::between(low, low + width);
        let shown = look.past.iter().filter(|past| x.holds(past.step as f64));
        let finite = shown.map(|past| past.g).filter(|g| g.is_finite());
        let [least, most] = finite.fold([0.0, 0.0], |[low, high]: [f64; 2], g| {
            [low.min(g), high.max(g)]
        });
        let y = Axis::around(Scale::Linear, least, most);
        Self { x, y }
    }

    fn plot(&self, title: String, short: String, look: &Look) -> Plot {
        Plot {
            title,
            short,
            x: self.x,
            y: self.y,
            raw: self.line(look, |past| past.g),
            line: Vec::new(),
            dashes: Vec::new(),
        }
    }

    /// Where the values of the past lie, as far as they lie on the plot.
    fn line(&self, look: &Look, value: impl Fn(&Past) -> f64) -> Vec<[f64; 2]> {
        let shown = look.past.iter();
        let shown = shown.filter(|past| self.x.holds(past.step as f64));
        let place = |past: &Past| {
            let value = value(past);
            let on = self.y.holds(value);
            Some([
                self.x.place(past.step as f64)?,
                self.y.place(value).filter(|_| on)?,
            ])
        };
        shown.filter_map(place).collect()
    }

    /// The gradients with the racer's own averages.
    pub fn own(&self, look: &Look, chosen: &Coordinate) -> Plot {
        let [mut title, mut short] = ["g in dots", "g"].map(str::to_owned);
        let mut plot = self.plot(String::new(), String::new(), look);
        for average in &look.rule.averages {
            let place = chosen.vectors.iter().position(|v| v.0 == average.name);
            let beta = number_of(look, &average.beta).unwrap_or(0.0);
            let weight = if average.is_sum { 1.0 - beta } else { 1.0 };
            let value = |past: &Past| {
                let value = place.and_then(|place| past.vectors.get(place));
                let correction = past.number(&average.correction);
                let share = correction.filter(|_| average.is_corrected).unwrap_or(1.0);
                weight * value.copied().unwrap_or(f64::NAN) / share
            };
            match average.of {
                Averaged::Gradients => {
                    plot.line = self.line(look, value);
                    let weight = if average.is_sum { " (1 - beta)" } else { "" };
                    title += &format!(", {}{weight} as a line", average.name);
                    short += &format!(", {}", average.name);
                }
                Averaged::Squares => {
                    let sides = [1.0, -1.0];
                    let root = |side: f64| self.line(look, |past| side * value(past).sqrt());
                    plot.dashes = sides.map(root).to_vec();
                    title += &format!(", +-sqrt({}) in dashes", average.name);
                    short += &format!(", +-sqrt({})", average.name);
                }
            }
        }
        if look.rule.averages.is_empty() {
            title += ": nothing is averaged";
        }
        Plot {
            title,
            short,
            ..plot
        }
    }

    /// The gradients averaged with the beta of this number, with correction and without.
    pub fn average(&self, look: &Look, number: usize) -> Plot {
        let beta = BETAS[number];
        let count = (1.0 / (1.0 - beta)).round();
        let shown: Vec<Past> = look
            .past
            .iter()
            .filter(|past| self.x.holds(past.step as f64))
            .cloned()
            .collect();
        let words = words(&shown, number);
        let title = format!("{beta}: last {count}, {words}");
        let short = format!("{beta}: {words}");
        let share = |past: &Past| 1.0 - beta.powf(past.step as f64);
        let uncorrected = self.line(look, |past| past.averages[number]);
        Plot {
            line: self.line(look, |past| past.averages[number] / share(past)),
            dashes: vec![uncorrected],
            ..self.plot(title, short, look)
        }
    }
}
