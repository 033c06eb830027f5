//! What `slalom export` may be told.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::tui::picture::Figure;
use crate::tui::theme::ThemeName;

/// The largest screen that is drawn.
const LARGEST: [u16; 2] = [500, 200];

/// `slalom export`.
#[derive(Debug, Args)]
pub struct Export {
    /// What --record wrote
    #[arg(value_name = "RECORDING")]
    pub file: PathBuf,

    /// What to make of it
    #[arg(long, value_enum)]
    pub to: To,

    /// Where to write: a file, a folder, or - for standard output
    ///
    /// In a folder, and without this, files are named after the recording: `beale.jsonl` becomes
    /// beale-curves.svg, beale-map.svg, ... or beale.cast; csv and json are printed. Of several
    /// pictures FILE is the beginning of the names: out.svg becomes out-curves.svg, ... A regular file
    /// that is there is replaced.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Which pictures (svg, png)
    #[arg(long, value_name = "NAME", default_value = "all", value_parser = pictures())]
    pub figure: Pictures,

    /// The race as far as this step (svg, png) [default: its end]
    #[arg(long, value_name = "STEP")]
    pub at: Option<u64>,

    /// Columns and rows of the screen (frame, cast) [default: 120x35]
    #[arg(long, value_name = "COLSxROWS", value_parser = size)]
    pub size: Option<[u16; 2]>,

    /// The colours (svg, png, cast) [default: dark for the screen, light for figures]
    #[arg(long, value_name = "NAME", value_parser = super::show::themes())]
    pub theme: Option<ThemeName>,

    /// Print no notes, only results and errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// What can be made of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum To {
    /// Pictures that can be enlarged and edited
    Svg,
    /// Pictures in pixels
    Png,
    /// The race on the screen, for `asciinema play`
    Cast,
    /// The curves, a row for each evaluation
    Csv,
    /// The curves as one object (slalom.curves/1)
    Json,
}

/// Which pictures are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// The screen and all figures.
    All,
    /// The screen.
    Frame,
    /// A figure for paper.
    One(Figure),
}

impl Pictures {
    /// Those that can be asked for.
    const CHOICES: [Self; 5] = [
        Self::All,
        Self::Frame,
        Self::One(Figure::Curves),
        Self::One(Figure::Map),
        Self::One(Figure::Board),
    ];

    /// Its name on the command line and in names of files.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Frame => "frame",
            Self::One(figure) => figure.name(),
        }
    }

    /// Each picture of it.
    pub fn each(self) -> Vec<Self> {
        match self {
            Self::All => Self::CHOICES[1..].to_vec(),
            one => vec![one],
        }
    }
}

fn pictures() -> impl TypedValueParser<Value = Pictures> {
    let by_name = |name: String| {
        let mut choices = Pictures::CHOICES.into_iter();
        choices
            .find(|choice| choice.name() == name)
            .ok_or("no picture")
    };
    PossibleValuesParser::new(Pictures::CHOICES.map(Pictures::name)).try_map(by_name)
}

/// Reads `120x35`.
fn size(text: &str) -> Result<[u16; 2], String> {
    let [most_columns, most_rows] = LARGEST;
    let side = |text: &str, most: u16| {
        let side: Option<u16> = text.parse().ok();
        side.filter(|side| (1..=most).contains(side))
    };
    let sides = text
        .split_once('x')
        .and_then(|(columns, rows)| Some([side(columns, most_columns)?, side(rows, most_rows)?]));
    sides.ok_or_else(|| {
        format!("expected columns and rows such as 120x35, at most {most_columns}x{most_rows}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_columns_and_rows() {
        assert_eq!(size("120x35"), Ok([120, 35]));
        for wrong in [
            "", "120", "x35", "120x", "0x10", "501x10", "10x201", "-1x5", "9x9x9",
        ] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn all_pictures_are_each_of_them() {
        let names = Pictures::All.each().into_iter().map(Pictures::name);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["frame", "curves", "map", "board"]
        );
        assert_eq!(Pictures::Frame.each(), [Pictures::Frame]);
    }
}
