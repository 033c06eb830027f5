//! The lines around the panes: what is raced, how it is played, and the keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::problem::Part;
use crate::race::snapshot::{Meta, Snapshot};
use crate::runner::{Phase, State};
use crate::scenario::{Metric, Pace, Target};
use crate::tui::app::App;
use crate::tui::desk::{Figure, Overlay, Pane, Sheet};
use crate::tui::keys::Key;
use crate::tui::message::{Message, Toward};
use crate::tui::playhead::{Playhead, edge};
use crate::tui::theme::Theme;
use crate::tui::view::number::{count, seconds, short, significant};

/// Cells between two parts of a line.
const BETWEEN: usize = 3;

/// The title, and the terms of the race in the order in which they are shown.
pub fn title(snapshot: &Snapshot) -> Vec<String> {
    let meta = &snapshot.meta;
    let mut parts = vec![meta.title.clone(), format!("seed {}", meta.seed)];
    parts.extend(meta.departure());
    parts.push(target(meta.target, meta.hold));
    if meta.surface {
        parts.push(match meta.parameters {
            1 => "1 parameter, not a network".to_owned(),
            n => format!("{n} parameters, not a network"),
        });
    } else {
        let streamed = if meta.streamed {
            ", streamed from their file"
        } else {
            ""
        };
        parts.push(format!("{} examples{streamed}", count(meta.examples)));
    }
    parts.extend(same(snapshot, meta).map(str::to_owned));
    parts
}

/// What all racers share, as far as it can be told.
fn same(snapshot: &Snapshot, meta: &Meta) -> Option<&'static str> {
    let mut starts = snapshot.racers.iter().map(|racer| {
        let start = racer.trace.points().first()?;
        Some((start.loss.to_bits(), &start.position))
    });
    let first = starts.next()?;
    let same_start = starts.all(|start| start == first);
    match (same_start, meta.surface) {
        (true, true) => Some("same start"),
        (true, false) => Some("same start, same batches"),
        (false, true) => None,
        (false, false) => Some("same batches"),
    }
}

/// When a race is over: `target loss 0.05, held 3`.
pub fn target(target: Target, hold: u64) -> String {
    let part = match target.on {
        Part::Train => "",
        Part::Test => " on the test part",
    };
    let hold = match hold {
        1 => String::new(),
        n => format!(", held {}", count(n)),
    };
    match target.metric {
        Metric::Loss => format!("target loss {}{part}{hold}", short(target.value)),
        Metric::Accuracy => format!("target accuracy {}{part}{hold}", short(target.value)),
    }
}

/// How the race is computed and played: the least important part first.
pub fn playing(state: &State, playhead: &Playhead) -> Vec<String> {
    let at_edge = playhead.at_edge(state);
    let speed = playhead.speed(state);
    let threads = match state.threads {
        1 => "1 thread".to_owned(),
        n => format!("{n} threads"),
    };
    let time = seconds(state.seconds);
    let computing = state.phase == Phase::Computing;
    let source = match state.phase {
        Phase::Computing => format!("computing for {time} on {threads}"),
        Phase::Computed => format!("computed in {time} on {threads}"),
        Phase::Recorded => "recording".to_owned(),
    };
    let pace = match (playhead.paused, speed) {
        (true, _) => "paused".to_owned(),
        (false, None) => "at the start".to_owned(),
        (false, Some(_)) if at_edge && computing => "live".to_owned(),
        (false, Some(_)) if at_edge => "finished".to_owned(),
        (false, Some(speed)) => format!("playing {}", rate(speed, playhead.mark().pace)),
    };
    vec![source, pace, place(state, playhead)]
}

fn rate(speed: f64, pace: Pace) -> String {
    let number = match speed {
        s if s >= 99.5 => count(s.round() as u64),
        s => significant(s, 2),
    };
    match pace {
        Pace::Iterations => format!("{number} it/s"),
        Pace::Samples => format!("{number} samples/s"),
        Pace::Time => format!("{} times the clock", significant(speed, 2)),
    }
}

