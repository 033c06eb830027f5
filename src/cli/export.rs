//! `slalom export`: a recording as pictures, as a recording of the terminal, or as numbers.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::arguments::{Export, Pictures, To};
use crate::cli::replay::{map, scenario};
use crate::cli::{Ending, Failure, exit, say};
use crate::picture::Picture;
use crate::race::snapshot::Snapshot;
use crate::recording;
use crate::report::{cast, curves};
use crate::runner::{Mapped, Replay, Source, State};
use crate::text::{clean, count};
use crate::tui::files;
use crate::tui::picture::save::SCALE;
use crate::tui::picture::{self, Paper};
use crate::tui::theme::{Colour, Look, ThemeName};

/// The screen's columns and rows where none are asked for.
const SIZE: [u16; 2] = [120, 35];

pub(super) fn run(arguments: &Export) -> Ending {
    refuse(arguments)?;
    let (snapshot, warning) = recording::read(&arguments.file)?;
    if let Some(warning) = warning {
        say(&format!("warning: {}: {warning}", shown(&arguments.file)));
    }
    match arguments.to {
        To::Csv => numbers(arguments, &curves::csv(&snapshot))?,
        To::Json => numbers(arguments, &curves::json(&snapshot))?,
        To::Cast => film(arguments, snapshot)?,
        To::Svg | To::Png => pictures(arguments, snapshot)?,
    }
    Ok(exit::OK)
}

/// Refuses what would have no effect, and several files where only one can be.
fn refuse(arguments: &Export) -> Result<(), Failure> {
    let pictures = matches!(arguments.to, To::Svg | To::Png);
    let screen = match arguments.figure {
        Pictures::All | Pictures::Frame => pictures || arguments.to == To::Cast,
        Pictures::One(_) => false,
    };
    let several = pictures && arguments.figure == Pictures::All;
    let table = [
        (
            arguments.figure != Pictures::All && !pictures,
            "--figure is for --to svg and --to png",
        ),
        (
            arguments.at.is_some() && !pictures,
            "--at is for --to svg and --to png",
        ),
        (
            arguments.size.is_some() && !screen,
            "--size is for the screen: --figure frame, or --to cast",
        ),
        (
            arguments.theme.is_some() && !pictures && arguments.to != To::Cast,
            "--theme is for --to svg, png and cast",
        ),
        (
            several && is_standard_output(arguments),
            "standard output takes one picture: say which with --figure",
        ),
    ];
    if let Some((_, message)) = table.iter().find(|(wrong, _)| *wrong) {
        return Err(Failure::Usage((*message).to_owned()));
    }
    // A name for several files begins with it: nothing is to be made beside a device.
    let output = arguments.output.as_deref();
    let output = output.filter(|_| !is_standard_output(arguments));
    let there = output.and_then(|path| Some((path, path.metadata().ok()?)));
    match there {
        Some((path, found)) if !found.is_file() && !found.is_dir() => Err(Failure::File(format!(
            "cannot write {}: it is not a regular file",
            shown(path)
        ))),
        _ => Ok(()),
    }
}

fn is_standard_output(arguments: &Export) -> bool {
    arguments.output.as_deref() == Some(Path::new("-"))
}

fn numbers(arguments: &Export, text: &str) -> Result<(), Failure> {
    match &arguments.output {
        None => deliver(arguments, None, text.as_bytes()),
        Some(_) => deliver(arguments, Some(""), text.as_bytes()),
    }
}

fn film(arguments: &Export, snapshot: Snapshot) -> Result<(), Failure> {
    let title = snapshot.meta.title.clone();
    let state = state(arguments, snapshot);
    let look = look(arguments.theme.unwrap_or(ThemeName::Dark));
    let size = arguments.size.unwrap_or(SIZE);
    let failed = |error| Failure::File(format!("the screen cannot be played: {error}"));
    let events = picture::cast::play(&state, look, size).map_err(failed)?;
    deliver(
        arguments,
        Some(""),
        cast::write(&title, size, &events).as_bytes(),
    )
}

