//! How the user has arranged the screen: the pane in focus, what is open over the panes, and how
//! curves and map are shown. It knows no race.

use crate::scenario::Pace;

/// The panes that can have the focus, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The loss curves.
    Curves,
    /// The map.
    Map,
    /// The leaderboard.
    Board,
    /// What has happened.
    Story,
}

impl Pane {
    /// All panes.
    pub const ALL: [Self; 4] = [Self::Curves, Self::Map, Self::Board, Self::Story];

    /// Its number, from 1.
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

/// What is open over the panes.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The keys, from this line on.
    Help(u16),
    /// The scenarios, with this one chosen.
    Gallery(usize),
}

/// What the curves show on their y axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The training loss.
    Loss,
    /// The accuracy on the training part.
    Accuracy,
    /// The norm of the gradient last used.
    Gradient,
    /// The distance to the nearest known minimum.
    Distance,
}

/// How the curves are shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Curves {
    /// What is on the y axis; none for what suits the race.
    pub quantity: Option<Quantity>,
    /// Whether y is logarithmic where it can be; none for what suits the race.
    pub linear_y: bool,
    /// Whether x is logarithmic.
    pub log_x: bool,
    /// An index into [`SMOOTHINGS`].
    pub smoothing: usize,
    /// The x axis shows 1 / 2^nearer of what there is.
    pub nearer: u32,
    /// Where the value cursor is, as a fraction of the width, if it is on.
    pub cursor: Option<f64>,
}

/// Weights of the past in a smoothed curve.
pub const SMOOTHINGS: [f64; 4] = [0.0, 0.6, 0.9, 0.97];

/// The most doublings a zoom goes through.
pub const NEAREST: u32 = 10;

/// How the ground of the map is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Contours {
    /// Lines over shades.
    #[default]
    Both,
    /// Lines.
    Lines,
    /// Shades.
    Shades,
    /// Trails alone.
    Neither,
}

impl Contours {
    /// The style after this one.
    pub fn next(self) -> Self {
        match self {
            Self::Both => Self::Lines,
            Self::Lines => Self::Shades,
            Self::Shades => Self::Neither,
            Self::Neither => Self::Both,
        }
    }
}

/// How the map is shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Map {
    /// How the ground is drawn.
    pub contours: Contours,
    /// The map shows 1 / 2^nearer of its bounds.
    pub nearer: u32,
    /// How far its middle has been moved, in parts of what is shown at `nearer` 0.
    pub moved: [f64; 2],
}

/// The arrangement.
#[derive(Clone, Debug, PartialEq)]
pub struct Desk {
    /// The pane in focus; the page, where there is room for one pane only.
    pub focus: Pane,
    /// Whether that pane stands alone.
    pub zoomed: bool,
    /// What is open over the panes.
    pub overlay: Overlay,
    /// How the curves are shown.
    pub curves: Curves,
    /// How the map is shown.
    pub map: Map,
    /// The selected racer, by its index in the snapshot.
    pub selected: Option<usize>,
    /// Racers whose lines are hidden, by index.
    pub hidden: Vec<usize>,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Whether the podium has been closed.
    pub podium_closed: bool,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            focus: Pane::Curves,
            zoomed: false,
            overlay: Overlay::None,
            curves: Curves::default(),
            map: Map::default(),
            selected: None,
            hidden: Vec::new(),
            mouse: false,
            podium_closed: false,
        }
    }
}

impl Desk {
    /// For another race: what was chosen of its racers and places no longer holds.
    pub fn renew(&mut self) {
        let (focus, mouse) = (self.focus, self.mouse);
        let contours = self.map.contours;
        *self = Self::default();
        (self.focus, self.mouse, self.map.contours) = (focus, mouse, contours);
    }

    /// Whether a racer's lines are drawn.
    pub fn shows(&self, racer: usize) -> bool {
        !self.hidden.contains(&racer)
    }

    /// Hides a racer's lines, or shows them again.
    pub fn hide(&mut self, racer: usize) {
        match self.hidden.iter().position(|hidden| *hidden == racer) {
            Some(i) => drop(self.hidden.remove(i)),
            None => self.hidden.push(racer),
        }
    }

    /// Shows `doublings` more (or less) of the pane in focus: the map if it is that, else the curves.
    pub fn zoom(&mut self, doublings: i32) {
        let nearer = match self.focus {
            Pane::Map => &mut self.map.nearer,
            _ => &mut self.curves.nearer,
        };
        *nearer = nearer.saturating_add_signed(doublings).min(NEAREST);
        if self.map.nearer == 0 {
            self.map.moved = [0.0, 0.0];
        }
    }

    /// Shows the whole of the pane in focus.
    pub fn whole(&mut self) {
        self.zoom(-NEAREST.cast_signed());
    }
}

/// What is counted after `pace`.
pub fn next_pace(pace: Pace) -> Pace {
    match pace {
        Pace::Iterations => Pace::Samples,
        Pace::Samples => Pace::Time,
        Pace::Time => Pace::Iterations,
    }
}
