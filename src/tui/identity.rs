//! The letter, colour, shape and dashes by which a racer is known, the same on the chart, on the
//! board and wherever else it appears. Nothing is drawn here.

use crate::optim::REGISTRY;
use crate::race::snapshot::Entered;
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::Theme;

/// What a racer is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its letter, which no other racer has.
    pub letter: char,
    /// The number of its colour.
    pub colour: usize,
}

/// How a line is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dash {
    /// Dots that are set and dots that are not, in turn, over and over; none for a solid line.
    turns: &'static [usize],
}

/// How many colours and shapes there are before they come again.
const ROUND: usize = 8;

/// Dashes, the plainest first; as many as there can be rounds of colours.
const DASHES: [Dash; ROUND] = [
    Dash::SOLID,
    Dash { turns: &[9, 3] },
    Dash { turns: &[1, 1] },
    Dash {
        turns: &[9, 3, 2, 3],
    },
    Dash { turns: &[4, 3] },
    Dash { turns: &[16, 4] },
    Dash {
        turns: &[9, 3, 2, 3, 2, 3],
    },
    Dash { turns: &[2, 5] },
];

impl Identity {
    /// Its shape. Where a colour comes again, it has another shape.
    pub fn marker(self, glyphs: Glyphs) -> &'static str {
        glyphs.marker(self.colour + self.colour / ROUND)
    }

    /// Whether so many racers need their shapes to be told apart: where there are no colours, or not
    /// enough.
    pub fn needs_marker(racers: usize, theme: Theme) -> bool {
        racers > ROUND || !theme.has_colour()
    }

    /// How its line is interrupted: solid for the first eight racers, another for every further
    /// round of colours; without colours, another for each of eight.
    pub fn dash(self, theme: Theme) -> Dash {
        let number = if theme.has_colour() {
            self.colour / ROUND
        } else {
            self.colour
        };
        DASHES[number % DASHES.len()]
    }
}

impl Dash {
    /// A line without gaps.
    pub const SOLID: Self = Self { turns: &[] };

    /// Dots that are set and dots that are not, in turn, over and over; none for a solid line.
    pub fn lengths(self) -> &'static [usize] {
        self.turns
    }

    /// A line with so many dots and so many gaps in turn.
    pub const fn new(turns: &'static [usize]) -> Self {
        Self { turns }
    }

    /// Whether the dot so many dots along the line is set.
    pub fn is_set(self, distance: usize) -> bool {
        let Some(mut left) = distance.checked_rem(self.turns.iter().sum()) else {
            return true;
        };
        for (turn, length) in self.turns.iter().enumerate() {
            if left < *length {
                return turn % 2 == 0;
            }
            left -= length;
        }
        false
    }
}

/// The identities of a race's racers, in their order.
pub fn identities(racers: &[Entered]) -> Vec<Identity> {
    named(
        racers
            .iter()
            .map(|racer| [racer.label.as_str(), &racer.optimizer]),
    )
}

/// The identities of racers that are known by label and optimizer, in their order.
pub fn named<'a>(racers: impl Iterator<Item = [&'a str; 2]> + Clone) -> Vec<Identity> {
    let letters = letters(racers.clone().map(|[label, _]| label));
    let colours = colours(racers.map(|[_, optimizer]| optimizer));
    let identity = |(letter, colour)| Identity { letter, colour };
    letters.into_iter().zip(colours).map(identity).collect()
}

/// A colour for each optimizer: its row in the registry, so that Adam looks the same in every race.
/// Where one races more than once, the later ones take what is free; so do those for whose rows no
/// colour of their own is left.
fn colours<'a>(optimizers: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    let own = |row: &usize| *row < ROUND;
    let row = |id: &str| {
        let row = REGISTRY.iter().position(|entry| entry.id == id);
        row.filter(own)
    };
    let rows: Vec<Option<usize>> = optimizers.into_iter().map(row).collect();
    let mut free = (0..).filter(|colour| !rows.contains(&Some(*colour)));
    let mut taken = Vec::new();
    for row in &rows {
        let own = row.filter(|row| !taken.contains(row));
        taken.extend(own.or_else(|| free.next()));
    }
    taken
}

/// What letters are taken from when a label has none left; as many as there can be racers.
const SPARE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz+*";

