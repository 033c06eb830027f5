//! Round trips, cuts at every byte, and what is refused.

use std::fs;
use std::path::Path;

use super::*;
use crate::optim::schedule::Shape;
use crate::optim::{Regime, Schedule};
use crate::race::snapshot::{Progress, Snapshot};
use crate::race::standing::sample::{
    converged, evaluation, on_a_surface, racer, snapshot, unfinished,
};

fn record(path: &Path, race: &Snapshot, every: u64) -> Result<(), Error> {
    let mut writer = Writer::create(path, &race.meta, every)?;
    for (i, progress) in race.racers.iter().enumerate() {
        for point in progress.trace.points() {
            writer.evaluation(i, point)?;
        }
        if progress.outcome.is_some() {
            writer.outcome(i, progress)?;
        }
    }
    writer.close()
}

/// The text of the recording of `race`.
fn recorded(race: &Snapshot) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("race.jsonl");
    record(&path, race, 1).unwrap();
    fs::read(path).unwrap()
}

fn read_bytes(bytes: &[u8]) -> Result<(Snapshot, Option<Warning>), Error> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    read(file.path())
}

/// Everything of a racer but the gradients of an unfinished one, to the bit; NaN equals NaN.
fn facts(progress: &Progress) -> String {
    let points = progress.trace.points();
    let Progress {
        latest,
        best_loss,
        steps,
        samples,
        seconds,
        first_hit,
        ..
    } = progress;
    let (convergence, outcome) = (&progress.convergence, &progress.outcome);
    format!(
        "{points:?} {latest:?} {best_loss:?} {steps} {samples} {seconds:?} {first_hit:?} {convergence:?} {outcome:?}"
    )
}

fn assert_same(got: &Snapshot, want: &Snapshot) {
    assert_eq!(got.meta, want.meta);
    assert_eq!(got.racers.len(), want.racers.len());
    for (got, want) in got.racers.iter().zip(&want.racers) {
        assert_eq!(facts(got), facts(want));
    }
}

#[test]
fn a_race_comes_back_as_it_was_recorded() {
    let models = snapshot(vec![
        converged(116, 7249, 1.0 / 3.0),
        unfinished(0.1 + 0.2),
        racer(&[evaluation(0, 0, 0.0, 2.5)], None),
    ]);
    for race in [models, on_a_surface()] {
        let (got, warning) = read_bytes(&recorded(&race)).unwrap();
        assert_eq!(warning, None);
        assert_same(&got, &race);
    }
}

#[test]
fn what_is_around_a_rule_comes_back() {
    let mut race = snapshot(vec![converged(116, 7249, 0.1), unfinished(0.5)]);
    let regime = Regime {
        schedule: Schedule {
            warmup: 5,
            shape: Shape::InverseSqrt,
        },
        clip_norm: Some(2.0),
        weight_decay: 1e-4,
    };
    let meta = std::sync::Arc::make_mut(&mut race.meta);
    meta.racers[0].hyperparameters = regime.settings(0.1).concat();
    race.racers[0].clipped = Some(12);
    let (got, _) = read_bytes(&recorded(&race)).unwrap();
    assert_same(&got, &race);
    let clipped: Vec<_> = got.racers.iter().map(|racer| racer.clipped).collect();
    assert_eq!(clipped, [Some(12), None]);
    let known = Schedule::among(&got.meta.racers[0].hyperparameters);
    assert_eq!(known, regime.schedule);
}

