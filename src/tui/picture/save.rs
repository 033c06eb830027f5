//! The save key: pictures of what is shown, written beside the race. They are drawn at once, since
//! the screen goes on, and written by a thread of their own: a slow disk keeps no frame waiting.

use std::io;
use std::path::Path;
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant};

use ratatui::layout::Rect;

use super::{Figure, Paper, cells, figure, frame};
use crate::picture::Picture;
use crate::tui::app::App;
use crate::tui::files;

/// Pixels of a PNG to a unit of its picture.
pub const SCALE: f64 = 2.0;

/// How long the end of the screen waits for pictures that are being written.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many names are tried.
const NAMES: u32 = 1000;

/// Pictures to be written.
#[derive(Debug)]
pub struct Album {
    /// What all names begin with.
    name: String,
    /// The end of each file's name, its kind, and what is in it.
    files: Vec<(String, Kind, Picture)>,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Svg,
    Png,
}

/// Writes albums, one at a time.
#[derive(Debug, Default)]
pub struct Saver(Option<JoinHandle<String>>);

impl Album {
    /// What `app` shows on a screen of this size: the screen, and the figures on white paper.
    pub fn of(app: &mut App, area: Rect) -> Self {
        let meta = &app.shown.snapshot.meta;
        let (title, name) = (meta.title.clone(), safe(&meta.name));
        let name = format!("slalom-{name}-{}", step(app));
        let screen = frame(&cells(app, area), app.ground(), &title);
        let file = |name: &str, kind, picture| {
            let ending = match kind {
                Kind::Svg => "svg",
                Kind::Png => "png",
            };
            (format!("{name}.{ending}"), kind, picture)
        };
        let mut files = vec![
            file("frame", Kind::Svg, screen.clone()),
            file("frame", Kind::Png, screen),
        ];
        for which in Figure::ALL {
            let picture = figure(app, which, Paper::white());
            files.extend(picture.map(|picture| file(which.name(), Kind::Svg, picture)));
        }
        Self { name, files }
    }

    /// Writes all of them into `folder`, under a name that none has yet; what came of it, in words.
    pub fn write(&self, folder: &Path) -> String {
        let is_free = |name: &String| {
            let mut ends = self.files.iter().map(|(end, ..)| end);
            !ends.any(|end| folder.join(format!("{name}-{end}")).exists())
        };
        let further = (2..NAMES).map(|number| format!("{}-{number}", self.name));
        let mut names = std::iter::once(self.name.clone()).chain(further);
        let Some(name) = names.find(is_free) else {
            return format!("not saved: there are {NAMES} pictures of this already");
        };
        for (end, kind, picture) in &self.files {
            let file = format!("{name}-{end}");
            let written =
                bytes(picture, *kind).and_then(|b| files::create(&folder.join(&file), &b));
            if let Err(error) = written {
                return format!("cannot save {file}: {error}");
            }
        }
        let ends: Vec<&str> = self.files.iter().map(|(end, ..)| end.as_str()).collect();
        format!("saved {name}-{{{}}}", ends.join(","))
    }
}

fn bytes(picture: &Picture, kind: Kind) -> io::Result<Vec<u8>> {
    match kind {
        Kind::Svg => Ok(picture.svg().into_bytes()),
        Kind::Png => picture.png(SCALE).map_err(io::Error::other),
    }
}

/// The iterations at the playhead, whatever it counts.
fn step(app: &App) -> u64 {
    let (snapshot, mark) = (&app.shown.snapshot, app.playhead.mark());
    let latest = snapshot.racers.iter().map(|racer| mark.see(racer).latest);
    latest.map(|evaluation| evaluation.step).max().unwrap_or(0)
}

/// A name with nothing in it that a shell or a file system could take for something else.
pub fn safe(name: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
        _ => '-',
    };
    let name: String = name.chars().map(plain).take(60).collect();
    let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        "race".to_owned()
    } else {
        parts.join("-")
    }
}

impl Saver {
    /// Begins to write `album` into the working directory; what there is to say if it cannot.
    pub fn save(&mut self, album: Album) -> Option<String> {
        if self.0.is_some() {
            return Some("the pictures before these are still being written".to_owned());
        }
        let write = move || album.write(Path::new(""));
        match Builder::new().name("pictures".to_owned()).spawn(write) {
            Ok(thread) => self.0 = Some(thread),
            Err(error) => return Some(format!("not saved: {error}")),
        }
        None
    }

    /// What came of it, once, when it is done.
    pub fn done(&mut self) -> Option<String> {
        let thread = self.0.take_if(|thread| thread.is_finished())?;
        let said = thread.join();
        Some(said.unwrap_or_else(|_| "not saved: the pictures could not be drawn".to_owned()))
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while let Some(thread) = &self.0
            && !thread.is_finished()
            && Instant::now() < deadline
        {
            sleep(Duration::from_millis(5));
        }
    }
}
