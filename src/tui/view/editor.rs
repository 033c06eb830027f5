//! The editor: all that can be changed of a race, in groups, what it was before, and what the chosen
//! line may be.
//!
//! [`model`] says what stands where; [`draw`] only draws.

use ratatui::layout::Rect;

use crate::scenario::Pace;
use crate::scenario::edit::field::Field;
use crate::tui::app::App;
use crate::tui::app::edit::Editor;
use crate::tui::identity::Identity;
use crate::tui::view::number::count;

mod draw;

pub use draw::{draw, draw_cursor};

/// Cells of a column at least.
const NARROW: u16 = 35;

/// Lines below the fields: a blank one, what the chosen field may be, and what to do.
const FOOT: u16 = 3;

/// A line of the editor.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Whose the lines below are: a racer's identity and label, or the race's.
    Head(Option<Identity>, String),
    /// A field.
    Field(Entry),
    /// Air between two groups.
    Blank,
}

/// A field as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// What it is, or what is being typed.
    pub value: String,
    /// What it was, if that was something else.
    pub was: Option<String>,
    /// Whether it is the chosen one.
    pub chosen: bool,
    /// Whether it is being typed.
    pub typed: bool,
}

/// What the editor shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// How much is changed.
    pub note: String,
    /// The lines that there is room for, a list for each column.
    pub columns: Vec<Vec<Line>>,
    /// What the chosen field may be, and what it does.
    pub about: String,
    /// Why the last change was refused; or else what to do.
    pub says: String,
    /// Whether that is a refusal.
    pub refused: bool,
}

/// The editor in an area of this size.
pub fn model(app: &App, editor: &Editor, identities: &[Identity], area: Rect) -> Sheet {
    let rows = usize::from(area.height.saturating_sub(FOOT)).max(1);
    let most = usize::from((area.width / NARROW).max(1));
    let columns = pack(groups(editor, identities), rows);
    let chosen = |line: &Line| matches!(line, Line::Field(entry) if entry.chosen);
    let chosen = columns.iter().position(|lines| lines.iter().any(chosen));
    let first = (chosen.unwrap_or(0) + 1).saturating_sub(most);
    let field = editor.fields.get(editor.chosen);
    let changed = match editor.changes() {
        0 => "nothing changed".to_owned(),
        n => format!("{n} changed"),
    };
    Sheet {
        note: changed,
        columns: columns.into_iter().skip(first).take(most).collect(),
        about: field.map_or(String::new(), about),
        says: editor.refused.clone().unwrap_or_else(|| hint(app, editor)),
        refused: editor.refused.is_some(),
    }
}

/// The lines of the race, and those of each racer, each group with its head.
fn groups(editor: &Editor, identities: &[Identity]) -> Vec<Vec<Line>> {
    let mut groups: Vec<Vec<Line>> = vec![];
    let mut group = None;
    for (i, field) in editor.fields.iter().enumerate() {
        let racer = field.key.racer();
        if group != Some(racer) {
            group = Some(racer);
            let entrant = racer.and_then(|racer| editor.edit.racers().get(racer));
            let name = entrant.map_or("the race", |entrant| &entrant.label);
            let identity = racer.and_then(|racer| identities.get(racer).copied());
            groups.push(vec![Line::Head(identity, name.to_owned())]);
        }
        let typed = editor.typed.as_ref().filter(|_| i == editor.chosen);
        let line = Line::Field(Entry {
            name: field.name.clone(),
            value: typed.unwrap_or(&field.value).clone(),
            was: field.was.clone(),
            chosen: i == editor.chosen,
            typed: typed.is_some(),
        });
        if let Some(last) = groups.last_mut() {
            last.push(line);
        }
    }
    groups
}

/// The groups in columns of so many rows. One that fits into a column stands in one; of others each
/// part has their head, where there is room for it.
fn pack(groups: Vec<Vec<Line>>, rows: usize) -> Vec<Vec<Line>> {
    let mut columns: Vec<Vec<Line>> = vec![vec![]];
    for group in groups {
        let Some((head, fields)) = group.split_first() else {
            continue;
        };
        let head = Some(head).filter(|_| rows > 1);
        let part = rows - head.iter().count();
        for fields in fields.chunks(part) {
            let lines = head.into_iter().chain(fields).cloned();
            match columns.last_mut() {
                Some(last) if last.is_empty() => last.extend(lines),
                Some(last) if last.len() + 2 + fields.len() <= rows => {
                    last.push(Line::Blank);
                    last.extend(lines);
                }
                _ => columns.push(lines.collect()),
            }
        }
    }
    columns
}

fn about(field: &Field) -> String {
    [field.limits.as_str(), field.about]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

/// What to do next.
fn hint(app: &App, editor: &Editor) -> String {
    if editor.typed.is_some() {
        return "enter takes it, esc drops it".to_owned();
    }
    if editor.changes() == 0 {
        return match (editor.start(), app.desk.mouse) {
            (Some(_), true) => "left and right change it, or a click on the map".to_owned(),
            _ => "left and right change it, or type".to_owned(),
        };
    }
    let mark = app.playhead.mark();
    match mark.pace {
        Pace::Iterations => format!("enter races it, f forks at step {}", count(mark.at as u64)),
        Pace::Samples | Pace::Time => "enter races it, f forks here".to_owned(),
    }
}

/// Where the start that is being changed lies, in fractions of a plot with these bounds.
pub fn cursor(app: &App, bounds: [[f64; 2]; 2]) -> Option<[f64; 2]> {
    let start = app.editor.as_ref().filter(|_| app.is_editing())?.start()?;
    let [x, y] = [start.first()?, start.get(1)?];
    let part = |value: &f64, [low, high]: [f64; 2]| (value - low) / (high - low);
    let at = [part(x, bounds[0]), part(y, bounds[1])];
    at.iter()
        .all(|part| (0.0..=1.0).contains(part))
        .then_some(at)
}

/// The same in numbers for a place of the plot, rounded to what a cell can tell apart.
pub fn rounded(at: [f64; 2], bounds: [[f64; 2]; 2]) -> [f64; 2] {
    std::array::from_fn(|i| {
        let span = bounds[i][1] - bounds[i][0];
        let value = bounds[i][0] + at[i] * span;
        let digits = (2.0 - span.log10().floor()).clamp(0.0, 12.0) as usize;
        format!("{value:.digits$}").parse().unwrap_or(value)
    })
}