#[test]
fn lines_look_as_promised() {
    let text = String::from_utf8(recorded(&on_a_surface())).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with(r#"{"format":"slalom.recording/1","version":"0.1.0","#));
    assert_eq!(
        lines[1],
        r#"{"racer":0,"step":0,"samples":0,"seconds":0.0,"loss":24.2,"gradient_norm":null,"position":[-1.2,1.0]}"#
    );
    assert_eq!(
        lines[3],
        r#"{"racer":0,"step":2,"samples":2,"seconds":2e-6,"loss":null,"gradient_norm":0.1,"position":[null,1e+308]}"#
    );
    assert!(lines[4].starts_with(
        r#"{"racer":0,"outcome":"diverged","cause":"the loss is not finite","step":2,"#
    ));
    assert_eq!(lines.len(), 7, "the second racer has no outcome");
}

#[test]
fn cut_at_any_byte_the_longest_whole_prefix_is_read() {
    let race = snapshot(vec![converged(3, 9, 0.1), unfinished(1.0)]);
    let whole = recorded(&race);
    let header = whole.iter().position(|&b| b == b'\n').unwrap();
    for cut in 0..=whole.len() {
        let read = read_bytes(&whole[..cut]);
        if cut < header {
            assert!(matches!(read, Err(Error::Refused { .. })), "{cut}");
            continue;
        }
        let (got, warning) = read.unwrap();
        // A line is whole when nothing but its line break is missing.
        let lines = whole[..cut]
            .split(|&b| b == b'\n')
            .filter(|line| line.ends_with(b"}"))
            .count();
        let torn = !whole[..cut].ends_with(b"\n") && whole[cut] != b'\n';
        assert_eq!(warning.is_some(), torn, "{cut}: {warning:?}");
        let points: usize = got
            .racers
            .iter()
            .map(|racer| racer.trace.points().len())
            .sum();
        let ended = got
            .racers
            .iter()
            .filter(|racer| racer.outcome.is_some())
            .count();
        let unknown = got
            .racers
            .iter()
            .filter(|racer| racer.latest.loss.is_nan())
            .count();
        let nested = usize::from(warning.is_some_and(|_| whole[..cut].ends_with(b"}")));
        assert_eq!(1 + points - unknown + ended, lines - nested, "{cut}");
    }
}

#[test]
fn a_flipped_byte_never_panics_and_gives_at_most_one_warning() {
    let whole = recorded(&snapshot(vec![converged(3, 9, 0.1), unfinished(1.0)]));
    for i in 0..2000 {
        let mut flipped = whole.clone();
        flipped[i * 7919 % whole.len()] ^= 1 << (i % 8);
        if let Ok((got, _)) = read_bytes(&flipped) {
            assert_eq!(got.racers.len(), 2);
        }
    }
}

#[test]
fn a_broken_line_ends_the_reading_with_a_warning() {
    let race = snapshot(vec![converged(3, 9, 0.1), unfinished(1.0)]);
    let whole = String::from_utf8(recorded(&race)).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let (first, last) = (lines[1], lines[2]);
    for (broken, reason) in [
        ("{}", "is broken"),
        ("", "is broken"),
        (r#"{"racer":9}"#, "is broken"),
        (
            &last.replace(r#""racer":0"#, r#""racer":2"#),
            "names a racer that the header does not",
        ),
        (first, "does not come after the racer's line before it"),
        (
            &last.replace(r#""samples":9"#, r#""samples":-9"#),
            "is broken",
        ),
        (
            &last.replace(r#""seconds":0.1"#, r#""seconds":-0.1"#),
            "does not come after the racer's line before it",
        ),
        (
            &last.replace('}', r#","position":[1.0]}"#),
            "has a position of the wrong length",
        ),
        (lines[6], "does not come after"),
        (
            &lines[3].replace("converged", "won"),
            "has an outcome that is unknown or incomplete",
        ),
        (
            &lines[3].replace("converged", "limit"),
            "has an outcome that is unknown or incomplete",
        ),
    ] {
        let text = [lines[0], first, broken, last, lines[3], ""].join("\n");
        let (got, warning) = read_bytes(text.as_bytes()).unwrap();
        let warning = warning.expect(broken);
        assert_eq!(warning.line, 3, "{broken}");
        assert!(warning.to_string().contains(reason), "{broken}: {warning}");
        assert_eq!(got.racers[0].trace.points().len(), 1);
    }
}

#[test]
fn what_is_no_recording_is_refused() {
    let whole = String::from_utf8(recorded(&snapshot(vec![converged(3, 9, 0.1)]))).unwrap();
    for (from, to, reason) in [
        ("recording/1", "recording/2", "reads slalom.recording/1"),
        ("recording/1", "result/1", "reads slalom.recording/1"),
        (r#""hold":1,"#, "", "hold"),
        (r#""examples":1437"#, r#""examples":0"#, "examples"),
        (r#""pace":"iterations""#, r#""pace":"drift""#, "pace"),
        (r#""label":"A""#, "\"label\":\"\\u001b\"", "label"),
        (r#""loss":0.05"#, r#""lost":0.05"#, "target"),
    ] {
        let text = whole.replacen(from, to, 1);
        assert_ne!(text, whole, "{from}");
        let error = read_bytes(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(reason), "{from}: {error}");
    }
    for text in ["", "\n", "hello\n", "[1]\n", "{\"format\": 1}\n", "{"] {
        assert!(
            matches!(read_bytes(text.as_bytes()), Err(Error::Refused { .. })),
            "{text:?}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path()), Err(Error::NotAFile { .. })));
    assert!(matches!(
        read(Path::new("/dev/null")),
        Err(Error::NotAFile { .. })
    ));
    assert!(matches!(
        read(&folder.path().join("none")),
        Err(Error::Read { .. })
    ));
}

#[test]
fn names_from_a_recording_cannot_speak_to_the_terminal() {
    let mut race = snapshot(vec![converged(3, 9, 0.1)]);
    let meta = std::sync::Arc::make_mut(&mut race.meta);
    meta.title = "a\u{1b}[2Jb".to_owned();
    meta.racers[0].label = "x\u{202e}\u{7}".to_owned();
    meta.text = "a = 1\n\t# \u{9b}b".into();
    let (got, _) = read_bytes(&recorded(&race)).unwrap();
    assert_eq!(got.meta.title, "a[2Jb");
    assert_eq!(got.meta.racers[0].label, "x");
    assert_eq!(&*got.meta.text, "a = 1\n\t# b");
}

#[test]
fn thinning_keeps_the_first_and_the_last_evaluation() {
    let points = |n| {
        (0..n)
            .map(|i| evaluation(i, i, 0.0, 1.0))
            .collect::<Vec<_>>()
    };
    let limit = unfinished(1.0).outcome;
    let race = snapshot(vec![
        racer(&points(12), limit),
        racer(&points(4), None),
        racer(&points(1), None),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("thin.jsonl");
    record(&path, &race, 5).unwrap();
    let (got, _) = read(&path).unwrap();
    let steps = |i: usize| -> Vec<u64> {
        got.racers[i]
            .trace
            .points()
            .iter()
            .map(|e| e.step)
            .collect()
    };
    assert_eq!(steps(0), [0, 5, 10, 11]);
    assert_eq!(steps(1), [0, 3]);
    assert_eq!(steps(2), [0]);
}

#[test]
fn only_recordings_and_empty_files_are_overwritten() {
    let race = snapshot(vec![converged(3, 9, 0.1)]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("race.jsonl");
    record(&path, &race, 1).unwrap();
    let once = fs::read(&path).unwrap();
    record(&path, &race, 1).unwrap();
    assert_eq!(fs::read(&path).unwrap(), once);
    fs::write(&path, "").unwrap();
    record(&path, &race, 1).unwrap();
    fs::write(&path, "my thesis").unwrap();
    assert!(matches!(record(&path, &race, 1), Err(Error::Taken { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"my thesis");
    let nowhere = folder.path().join("none/race.jsonl");
    assert!(matches!(
        record(&nowhere, &race, 1),
        Err(Error::Create { .. })
    ));
    assert!(matches!(
        record(folder.path(), &race, 1),
        Err(Error::Create { .. })
    ));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_with_its_path() {
    let race = snapshot(vec![converged(3, 9, 0.1)]);
    let error = record(Path::new("/dev/full"), &race, 1).unwrap_err();
    assert!(matches!(error, Error::Write { .. }));
    assert!(error.to_string().contains("/dev/full"), "{error}");
}
