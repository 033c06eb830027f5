//! A recording as a snapshot, as far as it is whole.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::header::Header;
use super::lines::{EvaluationLine, OutcomeLine};
use super::{Error, FORMAT, LONGEST, Warning};
use crate::race::snapshot::{Meta, Progress, Snapshot};
use crate::race::trace::{Evaluation, Trace};
use crate::race::trail::Trail;
use crate::text::shorten;

const UNKNOWN_RACER: &str = "names a racer that the header does not";
const ORDER: &str = "does not come after the racer's line before it";

/// Reads the recording at `path` as far as its lines are whole, and says if that is not to its end.
///
/// Racers without an outcome are still running in the snapshot. One of whom not even the start was
/// recorded has a start whose loss is not a number.
///
/// # Errors
/// If it is not a regular file, cannot be read, or has no header of this version.
pub fn read(path: &Path) -> Result<(Snapshot, Option<Warning>), Error> {
    follow(path, &mut |_, _| ())
}

/// Reads the recording at `path` as [`read`] does, and hands over each racer, by its index, as far as
/// it had come at each line: with its latest evaluation, or its outcome.
///
/// # Errors
/// As of [`read`].
pub fn follow(
    path: &Path,
    each: &mut dyn FnMut(usize, &Progress),
) -> Result<(Snapshot, Option<Warning>), Error> {
    let path = || path.to_owned();
    let cannot = |cause| Error::Read {
        path: path(),
        cause,
    };
    // Before it is opened: opening a pipe would wait for somebody to write.
    if !std::fs::metadata(path()).map_err(cannot)?.is_file() {
        return Err(Error::NotAFile { path: path() });
    }
    let mut lines = Lines {
        file: BufReader::with_capacity(1 << 16, File::open(path()).map_err(cannot)?),
        bytes: vec![],
        number: 0,
    };
    let meta = match lines.next().map_err(cannot)? {
        Some(first) => header(first),
        None => Err("the file is empty".to_owned()),
    };
    let meta = meta.map_err(|reason| Error::Refused {
        path: path(),
        reason,
    })?;
    let mut racers = vec![None; meta.racers.len()];
    let warning = lines.add_all(&meta, &mut racers, each).map_err(cannot)?;
    let racers = racers
        .into_iter()
        .map(|racer| racer.unwrap_or_else(|| begin(unknown_start(&meta))))
        .collect();
    let meta = Arc::new(meta);
    Ok((Snapshot { meta, racers }, warning))
}

struct Lines {
    file: BufReader<File>,
    bytes: Vec<u8>,
    number: u64,
}

impl Lines {
    /// The next line with its line break, at most [`LONGEST`] bytes of it; `None` at the end.
    fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.bytes.clear();
        self.number += 1;
        let mut line = (&mut self.file).take(LONGEST);
        line.read_until(b'\n', &mut self.bytes)?;
        Ok((!self.bytes.is_empty()).then_some(&self.bytes))
    }

    /// Adds all lines up to the end, or to the first that says nothing.
    fn add_all(
        &mut self,
        meta: &Meta,
        racers: &mut [Option<Progress>],
        each: &mut dyn FnMut(usize, &Progress),
    ) -> io::Result<Option<Warning>> {
        while let Some(line) = self.next()? {
            let reason = match add(meta, racers, line) {
                Ok(racer) => {
                    racers[racer]
                        .iter()
                        .for_each(|progress| each(racer, progress));
                    continue;
                }
                Err(reason) => reason,
            };
            let reason = match line.last() {
                Some(b'\n') => reason,
                _ if line.len() as u64 == LONGEST => "is too long",
                _ => "is cut short",
            };
            return Ok(Some(Warning {
                line: self.number,
                reason: reason.to_owned(),
            }));
        }
        Ok(None)
    }
}

#[derive(Deserialize)]
struct AnyFormat {
    format: String,
}

