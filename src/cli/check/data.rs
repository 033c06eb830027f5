//! What a model learns from.

use crate::cli::figures;
use crate::problem::dataset::{self, Dataset, Scale, Summary, Unread};
use crate::problem::mlp::ModelKind;
use crate::scenario::check::memory;
use crate::scenario::{Entrant, ModelTask, Precision};
use crate::text::{clean, count};

/// The data and the model of a race of `racers`.
pub(super) fn facts(
    task: &ModelTask,
    racers: &[Entrant],
) -> Result<Vec<(&'static str, String)>, Unread> {
    let set = &*task.data;
    let summary = set.summary()?;
    let train = set.train_rows(task.test);
    let mut facts = vec![("data", source(set))];
    if set.reading.dropped > 0 {
        facts.push(("left out", figures::left_out(set)));
    }
    facts.extend([
        ("examples", parts(train, set.rows() - train)),
        ("features", features(set, &summary)),
        ("range", range(task.scale, &summary)),
        ("target", figures::target(&summary)),
        ("model", model(task)),
        ("memory", memory(task, racers)),
    ]);
    Ok(facts)
}

/// What the race takes, and whether the examples stay where they are.
fn memory(task: &ModelTask, racers: &[Entrant]) -> String {
    let streamed = task.data.features.is_streamed();
    let need = memory::shown(memory::estimate(task, racers, streamed));
    let how = if streamed {
        ": the examples are streamed from their file"
    } else {
        ""
    };
    format!("about {need}{how}")
}

fn source(set: &Dataset) -> String {
    let name = clean(&set.source);
    let reading = &set.reading;
    match dataset::built_in().find(|known| known.name == set.source) {
        Some(known) => format!("{name}: {}", known.from),
        None => format!(
            "{name}: {}, {}",
            memory::shown(reading.bytes.into()),
            reading.format
        ),
    }
}

fn parts(train: usize, test: usize) -> String {
    let train = count(train as u64);
    match test {
        0 => format!("{train}, all to train on"),
        test => format!("{train} to train on, {} to test on", count(test as u64)),
    }
}

fn features(set: &Dataset, summary: &Summary) -> String {
    /// More columns of text are not named.
    const NAMED: usize = 6;
    let mut text = count(summary.features as u64);
    text.push_str(&figures::constant(summary));
    let columns = &set.reading.categories;
    if columns.is_empty() {
        return text;
    }
    let mut made: Vec<String> = columns
        .iter()
        .take(NAMED)
        .map(|(name, features)| format!("{} from `{name}`", count(*features as u64)))
        .collect();
    if let Some(more) = columns.get(NAMED..).filter(|more| !more.is_empty()) {
        let features: usize = more.iter().map(|(_, features)| features).sum();
        made.push(format!(
            "{} from {} more columns",
            count(features as u64),
            more.len()
        ));
    }
    format!("{text}: {}", made.join(", "))
}

fn range(scale: Scale, summary: &Summary) -> String {
    let scaled = match scale {
        Scale::Standard => ", then scaled to mean 0 and standard deviation 1",
        Scale::MinMax => ", then scaled to 0..1",
        Scale::None => "",
    };
    format!("{}{scaled}", figures::range(summary.range))
}

fn model(task: &ModelTask) -> String {
    let (model, target) = (&task.model, &task.data.target);
    let kind = match model.kind {
        ModelKind::Linear => "linear",
        ModelKind::Logistic => "logistic",
        ModelKind::Softmax => "softmax",
        ModelKind::Mlp => "mlp",
    };
    let precision = match task.precision {
        Precision::F32 => "f32",
        Precision::F64 => "f64",
    };
    let inputs = task.data.features.ncols();
    let widths = [inputs].into_iter().chain(model.widths(target));
    let widths: Vec<String> = widths.map(|width| width.to_string()).collect();
    let parameters = figures::number_of(model.parameters(inputs, target), "parameter");
    format!("{kind} {}, {parameters} in {precision}", widths.join("-"))
}
