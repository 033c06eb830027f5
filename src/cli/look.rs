//! What the screen is to look like: chosen from flags, the environment, and whether standard output
//! is a terminal. Nothing is asked of the terminal and nothing is drawn here.

use crate::cli::arguments::{Appearance, When};
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::{Colour, Look};

/// Parts of the names of terminals that know 256 colours. Over SSH the name is all that comes
/// along: COLORTERM stays behind.
const DEPTH_256: [&str; 9] = [
    "256color",
    "direct",
    "kitty",
    "alacritty",
    "foot",
    "ghostty",
    "wezterm",
    "contour",
    "rio",
];

/// The look that is asked for, on a terminal or on something else, in the environment that
/// `variable` knows.
pub(super) fn look(
    asked: &Appearance,
    terminal: bool,
    variable: impl Fn(&str) -> Option<String>,
) -> Look {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    Look {
        theme: asked.theme,
        colour: colour(asked.color, terminal, set),
        glyphs: asked.glyphs().unwrap_or_else(|| glyphs(set)),
    }
}

/// A flag goes before all; then who wants none goes before who wants some.
fn colour(when: When, terminal: bool, set: impl Fn(&str) -> Option<String>) -> Colour {
    let forced = |name: &str| set(name).is_some_and(|value| value != "0");
    let name = set("TERM").unwrap_or_else(|| "dumb".to_owned());
    let wanted = match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR").is_some() => false,
        When::Auto if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => true,
        When::Auto if set("CLICOLOR").is_some_and(|value| value == "0") => false,
        When::Auto => terminal && name != "dumb",
    };
    if wanted {
        depth(&name, set("COLORTERM").is_some())
    } else {
        Colour::None
    }
}

/// The colours that a terminal of this name knows; that of the Linux console knows sixteen, whoever
/// set COLORTERM.
fn depth(name: &str, colorterm: bool) -> Colour {
    let known = DEPTH_256.iter().any(|part| name.contains(part));
    if known || (colorterm && name != "linux") {
        Colour::Indexed256
    } else {
        Colour::Ansi16
    }
}

