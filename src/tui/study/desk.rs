//! How the user has arranged the screen of a study, and how keys change that. It knows no study.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use crate::tui::ground::Ground;
use crate::tui::message::{Flow, Message, Toward};
use crate::tui::study::keys::KEYS;
use crate::tui::theme::{Look, Theme};
use crate::tui::view::help;

/// The arrangement of the screen.
#[derive(Debug)]
pub struct Desk {
    /// The pane in focus, from 0; the one that is shown where there is room for one only.
    pub focus: usize,
    /// Whether that pane is shown alone.
    pub zoomed: bool,
    /// The selected racer, if any.
    pub selected: Option<usize>,
    /// The racers whose lines are hidden.
    pub hidden: BTreeSet<usize>,
    /// The first line of the help that is shown, if it is open.
    pub help: Option<u16>,
    /// Colours and glyphs.
    pub theme: Theme,
    look: Look,
    ground: Ground,
}

impl Desk {
    /// All panes, the first in focus.
    pub fn new(look: Look, ground: Ground) -> Self {
        Self {
            focus: 0,
            zoomed: false,
            selected: None,
            hidden: BTreeSet::new(),
            help: None,
            theme: look.theme(ground),
            look,
            ground,
        }
    }

    /// Whether a racer's lines are shown.
    pub fn shows(&self, racer: usize) -> bool {
        !self.hidden.contains(&racer)
    }

    /// Scrolls the help no farther than to its end on a screen of this size.
    pub fn prepare(&mut self, area: Rect) {
        self.help = self.help.map(|line| line.min(help::last(KEYS, area)));
    }

    /// Does what a message asks for in a study of so many panes and racers, and says what is left to
    /// the terminal.
    pub fn update(&mut self, message: Message, panes: usize, racers: usize) -> Flow {
        match (message, self.help) {
            (Message::Quit, _) => return Flow::Quit,
            (Message::Interrupt, _) => return Flow::Interrupt,
            (Message::Suspend, _) => return Flow::Suspend,
            (Message::Repaint, _) => return Flow::Repaint,
            (Message::Theme, _) => {
                self.look.theme = self.look.theme.next();
                self.theme = self.look.theme(self.ground);
            }
            (Message::Help | Message::Close, Some(_)) => self.help = None,
            (Message::Help, None) => self.help = Some(0),
            (Message::Down, Some(line)) => self.help = Some(line.saturating_add(1)),
            (Message::Up, Some(line)) => self.help = Some(line.saturating_sub(1)),
            (message, None) => self.look_around(message, panes, racers),
            // The help lies over all else.
            _ => {}
        }
        Flow::Continue
    }

    /// What keys do where no help is open.
    fn look_around(&mut self, message: Message, panes: usize, racers: usize) {
        match message {
            Message::Close => (self.zoomed, self.selected) = (false, None),
            Message::NextPane => self.focus = (self.focus + 1) % panes,
            Message::Page(pane) if pane < panes => self.focus = pane,
            Message::Zoom => self.zoomed = !self.zoomed,
            Message::Racer(Toward::On) | Message::Down => {
                self.selected = Some(self.selected.map_or(0, |racer| racer + 1));
                self.selected = self.selected.filter(|racer| *racer < racers);
            }
            Message::Racer(Toward::Back) | Message::Up => {
                self.selected = self.selected.unwrap_or(racers).checked_sub(1);
            }
            Message::Hide => {
                if let Some(racer) = self.selected
                    && !self.hidden.remove(&racer)
                {
                    self.hidden.insert(racer);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fixture::look;

    fn desk() -> Desk {
        Desk::new(look(true), Ground::Dark)
    }

    #[test]
    fn panes_come_round_and_racers_end_in_none() {
        let mut desk = desk();
        let mut seen = vec![];
        for _ in 0..4 {
            desk.update(Message::NextPane, 3, 2);
            desk.update(Message::Racer(Toward::On), 3, 2);
            seen.push((desk.focus, desk.selected));
        }
        assert_eq!(seen, [(1, Some(0)), (2, Some(1)), (0, None), (1, Some(0))]);
        desk.update(Message::Up, 3, 2);
        assert_eq!(desk.selected, None);
        desk.update(Message::Up, 3, 2);
        assert_eq!(desk.selected, Some(1));
        desk.update(Message::Page(7), 3, 2);
        assert_eq!(desk.focus, 1, "there is no such pane");
    }

    #[test]
    fn a_selected_racer_is_hidden_and_shown() {
        let mut desk = desk();
        desk.update(Message::Hide, 3, 2);
        assert!(desk.shows(0) && desk.shows(1), "nobody is selected");
        desk.update(Message::Down, 3, 2);
        desk.update(Message::Hide, 3, 2);
        assert!(!desk.shows(0) && desk.shows(1));
        desk.update(Message::Hide, 3, 2);
        assert!(desk.shows(0));
    }

    #[test]
    fn the_help_takes_the_arrows_and_ends_at_its_end() {
        let mut desk = desk();
        desk.update(Message::Help, 3, 2);
        desk.update(Message::Down, 3, 2);
        assert_eq!((desk.help, desk.selected), (Some(1), None));
        for _ in 0..99 {
            desk.update(Message::Down, 3, 2);
        }
        let area = Rect::new(0, 0, 40, 12);
        desk.prepare(area);
        assert_eq!(desk.help, Some(help::last(KEYS, area)));
        desk.update(Message::Close, 3, 2);
        assert_eq!(desk.help, None);
    }
}
