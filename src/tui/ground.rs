//! What the terminal's background is like: asked once, before any key is read, where the answer
//! comes at once or not at all; else as the environment says; else unknown.
//!
//! No colour is chosen here, and no key is understood: what was typed meanwhile is handed back.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use rustix::event::PollFlags;

use crate::tui::terminal::{self, Look};

/// Asks for the background colour (OSC 11).
const QUESTION: &[u8] = b"\x1b]11;?\x1b\\";

/// How an answer begins.
const ANSWER: &[u8] = b"\x1b]11;";

/// How long to wait for the answer.
const PATIENCE: Duration = Duration::from_millis(50);

/// The relative luminance at which black and white text have the same contrast.
const MIDDLE: f64 = 0.179;

/// What the terminal's background is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// White can be read on it better than black.
    Dark,
    /// Black can be read on it better than white.
    Light,
    /// The terminal does not say.
    #[default]
    Unknown,
}

/// What became of the question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What the background is like.
    pub ground: Ground,
    /// How much of an answer may still come.
    pub rest: Rest,
    /// The bytes that came and are no answer: keys that were pressed before.
    pub typed: Vec<u8>,
}

/// How much of an answer may still come, to be swallowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rest {
    /// Nothing: none was asked for, or it is here.
    #[default]
    Nothing,
    /// All of it.
    All,
    /// It has begun, and what comes next is the rest of it.
    End,
}

/// The value of an environment variable, if it is set to something.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Finds out what the background is like. Asks through `out` and reads the answer from `input`,
/// within 50 ms, where that is safe; the terminal must be in raw mode.
pub fn ask(environment: Environment, input: BorrowedFd, out: BorrowedFd) -> Answer {
    let mut answer = if may_ask(environment) {
        put_question(input, out).unwrap_or_default()
    } else {
        Answer::default()
    };
    if answer.ground == Ground::Unknown {
        let fallback = environment("COLORFGBG");
        answer.ground = fallback.map_or(Ground::Unknown, |value| from_colorfgbg(&value));
    }
    answer
}

/// Whether an answer would come at once. Over SSH it may come late, and tmux and screen answer for
/// another terminal, or not at all.
fn may_ask(environment: Environment) -> bool {
    let set = |name| environment(name).is_some();
    let term = environment("TERM").unwrap_or_default();
    let mute = ["", "dumb", "linux"].contains(&term.as_str());
    let multiplexed = term.starts_with("screen") || term.starts_with("tmux");
    let elsewhere = ["SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"];
    !(mute || multiplexed || elsewhere.into_iter().any(set))
}

fn put_question(input: BorrowedFd, out: BorrowedFd) -> io::Result<Answer> {
    let deadline = Instant::now() + PATIENCE;
    rustix::io::write(out.as_fd(), QUESTION)?;
    let (mut came, mut bytes) = (Vec::new(), [0; 256]);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let answer = understand(&came);
        if answer.rest == Rest::Nothing || left.is_zero() {
            return Ok(answer);
        }
        if terminal::look(&[input], PollFlags::IN, left) == Look::Ready {
            let count = rustix::io::read(input, &mut bytes)?;
            came.extend_from_slice(&bytes[..count]);
        }
    }
}

/// Finds the answer among the bytes that came.
fn understand(came: &[u8]) -> Answer {
    let Some(begin) = came.windows(ANSWER.len()).position(|w| w == ANSWER) else {
        let begun = (1..ANSWER.len())
            .rev()
            .find(|&n| came.ends_with(&ANSWER[..n]));
        return Answer {
            ground: Ground::Unknown,
            rest: begun.map_or(Rest::All, |_| Rest::End),
            typed: came[..came.len() - begun.unwrap_or(0)].to_vec(),
        };
    };
    let (before, body) = (&came[..begin], &came[begin + ANSWER.len()..]);
    let end = |n: usize, mark: &[u8]| body.windows(n).position(|w| w == mark).map(|at| (at, n));
    let ends = [end(1, b"\x07"), end(2, b"\x1b\\")];
    match ends.into_iter().flatten().min() {
        Some((at, length)) => Answer {
            ground: from_colour(&body[..at]),
            rest: Rest::Nothing,
            typed: [before, &body[at + length..]].concat(),
        },
        None => Answer {
            ground: Ground::Unknown,
            rest: Rest::End,
            typed: before.to_vec(),
        },
    }
}

/// From `rgb:RRRR/GGGG/BBBB`, of one to four digits each, `rgba:` or `#RRGGBB`.
fn from_colour(colour: &[u8]) -> Ground {
    let text = String::from_utf8_lossy(colour);
    let channels: Vec<f64> = match text.strip_prefix('#') {
        Some(digits) if digits.is_ascii() && matches!(digits.len(), 3 | 6 | 12) => {
            let width = digits.len() / 3;
            let parts = (0..3).map(|i| &digits[i * width..(i + 1) * width]);
            parts.filter_map(channel).collect()
        }
        _ => {
            let parts = text
                .split_once(':')
                .filter(|(form, _)| form.starts_with("rgb"));
            let parts = parts.map_or("", |(_, parts)| parts).split('/');
            parts.take(3).filter_map(channel).collect()
        }
    };
    match channels[..] {
        [red, green, blue] if luminance(red, green, blue) < MIDDLE => Ground::Dark,
        [_, _, _] => Ground::Light,
        _ => Ground::Unknown,
    }
}

