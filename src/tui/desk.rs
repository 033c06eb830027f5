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

/// What lies where the loss curves lie at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sheet {
    /// The loss curves.
    #[default]
    Curves,
    /// What goes on inside an optimizer.
    Inspector,
    /// The scenario, to be changed.
    Editor,
}

/// What the map's pane shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Figure {
    /// The ground from above, with the racers' trails.
    #[default]
    Plan,
    /// The ground in three dimensions.
    Relief,
    /// Where a racer ends up from each start.
    Starts,
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

/// From where the relief is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// How far the ground is turned, in degrees against the clock: at 0 the first axis goes to the
    /// right and the second to the back.
    pub azimuth: f64,
    /// How far above the horizon it is seen from, in degrees.
    pub elevation: f64,
    /// Whether it turns by itself.
    pub turning: bool,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            azimuth: 30.0,
            elevation: 40.0,
            turning: true,
        }
    }
}

impl Camera {
    /// Degrees that it turns by itself in a second.
    const SPEED: f64 = 12.0;
    /// Degrees that a key turns or tilts it.
    const STEP: [f64; 2] = [15.0, 5.0];
    /// Elevations from which the ground can still be seen as one.
    const ELEVATIONS: [f64; 2] = [10.0, 80.0];

    /// Lets it turn by itself for so many seconds, if it does.
    pub fn tick(&mut self, seconds: f64) {
        if self.turning {
            self.azimuth = (self.azimuth + Self::SPEED * seconds).rem_euclid(360.0);
        }
    }

    /// Turns it by hand, to the right and upwards; it no longer turns by itself.
    pub fn go(&mut self, [x, y]: [f64; 2]) {
        let [low, high] = Self::ELEVATIONS;
        self.turning = false;
        self.azimuth = (self.azimuth + x * Self::STEP[0]).rem_euclid(360.0);
        self.elevation = (self.elevation + y * Self::STEP[1]).clamp(low, high);
    }
}

/// What the colours of the start map say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Which minimum each start leads to.
    Basins,
    /// How many iterations it takes.
    Iterations,
}

impl Tells {
    /// The other.
    pub fn other(self) -> Self {
        match self {
            Self::Basins => Self::Iterations,
            Self::Iterations => Self::Basins,
        }
    }
}

/// Whether the leaderboard has rate strips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strips {
    /// It has, where there is room; they are filled where that does not take long.
    Unasked,
    /// It has, and they are filled however long that takes.
    Asked,
    /// It has none, and none are filled.
    Off,
}

/// How the inspector looks.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Inspect {
    /// The racer beside the selected one, by its index.
    pub compared: Option<usize>,
    /// The parameter that is looked at; none until the one with the largest gradient is known.
    pub coordinate: Option<usize>,
}

/// How the map is shown.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Map {
    /// What is shown.
    pub figure: Figure,
    /// From where the relief is seen.
    pub camera: Camera,
    /// How the ground is drawn.
    pub contours: Contours,
    /// What the colours of starts say; none for what suits the surface.
    pub tells: Option<Tells>,
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
    /// What lies in the place of the curves.
    pub sheet: Sheet,
    /// How the curves are shown.
    pub curves: Curves,
    /// How the inspector looks.
    pub inspect: Inspect,
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
    /// Whether the leaderboard has rate strips.
    pub rates: Strips,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            focus: Pane::Curves,
            zoomed: false,
            overlay: Overlay::None,
            sheet: Sheet::Curves,
            curves: Curves::default(),
            inspect: Inspect::default(),
            map: Map::default(),
            selected: None,
            hidden: Vec::new(),
            mouse: false,
            podium_closed: false,
            rates: Strips::Unasked,
        }
    }
}

impl Desk {
    /// For another race: what was chosen of its racers and places no longer holds.
    pub fn renew(&mut self) {
        let (focus, mouse, rates) = (self.focus, self.mouse, self.rates);
        let Map {
            contours, camera, ..
        } = self.map;
        *self = Self::default();
        (self.focus, self.mouse, self.rates) = (focus, mouse, rates);
        (self.map.contours, self.map.camera) = (contours, camera);
    }

    /// Lays `sheet` where the curves lie, or the curves again, and gives it the focus.
    pub fn lay(&mut self, sheet: Sheet) {
        self.sheet = if self.sheet == sheet {
            Sheet::Curves
        } else {
            sheet
        };
        self.focus = Pane::Curves;
    }

    /// Shows `figure` in the map's pane, or the plan again, and gives it the focus.
    pub fn show(&mut self, figure: Figure) {
        self.map.figure = if self.map.figure == figure {
            Figure::Plan
        } else {
            figure
        };
        self.focus = Pane::Map;
    }

    /// The pane that somebody has asked for something in: where there is room for one pane only, it
    /// is that one rather than the leaderboard.
    pub fn asked_for(&self) -> Option<Pane> {
        match self.focus {
            Pane::Curves if self.sheet != Sheet::Curves => Some(Pane::Curves),
            Pane::Map if self.map.figure != Figure::Plan => Some(Pane::Map),
            _ => None,
        }
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
        if self.focus == Pane::Map {
            self.map.camera = Camera::default();
        }
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
