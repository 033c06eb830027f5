//! Recordings, line by line as a race goes on.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::header::Header;
use super::lines::{EvaluationLine, OutcomeLine};
use super::{Error, FORMAT};
use crate::race::snapshot::{Meta, Progress};
use crate::race::trace::Evaluation;

/// A recording being written.
#[derive(Debug)]
pub struct Writer {
    out: BufWriter<File>,
    path: PathBuf,
    every: u64,
    racers: Vec<Thinning>,
}

/// What thinning has to remember of a racer.
#[derive(Clone, Debug, Default)]
struct Thinning {
    /// Evaluations so far.
    seen: u64,
    /// The latest, if it was left out: it is written after all should it be the last.
    left_out: Option<Evaluation>,
}

impl Writer {
    /// Creates the recording of the race `meta` with its header. Keeps every `every`-th evaluation of
    /// each racer, and always the first and the last.
    ///
    /// A file that is there already is overwritten if it is empty or a recording.
    ///
    /// # Errors
    /// If there is another file of this name, or it cannot be created or written.
    pub fn create(path: &Path, meta: &Meta, every: u64) -> Result<Self, Error> {
        let (file, is_new) = open(path)?;
        let mut writer = Self {
            out: BufWriter::new(file),
            path: path.to_owned(),
            every: every.max(1),
            racers: vec![Thinning::default(); meta.racers.len()],
        };
        let header = writer.line(&Header::from(meta));
        let header = header.and_then(|()| writer.flush());
        if header.is_err() && is_new {
            // Nothing half-written stands under the name; the error that is reported is the first.
            let _ = std::fs::remove_file(path);
        }
        header.map(|()| writer)
    }

    /// Writes what was found of a racer, given by its index.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn evaluation(&mut self, racer: usize, evaluation: &Evaluation) -> Result<(), Error> {
        let thinning = &mut self.racers[racer];
        let due = thinning.seen.is_multiple_of(self.every);
        thinning.seen += 1;
        if due {
            thinning.left_out = None;
            self.line(&EvaluationLine::new(racer, evaluation))
        } else {
            thinning.left_out = Some(evaluation.clone());
            Ok(())
        }
    }

    /// Writes how a racer ended.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn outcome(&mut self, racer: usize, progress: &Progress) -> Result<(), Error> {
        self.last_evaluation(racer)?;
        match &progress.outcome {
            Some(outcome) => self.line(&OutcomeLine::new(racer, outcome, progress)),
            None => Ok(()),
        }
    }

    /// Hands all lines so far to the system.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.out.flush().map_err(|cause| self.cannot(cause))
    }

    /// Writes the last evaluations of racers without an outcome, and all lines through to the disk.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn close(&mut self) -> Result<(), Error> {
        for racer in 0..self.racers.len() {
            self.last_evaluation(racer)?;
        }
        self.flush()?;
        match self.out.get_ref().sync_all() {
            // Pipes and devices have no disk to reach.
            Err(cause) if cause.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced.map_err(|cause| self.cannot(cause)),
        }
    }

    fn last_evaluation(&mut self, racer: usize) -> Result<(), Error> {
        match self.racers[racer].left_out.take() {
            Some(evaluation) => self.line(&EvaluationLine::new(racer, &evaluation)),
            None => Ok(()),
        }
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out, line)
            .map_err(io::Error::from)
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(|cause| self.cannot(cause))
    }

    fn cannot(&self, cause: io::Error) -> Error {
        Error::Write {
            path: self.path.clone(),
            cause,
        }
    }
}

/// An empty file at `path`, and whether there was none before.
fn open(path: &Path) -> Result<(File, bool), Error> {
    let cannot = |cause| Error::Create {
        path: path.to_owned(),
        cause,
    };
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => Ok((file, true)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match reopen(path) {
            Ok(Some(file)) => Ok((file, false)),
            Ok(None) => Err(Error::Taken {
                path: path.to_owned(),
            }),
            Err(cause) => Err(cannot(cause)),
        },
        Err(cause) => Err(cannot(cause)),
    }
}

/// Opens a file that exists and empties it, if it is a recording, empty, or no regular file (a pipe to
/// another program has nothing to lose).
fn reopen(path: &Path) -> io::Result<Option<File>> {
    if !std::fs::metadata(path)?.is_file() {
        return OpenOptions::new().write(true).open(path).map(Some);
    }
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    // Of any version.
    let name = FORMAT.split_inclusive('/').next().unwrap_or(FORMAT);
    let start = format!("{{\"format\":\"{name}");
    let mut bytes = vec![];
    (&file).take(start.len() as u64).read_to_end(&mut bytes)?;
    if !bytes.is_empty() && bytes != start.as_bytes() {
        return Ok(None);
    }
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(Some(file))
}
