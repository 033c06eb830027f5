//! How results are shown: on the screen, or as text.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::report;
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::ThemeName;

/// How results are shown.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Show {
    /// Print the standings instead of opening the screen
    #[arg(long)]
    pub headless: bool,

    /// Open the screen even where standard output is no terminal
    #[arg(long, conflicts_with_all = ["headless", "format"])]
    pub tui: bool,

    /// Say what happens, a sentence a line, then print the standings: for screen readers and logs
    #[arg(long, conflicts_with_all = ["headless", "tui", "format"])]
    pub plain: bool,

    /// How the standings are printed; implies --headless
    #[arg(long, value_enum)]
    pub format: Option<Format>,

    /// Draw at most N frames a second, 1 to 60
    #[arg(long, value_name = "N", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=60))]
    pub fps: u32,

    /// Leave the screen when the race has been shown to its end
    #[arg(long)]
    pub exit_on_finish: bool,

    /// Print no progress and no notes, only results and errors
    #[arg(short, long)]
    pub quiet: bool,

    #[command(flatten)]
    pub appearance: Appearance,
}

/// What the screen looks like.
#[derive(Debug, Args)]
#[command(next_help_heading = "Screen")]
pub struct Appearance {
    /// The colours of the screen; auto fits them to the terminal's background
    #[arg(long, value_name = "NAME", default_value = ThemeName::default().name())]
    #[arg(value_parser = themes())]
    pub theme: ThemeName,

    /// When the screen has colours: auto, always or never
    ///
    /// auto: not with `NO_COLOR`; with `FORCE_COLOR` or `CLICOLOR_FORCE`; not with `CLICOLOR=0`;
    /// otherwise on a terminal. The first of these that is set decides.
    #[arg(long, visible_alias = "colour", value_name = "WHEN", value_enum)]
    #[arg(default_value_t = When::Auto, hide_possible_values = true)]
    pub color: When,

    /// What curves and maps are drawn with [default: braille, ascii where the locale is not UTF-8]
    #[arg(long, value_name = "NAME", value_parser = glyphs())]
    pub glyphs: Option<Glyphs>,

    /// Draw with ASCII alone, as with --glyphs ascii
    #[arg(long, conflicts_with = "glyphs")]
    pub ascii: bool,
}

impl Appearance {
    /// The glyphs that are asked for.
    pub fn glyphs(&self) -> Option<Glyphs> {
        if self.ascii {
            Some(Glyphs::Ascii)
        } else {
            self.glyphs
        }
    }
}

/// When there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// As the environment says, else on a terminal
    Auto,
    /// Whatever the environment says
    Always,
    /// Not at all
    Never,
}

pub(super) fn themes() -> impl TypedValueParser<Value = ThemeName> {
    PossibleValuesParser::new(ThemeName::ALL.map(ThemeName::name))
        .try_map(|name| ThemeName::parse(&name).ok_or("no theme"))
}

fn glyphs() -> impl TypedValueParser<Value = Glyphs> {
    PossibleValuesParser::new(Glyphs::ALL.map(Glyphs::name))
        .try_map(|name| Glyphs::parse(&name).ok_or("no glyphs"))
}

/// How standings are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// Aligned columns for people
    Table,
    /// One object, whose `format` names its version
    Json,
    /// A header and a row a racer
    Csv,
    /// A table for documents
    Markdown,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Table,
            Format::Json => Self::Json,
            Format::Csv => Self::Csv,
            Format::Markdown => Self::Markdown,
        }
    }
}