/// One to four hexadecimal digits as a part of the largest number with as many.
fn channel(digits: &str) -> Option<f64> {
    let all = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let value = u32::from_str_radix(digits, 16).ok().filter(|_| all)?;
    Some(f64::from(value) / f64::from((1_u32 << (4 * digits.len())) - 1))
}

/// Relative luminance of an sRGB colour, as in the web's contrast guidelines.
fn luminance(red: f64, green: f64, blue: f64) -> f64 {
    let linear = |c: f64| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// From `foreground;background`, the numbers of two of the sixteen colours.
fn from_colorfgbg(value: &str) -> Ground {
    match value.rsplit(';').next().and_then(|last| last.parse().ok()) {
        Some(0..=6 | 8) => Ground::Dark,
        Some(7 | 9..=15) => Ground::Light,
        _ => Ground::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Write, pipe};

    use super::*;

    /// Asks with these variables a terminal that answers so; the ground, and what it was asked.
    fn asked(variables: &[(&str, &str)], reply: &[u8]) -> (Answer, Vec<u8>) {
        let environment = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let (input, mut terminal) = pipe().expect("there are pipes");
        let (mut question, out) = pipe().expect("there are pipes");
        terminal.write_all(reply).expect("it fits in");
        let answer = ask(&environment, input.as_fd(), out.as_fd());
        drop(out);
        let mut seen = Vec::new();
        question.read_to_end(&mut seen).expect("it ends");
        (answer, seen)
    }

    #[test]
    fn the_terminal_says_what_it_is_like() {
        for (colour, ground) in [
            ("rgb:0000/0000/0000", Ground::Dark),
            ("rgb:1e1e/1e1e/2e2e", Ground::Dark),
            ("rgb:ffff/ffff/ffff", Ground::Light),
            ("rgb:fd/f6/e3", Ground::Light),
            ("rgb:f/f/f", Ground::Light),
            ("rgba:0000/2b2b/3636/ffff", Ground::Dark),
            // Pure blue is darker than it is bright, pure green is not.
            ("rgb:0000/0000/ffff", Ground::Dark),
            ("rgb:0000/ffff/0000", Ground::Light),
            ("#282828", Ground::Dark),
            ("#ffffff", Ground::Light),
            ("rgb:00/00", Ground::Unknown),
            ("rgb:00/00/gg", Ground::Unknown),
            ("rgb:00000/0/0", Ground::Unknown),
            ("#12345é", Ground::Unknown),
            ("white", Ground::Unknown),
            ("", Ground::Unknown),
        ] {
            for end in ["\x07", "\x1b\\"] {
                let reply = format!("\x1b]11;{colour}{end}");
                let (answer, question) = asked(&[("TERM", "xterm")], reply.as_bytes());
                assert_eq!(question, QUESTION);
                assert_eq!(answer.ground, ground, "{colour}");
                assert_eq!((answer.rest, answer.typed), (Rest::Nothing, Vec::new()));
            }
        }
    }

    #[test]
    fn nobody_is_asked_where_the_answer_may_come_late() {
        for name in ["SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"] {
            let (answer, question) = asked(&[("TERM", "xterm"), (name, "x")], b"");
            assert_eq!((answer, question), (Answer::default(), vec![]), "{name}");
        }
        for term in ["dumb", "linux", "screen-256color", "tmux-256color", ""] {
            let (answer, question) = asked(&[("TERM", term)], b"");
            assert_eq!((answer, question), (Answer::default(), vec![]), "{term}");
        }
        assert_eq!(asked(&[], b"").1, b"", "without a TERM");
    }

    #[test]
    fn the_environment_is_the_second_choice() {
        for (value, ground) in [
            ("15;0", Ground::Dark),
            ("0;15", Ground::Light),
            ("0;default;7", Ground::Light),
            ("7;8", Ground::Dark),
            ("15;default", Ground::Unknown),
            ("16", Ground::Unknown),
            ("", Ground::Unknown),
        ] {
            let (answer, _) = asked(&[("COLORFGBG", value)], b"");
            assert_eq!(answer.ground, ground, "{value}");
            let white = b"\x1b]11;rgb:ff/ff/ff\x07";
            let (answer, _) = asked(&[("TERM", "xterm"), ("COLORFGBG", value)], white);
            assert_eq!(answer.ground, Ground::Light, "the terminal knows better");
        }
    }

    #[test]
    fn what_is_typed_meanwhile_is_handed_back_and_what_is_missing_is_known() {
        for (came, rest, typed) in [
            ("", Rest::All, ""),
            ("q", Rest::All, "q"),
            ("q\x1b", Rest::End, "q"),
            ("q\x1b]11", Rest::End, "q"),
            ("q\x1b]11;rgb:00/0", Rest::End, "q"),
            ("q\x1b]11;rgb:00/00/00\x1b", Rest::End, "q"),
            ("q\x1b]11;rgb:00/00/00\x07 .", Rest::Nothing, "q ."),
        ] {
            let answer = understand(came.as_bytes());
            assert_eq!(answer.rest, rest, "{came:?}");
            assert_eq!(answer.typed, typed.as_bytes(), "{came:?}");
        }
    }

    #[test]
    fn a_terminal_that_is_gone_is_not_waited_for() {
        let null = File::open("/dev/null").expect("it is there");
        let environment = |_: &str| Some("xterm".to_owned());
        let answer = ask(&environment, null.as_fd(), null.as_fd());
        assert_eq!(answer, Answer::default());
    }
}