/// Where the playhead is, and how far it can go.
fn place(state: &State, playhead: &Playhead) -> String {
    let mark = playhead.mark();
    let meta = &state.snapshot.meta;
    let end = edge(state, mark.pace);
    let computing = state.phase == Phase::Computing;
    match mark.pace {
        Pace::Iterations if computing => {
            let limit = count(meta.limit);
            format!("step {} of at most {limit}", count(mark.at as u64))
        }
        Pace::Iterations => format!("step {} of {}", count(mark.at as u64), count(end as u64)),
        Pace::Samples => format!("sample {} of {}", count(mark.at as u64), count(end as u64)),
        Pace::Time => format!("{} of {}", seconds(mark.at), seconds(end)),
    }
}

/// As many of the parts of [`title`] as fit, from the first on.
pub fn draw_title(parts: &[String], theme: Theme, area: Rect, buffer: &mut Buffer) {
    let fit = fitting(parts.iter(), area.width);
    let Some((title, terms)) = parts[..fit.max(1).min(parts.len())].split_first() else {
        return;
    };
    let mut spans = vec![Span::styled(title.as_str(), theme.strong())];
    for term in terms {
        spans.push(Span::styled(theme.glyphs().between(), theme.quiet()));
        spans.push(Span::styled(term.as_str(), theme.quiet()));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}

/// As many of the parts of [`playing`] as fit, from the last on.
pub fn draw_playing(parts: &[String], theme: Theme, area: Rect, buffer: &mut Buffer) {
    let fit = fitting(parts.iter().rev(), area.width);
    let text = parts[parts.len() - fit..].join(theme.glyphs().between());
    draw_text(&text, theme.text(), area, buffer);
}

/// The keys to press next, the most useful first; at most six.
pub fn footer(app: &App) -> &'static [Message] {
    const HELP: [Message; 3] = [Message::Close, Message::Up, Message::Down];
    const GALLERY: [Message; 4] = [Message::Enter, Message::Down, Message::Up, Message::Close];
    const END: [Message; 6] = [
        Message::Quit,
        Message::Help,
        Message::Gallery,
        Message::NextSeed,
        Message::Restart,
        Message::CountBy,
    ];
    const PAUSED: [Message; 6] = [
        Message::Quit,
        Message::Help,
        Message::Pause,
        Message::Step(Toward::On, 1),
        Message::Step(Toward::Back, 1),
        Message::Cursor,
    ];
    const PLAYING: [Message; 6] = [
        Message::Quit,
        Message::Help,
        Message::Pause,
        Message::Faster,
        Message::CountBy,
        Message::NextPane,
    ];
    const STARTS: [Message; 6] = [
        Message::Quit,
        Message::Help,
        Message::Racer(Toward::On),
        Message::Contours,
        Message::Nearer,
        Message::Close,
    ];
    const INSPECTOR: [Message; 6] = [
        Message::Quit,
        Message::Help,
        Message::Pause,
        Message::Compare,
        Message::Racer(Toward::On),
        Message::Close,
    ];
    const EDITING: [Message; 6] = [
        Message::Enter,
        Message::Fork,
        Message::Write,
        Message::Down,
        Message::Up,
        Message::Close,
    ];
    let starts = app.desk.map.figure == Figure::Starts && app.desk.focus == Pane::Map;
    match app.desk.overlay {
        Overlay::Help(_) => &HELP,
        Overlay::Gallery(_) => &GALLERY,
        Overlay::None if starts => &STARTS,
        Overlay::None if app.desk.sheet == Sheet::Inspector => &INSPECTOR,
        Overlay::None if app.is_editing() => &EDITING,
        Overlay::None if app.is_at_end() => &END,
        Overlay::None if app.playhead.paused => &PAUSED,
        Overlay::None => &PLAYING,
    }
}