fn pictures(arguments: &Export, snapshot: Snapshot) -> Result<(), Failure> {
    let state = state(arguments, snapshot);
    for which in arguments.figure.each() {
        let Some(picture) = draw(arguments, which, &state) else {
            no_map(arguments, &state)?;
            continue;
        };
        let bytes = if arguments.to == To::Png {
            let failed = |error| Failure::File(format!("the picture cannot be drawn: {error}"));
            picture.png(SCALE).map_err(failed)?
        } else {
            picture.svg().into_bytes()
        };
        let part = match arguments.figure {
            Pictures::All => format!("-{}", which.name()),
            _ if arguments.output.is_some() && !is_folder(arguments) => String::new(),
            _ => format!("-{}", which.name()),
        };
        deliver(arguments, Some(&part), &bytes)?;
    }
    Ok(())
}

/// A picture of the race; none of a map that is not there.
fn draw(arguments: &Export, which: Pictures, state: &Arc<State>) -> Option<Picture> {
    let screen = look(arguments.theme.unwrap_or(ThemeName::Dark));
    let mut app = picture::still(Arc::clone(state), screen, arguments.at);
    let paper = arguments
        .theme
        .map_or_else(Paper::white, |theme| Paper::of(look(theme)));
    match which {
        Pictures::One(figure) => picture::figure(&app, figure, paper),
        Pictures::All | Pictures::Frame => {
            Some(picture::screen(&mut app, arguments.size.unwrap_or(SIZE)))
        }
    }
}

/// Says why there is no map; that is a failure where nothing else is asked for.
fn no_map(arguments: &Export, state: &State) -> Result<(), Failure> {
    let why = match &state.map {
        Mapped::Absent { why: Some(why) } => why,
        _ => "no map: the scenario says so",
    };
    if arguments.figure == Pictures::All {
        note(arguments, why);
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "error: {}: {why}",
        shown(&arguments.file)
    )))
}

fn note(arguments: &Export, text: &str) {
    if !arguments.quiet {
        say(text);
    }
}

fn state(arguments: &Export, snapshot: Snapshot) -> Arc<State> {
    let folder = arguments.file.parent().unwrap_or(Path::new(""));
    let map = map(&snapshot, scenario(&snapshot, folder).as_ref());
    Replay::new(snapshot, map).latest()
}

fn look(theme: ThemeName) -> Look {
    Look {
        theme,
        colour: Colour::Indexed256,
        ..Look::default()
    }
}

/// Writes a result to its file (`part` is what its name has beside the others'), or prints it.
fn deliver(arguments: &Export, part: Option<&str>, bytes: &[u8]) -> Result<(), Failure> {
    let Some(part) = part.filter(|_| !is_standard_output(arguments)) else {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        return match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::File(format!(
                "cannot write to standard output: {error}"
            ))),
            _ => Ok(()),
        };
    };
    let path = path(arguments, part);
    if same(&path, &arguments.file) {
        return Err(Failure::Usage(format!(
            "{} is the recording itself: choose another name for -o",
            shown(&path)
        )));
    }
    files::replace(&path, bytes)
        .map_err(|error| Failure::File(format!("cannot write {}: {error}", shown(&path))))?;
    let size = count((bytes.len() as u64).div_ceil(1000));
    note(arguments, &format!("wrote {} ({size} kB)", shown(&path)));
    Ok(())
}

/// Where a file goes: beside the recording or into a folder under the recording's name, or to the
/// name that is asked for.
fn path(arguments: &Export, part: &str) -> PathBuf {
    let ending = match arguments.to {
        To::Svg => "svg",
        To::Png => "png",
        To::Cast => "cast",
        To::Csv => "csv",
        To::Json => "json",
    };
    let own = || {
        let mut name = arguments.file.file_stem().unwrap_or_default().to_owned();
        name.push(format!("{part}.{ending}"));
        name
    };
    match &arguments.output {
        None => arguments.file.with_file_name(own()),
        Some(folder) if is_folder(arguments) => folder.join(own()),
        Some(file) if part.is_empty() => file.clone(),
        Some(file) => {
            let known = file.extension().is_some_and(|known| known == ending);
            let stem = if known {
                file.file_stem()
            } else {
                file.file_name()
            };
            let mut name = stem.unwrap_or_default().to_owned();
            name.push(format!("{part}.{ending}"));
            file.with_file_name(name)
        }
    }
}

/// Whether a folder is asked for.
fn is_folder(arguments: &Export) -> bool {
    let output = arguments.output.as_deref();
    output.is_some_and(|path| path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/"))
}

fn same(a: &Path, b: &Path) -> bool {
    let [a, b] = [a, b].map(Path::canonicalize);
    a.is_ok_and(|a| b.is_ok_and(|b| a == b))
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}