fn header(line: &[u8]) -> Result<Meta, String> {
    let Ok(AnyFormat { format }) = serde_json::from_slice(line) else {
        return Err("not a slalom recording, or cut short in its first line".to_owned());
    };
    if format != FORMAT {
        let format = shorten(&format, 40);
        return Err(format!(
            "its format is `{format}`; this slalom reads {FORMAT}"
        ));
    }
    let header: Header = serde_json::from_slice(line)
        .map_err(|error| format!("the header is broken: {}", shorten(&error.to_string(), 200)))?;
    header.meta()
}

/// Adds what a line says to its racer, whose index it is; or why it says nothing.
fn add(meta: &Meta, racers: &mut [Option<Progress>], line: &[u8]) -> Result<usize, &'static str> {
    let broken = "is broken";
    let text = std::str::from_utf8(line).map_err(|_| broken)?;
    // No member of an evaluation is text, so this cannot be part of a value there.
    if text.contains("\"outcome\"") {
        let line: OutcomeLine = serde_json::from_str(text).map_err(|_| broken)?;
        let racer = racers.get_mut(line.racer).ok_or(UNKNOWN_RACER)?;
        let progress = racer.as_mut().filter(|racer| racer.outcome.is_none());
        let index = line.racer;
        return end(progress.ok_or(ORDER)?, line).map(|()| index);
    }
    let line: EvaluationLine = serde_json::from_str(text).map_err(|_| broken)?;
    let index = line.racer;
    let racer = racers.get_mut(index).ok_or(UNKNOWN_RACER)?;
    let evaluation = Evaluation::from(line.at);
    if evaluation.position.len() != variables(meta) {
        return Err("has a position of the wrong length");
    }
    match racer {
        None => *racer = Some(begin(evaluation)),
        Some(progress) => go_on(progress, evaluation)?,
    }
    Ok(index)
}

fn begin(start: Evaluation) -> Progress {
    let mut trace = Trace::default();
    trace.push(start.clone());
    Progress {
        trace,
        trail: Trail::default(),
        best_loss: start.loss,
        steps: start.step,
        samples: start.samples,
        gradient_evaluations: start.step,
        clipped: None,
        seconds: start.seconds,
        first_hit: None,
        convergence: None,
        outcome: None,
        latest: start,
    }
}

fn go_on(progress: &mut Progress, evaluation: Evaluation) -> Result<(), &'static str> {
    let before = &progress.latest;
    let later = evaluation.step > before.step
        && evaluation.samples >= before.samples
        && evaluation.seconds >= before.seconds;
    if !later || progress.outcome.is_some() {
        return Err(ORDER);
    }
    progress.best_loss = progress.best_loss.min(evaluation.loss);
    progress.steps = evaluation.step;
    progress.samples = evaluation.samples;
    // Recorded only with the outcome; until then what it is for rules of one gradient a step.
    progress.gradient_evaluations = evaluation.step;
    progress.seconds = evaluation.seconds;
    progress.latest = evaluation.clone();
    progress.trace.push(evaluation);
    Ok(())
}

fn end(progress: &mut Progress, line: OutcomeLine) -> Result<(), &'static str> {
    let outcome = line.outcome();
    progress.outcome = Some(outcome.ok_or("has an outcome that is unknown or incomplete")?);
    progress.best_loss = line.best_loss;
    progress.steps = line.steps;
    progress.samples = line.samples;
    progress.gradient_evaluations = line.gradient_evaluations;
    progress.clipped = line.clipped;
    progress.seconds = line.seconds;
    progress.first_hit = line.first_hit;
    progress.convergence = line.convergence.map(Evaluation::from);
    Ok(())
}

/// The length of a position.
fn variables(meta: &Meta) -> usize {
    if meta.surface { meta.parameters } else { 0 }
}

/// The start of a racer of whom nothing was recorded.
fn unknown_start(meta: &Meta) -> Evaluation {
    Evaluation::unknown(std::iter::repeat_n(f64::NAN, variables(meta)).collect())
}