/// As many of the keys with these meanings as fit.
pub fn draw_keys(
    keys: &[Key],
    messages: &[Message],
    theme: Theme,
    area: Rect,
    buffer: &mut Buffer,
) {
    let mut x = area.x;
    let key = |message: &Message| keys.iter().find(|key| key.message == *message);
    for key in messages.iter().filter_map(key) {
        let width = (key.name.width() + 1 + key.word.width()) as u16;
        if x + width > area.right() {
            break;
        }
        buffer.set_string(x, area.y, key.name, theme.key());
        let word = x + key.name.width() as u16 + 1;
        buffer.set_string(word, area.y, key.word, theme.quiet());
        x += width + 3;
    }
}

/// One line of text, cut at the area's end.
pub fn draw_text(text: &str, style: Style, area: Rect, buffer: &mut Buffer) {
    buffer.set_stringn(area.x, area.y, text, area.width.into(), style);
}

/// How many of the parts fit into a width.
fn fitting<'a>(parts: impl Iterator<Item = &'a String>, width: u16) -> usize {
    let mut used = 0;
    parts
        .take_while(|part| {
            used += part.width() + if used > 0 { BETWEEN } else { 0 };
            used <= usize::from(width)
        })
        .count()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::tui::fixture::race;

    fn said(state: &State, playhead: &Playhead) -> String {
        playing(state, playhead).join(" · ")
    }

    #[test]
    fn the_status_says_how_it_is_computed_and_played() {
        let mut playhead = Playhead::new(Pace::Iterations);
        let mut state = race(30, Phase::Computing, false);
        assert_eq!(
            said(&state, &playhead),
            "computing for 0.04 s on 2 threads · at the start · step 0 of at most 2,000"
        );
        state.seconds = 12.3;
        playhead.advance(Duration::from_mins(1), &state);
        assert_eq!(
            said(&state, &playhead),
            "computing for 12.3 s on 2 threads · live · step 30 of at most 2,000"
        );
        let mut state = race(2000, Phase::Computed, false);
        state.threads = 1;
        assert_eq!(
            said(&state, &playhead),
            "computed in 0.04 s on 1 thread · playing 20 it/s · step 30 of 300"
        );
        playhead.paused = true;
        state.phase = Phase::Recorded;
        assert_eq!(
            said(&state, &playhead),
            "recording · paused · step 30 of 300"
        );
        playhead.paused = false;
        playhead.advance(Duration::from_mins(1), &state);
        assert_eq!(
            said(&state, &playhead),
            "recording · finished · step 300 of 300"
        );
    }

    #[test]
    fn every_pace_has_its_unit() {
        let state = race(2000, Phase::Recorded, false);
        let at_start = |pace| said(&state, &Playhead::new(pace));
        assert_eq!(
            at_start(Pace::Samples),
            "recording · playing 17,244 samples/s · sample 0 of 258,660"
        );
        assert_eq!(
            at_start(Pace::Time),
            "recording · playing 0.0020 times the clock · 0 s of 0.03 s"
        );
    }

    #[test]
    fn the_title_says_that_examples_are_streamed() {
        let mut snapshot = race(0, Phase::Recorded, false).snapshot;
        Arc::make_mut(&mut snapshot.meta).streamed = true;
        let title = title(&snapshot).join(" · ");
        assert!(
            title.contains(" · 1,437 examples, streamed from their file · "),
            "{title}"
        );
    }

    #[test]
    fn the_title_says_the_terms() {
        let mut snapshot = race(0, Phase::Recorded, false).snapshot;
        assert_eq!(
            title(&snapshot).join(" · "),
            "Digits · seed 7 · target loss 0.05 · 1,437 examples · same start, same batches"
        );
        let meta = Arc::make_mut(&mut snapshot.meta);
        (meta.surface, meta.parameters, meta.hold) = (true, 2, 10);
        (meta.target.metric, meta.target.on) = (Metric::Accuracy, Part::Test);
        assert_eq!(
            title(&snapshot).join(" · "),
            "Digits · seed 7 · target accuracy 0.05 on the test part, held 10 · 2 parameters, not a network · same start"
        );
    }
}