/// A letter for each label, all different for up to 64: the first free one of its words' initials,
/// else of all its letters, else any. Labels with fewer words choose first, since they have fewer
/// initials: Momentum gets the M and Mini-batch GD the B. Those without any come last.
fn letters<'a>(labels: impl IntoIterator<Item = &'a str>) -> Vec<char> {
    let labels: Vec<&str> = labels.into_iter().collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|&i| initials(labels[i]).count().wrapping_sub(1));
    let mut letters = vec!['?'; labels.len()];
    for i in order {
        let own = labels[i].chars().filter(char::is_ascii_alphanumeric);
        let free = initials(labels[i])
            .chain(own.map(|c| c.to_ascii_uppercase()))
            .chain(SPARE.chars())
            .find(|c| !letters.contains(c));
        letters[i] = free.unwrap_or('?');
    }
    letters
}

/// The first letters of a label's words, as capitals.
fn initials(label: &str) -> impl Iterator<Item = char> {
    label
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| word.chars().next())
        .map(|c| c.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::ground::Ground;
    use crate::tui::theme::{Colour, ThemeName};

    #[test]
    fn letters_are_what_one_would_expect() {
        let cases: [(&[&str], &str); 4] = [
            (
                &["GD", "Mini-batch GD", "Momentum", "RMSProp", "Adam"],
                "GBMRA",
            ),
            (&["Adam", "Adam 2", "Adam 3"], "A23"),
            (&["Adam", "adamw", "Adagrad"], "ADG"),
            (&["Ω", "", "A"], "BCA"),
        ];
        for (labels, want) in cases {
            let got: String = letters(labels.iter().copied()).iter().collect();
            assert_eq!(got, want, "{labels:?}");
        }
    }

    #[test]
    fn an_optimizer_has_its_colour_in_every_race() {
        assert_eq!(
            colours(["gd", "sgd", "momentum", "rmsprop", "adam"]),
            [0, 1, 2, 3, 4]
        );
        assert_eq!(colours(["adam", "gd"]), [4, 0]);
        assert_eq!(colours(["adam", "adam", "gd", "unknown"]), [4, 1, 0, 2]);
        let last = REGISTRY.last().expect("it has rows").id;
        assert_eq!(colours(["gd", last, "adam", last]), [0, 1, 4, 2]);
    }

    #[test]
    fn past_eight_racers_a_colour_has_another_shape_and_dash() {
        let theme = |colour| Theme::new(ThemeName::Dark, Ground::Dark, colour);
        let (coloured, mono) = (theme(Colour::Indexed256), theme(Colour::None));
        let identities = (0..64).map(|colour| Identity {
            letter: '?',
            colour,
        });
        for glyphs in Glyphs::ALL {
            let mut seen: Vec<(usize, &str)> = Vec::new();
            for identity in identities.clone() {
                let looks = (identity.colour % ROUND, identity.marker(glyphs));
                assert!(!seen.contains(&looks), "{looks:?} twice with {glyphs:?}");
                seen.push(looks);
            }
        }
        let dashes = |theme| -> Vec<Dash> { identities.clone().map(|i| i.dash(theme)).collect() };
        assert_eq!(dashes(coloured)[..ROUND], [Dash::SOLID; ROUND]);
        for (i, dash) in dashes(coloured).iter().enumerate() {
            assert_eq!(*dash, DASHES[i / ROUND]);
        }
        assert_eq!(dashes(mono)[..ROUND], DASHES);
    }

    #[test]
    fn dashes_go_along_the_line_and_all_differ() {
        let drawn = |dash: Dash| -> String {
            let dots = (0..24).map(|i| if dash.is_set(i) { '-' } else { ' ' });
            dots.collect()
        };
        assert_eq!(drawn(DASHES[0]), "-".repeat(24));
        assert_eq!(drawn(DASHES[1]), "---------   ---------   ");
        assert_eq!(drawn(DASHES[3]), "---------   --   -------");
        for (i, dash) in DASHES.iter().enumerate() {
            assert!(
                !DASHES[..i]
                    .iter()
                    .any(|other| drawn(*other) == drawn(*dash))
            );
        }
    }

    #[test]
    fn letters_of_64_equal_labels_differ() {
        let mut got = letters(["x"; 64]);
        got.sort_unstable();
        got.dedup();
        assert_eq!(got.len(), 64);
        assert!(!got.contains(&'?'));
    }
}