/// Braille where the locale is UTF-8, but on the Linux console, whose fonts have none.
fn glyphs(set: impl Fn(&str) -> Option<String>) -> Glyphs {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| set(name));
    let utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    let console = set("TERM").is_some_and(|name| name == "linux");
    if utf8 && !console {
        Glyphs::Braille
    } else {
        Glyphs::Ascii
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::Arguments;
    use crate::tui::theme::ThemeName;

    /// The look for flags and an environment, each written as on a command line.
    fn chosen(flags: &str, environment: &str, terminal: bool) -> Look {
        let words = ["slalom"].into_iter().chain(flags.split_whitespace());
        let arguments = Arguments::try_parse_from(words).expect("valid flags");
        let set: Vec<(&str, &str)> = environment
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
            .collect();
        let variable = |name: &str| {
            let found = set.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        look(&arguments.race.show.appearance, terminal, variable)
    }

    #[test]
    fn who_has_the_say_over_colour() {
        use Colour::{Ansi16, Indexed256, None};
        const XTERM: &str = "TERM=xterm-256color ";
        let cases = [
            // Flags, environment, a terminal?, colour.
            ("", "", true, Indexed256),
            ("", "", false, None),
            ("--color always", "NO_COLOR=1 CLICOLOR=0", false, Indexed256),
            ("--colour always", "NO_COLOR=1", false, Indexed256),
            (
                "--color never",
                "FORCE_COLOR=1 CLICOLOR_FORCE=1",
                true,
                None,
            ),
            ("--color auto", "NO_COLOR=1", true, None),
            ("", "NO_COLOR=0", true, None),
            ("", "NO_COLOR=", true, Indexed256),
            ("", "NO_COLOR=1 FORCE_COLOR=1", true, None),
            ("", "FORCE_COLOR=1 CLICOLOR=0", false, Indexed256),
            ("", "CLICOLOR_FORCE=1", false, Indexed256),
            ("", "FORCE_COLOR=0", false, None),
            ("", "FORCE_COLOR=", false, None),
            ("", "CLICOLOR_FORCE=0 CLICOLOR=0", true, None),
            ("", "CLICOLOR=0", true, None),
            ("", "CLICOLOR=1", true, Indexed256),
            ("", "CLICOLOR=1", false, None),
        ];
        for (flags, environment, terminal, want) in cases {
            let got = chosen(flags, &format!("{XTERM}{environment}"), terminal).colour;
            assert_eq!(got, want, "{flags} {environment} {terminal}");
        }
        for (flags, environment, want) in [
            ("", "TERM=dumb", None),
            ("", "TERM=dumb COLORTERM=truecolor", None),
            ("", "", None),
            ("--color always", "TERM=dumb", Ansi16),
            ("", "TERM=dumb FORCE_COLOR=1", Ansi16),
        ] {
            let got = chosen(flags, environment, true).colour;
            assert_eq!(got, want, "{flags} {environment}");
        }
    }

    #[test]
    fn how_many_colours_a_terminal_knows() {
        use Colour::{Ansi16, Indexed256};
        for (environment, want) in [
            ("TERM=xterm-256color", Indexed256),
            ("TERM=screen-256color", Indexed256),
            ("TERM=tmux-256color", Indexed256),
            ("TERM=xterm-kitty", Indexed256),
            ("TERM=xterm-direct", Indexed256),
            ("TERM=alacritty", Indexed256),
            ("TERM=xterm COLORTERM=truecolor", Indexed256),
            ("TERM=xterm COLORTERM=", Ansi16),
            ("TERM=xterm", Ansi16),
            ("TERM=screen", Ansi16),
            ("TERM=vt100", Ansi16),
            ("TERM=linux", Ansi16),
            ("TERM=linux COLORTERM=yes", Ansi16),
        ] {
            assert_eq!(chosen("", environment, true).colour, want, "{environment}");
        }
    }

    #[test]
    fn the_locale_chooses_the_glyphs_unless_a_flag_does() {
        use Glyphs::{Ascii, Block, Braille, Octant};
        for (flags, environment, want) in [
            ("", "LANG=en_US.UTF-8", Braille),
            ("", "LANG=de_DE.utf8", Braille),
            ("", "LANG=C.UTF-8 LC_ALL=", Braille),
            ("", "LANG=C LC_CTYPE=C.UTF-8", Braille),
            ("", "LANG=C.UTF-8 LC_CTYPE=C", Ascii),
            ("", "LANG=C.UTF-8 LC_CTYPE=C.UTF-8 LC_ALL=POSIX", Ascii),
            ("", "LC_ALL=en_US.Utf-8 LANG=C", Braille),
            ("", "LANG=de_DE.ISO-8859-1", Ascii),
            ("", "LANG=C", Ascii),
            ("", "", Ascii),
            ("", "LANG=C.UTF-8 TERM=linux", Ascii),
            ("--glyphs block", "LANG=C.UTF-8 TERM=linux", Block),
            ("--glyphs octant", "LANG=C", Octant),
            ("--glyphs braille", "", Braille),
            ("--glyphs ascii", "LANG=C.UTF-8", Ascii),
            ("--ascii", "LANG=C.UTF-8", Ascii),
        ] {
            let got = chosen(flags, environment, true).glyphs;
            assert_eq!(got, want, "{flags} {environment}");
        }
    }

    #[test]
    fn the_theme_is_the_flags() {
        assert_eq!(chosen("", "", true).theme, ThemeName::Auto);
        for theme in ThemeName::ALL {
            let flags = format!("--theme {}", theme.name());
            assert_eq!(chosen(&flags, "NO_COLOR=1", true).theme, theme);
        }
    }
}
